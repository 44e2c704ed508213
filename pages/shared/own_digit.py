"""A digit of the reader's own, prepared as the training pictures were and put through the network."""

from collections.abc import Callable

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib import Dataset, Network
from nnlib.digit_preparation import prepare_like_digits, prepare_like_mnist
from pages.shared.charts import with_meaning
from pages.shared.digit_canvas import digit_canvas, drawing_on, put_on
from pages.shared.numbers import number, percent
from pages.shared.pictures import digit_image, picture
from pages.shared.runs import Run

LAYERS_SHOWN = 2
NEGLIGIBLE = 1e-4
SECONDS_BETWEEN = 1.0  # two looks at the same drawing while the network learns

PREPARE: dict[tuple[int, int], Callable[[np.ndarray], np.ndarray]] = {
    (28, 28): prepare_like_mnist,
    (8, 8): prepare_like_digits,
}
PREPARED = {
    (
        28,
        28,
    ): "This is all the network sees. Your drawing was prepared as MNIST was: cropped, scaled until its longer "
    "side is 20 pixels, and moved until its centre of mass is in the middle of 28 × 28 pixels.",
    (
        8,
        8,
    ): "This is all the network sees. Your drawing was prepared as the small digits were: cropped, and scaled "
    "until its longer side is 8 pixels. A network that has learned MNIST reads drawings far better.",
}
RANGE = {"sigmoid": "between 0 and 1", "tanh": "between −1 and 1", "relu": "0 or more, and often exactly 0"}


def own_digit(run: Run | None, training: bool, key: str) -> None:
    """The sheet to draw on, the prepared picture, the network's outputs for it and its hidden activations.

    Only this part of the page runs again when a stroke ends.

    Parameters
    ----------
    run : whose network reads the drawing, at whatever point of training; None before the first
    training : whether it is being trained now: then the answer follows what the network learns
    key : unique name on the page; the widgets' keys begin with it
    """
    st.fragment(_own_digit, run_every=SECONDS_BETWEEN if training else None)(run, key)


def _own_digit(run: Run | None, key: str) -> None:
    sheet = f"{key}_sheet"
    drawing = drawing_on(sheet)
    prepared = outputs = None
    if run is None:
        answer = "There is no network to read it yet. Press Start or One batch above."
    elif run.trainer.state == "diverged":
        answer = "This run has diverged, so it cannot read. Lower the learning rate and press Reset."
    elif not drawing.any():
        answer = "Draw a digit from 0 to 9."
    else:
        run.claim()
        data, network = run.trainer.data, run.trainer.network
        assert data.image_shape is not None
        prepared = PREPARE[data.image_shape](drawing)
        *hidden, outputs = _activations(network, prepared)
        answer = f"The network reads {_a(int(outputs.argmax()))}."

    left, middle, right = st.columns([5, 3, 6], gap="medium")
    with left:
        digit_canvas(sheet, answer)
        if run is not None:
            st.button(
                "Borrow a test digit",
                icon=":material/shuffle:",
                key=f"{key}_borrow",
                help="Puts a picture the network was not trained on onto the sheet. Then change it with a stroke.",
                on_click=_borrow,
                args=(run.trainer.data, sheet),
            )
    if run is None or prepared is None or outputs is None:
        return
    with middle:
        picture(
            digit_image(np.rint(255 * prepared), prepared.shape, 255), "Your drawing as the network sees it.", 168
        )
        st.caption(PREPARED[prepared.shape])
    with right:
        _show_outputs(run.trainer.network, outputs, key)
    _show_hidden(run.trainer.network, hidden, key)


def _borrow(data: Dataset, sheet: str) -> None:
    """Put a random test picture on the sheet."""
    row = np.random.default_rng().integers(len(data.X_test))
    put_on(sheet, data.test_inputs(slice(row, row + 1)).reshape(data.image_shape))


def _activations(network: Network, prepared: np.ndarray) -> list[np.ndarray]:
    """Activations (m_t,) of each layer for one picture; the last are the outputs."""
    x = prepared.reshape(1, -1).astype(network.dtype)
    no_label = np.zeros((1, network.sizes[-1]))  # a label matters only to the backward pass
    return [h[0] for h in network.trace(x, no_label).h]


def _a(digit: int, mark: str = "") -> str:
    """The digit with its article, such as "a 7" or "an 8"."""
    return f"{'an' if digit == 8 else 'a'} {mark}{digit}{mark}"


def _show_outputs(network: Network, outputs: np.ndarray, key: str) -> None:
    """Ten bars, the answer in full colour, with its number in words."""
    order = np.argsort(-outputs, kind="stable")
    first, second = (int(k) for k in order[:2])
    st.markdown(
        f"The network reads {_a(first, '**')}, with {percent(outputs[first])}. "
        + (
            f"Next comes {_a(second)}, with {percent(outputs[second])}."
            if outputs[second] >= NEGLIGIBLE
            else f"No other digit gets {percent(NEGLIGIBLE)}."
        )
    )
    share = "probability" if network.loss_name.startswith("softmax") else "output p of each class"
    bars = pd.DataFrame(
        {
            "digit": [str(k) for k in range(len(outputs))],
            "output": outputs.astype(float),
            "answer": np.arange(len(outputs)) == first,
            "text": [percent(p) for p in outputs],
        }
    )
    base = alt.Chart(bars).encode(y=alt.Y("digit:N", title="digit", sort=None, axis=alt.Axis(labelOverlap=False)))
    drawn = with_meaning(base.mark_bar(), "forward").encode(
        x=alt.X("output:Q", title=share, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5)),
        opacity=alt.condition("datum.answer", alt.value(1.0), alt.value(0.45)),
        tooltip=["digit:N", "text:N"],
    )
    st.altair_chart(
        drawn.properties(height=290),
        width="stretch",
        key=f"{key}_outputs",
        alt=f"Output of each class: {', '.join(f'{k} {percent(outputs[k])}' for k in order[:3])}.",
    )
    table = st.expander("The numbers behind this chart", key=f"{key}_outputs_table", on_change="rerun")
    if table.open:
        table.table(bars[["digit", "text"]].rename(columns={"text": share}).set_index("digit"))


def _show_hidden(network: Network, hidden: list[np.ndarray], key: str) -> None:
    """One bar a neuron for the first hidden layers."""
    if not hidden:
        st.caption("This network has no hidden layer: its outputs come straight from the pixels.")
        return
    st.markdown(
        "**Hidden activations.** The activation h = a(z) is the number a hidden neuron passes on to the next "
        f"layer. Each bar is one neuron. With {network.activation} it is {RANGE[network.activation]}. Draw "
        "another digit: other neurons answer."
    )
    for t, h in enumerate(hidden[:LAYERS_SHOWN], start=1):
        bars = pd.DataFrame({"neuron": np.arange(len(h)), "h": h.astype(float)})
        chart = with_meaning(alt.Chart(bars).mark_bar(), "forward").encode(
            x=alt.X(
                "neuron:O",
                title=f"neuron of hidden layer {t}",
                axis=alt.Axis(values=list(range(0, len(h), 10)), labelAngle=0),
            ),
            y=alt.Y("h:Q", title="activation h", axis=alt.Axis(tickCount=3)),
            tooltip=["neuron:O", alt.Tooltip("h:Q", format=".4g")],
        )
        active = int(np.count_nonzero(h > 0))
        st.altair_chart(
            chart.properties(height=150),
            width="stretch",
            key=f"{key}_hidden_{t}",
            alt=f"Activations of the {len(h)} neurons of hidden layer {t}; {active} are above 0, "
            f"the largest is {number(h.max())}.",
        )
