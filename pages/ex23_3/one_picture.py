"""One picture's way through a trained network and back: every value, and its gradients checked."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd
import streamlit as st

from nnlib import Dataset, Network
from nnlib.chapter23.printed_program import AS_PRINTED, sum_bias_gradients
from nnlib.gradcheck import GradientCheck
from nnlib.layers import Dropout
from nnlib.measuring import CHUNK_ROWS
from nnlib.network import Trace
from nnlib.notation import superscript
from pages.ex23_3.controls import controls
from pages.ex23_3.network_drawing import draw_pass
from pages.ex23_3.opening import open_tab
from pages.ex23_3.own_drawing import prepared_drawing
from pages.ex23_3.runs import MnistRun
from pages.shared.gradient_table import RIGHT, WRONG, gradient_table, summarise
from pages.shared.numbers import difference, number, probability, with_article
from pages.shared.tables import show_table

TAB, VIEW, ONE_PICTURE = "Inside the network", "inside", "one picture"  # what is sent here opens that tab and view
HARDEST, TEST, OWN = "its surest mistake", "a test picture", "your own drawing"
FORWARD, BACK = "forward", "back"
ROUNDING = 1e-12  # of the sum of a layer's δ, against the largest of them
OTHERS = 7  # test pictures that make up a batch with the one looked at, where a training pass is checked
# the surest mistake that is looked at: of which run, its row, and after how many steps
_FOUND = controls.key("found")


@dataclass(frozen=True)
class Subject:
    """What is looked at.

    Attributes
    ----------
    x, y : (1, d) inputs as a network sees them, and (1, l) label
    name : such as "Test picture 12"
    row : of the test picture, or −1
    is_known : whether anybody has said what it is; else the label is what the network reads
    """

    x: np.ndarray
    y: np.ndarray
    name: str
    row: int
    is_known: bool = True

    @property
    def label(self) -> int:
        """The digit it is."""
        return int(self.y.argmax())


def look_at(row: int) -> None:
    """Send a test picture here; made for a button's callback."""
    st.session_state[controls.key("subject")] = TEST
    st.session_state[controls.key("picture")] = row
    _open()


def look_at_own() -> None:
    """Send the reader's own drawing here; made for a button's callback."""
    st.session_state[controls.key("subject")] = OWN
    _open()


def look_back() -> None:
    """Show the way back of the picture that is looked at, its gradients checked; made for a button's callback."""
    st.session_state[controls.key("way")] = BACK
    _open()


def _open() -> None:
    st.session_state[controls.key(VIEW)] = ONE_PICTURE
    open_tab(TAB)


def say_epoch(run: MnistRun) -> None:
    """When the network that is looked into was measured, as a run may go on meanwhile."""
    st.caption(f"This is the network after epoch {run.trainer.epoch:.2f}.")


@st.fragment
def one_picture(run: MnistRun) -> None:
    """Choose a picture and a way; see what each neuron holds, and on the way back a gradient check.

    Made for a run whose weights are finite.
    """
    run.claim()
    network, data = run.trainer.network, run.trainer.data
    with st.container(horizontal=True, vertical_alignment="bottom"):
        back = controls.choice("way", "Its way", [FORWARD, BACK]) == BACK
        subject = _choose(run)
    say_epoch(run)
    if subject is None:
        st.info("Your sheet is empty. Draw a digit on it first: you find it at “Your own digit”.")
        return
    planted = back and controls.toggle(
        "planted",
        "Plant the printed program's mistake",
        help="Every bias gets the sum of its layer's δ instead of its own.",
    )
    exact = network.as_type(np.float64)
    trace = exact.trace(subject.x, subject.y)
    output = output_symbol(network)
    as_printed = run.settings.optimizer == AS_PRINTED
    if back:
        st.markdown(_back_in_words(exact, output, _biases_in_words(trace, planted, as_printed, output == "p")))
    else:
        st.markdown(_forward_in_words(trace, output, exact.loss_name, subject))
    assert data.image_shape is not None
    draw_pass(
        trace,
        data.image_shape,
        subject.label,
        label_text="label" if subject.is_known else "as read",
        output=output,
        back=back,
        summed=planted or (back and as_printed),
        key=controls.key("network_drawing"),
    )
    if back:
        _show_check(network, data, subject, planted)
    _show_numbers(trace, exact)


