"""The stage of page 23.3: buttons that train, where the run shown stands, and the one picture that learns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from nnlib import Dataset, Network
from nnlib.measuring import Measurement
from nnlib.training import SAMPLE_ROWS
from pages.ex23_3.controls import MEASURE, choose_measure, controls, set_controls, settings_by_now
from pages.ex23_3.digit_canvas import drawing_on
from pages.ex23_3.first_visit import is_first_visit, is_untrained, open_settings
from pages.ex23_3.missing_digit import is_case_closed, is_found_alone, is_secret
from pages.ex23_3.one_picture import look_at, look_at_own
from pages.ex23_3.opening import before_the_page, follow_to_tab, let_the_page_follow, open_tab
from pages.ex23_3.own_drawing import SHEET, prepared_drawing
from pages.ex23_3.presets import ALGORITHM, EXPERIMENTS, FIND, IN_ORDER
from pages.ex23_3.runs import MnistRun, why_unreadable
from pages.ex23_3.settings import Settings, describe_all
from pages.ex23_3.stage_picture import BARS, HARDLY, Curve, Digit, Measure, Progress, Way, draw_stage_picture
from pages.ex23_3.training import Training
from pages.shared.delivery import give_head_start
from pages.shared.frame import begin_experiment, close_experiment, experiments_begun, way_through, words_of
from pages.shared.live import PAUSE, live
from pages.shared.numbers import RIGHT, WRONG, difference, percent
from pages.shared.practice import solved

STYLE = Path(__file__).with_suffix(".css")
MEASURES: list[Measure] = ["accuracy", "error", "loss", "recall", "gradients"]
SOME = 100  # pictures looked at of a digit that is hardly ever read
WHY_DEAD = (
    f"Means over {SOME} pictures of the missing digit: its output h, which should be\u00a01, the slope "
    "h\u00a0(1\u00a0−\u00a0h), and δ\u00a0=\u00a0(h\u00a0−\u00a01)\u00a0×\u00a0slope."
)
OPENING = Settings().without_idle()
WEIGHT_PICTURES = 16
FEW = 3  # settings that are named one by one
SOLVED = 0.9  # accuracy on the test digits above which the network reads them
ANSWER, OWN_DIGIT = "The answer", "Your own digit"  # tabs
STEPS = ("Train", "Write the step", FIND)
ASKED_IN_TAB = 2  # of them
ONWARDS = {2: "Now [write the step yourself].", 3: f"Now [find the {FIND.removeprefix('The ')}]."}
ORDERS = {1: "This step is done once more than 90 % are read."} | ONWARDS
SECOND_ONES = (4, 8)  # digits shown twice, so that there are twelve


def show_stage(training: Training, settings: Settings) -> None:
    """Buttons and picture. They are drawn before the rest of the page, which then follows a click."""
    live(
        controls.key("live"),
        training.at_work == "run",
        training.move_on,
        partial(_draw, training, settings, _problem(settings)),
    )
    give_head_start()  # the rest of the page answers nothing that the reader has just set


def _problem(settings: Settings) -> str:
    """Why no run can begin with these settings; empty if one can."""
    unreadable = why_unreadable(settings)
    if unreadable is not None:
        return f"{unreadable} The small digits, under *More settings*, need no such file."
    if settings.has_no_variance:
        return (
            "Batch normalisation needs at least 2 pictures a batch. A single one is its own mean: with the "
            "divisor n every z̄ is 0 and nothing can be learned, and with n − 1 there is no variance at all. "
            "Choose a larger batch size."
        )
    return ""


def _is_full(training: Training) -> bool:
    """Whether an old run has to go before a new one can begin; says so, and offers to remove it."""
    oldest = next(iter(training.runs), None)
    if not training.runs.is_full or oldest is None:
        return False
    st.warning(
        f"There are {len(training.runs.runs)} runs of {training.runs.megabytes:.0f} MB, which is as much as is "
        f"kept. Before another can begin, one has to go. The oldest is “{oldest.name}”.",
        icon=":material/inventory_2:",
    )
    _button("make_room", "Remove the oldest run", training.remove, oldest, icon=":material/delete:")
    return True


@dataclass(frozen=True)
class _Primary:
    """What the one primary button does now."""

    label: str
    icon: str
    disabled: bool = False


def _primary(training: Training, settings: Settings, new_is_blocked: bool) -> _Primary:
    run = training.shown
    if run is not None and training.has_settings(settings):
        if training.at_work == "run":
            return _Primary("Pause", ":material/pause:")
        if training.epochs_left:
            return _Primary(f"{training.epochs_left} more epochs", ":material/more_time:")
        if run.trainer.state == "training" and run.has_begun:
            return _Primary("Go on", ":material/play_arrow:")
        return _Primary("Train", ":material/play_arrow:", new_is_blocked or not training.can_go_on)
    return _Primary("Train", ":material/play_arrow:", new_is_blocked)


def _press(training: Training, settings: Settings, label: str) -> None:
    """What the label says. A second click that comes before the button is drawn anew says the same."""
    if label == "Pause":
        training.pause()
    elif label == "Go on" and training.has_settings(settings):
        training.train(settings)
    elif label in ("Train", "Go on"):
        training.train(settings_by_now(settings))
    else:
        training.more_epochs()
        if training.shown is not None:
            set_controls(training.shown.settings)


def _with_settings(action: Callable[[Settings], None], drawn: Settings) -> None:
    """Act on the settings of this very moment; the button was drawn with these."""
    action(settings_by_now(drawn))


def go_on(training: Training, run: MnistRun) -> None:
    """Show a run that is paused, set the controls as it was made, and train it on."""
    training.show(run)
    set_controls(run.settings)
    training.train(run.settings)


def _button(name: str, label: str, action: Callable[..., None], *args: Any, **others: Any) -> None:
    """A button whose effect on the stage is seen before the rest of the page is drawn."""
    controls.button(name, label, before_the_page, action, *args, **others)


def _show_buttons(training: Training, settings: Settings, new_is_blocked: bool, use_rate: bool) -> None:
    """The primary button and others; with `use_rate`, a further one leaves no room for the way back."""
    primary = _primary(training, settings, new_is_blocked)
    _button(
        "train",
        primary.label,
        _press,
        training,
        settings,
        primary.label,
        icon=primary.icon,
        disabled=primary.disabled,
        type="primary",
    )
    if training.at_work == "run" and primary.label != "Pause":
        _button("pause", "Pause", training.pause, icon=":material/pause:")
    goes_on = training.can_go_on and training.has_settings(settings)
    has_ended = training.has_settings(settings) and not training.can_go_on
    steps = (
        ("batch_step", "One batch", training.one_batch, ":material/skip_next:"),
        ("epoch_step", "One epoch", training.one_epoch, ":material/fast_forward:"),
    )
    for name, label, action, icon in () if has_ended else steps:
        blocked = new_is_blocked and not goes_on
        _button(name, label, _with_settings, action, settings, disabled=blocked, icon=icon)
    if is_first_visit(training, settings):
        _button("settings", "Settings", open_settings, icon=":material/tune:")
    if is_untrained(training) and settings == OPENING:
        return
    _button(
        "start_over",
        "Start over",
        _with_settings,
        training.start_over,
        settings,
        icon=":material/restart_alt:",
        disabled=new_is_blocked,  # else never: pressed by keyboard, a button that is disabled loses the focus
        help="Fresh first weights with the settings above. The run shown stays among your runs.",
    )
    if settings != OPENING and not use_rate and not why_unreadable(OPENING):
        _button(
            "to_opening",
            "Back to the first network",
            _back_to_opening,
            training,
            icon=":material/undo:",
            help="All settings as they were when the page was opened, and fresh first weights. Your runs stay.",
        )


def _back_to_opening(training: Training) -> None:
    """Set the controls as the page opened, and leave the experiment; what has been trained is kept."""
    close_experiment("ex23_3")
    st.session_state[MEASURE] = MEASURES[0]
    set_controls(Settings())
    training.start_over(OPENING)


def _what_changes(training: Training, settings: Settings) -> dict[str, Any]:
    """The controls that no longer say what the run shown was made from."""
    run = training.shown
    if run is None or not run.has_begun or training.has_settings(settings):
        return {}
    return settings.differences([run.settings])


def _say_what_train_would_do(changed: Mapping[str, Any]) -> None:
    """Beside the steps of the exercise, by stage.css; drawn before the picture, it answers a control sooner."""
    now = ", ".join(describe_all(changed)) if len(changed) <= FEW else "these settings"
    with st.container(key=controls.key("what_changes")):
        st.markdown(f"**Train** begins a new run with {now}, and keeps this one.")


def _draw(training: Training, settings: Settings, problem: str) -> None:
    """The buttons, where the run shown stands, and the picture."""
    follow_to_tab()  # the reader may have clicked a digit
    if problem:
        st.error(problem, icon=":material/error:")
    is_full = _is_full(training)
    changed = _what_changes(training, settings)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key=controls.key("bar")):
        buttons = st.container(horizontal=True, gap="xsmall", width="content", key=controls.key("buttons"))
        is_offered = not is_untrained(training)
        show = st.container(width="content", key=controls.key("show" if is_offered else "show_later"))
        if changed:
            _say_what_train_would_do(changed)  # first: it answers a control
    use_rate = "rate" in changed and training.can_go_on
    with buttons:
        _show_buttons(training, settings, bool(problem) or is_full, use_rate)
        if use_rate:
            _button("use_rate", f"Go on at η {settings.rate:g}", training.use_rate, settings.rate)
    with show:
        at_once = None if training.shown is None else partial(training.shown.rest, PAUSE)  # not after a slice
        measure = choose_measure(MEASURES, is_offered, at_once)
    if training.shown is not None:
        _draw_run(training, training.shown, measure)
    let_the_page_follow()


def _draw_run(training: Training, run: MnistRun, measure: Measure) -> None:
    """The picture, with where the run stands, and what it does not say itself."""
    if measure == "loss" and run.trainer.state == "diverged" and run.trainer.last_steps:
        measure = "burst"
    runs = list(training.runs)
    data = run.trainer.data
    network = run.trainer.network
    way = where_the_reader_is(training)
    reader = None if run.trainer.state == "diverged" else network  # whose outputs have overflowed reads nothing
    is_dead = measure == "recall" and min(_last_measured(run.measurements, "recall"), default=1) < HARDLY
    is_masked = is_dead and is_secret(run)
    notes = _why_dead(run) if is_dead and not is_masked else {}
    draw_stage_picture(
        _progress(training, run, way.at),
        _digits(data, reader),
        _own(data, reader),
        _weights(network, data.image_shape),
        [
            replace(
                _curve(other, other is run, measure, run, notes if other is run else {}),
                was_before=other is training.before,
            )
            for other in runs
        ],
        measure=measure,
        last_epoch=float(run.trainer.epochs),
        key=controls.key("learning"),
        on_show=partial(before_the_page, lambda number: training.show(training.runs.runs[number])),
        on_compare=lambda number: training.compare(training.runs.runs[number]),
        on_go_on=partial(before_the_page, lambda number: go_on(training, training.runs.runs[number])),
        on_digit=partial(_look_at, data),
        way=way,
        on_step=_lead_to_step,
        begun=experiments_begun("ex23_3"),
        counts=_counts(data) if runs else {},
        note=WHY_DEAD if notes else "",
        is_masked=is_masked,
        question=words_of("ex23_3", EXPERIMENTS),
    )
    let_the_page_follow()
    if run.wanted and run.reached:
        training.rest()
        st.rerun()


def _counts(data: Dataset) -> dict[str, int]:
    """How many pictures each part of the data has; a part for validation only where some are held out."""
    counts = {"test": len(data.X_test), "train": min(SAMPLE_ROWS, len(data.X_train))}
    return counts | ({"validation": len(data.X_validation)} if len(data.X_validation) else {})


def where_the_reader_is(training: Training) -> Way:
    """The steps of the exercise: those that are done, and the first that is not."""
    is_trained = any(run.measurements and run.measurements[-1].test_accuracy > SOLVED for run in training.runs)
    done = [k for k, is_done in enumerate((is_trained, "23.3" in solved(), is_case_closed()), 1) if is_done]
    at = next((k for k in range(1, len(STEPS) + 1) if k not in done), len(STEPS) + 1)
    marks = dict.fromkeys(done, RIGHT)
    if is_case_closed() and not is_found_alone():
        marks[len(STEPS)] = ""  # over, but not the reader's own doing
    return Way(way_through(STEPS, at, marks), at)


def _lead_to_step(step: int) -> None:
    """Open the tab of the second step, or begin the experiment that is the third."""
    open_tab(ANSWER)
    if step > ASKED_IN_TAB:
        begin_experiment("ex23_3", next(one for one in EXPERIMENTS if one.label == FIND))


def _look_at(data: Dataset, k: int) -> None:
    """Send one of the digits to the tab *One picture*; to the sheet, where the reader's own is not drawn yet."""
    rows = _rows_of_digits(data)
    if k < len(rows):
        look_at(int(rows[k]))
    elif drawing_on(SHEET).any():
        look_at_own()
    else:
        open_tab(OWN_DIGIT)


