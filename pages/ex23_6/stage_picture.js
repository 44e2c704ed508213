const KINDS = ["own", "minus-mean", "minus-slope"];
const OWN_PATH = ["own path", "own path: γ g / s"];  // before and after the reader has written it down
const KEY = ["through u: − mean", "through σ²: − slope"];
const MISTAKEN = [["mistaken", "spoiled by the mistake"], ["due", "as it should be"]];
const OWN = 0, MEAN = 1, SLOPE = 2;  // how many of the later paths are drawn
const RIGHT_SIGN = "✓", WRONG_SIGN = "✖";
const LEFT = 50, RIGHT = 12, TOP = 48, RULER = 38, CAPTION = 20;
const SUMS = { bar: 17, height: 65 }, LARGE_SUMS = { bar: 26, height: 140 };  // while nothing else is beside them
const EDGE = 1.08;  // of the axes of z and g, beyond the reach of the hand
const LAID = { left: 0, right: 0 };  // where the reader's line lies at first, by its heights at both ends
const FOUND = 1e-9;  // in g: how far off a line is that lies where it must
const CLOSE = 0.08;  // in g: what a line laid by hand may be off, at u and in its slope, and is then put right

const total = (values) => values.reduce((sum, value) => sum + value, 0);
const times = (some, others) => some.map((value, j) => value * others[j]);

// Batch normalisation of one neuron, as `nnlib.chapter23.batch_norm` has it: here the picture need not wait for Python.

function forward({ z, epsilon, ddof }) {
  const n = z.length, u = z[0] + total(z.map((zj) => zj - z[0])) / n;  // (23.59), exact where all z are equal
  const variance = total(z.map((zj) => (zj - u) ** 2)) / (n - ddof);  // (23.60)
  const s = Math.sqrt(variance + epsilon);
  return { u, variance, s, zBar: z.map((zj) => (zj - u) / s) };  // (23.61)
}

// dz_j = γ/s (g_j − height − slope z̄_j): its three terms are the three paths, through z̄_j itself, u and σ².
function backward({ g, gamma, ddof }, { s, zBar }, mistake) {
  const n = g.length, divisor = mistake === "as printed" ? n : n - ddof;
  const counted = mistake === "forgotten u and σ²" ? 0 : 1, sign = mistake === "wrong sign of dσ²" ? -1 : 1;
  const twice = mistake === "forgotten factor 2" ? 0.5 : 1;
  const dBeta = total(g), dGamma = total(times(g, zBar)), factor = gamma / s;
  const height = counted * dBeta / n, slope = counted * sign * twice * dGamma / divisor;
  const paths = [g.map((gj) => factor * gj), g.map(() => -factor * height), zBar.map((zj) => -factor * slope * zj)];
  const steps = paths.map((_, k) => g.map((_, j) => total(paths.slice(0, k + 1).map((path) => path[j]))));
  return { dBeta, dGamma, height, slope, paths, steps };  // steps: what has come to each z after each path, at last dz
}

// Σ dz and Σ dz z̄ after each path, what they must be in the end, and whether they are, but for rounding.
function sumsOf({ gamma, epsilon, rounding }, { s, zBar }, { dGamma, paths, steps }) {
  const stretches = steps.map((step) => times(step, zBar)), left = gamma * dGamma * (epsilon / s ** 2) / s;
  const allowed = rounding * total(paths[OWN].map(Math.abs));
  const sum = (name, terms, must, unit) => ({ name, steps: terms, must,
    holds: Math.abs(total(terms[SLOPE]) - must) <= allowed * unit });
  return [sum("Σ dz", steps, 0, 1), sum("Σ dz · z̄", stretches, left, Math.max(...zBar.map(Math.abs)))];
}

// What the picture tells of it

const written = (value) => value.toFixed(1).replace("-", "−").replace(/\.0$/, "");

// At most so many round values from `low` to `high`, each with its text; none where the two are equal.
function roundTicks(low, high, most = 7) {
  if (!(high > low)) return [];
  const power = 10 ** Math.floor(Math.log10((high - low) / most));
  const step = [1, 2, 5, 10].map((m) => power * m).find((size) => size * most >= high - low);
  const first = Math.ceil(low / step), count = Math.floor(high / step) - first + 1;
  const values = Array.from({ length: count }, (_, k) => Number(((first + k) * step).toPrecision(12)));
  return values.map((value) => [value, number(value)]);
}