def _choose(run: MnistRun) -> Subject | None:
    """The controls of what is looked at; None where the reader's sheet is empty."""
    network, data = run.trainer.network, run.trainer.data
    subject = controls.choice("subject", "Which picture?", [HARDEST, TEST, OWN], wrap=True)
    if subject == HARDEST:
        return _test_picture(data, _found_mistake(run))
    st.session_state.pop(_FOUND, None)
    if subject == TEST:
        last, key = len(data.X_test) - 1, controls.key("picture")
        if st.session_state.get(key, 0) > last:
            st.session_state[key] = 0  # chosen among those of another data set
        return _test_picture(data, controls.number("picture", "Test picture", 0, last, 0, width=140))
    drawing = prepared_drawing(data)
    if drawing is None:
        return None
    x = drawing.reshape(1, -1)
    meant = st.segmented_control(
        "Which digit is it meant to be?",
        range(data.Y_test.shape[1]),
        key=controls.key("meant"),
        help="The way back begins with the label. Until you choose one, it is the digit that the network reads.",
    )
    label = int(network.predict_proba(x).argmax()) if meant is None else meant
    return Subject(x, np.eye(data.Y_test.shape[1])[[label]], "Your drawing", -1, is_known=meant is not None)


def _test_picture(data: Dataset, row: int) -> Subject:
    return Subject(data.test_inputs(slice(row, row + 1)), data.Y_test[row : row + 1], f"Test picture {row}", row)


def _found_mistake(run: MnistRun) -> int:
    """The row of the surest mistake when it was looked for: that picture stays while the run goes on."""
    step = run.trainer.step
    of, row, found = st.session_state.get(_FOUND, (None, 0, 0))
    if of is not run or (found == 0 and step > 0):  # what an untrained network is surest of means nothing
        row, found = _hardest(run.trainer.network, run.trainer.data, step), step
        st.session_state[_FOUND] = run, row, found
    if step > found:
        controls.button(
            "find_anew",
            "Find it anew",
            st.session_state.pop,
            _FOUND,
            None,
            icon=":material/refresh:",
            type="tertiary",
            help=f"This was the surest mistake after epoch {found / run.trainer.steps_per_epoch:.2f}. The picture "
            "stays while the network goes on learning.",
        )
    return int(row)


@lru_cache(maxsize=2)
def _hardest(network: Network, data: Dataset, step: int) -> int:
    """The test picture that is read wrongly with the largest output; without mistakes, the one with the smallest.

    Looked for anew only after a further `step` of training.
    """
    outputs = outputs_on_test(network, data, np.arange(len(data.X_test)))
    wrong = np.flatnonzero(outputs.argmax(axis=1) != data.Y_test.argmax(axis=1))
    surest = outputs.max(axis=1)
    return int(wrong[surest[wrong].argmax()]) if len(wrong) else int(surest.argmin())


def outputs_on_test(network: Network, data: Dataset, rows: np.ndarray) -> np.ndarray:
    """The network's outputs on some test rows, (len(rows), l)."""
    chunks = [rows[start : start + CHUNK_ROWS] for start in range(0, len(rows), CHUNK_ROWS)]
    return np.concatenate([network.predict_proba(data.test_inputs(c, network.dtype)) for c in chunks])


def output_symbol(network: Network) -> str:
    """What the outputs are called: p where they are the probabilities of a softmax, else h as in any layer."""
    return "p" if network.loss_name.startswith("softmax") else f"h⁽{superscript(len(network.dense))}⁾"


def _forward_in_words(trace: Trace, output: str, loss_name: str, subject: Subject) -> str:
    """What the way forward does, and where it leads with this picture."""
    outputs = trace.h[-1][0]
    answer = int(outputs.argmax())
    largest = probability(outputs[answer]) if output == "p" else number(outputs[answer])
    value = (f"{output} {largest}" if largest[0] in "<>" else f"{output} = {largest}").replace(" ", "\u00a0")
    if not subject.is_known:
        verdict = "and only you know whether that is right: choose above which digit you meant"
    else:
        verdict = "which is right" if answer == subject.label else f"but it is {with_article(subject.label)}"
    loss = (
        "squared error ½\u00a0Σ\u00a0(h\u00a0−\u00a0y)²"
        if loss_name.endswith("squared error")
        else "cross-entropy"
    )
    return (
        f"**Forward.** {subject.name} enters at the left as {trace.h[0].size} numbers from 0 to 1, called h⁽⁰⁾. "
        "Each layer takes what the one before it gives, computes the net input z\u00a0=\u00a0Wᵀh\u00a0+\u00a0b "
        "of each neuron, and passes on h = a(z). The stronger the blue, the larger h, on a scale of each layer's "
        f"own. At the end the network reads {'an' if answer == 8 else 'a'} **{answer}**, with {value}, {verdict}. "
        f"The loss of this picture{'' if subject.is_known else ', taken for what was read'}, its {loss}, is "
        f"{number(trace.loss)}."
    )


def _back_in_words(network: Network, output: str, biases: str) -> str:
    """What the way back does; `biases` says what becomes of them."""
    s = superscript(len(network.dense))
    if network.loss_name == "sigmoid squared error":
        error = f"δ⁽{s}⁾ = ({output} − y) ⊙ {output} ⊙ (1 − {output})"
    else:
        error = f"δ⁽{s}⁾ = {output} − y"
    before = (
        "Each layer before it receives δ⁽ᵗ⁻¹⁾ = a′(z) ⊙ (W δ⁽ᵗ⁾): the errors of the neurons it feeds, weighted "
        "as it feeds them, times its own slope. Each layer has a scale of its own, whose end is written under it; "
        "compare these ends to see whether the error fades on its way. "
        if len(network.dense) > 1
        else ""
    )
    return (
        f"**Back.** The error δ = ∂L/∂z says how the loss changes with a neuron's net input. It begins at the "
        f"outputs as {error}: positive where an output is too large, negative at the label. {before}"
        "The gradient of a weight is then a product of what came forward and what came back, "
        f"∇W⁽ᵗ⁾ = h⁽ᵗ⁻¹⁾ δ⁽ᵗ⁾ᵀ. {biases}"
    )


def _biases_in_words(trace: Trace, planted: bool, as_printed: bool, of_softmax: bool) -> str:
    """What each bias gets; where that is its layer's sum, how many times its own δ this is for the largest one.

    Parameters
    ----------
    planted : whether the gradients that are checked have the printed program's mistake
    as_printed : whether the run's own steps have it
    of_softmax : whether the outputs are those of a softmax
    """
    if not (planted or as_printed):
        return "A bias gets its own neuron's error, ∇b⁽ᵗ⁾ = δ⁽ᵗ⁾."
    if planted:
        what = (
            f"\n\n{WRONG} **The printed program's mistake is planted:** every bias of a layer gets Σδ, the sum of "
            "the δ of all its neurons, where it should get its own neuron's δ alone."
        )
    else:
        what = (
            f"The gradient of a bias is its own neuron's error, ∇b⁽ᵗ⁾ = δ⁽ᵗ⁾.\n\n{WRONG} **But this run is "
            "trained with the printed program's bias step:** it moves every bias of a layer by Σδ, the sum of the "
            "δ of all its neurons."
        )
    factors = [
        f"{_times(delta[0].sum() / largest)} times{' its largest δ' * (t == 1)} in layer {t}"
        for t, delta in enumerate(trace.delta, start=1)
        if (largest := delta[0][np.abs(delta[0]).argmax()])
    ]
    if not factors:
        return what
    *first, last = factors
    times = f"{', '.join(first)} and {last}" if first else last
    softmax = " The outputs' δ = p − y add up to 0, because p and y both add up to 1." if of_softmax else ""
    return f"{what} For this picture Σδ is {times}.{softmax}"


def _times(factor: float) -> str:
    """In two digits; what rounding leaves where the δ add up to 0, as those of a softmax do, is 0."""
    return "0" if abs(factor) < ROUNDING else number(float(f"{factor:.1e}"))


def _show_numbers(trace: Trace, network: Network) -> None:
    """Every value of a layer as a table, once the reader asks for it."""
    numbers = st.expander("The numbers of every neuron", key=controls.key("numbers"), on_change="rerun")
    if not numbers.open:
        return
    count = len(network.dense)
    with numbers:
        layer = controls.steps("layer", "Layer", range(1, count + 1), count) if count > 1 else 1
        is_output = layer == count
        st.markdown(
            f"Layer {layer}: net input z, output {output_symbol(network) if is_output else 'h = a(z)'}, and the "
            "error δ that comes back."
        )
        if network.norms and not is_output:
            st.markdown("z̃ is z after batch normalisation, with the means and variances of prediction: h = a(z̃).")
        table = _layer_table(trace, layer, output_symbol(network) if is_output else "h")
        show_table(table, f"Values of layer {layer}.", controls.key("pass"), height=390)


