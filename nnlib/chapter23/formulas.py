"""A formula as a reader types it, made into a computation graph (book section 23.2.4).

    formula = read_formula("sigmoid(w*x + b)")
    graph = formula.evaluate({"w": 0.5, "x": 2.0, "b": -1.0}).graph
    graph.node("w").gradient        # ∂L/∂w

The text is read by Python's own grammar into a syntax tree, and nothing else is done with it: it is never compiled
and never run. Whatever in the tree is not a name, a number, an operation or a function named here is refused, with
a sentence that a reader can act on.
"""

import ast
import keyword
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nnlib.graph import (
    Graph,
    Node,
    add,
    constant,
    exp,
    log,
    multiply,
    negate,
    power,
    reciprocal,
    relu,
    sigmoid,
    softplus,
    sqrt,
    subtract,
    tanh,
    variable,
)
from nnlib.notation import MINUS, SUBSCRIPTS

MOST_CHARACTERS = 200
MOST_NODES = 20  # more cannot be told apart in one drawing
MOST_VARIABLES = 8
DEEPEST = 60  # of the syntax tree; Python's own stack holds about a thousand calls
LONGEST_NAME = 12
LONGEST_LABEL = 5  # of a sub-expression that is its own name, such as "w·x"
LONGEST_QUOTE = 30

# of short names, more of each kind than variables can begin with
LETTERS = {"result": "uvstqrghmn", "constant": "ckabdjlopi"}

FUNCTIONS: Mapping[str, Callable[..., Node]] = {
    "exp": exp,
    "log": log,
    "sqrt": sqrt,
    "tanh": tanh,
    "sigmoid": sigmoid,
    "relu": relu,
    "softplus": softplus,
}
OTHER_NAMES = {"ln": "log", "σ": "sigmoid", "sigma": "sigmoid"}
CONSTANTS = {"e": math.e, "pi": math.pi, "π": math.pi}
BINARY = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "/", ast.Pow: "^"}

ALLOWED = "names, numbers, + − * / ^, round brackets, and the functions " + ", ".join(FUNCTIONS)

# what a reader may paste, and what a keyboard with a Chinese layout types
SIGNS = str.maketrans(
    {
        **dict.fromkeys("−–—‐‑﹣", "-"),
        **dict.fromkeys("×·⋅∙•∗", "*"),
        **dict.fromkeys("÷∕⁄", "/"),
        **{chr(ord(sign) + 0xFEE0): sign for sign in map(chr, range(0x21, 0x7F))},
        **{low: digit for digit, low in zip("0123456789", "₀₁₂₃₄₅₆₇₈₉", strict=True)},
    }
)
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
PLAIN_SIGNS = "_+-*/^()., "


class FormulaError(ValueError):
    """What is wrong with a formula, or with the values of its variables, as a sentence for the reader."""


@dataclass(frozen=True)
class Expression:
    """A formula or a part of it; equal parts are equal.

    Attributes
    ----------
    operation : "variable", "constant", "+", "−", "×", "1/x", "−x", "^" or the name of a function
    operands : what it is applied to
    name : of a variable
    value : of a constant; of "^" the exponent
    text : as it was typed, with the signs of print
    """

    operation: str
    operands: tuple["Expression", ...] = ()
    name: str = ""
    value: float = 0.0
    text: str = field(default="", compare=False)

    def walk(self) -> Iterator["Expression"]:
        """This expression and all its parts, as often as they stand in it, each after its operands."""
        for operand in self.operands:
            yield from operand.walk()
        yield self


class Evaluation(NamedTuple):
    """A formula at given values.

    Attributes
    ----------
    graph : its backward pass made
    meanings : label of a node that has a short name → what it is made of, such as "u₁" → "w·x + b", in order
    """

    graph: Graph
    meanings: Mapping[str, str]


