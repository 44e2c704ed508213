let begun = 0;  // how many experiments the picture has answered; one of them may draw it in another place
const folds = new WeakMap();  // .fold → what draws it: a rerun calls the function below again on the same element

// What the network computes, and how it is written

const SHARPNESS = 9;  // its place behind the nine parameters, which stand as in `Network.parameters`
const GROUPS = {  // the places of each neuron's weights and bias, and what multiplies the weights
  h1: { name: "h₁", z: "z₁⁽¹⁾", places: [0, 2, 4], symbols: ["w₁₁⁽¹⁾", "w₂₁⁽¹⁾", "b₁⁽¹⁾"], from: ["x₁", "x₂"] },
  h2: { name: "h₂", z: "z₂⁽¹⁾", places: [1, 3, 5], symbols: ["w₁₂⁽¹⁾", "w₂₂⁽¹⁾", "b₂⁽¹⁾"], from: ["x₁", "x₂"] },
  y: { name: "y", z: "z⁽²⁾", places: [6, 7, 8], symbols: ["w₁⁽²⁾", "w₂⁽²⁾", "b⁽²⁾"], from: ["h₁", "h₂"] },
};

const netInput = (now, places, u, v) => {
  const [w1, w2, b] = places.map((place) => now[place]);
  return now[SHARPNESS] * (w1 * u + w2 * v + b);
};
const output = (now, places, u, v) => 1 / (1 + Math.exp(-netInput(now, places, u, v)));

// [h₁, h₂, y] at an input; `now` holds nine parameters and the sharpness.
export const forward = (now, x1, x2) => {
  const h1 = output(now, GROUPS.h1.places, x1, x2), h2 = output(now, GROUPS.h2.places, x1, x2);
  return [h1, h2, output(now, GROUPS.y.places, h1, h2)];
};

// An output: four decimals, or the eight of the exercise where four could not tell it from 1; scientific where it is tiny.
export const share = (y) => {
  if (y > 0 && Number(y.toPrecision(4)) < 1e-3) return number(y);
  const few = y.toFixed(4), many = y.toFixed(8);
  if (Number(few) > 0 && Number(few) < 1) return String(Number(few));
  return Number(many) > 0 && Number(many) < 1 ? many : `≈ ${Math.round(y)}`;
};
// What is typed in a field; NaN where it is no number.
const typedNumber = (text) => Number(text.trim().replace("−", "-").replace(",", ".") || NaN);

// Squares

const NAME_WIDTH = 42, MARK_WIDTH = 15, NAME_HEIGHT = 17;  // pixels of a corner's name, and of a mark behind it
const REACH = 30;  // of the sliders, in whole steps, which a mouse can hit; a field takes any number up to the largest
const SMALL = 130;  // pixels: a square as on a phone, where only the first one has the marks
const TOGETHER = 0.1;  // points of the last square nearer than this have fallen together
const HIDDEN = 0.03;  // nearer than this one dot would hide the other
const ON_ONE = 1e-6;  // and nearer than this they lie on one point
const CROWDED = 0.3;  // and nearer than this have their names in one column
const CLOSE = 40;  // pixels: as near as this they have them in one column while they fly
const MESH = [0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1], ALONG = Array.from({ length: 25 }, (_, k) => k / 24);
const THREADS = MESH.flatMap((u) => [ALONG.map((v) => [u, v]), ALONG.map((v) => [v, u])]);  // of the sheet that folds

const ABOUT_NEURON = "A neuron multiplies each input by a weight, and adds a bias. Where this sum is above 0, its output is above ½.";
const ABOUT_FOLDING = "Folding moves each point (x₁, x₂) of the square to its new coordinates (h₁, h₂), the outputs of the "
  + "two hidden neurons there.";

