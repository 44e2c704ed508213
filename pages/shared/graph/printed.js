export default function ({ parentElement, data: { svg, alt, narrowest, widest }, setTriggerValue }) {
  const box = parentElement.querySelector(".printed"), [name] = alt.split(";");
  box.setAttribute("aria-label", name);
  const had = box.getRootNode().activeElement?.dataset?.pick;
  box.innerHTML = svg;  // printed.py has made it
  if (had) box.querySelector(`[data-pick="${had}"]`)?.focus({ preventScroll: true });
  box.onclick = ({ target }) => {
    const edge = target.closest("[data-pick]");
    if (edge) setTriggerValue("picked", edge.dataset.pick);
  };
  box.onkeydown = (event) => {
    if (!event.target.dataset.pick || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    setTriggerValue("picked", event.target.dataset.pick);
  };
  const picture = box.firstElementChild;
  picture.setAttribute("role", svg.includes("data-pick") ? "group" : "img");
  picture.setAttribute("aria-label", alt);
  picture.style.minWidth = `${narrowest}px`;
  picture.style.maxWidth = `${widest}px`;
  const line = picture.querySelector(".picked .line");  // in view, where the box scrolls
  if (line) {
    const [at, seen] = [line, box].map((part) => part.getBoundingClientRect());
    if (at.left < seen.left || at.right > seen.right) box.scrollLeft += (at.left + at.right - seen.left - seen.right) / 2;
  }
  const hint = box.nextElementSibling;
  const tell = () => { hint.textContent = box.scrollWidth > box.clientWidth + 1 ? "↔ Push the drawing sideways to see all of it." : ""; };
  box.follower?.disconnect();
  box.follower = new ResizeObserver(tell);
  box.follower.observe(box);
}
