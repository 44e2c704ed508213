export default function ({ parentElement, data }) {
  const svg = sheet(data, "group", 0.7 * data.width, 1.35 * data.width);
  for (const edge of data.edges) {
    const [x1, y1, x2, y2] = edge.line;
    make("line", { class: `edge ${edge.negative ? "negative" : ""}`, x1, y1, x2, y2,
      "stroke-width": edge.width }, svg);
  }
  for (const edge of data.edges) {
    make("text", { class: "weight", x: edge.at[0], y: edge.at[1] + 4.5 }, svg, edge.weight);
  }
  const groups = data.neurons.map((neuron) => {
    const { x, y } = neuron;
    const group = makePart(svg, "neuron", neuron.name, neuron.about, neuron.dropped ? "dropped" : "");
    make("circle", { class: "ground", cx: x, cy: y, r: data.radius }, group);
    make("circle", { class: "fill", cx: x, cy: y, r: data.radius, "fill-opacity": neuron.fill }, group);
    make("circle", { class: "ring", cx: x, cy: y, r: data.radius }, group);
    make("text", { class: "value", x, y: y + 4, "font-size": neuron.value.length > 7 ? 10 : 12 }, group,
      neuron.value);
    make("text", { class: "name", x, y: y - data.radius - 7 }, group, neuron.name);
    if (neuron.bias) make("text", { class: "bias", x, y: y + data.radius + 17 }, group, neuron.bias);
    return group;
  });
  show(parentElement, svg, groups, data.about);
}
