export default function ({ parentElement, data, setTriggerValue }) {
  const box = parentElement.querySelector(".neurons");
  box.setAttribute("aria-label", data.title);
  drawAtThumb(box, data, (shown) => drawNeurons(box, shown, setTriggerValue));
}

function drawNeurons(box, data, setTriggerValue) {
  const buttons = data.neurons.map((neuron, j) => {
    const button = make("button", { type: "button", class: neuron.dropped ? "dropped" : "", "data-neuron": j,
      "aria-label": neuron.about, "aria-pressed": neuron.chosen });
    const svg = make("svg", { viewBox: "0 0 56 56", "aria-hidden": "true" }, button);
    make("circle", { class: "fill", cx: 28, cy: 28, r: 24, "fill-opacity": neuron.fill }, svg);
    make("circle", { class: "ring", cx: 28, cy: 28, r: 24 }, svg);
    if (neuron.dropped) {
      make("line", { class: "cross", x1: 11, y1: 11, x2: 45, y2: 45 }, svg);
      make("line", { class: "cross", x1: 45, y1: 11, x2: 11, y2: 45 }, svg);
    }
    make("text", { x: 28, y: 33 }, svg, neuron.name);
    neuron.lines.forEach((text) => make("span", {}, button, text));
    button.addEventListener("click", () => setTriggerValue("pick", j));
    return button;
  });
  replaceKeepingFocus(box, buttons, buttons);
}
