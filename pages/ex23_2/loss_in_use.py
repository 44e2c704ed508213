"""The multi-label loss in use on page 23.2: a small network on made-up documents, and a threshold to choose."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from nnlib.chapter23.multilabel import LabelScores, label_scores, load_multilabel
from nnlib.datasets import Dataset
from nnlib.measuring import Measurement
from nnlib.network import Network
from nnlib.notation import Array
from nnlib.training import Trainer
from pages.ex23_2.in_python import same_in_python
from pages.ex23_2.label_table import controls
from pages.shared.charts import Spec, draw_chart, fill, numbers_behind, show_chart, with_meaning
from pages.shared.numbers import RIGHT, WRONG, number, percent
from pages.shared.page import read_prose, write

EPOCHS = 40  # that it learns
TOPICS = 5
THRESHOLDS = np.linspace(0, 1, 51)
SCORES = {"precision": "precision", "recall": "recall", "F1": "f1", "label accuracy": "label_accuracy"}
DASHES = [[8, 3], [2, 3], [1, 0], [8, 3, 2, 3]]  # one a score


@cache
def documents() -> Dataset:
    """1,000 to learn from, 500 to choose the threshold by, and 500 for the test."""
    return load_multilabel().hold_out(1 / 3)


@st.cache_resource(show_spinner="Training a small network…")
def learn() -> tuple[list[tuple[Array, Array]], list[Measurement]]:
    """Outputs on the validation and on the test rows, and measurements, after each epoch: trained once."""
    data = documents()
    network = Network((20, 16, TOPICS), activation="tanh", random_state=0)
    trainer = Trainer(
        network,
        data,
        batch_size=32,
        learning_rate=0.01,
        optimizer="adam",
        epochs=EPOCHS,
        measure_every=1,
        random_state=0,
    )
    held_out = data.validation_inputs(slice(None)), data.test_inputs(slice(None))
    outputs = []
    for epoch in range(EPOCHS + 1):
        if epoch:
            trainer.run_epochs(1)
        outputs.append((network.predict_proba(held_out[0]), network.predict_proba(held_out[1])))
    return outputs, [m for m in trainer.history if m.epoch == int(m.epoch)]


@st.cache_data(show_spinner=False)
def scores_over_thresholds(epochs: int) -> pd.DataFrame:
    """Scores on the validation rows at every threshold of `THRESHOLDS`: columns threshold, score, value."""
    P, truth = learn()[0][epochs][0], documents().Y_validation
    at: Sequence[LabelScores] = [label_scores(P, truth, float(t)) for t in THRESHOLDS]
    rows = [
        {"threshold": t, "score": name, "value": getattr(scores, field)}
        for name, field in SCORES.items()
        for t, scores in zip(THRESHOLDS, at, strict=True)
    ]
    return pd.DataFrame(rows).dropna()


@st.fragment
def use_loss() -> None:
    """The tab, from top to bottom."""
    write(read_prose(__file__, "loss_in_use"))
    side, main = st.columns([1, 2], gap="medium")
    epochs = controls.slider("epochs", "Epochs of training", 0, EPOCHS, 10, place=side)
    threshold = controls.slider("threshold", "Threshold", 0.0, 1.0, 0.5, 0.02, place=side)
    document = controls.slider("document", "Validation document", 1, 20, 1, place=side)
    outputs, measured = learn()
    P, truth = outputs[epochs][0], documents().Y_validation
    with side:
        write(_judge(epochs, threshold))
    with main:
        _show_scores(epochs, threshold)
    _show_score_table(label_scores(P, truth, threshold), threshold)
    left, right = st.columns(2, gap="medium")
    with left:
        _show_loss(measured, epochs)
    with right:
        _show_document(P[document - 1], truth[document - 1] == 1, document, threshold)
    same_in_python(_code(epochs, threshold), "in_use")


def _judge(epochs: int, threshold: float) -> str:
    """How near F1 is to its largest value, which the reader is asked to find; and then what it is in the test."""
    f1 = scores_over_thresholds(epochs).query("score == 'F1'")["value"].to_numpy()
    here = f1[round(threshold * (len(THRESHOLDS) - 1))]
    if here == f1.max():
        test = label_scores(learn()[0][epochs][1], documents().Y_test, threshold)
        return (
            f"{RIGHT} F1 is {percent(here)} on the validation documents, and no other threshold does better after "
            f"{epochs} epochs. **On the test documents it is {percent(test.f1)}.**"
        )
    return f"F1 is {percent(here)} on the validation documents. Another threshold reaches {percent(f1.max())}."


def _code(epochs: int, threshold: float) -> str:
    """The network on made-up documents, and its scores."""
    return f"""from nnlib import Network, Trainer
