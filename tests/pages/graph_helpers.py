"""What the tests of the graph pages share: opening a page, and reading the drawing and the gradient table."""

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

APP = Path(__file__).resolve().parents[2] / "app.py"


def open_page(path: str) -> AppTest:
    """The page as one who opens its address sees it. (Home first, as from the menu, would take as long again.)"""
    return AppTest.from_file(APP, default_timeout=120).switch_page(path).run()


def drawing(at: AppTest) -> dict[str, Any]:
    """The data the drawing is made from."""
    return dict(json.loads(at.get("bidi_component")[0].proto.json))


def edges(at: AppTest) -> dict[str, dict[str, Any]]:
    """The drawn edges by name."""
    return {edge["name"]: edge for edge in drawing(at)["edges"]}


def gradients(at: AppTest) -> dict[str, list[str]]:
    """Name → [analytic, verdict] of the gradient table."""
    table = next(d.value for d in at.dataframe if "analytic" in d.value.columns)
    return {row["gradient"]: [row["analytic"], row["agrees"]] for _, row in table.iterrows()}
