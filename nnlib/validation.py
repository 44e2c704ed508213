"""Checks of arguments: each says which argument is wrong, what it was and what is allowed."""

import numbers
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


def check_choice(name: str, value: str, allowed: Iterable[str]) -> str:
    """`value` if it is one of `allowed`, else ValueError."""
    if value not in (choices := list(allowed)):
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, got {value!r}")
    return value


def check_flag(name: str, value: bool) -> bool:
    """`value` as a bool if it is True or False, else TypeError."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False, got {value!r}")
    return bool(value)


def check_integer(name: str, value: int, low: int, high: int | None = None) -> int:
    """`value` as an int if it is a whole number in [low, high]; TypeError or ValueError otherwise."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < low or (high is not None and value > high):
        allowed = f"at least {low}" if high is None else f"from {low} to {high}"
        raise ValueError(f"{name} must be {allowed}, got {value!r}")
    return int(value)


def check_number(name: str, value: float, low: float, high: float, low_included: bool = True) -> float:
    """`value` as a float if it is a finite number in [low, high], or (low, high]."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number, got {value!r}")
    above = value >= low if low_included else value > low
    if not (np.isfinite(value) and above and value <= high):
        bounds = f"{'[' if low_included else '('}{low}, {high}{']' if np.isfinite(high) else ')'}"
        raise ValueError(f"{name} must be finite and in {bounds}, got {value!r}")
    return float(value)


def check_matrix(name: str, value: ArrayLike, dtype: np.dtype | type) -> np.ndarray:
    """`value` as a finite (n, m) array of `dtype` with at least one row and one column."""
    value = np.asarray(value)
    if value.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold numbers, got dtype {value.dtype}")
    if value.ndim != 2 or 0 in value.shape:
        raise ValueError(f"{name} must have rows and columns, got shape {value.shape}")
    if value.dtype.kind == "f" and not np.all(np.isfinite(value)):
        bad = int(np.count_nonzero(~np.isfinite(value)))
        raise ValueError(f"{name} must be finite, got {bad} NaN or infinite values")
    return np.ascontiguousarray(value, dtype=dtype)


def check_random_state(random_state: int | np.random.Generator | None) -> np.random.Generator:
    """A generator: the one given, one seeded with a whole number, or a fresh one for None."""
    if isinstance(random_state, np.random.Generator):
        return random_state
    if random_state is not None:
        random_state = check_integer("random_state", random_state, 0)
    return np.random.default_rng(random_state)


def random_state_of(rng: np.random.Generator) -> dict[str, Any]:
    """Where a generator is in its sequence, in names and whole numbers; ValueError if it is not of PCG64."""
    state = dict(rng.bit_generator.state)
    if (name := state["bit_generator"]) != "PCG64":
        raise ValueError(f"random_state must be of PCG64, NumPy's default, for its state to be kept, got {name}")
    return state


def set_random_state(rng: np.random.Generator, state: dict[str, Any]) -> None:
    """Put a generator of PCG64 where `random_state_of` found it; ValueError or TypeError if it cannot be there."""
    if not isinstance(state, dict) or not isinstance(position := state.get("state"), dict):
        raise TypeError("random_state must be a dictionary, and its state another")
    inc = check_integer("inc", position.get("inc", -1), 0, 2**128 - 1)
    if inc % 2 == 0:  # it might stand still
        raise ValueError("inc must be odd")
    checked = {
        "bit_generator": "PCG64",
        "state": {"state": check_integer("state", position.get("state", -1), 0, 2**128 - 1), "inc": inc},
        "has_uint32": check_integer("has_uint32", state.get("has_uint32", -1), 0, 1),
        "uinteger": check_integer("uinteger", state.get("uinteger", -1), 0, 2**32 - 1),
    }
    if checked != state:
        raise ValueError("random_state must be a state of PCG64")
    rng.bit_generator.state = checked