def _layer_table(trace: Trace, layer: int, output: str) -> pd.DataFrame:
    """One row a neuron of a layer, counted from 0; `output` names what it gives."""
    is_output = layer == len(trace.z)
    columns = {"z": trace.z[layer - 1][0]}
    if trace.z_tilde and not is_output:
        columns["z̃"] = trace.z_tilde[layer - 1][0]
    columns[output] = trace.h[layer][0]
    columns["δ = ∂L/∂z"] = trace.delta[layer - 1][0]
    table = pd.DataFrame(columns)
    table.insert(0, "digit" if is_output else "neuron", range(len(table)))
    return table


def _show_check(network: Network, data: Dataset, subject: Subject, planted: bool) -> None:
    """A few weights and biases of every layer: in one line, then in a table."""
    names, check = check_subject(network, data, subject, planted)
    if check.passes.all():
        st.markdown(
            f"**{RIGHT} All {len(names)} derivatives agree with measured slopes.** The largest difference is "
            f"{difference(check.difference.max())}."
        )
    else:
        mark, summary = summarise(names, check).split(" ", 1)
        st.markdown(f"**{mark} Check by finite differences:** {summary}")
    table = st.expander("The derivatives that were checked", key=controls.key("checked"), on_change="rerun")
    if not table.open:
        return
    with table:
        st.markdown(
            "Each row is one weight or bias: of every layer those with the largest gradient, and others at random "
            "among those whose gradient is not 0. *Analytic* is what back-propagation says. *Numerical* moves "
            "that number up and down a little and measures the slope of the loss. They must agree."
        )
        if _training_pass(network):
            drops = any(isinstance(layer, Dropout) for layer in network.layers)
            st.markdown(
                f"Here the check takes a training pass: a batch of this picture and {OTHERS} test pictures, "
                f"{'its own means and variances' if network.norms else ''}"
                f"{' and ' if network.norms and drops else ''}{'one set of dropped neurons' if drops else ''}."
            )
            if network.norms:
                st.markdown(
                    "A bias b before batch normalisation has derivative 0: the batch's mean takes it away again."
                )
        gradient_table(names, check, "ex23_3_check", "weight or bias")


def check_subject(
    network: Network, data: Dataset, subject: Subject, planted: bool = False
) -> tuple[list[str], GradientCheck]:
    """Names of a few parameters of every layer, and the check of their gradients for one picture.

    A network with batch normalisation or dropout is checked as it trains, on a batch with `OTHERS` test pictures.
    With `planted`, the gradients are those of the printed program, which gives every bias its layer's summed δ.
    """
    training = _training_pass(network)
    X, Y = subject.x, subject.y
    if training:
        others = np.arange(subject.row + 1, subject.row + 1 + OTHERS) % len(data.X_test)
        X, Y = np.concatenate([X, data.test_inputs(others)]), np.concatenate([Y, data.Y_test[others]])
    gradient = network.as_type(np.float64).gradient(X, Y, training=training)
    exact = network.as_type(np.float64)  # another copy: it draws the same masks as the first
    indices = checked_parameters(exact, gradient, max(subject.row, 0))
    check = exact.check_gradients(X, Y, indices, training)
    if planted:
        check = replace(check, analytic=sum_bias_gradients(exact, gradient)[indices])
    return [exact.parameter_name(i) for i in indices], check


def checked_parameters(network: Network, gradient: np.ndarray, random_state: int) -> np.ndarray:
    """Positions of a few parameters of every layer: that of the largest gradient, and random ones with one.

    Black pixels and dead ReLUs have the gradient 0, and that 0 = 0 convinces nobody: they are taken only where a
    whole layer has no other.
    """
    rng = np.random.default_rng(random_state)
    deep = len(network.dense) > 3
    chosen: list[int] = []
    for slot in network.slots:
        sizes = np.abs(slot.of(gradient).ravel())
        candidates = np.flatnonzero(sizes) if sizes.any() else np.arange(len(sizes))
        count = 2 + (slot.symbol == "w" and not deep) - deep
        others = rng.permutation(candidates[candidates != sizes.argmax()])[: count - 1]
        chosen += sorted(slot.start + int(k) for k in [sizes.argmax(), *others])
    return np.array(chosen)


def _training_pass(network: Network) -> bool:
    """Whether the network does something in training that it does not in prediction."""
    return bool(network.norms) or any(isinstance(layer, Dropout) for layer in network.layers)
