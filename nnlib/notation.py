"""How arrays are typed and symbols written: low and high digits, a true minus sign, brackets around factors."""

import numpy as np

Array = np.ndarray

MINUS = "\u2212"  # the true minus sign; a hyphen is too short to be read as one
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def subscript(*indices: int) -> str:
    """Whole numbers in low digits, one after the other: (12) is "₁₂", and so is (1, 2)."""
    return "".join(map(str, indices)).translate(SUBSCRIPTS)


def superscript(index: int) -> str:
    """A whole number in high digits: 12 is "¹²", and -4 is "⁻⁴"."""
    return str(index).translate(SUPERSCRIPTS)


def factor(label: str) -> str:
    """`label` as a factor of a product: in brackets where it is a sum, a product or begins with a sign."""
    return f"({label})" if any(sign in label for sign in f" ·/{MINUS}") else label