// The next round number from 0 outwards: while it is the same the arrows' axis stays, and arrows grow and shrink.
function outward(value) {
  const size = Math.abs(value), power = 10 ** Math.floor(Math.log10(size));
  return value && Math.sign(value) * power * [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((m) => power * m >= 0.999 * size);
}

// The same places told in z, in z̄ and in z̃.
function rulersOf({ gamma, beta, reach, ddof, passed_on: isPassedOn, is_told: isTold }, { u, s, zBar }) {
  const edge = EDGE * reach, ruler = (name, scale, shift, about = "") => {
    const [low, high] = [-edge, edge].map((z) => shift + scale * (z - u)).sort((a, b) => a - b);
    const ticks = roundTicks(low, high).map(([value, text]) => [u + (value - shift) / scale, text]);
    return { name, about, kind: name === "z" ? "own" : "", ticks: ticks.sort(([a], [b]) => a - b) };
  };
  const ofZ = ruler("z", 1, u);
  if (!zBar) return [ofZ];
  const about = isTold ? `z̄ = (z − u)/s, where σ² divides by ${ddof ? "n − 1" : "n"}` : "z̄ = (z − u)/s, where s is the standard deviation of z";
  const rulers = [ofZ, ruler("z̄", 1 / s, 0, about)];
  if (!isPassedOn) return rulers;
  const passedOn = "z̃ = γ z̄ + β";
  const everywhere = { name: "z̃", about: passedOn, kind: "", ticks: [[0, `${number(beta)} everywhere`]] };
  return [...rulers, gamma === 0 ? everywhere : ruler("z̃", gamma / s, beta, passedOn)];
}

// What is taken away of g at this step, over z: nothing, the mean, or the line with its slope.
const lineOf = (step, { u, s }, { height, slope }) => step === OWN ? null
  : (z) => height + (step === SLOPE ? slope * (z - u) / s : 0);

// The reader's own line, by its heights at both ends of the axis.
const guessOf = ({ guess = LAID, reach }) => (z) =>
  guess.left + (guess.right - guess.left) * (z / (EDGE * reach) + 1) / 2;

// How far it is from the line that the two later paths take away, at u and in its slope.
const missesOf = (guess, { u, s }, { height, slope }) =>
  [Math.abs(guess(u) - height), Math.abs(guess(u + s) - guess(u) - slope)];

// The reader's line put right where it is close: its height at u, and then its slope, too; null where nothing changes.
function settle({ reach }, guess, [away, tilted], { u, s }, { height, slope }) {
  if (away > CLOSE || Math.max(away, tilted > CLOSE ? 0 : tilted) <= FOUND) return null;
  return lineThrough(u, height, (tilted > CLOSE ? guess(u + s) - guess(u) : slope) / s, reach);
}

// The line of a height at u and a slope over z, by its heights at both ends of the axis.
const lineThrough = (u, height, slope, reach) =>
  ({ left: height + slope * (-EDGE * reach - u), right: height + slope * (EDGE * reach - u) });

// What the line is, told once it is known; of ε that counts the least-squares line is not taken away.
function nameLine({ step, is_hidden: isHidden }, isFound, isByEpsilon) {
  if (step === OWN && !isFound || isHidden) return "";
  if (step === MEAN) return "mean of g";
  return isByEpsilon ? "" : "least-squares line";
}

function sayLine({ step, mistake, is_hidden: isHidden }, { height, slope }, isWrong, isClose) {
  const mean = number(height), mark = isWrong ? `${WRONG_SIGN} ` : "";
  if (isClose) return "Nearly: let go, and it settles on the line";
  if (step === OWN) return "Each bar is what your line leaves of a sample's g";
  if (mistake === "forgotten u and σ²" && !isHidden) return `${mark}No line is taken away`;
  if (step === MEAN) return `${mark}Taken away: the mean of g, ${mean}`;
  return `${mark}Taken away: ${mean} at u, ${number(slope)} for each unit of z̄`;
}

// How long the longer of a sum's two bars is, at any step.
function reachOf(steps) {
  const half = (terms, sign) => total(terms.map((term) => Math.max(sign * term, 0)));
  return Math.max(...steps.flatMap((terms) => [half(terms, 1), half(terms, -1)]));
}

// Why the sums must be what they must be, the second as far as ε is felt.
const WHY_SHIFT = "If all z move by t, L changes by t · Σ dz.\nBut a shift does not change L.";
const WHY_STRETCH = ["But a stretch does not change L.", "But a stretch does not change L (nearly: s contains a tiny ε).",
  "A stretch changes L a little, with this ε."].map((how) => `If each z moves by t · z̄, L changes by t · Σ dz · z̄.\n${how}`);

// How a sum stands: "right", "wrong", or "open" as long as paths are missing; `left`: what the reader's line leaves.
function balanceOf({ name, steps, must, holds }, step, nothing, left) {
  const terms = left || steps[step], sum = total(terms), isLast = step === SLOPE;
  const isNothing = (value) => Math.abs(value) <= nothing * total(steps[OWN].map(Math.abs));
  const due = !isNothing(must) ? number(must) : must ? "≈ 0" : "0";
  const is = isNothing(sum) ? `${name} ${must ? "≈" : "="} 0` : `${name} = ${number(sum)}`;
  const why = name === "Σ dz" ? WHY_SHIFT : WHY_STRETCH[must === 0 ? 0 : isNothing(must) ? 1 : 2];
  const headline = `${is}${isNothing(sum - must) ? ` ${RIGHT_SIGN}` : ""}`;  // what a narrow screen shows above the plot
  const balance = (verdict, says) => ({ name, terms, reach: reachOf([...steps, terms]), says, why, verdict, headline });
  const byEpsilon = isNothing(must) ? "" : " which is what ε leaves of it";
  if (left && isNothing(sum - must)) return balance("right", `${is} ${RIGHT_SIGN}`);
  if (left) return balance("open", `${is}, and must become ${due}`);
  if (isLast && !holds) return balance("wrong", `${is} ${WRONG_SIGN} where it must be ${due}`);
  if (isNothing(sum)) return balance("right", `${is} ${RIGHT_SIGN}`);
  if (isLast) return balance("right", `${is} ${RIGHT_SIGN}${byEpsilon}`);
  return balance("open", `So far ${number(sum)}; in the end ${name} must be ${due}`);
}

// All that is drawn of a batch at the reader's step. Where nothing is planted, what is found is what is due.
function compose(batch) {
  const { z, g, step, nothing } = batch, passed = forward(batch);
  const places = z.map((zj, j) => ({ z: zj, g: g[j], arrows: [] }));
  if (passed.s === 0) return { ...batch, samples: places, mean: passed.u, rulers: rulersOf(batch, { u: passed.u }) };
  const found = backward(batch, passed, batch.mistake), due = backward(batch, passed, "none");
  const isApart = (k, j) => !batch.is_hidden && Math.abs(found.paths[k][j] - due.paths[k][j]) > 1e-12 + 1e-9 * Math.abs(due.paths[k][j]);
  const drawn = KINDS.slice(0, step + 1).map((_, k) => k), isWrong = drawn.some((k) => z.some((_, j) => isApart(k, j)));
  const smallest = nothing * Math.max(...found.paths[OWN].map(Math.abs));
  const rounded = (value, digits) => Math.abs(value) < smallest ? "≈ 0" : number(value, digits);
  const sums = sumsOf(batch, passed, found), guess = guessOf(batch), isGuessing = step === OWN;
  const left = g.map((gj, j) => batch.gamma / passed.s * (gj - guess(z[j])));  // by the reader's line
  const leaves = isGuessing ? [left, times(left, passed.zBar)] : [];
  const balances = sums.map((sum, k) => balanceOf(sum, step, nothing, leaves[k]));
  const misses = isGuessing && batch.guess ? missesOf(guess, passed, due) : [Infinity, Infinity];
  const isFound = Math.max(...misses) <= FOUND, settled = settle(batch, guess, misses, passed, due);
  const tilts = !isGuessing || batch.tilts || batch.tilts_at_once || misses[0] <= FOUND;  // the second sum is there
  const isByEpsilon = Math.abs(sums[1].must) > nothing * total(sums[1].steps[OWN].map(Math.abs));
  const samples = places.map((place, j) => ({ ...place,
    arrows: drawn.map((k) => [found.paths[k][j], isApart(k, j)]), dz: isGuessing ? left[j] : found.steps[step][j],
    ...(isWrong && { trueEnd: due.steps[step][j] }) }));
  const ends = [0, ...found.steps.flat(), ...due.steps.flat(), ...(isGuessing ? left : [])];
  const low = outward(Math.min(...ends)), high = outward(Math.max(...ends));
  const foot = isWrong ? `dz ${WRONG_SIGN}` : step === MEAN ? "so far" : "dz";
  const { gamma, is_open: isOpen } = batch, { s } = passed, scaled = number(gamma / s);
  const whence = isOpen ? `γ/s = ${number(gamma)}/${number(s)}` : `γ = ${number(gamma)}, s = ${number(s)}`;
  return { ...batch, samples, rounded, mean: passed.u, rulers: rulersOf(batch, passed), foot, low, high: high > low ? high : 1,
    isWrong, line: lineOf(step, passed, found), trueLine: isWrong ? lineOf(step, passed, due) : null,
    balances, isGuessing, isFound, misses, tilts, isLevel: balances[0].verdict === "right", guessLine: isGuessing || (batch.guess && !isWrong && !batch.is_hidden) ? guess : null,
    settled, lineName: isWrong ? "" : nameLine(batch, isFound, isByEpsilon),
    lineSays: isFound ? `It takes away ${number(due.height)} at u, and ${number(due.slope)} for each unit of z̄`
      : sayLine(batch, found, isWrong, settled && batch.isHeld),
    scaleSays: isGuessing ? `dz = ${scaled} × what the line leaves of g${batch.is_told ? ` (${whence})` : ""}`
      : `${step === MEAN ? "Each sum" : "Each dz"} = ${scaled} × its bar on the left (${whence})`,
    description: `Samples to drag, and the straight line taken away from them. ${foot}: `
      + `${samples.map(({ dz }, j) => `${j + 1}: ${rounded(dz)}`).join("; ")}.` };
}

// The drawing

const panel = (width, height, role, name) => make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role,
  "aria-label": name });

