const played = new Set();  // the pictures that have played themselves, since the page was loaded
const waiting = new Map();  // those that are to: their place in the order → what plays them
let next = 0;  // the timer of the next turn

// A text with numbers in it, a share `t` of the way along its `stops`.
const along = (stops, t) => {
  const legs = stops.length - 1, k = Math.min(Math.floor(t * legs), legs - 1), part = t * legs - k;
  const ends = String(stops[k + 1]).match(/-?[\d.]+/g);
  return String(stops[k]).replace(/-?[\d.]+/g, (number) => (1 - part) * number + part * ends.shift());
};

// Marks that have somewhere to go follow the pointer across the card: at its left edge they are where they began.
// Returns what plays them to their end and back.
function follow(svg, moving, box) {
  const card = box.getRootNode().host.closest("[class*=st-key-card_]");
  let at = 0, goal = 0, frame = 0, last = 0, pace = Infinity;  // the largest share in a second
  const pose = () => moving.forEach(({ element, from, to }) => Object.entries(to).forEach(([name, ends]) => {
    const stops = [from[name], ends].flat();
    if (name === "text") element.textContent = stops[Math.round(at * (stops.length - 1))];
    else element.setAttribute(name, along(stops, at));
  }));
  const glide = (time) => {
    const far = goal - at, passed = Math.min(Math.max(time - last, 1) / 1000, 0.1);  // a frame may have begun before
    last = time;
    at = isStill() || Math.abs(far) < 0.005 ? goal
      : at + Math.sign(far) * Math.min((1 - Math.exp(-8 * passed)) * Math.abs(far), pace * passed);
    pose();
    frame = at === goal || !svg.isConnected ? 0 : requestAnimationFrame(glide);
  };
  const go = (share, most = Infinity) => {
    [goal, pace] = [share, most];
    if (frame) return;
    last = performance.now();
    frame = requestAnimationFrame(glide);
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
  const slow = 2.5;
  return () => {
    if (goal > 0) return;  // the reader is at it
    go(1, slow);
    setTimeout(() => { if (pace === slow) go(0, slow); }, 2600);  // most of it is the readable end
  };
}

// Let the first of those that wait play, and soon the next.
function takeTurn() {
  const first = Math.min(...waiting.keys()), play = waiting.get(first);
  waiting.delete(first);
  next = play ? setTimeout(takeTurn, 900) : 0;
  if (play) play();
}

// Each picture plays itself once, one after the other, as they come into view; where no pointer can move them, whenever
// they come into view.
function playInTurn(svg, order, play) {
  const isTouched = matchMedia("(hover: none)").matches;
  const observer = new IntersectionObserver(([{ isIntersecting }]) => {
    if (!svg.isConnected) return observer.disconnect();
    if (!isIntersecting) return waiting.delete(order);
    if (isStill() || (played.has(order) && !isTouched)) return undefined;
    if (next === 0 || played.size === 0) {  // until all have come, as they do in any order
      clearTimeout(next);
      next = setTimeout(takeTurn, 700);
    }
    return waiting.set(order, () => {
      played.add(order);
      play();
    });
  }, { threshold: 0.8 });
  observer.observe(svg);
}

export default function ({ parentElement, data }) {
  const svg = sheet(data, "img", 0, 1.1 * data.width), moving = [];
  for (const { tag, text, to, ...attributes } of data.marks) {
    const element = make(tag, attributes, svg, text);
    if (to) moving.push({ element, from: { ...attributes, text }, to });
  }
  show(parentElement, svg);
  if (moving.length) playInTurn(svg, data.order, follow(svg, moving, parentElement));
}