@dataclass(frozen=True)
class Formula:
    """A formula that has been read.

    Attributes
    ----------
    name : of its result, "L" unless the reader gave another
    expression : what computes it
    variables : names of its variables, in the order of their first appearance
    """

    name: str
    expression: Expression
    variables: tuple[str, ...]

    def evaluate(self, values: Mapping[str, float]) -> Evaluation:
        """The computation graph of the formula where its variables have these values.

        Equal sub-expressions are one node. A sub-expression that is too long to be its own name gets a short one.

        Raises
        ------
        FormulaError
            If the formula is not defined there, or a number in it grows beyond all floats.
        KeyError
            If a variable has no value.
        """
        nodes: dict[Expression, Node] = {}
        meanings: dict[str, str] = {}
        names = _ShortNames({name[0] for name in (*self.variables, self.name)})
        for part in self.expression.walk():
            if part in nodes:
                continue
            if part.operation == "variable":
                nodes[part] = variable(written_name(part.name), values[part.name])
            elif part.operation == "constant":
                nodes[part] = _constant(part, names, meanings)
            else:
                operands = [nodes[operand] for operand in part.operands]
                node = _apply(part, operands)
                if part == self.expression:
                    label = written_name(self.name)
                else:
                    label = node.label if len(node.label) <= LONGEST_LABEL else names.result()
                if label != node.label:
                    meanings[label] = node.label
                    node = _apply(part, operands, label)
                nodes[part] = node
        return Evaluation(_differentiated(nodes[self.expression]), meanings)


def _differentiated(output: Node) -> Graph:
    graph = Graph(output)
    try:
        graph.backward()
        finite = all(math.isfinite(node.gradient or 0.0) for node in graph.nodes)
    except ValueError:
        finite = False
    if not finite:
        raise FormulaError("A gradient of this formula is larger here than a computer can hold.")
    return graph


class _ShortNames:
    """u₁, u₂, … for results and c₁, c₂, … for constants, in letters that no variable begins with."""

    def __init__(self, taken: set[str]) -> None:
        self._letters = {kind: next(x for x in letters if x not in taken) for kind, letters in LETTERS.items()}
        self._counts = Counter[str]()

    def result(self) -> str:
        return self._next("result")

    def constant(self) -> str:
        return self._next("constant")

    def _next(self, kind: str) -> str:
        self._counts[kind] += 1
        return written_name(f"{self._letters[kind]}{self._counts[kind]}")


