// What every component's script may use: it is put in front of each of them.

const SVG = "http://www.w3.org/2000/svg";

// A new element at the end of `parent`: of SVG inside a drawing, of HTML elsewhere.
const make = (tag, attributes, parent, text) => {
  const isSvg = tag === "svg" || (parent && parent.namespaceURI === SVG);
  const element = isSvg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  if (parent) parent.appendChild(element);
  return element;
};

const HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹";

// A power of ten as `number` writes it, of a number such as 4.54e-5: 4.54·10⁻⁵
const inPowers = (text) => {
  const [factor, power] = text.split("e").map(Number);
  const high = String(power).replace("-", "⁻").replace(/\d/g, (digit) => HIGH[digit]);
  return `${factor < 0 ? "-" : ""}${Math.abs(factor) === 1 ? "" : `${Math.abs(factor)}·`}10${high}`;
};

// A finite number as `number` of numbers.py writes it: no trailing zeros, thousands grouped, in powers of ten where it is tiny.
const number = (x, digits = 4) => {
  const rounded = Number(x.toPrecision(digits)), size = Math.abs(rounded);
  const isPlain = size === 0 || (size >= 1e-3 && size <= 1e5);
  const text = isPlain ? String(rounded).replace(/(?<!\.\d*)\d(?=(\d{3})+(\.|$))/g, "$&,") : inPowers(x.toExponential(digits - 1));
  return text.replaceAll("-", "\u2212");
};

// The number that `number`, here or in Python, has written.
const readNumber = (text) => {
  const plain = text.replaceAll("\u2212", "-").replaceAll(",", "");
  const inDigits = (high) => high.replace("⁻", "-").replace(/[⁰-⁹¹²³]/g, (digit) => HIGH.indexOf(digit));
  return Number(plain.replace(/^(-?)(?:([\d.]+)·)?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/, (_, sign, factor = "1", power) => `${sign}${factor}e${inDigits(power)}`) || NaN);
};

// The sign between a formula and its value as it is shown: ≈ where digits are left out.
const equals = (value, shown = number(value)) =>
  Math.abs(readNumber(shown) - value) <= 1e-12 * Math.abs(value) ? "=" : "≈";

// The name of an element that can have the focus: its data- attributes, which outlive being drawn anew.
const nameOf = (part) => part && part.dataset ? Object.values(part.dataset).join() : "";

// Put `drawn` into `box` in place of what is there; the one of `parts` that had the focus gets it back, and is returned.
const replaceKeepingFocus = (box, drawn, parts) => {
  const name = nameOf(box.getRootNode().activeElement);
  const focused = name && parts.find((part) => nameOf(part) === name);
  box.replaceChildren(...drawn);
  if (focused) focused.focus({ preventScroll: true });
  return focused;
};

const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;  // whether the reader wants no motion

// The drawing `stage` that an experiment has just changed, and the question below it, on one screen; where they are too
// tall for it, the question and as much above it as there is room for. With room left, the names of the tabs come, too,
// where `andTabs` says so.
const bringIntoView = (stage, andTabs = false, frames = 600) => {
  const question = document.querySelector(".st-key-experiment_words"), bar = 48, page = document.querySelector("[data-testid=stMain]");
  if (!question?.querySelector("button") || question.querySelector(".st-key-experiment_told"))  // not drawn yet, or not anew
    return frames && requestAnimationFrame(() => bringIntoView(stage, andTabs, frames - 1));
  const most = Math.min(...[stage, question].map((part) => part.getBoundingClientRect().top)) - bar, tabs = andTabs && document.querySelector("[data-testid=stTabs] [role=tablist]");
  let by = Math.min(0, most);
  if (tabs) by = Math.max(by, Math.min(most, tabs.getBoundingClientRect().bottom + 8 - innerHeight));
  by = Math.max(by, question.getBoundingClientRect().bottom + 8 - innerHeight);
  page.scrollBy({ top: by, behavior: isStill() ? "instant" : "smooth" });
};

// Scroll to what stands in these, from the first to the last, once it is shown and nothing above it moves it any more:
// no further than that it is whole, or begins at the top, below a bar.
const bringIntoSight = (first, last, bar = 60, frames = 240, atRest = 0, before = "") => {
  const [from, to] = [first, last].map((name) => document.querySelector(name)?.getBoundingClientRect());
  const place = `${from?.top} ${to?.bottom}`;
  if (!from?.height || !to?.height || atRest < 10) {
    const again = () => bringIntoSight(first, last, bar, frames - 1, place === before ? atRest + 1 : 0, place);
    return frames && requestAnimationFrame(again);
  }
  const by = Math.min(to.bottom + 12 - innerHeight, from.top - bar);
  if (by > 0 || from.top < bar) document.querySelector("[data-testid=stMain]").scrollBy({ top: by, behavior: isStill() ? "instant" : "smooth" });
};