def _progress(training: Training, run: MnistRun, at: int) -> Progress:
    """Where the run stands: what the end of its curve says, how far it has come, and what went wrong.

    `at` is the step of the exercise that the reader is at.
    """
    trainer, measured = run.trainer, run.measurements
    if not measured and trainer.state == "finished":
        more = f" Press **{training.epochs_left} more epochs** to train it on." if training.epochs_left else ""
        return Progress(f"This network comes from a file, without a curve.{more}", 1.0)
    if not measured:
        first = f"Press **Train**, and watch the answers under the digits turn from {WRONG} to {RIGHT}."
        return Progress("The network's weights are random so far.", 0.0, first if at == 1 else ORDERS.get(at, ""))
    if trainer.state == "diverged":
        return Progress(f"{WRONG} {trainer.problem}", None)
    share = trainer.step / trainer.total_steps
    last = measured[-1]
    words = [
        f"**{percent(last.test_accuracy)}** of the {len(trainer.data.X_test):,} test digits are read correctly",
        f"Epoch {last.epoch:.2f} of {trainer.epochs}, step {last.step:,}",
    ]
    if trainer.seconds > 0:
        words.append(f"{trainer.seconds:.1f} s of training")
        if run.is_at_work and not run.is_slow:
            left = trainer.seconds * (1 - share) / share
            words.append(f"about {left:.0f} s left" if left < 100 else f"about {left / 60:.0f} min left")
    if run.is_paused:
        words.append("paused")
    if training.is_as_left and not run.is_at_work:
        words.append("as you left it")
    note = trainer.ending
    if trainer.state == "finished":
        if trainer.warning:  # too slow for every picture of a live run
            note = f"{WRONG} It stands still: *Inside the network*, under *gradients*, says why."
        elif last.test_accuracy > SOLVED:
            note = note or praise(run.settings, training.runs.names, at, not is_found_alone())
    if not note and not words_of("ex23_3", EXPERIMENTS):
        note = ORDERS.get(at, "")
    return Progress(" · ".join(words), share, note)


