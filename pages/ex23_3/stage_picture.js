const stages = new WeakMap();  // .stage → what draws it: a rerun calls the function below again on the same element
const PARTS_OF_PANEL = { left: 58, right: 66, top: 26, bottom: 44 };
const DASHES = { test: "", train: "6 4", validation: "0.1 5" };
const FEW_RUNS = 3;  // with more, those beside the run on screen are faint, and only their test curves are drawn
const HEADER = 52;  // pixels at the top of a narrow screen that Streamlit covers, and some room
const EASED = 600;  // milliseconds in which axes move
const NEAR = 40;  // pixels from the pointer within which a point of a curve tells about itself

// The pixel that each of 256 byte values is painted as; `rgba` gives its four channels.
const paletteOf = (rgba) =>
  new Uint32Array(Uint8ClampedArray.from(Array.from({ length: 256 }, (_, byte) => rgba(byte)).flat()).buffer);
const INK = paletteOf((byte) => [byte, byte, byte, 255]);

// Paint a square picture that travelled as one byte a pixel.
const paint = (canvas, text, side, palette) => {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  if (!side) return;
  const context = canvas.getContext("2d"), image = context.createImageData(side, side);
  const bytes = atob(text), pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = palette[bytes.charCodeAt(i)];
  context.putImageData(image, 0, 0);
};

