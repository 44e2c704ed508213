"""Every script of the pages is JavaScript, as Playwright's own Node reads it; no other tool is needed."""

from pathlib import Path

import pytest

from tests.javascript.conftest import PAGES, Node

PRELUDE = PAGES / "shared" / "svg" / "svg.js"


@pytest.mark.parametrize(
    "path", sorted(PAGES.glob("**/*.js")), ids=lambda path: path.relative_to(PAGES).as_posix()
)
def test_node_can_read_it(node: Node, path: Path) -> None:
    prelude = "" if path == PRELUDE else PRELUDE.read_text("utf-8")  # as the loader joins them
    assert node(prelude + path.read_text("utf-8"), "--check").stderr == ""


def test_what_is_wrong_is_found(node: Node) -> None:
    assert "SyntaxError" in node("export default function (part { }", "--check").stderr
    assert "SyntaxError" in node("const twice = 1;\nconst twice = 2;", "--check").stderr


def test_every_drawing_was_found() -> None:
    assert len(list(PAGES.glob("**/*.js"))) > 8
