const players = new WeakMap();  // .player → what draws it: a rerun calls the function below again on the same element
const memories = new Map();  // player's key → where its reader was; it outlives a visit to another page

let pointerAt = "", hasMoved = false;  // not where the page slides under a resting mouse
for (const kind of ["pointerover", "pointermove"]) addEventListener(kind, ({ clientX, clientY }) => {
  const now = `${clientX} ${clientY}`;
  hasMoved = now !== pointerAt;
  pointerAt = now;
}, true);

const narrow = matchMedia("(max-width: 640px)");  // as in player.css
// The graph as it stands on this screen.
const placed = (graph) => !graph.narrow || !narrow.matches ? graph : { ...graph, ...graph.narrow,
  nodes: graph.nodes.map((node, k) => ({ ...node, ...graph.narrow.nodes[k] })),
  edges: graph.edges.map((edge, e) => ({ ...edge, ...graph.narrow.edges[e] })) };
const FIRST = "Check a number or reveal it first.";
const ASKING = "From now on Next stops at every message that takes a rule to find, and you type its number.";
const OPENING = [["Forward, each arrow carries a "], ["value", "forward"], [" to the next card. Then the way back begins, at L, the loss"]];
const KEYS = { ArrowRight: "next", ArrowLeft: "back", Home: "start", End: "end", " ": "play" };

// What a number can mean that a reader types, with a true minus sign: a comma stands for a point, or groups thousands.
const meanings = (text) => {
  const plain = text.trim().replace(/[−–]/g, "-");
  return [plain.replace(",", "."), plain.replaceAll(",", "")].map((written) => Number(written || NaN)).filter(Number.isFinite);
};
// As on the pages' own questions: two decimals, or two per cent, are enough.
const isRight = (guess, answer) => Math.abs(guess - answer) <= Math.max(0.02 * Math.abs(answer), 0.0051);

// What is wrong with a guess at upstream × local, as on the pages' own questions. `others` are more wrong ways: [what they give, words].
function whatIsWrong(guesses, answer, upstream, local, others) {
  const ways = [
    ...others,
    [upstream, "That is the upstream gradient: it is still to be multiplied by the local derivative."],
    [local, "That is the local derivative alone: it is still to be multiplied by the upstream gradient."],
    [-answer, "The sign is the wrong way round."],
    [upstream + local, "You added upstream and local, but they are multiplied."],
    [upstream / local, "You divided by the local derivative, but it is multiplied."],
    [answer * upstream, "The upstream gradient is in it twice."],
    [answer * local, "The local derivative is in it twice."],
  ];
  const named = ways.find(([value]) => guesses.some((guess) => isRight(guess, value)));
  if (named) return named[1];
  const [guess] = guesses, isLarger = Math.abs(guess) > Math.abs(answer);
  if (guess === 0) return "It is not 0.";
  if (guess * answer < 0) return "Its sign is wrong, and its size too.";
  return Math.abs(guess - answer) <= 0.1 * Math.abs(answer) ? "It is close: use all digits that you see."
    : `Its sign is right, but it is too ${isLarger ? "large" : "small"} in size.`;
}

