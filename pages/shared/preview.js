const drawn = new Set();  // the pictures that have drawn themselves, since the page was loaded

export default function ({ parentElement, data }) {
  const svg = sheet(data, "img", 0, 1.5 * data.width);
  for (const { tag, text, ...attributes } of data.marks) make(tag, attributes, svg, text);
  show(parentElement, svg);
  if (drawn.has(data.order) || isStill()) return;
  drawn.add(data.order);
  svg.style.setProperty("--wait", `${0.2 * data.order}s`);
  svg.classList.add("first");
  svg.addEventListener("animationend", () => svg.classList.remove("first"));
}
