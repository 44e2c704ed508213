const critics = new WeakMap();  // its box → the critic: a rerun calls the function below again on the same box
const FARTHEST = 10;               // the largest |z|, where a dial comes to its stop
const NARROW = 640;             // pixels, as in critic.css: where there is no more room, films are columns and the panel comes first
const NAMES = 108, SMALLEST = 118, ROOMY = 150; // pixels: of the films' names, and of a cell that is whole, or has room
const PAUSE = 150;              // milliseconds without a key before Python is told
const LONGEST = 104, UNIT = 20; // pixels: of an arrow on its scale, and of 1/N
const MIDDLE = 112;             // of that scale
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
// In a cell two digits are enough; the chosen one's panel has them all.
const shortly = (p) => p < 0.01 ? "< 0.01" : p > 0.99 ? "> 0.99" : number(Math.round(100 * p) / 100);

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

const MARKS = { right: "\u2713", wrong: "\u2716", undecided: "–" };

const isFarthest = (cell) => Math.abs(cell.z) === FARTHEST;
// How many steps until p has crossed 0.5; each moves z by y − p.
const stepsToCross = (z, y) => {
  let count = 0;
  for (let cell = cellOf(z, y, 1); !cell.right && count < 99; cell = cellOf(cell.z - cell.gap, y, 1)) count++;
  return count;
};

// What the reader puts formulas together from: each part, and what it is in a cell
const PART = { y: ({ y }) => y, "1 − y": ({ y }) => 1 - y, p: ({ p }) => p, "1 − p": ({ q }) => q, "p − y": ({ gap }) => gap,
  "y − p": ({ gap }) => -gap, "p (1 − p)": ({ slope }) => slope, 1: () => 1 };
const asSum = ([first, second], cell) => -(PART[first](cell) * Math.log(cell.p) + PART[second](cell) * Math.log(cell.q));
const asFraction = ([above, below], cell) => PART[above](cell) / PART[below](cell) / cell.N;

// The slope of L, measured: a cell's dial, or the z behind it, is moved a little both ways.
const measuredInP = ({ p, q, y, N }) => {
  const by = 1e-4 * Math.min(p, q), cost = (by) => -Math.log(y ? p + by : q - by);
  return (cost(by) - cost(-by)) / (2 * by) / N;
};
const measuredInZ = ({ z, y, N }) => (cellOf(z + 1e-3, y, N).loss - cellOf(z - 1e-3, y, N).loss) / 2e-3 / N;

// What a wrong formula would do where y is what it is: `pairs` are what it gives and what is true, from sure and right to sure
// and wrong.
const isFarOff = ([gives, is]) => Math.abs(Math.log(gives / is)) > Math.log(2);
const steersBy = (pairs) => {
  if (pairs.every(([gives, is]) => gives * is < 0)) return "its sign is wrong: downhill would lead away from the truth";
  const [where, pair] = [["wrong", pairs.at(-1)], ["right", pairs[0]]].find(([, pair]) => isFarOff(pair));
  return `its sign is right, but it is far too ${pair[0] / pair[1] < 1 ? "small" : "large"} where you are sure and ${where}`;
};
const charges = (pairs) => {
  const [[sureAndRight]] = pairs, [sureAndWrong, is] = pairs.at(-1), middle = pairs[2];
  if (pairs.every(([gives]) => gives === 0)) return "nothing costs anything";
  const [isCheap, isDear] = [sureAndWrong < is / 2, sureAndRight > 1];
  if (isCheap && isDear) return "it is the wrong way round, and makes it costly to be sure and right";
  if (isCheap) return "it costs next to nothing to be sure and wrong";
  return isDear ? "it costs much to be sure, even of the truth" : `it costs too ${middle[0] > middle[1] ? "much" : "little"} to hesitate`;
};

// The three formulas the exercise asks for: what the parts are chosen from, what they make, what is true and how that is found
const FACTORS = ["p", "1 − y", "y", "1 − p"], ABOVE = ["p", "y − p", "1", "p − y"], BELOW = ["1", "1 − p", "p (1 − p)", "p"];
const FORMULAS = [
  { name: "loss", slots: [["Factor of log p", FACTORS], ["Factor of log(1 − p)", FACTORS]], right: "y|1 − y", make: asSum, does: charges,
    is: ({ loss }) => loss, found: ({ loss }) => loss, head: "cost" },
  { name: "dp", slots: [["Numerator", ABOVE], ["Denominator", BELOW]], right: "p − y|p (1 − p)", make: asFraction, does: steersBy,
    is: ({ dp }) => dp, found: measuredInP, head: "measured" },
  { name: "dz", slots: [["Numerator", ABOVE], ["Denominator", BELOW]], right: "p − y|1", make: asFraction, does: steersBy,
    is: ({ dz }) => dz, found: measuredInZ, head: "measured" },
];