// Sizes in a box of that width, and from a place (z, g) to a point and back. Where the halves stand one below the
// other, they are lower, so that the buttons below them are seen with both.
function measure(whole, { reach: held }) {
  const isWide = whole >= 760, plot = isWide ? 226 : 150, columns = isWide ? 130 : 100;
  const width = isWide ? (whole - 24) / 2 : whole, inner = width - LEFT - RIGHT, reach = EDGE * held;
  return { isWide, width, inner, plot, columns, reach, x: (z) => LEFT + (z + reach) / (2 * reach) * inner,
    y: (g) => TOP + (reach - g) / (2 * reach) * plot,
    z: (px) => ((px - LEFT) / inner * 2 - 1) * reach, g: (py) => (1 - (py - TOP) / plot * 2) * reach };
}

function drawArrow(parent, kind, x, from, to, half = 4) {
  const length = Math.abs(to - from), head = Math.min(8, length), toward = Math.sign(to - from);
  const neck = to - toward * head;
  if (length < 1) make("rect", { class: `arrow ${kind}`, x: x - half, y: to - 1, width: 2 * half, height: 2 }, parent);
  else make("path", { class: `arrow ${kind}`, d: `M ${x - half / 2} ${from} V ${neck} H ${x - half - 1} L ${x} ${to} `
    + `L ${x + half + 1} ${neck} H ${x + half / 2} V ${from} Z` }, parent);
}