def written_name(name: str) -> str:
    """A variable's name as it is printed: x1 and x_1 as x₁."""
    stem, digits = re.fullmatch(r"(.*?)(\d*)", name, re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{stem.removesuffix('_')}{digits.translate(SUBSCRIPTS)}" if digits else name


def _constant(part: Expression, names: _ShortNames, meanings: dict[str, str]) -> Node:
    plain = f"{part.value:.5g}"
    if float(plain) == part.value and len(plain) <= LONGEST_LABEL + 1:
        label = plain.replace("-", MINUS)
    elif 0 < len(part.text) <= LONGEST_LABEL + 1:
        label = part.text
    else:
        label = names.constant()
        meanings[label] = part.text or _plain(part.value)
    return constant(label, part.value)


def read_formula(text: str) -> Formula:
    """Read a formula such as "1/(1 + exp(-z))" or "L = (x*y + x)*y".

    Typographic signs, high and low digits and full-width signs are understood where they can mean one thing only.

    Raises
    ------
    FormulaError
        If the text is no formula in the sense of this module; the error is a plain sentence.

    Examples
    --------
    >>> read_formula("w·x² − 1").variables
    ('w', 'x')
    >>> read_formula("2x")
    Traceback (most recent call last):
        ...
    nnlib.chapter23.formulas.FormulaError: A multiplication has to be written: 2*x, not 2x.
    """
    plain = _plain_text(text)
    name, plain = _split_result(plain)
    tree = _parse(plain)
    expression = _flat(_convert(tree))
    variables = tuple(dict.fromkeys(part.name for part in expression.walk() if part.operation == "variable"))
    _require_worth_drawing(name, expression, variables)
    return Formula(name, expression, variables)


def _require_worth_drawing(name: str, expression: Expression, variables: Sequence[str]) -> None:
    if not variables:
        raise FormulaError("There is no variable in this formula, so there is nothing to take a gradient of.")
    if expression.operation == "variable":
        raise FormulaError("A formula needs at least one operation, such as x*y or exp(x).")
    if name in variables:
        raise FormulaError(
            f"“{name}” is the name of the result here, so no variable can be called so. Choose another letter."
        )
    if len(variables) > MOST_VARIABLES:
        raise FormulaError(
            f"This formula has {len(variables)} variables. At most {MOST_VARIABLES} find room beside the drawing."
        )
    count = len(set(expression.walk()))
    if count > MOST_NODES:
        raise FormulaError(
            f"The graph of this formula has {count} nodes. At most {MOST_NODES} can be read in one drawing, "
            "so try a shorter formula."
        )


def _plain_text(text: str) -> str:
    """The text with signs that Python knows, or an error at the first that has no meaning here."""
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(f"This formula is too long: at most {MOST_CHARACTERS} characters are read.")
    plain = "".join(" " if sign.isspace() else sign for sign in text).translate(SIGNS)
    plain = re.sub("[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda digits: f"**({''.join(RAISED[x] for x in digits[0])})", plain)
    plain = re.sub(r"√\s*(?=\()", "sqrt", plain)
    plain = re.sub(r"√\s*(\w+)", r"sqrt(\1)", plain)
    plain = plain.replace("^", "**").strip()
    if not plain:
        raise FormulaError("Type a formula, such as sigmoid(w*x + b).")
    for sign in plain:
        raised = unicodedata.decomposition(sign).startswith(("<super>", "<sub>"))
        if not (sign.isalnum() or sign in PLAIN_SIGNS + "=") or raised:
            shown = f"“{sign}”" if sign.isprintable() and not sign.isspace() else f"U+{ord(sign):04X}"
            hint = " Use round brackets only." if sign in "[]{}" else ""
            raise FormulaError(f"The character {shown} has no meaning in a formula here.{hint}")
    return plain


def _split_result(plain: str) -> tuple[str, str]:
    """(name of the result, formula): what stands before an equals sign, as in "L = x*y" or "f(x) = x*x"."""
    if "=" not in plain:
        return "L", plain
    match = re.fullmatch(r"\s*(\w+)\s*(?:\([\w\s,]*\))?\s*=([^=]+)", plain)
    if match is None:
        raise FormulaError("An equals sign can only follow the name of the result, as in L = x*y.")
    return _name(match[1]), match[2].strip()


def _parse(plain: str) -> ast.expr:
    """The syntax tree of the text, not too deep."""
    for word in re.findall(r"[^\W\d]\w*", plain):
        if keyword.iskeyword(word):
            raise FormulaError(f"“{word}” is a word of Python itself. Give the variable another name.")
    try:
        tree = ast.parse(plain, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError(_what_is_amiss(plain)) from None
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            raise FormulaError("Too many operations stand one inside the other. Try a shorter formula.")
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]  # type: ignore[misc]
    return tree


def _what_is_amiss(plain: str) -> str:
    """What a text that Python cannot read most likely lacks."""
    depth = 0
    for sign in plain:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return "A bracket is closed that was never opened."
    if depth:
        return f"{'A bracket is' if depth == 1 else 'Some brackets are'} opened but not closed."
    product = re.search(r"(?<![\w.])(\d+\.?\d*)\s*([^\W\d]\w{0,11})", plain)
    if product:
        return (
            f"A multiplication has to be written: {product[1][:8]}*{product[2]}, not {product[1][:8]}{product[2]}."
        )
    if re.search(r"[+\-*/]\s*(\)|$)", plain):
        return "Something is missing after the last sign, or before a closing bracket."
    if re.search(r"(^|\()\s*[*/]", plain):
        return "Something is missing before a multiplication, a division or a power."
    two = re.search(r"([^\W\d]\w*)\s+([^\W\d]\w*)", plain)
    if two and _function(two[1]):
        return f"What {two[1]} is applied to has to stand in brackets, as in {two[1]}(x)."
    if two:
        return "Between two names stands a sign such as * or +."
    return f"This cannot be read as a formula. It may hold {ALLOWED}."


def _function(name: str) -> str | None:
    """The name under which a function is known here, or None."""
    known = OTHER_NAMES.get(name, name.lower())
    known = OTHER_NAMES.get(known, known)
    return known if known in FUNCTIONS else None


def _name(name: str) -> str:
    """A variable's name in the one spelling it has here: x_1 is x1."""
    if len(name) > LONGEST_NAME:
        raise FormulaError(f"A name has at most {LONGEST_NAME} characters here. Choose a shorter one.")
    if not name[0].isalpha():
        raise FormulaError("A name begins with a letter, such as x or w1.")
    if keyword.iskeyword(name) or _function(name) or name in CONSTANTS:
        raise FormulaError(f"“{name}” has a meaning of its own here. Choose another name for it.")
    return re.sub(r"_+(?=\d+$)", "", unicodedata.normalize("NFKC", name))


def _convert(node: ast.expr) -> Expression:
    """A syntax tree as an expression, its constant parts worked out."""
    text = _typed(node)
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return Expression("constant", value=_number(value), text=text)
        case ast.Name(id=name) if name in CONSTANTS:
            return Expression("constant", value=CONSTANTS[name], text="π" if name == "pi" else name)
        case ast.Name(id=name) if _function(name):
            raise FormulaError(
                f"“{name}” is a function: what it is applied to stands in brackets, as in {name}(x)."
            )
        case ast.Name(id=name):
            return Expression("variable", name=_name(name), text=text)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _convert(operand)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _known(Expression("−x", (_convert(operand),), text=text))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            if isinstance(op, ast.Pow) and isinstance(left, ast.Name) and left.id == "e":
                return _known(Expression("exp", (_convert(right),), text=text))
            return _joined(BINARY[type(op)], _convert(left), _convert(right), text)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _called(name, args, text)
        case ast.Call():
            raise FormulaError("A multiplication has to be written: (a)*(b), not (a)(b).")
        case ast.Tuple():
            raise FormulaError("A comma has no meaning in a formula here. Decimals have a point, as in 0.5.")
        case ast.Attribute():
            raise FormulaError("A point can only stand in a number, such as 0.5.")
    raise FormulaError(f"This is no formula that can be drawn. It may hold {ALLOWED}.")


def _number(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise FormulaError("A number in this formula is larger than any that a computer calculates with.")
    return number


def _called(name: str, args: Sequence[ast.expr], text: str) -> Expression:
    function = _function(name)
    if function is None and len(name) <= LONGEST_NAME:
        raise FormulaError(
            f"“{name}” is not one of the functions here, which are {', '.join(FUNCTIONS)}. "
            f"For a product write {name}*(…)."
        )
    if function is None:
        raise FormulaError(f"The functions here are {', '.join(FUNCTIONS)}.")
    if len(args) != 1 or isinstance(args[0], ast.Starred):
        raise FormulaError(f"“{name}” is applied to one number, as in {name}(x).")
    return _known(Expression(function, (_convert(args[0]),), text=text))


def _joined(sign: str, left: Expression, right: Expression, text: str) -> Expression:
    """Two expressions joined by a sign, in the operations that the graph has.

    No node uses another twice, which would draw one edge over the other: x·x is x², x + x is 2·x.
    """
    if sign == "^":
        return _raised(left, right, text)
    if sign == "/":
        inverse = _known(Expression("1/x", (right,), text=f"1/{_bracketed(right.text)}"))
        if left == Expression("constant", value=1.0):
            return inverse
        sign, right = "×", inverse
    if left == right and left.operation != "constant":
        if sign == "×":
            return Expression("^", (left,), value=2.0, text=text)
        if sign == "+":
            return Expression("×", (Expression("constant", value=2.0, text="2"), left), text=text)
        sign, right = "+", Expression("−x", (right,), text=f"{MINUS}{_bracketed(right.text)}")
    return _known(Expression(sign, (left, right), text=text))


def _raised(base: Expression, exponent: Expression, text: str) -> Expression:
    if exponent.operation != "constant":
        raise FormulaError(
            "An exponent has to be a number here. For a power such as a^b write exp(b*log(a)), "
            "which is the same for a positive a."
        )
    c = exponent.value
    if c == 0:
        return Expression("constant", value=1.0, text="1")
    if c == 1:
        return base
    if c == -1:
        return _known(Expression("1/x", (base,), text=text))
    if c == 0.5:
        return _known(Expression("sqrt", (base,), text=text))
    return _known(Expression("^", (base,), value=c, text=text))


def _known(expression: Expression) -> Expression:
    """The expression, or the constant that it is where it holds no variable."""
    if any(operand.operation != "constant" for operand in expression.operands):
        return expression
    operands = [constant(operand.text, operand.value) for operand in expression.operands]
    return Expression("constant", value=_apply(expression, operands).value, text=expression.text)


def _flat(expression: Expression) -> Expression:
    """Sums of sums and products of products as one, so that a + b + c is one node with three operands.

    A sum that is used elsewhere too stays a node of its own.
    """
    uses = Counter(expression.walk())

    def flat(part: Expression) -> Expression:
        operands = tuple(flat(operand) for operand in part.operands)
        if part.operation in ("+", "×"):
            first = part.operands[0]
            merged = (*operands[0].operands, *operands[1:])
            if first.operation == part.operation and uses[first] == 1 and len(set(merged)) == len(merged):
                operands = merged
        return Expression(part.operation, operands, part.name, part.value, part.text)

    return flat(expression)


def _apply(part: Expression, operands: Sequence[Node], label: str | None = None) -> Node:
    """The node of an operation, or what keeps it from being computed, in words."""
    _require_defined(part, operands[0].value)
    try:
        match part.operation:
            case "+":
                return add(*operands, label=label)
            case "×":
                return multiply(*operands, label=label)
            case "−":
                return subtract(operands[0], operands[1], label=label)
            case "−x":
                return negate(operands[0], label=label)
            case "1/x":
                return reciprocal(operands[0], label=label)
            case "^":
                return power(operands[0], part.value, label=label)
            case function:
                return FUNCTIONS[function](operands[0], label=label)
    except (ValueError, ArithmeticError):
        raise FormulaError(
            f"At these numbers {_quoted(part)}, or its slope, is larger than a computer can hold."
        ) from None


def _require_defined(part: Expression, x: float) -> None:
    """Raise a FormulaError where an operation has no value or no slope at x."""
    needs = ""
    match part.operation:
        case "log" if x <= 0:
            needs = "log needs a positive number"
        case "sqrt" if x < 0:
            needs = "A square root needs a positive number"
        case "sqrt" if x == 0:
            needs = "A square root has an infinite slope at 0"
        case "1/x" if x == 0:
            below = part.operands[0]
            name = "" if below.operation == "constant" else f" {below.text}".rstrip()
            raise FormulaError(f"The denominator{name} is 0.")
        case "^" if x < 0 and not part.value.is_integer():
            needs = f"The power {_plain(part.value)} needs a positive number"
        case "^" if x == 0 and part.value < 1:
            needs = f"The power {_plain(part.value)} needs a number other than 0"
    if needs:
        operand = part.operands[0]
        here = (
            f"here it is {_plain(x)}" if operand.operation == "constant" else f"{_quoted(operand)} is {_plain(x)}"
        )
        raise FormulaError(f"{needs}, {'but' if 'needs' in needs else 'and'} {here}.")


def _quoted(part: Expression) -> str:
    """A part of a formula as a sentence names it: as typed, where that is short."""
    return part.text if 0 < len(part.text) <= LONGEST_QUOTE else "a part of the formula"


def _typed(node: ast.expr) -> str:
    """A part of a formula as it is printed; empty where it is too long to be quoted.

    `ast.unparse` recurses as deep as the tree, which `_parse` has bounded.
    """
    text = ast.unparse(node)
    for sign, printed in ((" ** ", "^"), (" * ", "·"), (" / ", "/"), ("-", MINUS)):
        text = text.replace(sign, printed)
    return text if len(text) <= LONGEST_QUOTE else ""


def _bracketed(text: str) -> str:
    return f"({text})" if any(sign in text for sign in f" ·/{MINUS}") else text


def _plain(x: float) -> str:
    return f"{x:.4g}".replace("-", MINUS)
