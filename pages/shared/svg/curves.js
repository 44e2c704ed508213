const drawn = new WeakMap();  // .panels → what stands in it

export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".panels");
  drawAtThumb(box, data, (shown, isAhead) => drawPanels(box, shown, shown.reveal && !isAhead));
}

function drawPanels(box, data, reveal) {
  const panels = JSON.stringify(data.panels);
  if (drawn.get(box) === panels && !reveal) return;  // curves that grow are not cut short by a rerun
  drawn.set(box, panels);
  const { width, height, left, top, right, bottom } = data;
  // Where a value stands between the ends of its axis, from 0 to 1.
  const share = ({ low, high, log }, value) => log
    ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  const outlines = {
    circle: (u, v, r) => `M ${u - r} ${v} a ${r} ${r} 0 1 0 ${2 * r} 0 a ${r} ${r} 0 1 0 ${-2 * r} 0 Z`,
    square: (u, v, r) => `M ${u - r} ${v - r} h ${2 * r} v ${2 * r} h ${-2 * r} Z`,
    triangle: (u, v, r) => `M ${u} ${v - 1.2 * r} L ${u + 1.1 * r} ${v + r} L ${u - 1.1 * r} ${v + r} Z`,
  };
  const svgs = data.panels.map((panel) => {
    const x = (value) => left + share(panel.x, value) * (width - left - right);
    const y = (value) => height - bottom - share(panel.y, value) * (height - top - bottom);
    const line = (xs, ys) => xs.map((value, k) => `${x(value).toFixed(1)},${y(ys[k]).toFixed(1)}`);
    const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": panel.about,
      class: `${panel.meaning} ${reveal ? "reveal" : ""}` });
    for (const [value, text] of panel.x.ticks) {
      make("line", { class: "grid", x1: x(value), x2: x(value), y1: top, y2: height - bottom }, svg);
      const inside = Math.min(x(value), width - 3.3 * text.length);  // a long one at the end would be cut
      make("text", { x: inside, y: height - bottom + 16 }, svg, text);
    }
    for (const [value, text] of panel.y.ticks) {
      make("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }, svg);
      make("text", { class: "end", x: left - 6, y: y(value) + 4 }, svg, text);
    }
    make("text", { x: (left + width - right) / 2, y: height - 6 }, svg, panel.x.title);
    const middle = (top + height - bottom) / 2;
    make("text", { x: 12, y: middle, transform: `rotate(-90 12 ${middle})` }, svg, panel.y.title);
    for (const { x: xs, low, high, meaning } of panel.bands) {
      const below = line(xs, low), above = line(xs, high);
      if (meaning === "neutral") {  // its edges alone: two fills would make mud
        for (const edge of [below, above]) make("polyline", { class: "edge neutral", points: edge.join(" ") }, svg);
      } else make("polygon", { class: `band ${meaning}`, points: [...below, ...above.reverse()].join(" ") }, svg);
    }
    let legend = left;
    for (const curve of panel.curves) {
      const points = line(curve.x, curve.y);
      const looks = `${curve.meaning} ${curve.broken ? "broken" : ""} ${curve.wide ? "wide" : ""}`;
      if (curve.name) {
        make("line", { class: `stroke ${looks}`, x1: legend, x2: legend + 22, y1: 11, y2: 11 }, svg);
        make("text", { class: "begin", x: legend + 27, y: 15 }, svg, curve.name);
        legend += 41 + 6.6 * curve.name.length;
      }
      make("polyline", { class: `stroke ${curve.constant ? "" : "curve"} ${looks}`, points: points.join(" ") }, svg);
      if (!curve.dotted) continue;
      for (const [cx, cy] of points.map((point) => point.split(","))) {
        make("circle", { class: `dot ${curve.meaning}`, cx, cy, r: 2 }, svg);
      }
    }
    for (const point of panel.points) {
      const d = outlines[point.shape](x(point.x), y(point.y), point.chosen ? 7.5 : 4);
      make("title", {}, make("path", { class: `point ${point.chosen ? "chosen" : ""}`, d }, svg), point.text);
    }
    return svg;
  });
  box.replaceChildren(...svgs);
}
