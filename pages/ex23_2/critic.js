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
  return { z, y, N, p, q, loss, slope, gap, dp: gap / slope / N, dz: gap / N, right: z !== 0 && z > 0 === (y === 1),
    said: z === 0 ? "undecided" : z > 0 === (y === 1) ? "right" : "wrong" };
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

const MARKS = { right: "\u2713", wrong: "\u2716", undecided: "–" };

const isFarthest = (cell) => Math.abs(cell.z) === FARTHEST;
// How many steps until p has crossed 0.5; each moves z by y − p.
const stepsToCross = (z, y) => {
  let count = 0;
  for (let cell = cellOf(z, y, 1); !cell.right && count < 99; cell = cellOf(cell.z - cell.gap, y, 1)) count++;
  return count;
};

// The formulas offered for the loss and its derivatives: what each says of a cell, and what is wrong with it
const FORMULA = "−y log p − (1 − y) log(1 − p)", SWAPPED = "−(1 − y) log p − y log(1 − p)", PLUS = "−y log p + (1 − y) log(1 − p)";
const IN_P = "(p − y) / (N p (1 − p))", IN_Z = "(p − y) / N";
const WRONG = {
  [SWAPPED]: { says: ({ gap }) => -Math.log(Math.abs(gap)), why: "it grows towards the truth, the wrong way round" },
  [PLUS]: { says: ({ y, loss }) => y ? loss : -loss, why: "where y = 0 its sign is wrong" },
  "(y − p) / (N p (1 − p))": { says: ({ dp }) => -dp, why: "its sign is wrong" },
  "p (1 − p) / (N (p − y))": { says: ({ slope, gap, N }) => slope / gap / N, why: "it is upside down" },
  "(y − p) / N": { says: ({ dz }) => -dz, why: "its sign is wrong" },
  "p (1 − p) / N": { says: ({ slope, N }) => slope / N, why: "it is the slope of the sigmoid, divided by N" },
};

// Why a formula is wrong, in the numbers of the reader's cell; where it is right there, in those of another, `no`, where y = 0.
const whyNot = (guess, { of, told }, { cell, name, no }) => {
  const tried = guess === PLUS && cell.y ? no : { ...cell, name };
  if (!tried) return "It is right where y = 1, but where y = 0 it gives log(1 − p), and that is below 0.";
  const says = number(WRONG[guess].says(tried)), is = number(tried[of]);
  return says === is ? `For ${tried.name} both are about ${is}. Turn its dial, and they part.`
    : `For ${tried.name} it gives ${says}, but ${told} ${is}: ${WRONG[guess].why}.`;
};

