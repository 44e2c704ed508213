const HEIGHT = 240, LEFT = 34, RIGHT = 14, RADIUS = 14, SMALL = 11;
const Z = { name: "z", y: 52, reach: 4.6, ticks: [-4, -2, 0, 2, 4], tells: 24 };
const BAR = { name: "z̄", y: 180, reach: 2.6, ticks: [-2, -1, 0, 1, 2], tells: 220 };
const TOLD = ["Press **Shift all z**, and watch what z̄ does.",
  "Every z has moved by 1, all alike, and no z̄ has moved. Now press **Stretch all z**.",
  "Every z has moved away from their mean, by half its distance, and no z̄ has moved. Now press **Shift all z**."];
const PUSHES = { shift: 1, stretch: 0.5 };  // in z, and as a share of its distance from u
const MOVES = 700;  // milliseconds
const strips = new WeakMap();  // .why → what draws it

// How far a z has been moved.
function drawPush(svg, from, to, y) {
  const head = 6 * Math.sign(to - from);
  if (Math.abs(to - from) < 8) return;
  make("path", { class: "push", d: `M ${from} ${y - 3} v 6 m 0 -3 H ${to} m ${-head} -3.5 l ${head} 3.5 l ${-head} 3.5` }, svg);
}

function newStrip(box) {
  const axes = box.querySelector(".axes"), buttons = [...box.querySelectorAll("button")], names = Object.keys(PUSHES);
  let data, send, share = [0, 0], left = share, moves = 0;  // how far all z are shifted and stretched now, from 0 to 1, and were before the last press
  let tried = new Set();  // which of the buttons have been pressed

  function tell() {
    const words = tried.size === 2 ? data.why : TOLD[tried.size && 1 + [...tried][0]];
    write("[role=status]", words);
    for (const [name, about] of Object.entries(data.about)) write(`.${name}`, about);
    const isNext = (_, k) => tried.size < 2 && k === (tried.has(0) ? 1 : 0);  // one is lit, until both have been pressed
    buttons.forEach((button, k) => button.classList.toggle("next", isNext(button, k)));
  }

  function write(place, words) {
    const parts = words.split("**").map((text, k) => k % 2 ? make("b", {}, undefined, text) : text);
    box.querySelector(place).replaceChildren(...parts);
  }

  function draw() {
    const { z, u, variance, epsilon } = data, [shift, stretch] = names.map((name, k) => share[k] * PUSHES[name]);
    const away = z.map((zj) => (1 + stretch) * (zj - u)), s = Math.sqrt((1 + stretch) ** 2 * variance + epsilon);
    const width = Math.max(axes.clientWidth, 280), svg = make("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT,
      role: "img", "aria-label": `z: ${away.map((a) => number(u + shift + a, 3)).join(", ")}; z̄: ${away.map((a) => number(a / s, 3)).join(", ")}` });
    const at = ({ reach }, value) => LEFT + (value / reach + 1) / 2 * (width - LEFT - RIGHT);
    const rows = [[Z, away.map((a) => at(Z, u + shift + a))], [BAR, away.map((a) => at(BAR, a / s))]];
    for (const [axis] of rows) {
      make("text", { class: "name", x: 8, y: axis.y + 6 }, svg, axis.name);
      make("line", { class: "axis", x1: LEFT, x2: width - RIGHT, y1: axis.y, y2: axis.y }, svg);
      for (const tick of axis.ticks) make("text", { x: at(axis, tick), y: axis.tells }, svg, number(tick));
    }
    const before = (zj) => u + left[0] * PUSHES.shift + (1 + left[1] * PUSHES.stretch) * (zj - u);
    z.forEach((zj, j) => drawPush(svg, at(Z, before(zj)), rows[0][1][j], Z.y + RADIUS + 8 + 8 * j));
    z.forEach((_, j) => make("line", { class: "join", x1: rows[0][1][j], y1: Z.y, x2: rows[1][1][j], y2: BAR.y }, svg));
    for (const [axis, places] of rows) {
      const group = make("g", { class: axis === BAR ? "bars" : "" }, svg);
      places.forEach((cx, j) => {
        make("circle", { cx, cy: axis.y, r: width < 500 ? SMALL : RADIUS }, group);
        make("text", { class: "sample", x: cx, y: axis.y + 5 }, group, j + 1);
      });
    }
    axes.replaceChildren(svg);
  }

  function move() {
    const from = share, to = buttons.map((button) => Number(button.getAttribute("aria-pressed") === "true"));
    const mine = ++moves, start = performance.now();
    const next = () => {
      if (mine !== moves) return;
      const passed = isStill() ? 1 : Math.min((performance.now() - start) / MOVES, 1), eased = passed * passed * (3 - 2 * passed);
      share = from.map((begun, k) => begun + eased * (to[k] - begun));
      draw();
      if (passed < 1) requestAnimationFrame(next);
      else arrived();
    };
    next();
  }

  // What a press shows is told once it has been seen; Python is told when nothing new is to come.
  function arrived() {
    const before = tried.size;
    buttons.forEach((button, k) => { if (button.getAttribute("aria-pressed") === "true") tried.add(k); });
    tell();
    if (before < 2 && tried.size === 2) send("pressed", true);
  }

  buttons.forEach((button) => button.addEventListener("click", () => {
    left = buttons.map((other) => Number(other.getAttribute("aria-pressed") === "true"));  // one press, one arrow
    button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
    move();
  }));
  new ResizeObserver(() => { if (data) draw(); }).observe(axes);
  return (answer, setTriggerValue) => {
    if (data && data.starts_over !== answer.starts_over) {
      for (const button of buttons) button.setAttribute("aria-pressed", "false");
      [share, left, moves, tried] = [[0, 0], [0, 0], moves + 1, new Set()];  // what still moves stops
    }
    if (!data && answer.pressed) tried = new Set([0, 1]);  // before a reload
    data = answer;
    send = setTriggerValue;
    tell();
    draw();
  };
}

export default function ({ parentElement, data, setTriggerValue }) {
  const box = parentElement.querySelector(".why");
  if (!strips.has(box)) strips.set(box, newStrip(box));
  strips.get(box)(data, setTriggerValue);
}
