const COUNTS = 2800, SMALLEST = 1e-17;  // milliseconds, as long as curves.js lets the curves meet; and a logarithm has no place for 0
const before = new WeakMap();  // .apart → the data that it stands for

export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".apart"), last = before.get(box);
  if (last && last.apart === data.apart && last.times === data.times) return;  // what moves is not cut short by a rerun
  before.set(box, data);
  const write = (text, isOver) => {
    const value = make("output", { class: isOver ? "value" : "value moving" });
    value.textContent = text;
    const words = make("span", {});
    words.textContent = `largest difference between their predictions${isOver && data.one ? ": only rounding" : ""}`;
    box.replaceChildren(value, " ", words);
    // stage.css: nothing says that they are one before the number has come to where it goes
    box.getRootNode().host.closest("[data-testid=stMain]").toggleAttribute("data-counting", !isOver);
  };
  const isCurrent = () => box.isConnected && before.get(box) === data;
  if (isStill() || !last && !data.times) write(data.text, true);
  else if (!last || last.times !== data.times) follow(write, data, isCurrent);
  else if (data.one && !last.one) count(write, last.apart, data, isCurrent);
  else write(data.text, true);
}

// While the curves grow: the largest difference up to their heads.
function follow(write, { so_far: soFar, text }, isCurrent) {
  write(text, true);
  const hear = ({ detail: k }) => {
    const isOver = !isCurrent() || k >= soFar.length - 1;
    if (isOver) removeEventListener("grown", hear);
    if (isCurrent()) write(isOver ? text : number(soFar[k], 2), isOver);
  };
  addEventListener("grown", hear);
}

// From the difference that it was before to that of now, power of ten by power of ten.
function count(write, from, { apart, text }, isCurrent) {
  const [start, end] = [from, apart].map((value) => Math.log(Math.max(value, SMALLEST))), begun = performance.now();
  const next = () => {
    if (!isCurrent()) return;
    const passed = Math.min((performance.now() - begun) / COUNTS, 1);
    write(passed < 1 ? number(Math.exp(start + passed * (end - start)), 2) : text, passed === 1);
    if (passed < 1) requestAnimationFrame(next);
  };
  next();
}
