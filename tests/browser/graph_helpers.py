"""What the browser tests of the graph pages share."""

from collections.abc import Callable

from playwright.sync_api import Locator

from tests.browser.reader import Reader


def edge(reader: Reader, name: str) -> Locator:
    """An edge of the drawing."""
    return reader.page.locator(f'[data-edge="{name}"]')


def card(reader: Reader, name: str) -> Locator:
    """A node's card in the drawing."""
    return reader.page.locator(f'[data-node="{name}"]')


def gradient(reader: Reader, name: str) -> Locator:
    """The gradient on a node's card."""
    return card(reader, name).locator(".gradient").first


def go_to(reader: Reader, step: int) -> None:
    """Move the player's timeline to a step, or as far as it goes."""
    slider = reader.page.locator("input.line")
    slider.fill(str(min(step, int(slider.get_attribute("max") or "0"))))


def open_settings(reader: Reader) -> None:
    """Open what sets how the player plays."""
    reader.page.locator("summary").get_by_text("How it plays", exact=True).click()


def watch_steps(reader: Reader) -> Callable[[], list[int]]:
    """From now on note every step the player speaks of, each time it changes; call the result to read them."""
    reader.page.locator(".count").evaluate(
        """(count) => {
          window.stepsSeen = [];
          const look = () => {
            const step = Number(count.textContent.match(/Step ([0-9]+) of/)[1]);
            if (window.stepsSeen.at(-1) !== step) window.stepsSeen.push(step);
          };
          look();
          new MutationObserver(look).observe(count, { childList: true, characterData: true, subtree: true });
        }"""
    )
    return lambda: list(reader.page.evaluate("window.stepsSeen"))


def text_sizes(reader: Reader) -> list[float]:
    """Of every text in drawings, in pixels of the screen."""
    sizes: list[float] = reader.page.locator(".drawing text").evaluate_all(
        """texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize)
          * text.ownerSVGElement.getScreenCTM().a)"""
    )
    return sizes


def hidden_numbers(reader: Reader) -> list[str]:
    """Numbers of edges that another one, a line or a card runs into; what is cut, or wider than its card."""
    found: list[str] = reader.page.locator("svg:has(.edge .line)").evaluate_all(
        """svgs => svgs.flatMap(svg => {
          const hidden = [], boxOf = text => {
            const { x, y, width, height } = text.getBBox();
            return { says: text.textContent, x1: x, x2: x + width, y1: y + 0.2 * height, y2: y + 0.8 * height };
          };
          const meet = (a, b) => a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2;
          const numbers = [...svg.querySelectorAll(".edge .number")].map(boxOf);
          const cards = [...svg.querySelectorAll(".node")].map(node => {
            const { x, y, width, height } = node.querySelector(".card").getBBox();
            const card = { x1: x, x2: x + width, y1: y, y2: y + height };
            for (const text of [...node.querySelectorAll("text")].map(boxOf).filter(box => box.says)) {
              if (text.x1 < card.x1 || text.x2 > card.x2) hidden.push(`${text.says}: wider than its card`);
            }
            return card;
          });
          const points = [...svg.querySelectorAll(".edge .line")].flatMap(line => {
            const length = line.getTotalLength();
            return Array.from({ length: Math.ceil(length / 2) }, (_, k) => line.getPointAtLength(2 * k));
          });
          const { width, height } = svg.viewBox.baseVal;
          numbers.forEach((box, k) => {
            if (box.x1 < 0 || box.x2 > width || box.y1 < 0 || box.y2 > height) hidden.push(`${box.says}: cut`);
            if (numbers.slice(0, k).some(other => meet(box, other))) hidden.push(`${box.says}: another number`);
            if (cards.some(card => meet(box, card))) hidden.push(`${box.says}: a card`);
            if (points.some(({ x, y }) => x > box.x1 && x < box.x2 && y > box.y1 && y < box.y2))
              hidden.push(`${box.says}: a line`);
          });
          cards.forEach((card, k) => {
            if (card.x1 < 0 || card.x2 > width || card.y1 < 0 || card.y2 > height) hidden.push("a card: cut");
            if (cards.slice(0, k).some(other => meet(card, other))) hidden.push("a card: another card");
          });
          return hidden;
        })"""
    )
    assert reader.page.locator(".node .card").count()
    return found
