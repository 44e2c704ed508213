"""The plan of the house: who may import whom, how long a page's script is, and where JavaScript lives."""

import ast
import re
from functools import cache
from pathlib import Path

from pages.shared.chapter import EXERCISES

ROOT = Path(__file__).resolve().parents[1]
CODE = sorted(path for path in (ROOT / "app.py", *ROOT.glob("pages/**/*.py"), *ROOT.glob("nnlib/**/*.py")))
SCRIPTS = sorted(ROOT.glob("pages/*.py"))
MOST_LINES = 150  # of a script: it tells what the reader sees, top to bottom, and leaves the rest to its room
JAVASCRIPT = re.compile(
    r"=>|\bfunction\b[^\n{]*\)\s*\{|\bdocument\.|\bwindow\.|EventListener|export default|<script"
)


def module(path: Path) -> str:
    """The dotted name of a file's module."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imported(path: Path) -> set[str]:
    """Every module that a file names in an import, wherever in the file, and every name taken from one."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def within(name: str, package: str) -> bool:
    """Whether a module, or a name of it, belongs to a package."""
    return name == package or name.startswith(f"{package}.")


def layer(name: str) -> str:
    """The part of the house in which a module lives."""
    parts = name.split(".")
    if within(name, "nnlib.chapter23"):
        return "nnlib.chapter23"
    if parts[0] == "pages":
        return ".".join(parts[:2]) if len(parts) > 2 or parts[1] == "shared" else "script"
    return parts[0]


def may_look_into(path: Path) -> list[str]:
    """Packages of the house that the modules of a file's layer may import."""
    here = layer(module(path))
    if here == "nnlib":
        return ["nnlib"]
    if here == "nnlib.chapter23":
        return ["nnlib"]
    if here in ("app", "pages.shared"):
        return ["pages.shared", "nnlib"]
    if here == "script":
        return ["pages.shared", "nnlib", f"pages.{'_'.join(path.stem.split('_')[:2])}"]
    return ["pages.shared", "nnlib", here]


def test_arrows_go_one_way() -> None:
    turned = []
    for path in CODE:
        here, allowed = layer(module(path)), may_look_into(path)
        ours = {name for name in imported(path) if name.split(".")[0] in ("app", "pages", "nnlib", "tests")}
        turned += [f"{path}: {name}" for name in ours if not any(within(name, package) for package in allowed)]
        turned += [f"{path}: {name}" for name in ours if here == "nnlib" and within(name, "nnlib.chapter23")]
    assert turned == []


def test_the_library_knows_nothing_of_streamlit() -> None:
    library = [path for path in CODE if within(module(path), "nnlib")]
    assert [path for path in library if any(within(name, "streamlit") for name in imported(path))] == []


def test_every_kind_of_module_was_looked_at() -> None:
    layers = {layer(module(path)) for path in CODE}
    assert {"app", "script", "pages.shared", "nnlib", "nnlib.chapter23"} <= layers
    assert {exercise.script for exercise in EXERCISES.values()} <= {str(p.relative_to(ROOT)) for p in SCRIPTS}
    assert {f"pages.{exercise.room}" for exercise in EXERCISES.values()} <= layers


def test_a_page_s_script_is_short_and_imported_by_nobody() -> None:
    assert [path for path in SCRIPTS if len(path.read_text("utf-8").splitlines()) > MOST_LINES] == []
    scripts = {module(path) for path in SCRIPTS}
    imports = {name for path in CODE for name in imported(path)}
    assert [script for script in scripts if any(within(name, script) for name in imports)] == []


def texts(path: Path) -> list[str]:
    """Every string of a file but its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


def test_no_javascript_hides_in_python() -> None:
    pages = [path for path in CODE if within(module(path), "pages")]
    assert [text for path in pages for text in texts(path) if JAVASCRIPT.search(text)] == []
    assert JAVASCRIPT.search("export default function ({ data }) {}")
    assert JAVASCRIPT.search("parts.map((part) => part.r)")


def test_no_style_makes_the_browser_look_at_the_whole_page() -> None:
    """Streamlit changes a class of every element whenever it draws a page.

    Where a rule asks for a part of a class attribute, Chromium then works out the style of everything inside anew.
    """
    styles = [path.read_text("utf-8") for path in (ROOT / "pages").rglob("*.css")]
    assert len(styles) > 5
    parts_of_a_class = re.compile(r"\[class\s*[*^$~|]=")
    assert [line for style in styles for line in style.splitlines() if parts_of_a_class.search(line)] == []
