const pictures = new WeakMap();  // .drawing → what draws it: a rerun calls the function below again on the same element
const KINDS = ["own", "minus-mean", "minus-slope"];
const KEY = ["own path: γ g / s", "− mean (through u)", "− slope (through σ²)", "what is left: dz"];
const MISTAKEN = [["mistaken", "spoiled by the mistake"], ["due", "as it should be"]];
const STEPS = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };
const ANSWERED_WITHIN = 1500;  // milliseconds, after which a place that was sent is taken as answered or as lost
const LEFT = 46, RIGHT = 12, TOP = 46, PLOT = 178, RULER = 27, COLUMNS = 108, BAR = 16, BALANCE = 58;

const written = (value) => value.toFixed(1).replace("-", "−").replace(/\.0$/, "");

// What the hand does outlives the element, which Streamlit makes anew now and then on a busy machine.
let dragged = null, told = null;  // { sample, z, g }: where the reader has put it, and the place last sent
let count = 0, waitsSince = -ANSWERED_WITHIN, timer, send;

// While one place is on its way to Python no other is sent, so that the picture follows the hand. Python draws more
// often than it is told of a place, so each place has a number, and a drawing says which it knows.
function tell() {
  clearTimeout(timer);
  if (dragged === told) return;
  const wait = waitsSince + ANSWERED_WITHIN - performance.now();
  if (wait > 0) { timer = setTimeout(tell, wait); return; }
  told = dragged;
  waitsSince = performance.now();
  send("moved", [dragged.sample + 1, dragged.z, dragged.g, ++count]);
}

