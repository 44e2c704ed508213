export default function ({ parentElement, data }) {
  const svg = sheet(data, "group", data.minimum, 1.25 * data.width);
  const groups = data.edges.map((edge) => {
    const group = makePart(svg, "edge", edge.name, edge.about, edge.state);
    const [x1, y1, x2, y2] = edge.line;
    const length = Math.hypot(x2 - x1, y2 - y1) || 1;
    const dx = (x2 - x1) / length, dy = (y2 - y1) / length;
    const back = edge.state === "now-backward";
    const tip = back ? [x1, y1] : [x2, y2], sign = back ? -1 : 1;
    const path = `M ${x1} ${y1} L ${x2} ${y2}`;
    make("path", { class: "reach", d: path }, group);
    make("path", { class: "line", d: path }, group);
    const [bx, by] = [tip[0] - sign * dx * 8, tip[1] - sign * dy * 8];
    make("path", { class: "arrow",
      d: `M ${tip[0]} ${tip[1]} L ${bx - dy * 4} ${by + dx * 4} L ${bx + dy * 4} ${by - dx * 4} Z` }, group);
    return group;
  });
  data.nodes.forEach((node) => {
    const group = make("g", { class: `node ${node.state}` }, svg);
    make("title", {}, group, node.about);
    make("circle", { cx: node.x, cy: node.y, r: data.radius }, group);
    make("text", { x: node.x, y: node.y + 4.5, "font-size": node.sign.length > 3 ? 10 : 14 }, group, node.sign);
    if (node.caption) {
      const [right, down] = node.shift;
      make("text", { class: "caption", x: node.x + right, y: node.y + down }, group, node.caption);
    }
  });
  // the numbers come last, so that no circle hides them
  data.edges.forEach((edge, index) => {
    const write = (kind, text, y) => make("text",
      { class: `number ${kind} ${edge.side}`, x: edge.x, y }, groups[index], text);
    write("forward", edge.forward, edge.forward_y);
    edge.backward.forEach((line, k) => write("backward", line, edge.backward_y + data.line_height * k));
  });
  show(parentElement, svg, groups, data.about);
  // a new step brings its edge into view, where the drawing is wider than its box
  const scroll = parentElement.querySelector(".scroll");
  const now = data.edges.find((edge) => edge.state && edge.state === data.now);
  if (now && scroll.dataset.now !== now.name) {
    scroll.dataset.now = now.name;
    const middle = (now.line[0] + now.line[2]) / 2 / data.width * svg.getBoundingClientRect().width;
    scroll.scrollLeft = middle - scroll.clientWidth / 2;
  }
}
