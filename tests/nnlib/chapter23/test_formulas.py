"""Formulas typed by a reader: what they mean, what is said of the rest, and that no text whatever does harm."""

import math
import random
import string
from time import process_time

import pytest

from nnlib.chapter23.formulas import MOST_CHARACTERS, MOST_NODES, FormulaError, read_formula

VALUES = {"x": 0.7, "y": 2.5, "z": -1.2, "w": 0.4, "b": -0.3}


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def labels(text: str) -> list[str]:
    formula = read_formula(text)
    return [node.label for node in formula.evaluate(dict.fromkeys(formula.variables, 1.5)).graph.nodes]


def complaint(text: str) -> str:
    with pytest.raises(FormulaError) as caught:
        read_formula(text)
    return str(caught.value)


x, y, z, w, b = VALUES.values()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sigmoid(w*x + b)", sigmoid(w * x + b)),
        ("1/(1 + exp(-z))", sigmoid(z)),
        ("(x*y + x)*y", (x * y + x) * y),
        ("log(x)/x", math.log(x) / x),
        ("softplus(z)", math.log(1 + math.exp(z))),
        ("tanh(z) - relu(z) + relu(x)", math.tanh(z) + x),
        ("-x**2", -(x**2)),
        ("2**-1 * x**-2", x**-2 / 2),
        ("x - y - z", x - y - z),
        ("x/y/z*w", x / y / z * w),
        ("x - x + y*y + z + z", y * y + 2 * z),
        ("sqrt(x) + x**0.5 + x**1 + x**0 + x**-1", 2 * math.sqrt(x) + x + 1 + 1 / x),
        ("e**(-z) + pi*x + 1/3", math.exp(-z) + math.pi * x + 1 / 3),
        ("ln(x) + σ(z) + ReLU(x)", math.log(x) + sigmoid(z) + x),
        ("x² · y⁻¹ − 2×z ÷ 4", x**2 / y - z / 2),
        ("（x＋１）＊ｙ^2", (x + 1) * y**2),
        ("√x + √(x*y)", math.sqrt(x) + math.sqrt(x * y)),
        ("f(x) = x^3", x**3),
    ],
)
def test_a_formula_means_what_it_says_and_its_gradients_agree(text: str, value: float) -> None:
    formula = read_formula(text)
    graph = formula.evaluate(VALUES).graph
    assert graph.output.value == pytest.approx(value, rel=1e-14)
    assert graph.check_gradients().passes.all()
    assert len({node.label for node in graph.nodes}) == len(graph.nodes)


def test_equal_parts_are_one_node_and_no_node_uses_another_twice() -> None:
    assert labels("(x + y)*exp(x + y)") == ["x", "y", "x + y", "u₁", "L"]
    assert labels("x*x + x + x") == ["x", "x²", "u₁", "L"]
    for text in ("(x*y)*(x*y)", "x + x", "x - x", "x/x", "x*y*x", "x + y + x"):
        formula = read_formula(text)
        graph = formula.evaluate(dict.fromkeys(formula.variables, 2.0)).graph
        pairs = [(edge.source, edge.target) for edge in graph.edges]
        assert len(set(pairs)) == len(pairs), text


def test_long_sums_and_products_are_one_node() -> None:
    assert labels("a + b + c + d") == ["a", "b", "c", "d", "L"]
    assert labels("a*b*c") == ["a", "b", "c", "L"]
    assert "a·b" in labels("a*b*c + a*b")


def test_what_is_too_long_for_a_label_gets_a_short_name_that_no_variable_has() -> None:
    evaluation = read_formula("g = sigmoid(u*x1 + x_2 + 0.123456789)").evaluate({"u": 1, "x1": 2, "x2": 3})
    assert evaluation.meanings == {"c₁": "0.123456789", "v₁": "u·x₁ + x₂ + c₁", "g": "σ(v₁)"}
    assert evaluation.graph.derivative_name(evaluation.graph.node("x₁")) == "∂g/∂x₁"


