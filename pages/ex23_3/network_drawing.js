const states = new WeakMap();  // drawing → what outlives being drawn anew: the chosen neuron and who watches the width
const HEAD = 42, FOOT = 24, TALLEST = 220;

const fillIn = (text, neuron, value) => text.replace("{neuron}", neuron).replace("{value}", value);

// A square filled by a share from −1 to 1: the whole square above 0, its lower triangle below.
const fillCell = (parent, kind, x, y, size, share) => {
  if (share === 0) return;
  const opacity = Math.max(0.08, Math.abs(share)).toFixed(3);
  if (share > 0) make("rect", { class: kind, x, y, width: size, height: size, "fill-opacity": opacity }, parent);
  else make("path", { class: kind, d: `M ${x} ${y} v ${size} h ${size} Z`, "fill-opacity": opacity }, parent);
};

const drawPixels = (parent, { values, columns }, x, y, size) => {
  values.forEach((share, k) =>
    fillCell(parent, "pixel", x + size * (k % columns), y + size * Math.floor(k / columns), size, share));
  make("rect", { class: "outline", x, y, width: size * columns, height: size * values.length / columns }, parent);
};

// A picture on its own, for what stands beside text.
const pixelImage = (parent, grid, size, about) => {
  const width = size * grid.columns, height = size * grid.values.length / grid.columns;
  const svg = make("svg", { viewBox: `-1 -1 ${width + 2} ${height + 2}`, role: "img", "aria-label": about }, parent);
  drawPixels(svg, grid, 0, 0, size);
  return svg;
};

// The size of a layer's cells and how many stand side by side, in a column or, on a narrow screen, in rows.
const gridOf = (layer, stacked, width) => {
  const count = layer.neurons.length;
  if (layer.is_output) return { cell: 20, columns: 1, width: 142, height: 22 * count };
  const cell = count > 50 ? 11 : count > 10 ? 16 : 20;
  const bigger = stacked ? Math.max(cell, 15) : cell;
  const columns = stacked ? Math.min(count, Math.max(1, Math.floor(width / bigger)))
    : Math.ceil(count / (count > 50 ? 20 : 10));
  return { cell: bigger, columns, width: bigger * columns, height: bigger * Math.ceil(count / columns) };
};

// Where everything stands: side by side where there is room, else one below the other.
const place = (data, width) => {
  const pixel = data.picture.columns > 10 ? 4 : 14;
  const side = pixel * data.picture.columns;
  const blocks = (stacked) => [{ width: side, height: side },
    ...data.layers.map((layer) => gridOf(layer, stacked, width - 4))];
  const across = blocks(false), widths = across.map((block) => Math.max(84, block.width));
  const gaps = across.length - 1, needed = widths.reduce((a, b) => a + b, 0);
  const gap = Math.min(100, (width - 4 - needed) / gaps);
  const foot = FOOT + (data.layers[0].mistake ? 20 : 0);
  if (gap >= 20) {  // an arrow finds room
    let x = 2 + Math.max(0, (width - 4 - needed - gap * gaps) / 2);
    across.forEach((block, k) => {
      Object.assign(block, { x: x + (widths[k] - block.width) / 2, middle: x + widths[k] / 2,
        y: HEAD + (TALLEST - block.height) / 2 });
      x += widths[k] + gap;
    });
    return { blocks: across, pixel, stacked: false, height: HEAD + TALLEST + foot, foot };
  }
  const down = blocks(true);
  let y = 0;
  for (const block of down) {
    Object.assign(block, { x: (width - block.width) / 2, middle: width / 2, y: y + HEAD });
    y += HEAD + block.height + FOOT + (data.layers[0].mistake ? 20 : 0) + 34;
  }
  return { blocks: down, pixel, stacked: true, height: y - 34, foot };
};

const drawBand = (svg, from, to, stacked, way, idle, foot) => {
  const band = stacked
    ? [[from.x, from.y + from.height + foot + 4], [from.x + from.width, from.y + from.height + foot + 4],
      [to.x + to.width, to.y - HEAD - 2], [to.x, to.y - HEAD - 2]]
    : [[from.x + from.width + 3, from.y], [to.x - 3, to.y], [to.x - 3, to.y + to.height],
      [from.x + from.width + 3, from.y + from.height]];
  make("polygon", { class: `band ${idle ? "idle" : ""}`, points: band.map((point) => point.join()).join(" ") }, svg);
  if (idle) return;
  const [x, y] = stacked ? [from.middle, (band[0][1] + band[2][1]) / 2]
    : [(band[0][0] + band[1][0]) / 2, HEAD + TALLEST / 2];
  const turn = (stacked ? 90 : 0) + (way === "back" ? 180 : 0);
  make("path", { class: "arrow", d: "M -9 0 H 9 M 3 -6 L 9 0 L 3 6", transform: `translate(${x} ${y}) rotate(${turn})` },
    svg);
};

const drawWords = (svg, block, { symbol, count, largest, mistake }) => {
  make("text", { class: "symbol", x: block.middle, y: block.y - 24 }, svg, symbol);
  make("text", { x: block.middle, y: block.y - 7 }, svg, count);
  if (largest) make("text", { x: block.middle, y: block.y + block.height + 18 }, svg, largest);
  if (mistake) make("text", { class: "mistake", x: block.middle, y: block.y + block.height + 37 }, svg, mistake);
};