function drawRuler(svg, { name, kind, ticks }, { width, x }, top) {
  make("line", { class: `ruler ${kind}`, x1: LEFT, x2: width - RIGHT, y1: top, y2: top }, svg);
  make("text", { class: `axis-name ${kind}`, x: 22, y: top + 14 }, svg, name);
  let until = -Infinity;
  for (const [z, text] of ticks) {
    make("line", { class: `ruler ${kind}`, x1: x(z), x2: x(z), y1: top, y2: top + 5 }, svg);
    const half = 4.3 * text.length;
    if (x(z) - half < until + 6) continue;
    until = x(z) + half;
    make("text", { x: x(z), y: top + 17 }, svg, text);
  }
}

function drawGrid(svg, { reach, mean }, { width, plot, x, y }, bottom) {
  for (let g = -reach; g <= reach; g += 1) {
    make("line", { class: g ? "grid" : "zero", x1: LEFT, x2: width - RIGHT, y1: y(g), y2: y(g) }, svg);
    make("text", { class: "end", x: LEFT - 18, y: y(g) + 4.5 }, svg, written(g));  // the ends of a line need room
  }
  make("text", { class: "value", x: 10, y: TOP + plot / 2 + 4.5 }, svg, "g");
  make("line", { class: "mean-mark", x1: x(mean), x2: x(mean), y1: TOP, y2: bottom + 8 }, svg);
  make("text", { class: "note", x: x(mean) + 5, y: bottom - 6 }, svg, "mean u");
}

// Beside the line, above or below it, where most room is left by the samples and their bars.
function drawLineName(svg, name, isFound, line, samples, { inner, plot, reach, x, y, z }) {
  const half = (isFound ? 4.7 : 3.9) * name.length, tilt = Math.abs(y(line(z(half))) - y(line(z(0))));  // of a line as long as half of it
  const apart = (value, low, high) => Math.max(low - value, value - high, 0);
  const roomAt = ([px, at]) => Math.min(40, ...samples.map((sample) => Math.hypot(apart(x(sample.z), px - half, px + half),
    apart(at, ...[y(sample.g), y(line(sample.z))].sort((a, b) => a - b)))));
  const steps = 24, places = Array.from({ length: steps + 1 }, (_, k) => LEFT + half + 6 + k / steps * (inner - 2 * half - 12));
  const inside = (at) => at > TOP + 10 && at < TOP + plot - 8;
  const free = places.flatMap((px) => [-1, 1].map((side) => [px, y(line(z(px))) + side * (13 + tilt)])).filter(([, at]) => inside(at));
  if (!free.length) return;
  const [px, at] = free.reduce((best, place) => roomAt(place) > roomAt(best) ? place : best);
  make("text", { class: isFound ? "line-name found" : "line-name", x: px, y: at + 5 }, svg, name);
}

// The line that is taken away, the true one beside a wrong one, the reader's own, and of each g what a line leaves.
function drawLines(svg, { lineName, samples, line, trueLine, guessLine, isGuessing, isFound, balances }, places) {
  const { inner, plot, reach, x, y } = places;
  make("rect", { x: LEFT, y: TOP, width: inner, height: plot }, make("clipPath", { id: "clip-fit" }, svg));
  const fit = (height, kind) => make("line", { class: `fit ${kind}`, x1: x(-reach), x2: x(reach),
    y1: y(height(-reach)), y2: y(height(reach)), "clip-path": "url(#clip-fit)" }, svg);
  if (guessLine) fit(guessLine, isFound ? "found" : "guess");
  if (trueLine) fit(trueLine, "true");
  if (line) fit(line, trueLine ? "wrong" : "");
  if (lineName) drawLineName(svg, lineName, isFound, line || guessLine, samples, places);
  const above = line || (isGuessing ? guessLine : () => 0);
  if (balances) for (const { z, g } of samples)
    make("line", { class: "left-over", x1: x(z), x2: x(z), y1: y(above(z)), y2: y(g),
      "clip-path": "url(#clip-fit)" }, svg);
}