function newPicture(box) {
  let data;

  const place = (index) => dragged && dragged.sample === index ? dragged : data.samples[index];

  function move(index, z, g) {
    const within = (value) => Math.round(10 * Math.min(Math.max(value, -data.reach), data.reach)) / 10;
    const old = place(index);
    if (within(z) === old.z && within(g) === old.g) return;
    dragged = { sample: index, z: within(z), g: within(g) };
    draw();
    tell();
  }

  // Drawing

  const ranges = () => {
    const whole = Math.max(box.clientWidth, 300), width = whole >= 760 ? (whole - 24) / 2 : whole;
    const inner = width - LEFT - RIGHT, reach = 1.08 * data.reach;
    return { width, inner, x: (z) => LEFT + (z + reach) / (2 * reach) * inner,
      y: (g) => TOP + (reach - g) / (2 * reach) * PLOT, reach,
      z: (px) => ((px - LEFT) / inner * 2 - 1) * reach, g: (py) => (1 - (py - TOP) / PLOT * 2) * reach };
  };

  const panel = (width, height, role, name) => make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role,
    "aria-label": name });

  const arrow = (parent, kind, x, from, to, half = 4) => {
    const length = Math.abs(to - from), head = Math.min(8, length), toward = Math.sign(to - from);
    const neck = to - toward * head;
    if (length < 1) make("rect", { class: `arrow ${kind}`, x: x - half, y: to - 1, width: 2 * half, height: 2 }, parent);
    else make("path", { class: `arrow ${kind}`, d: `M ${x - half / 2} ${from} V ${neck} H ${x - half - 1} L ${x} ${to} `
      + `L ${x + half + 1} ${neck} H ${x + half / 2} V ${from} Z` }, parent);
  };

  function drawSamples({ width, inner, x, y, reach }) {
    const bottom = TOP + PLOT, height = bottom + data.rulers.length * RULER + 6;
    const svg = panel(width, height, "group", data.description);
    make("text", { class: "title", x: 0, y: 15 }, svg, "Drag the samples: each is one point (z, g)");
    make("text", { class: "note", x: 0, y: 35 }, svg, data.line_says);
    for (let g = -data.reach; g <= data.reach; g += 1) {
      make("line", { class: g ? "grid" : "zero", x1: LEFT, x2: width - RIGHT, y1: y(g), y2: y(g) }, svg);
      make("text", { class: "end", x: LEFT - 7, y: y(g) + 4.5 }, svg, written(g));
    }
    make("text", { class: "value", x: 10, y: TOP + PLOT / 2 + 4.5 }, svg, "g");
    make("line", { class: "mean-mark", x1: x(data.mean), x2: x(data.mean), y1: TOP, y2: bottom + RULER + 8 }, svg);
    make("text", { class: "note", x: x(data.mean) + 5, y: bottom - 6 }, svg, "u");
    data.rulers.forEach((ruler, k) => {
      const at = bottom + 8 + k * RULER;
      make("line", { class: "ruler", x1: LEFT, x2: width - RIGHT, y1: at, y2: at }, svg);
      make("text", { class: "value", x: 22, y: at + 14 }, svg, ruler.name);
      let until = -Infinity;
      for (const [z, text] of ruler.ticks) {
        make("line", { class: "ruler", x1: x(z), x2: x(z), y1: at, y2: at + 5 }, svg);
        const half = 4 * text.length;
        if (x(z) - half < until + 6) continue;
        until = x(z) + half;
        make("text", { x: x(z), y: at + 17 }, svg, text);
      }
    });
    make("rect", { x: LEFT, y: TOP, width: inner, height: PLOT }, make("clipPath", { id: "clip-fit" }, svg));
    const ends = { x1: x(-reach), x2: x(reach), "clip-path": "url(#clip-fit)" };
    const fit = ({ left, right }, kind) => make("line", { class: `fit ${kind}`, ...ends, y1: y(left), y2: y(right) }, svg);
    if (data.true_line) fit(data.true_line, "true");
    if (data.line) fit(data.line, data.true_line ? "wrong" : "");
    const onLine = (z) => data.line ? data.line.left + (z + reach) / (2 * reach) * (data.line.right - data.line.left) : 0;
    data.samples.forEach((_, index) => {
      const { z, g } = place(index);
      make("line", { class: "left-over", x1: x(z), x2: x(z), y1: y(onLine(z)), y2: y(g), "clip-path": "url(#clip-fit)" }, svg);
    });
    const grips = data.samples.map((_, index) => {
      const { z, g } = place(index);
      const grip = make("g", { class: "grip", role: "slider", tabindex: 0, "aria-label": `Sample ${index + 1}`,
        "aria-valuemin": -data.reach, "aria-valuemax": data.reach, "aria-valuenow": z,
        "aria-valuetext": `z = ${written(z)}, g = ${written(g)}`, "data-sample": index }, svg);
      make("circle", { class: "touch", cx: x(z), cy: y(g), r: 20 }, grip);
      make("circle", { class: "disc", cx: x(z), cy: y(g), r: 10 }, grip);
      make("text", { x: x(z), y: y(g) + 4.5 }, grip, index + 1);
      return grip;
    });
    return [svg, grips];
  }

  function drawArrows({ width }) {
    const n = data.samples.length, shown = Math.max(...data.samples.map(({ arrows }) => arrows.length));
    const foot = TOP + COLUMNS + 16, isWrong = data.samples.some(({ true_dz }) => true_dz);
    const height = foot + 44 + data.balances.length * BALANCE;
    const svg = panel(width, height, "img", "The arrows of each sample, and what they add up to");
    const y = (value) => TOP + (data.high - value) / (data.high - data.low) * COLUMNS;
    const lanes = shown + (shown > 1) + isWrong;  // the arrows, their sum, and beside it what it should be
    const column = (width - LEFT - RIGHT) / n, lane = Math.min(15, column / (lanes + 0.6));
    make("text", { class: "title", x: 0, y: 15 }, svg, "What arrives at each z");
    make("text", { class: "note", x: 0, y: 35 }, svg, data.scale_says);
    for (const [value, text] of data.ticks) {
      make("line", { class: value ? "grid" : "zero", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }, svg);
      make("text", { class: "end", x: LEFT - 7, y: y(value) + 4.5 }, svg, text);
    }
    data.samples.forEach((sample, index) => {
      const middle = LEFT + (index + 0.5) * column, at = (k) => middle + (k - (lanes - 1) / 2) * lane;
      let from = 0;
      sample.arrows.forEach(([length, isWrong], k) => {
        const to = from + length;
        if (k) make("line", { class: "join", x1: at(k - 1), x2: at(k) + 3, y1: y(from), y2: y(from) }, svg);
        arrow(svg, `${KINDS[k]} ${isWrong ? "wrong" : ""}`, at(k), y(from), y(to));
        from = to;
      });
      if (shown > 1) {
        make("line", { class: "join", x1: at(shown - 1), x2: at(shown) + 3, y1: y(from), y2: y(from) }, svg);
        arrow(svg, "sum", at(shown), y(0), y(from), 5);
        if (sample.true_end !== null) arrow(svg, "should", at(shown + 1), y(0), y(sample.true_end), 5);
      }
      make("text", { x: middle, y: foot }, svg, index + 1);
      make("text", { class: sample.true_dz ? "struck" : "value", x: middle, y: foot + 18 }, svg, sample.dz);
      if (sample.true_dz) make("text", { class: "value", x: middle, y: foot + 35 }, svg, sample.true_dz);
    });
    make("text", { class: "note", x: 0, y: foot }, svg, "sample");
    make("text", { class: "note", x: 0, y: foot + 18 }, svg, data.foot);
    if (isWrong) make("text", { class: "note", x: 0, y: foot + 35 }, svg, "true");
    data.balances.forEach((balance, k) => drawBalance(svg, balance, foot + 44 + k * BALANCE, width));
    return svg;
  }

  // A sum: its positive terms laid end to end, and under them its negative ones; they cancel where both are as long.
  function drawBalance(svg, { terms, reach, says, verdict }, top, width) {
    const scale = (width - LEFT - RIGHT) / (reach || 1), ends = [];
    make("text", { class: `says ${verdict}`, x: 0, y: top + 11 }, svg, says);
    if (!terms.some((term) => Math.abs(term) * scale >= 1)) {
      make("text", { class: "note", x: LEFT, y: top + 32 }, svg, "nothing to balance: no term is left");
      return;
    }
    [1, -1].forEach((sign, row) => {
      let x = LEFT;
      const y = top + 20 + row * (BAR + 2);
      make("text", { class: "end", x: LEFT - 7, y: y + 12.5 }, svg, sign > 0 ? "+" : "−");
      terms.forEach((term, index) => {
        if (term * sign <= 0) return;
        const length = Math.abs(term) * scale;
        make("rect", { class: `bar ${sign < 0 ? "below" : ""}`, x, y, width: length, height: BAR }, svg);
        if (length > 9) make("text", { class: "bar-name", x: x + length / 2, y: y + 12.5 }, svg, index + 1);
        x += length;
      });
      ends.push(x);
    });
    const [plus, minus] = ends, missing = Math.abs(plus - minus), y = top + 20 + (plus > minus ? BAR + 2 : 0);
    if (missing < 1 || verdict === "untold") return;
    make("rect", { class: `gap ${verdict}`, x: Math.min(plus, minus), width: missing, height: BAR, y }, svg);
    if (verdict !== "right" && missing > 60)
      make("text", { class: "bar-name", x: (plus + minus) / 2, y: y + 10.8 }, svg, "missing");
  }

  function draw() {
    const places = ranges(), [left, grips] = drawSamples(places);
    const shown = data.samples[0].arrows.length;
    const isSpoilt = (k) => data.samples.every(({ arrows }) => arrows[k][1]);  // all its arrows are red
    const key = KEY.map((text, k) => {
      const isDrawn = k < 3 ? k < shown && !isSpoilt(k) : shown > 1;
      const item = make("span", { class: `${[...KINDS, "sum"][k]} ${isDrawn ? "" : "off"}` });
      make("i", {}, item);
      item.append(k === 3 && shown < 3 ? "their sum so far" : text);
      return item;
    });
    if (data.true_line || data.samples.some(({ true_dz }) => true_dz)) for (const [kind, text] of MISTAKEN) {
      const item = make("span", { class: kind });
      make("i", {}, item);
      item.append(text);
      key.push(item);
    }
    box.parentElement.querySelector(".key").replaceChildren(...key);
    replaceKeepingFocus(box, [left, drawArrows(places)], grips);
  }

  // The hand. The box listens: what is drawn in it is drawn anew while the hand moves.

  let held = null;  // { index, dx, dy }: the sample in the hand, and how far the pointer is from its middle
  const at = (event) => {
    const { left, top } = box.querySelector("svg").getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const gripOf = (event) => event.target.closest && event.target.closest("[data-sample]");
  box.addEventListener("pointerdown", (event) => {
    const grip = gripOf(event);
    if (!grip || event.button) return;
    const index = Number(grip.dataset.sample), { x, y } = ranges(), [px, py] = at(event), { z, g } = place(index);
    held = { index, dx: x(z) - px, dy: y(g) - py };
    box.setPointerCapture(event.pointerId);
    box.classList.add("dragging");
    grip.focus({ preventScroll: true });
    event.preventDefault();
  });
  // a finger on a sample drags it, and does not scroll the page
  box.addEventListener("touchstart", (event) => { if (gripOf(event)) event.preventDefault(); }, { passive: false });
  box.addEventListener("pointermove", (event) => {
    if (!held) return;
    const { z, g } = ranges(), [px, py] = at(event);
    move(held.index, z(px + held.dx), g(py + held.dy));
  });
  const letGo = () => { held = null; box.classList.remove("dragging"); tell(); };
  box.addEventListener("pointerup", letGo);
  box.addEventListener("pointercancel", letGo);
  box.addEventListener("keydown", (event) => {
    const grip = gripOf(event), step = STEPS[event.key];
    if (!grip || !step) return;
    event.preventDefault();
    const index = Number(grip.dataset.sample), { z, g } = place(index);
    move(index, z + step[0], g + step[1]);
  });
  new ResizeObserver(() => { if (data) draw(); }).observe(box);

  return (answer, setTriggerValue) => {
    data = answer;
    send = setTriggerValue;
    if (data.place_number === count) waitsSince = -ANSWERED_WITHIN;
    if (dragged !== told) tell();
    else if (!held && performance.now() > waitsSince + ANSWERED_WITHIN) dragged = told = null;
    draw();
  };
}

export default function ({ parentElement, data, setTriggerValue }) {
  const box = parentElement.querySelector(".drawing");
  if (!pictures.has(box)) pictures.set(box, newPicture(box));
  pictures.get(box)(data, setTriggerValue);
}