// What a choice of parts would do, and where: "" if it holds in every cell.
const TRIED = [-8, -3, -0.7, 0.7, 3, 8];
const whyNot = (guess, { make, is, does }) => {
  const parts = guess.split("|"), [no, yes] = [0, 1].map((y) => {
    const pairs = TRIED.map((z) => cellOf(y ? -z : z, y, 1)).map((cell) => [make(parts, cell), is(cell)]);
    return pairs.every(([gives, is]) => Math.abs(gives - is) < 1e-9 * Math.abs(is)) ? "" : does(pairs);
  });
  if (!no && !yes) return "";
  if (!no || !yes) return `It holds wherever y = ${no ? 1 : 0}. But where y = ${no ? 0 : 1}, ${no || yes}.`;
  return no === yes ? `It holds in no cell. ${no[0].toUpperCase()}${no.slice(1)}.` : `Where y = 0, ${no}. Where y = 1, ${yes}.`;
};

// What is to be done, what that means, the choices or the formula to be put together, when it is done, which choice was right, what
// was then seen, and what the reader has written: the exercise asks for it. `losses` are those before and after each step since the
// choice, `ran` is the cell whose z these steps have moved most: its name, what it was and is; and `isAtItsEnd` says whether that, or
// before the first step any cell, is sure and wrong.
const MISSIONS = [
  { task: () => "Choose the two factors so that one formula gives the cost for y = 0 and for y = 1.", formula: FORMULAS[0],
    about: "Your belief is p, from 0 to 1, and the truth is y: 1 for yes, 0 for no. A cell costs −log of the probability "
      + "you gave to the truth.",
    isDone: ({ guess }) => guess === FORMULAS[0].right,
    seen: () => "Yes: y or 1 − y is 0, so one term is left. The sum over all cells, divided by N, the number of films, is the loss L.",
    name: "L", written: "−1/N Σ [y log p + (1 − y) log(1 − p)]" },
  { task: () => "Put ∂L/∂p together: how steeply does the loss change as you turn a dial?", formula: FORMULAS[1],
    about: "Beside yours stands the slope of L, measured by turning a dial a little: the lit one, and one of the other truth.",
    isDone: ({ guess }) => guess === FORMULAS[1].right,
    seen: () => "Yes: with it you have the slope of L at every dial, whether y is 0 or 1.",
    name: "∂L/∂p", written: "(p − y) / (N p (1 − p))" },
  { task: () => "Put ∂L/∂z together: how steeply does the loss change as z moves?", formula: FORMULAS[2],
    about: "A network moves a net input z behind each dial, and so does the slider now: p = σ(z) follows with the slope p (1 − p). "
      + "The slope of L is measured by moving z a little.",
    isDone: ({ guess }) => guess === FORMULAS[2].right,
    seen: () => "Yes: p (1 − p) cancels, and p − y remains, divided by N: never beyond ±1/N. Each dial now shows it, as an arc to the truth.",
    name: "∂L/∂z", written: "(p − y) / N" },
  { task: ({ guess, hand, isAtItsEnd }) => !guess ? "Will p move far? Say yes or no."
    : isAtItsEnd ? "Test it: take three steps of gradient descent." : `Test it: drag the lit ${hand} fully to its wrong end, then take three steps.`,
    about: "In gradient descent at the rate η = N each z moves by y − p, and its p follows. Where you are sure and wrong, z moves by "
      + "nearly ±1.", idea: "Will p move far?", choices: ["yes", "no"], right: "no",
    isDone: ({ losses, ran, isAtItsEnd }) => losses.length > 3 && ran && isAtItsEnd,
    seen: ({ guess, losses, ran: { name, was, is } }) => `You said “${guess}”: in ${losses.length - 1} steps the z of ${name} `
      + `ran from ${number(was.z, 2)} to ${number(is.z, 2)}, but its p only from ${probability(was.p, was.q)} to `
      + `${probability(is.p, is.q)}, where the sigmoid is flat. From z = ${number(was.z, 2)} it takes `
      + `${stepsToCross(was.z, was.y)} steps to cross 0.5.` },
];
const ASKED = 2;  // how many of them the exercise asks for; the others are an extra
const STEPS = ["A dial", "Loss", "Derivative", "Extra"];
const INTRO = { dial: "You are a film critic. Each dial is your belief that a genre fits a film, and the dot is the truth. "
    + "Several genres may fit, or none.",
  slider: "You are a film critic. The slider is your belief that a genre fits a film, from no to yes." };
