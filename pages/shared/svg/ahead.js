export default function ({ parentElement, data: { thumbs, of, sent }, setTriggerValue }) {
  const stores = window.sentAhead ??= new Map();  // drawAtThumb of svg.js finds there, by `of` and value, a picture
  const keep = (current) => {  // what has been sent for another choice is of no more use
    for (const { of } of parentElement.thumbs ?? []) if (!current.some((thumb) => thumb.of === of)) stores.delete(of);
    for (const { of } of current) if (!stores.has(of)) stores.set(of, new Map());
    parentElement.thumbs = current;
  };
  keep(thumbs);
  for (const [value, picture] of JSON.parse(sent)) stores.get(of).set(value, picture);
  const find = ({ slider }) => document.querySelector(`.st-key-${slider} input[type=range]`);
  const moved = sent !== "[]" && find(thumbs.find((thumb) => thumb.of === of));
  if (moved) moved.setAttribute("value", moved.getAttribute("value"));  // as if it moved: drawings that wait for it draw
  parentElement.asking?.abort();
  const asking = parentElement.asking = new AbortController();
  const ask = (arrival) => {
    const lacking = thumbs.filter((thumb) => find(thumb) && stores.get(thumb.of).size < thumb.count);
    const at = (place) => place && lacking.find(({ slider }) => place.closest(`.st-key-${slider}`));
    const thumb = at(arrival?.target) ?? at([...document.querySelectorAll(":hover")].at(-1)) ?? at(document.activeElement);
    if (!thumb) return;
    asking.abort();
    setTriggerValue("ask", { of: thumb.of, near: Number(find(thumb).getAttribute("value")),
      has: [...stores.get(thumb.of).keys()] });
  };
  for (const arrival of ["pointerover", "focusin"]) document.addEventListener(arrival, ask, { signal: asking.signal });
  ask();
  return () => {
    asking.abort();
    keep([]);
  };
}
