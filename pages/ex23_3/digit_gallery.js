const paint = (canvas, text, side) => {
  canvas.width = canvas.height = side;
  const bytes = atob(text), context = canvas.getContext("2d"), image = context.createImageData(side, side);
  for (let k = 0; k < side * side; k++) {
    image.data.fill(bytes.charCodeAt(k), 4 * k, 4 * k + 3);
    image.data[4 * k + 3] = 255;
  }
  context.putImageData(image, 0, 0);
};

export default function ({ parentElement, data, setTriggerValue }) {
  const gallery = parentElement.querySelector(".gallery");
  gallery.setAttribute("aria-label", data.title);
  const tiles = data.tiles.map((digit) => {
    const tile = make("button", { type: "button", class: `tile ${digit.wrong ? "wrong" : ""}`, title: digit.about,
      "aria-label": digit.about, "data-row": digit.row, tabindex: -1 });
    paint(make("canvas", { "aria-hidden": "true" }, tile), digit.pixels, digit.side);
    const answer = make("div", { class: "answer" }, tile, `read ${digit.answer} `);
    make("span", { class: "mark" }, answer, digit.mark);
    digit.below.forEach((line) => make("div", {}, tile, line));
    return tile;
  });
  const reach = (tile) => tiles.forEach((other) => { other.tabIndex = other === tile ? 0 : -1; });
  tiles.forEach((tile, k) => {
    // the time makes two clicks on the same picture differ
    tile.addEventListener("click", () => setTriggerValue("picked", [data.tiles[k].row, Date.now()]));
    tile.addEventListener("focus", () => reach(tile));
    tile.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      tiles[(k + by + tiles.length) % tiles.length].focus();
    });
  });
  const focused = replaceKeepingFocus(gallery, tiles, tiles);
  if (tiles.length) reach(focused || tiles[0]);
}
