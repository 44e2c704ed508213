"""The stage of page 23.2: the film critic's dials, and the controls that set many of them at once."""

from typing import Any

import streamlit as st

from nnlib.notation import MINUS
from pages.ex23_2.critic import draw_critic
from pages.ex23_2.label_table import (
    FILMS,
    GENRES,
    LARGEST_Z,
    Y_TEXT,
    Z_TEXT,
    LabelTable,
    change_cell,
    controls,
    draw_random,
    keep,
    key,
    resize,
    start_over,
    state,
    was_shown,
)
from pages.shared.delivery import style_file
from pages.shared.frame import more_settings, stage


def show_stage() -> LabelTable:
    """The controls and the dials; what the reader has set."""
    style_file(__file__)
    with stage() as (strip, picture):
        with strip:
            row = st.container(horizontal=True, vertical_alignment="center")
            buttons = row.container(horizontal=True, width="content")
            with more_settings(controls, row):
                table = _set_table()
        with buttons:
            controls.button("again", "Start over", start_over, icon=":material/restart_alt:")
        with picture:
            if table.problem:
                st.error(
                    f"{table.problem} The dials still show the last table that could be read; what you typed "
                    "stays until you turn one or take a step.",
                    icon=":material/error:",
                )
            draw_critic(table, key("critic"))
    return table


def _set_table() -> LabelTable:
    """Everything that sets the table as a whole or one of its cells exactly.

    Two texts hold it: they are in the page's address, and everything else writes into them.
    """
    by_cell, whole = st.columns(2, gap="medium")
    with whole:
        st.markdown("**The whole table**, one line a film. End with Ctrl + Enter.")
        z_text = controls.lines("z_text", f"Net inputs z, from {MINUS}10 to 10", Z_TEXT)
        y_text = controls.lines("y_text", "Labels y, 0 or 1", Y_TEXT)
    Z, Y, problem = keep(z_text, y_text)
    with by_cell:
        N, L = Z.shape
        _set_size(N, L, disabled=bool(problem))
        film, genre = st.columns(2)
        i = _choose("sample", "Film i", N, film)
        k = _choose("label", "Genre k", L, genre)
        _set_cell(LabelTable(Z, Y, i, k, problem))
    with whole:
        shows_all = controls.toggle("all", "Show the arrows and derivatives from the start", disabled=was_shown())
    return LabelTable(Z, Y, i, k, problem, shows_all)


# What follows from the two texts is not in the address, which holds the texts themselves.


def _set_size(N: int, L: int, disabled: bool) -> None:
    """Sliders for the numbers of rows and columns, and a random table of that size."""
    state[key("samples")], state[key("labels")] = N, L
    rows, columns = st.columns(2)
    rows.slider("Films N", 1, len(FILMS), key=key("samples"), on_change=resize, disabled=disabled)
    columns.slider("Genres $l$", 1, len(GENRES), key=key("labels"), on_change=resize, disabled=disabled)
    controls.button("random", "Draw a random table", draw_random, icon=":material/casino:", disabled=disabled)


def _choose(name: str, label: str, count: int, place: st.delta_generator.DeltaGenerator) -> int:
    """Row or column of the chosen cell, from 0; one outside a table that has shrunk moves inside."""
    state[key(name)] = min(state.get(key(name)) or 1, count)
    return controls.choice(name, label, range(1, count + 1), place=place) - 1


def _set_cell(table: LabelTable) -> None:
    """The chosen cell's z, typed to the last digit, and its y."""
    Z, Y, i, k = table.Z, table.Y, table.i, table.k
    state[key("z")], state[key("y")] = float(Z[i, k]), bool(Y[i, k])
    ways: dict[str, Any] = {"on_change": change_cell, "args": (Z, Y, i, k), "disabled": bool(table.problem)}
    label = f"Net input z of {table.name}"
    st.number_input(label, -LARGEST_Z, LARGEST_Z, step=0.1, format="%g", key=key("z"), **ways)
    st.toggle("This genre fits this film: y = 1", key=key("y"), **ways)
