"""A table of outputs, one cell a sample and label, in which the reader clicks a cell to choose it."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from nnlib.chapter23.multilabel import MultilabelLoss
from pages.shared.drawing import give_head_start
from pages.shared.gradient_table import RIGHT, WRONG
from pages.shared.numbers import number

_CSS = """
.scroll { overflow-x: auto; font-family: var(--st-font); color: var(--st-text-color); padding: 4px; }
table { border-collapse: separate; border-spacing: 4px; width: 100%; }
th { font-weight: 600; font-size: 0.85rem; padding: 2px 4px; text-align: center; white-space: nowrap; }
td { padding: 0; }
button { width: 100%; min-width: 6.1rem; padding: 5px 6px; text-align: left; cursor: pointer; border-radius: 6px;
  font-family: var(--st-font); font-size: 0.85rem; line-height: 1.35; color: var(--st-text-color);
  border: 1px solid var(--st-border-color);
  background: color-mix(in srgb, var(--st-blue-color) var(--share), var(--st-background-color)); }
button span { display: block; white-space: nowrap; }
button.wrong { border: 2px dashed var(--st-red-color); }
button[aria-pressed="true"] { outline: 3px solid var(--st-text-color); outline-offset: 1px; }
button:focus-visible { outline: 3px solid var(--st-blue-color); outline-offset: 1px; }
"""

_JS = """
export default function ({ parentElement, data, setTriggerValue }) {
  const scroll = parentElement.querySelector(".scroll");
  const make = (tag, parent, text, attributes = {}) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    parent.appendChild(element);
    return element;
  };
  const root = scroll.getRootNode();
  const active = root.activeElement;
  const focused = active && active.dataset ? active.dataset.cell : undefined;
  const table = document.createElement("table");
  table.setAttribute("aria-label", data.title);
  const head = make("tr", make("thead", table));
  make("td", head);
  data.columns.forEach((name) => make("th", head, name, { scope: "col" }));
  const body = make("tbody", table);
  let again;
  data.cells.forEach((row, i) => {
    const line = make("tr", body);
    make("th", line, data.rows[i], { scope: "row" });
    row.forEach((cell, k) => {
      const button = make("button", make("td", line), undefined, {
        type: "button", "aria-label": cell.about, "aria-pressed": cell.chosen, "data-cell": `${i},${k}`,
        class: cell.wrong ? "wrong" : "", style: `--share: ${cell.share}%` });
      cell.lines.forEach((text) => make("span", button, text));
      button.addEventListener("click", () => setTriggerValue("pick", [i, k]));
      if (button.dataset.cell === focused) again = button;
    });
  });
  scroll.replaceChildren(table);
  if (again) again.focus({ preventScroll: true });
}
"""

_draw = st.components.v2.component("label_grid", html='<div class="scroll"></div>', css=_CSS, js=_JS)


def label_grid(
    Z: np.ndarray,
    Y: np.ndarray,
    result: MultilabelLoss,
    chosen: tuple[int, int],
    on_pick: Callable[[int, int], None],
    key: str,
) -> None:
    """Draw one cell an output: the bluer, the larger p; dashed with a cross where the assigned label is wrong.

    Parameters
    ----------
    Z, Y : (n, l) net inputs and labels
    result : what `multilabel_loss` makes of them
    chosen : row and column of the marked cell, from 0
    on_pick : called with row and column when the reader clicks a cell
    key : unique name on the page
    """
    n, columns = Z.shape
    wrong = result.assigned != (Y == 1)

    def cell(i: int, k: int) -> dict[str, object]:
        z, p, element = number(Z[i, k]), number(result.P[i, k]), number(result.elements[i, k])
        mark = WRONG if wrong[i, k] else RIGHT
        given = "assigned" if result.assigned[i, k] else "not assigned"
        return {
            "lines": [
                f"z = {z}",
                f"p = {p}",
                f"y = {Y[i, k]:.0f}, {'yes' if result.assigned[i, k] else 'no'} {mark}",
                f"loss {element}",
            ],
            "about": f"Sample {i + 1}, label {k + 1}: z = {z}, p = {p}, {given}, y = {Y[i, k]:.0f}, "
            f"{'wrong' if wrong[i, k] else 'right'}, loss {element}",
            "share": round(45 * float(result.P[i, k]), 1),
            "wrong": bool(wrong[i, k]),
            "chosen": (i, k) == chosen,
        }

    def picked() -> None:
        pick = st.session_state[key].pick
        if pick is not None:
            on_pick(int(pick[0]), int(pick[1]))

    _draw(
        key=key,
        data={
            "title": "One cell for each sample and label",
            "rows": [f"sample {i + 1}" for i in range(n)],
            "columns": [f"label {k + 1}" for k in range(columns)],
            "cells": [[cell(i, k) for k in range(columns)] for i in range(n)],
        },
        on_pick_change=picked,
    )
    give_head_start()
