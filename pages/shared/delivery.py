"""What is drawn needs a moment to reach the browser: where the script waits for it, and how long."""

import time
from functools import cache
from pathlib import Path

import streamlit as st

DELIVERY, HEAD_START, STYLES = 0.03, 0.08, 0.2  # seconds


def wait_for_delivery() -> None:
    """Let what was drawn be sent: what is not yet sent when the next drawing begins, Streamlit throws away.

    If that was part of a whole page, the browser then takes away what it has not got, and makes it anew.
    """
    time.sleep(DELIVERY)


def give_head_start() -> None:
    """Give what was just drawn the browser to itself for a moment.

    What follows it on the page would else reach the browser while it still takes in the run's beginning, and be
    drawn with it: that takes the browser as long again.
    """
    time.sleep(HEAD_START)


def apply_styles() -> None:
    """Give the page frame.css, before there is anything else to draw.

    Streamlit's front end fetches the code of each kind of element when it meets the first of them, and what only
    styles comes last: a page opened by its address would stand there without its styles until all else has come.
    So they are an element like others, the page's first; and a session's first run waits until it has arrived.
    """
    style_file(Path(__file__).with_name("frame.css"))
    if "app_has_run" not in st.session_state:
        time.sleep(STYLES)


def style(css: str) -> None:
    """Give the page these rules in their turn: something to show beside them makes them an element like others."""
    st.html(f'<style>{css}</style><i class="styles"></i>')


def style_file(file: str | Path) -> None:
    """Give the page the rules in `file`, or beside it: those of stage.css for a module stage.py."""
    style(_read(Path(file).with_suffix(".css")))


@cache
def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")
