const critics = new WeakMap();  // its box → the critic: a rerun calls the function below again on the same box
const FARTHEST = 10;               // the largest |z|, where a dial comes to its stop
const NARROW = 640;             // pixels, as in critic.css: where there is no more room, films are columns and the panel comes first
const NAMES = 108, SMALLEST = 118, ROOMY = 150; // pixels: of the films' names, and of a cell that is whole, or has room
const PAUSE = 150;              // milliseconds without a key before Python is told
const LONGEST = 104, UNIT = 20; // pixels: of an arrow on its scale, and of 1/N
const MIDDLE = 112;             // of that scale
const METRES = 0.0254 / 96;     // a pixel of CSS
const KEYS = { ArrowRight: 0.1, ArrowUp: 0.1, ArrowLeft: -0.1, ArrowDown: -0.1, PageUp: 1, PageDown: -1,
  Home: -2 * FARTHEST, End: 2 * FARTHEST };

// One cell, as `multilabel_loss` of nnlib has it; q is 1 − p, which so keeps its digits.
const cellOf = (z, y, N) => {
  const p = 1 / (1 + Math.exp(-z)), q = 1 / (1 + Math.exp(z)), slope = p * q;
  const loss = Math.log1p(Math.exp(y ? -z : z)), gap = y ? -q : p;
  return { z, y, N, p, q, loss, slope, gap, dp: gap / slope / N, dz: gap / N, right: (p > 0.5) === (y === 1) };
};

// A probability with as many digits as set it apart from 1.
const probability = (p, q, digits = 4) => number(p, digits) === "1" ? p.toFixed(1 - Math.floor(Math.log10(q))) : number(p, digits);

// A step of gradient descent in every z at the rate N: each moves by y − p.
const descended = (Z, Y) => Z.map((line, i) => line.map((z, k) =>
  Math.min(Math.max(z - cellOf(z, Y[i][k], 1).gap, -FARTHEST), FARTHEST)));

const lossOf = (Z, Y) => Z.flatMap((line, i) => line.map((z, k) => cellOf(z, Y[i][k], 1).loss)).reduce((sum, loss) => sum + loss) / Z.length;

// The z, in tenths, of a p from 0 to 1
const zOf = (p) => {
  const end = 1 / (1 + Math.exp(FARTHEST));
  return p <= end ? -FARTHEST : p >= 1 - end ? FARTHEST : tenth(Math.log(p / (1 - p)));
};

const tenth = (z) => Math.round(10 * Math.min(Math.max(z, -FARTHEST), FARTHEST)) / 10;

const length = (metres) => metres < 1 ? `${+(100 * metres).toPrecision(2)} cm` : `${+metres.toPrecision(2)} m`;

const isFarthest = (cell) => Math.abs(cell.z) === FARTHEST;
// How many steps until p has crossed 0.5; each moves z by y − p.
const stepsToCross = (z, y) => {
  let count = 0;
  for (let cell = cellOf(z, y, 1); !cell.right && count < 99; cell = cellOf(cell.z - cell.gap, y, 1)) count++;
  return count;
};

// What a formula offered for the loss says of a cell, and one that was chosen wrongly, in the numbers of the reader's cell.
const FORMULA = "−y log p − (1 − y) log(1 − p)";
const OFFERED = { "−y log p": ({ y, p }) => -y * Math.log(p), "−log |y − p|": ({ gap }) => -Math.log(Math.abs(gap)) };
const whyNot = (guess, { cell, name, no }) => {
  const tried = guess === "−y log p" && cell.y ? no : { ...cell, name };  // where y = 1 it is right
  if (!tried) return "It is right where y = 1, but where y = 0 it says 0, whatever p is.";
  const { y, p, q, gap, loss } = tried, cost = number(loss, 3), says = number(OFFERED[guess](tried), 3);
  if (guess === "−y log p") return `For ${tried.name} it says 0, because y = 0, while the cell costs ${cost}.`;
  if (says === cost) return `Where p = 0.5 both are ${cost}. Turn the dial of ${name}, and they part.`;
  return `For ${name} it says −log ${probability(Math.abs(gap), y ? p : q, 3)} ≈ ${says}, while the cell costs ${cost}: `
    + "it grows towards the truth, the wrong way round.";
};
const DERIVATIVE = "(p − y) / (N p (1 − p))";
const OF_DERIVATIVE = { "(p − y) / N": ({ dz }) => dz, "p (1 − p) / N": ({ slope, N }) => slope / N };

