"""What our SVG drawings share: the reader's theme, a box that scrolls, and parts that tell about themselves."""

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

HEAD_START = 0.08  # seconds

# CSS that gives a part of one of these meanings its colour, as `--ink`.
INK = """
.forward { --ink: var(--st-blue-color); }
.gradient { --ink: var(--st-red-color); }
.neutral { --ink: var(--st-text-color); }
"""

_CSS = """
.scroll { overflow-x: auto; font-family: var(--st-font); }
svg { display: block; width: 100%; height: auto; margin: 0 auto; font-size: 13px; }
text { fill: var(--st-text-color); text-anchor: middle; paint-order: stroke;
       stroke: var(--st-background-color); stroke-width: 4px; stroke-linejoin: round; }
g[tabindex] { cursor: pointer; outline: none; }
.about { min-height: 3em; margin: 0.25rem 0 0; color: var(--st-text-color); font-size: 0.9rem;
         font-family: var(--st-font); }
"""

# JavaScript that adds an SVG element to `parent`.
MAKE = """
const NS = "http://www.w3.org/2000/svg";

const make = (tag, attributes, parent, text) => {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  if (parent) parent.appendChild(element);
  return element;
};
"""

_JS = """
// An empty drawing with its accessible name. Where its box is narrower than `narrowest`, the box scrolls.
const sheet = (data, role, narrowest, widest) => {
  const svg = make("svg", { viewBox: `0 0 ${data.width} ${data.height}`, role, "aria-label": data.description });
  svg.style.minWidth = `${narrowest}px`;
  svg.style.maxWidth = `${widest}px`;
  make("title", {}, svg, data.title);
  return svg;
};

// A part of the drawing that can be pointed at and reached by keyboard, and then says `about`.
const makePart = (svg, kind, name, about, state) => make("g", { class: `${kind} ${state}`, role: "img",
  tabindex: -1, "aria-label": about, [`data-${kind}`]: name }, svg);

// Put the drawing into its box. Tab reaches one of its parts, arrow keys go from part to part, and the part
// that has the pointer or the focus tells about itself. A part keeps the focus when it is drawn anew.
const show = (parentElement, svg, parts = [], rest = "") => {
  const about = parentElement.querySelector(".about");
  const nameOf = (part) => part && part.dataset ? Object.values(part.dataset).join() : "";
  const reach = (part) => parts.forEach((other) => other.setAttribute("tabindex", other === part ? 0 : -1));
  parts.forEach((part, index) => {
    const tell = () => { about.textContent = part.getAttribute("aria-label"); };
    const hush = () => { about.textContent = rest; };
    part.addEventListener("pointerenter", tell);
    part.addEventListener("pointerleave", hush);
    part.addEventListener("focus", tell);
    part.addEventListener("blur", hush);
    part.addEventListener("click", () => part.focus());
    part.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      const next = parts[(index + by + parts.length) % parts.length];
      reach(next);
      next.focus();
    });
  });
  const focused = nameOf(parentElement.getRootNode().activeElement);
  const again = focused && parts.find((part) => nameOf(part) === focused);
  if (parts.length) reach(again || parts[0]);
  parentElement.querySelector(".scroll").replaceChildren(svg);
  if (about) about.textContent = rest;
  if (again) again.focus({ preventScroll: true });
};
"""


def drawing(name: str, css: str, js: str, has_parts: bool = True) -> Callable[..., Any]:
    """A component that draws SVG: call what is returned with `key` and `data` to draw.

    Parameters
    ----------
    name : of the component, unique in the app
    css : style of what this drawing alone has
    js : `export default function ({ parentElement, data })`; it may use `make`, `sheet`, `makePart` and `show`
    has_parts : whether parts of it tell about themselves, for which a line is kept under the drawing
    """
    about = '<p class="about" role="status"></p>' if has_parts else ""
    return st.components.v2.component(
        name, html=f'<div class="scroll"></div>{about}', css=_CSS + css, js=MAKE + _JS + js
    )


def give_head_start() -> None:
    """Give what was just drawn the browser to itself for a moment.

    What follows it on the page would else reach the browser while it still takes in the run's beginning, and be
    drawn with it: that takes the browser as long again. With 0.03 s the slider of 23.4 was answered after 171 to
    182 ms on a slow machine, with 0.08 s after 105 to 139 (medians, measured in turn).
    """
    time.sleep(HEAD_START)
