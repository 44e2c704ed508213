export default function ({ parentElement, data, setTriggerValue }) {
  const table = make("table", { "aria-label": data.title });
  const head = make("tr", {}, make("thead", {}, table));
  make("td", {}, head);
  data.columns.forEach((name) => make("th", { scope: "col" }, head, name));
  const body = make("tbody", {}, table);
  const buttons = data.cells.flatMap((row, i) => {
    const line = make("tr", {}, body);
    make("th", { scope: "row" }, line, data.rows[i]);
    return row.map((cell, k) => {
      const button = make("button", { type: "button", "aria-label": cell.about, "aria-pressed": cell.chosen,
        "data-cell": `${i},${k}`, class: cell.wrong ? "wrong" : "", style: `--share: ${cell.share}%` },
      make("td", {}, line));
      cell.lines.forEach((text) => make("span", {}, button, text));
      button.addEventListener("click", () => setTriggerValue("pick", [i, k]));
      return button;
    });
  });
  replaceKeepingFocus(parentElement.querySelector(".scroll"), [table], buttons);
}