// What is to be done and asked, the choices, what then to do, when it is done, which choice was right, what was then seen, and
// what the reader may write down: the exercise asks for it. `losses` are those before and after each step since the choice, `ran`
// is the cell whose z these steps have moved most: its name, what it was and is; and `isAtItsEnd` says whether that, or before the
// first step any cell, is sure and wrong.
const COST = "The less you believed in what turned out true, the more it costs.";
const said = (guess, isRight) => `You said “${guess}”, and ${isRight ? "so it is" : "it is not so"}.`;
const MISSIONS = [
  { idea: COST, title: "write the loss",
    ask: "The cell costs −log of the probability that you gave to the truth. Which formula says so in every cell?",
    choices: [...Object.keys(OFFERED), FORMULA],
    isDone: ({ guess }) => guess === FORMULA,
    right: () => FORMULA,
    seen: () => "Yes: y or 1 − y is 0, so one term is left. The sum over all cells, divided by N, the number of films, is the loss L.",
    name: "L", written: "−1/N Σ [y log p + (1 − y) log(1 − p)]" },
  { idea: "How steeply does the cost change as you turn a dial?", title: "its derivative",
    ask: "The new arrow of each dial points downhill, to a smaller loss. The panel below shows how steep it is there, ∂L/∂p. "
      + "Which formula explodes where you are sure and wrong?",
    choices: ["(p − y) / N", DERIVATIVE, "p (1 − p) / N"],
    todo: ({ hand }) => `Test it: drag the lit ${hand} fully to its wrong end.`,
    isDone: ({ cell, isByHand }) => isByHand && isFarthest(cell) && !cell.right,
    right: () => DERIVATIVE,
    seen: ({ guess, cell, name }) => {
      const was = `${number(cell.dp)}, an arrow ${length(cell.N * Math.abs(cell.dp) * UNIT * METRES)} long, because p (1 − p) divides it.`;
      return guess === DERIVATIVE ? `So it is: at the wrong end ∂L/∂p of ${name} was ${was}`
        : `Not so: at the wrong end “${guess}” was ${number(OF_DERIVATIVE[guess](cell), 3)}, but ∂L/∂p was ${was}`;
    },
    name: "∂L/∂p", written: DERIVATIVE },
  { idea: "A network moves a number z behind each dial. Does the dial follow?", title: "on to z",
    ask: "Behind each p = σ(z) is a net input z. The slider now moves it, and the panel has its derivative too, ∂L/∂z. In gradient "
      + "descent at the rate η = N each z moves by y − p. Will p move far as well where you are sure and wrong?", choices: ["yes", "no"],
    todo: ({ hand, isAtItsEnd }) => isAtItsEnd ? "Test it: take three steps of gradient descent."
      : `Test it: drag the lit ${hand} fully to its wrong end, then take three steps of gradient descent.`,
    isDone: ({ losses, ran, isAtItsEnd }) => losses.length > 3 && ran && isAtItsEnd,
    right: () => "no",
    seen: ({ guess, ran: { name, was, is } }) => {
      const left = stepsToCross(is.z, is.y);
      return `${said(guess, guess === "no")} The z of ${name} ran from ${number(was.z, 2)} to ${number(is.z, 2)}, but its p only from `
        + `${probability(was.p, was.q)} to ${probability(is.p, is.q)}: so far out the sigmoid is flat.`
        + (left > 0 ? ` It needs ${left} more step${left > 1 ? "s" : ""} to cross 0.5.` : "");
    },
    name: "∂L/∂z", written: "(p − y) / N" },
];
const INTRO = { dial: "You are a film critic. Each dial is your belief that a genre fits a film, from no to yes. The dot is the truth.",
  slider: "You are a film critic. The slider is your belief that a genre fits a film, from no to yes." };
const FIRST = { dial: "Drag the lit dial to its wrong end, away from the dot, and watch what it costs.",
  slider: "Drag the lit slider to its wrong end, away from the truth, and watch what it costs." };
const IN_SYMBOLS = "That is the idea. Now in symbols: your dial is p, and the truth is y, 1 for yes and 0 for no.";
const SOLVED = "Well done: you have written the loss and both of its derivatives.";
// The page's own tab and, at its end, the link to the next exercise
const openAnswer = () => {
  const tab = [...document.querySelectorAll("[data-testid=stTabs] [role=tab]")].find(({ textContent }) => textContent === "The answer");
  tab.click();
  tab.focus({ preventScroll: true });
  document.querySelector("[data-testid=stMain]").scrollBy({ top: tab.getBoundingClientRect().top - 60, behavior: isStill() ? "instant" : "smooth" });
};
const goOn = () => document.querySelector("[data-testid=stMain] [data-testid=stPageLink] a").click();
// In the browser's tab: whether a dial has been turned, how many missions are done, what was seen in each, what is told now, whether
// all is shown, what the reader has chosen in the mission that follows; and of the last steps the table, from which Z and with which losses
const KEPT = "ex23_2_missions";
const asKept = (Z, Y) => JSON.stringify([Z.map((line) => line.map((z) => +z.toFixed(6))), Y]);  // Python writes fewer digits