def praise(settings: Settings, names: Sequence[str], at: int, was_shown: bool = False) -> str:
    """That it reads digits, and what is next; empty in an experiment that asks something else.

    Parameters
    ----------
    settings : of a run that has come to read them
    names : of the reader's runs: what is among them is not proposed
    at : the step of the exercise that the reader is at
    was_shown : whether the missing digit was, rather than found
    """
    is_algorithm = not settings.differences([ALGORITHM.without_idle()]).keys() - {"epochs"}
    if words_of("ex23_3", EXPERIMENTS) and not is_algorithm:
        return ""
    if at in ONWARDS:
        by = "Algorithm 23.3" if is_algorithm else "It"
        return f"{RIGHT} {by} reads digits it has never seen. {ONWARDS[at]}"
    follows = next((label for label, name in IN_ORDER.items() if name not in names), None)
    instead = {"relu": ": sigmoids in place of ReLUs", "tanh": ": sigmoids in place of tanh"}
    why = instead.get(settings.activation, "") if follows == next(iter(IN_ORDER)) else ""
    onwards = f" Go on with *{follows}* below{why}." if follows else ""
    said = f"It reads digits. {FIND} was shown to you." if was_shown else "All three are done."
    return f"{RIGHT} {said}{onwards}"


@cache
def _rows_of_digits(data: Dataset) -> np.ndarray:
    """The first test row of each class, and the second of two of them, in the order of the data."""
    labels = data.Y_test.argmax(axis=1)
    firsts = [np.flatnonzero(labels == digit)[0] for digit in range(data.Y_test.shape[1])]
    return np.sort([*firsts, *(np.flatnonzero(labels == digit)[1] for digit in SECOND_ONES)])


