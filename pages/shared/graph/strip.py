"""What stands over a graph on the stage: its controls, the menu of mistakes among them, and its formulas."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared.controls import Controls
from pages.shared.delivery import style, style_file
from pages.shared.frame import switch_more
from pages.shared.page import write

LABEL = "Plant a mistake"


def side_by_side(widths: Sequence[float]) -> list[DeltaGenerator]:
    """Places for controls of those relative widths; on a narrow screen two stand in a row."""
    return st.container(key="graph_controls").columns(widths, gap="small", vertical_alignment="bottom")


def choose_more(controls: Controls, place: DeltaGenerator, rarer: Mapping[str, bool]) -> None:
    """A switch in `place`; only while it is on, the `rarer` controls beside it are seen. Draw them always.

    Parameters
    ----------
    rarer : by name whether each of them is set to something else than when the page opens, which is marked
    """
    columns = {
        f".st-key-graph_controls .stColumn:has(.st-key-{controls.key(name)})": is_set
        for name, is_set in rarer.items()
    }
    are_shown = switch_more(controls, place.container(key="graph_more"), f":is({', '.join(columns)})")
    marked = [column for column, is_set in columns.items() if is_set]
    if are_shown and marked:
        style(f":is({', '.join(marked)}) {{ box-shadow: 0 5px 0 -2px var(--accent); }}")


def plant_a_mistake(
    controls: Controls, mistakes: Mapping[str, str], place: DeltaGenerator, is_hidden: bool, off: str = ""
) -> str:
    """The chosen mistake by its name in `nnlib`.

    Parameters
    ----------
    mistakes : name in the menu → name in `nnlib`
    place : where the menu stands
    off : why none can be planted now, said in place of the menu; empty where one can
    is_hidden : whether an experiment has planted one that the reader is to find; then the menu does not name it
    """
    planted = controls.menu("mistake", LABEL, list(mistakes), place=place, disabled=bool(off))
    if is_hidden or off:  # the menu itself stays on the page: one that is gone would forget what was planted
        style(f".st-key-{controls.key('mistake')} {{ display: none; }}")
        place.selectbox(LABEL, ["hidden" if is_hidden else off], key=controls.key("mistake_hidden"), disabled=True)
    return mistakes[planted]


def show_formulas(*formulas: str) -> None:
    """What the graph computes, once it is played; the braces keep each formula in one line."""
    style_file(__file__)
    with st.container(key="formulas"):
        write("\u2003\u2003 ".join(f"${{{latex}}}$" for latex in formulas))
