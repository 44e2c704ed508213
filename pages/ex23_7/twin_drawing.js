const FIRST = 58, PITCH = 26, RADIUS = 11;  // pixels: the hidden neurons of a network from top to bottom
const MAKES_UP = { plain: "times p when it predicts", inverted: "divided by p while it learns" };  // what is passed on
const HIDDEN = "22%", OUTPUT = "78%";
const BAR = 140;  // pixels: below it the sticky bar hides nothing
const NARROW = 640;  // pixels: up to there the choices stand above the networks

export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".twins");
  const before = begun.get(box) ?? data, isWatch = data.watches > before.watches;
  const from = isWatch && innerWidth <= NARROW ? ".st-key-ex23_7_networks" : ".st-key-stage";  // there it is above them
  if (isWatch || data.begun > before.begun) bringIntoSight(from, ".st-key-ex23_7_twins", BAR);
  begun.set(box, data);
  drawAtThumb(box, data, (shown, isAhead) => {
    const { later, networks, mask, rows } = shown, start = JSON.stringify([networks, mask, rows]);
    const isWatched = later && !isAhead && !isStill();
    if (started.get(box) === start && !isWatched) return;  // what moves is not cut short by a rerun
    started.set(box, start);
    const before = widths(box);
    box.replaceChildren(...drawTwins(shown));
    if (!isAhead && !isStill()) glide(box, before);
    if (isWatched) watch(box, shown, later);
  });
}

const started = new WeakMap();  // .twins → the start of what stands in it
const begun = new WeakMap();  // .twins → the data with how many experiments have begun, how often it was watched

const widths = (box) => [...box.querySelectorAll(".weight")].map((line) => line.getAttribute("stroke-width"));

// Where the same lines are drawn as before, each grows or shrinks to its new width before the reader's eyes.
function glide(box, before) {
  const lines = [...box.querySelectorAll(".weight")], now = widths(box);
  if (lines.length !== before.length) return;
  lines.forEach((line, k) => before[k] !== now[k]
    && line.animate({ strokeWidth: [`${before[k]}px`, `${now[k]}px`] }, { duration: 700, easing: "ease-in-out" }));
}

// The moments of the training, each when the heads of the curves come to its step; the last one stays.
function watch(box, shown, later) {
  let drawn = box.firstChild, last = 0;
  const follow = ({ detail: k }) => {
    if (box.firstChild === drawn && k !== last) {
      box.replaceChildren(...drawTwins({ ...shown, ...(later[k - 1] || {}) }));
      [drawn, last] = [box.firstChild, k];
    }
    if (box.firstChild !== drawn || k === later.length) removeEventListener("grown", follow);  // else is drawn, or no more comes
  };
  addEventListener("grown", follow);
}

function drawTwins({ step, networks, mask, names, at, rows }) {
  const about = make("p", {});
  about.textContent = `${step ? `Step ${step}` : "At the start"}. One sample: crossed neurons are dropped, thicker lines pass on more.`;
  const pair = make("div", { class: "pair" });
  networks.forEach((network, n) => drawNetwork(pair, network, n ? "inverted" : "plain", mask, names, at));
  return [about, pair, drawTable(networks, names, rows)];
}

function drawNetwork(pair, { name, about, lines }, kind, mask, [from, to], [i, j]) {
  const last = mask.length - 1, outputs = lines[0].length - 1;
  const hidden = (k) => FIRST + PITCH * k, output = (k) => FIRST + PITCH * (1 + (last - 2) / outputs * k);
  const svg = make("svg", { role: "img", "aria-label": about, class: kind, height: hidden(last) + RADIUS + 2 }, pair);
  make("text", { class: "name", x: "50%", y: 14 }, svg, name);
  make("text", { class: "makes-up", x: "50%", y: 34 }, svg, MAKES_UP[kind]);
  const draw = (a, b, ink) => make("line", { class: `weight ${ink}`, x1: HIDDEN, y1: hidden(a), x2: OUTPUT,
    y2: output(b), "stroke-width": lines[a][b] }, svg);
  lines.forEach((row, a) => row.forEach((_, b) => {
    if (mask[a] && !(a === i && b === j)) draw(a, b, kind === "plain" ? "forward" : "twin");
  }));
  if (mask[i]) draw(i, j, "gradient");
  mask.forEach((kept, a) => {
    make("circle", { class: kept ? "neuron" : "neuron dropped", cx: HIDDEN, cy: hidden(a), r: RADIUS }, svg);
    if (!kept) make("path", { class: "cross", d: "M -6 -6 l 12 12 m 0 -12 l -12 12" },
      make("svg", { x: HIDDEN, y: hidden(a) }, svg));
  });
  lines[0].forEach((_, b) => make("circle", { class: "neuron", cx: OUTPUT, cy: output(b), r: RADIUS }, svg));
  make("text", { x: HIDDEN, dx: -28, y: hidden(i) + 5 }, svg, from);
  make("text", { x: OUTPUT, dx: 28, y: output(j) + 5 }, svg, to);
}

function drawTable(networks, [from, to], rows) {
  const table = make("table", {}), head = make("tr", {}, make("thead", {}, table));
  const told = make("th", { scope: "col" }, head);
  make("i", { class: "gradient" }, told);
  told.append(`weight w from ${from} to ${to}`);
  networks.forEach(({ name }) => make("th", { scope: "col" }, head, name));
  const body = make("tbody", {}, table);
  for (const [label, plain, inverted, same] of rows) {
    const row = make("tr", {}, body);
    make("th", { scope: "row" }, row, label);
    make("td", {}, row, plain);
    make("td", { class: same ? "" : "differs" }, row, inverted);
  }
  return table;
}
