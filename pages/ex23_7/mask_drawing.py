"""A layer's neurons in a row, those a mask drops crossed out; the reader clicks a neuron to choose it."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from pages.shared.drawing import give_head_start
from pages.shared.numbers import number

_CSS = """
.neurons { display: flex; flex-wrap: wrap; gap: 6px; padding: 4px; }
button { flex: 1 1 6.4rem; max-width: 9rem; padding: 6px 4px; cursor: pointer; border-radius: 6px;
  text-align: center; font-family: var(--st-font); font-size: 0.82rem; line-height: 1.4;
  color: var(--st-text-color); border: 1px solid var(--st-border-color); background: var(--st-background-color); }
button[aria-pressed="true"] { outline: 3px solid var(--st-text-color); outline-offset: -1px; }
button:focus-visible { outline: 3px solid var(--st-blue-color); outline-offset: 1px; }
button span { display: block; white-space: nowrap; }
.value { font-weight: 600; }
svg { display: block; margin: 0 auto 3px; width: 56px; height: 56px; }
.fill { fill: var(--st-blue-color); }
.ring { fill: none; stroke: var(--st-text-color); stroke-width: 1.5px; }
.cross { stroke: var(--st-text-color); stroke-width: 2.5px; stroke-linecap: round; }
.dropped .ring { stroke-dasharray: 3 4; }
text { fill: var(--st-text-color); text-anchor: middle; font-size: 15px; font-style: italic; paint-order: stroke;
  stroke: var(--st-background-color); stroke-width: 4px; stroke-linejoin: round; }
"""

_JS = """
export default function ({ parentElement, data, setTriggerValue }) {
  const NS = "http://www.w3.org/2000/svg";
  const draw = (tag, parent, attributes) => {
    const element = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return parent.appendChild(element);
  };
  const box = parentElement.querySelector(".neurons");
  const active = box.getRootNode().activeElement;
  const focused = active && active.dataset ? active.dataset.neuron : undefined;
  box.setAttribute("aria-label", data.title);
  const buttons = data.neurons.map((neuron, j) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = neuron.dropped ? "dropped" : "";
    button.dataset.neuron = j;
    button.setAttribute("aria-label", neuron.about);
    button.setAttribute("aria-pressed", neuron.chosen);
    const svg = draw("svg", button, { viewBox: "0 0 56 56", "aria-hidden": "true" });
    draw("circle", svg, { class: "fill", cx: 28, cy: 28, r: 24, "fill-opacity": neuron.fill });
    draw("circle", svg, { class: "ring", cx: 28, cy: 28, r: 24 });
    if (neuron.dropped) {
      draw("line", svg, { class: "cross", x1: 11, y1: 11, x2: 45, y2: 45 });
      draw("line", svg, { class: "cross", x1: 45, y1: 11, x2: 11, y2: 45 });
    }
    draw("text", svg, { x: 28, y: 33 }).textContent = neuron.name;
    neuron.lines.forEach((text) => {
      const line = document.createElement("span");
      line.textContent = text;
      button.appendChild(line);
    });
    button.addEventListener("click", () => setTriggerValue("pick", j));
    return button;
  });
  box.replaceChildren(...buttons);
  if (focused !== undefined && buttons[focused]) buttons[focused].focus({ preventScroll: true });
}
"""

_draw = st.components.v2.component(
    "mask_drawing", html='<div class="neurons" role="group"></div>', css=_CSS, js=_JS
)


def mask_drawing(
    names: list[str],
    h: np.ndarray,
    mask: np.ndarray | None,
    lines: list[list[str]],
    chosen: int,
    on_pick: Callable[[int], None],
    key: str,
) -> None:
    """Draw a layer: the bluer a neuron, the larger |h|; a broken ring and a cross where it is dropped.

    Parameters
    ----------
    names : such as "h₁", one a neuron
    h : (m,) outputs before the mask
    mask : (m,) of 0 and 1, or None before the first draw
    lines : what stands under each neuron
    chosen : the marked neuron, from 0
    on_pick : called with a neuron's position when the reader clicks it
    key : unique name on the page
    """
    largest = float(np.abs(h).max()) or 1.0

    def neuron(j: int) -> dict[str, object]:
        dropped = mask is not None and mask[j] == 0
        fate = "" if mask is None else "dropped, " if dropped else "kept, "
        return {
            "name": names[j],
            "fill": 0.0 if dropped else round(0.6 * abs(float(h[j])) / largest, 3),
            "dropped": bool(dropped),
            "lines": [f"h = {number(h[j])}", *lines[j]],
            "about": f"Neuron {j + 1}, {fate}h = {number(h[j])}, {', '.join(lines[j])}",
            "chosen": j == chosen,
        }

    def picked() -> None:
        pick = st.session_state[key].pick
        if pick is not None:
            on_pick(int(pick))

    _draw(
        key=key,
        data={"title": "The layer's neurons", "neurons": [neuron(j) for j in range(len(names))]},
        on_pick_change=picked,
    )
    give_head_start()
