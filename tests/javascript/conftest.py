"""Playwright's own Node, which reads and runs the pages' scripts; no other tool is needed."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import playwright
import pytest

PAGES = Path(__file__).resolve().parents[2] / "pages"

Node = Callable[..., "subprocess.CompletedProcess[str]"]
Evaluate = Callable[..., Any]


@pytest.fixture(scope="session")
def node() -> Node:
    """`node(script)`: Node after it has read a module's text; `node(script, "--check")` runs nothing of it."""
    program = next(Path(playwright.__file__).with_name("driver").glob("node*"))

    def read(script: str, *options: str) -> "subprocess.CompletedProcess[str]":
        command = [str(program), "--input-type=module", *options, "-"]
        return subprocess.run(command, input=script, encoding="utf-8", capture_output=True, check=False)

    return read


@pytest.fixture(scope="session")
def evaluate(node: Node) -> Evaluate:
    """`evaluate("ex23_1/fold.js", expression)`: its value, where it may use all of that script and `others`."""

    def value(name: str, expression: str, *others: str) -> Any:
        script = "".join((PAGES / file).read_text("utf-8") for file in ("shared/svg/svg.js", *others, name))
        ran = node(f"{script}\nconsole.log(JSON.stringify({expression}));")
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    return value
