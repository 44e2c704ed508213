"""How numbers, and the verdicts on them, are written on every page."""

import math
import re
from functools import lru_cache

from nnlib.notation import MINUS, SUPERSCRIPTS, superscript

ALMOST_NOTHING = 1e-9
POWER = re.compile("10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$")
LOW_DIGITS = {high: low for low, high in SUPERSCRIPTS.items()}
RIGHT, WRONG = "✓", "✖"  # of the crosses, the one that no font draws as a letter X


def _scientific(x: float, digits: int) -> str:
    mantissa, exponent = f"{x:.{digits - 1}e}".split("e")
    sign, factor = "-" if x < 0 else "", _without_zeros(mantissa.lstrip("-"))
    power = f"10{superscript(int(exponent))}"
    return (sign + (power if factor == "1" else f"{factor}·{power}")).replace("-", MINUS)


def _without_zeros(text: str) -> str:
    """A number's text without the zeros that end its decimals."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(x: float, digits: int = 4) -> str:
    """Up to four significant digits, no trailing zeros; a true minus sign; below 1e-3 and above 1e5 as 4.54·10⁻⁵.

    Thousands are grouped, as in every count on the pages, which Python writes by f"{count:,}": 7,342.
    """
    return _written(float(x), digits)


@lru_cache(maxsize=4096)  # a drawing asks for the same number wherever it stands, and for its width
def _written(x: float, digits: int) -> str:
    if math.isnan(x):
        return "not a number"
    if math.isinf(x):
        return "∞" if x > 0 else f"{MINUS}∞"
    if x == 0:
        return "0"
    rounded = float(f"{x:.{digits - 1}e}")
    if not 1e-3 <= abs(rounded) <= 1e5:
        return _scientific(x, digits)
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    return _without_zeros(f"{rounded:,.{decimals}f}").replace("-", MINUS)


def numbers_alike(x: float, y: float) -> tuple[str, str]:
    """Two numbers to be compared, as `number` writes them, but in decimals as far down as 1e-6."""
    is_noise = min(abs(x), abs(y)) < 1e-6
    first, second = (number(v) if is_noise or abs(v) > 1e-3 else _in_decimals(v) for v in (x, y))
    return first, second


def _in_decimals(x: float) -> str:
    return _without_zeros(decimals(x, 3 - math.floor(math.log10(abs(x)))))


def read_number(text: str) -> float:
    """The number that `number` has written."""
    plain = text.replace(MINUS, "-").replace(",", "")
    power = POWER.search(plain)
    if power is None:
        return float(plain)
    before = plain[: power.start()].removesuffix("·")
    return float(f"{before + '1' if before in ('', '-') else before}e{power[1].translate(LOW_DIGITS)}")


def equals(x: float) -> str:
    """A number as `number` writes it, behind "=", or behind "≈" where digits are left out: "= 0.5", "≈ 0.6931"."""
    text = number(x)
    is_exact = not math.isfinite(x) or math.isclose(read_number(text), x, rel_tol=1e-12)
    return f"{'=' if is_exact else '≈'} {text}"


def difference(x: float) -> str:
    """A difference or an error as `number`, to two digits: more of them mean nothing."""
    return number(x, 2)


def percent(share: float) -> str:
    """A share in [0, 1] as a percentage with two decimals, as the book prints accuracies.

    What is not quite all or not quite nothing is not written as if it were.
    """
    text = f"{100 * share:.2f} %"
    if share < 1 and text == "100.00 %":
        return "> 99.99 %"
    return "< 0.01 %" if share > 0 and text == "0.00 %" else text


def probability(p: float) -> str:
    """A network's output as a percentage: it is never quite 0 or 1, even where the digits of a number run out."""
    return percent(min(max(float(p), ALMOST_NOTHING), 1 - ALMOST_NOTHING))


def decimals(x: float, count: int) -> str:
    """A fixed number of decimals, only where a page says so, as in "8 decimals"."""
    return f"{float(x):.{count}f}".replace("-", MINUS)


def with_article(digit: int, mark: str = "") -> str:
    """A digit with its article, such as "a 7" or "an 8"; `mark` stands around the digit, as ** does."""
    return f"{'an' if digit == 8 else 'a'} {mark}{digit}{mark}"
