"""Python on the page: an algorithm shown by its own source, and lines to take along as script or notebook."""

import ast
import inspect
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import streamlit as st

from pages.shared.page import write

WHERE = "from the folder that holds `app.py`"


def answer_code(*functions: Callable[..., Any], use: str = "") -> None:
    """The source of functions of one module as a listing that runs as it stands.

    Parameters
    ----------
    functions : such as `algorithm_23_3` of nnlib/chapter23/algorithms.py
    use : lines to follow it, which call them
    """
    st.code(f"{source_of(*functions)}\n\n\n{use.strip()}".strip(), language="python", wrap_lines=True)


def source_of(*functions: Callable[..., Any]) -> str:
    """The source of `functions`, and of all that they use of their module, in its order and with its imports.

    Of a documented function only the first line of the documentation is kept.
    """
    module = inspect.getsource(inspect.getmodule(functions[0]) or functions[0])
    statements = ast.parse(module).body
    defined = {name: statement for statement in statements for name in _names_bound(statement)}
    needed: list[ast.stmt] = []
    wanted = [function.__name__ for function in functions]
    while wanted:
        statement = defined.get(wanted.pop())
        if statement is not None and statement not in needed:
            needed.append(statement)
            wanted += [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
    lines, parts = module.splitlines(), ""
    for statement in sorted(needed, key=lambda statement: statement.lineno):
        parts += ("\n\n\n" if isinstance(statement, ast.FunctionDef) else "\n") + _text_of(statement, lines)
    return parts.strip()


def _names_bound(statement: ast.stmt) -> Iterator[str]:
    """What a statement of a module defines: a function, imported names, or constants."""
    if isinstance(statement, ast.FunctionDef):
        yield statement.name
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name for alias in statement.names)
    elif isinstance(statement, ast.Assign):
        yield from (target.id for target in statement.targets if isinstance(target, ast.Name))


def _text_of(statement: ast.stmt, lines: list[str]) -> str:
    """A statement with its comments; of its documentation the first line."""
    end = statement.end_lineno
    first = statement.body[0] if isinstance(statement, ast.FunctionDef) else None
    if isinstance(statement, ast.FunctionDef) and ast.get_docstring(statement) and first is not None:
        above, below = lines[statement.lineno - 1 : first.lineno], lines[first.end_lineno : end]
        documented = above[-1].rstrip().removesuffix('"""') + '"""'
        return "\n".join([*above[:-1], documented, *below])
    return "\n".join(lines[statement.lineno - 1 : end])


def code_to_take(code: str, name: str, do: str = "reproduce what is on screen") -> None:
    """The lines of `nnlib` that reproduce what is on screen, to copy or to take along as notebook or script.

    Parameters
    ----------
    code : Python, for the very run or values on screen
    name : of the files to be saved, without what follows the dot
    do : what the lines do
    """
    write(f"These lines {do}. Run them {WHERE}.")
    st.code(code, language="python", wrap_lines=True)
    with st.container(horizontal=True):
        for label, ending, kind, content in (  # made when pressed: one of an earlier run would be reported missing
            ("Download as notebook", "ipynb", "application/x-ipynb+json", lambda: notebook(code, name)),
            ("Download as script", "py", "text/x-python", lambda: code),
        ):
            st.download_button(
                label,
                content,
                f"{name}.{ending}",
                kind,
                key=f"{name}_{ending}",
                on_click="ignore",
                icon=":material/download:",
            )


def notebook(code: str, name: str) -> str:
    """A Jupyter notebook, nbformat 4.5: what it is, then `code`, a cell a paragraph."""
    cells = [_cell("markdown", f"# {name}\n\nMade by the companion to chapter 23. Run it {WHERE}.")]
    cells += [_cell("code", part) | {"execution_count": None, "outputs": []} for part in _paragraphs(code)]
    for k, cell in enumerate(cells):
        cell["id"] = f"cell-{k}"
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _cell(kind: str, text: str) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)}


def _paragraphs(code: str) -> list[str]:
    """`code` cut at its empty lines, if each part is whole Python; else in one piece."""
    parts = re.split(r"\n\n+(?=\S)", code.strip())
    try:
        for part in parts:
            ast.parse(part)
    except SyntaxError:
        return [code.strip()]
    return parts
