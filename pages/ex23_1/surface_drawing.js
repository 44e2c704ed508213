export default function ({ parentElement, data }) {
  const { left, top, side, width, height, low, high } = data;
  const x = (value) => left + (value - low) / (high - low) * side;
  const y = (value) => top + (high - value) / (high - low) * side;

  const svg = sheet(data, "img", 0, 1.25 * width);
  // Shades are a mask over one rectangle in the theme's colour, so that they follow a change of theme.
  const id = `shade-${data.key}`;
  const defs = make("defs", {}, svg);
  const square = { x: left, y: top, width: side, height: side };
  make("image", { ...square, href: picture(data.values, data.points), preserveAspectRatio: "none" },
    make("mask", { id, "mask-type": "alpha", maskUnits: "userSpaceOnUse", ...square }, defs));
  make("rect", { ...square }, make("clipPath", { id: `clip-${id}` }, defs));
  const fade = make("linearGradient", { id: `fade-${id}`, x1: 0, y1: 1, x2: 0, y2: 0 }, defs);
  make("stop", { offset: 0, "stop-color": "var(--st-blue-color)", "stop-opacity": 0 }, fade);
  make("stop", { offset: 1, "stop-color": "var(--st-blue-color)", "stop-opacity": 1 }, fade);

  make("rect", { class: "shade", ...square, mask: `url(#${id})` }, svg);
  make("rect", { class: "unit", x: x(0), y: y(1), width: x(1) - x(0), height: y(0) - y(1) }, svg);
  make("rect", { class: "frame", ...square }, svg);
  for (const tick of [0, 0.5, 1]) {
    make("text", { x: x(tick), y: top + side + 17 }, svg, String(tick));
    make("text", { class: "end", x: left - 7, y: y(tick) + 4.5 }, svg, String(tick));
  }
  make("text", { x: left + side / 2, y: height - 8 }, svg, data.x_title);
  make("text", { x: 13, y: top + side / 2, transform: `rotate(-90 13 ${top + side / 2})` }, svg, data.y_title);

  const bar = { x: left + side + 18, y: top + 24, width: 16, height: side - 48 };
  make("rect", { ...bar, fill: `url(#fade-${id})` }, svg);
  make("rect", { class: "frame", ...bar }, svg);
  make("text", { x: bar.x + 8, y: bar.y - 9 }, svg, data.value_title);
  [[1, bar.y], [0.5, bar.y + bar.height / 2], [0, bar.y + bar.height]].forEach(([value, at]) =>
    make("text", { class: "start", x: bar.x + 23, y: at + 4.5 }, svg, String(value)));

  const lines = make("g", { "clip-path": `url(#clip-${id})` }, svg);
  data.lines.forEach((line) => {
    const [[x1, y1], [x2, y2]] = line.ends;
    make("line", { class: `line ${line.broken ? "broken" : ""}`, x1: x(x1), y1: y(y1), x2: x(x2), y2: y(y2) },
      lines);
    // a small arrow on the side where the neuron is on, and its name beside it
    const [cx, cy] = [x(line.label[0]), y(line.label[1])];
    const [dx, dy] = [line.normal[0], -line.normal[1]];
    make("path", { class: "side", d: `M ${cx + 13 * dx} ${cy + 13 * dy} L ${cx - 6 * dy} ${cy + 6 * dx} ` +
      `L ${cx + 6 * dy} ${cy - 6 * dx} Z` }, lines);
    make("text", { x: cx + 28 * dx, y: cy + 22 * dy + 4.5 }, lines, line.name);
  });
  for (const point of data.points_marked) {
    const [px, py] = [x(point.x), y(point.y)];
    make("circle", { class: `point ${point.one ? "one" : ""}`, cx: px, cy: py, r: 8 }, svg);
    make("text", { class: `mark ${point.right ? "" : "wrong"}`, x: px, y: py - 13 }, svg, point.mark);
    make("text", { x: px, y: py + 24 }, svg, point.text);
  }
  show(parentElement, svg);

  function picture(encoded, points) {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = points;
    const context = canvas.getContext("2d");
    const image = context.createImageData(points, points);
    bytes.forEach((value, k) => { image.data.set([255, 255, 255, value], 4 * k); });
    context.putImageData(image, 0, 0);
    return canvas.toDataURL();
  }
}