from nnlib.chapter23.multilabel import label_scores, load_multilabel

data = load_multilabel().hold_out(1 / 3)  # of the 1,500 rows to learn from
network = Network((20, 16, 5), activation="tanh", random_state=0)
trainer = Trainer(
    network, data, batch_size=32, learning_rate=0.01, optimizer="adam", epochs=40, random_state=0
)
for _ in range({epochs}):
    trainer.run_epochs()
P = network.predict_proba(data.validation_inputs(slice(None)))  # the threshold is chosen by these
scores = label_scores(P, data.Y_validation, threshold={threshold!r})
P_test = network.predict_proba(data.test_inputs(slice(None)))
print(scores, label_scores(P_test, data.Y_test, threshold={threshold!r}), sep="\\n")
"""


def _show_scores(epochs: int, threshold: float) -> None:
    """Each score over the threshold, and a rule at the reader's."""
    over = scores_over_thresholds(epochs)

    def numbers() -> pd.DataFrame:
        wide = over.pivot(index="threshold", columns="score", values="value")
        return wide[list(SCORES)].reset_index().rename_axis(columns=None)

    show_chart(
        fill(_scores_template(), over=over, chosen=pd.DataFrame({"threshold": [threshold]})),
        numbers,
        "Precision, recall, F1 and label accuracy in validation over the threshold, with a rule at yours.",
        controls.key("scores"),
    )