// A formula within a sentence stays on one line.
const whole = (words) => words.replace(/ (?=[=−]|\(1)|(?<=[=−]) /g, "\u00a0");

function newCritic(box) {
  const find = (name) => box.querySelector(name);
  const grid = find(".grid"), totals = find(".totals"), which = find(".which"), verdict = find(".verdict");
  const idea = find(".idea"), mission = find(".mission"), written = find(".written"), trail = find(".trail"), path = find(".trail svg");
  const asleep = find(".asleep svg"), descend = find(".descend"), wait = find(".wait"), ask = find(".ask");
  const truths = box.querySelectorAll(".truths input"), turn = find(".turn input"), turnName = find(".turn span");
  const critic = { send: () => {}, revision: undefined, starts: undefined, begun: undefined };
  let table, layout, cells, timer, following;  // table: { films, genres, Z, Y, chosen, losses }
  let { isBegun = false, done = 0, seen, findings = [], isAll = false, guess = "", kept } = JSON.parse(sessionStorage.getItem(KEPT) || "{}");
  let missed = "";                    // what is wrong with it
  let rested;                         // where the pointer chose it, until it has moved away
  let isTold = false, isKnown = false; // the formulas, which the reader is first to look for
  let byHand;                         // the cell that the reader has turned or judged by last, if nothing else has set the table since
  let before;                         // Z before the first of the steps
  let isAsked = false;                // by the switch in "More settings", to see all at once

  // What there is to see comes with the missions: the loss; the arrows and ∂L/∂p; ∂L/∂z and the steps.
  const level = () => isKnown || isAll || isAsked ? 2 : Math.min(done, 2);

  // Before anything else a dial is to be turned, and there are no symbols yet.
  const isFresh = () => !isBegun && level() < 1;

  const at = (i, k) => cellOf(table.Z[i][k], table.Y[i][k], table.Z.length);

  function tell(pause = 0) {
    clearTimeout(timer);
    const { Z, Y, chosen, losses } = table;
    timer = setTimeout(() => critic.send({ Z, Y, chosen, losses, found: done > 1 }), pause);
  }

  // How the table is laid out in the room there is
  function layoutNow() {
    const width = box.clientWidth, ofCell = (width - NAMES) / table.Z[0].length;
    const isNarrow = width <= NARROW || ofCell < SMALLEST;
    return { isNarrow, isCrowded: !isNarrow && ofCell < ROOMY };
  }

  const isStacked = () => box.clientWidth <= NARROW;

  // The table anew: rows are films, or where there is little room genres.
  function build() {
    layout = layoutNow();
    const { isNarrow, isCrowded } = layout;
    const { films, genres, Z } = table;
    const names = isNarrow ? [genres, films] : [films, genres];
    const counts = isNarrow ? [Z[0].length, Z.length] : [Z.length, Z[0].length];
    const room = isNarrow ? "narrow" : isCrowded ? "crowded" : "";
    const drawn = make("table", { "aria-label": "Your answers, a dial a cell", class: room });
    const head = make("tr", {}, make("thead", {}, drawn)), body = make("tbody", {}, drawn);
    make("td", {}, head);
    for (let c = 0; c < counts[1]; c++) make("th", { scope: "col" }, head, names[1][c]);
    cells = Z.map(() => []);
    for (let r = 0; r < counts[0]; r++) {
      const line = make("tr", {}, body);
      make("th", { scope: "row" }, line, names[0][r]);
      for (let c = 0; c < counts[1]; c++) {
        const [i, k] = isNarrow ? [c, r] : [r, c];
        cells[i][k] = newCell(make("td", {}, line), i, k);
      }
    }
    replaceKeepingFocus(grid, [drawn], cells.flat().map((cell) => cell.dial));
  }

  function newCell(place, i, k) {
    const inside = make("div", { class: "cell" }, place);
    const dial = make("div", { class: "dial", role: "slider", tabindex: 0, "data-cell": `${i},${k}`,
      "aria-valuemin": 0, "aria-valuemax": 1, "aria-label": `${table.films[i]}, ${table.genres[k]}` }, inside);
    const svg = make("svg", { viewBox: "0 0 66 38", "aria-hidden": true }, dial);
    const arc = "M7 32a26 26 0 0 1 52 0";
    make("path", { class: "track", d: arc }, svg);
    const gap = make("path", { class: "gap", d: arc, pathLength: 1 }, svg);
    const truth = make("circle", { class: "truth", cy: 32, r: 5 }, svg);
    const head = make("path", { class: "head", d: "M0 7l-7-13h14z" }, svg);
    const needle = make("path", { class: "needle", d: "M33 32h-20" }, svg);
    make("circle", { class: "hub", cx: 33, cy: 32, r: 3.5 }, svg);
    const answer = make("div", { class: "answer" }, inside);
    const bar = make("i", {}, make("div", { class: "cost" }, inside));
    const p = make("span", {}, answer), mark = make("b", {}, answer);

    // Where the pointer is on the half circle, from 0 to 1.
    const pointed = (event) => {
      const { left, top, width } = svg.getBoundingClientRect();
      const x = event.clientX - left - width / 2, y = top + 32 * width / 66 - event.clientY;
      return y < 0 ? Number(x > 0) : 1 - Math.atan2(y, x) / Math.PI;
    };
    const drag = (event) => set(i, k, zOf(pointed(event)));
    dial.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      dial.setPointerCapture(event.pointerId);
      dial.focus({ preventScroll: true });
      box.classList.add("turning");
      choose(i, k);
      drag(event);
    });
    dial.addEventListener("pointermove", (event) => { if (dial.hasPointerCapture(event.pointerId)) drag(event); });
    dial.addEventListener("lostpointercapture", () => { box.classList.remove("turning"); draw(); tell(); });
    dial.addEventListener("keydown", (event) => turnByKey(event, i, k));
    dial.addEventListener("focus", () => { if (choose(i, k)) tell(PAUSE); });
    place.addEventListener("click", () => { if (choose(i, k)) tell(); });
    return { place, dial, gap, truth, head, needle, bar, p, mark };
  }

  function choose(i, k) {
    if (table.chosen.join() === [i, k].join()) return false;
    table.chosen = [i, k];
    draw();
    return true;
  }

  // No step has led to what the reader sets.
  function forgetSteps() {
    table.losses = [];
    before = undefined;
  }

  function set(i, k, z) {
    if (table.Z[i][k] === z) return;
    table.Z[i][k] = z;
    forgetSteps();
    byHand = `${i},${k}`;
    draw();
  }

  function turnByKey(event, i, k) {
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    set(i, k, tenth(table.Z[i][k] + KEYS[event.key]));
    tell(PAUSE);
  }

  function draw() {
    if (byHand && !isBegun && !box.classList.contains("turning")) {
      isBegun = true;
      keepMissions();
    }
    const [ci, ck] = table.chosen, all = [], held = isStacked() ? box.getRootNode().activeElement : null, above = topOf(held);
    cells.forEach((line, i) => line.forEach((parts, k) => {
      const cell = at(i, k), gap = Math.abs(cell.gap), text = probability(cell.p, cell.q);
      all.push(cell);
      parts.place.className = `${cell.right ? "" : "wrong"} ${i === ci && k === ck ? "chosen" : ""}`;
      parts.needle.style.transform = `rotate(${180 * cell.p}deg)`;
      // From the needle to the truth, short of the arrow's head.
      const size = Math.min(1, gap / 0.25), bare = 0.16 * size;
      parts.gap.style.strokeDasharray = `${gap - bare} 2`;
      parts.gap.style.strokeDashoffset = -(cell.y ? cell.p : bare);
      parts.head.style.transform = `translate(${cell.y ? 59 : 7}px, ${25 - 6 * (1 - size)}px) scale(${size})`;
      parts.truth.setAttribute("cx", cell.y ? 59 : 7);
      parts.bar.style.width = `${Math.min(100, 10 * cell.loss)}%`;
      parts.p.textContent = text;
      parts.mark.textContent = cell.right ? "\u2713" : "\u2716";
      parts.dial.setAttribute("aria-valuenow", cell.p);
      parts.dial.setAttribute("aria-valuetext",
        `p ${equals(cell.p, text)} ${text}, truth y = ${cell.y}, ${cell.right ? "right" : "wrong"}, loss ${number(cell.loss)}`);
    }));
    drawMission(at(ci, ck));  // which may let more be seen
    box.dataset.level = level();
    box.toggleAttribute("data-fresh", isFresh());
    drawTotals(all);
    drawChosen(at(ci, ck));
    if (above !== undefined) document.querySelector("[data-testid=stMain]").scrollBy({ top: topOf(held) - above, behavior: "instant" });
  }

  // Where it is that the reader turns or presses while the words above it change; the words' own choices stay with them
  const topOf = (held) => box.contains(held) && !mission.contains(held) && !written.contains(held)
    ? held.getBoundingClientRect().top : undefined;

  // The cell whose z the steps have moved most
  function whatRan() {
    if (!before) return undefined;
    const moves = table.Z.flatMap((line, i) => line.map((z, k) => ({ i, k, by: Math.abs(z - before[i][k]) })));
    const { i, k } = moves.reduce((most, one) => one.by > most.by ? one : most);
    return { name: `${table.films[i]}, ${table.genres[k]}`, was: cellOf(before[i][k], table.Y[i][k], 1), is: at(i, k) };
  }

  // Whether the cell that the steps have moved most was sure and wrong, or before the first of them any cell is
  function isAtItsEnd() {
    const ran = whatRan(), asked = ran ? [ran.was] : table.Z.flatMap((line, i) => line.map((_, k) => at(i, k)));
    return asked.some((cell) => isFarthest(cell) && !cell.right);
  }

  // Of the cells that do not fit, the one that costs most
  function costliestNo() {
    const all = table.Z.flatMap((line, i) => line.map((z, k) => ({ ...at(i, k), name: `${table.films[i]}, ${table.genres[k]}` })));
    return all.filter(({ y }) => y === 0).sort((a, b) => b.loss - a.loss)[0];
  }

  const keepMissions = () => sessionStorage.setItem(KEPT, JSON.stringify({ isBegun, done, seen, findings, isAll, guess, kept }));

  function drawMission(cell, isChoosing = false) {
    const now = MISSIONS[done], [i, k] = table.chosen, name = `${table.films[i]}, ${table.genres[k]}`;
    const shown = { cell, name, no: costliestNo(), isByHand: byHand === `${i},${k}`, guess, hand: isStacked() ? "slider" : "dial",
      losses: table.losses, ran: whatRan(), isAtItsEnd: isAtItsEnd() };
    if (guess && now?.isDone(shown)) {  // a mission waits for the reader's choice
      const isRight = guess === now.right(shown);
      seen = findings[done] = { isRight, words: now.seen(shown) };
      done++;
      guess = missed = "";
      keepMissions();
      if (done === 2) tell();
    } else if (guess in OFFERED && now?.choices.includes(guess)) {
      missed = whyNot(guess, shown);
    }
    const next = MISSIONS[done], todo = guess && next?.todo?.(shown), isFirst = isFresh();
    const text = [isFirst && shown.hand, done, seen?.words, guess, todo].join(), choices = () => [...mission.querySelectorAll("button")];
    box.toggleAttribute("data-turn-it", isFirst || Boolean(guess) && (done === 1 || done === 2 && !shown.isAtItsEnd));
    if (mission.dataset.text !== text) {  // else it would be read out again
      mission.dataset.text = text;
      const isFocused = mission.contains(box.getRootNode().activeElement);
      idea.textContent = next ? next.idea : SOLVED;
      mission.replaceChildren();
      if (seen) make("b", { class: seen.isRight ? "done" : "missed" }, mission, seen.isRight ? "\u2713 " : "\u2716 ");
      mission.append(whole(seen?.words ?? (isFirst ? INTRO[shown.hand] : IN_SYMBOLS)));
      const now = make("span", { class: "now" }, mission);
      if (isFirst) make("b", {}, now, FIRST[shown.hand]);
      else if (next) {
        make("b", {}, now, `Mission ${done + 1} of ${MISSIONS.length}: ${next.title}.`);
        now.append(whole(` ${next.ask}`));
      } else now.append("The written answer derives each of these lines, and the next exercise learns with them.");
      const line = make("span", { class: "choices" }, mission);
      if (!next) {
        make("button", { type: "button", class: "primary" }, line, "Read the written answer").addEventListener("click", openAnswer);
        make("button", { type: "button" }, line, `Next: ${following}`).addEventListener("click", goOn);
      }
      for (const choice of isFirst ? [] : next?.choices || [])
        make("button", { type: "button" }, line, choice).addEventListener("click", (event) => {
          if (event.detail > 1) return;  // the second click of two was meant for the choice that was here
          rested = [event.clientX, event.clientY];
          mission.classList.add("resting");
          guess = choice;
          byHand = table.chosen.join();  // the reader who chooses has this cell before his eyes
          forgetSteps();
          keepMissions();
          drawMission(at(...table.chosen), true);
          draw();
        });
      if (todo) make("span", {}, line, todo);
      if (isFocused) (choices().find(({ textContent }) => textContent === guess) || choices()[0] || mission).focus();
    }
    for (const choice of choices()) choice.setAttribute("aria-pressed", choice.textContent === guess);
    const told = [done, missed].join();
    if (written.dataset.told === told) return;  // else a line that has just been pressed would lose the focus
    written.dataset.told = told;
    written.setAttribute("aria-live", isChoosing ? "polite" : "off");  // a dial that is turned tells its own numbers
    written.replaceChildren(done ? "You have written:" : "");
    if (missed) {
      const words = make("span", {}, written);
      make("b", { class: "missed" }, words, "\u2716 ");
      words.append(missed);
    }
    MISSIONS.slice(0, done).forEach((one, k) => {
      const about = { type: "button", class: "done", title: "Tell again what this mission found" };
      make("button", about, written, `${one.name} = ${one.written}`).addEventListener("click", () => {
        seen = findings[k];
        draw();
      });
    });
  }

  function drawTotals(all) {
    const sum = all.reduce((total, { loss }) => total + loss, 0), N = table.Z.length;
    const right = all.filter((cell) => cell.right).length;
    totals.replaceChildren();
    const { losses } = table, steps = losses.length - 1;
    const after = steps > 0 ? ` after ${steps} step${steps > 1 ? "s" : ""}` : "";
    make("b", {}, totals, `Loss L ${equals(sum / N)} ${number(sum / N)}${after}`);
    const cells = all.length > 1 ? `all ${all.length} cells cost ${number(sum)}` : `its cell costs ${number(sum)}`;
    totals.append(`: ${cells}, divided by N\u00a0=\u00a0${N} film${N > 1 ? "s" : ""}. `);
    make("b", {}, totals, `${right} of ${all.length} right`);
    descend.hidden = level() < 2;
    const isLast = done === MISSIONS.length - 1;
    descend.disabled = isLast && !guess;  // else it would answer mission 3
    descend.classList.toggle("primary", isLast && !descend.disabled);
    wait.hidden = !descend.disabled || descend.hidden;
    trail.classList.toggle("empty", steps < 1);
    path.replaceChildren();
    if (steps < 1) return;
    const top = Math.max(...losses), apart = Math.min(10, 72 / steps);
    const points = losses.map((loss, step) => [4 + step * apart, 24 - 20 * loss / top]);
    make("path", { class: "fall", d: `M${points.join("L")}` }, path);
    points.forEach(([cx, cy], step) => make("circle", { class: "bar", cx, cy, r: step === steps ? 3.5 : 2 }, path));
    path.setAttribute("aria-label", `The loss over ${steps} steps, from ${number(losses[0])} to ${number(losses[steps])}`);
  }

  function drawChosen(cell) {
    const [i, k] = table.chosen, N = table.Z.length, { z, y, p, q, loss, slope, dp, dz } = cell;
    const P = probability(p, q), Q = probability(q, p), isPlain = equals(dp) === "=" && equals(slope) === "=";
    const given = p > 0.5 ? "You say yes, p > 0.5" : "You say no, p ≤ 0.5";
    which.textContent = `${table.films[i]}, ${table.genres[k]}`;
    truths[y].checked = true;
    const isZ = level() > 1;
    Object.assign(turn, isZ ? { min: -FARTHEST, max: FARTHEST, step: 0.1, value: z } : { min: 0, max: 1, step: "any", value: p });
    turnName.textContent = isZ ? `Net input z ${equals(z)} ${number(z)}` : isFresh() ? "Your belief that it fits" : "Your dial, p";
    turn.setAttribute("aria-valuetext", `${isZ ? `z ${equals(z)} ${number(z)}, ` : ""}p ${equals(p, P)} ${P}`);
    const ends = isFresh() ? ["no", "yes"] : [0, 1];
    box.querySelectorAll(".ends .end").forEach((end, k) => { end.textContent = ends[k]; });
    find(".ends .p").textContent = isFresh() ? "" : `p${isZ ? " = σ(z)" : ""} ${equals(p, P)} ${P}`;
    verdict.textContent = `${given}: ${cell.right ? "right \u2713" : "wrong \u2716"}`;
    drawAsleep(cell, before && cellOf(before[i][k], y, N));
    ask.textContent = isTold ? "Hide the formulas" : "Show the formulas";

    const o = (sign) => `<mo>${sign}</mo>`, v = (name) => `<mi>${name}</mi>`;
    const n = (text) => `<mn>${text}</mn>`;
    const step = (name, title, math, value, about) => {
      const row = find(`.step.${name}`);
      row.querySelector(".title").textContent = title;
      row.querySelector(".formula").innerHTML = `<math displaystyle="true"><mrow>${math}${math && o(equals(value))}`
        + `<mrow class="result">${n(number(value))}</mrow></mrow></math>`;
      const svg = row.querySelector("svg");
      svg.setAttribute("aria-label", about);
      svg.replaceChildren();
      return svg;
    };
    const over = (above, below) => `<mfrac><mrow>${above}</mrow><mrow>${below}</mrow></mfrac>`;
    const by = (name) => over(v("∂L"), v(`∂${name}`)), minus = '<mo form="prefix">−</mo>';
    const log = '<mi class="word">log</mi>', rest = `${o("(")}${n(1)}${o("−")}${v("p")}${o(")")}`;
    const minusLog = (inner) => `${minus}${log}${inner}`, gap = (p, y) => `${p}${o("−")}${y}`;

    const truth = isFresh() ? y ? "yes" : "no" : y ? "yes, y = 1" : "no, y = 0", ofTruth = minusLog(n(y ? P : Q));
    const inSymbols = done || isKnown ? `${minusLog(y ? v("p") : rest)}${o(equals(p))}${ofTruth}` : ofTruth;
    const drawn = step("loss", `The truth is ${truth}. Your dial gives it the probability ${y ? P : Q}, so the cell costs`,
      isFresh() ? "" : inSymbols, loss, `A bar of ${number(loss)} on a scale to ${FARTHEST}.`);
    drawBar(drawn, loss);
    if (level() < 1) return;

    const inP = over(gap(v("p"), v("y")), `${v("N")}${v("p")}${rest}`);
    const inNumbers = over(gap(n(P), n(y)), `${n(N)}${o("·")}${n(P)}${o("·")}${n(Q)}`);
    const share = `${o(equals(N * dp))}${over(n(1), n(N))}${o("·")}${dp < 0 ? `${o("(")}${n(number(N * dp))}${o(")")}` : n(number(N * dp))}`;
    drawArrow(step("dp", "∂L/∂p. The arrow shows the downhill direction, −∂L/∂p",
      isTold ? `${by("p")}${o("=")}${inP}${o(equals(p))}${inNumbers}` : by("p") + (N > 1 ? share : ""), dp, arrowWords(dp)),
      N * dp, "p");
    const far = UNIT * N * Math.abs(dp);
    find(".far").textContent = far > LONGEST ? `drawn to scale: ${length(far * METRES)} long` : "";
    if (level() > 1) drawArrow(step("dz", isTold ? "∂L/∂z: the factor p (1 − p) cancels, and (p − y) / N remains, never beyond ±1/N"
      : "∂L/∂z is ∂L/∂p times p (1 − p), the slope of the sigmoid, and never beyond ±1/N",
      `${by("z")}${o("=")}${by("p")}${o("·")}${v("p")}${rest}${o(isPlain ? "=" : "≈")}${n(number(dp))}${o("·")}${n(number(slope))}`,
      dz, arrowWords(dz)), N * dz, "z");
  }

  // The mark of p below the thumb of z, and how far the steps have moved either
  function drawAsleep({ z, p }, was) {
    const ofZ = (z) => 50 + 50 * z / FARTHEST, ofP = (p) => 100 * p;
    asleep.replaceChildren();
    make("path", { class: "rail", d: "M0 20H100" }, asleep);
    if (was) make("path", { class: "trace", d: `M${ofZ(was.z)} 2H${ofZ(z)}M${ofP(was.p)} 20H${ofP(p)}` }, asleep);
    make("path", { class: "link", d: `M${ofZ(z)} 0L${ofP(p)} 20` }, asleep);
    find(".asleep i").style.left = `${ofP(p)}%`;
  }

  // The cell's bar with its scale, large while it is alone
  function drawBar(svg, loss) {
    const isAlone = level() < 1, wide = isAlone ? Math.max(224, Math.min(480, svg.parentElement.clientWidth)) : 2 * MIDDLE;
    const height = isAlone ? 26 : 16, width = wide - 2, box = { x: 1, y: isAlone ? 2 : 8, height, rx: 3 };
    svg.setAttribute("viewBox", `0 0 ${wide} ${isAlone ? 50 : 40}`);
    make("rect", { class: "scale", width, ...box }, svg);
    make("rect", { class: "bar", width: Math.min(1, loss / FARTHEST) * width, ...box }, svg);
    if (isAlone) for (const cost of [0, 2, 4, 6, 8, 10])
      make("text", { x: 1 + cost / FARTHEST * width, y: 46, class: cost === 0 ? "first" : cost === FARTHEST ? "last" : "" }, svg, cost);
  }

  const arrowWords = (gradient) => `An arrow to the ${gradient > 0 ? "left: smaller" : "right: larger"}.`;

  // Against the gradient, on one scale for both: `units` of 1/N from the middle, cut where the scale ends.
  function drawArrow(svg, units, letter) {
    const far = UNIT * Math.abs(units), drawn = Math.min(far, LONGEST), isCut = far > LONGEST;
    const way = units > 0 ? -1 : 1;
    const x = (along) => MIDDLE + way * along, head = Math.min(12, drawn);
    for (const mark of letter === "z" ? [-1, 0, 1] : [0])
      make("line", { class: "scale", x1: x(mark * UNIT), x2: x(mark * UNIT), y1: 4, y2: 24 }, svg);
    make("line", { class: "scale", x1: x(-LONGEST), x2: x(LONGEST), y1: 14, y2: 14 }, svg);
    const thick = 5 + 2.5 * Math.log10(Math.max(1, far / LONGEST)), half = Math.max(0.6 * head, thick);
    make("path", { class: "gap", "stroke-width": thick, d: `M${x(0)} 14H${x(drawn - head)}` }, svg);
    make("path", { class: "head", d: `M${x(drawn)} 14L${x(drawn - head)} ${14 - half}V${14 + half}Z` }, svg);
    for (const side of [-1, 1]) {
      if (letter === "z") make("text", { x: MIDDLE + side * (UNIT + 1), y: 38 }, svg, side < 0 ? "−1/N" : "1/N");
      make("text", { x: MIDDLE + side * 76, y: 38 }, svg, `${side < 0 ? "smaller" : "larger"} ${letter}`);
    }
    if (!isCut) return;
    for (const along of [60, 66]) make("path", { class: "cut", d: `M${x(along) - 4} 26l8 -24` }, svg);
  }

  truths.forEach((truth, y) => truth.addEventListener("change", () => {
    const [i, k] = table.chosen;
    table.Y[i][k] = y;
    forgetSteps();
    draw();
    tell();
  }));
  mission.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (rested && Math.hypot(clientX - rested[0], clientY - rested[1]) < 4) return;  // a choice came to the pointer, not it to the choice
    rested = undefined;
    mission.classList.remove("resting");
  });
  descend.addEventListener("click", () => {
    const { Z, Y, losses } = table;
    before ??= Z;
    table.Z = descended(Z, Y);
    table.losses = [...(losses.length ? losses : [lossOf(Z, Y)]), lossOf(table.Z, Y)];
    kept = { before, losses: table.losses, table: asKept(table.Z, Y) };
    keepMissions();
    draw();
    tell(PAUSE);
  });
  ask.addEventListener("click", () => {
    isTold = !isTold;
    draw();
  });
  turn.addEventListener("input", () => {
    const at = Number(turn.value);
    set(...table.chosen, level() > 1 ? tenth(at) : zOf(at));
    tell(PAUSE);
  });
  turn.addEventListener("pointerdown", () => {
    box.classList.add("turning");
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, letGo);
  });
  const letGo = () => {
    box.classList.remove("turning");
    for (const end of ["pointerup", "pointercancel"]) removeEventListener(end, letGo);
    draw();
  };
  turn.addEventListener("keydown", (event) => turnByKey(event, ...table.chosen));
  new ResizeObserver(() => {
    if (!table || Object.values(layoutNow()).join() === Object.values(layout).join()) return;
    build();
    draw();
  }).observe(box);

  critic.load = ({ next, revision, starts, begun, is_known, shows_all, films, genres, Z, Y, chosen, losses }) => {
    const was = [level(), isKnown].join();
    [isAsked, following] = [shows_all, next];
    if (is_known && !isKnown) {
      isTold = isKnown = true;
      ask.hidden = false;
    }
    if (begun > (critic.begun ?? begun)) {
      isAll = true;  // experiments ask for all that there is to see
      keepMissions();
      bringIntoView(box);
    }
    if (table && [level(), isKnown].join() !== was) draw();
    critic.begun = begun;
    const isAnew = critic.starts !== undefined && critic.starts !== starts;
    critic.starts = starts;
    if (isAnew) {
      [isBegun, done, guess, missed, seen, findings, isAll] = [false, 0, "", "", undefined, [], false];
      byHand = undefined;
      isTold = isKnown = is_known;
      ask.hidden = !is_known;
      keepMissions();
      draw();
    }
    if (critic.revision === revision) return;  // else the reader may be further on than Python
    clearTimeout(timer);
    const isNew = !table || table.Z.length !== Z.length || table.Z[0].length !== Z[0].length;
    critic.revision = revision;
    byHand = undefined;
    const areKept = kept?.table === asKept(Z, Y);
    before = areKept ? kept.before : undefined;
    table = { films, genres, Z: Z.map((line) => [...line]), Y: Y.map((line) => [...line]), chosen, losses: areKept ? kept.losses : losses };
    if (isNew) build();
    draw();
    if (done > 1 && !isKnown) tell();  // the page was loaded anew
  };
  return critic;
}

export default function ({ parentElement, data, setTriggerValue }) {
  const box = parentElement.querySelector(".critic");
  if (!critics.has(box)) critics.set(box, newCritic(box));
  const critic = critics.get(box);
  critic.send = (table) => setTriggerValue("turned", table);
  critic.load(data);
}
