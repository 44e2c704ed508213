const FIRST = 26, PITCH = 14, RADIUS = 5.5;  // pixels: the hidden neurons of a network from top to bottom
const HIDDEN = "24%", OUTPUT = "76%";

export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".twins");
  drawAtThumb(box, data, (shown, isAhead) => {
    const { later, networks, mask, rows } = shown, start = JSON.stringify([networks, mask, rows]);
    const isWatched = later && !isAhead && !isStill();
    if (started.get(box) === start && !isWatched) return;  // what moves is not cut short by a rerun
    started.set(box, start);
    box.replaceChildren(...drawTwins(shown));
    if (isWatched) watch(box, shown, later);
  });
}

const WATCHED = 2200;  // milliseconds, as long as the curves above grow
const started = new WeakMap();  // .twins → the start of what stands in it

// The moments of the training one after the other; the last one stays.
function watch(box, shown, later) {
  const begun = performance.now(), { names, at } = shown;
  let drawn = box.firstChild, last = -1;
  const next = () => {
    if (box.firstChild !== drawn) return;  // something else is drawn here now
    const passed = Math.min((performance.now() - begun) / WATCHED, 1), k = Math.floor(passed * (later.length - 1));
    if (k !== last) box.replaceChildren(...drawTwins({ ...later[k], names, at }));
    [drawn, last] = [box.firstChild, k];
    if (passed < 1) requestAnimationFrame(next);
  };
  next();
}

function drawTwins({ step, networks, mask, names, at, rows }) {
  const about = make("p", {});
  about.textContent = `${step ? `Step ${step}` : "At the start"}. Thicker lines pass on more in training; crossed neurons are dropped.`;
  const pair = make("div", { class: "pair" });
  networks.forEach((network, n) => drawNetwork(pair, network, n ? "inverted" : "plain", mask, names, at));
  return [about, pair, drawTable(networks, names, rows)];
}

function drawNetwork(pair, { name, about, lines }, kind, mask, [from, to], [i, j]) {
  const last = mask.length - 1, outputs = lines[0].length - 1;
  const hidden = (k) => FIRST + PITCH * k, output = (k) => FIRST + PITCH * (1 + (last - 2) / outputs * k);
  const svg = make("svg", { role: "img", "aria-label": about, class: kind, height: hidden(last) + RADIUS + 2 }, pair);
  make("text", { class: "name", x: "50%", y: 13 }, svg, name);
  const draw = (a, b, ink) => make("line", { class: `weight ${ink}`, x1: HIDDEN, y1: hidden(a), x2: OUTPUT,
    y2: output(b), "stroke-width": lines[a][b] }, svg);
  lines.forEach((row, a) => row.forEach((_, b) => {
    if (mask[a] && !(a === i && b === j)) draw(a, b, kind === "plain" ? "forward" : "neutral");
  }));
  if (mask[i]) draw(i, j, "gradient");
  mask.forEach((kept, a) => {
    make("circle", { class: kept ? "neuron" : "neuron dropped", cx: HIDDEN, cy: hidden(a), r: RADIUS }, svg);
    if (!kept) make("path", { class: "cross", d: "M -3 -3 l 6 6 m 0 -6 l -6 6" },
      make("svg", { x: HIDDEN, y: hidden(a) }, svg));
  });
  lines[0].forEach((_, b) => make("circle", { class: "neuron", cx: OUTPUT, cy: output(b), r: RADIUS }, svg));
  make("text", { x: HIDDEN, dx: -19, y: hidden(i) + 4 }, svg, from);
  make("text", { x: OUTPUT, dx: 19, y: output(j) + 4 }, svg, to);
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
