"""A sheet to draw a digit on, with mouse, finger or keys; its pixels reach Python when a stroke ends."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import streamlit as st

SIDE = 224  # pixels of the sheet: 8 for each pixel of MNIST's pictures, 28 for each of the small digits'
BRUSH = 20  # pixels: after scaling, about as thick as MNIST's strokes
KEY_STEP = 8  # pixels an arrow key moves the pen

_HTML = """
<div class="sheet">
  <canvas tabindex="0" role="application" aria-label="Sheet to draw a digit on" aria-describedby="how"></canvas>
  <div class="pen"></div>
</div>
<div class="buttons">
  <button type="button" class="undo">Undo</button>
  <button type="button" class="clear">Clear</button>
</div>
<p class="about" role="status"></p>
<p class="how" id="how">Draw with the mouse or a finger. By keyboard: go to the sheet with Tab and move the pen
with the arrow keys (two at once go slantwise). Space puts it down, Space again lifts it.</p>
"""

_CSS = """
:host, div, p, button { font-family: var(--st-font); color: var(--st-text-color); }
.sheet { position: relative; width: 100%; max-width: 280px; aspect-ratio: 1; }
canvas { width: 100%; height: 100%; box-sizing: border-box; border: 1px solid var(--st-border-color);
  border-radius: 6px; background: black; cursor: crosshair; touch-action: none; display: block; }
canvas:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
.pen { display: none; position: absolute; box-sizing: border-box; border-radius: 50%; pointer-events: none;
  transform: translate(-50%, -50%); border: 2px solid #56B4E9;
  box-shadow: 0 0 0 2px black, inset 0 0 0 1px black; }
