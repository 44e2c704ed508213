"""`pip install .`: what another project gets, and that it works from there."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, since building leaves its traces in the folder."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("nnlib", "pages"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(target)]
    subprocess.run([sys.executable, "-m", "pip", *build, str(source)], check=True, timeout=120)
    (built,) = target.iterdir()
    return built


def test_the_wheel_holds_nnlib_its_data_and_the_licence_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "nnlib").rglob("*.py")}
    about = {name for name in names if name.startswith("nnlib-")}
    assert names - about == modules | {"nnlib/data/mnist.npz", "nnlib/py.typed"}
    assert any(name.endswith("/LICENSE") for name in about)


def test_another_project_can_use_it(wheel: Path, tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--no-index",
            "--target",
            tmp_path / "site",
            wheel,
        ],
        check=True,
        timeout=120,
    )
    code = (
        "import nnlib; from nnlib import Network, Trainer, load_mnist; data = load_mnist();"
        "trainer = Trainer(Network((784, 10), random_state=0), data.first(1000), epochs=1); trainer.run();"
        "print(nnlib.__file__, trainer.state)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert run.stdout.split() == [str(tmp_path / "site" / "nnlib" / "__init__.py"), "finished"]


def test_the_app_and_the_package_need_the_same_versions() -> None:
    needed = set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"])
    assert needed <= set((ROOT / "requirements.txt").read_text("utf-8").splitlines())
