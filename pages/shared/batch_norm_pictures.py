"""What page 23.6 draws: the batch on three number lines, its computation graph, the printed form's error."""

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib.batch_norm import Backward, Forward, printed_errors
from nnlib.book_graphs import subscript
from pages.shared.charts import show_chart, with_meaning
from pages.shared.graph_drawing import Placement
from pages.shared.number_lines import NumberLine, Push, number_lines, spoken
from pages.shared.numbers import difference, number, percent

ROWS = (70.0, 245.0, 420.0)  # of the three samples in the graph
SHARED = 590.0  # of what all samples share
SIZES = [2, 3, 4, 5, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]


def show_batch(passed: Forward, gradients: Backward, printed: Backward, key: str) -> None:
    """z, z̄ and z̃ on number lines, and where a step against the gradient pushes each z."""
    lines = [
        NumberLine("z", passed.z.tolist(), passed.u, "u", (passed.u - passed.scale, passed.u + passed.scale)),
        NumberLine("z̄", passed.z_bar.tolist(), 0.0, "", (-1.0, 1.0)),
        NumberLine("z̃", passed.z_tilde.tolist(), passed.beta, "", _band(passed)),
    ]
    pushes = [Push((-gradients.dz).tolist()), Push((-printed.dz).tolist(), printed=True)]
    about = (
        "The samples on three number lines. "
        + ". ".join(map(spoken, lines))
        + ". Pushed by −dz: "
        + ", ".join(number(step) for step in -gradients.dz)
    )
    number_lines(lines, pushes, key, about)


def _band(passed: Forward) -> tuple[float, float]:
    low, high = sorted((passed.beta - passed.gamma, passed.beta + passed.gamma))
    return low, high


def graph_placement(ddof: int) -> Placement:
    """Three samples in three rows from z to L; below them, in a loop, what makes u, σ² and 1/s."""
    positions: dict[str, tuple[float, float]] = {
        "Σz": (90, SHARED),
        "u": (185, SHARED),
        "1/3": (185, SHARED + 100) if ddof else (280, SHARED + 100),
        "Σ(z − u)²": (400, SHARED),
        "σ²": (400, SHARED + 100),
        "σ² + ε": (505, SHARED + 100),
        "ε": (505, SHARED + 180),
        "s": (610, SHARED + 100),
        "1/s": (610, SHARED),
        "γ": (765, SHARED),
        "β": (865, SHARED),
        "L": (1065, ROWS[1]),
    }
    if ddof:
        positions["1/2"] = (290, SHARED + 100)
    captions = {"Σz": "Σz", "u": "u", "Σ(z − u)²": "Σ(z − u)²", "σ²": "σ²", "σ² + ε": "σ² + ε", "s": "s", "L": "L"}
    shifts: dict[str, tuple[float, float]] = {
        "Σz": (0, 34),
        "u": (-14, -24),
        "Σ(z − u)²": (44, -20),
        "σ²": (0, 34),
        "σ² + ε": (38, 26),
        "s": (0, 34),
        "1/s": (32, 26),
        "L": (0, 34),
    }
    shares: dict[str, float] = {}
    for j, row in zip((subscript(k) for k in (1, 2, 3)), ROWS, strict=True):
        fall = SHARED - row
        positions |= {
            f"z{j}": (28, row),
            f"z{j} − u": (235, row),
            f"(z{j} − u)²": (345, row + 78),
            f"z̄{j}": (665, row),
            f"γz̄{j}": (765, row),
            f"z̃{j}": (865, row),
            f"g{j}": (965, row - 62),
            f"g{j}z̃{j}": (965, row),
        }
        captions |= {f"z{j} − u": f"z{j} − u", f"z̄{j}": f"z̄{j}", f"z̃{j}": f"z̃{j}", f"(z{j} − u)²": f"(z{j} − u)²"}
        shifts |= {f"(z{j} − u)²": (-6, 32), f"γz̄{j}": (0, -23)}
        shares |= {
            f"z{j} → Σz": 88 / fall,
            f"u → z{j} − u": 1 - 92 / fall,
            f"z{j} − u → (z{j} − u)²": 0.55,
            f"(z{j} − u)² → Σ(z − u)²": min(0.5, 60 / (fall - 78)),
            f"1/s → z̄{j}": 1 - 84 / fall,
            f"γ → γz̄{j}": 1 - 92 / fall,
            f"β → z̃{j}": 1 - 92 / fall,
        }
    return Placement(positions, 1140, SHARED + 220, captions, shifts, shares, minimum=1000)


@st.cache_data(show_spinner=False)
def error_curve() -> pd.DataFrame:
    """The printed form's error for each batch size, in absolute terms and as a share of the largest dz."""
    absolute, relative = printed_errors(SIZES, random_state=0)
    return pd.DataFrame({"n": SIZES, "error": absolute, "share": relative})


def show_printed_errors(n: int, key: str) -> None:
    """The error over the batch size on two logarithmic axes, with the reader's n marked."""
    curve = error_curve()
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
    base = alt.Chart(curve, height=260)
    tooltip = [alt.Tooltip("n:Q"), alt.Tooltip("error:Q", format=".2e"), alt.Tooltip("share:Q", format=".2%")]
    line = base.mark_line(point=True).encode(x=x, y=y, tooltip=tooltip)
    mark = alt.Chart(curve[curve["n"] == n]).mark_point(size=220, strokeWidth=3).encode(x=x, y=y)
    shown = curve[curve["n"] == n].iloc[0]
    show_chart(
        alt.LayerChart(layer=[with_meaning(line, "gradient"), with_meaning(mark, "neutral")]),
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