@cache
def _scores_template() -> Spec:
    x = alt.X("threshold:Q", title="threshold", scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("value:Q", title="score on validation documents", scale=alt.Scale(domain=[0, 1]))
    ways: dict[str, Any] = {
        "sort": list(SCORES),
        "legend": alt.Legend(title=None, orient="top", columns=2, symbolSize=900, symbolStrokeWidth=2),
    }
    dash = alt.StrokeDash("score:N", scale=alt.Scale(domain=list(SCORES), range=DASHES), **ways)
    color = alt.Color("score:N", scale=alt.Scale(domain=list(SCORES)), **ways)
    lines = alt.Chart(alt.NamedData("over")).mark_line().encode(x=x, y=y, strokeDash=dash, color=color)
    layers = [lines, *_rule(x, "your threshold")]
    own: dict[str, Any] = {"color": "independent", "strokeDash": "independent"}  # then they share a legend
    return alt.LayerChart(layer=layers, height=340).resolve_scale(**own).to_dict()


def _rule(x: alt.X, name: str) -> list[alt.Chart]:
    """A rule at the one row of the data "chosen", and its name at its upper end."""
    chosen = alt.Chart(alt.NamedData("chosen")).encode(x=x)
    text = chosen.mark_text(align="left", baseline="bottom", dx=4, dy=-2, fontSize=13, text=name).encode(
        y=alt.value(0)
    )
    return [with_meaning(chosen.mark_rule(strokeWidth=2), "neutral"), with_meaning(text, "neutral")]


def _show_score_table(scores: LabelScores, threshold: float) -> None:
    """Every score at the reader's threshold, and what it means."""
    meanings = {
        "precision": (scores.precision, "share of the assigned topics that are true"),
        "recall": (scores.recall, "share of the true topics that are assigned"),
        "F1": (scores.f1, "harmonic mean of the two: 2 · precision · recall / (precision + recall)"),
        "label accuracy": (scores.label_accuracy, "share of all yes-or-no answers that are right"),
        "all labels right": (scores.row_accuracy, "share of documents with every answer right"),
    }
    st.table(
        pd.DataFrame(
            {
                "score": list(meanings),
                f"at threshold {number(threshold)}": [
                    percent(value) if np.isfinite(value) else "none assigned" for value, _ in meanings.values()
                ],
                "what it is": [meaning for _, meaning in meanings.values()],
            }
        ).set_index("score")
    )
    if not np.isfinite(scores.precision):
        st.markdown(
            "No label is assigned at this threshold, so precision has nothing to count. Lower the threshold."
        )


def _show_loss(measured: Sequence[Measurement], epochs: int) -> None:
    """How the loss fell, and a rule at the reader's epoch."""
    history = pd.DataFrame(
        [
            {"epoch": round(m.epoch), "loss": loss, "part": part}
            for m in measured
            for part, loss in (("train", m.train_loss), ("validation", m.validation_loss))
        ]
    )

    def numbers() -> pd.DataFrame:
        wide = history.pivot(index="epoch", columns="part", values="loss")
        return wide[["train", "validation"]].reset_index().rename_axis(columns=None)

    show_chart(
        fill(_loss_template(), history=history, chosen=pd.DataFrame({"epoch": [epochs]})),
        numbers,
        "Loss over 40 epochs on training and validation documents, with a rule at the epoch you chose.",
        controls.key("loss"),
    )


@cache
def _loss_template() -> Spec:
    x = alt.X("epoch:Q", title="epoch")
    y = alt.Y("loss:Q", title="loss L", scale=alt.Scale(zero=False))
    parts = ["train", "validation"]
    ways: dict[str, Any] = {"sort": parts, "legend": alt.Legend(title=None, orient="top", symbolSize=900)}
    color = alt.Color("part:N", scale=alt.Scale(domain=parts), **ways)
    dash = alt.StrokeDash("part:N", scale=alt.Scale(domain=parts, range=[[1, 0], [6, 3]]), **ways)
    lines = alt.Chart(alt.NamedData("history")).mark_line().encode(x=x, y=y, color=color, strokeDash=dash)
    layers = [lines, *_rule(x, "the epoch you chose")]
    own: dict[str, Any] = {"color": "independent", "strokeDash": "independent"}  # then they share a legend
    return alt.LayerChart(layer=layers, height=260).resolve_scale(**own).to_dict()


def _show_document(p: np.ndarray, is_true: np.ndarray, document: int, threshold: float) -> None:
    """One document's probabilities as bars with a verdict each, and a rule at the reader's threshold."""
    verdicts = {
        (True, True): f"assigned, true {RIGHT}",
        (True, False): f"assigned, but false {WRONG}",
        (False, True): f"missed {WRONG}",
        (False, False): f"left out {RIGHT}",
    }
    bars = pd.DataFrame(
        {
            "topic": [f"topic {topic + 1}" for topic in range(TOPICS)],
            "p": p,
            "verdict": [verdicts[bool(g), bool(t)] for g, t in zip(p > threshold, is_true, strict=True)],
        }
    )
    # The chart's text is the same for every document: with another one, the browser would build the chart anew.
    text = "Probabilities of the five topics for one document, each with its verdict, and your threshold."
    key = controls.key("bars")
    draw_chart(fill(_document_template(), bars=bars, chosen=pd.DataFrame({"p": [threshold]})), text, key)
    numbers_behind(
        lambda: bars.assign(y=is_true.astype(int))[["topic", "p", "y", "verdict"]],
        f"{text} Document {document}.",
        key,
    )


@cache
def _document_template() -> Spec:
    scale, axis = alt.Scale(domain=[0, 1.5]), alt.Axis(values=[0, 0.5, 1], titleAnchor="start")
    x = alt.X("p:Q", title="probability p", scale=scale, axis=axis)
    topics = alt.Chart(alt.NamedData("bars")).encode(y=alt.Y("topic:N", title=None))
    bars = topics.mark_bar().encode(x=x)
    verdicts = topics.mark_text(align="left", fontSize=12).encode(
        x=alt.datum(1.03, type="quantitative"), text="verdict:N"
    )
    layers = [with_meaning(bars, "forward"), with_meaning(verdicts, "neutral"), *_rule(x, "your threshold")]
    return alt.LayerChart(layer=layers, height=260).to_dict()