const FIRST = { dial: "Drag the lit dial away from its dot, and watch what it costs.",
  slider: "Drag the lit slider away from the truth, and watch what it costs." };
const SOLVED = "Well done: that is all that the exercise asks for.";
const HELPED = "Put together with the answer open: start over, and do it without, for the ✓.";
const HELPED_AGAIN = "Put together, this time with the answer open.";  // it has its ✓ from another time
const THE_END = "That was the extra: you have followed the gradient to z.";
const invitation = ({ cell, hand }) => isFarthest(cell) && !cell.right
  ? `At this wrong end ∂L/∂p is ${number(cell.dp)}, because p (1 − p) divides it. The extra goes on to z, which a network moves.`
  : `An extra, if you like: drag the lit ${hand} fully to its wrong end, and watch ∂L/∂p. Then go on to z, which a network moves.`;
const TRYING = "You are in an experiment: its question stands below the dials.";
const END_IT = "Turn a dial to end it, or go back to your dials there.";
// The page's own tab and, at its end, the link to the next exercise
const openAnswer = () => {
  const tab = [...document.querySelectorAll("[data-testid=stTabs] [role=tab]")].find(({ textContent }) => textContent === "The answer");
  tab.click();
  tab.focus({ preventScroll: true });
  document.querySelector("[data-testid=stMain]").scrollBy({ top: tab.getBoundingClientRect().top - 60, behavior: isStill() ? "instant" : "smooth" });
};
const goOn = () => document.querySelector("[data-testid=stMain] [data-testid=stPageLink] a").click();
// In the browser's tab: whether a dial has been turned, how many missions are done, what was seen in each, what is told now, whether
// all is shown, whether the extra has begun, whether the answer was open, what the reader has chosen in the mission that follows; of the last steps the table, from
// which Z and with which losses; and the table that all this belongs to
const KEPT = "ex23_2_missions";
const asKept = (Z, Y) => JSON.stringify([Z.map((line) => line.map((z) => +z.toFixed(6))), Y]);  // Python writes fewer digits

