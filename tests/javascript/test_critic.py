"""What the dials of page 23.2 work out in the browser, against `nnlib`; how they write numbers, against Python."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import playwright
import pytest

from nnlib.chapter23.multilabel import multilabel_loss
from pages.shared.numbers import number

PAGES = Path(__file__).resolve().parents[2] / "pages"
NODE = next(Path(playwright.__file__).with_name("driver").glob("node*"))
SCRIPT = "".join((PAGES / name).read_text("utf-8") for name in ("shared/svg/svg.js", "ex23_2/critic.js"))


def in_node(expression: str) -> Any:
    """The value of an expression behind the script of the dials."""
    script = f"{SCRIPT}\nconsole.log(JSON.stringify({expression}));"
    ran = subprocess.run([NODE, "--input-type=module", "-"], input=script, encoding="utf-8", capture_output=True)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize("y", [0, 1])
def test_a_cell_is_that_of_the_library(y: int) -> None:
    Z = np.linspace(-10, 10, 81)[:, None]
    expected = multilabel_loss(Z, np.full(Z.shape, float(y)))
    cells = in_node(f"{Z.ravel().tolist()}.map((z) => cellOf(z, {y}, {len(Z)}))")
    for name, values in (
        ("p", expected.P),
        ("loss", expected.elements),
        ("slope", expected.P * (1 - expected.P)),
        ("dp", expected.dP),
        ("dz", expected.dZ),
    ):
        np.testing.assert_allclose([cell[name] for cell in cells], values.ravel(), rtol=1e-10)
    assert [cell["right"] for cell in cells] == (expected.assigned == y).ravel().tolist()


def test_numbers_are_written_as_everywhere() -> None:
    rng = np.random.default_rng(23)
    values = [*(rng.choice([-1, 1], 300) * np.exp(rng.uniform(-18, 18, 300))), 0, 1, -0.5, 1e5, 1e-3, 0.00099996]
    assert in_node(f"{[float(x) for x in values]}.map(number)") == [number(x) for x in values]


def test_a_probability_never_looks_like_1() -> None:
    written = in_node("[-9, 0, 5, 8, 10].map((z) => cellOf(z, 0, 1)).map(({ p, q }) => probability(p, q))")
    assert written == ["1.234e\u22124", "0.5", "0.9933", "0.9997", "0.999955"]