// What the hand takes of the line: its middle, over the mean of z, lifts it; its ends tilt it about the middle.
function drawEnd(svg, side, guessLine, mean, held, isUntouched, { reach, x, y }) {
  const z = { left: -reach, right: reach, middle: mean }[side], g = Math.min(Math.max(guessLine(z), -reach), reach);
  const name = side === "middle" ? "Your line, up or down" : `Your line, ${side} end`;
  const grip = make("g", { class: `grip end ${isUntouched ? "untouched" : ""}`, role: "slider", tabindex: 0, "aria-label": name,
    "aria-valuemin": -held, "aria-valuemax": held, "aria-valuenow": g, "aria-valuetext": `g = ${number(g)}`,
    "data-end": side }, svg);
  make("circle", { class: "touch", cx: x(z), cy: y(g), r: 16 }, grip);
  make("rect", { class: "disc", x: x(z) - 8, y: y(g) - 8, width: 16, height: 16, rx: 2 }, grip);
  const [up, wide] = side === "middle" ? [4.5, 2.5] : [3.5, 2.5];
  make("path", { class: "way", d: [-1, 1].map((way) => `M ${x(z) - wide} ${y(g) + way * (up - 2.5)} L ${x(z)} ${y(g) + way * up} `
    + `L ${x(z) + wide} ${y(g) + way * (up - 2.5)}`).join(" ") }, grip);
  return grip;
}

function drawGrip(svg, { z, g }, index, reach, { x, y }) {
  const grip = make("g", { class: "grip", role: "slider", tabindex: 0, "aria-label": `Sample ${index + 1}`,
    "aria-valuemin": -reach, "aria-valuemax": reach, "aria-valuenow": z,
    "aria-valuetext": `z = ${written(z)}, g = ${written(g)}`, "data-sample": index }, svg);
  make("circle", { class: "touch", cx: x(z), cy: y(g), r: 20 }, grip);
  make("circle", { class: "disc", cx: x(z), cy: y(g), r: 12 }, grip);
  make("text", { x: x(z), y: y(g) + 5 }, grip, index + 1);
  return grip;
}

// What the reader is to do with the line, and until when: first its height, then its tilt.
function askFor({ tilts, isLevel }) {
  if (!tilts) return ["Move the dashed line up or down …", "… until this sum has its ✓"];
  if (isLevel) return ["Now tilt it by its ends …", "… until the second sum has its ✓, too"];
  return ["Move it by its middle, tilt it by its ends …", "… until both sums have their ✓"];
}

function drawSamples(shown, places) {
  const bottom = TOP + places.plot;
  const rulersEnd = bottom + (shown.rulers.length - 1) * RULER + 30, height = rulersEnd + CAPTION;
  const svg = panel(places.width, height, "group", shown.description || "Samples to drag");
  make("text", { class: shown.isFound ? "title right" : "title", x: 0, y: 17 }, svg, shown.isFound ? `${RIGHT_SIGN} You have found the line`
    : shown.isGuessing ? askFor(shown)[0] : "Drag the samples: each is one point (z, g)");
  make("text", { class: "note", x: 0, y: 37 }, svg, shown.lineSays || "All z are equal and ε = 0, so s = √(σ² + ε) = 0");
  drawGrid(svg, shown, places, bottom);
  shown.rulers.forEach((ruler, k) => drawRuler(svg, ruler, places, bottom + 8 + k * RULER));
  const about = shown.rulers.map((ruler) => ruler.about).filter(Boolean).join("; ");
  make("text", { class: "note", x: LEFT, y: rulersEnd + 13 }, svg, about);
  drawLines(svg, shown, places);
  const ends = !shown.balances || shown.step !== OWN ? [] : shown.tilts ? ["left", "middle", "right"] : ["middle"];
  return [svg, [...ends.map((side) => drawEnd(svg, side, shown.guessLine, shown.mean, shown.reach, !shown.guess, places)),
    ...shown.samples.map((sample, index) => drawGrip(svg, sample, index, shown.reach, places))]];
}

// The arrows of one sample, each from the tip of the one before, their sum, and beside it what it should be.
function drawStack(svg, { arrows, trueEnd }, y, at) {
  const last = arrows.length;
  let from = 0;
  arrows.forEach(([length, isWrong], k) => {
    const to = from + length;
    if (k) make("line", { class: "join", x1: at(k - 1), x2: at(k) + 3, y1: y(from), y2: y(from) }, svg);
    drawArrow(svg, `${KINDS[k]} ${isWrong ? "wrong" : ""}`, at(k), y(from), y(to));
    from = to;
  });
  make("line", { class: "join", x1: at(last - 1), x2: at(last) + 3, y1: y(from), y2: y(from) }, svg);
  drawArrow(svg, "sum", at(last), y(0), y(from), 5);
  if (trueEnd !== undefined) drawArrow(svg, "should", at(last + 1), y(0), y(trueEnd), 5);
}

