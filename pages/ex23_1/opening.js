const pictures = new WeakMap();  // .opening → what draws it: a rerun calls the function below again on the same element

function newPicture(root) {
  const find = (selector) => root.querySelector(selector), swatch = find(".key .shade");
  const square = newSquare(find(".square"), { low: -0.3, high: 1.3, edge: { left: 24, bottom: 22 }, points: 72, axes: ["x₁", "x₂"] });
  const places = [0, 1, 2];
  let data;

  // One neuron by where the sliders' thumbs are, or in its place the lines of the two that the reader has chosen
  function draw() {
    if (!root.isConnected) return;  // it has no colour any more
    const now = data.sliders.map(({ key, value }) => sliderAt(key) ?? value);
    data.sliders.forEach(({ key }, k) => {  // stage.css fills their tracks from 0, in the middle
      const { style } = document.querySelector(`.st-key-${key}`) ?? root, share = 50 + 50 * now[k] / data.largest;
      style.setProperty("--low", `${Math.min(50, share)}%`);
      style.setProperty("--high", `${Math.max(50, share)}%`);
    });
    const isMoved = now.some((value, k) => Math.abs(value - data.sliders[k].value) > 1e-9);
    const pair = isMoved ? [] : data.pair, lines = pair.length ? pair : [{ values: now }];
    const output = (x1, x2) => 1 / (1 + Math.exp(-(now[0] * x1 + now[1] * x2 + now[2])));
    const outputs = CORNERS.map((corner) => output(...corner));
    const isRight = outputs.map((y, k) => Math.abs(y - data.targets[k]) < 0.5), right = isRight.filter(Boolean).length;
    const score = find(".score"), said = pair.length ? "The lines of the two neurons" : `${right} of 4 corners are right${outputs.includes(0.5) ? "; on the line is not enough." : "."}`;
    if (score.textContent !== said) score.textContent = said;
    root.classList.toggle("pair", pair.length > 0);
    square.shade((x1, x2) => pair.length ? 0 : output(x1, x2), getComputedStyle(swatch).color.match(/[\d.]+/g).slice(0, 3).map(Number));
    square.layers.back.replaceChildren();
    square.layers.front.replaceChildren();
    const at = CORNERS.map(square.at), marks = at.map(([x, y], k) => [x, y + (CORNERS[k][1] ? 32 : -19)]);  // within the square
    for (const { name, values } of lines) square.half(values, places, pair.length ? [...at, ...[0.38, 0.5, 0.62].map((u) => square.at([u, 0.5]))] : [...at, ...marks],
      !name ? "> ½" : square.side < 250 ? name : `${name} > ½`);  // a phone has room for the name alone
    CORNERS.forEach((corner, k) => {
      dot(square.layers.front, at[k], 10, data.targets[k]);
      if (pair.length) return;
      const [x, y] = marks[k];
      make("text", { class: isRight[k] ? "mark" : "mark wrong", x, y }, square.layers.front, isRight[k] ? RIGHT : outputs[k] === 0.5 ? `½ ${WRONG}` : WRONG);
    });
    const told = CORNERS.map((corner, k) => `${nameOfCorner(corner)} should be ${data.targets[k]}`
      + (pair.length ? "" : ` and is ${number(outputs[k])}`)).join(", ");
    square.svg.setAttribute("aria-label", `The square of inputs: ${told}`);
  }

  const redraw = () => { square.resize(); if (data) draw(); };
  swatch.addEventListener("transitionend", () => draw());  // a theme chosen in the menu reaches no script
  new ResizeObserver(redraw).observe(find(".square"));
  redraw();
  return (said) => {
    data = said;
    draw();
    followSliders(root, data.sliders.map(({ key }) => key), draw);
  };
}

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".opening");
  if (!pictures.has(root)) pictures.set(root, newPicture(root));
  pictures.get(root)(data);
}
