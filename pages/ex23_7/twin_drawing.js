const FIRST = 74, PITCH = 22, RADIUS = 10;  // pixels: the hidden neurons of a network from top to bottom
const THINNEST = 0.6, THICK = 3.5, THICKEST = 9;  // pixels; THICK is the largest weight of the plain network
const PASSES_ON = {  // what a neuron hands to the weights
  training: { plain: "passes on h", inverted: "passes on h divided by p" },
  prediction: { plain: "passes on p times h", inverted: "passes on h" },
};
const HIDDEN = "22%", OUTPUT = "78%";
const BAR = 104;  // pixels: below it the sticky bar hides nothing
const NARROW = 640;  // pixels: up to there the choices stand above the networks

export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".twins");
  const before = begun.get(box) ?? data, isWatch = data.watches > before.watches || data.met > before.met;
  const from = isWatch && innerWidth <= NARROW ? ".st-key-ex23_7_networks" : ".st-key-stage";  // there it is above them
  if (isWatch || data.begun > before.begun) bringIntoSight(from, ".st-key-ex23_7_twins", BAR);
  begun.set(box, data);
  drawAtThumb(box, data, (shown, isAhead) => {
    const { later, networks, mask, rows, phase, shows, asked } = shown;
    const start = JSON.stringify([networks, mask, rows, phase, shows, asked]);
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

const RESTS = 1200;  // milliseconds: after the last moment, before the networks are again at the start, as the words are

// The moments of the training, each when the heads of the curves come to its step; the last one stays, or they return.
function watch(box, shown, later) {
  let drawn = box.firstChild, last = 0;
  const follow = ({ detail: k }) => {
    if (box.firstChild === drawn && k !== last) {
      box.replaceChildren(...drawTwins({ ...shown, ...(later[k - 1] || {}) }));
      [drawn, last] = [box.firstChild, k];
    }
    if (k === later.length && shown.returns) setTimeout(() => {
      if (box.firstChild === drawn) box.replaceChildren(...drawTwins({ ...shown, isBack: true }));
    }, RESTS);
    if (box.firstChild !== drawn || k === later.length) removeEventListener("grown", follow);  // else is drawn, or no more comes
  };
  addEventListener("grown", follow);
}

function drawTwins({ step, networks, mask, names, at, p, rows, of_step: ofStep, phase, shows, asked, isBack }) {
  const about = make("p", {}), isTraining = phase === "training";
  const when = step ? `Step ${step}` : isBack ? "Back at the start" : "At the start";
  about.textContent = `${when}: ${isTraining ? "crossed neurons are dropped" : "all neurons are back"}, thicker lines pass on more.`;
  const pair = make("div", { class: "pair" }), kept = mask.map((is) => is || !isTraining);
  networks.forEach((network, n) => {
    const lines = network.lines.map((row) => row.map((line) => thickness(isTraining ? line : p * line)));
    const told = isTraining ? network.about : `The ${network.name} network in prediction: all neurons are back.`;
    drawNetwork(pair, network.name, told, lines, PASSES_ON[phase], kept, names, at);
  });
  const seen = rows.filter(([name]) => shows.includes(name));
  const says = seen.some(([name]) => name in PASSES_ON) ? (ofStep ? `, step ${ofStep}` : ", at the start") : "";
  return seen.length ? [about, pair, drawTable(networks, names, seen, asked, says)] : [about, pair];
}

const thickness = (line) => Math.min(Math.max(THICK * line, THINNEST), THICKEST).toFixed(2);

function drawNetwork(pair, kind, about, lines, passesOn, mask, [from, to], [i, j]) {
  const last = mask.length - 1, outputs = lines[0].length - 1;
  const hidden = (k) => FIRST + PITCH * k, output = (k) => FIRST + PITCH * (1 + (last - 2) / outputs * k);
  const svg = make("svg", { role: "img", "aria-label": about, class: kind, height: hidden(last) + RADIUS + 2 }, pair);
  make("text", { class: "name", x: "50%", y: 14 }, svg, kind);
  make("text", { class: "passes-on", x: "50%", y: 34 }, svg, passesOn[kind]);
  for (const [x, letter] of [[HIDDEN, "h"], ["50%", kind === "plain" ? "W" : "W′"], [OUTPUT, "z"]]) {
    make("text", { class: "column", x, y: FIRST - RADIUS - 9 }, svg, letter);
  }
  const draw = (a, b, ink) => make("line", { class: `weight ${ink}`, x1: HIDDEN, y1: hidden(a), x2: OUTPUT,
    y2: output(b), "stroke-width": lines[a][b] }, svg);
  lines.forEach((row, a) => row.forEach((_, b) => {
    if (mask[a] && !(a === i && b === j)) draw(a, b, kind === "plain" ? "forward" : "twin");
  }));
  if (mask[i]) draw(i, j, "gradient");
  mask.forEach((kept, a) => {
    make("circle", { class: kept ? "neuron" : "neuron dropped", cx: HIDDEN, cy: hidden(a), r: RADIUS }, svg);
    if (!kept) make("path", { class: "cross", d: "M -5 -5 l 10 10 m 0 -10 l -10 10" },
      make("svg", { x: HIDDEN, y: hidden(a) }, svg));
  });
  lines[0].forEach((_, b) => make("circle", { class: "neuron", cx: OUTPUT, cy: output(b), r: RADIUS }, svg));
  make("text", { x: HIDDEN, dx: -28, y: hidden(i) + 5 }, svg, from);
  make("text", { x: OUTPUT, dx: 28, y: output(j) + 5 }, svg, to);
}

function drawTable(networks, [from, to], rows, asked, when) {
  const table = make("table", {}), head = make("tr", {}, make("thead", {}, table));
  const told = make("th", { scope: "col" }, head);
  make("i", { class: "gradient" }, told);
  told.append(`from ${from} to ${to}${when}`);
  networks.forEach(({ name }) => make("th", { scope: "col" }, head, name));
  const body = make("tbody", {}, table);
  for (const [name, label, plain, inverted, same] of rows) {
    const row = make("tr", {}, body);
    make("th", { scope: "row" }, row, label);
    make("td", {}, row, plain);
    if (name === asked) make("td", {}, row, "∇w′ = ?");
    else make("td", { class: same ? "" : "differs" }, row, inverted);
  }
  return table;
}