.sheet.keys canvas:focus + .pen { display: block; }
.pen.down { background: #56B4E9; }
.buttons { display: flex; gap: 0.5rem; margin-top: 0.5rem; }
button { font-size: 0.95rem; padding: 0.3rem 0.8rem; border-radius: 6px; cursor: pointer;
  border: 1px solid var(--st-border-color); background: var(--st-background-color); }
button:hover:enabled { border-color: var(--st-primary-color); }
button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
button:disabled { opacity: 0.5; cursor: default; }
p { margin: 0.5rem 0 0; }
.about { font-weight: 600; min-height: 1.5em; }
.how { font-size: 0.875rem; max-width: 34rem; }
"""

_JS = """
const sheets = new WeakMap();  // canvas → its sheet: a rerun calls the function below again on the same canvas
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const MOST_UNDONE = 20;

function newSheet(parentElement, { side, brush, key_step: keyStep }) {
  const find = (name) => parentElement.querySelector(name);
  const canvas = find("canvas"), pen = find(".pen"), about = find(".about");
  const undo = find(".undo"), clear = find(".clear");
  canvas.width = canvas.height = side;
  const paint = canvas.getContext("2d", { willReadFrequently: true });
  const past = [];          // pictures before each of the last strokes
  let before, path = null;  // picture before the stroke under way, and its points
  const at = [side / 2, side / 2], pressed = new Set();
  const sheet = { revision: undefined, send: () => {}, penDown: () => {}, load, answer };

  function say(text) { if (about.textContent !== text) about.textContent = text; }

  function answer(text) { if (path === null) say(text); }

  function picture() { return paint.getImageData(0, 0, side, side); }

  function isEmpty(image) { return image.data.every((value, i) => i % 4 === 3 || value === 0); }

  function remember(image) {
    past.push(image);
    if (past.length > MOST_UNDONE) past.shift();
  }

  function enableButtons() {
    clear.disabled = isEmpty(picture());
    undo.disabled = past.length === 0;
  }

  function send() {
    enableButtons();
    const { data } = picture();
    let bytes = "";
    if (!clear.disabled) for (let i = 0; i < data.length; i += 4) bytes += String.fromCharCode(data[i]);
    sheet.send({ pixels: btoa(bytes), time: Date.now() });  // the time makes two empty sheets in a row differ
  }

  function load(pixels) {  // what Python put on the sheet
    if (sheet.revision !== undefined) remember(picture());
    path = null;
    const bytes = atob(pixels), image = paint.createImageData(side, side);
    for (let i = 0; i < side * side; i++) {
      image.data.fill(bytes ? bytes.charCodeAt(i) : 0, 4 * i, 4 * i + 3);
      image.data[4 * i + 3] = 255;
    }
    paint.putImageData(image, 0, 0);
    enableButtons();
  }

  function begin(x, y) {
    before = picture();
    path = [[x, y]];
    draw();
    sheet.penDown();
  }

  function draw() {  // the whole stroke anew, so that its soft edge does not thicken where points lie close
    paint.putImageData(before, 0, 0);
    Object.assign(paint, { lineWidth: brush, lineCap: "round", lineJoin: "round", strokeStyle: "white",
      shadowColor: "white", shadowBlur: brush / 6 });
    paint.beginPath();
    paint.moveTo(...path[0]);
    path.forEach(([x, y]) => paint.lineTo(x + 0.01, y));  // a hundredth, so that a single point is a dot
    paint.stroke();
  }

  function end() {
    if (path === null) return;
    path = null;
    remember(before);
    send();
    showPen();
  }

  function showPen() {
    Object.assign(pen.style, { left: `${100 * at[0] / side}%`, top: `${100 * at[1] / side}%`,
      width: `${100 * brush / side}%`, height: `${100 * brush / side}%` });
    pen.classList.toggle("down", path !== null);
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width * side, (event.clientY - box.top) / box.height * side];
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    end();  // a stroke by keys that was not lifted
    find(".sheet").classList.remove("keys");
    canvas.setPointerCapture(event.pointerId);
    begin(...place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (path === null || !canvas.hasPointerCapture(event.pointerId)) return;
    const events = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    path.push(...(events.length ? events : [event]).map(place));
    draw();
  });
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);

  canvas.addEventListener("focus", () => {
    if (canvas.matches(":focus-visible")) find(".sheet").classList.add("keys");
    showPen();
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      if (event.repeat) return;
      find(".sheet").classList.add("keys");
      if (path === null) { begin(...at); say("Pen down."); } else { end(); say("Pen lifted."); }
      showPen();
    }
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    find(".sheet").classList.add("keys");
    pressed.add(event.key);
    for (const key of pressed) for (const i of [0, 1])
      at[i] = Math.min(Math.max(at[i] + keyStep * STEPS[key][i], brush / 2), side - brush / 2);
    if (path !== null) { path.push([...at]); draw(); }
    showPen();
  });
  canvas.addEventListener("keyup", (event) => pressed.delete(event.key));
  canvas.addEventListener("blur", () => { pressed.clear(); end(); });

  undo.addEventListener("click", () => {
    if (past.length === 0) return;
    paint.putImageData(past.pop(), 0, 0);
    send();
    if (undo.disabled) canvas.focus({ preventScroll: true });
  });
  clear.addEventListener("click", () => {
    remember(picture());
    paint.fillStyle = "black";
    paint.shadowBlur = 0;
    paint.fillRect(0, 0, side, side);
    send();
    canvas.focus({ preventScroll: true });
  });
  return sheet;
}

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  const canvas = parentElement.querySelector("canvas");
  if (!sheets.has(canvas)) sheets.set(canvas, newSheet(parentElement, data));
  const sheet = sheets.get(canvas);
  sheet.send = (drawing) => setStateValue("drawing", drawing);
  sheet.penDown = () => { if (data.tell_pen_down) setTriggerValue("pen_down", true); };
  if (sheet.revision !== data.revision) {  // else the reader may be further on than Python
    sheet.load(data.pixels);
    sheet.revision = data.revision;
  }
  sheet.answer(data.about);
}
"""

_draw = st.components.v2.component("digit_canvas", html=_HTML, css=_CSS, js=_JS)


def drawing_on(key: str) -> np.ndarray:
    """What is drawn on the sheet `key`, (SIDE, SIDE) from 0 to 1; it outlives reruns and page switches."""
    pixels = st.session_state.get(f"{key}_pixels", "")
    if not pixels:
        return np.zeros((SIDE, SIDE))
    return np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(SIDE, SIDE) / 255


def put_on(key: str, picture: np.ndarray) -> None:
    """Replace what is drawn on the sheet `key` by a square picture, values from 0 to 1, enlarged to fill it."""
    zoom = SIDE // len(picture)
    pixels = np.rint(255 * np.kron(picture, np.ones((zoom, zoom)))).astype(np.uint8)
    st.session_state[f"{key}_pixels"] = base64.b64encode(pixels.tobytes()).decode()
    st.session_state[f"{key}_revision"] = st.session_state.get(f"{key}_revision", 0) + 1


def digit_canvas(key: str, about: str, on_pen_down: Callable[[], None] | None = None) -> None:
    """Draw the sheet with its buttons; `drawing_on` tells what is on it.

    Parameters
    ----------
    key : unique name on the page
    about : one sentence under it, read aloud when it changes
    on_pen_down : called when a stroke begins
    """

    def take_over() -> None:
        drawing: Mapping[str, Any] = st.session_state[key].drawing
        st.session_state[f"{key}_pixels"] = drawing["pixels"]

    _draw(
        key=key,
        data={
            "side": SIDE,
            "brush": BRUSH,
            "key_step": KEY_STEP,
            "pixels": st.session_state.get(f"{key}_pixels", ""),
            "revision": st.session_state.get(f"{key}_revision", 0),
            "about": about,
            "tell_pen_down": on_pen_down is not None,
        },
        on_drawing_change=take_over,
        on_pen_down_change=on_pen_down or (lambda: None),
    )