// While the reader lays the line, only what it leaves, added up; then the arrows, and what they add up to.
function drawArrows(shown, { isWide, width, columns }) {
  const { samples, rounded, step, isWrong, isGuessing, isFound, low, high, scaleSays, foot: footSays, balances } = shown;
  const foot = TOP + columns + 24, sumsAt = foot + (isWrong ? 51 : 36), arrows = step + 1;
  const height = isGuessing ? TOP + 12 + 2 * LARGE_SUMS.height : sumsAt + 2 * SUMS.height;
  const svg = panel(width, height, "img", "The arrows of each sample, and what they add up to");
  make("text", { class: "title", x: 0, y: 17 }, svg, isFound ? "What it leaves goes on to z"
    : isGuessing ? askFor(shown)[1] : "What arrives at each z");
  const scale = scaleSays || "Nothing: z̄ = (z − u)/s would divide by 0";
  make("text", { class: "note", x: 0, y: 37 }, svg, isWide ? scale : scale.replace("on the left", "above"));
  if (!balances) return svg;
  if (isGuessing) {
    balances.slice(0, shown.tilts ? 2 : 1).forEach((balance, k) => drawBalance(svg, balance, TOP + 12 + k * LARGE_SUMS.height, width, true));
    return svg;
  }
  const y = (value) => TOP + (high - value) / (high - low) * columns;
  for (const [value, text] of roundTicks(low, high, 6)) {
    make("line", { class: value ? "grid" : "zero", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }, svg);
    make("text", { class: "end", x: LEFT - 7, y: y(value) + 4.5 }, svg, text);
  }
  const lanes = arrows + 1 + isWrong;  // the arrows, their sum, and beside it what it should be
  const column = (width - LEFT - RIGHT) / samples.length, lane = Math.min(22, column / (lanes + 0.6));
  const digits = column < 52 ? 3 : 4;  // a number is never wider than its column
  samples.forEach((sample, index) => {
    const middle = LEFT + (index + 0.5) * column;
    drawStack(svg, sample, y, (k) => middle + (k - (lanes - 1) / 2) * lane);
    make("text", { x: middle, y: foot }, svg, index + 1);
    make("text", { class: isWrong ? "struck" : "value", x: middle, y: foot + 18 }, svg, rounded(sample.dz, digits));
    if (isWrong) make("text", { class: "value", x: middle, y: foot + 35 }, svg, rounded(sample.trueEnd, digits));
  });
  make("text", { class: "note", x: 0, y: foot }, svg, "sample");
  make("text", { class: "note", x: 0, y: foot + 18 }, svg, footSays);
  if (isWrong) make("text", { class: "note", x: 0, y: foot + 35 }, svg, "true");
  balances.forEach((balance, k) => drawBalance(svg, balance, sumsAt + k * SUMS.height, width));
  return svg;
}

// A sum: its positive terms laid end to end, and under them its negative ones; they cancel where both are as long.
function drawBalance(svg, { name, terms, reach, says, why, verdict }, top, width, isLarge = false) {
  const scale = (width - LEFT - RIGHT) / (reach || 1), ends = [], { bar } = isLarge ? LARGE_SUMS : SUMS;
  make("text", { class: `says ${verdict} ${isLarge ? "large" : ""}`, x: 0, y: top + 11 }, svg, says);
  if (isLarge) {
    top += 20;
    why.split("\n").forEach((line, k) => {
      top += k && 16;
      make("text", { class: "note", x: 0, y: top + 11 }, svg, line);
    });
    top += 18;
    make("text", { class: "bars-name", x: LEFT, y: top + 13 }, svg, `${name.slice(2)} of each sample, positive and negative`);
  }
  if (!terms.some((term) => Math.abs(term) * scale >= 1)) {
    make("text", { class: "note", x: LEFT, y: top + 32 }, svg, "nothing to balance: no term is left");
    return;
  }
  [1, -1].forEach((sign, row) => {
    let x = LEFT;
    const y = top + 20 + row * (bar + 2), middle = y + bar / 2 + 4.5;
    make("text", { class: "end", x: LEFT - 7, y: middle }, svg, sign > 0 ? "+" : "−");
    terms.forEach((term, index) => {
      if (term * sign <= 0) return;
      const length = Math.abs(term) * scale;
      make("rect", { class: `bar ${sign < 0 ? "below" : ""}`, x, y, width: length, height: bar }, svg);
      if (length > 9) make("text", { class: "bar-name", x: x + length / 2, y: middle }, svg, index + 1);
      x += length;
    });
    ends.push(x);
  });
  const [plus, minus] = ends, missing = Math.abs(plus - minus), y = top + 20 + (plus > minus ? bar + 2 : 0);
  if (missing < 1) return;
  make("rect", { class: `gap ${verdict}`, x: Math.min(plus, minus), width: missing, height: bar, y }, svg);
  if (verdict !== "right" && missing > 60)
    make("text", { class: "bar-name", x: (plus + minus) / 2, y: y + bar / 2 + 4.5 }, svg, "missing");
}

