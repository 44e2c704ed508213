"""Our own drawings: a component's JavaScript and CSS stand in files beside its Python module, under its name."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st


@cache
def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def component(module_file: str, html: str, after: Sequence[str] = ()) -> Callable[..., Any]:
    """A Streamlit component: call what is returned with `key` and `data` to draw it.

    Parameters
    ----------
    module_file : `__file__` of the module that makes it. Beside `label_grid.py` stand `label_grid.js`, whose
        `export default function ({ parentElement, data, … })` may use all of svg.js, and `label_grid.css`
    html : what the script finds in `parentElement`
    after : names of more scripts and styles beside it, without ".js" or ".css", which stand in front of its own
    """
    file = Path(module_file)
    shared = Path(__file__).parent
    own = [*map(file.with_name, after), file]
    # Streamlit takes paths only from installed packages, so the texts themselves are handed over.
    return st.components.v2.component(
        f"{file.parent.name}_{file.stem}",
        html=html,
        css=_read(shared / "svg.css") + "".join(_read(each.with_suffix(".css")) for each in own),
        js=_read(shared / "svg.js") + "".join(_read(each.with_suffix(".js")) for each in own),
    )


def script(file: Path, uses_svg: bool = False) -> Callable[..., Any]:
    """A component that runs the JavaScript of a file, which may use svg.js or not, and draws nothing."""
    shared = _read(Path(__file__).with_name("svg.js")) if uses_svg else ""
    return st.components.v2.component(f"{file.parent.name}_{file.stem}", js=shared + _read(file))


def drawing(module_file: str, has_parts: bool = True) -> Callable[..., Any]:
    """A component that draws one SVG picture by svg.js's `sheet` and `show`, in a box that scrolls if it must.

    Parameters
    ----------
    module_file : as in `component`
    has_parts : whether parts of it tell about themselves, for which a line is kept under the drawing
    """
    about = '<p class="about" role="status"></p>' if has_parts else ""
    return component(module_file, f'<div class="scroll drawing"></div>{about}')
