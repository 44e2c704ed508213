export default function ({ parentElement, data }) {
  const svg = sheet(data, "img", 0, 1.5 * data.width);
  for (const { tag, text, ...attributes } of data.marks) make(tag, attributes, svg, text);
  show(parentElement, svg);
}
