"""The reader's own formula on page 23.4: typed, drawn as a graph, differentiated in the player, and checked."""

from collections.abc import Mapping, Sequence

import streamlit as st

from nnlib.chapter23.formulas import Evaluation, Formula, FormulaError, read_formula, written_name
from pages.shared.controls import Controls
from pages.shared.frame import ahead_of_the_page
from pages.shared.graph.checks import check_gradients_of
from pages.shared.graph.layered import layered_placement
from pages.shared.graph.player import Drawn, graph_player, thumb_of
from pages.shared.numbers import number
from pages.shared.page import read_prose, write
from pages.shared.python_code import code_to_take
from pages.shared.svg.ahead import Thumb, send_ahead

controls = Controls("ex23_4_formula")
PLAYER = controls.key("player")
VALUES = [k / 10 for k in range(-50, 51)]  # what the slider of a variable can be set to
FAMOUS = {
    "One neuron": "sigmoid(w*x + b)",
    "The sigmoid in pieces": "1/(1 + exp(-z))",
    "One variable, two ways": "(x*y + x)*y",
    "A quotient": "log(x)/x",
    "Softplus in pieces": "log(1 + exp(z))",
    "Cross-entropy of a sigmoid": "-y*log(sigmoid(z)) - (1 - y)*log(1 - sigmoid(z))",
    "Two neurons and their loss": "(v1*tanh(w1*x) + v2*tanh(w2*x) - y)^2",
}
# where their sliders begin, so that there is something to see; other variables begin at one of OTHER_STARTS
STARTS = {"w": 0.5, "x": 1.5, "b": -0.4, "z": 0.7, "y": 0.2, "v1": 1.2, "w1": 0.7, "v2": -0.6, "w2": 1.4}
OTHER_STARTS = (0.8, 2.0, 0.3, 1.2, 2.5)  # positive, for logarithms

Values = tuple[tuple[str, float], ...]  # of the variables, by name


def own_formula() -> None:
    """The whole tab: the formula, a slider for each variable, the graph with its player, check and code."""
    write(read_prose(__file__, "formula"))
    with st.container(horizontal=True, key="experiment_chips_ex23_4_formula"):  # frame.css rounds them
        for name, text in FAMOUS.items():
            controls.button(f"start_{name}", name, _start_from, text)
    send_ahead(ahead_of_the_page(_draw_formula), controls.key("ahead"))


def _start_from(text: str) -> None:
    """Put a famous formula in place of the reader's, its variables where they begin."""
    st.session_state[controls.key("text")] = text
    for name in read_formula(text).variables:
        st.session_state[controls.key(_slider(name))] = _start_of(name)


def _slider(name: str) -> str:
    """The control of a variable; no other control's name begins so."""
    return f"at_{name}"


def _start_of(name: str) -> float:
    """Where a variable's slider begins. It hangs on the name alone, so that an address need not tell it."""
    return STARTS.get(name, OTHER_STARTS[sum(map(ord, name)) % len(OTHER_STARTS)])


def _draw_formula() -> list[Thumb]:
    """Everything that a slider changes; returns the thumbs that the graph follows."""
    text = controls.text("text", "Your formula", FAMOUS["One neuron"])
    try:
        formula = read_formula(text)
        values = _choose_values(formula.variables)
        evaluation = formula.evaluate(values)
    except FormulaError as error:
        st.warning(str(error), icon=":material/edit:")
        return []
    graph = evaluation.graph
    thumbs = _thumbs(text, values)
    with st.container(key=controls.key("picture")):
        with st.container(key=controls.key("verdict")):  # frame.css: pale while the picture is ahead of it
            write(_in_words(evaluation))
        graph_player(graph, layered_placement(graph), key=PLAYER, title=_title(text), follow=thumbs)
    check_gradients_of(graph, key=controls.key("gradients"))
    code = st.expander("The same in Python", key=controls.key("code"), on_change="rerun")
    if code.open:
        with code:
            code_to_take(_code(text, formula, values), "own_formula")
    return thumbs


def _title(text: str) -> str:
    return f"The graph of {text}"


def _thumbs(text: str, values: dict[str, float]) -> list[Thumb]:
    """The graph follows the thumb of every variable."""

    def thumb(name: str) -> Thumb:
        def at(value: float) -> tuple[str, Values]:
            return text, tuple((values | {name: value}).items())

        return thumb_of(PLAYER, controls.key(_slider(name)), values[name], VALUES, at, _drawn)

    return [thumb(name) for name in values]


def _drawn(chosen: tuple[str, Values]) -> Drawn | None:
    """The graph of a formula at values, where it stands, and its title; None where they cannot be put in."""
    text, values = chosen
    try:
        graph = read_formula(text).evaluate(dict(values)).graph
    except FormulaError:
        return None
    return graph, layered_placement(graph), _title(text)


def _choose_values(variables: Sequence[str]) -> dict[str, float]:
    """A slider for each variable, a few side by side."""
    values = {}
    side_by_side = 4 if len(variables) > 3 else 3
    for first in range(0, len(variables), side_by_side):
        row = variables[first : first + side_by_side]
        for place, name in zip(st.columns(side_by_side, gap="medium"), row, strict=False):
            values[name] = controls.slider(
                _slider(name), written_name(name), VALUES[0], VALUES[-1], _start_of(name), 0.1, place=place
            )
    return values


def _in_words(evaluation: Evaluation) -> str:
    """The value, and what the short names in the drawing stand for."""
    output = evaluation.graph.output
    steps = ",\u2002".join(f"{label} = {meaning}" for label, meaning in evaluation.meanings.items())
    return f"**{output.label} = {number(output.value)}**\u2003In the graph, {steps}."


def _code(text: str, formula: Formula, values: Mapping[str, float]) -> str:
    """The lines of `nnlib` that compute what is on screen."""
    labels = {name: written_name(name) for name in formula.variables}
    return f"""from nnlib.chapter23.formulas import read_formula

formula = read_formula({text!r})
graph = formula.evaluate({values!r}).graph

value = graph.output.value
gradients = {{label: graph.node(label).gradient for label in {list(labels.values())!r}}}
print(value, gradients, graph.check_gradients().passes)
"""
