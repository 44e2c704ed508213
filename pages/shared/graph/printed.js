const narrow = matchMedia("(max-width: 640px)");  // as in player.css

export default function ({ parentElement, data, setTriggerValue }) {
  const box = parentElement.querySelector(".printed"), [name] = data.alt.split(";"), hint = box.nextElementSibling;
  box.setAttribute("aria-label", name);
  const draw = () => drawPrinted(box, { ...data, ...(narrow.matches ? data.narrow : {}) }, (what) => setTriggerValue("picked", what));
  draw();
  const tell = () => { hint.textContent = box.scrollWidth > box.clientWidth + 1 ? "↔ Push the drawing sideways to see all of it." : ""; };
  let wasNarrow = narrow.matches;
  box.follower?.disconnect();
  box.follower = new ResizeObserver(() => {
    if (wasNarrow !== narrow.matches) draw();
    wasNarrow = narrow.matches;
    tell();
  });
  box.follower.observe(box);
}

function drawPrinted(box, { svg, alt, narrowest, widest }, pick) {
  const at = box.getRootNode().activeElement?.dataset ?? {};
  box.innerHTML = svg;  // printed.py has made it
  const had = [...box.querySelectorAll("[data-pick], [data-join]")].find(({ dataset: { pick, join } }) =>
    at.pick && pick === at.pick || at.join && join === at.join);
  had?.focus({ preventScroll: true });
  const picture = box.firstElementChild;
  picture.setAttribute("role", /data-(pick|join)/.test(svg) ? "group" : "img");
  picture.setAttribute("aria-label", alt);
  picture.style.minWidth = `${narrowest}px`;
  picture.style.maxWidth = `${widest}px`;
  const line = picture.querySelector(".picked .line");  // in view, where the box scrolls
  if (line) {
    const [at, seen] = [line, box].map((part) => part.getBoundingClientRect());
    if (at.left < seen.left || at.right > seen.right) box.scrollLeft += (at.left + at.right - seen.left - seen.right) / 2;
  }
  const join = letJoin(box, picture, pick);
  const use = (part) => part.dataset.pick ? pick(part.dataset.pick) : join(part);
  const partOf = ({ target }) => target.closest("[data-pick], [data-join]");
  box.onclick = (event) => { if (partOf(event)) use(partOf(event)); };
  box.onkeydown = (event) => {
    if (!partOf(event) || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    use(partOf(event));
  };
}

// Two cards are joined by an arrow: one pressed after the other, or by a drag from one to the other.
function letJoin(box, picture, pick) {
  let from = null, dragged = null, band = null;
  const centre = (card) => {
    const { x, y, width, height } = card.getBBox();
    return `${x + width / 2} ${y + height / 2}`;
  };
  const leave = (card) => {
    from?.setAttribute("aria-pressed", false);
    from = card;
    from?.setAttribute("aria-pressed", true);
    band?.remove();
    band = from && make("path", { class: "band" }, picture);
  };
  const join = (card) => {
    const start = from;
    leave(start ? null : card);
    if (start && start !== card) pick(`${start.dataset.join} → ${card.dataset.join}`);
  };
  const cardUnder = ({ clientX, clientY }) => box.getRootNode().elementFromPoint(clientX, clientY)?.closest("[data-join]");
  box.onpointerdown = (event) => { dragged = cardUnder(event); };
  box.onpointermove = (event) => {
    if (dragged && dragged !== from && event.buttons && cardUnder(event) !== dragged) leave(dragged);
    if (!band) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
    band.setAttribute("d", `M ${centre(from)} L ${x} ${y}`);
  };
  box.onpointerup = (event) => {
    const card = cardUnder(event), start = dragged;
    dragged = null;
    if (!start || card === start || from !== start) return;  // a press is a click
    if (card) join(card);
    else leave(null);
  };
  return join;
}
