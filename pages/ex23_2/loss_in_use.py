"""The multi-label loss in use on page 23.2: a small network on made-up documents, and a threshold to choose."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.multilabel import LabelScores, label_scores, load_multilabel
from nnlib.measuring import Measurement
from nnlib.network import Network
from nnlib.training import Trainer
from pages.shared.charts import category, draw_layers, meaning_colors, one_meaning, quantity
from pages.shared.gradient_table import RIGHT, WRONG
from pages.shared.numbers import number, percent

EPOCHS = [0, 1, 2, 5, 10, 20, 40]
TOPICS = 5
THRESHOLDS = np.linspace(0, 1, 51)
SCORES = {"precision": "precision", "recall": "recall", "F1": "f1", "label accuracy": "label_accuracy"}
DASHES = [[8, 3], [2, 3], [1, 0], [8, 3, 2, 3]]  # one a score


@st.cache_resource(show_spinner="Training a small network…")
def learn() -> tuple[list[np.ndarray], list[Measurement]]:
    """Outputs on the test rows and measurements after each epoch: trained once, looked at as the reader likes."""
    data = load_multilabel()
    network = Network((20, 16, TOPICS), activation="tanh", random_state=0)
    trainer = Trainer(
        network,
        data,
        batch_size=32,
        learning_rate=0.01,
        optimizer="adam",
        epochs=EPOCHS[-1],
        measure_every=1,
        random_state=0,
    )
    X_test = data.test_inputs(slice(None))
    outputs = [network.predict_proba(X_test)]
    for _ in range(EPOCHS[-1]):
        trainer.run_epochs(1)
        outputs.append(network.predict_proba(X_test))
    return outputs, [m for m in trainer.history if m.epoch == int(m.epoch)]


@st.cache_data(show_spinner=False)
def scores_over_thresholds(epochs: int) -> pd.DataFrame:
    """Scores on the test rows at every threshold of `THRESHOLDS`: columns threshold, score, value."""
    P, truth = learn()[0][epochs], load_multilabel().Y_test
    at: Sequence[LabelScores] = [label_scores(P, truth, float(t)) for t in THRESHOLDS]
    rows = [
        {"threshold": t, "score": name, "value": getattr(scores, field)}
        for name, field in SCORES.items()
        for t, scores in zip(THRESHOLDS, at, strict=True)
    ]
    return pd.DataFrame(rows).dropna()


@st.fragment
def loss_in_use(code: DeltaGenerator) -> None:
    """The whole section below its heading; its lines of Python are written into `code`."""
    side, main = st.columns([1, 2], gap="medium")
    with side:
        epochs = int(st.select_slider("Epochs of training", EPOCHS, 10, key="ex23_2_epochs", bind="query-params"))
        threshold = st.slider("Threshold", 0.0, 1.0, 0.5, 0.02, key="ex23_2_threshold", bind="query-params")
        document = st.slider("Test document", 1, 20, 1, key="ex23_2_document", bind="query-params")
    outputs, measured = learn()
    P, truth = outputs[epochs], load_multilabel().Y_test
    with main:
        _scores_chart(epochs, threshold)
    _scores_table(label_scores(P, truth, threshold), threshold)
    left, right = st.columns(2, gap="medium")
    with left:
        _loss_chart(measured, epochs)
    with right:
        _document_chart(P[document - 1], truth[document - 1] == 1, document, threshold)
    code.code(
        f"""from nnlib import Network, Trainer
from nnlib.chapter23.multilabel import load_multilabel
from nnlib.chapter23.multilabel import label_scores

data = load_multilabel()  # “The loss in use”
network = Network((20, 16, 5), activation="tanh", random_state=0)
trainer = Trainer(network, data, 32, 0.01, "adam", epochs=40, random_state=0)
for _ in range({epochs}):
    trainer.run_epochs()
P = network.predict_proba(data.test_inputs(slice(None)))
scores = label_scores(P, data.Y_test, threshold={threshold!r})
print(scores)
""",
        language="python",
    )


def _numbers_behind(key: str, table: pd.DataFrame, alt_text: str) -> None:
    """A chart's numbers one click away; `table` is written out only where the reader looks at it."""
    with st.expander("The numbers behind this chart", key=f"{key}_table", on_change="rerun") as numbers:
        if numbers.open:
            written = table.map(lambda cell: number(cell) if isinstance(cell, float) else cell)
            st.dataframe(written, hide_index=True, width="stretch", key=f"{key}_numbers", alt=alt_text)


