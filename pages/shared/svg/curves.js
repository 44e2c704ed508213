const drawn = new WeakMap();  // .panels → what stands in it

export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".panels");
  if (!drawn.has(box)) new ResizeObserver(() => {
    const { clientWidth } = box.querySelector("svg") ?? box;
    box.style.setProperty("--scale", Math.max(1, data.width / clientWidth));  // where panels shrink, texts do not
  }).observe(box);
  drawAtThumb(box, data, (shown, isAhead) => {
    const panels = JSON.stringify(shown.panels);
    const motion = isAhead || isStill() ? "" : shown.motion;
    if (drawn.get(box) === panels && motion !== "grow") return;  // what moves is not cut short by a rerun
    drawn.set(box, panels);
    const before = pointsOf(box);
    drawPanels(box, shown);
    if (motion === "grow") grow(box, shown);
    else if (motion) glide(box, before, motion === "meet");
  });
}

const GLIDES = 900, MEETS = 2800, GROWS = 3600;  // milliseconds
const LEADS = 0.2;  // of that time, by which a wide curve is ahead of the one that is drawn upon it

// Call `frame` with what has passed of so many milliseconds, from 0 to 1, as long as `part` is on the page.
function play(part, milliseconds, frame) {
  const start = performance.now();
  const next = () => {
    const passed = Math.min((performance.now() - start) / milliseconds, 1);
    frame(passed);
    if (passed < 1 && part.isConnected) requestAnimationFrame(next);
  };
  next();
}

const curvesOf = (part) => [...part.querySelectorAll(".curve")];
const pointsOf = (part) => curvesOf(part).map((curve) => curve.getAttribute("points").split(/[ ,]/).map(Number));

// The curves come from where they stood; two that meet shine as they do.
function glide(box, before, isMeeting) {
  const curves = curvesOf(box), texts = curves.map((curve) => curve.getAttribute("points")), after = pointsOf(box);
  if (before.length !== after.length || before.some((points, k) => points.length !== after[k].length)) return;
  const [first] = box.children;
  play(first, isMeeting ? MEETS : GLIDES, (passed) => {
    const share = passed * passed * (3 - 2 * passed);
    const between = (k) => after[k].map((end, i) => before[k][i] + share * (end - before[k][i])).join(" ");
    curves.forEach((curve, k) => curve.setAttribute("points", passed < 1 ? between(k) : texts[k]));
    if (passed === 1 && isMeeting) first.classList.add("met");
  });
}

// The curves grow from point to point, each with a dot at its head; a wide one leads, and what lies between two curves
// is told where the later head is. An event `grown` tells other drawings at which point that is.
function grow(box, { panels, width, height, right }) {
  [...box.children].forEach((svg, k) => {
    const curves = curvesOf(svg), points = pointsOf(svg), title = panels[k].x.title;
    const told = panels[k].curves.filter(({ constant }) => !constant);
    const gap = make("line", { class: "gap" }, svg), says = make("text", { class: "end", x: width - right, y: height - 6 }, svg);
    const heads = curves.map((_, j) => make("circle", { class: `head ${told[j].meaning}`, r: 4.5 }, svg));
    const parts = [...heads, gap, says];
    play(svg, GROWS, (passed) => {
      const xs = told[0].x, at = Math.round(Math.max(0, (passed - LEADS) / (1 - LEADS)) * (xs.length - 1));
      const lead = Math.round(Math.min(1, passed / (1 - LEADS)) * (xs.length - 1));
      dispatchEvent(new CustomEvent("grown", { detail: at }));
      const upTo = (part, cx) => { part.style.clipPath = passed < 1 ? `inset(0 ${width - cx}px 0 0) view-box` : ""; };
      points.forEach((line, j) => {
        const head = told[j].wide ? lead : at, [cx, cy] = [line[2 * head], line[2 * head + 1]];
        heads[j].setAttribute("cx", cx);
        heads[j].setAttribute("cy", cy);
        upTo(curves[j], cx);
      });
      const x = points[0][2 * at], [y1, y2] = [points[0], points.at(-1)].map((line) => line[2 * at + 1]);
      svg.querySelectorAll(".band").forEach((band) => upTo(band, x));
      for (const [name, value] of Object.entries({ x1: x, x2: x, y1, y2 })) gap.setAttribute(name, value);
      says.textContent = `${xs[at]} ${title}`;
      if (passed === 1) parts.forEach((part) => part.remove());
    });
  });
}

function drawPanels(box, data) {
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
      class: panel.meaning });
    for (const [value, text] of panel.x.ticks) {
      make("line", { class: "grid", x1: x(value), x2: x(value), y1: top, y2: height - bottom }, svg);
      const inside = Math.min(x(value), width - 4 * text.length);  // a long one at the end would be cut
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
