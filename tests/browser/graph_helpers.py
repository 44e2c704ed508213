"""What the browser tests of the graph pages share."""

import math

from playwright.sync_api import Locator

from tests.browser.reader import Reader


def edge(reader: Reader, name: str) -> Locator:
    """An edge of the drawing."""
    return reader.page.locator(f'[data-edge="{name}"]')


def message(reader: Reader, name: str) -> Locator:
    """The number that an edge carries backward."""
    return edge(reader, name).locator("text.backward").last


def hidden_numbers(reader: Reader) -> list[str]:
    """Numbers and captions that another one, a line or a circle runs through, or the drawing's edge cuts off."""
    page = reader.page
    texts = page.locator("text.number, text.caption").evaluate_all(
        """texts => texts.filter(text => text.textContent).map(text => {
          const { x, y, width, height } = text.getBBox();
          return [text.textContent, x, x + width, y + 0.2 * height, y + 0.8 * height];  // the ink, without leading
        })"""
    )
    lines = page.locator(".edge .line").evaluate_all("lines => lines.map(line => line.getAttribute('d'))")
    circles = page.locator(".node circle").evaluate_all(
        "circles => circles.map(c => [c.cx.baseVal.value, c.cy.baseVal.value, c.r.baseVal.value])"
    )
    width, height = page.locator("svg:has(.edge)").evaluate(
        "svg => [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height]"
    )
    assert texts
    assert lines
    assert circles
    points = [
        (x1 + t / 300 * (x2 - x1), y1 + t / 300 * (y2 - y1))
        for x1, y1, x2, y2 in (
            (float(word) for word in line.replace("M", "").split() if word != "L") for line in lines
        )
        for t in range(301)
    ]
    hidden = []
    for k, (says, left, right, top, bottom) in enumerate(texts):
        if left < 0 or right > width or top < 0 or bottom > height:
            hidden.append(f"{says}: the drawing's edge")
        if any(
            left < other[2] and other[1] < right and top < other[4] and other[3] < bottom for other in texts[:k]
        ):
            hidden.append(f"{says}: another number")
        if any(left < x < right and top < y < bottom for x, y in points):
            hidden.append(f"{says}: a line")
        if any(
            math.hypot(min(max(cx, left), right) - cx, min(max(cy, top), bottom) - cy) < r for cx, cy, r in circles
        ):
            hidden.append(f"{says}: a circle")
    return hidden
