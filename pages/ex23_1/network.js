export default function ({ parentElement, data }) {
  const svg = sheet(data, "img", 300, 1.4 * data.width), radius = 20, along = 0.3;
  const tip = make("marker", { id: "tip", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 8, markerHeight: 8,
    markerUnits: "userSpaceOnUse", orient: "auto" }, make("defs", {}, svg));
  make("path", { class: "tip", d: "M0 0L8 4L0 8Z" }, tip);
  const cut = ([[x1, y1], [x2, y2]]) => {
    const size = Math.hypot(x2 - x1, y2 - y1), [dx, dy] = [radius * (x2 - x1) / size, radius * (y2 - y1) / size];
    return { x1: x1 + dx, y1: y1 + dy, x2: x2 - dx, y2: y2 - dy };
  };
  for (const { ends, negative } of data.edges)
    make("line", { class: negative ? "edge negative" : "edge", ...cut(ends), "marker-end": "url(#tip)" }, svg);
  for (const { ends: [[x1, y1], [x2, y2]], weight } of data.edges)
    make("text", { class: "weight", x: x1 + along * (x2 - x1), y: y1 + along * (y2 - y1) + 5 }, svg, weight);
  for (const { name, at: [x, y], gate, bias } of data.nodes) {
    make("circle", { class: "neuron", cx: x, cy: y, r: radius }, svg);
    make("text", { x, y: y + 5 }, svg, name);
    make("text", { class: "gate", x, y: y - radius - 8 }, svg, gate);
    make("text", { x, y: y + radius + 18 }, svg, bias);
  }
  show(parentElement, svg);
}
