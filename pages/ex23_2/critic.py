"""The film critic: a table of dials, one a film and genre, and the formulas of the chosen one."""

from pathlib import Path
from typing import Any

import streamlit as st

from pages.ex23_2.label_table import (
    FILMS,
    GENRES,
    OPENING_Y,
    OPENING_Z,
    LabelTable,
    is_known,
    losses_of_steps,
    starts,
    take_over,
    was_shown,
)
from pages.shared.chapter import EXERCISES
from pages.shared.delivery import give_head_start
from pages.shared.frame import experiments_begun
from pages.shared.practice import note_solved, solved
from pages.shared.svg.component import component

_draw = component(__file__, Path(__file__).with_suffix(".html").read_text(encoding="utf-8"))


def draw_critic(table: LabelTable, key: str) -> None:
    """Draw the table's dials. A dial that is turned answers in the browser at once, and then tells `take_over`.

    What the reader has set in the browser is not sent back to it: meanwhile he may be further on.
    """
    seen, revision = st.session_state.get(f"{key}_seen", (None, 0))
    if seen != table.written:
        revision += 1
    st.session_state[f"{key}_seen"] = table.written, revision

    def turned() -> None:
        sent: dict[str, Any] | None = st.session_state[key].turned
        if sent is not None:
            written = take_over(
                sent["Z"], sent["Y"], *sent["chosen"], losses=sent["losses"], is_found=sent["found"]
            )
            st.session_state[f"{key}_seen"] = written, revision
            if sent["solved"]:
                note_solved("23.2")

    _draw(
        key=key,
        data={
            "next": EXERCISES["23.3"].heading,
            "revision": revision,
            "starts": starts(),
            "begun": experiments_begun("ex23_2"),
            "is_known": was_shown(),
            "is_found": is_known(),
            "is_solved": "23.2" in solved(),
            "shows_all": table.shows_all,
            "films": FILMS,
            "genres": GENRES,
            "opening": {"Z": OPENING_Z.tolist(), "Y": OPENING_Y.astype(int).tolist()},
            "Z": table.Z.tolist(),
            "Y": table.Y.astype(int).tolist(),
            "chosen": [table.i, table.k],
            "losses": losses_of_steps(),
        },
        on_turned_change=turned,
    )
    give_head_start()
