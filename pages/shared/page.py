"""Parts that pages share: paragraphs, formulas with equation numbers, experiments, downloads of tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:  # home needs no tables, and is there sooner without pandas
    import pandas as pd


def start_with_the_app() -> None:
    """Start anew with app.py if a link led straight to the page; to be called before all else on a page."""
    if "app_has_run" not in st.session_state:
        # Until `st.navigation` has been called once, Streamlit takes pages/ for its older kind of app and runs
        # a deep-linked page without app.py. Calling it ends that; the rerun then starts where it should.
        files = Path(__file__).parents[1].glob("*.py")
        st.navigation([st.Page(file, default=file.stem == "home") for file in files])
        st.rerun()


def write(*parts: str) -> None:
    """Paragraphs and formulas one below the other, in a single element.

    Streamlit's front end goes through every element of a page several times in each run: the fewer there are, the
    sooner a slider is answered.
    """
    st.markdown("\n\n".join(parts))


def section(title: str, *parts: str) -> None:
    """A section's heading, and the paragraphs and formulas that follow it."""
    write(f"## {title}", *parts)


@cache
def read_prose(folder_file: str, name: str) -> str:
    """Constant paragraphs and formulas for `write` and `section`, from a Markdown file of a room.

    Parameters
    ----------
    folder_file : `__file__` of a module of that room, or of the room itself
    name : of the Markdown file beside it, without ".md". A formula stands there between two lines of $$, and ends
        with the book's equation number as \\tag{23.14} where it has one
    """
    return Path(folder_file).with_name(f"{name}.md").read_text(encoding="utf-8").strip()


def formula(latex: str, equation: str | None = None) -> str:
    """A displayed formula for `write`, with the book's equation number at its right where it has one."""
    tag = "" if equation is None else rf" \tag{{{equation}}}"
    return f"$$\n{latex}{tag}\n$$"


@dataclass(frozen=True)
class Following:
    """A button that goes on with an experiment once it is told: what it says, and the values it sets."""

    label: str
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Experiment:
    """One thing to try: the settings one click makes, and what to look for afterwards.

    Attributes
    ----------
    label : the button's text
    settings : widget key → value put into the session state. When the reader changes one, the experiment is over;
        without any, its words stay until they are closed
    look_for : one or two sentences, before the click
    seen : what there was to see, after the click
    hides : whether the stage keeps something back until the reader asks what there was to see
    looks : more values to set, which the reader may change within the experiment
    following : what it goes on with, once it is told
    """

    label: str
    settings: Mapping[str, Any]
    look_for: str
    seen: str
    looks: Mapping[str, Any] = field(default_factory=dict)
    hides: bool = False
    following: Following | None = None

    @property
    def stays(self) -> bool:
        """Whether its words stay until the reader closes them."""
        return not self.settings


def download_table(label: str, file: str, table: "Callable[[], pd.DataFrame]") -> None:
    """A button that downloads a table as CSV, marked as UTF-8 for Excel.

    The file is made when the button is pressed. One made with the page is gone after the next runs, and a browser
    that looks for it a moment later reports it missing.
    """
    st.download_button(
        label,
        lambda: table().to_csv(index=False).encode("utf-8-sig"),
        file,
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )
