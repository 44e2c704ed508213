"""A digit of the reader's own, prepared as the training pictures were and put through the network."""

from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib import Dataset, Network
from pages.ex23_3.digit_canvas import digit_canvas, drawing_on, put_on
from pages.ex23_3.one_picture import look_at_own
from pages.ex23_3.opening import follow_to_tab
from pages.ex23_3.own_drawing import MNIST_SHAPE, SHEET, keep_drawing, prepared_drawing
from pages.ex23_3.photo import LARGEST_MB, TYPES, drawing_from_photo
from pages.ex23_3.runs import MnistRun
from pages.ex23_3.training import Training
from pages.shared.charts import Spec, fill, with_meaning
from pages.shared.controls import Controls
from pages.shared.live import live
from pages.shared.numbers import number, probability, with_article
from pages.shared.pictures import digit_image, picture
from pages.shared.tables import show_table

controls = Controls("ex23_3_own")
BORROWED, PHOTO_TAKEN = controls.key("borrowed"), controls.key("photo_taken")
LAYERS_SHOWN = 2
NEGLIGIBLE = 1e-4
SECONDS_BETWEEN = 1.0  # two looks at the same drawing while the network learns

LIKE_MNIST = (
    "This is all the network sees. Your drawing was prepared as MNIST was: cropped, scaled until its longer side "
    "is 20 pixels, and moved until its centre of mass is in the middle of 28 × 28 pixels."
)
LIKE_DIGITS = (
    "This is all the network sees. Your drawing was prepared as the small digits were: cropped, and scaled until "
    "its longer side is 8 pixels. A network that has learned MNIST reads drawings far better."
)
DIVERGED = "This run has diverged, so it cannot read. Lower the learning rate and press Train."
RANGE = {"sigmoid": "between 0 and 1", "tanh": "between −1 and 1", "relu": "0 or more, and often exactly 0"}


@dataclass(frozen=True)
class Reading:
    """What a network makes of a drawing.

    Attributes
    ----------
    network : the reader
    prepared : (side, side) the drawing as it sees it, from 0 to 1
    hidden : activations (m_t,) of each hidden layer
    outputs : (l,) one a class
    """

    network: Network
    prepared: np.ndarray
    hidden: list[np.ndarray]
    outputs: np.ndarray

    @property
    def digit(self) -> int:
        """The class with the largest output."""
        return int(self.outputs.argmax())


def own_digit(training: Training) -> None:
    """The section: the sheet to draw on, the prepared picture, the network's outputs and its hidden activations.

    Only this part of the page runs again when a stroke ends. While the run shown is trained, the answer follows
    what its network learns, and training rests while the pen is down.
    """
    st.markdown(
        "Draw on the black sheet. When you lift the pen, the network of the run on screen reads what you drew. "
        "Try a 1 with a foot, a 7 with a bar, or a letter: it has to call everything a digit."
    )
    learning = training.at_work == "run"
    draw = partial(_draw_reading, training.shown, learning, training.runs.folder)
    live(controls.key("live"), learning, lambda: None, draw, SECONDS_BETWEEN)


def _draw_reading(run: MnistRun | None, learning: bool, folder: Path | None) -> None:
    follow_to_tab()
    keep_drawing(folder)
    reading = _read(run)
    sheet, prepared, outputs = st.columns([5, 3, 6], gap="medium")
    with sheet:
        answer = reading if isinstance(reading, str) else f"The network reads {with_article(reading.digit)}."
        _show_sheet(run, learning, answer)
    if isinstance(reading, str):
        return
    with prepared:
        like_mnist = reading.prepared.shape == MNIST_SHAPE
        pixels = digit_image(np.rint(255 * reading.prepared), reading.prepared.shape, 255)
        picture(pixels, "Your drawing as the network sees it.", width=168)
        st.caption(LIKE_MNIST if like_mnist else LIKE_DIGITS)
    with outputs:
        _show_outputs(reading)
    _show_hidden(reading)
    _show_numbers(reading)


def _read(run: MnistRun | None) -> Reading | str:
    """What the run's network makes of the drawing, or why it cannot read it, in plain words."""
    if run is None:
        return "There is no network to read it yet. Press Train or One batch above."
    run.claim()
    network, data = run.trainer.network, run.trainer.data
    if run.trainer.state == "diverged":
        return DIVERGED
    prepared = prepared_drawing(data)
    if prepared is None:
        return "Draw a digit from 0 to 9."
    no_label = np.zeros((1, network.sizes[-1]))  # a label matters only to the backward pass
    with np.errstate(over="ignore", invalid="ignore"):  # steps may be too large before the trainer notices
        trace = network.trace(prepared.reshape(1, -1), no_label)
    _, *hidden, outputs = (h[0].astype(float) for h in trace.h)
    if not np.isfinite(outputs).all():
        return DIVERGED
    return Reading(network, prepared, hidden, outputs)


def _show_sheet(run: MnistRun | None, learning: bool, answer: str) -> None:
    """The sheet, the answer in words, and the button that borrows a digit."""
    digit_canvas(SHEET, answer, run.rest if run is not None and learning else None)
    if run is None:
        return
    controls.button(
        "borrow",
        "Borrow a test digit",
        _borrow,
        run.trainer.data,
        icon=":material/shuffle:",
        help="Puts a picture the network was not trained on onto the sheet. Then change it with a stroke.",
    )
    _take_photo()
    is_drawn = drawing_on(SHEET).any()
    if st.button(
        "See its way through the network",
        key=controls.key("send"),
        on_click=look_at_own,
        icon=":material/account_tree:",
        disabled=not is_drawn,
        help="Shows what every neuron makes of your drawing, in the tab “Inside the network”.",
    ):
        st.rerun()  # this part of the page runs alone; the drawing is sent to another one
    if BORROWED in st.session_state and is_drawn:
        row, label = st.session_state[BORROWED]
        st.caption(f"You last borrowed test picture {row}, {with_article(label)}.")


def _take_photo() -> None:
    """Put the digit on a photo on the sheet, once for each file."""
    file = st.file_uploader(
        "Or a photo of a digit",
        TYPES,
        key=controls.key("photo"),
        max_upload_size=LARGEST_MB,
        help="Write one large digit with a dark pen on light paper, and leave some paper around it.",
    )
    if file is None or file.file_id == st.session_state.get(PHOTO_TAKEN):
        return
    try:
        drawing = drawing_from_photo(file.getvalue())
    except ValueError as error:
        st.warning(str(error), icon=":material/photo_camera:")
        return
    st.session_state[PHOTO_TAKEN] = file.file_id
    st.session_state.pop(BORROWED, None)
    put_on(SHEET, drawing)
    st.rerun()


def _borrow(data: Dataset) -> None:
    """Put a random test picture on the sheet."""
    row = int(np.random.default_rng().integers(len(data.X_test)))
    put_on(SHEET, data.test_inputs(slice(row, row + 1)).reshape(data.image_shape))
    st.session_state[BORROWED] = row, int(data.Y_test[row].argmax())


def _show_outputs(reading: Reading) -> None:
    """Ten bars, the answer in full colour, with its number in words."""
    outputs = reading.outputs
    order = np.argsort(-outputs, kind="stable")
    first, second = (int(k) for k in order[:2])
    softmax = reading.network.loss_name.startswith("softmax")
    written = probability if softmax else number  # sigmoids are no shares of one whole
    by_itself = "" if softmax else " Each output is a sigmoid of its own: the ten do not sum to 1."
    st.markdown(
        f"The **{first}** gets {'' if softmax else 'an output of '}{written(outputs[first])}. "
        + (
            f"Next comes {with_article(second)}, with {written(outputs[second])}."
            if outputs[second] >= NEGLIGIBLE
            else f"Every other digit gets less than {probability(NEGLIGIBLE) if softmax else '0.0001'}."
        )
        + by_itself
    )
    title = "output p (the ten sum to 100 %)" if softmax else "output (each digit by itself)"
    bars = pd.DataFrame(
        {
            "digit": [str(k) for k in range(len(outputs))],
            "output": outputs,
            "answer": np.arange(len(outputs)) == first,
            "share": [written(p) for p in outputs],
        }
    )
    st.vega_lite_chart(
        spec=fill(_outputs_template(title, ".0%" if softmax else ".1f"), bars=bars),
        width="stretch",
        key=controls.key("outputs"),
        alt=f"Output of each class: {', '.join(f'{k} {written(outputs[k])}' for k in order[:3])}.",
    )


@cache
def _outputs_template(title: str, marks: str) -> Spec:
    digits = alt.Axis(labelOverlap=False, labelFlush=False)
    base = alt.Chart(alt.NamedData("bars"), height=290).encode(
        y=alt.Y("digit:N", title="digit", sort=None, axis=digits)
    )
    shares = alt.Axis(format=marks, tickCount=5)
    return (
        with_meaning(base.mark_bar(), "forward")
        .encode(
            x=alt.X("output:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=shares),
            opacity=alt.condition("datum.answer", alt.value(1.0), alt.value(0.45)),
            tooltip=["digit:N", "share:N"],
        )
        .to_dict()
    )


def _show_hidden(reading: Reading) -> None:
    """One bar a neuron for the first hidden layers."""
    activation = reading.network.activation
    if not reading.hidden:
        st.caption("This network has no hidden layer: its outputs come straight from the pixels.")
        return
    st.markdown(
        "**Hidden activations.** The activation h = a(z) is the number a hidden neuron passes on to the next "
        f"layer. Each bar is one neuron. With {activation} it is {RANGE[activation]}. Draw "
        "another digit: other neurons become active."
        + (f" Shown are the first {LAYERS_SHOWN} hidden layers." if len(reading.hidden) > LAYERS_SHOWN else "")
    )
    for t, h in enumerate(reading.hidden[:LAYERS_SHOWN], start=1):
        bars = pd.DataFrame({"neuron": np.arange(len(h)), "h": h})
        active = int(np.count_nonzero(h > 0))
        st.vega_lite_chart(
            spec=fill(_hidden_template(t, len(h)), bars=bars),
            width="stretch",
            key=controls.key(f"hidden_{t}"),
            alt=f"Activations of the {len(h)} neurons of hidden layer {t}; {active} are above 0, "
            f"the largest is {number(h.max())}.",
        )


@cache
def _hidden_template(layer: int, neurons: int) -> Spec:
    numbered = alt.Axis(values=list(range(0, neurons, 10 if neurons <= 100 else 50)), labelAngle=0)
    bars = alt.Chart(alt.NamedData("bars"), height=150).mark_bar()
    return (
        with_meaning(bars, "forward")
        .encode(
            x=alt.X("neuron:O", title=f"neuron of hidden layer {layer}", axis=numbered),
            y=alt.Y("h:Q", title="activation h", axis=alt.Axis(tickCount=3)),
            tooltip=["neuron:O", alt.Tooltip("h:Q", format=".4g")],
        )
        .to_dict()
    )


def _show_numbers(reading: Reading) -> None:
    """What the bars stand for, as tables, once the reader asks for them."""
    numbers = st.expander("The numbers behind these charts", key=controls.key("numbers"), on_change="rerun")
    if not numbers.open:  # hidden tables would cost the browser as long as the charts
        return
    layers = {f"h of layer {t}": h for t, h in enumerate(reading.hidden, start=1)} | {"output p": reading.outputs}
    for column, (name, values) in zip(numbers.columns(len(layers)), layers.items(), strict=True):
        which = "digit" if name == "output p" else "neuron"
        table = pd.DataFrame({which: range(len(values)), name: values})
        with column:
            show_table(table, f"{name} of each {which}.", controls.key(f"numbers_{name}"), height=390)
