"""The computation-graph player: a drawing that goes through a pass step by step, by hand or by itself."""

from time import monotonic

import streamlit as st

from nnlib.graph import Graph
from pages.shared.controls import Controls
from pages.shared.graph.drawing import draw_graph
from pages.shared.graph.model import View, steps_of
from pages.shared.graph.placement import Placement
from pages.shared.live import live
from pages.shared.svg.component import give_head_start

SECONDS_A_STEP = 1.2
DOUBLE_CLICK = 0.4  # seconds


def whole_pass(key: str, direction: str, last: int) -> dict[str, object]:
    """Settings of the `graph_player` of that key that show a pass to its `last` step, nothing hidden."""
    return Controls(key).keyed({"pass": direction, f"{direction}_step": last, "predict": False})


def graph_player(graph: Graph, placement: Placement, key: str, title: str) -> None:
    """The drawing with its controls: direction, step slider, previous, next, play, and "predict first".

    Only this part of the page runs again when the reader steps.

    Parameters
    ----------
    graph : with its backward pass made
    placement : where its nodes stand
    key : unique name on the page; the widgets' keys begin with it
    title : the drawing's accessible name
    """
    player = _Player(graph, key)
    playing = player.playing

    def draw() -> None:
        player.draw(placement, title)
        if player.playing != playing:
            st.rerun()  # the timer is set when the whole page is drawn

    live(f"{key}_player", playing, player.move_on, draw, SECONDS_A_STEP)
    give_head_start()


class _Player:
    """One player in the reader's session, which remembers its step, what was revealed, and whether it plays."""

    def __init__(self, graph: Graph, key: str) -> None:
        self.graph = graph
        self.controls = Controls(key)

    @property
    def playing(self) -> bool:
        return bool(st.session_state.get(self.controls.key("playing"), False))

    @playing.setter
    def playing(self, playing: bool) -> None:
        st.session_state[self.controls.key("playing")] = playing
        st.session_state[self.controls.key("moved")] = monotonic()

    @property
    def direction(self) -> str:
        return str(st.session_state[self.controls.key("pass")])

    @property
    def last(self) -> int:
        return len(steps_of(self.graph, self.direction))

    @property
    def step(self) -> int:
        return int(st.session_state[self.controls.key(f"{self.direction}_step")])

    @step.setter
    def step(self, step: int) -> None:
        st.session_state[self.controls.key(f"{self.direction}_step")] = min(max(step, 0), self.last)

    def stop(self) -> None:
        self.playing = False

    def walk(self, by: int) -> None:
        """So many steps by hand, forth or back."""
        self.stop()
        self.step += by

    def toggle_play(self) -> None:
        """Pause, or play: from here on, or from the beginning where the pass is at its end.

        The second press of a double click on Play meets Pause, and is not meant.
        """
        began = self.controls.key("began")
        if self.playing and monotonic() - st.session_state[began] < DOUBLE_CLICK:
            return
        self.playing = not self.playing
        if self.playing:
            st.session_state[began] = monotonic()
            if self.step >= self.last:
                self.step = 0

    def move_on(self) -> None:
        """Play the next step, and stop at the last.

        Pressing Play, or any control of the player, draws it too: what comes so soon is not the timer, and would
        skip a step.
        """
        if not self.playing or monotonic() - st.session_state[self.controls.key("moved")] < SECONDS_A_STEP / 2:
            return
        self.step += 1
        self.playing = self.step < self.last

    def draw(self, placement: Placement, title: str) -> None:
        """The controls, what the step does, the drawing and its table."""
        controls = self.controls
        choose, predict_first = st.columns([2, 3], vertical_alignment="bottom")
        direction = controls.choice(
            "pass", "Pass", ["forward", "backward"], "backward", place=choose, on_change=self.stop
        )
        predict = controls.toggle(
            "predict", "Predict first: hide each value until I reveal it", place=predict_first
        )
        last = self.last
        with st.container(horizontal=True, vertical_alignment="bottom"):
            step = controls.slider(f"{direction}_step", "Step", 0, last, last, on_change=self.stop)
            controls.button(
                "previous", "Previous", self.walk, -1, icon=":material/chevron_left:", disabled=step == 0
            )
            controls.button("next", "Next", self.walk, 1, icon=":material/chevron_right:", disabled=step == last)
            label, icon = ("Pause", "pause") if self.playing else ("Play", "play_arrow")
            controls.button("play", label, self.toggle_play, icon=f":material/{icon}:")
        hidden = self._hide(step) if predict else frozenset()
        view = View(self.graph, direction, step, hidden)
        st.markdown(f"**Step {step} of {last}.** {view.step_text()}")
        draw_graph(view, placement, key=controls.key("drawing"), title=title)
        table = st.expander("Every edge of this graph as a table", key=controls.key("table"), on_change="rerun")
        if table.open:  # the browser takes as long for this table as for all the rest
            table.table(view.table())

    def _hide(self, step: int) -> frozenset[int]:
        """The steps not revealed yet, after the buttons that reveal this one or hide all again."""
        revealed: set[int] = st.session_state.setdefault(self.controls.key(f"{self.direction}_revealed"), set())
        if step:
            with st.container(horizontal=True):
                self.controls.button(
                    "reveal",
                    "Reveal this value",
                    revealed.add,
                    step,
                    icon=":material/visibility:",
                    disabled=step in revealed,
                )
                self.controls.button("hide", "Hide all values again", revealed.clear, disabled=not revealed)
        return frozenset(range(1, self.last + 1)) - revealed
