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
