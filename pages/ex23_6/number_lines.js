export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".lines");
  const left = 74, right = 16, gap = 66, top = 28, between = 24;
  const draw = () => {
    const width = Math.max(280, box.clientWidth);
    const svg = make("svg", { role: "img", "aria-label": data.about });
    const add = (tag, attributes, text) => make(tag, attributes, svg, text);
    let y = top;
    data.groups.forEach((group) => {
      const kind = group.meaning;
      const at = (value) => left + (value + group.reach) / (2 * group.reach) * (width - left - right);
      const rows = group.lines.map((_, k) => y + gap * k);
      const last = rows[rows.length - 1];
      group.lines.forEach((line, k) => {
        if (line.band) add("rect", { class: `band ${kind}`, x: at(line.band[0]), y: rows[k] - 13,
          width: at(line.band[1]) - at(line.band[0]), height: 26 });
        if (k) line.values.forEach((value, j) => add("line", { class: `join ${kind}`,
          x1: at(group.lines[k - 1].values[j]), y1: rows[k - 1], x2: at(value), y2: rows[k] }));
      });
      group.lines.forEach((line, k) => {
        add("line", { class: "axis", x1: left, y1: rows[k], x2: width - right, y2: rows[k] });
        group.ticks.forEach((tick) => add("line", { class: "axis",
          x1: at(tick), y1: rows[k] - 3, x2: at(tick), y2: rows[k] + 3 }));
        line.name.split("\n").forEach((words, i, all) => add("text",
          { class: "name", x: 2, y: rows[k] + 5 + 16 * (i - (all.length - 1) / 2) }, words));
        if (line.mark !== null) add("line", { class: "mark",
          x1: at(line.mark), y1: rows[k] - 13, x2: at(line.mark), y2: rows[k] + 13 });
        const samples = line.values.map((value, j) => [at(value), j + 1]).sort((a, b) => a[0] - b[0]);
        const labels = [];  // samples too near each other to be told apart share one label
        samples.forEach(([x, j]) => {
          add("circle", { class: `dot ${kind} ${line.hollow ? "hollow" : ""}`, cx: x, cy: rows[k], r: 5 });
          const label = labels[labels.length - 1];
          if (label && x - label.until < 11) { label.samples.push(j); label.until = x; }
          else labels.push({ from: x, until: x, samples: [j] });
        });
        labels.forEach((label) => add("text", { class: "sample", x: (label.from + label.until) / 2,
          y: rows[k] - 9 }, label.samples.join(" ")));
        if (line.mark_name) add("text", { x: at(line.mark), y: rows[k] + 27 }, line.mark_name);
      });
      group.ticks.forEach((tick) => add("text", { class: "tick", x: at(tick), y: last + 25 },
        String(tick).replace("-", "\u2212")));
      y = last + gap + between;
    });
    const height = y - gap - between + 32;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    box.replaceChildren(svg);
  };
  draw();
  const watcher = new ResizeObserver(draw);
  watcher.observe(box);
  return () => watcher.disconnect();
}