def _scores_chart(epochs: int, threshold: float) -> None:
    """Each score over the threshold, and a rule at the reader's."""
    over = scores_over_thresholds(epochs)
    x = quantity("threshold", "threshold", [0, 1])
    dash = category("score", list(SCORES), DASHES) | {
        "sort": list(SCORES),
        "legend": {"title": None, "orient": "top", "columns": 2, "symbolSize": 900, "symbolStrokeWidth": 2},
    }
    text = "Precision, recall, F1 and label accuracy over the threshold, with a rule at yours."
    draw_layers(
        [
            {
                "data": {"name": "over"},
                "mark": {"type": "line"},
                "encoding": {
                    "x": x,
                    "y": quantity("value", "score on test data", [0, 1]),
                    "strokeDash": dash,
                    "color": one_meaning("test"),
                },
            },
            {
                "data": {"name": "chosen"},
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {"x": x, "color": one_meaning("neutral")},
            },
        ],
        {"over": over, "chosen": pd.DataFrame({"threshold": [threshold]})},
        340,
        text,
        key="ex23_2_scores",
    )
    wide = over.pivot(index="threshold", columns="score", values="value")[list(SCORES)].reset_index()
    _numbers_behind("ex23_2_scores", wide, text)


def _scores_table(scores: LabelScores, threshold: float) -> None:
    """Every score at the reader's threshold, and what it means."""
    meanings = {
        "precision": (scores.precision, "share of the assigned labels that are true"),
        "recall": (scores.recall, "share of the true labels that are assigned"),
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


def _loss_chart(measured: Sequence[Measurement], epochs: int) -> None:
    """How the loss fell, and a rule at the reader's epoch."""
    history = pd.DataFrame(
        [
            {"epoch": round(m.epoch), "loss": loss, "part": part}
            for m in measured
            for part, loss in (("train", m.train_loss), ("test", m.test_loss))
        ]
    )
    x = quantity("epoch", "epoch")
    text = "Loss over 40 epochs on training and test documents, with a rule at the epoch you chose."
    draw_layers(
        [
            {
                "data": {"name": "history"},
                "mark": {"type": "line"},
                "encoding": {
                    "x": x,
                    "y": quantity("loss", "loss L", scale={"zero": False}),
                    "color": meaning_colors("part", ["train", "test"]),
                },
            },
            {
                "data": {"name": "chosen"},
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {"x": x, "color": meaning_colors("part", ["train", "test"])},
            },
        ],
        {"history": history, "chosen": pd.DataFrame({"epoch": [epochs], "part": ["neutral"]})},
        260,
        text,
        key="ex23_2_loss",
    )
    wide = history.pivot(index="epoch", columns="part", values="loss")[["train", "test"]].reset_index()
    _numbers_behind("ex23_2_loss", wide, text)


def _document_chart(p: np.ndarray, is_true: np.ndarray, document: int, threshold: float) -> None:
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
    x = quantity("p", "probability p", [0, 1.5], axis={"values": [0, 0.5, 1]})
    y = {"field": "topic", "type": "nominal", "title": None}
    text = "Probabilities of the five topics for one test document, each with its verdict, and your threshold."
    draw_layers(
        [
            {
                "data": {"name": "bars"},
                "mark": {"type": "bar"},
                "encoding": {"x": x, "y": y, "color": one_meaning("forward")},
            },
            {
                "data": {"name": "bars"},
                "mark": {"type": "text", "align": "left", "fontSize": 12},
                "encoding": {
                    "x": {"datum": 1.03, "type": "quantitative"},
                    "y": y,
                    "text": {"field": "verdict", "type": "nominal"},
                    "color": one_meaning("neutral"),
                },
            },
            {
                "data": {"name": "chosen"},
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {"x": x, "color": one_meaning("neutral")},
            },
        ],
        {"bars": bars, "chosen": pd.DataFrame({"p": [threshold]})},
        260,
        text,
        key="ex23_2_bars",
    )
    table = bars.assign(y=[f"{int(t)}" for t in is_true])[["topic", "p", "y", "verdict"]]
    _numbers_behind("ex23_2_bars", table, f"{text} Test document {document}.")
