// The square of two inputs, which the pictures of one neuron and of a network share: this stands in front of their scripts.

const CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]];
const nameOfCorner = ([x1, x2]) => `(${x1}, ${x2})`;
const RIGHT = "✓", WRONG = "✖";

const LOGIC = {  // what a neuron computes, by its outputs at the four corners
  "0000": "always below ½", "1111": "always above ½", "0001": "AND", "0111": "OR", "1110": "NAND", "1000": "NOR", "0110": "XOR",
  "1001": "XNOR", "0011": "acts like x₁", "0101": "acts like x₂", "1100": "NOT x₁", "1010": "NOT x₂", "0010": "x₁ AND NOT x₂",
  "0100": "NOT x₁ AND x₂", "1011": "x₁ OR NOT x₂", "1101": "NOT x₁ OR x₂",
};
// Empty where an output is ½ and on no side.
const logicOf = (outputs) => outputs.some((h) => h === 0.5) ? "" : LOGIC[outputs.map((h) => Number(h > 0.5)).join("")];

// Where the line a u + b v + c = 0 enters and leaves the square from `low` to `high`; null where it does not cross.
export const crossing = (a, b, c, low, high) => {
  const ends = [low, high].flatMap((side) => [
    ...(b ? [[side, -(a * side + c) / b]] : []), ...(a ? [[-(b * side + c) / a, side]] : [])]);
  const inside = ends.filter((end) => end.every((u) => u >= low - 1e-9 && u <= high + 1e-9));
  inside.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const first = inside[0], last = inside[inside.length - 1];
  return inside.length > 1 && Math.hypot(last[0] - first[0], last[1] - first[1]) > 1e-6 ? [first, last] : null;
};

// A square with a shade in it and axes; `edge` has the room in pixels kept at its left and bottom.
function newSquare(box, { low, high, edge, points, axes }) {
  const canvas = box.querySelector("canvas"), svg = box.querySelector("svg");
  const context = canvas.getContext("2d"), inner = 4;
  canvas.width = canvas.height = points;
  const image = context.createImageData(points, points);
  const layers = { axes: make("g", {}, svg), back: make("g", {}, svg), front: make("g", {}, svg) };
  const square = { svg, layers, side: 0 };
  square.x = (u) => edge.left + (u - low) / (high - low) * square.side;
  square.y = (v) => inner + (high - v) / (high - low) * square.side;
  square.at = ([u, v]) => [square.x(u), square.y(v)];
  square.low = low;
  square.high = high;

  square.resize = () => {
    const width = box.clientWidth;
    square.side = Math.max(width - edge.left - inner, 1);
    const height = square.side + inner + edge.bottom;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.style.height = `${height}px`;
    Object.assign(canvas.style, { left: `${edge.left}px`, top: `${inner}px`, width: `${square.side}px`,
      height: `${square.side}px` });
    layers.axes.replaceChildren();
    make("rect", { class: "frame", x: edge.left, y: inner, width: square.side, height: square.side }, layers.axes);
    for (const tick of [0, 1]) {
      make("text", { x: square.x(tick), y: height - edge.bottom + 15 }, layers.axes, String(tick));
      make("text", { class: "end", x: edge.left - 5, y: square.y(tick) + 4.5 }, layers.axes, String(tick));
    }
    make("text", { class: "axis", x: square.x(0.5), y: height - edge.bottom + 15 }, layers.axes, axes[0]);
    make("text", { class: "end axis", x: edge.left - 3, y: square.y(0.5) + 4.5 }, layers.axes, axes[1]);
  };

  // Shade it by a function with values from 0 to 1, in the colour of three channels.
  square.shade = (value, color) => {
    const step = (high - low) / points;
    for (let row = 0, k = 0; row < points; row++)
      for (let column = 0; column < points; column++, k += 4) {
        image.data.set(color, k);
        image.data[k + 3] = 215 * value(low + (column + 0.5) * step, high - (row + 0.5) * step);
      }
    context.putImageData(image, 0, 0);
  };

  // The line where a neuron's output is ½, and a word on the side where it is more, where it keeps off the points `at`;
  // returns the points of both, none where the line does not cross the square.
  square.half = (now, places, at, said = "> ½") => {
    const [a, b, c] = places.map((place) => now[place]), ends = crossing(a, b, c, low, high);
    if (!ends) return { line: [], word: [] };
    const line = ends.map(square.at), [[x1, y1], [x2, y2]] = line, size = Math.hypot(a, b);
    make("line", { class: "half", x1, y1, x2, y2 }, layers.back);
    const room = ([x, y]) => Math.min(...at.map(([u, v]) => Math.hypot(u - x, v - y)), ...[x - edge.left, edge.left
      + square.side - x, y - inner, inner + square.side - y].map((far) => 2 * far - 8));
    const [x, y] = [0.5, 0.35, 0.65, 0.2, 0.8].map((t) =>
      [x1 + t * (x2 - x1) + (8 + 4 * said.length) * a / size, y1 + t * (y2 - y1) - (7 + 2 * said.length) * b / size])
      .reduce((best, place) => room(best) < 30 && room(place) > room(best) ? place : best);
    if (!said || room([x, y]) < 20) return { line, word: [] };
    make("text", { class: "side", x, y: y + 5 }, layers.back, said);
    return { line, word: [[x, y]] };
  };
  // What is said in a square that is empty
  square.plate = (said) => {
    const x = square.x((low + high) / 2), y = square.y((low + high) / 2), width = 7 * said.length;
    make("rect", { class: "plate", x: x - width / 2, y: y - 17, width, height: 24, rx: 4 }, layers.front);
    make("text", { x, y }, layers.front, said);
  };
  return square;
}

const dot = (parent, [x, y], radius, isOne) =>
  make("circle", { class: `dot ${isOne ? "one" : ""}`, cx: x, cy: y, r: radius }, parent);