// Draw anew whenever the thumb of one of these Streamlit sliders moves, named by their keys. While it is dragged
// Streamlit tells its script nothing, and afterwards a script takes its time; the page in the browser need not wait.
const followSliders = (box, keys, draw) => {
  if (box.follower) box.follower.disconnect();
  box.follower = new MutationObserver((records) => {
    if (!box.isConnected) box.follower.disconnect();
    else if (records.some(({ target }) => keys.some((key) => target.closest(`.st-key-${key}`)))) draw();
  });
  const page = document.querySelector("[data-testid=stMain]");
  box.follower.observe(page, { subtree: true, attributeFilter: ["value"] });
};

// Where the thumb of a Streamlit slider is: its value, or the position of it among those of a select slider.
const sliderAt = (key) => {
  const thumb = document.querySelector(`.st-key-${key} input[type=range]`);
  return thumb ? Number(thumb.getAttribute("value")) : undefined;
};

// Draw `data`, and whenever the thumb of one of the sliders that they follow moves, `data` with what ahead.py has sent
// for its value, as `draw(data, true)`. Where nothing has come for it, the drawing stays; what the server sends for a
// value the thumb has left is not drawn.
const drawAtThumb = (box, data, draw) => {
  const { follow: { key, thumbs } } = data;
  box.follower?.disconnect();
  if (!thumbs.length) return draw(data, false);
  const isSame = (a, b) => Math.abs(a - b) < 1e-9;
  const pick = () => {
    const away = thumbs.filter(({ slider, at }) => !isSame(sliderAt(slider) ?? at, at));
    const place = box.getRootNode().host.closest("[class*=picture]");
    place?.toggleAttribute("data-ahead", away.length > 0);  // of what the server says
    if (!away.length) return data;
    if (away.length > 1) return undefined;
    const [{ slider, of }] = away, pictures = window.sentAhead?.get(of) ?? [];
    const picture = [...pictures].find(([value]) => isSame(value, sliderAt(slider)))?.[1];
    return picture && { ...data, ...picture[key] };
  };
  const shown = pick() ?? data;
  draw(shown, shown !== data);
  followSliders(box, thumbs.map(({ slider }) => slider), () => {
    const shown = pick();
    if (shown) draw(shown, true);
  });
};

// An empty drawing with its accessible name. Where its box is narrower than `narrowest`, the box scrolls.
const sheet = (data, role, narrowest, widest) => {
  const svg = make("svg", { viewBox: `0 0 ${data.width} ${data.height}`, role, "aria-label": data.description });
  svg.style.minWidth = `${narrowest}px`;
  svg.style.maxWidth = `${widest}px`;
  make("title", {}, svg, data.title);
  return svg;
};

// A part of the drawing that can be pointed at and reached by keyboard, and then says `about`.
const makePart = (svg, kind, name, about, state) => make("g", { class: `${kind} ${state}`, role: "img",
  tabindex: -1, "aria-label": about, [`data-${kind}`]: name }, svg);

// Put the drawing into its box. Tab reaches one of its parts, arrow keys go from part to part, and the part
// that has the pointer or the focus tells about itself. A part keeps the focus when it is drawn anew.
const show = (parentElement, svg, parts = [], rest = "") => {
  const about = parentElement.querySelector(".about");
  const reach = (part) => parts.forEach((other) => other.setAttribute("tabindex", other === part ? 0 : -1));
  if (about) about.textContent = rest;
  parts.forEach((part, index) => {
    const tell = () => { about.textContent = part.getAttribute("aria-label"); };
    const hush = () => { about.textContent = rest; };
    part.addEventListener("pointerenter", tell);
    part.addEventListener("pointerleave", hush);
    part.addEventListener("focus", () => { reach(part); tell(); });
    part.addEventListener("blur", hush);
    part.addEventListener("click", () => part.focus());
    part.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      parts[(index + by + parts.length) % parts.length].focus();
    });
  });
  const focused = replaceKeepingFocus(parentElement.querySelector(".drawing"), [svg], parts);
  if (parts.length) reach(focused || parts[0]);
};
