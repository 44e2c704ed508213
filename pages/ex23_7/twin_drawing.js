export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".twins");
  drawAtThumb(box, data, (shown) => box.replaceChildren(drawTable(shown)));
}

function drawTable({ networks, mask, names: [from, to], at: [i, j], rows }) {
  const hidden = (k) => 8 + 13 * k, output = (k) => 27 + 26 * k;
  const table = make("table", {});
  const head = make("tr", {}, make("thead", {}, table));
  const told = make("th", { scope: "col" }, head, `One weight w as an example: from ${from} to ${to}`);
  make("p", {}, told, "Both at the start; the mask of one sample drops the crossed neurons. Thicker lines pass on "
    + "more in training.");
  networks.forEach(({ name, about, lines }, n) => {
    const cell = make("th", { scope: "col" }, head, name);
    const svg = make("svg", { viewBox: "0 0 168 107", role: "img", "aria-label": about,
      class: n ? "inverted" : "plain" }, cell);
    const draw = (a, b, kind) => make("line", { class: `weight ${kind}`, x1: 32, y1: hidden(a), x2: 136,
      y2: output(b), "stroke-width": lines[a][b] }, svg);
    lines.forEach((row, a) => row.forEach((_, b) => {
      if (mask[a] && !(a === i && b === j)) draw(a, b, n ? "neutral" : "forward");
    }));
    if (mask[i]) draw(i, j, "gradient");
    mask.forEach((kept, a) => {
      make("circle", { class: kept ? "neuron" : "neuron dropped", cx: 26, cy: hidden(a), r: 6 }, svg);
      if (kept) return;
      make("path", { class: "cross", d: `M 22 ${hidden(a) - 4} l 8 8 m 0 -8 l -8 8` }, svg);
    });
    lines[0].forEach((_, b) => make("circle", { class: "neuron", cx: 142, cy: output(b), r: 6 }, svg));
    make("text", { x: 10, y: hidden(i) + 4 }, svg, from);
    make("text", { x: 158, y: output(j) + 4 }, svg, to);
  });
  const body = make("tbody", {}, table);
  for (const [label, plain, inverted, same] of rows) {
    const row = make("tr", {}, body);
    make("th", { scope: "row" }, row, label);
    make("td", {}, row, plain);
    make("td", { class: same ? "" : "differs" }, row, inverted);
  }
  return table;
}
