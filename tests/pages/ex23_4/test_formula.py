"""The reader's own formula on page 23.4: graph, words, sliders, address, and what is said of a bad one."""

import math
import random
import string

import pytest

from nnlib.chapter23.formulas import FormulaError, read_formula
from nnlib.graph import Graph
from pages.ex23_4.formula import FAMOUS
from pages.shared.numbers import number
from tests.pages.reader import Reader

TAB = {"ex23_4_tab": "Your own formula"}


def read(text: str, **values: float) -> Reader:
    """The page as from an address that holds a formula and values."""
    address = {f"ex23_4_formula_at_{name}": value for name, value in values.items()}
    return Reader("23.4", TAB | {"ex23_4_formula_text": text} | address)


def drawn(reader: Reader) -> dict[str, str]:
    """Name → value of the cards of the formula's graph."""
    picture = next(data for data in reversed(reader.pictures()) if "moments" in data)
    return {node["name"]: node["given"] or node["value"] for node in picture["nodes"]}


def test_it_opens_with_one_neuron() -> None:
    reader = Reader("23.4", TAB)
    assert reader.value("formula_text") == "sigmoid(w*x + b)"
    assert [reader.value(f"formula_at_{name}") for name in "wxb"] == [0.5, 1.5, -0.4]
    assert drawn(reader)["L"] == number(1 / (1 + math.exp(-0.35)))
    assert "u₁ = w·x + b" in reader.words("markdown")


def test_a_sent_formula_comes_with_its_values() -> None:
    reader = read("log(x)/x + k", x=2.5, k=-3.0)
    assert drawn(reader)["L"] == number(math.log(2.5) / 2.5 - 3)
    assert "✓ all" in reader.words("markdown")


def test_sliders_follow_the_formula() -> None:
    reader = Reader("23.4", TAB)
    reader.set(formula_text="a*b_2")
    reader.set(formula_at_a=2.0, formula_at_b2=-1.5)
    assert drawn(reader) == {"a": "2", "b₂": "−1.5", "L": "−3"}
    assert "ex23_4_formula_at_w" not in reader.controls()


@pytest.mark.parametrize("name", FAMOUS)
def test_a_famous_formula_is_drawn_and_its_gradients_agree(name: str) -> None:
    reader = read("x*x", x=-3.0).press(name)
    assert reader.value("formula_text") == FAMOUS[name]
    assert not reader.words("warning")
    verdict = next(words for words in reader.words("markdown").split("**") if words.startswith("✓ all"))
    assert verdict == f"✓ all {len(graph_of(FAMOUS[name]).nodes) - constants(FAMOUS[name])} agree"


def graph_of(text: str) -> Graph:
    formula = read_formula(text)
    return formula.evaluate(dict.fromkeys(formula.variables, 0.7)).graph


def constants(text: str) -> int:
    return sum(not node.needs_gradient for node in graph_of(text).nodes)


def test_where_it_is_not_defined_the_sliders_stay() -> None:
    reader = read("log(x)", x=-1.0)
    assert reader.words("warning") == "log needs a positive number, but x is −1."
    reader.set(formula_at_x=1.0)
    assert not reader.words("warning")
    assert drawn(reader)["L"] == "0"
    sent = reader.sent_ahead("formula_at_x", by="formula_ahead")
    assert [x for x, pictures in sent.items() if pictures is None] == sorted(
        (x for x in sent if x <= 0), reverse=True
    )
    assert sent[2.5]["ex23_4_formula_player"]["nodes"][-1]["value"] == number(math.log(2.5))


def test_a_power_is_told_with_its_exponent() -> None:
    reader = read("x^3", x=-2.0)
    picture = next(data for data in reversed(reader.pictures()) if "moments" in data)
    assert picture["moments"][0]["equation"][0][1] == "(−2)^3"


def test_a_kink_is_called_one() -> None:
    words = read("relu(x)*y", x=0.0, y=2.0).words("markdown")
    assert "at a kink" in words


def test_its_python_computes_what_is_on_screen() -> None:
    reader = read("w*exp(-x1)", w=2.0, x1=0.5).set(formula_code=True)
    names = reader.snippet(-1)
    assert number(names["value"]) == drawn(reader)["L"]
    assert names["gradients"] == pytest.approx({"w": math.exp(-0.5), "x₁": -2 * math.exp(-0.5)})


def test_hostile_addresses_get_a_sentence() -> None:
    rng = random.Random(4)
    texts = [
        "__import__('os').system('x')",
        "9**9**9*x",
        "(" * 100 + "x",
        "x" * 5000,
        "1e999*x",
        "\0",
        "$x^2$ <b>",
    ]
    texts += ["".join(rng.choices(string.printable, k=30)) for _ in range(5)]
    reader = Reader("23.4", TAB)
    for text in texts:
        reader.set(formula_text=text)
        with pytest.raises(FormulaError) as caught:
            read_formula(text.strip())
        assert reader.words("warning") == str(caught.value)
