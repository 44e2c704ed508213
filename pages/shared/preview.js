const drawn = new Set();  // the pictures that have drawn themselves, since the page was loaded

// A text with numbers in it, a share `t` of the way along its `stops`.
const along = (stops, t) => {
  const legs = stops.length - 1, k = Math.min(Math.floor(t * legs), legs - 1), part = t * legs - k;
  const ends = String(stops[k + 1]).match(/-?[\d.]+/g);
  return String(stops[k]).replace(/-?[\d.]+/g, (number) => (1 - part) * number + part * ends.shift());
};

// Marks that have somewhere to go follow the pointer across the card: at its left edge they are where they began.
function follow(svg, moving, box) {
  const card = box.getRootNode().host.closest("[class*=st-key-card_]");
  let at = 0, goal = 0, frame = 0;
  const pose = () => moving.forEach(({ element, from, to }) =>
    Object.entries(to).forEach(([name, ends]) => element.setAttribute(name, along([from[name], ends].flat(), at))));
  const glide = () => {
    at = isStill() || Math.abs(goal - at) < 0.005 ? goal : at + 0.12 * (goal - at);
    pose();
    frame = at === goal || !svg.isConnected ? 0 : requestAnimationFrame(glide);
  };
  const go = (share) => {
    goal = share;
    if (!frame) frame = requestAnimationFrame(glide);
  };
  box.controller?.abort();  // of the picture before this one
  box.controller = new AbortController();
  const until = { signal: box.controller.signal };
  card.addEventListener("pointermove", ({ clientX }) => {
    const { left, width } = card.getBoundingClientRect();
    go(Math.min(Math.max((clientX - left) / width * 1.4 - 0.2, 0), 1));
  }, until);
  card.addEventListener("pointerleave", () => go(0), until);
  card.addEventListener("focusin", () => go(1), until);
  card.addEventListener("focusout", () => go(0), until);
  return go;
}

export default function ({ parentElement, data }) {
  const svg = sheet(data, "img", 0, 1.1 * data.width), moving = [];
  for (const { tag, text, to, ...attributes } of data.marks) {
    const element = make(tag, attributes, svg, text);
    if (to) moving.push({ element, from: attributes, to });
  }
  show(parentElement, svg);
  const go = moving.length ? follow(svg, moving, parentElement) : undefined;
  svg.classList.toggle("moves", moving.length > 0);
  if (drawn.has(data.order) || isStill()) return;
  drawn.add(data.order);
  if (data.order === 0) {  // the first one shows that they move
    go(1);
    setTimeout(() => go(0), 1100);
    return;
  }
  svg.style.setProperty("--wait", `${0.2 * data.order}s`);
  svg.classList.add("first");
  svg.addEventListener("animationend", () => svg.classList.remove("first"));
}