// What is to be done and asked, the choices, what then to do, when it is done, which choice was right, what was then seen, and
// what the reader has written: the exercise asks for it. Of a formula, `of` and `told` say which number of a cell it gives. `losses`
// are those before and after each step since the choice, `ran` is the cell whose z these steps have moved most: its name, what it was
// and is; and `isAtItsEnd` says whether that, or before the first step any cell, is sure and wrong.
const COST = "The less you believed in what turned out true, the more it costs.";
const said = (guess, isRight) => `You said “${guess}”, and ${isRight ? "so it is" : "it is not so"}.`;
const MISSIONS = [
  { idea: COST, title: "write the loss",
    ask: "The cell costs −log of the probability that you gave to the truth. Which formula says so in every cell?",
    choices: [SWAPPED, PLUS, FORMULA], right: FORMULA, of: "loss", told: "the cell costs",
    isDone: ({ guess }) => guess === FORMULA,
    seen: () => "Yes: y or 1 − y is 0, so one term is left. The sum over all cells, divided by N, the number of films, is the loss L.",
    name: "L", written: "−1/N Σ [y log p + (1 − y) log(1 − p)]" },
  { idea: "How steeply does the cost change as you turn a dial?", title: "its derivative",
    ask: "The panel below shows how steeply the loss changes with your dial, ∂L/∂p, and an arrow downhill, to a smaller loss. "
      + "Which formula gives ∂L/∂p in every cell?",
    choices: ["(y − p) / (N p (1 − p))", IN_P, "p (1 − p) / (N (p − y))"], right: IN_P, of: "dp", told: "∂L/∂p is",
    todo: ({ guess, hand }) => guess === IN_P && `Right. Now drag the lit ${hand} fully to its wrong end.`,
    isDone: ({ guess, cell, isByHand }) => guess === IN_P && isByHand && isFarthest(cell) && !cell.right,
    seen: ({ cell, name }) => `Yes: at the wrong end ∂L/∂p of ${name} was ${number(cell.dp)}, an arrow `
      + `${length(cell.N * Math.abs(cell.dp) * UNIT * METRES)} long, because p (1 − p) divides it.`,
    name: "∂L/∂p", written: IN_P },
  { idea: "A network moves a net input z behind each dial.", title: "on to z",
    ask: "The slider now moves this z, and p = σ(z). By the chain rule ∂L/∂z is ∂L/∂p · p (1 − p). Which formula remains?",
    choices: [IN_Z, "(y − p) / N", "p (1 − p) / N"], right: IN_Z, of: "dz", told: "∂L/∂z is",
    isDone: ({ guess }) => guess === IN_Z,
    seen: () => "Yes: p (1 − p) cancels, and p − y remains, divided by N. So ∂L/∂z is never beyond ±1/N.",
    name: "∂L/∂z", written: IN_Z },
  { idea: "Does the dial follow its z?", title: "take a step",
    ask: "In gradient descent at the rate η = N each z moves by y − p. Where you are sure and wrong, that is nearly ±1. "
      + "Does p move much there?", choices: ["yes", "no"], right: "no",
    todo: ({ hand, isAtItsEnd }) => isAtItsEnd ? "Test it: take three steps of gradient descent."
      : `Test it: drag the lit ${hand} fully to its wrong end, then take three steps of gradient descent.`,
    isDone: ({ losses, ran, isAtItsEnd }) => losses.length > 3 && ran && isAtItsEnd,
    seen: ({ guess, losses, ran: { name, was, is } }) => `${said(guess, guess === "no")} In ${losses.length - 1} steps the z of ${name} `
      + `ran from ${number(was.z, 2)} to ${number(is.z, 2)}, but its p only from ${probability(was.p, was.q)} to `
      + `${probability(is.p, is.q)}: so far out the sigmoid is flat. From z = ${number(was.z, 2)} it takes `
      + `${stepsToCross(was.z, was.y)} steps to cross 0.5.` },
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
const whole = (words) => words.replace(/ (?=[=−·]|\(1)|(?<=[=−·]) /g, "\u00a0");

function newCritic(box) {
  const find = (name) => box.querySelector(name);
  const grid = find(".grid"), totals = find(".totals"), which = find(".which"), verdict = find(".verdict");
  const idea = find(".idea"), mission = find(".mission"), written = find(".written"), trail = find(".trail"), path = find(".trail svg");
  const asleep = find(".asleep svg"), descend = find(".descend"), wait = find(".wait");
  const truths = box.querySelectorAll(".truths input"), turn = find(".turn input"), turnName = find(".turn span");
  const critic = { send: () => {}, revision: undefined, starts: undefined, begun: undefined };
  let table, layout, cells, timer, following;  // table: { films, genres, Z, Y, chosen, losses }
  let { isBegun = false, done = 0, seen, findings = [], isAll = false, guess = "", kept } = JSON.parse(sessionStorage.getItem(KEPT) || "{}");
  let rested;                         // where the pointer chose it, until it has moved away
  let isKnown = false;                // whether the page's answer is open
  let byHand;                         // the cell that the reader has turned or judged by last, if nothing else has set the table since
  let before;                         // Z before the first of the steps
  let isAsked = false;                // by the switch in "More settings", to see all at once

  // What there is to see comes with the missions: the loss; the arrows and ∂L/∂p; ∂L/∂z; the steps.
  const level = () => isKnown || isAll || isAsked ? 3 : Math.min(done, 3);

  // Before anything else a dial is to be turned, and there are no symbols yet.
  const isFresh = () => !isBegun && level() < 1;

  const at = (i, k) => cellOf(table.Z[i][k], table.Y[i][k], table.Z.length);

  function tell(pause = 0) {
    clearTimeout(timer);
    const { Z, Y, chosen, losses } = table;
    timer = setTimeout(() => critic.send({ Z, Y, chosen, losses, found: done > 2, solved: done === MISSIONS.length }), pause);
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
      parts.place.className = `${cell.said} ${i === ci && k === ck ? "chosen" : ""}`;
      parts.needle.style.transform = `rotate(${180 * cell.p}deg)`;
      // From the needle to the truth, short of the arrow's head.
      const size = Math.min(1, gap / 0.25), bare = 0.16 * size;
      parts.gap.style.strokeDasharray = `${gap - bare} 2`;
      parts.gap.style.strokeDashoffset = -(cell.y ? cell.p : bare);
      parts.head.style.transform = `translate(${cell.y ? 59 : 7}px, ${25 - 6 * (1 - size)}px) scale(${size})`;
      parts.truth.setAttribute("cx", cell.y ? 59 : 7);
      parts.bar.style.width = `${Math.min(100, 10 * cell.loss)}%`;
      parts.p.textContent = text;
      parts.mark.textContent = MARKS[cell.said];
      parts.dial.setAttribute("aria-valuenow", cell.p);
      parts.dial.setAttribute("aria-valuetext",
        `p ${equals(cell.p, text)} ${text}, truth y = ${cell.y}, ${cell.said}, loss ${number(cell.loss)}`);
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
      seen = findings[done] = { isRight: guess === now.right, words: now.seen(shown) };
      done++;
      guess = "";
      keepMissions();
      if (done > 2) tell();
    }
    const missed = guess in WRONG ? whyNot(guess, now, shown) : "";
    const next = MISSIONS[done], todo = guess && next?.todo?.(shown), isFirst = isFresh();
    const text = [isFirst && shown.hand, done, seen?.words, guess, todo].join(), choices = () => [...mission.querySelectorAll("button")];
    box.toggleAttribute("data-turn-it", isFirst || Boolean(todo) && (done === 1 || !shown.isAtItsEnd));
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
    written.replaceChildren(done && !missed ? "You have written:" : "");
    if (missed) {
      const words = make("span", {}, written);
      make("b", { class: "missed" }, words, "\u2716 ");
      words.append(missed);
    }
    MISSIONS.slice(0, done).forEach((one, k) => {
      if (!one.written || missed && k < done - 1) return;  // beside what is wrong there is room for the newest line
      const about = { type: "button", class: "done", title: "Tell again what this mission found" };
      make("button", about, written, `${one.name} = ${one.written}`).addEventListener("click", () => {
        seen = seen?.words === findings[k]?.words ? findings.at(-1) : findings[k];
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
    descend.hidden = level() < 3;
    const isLast = done === MISSIONS.length - 1;
    descend.disabled = isLast && !guess;  // else it would answer the last mission
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
    const given = z > 0 ? "You say yes, p > 0.5" : z < 0 ? "You say no, p < 0.5" : "You say neither, p = 0.5";
    which.textContent = `${table.films[i]}, ${table.genres[k]}`;
    truths[y].checked = true;
    const isZ = level() > 1;
    Object.assign(turn, isZ ? { min: -FARTHEST, max: FARTHEST, step: 0.1, value: z } : { min: 0, max: 1, step: "any", value: p });
    turnName.textContent = isZ ? `Net input z ${equals(z)} ${number(z)}` : isFresh() ? "Your belief that it fits" : "Your dial, p";
    turn.setAttribute("aria-valuetext", `${isZ ? `z ${equals(z)} ${number(z)}, ` : ""}p ${equals(p, P)} ${P}`);
    const ends = isFresh() ? ["no", "yes"] : [0, 1];
    box.querySelectorAll(".ends .end").forEach((end, k) => { end.textContent = ends[k]; });
    find(".ends .p").textContent = isFresh() ? "" : `p${isZ ? " = σ(z)" : ""} ${equals(p, P)} ${P}`;
    verdict.textContent = `${given}: ${cell.said} ${MARKS[cell.said]}`;
    drawAsleep(cell, before && cellOf(before[i][k], y, N));

    const o = (sign) => `<mo>${sign}</mo>`, v = (name) => `<mi>${name}</mi>`;
    const n = (text) => `<mn>${text}</mn>`;
    const step = (name, words, math, value, about) => {
      const row = find(`.step.${name}`);
      row.querySelector(".words").textContent = words;
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
    const inWords = `The truth is ${truth}. Your dial gives it the probability ${y ? P : Q}, so the cell costs`;
    const drawn = step("loss", level() < 1 ? inWords : "The cell costs",
      isFresh() ? "" : inSymbols, loss, `A bar of ${number(loss)} on a scale to ${FARTHEST}.`);
    drawBar(drawn, loss);
    if (level() < 1) return;

    const inP = over(gap(v("p"), v("y")), `${v("N")}${v("p")}${rest}`);
    const inNumbers = over(gap(n(P), n(y)), `${n(N)}${o("·")}${n(P)}${o("·")}${n(Q)}`);
    const share = `${o(equals(N * dp))}${over(n(1), n(N))}${o("·")}${dp < 0 ? `${o("(")}${n(number(N * dp, 5))}${o(")")}` : n(number(N * dp, 5))}`;
    const far = UNIT * N * Math.abs(dp);
    drawArrow(step("dp", `downhill, −∂L/∂p${far > LONGEST ? `: ${length(far * METRES)} to scale` : ""}`,
      done > 1 || isKnown ? `${by("p")}${o("=")}${inP}${o(equals(p))}${inNumbers}` : by("p") + (N > 1 ? share : ""), dp, arrowWords(dp)),
      N * dp, "p");
    if (level() > 1) drawArrow(step("dz", "downhill, −∂L/∂z",
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
    isKnown ||= is_known;
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
      [isBegun, done, guess, seen, findings, isAll] = [false, 0, "", undefined, [], false];
      byHand = undefined;
      isKnown = is_known;
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
    if (done > 2 && !isKnown) tell();  // the page was loaded anew
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