function newPlayer(root, send) {
  const find = (selector) => root.querySelector(selector);
  const buttons = Object.fromEntries(["start", "back", "play", "next", "end"].map((name) => [name, find(`.${name}`)]));
  const line = find(".line"), pace = find(".pace"), by = find(".by"), predict = find(".predict");
  const say = find(".say"), guess = find(".guess"), about = find(".about"), nudges = find(".nudges");
  const table = find(".table"), count = find(".count"), fold = find(".fold"), box = find(".drawing");
  let asSent, data, memory, timer = 0;  // the graph as it was sent, and as it stands here
  let frame = 0, begunAt = 0;  // of numbers that travel, and the step they left from
  let madeAt, sentAt, knownAt, startAt;  // the step at which each value, message and gradient is there
  let layers = [], ends = [];  // the last step of each layer, and of each scene: one layer, or several that belong together
  let nudge = null;  // what the last nudge did: { values, hops, words }
  let verdict = "";  // on the last guess
  let pointed = null;  // the card or arrow under the mouse

  const picture = () => root.getRootNode().host.closest("[class*=picture]");  // of the page, around the player

  // What is known at this step

  const last = () => data.moments.length;
  const current = () => data.moments[memory.step - 1];
  // the number of the current step is still to be guessed, or still on its way
  const isAsked = () => predict.checked && memory.step > memory.revealed && current().asks;
  const isConcealed = () => memory.step > 0 && (frame !== 0 || isAsked());
  const shownTo = () => frame ? begunAt : memory.step - (isConcealed() ? 1 : 0);
  const isThere = (at) => at <= shownTo();
  const isHidden = (at) => at <= memory.step && !isThere(at);
  const value = (k) => isThere(madeAt[k]) ? data.nodes[k].value : isHidden(madeAt[k]) ? "?" : "";
  const isKnown = (e) => !["", "?"].includes(message(e));
  // on the edge that the reader has pointed at, until the step is another
  const judged = () => memory.judged?.[1] === memory.step ? data.judged : "";
  const tells = () => !data.pick && !data.quiet;  // whether a planted mistake is marked
  const message = (k) => isThere(sentAt[k]) ? data.edges[k].message : isHidden(sentAt[k]) ? "?" : "";
  const gradient = (k) => isThere(knownAt[k]) ? data.nodes[k].gradient : "";
  const come = (k) => data.edges.filter((edge, e) => edge.source === k && isThere(sentAt[e])).length;

  function learn() {
    madeAt = data.nodes.map((node) => node.computed ? Infinity : 0);
    sentAt = data.edges.map(() => Infinity);
    knownAt = data.nodes.map(() => Infinity);
    data.moments.forEach((moment, k) => {
      if (moment.phase !== "backward") madeAt[moment.node] = k + 1;
      else if (moment.edge !== null) sentAt[moment.edge] = k + 1;
      else startAt = k + 1;
      if (moment.phase === "backward" && moment.completes) knownAt[moment.node] = k + 1;
    });
    layers = data.moments.flatMap(({ layer }, k) => layer === data.moments[k + 1]?.layer ? [] : [k + 1]);
    const isLast = (end) => data.scenes.some(({ until }) => until === data.moments[end - 1].layer);
    ends = data.scenes.length ? layers.filter(isLast) : layers;
  }

  // Going from step to step

  // By layer, a step that the reader takes and counts is all steps of one layer, or of one scene.
  const isByLayer = () => by.value === "layer";
  const groupEnd = (step) => isByLayer() ? ends.find((end) => end >= step) : step;
  const wholly = (step) => step && groupEnd(step);  // no layer is left half made
  const groupBefore = (step) => isByLayer() ? ends.findLast((end) => end < step) ?? 0 : step - 1;
  const counted = (step) => isByLayer() && step ? ends.findIndex((end) => end >= step) + 1 : step;
  const countedLast = () => isByLayer() ? ends.length : last();
  const stepAt = (count) => isByLayer() && count ? ends[count - 1] : count;

  const stepMoments = () => memory.step ? data.moments.slice(groupBefore(memory.step), memory.step) : [];  // of this step

  function go(step, moves) {
    cancelAnimationFrame(frame);
    frame = 0;
    let target = Math.min(Math.max(step, 0), last());
    if (predict.checked && target > memory.step) {  // no way leads past a question
      while (memory.step < target && !isAsked()) memory.step += 1;
      target = memory.step;
    }
    const onward = moves && target > memory.step && !predict.checked;
    const from = memory.step;
    memory.step = target;
    if (!target) memory.revealed = 0;
    memory.selected = null;
    verdict = "";
    nudge = null;
    tellAddress();
    if (onward && !isStill()) travel(from, target);
    else draw();
  }

  // The step stands in the page's address, so that a link opens at it.
  function tellAddress() {
    const url = new URL(location), name = `${data.player}_step`;
    if (memory.step && !data.pick) url.searchParams.set(name, memory.step); else url.searchParams.delete(name);
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  }

  function pause() {
    clearTimeout(timer);
    timer = 0;
  }

  function tick(wait) {
    timer = setTimeout(() => {
      if (!root.isConnected) return pause();
      const from = memory.step, step = groupEnd(from + 1), told = isByLayer() && data.scenes[counted(step) - 1]?.title;
      const rest = told ? 0.2 + 0.02 * told.split(" ").length : from < 2 ? 0.7 : 0.5;  // to read: a long sentence takes longer
      if (step >= last()) pause();
      else tick((isStill() ? 0 : layersIn(from, step).length * takes(from, step)) + 1000 * pace.value * rest);
      go(step, true);
    }, wait);
  }

  const actions = {
    start: () => { pause(); go(0); },
    back: () => { pause(); if (memory.step) go(groupBefore(memory.step)); },
    next: () => { pause(); if (memory.step < last()) go(groupEnd(memory.step + 1), true); },
    end: () => { pause(); go(last()); },
    play: () => {
      if (timer) { pause(); draw(); return; }
      if (predict.checked) return;
      if (memory.step >= last()) go(0);
      tick(200);
      draw();
    },
  };

  // A number travels: a value from card to card, or a gradient to its edge, where the local factor makes the message.
  // In a scene of several layers one layer travels after the other, and faster; the first steps are the slowest.

  const layersIn = (from, to) => layers.filter((end, k) => end > from && (layers[k - 1] ?? 0) < to);
  const takes = (from, to) => 1000 * Math.min(pace.value * (from > 2 && isByLayer() ? 0.15 : layersIn(from, to).length > 1 ? 0.3 : 0.65), 1.3);

  // Where a label of that width at (x, y) covers no card: there, or as little aside as it can be.
  function besideCards(x, y, width) {
    const near = data.nodes.filter((node) => Math.abs(node.y - y) < node.height / 2 + 11);
    const isFree = (at) => near.every((node) => Math.abs(node.x - at) >= (node.width + width) / 2 - 4);
    const aside = near.flatMap((node) => [-1, 1].map((way) => node.x + way * (node.width + width) / 2));
    return [x, ...aside.filter((at) => Math.abs(at - x) <= width).sort((a, b) => Math.abs(a - x) - Math.abs(b - x))].find(isFree) ?? x;
  }

  function travel(from, to, milliseconds = takes(from, to)) {
    const end = Math.min(layers.find((end) => end > from), to);
    frame = -1;
    begunAt = from;
    draw();
    const svg = box.querySelector("svg"), begun = performance.now();
    const paths = [...svg.querySelectorAll(".edge .line")];
    const parcels = data.moments.slice(from, end).flatMap((moment) => {
      if (moment.phase === "backward") return moment.edge === null ? [] : [[moment.edge, true]];
      // a given number stands close by, and need not travel
      return data.edges.flatMap((edge, e) => edge.target === moment.node && !data.nodes[edge.source].given ? [[e, false]] : []);
    }).map(([e, isBack]) => {
      const edge = data.edges[e], group = make("g", { class: `parcel ${isBack ? "backward" : "forward"}` }, svg);
      const length = paths[e].getTotalLength();
      const plate = make("rect", { rx: 9, height: 22, y: -11 }, group), text = make("text", { y: 5 }, group);
      let width = 0;
      const write = (...ways) => {  // as much as has room between the cards
        if (text.dataset.says === ways[0]) return;
        text.dataset.says = ways[0];
        for (const words of ways) {
          text.textContent = words;
          width = text.getBBox().width + 8;
          if (width <= length) break;
        }
        plate.setAttribute("width", width);
        plate.setAttribute("x", -width / 2);
      };
      return (share) => {
        const way = isBack ? 1 - (share < 0.35 ? share / 0.7 : share < 0.65 ? 0.5 : (share - 0.3) / 0.7) : share;
        write(...!isBack ? [data.nodes[edge.source].value] : share < 0.35 ? [edge.upstream]
          : share < 0.65 ? [`${edge.upstream} × ${edge.local}`, `× ${edge.local}`] : [edge.message]);
        const edgewise = Math.min(Math.max(width, 26), length) / 2;  // from card to card, over neither
        const { x, y } = paths[e].getPointAtLength(edgewise + way * (length - 2 * edgewise));
        group.setAttribute("transform", `translate(${besideCards(x, y, width)} ${y})`);
      };
    });
    const move = (now) => {
      const share = parcels.length ? Math.min((now - begun) / milliseconds, 1) : 1;
      if (share >= 1 && end < to && root.isConnected) { travel(end, to, milliseconds); return; }
      if (share >= 1 || !root.isConnected) { frame = 0; draw(); return; }
      parcels.forEach((place) => place(Math.max(share, 0)));
      frame = requestAnimationFrame(move);
    };
    frame = requestAnimationFrame(move);
  }

  // Words

  function aboutNode(k) {
    const node = data.nodes[k], known = value(k), back = gradient(k);
    if (node.given) return `${node.given} is given: no gradient is sent to it.`;
    const parts = [known ? `${node.name} = ${known}.` : `${node.name} is not computed yet.`];
    if (back) parts.push(`${node.derivative} = ${back}.${node.right && tells() ? ` True is ${node.right}.` : ""}`);
    else if (memory.step >= startAt) {
      parts.push(node.waits > 1 ? `${come(k)} of ${node.waits} messages have come.` : "Its message has not come yet.");
    } else if (known) parts.push("Its gradient is not known yet.");
    if (!data.pick && memory.selected !== k && memory.step >= startAt - 1 && node.nudges["+0.01"]) parts.push("Click it to move it by 0.01.");
    return parts.join(" ");
  }

  function aboutEdge(e) {
    const edge = data.edges[e], sent = message(e), carried = value(edge.source);
    if (!edge.sends) return `${edge.name} carries ${carried}. Nothing is sent back, because that number is given.`;
    if (!sent) return carried ? `${edge.name} carries ${carried} forward.` : `${edge.name} carries a value that is not computed yet.`;
    const upstream = `the upstream gradient ${data.nodes[edge.target].derivative}, which is ${edge.upstream}`;
    if (sent === "?") return `${edge.back} carries a message that is still to be found. It begins with ${upstream}.`;
    const local = `the local derivative ${edge.formula === edge.local || data.plain ? "" : `${edge.formula}, which is `}${edge.local}`;
    if (!tells()) return `${edge.back} carries the message ${sent}. Upstream ${data.nodes[edge.target].derivative} = ${edge.upstream}, local ${
      edge.formula === edge.local || data.plain ? "" : `${edge.formula} = `}${edge.local}.`;
    if (edge.planted) return `${edge.back} should carry ${upstream}, times ${local}; but the planted mistake makes it ${sent}. The true message is ${edge.right}.`;
    const spoiled = edge.spoiled ? ` The planted mistake has spoiled the upstream gradient: the true message is ${edge.right}.` : "";
    return `${edge.back} carries the message ${sent}: ${upstream}, times ${local}.${spoiled}`;
  }

  // where a mistake is to be found, no sign tells whether a message is the product: the reader multiplies
  const isOpen = () => data.wrong && !tells() && current().edge !== null;
  const signOf = (part) => !"=≈≠×".includes(part) ? part : isAsked() ? part.replace(/[≈≠]/, "=") : isOpen() ? ""
    : part;
  const shortOf = ({ short, edge, node }) => {
    if (!data.wrong || tells() || edge === null) return short;
    const { upstream, local, message } = data.edges[edge];
    return `→ ${data.nodes[node].name}: upstream ${upstream}, local ${local}, sent ${message}`;
  };

  const plantedIn = (group) => !tells() || isConcealed() ? []
    : group.flatMap(({ edge }) => edge !== null && data.edges[edge].planted ? [data.edges[edge]] : []);

  // The messages of a layer in rows: those that come from one node, or where all do, those that go to one, with their sum.
  function rowsOf(group) {
    const sources = group.map(({ edge, node }) => edge === null ? node : data.edges[edge].target);
    const isManySources = new Set(sources).size > 1, rows = new Map(), sums = [];
    group.forEach((moment, k) => {
      const key = isManySources ? sources[k] : moment.node, row = rows.get(key) ?? [];
      rows.set(key, row);
      row.push(shortOf(moment));
      if (moment.sum) (isManySources ? sums : row).push(moment.sum);
    });
    const all = [...rows.values(), ...sums.map((sum) => [sum])], count = all.flat().length;
    return all.length <= 4 && (count > 3 || isOpen()) ? all : [all.flat()];  // more rows than that have no room
  }

  // What is said to a reader who predicts and is not asked, or not yet answered.
  function hint() {
    if (isAsked()) return memory.by === "layer" ? "While you predict, every step is one edge." : "";
    return memory.step === last() && !verdict ? "Nothing is left to ask: press Start to be asked from the beginning." : "";
  }

  // Signs, and numbers under what they are, as `told` of model.py has them.
  function writeEquation(parent, parts) {
    const equation = make("span", { class: "equation" }, parent);
    for (const part of parts) {
      if (typeof part === "string") { make("span", { class: "sign" }, equation, part); continue; }
      const [caption, text, meaning] = part, term = make("span", { class: "term" }, equation);
      make("span", { class: "caption" }, term, caption);
      make("span", { class: `figure ${meaning}` }, term, text);
    }
  }

  function writeRow(parent, parts, isLast) {
    const row = make("span", { class: "row" }, parent);
    parts.forEach((part, k) => make("span", { class: "part" }, row, `${part}${!isLast || k + 1 < parts.length ? "; " : "."}`));
  }

  // Those of the last layer of a step. Of a scene that has many, the first ones stand beside the words that speak of them.
  function writeNumbers(parent, isScene) {
    const rows = rowsOf(stepMoments().filter((moment, k, all) => moment.layer === all.at(-1).layer));
    const areMany = isScene && rows.flat().join("; ").length > 75;
    if (areMany) writeRow(parent, rows[0].slice(0, 2), true);
    const place = areMany ? sheetOfNumbers(parent) : parent;
    rows.forEach((parts, r) => writeRow(place, parts, r + 1 === rows.length));
  }

  // All numbers of a scene, for the reader who asks for them: over the drawing, which they do not move.
  function sheetOfNumbers(parent) {
    const details = make("details", { class: "numbers" }, parent);
    details.open = Boolean(memory.numbers);
    details.addEventListener("toggle", () => { memory.numbers = details.open; });
    make("summary", {}, details, "All its numbers");
    return make("span", { class: "sheet" }, details);
  }

  function sayStep() {
    const fragment = document.createDocumentFragment();
    const moment = current();
    const where = moment ? { forward: "forward", loss: "loss", backward: "backward" }[moment.phase] : "start";
    count.textContent = `Step ${counted(memory.step)} of ${countedLast()}, ${where}`;
    if (!moment && predict.checked) make("span", { class: "after" }, fragment, ASKING);
    else if (!moment && data.shares) {
      writeShares(fragment);
      make("span", { class: "after" }, fragment, data.shares);
    }
    else if (!moment) {
      const opening = make("span", { class: "after" }, fragment);
      for (const [words, meaning] of [...OPENING, [data.loss ? `: ${data.loss}.` : "."]]) make(meaning ? "b" : "span", { class: meaning ?? "" }, opening, words);
    }
    else if (isFinale()) writeFinale(fragment);
    else if (isOpen() && memory.step === last() && !predict.checked) {
      make("span", { class: "after" }, fragment, 
        `Every message has been sent. Point at an arrow to read its factors and what it carries${
          data.answers ? ", and click the one that is wrong" : ""}.`);
    } else if (stepMoments().length > 1) {
      const layer = make("span", { class: "after" }, fragment), scene = data.scenes[counted(memory.step) - 1];
      const planted = plantedIn(stepMoments()), [first] = planted;
      if (scene && !first) make("span", { class: "scene" }, layer, scene.title);
      if (isCompared()) writeShares(layer);
      if (first) make("span", { class: "row wrong" }, layer, `Here the mistake is planted: ${planted.map(({ back }) => back).join(", ")} ${
        planted.length > 1 ? "send" : "sends"} ${first.message} instead of ${first.right}.`);  // a mistake on several edges is the same on all
      if (!scene || !data.bars && !isCompared()) writeNumbers(layer, Boolean(scene));  // else the bars have them
    } else {
      writeEquation(fragment, moment.equation.map((part, k) => {
        if (typeof part === "string") return signOf(part);
        const [caption, text, meaning] = part, isResult = k === moment.equation.length - 1;
        const isHere = (isResult || meaning === "local") && isAsked();  // still to be found
        const isShort = isHere || isOpen() || data.plain && meaning !== "forward" && !caption.startsWith("upstream");
        return [isShort ? caption.replace("spoiled ", "").split(" ")[0] : caption, isHere ? "?" : text, meaning];
      }));
      const [told, written] = isConcealed() || isOpen() ? [""] : moment.after.split(/(?=Written out)/);
      const after = make("span", { class: "after" }, fragment, predict.checked ? `${told} ${verdict || hint()}`.trim() : told);
      if (written && !data.plain) make("span", { class: "written" }, after, written.replace(/\([^()]*\)/g, (inside) => inside.replaceAll(" ", "\u00a0")));
      if (data.wrong && tells() && moment.edge !== null && data.edges[moment.edge].spoiled) after.classList.add("wrong");
    }
    say.replaceChildren(fragment);
  }

  // Of each class a bar of p beside one of y, so that a guess can be reasoned, and once it has come the gradient of x.
  const isCompared = () => Boolean(data.shares) && isByLayer() && memory.step === last();
  function writeShares(parent) {
    const all = make("span", { class: "shares" }, parent), named = (name) => data.nodes.find((node) => node.name === name);
    const steepest = Math.max(...["x₁", "x₂", "x₃"].map((name) => Math.abs(readNumber(gradient(data.nodes.indexOf(named(name))) || "0")))) || 1;
    for (const k of ["₁", "₂", "₃"]) {
      const of = make("span", { class: "class" }, all), x = data.nodes.indexOf(named(`x${k}`)), back = gradient(x);
      const bars = [["p", `p${k}`, named(`p${k}`).value], ["y", `y${k}`, named(`y${k}`).value]];
      if (back) bars.push(["gap", named(`x${k}`).derivative, back]);
      for (const [kind, name, size] of bars) {
        make("span", { class: "share-name" }, of, `${name} `);
        const bar = make("i", { class: `share ${kind}` }, make("span", { class: "room" }, of));
        bar.style.width = `${kind === "gap" ? 50 * Math.abs(readNumber(size)) / steepest : 100 * Math.min(Math.abs(readNumber(size)), 1)}%`;
        if (kind === "gap") bar.parentElement.classList.add(readNumber(size) < 0 ? "below" : "above");
        make("span", { class: `share-size ${kind}` }, of, `${size} `);
      }
    }
  }

  // At the end of its scenes a graph may have a table of what has come out.
  const isFinale = () => isByLayer() && memory.step === last() && !isConcealed() && data.finale.length > 0 && tells();
  function writeFinale(parent) {
    const [head, ...rows] = data.finale, sheetOf = make("table", { class: "finale" }, parent);
    const line = make("tr", {}, sheetOf);
    head.forEach((cell) => make("th", { scope: "col" }, line, cell));
    for (const [name, ...cells] of rows) {
      const line = make("tr", {}, sheetOf);
      make("th", { scope: "row" }, line, name);
      cells.forEach((cell) => make("td", {}, line, cell));
    }
    make("span", { class: "after" }, parent, data.scenes.at(-1).title);
  }

  // The card that a nudge moves: the chosen one, or at the end the one that was reached last.
  const nudgeable = () => memory.selected ?? (memory.step === last() && !isConcealed() && !isFinale() && !isCompared() ? current().node : null);

  function tellAbout(text) {
    about.textContent = text ?? (memory.selected !== null ? aboutNode(memory.selected) : judged() || data.rest);  // empty: the step's sentence shows
    const node = data.nodes[nudgeable()];
    nudges.hidden = data.pick || !node || !node.nudges["+0.01"];
    if (node) for (const button of nudges.children) button.textContent = `${node.name} ${button.dataset.by.replace(/^-/, "−").replace("0", " 0")}`;
    fold.hidden = !isFinale() || memory.selected !== null;
    if (!nudge || text !== undefined) return;
    about.textContent = "";
    if (nudge.equation) writeEquation(about, nudge.equation);
    make("span", { class: "after" }, about, nudge.words);
  }

  function tryNudge(amount) {
    const k = nudgeable(), node = data.nodes[k], { values, equation, after } = node.nudges[amount];
    memory.selected = k;
    if (memory.step < startAt - 1) nudge = { words: `Go on as far as the loss first: then ${node.name} can be nudged.` };
    else if (isConcealed()) nudge = { words: "Guess the hidden number first, or reveal it." };
    else if (!equation.length) nudge = { words: after };
    else {
      const isKnown = gradient(k) !== "";
      nudge = { values, hops: hopsFrom(k), equation: isKnown ? equation : equation.slice(0, 1), words: `${after} ${isKnown
        ? `The orange gradients are those before the nudge, at ${node.name} = ${node.value}.` : `What will ${node.derivative} say to that?`}` };
    }
    draw();
  }

  // How many arrows lie between a node and each that follows from it, by the longest way.
  function hopsFrom(start) {
    const hops = data.nodes.map((_, k) => k === start ? 0 : -1);
    for (const { source, target } of data.edges.toSorted((a, b) => a.target - b.target)) {
      if (hops[source] >= 0) hops[target] = Math.max(hops[target], hops[source] + 1);
    }
    return hops;
  }

  function fillTable() {
    if (!table.open) return;
    const rows = [["edge, forward", "value", "upstream gradient", "local derivative", "message back", ...data.wrong && tells() ? ["true message"] : []]];
    data.edges.forEach((edge, e) => {
      const sent = message(e), seen = sent && memory.step >= startAt;
      const local = edge.formula === edge.local || data.plain ? edge.local : `${edge.formula} = ${edge.local}`;
      rows.push([edge.name, value(edge.source), seen ? edge.upstream : "", seen ? sent === "?" ? "?" : local : "",
        edge.sends ? `${edge.spoiled && tells() && seen ? "✖ " : ""}${sent}` : "none",
        ...data.wrong && tells() ? [seen && sent !== "?" ? edge.right : ""] : []]);
    });
    const sheetOf = make("table", {});
    rows.forEach((cells, k) => {
      const row = make("tr", { class: k && cells[4].startsWith("✖") ? "wrong" : "" }, sheetOf);
      cells.forEach((cell, c) => make(k && c ? "td" : "th", k ? c ? {} : { scope: "row" } : { scope: "col" }, row, cell));
    });
    table.querySelector(".scroll").replaceChildren(sheetOf);
  }

  // The drawing

  function drawEdge(svg, edge, e) {
    const sent = message(e), moment = data.pick ? undefined
      : stepMoments().find(({ phase, edge: along, node }) => phase === "backward" ? along === e : edge.target === node), isNow = Boolean(moment);
    const looks = [...data.shares && !memory.step ? ["aside"] : [], sent ? "sent" : value(edge.source) && isThere(madeAt[edge.target]) ? "done" : "idle"];
    const isTold = sent && sent !== "?" && tells();
    if (isNow) looks.push(moment.phase === "backward" ? "now-backward" : "now-forward");
    if (sent && sent !== "?" && edge.zero) looks.push("zero");
    if (isTold && edge.spoiled) looks.push("spoiled");
    if (isTold && edge.planted) looks.push("planted");
    const isMoved = nudge?.values?.[edge.source] && nudge.values[edge.target];
    if (isMoved) looks.push("rippled");
    const group = makePart(svg, "edge", edge.name, aboutEdge(e), looks.join(" "));
    if (isMoved) group.style.setProperty("--hop", nudge.hops[edge.target] - 0.5);
    make("path", { class: "reach", d: edge.path }, group);
    const path = make("path", { class: "line", d: edge.path }, group);
    const width = sent && sent !== "?" ? edge.thickness : isNow ? 3 : 1.5;
    path.style.strokeWidth = `${width}px`;
    const length = path.getTotalLength(), back = sent || (isNow && moment.phase === "backward");
    const tip = path.getPointAtLength(back ? 0 : length), size = 4 + width / 2;
    const tail = path.getPointAtLength(back ? Math.min(2 * size, length) : Math.max(length - 2 * size, 0));
    const dx = (tip.x - tail.x) / 2, dy = (tip.y - tail.y) / 2;
    make("path", { class: "arrow", d: `M ${tip.x} ${tip.y} L ${tail.x - dy} ${tail.y + dx} L ${tail.x + dy} ${tail.y - dx} Z` }, group);
    return group;
  }

  function labelEdge(group, edge, e) {
    const sent = message(e);
    if (!sent || frame && sent === "?") return;  // the number that travels comes by here
    const lines = [];
    const isWrong = edge.spoiled && tells() && sent !== "?";
    if (edge.shows_symbols && !data.plain && !isWrong && (tells() || !data.wrong) && sent !== "?") lines.push([edge.symbols, ""]);
    if (edge.shows) lines.push([sent, isWrong ? "struck" : ""]);
    if (edge.shows && isWrong && edge.shows_right) lines.push([edge.right, "true"]);
    const isLevel = edge.anchor === "middle";
    lines.forEach(([text, looks], k) => {
      const y = isLevel ? edge.y + k * (data.line_height + 12) : edge.y + (k - (lines.length - 1) / 2) * data.line_height;
      make("text", { class: `number backward ${edge.anchor} ${looks}`, x: edge.x, y: y + 5 }, group, text);
    });
    if (isWrong && edge.planted) {
      if (edge.shows) {  // behind its number, where no other cross comes near
        const half = 3.5 * sent.length, way = { start: 2 * half + 10, middle: half + 10, end: -2 * half - 10 }[edge.anchor];
        make("text", { class: "cross", x: edge.x + way, y: Number(group.querySelector(".struck").getAttribute("y")) + 1 }, group, "✖");
      } else {
        const path = group.querySelector(".line"), place = path.getPointAtLength(path.getTotalLength() * 0.82);
        make("text", { class: "cross", x: place.x, y: place.y + 7 }, group, "✖");
      }
    }
  }

  // What several cards are together.
  function drawFrame(svg, [x, y, width, height, name]) {
    make("rect", { class: "frame", x, y, width, height, rx: 12 }, svg);
    make("text", { class: "frame-name start", x: x + 10, y: y + 19 }, svg, name);
  }

  // σ with the reader's z on it, and the gap between f and y; once its slope is used, the tangent there.
  function drawCurve(svg, [x, y, width, height]) {
    const [z, f, label] = ["z", "f", "y"].map((name) => data.nodes.findIndex((node) => node.name === name));
    const far = 10, at = (u, v) => [x + (u + far) / (2 * far) * width, y + (1 - v) * height];  // as far as z can be set
    const sigmoid = (u) => 1 / (1 + Math.exp(-u)), clip = (u) => Math.min(Math.max(u, -far), far);
    const line = (...points) => `M ${points.map((point) => at(...point).map((number) => number.toFixed(1))).join(" L ")}`;
    const u = clip(readNumber(data.nodes[z].value)), [cx, cy] = at(u, sigmoid(u)), goal = readNumber(data.nodes[label].value), [, level] = at(u, goal);
    make("rect", { class: "between", x: cx - 6, width: 12, y: Math.min(cy, level), height: Math.abs(cy - level) }, svg);
    make("path", { class: "axis", d: `${line([-far, 0], [far, 0])} ${line([0, 0], [0, 1])}` }, svg);
    make("path", { class: "goal", d: line([-far, goal], [far, goal]) }, svg);
    make("path", { class: "sigmoid", d: line(...Array.from({ length: 101 }, (_, k) => (k / 50 - 1) * far).map((u) => [u, sigmoid(u)])) }, svg);
    const write = (text, anchor, u, v, right, down) => {
      const [tx, ty] = at(u, v);
      return make("text", { class: `small ${anchor}`, x: tx + right, y: ty + down }, svg, text);
    };
    write("z", "start", far, 0, 8, 3);
    write("σ(z)", "", 0, 1, 0, -7);
    for (const [u, text] of [[-10, "−10"], [-5, "−5"], [0, "0"], [5, "5"], [10, "10"]]) {
      make("path", { class: "axis", d: line([u, 0], [u, -0.04]) }, svg);
      write(text, "", u, 0, 0, 13);
    }
    const e = data.edges.findIndex(({ source, target }) => source === z && target === f);
    const hasSlope = message(e) && message(e) !== "?";
    const away = u < 0 ? 1 : -1;  // the gap and the tangent may stand on the other side of the axis
    for (const [v, text] of [[0.5, "½"], [1, "1"]]) {
      if (Math.abs(v - goal) < 0.12 || v < 1 && hasSlope && Math.abs(u) < 3.5) continue;  // its line has its own number; the tangent is there
      make("path", { class: "axis", d: line([0, v], [0.25 * away, v]) }, svg);
      write(text, away > 0 ? "start" : "end", 0, v, 5 * away, away > 0 ? 10 : v < 1 ? -2 : 4);
    }
    // at the end of its line away from z, over it or, where the curve runs there, under it
    const ends = u > -1 ? ["start", -far] : ["end", far], isUnder = u <= -1 && goal > 0.7 && goal < 1;
    write(`y = ${data.nodes[label].value}`, ...ends, goal, 0, isUnder ? 12 : -4).classList.add("value");
    // off the curve, and within the plot
    const [side, from, right, down, next] = u < -6 ? ["start", u, 9, -8, -13] : u < -1 ? ["end", u, -9, -5, -13]
      : u < 5 ? ["start", u, 9, 14, 13] : ["end", far, -5, 15, 13];
    write(`f = ${data.nodes[f].value}`, side, from, sigmoid(u), right, down).classList.add("value");
    const apart = readNumber(data.nodes[f].value) - goal;
    // with cross-entropy it is the gradient of z, which the reader is still to find in letters
    if (Math.abs(apart) > 0.05 && !(data.plain && memory.step >= startAt)) write(`${u < -2 && u >= -6 ? "" : "off by "}f − y = ${number(apart)}`, side, from, sigmoid(u), right, down + next);
    if (hasSlope) {
      const slope = sigmoid(u) * (1 - sigmoid(u)), half = 34 / Math.hypot(slope * height, width / (2 * far));
      make("path", { class: "slope", d: line(...[u - half, u + half].map(clip).map((at) => [at, sigmoid(u) + (at - u) * slope])) }, svg);
      write(`${u < -4 ? "" : "slope "}σ′(z) = ${data.edges[e].local}`, side, from, sigmoid(u), right, down + 2 * next).classList.add("slope-name");
    }
    make("circle", { class: "here", cx, cy, r: 4 }, svg);
  }

  // Of each class p, y and the gradient of x, which is p − y where the labels sum to 1, side by side.
  function drawBars(svg, [left, top, width, height]) {
    const named = (name) => data.nodes.findIndex((node) => node.name === name);
    const classes = ["₁", "₂", "₃"], xs = classes.map((k) => named(`x${k}`)), ys = classes.map((k) => named(`y${k}`));
    const exps = xs.map((k) => Math.exp(readNumber(data.nodes[k].value))), S = exps.reduce((a, b) => a + b);
    const y = ys.map((k) => readNumber(data.nodes[k].value)), total = y.reduce((a, b) => a + b), isOne = Math.abs(total - 1) < 1e-9;
    const high = Math.max(1, total), text = 20, unit = (height - 2 * text) / (high + 1), zero = top + text + high * unit;
    const pitch = (width / 3 - 10) / 3, isMade = value(named("L"));
    const said = [], group = make("g", { class: "bars", role: "img" }, svg), behind = make("g", {}, group);
    make("path", { class: "axis", d: `M ${left} ${zero} H ${left + width}` }, behind);
    classes.forEach((k, c) => {
      const bars = [["p", `p${k}`, exps[c] / S, isMade], ["y", `y${k}`, y[c], true],
        ["gap", isOne ? `p${k} − y${k}` : `∂L/∂x${k}`, readNumber(gradient(xs[c])), gradient(xs[c])]];
      bars.forEach(([kind, name, size, isKnown], b) => {
        const at = left + c * width / 3 + b * pitch, middle = at + pitch / 2, long = Math.abs(size * unit), isUp = !(size < 0);
        make("text", { class: "bar-name", x: middle, y: isUp ? zero + 16 : zero - 6 }, group, name);
        if (!isKnown) return;
        make("rect", { class: `bar ${kind}`, x: at + 4, y: isUp ? zero - long : zero, width: pitch - 8, height: long }, behind);
        make("text", { class: `bar-size ${kind}`, x: middle, y: isUp ? zero - long - 6 : zero + long + 16 }, group, number(size));
        said.push(`${name} = ${number(size)}`);
      });
    });
    group.setAttribute("aria-label", `Bars: ${said.join(", ")}`);
  }

  function drawNode(svg, node, k) {
    const moment = current(), known = value(k), back = gradient(k), isBackward = memory.step >= startAt;
    const reached = data.pick ? undefined : stepMoments().find(({ node }) => node === k);
    const isAside = data.shares && !memory.step && !/^[xpy][₁₂₃]$/.test(node.name);  // what the guess does not need
    const looks = [...isAside ? ["aside"] : [], node.given ? "given" : back ? "complete" : isBackward && come(k) ? "waiting" : known ? "valued" : "blank"];
    if (reached) looks.push(reached.phase === "backward" ? "now-backward" : "now-forward");
    if (memory.selected === k) looks.push("selected");
    const isWrong = back && node.right && tells();
    if (isWrong) looks.push("spoiled");
    const moved = nudge?.values?.[k];
    if (moved) looks.push("rippled");
    const group = makePart(svg, "node", node.name, aboutNode(k), looks.join(" "));
    const height = node.height + (isWrong ? 4 : 0), top = node.y - height / 2, leading = isWrong ? 15 : 20;
    make("rect", { class: "card", x: node.x - node.width / 2, y: top, width: node.width, height, rx: 7 }, group);
    const write = (text, row, kind) => make("text", { class: kind, x: node.x, y: top + (isWrong ? 15.5 : 18) + row * leading }, group, text);
    if (node.given) { make("text", { class: "value", x: node.x, y: node.y + 5 }, group, node.given); return group; }
    if (moved) group.style.setProperty("--hop", nudge.hops[k]);
    write(node.name, 0, "name");
    if (moved && !isStill()) write(known, 1, "before");
    const still = known === "?" && frame ? "" : known;  // the number that travels is seen on its way
    write(moved || still, 1, `value ${moved ? "moved" : ""}`);
    const isComing = isBackward && moment.node === k && isConcealed();
    if (isBackward) {
      write(back || (node.waits > 1 ? `${come(k)} of ${node.waits} in` : isComing && frame ? "" : "?"), 2,
        `gradient ${isWrong ? "struck" : ""} ${isComing ? "coming" : ""}`);
    }
    if (isWrong) write(node.right, 3, "gradient true");
    return group;
  }

  function draw() {
    const moment = current();
    about.textContent = "";  // what it hides is read below
    const svg = sheet({ ...data, description: `${data.title}. ${say.innerText}` }, "group", data.minimum, data.maximum);
    if (data.frame) drawFrame(svg, data.frame);
    if (data.curve) drawCurve(svg, data.curve);
    if (data.bars) drawBars(svg, data.bars);
    const edges = data.edges.map((edge, e) => drawEdge(svg, edge, e));
    data.edges.forEach((edge, e) => labelEdge(edges[e], edge, e));
    const nodes = data.nodes.map((node, k) => drawNode(svg, node, k));
    const parts = [...nodes, ...edges];
    const reach = (part) => parts.forEach((other) => other.setAttribute("tabindex", other === part ? 0 : -1));
    parts.forEach((part, index) => {
      const tell = () => {
        if (timer) return;  // while it plays, the steps are told
        tellAbout(memory.judged?.[0] === index - nodes.length && judged() || part.getAttribute("aria-label"));
      };
      const point = () => { if (!timer && part !== pointed && hasMoved) { pointed = part; tell(); } };
      part.addEventListener("pointerenter", point);
      part.addEventListener("pointermove", point);
      part.addEventListener("pointerleave", () => { if (part === pointed) { pointed = null; tellAbout(); } });
      part.addEventListener("focus", () => { reach(part); if (index >= nodes.length) tell(); });
      const use = () => {
        if (index < nodes.length && !data.pick) {
          memory.selected = memory.selected === index ? null : index;
          nudge = null;
          draw();
        }
        else if (index >= nodes.length && data.answers && (data.pick || isKnown(index - nodes.length))) {
          memory.judged = [index - nodes.length, memory.step];
          send("picked", [data.edges[index - nodes.length].name, Date.now()]);
        }
      };
      part.addEventListener("click", () => { part.focus({ preventScroll: true }); use(); });
      part.addEventListener("keydown", (event) => {
        if (event.key === "Enter") { event.preventDefault(); use(); }
        const to = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        parts[(index + to + parts.length) % parts.length].focus();
      });
    });
    const focused = replaceKeepingFocus(box, [svg], parts);
    reach(focused || parts[0]);
    sayStep();
    svg.setAttribute("aria-label", `${data.title}. ${say.innerText.replace(/\s+/g, " ")}`);
    tellAbout();
    fillTable();
    drawBar();
    // of a story, the numbers of the scene that is told stand out
    root.classList.toggle("told", data.scenes.length > 0 && isByLayer() && memory.step > 0 && !data.wrong && memory.selected === null);
    root.classList.toggle("nudged", Boolean(nudge?.values));
    root.classList.toggle("returning", memory.step >= startAt);
    root.classList.toggle("cut", isCut());
    if (data.invites || data.wrong || memory.step) {
      if (memory.isBegun === false && !memory.step) memory.isCalled = true;  // what was waited for has been done: Play is next
      memory.isBegun = true;
    }
    root.classList.toggle("waiting", !memory.isBegun);
    root.classList.toggle("called", Boolean(memory.isCalled) && !memory.step && !timer);
    root.classList.toggle("brief", Boolean(data.into) && !data.scenes.length);  // its sentences are short
    picture()?.toggleAttribute("data-begun", memory.isBegun);  // see strip.css
    // frame.css then shows what a page says to a reader who has seen all gradients, in place of its question
    picture()?.toggleAttribute("data-seen", memory.step === last() && !isConcealed());
    if (moment) follow(svg, moment);
  }

  // A node opens into several, or several fold into one: `data.into` names that one. The cards go where they belong.

  function places() {
    const svg = box.firstChild, scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return new Map([...svg.querySelectorAll(".node")].map((part) => {
      const { x, y, width, height } = part.querySelector(".card").getBoundingClientRect();
      return [part.dataset.node, { part, scale, x: x + width / 2, y: y + height / 2 }];
    }));
  }

  function glide(before) {
    const after = places(), svg = box.firstChild, timing = { duration: 450, easing: "ease-in-out", fill: "backwards" };
    const from = (start, end, opacity) => ({ opacity, transform: `translate(${(start.x - end.x) / end.scale}px, ${
      (start.y - end.y) / end.scale}px) scale(${start.scale / end.scale})` });
    for (const [name, place] of after) {
      const start = before.get(name) ?? before.get(data.into);
      if (start) place.part.animate([from(start, place, before.has(name) ? 1 : 0), { opacity: 1, transform: "none" }], timing);
    }
    for (const edge of svg.querySelectorAll(".edge")) edge.animate([{ opacity: 0 }, { opacity: 1 }], { ...timing, delay: 300 });
    const home = after.get(data.into);
    for (const [name, start] of before) {
      if (after.has(name) || !home) continue;
      const ghost = svg.appendChild(start.part), now = ghost.querySelector(".card").getBoundingClientRect();
      ghost.removeAttribute("tabindex");
      const drawn = { x: now.x + now.width / 2, y: now.y + now.height / 2, scale: home.scale };
      ghost.animate([from(start, drawn, 1), { ...from(home, drawn, 0), opacity: 0 }], timing).onfinish = () => ghost.remove();
    }
  }

  // The same where the many cards are not on the screen: the one comes out of their size, and then all that it sends.
  function collapse() {
    const timing = { duration: 900, delay: 500, easing: "ease-in-out", fill: "backwards" };
    for (const part of box.querySelectorAll(".node, .edge, .bars")) {
      const isOne = part.dataset.node === data.into, [start, end] = isOne ? ["scale(5)", "none"] : ["none", "none"];
      part.animate([{ opacity: 0, transform: start }, { opacity: 1, transform: end }], isOne ? timing : { ...timing, delay: 1200 });
    }
  }

  function drawBar() {
    const { step } = memory;
    line.max = countedLast();
    line.value = counted(step);
    line.setAttribute("aria-valuetext", count.textContent);
    const set = (button, isOff) => button.setAttribute("aria-disabled", isOff);
    set(buttons.start, step === 0);
    set(buttons.back, step === 0);
    set(buttons.next, step === last() || isAsked());
    set(buttons.end, step === last() || isAsked());
    buttons.next.title = isAsked() ? FIRST : "One step on (→)";
    set(buttons.play, predict.checked);
    buttons.play.classList.toggle("primary", data.invites && step < last());
    buttons.play.textContent = timer ? "Pause" : "Play";
    by.disabled = predict.checked;
    by.lastElementChild.textContent = data.scenes.length ? "scene" : "layer";
    buttons.play.title = predict.checked ? "Play is off while you predict." : "Play or pause (space)";
    root.classList.toggle("predicting", predict.checked);
    guess.inert = !isAsked();
    if (!isAsked()) return;
    const { name } = data.nodes[current().node], field = guess.querySelector("input");
    find(".asks").textContent = `Which number arrives at ${name}?`;
    field.placeholder = "number";
  }

  // Where the drawing is larger than its box, the box follows the step; the page never moves
  const isCut = () => box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
  function follow(svg, moment) {
    if (!isCut()) return;
    const node = data.nodes[moment.node], other = moment.edge === null ? node : data.nodes[data.edges[moment.edge].target];
    const scale = svg.getBoundingClientRect().width / data.width;
    box.scrollLeft = (node.x + other.x) / 2 * scale - box.clientWidth / 2;
    box.scrollTop = (node.y + other.y) / 2 * scale - box.clientHeight / 2;
  }

  // Hands

  const act = (name) => {
    if (buttons[name].getAttribute("aria-disabled") !== "true") actions[name]();
    else if (name === "next" && isAsked()) { verdict = FIRST; sayStep(); }
  };
  for (const [name, button] of Object.entries(buttons)) {
    button.addEventListener("click", ({ detail }) => {
      if (name === "play" && detail > 1) return;  // the second press of a double click on Play meets Pause
      act(name);
    });
  }
  root.addEventListener("keydown", (event) => {
    const action = KEYS[event.key], { tagName, type } = event.composedPath()[0];
    if (!action || data.pick || event.ctrlKey || event.altKey || event.metaKey) return;
    if (tagName === "SELECT" || (tagName === "INPUT" && type !== "range")) return;
    if (tagName === "SUMMARY" || tagName === "BUTTON" && event.key === " ") return;
    event.preventDefault();
    act(action);
  });
  line.addEventListener("input", () => { pause(); go(stepAt(Number(line.value))); });
  predict.addEventListener("change", () => {
    pause();
    verdict = "";
    by.value = predict.checked ? "edge" : memory.by;
    memory.revealed = memory.step;  // what has been seen is not asked
    if (predict.checked && memory.step < last()) verdict = ASKING;
    memory.step = wholly(memory.step);
    tellAddress();
    draw();
  });
  by.addEventListener("change", () => { pause(); memory.by = by.value; memory.step = wholly(memory.step); tellAddress(); draw(); });
  guess.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = guess.querySelector("input"), guesses = meanings(field.value);
    if (!isAsked()) return;
    if (!guesses.length) { verdict = "Type a number, such as −0.25."; sayStep(); return; }
    const { answer, edge, node } = current(), { name, value: known } = data.nodes[node];
    const { upstream, local, message: carried, planted } = data.edges[edge];
    if (!guesses.some((number) => isRight(number, answer))) {
      const others = [[known, `That is the value of ${name}, not what comes back to it.`]];
      if (planted) others.unshift([carried, "That is what the graph sends, but it is not upstream × local."]);
      const why = whatIsWrong(guesses, answer, readNumber(upstream), readNumber(local), others.map(([text, words]) => [readNumber(text), words]));
      verdict = `✖ Not ${field.value.trim()}. ${why}`;
      sayStep();
      return;
    }
    verdict = planted && !tells() ? `✓ That is upstream × local, but the graph sends ${carried}: you have found the mistake.`
      : memory.step === last() ? "✓ Right. That was the last one; Start asks from the beginning." : "✓ Right. Go on with Next.";
    field.value = "";
    memory.revealed = memory.step;
    draw();
  });
  guess.querySelector(".reveal").addEventListener("click", () => {
    verdict = "";
    memory.revealed = memory.step;
    draw();
    buttons.next.focus({ preventScroll: true });
  });
  nudges.addEventListener("click", (event) => { if (event.target.dataset.by) tryNudge(event.target.dataset.by); });
  fold.addEventListener("click", () => {
    buttons.start.focus({ preventScroll: true });  // this one goes
    send("folded", Date.now());
  });
  table.addEventListener("toggle", fillTable);
  const sizes = new ResizeObserver(() => {
    root.classList.toggle("cut", isCut());
    const around = picture();  // strip.css places the formulas by it
    if (around) around.style.setProperty("--below", `${around.getBoundingClientRect().bottom - box.getBoundingClientRect().bottom}px`);
  });
  [box, find(".foot")].forEach((part) => sizes.observe(part));
  narrow.addEventListener("change", () => {
    if (!data || !root.isConnected) return;
    data = placed(asSent);
    draw();
  });

  return function show(fresh, isAhead) {
    const known = memories.get(fresh.player);
    const signature = fresh.edges.map(({ name }) => name).join();
    memory = known ?? { step: 0, revealed: 0, selected: null, signature, times: 0, by: fresh.by, isBegun: false };
    memories.set(fresh.player, memory);
    if (!data) by.value = memory.by;
    let before;  // where the cards stood, if they now stand elsewhere
    const wasWhole = data && memory.step === data.moments.length;
    asSent = fresh;
    if (picture()) sizes.observe(picture());
    asSent.rest = fresh.pick ? "Point at the edge that sends a wrong message, or reach it with Tab, ↑ and ↓ and press Enter." : "";
    data = placed(asSent);
    learn();
    if (memory.signature !== signature) {
      pause();
      if (!isStill() && data.into && box.firstChild) before = places();
      Object.assign(memory, { signature, step: wasWhole ? last() : 0, selected: null });
    }
    const isSame = memory.times === data.times;  // no experiment has asked for a step
    if (!isSame) {
      pause();
      predict.checked = false;
      by.value = memory.by;
      Object.assign(memory, { times: data.times, step: data.asked < 0 ? last() : data.asked, selected: null });
    }
    const planted = data.edges.flatMap(({ planted }, e) => planted ? [e] : []).join();
    if (planted && tells() && known && memory.planted !== planted && isSame && !isAhead) {
      pause();
      memory.step = Math.min(...planted.split(",").map((e) => sentAt[e]));
    }
    if (!isAhead) memory.planted = planted;  // a thumb on its way may pass a value where the mistake does not show
    if (data.pick) memory.step = last();
    memory.step = wholly(Math.min(memory.step, last()));
    tellAddress();
    root.classList.toggle("picking", data.pick);
    root.classList.toggle("wrong", data.wrong && tells());
    if (memory.begun < data.begun) bringIntoView(root.getRootNode().host.closest(".st-key-stage"));
    memory.begun = data.begun;
    root.classList.toggle("zero", data.edges.some(({ sends, zero }) => sends && zero));
    cancelAnimationFrame(frame);
    frame = 0;
    nudge = null;
    const isFolded = data.bars && !box.firstChild && known && known.last !== signature && !isStill();
    memory.last = signature;
    draw();
    if (before) glide(before);
    else if (isFolded) collapse();
  };
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".player");
  if (!players.has(root)) players.set(root, newPlayer(root, setTriggerValue));
  drawAtThumb(root, data, players.get(root));
}
