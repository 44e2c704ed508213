"""The controls of a page: every one keeps its value in the session, in the address and across page switches."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast, overload

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

T = TypeVar("T")


class Controls:
    """The controls of one page or of a part of it, each under its own name.

    Parameters
    ----------
    page : such as "ex23_3": a control named "rate" has the key "ex23_3_rate", in the session and in the address

    Every method draws one control where it is called, or in `place`, and returns its value. `others` go to
    Streamlit's widget as they are: help, width, on_change, args, disabled, label_visibility and the like.
    """

    def __init__(self, page: str) -> None:
        self.page = page

    def key(self, name: str) -> str:
        """The widget key of one control."""
        return f"{self.page}_{name}"

    def keyed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values by name as values by key, for an experiment or a preset that sets them."""
        return {self.key(name): value for name, value in values.items()}

    def _bound(self, name: str, others: dict[str, Any]) -> dict[str, Any]:
        return {"key": self.key(name), "bind": "query-params", **others}

    def choice(
        self,
        name: str,
        label: str,
        options: Sequence[T],
        default: T | None = None,
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> T:
        """One of a few options, side by side; the first unless `default` says otherwise."""
        default = options[0] if default is None else default
        bound = self._bound(name, others)
        return cast(T, (place or st).segmented_control(label, options, default=default, required=True, **bound))

    def pills(
        self,
        name: str,
        label: str,
        options: Sequence[T],
        default: T | None = None,
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> T:
        """As `choice`, each option apart from the others."""
        default = options[0] if default is None else default
        bound = self._bound(name, others)
        return cast(T, (place or st).pills(label, options, default=default, required=True, **bound))

    def several(
        self,
        name: str,
        label: str,
        options: Sequence[T],
        defaults: Sequence[T],
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> list[T]:
        """Any number of many options with short names, in as many lines as it takes."""
        bound = self._bound(name, others)
        return (place or st).pills(label, options, selection_mode="multi", default=defaults, wrap=True, **bound)

    def radio(
        self,
        name: str,
        label: str,
        options: Sequence[T],
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> T:
        """One of a few options with longer names, one below the other; the first at the beginning."""
        return cast(T, (place or st).radio(label, options, **self._bound(name, others)))

    def menu(
        self,
        name: str,
        label: str,
        options: Sequence[T],
        default: T | None = None,
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> T:
        """One of many options, in a menu that opens."""
        index = 0 if default is None else list(options).index(default)
        return cast(T, (place or st).selectbox(label, options, index=index, **self._bound(name, others)))

    def steps(
        self,
        name: str,
        label: str,
        options: Sequence[T],
        default: T | None = None,
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> T:
        """One of ordered options, on a slider."""
        default = options[0] if default is None else default
        return cast(T, (place or st).select_slider(label, options, default, **self._bound(name, others)))

    @overload
    def slider(
        self,
        name: str,
        label: str,
        low: int,
        high: int,
        start: int,
        step: int = 1,
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> int: ...
    @overload
    def slider(
        self,
        name: str,
        label: str,
        low: float,
        high: float,
        start: float,
        step: float,
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> float: ...
    def slider(
        self,
        name: str,
        label: str,
        low: float,
        high: float,
        start: float,
        step: float = 1,
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> float:
        """A number from `low` to `high` on a slider; whole if all of them are."""
        return cast(float, (place or st).slider(label, low, high, start, step, **self._bound(name, others)))

    @overload
    def number(
        self,
        name: str,
        label: str,
        low: int,
        high: int,
        start: int,
        step: int = 1,
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> int: ...
    @overload
    def number(
        self,
        name: str,
        label: str,
        low: float,
        high: float,
        start: float,
        step: float,
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> float: ...
    def number(
        self,
        name: str,
        label: str,
        low: float,
        high: float,
        start: float,
        step: float = 1,
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> float:
        """A typed number from `low` to `high`; whole if all of them are. An emptied field counts as `start`."""
        value = (place or st).number_input(label, low, high, start, step, **self._bound(name, others))
        return start if value is None else cast(float, value)

    def toggle(
        self,
        name: str,
        label: str,
        start: bool = False,
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> bool:
        """On or off; off at the beginning unless `start` says otherwise."""
        return bool((place or st).toggle(label, start, **self._bound(name, others)))

    def text(
        self,
        name: str,
        label: str,
        start: str,
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> str:
        """One line of text."""
        return str((place or st).text_input(label, start, **self._bound(name, others)))

    def lines(
        self,
        name: str,
        label: str,
        start: str,
        *,
        place: DeltaGenerator | None = None,
        **others: Any,
    ) -> str:
        """Several lines of text."""
        return str((place or st).text_area(label, start, **self._bound(name, others)))

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
