export default function ({ parentElement, data: { slider, of, sent, all }, setTriggerValue }) {
  const pictures = JSON.parse(sent), box = `.st-key-${slider}`;
  parentElement.asking?.abort();
  window.sentAhead = { of, pictures };  // drawAtThumb of svg.js takes it from there
  const thumb = document.querySelector(`${box} input[type=range]`);
  if (thumb) thumb.setAttribute("value", thumb.getAttribute("value"));  // as if it moved: drawings that wait for it draw
  if (all) return undefined;
  const asking = parentElement.asking = new AbortController();
  const ask = () => {
    asking.abort();
    setTriggerValue("ask", of);
  };
  for (const arrival of ["pointerover", "focusin"]) {
    document.addEventListener(arrival, ({ target }) => { if (target.closest(box)) ask(); }, { signal: asking.signal });
  }
  if (pictures.length || document.querySelector(`${box}:is(:hover, :focus-within)`)) ask();
  return () => asking.abort();
}