// What the colours mean; hollow where all that has it is spoiled.
function keyOf({ samples, step, is_open: isOpen, isWrong, isGuessing, isFound, tilts, balances = [] }) {
  const entry = (kind, text) => {
    const item = make("span", { class: kind });
    make("i", {}, item);
    item.append(text);
    return item;
  };
  const isDrawn = (k) => samples.some(({ arrows }) => arrows[k] && !arrows[k][1]);  // and not all of them red
  const headlines = make("span", { class: "headlines" });  // beside the hand where the sums themselves are below it
  balances.slice(0, tilts ? 2 : 1).forEach(({ headline }) => make("b", {}, headlines, headline));
  if (isGuessing) {
    const found = isFound ? [make("span", { class: "found", role: "status" }, undefined, "You have found the line")] : [];
    return [entry("own ring", "sample, with its z and its g"), entry("sum", "what is left of g"), ...found, headlines];
  }
  const paths = [OWN_PATH[Number(isOpen)], ...KEY].slice(0, step + 1).map((text, k) => entry(`${KINDS[k]} ${isDrawn(k) ? "" : "off"}`, text));
  const sum = entry("sum", step === MEAN ? "their sum so far" : "what is left: dz");
  return [...paths, sum, ...isWrong ? [] : [entry("block", "one block per sample")], ...isWrong ? MISTAKEN.map(([kind, text]) => entry(kind, text)) : [], headlines];
}

// The hand

const STEPS = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };
const OVERSHOOTS = 700;  // milliseconds: a key that has brought the line home and goes on coming does not move it away
const RESTS = 120;  // milliseconds without a move after which Python is told: the browser needs them for drawing before
const ANSWERED_WITHIN = 1500;  // milliseconds, after which a place that was sent is taken as answered or as lost
let begins = 0;  // how often the puzzle has come by the reader's own press
const pictures = new WeakMap();  // .drawing → what draws it: a rerun gives new data to the same element

// What the hand does outlives the element, which Streamlit makes anew now and then on a busy machine.
let guess, tries;  // { left, right }: heights of the reader's own line, once it is laid; and of which try
let tilts = false;  // whether in this try it has once had the right height, so that it is now tilted
let lineTold, lineTimer;  // the line that Python knows, and when it hears of another
let last = {};  // { key, at }: the key that has brought it to where it must lie, and when it came last
let dragged = {}, told = dragged;  // sample → { z, g }, where the reader has put it; and the places last sent
let count = 0, waitsSince = -ANSWERED_WITHIN, timer, send;

const tellAfter = (milliseconds) => { clearTimeout(timer); timer = setTimeout(tell, milliseconds); };

// While places are on their way to Python no others are sent, so that what stands beside the picture follows the hand.
// Python draws more often than it is told of a place, so each message has a number, and a drawing says which it knows.
function tell() {
  clearTimeout(timer);
  if (dragged === told) return;
  const wait = waitsSince + ANSWERED_WITHIN - performance.now();
  if (wait > 0) { tellAfter(wait); return; }
  told = dragged;
  waitsSince = performance.now();
  const places = Object.entries(dragged).map(([index, { z, g }]) => [Number(index) + 1, z, g]);
  send("moved", { places, number: ++count });
}

// Whether the whole picture is on the screen, so that what an experiment changes is seen where it is.
const isInSight = (box) => {
  const { top, bottom } = box.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
};