// A line with a point at every 6 pixels
const alongOf = (points) => points.slice(1).flatMap(([x, y], k) => {
  const [dx, dy] = [x - points[k][0], y - points[k][1]], count = Math.ceil(Math.hypot(dx, dy) / 6);
  return Array.from({ length: count }, (_, j) => [x - dx * j / count, y - dy * j / count]);
});
const pathOf = (points) => `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
// Corners that fall on nearly one point, as lists of their places.
export const together = (points, near = TOGETHER) => {
  const clusters = [];
  points.forEach((point, k) => {
    const cluster = clusters.find((others) => others.some((j) =>
      Math.hypot(point[0] - points[j][0], point[1] - points[j][1]) < near));
    if (cluster) cluster.push(k); else clusters.push([k]);
  });
  return clusters;
};

// Where names of that width stand, a column or a row for each of the `crowds` of corners: where they cover the fewest of
// `points`, within the box [left, top, right, bottom]. `at` is where the corners are, `away` how far from them.
const placeNames = (crowds, at, points, [left, top, right, bottom], away, width) => {
  const taken = [];
  return crowds.flatMap((crowd) => {
    const [us, vs] = [0, 1].map((axis) => crowd.map((k) => at[k][axis])), height = NAME_HEIGHT * crowd.length;
    const [l, r, t, b] = [Math.min(...us) - away, Math.max(...us) + away, Math.min(...vs) - away, Math.max(...vs) + away];
    const middle = [(l + r - width) / 2, (t + b - height) / 2], near = 0.3 * away, row = [width * crowd.length, NAME_HEIGHT];
    const cost = ([x, y, w, h]) => {
      const covers = (room) => ([u, v]) => u > x - room && u < x + w + room && v > y - room && v < y + h + room;
      const overlaps = taken.filter(([u, v, other, high]) => u < x + w && x < u + other && v < y + h && y < v + high);
      return points.filter(covers(0)).length + 300 * at.filter(covers(7)).length + 300 * overlaps.length
        + 100 * (Math.max(0, left - x) + Math.max(0, x + w - right) + Math.max(0, top - y) + Math.max(0, y + h - bottom));
    };
    const [x, y, w] = [[r, middle[1]], [l - width, middle[1]], [r - near, t - height + near], [r - near, b - near],
      [l - width + near, t - height + near], [l - width + near, b - near], [middle[0], t - height], [middle[0], b],
      [(l + r - row[0]) / 2, b - near, ...row], [(l + r - row[0]) / 2, t - NAME_HEIGHT + near, ...row]]
      .map(([x, y, w = width, h = height]) =>
        [Math.max(left + 3, Math.min(x, right - w)), Math.max(top, Math.min(y, bottom - h)), w, h])
      .reduce((best, place) => cost(place) < cost(best) ? place : best);
    const isRow = w > width;
    taken.push([x, y, w, isRow ? NAME_HEIGHT : height]);
    crowd.sort((one, other) => isRow ? at[one][0] - at[other][0] : at[one][1] - at[other][1]);
    return crowd.map((k, j) => ({ k, x: x + isRow * width * j, y: y + !isRow * NAME_HEIGHT * j + 13 }));
  });
};

// Names of that width that would overprint each other move apart, within a square of that side.
export const spread = (names, side, width) => {
  const areNear = (one, other) => Math.abs(one.x - other.x) < width;
  const before = (k, name) => names.slice(0, k).filter((other) => areNear(name, other));
  names.sort((one, other) => one.y - other.y);
  names.forEach((name, k) => before(k, name).forEach((other) => {
    name.y = Math.max(name.y, other.y + NAME_HEIGHT);
  }));
  names.reverse().forEach((name, k) => {
    name.y = Math.min(Math.max(name.y, NAME_HEIGHT), side);
    before(k, name).forEach((other) => { name.y = Math.min(name.y, other.y - NAME_HEIGHT); });
  });
  return names;
};

// Whether a straight line has all points that want 1 on one side, and the others on the other.
const canBeParted = (points, targets) => Array.from({ length: 360 }, (_, k) => k * Math.PI / 180).some((angle) => {
  const far = (target) => points.filter((_, k) => targets[k] === target)
    .map(([u, v]) => u * Math.cos(angle) + v * Math.sin(angle));
  return Math.min(...far(1)) - Math.max(...far(0)) > ON_ONE;
});

// What the last square shows, in a sentence.
export const tellFold = (points, targets, right) => {
  const name = (k) => nameOfCorner(CORNERS[k]);
  const nameAll = (cluster) => cluster.length === 4 ? "All four corners"
    : cluster.length === 3 ? `The corners other than ${name([0, 1, 2, 3].find((k) => !cluster.includes(k)))}`
    : cluster.map(name).join(" and ");
  const land = (cluster) => `${nameAll(cluster)} land `
    + (together(cluster.map((k) => points[k]), ON_ONE).length > 1 ? "almost on one point" : "on one point");
  const clusters = together(points).filter((cluster) => cluster.length > 1);
  const mixed = clusters.find((cluster) => new Set(cluster.map((k) => targets[k])).size > 1);
  if (mixed) return `${land(mixed)}, but their targets differ.`;
  const folded = clusters.length ? `${land(clusters[0])}. ` : "";
  if (right === 4) return `${folded}One straight line separates ● from ○.`;
  if (!folded) return "No two corners have merged yet.";
  return folded + (canBeParted(points, targets) ? "Now one straight line can be enough."
    : "But no straight line separates ● from ○.");
};

function newFold(root, hand, largest) {
  const find = (selector) => root.querySelector(selector), all = (selector) => [...root.querySelectorAll(selector)];
  const axes = { x: ["x₁", "x₂"], h: ["h₁", "h₂"] };
  const big = { left: 22, bottom: 20 };
  const squares = {
    x: newSquare(find(".x .square"), { low: -0.3, high: 1.3, edge: big, points: 56, axes: axes.x }),
    h1: newSquare(find(".h1 .square"), { low: -0.3, high: 1.3, edge: big, points: 36, axes: axes.x }),
    h2: newSquare(find(".h2 .square"), { low: -0.3, high: 1.3, edge: big, points: 36, axes: axes.x }),
    h: newSquare(find(".h .square"), { low: -0.15, high: 1.15, edge: big, points: 56, axes: axes.h }),
  };
  const swatch = find(".key .shade"), travel = find(".travel input"), play = find(".play"), flight = find(".flight");
  let data, now, wanted;  // what Python said; what is drawn; where it is gliding to
  let edits = 0, gliding = 0, flying = 0, isSolved = false;
  let isOwed = false, isReplayed = false;  // the fold, which shows why one line is enough
  let isAsked = false;  // the fold, by who moves y before it
  let mayFold = false, mayBlunt = false, mayAdd = false;  // whether fold, sharpness and sums have been of use
  let noted = 0;  // the timer of what is said of a typed number
  let color = [0, 0, 0];

  // Sliders, and beside each a field to type in

  const fields = [];
  function newRow(parent, place, words, about, range) {
    const row = make("label", { class: "row", title: about }, parent);
    make("span", {}, row, words);
    const slider = make("input", { type: "range", ...range, "aria-label": about, "data-place": place }, row);
    const typed = make("input", { type: "text", autocomplete: "off", "aria-label": `${about}, typed`,
      "data-typed": place }, row);
    fields[place] = { slider, typed };
    slider.addEventListener("input", () => edit(place, slider.valueAsNumber, slider));
    typed.addEventListener("input", () => edit(place, typedNumber(typed.value), typed));
    typed.addEventListener("change", () => explain(place, row));
    for (const input of [slider, typed])
      input.addEventListener("change", () => { fill(place, wanted[place]); tell(); if (isOwed || isAsked) refold(); });
  }
  for (const [group, { name, places, symbols, from }] of Object.entries(GROUPS))
    places.forEach((place, k) => newRow(find(`.${group} .rows`), place, k < 2 ? `weight of ${from[k]}` : "bias",
      k < 2 ? `Weight ${symbols[k]} from ${from[k]} to ${name}` : `Bias ${symbols[k]} of ${name}`,
      { min: -REACH, max: REACH, step: 1 }));
  newRow(find(".blunt .rows"), SHARPNESS, "Sharpness, times all numbers",
    "Sharpness, which multiplies all weights and biases", { min: 0, max: 2, step: 0.05 });

  function fill(place, value, except) {
    const { slider, typed } = fields[place];
    if (except !== slider) slider.value = value;
    const share = (at) => (Math.min(Math.max(at, slider.min), slider.max) - slider.min) / (slider.max - slider.min);
    slider.style.setProperty("--from", Math.min(share(0), share(value)));
    slider.style.setProperty("--to", Math.max(share(0), share(value)));
    if (except !== typed) typed.value = String(Number(value.toFixed(data.by_hand ? 4 : 2))).replace("-", "−");
  }

  const rangeOf = (place) => place === SHARPNESS ? [0, 2] : [-largest, largest];

  // Why another number stands in a field than was typed, below it for a while
  function explain(place, row) {
    const { typed } = fields[place], asked = typedNumber(typed.value), kept = wanted[place], note = find(".note");
    const [low, high] = rangeOf(place), written = (value) => String(value).replace("-", "−");
    if (asked === kept || !typed.value.trim()) return;
    setText(note, Number.isNaN(asked) ? `“${typed.value}” is no number, so ${written(kept)} stays.`
      : asked < low || asked > high ? `It goes from ${written(low)} to ${written(high)}, so ${written(asked)} became ${written(kept)}.`
      : `It has four decimals, so ${written(asked)} became ${written(kept)}.`);
    note.style.top = `${row.offsetTop + row.offsetHeight + 2}px`;
    note.style.right = `${Math.max(0, find(".network").clientWidth - row.offsetLeft - row.offsetWidth)}px`;
    clearTimeout(noted);
    noted = setTimeout(() => setText(note, ""), 8000);
  }

  function edit(place, value, input) {
    if (!Number.isFinite(value)) return;
    const [low, high] = rangeOf(place);
    settle();
    setText(find(".note"), "");
    now[place] = Number(Math.min(Math.max(value, low), high).toFixed(4));
    wanted = [...now];
    fill(place, now[place], input);
    edits += 1;  // what Python says from now on is old, until it has heard of this
    isAsked ||= GROUPS.y.places.includes(place) && mayFold && !isAway();  // y's line is drawn where the sheet lands
    draw();
  }

  const tell = () => hand.send({ values: wanted.slice(0, 9), sharpness: wanted[SHARPNESS],
    corner: data.corner, edits });

  // A neuron whose mission is still to come shows its sliders when it comes, when they have been moved, or on request.

  const opened = new Set();
  for (const group of ["h2", "y"])
    find(`.${group} .wait button`).addEventListener("click", () => {
      opened.add(group);
      draw();
      fields[GROUPS[group].places[0]].slider.focus();
    });
  const isWaiting = (group) => {
    const order = Object.keys(GROUPS), isUntouched = GROUPS[group].places.every((place) => wanted[place] === data.start[place]);
    return data.by_hand && isUntouched && !opened.has(group) && !isAway()
      && order.indexOf(group) > Math.max(order.indexOf(data.mission.at), order.indexOf(data.mission.reached));
  };

  // A hidden neuron whose mission is done shows its numbers in a line, until the reader wants to change them; those of
  // a network that learns cannot be moved.
  const changing = new Set();
  for (const group of ["h1", "h2"])
    find(`.${group} .change button`).addEventListener("click", () => {
      changing.add(group);
      draw();
      fields[GROUPS[group].places[0]].slider.focus({ preventScroll: true });
    });
  const isSettled = (group) => {
    const { at, done } = data.mission;
    if (!data.by_hand) return true;
    return group !== "y" && group !== at && (at === "y" || done.includes(group)) && !changing.has(group) && !isWaiting(group);
  };

  // Corners of the first square: to choose one shows its sums

  const corners = CORNERS.map((corner, k) => {
    const group = make("g", { class: "corner", role: "radio", "data-corner": corner.join("") }, squares.x.layers.front);
    group.addEventListener("click", () => choose(k));
    group.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, " ": 0, Enter: 0 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      choose((k + by + 4) % 4);
      corners[data.corner].focus();
    });
    return group;
  });

  function choose(k) {
    data.corner = k;
    mayAdd = true;
    edits += 1;
    draw();
    tell();
  }

  // Motion

  function settle() {
    cancelAnimationFrame(gliding);
    gliding = 0;
  }

  function glide(target) {
    settle();
    wanted = target;
    if (!now || isStill() || !data.by_hand) { now = [...target]; return draw(); }
    const from = [...now], start = performance.now();
    const move = (time) => {
      const t = Math.min(Math.max((time - start) / 700, 0), 1), eased = t * t * (3 - 2 * t);
      now = target.map((value, k) => t === 1 ? value : from[k] + eased * (value - from[k]));
      gliding = t < 1 ? requestAnimationFrame(move) : 0;
      draw();
    };
    gliding = requestAnimationFrame(move);
  }

  function land() {
    cancelAnimationFrame(flying);
    flying = 0;
    isReplayed = isOwed = isAsked = false;
  }

  function fly(duration = 2200) {
    const from = Number(travel.value), to = from < 1 ? 1 : 0;
    if (isStill()) { travel.value = to; return draw(); }
    const start = performance.now();
    const move = (time) => {
      const t = Math.min(Math.max((time - start) / duration, 0), 1);
      travel.value = from + (to - from) * t * t * (3 - 2 * t);
      if (t < 1) flying = requestAnimationFrame(move); else land();
      draw();
    };
    flying = requestAnimationFrame(move);
  }

  // The fold from its beginning, whether or not it has been seen; what is said goes on as if it were done.
  function refold() {
    land();
    travel.value = 0;
    isReplayed = true;
    draw();
    fly(1500);
  }
  play.addEventListener("click", () => { land(); fly(); });
  travel.addEventListener("input", () => { land(); draw(); });

  // Drawing

  function draw() {
    const outputs = CORNERS.map(([x1, x2]) => forward(now, x1, x2));
    const landed = outputs.map(([h1, h2]) => [h1, h2]), ys = outputs.map(([, , y]) => y);
    const isRight = ys.map((y, k) => Math.abs(y - data.targets[k]) < 0.5);
    const right = isRight.filter(Boolean).length;
    if (!gliding || !data.by_hand) now.forEach((value, place) => {
      if (root.getRootNode().activeElement !== fields[place].typed) fill(place, value);
    });
    mayFold ||= data.by_hand && data.mission.at === "y";
    mayBlunt ||= (right === 4 && !gliding) || wanted[SHARPNESS] !== 1;
    mayAdd ||= data.corner !== 3 || data.mission.title.startsWith("Hint");  // chosen, as in an address
    if (data.by_hand && (isAway() || isReplayed)) {  // what is seen once stays
      mayFold = true;
      ["h2", "y"].forEach((group) => opened.add(group));
    }
    drawInputs(ys, isRight);
    const sharp = CORNERS.map(([x1, x2]) => forward([...now.slice(0, SHARPNESS), 1], x1, x2));  // what is done stays done, however blunt
    const done = ["h1", "h2"].filter((group, k) => logicOf(sharp.map((point) => point[k])) === data.goals[group]);
    const isSharpRight = sharp.every(([, , y], k) => Math.abs(y - data.targets[k]) < 0.5);
    drawNeuron("h1", landed.map(([h1]) => h1));
    drawNeuron("h2", landed.map(([, h2]) => h2));
    drawFolded(landed, isRight);
    drawFlight(landed);
    showGate("y", ys);
    drawScore(right, done.length, isSharpRight);
    root.classList.toggle("may-fold", mayFold || isAway() || !data.by_hand);
    root.classList.toggle("before-y", isWaiting("y"));
    root.classList.toggle("may-blunt", mayBlunt);
    root.classList.toggle("may-click", !mayAdd && (!data.by_hand || data.mission.at !== "h1"));  // first things first
    root.classList.toggle("to-fold", data.by_hand && data.mission.at === "y" && !isToldFolded());
    const { at, text, lead, praise } = data.mission;
    setText(find(".praise"), praise ?? "");
    setText(find(".lead"), at === "all" ? text : data.by_hand && isSharpRight && right < 4 ? "" : isToldFolded() ? data.hides ? "" : tellFold(landed, data.targets, right)
      : ["h1", "h2"].includes(at) ? lead || ABOUT_NEURON : ABOUT_FOLDING);
    tellMission();
    drawWires();
    drawSums(outputs[data.corner]);
    if (gliding) return;  // on its way past
    const isNew = right === 4 && !isSolved;
    isSolved = right === 4;
    root.classList.toggle("solved", isSolved);
    if (!isSolved) isOwed = false;
    if (!isNew || !data.by_hand || flying) return;
    isOwed = root.querySelector("input[type=range]:active") !== null;  // first the hand lets go of its slider
    if (!isOwed) refold();
  }

  // Before the last mission it is the missions that count: y has yet to hear of the corners.
  function drawScore(right, done, isSharpRight) {
    const corners = `${right} of 4 corners of ${data.goals.y} are right`, solved = right === 4;
    setText(find(".score"), solved || !data.by_hand ? `${solved ? RIGHT : WRONG} ${corners}. ${data.curve.progress}`.trim()
      : isSharpRight && !now[SHARPNESS] ? `At sharpness 1 all corners of ${data.goals.y} are right; at sharpness 0 every output is ½.`
      : isSharpRight ? `${RIGHT} At sharpness 1 all corners of ${data.goals.y} are right. At sharpness ${number(now[SHARPNESS])}: ${right} of 4.`
      : done < 2 || isSilent() ? "" : `${right} of 4 corners are right.`);
    find(".score").classList.toggle("solved", solved);
  }

  // What a neuron does with its inputs, in the place of a mission that is done
  function ruleOf({ places, from: [u, v] }) {
    if (!now[SHARPNESS]) return "½ everywhere,\nat sharpness 0.";
    const round = (value) => number(Number(Math.abs(value).toFixed(data.by_hand ? 4 : 2)));
    const [w1, w2, b] = places.map((place) => now[place]), plus = (value) => `${value < 0 ? "−" : "+"}\u00a0${round(value)}`;
    const sum = `${w1 < 0 ? "−" : ""}${round(w1)}\u00a0${u} ${plus(w2)}\u00a0${v} ${plus(b)}`;
    const whole = now[SHARPNESS] === 1 ? sum : `${number(now[SHARPNESS])} · (${sum})`;
    return `Above\u00a0½ where\n${whole} > 0.`;
  }

  // The mission, a hint or praise, beside the sliders it is about
  function tellMission() {
    const { at, title, text, folded } = data.mission;
    const words = (folded && isToldFolded() ? folded : text).replace(/\((\d), (\d)\)/g, "($1,\u00a0$2)");  // on one line
    const said = title ? `${title}. ${words}` : words;
    for (const group of Object.keys(GROUPS)) {
      const hands = find(`.${group} .hands`), line = hands.querySelector(".mission"), isHere = group === at;
      hands.classList.toggle("at-work", isHere);
      hands.classList.toggle("waiting", isWaiting(group));
      if (isHere && data.by_hand) changing.delete(group);  // it is folded when it is done again
      const isFocused = hands.contains(root.getRootNode().activeElement);
      hands.classList.toggle("settled", isSettled(group));
      if (isFocused && isSettled(group) && data.by_hand) find(at === "y" ? ".play" : ".h2 input").focus({ preventScroll: true });
      setText(hands.querySelector(".rule"), ruleOf(GROUPS[group]));
      if (line.textContent === (isHere ? said : "")) continue;  // else it would be read out again
      line.replaceChildren();
      if (!isHere) continue;
      if (title) make("b", {}, line, `${title}.`);
      line.append(title ? ` ${words}` : words);
    }
  }

  function showGate(group, outputs) {
    const goal = data.by_hand && data.goals[group], logic = logicOf(outputs), line = find(`.${group} .gate`);
    if (isWaiting(group)) return setText(line, "");
    const undecided = outputs.every((h) => h === 0.5) ? "½ everywhere" : "exactly ½ at a corner";
    setText(line, logic ? (logic === goal ? `${RIGHT} ${logic}` : logic) : undecided);
    line.classList.toggle("solved", logic === goal);
  }

  // No line, nor a side above ½, where nothing counts
  const halve = (square, ...rest) => now[SHARPNESS] ? square.half(now, ...rest) : { line: [], word: [] };

  function drawInputs(ys, isRight) {
    const square = squares.x;
    setText(find(".x .title span"), `y should be ${data.goals.y}`);
    square.shade((x1, x2) => isSilent() ? 0 : forward(now, x1, x2)[2], color);
    square.layers.back.replaceChildren();
    for (const thread of THREADS)
      make("path", { class: "thread", d: pathOf([thread[0], thread[24]].map(square.at)) }, square.layers.back);
    corners.forEach((group, k) => {
      const [x, y] = square.at(CORNERS[k]), chosen = k === data.corner, mark = isRight[k] ? RIGHT : WRONG;
      group.setAttribute("aria-checked", chosen);
      group.setAttribute("tabindex", chosen ? 0 : -1);
      group.setAttribute("aria-label", `Input ${nameOfCorner(CORNERS[k])} has the target ${data.targets[k]}`
        + (isSilent() ? "" : `, y is ${share(ys[k])}, ${isRight[k] ? "right" : "wrong"}`));
      group.classList.toggle("chosen", chosen && mayAdd);
      group.replaceChildren();
      make("circle", { class: "ring", cx: x, cy: y, r: 14 }, group);
      dot(group, [x, y], 8, data.targets[k]);
      if (isSilent()) return;
      const beside = square.side > SMALL ? 21 : CORNERS[k][0] ? -18 : 18;  // a phone has no room at the right
      make("text", { class: isRight[k] ? "mark" : "mark wrong", x: x + beside, y: y + 5 }, group, mark);
      if (square.side < SMALL) return;
      const value = ys[k] >= 5e-9 && ys[k] < 1e-3 ? ys[k].toFixed(8) : share(ys[k]);  // as the exercise asks
      const fits = value.length < 8 || square.side > 150;  // not eight decimals on a phone
      const near = square.x(square.low) + 34, far = square.x(square.high) - 34;  // within the frame
      make("text", { class: "value", x: Math.min(Math.max(x, near), far), y: Math.min(y + 29, square.y(square.low) - 4) }, group,
        fits ? value : `≈ ${Math.round(ys[k])}`);
    });
  }

  function drawNeuron(group, outputs) {
    const square = squares[group], { places, name } = GROUPS[group], goal = data.by_hand && data.goals[group];
    setText(find(`.${group} .goal`), goal ? `should be ${goal}` : "");
    find(`.${group} .view`).classList.toggle("empty", isWaiting(group));
    square.shade((x1, x2) => isWaiting(group) ? 0 : output(now, places, x1, x2), color);
    square.layers.back.replaceChildren();
    square.layers.front.replaceChildren();
    showGate(group, outputs);
    if (isWaiting(group)) {
      square.plate("Later");
      return square.svg.setAttribute("aria-label", `${name} over the square of inputs, which comes later`);
    }
    const marks = CORNERS.map((corner) => {
      const [x, y] = square.at(corner);
      return [x, y + (corner[1] ? 20 : -10)];  // between the dots, where no edge cuts it
    });
    halve(square, places, [...CORNERS.map(square.at), ...marks]);
    CORNERS.forEach((corner, k) => {
      const at = square.at(corner), wants = (goal ? data.gates[goal] : data.targets)[k];
      dot(square.layers.front, at, 6, wants);
      const ok = Math.abs(outputs[k] - wants) < 0.5;
      make("text", { class: goal && !ok ? "mark wrong" : "mark", x: marks[k][0], y: marks[k][1] }, square.layers.front,
        goal ? (ok ? RIGHT : outputs[k] === 0.5 ? `½ ${WRONG}` : WRONG) : "");
    });
    square.svg.setAttribute("aria-label", `${name} over the square of inputs: ${CORNERS.map((corner, k) =>
      `${share(outputs[k])} at ${nameOfCorner(corner)}`).join(", ")}`);
  }

  const isSilent = () => !now[6] && !now[7];  // y has no weights yet: it is the same everywhere
  const isFolded = () => Number(travel.value) === 1;
  const isAway = () => Number(travel.value) > 0;
  const isToldFolded = () => isFolded() || isReplayed;
  const isMixed = (cluster) => new Set(cluster.map((k) => data.targets[k])).size > 1;

  function drawFolded(landed, isRight) {
    const square = squares.h, { back, front } = square.layers;
    square.shade((h1, h2) => isSilent() ? 0 : output(now, GROUPS.y.places, h1, h2), color);
    back.replaceChildren();
    front.replaceChildren();
    if (!isFolded()) {
      halve(square, GROUPS.y.places, landed.map(square.at), "");
      find(".h .square").classList.toggle("empty", !isAway() && !mayFold);
      if (!isAway()) square.plate("Not folded yet");
      square.svg.setAttribute("aria-label", "The square of h₁ and h₂, empty until the first square is folded into it");
      return;
    }
    find(".h .square").classList.remove("empty");
    const threads = THREADS.map((thread) => thread.map(([x1, x2]) => square.at(forward(now, x1, x2))));
    for (const thread of threads) make("path", { class: "thread", d: pathOf(thread) }, back);
    const at = landed.map(square.at), middle = (cluster, axis) =>
      cluster.reduce((sum, k) => sum + at[k][axis], 0) / cluster.length;
    const box = [...square.at([square.low, square.high]), ...square.at([square.high, square.low])];
    const clashes = together(landed).some(isMixed);
    const { line } = halve(square, GROUPS.y.places, at, "");  // the shade says which side, and leaves room for names
    const isMarked = !isSilent() && !isRight.every(Boolean) && square.side > SMALL, width = NAME_WIDTH + isMarked * MARK_WIDTH;
    const covered = [line, line, line, ...threads].flatMap(alongOf), away = clashes ? 19 : 11;
    const labels = spread(placeNames(together(landed, CROWDED), at, covered, box, away, width), square.side, width);
    for (const { x, y } of labels)
      make("rect", { class: "tag", x: x - 2, y: y - 12, width, height: NAME_HEIGHT, rx: 4 }, back);
    for (const cluster of together(landed))
      if (isMixed(cluster))
        make("circle", { class: "clash", cx: middle(cluster, 0), cy: middle(cluster, 1), r: 17 }, front);
    for (const crowd of together(landed, HIDDEN)) {
      if (!isMixed(crowd)) { crowd.forEach((k) => dot(front, at[k], 8, data.targets[k])); continue; }
      const [x, y] = [0, 1].map((axis) => middle(crowd, axis));
      dot(front, [x, y], 8, false);
      make("path", { class: "one-half", d: `M${x} ${y - 8}A8 8 0 0 0 ${x} ${y + 8}Z` }, front);
    }
    labels.forEach(({ k, x, y }) => make("text", { class: "start name", x, y }, front,
      nameOfCorner(CORNERS[k]) + (isMarked ? ` ${isRight[k] ? RIGHT : WRONG}` : "")));
    square.svg.setAttribute("aria-label", `The square of h₁ and h₂: ${CORNERS.map((corner, k) =>
      `${nameOfCorner(corner)} lands on (${landed[k].map(share).join(", ")})`).join(", ")}`);
  }

  function drawFlight(landed) {
    const t = Number(travel.value), isAloft = t > 0 && t < 1;
    flight.replaceChildren();
    root.classList.toggle("aloft", isAloft);
    root.classList.toggle("away", t > 0);
    setText(play, t < 1 ? "Fold the square" : "Unfold the square");
    if (!isAloft) return;
    const home = flight.getBoundingClientRect();
    const within = (square) => {
      const box = square.svg.getBoundingClientRect();
      return (point) => square.at(point).map((value, axis) => value + (axis ? box.top - home.top : box.left - home.left));
    };
    flight.setAttribute("viewBox", `0 0 ${home.width} ${home.height}`);
    const from = within(squares.x), to = within(squares.h);
    const between = (x, h) => from(x).map((value, axis) => value + t * (to(h)[axis] - value));
    for (const thread of THREADS)
      make("path", { class: "thread", d: pathOf(thread.map((x) => between(x, forward(now, ...x)))) }, flight);
    const at = CORNERS.map((corner, k) => between(corner, landed[k]));
    at.forEach((place, k) => dot(flight, place, 8, data.targets[k]));
    const names = placeNames(together(at, CLOSE), at, [], [0, 0, home.width, home.height], 11, NAME_WIDTH);
    for (const { k, x, y } of names) make("text", { class: "start name", x, y }, flight, nameOfCorner(CORNERS[k]));
  }

  // The weights as wires from the inputs to the sliders: the larger, the thicker

  const WIRES = [["h1", 0], ["h1", 1], ["h2", 0], ["h2", 1], ["y", 0], ["y", 1]];  // a neuron, and which of its weights
  let wired = "";  // what they have been drawn for; in a flight they stay
  function routeWires() {
    const home = find(".network").getBoundingClientRect();
    const boxOf = (element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { left: left - home.left, right: right - home.left, y: (top + bottom) / 2 - home.top, top: top - home.top };
    };
    const isBeforeY = root.classList.contains("before-y"), sheet = boxOf(find(isBeforeY ? ".h1 .view .square" : ".x .square"));
    const far = isBeforeY ? 16 : sheet.right + 14;
    const inputs = [0.3, 0.75].map((share) => [far, sheet.top + share * 2 * (sheet.y - sheet.top)]);
    const ends = WIRES.map(([group, k]) => {
      const hands = find(`.${group} .hands`), from = boxOf(find(`.h${k + 1} .view .square`));
      const place = isWaiting(group) ? ".title" : isSettled(group) ? ".rule" : ".row", to = boxOf(hands.querySelectorAll(place)[place === ".row" ? k : 0]);
      if (isSettled(group)) to.y += k ? 8 : -8;
      return [group === "y" ? [from.right + 2, from.y] : [far + 13, inputs[k][1]], [to.left - 7, to.y]];
    });
    return { ends, inputs };
  }
  function drawWires() {
    const when = [now.slice(0, 8), data.by_hand, data.mission.at, data.mission.text, isWaiting("h2"), isWaiting("y"), isSettled("h1"), isSettled("h2")].join();
    if (wired === when) return;
    wired = when;
    const svg = find(".wires"), { ends, inputs } = routeWires();
    let hasNegative = false;
    svg.replaceChildren();
    ends.forEach(([[x1, y1], [x2, y2]], wire) => {
      const [group, k] = WIRES[wire], isLater = isWaiting(group), bend = (x1 + x2) / 2;
      if (isLater && group === "y") return;
      const weight = isLater ? 0 : now[GROUPS[group].places[k]];
      if (weight < 0) hasNegative = true;
      make("path", { class: `wire ${isLater ? "later" : weight < 0 ? "negative" : weight ? "" : "none"}`, d: `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`,
        "stroke-width": 1.5 + 4 * Math.min(Math.abs(weight) / largest, 1) }, svg);
    });
    root.classList.toggle("has-negative", hasNegative);
    inputs.forEach(([x, y], k) => {
      make("circle", { class: "input", cx: x, cy: y, r: 13 }, svg);
      make("text", { class: "name", x, y: y + 5 }, svg, GROUPS.h1.from[k]);
    });
  }

  // The chosen corner's sums, a line a neuron
  function drawSums([h1, h2, y]) {
    const corner = CORNERS[data.corner], box = find(".sums");
    box.replaceChildren();
    if (!mayAdd) return;
    const lines = [["h1", corner, h1], ["h2", corner, h2], ["y", [h1, h2], y]].filter(([group]) => !isWaiting(group)).map(
      ([group, [u, v], out]) => {
        const { name, z, places } = GROUPS[group];
        const [w1, w2, b] = places.map((place) => now[place]);
        const written = (value) => share(value).replace("≈ ", "");
        const plus = (value) => `${value < 0 ? "−" : "+"} ${number(Math.abs(value))}`;
        const sum = `${number(w1)} · ${written(u)} ${plus(w2)} · ${written(v)} ${plus(b)}`;
        const whole = now[SHARPNESS] === 1 ? sum : `${number(now[SHARPNESS])} · (${sum})`;
        const isWhole = [w1, w2, b, now[SHARPNESS]].every((value) => equals(value) === "=")
          && (name !== "y" || [u, v].every((value) => equals(value, share(value)) === "="));
        const net = netInput(now, places, u, v), shown = number(net);
        return [`${z} ${isWhole ? "=" : "≈"} ${whole} ${equals(net)} ${shown}`,
          `${name} ${equals(net)} σ(${shown}) ${equals(out, share(out))} ${written(out)}`];
      });
    const intro = make("p", {}, box, `The sums at ${nameOfCorner(corner)}, where ${data.goals.y} is ${data.targets[data.corner]}; `
      + "z₁⁽¹⁾ is that of neuron 1 in layer 1. The output is the sigmoid of the sum, σ(z) = 1 / (1 + e");
    make("sup", {}, intro, "−z");
    intro.append(").");
    for (const [sum, out] of lines) {
      const line = make("p", { class: "sum" }, box);
      make("span", {}, line, sum);
      make("span", {}, line, out);
    }
  }

  // The loss so far, while the network learns by itself
  function drawCurve() {
    const svg = find(".curve");
    svg.toggleAttribute("hidden", data.by_hand);
    if (data.by_hand) return;
    const { losses, steps } = data.curve, width = svg.clientWidth, height = 54, left = 34, bottom = 18;
    const top = Math.max(...losses.map(([, loss]) => loss), 0.1);
    const at = ([step, loss]) => [left + step / steps * (width - left - 8), 6 + (1 - loss / top) * (height - bottom - 6)];
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.replaceChildren();
    make("path", { class: "frame", d: `M${left} 4V${height - bottom}H${width - 8}` }, svg);
    make("text", { class: "end", x: left - 5, y: 15 }, svg, number(Number(top.toPrecision(2))));
    make("text", { class: "end", x: left - 5, y: height - bottom }, svg, "0");
    make("text", { class: "end", x: width - 8, y: 15 }, svg, "loss L");
    make("text", { class: "end", x: width - 8, y: height - 3 }, svg, `step ${steps.toLocaleString("en")}`);
    const [x, y] = at(losses[losses.length - 1]);
    make("path", { class: "loss", d: pathOf(losses.map(at)) }, svg);
    make("circle", { class: "latest", cx: x, cy: y, r: 3.5 }, svg);
    svg.setAttribute("aria-label", `The loss over the steps. ${data.curve.progress}`);
  }

  function takeColor() {
    color = getComputedStyle(swatch).color.match(/[\d.]+/g).slice(0, 3).map(Number);
    if (now) draw();
  }

  function resize() {
    Object.values(squares).forEach((square) => square.resize());
    wired = "";
    if (now) { draw(); drawCurve(); }
  }
  // A theme chosen in the menu reaches no script, but the swatch's colour moves to its new value and ends there.
  swatch.addEventListener("transitionend", takeColor);
  takeColor();
  const sizes = new ResizeObserver(resize);
  for (const place of [".network", ".x .square", ".h1 .square"]) sizes.observe(find(place));
  resize();

  return (said) => {
    const first = !data, couldFold = mayFold, learns = (first || data.by_hand) && !said.by_hand;
    if (first) edits = said.edits;
    const chosen = data && said.edits < edits ? data.corner : said.corner;
    data = { ...said, corner: chosen };
    root.classList.toggle("by-hand", data.by_hand);
    for (const told of [".score", ".lead", ".sums"].map(find)) told.setAttribute("aria-live", data.by_hand ? "polite" : "off");
    for (const { slider, typed } of fields) slider.disabled = typed.disabled = !data.by_hand;
    squares.x.svg.setAttribute("aria-label", "The four inputs. Choose one to see its sums");
    const target = [...said.values, said.sharpness];
    const isNews = said.edits >= edits && (first || !data.by_hand || target.some((value, k) => value !== wanted[k]));
    if (learns || (isNews && said.fresh)) {  // a run is watched in the last square; a fresh start has it empty
      land();
      travel.value = learns ? 1 : 0;
      if (said.fresh) { mayFold = mayBlunt = mayAdd = false; opened.clear(); changing.clear(); }
    }
    if (isNews) glide(target); else draw();
    drawCurve();
    const isY = !couldFold && mayFold && !isSilent();  // y was moved before its mission came
    if (isY && !first && data.by_hand && !gliding && !flying && !isAway()) refold();
    if (said.begun <= begun) return;
    begun = said.begun;
    if (data.by_hand) refold();
    requestAnimationFrame(() => requestAnimationFrame(() => {  // when all squares have their sizes
      if (root.offsetHeight + 200 > innerHeight) bringIntoView(root);
      else bringIntoSight(".st-key-ex23_1_fold", ".st-key-experiment_asked");  // most often they are, and nothing moves
    }));
  };
}

const setText = (element, text) => { if (element.textContent !== text) element.textContent = text; };

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".fold");
  if (!folds.has(root)) {
    const hand = {};
    folds.set(root, { hand, update: newFold(root, hand, data.largest) });
  }
  const { hand, update } = folds.get(root);
  hand.send = (set) => setStateValue("set", set);
  update(data);
}