// A formula within a sentence stays on one line.
const whole = (words) => words.replace(/ (?=[=−·]|\(1)|(?<=[=−·]) /g, "\u00a0");

// A probability without a power of ten, where that stands in a sentence: 0.0000454.
const inDecimals = (p, q) => p < 1e-3 ? p.toFixed(2 - Math.floor(Math.log10(p))) : probability(p, q);

// The sum in as many digits as make its division by N come to the loss that is written.
const sumOver = (sum, N) => {
  let digits = 4;
  while (digits < 8 && number(readNumber(number(sum, digits)) / N) !== number(sum / N)) digits++;
  return number(sum, digits);
};

function newCritic(box) {
  const find = (name) => box.querySelector(name);
  const grid = find(".grid"), totals = find(".totals"), which = find(".which"), desk = find(".desk"), put = find(".put");
  const way = find(".way"), idea = find(".idea"), mission = find(".mission"), written = find(".written"), trail = find(".trail"), path = find(".trail svg");
  const trial = find(".trial"), told = find(".told"), choices = find(".choices");
  const asleep = find(".asleep svg"), descend = find(".descend");
  const truths = box.querySelectorAll(".truths input"), turn = find(".turn input"), turnName = find(".turn span");
  const critic = { send: () => {}, revision: undefined, starts: undefined, begun: undefined };
  let table, layout, cells, timer, following;  // table: { films, genres, Z, Y, chosen, losses }
  let { isBegun = false, done = 0, seen, findings = [], isAll = false, isExtra = false, isHelped = false, guess = "", kept, mine }
    = JSON.parse(sessionStorage.getItem(KEPT) || "{}");
  let rested;                         // where the pointer chose it, until it has moved away
  let isKnown = false;                // whether the page's answer is open
  let isStamped = false;              // whether the exercise bears its ✓, from whatever day
  let byHand;                         // the cell that the reader has turned or judged by last, if nothing else has set the table since
  let before;                         // Z before the first of the steps
  let isTrying = false;               // whether what is seen is that of an experiment, which asks a question of its own
  let isAsked = false;                // by the switch in "More settings", to see all at once

  // What there is to see comes with the missions: the loss; the arrows and ∂L/∂p; ∂L/∂z; the steps.
  const level = () => isKnown || isAll || isAsked ? 3 : done === ASKED && !isExtra ? 1 : Math.min(done, 3);

  // Whether there is nothing to do now, but for what the reader likes: the exercise is solved, or the extra is at its end.
  const isAtRest = () => done === MISSIONS.length || done === ASKED && !isExtra;

  // Before anything else a dial is to be turned, and unless all is shown there are no symbols yet.
  const isUnturned = () => !isBegun && !done;
  const isFresh = () => isUnturned() && level() < 1;

  const at = (i, k) => cellOf(table.Z[i][k], table.Y[i][k], table.Z.length);

  function tell(pause = 0) {
    clearTimeout(timer);
    const { Z, Y, chosen, losses } = table;
    keepMissions();
    timer = setTimeout(() => critic.send({ Z, Y, chosen, losses, found: done >= ASKED, solved: done >= ASKED && !isHelped }), pause);
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
    const svg = make("svg", { viewBox: "0 0 112 63", "aria-hidden": true }, dial);
    const arc = "M12 54a44 44 0 0 1 88 0";
    make("path", { class: "track", d: arc }, svg);
    const gap = make("path", { class: "gap", d: arc, pathLength: 1 }, svg);
    const truth = make("circle", { class: "truth", cy: 54, r: 7 }, svg);
    const head = make("path", { class: "head", d: "M0 9l-10-17h20z" }, svg);
    const needle = make("g", { class: "needle" }, svg);
    make("path", { d: "M56 54h-30" }, needle);
    make("circle", { class: "handle", cx: 27, cy: 54, r: 7.5 }, needle);
    make("circle", { class: "hub", cx: 56, cy: 54, r: 5 }, svg);
    const answer = make("div", { class: "answer" }, inside);
    const bar = make("i", {}, make("div", { class: "cost" }, inside));
    const p = make("span", {}, answer), mark = make("b", {}, answer);

    // Where the pointer is on the half circle, from 0 to 1.
    const pointed = (event) => {
      const { left, top, width } = svg.getBoundingClientRect();
      const x = event.clientX - left - width / 2, y = top + 54 * width / 112 - event.clientY;
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

  // No step has led to what the reader sets, and no experiment.
  function forgetSteps() {
    table.losses = [];
    before = undefined;
    isTrying = false;
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
    const [ci, ck] = table.chosen, all = [], other = partner(), held = isStacked() ? box.getRootNode().activeElement : null, above = topOf(held);
    cells.forEach((line, i) => line.forEach((parts, k) => {
      const cell = at(i, k), gap = Math.abs(cell.gap), text = probability(cell.p, cell.q);
      all.push(cell);
      parts.place.className = `${cell.said} ${i === ci && k === ck ? "chosen" : i === other.i && k === other.k ? "other" : ""}`;
      parts.needle.style.transform = `rotate(${180 * cell.p}deg)`;
      // From the needle to the truth, short of the arrow's head.
      const size = Math.min(1, gap / 0.25), bare = 0.18 * size;
      parts.gap.style.strokeDasharray = `${gap - bare} 2`;
      parts.gap.style.strokeDashoffset = -(cell.y ? cell.p : bare);
      parts.head.style.transform = `translate(${cell.y ? 100 : 12}px, ${47 - 9 * size}px) scale(${size})`;
      parts.truth.setAttribute("cx", cell.y ? 100 : 12);
      parts.bar.style.width = `${Math.min(100, 10 * cell.loss)}%`;
      parts.p.textContent = shortly(cell.p);
      parts.place.title = `p ${equals(cell.p, text)} ${text}`;
      parts.mark.textContent = MARKS[cell.said];
      parts.dial.setAttribute("aria-valuenow", cell.p);
      parts.dial.setAttribute("aria-valuetext",
        `p ${equals(cell.p, text)} ${text}, truth y = ${cell.y}, ${cell.said}, loss ${number(cell.loss)}`);
    }));
    drawMission(at(ci, ck));  // which may let more be seen
    box.dataset.level = level();
    box.dataset.mission = done;
    box.toggleAttribute("data-all", isAll || isAsked);
    box.toggleAttribute("data-trying", isTrying);
    box.toggleAttribute("data-fresh", isFresh());
    drawTotals(all);
    drawChosen(at(ci, ck));
    if (above !== undefined && held.isConnected) document.querySelector("[data-testid=stMain]").scrollBy({ top: topOf(held) - above, behavior: "instant" });
  }

  // Where it is that the reader turns or presses while the words above it change; the words' own choices stay with them
  const topOf = (held) => box.contains(held) && !written.contains(held)
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

  // Beside the chosen cell the nearest with the other truth; where there is none, the same dial with the other truth
  function partner() {
    const [ci, ck] = table.chosen, y = table.Y[ci][ck], far = ({ i, k }) => Math.abs(i - ci) + Math.abs(k - ck);
    const others = table.Y.flatMap((line, i) => line.map((truth, k) => ({ i, k, cell: at(i, k), truth })));
    const [nearest] = others.filter(({ truth }) => truth !== y).sort((a, b) => far(a) - far(b));
    return nearest || { cell: cellOf(table.Z[ci][ck], 1 - y, table.Z.length) };
  }

  // As if nothing had been done yet
  const forgetMissions = () => {
    [isBegun, done, guess, seen, findings, isAll, isExtra, isHelped, kept, mine] = [false, 0, "", undefined, [], false, false, false, undefined, undefined];
    keepMissions();
  };

  function keepMissions() {
    if (table && !isTrying) mine = { Z: table.Z, Y: table.Y, chosen: table.chosen };
    sessionStorage.setItem(KEPT, JSON.stringify({ isBegun, done, seen, findings, isAll, isExtra, isHelped, guess, kept, mine }));
  }

  function drawMission(cell) {
    const now = isAtRest() || isTrying ? undefined : MISSIONS[done], [i, k] = table.chosen, name = `${table.films[i]}, ${table.genres[k]}`;
    const shown = { cell, name, guess, hand: isStacked() ? "slider" : "dial", losses: table.losses, ran: whatRan(), isAtItsEnd: isAtItsEnd() };
    if (guess && now?.isDone(shown)) {  // a mission waits for the reader's choice
      seen = findings[done] = { isRight: guess === (now.right ?? now.formula.right), words: now.seen(shown) };
      done++;
      shown.guess = guess = "";
      isAll = false;
      keepMissions();
      if (done >= ASKED) tell();
    }
    const next = isAtRest() || isTrying ? undefined : MISSIONS[done], isFirst = isUnturned() && !isTrying;
    const isInvited = done === ASKED && !isExtra && !isTrying, isToRun = next && done === ASKED + 1 && guess;
    box.toggleAttribute("data-turn-it", Boolean(isFirst || isInvited && !(isFarthest(cell) && !cell.right) || isToRun && !shown.isAtItsEnd));
    drawDesk(cell, isFirst ? undefined : next);
    const [task, about] = isTrying ? [TRYING, END_IT] : isFirst ? [FIRST[shown.hand], INTRO[shown.hand]]
      : next ? [next.task(shown), next.about] : isInvited ? [!isHelped ? SOLVED : isStamped ? HELPED_AGAIN : HELPED, invitation(shown)] : [THE_END, ""];
    drawWay();
    drawWritten();
    if (mission.dataset.text === task + about) return;  // else it would be read out again
    mission.dataset.text = task + about;
    idea.textContent = whole(task);
    mission.textContent = whole(about);
  }

  // The steps of the exercise, as `way_through` of frame.py writes them; the extra, which comes after them, has no number.
  function drawWay() {
    const at = isUnturned() ? 0 : done < ASKED ? done + 1 : ASKED + 1;
    way.replaceChildren();
    STEPS.forEach((name, k) => {
      const isDone = k < at || done === MISSIONS.length, isNow = !isDone && k === at && (k <= ASKED || isExtra);
      make("span", { class: isDone ? "done" : isNow ? "at" : "" }, way, `${isDone ? "\u2713" : k > ASKED ? "+" : k + 1} ${name}`);
      way.append(" ");
    });
  }

  // What the reader has written, once it is all there
  function drawWritten() {
    const isFocused = written.contains(box.getRootNode().activeElement), at = [...written.children].indexOf(box.getRootNode().activeElement);
    const text = isAtRest() && !isTrying ? String(done) : "";
    if (written.dataset.text === text) return;
    written.dataset.text = text;
    written.replaceChildren();
    written.hidden = !text;
    if (written.hidden) return;
    written.append("You have written:");
    MISSIONS.slice(0, done).forEach((one, k) => {
      if (!one.written) return;
      const about = { type: "button", class: "done", title: "Tell again what this mission found" };
      make("button", about, written, `${one.name} = ${one.written}`).addEventListener("click", () => {
        seen = seen?.words === findings[k]?.words ? findings.at(-1) : findings[k];
        draw();
      });
    });
    if (isFocused) written.children[at].focus();
  }

  // What the reader does now: put a formula together, or say yes or no; at the end, where to go on.
  function drawDesk(cell, now) {
    const formula = now?.formula, offered = now ? now.choices || [] : [], what = [done, isExtra, formula?.name, Boolean(now)].join();
    const buttons = () => [...desk.querySelectorAll("button")];
    if (desk.dataset.what !== what) {
      const isFocused = desk.contains(box.getRootNode().activeElement);
      desk.dataset.what = what;
      put.replaceChildren();
      choices.replaceChildren();
      desk.classList.toggle("puts", Boolean(formula));
      if (formula) newPut(formula);
      if (offered.length) make("b", {}, choices, now.idea);
      for (const choice of offered) newChoice(choices, choice, () => choice);
      if (isAtRest()) {
        make("button", { type: "button", class: "primary" }, choices, "Read the written answer").addEventListener("click", openAnswer);
        make("button", { type: "button" }, choices, `Next: ${following}`).addEventListener("click", goOn);
        if (done === ASKED) make("button", { type: "button" }, choices, "The extra: on to z").addEventListener("click", () => {
          isExtra = true;
          keepMissions();
          draw();
        });
      }
      if (isFocused) (buttons()[0] || turn).focus({ preventScroll: true });
    }
    for (const one of buttons()) {
      const { slot, part } = one.dataset;
      if (part) one.setAttribute("aria-pressed", slot ? guess.split("|")[slot] === part : guess === part);
    }
    for (const row of FORMULAS.slice(1)) find(`.step.${row.name}`).hidden = row === formula;
    const parts = guess.split("|"), isWhole = Boolean(formula) && parts.length === 2 && parts.every(Boolean);
    trial.hidden = !formula;
    if (formula) drawTrial(formula, isWhole ? parts : undefined, [cell, partner().cell]);
    // The reply to what has just been done stands where it was done, until the reader goes on.
    const missed = isWhole ? whyNot(guess, formula) : "", isOver = guess || isTrying || isUnturned() || done === ASKED && isExtra;
    const reply = isOver ? undefined : seen, words = missed || (reply?.words ?? "");
    if (told.dataset.words === words) return;
    told.dataset.words = words;
    told.replaceChildren();
    if (words) make("b", { class: missed || !reply.isRight ? "missed" : "done" }, told, missed || !reply.isRight ? "\u2716 " : "\u2713 ");
    told.append(whole(words));
  }

  // A button that makes `choiceOf()` the reader's choice
  function newChoice(place, part, choiceOf, about = {}) {
    make("button", { type: "button", "data-part": part, ...about }, place, part).addEventListener("click", (event) => {
      if (event.detail > 1 && !desk.contains(rested?.[2])) return;  // the second click of two was meant for the choice that was here
      rested = [event.clientX, event.clientY, event.target];
      desk.classList.add("resting");
      guess = choiceOf();
      byHand = table.chosen.join();  // the reader who chooses has this cell before his eyes
      forgetSteps();
      keepMissions();
      draw();
    });
  }

  // A formula with its parts to be chosen, each in its place
  function newPut({ name, slots }) {
    const isSum = name === "loss", lead = make("span", { class: "lead" }, put);
    lead.innerHTML = isSum ? "<math><mi class='word'>cost</mi><mo>=</mo><mo>−</mo></math>"
      : `<math displaystyle="true"><mfrac><mi>∂L</mi><mi>∂${name[1]}</mi></mfrac><mo>=</mo><mfrac><mn>1</mn><mi>N</mi></mfrac><mo>·</mo></math>`;
    const places = make("span", { class: isSum ? "sum" : "fraction" }, put);
    slots.forEach(([about, offered], slot) => {
      const line = make("span", {}, places);
      if (isSum) make("i", {}, line, slot ? "+" : "[");
      const group = make("span", { role: "group", "aria-label": about }, line);
      for (const part of offered) newChoice(group, part, () => {
        const parts = guess.includes("|") ? guess.split("|") : ["", ""];
        parts[slot] = part;
        return parts.join("|");
      }, { "data-slot": slot });
      if (isSum) make("span", { class: "times" }, line, slot ? "log(1 − p) ]" : "log p");
    });
  }

  // What the formula gives in the chosen cell and in one of the other truth, beside what is found there
  function drawTrial({ make: value, found, head: name }, parts, two) {
    trial.replaceChildren();
    const isLonely = partner().i === undefined;  // no cell of the table has the other truth
    const head = make("tr", {}, make("thead", {}, trial)), body = make("tbody", {}, trial);
    for (const text of ["", "yours", name]) make(text ? "th" : "td", text ? { scope: "col" } : {}, head, text);
    two.forEach((cell, k) => {
      const line = make("tr", {}, body), name = make("th", { scope: "row" }, line);
      if (!k || !isLonely) make("i", { class: k ? "swatch other" : "swatch" }, name);
      name.append(`${k && isLonely ? "if y were" : "y\u00a0="}\u00a0${cell.y}`);  // its p stands in the cell
      const gives = parts ? number(value(parts, cell)) : "?", is = number(found(cell)), place = make("td", {}, line, `${gives} `);
      if (parts) make("b", { class: gives === is ? "done" : "missed" }, place, gives === is ? "\u2713" : "\u2716");
      make("td", {}, line, is);
    });
  }

  function drawTotals(all) {
    const sum = all.reduce((total, { loss }) => total + loss, 0), N = table.Z.length;
    const right = all.filter((cell) => cell.right).length;
    totals.replaceChildren();
    const { losses } = table, steps = losses.length - 1;
    const after = steps > 0 ? ` after ${steps} step${steps > 1 ? "s" : ""}` : "";
    make("b", {}, totals, `Loss L ${equals(sum / N)} ${number(sum / N)}${after}`);
    const shown = sumOver(sum, N), cells = all.length > 1 ? `all ${all.length} cells cost ${shown}` : `its cell costs ${shown}`;
    totals.append(`: ${cells}, divided by N\u00a0=\u00a0${N} film${N > 1 ? "s" : ""}. `);
    make("b", {}, totals, `${right} of ${all.length} right`);
    descend.hidden = level() < 3;
    const isLast = done === MISSIONS.length - 1;
    descend.disabled = isLast && !guess;  // else it would answer the last mission
    descend.classList.toggle("primary", isLast && !descend.disabled);
    find(".run").hidden = descend.hidden || isTrying && descend.disabled;
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
    which.textContent = `${table.films[i]}, ${table.genres[k]}`;
    truths[y].checked = true;
    const isZ = level() > 1;
    Object.assign(turn, isZ ? { min: -FARTHEST, max: FARTHEST, step: 0.1, value: z } : { min: 0, max: 1, step: "any", value: p });
    turnName.textContent = isZ ? `Net input z ${equals(z)} ${number(z)}` : isFresh() ? "Your belief that it fits" : "Your belief, p";
    turn.setAttribute("aria-valuetext", `${isZ ? `z ${equals(z)} ${number(z)}, ` : ""}p ${equals(p, P)} ${P}`);
    const ends = isFresh() ? ["no", "yes"] : [0, 1];
    box.querySelectorAll(".ends .end").forEach((end, k) => { end.textContent = ends[k]; });
    find(".ends .p").textContent = isFresh() ? "" : `p${isZ ? " = σ(z)" : ""} ${equals(p, P)} ${P}`;
    find(".stop").textContent = !isFarthest(cell) || isFresh() ? ""
      : isZ ? "z ends at ±10: σ(z) never reaches 0 or 1." : "The dial ends here: p never reaches 0 or 1.";
    drawAsleep(cell, before && cellOf(before[i][k], y, N));

    const o = (sign) => `<mo>${sign}</mo>`, v = (name) => `<mi>${name}</mi>`;
    const n = (text) => {
      const [, factor, power] = /^(?:(.+)·)?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/.exec(text) || [];
      const high = (power || "").replace("⁻", "−").replace(/[^−]/g, (digit) => HIGH.indexOf(digit));
      return power ? `<mrow>${factor ? `<mn>${factor}</mn>${o("·")}` : ""}<msup><mn>10</mn><mn>${high}</mn></msup></mrow>` : `<mn>${text}</mn>`;
    };
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

    const truth = y ? "yes" : "no", given = y ? inDecimals(p, q) : inDecimals(q, p);
    const ofTruth = minusLog(n(level() < 1 ? given : y ? P : Q));
    const inSymbols = done || isKnown ? `${minusLog(y ? v("p") : rest)}${o(equals(p))}${ofTruth}` : ofTruth;
    const inWords = `The truth is ${truth}. You give it the probability ${given}, so the cell costs`;
    const drawn = step("loss", level() < 1 ? inWords : "The cell costs",
      isFresh() ? "" : inSymbols, loss, `A bar of ${number(loss)} on a scale to ${FARTHEST}.`);
    drawBar(drawn, loss);
    if (level() < 1) return;

    const inP = over(gap(v("p"), v("y")), `${v("N")}${v("p")}${rest}`);
    const inNumbers = over(gap(n(P), n(y)), `${n(N)}${o("·")}${n(P)}${o("·")}${n(Q)}`);
    const far = UNIT * N * Math.abs(dp), isFound = isKnown || done > 1;
    drawArrow(step("dp", far <= LONGEST ? "downhill, −∂L/∂p" : "downhill, −∂L/∂p, cut to fit",
      isFound ? `${by("p")}${o("=")}${inP}${o(equals(p))}${inNumbers}` : by("p"), dp, arrowWords(dp)),
      N * dp, "p");
    if (level() > 1) drawArrow(step("dz", "downhill, −∂L/∂z",
      isKnown || done > 2 ? `${by("z")}${o("=")}${over(gap(v("p"), v("y")), v("N"))}${o(equals(p))}${over(gap(n(P), n(y)), n(N))}` : `${by("z")}${o("=")}${by("p")}${o("·")}${v("p")}${rest}${o(isPlain ? "=" : "≈")}${n(number(dp))}${o("·")}${n(number(slope))}`,
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
    const isAlone = isFresh(), wide = level() < 1 ? Math.max(224, Math.min(580, svg.parentElement.clientWidth)) : 2 * MIDDLE;
    const height = isAlone ? 44 : 14, width = wide - 2, box = { x: 1, y: 2, height, rx: 3 };
    svg.setAttribute("viewBox", `0 0 ${wide} ${isAlone ? 68 : 22}`);
    make("rect", { class: "scale", width, ...box }, svg);
    make("rect", { class: "bar", width: Math.min(1, loss / FARTHEST) * width, ...box }, svg);
    if (isAlone) for (const cost of [0, 2, 4, 6, 8, 10])
      make("text", { x: 1 + cost / FARTHEST * width, y: 64, class: cost === 0 ? "first" : cost === FARTHEST ? "last" : "" }, svg, cost);
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
  desk.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (rested && Math.hypot(clientX - rested[0], clientY - rested[1]) < 4) return;  // a choice came to the pointer, not it to the choice
    rested = undefined;
    desk.classList.remove("resting");
  });
  descend.addEventListener("click", () => {
    const { Z, Y, losses } = table;
    isTrying = false;
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

  // What the page brings back when it is opened, whole: the reader's own table with what has been done in it. Another table, such as
  // that of an address, begins with nothing answered; and what was solved on another visit begins anew, its table too.
  function bringBack(given, opening, isSolvedHere) {
    const written = (one) => asKept(one.Z, one.Y), isMine = mine && written(mine) === written(given);
    if (isAtRest() && !isSolvedHere && !isKnown) {
      forgetMissions();
      return isMine ? { ...opening, chosen: given.chosen } : given;
    }
    if (!mine || isMine) return given;
    if (written(given) === written(opening)) return mine;
    if (done > ASKED) guess = "";  // what was foretold is of those dials
    return given;
  }

  critic.load = ({ next, revision, starts, begun, is_known, is_found, is_solved, shows_all, films, genres, opening, losses, ...given }) => {
    let { Z, Y, chosen } = given;
    const was = [level(), isKnown].join();
    [isAsked, isStamped, following] = [shows_all, is_solved, next];
    isKnown ||= is_known;
    isHelped ||= is_known && done < ASKED;
    const isOpened = !table;
    if (isOpened) {
      ({ Z, Y, chosen } = bringBack({ Z, Y, chosen }, opening, is_found));
      isBegun ||= asKept(Z, Y) !== asKept(opening.Z, opening.Y);
    }
    if (begun > (critic.begun ?? begun)) {
      isTrying = true;
      isAll = true;  // experiments ask for all that there is to see
      keepMissions();
      bringIntoView(grid);
    }
    else if (critic.revision !== revision) isTrying = isAll = false;
    if (table && [level(), isKnown].join() !== was) draw();
    critic.begun = begun;
    const isAnew = critic.starts !== undefined && critic.starts !== starts;
    critic.starts = starts;
    if (isAnew) {
      forgetMissions();
      byHand = undefined;
      isTrying = false;
      isKnown = is_known;
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
    keepMissions();
    if (isOpened && (Z !== given.Z || done >= ASKED && !is_found)) tell();  // Python is to know what the browser has kept
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