@pytest.mark.parametrize(
    ("text", "values", "sentence"),
    [
        ("log(x)", {"x": -1.0}, "log needs a positive number, but x is −1."),
        ("log(x - 3)", {"x": 1.5}, "log needs a positive number, but x − 3 is −1.5."),
        ("sqrt(x)", {"x": -2.0}, "A square root needs a positive number, but x is −2."),
        ("sqrt(x)", {"x": 0.0}, "A square root has an infinite slope at 0, and x is 0."),
        ("y/x", {"x": 0.0, "y": 1.0}, "The denominator x is 0."),
        ("x**1.5", {"x": -1.0}, "The power 1.5 needs a positive number, but x is −1."),
        ("x**-2", {"x": 0.0}, "The power −2 needs a number other than 0, but x is 0."),
        ("exp(x)", {"x": 800.0}, "At these numbers exp(x), or its slope, is larger than a computer can hold."),
        ("exp(-x)*y", {"x": -700.0, "y": 1e200}, "At these numbers exp(−x)·y, or its slope, is larger than"),
    ],
)
def test_where_a_formula_is_not_defined_that_is_said_in_words(
    text: str, values: dict[str, float], sentence: str
) -> None:
    with pytest.raises(FormulaError) as caught:
        read_formula(text).evaluate(values)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "Type a formula"),
        ("   ", "Type a formula"),
        ("2x", "2*x, not 2x"),
        ("2(x + 1)", "multiplication has to be written"),
        ("x(y + 1)", "For a product write x*(…)"),
        ("sin(x)", "“sin” is not one of the functions here"),
        ("log x", "What log is applied to has to stand in brackets"),
        ("log*x", "“log” is a function"),
        ("log(x, 2)", "applied to one number"),
        ("x y", "Between two names stands a sign"),
        ("(x + 1", "opened but not closed"),
        ("x + 1)", "closed that was never opened"),
        ("x +", "missing after the last sign"),
        ("* x", "missing before a multiplication"),
        ("0,5*x", "Decimals have a point"),
        ("x^y", "An exponent has to be a number"),
        ("xⁿ", "“ⁿ” has no meaning"),
        ("x[0]", "Use round brackets"),
        ("x.real", "A point can only stand in a number"),
        ("x // 2", "This is no formula"),
        ("lambda*x", "“lambda” is a word of Python itself"),
        ("(x := 2)", "“:” has no meaning"),
        ("x == y", "equals sign"),
        ("L*x", "“L” is the name of the result"),
        ("2 + 3", "no variable"),
        ("x", "at least one operation"),
        ("x\0y", "U+0000"),
        ("9**9**9*x", "larger than a computer can hold"),
        ("1e999*x", "larger than any that a computer"),
        ("log(-1)*x", "log needs a positive number, but here it is −1"),
        ("_x + 1", "begins with a letter"),
        ("averyverylongname + 1", "at most 12 characters"),
        ("x" + "+1" * MOST_CHARACTERS, "too long"),
        ("(" * 90 + "x" + ")" * 90 + "+1)", "closed that was never opened"),
        ("-" * 150 + "x", "one inside the other"),
        ("a+b*c-d/f+g*h-k+m", "variables"),
        ("+".join(f"exp(x/{k})" for k in range(2, 14)), f"At most {MOST_NODES}"),
    ],
)
def test_what_is_no_formula_gets_a_plain_sentence(text: str, part: str) -> None:
    sentence = complaint(text)
    assert part in sentence
    assert len(sentence) < 250


