"""What page 23.6 draws: the batch on three number lines, its computation graph, the printed form's error."""

from functools import cache

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.batch_norm import Backward, Forward, printed_errors
from nnlib.notation import subscript
from pages.ex23_6.number_lines import LineGroup, NumberLine, number_lines
from pages.shared.charts import Spec, fill, show_chart, with_meaning
from pages.shared.graph.placement import Placement
from pages.shared.numbers import difference, number, percent

ROWS = (92.0, 272.0, 452.0)  # of the three samples in the graph
SHARED = 625.0  # of what all samples share
SIZES = [2, 3, 4, 5, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]


def show_batch(passed: Forward, gradients: Backward, printed: Backward, key: str) -> None:
    """z, z̄ and z̃ on number lines, and below them dz as computed and as printed."""
    u, s, gamma, beta = passed.u, passed.scale, passed.gamma, passed.beta
    values = [
        NumberLine("z", passed.z.tolist(), u, "u", (u - s, u + s)),
        NumberLine("z̄", passed.z_bar.tolist(), 0.0, "", (-1.0, 1.0)),
        NumberLine("z̃", passed.z_tilde.tolist(), beta, "", (beta - abs(gamma), beta + abs(gamma))),
    ]
    slopes = [
        NumberLine("dz", gradients.dz.tolist()),
        NumberLine("dz as\nprinted", printed.dz.tolist(), hollow=True),
    ]
    number_lines([LineGroup(values, "forward"), LineGroup(slopes, "gradient")], key)


def graph_placement(ddof: int) -> Placement:
    """Three samples in three rows from z to L; below them, in a loop, what makes u, σ² and 1/s.

    Where three edges meet below, they lean so that each has room for its numbers on one side.
    """
    lower, lowest = SHARED + 100, SHARED + 200
    positions: dict[str, tuple[float, float]] = {
        "Σz": (86, SHARED),
        "u": (240, SHARED),
        "Σ(z − u)²": (445, SHARED),
        "σ²": (445, lower),
        "σ² + ε": (445, lowest),
        "ε": (355, lowest),
        "s": (535, lowest),
        "1/s": (535, SHARED),
        "γ": (668, SHARED),
        "β": (758, SHARED),
        "L": (936, ROWS[1]),
        # with divisor n, one constant serves both u and σ²
        **({"1/3": (240, lower), "1/2": (355, lower)} if ddof else {"1/3": (240, lower)}),
    }
    captions = {name: name for name in ("Σz", "u", "Σ(z − u)²", "σ²", "σ² + ε", "s", "1/s", "L")}
    shifts: dict[str, tuple[float, float]] = {
        "Σz": (0, 34),
        "u": (26, 5),
        "Σ(z − u)²": (-52, 4),
        "σ²": (30, 5),
        "σ² + ε": (0, 34),
        "s": (0, 34),
        "1/s": (-30, 4),
        "L": (0, 34),
    }
    shares: dict[str, float] = {}
    left = []
    for j, row in zip((subscript(k) for k in (1, 2, 3)), ROWS, strict=True):
        fall = SHARED - row
        positions |= {
            f"z{j}": (62, row),
            f"z{j} − u": (190, row),
            f"(z{j} − u)²": (408, row + 84),
            f"z̄{j}": (578, row),
            f"γz̄{j}": (668, row),
            f"z̃{j}": (758, row),
            f"g{j}": (848, row - 66),
            f"g{j}z̃{j}": (848, row),
        }
        captions |= {name: name for name in (f"z{j} − u", f"z̄{j}", f"z̃{j}")}
        shifts |= {f"z{j} − u": (-26, -20), f"z̃{j}": (16, -20)}
        shares |= {
            f"z{j} → Σz": 84 / fall,
            f"u → z{j} − u": 1 - 88 / fall,
            f"(z{j} − u)² → Σ(z − u)²": 46 / (fall - 84),
            f"z{j} − u → z̄{j}": 0.72,
            f"1/s → z̄{j}": 1 - 84 / fall,
            f"γ → γz̄{j}": 1 - 88 / fall,
            f"β → z̃{j}": 1 - 88 / fall,
        }
        left += [f"z{j} → Σz", f"u → z{j} − u", f"(z{j} − u)² → Σ(z − u)²", f"g{j} → g{j}z̃{j}"]
    return Placement(positions, 1016, lowest + 45, captions, shifts, shares, left, minimum=800)


@st.cache_data(show_spinner=False)
def error_curve() -> pd.DataFrame:
    """The printed form's error for each batch size, in absolute terms and as a share of the largest dz."""
    absolute, relative = printed_errors(SIZES, random_state=0)
    return pd.DataFrame({"n": SIZES, "error": absolute, "share": relative})


@cache
def _error_template() -> Spec:
    x = alt.X(
        "n:Q",
        title="batch size n",
        scale=alt.Scale(type="log", base=2),
        axis=alt.Axis(values=[2, 4, 8, 16, 32, 64, 128, 256]),
    )
    y = alt.Y(
        "error:Q",
        title="largest |printed dz − true dz|",
        scale=alt.Scale(type="log"),
        axis=alt.Axis(format="~e", values=[0.0001, 0.001, 0.01, 0.1, 1]),
    )
    tooltip = [alt.Tooltip("n:Q"), alt.Tooltip("error:Q", format=".2e"), alt.Tooltip("share:Q", format=".2%")]
    line = alt.Chart(alt.NamedData("curve")).mark_line(point=True).encode(x=x, y=y, tooltip=tooltip)
    mark = alt.Chart(alt.NamedData("here")).mark_point(size=220, strokeWidth=3).encode(x=x, y=y)
    layers = [with_meaning(line, "gradient"), with_meaning(mark, "neutral")]
    return alt.LayerChart(layer=layers, height=260).to_dict()


def show_printed_errors(n: int, key: str) -> None:
    """The error over the batch size on two logarithmic axes, with the reader's n marked."""
    curve = error_curve()
    here = curve[curve["n"] == n]
    shown = here.iloc[0]
    show_chart(
        fill(_error_template(), curve=curve, here=here),
        pd.DataFrame(
            {
                "n": curve["n"],
                "largest error": [difference(v) for v in curve["error"]],
                "share of the largest dz": [
                    percent(v) if v < 10 else f"{number(v)} times" for v in curve["share"]
                ],
            }
        ),
        f"The printed form's error falls with the batch size. At n = {n} it is {difference(shown['error'])}.",
        key,
    )


def batch_table(passed: Forward, upstream: np.ndarray, dz_bar: np.ndarray) -> pd.DataFrame:
    """z → z̄ → z̃ and the upstream gradient, one row a sample."""
    columns = {
        "z": passed.z,
        "z − u": passed.z - passed.u,
        "z̄": passed.z_bar,
        "z̃": passed.z_tilde,
        "g = ∂L/∂z̃": upstream,
        "dz̄ = γg": dz_bar,
    }
    table = pd.DataFrame({name: [number(value) for value in values] for name, values in columns.items()})
    return table.assign(sample=[str(j + 1) for j in range(len(table))]).set_index("sample")