const drawLayer = (svg, block, layer, t, data) => layer.neurons.map((neuron, k) => {
  const x = block.x + (layer.is_output ? 20 : block.cell * (k % block.columns));
  const y = block.y + (layer.is_output ? 22 * k + 1 : block.cell * Math.floor(k / block.columns));
  const isLabel = layer.is_output && neuron === data.label;
  const about = fillIn(layer.about, neuron, layer.texts[k]);
  const part = makePart(svg, "cell", `${t}-${neuron}`, isLabel ? `${about} (${data.label_text})` : about, "");
  make("rect", { class: "frame", x: x + 0.5, y: y + 0.5, width: block.cell - 1, height: block.cell - 1 }, part);
  fillCell(part, "fill", x + 1, y + 1, block.cell - 2, layer.values[k]);
  if (layer.is_output) {
    make("text", { class: isLabel ? "label" : "", x: x - 11, y: y + 15 }, part, neuron);
    make("text", { class: `start ${isLabel ? "label" : ""}`, x: x + 27, y: y + 15 }, part,
      isLabel ? `${layer.texts[k]} ← ${data.label_text}` : layer.texts[k]);
  }
  return part;
});

const drawLegend = (box, data) => {
  const legend = make("p", { class: `legend ${data.way}` }, box);
  data.signs.forEach((text, k) => {
    const entry = make("span", {}, legend);
    const svg = make("svg", { viewBox: "0 0 14 14", "aria-hidden": "true", class: "cell" }, entry);
    make("rect", { class: "frame", x: 0.5, y: 0.5, width: 13, height: 13 }, svg);
    fillCell(svg, "fill", 1, 1, 12, k ? -1 : 1);
    entry.append(text);
  });
};

// ∇W⁽¹⁾ of the chosen neuron, as the product it is, and the later layers' gradients.
const drawGradients = (box, data, chosen) => {
  box.replaceChildren();
  if (!data.gradient) return;
  const layer = data.layers[0], k = layer.neurons.indexOf(chosen);
  const share = layer.values[k], value = layer.texts[k], neuron = layer.neurons[k];
  const words = data.gradient[share > 0 ? "positive" : share < 0 ? "negative" : value === "0" ? "zero" : "almost"];
  const first = make("figure", {}, box);
  const factors = make("div", { class: "factors" }, first);
  const size = data.picture.columns > 10 ? 4 : 14;
  pixelImage(make("span", { class: "forward" }, factors), data.picture, size, data.picture.symbol);
  make("span", {}, factors, `× ${value} =`);
  const product = { columns: data.picture.columns, values: data.picture.values.map((pixel) => pixel * share) };
  pixelImage(make("span", { class: "back" }, factors), product, size, `∇W⁽¹⁾, ${neuron}`);
  make("figcaption", { "aria-live": "polite" }, first, fillIn(words, neuron, value));
  for (const map of data.maps) {
    const figure = make("figure", { class: "map back" }, box);
    const svg = pixelImage(figure, map, 8, map.caption);
    svg.style.height = "auto";
    make("figcaption", {}, figure, map.caption);
  }
};

export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".drawing"), gradients = parentElement.querySelector(".gradients");
  if (!states.has(box)) {
    const state = { chosen: undefined, width: 0, draw: () => {} };
    states.set(box, state);
    new ResizeObserver(() => { if (Math.abs(box.clientWidth - state.width) > 2) state.draw(); }).observe(box);
  }
  const state = states.get(box);
  const first = data.layers[0];
  const largest = () => first.neurons[first.values.reduce(
    (best, share, k) => Math.abs(share) > Math.abs(first.values[best]) ? k : best, 0)];
  const chosenNow = () => data.gradient && first.neurons.includes(state.chosen) ? state.chosen : largest();

  state.draw = () => {
    state.width = box.clientWidth;
    if (!state.width) return;  // not on screen: a tab that is closed
    const { blocks, pixel, stacked, height, foot } = place(data, state.width);
    const svg = sheet({ width: state.width, height, title: data.title, description: data.title }, "group", 0,
      state.width);
    svg.classList.add(data.way);
    for (let t = 1; t < blocks.length; t++) {
      drawBand(svg, blocks[t - 1], blocks[t], stacked, data.way, t === 1 && data.way === "back", foot);
    }
    const picture = make("g", { class: "forward", role: "img", "aria-label": data.picture.symbol }, svg);
    drawPixels(picture, data.picture, blocks[0].x, blocks[0].y, pixel);
    drawWords(svg, blocks[0], data.picture);
    const layers = data.layers.map((layer, k) => {
      drawWords(svg, blocks[k + 1], layer);
      return drawLayer(svg, blocks[k + 1], layer, k + 1, data);
    });
    const mark = () => {
      const chosen = chosenNow();
      layers[0].forEach((part, k) => part.classList.toggle("chosen", Boolean(data.gradient) && first.neurons[k] === chosen));
      drawGradients(gradients, data, chosen);
    };
    if (data.gradient) layers[0].forEach((part, k) => part.addEventListener("focus", () => {
      state.chosen = first.neurons[k];
      mark();
    }));
    show(parentElement, svg, layers.flat(), data.about);
    mark();
    if (data.signed) drawLegend(box, data);
  };
  state.draw();
}
