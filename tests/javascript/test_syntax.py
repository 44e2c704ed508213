"""Every script of the pages is JavaScript, as Playwright's own Node reads it; no other tool is needed."""

import subprocess
from pathlib import Path

import playwright
import pytest

PAGES = Path(__file__).resolve().parents[2] / "pages"
PRELUDE = PAGES / "shared" / "svg" / "svg.js"
NODE = next(Path(playwright.__file__).with_name("driver").glob("node*"))


def complaint(script: str) -> str:
    """What Node has against a module's text."""
    command: list[str | Path] = [NODE, "--input-type=module", "--check", "-"]
    checked = subprocess.run(command, input=script, encoding="utf-8", capture_output=True, check=False)
    return "" if checked.returncode == 0 else checked.stderr


@pytest.mark.parametrize(
    "path", sorted(PAGES.glob("**/*.js")), ids=lambda path: path.relative_to(PAGES).as_posix()
)
def test_node_can_read_it(path: Path) -> None:
    prelude = "" if path == PRELUDE else PRELUDE.read_text("utf-8")  # as the loader joins them
    assert complaint(prelude + path.read_text("utf-8")) == ""


def test_what_is_wrong_is_found() -> None:
    assert "SyntaxError" in complaint("export default function (part { }")
    assert "SyntaxError" in complaint("const twice = 1;\nconst twice = 2;")


def test_every_drawing_was_found() -> None:
    assert len(list(PAGES.glob("**/*.js"))) > 8
