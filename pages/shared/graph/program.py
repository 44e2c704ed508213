"""The program that makes the graph on the stage, with what it prints."""

import builtins
from typing import Any

import streamlit as st

from pages.shared.page import write
from pages.shared.python_code import code_to_take


def show_program(code: str, name: str) -> None:
    """The lines to take along, as `code_to_take` shows them, and below what they print."""
    code_to_take(code, name)
    write("They print:")
    st.text(output_of(code))


def output_of(code: str) -> str:
    """What these lines of the page print, with a `print` of their own: other readers' run beside them."""
    lines: list[str] = []

    def collect(*parts: object) -> None:
        lines.append(" ".join(map(str, parts)))

    names: dict[str, Any] = {"__builtins__": vars(builtins) | {"print": collect}}
    exec(code, names)
    return "\n".join(lines)