// Red, green and blue of a colour of the theme, whatever form it is written in.
const channelsOf = (color) => {
  const context = make("canvas", { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
};

// Make `count` children of `parent`, keeping those that are there: a click or the focus is not lost while training.
const keepChildren = (parent, count, create) => {
  while (parent.children.length > count) parent.lastChild.remove();
  while (parent.children.length < count) create(parent);
  return [...parent.children];
};

// What of a run's pictures is drawn: validation only where a run has a part for it.
const partsOf = ({ each, parts, runs }) => each ? [] : Object.keys(parts).filter((part) => part !== "validation"
  || runs.some((run) => run.lines.validation && run.lines.validation.length));

const bounds = ({ low, high }) => ({ low, high });

const isDrawn = (run) => run.lines.test || run.bars.length;

const setText = (element, text) => { if (element.textContent !== text) element.textContent = text; };

// The sample of a run's line that stands in the list and in the key.
const sample = (parent, part, square) => {
  const svg = make("svg", { class: `sample ${part}`, viewBox: "0 0 26 12", "aria-hidden": "true" }, parent);
  make("path", { class: `line ${part}`, d: "M1 6H25", "stroke-dasharray": DASHES[part] }, svg);
  if (square !== undefined) endMark(svg, 20, 6, square);
};

const endMark = (svg, x, y, square, r = 4) => square
  ? make("rect", { class: "end", x: x - r, y: y - r, width: 2 * r, height: 2 * r }, svg)
  : make("circle", { class: "end", cx: x, cy: y, r }, svg);

// Text with **bold** and *italic* parts, badges of the way through, and buttons in […]; parts that are told anew only
// where they have changed keep the reader's place.
const write = (element, text) => {
  if (element.dataset.text === text) return;
  element.dataset.text = text;
  element.replaceChildren(...text.split(/(:\w+-badge\[.+?\]|\*\*.+?\*\*|\*.+?\*|\[.+?\])/).map((part) => {
    const [, color, step] = part.match(/^:(\w+)-badge\[(.+)\]$/) || [];
    if (step) return make("button", { type: "button", class: `badge ${color}` }, null, step);
    if (part.startsWith("[")) return make("button", { type: "button", class: "quiet" }, null, part.slice(1, -1));
    const [, stars, inner] = part.match(/^(\*+)(.*?)\*+$/) || [];
    return stars ? make(stars.length > 1 ? "b" : "em", {}, null, inner) : part;
  }));
};

// Where what was clicked opens.
const showTabs = () => document.querySelector("[data-testid=stTabs]")
  ?.scrollIntoView({ block: "start", behavior: isStill() ? "instant" : "smooth" });

// Where the run stands

function newProgress(box, send) {
  const [now, words, track] = box.children, [way, note] = now.children;
  let at;
  const lead = (step) => {
    if (step === 1) return document.querySelector(".st-key-ex23_3_train button")?.focus();
    send("step", step);
    if (step === 2) showTabs();
  };
  way.addEventListener("click", ({ target }) => {
    if (target.matches("button")) lead([...way.querySelectorAll("button")].indexOf(target) + 1);
  });
  note.addEventListener("click", ({ target }) => { if (target.matches("button")) lead(at); });

  return (data) => {
    at = data.at;
    write(way, data.way);
    way.querySelectorAll("button").forEach((step, k) => step.toggleAttribute("aria-current", k + 1 === at));
    write(words, data.words);
    write(note, data.note);
    track.hidden = data.stopped;
    track.setAttribute("aria-valuenow", data.done);
    track.firstChild.style.width = `${data.done}%`;
  };
}

// The test digits

function newDigits(box, send) {
  const tiles = box.querySelector(".tiles");
  let reached = 0;  // the tile that Tab goes to

  const reach = (index) => {
    reached = index;
    [...tiles.children].forEach((tile, k) => { tile.tabIndex = k === index ? 0 : -1; });
  };

  function create(clickable) {
    const tile = make(clickable ? "button" : "div", clickable ? { type: "button" } : { role: "img" }, tiles);
    make("canvas", { "aria-hidden": "true" }, tile);
    make("span", { class: "output" }, tile);
    make("span", { class: "answer" }, tile);
    if (!clickable) return;
    const index = () => [...tiles.children].indexOf(tile);
    tile.addEventListener("click", () => {
      send("digit", index());
      showTabs();
    });
    tile.addEventListener("focus", () => reach(index()));
    tile.addEventListener("keydown", (event) => {
      const last = tiles.children.length - 1;
      const to = { ArrowRight: index() + 1, ArrowLeft: index() - 1, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      tiles.children[(to + last + 1) % (last + 1)].focus();
    });
  }

  function update(tile, digit) {
    const [canvas, output, answer] = tile.children, text = `${digit.answer} ${digit.mark}`.trim();
    if (tile.dataset.pixels !== digit.pixels) {
      paint(canvas, digit.pixels, digit.side, INK);
      tile.dataset.pixels = digit.pixels;
    }
    const flipped = digit.mark && answer.textContent && answer.textContent !== "?" && answer.textContent !== text;
    setText(answer, text);
    output.style.setProperty("--output", `${digit.output}%`);
    tile.className = `tile ${digit.wrong ? "wrong" : ""} ${digit.side ? "" : "empty"} ${digit.own ? "own" : ""}`;
    tile.title = digit.about;
    tile.setAttribute("aria-label", digit.about);
    if (flipped && !isStill()) tile.animate([{ background: "var(--flash)" }, {}], 900);
  }

  return ({ title, tiles: digits, clickable }) => {
    setText(box.querySelector("b"), title);
    if (tiles.dataset.clickable !== String(clickable)) tiles.replaceChildren();
    tiles.dataset.clickable = clickable;
    tiles.setAttribute("role", clickable ? "toolbar" : "group");
    keepChildren(tiles, digits.length, () => create(clickable)).forEach((tile, k) => update(tile, digits[k]));
    if (clickable) reach(Math.min(reached, digits.length - 1));
  };
}

// The weights

function newWeights(box) {
  const neurons = box.querySelector(".neurons"), swatches = box.querySelectorAll(".key i");
  let shown, palette;

  function choosePalette() {
    const [raises, lowers] = [...swatches].map((swatch) => channelsOf(getComputedStyle(swatch).backgroundColor));
    palette = paletteOf((byte) => [...(byte > 128 ? raises : lowers), 2 * Math.abs(byte - 128)]);
  }

  function draw() {
    keepChildren(neurons, shown.count, () => make("canvas", {}, neurons)).forEach((canvas, k) => {
      canvas.className = k < shown.pictures.length ? "" : "empty";
      paint(canvas, shown.pictures[k] || "", k < shown.pictures.length ? shown.side : 0, palette);
    });
  }

  // A menu's theme change reaches no script, but the swatches' colour moves to its new value and ends there.
  swatches[0].addEventListener("transitionend", () => { choosePalette(); if (shown) draw(); });
  choosePalette();
  return (data) => {
    shown = data;
    setText(box.querySelector(".title"), data.title);
    neurons.setAttribute("aria-label", data.about);
    draw();
  };
}

// The curves

function newCurves(box, send) {
  const svg = box.querySelector(".plot"), tip = box.querySelector(".tip"), list = box.querySelector("ul");
  const title = box.querySelector(".title"), further = box.querySelector(".further");
  let shown, pointer = null, points = [];  // points: what can be pointed at, in pixels
  let limits = null, moving = 0;  // of both axes as they are drawn, and the frame in which they move on
  let tall = 0, revealed;  // the list, when its run on screen was last brought in sight, and which one that was

  function draw() {
    const width = box.querySelector(".panel").clientWidth, height = svg.clientHeight;
    if (!shown || !width || !height) return;
    const { left, right, top, bottom } = PARTS_OF_PANEL, plotWidth = width - left - right;
    const plotHeight = height - top - bottom, x = { ...shown.x, ...limits.x }, y = { ...shown.y, ...limits.y };
    const along = ({ low, high, log }, value) => log
      ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    const across = (epoch) => left + plotWidth * along(x, epoch);
    const up = (value) => top + plotHeight * (1 - along(y, value));

    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("aria-label", shown.about);
    make("text", { class: "name", x: 2, y: 13 }, svg, y.title);
    points = [];
    const drawn = shown.runs.filter(isDrawn).sort((one, other) => one.on_screen - other.on_screen);  // it lies on top
    const beside = drawn.length > FEW_RUNS ? "faded" : "";
    const groupOf = (run, parent) => make("g", { class: `${run.color} ${run.on_screen ? "on-screen" : beside}` }, parent);
    if (shown.each) {
      drawBars(drawn, (value) => left + plotWidth * along(y, value), { left, top, height: height - top - 22, groupOf });
      make("g", { class: "pointed" }, svg);
      return tell();
    }
    make("rect", { x: left, y: top - 3, width: plotWidth, height: plotHeight + 3 },
      make("clipPath", { id: "panel" }, svg));
    const isWithin = ({ low, high }) => ([value]) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
    for (const [value, text] of y.ticks.filter(isWithin(y))) {
      make("path", { class: "grid", d: `M${left} ${up(value)}h${plotWidth}` }, svg);
      make("text", { class: "tick value", x: left - 8, y: up(value) + 4.5 }, svg, text);
    }
    for (const [value, text] of x.ticks.filter(isWithin(x))) {
      make("path", { class: "axis", d: `M${across(value)} ${height - bottom}v5` }, svg);
      make("text", { class: "tick", x: across(value), y: height - bottom + 19 }, svg, text);
    }
    if (shown.guess && isWithin(y)([shown.guess])) {
      make("path", { class: "axis", "stroke-dasharray": "2 4", d: `M${left} ${up(shown.guess)}h${plotWidth}` }, svg);
      make("text", { class: "name last", x: left + plotWidth, y: up(shown.guess) + 13 }, svg, shown.guess_about);
    }
    make("path", { class: "axis", d: `M${left} ${height - bottom}h${plotWidth}` }, svg);
    make("text", { class: "name last", x: left + plotWidth, y: height - 6 }, svg, x.title);
    drawLines(drawn, { across, up, inside: make("g", { "clip-path": "url(#panel)" }, svg), groupOf });
    points = points.filter((point) => point.y >= top - 3 && point.y <= height - bottom + 1 && point.x <= left + plotWidth);
    make("g", { class: "pointed" }, svg);
    tell();
  }

  // Where the axes of what is shown now go; they move there where they have been those of the same quantity.
  function moveAxes(before) {
    const to = { x: bounds(shown.x), y: bounds(shown.y) };
    const isSame = before && limits && before.each === shown.each && before.along === shown.along
      && before.measure === shown.measure;
    if (isSame && JSON.stringify([before.x, before.y].map(bounds)) === JSON.stringify([to.x, to.y])) return draw();
    cancelAnimationFrame(moving);
    const from = limits, began = performance.now();
    if (!isSame || isStill()) { limits = to; return draw(); }
    const move = () => {
      const done = Math.min(1, (performance.now() - began) / EASED), part = done * done * (3 - 2 * done);
      const between = (axis, one, other) => shown[axis].log ? one * (other / one) ** part : one + (other - one) * part;
      limits = done === 1 ? to : Object.fromEntries(["x", "y"].map((axis) => [axis, {
        low: between(axis, from[axis].low, to[axis].low), high: between(axis, from[axis].high, to[axis].high) }]));
      draw();
      if (done < 1) moving = requestAnimationFrame(move);
    };
    move();
  }

  // A row for each digit or layer: the run on screen as a bar, the other one as an upright line across the row.
  function drawBars(drawn, reach, { left, top, height, groupOf }) {
    const rows = shown.x.ticks, high = height / rows.length, middle = (k) => top + high * (k + 0.5);
    for (const [value, text] of shown.y.ticks) {
      make("path", { class: "grid", d: `M${reach(value)} ${top}v${height}` }, svg);
      make("text", { class: "tick", x: reach(value), y: top + height + 16 }, svg, text);
    }
    rows.forEach(([, text], k) =>
      make("text", { class: "tick value", x: left - 8, y: middle(k) + 4.5 }, svg, `${shown.each} ${text}`));
    make("path", { class: "axis", d: `M${left} ${top}v${height}` }, svg);
    const texts = make("g", {}, svg);
    for (const run of drawn.toReversed()) {
      const group = groupOf(run, svg), thick = Math.min(0.66 * high, 26);
      run.bars.forEach((bar, k) => {
        if (!bar) return;
        const end = reach(bar.value), y = middle(k);
        points.push({ run, x: end, y, text: `${shown.each} ${rows[k][1]}: ${bar.text}` });
        if (!run.on_screen) {
          make("path", { class: "mark", d: `M${end} ${y - 0.45 * high}v${0.9 * high}` }, group);
          return;
        }
        if (bar.low) make("rect", { class: "missed", x: left, y: y - thick / 2, width: reach(1) - left, height: thick }, group);
        make("rect", { class: `bar ${bar.low ? "low" : ""}`, x: left, y: y - thick / 2, width: end - left, height: thick }, group);
        const beside = drawn.find((other) => !other.on_screen)?.bars[k], mark = beside ? reach(beside.value) : end;
        const x = (mark > end && mark < end + 52 ? mark : end) + 6;
        const text = make("text", { class: "bar-value", x, y: y + 4.5 }, group, bar.text);
        texts.append(text);
        if (run.notes[k]) make("tspan", { class: "note", dx: 10 }, text, run.notes[k]);
      });
    }
    svg.append(texts);  // no line goes through them
  }

  function drawLines(drawn, { across, up, inside, groupOf }) {
    const place = ([epoch, value]) => `${across(epoch).toFixed(1)} ${up(value).toFixed(1)}`;
    for (const run of drawn) {
      const group = groupOf(run, inside), { test, train } = run.lines;
      if (run.on_screen && test.length && train.length) {
        const band = [...test, ...train.slice().reverse()].map(place).join("L");
        make("path", { class: "gap", d: `M${band}Z` }, group);
      }
      for (const part of drawn.length > FEW_RUNS && !run.on_screen ? ["test"] : ["train", "validation", "test"]) {
        const line = run.lines[part];
        if (line.length > 1)
          make("path", { class: `line ${part}`, d: `M${line.map(place).join("L")}`,
            "stroke-dasharray": DASHES[part] }, group);
        else if (line.length) make("circle", { class: "dot", cx: across(line[0][0]), cy: up(line[0][1]), r: 2.5 }, group);
        for (const [epoch, value] of line) {
          const written = shown.unit ? `${(100 * value).toFixed(2)} ${shown.unit}` : `${+value.toPrecision(4)}`;
          const text = `${shown.along} ${+epoch.toPrecision(3)}, ${shown.parts[part]} ${written}`;
          points.push({ run, x: across(epoch), y: up(value), text });
        }
      }
    }
    for (const run of drawn) {
      const end = run.lines.test[run.lines.test.length - 1];
      if (!end || end[0] > limits.x.high) continue;  // it goes on beyond the panel, which is that of the run on screen
      const group = groupOf(run, svg);
      endMark(group, across(end[0]), up(end[1]), run.square);
      if (run.on_screen)
        make("text", { class: "end-value", x: across(end[0]) + 8, y: up(end[1]) + 4.5 }, svg, run.end);
    }
  }

  // What the point nearest to the pointer stands for.
  function tell() {
    const far = (point) => Math.hypot(point.x - pointer[0], point.y - pointer[1]);
    const nearest = pointer && points.length ? points.reduce((a, b) => far(b) < far(a) ? b : a) : null;
    const pointed = svg.querySelector(".pointed");
    if (pointed) pointed.replaceChildren();
    tip.hidden = !nearest || far(nearest) > NEAR;
    if (tip.hidden) return;
    const { run, x, y, text } = nearest;
    tip.textContent = `${run.name}: ${text}`;
    make("circle", { class: run.color, cx: x, cy: y, r: 6 }, pointed);
    const room = svg.clientWidth - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(room, x - tip.offsetWidth / 2))}px`;
    tip.style.top = `${y > 60 ? y - tip.offsetHeight - 12 : y + 14}px`;
  }

  const point = (event) => {
    const corner = svg.getBoundingClientRect();
    pointer = [event.clientX - corner.left, event.clientY - corner.top];
    tell();
  };
  svg.addEventListener("pointerdown", point);
  svg.addEventListener("pointermove", point);
  svg.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "touch") return;  // a finger that is lifted still wants to read
    pointer = null;
    tell();
  });
  new ResizeObserver(() => { draw(); countFurther(); }).observe(box.querySelector(".panel"));

  // Scroll the list, and never the page, as far as it takes to see a line.
  function reveal(line) {
    const lowest = line.offsetTop, highest = lowest + line.offsetHeight - list.clientHeight;
    const top = Math.min(lowest, Math.max(highest, list.scrollTop));
    list.scrollTop = [...list.children].find(({ offsetTop }) => offsetTop >= top - 1)?.offsetTop ?? top;  // a whole line
    countFurther();
  }

  // The lines of the list that are out of sight: how many, on a button that leads there.
  // One that is in sight in part alone is not seen, and the room under the last lets the list end with whole ones.
  function countFurther() {
    const lines = [...list.children], last = lines[lines.length - 1];
    const end = last ? last.offsetTop + last.offsetHeight - list.clientHeight : 0;
    const start = end > 1 ? lines.find(({ offsetTop }) => offsetTop >= end - 1).offsetTop : end;
    list.style.paddingBottom = end > 1 ? `${start - end}px` : "";
    const top = list.scrollTop, bottom = top + list.clientHeight;
    const isCut = (line) => line.offsetTop < top - 2 || line.offsetTop + line.offsetHeight > bottom + 2;
    lines.forEach((line) => line.classList.toggle("cut", isCut(line)));
    const hidden = lines.filter(isCut), below = hidden.filter(({ offsetTop }) => offsetTop > top).length;
    further.hidden = !hidden.length;
    further.value = below ? 1 : -1;
    setText(further, below ? `↓ ${below} more` : `↑ ${hidden.length} more`);
  }
  list.addEventListener("scroll", countFurther);
  further.addEventListener("click", () => list.scrollBy({ top: further.value * list.clientHeight / 2, behavior: "instant" }));

  function createLine() {
    const line = make("li", {}, list);
    const show = make("button", { type: "button", class: "show" }, line);
    make("span", { class: "swatch" }, show);
    const about = make("span", { class: "about" }, show);
    make("span", { class: "result" }, about);
    about.append(" ");
    make("span", { class: "run-name" }, about);
    const goOn = make("button", { type: "button", class: "quiet go-on" }, line, "Go on");
    const compare = make("input", { type: "checkbox" }, make("label", {}, line));
    goOn.addEventListener("click", () => send("go_on", +line.dataset.run));
    show.addEventListener("click", () => send("show", +line.dataset.run));
    compare.addEventListener("change", () => send("compare", +line.dataset.run));
  }

  function updateLine(line, run) {
    const [show, goOn, label] = line.children, [swatch, about] = show.children, [result, name] = about.children;
    const compare = label.firstChild;
    const look = `${run.color} ${run.square}`;
    line.dataset.run = run.run;
    line.className = `${run.color} ${line.classList.contains("cut") ? "cut" : ""}`;
    if (swatch.dataset.look !== look) { swatch.replaceChildren(); sample(swatch, "test", run.square); }
    swatch.dataset.look = look;
    setText(name, run.name);
    goOn.hidden = !run.paused;
    goOn.setAttribute("aria-label", `Go on with ${run.name}`);
    const isLeftOut = !run.on_screen && run.left_out;
    setText(result, [run.result, isLeftOut].filter(Boolean).join(", ") + (run.result ? ":" : ""));
    if (run.on_screen) show.setAttribute("aria-current", "true"); else show.removeAttribute("aria-current");
    show.title = run.on_screen ? `${run.name} is on screen` : `Show ${run.name}`;
    compare.checked = run.on_screen || (run.compared && !isLeftOut);
    compare.disabled = run.on_screen || isLeftOut;
    label.title = run.on_screen ? "The run on screen is always drawn"
      : isLeftOut ? `It cannot be drawn here: ${run.left_out}`
      : `Draw this run's ${shown.each ? "values" : "curves"} too`;
    compare.setAttribute("aria-label", `Draw the curves of ${run.name}`);
  }

  const key = box.querySelector(".key"), save = box.querySelector(".save");
  save.addEventListener("click", () => download(standalone(svg, shown)));

  return (data) => {
    const before = shown;
    shown = data;
    const lines = keepChildren(list, data.runs.length, createLine);
    const active = list.getRootNode().activeElement, had = list.contains(active) && active.closest("li").dataset.run;
    lines.forEach((line, k) => updateLine(line, data.runs[k]));
    const has = had && lines.find((line) => line.dataset.run === had);  // the focus goes where its run goes
    if (has && !has.contains(active))
      has.querySelector(active.matches("input") ? "input:enabled, .show" : ".show").focus({ preventScroll: true });
    list.hidden = !data.runs.length;
    setText(title, data.runs.length > 1 ? `${data.runs.length} runs` : data.runs.length ? "Runs" : "What will be drawn");
    save.disabled = !data.runs.length;
    const looks = JSON.stringify(data.key);
    if (key.dataset.looks !== looks) {
      key.dataset.looks = looks;
      key.replaceChildren();
      for (const [look, words] of data.key) {
        const entry = make("span", { title: words }, key);
        if (look in DASHES) sample(entry, look);
        else if (look) make("i", { class: look }, entry);
        make("span", {}, entry, words);
      }
    }
    countFurther();
    const onScreen = list.querySelector("li:has([aria-current])");
    if (onScreen && (revealed !== onScreen.dataset.run || list.clientHeight !== tall)) reveal(onScreen);
    revealed = onScreen?.dataset.run;
    tall = list.clientHeight;
    moveAxes(before);
  };
}

// The panel as a file that needs no style sheet, with the list of its runs beneath.
function standalone(svg, shown) {
  const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-linejoin", "opacity",
    "font-size", "font-weight", "text-anchor", "paint-order"];
  const { width, height } = svg.viewBox.baseVal, computed = getComputedStyle(svg);
  const drawn = shown.runs.filter(isDrawn), line = 20, whole = height + line * (drawn.length + 1) + 8;
  const copy = svg.cloneNode(true), originals = svg.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, k) => {
    const style = getComputedStyle(originals[k]);
    STYLES.forEach((name) => element.setAttribute(name, style.getPropertyValue(name)));
  });
  copy.querySelectorAll("[class]").forEach((element) => element.removeAttribute("class"));
  for (const name of ["class", "style", "role"]) copy.removeAttribute(name);
  for (const [name, value] of Object.entries({ width, height: whole, viewBox: `0 0 ${width} ${whole}`,
    "font-family": computed.fontFamily, xmlns: SVG })) copy.setAttribute(name, value);
  copy.prepend(make("rect", { width, height: whole, fill: computed.getPropertyValue("--st-background-color") }, copy));
  const title = make("title", {}, copy);
  title.textContent = shown.about;
  copy.prepend(title);
  const write = (text, row) => make("text", { x: 44, y: height + line * row + 5, "font-size": 13,
    fill: computed.color }, copy, text);
  drawn.forEach((run, k) => {
    const row = k + 1, stroke = getComputedStyle(svg.getRootNode().querySelector(`li.${run.color} .line`)).stroke;
    make("path", { d: `M10 ${height + line * row}h26`, stroke, "stroke-width": 3 }, copy);
    endMark(copy, 31, height + line * row, run.square).setAttribute("fill", stroke);
    write(`${run.name}: ${run.result}`, row);
  });
  const looks = { test: "solid", train: "dashed", validation: "dotted" };
  write(partsOf(shown).map((part) => `${shown.parts[part]} ${looks[part]}`).join(", "), drawn.length + 1);
  return new XMLSerializer().serializeToString(copy);
}

