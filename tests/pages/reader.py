"""A reader of a page without a browser, by Streamlit's AppTest: sets controls, presses, reads words and tables."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

from pages.shared.chapter import EXERCISES

APP = Path(__file__).resolve().parents[2] / "app.py"
HOME = "pages/home.py"
PATIENCE = 120  # seconds: what takes longer than this never comes

CONTROLS = {
    *("slider", "select_slider", "number_input", "selectbox", "radio"),
    *("button_group", "toggle", "text_area", "text_input"),
}
WORDS = {"markdown", "caption", "info", "warning", "error", "success", "metric"}


class Reader:
    """One who looks at the page of an exercise.

    Parameters
    ----------
    number : of the exercise, "23.3"; none for home
    address : what follows "?" in the page's address, by name

    A control's name is its key without what all keys of the page begin with: "ex23_3_rate" is "rate".
    """

    def __init__(
        self, number: str = "", address: Mapping[str, Any] | None = None, noted: Collection[str] = ()
    ) -> None:
        exercise = EXERCISES.get(number)
        self.script = exercise.script if exercise else HOME
        self.room = exercise.room if exercise else "home"
        self.app = AppTest.from_file(APP, default_timeout=PATIENCE)
        if noted:  # exercises solved and questions answered on another day
            self.app.session_state["noted"] = set(noted)
        for name, value in (address or {}).items():
            self.app.query_params[name] = value
        self.app.switch_page(self.script).run()  # as from its address; home first would take as long again

    def key(self, name: str) -> str:
        """The widget key of a control."""
        return f"{self.room}_{name}"

    def _elements(self, kinds: set[str]) -> list[Any]:
        # not the sidebar: it is of app.py, and alike on all pages
        return [element for element in self.app.main if element.type in kinds]

    def controls(self) -> dict[str, Any]:
        """The controls that are shown and can be moved, by key."""
        return {
            widget.key: widget for widget in self._elements(CONTROLS) if widget.key and not widget.proto.disabled
        }

    def control(self, name: str) -> Any:
        """The control of that name, whether or not it can be moved."""
        found = [widget for widget in self._elements(CONTROLS) if widget.key == self.key(name)]
        assert len(found) == 1, f"no control {name!r} is shown"
        return found[0]

    def value(self, name: str) -> Any:
        """What a control is set to."""
        return self.control(name).value

    def set(self, **values: Any) -> "Reader":
        """Move controls by name and let the page answer once; what is not shown is set as an experiment does."""
        shown = {widget.key: widget for widget in self._elements(CONTROLS)}
        for name, value in values.items():
            if self.key(name) in shown:
                shown[self.key(name)].set_value(value)
            else:
                self.app.session_state[self.key(name)] = value
        return self.run()

    def run(self) -> "Reader":
        """Let the page run again, as a timer does; nothing may go wrong."""
        self.app.run()
        self.is_unharmed()
        return self

    def kept(self, name: str) -> Any:
        """What the page itself keeps of that name in the reader's session."""
        return self.app.session_state[self.key(name)]

    def button(self, name: str) -> Any:
        """The button of that name, or with that label."""
        buttons = self._elements({"button"})
        found = [button for button in buttons if button.key == self.key(name)]
        found = found or [button for button in buttons if button.label == name]
        assert len(found) == 1, f"{len(found)} buttons {name!r} are shown"
        return found[0]

    def press(self, name: str) -> "Reader":
        """Press the button with that label or name."""
        self.button(name).click()
        return self.run()

    def press_twice(self, name: str) -> "Reader":
        """Press a button, and again before its page has changed: the second press says what the first one did."""
        button = self.button(name).click()
        both = button.root.get_widget_states()
        self.run()
        self.app._run(both)
        self.is_unharmed()
        return self

    def buttons(self) -> list[str]:
        """The names of all buttons that can be pressed, from top to bottom."""
        found = self._elements({"button"})
        pressable = [button.key for button in found if button.key and not button.proto.disabled]
        return [key.removeprefix(self.key("")) for key in pressable]

    def follow(self, number: str = "") -> "Reader":
        """Go to the page of an exercise, or home."""
        exercise = EXERCISES.get(number)
        self.app.switch_page(exercise.script if exercise else HOME).run()
        self.is_unharmed()
        return self

    def leave_and_come_back(self) -> "Reader":
        """A visit to home and back."""
        self.app.switch_page(HOME).run()
        self.app.switch_page(self.script)
        return self.run()

    def words(self, *kinds: str) -> str:
        """All that is said on the page, or only in elements of some kinds, such as "error"."""
        return " ".join(str(element.value) for element in self._elements(set(kinds) or WORDS))

    def metric(self, label: str) -> str:
        """The number with that label."""
        return next(str(metric.value) for metric in self._elements({"metric"}) if metric.label == label)

    def tables(self) -> list[pd.DataFrame]:
        """Every table, from top to bottom."""
        return [element.value for element in self._elements({"dataframe", "table"})]

    def table(self, name: str) -> pd.DataFrame:
        """The first table with that column or row."""
        return next(table for table in self.tables() if name in table.columns or name in table.index)

    def gradients(self) -> dict[str, list[str]]:
        """The first gradient table: name → [computed, verdict]."""
        table = self.table("computed")
        names = table[table.columns[0]]
        return {
            name: [computed, agrees]
            for name, computed, agrees in zip(names, table["computed"], table["agrees"], strict=True)
        }

    def pictures(self) -> list[dict[str, Any]]:
        """The data of every drawing of our own, from top to bottom."""
        components = self.app.get("bidi_component")
        return [json.loads(component.proto.json) for component in components if component.proto.json]

    def picture(self, part: str) -> dict[str, Any]:
        """The data of the first drawing that has such a part."""
        return next(data for data in self.pictures() if part in data)

    def sent_ahead(self, slider: str, by: str = "ahead") -> dict[float, Any]:
        """What the browser gets when it asks for every value of a slider that drawings follow; nothing twice.

        Parameters
        ----------
        slider, by : names of the control, and of what sends
        """

        def sender() -> tuple[dict[str, Any], dict[str, Any]]:
            senders = [data for data in self.pictures() if "sent" in data]
            found = [(data, thumb) for data in senders for thumb in data["thumbs"]]
            return next((data, thumb) for data, thumb in found if thumb["slider"] == self.key(slider))

        sent: dict[float, Any] = {}
        while len(sent) < (thumb := sender()[1])["count"]:
            self.set(**{f"{by}_asked": {"of": thumb["of"], "near": self.value(slider), "has": list(sent)}})
            new = dict(json.loads(sender()[0]["sent"]))
            assert new
            assert not new.keys() & sent.keys()
            sent |= new
        return sent

    def edges(self) -> dict[str, dict[str, Any]]:
        """The edges of the first computation graph by name."""
        return {edge["name"]: edge for edge in self.picture("edges")["edges"]}

    def cards(self) -> dict[str, dict[str, Any]]:
        """The cards of the first computation graph by name."""
        return {node["name"]: node for node in self.picture("moments")["nodes"]}

    def moments(self) -> list[dict[str, Any]]:
        """The steps of the first computation graph's player."""
        moments: list[dict[str, Any]] = self.picture("moments")["moments"]
        return moments

    def charts(self) -> list[dict[str, Any]]:
        """The specification of every Vega chart, from top to bottom."""
        return [json.loads(chart.proto.spec) for chart in self.app.get("vega_lite_chart")]

    def snippet(self, index: int) -> dict[str, Any]:
        """What one snippet of Python on the page leaves behind when it is run: its names."""
        names: dict[str, Any] = {"print": lambda *values, **options: None}
        exec(self.app.code[index].value, names)
        return names

    def snippets(self) -> list[dict[str, Any]]:
        """What each snippet of the page leaves behind."""
        return [self.snippet(index) for index in range(len(self.app.code))]

    def is_unharmed(self) -> None:
        """No exception stands on the page."""
        assert not self.app.exception, [exception.message for exception in self.app.exception]
