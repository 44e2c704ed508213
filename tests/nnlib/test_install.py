"""`pip install .`: what another project gets, and that it works from there."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import nnlib

ROOT = Path(__file__).parents[2]
ANOTHER_PROJECT = Path(__file__).with_name("another_project.py")


def pip(*arguments: str | Path) -> str:
    """Run pip and return all it said."""
    run = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(run, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True).stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The wheel, and what was said on the way; built from a copy, since building leaves its traces."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("nnlib", "pages"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    said = pip("wheel", "-v", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", target, source)
    (wheel,) = target.iterdir()
    return wheel, said


@pytest.fixture(scope="module")
def site(built: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("site")
    pip("install", "--no-deps", "--no-index", "--target", folder, built[0])
    return folder


def elsewhere(site: Path, *command: str | Path) -> str:
    """What a command prints that knows nnlib from `site` only."""
    environment = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run(command, cwd=site.parent, env=environment, stdout=subprocess.PIPE, text=True).stdout


def test_the_wheel_holds_nnlib_its_data_and_the_licence_and_nothing_else(built: tuple[Path, str]) -> None:
    with zipfile.ZipFile(built[0]) as file:
        names = set(file.namelist())
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "nnlib").rglob("*.py")}
    assert "nnlib/chapter23/algorithms.py" in modules
    about = {name for name in names if name.startswith(f"nnlib-{nnlib.__version__}.dist-info/")}
    assert names - about == modules | {"nnlib/data/mnist.npz", "nnlib/py.typed"}
    assert any(name.endswith("/LICENSE") for name in about)


def test_building_it_warns_of_nothing(built: tuple[Path, str]) -> None:
    said = built[1]
    assert "adding 'nnlib/data/mnist.npz'" in said  # warnings would be there
    assert "Warning:" not in said  # such as SetuptoolsDeprecationWarning:


def test_another_project_can_use_it(site: Path) -> None:
    where = str(site / "nnlib" / "__init__.py")
    said = elsewhere(site, sys.executable, ANOTHER_PROJECT)
    assert said.splitlines() == [where, nnlib.__version__, "finished"]


def versions(file: Path) -> dict[str, Requirement]:
    """What a file of requirements asks for, by name."""
    lines = file.read_text("utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if line and line[0] not in "#-"]
    return {requirement.name: requirement for requirement in requirements}


def lowest(requirement: Requirement) -> Version:
    """The lower bound, or the only version, that a requirement allows."""
    (version,) = (bound.version for bound in requirement.specifier if bound.operator in (">=", "=="))
    return Version(version)


def needed() -> list[Requirement]:
    """What nnlib needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [Requirement(line) for line in project["dependencies"]]


def test_the_versions_of_the_app_are_among_those_nnlib_works_with() -> None:
    of_app = versions(ROOT / "requirements.txt")
    for requirement in needed():
        assert lowest(of_app[requirement.name]) in requirement.specifier


def test_the_oldest_versions_that_are_tested_are_the_lower_bounds() -> None:
    oldest = versions(ROOT / "tests" / "lowest.txt")
    for requirement in needed():
        assert lowest(oldest[requirement.name]) == lowest(requirement)
