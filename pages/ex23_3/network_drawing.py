"""Draw one picture's way through a network, forward or back: every neuron a cell, its depth what it holds."""

from typing import Any

import numpy as np

from nnlib.network import Trace
from nnlib.notation import superscript
from pages.shared.numbers import WRONG, number
from pages.shared.svg.component import component

MOST_CELLS = 100  # neurons of a layer that are drawn; more would be too small to point at
MOST_IN_MAP = 20  # rows and columns of a small heat map
POINT = "Point at a neuron, or reach it with Tab and the arrow keys, to read its number."
CHOOSE = "Point at a neuron to read its number. Click one of layer 1 to see its gradient below."
SUMMED = f"{WRONG} b gets Σδ"

_draw = component(
    __file__, '<div class="scroll drawing"></div><p class="about" role="status"></p><div class="gradients"></div>'
)


def draw_pass(
    trace: Trace,
    image_shape: tuple[int, int],
    label: int,
    *,
    label_text: str,
    output: str,
    back: bool,
    summed: bool,
    key: str,
) -> None:
    """Draw a picture, the layers and the outputs of a network, each neuron filled by what it holds.

    Parameters
    ----------
    trace : of one picture
    image_shape : (height, width) of the picture
    label, label_text : the digit it is, and what is written beside it
    output : symbol of the network's outputs, "p" where they are probabilities
    back : whether to show the errors δ and the gradients they make, or the outputs h
    summed : whether to say at each layer that the printed program's mistake is made there
    key : unique name on the page
    """
    count = len(trace.delta)
    values = [array[0] for array in (trace.delta if back else trace.h[1:])]
    layers = [_layer(t, values[t - 1], output if t == count else "", back) for t in range(1, count + 1)]
    for layer in layers:
        layer["mistake"] = SUMMED if summed else ""
    way = "back" if back else "forward"
    _draw(
        key=key,
        data={
            "way": way,
            "title": f"One picture's way {way} through the network",
            "about": CHOOSE if back else POINT,
            "picture": {
                "symbol": "h⁽⁰⁾ = x",
                "count": f"{trace.h[0].size} pixels",
                "columns": image_shape[1],
                "values": _shares(trace.h[0][0], 1.0),
            },
            "layers": layers,
            "label": label,
            "label_text": label_text,
            "signs": ["δ above 0", "δ below 0"] if back else ["above 0", "below 0"],
            "signed": any(min(layer["values"], default=0) < 0 for layer in layers),
            "maps": [_heat_map(trace, t) for t in range(2, count + 1)] if back else [],
            "gradient": _gradient_words() if back else None,
        },
    )


def shown_neurons(values: np.ndarray) -> np.ndarray:
    """The neurons of a layer that are drawn, counted from 0: all, or those with the largest |value|."""
    return _largest(values, MOST_CELLS)


def _largest(values: np.ndarray, most: int) -> np.ndarray:
    """Positions, in their order, of the `most` values largest in size."""
    return np.sort(np.argsort(-np.abs(values), kind="stable")[:most])


def _shares(values: np.ndarray, largest: float) -> list[float]:
    """Values as shares of the largest, with as many digits as can be seen."""
    return [round(float(share), 3) for share in values / (largest or 1.0)]


def _layer(t: int, values: np.ndarray, output: str, back: bool) -> dict[str, Any]:
    """One layer for the browser; `output` is the symbol of the last one's values, else empty."""
    is_output = bool(output)
    neurons, size = shown_neurons(values), len(values)
    symbol = output if is_output and not back else f"{'δ' if back else 'h'}⁽{superscript(t)}⁾"
    largest = float(np.abs(values).max())
    neuron = "Output {neuron}" if is_output else f"Neuron {{neuron}} of hidden layer {t}"
    return {
        "symbol": symbol,
        "count": f"{size} neuron{'s' * (size > 1)}" if len(neurons) == size else f"{len(neurons)} of {size}",
        "largest": f"max {number(float(f'{largest:.1e}'))}" if back or not is_output else "",
        "is_output": is_output,
        "neurons": neurons.tolist(),
        "values": _shares(values[neurons], largest if back or not is_output else 1.0),
        "texts": [number(value, 4 if is_output and not back else 3) for value in values[neurons]],
        "about": f"{neuron}: {symbol} = {{value}}.",
    }


def _heat_map(trace: Trace, t: int) -> dict[str, Any]:
    """∇W⁽ᵗ⁾ where what came forward and what came back are largest."""
    dW, h, delta = trace.dW[t - 1], trace.h[t - 1][0], trace.delta[t - 1][0]
    rows, columns = _largest(h, MOST_IN_MAP), _largest(delta, MOST_IN_MAP)
    part = dW[np.ix_(rows, columns)]
    largest = float(np.abs(part).max())
    folded = part.size < dW.size
    return {
        "columns": len(columns),
        "values": _shares(part.ravel(), largest),
        "caption": f"∇W⁽{superscript(t)}⁾ = h⁽{superscript(t - 1)}⁾ δ⁽{superscript(t)}⁾ᵀ. A row is a neuron of "
        f"layer {t - 1}, a column a neuron of layer {t}{', where h and |δ| are largest' if folded else ''}. "
        f"The largest number is {number(float(f'{largest:.1e}'))} in size.",
    }


def _gradient_words() -> dict[str, str]:
    """What is said of the first layer's gradient, by the sign of δ; the browser fills in neuron and number."""
    beginning = "∇W⁽¹⁾ of neuron {neuron} is the picture times one number, δ = {value}. "
    return {
        "positive": beginning + "It is positive: the next step makes the weights under the ink smaller, most "
        "where the ink is strongest.",
        "negative": beginning + "It is negative: the next step makes the weights under the ink larger, most "
        "where the ink is strongest.",
        "almost": beginning
        + "Almost nothing comes back to this neuron, so this picture hardly moves its weights.",
        "zero": beginning + "Nothing comes back to this neuron, so this picture does not move its weights at all.",
    }