PIECES = [
    *(
        "x",
        "y",
        "w1",
        "x_2",
        "e",
        "pi",
        "L",
        "π",
        "名",
        "ﬁ",
        "a" * 40,
        "_",
        "__class__",
        "__import__",
        "lambda",
        "None",
    ),
    *(
        "0",
        "1",
        "0.5",
        "1e999",
        "-1e-999",
        "9**9**9",
        "1j",
        "0x_f",
        "1_0",
        "10" * 60,
        "0b2",
        "1if",
        "07",
        "٣",
        "²",
        "x⁻",
    ),
    *(
        "+",
        "-",
        "*",
        "/",
        "**",
        "^",
        "//",
        "%",
        "@",
        "~",
        "<<",
        "&",
        "|",
        "<",
        "==",
        "!=",
        "=",
        ":=",
        "->",
        "not ",
        "in ",
    ),
    *(
        "(",
        ")",
        "((((",
        "))))",
        "(" * 95,
        ")" * 95,
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        ":",
        ";",
        "\\",
        "'",
        '"',
        "`",
        "$",
        "#",
    ),
    *(
        "exp(",
        "log(",
        "sqrt(",
        "tanh(",
        "sigmoid(",
        "relu(",
        "softplus(",
        "eval(",
        "open('/etc/passwd')",
        "σ(",
        "√",
    ),
    *(
        "x.__class__.__mro__",
        "lambda: 0",
        "x if y else z",
        "[x for x in y]",
        "yield ",
        "await x",
        "*x",
        "**x",
        "f'{x}'",
    ),
    *(
        "\0",
        "\n",
        "\t",
        "\r",
        "\u200b",
        "\u202e",
        "\ud800",
        "\U0001f600",
        "e\u0301",
        "ª",
        "−",
        "×",
        "·",
        "÷",
        "（",
        "；",
    ),
]


def hostile(rng: random.Random) -> str:
    """Pieces of formulas and of worse one after the other, or characters at random, or a formula."""
    kind = rng.randrange(5)
    if kind == 0:
        return "".join(rng.choices(string.printable + "\0\u202e−²", k=rng.randrange(60)))
    if kind == 1:
        return rng.choice(PIECES) * rng.randrange(1, 120)
    if kind == 2:
        typed = list("log(x*y + 1)/(1 + exp(-z))**2 - sigmoid(w*x)")
        for _ in range(rng.randrange(1, 4)):
            typed[rng.randrange(len(typed))] = rng.choice(PIECES)
        return "".join(typed)
    if kind == 3:
        return "".join(rng.choices(PIECES, k=rng.randrange(1, 14)))
    return sound(rng, 4)


def sound(rng: random.Random, depth: int) -> str:
    """A formula without any error of writing; where it is defined is another matter."""
    if depth == 0 or rng.random() < 0.2:
        return rng.choice(["x", "y", "z", "w", "2", "0", "1e300", "0.1"])
    inner = sound(rng, depth - 1)
    function = rng.choice(["exp", "log", "sqrt", "tanh", "sigmoid", "relu", "softplus", "-", ""])
    return rng.choice(
        [
            f"{function}({inner})",
            f"({inner})**{rng.choice(['2', '-1', '0.5', '-2.5', '1000', '(1/3)'])}",
            f"({inner}){rng.choice('+-*/')}({sound(rng, depth - 1)})",
        ]
    )


def test_ten_thousand_hostile_texts_do_no_harm() -> None:
    rng = random.Random(23)
    slowest, formulas, refused = 0.0, 0, 0
    for _ in range(10_000):
        text = hostile(rng)
        began = process_time()
        try:
            formula = read_formula(text)
            formulas += 1
            values = {name: rng.choice([-1e300, -3.0, 0.0, 0.5, 700.0]) for name in formula.variables}
            graph = formula.evaluate(values).graph
            assert len(graph.nodes) <= MOST_NODES
            assert all(math.isfinite(node.value) for node in graph.nodes)
        except FormulaError as error:
            refused += 1
            sentence = str(error)
            assert sentence[0].isupper() or sentence.startswith(("“", "log needs")), (text, sentence)
            assert sentence.endswith("."), (text, sentence)
            assert len(sentence) < 250, (text, sentence)
            written = sentence.removeprefix("The character ")[3:]  # it quotes the character
            assert written.isprintable(), (text, sentence)
            assert not set(written) & set("<>[]`$\\"), (text, sentence)
        slowest = max(slowest, process_time() - began)
    assert formulas > 1_000
    assert refused > 5_000
    assert slowest < 5  # seconds of work: nothing grows without bound