def _digits(data: Dataset, network: Network | None) -> list[Digit]:
    """Twelve test pictures with the network's answers."""
    rows = _rows_of_digits(data)
    outputs = [None] * len(rows) if network is None else _outputs(network, data.test_inputs(rows, network.dtype))
    return [
        Digit(
            _as_bytes(data.X_test[row], data),
            int(data.Y_test[row].argmax()),
            None if p is None else int(p.argmax()),
            None if p is None else float(p.max()),
        )
        for row, p in zip(rows, outputs, strict=True)
    ]


def _own(data: Dataset, network: Network | None) -> Digit | None:
    """The reader's own drawing with the network's answer, if there is one."""
    drawing = prepared_drawing(data)
    if drawing is None:
        return None
    pixels = np.rint(255 * drawing).astype(np.uint8)
    if network is None:
        return Digit(pixels, None)
    (p,) = _outputs(network, drawing.reshape(1, -1))
    return Digit(pixels, None, int(p.argmax()), float(p.max()))


def _outputs(network: Network, X: np.ndarray) -> np.ndarray:
    """What the network makes of some inputs; steps may be too large before the trainer notices."""
    with np.errstate(all="ignore"):
        return np.nan_to_num(network.predict_proba(X))


def _as_bytes(pixels: np.ndarray, data: Dataset) -> np.ndarray:
    """A row of pixels as a picture from 0 to 255."""
    assert data.image_shape is not None
    return np.rint(255 * data.scale * pixels.astype(float)).astype(np.uint8).reshape(data.image_shape)


