"""The controls of a page: every one keeps its value in the session, in the address and across page switches."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

T = TypeVar("T")
Number = TypeVar("Number", int, float)


class Controls:
    """The controls of one page or of a part of it, each under its own name.

    Parameters
    ----------
    page : such as "ex23_3": a control named "rate" has the key "ex23_3_rate", in the session and in the address

    Every method draws one control and returns its value. `others` are `place`, where to draw it, and
    what goes to Streamlit's widget as it is: help, width, on_change, args, disabled, label_visibility …
    """

    def __init__(self, page: str) -> None:
        self.page = page

    def key(self, name: str) -> str:
        """The widget key of one control."""
        return f"{self.page}_{name}"

    def keyed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values by name as values by key, for an experiment or a preset that sets them."""
        return {self.key(name): value for name, value in values.items()}

    def _draw(self, widget: str, name: str, *args: Any, place: DeltaGenerator | None = None, **others: Any) -> Any:
        return getattr(place or st, widget)(*args, key=self.key(name), bind="query-params", **others)

    def choice(self, name: str, label: str, options: Sequence[T], default: T | None = None, **others: Any) -> T:
        """One of a few options, side by side; the first unless `default` says otherwise."""
        default = options[0] if default is None else default
        value: T = self._draw("segmented_control", name, label, options, default=default, required=True, **others)
        return value

    def pills(self, name: str, label: str, options: Sequence[T], default: T | None = None, **others: Any) -> T:
        """As `choice`, each option apart from the others."""
        default = options[0] if default is None else default
        value: T = self._draw("pills", name, label, options, default=default, required=True, **others)
        return value

    def perhaps(
        self, name: str, label: str, options: Sequence[T], joined: bool = False, **others: Any
    ) -> T | None:
        """One of a few options, `joined` as in `choice` or apart; None as long as none is chosen, as at first."""
        value: T | None = self._draw("segmented_control" if joined else "pills", name, label, options, **others)
        return value

    def several(
        self, name: str, label: str, options: Sequence[T], defaults: Sequence[T], **others: Any
    ) -> list[T]:
        """Any number of many options with short names, in as many lines as it takes."""
        several: dict[str, Any] = {"selection_mode": "multi", "default": defaults, "wrap": True}
        value: list[T] = self._draw("pills", name, label, options, **several, **others)
        return value

    def radio(self, name: str, label: str, options: Sequence[T], **others: Any) -> T:
        """One of a few options with longer names, one below the other; the first at the beginning."""
        value: T = self._draw("radio", name, label, options, **others)
        return value

    def menu(self, name: str, label: str, options: Sequence[T], default: T | None = None, **others: Any) -> T:
        """One of many options, in a menu that opens."""
        index = 0 if default is None else list(options).index(default)
        value: T = self._draw("selectbox", name, label, options, index=index, **others)
        return value

    def steps(self, name: str, label: str, options: Sequence[T], default: T | None = None, **others: Any) -> T:
        """One of ordered options, on a slider."""
        default = options[0] if default is None else default
        value: T = self._draw("select_slider", name, label, options, default, **others)
        return value

    def slider(
        self, name: str, label: str, low: Number, high: Number, start: Number, step: Number = 1, **others: Any
    ) -> Number:
        """A number from `low` to `high` on a slider, without trailing zeros; whole if all of them are."""
        if isinstance(step, float):
            others = {"format": "%g"} | others
        value: Number = self._draw("slider", name, label, low, high, start, step, **others)
        return value

    def number(
        self, name: str, label: str, low: Number, high: Number, start: Number, step: Number = 1, **others: Any
    ) -> Number:
        """A typed number from `low` to `high`; whole if all of them are. An emptied field counts as `start`."""
        value: Number | None = self._draw("number_input", name, label, low, high, start, step, **others)
        return start if value is None else value

    def guess(self, name: str, label: str, **others: Any) -> float | None:
        """A typed number, or None as long as the field is empty, as it is at the beginning."""
        value: float | None = self._draw("number_input", name, label, value=None, **others)
        return value

    def toggle(self, name: str, label: str, start: bool = False, **others: Any) -> bool:
        """On or off; off at the beginning unless `start` says otherwise."""
        return bool(self._draw("toggle", name, label, start, **others))

    def text(self, name: str, label: str, start: str, **others: Any) -> str:
        """One line of text."""
        return str(self._draw("text_input", name, label, start, **others))

    def lines(self, name: str, label: str, start: str, **others: Any) -> str:
        """Several lines of text."""
        return str(self._draw("text_area", name, label, start, **others))

    def button(
        self,
        name: str,
        label: str,
        on_click: Callable[..., None],
        *args: Any,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> None:
        """A button that calls `on_click` with `args` before the page is drawn again."""
        (place or st).button(label, key=self.key(name), on_click=on_click, args=args, **others)