function newPicture(box) {
  let data, behind = {};  // by slider: where a thumb still stands, though a button has set another value

  const place = (index) => dragged[index] || { z: data.z[index], g: data.g[index] };

  // The batch as the hand has it now: what it moves here, and the thumbs of the sliders, are ahead of Python.
  function batch() {
    const thumb = (name) => {
      const { key, value } = data.sliders[name], at = sliderAt(key);
      if (at !== behind[name]) delete behind[name];
      return name in behind ? value : at ?? value;
    };
    const samples = data.z.slice(0, thumb("n")).map((_, index) => place(index));
    return { ...data, guess, tilts, isHeld: Boolean(held), z: samples.map(({ z }) => z), g: samples.map(({ g }) => g), gamma: thumb("gamma"),
      beta: thumb("beta"), epsilon: data.epsilons[thumb("epsilon")] };
  }

  const places = () => measure(Math.max(box.clientWidth, 300), data);

  function draw() {
    const shown = compose(batch());
    if (!tilts && shown.isGuessing && shown.misses[0] <= FOUND && !held) {
      tilts = true;
      tellLine();
    }
    const [left, grips] = drawSamples(shown, places());
    box.parentElement.querySelector(".key").replaceChildren(...keyOf(shown));
    replaceKeepingFocus(box, [left, drawArrows(shown, places())], grips);
  }

  const within = (value) => Math.round(10 * Math.min(Math.max(value, -data.reach), data.reach)) / 10;

  function move(index, z, g) {
    const old = place(index);
    if (within(z) === old.z && within(g) === old.g) return;
    dragged = { ...dragged, [index]: { z: within(z), g: within(g) } };
    draw();
    tellAfter(RESTS);
  }

  // The middle lifts the line; an end tilts it about its place over u, whose height stays.
  function moveEnd(side, g) {
    const { u } = forward(batch()), { reach } = data, old = { ...LAID, ...guess }, height = guessOf({ guess: old, reach })(u);
    const tilt = (old.right - old.left) / (2 * EDGE * reach), end = side === "left" ? -EDGE * reach : EDGE * reach;
    guess = side === "middle" ? lineThrough(u, within(g), tilt, reach)
      : lineThrough(u, height, (within(g) - height) / (end - u), reach);
    draw();
  }

  // Where the hand lets go of its line close to the true one, it lies there exactly, and Python is told.
  function settleLine() {
    const { settled, isFound } = compose(batch());
    if (!settled || isFound) return;
    guess = settled;
    draw();
  }

  // What is asked beside the picture follows the line, and a reload finds it again.
  function tellLine(milliseconds = 0) {
    clearTimeout(lineTimer);
    lineTimer = setTimeout(() => {
      if (!guess || guess === lineTold || !box.isConnected) return;
      lineTold = guess;
      send("line", { ...guess, tries });
    }, milliseconds);
  }

  const standsAt = ({ end, sample }) => !end ? place(sample)
    : { z: 0, g: end === "middle" ? guessOf(batch())(forward(batch()).u) : (guess || LAID)[end] };
  const put = ({ end, sample }, z, g) => end ? moveEnd(end, g) : move(sample, z, g);

  // The box listens: what is drawn in it is drawn anew while the hand moves.
  let held = null;  // { grip, dx, dy }: by its data, the grip in the hand, and how far the pointer is from its middle
  const at = (event) => {
    const { left, top } = box.querySelector("svg").getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const gripOf = (event) => event.target.closest && event.target.closest(".grip");
  box.addEventListener("pointerdown", (event) => {
    const grip = gripOf(event);
    if (!grip || event.button) return;
    const { x, y } = places(), [px, py] = at(event), { z, g } = standsAt(grip.dataset);
    held = { grip: { ...grip.dataset }, dx: x(z) - px, dy: y(g) - py };
    box.setPointerCapture(event.pointerId);
    box.classList.add("dragging");
    grip.focus({ preventScroll: true });
    event.preventDefault();
  });
  // a finger on a sample drags it, and does not scroll the page
  box.addEventListener("touchstart", (event) => { if (gripOf(event)) event.preventDefault(); }, { passive: false });
  box.addEventListener("pointermove", (event) => {
    if (!held) return;
    const { z, g } = places(), [px, py] = at(event);
    put(held.grip, z(px + held.dx), g(py + held.dy));
  });
  const letGo = () => {
    const isEnd = held && held.grip.end;
    held = null;
    if (isEnd) settleLine();
    if (isEnd) draw();
    if (isEnd) tellLine();
    box.classList.remove("dragging");
    tell();
  };
  box.addEventListener("pointerup", letGo);
  box.addEventListener("pointercancel", letGo);
  box.addEventListener("keydown", (event) => {
    const grip = gripOf(event), step = STEPS[event.key];
    if (!grip || !step) return;
    event.preventDefault();
    const before = compose(batch());
    const part = grip.dataset.end === "middle" ? 0 : 1;  // of the misses
    if (grip.dataset.end && before.misses[part] <= FOUND && event.key === last.key
      && (event.repeat || event.timeStamp - last.at < OVERSHOOTS)) {
      last.at = event.timeStamp;
      return;
    }
    const { z, g } = standsAt(grip.dataset), [right, up] = step;
    put(grip.dataset, z + right, g + (grip.dataset.end ? right + up : up));
    if (!grip.dataset.end) return;
    last = { key: event.key, at: event.timeStamp };
    if (compose(batch()).misses[part] < before.misses[part]) settleLine();  // not where it is moved away
    tellLine(compose(batch()).isFound || before.isFound ? 0 : RESTS);
  });
  new ResizeObserver(() => { if (data) draw(); }).observe(box);

  return (answer, setTriggerValue) => {
    if (answer.tries !== tries) {  // another try, or a reload
      clearTimeout(lineTimer);
      guess = lineTold = answer.guess || undefined;
      tilts = false;
    }
    for (const [name, { key, value }] of Object.entries(answer.sliders)) {
      const at = sliderAt(key);
      if (data && at === data.sliders[name].value && at !== value) behind[name] = at;
    }
    const hasBegun = data && answer.begun > data.begun;
    const opensMore = data && answer.passed_on && !data.passed_on;
    data = answer;
    tries = data.tries;
    send = setTriggerValue;
    if (data.place_number === count) waitsSince = -ANSWERED_WITHIN;
    if (dragged !== told) tellAfter(RESTS);
    else if (!held && performance.now() > waitsSince + ANSWERED_WITHIN) dragged = told = {};
    followSliders(box, Object.values(data.sliders).map(({ key }) => key), draw);
    draw();
    if (hasBegun && isInSight(box)) bringIntoSight(".st-key-experiment_asked", ".st-key-experiment_asked");  // its question
    else if (hasBegun) bringIntoView(box);
    if (opensMore) bringIntoSight(`.st-key-${data.settings}`, `.st-key-${data.settings}`);
    // Where both halves are side by side, what is to be done is seen as it is: the page rests under the hand.
    if (data.begins > begins) bringIntoSight(`.st-key-${data.words}`, `.st-key-${places().isWide ? data.words : data.picture}`);
    begins = data.begins;
  };
}

export default function ({ parentElement, data, setTriggerValue }) {
  const box = parentElement.querySelector(".drawing");
  if (!pictures.has(box)) pictures.set(box, newPicture(box));
  pictures.get(box)(data, setTriggerValue);
}