def _weights(network: Network | None, shape: tuple[int, int] | None) -> list[np.ndarray]:
    """The weights into neurons of the first layer, spread evenly over it, each as a picture."""
    if network is None or shape is None:
        return []
    W = network.dense[0].W
    count = min(WEIGHT_PICTURES, W.shape[1])
    return [W[:, m].reshape(shape) for m in np.linspace(0, W.shape[1] - 1, count).astype(int)]


def _why_dead(run: MnistRun) -> dict[int, str]:
    """For the one digit that a run with squared error hardly ever reads: why its output does not learn.

    Means over pictures of that digit: its output h, the slope σ′ = h (1 − h), and δ = (h − 1) σ′. Empty where
    there is no such digit, or more than one.
    """
    dead = np.flatnonzero(np.array(_last_measured(run.measurements, "recall")) < HARDLY)
    if run.settings.loss != "sigmoid squared error" or len(dead) != 1 or run.trainer.state == "diverged":
        return {}
    data, network, digit = run.trainer.data, run.trainer.network, int(dead[0])
    rows = np.flatnonzero(data.Y_test[:, digit])[:SOME]
    h = _outputs(network, data.test_inputs(rows, network.dtype))[:, digit].astype(float)
    slope = h * (1 - h)
    h_mean, slope_mean, delta_mean = (difference(values.mean()) for values in (h, slope, (h - 1) * slope))
    return {digit: f"h = {h_mean}, slope {slope_mean}, δ = {delta_mean}"}


def _curve(run: MnistRun, is_shown: bool, measure: Measure, beside: MnistRun, notes: Mapping[int, str]) -> Curve:
    """A run's curves of one measure, or its bars and notes."""
    measured = run.measurements
    left_out = _why_left_out(run, measure, beside)
    curve = Curve(
        run=run.number,
        name=run.name,
        place=run.number - 1,
        on_screen=is_shown,
        compared=run.compared,
        result=_result(run),
        is_paused=run.is_paused,
        left_out=left_out,
    )
    if measure == "burst":
        taken = run.trainer.last_steps if is_shown else []
        losses = [step.loss if np.isfinite(step.loss) else np.inf for step in taken]
        return replace(curve, compared=False, epochs=[step.step for step in taken], train=losses)
    has_diverged = run.trainer.state == "diverged"
    if measure in BARS and not (has_diverged and (measure == "recall" or not is_shown)):
        return replace(curve, bars=_last_measured(measured, measure), notes=notes)

    def values(part: str) -> list[float]:
        if measure == "loss":
            return [getattr(m, f"{part}_loss") for m in measured]
        accuracies = [getattr(m, f"{part}_accuracy") for m in measured]
        return [1 - a for a in accuracies] if measure == "error" else accuracies

    return replace(
        curve,
        epochs=[m.epoch for m in measured],
        train=values("train"),
        test=values("test"),
        validation=values("validation") if run.settings.validation else [],
    )


def _why_left_out(run: MnistRun, measure: Measure, beside: MnistRun) -> str:
    """Why a run cannot be drawn beside the one on screen; empty if it can."""
    if measure in ("loss", "burst") and run.settings.loss != beside.settings.loss:
        return "other loss"
    if measure == "gradients" and len(run.settings.hidden) != len(beside.settings.hidden):
        return "other layers"
    return ""


def _result(run: MnistRun) -> str:
    """What is said of a run beside its name."""
    if run.trainer.state == "diverged":
        return "diverged"
    return percent(run.measurements[-1].test_accuracy) if run.measurements else ""


def _last_measured(measured: Sequence[Measurement], measure: Measure) -> Sequence[float]:
    """The recall of each digit, or the size of the gradient in each layer, at the last measurement."""
    if not measured:
        return ()
    return measured[-1].test_recall if measure == "recall" else measured[-1].gradient_rms