function download(text) {
  const link = make("a", { download: "curves.svg" });
  link.href = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  link.click();
  URL.revokeObjectURL(link.href);
}

export default function ({ parentElement, data, setTriggerValue }) {
  const stage = parentElement.querySelector(".stage");
  if (!stages.has(stage)) {
    const parts = {};
    const send = (name, value) => parts.send(name, [value]);
    const find = (name) => stage.querySelector(`.${name}`);
    parts.draw = [["progress", newProgress(find("progress"), send)], ["digits", newDigits(find("digits"), send)], ["curves", newCurves(find("curves"), send)],
      ["weights", newWeights(find("weights"))]];
    stages.set(stage, parts);
  }
  const parts = stages.get(stage);
  parts.send = setTriggerValue;
  stage.classList.toggle("opening", !data.curves.runs.length);
  parts.draw.forEach(([name, update]) => update(data[name]));
  const hasBegun = data.begun > (parts.begun ?? data.begun);
  const isNarrow = innerWidth <= 640, question = stage.querySelector(".question");
  write(question, isNarrow ? data.question : "");
  const page = document.querySelector("[data-testid=stMain]");
  if (isNarrow && (hasBegun || parts.scrolled === page?.scrollTop)) {
    // The chips are a screen below: back up to the question, with the curves under it. Once more with the next picture,
    // unless the reader has scrolled: what stood above may be gone by then.
    page.scrollBy({ top: question.getBoundingClientRect().top - HEADER, behavior: "instant" });
    parts.scrolled = hasBegun ? page.scrollTop : undefined;
  } else if (hasBegun) bringIntoView(document.querySelector(".st-key-ex23_3_bar"), true);
  parts.begun = data.begun;
}
