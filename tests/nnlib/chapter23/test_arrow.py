"""chapter23 imports the library; the library knows nothing of it."""

import ast
from pathlib import Path

import nnlib

LIBRARY = Path(nnlib.__file__).parent


def imported(path: Path) -> set[str]:
    """Every module that a file names in an import, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_the_library_never_imports_chapter23() -> None:
    modules = list(LIBRARY.glob("*.py"))
    assert LIBRARY / "network.py" in modules
    assert [path.name for path in modules if any("chapter23" in name for name in imported(path))] == []


def test_chapter23_imports_no_page() -> None:
    modules = list((LIBRARY / "chapter23").glob("*.py"))
    assert LIBRARY / "chapter23" / "gates.py" in modules
    assert [path.name for path in modules if any(name.startswith("pages") for name in imported(path))] == []
