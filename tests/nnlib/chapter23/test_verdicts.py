"""Every mistake that a page can plant, at 200 settings each: no wrong row is ticked and no right row is crossed.

A row is wrong where its derivative differs from the right one by more than a check can resolve. What is too
small to judge may be either; how many rows that may be, each test says.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from nnlib.chapter23 import batch_norm, dropout_mistakes, gates, graphs, multilabel
from nnlib.chapter23.batch_norm_graph import batch_norm_graph
from nnlib.chapter23.printed_program import sum_bias_gradients
from nnlib.gradcheck import RESOLUTION, TOLERANCE, GradientCheck, Verdict
from nnlib.graph import Graph
from nnlib.network import Network

SETTINGS = 200


class Tally:
    """Counts verdicts, and fails where one is false."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str, Verdict]] = Counter()

    def judge(self, mistake: str, check: GradientCheck, right: np.ndarray) -> None:
        """Compare the verdicts with the truth, given the right derivatives."""
        off, size = np.abs(check.analytic - right), np.maximum(np.abs(check.analytic), np.abs(right))
        rounding = size < 1e-14 * np.abs(right).max()  # what is left of a 0
        wrong = (off > 2 * RESOLUTION * size) & ~rounding
        sound = (off < TOLERANCE / 10 * size) | (off == 0)
        blessed, accused = wrong & check.passes, sound & check.differs
        assert not np.any(blessed), (mistake, check.analytic[blessed], right[blessed])
        assert not np.any(accused), (mistake, right[accused], check.numerical[accused], check.error[accused])
        for is_wrong, verdict in zip(wrong.reshape(-1), check.verdicts.reshape(-1), strict=True):
            self.counts[mistake, "wrong" if is_wrong else "right", verdict] += 1

    def undecided(self) -> float:
        """Share of the rows that are neither ticked nor crossed."""
        decided = sum(n for (_, _, v), n in self.counts.items() if v in (Verdict.AGREES, Verdict.DIFFERS))
        return 1 - decided / self.counts.total()

    def assert_each_is_found(self, mistakes: tuple[str, ...]) -> None:
        """Each mistake is crossed somewhere, and "none" nowhere."""
        for mistake in mistakes:
            assert (self.counts[mistake, "wrong", Verdict.DIFFERS] > 0) == (mistake != "none"), mistake


def test_gates() -> None:
    tally, rng = Tally(), np.random.default_rng(1)
    for k in range(SETTINGS):
        gate, answer = rng.choice(list(gates.GATES), 2)
        parameters = gates.solution(answer) if k % 3 == 0 else rng.uniform(-20, 20, 9).round()
        loss = str(rng.choice(["sigmoid cross-entropy", "sigmoid squared error"]))
        network = gates.gate_network(parameters, float(rng.choice([0.1, 0.3, 1, 2])), loss)
        Y = gates.truth_table(gate)
        check = gates.check_gradients(network, gates.CORNERS, Y)
        for mistake in gates.MISTAKES:
            planted = replace(check, analytic=gates.gradient(network, gates.CORNERS, Y, mistake))
            tally.judge(mistake, planted, check.analytic)
    tally.assert_each_is_found(gates.MISTAKES)
    assert tally.undecided() < 0.2  # a saturated neuron beside a corner that is badly wrong


@pytest.mark.parametrize("loss", ["sigmoid cross-entropy", "sigmoid squared error"])
@pytest.mark.parametrize("mistake", gates.MISTAKES)
def test_the_fresh_page_of_exercise_23_1_can_be_judged_in_every_row(loss: str, mistake: str) -> None:
    # its smallest derivatives are 9e-12 (cross-entropy) and 4e-16 (squared error)
    network, Y = gates.gate_network(gates.solution("XNOR"), loss=loss), gates.truth_table("XNOR")
    right = gates.gradient(network, gates.CORNERS, Y)
    check = gates.check_gradients(network, gates.CORNERS, Y, mistake)
    changed = np.abs(check.analytic - right) > TOLERANCE * np.abs(right)
    assert changed.sum() == {"none": 0, "forgotten σ′": 6}.get(mistake, 9)
    np.testing.assert_array_equal(check.verdicts, np.where(changed, Verdict.DIFFERS, Verdict.AGREES))


def test_multilabel() -> None:
    tally, rng = Tally(), np.random.default_rng(2)
    for _ in range(SETTINGS):
        shape = rng.integers(1, 4, 2)
        Z, Y = rng.uniform(-10, 10, shape).round(1), rng.integers(0, 2, shape).astype(float)
        check = multilabel.check_gradients(Z, Y)
        for mistake in multilabel.MISTAKES:
            result = multilabel.multilabel_loss(Z, Y, mistake)
            tally.judge(mistake, replace(check, analytic=np.stack([result.dP, result.dZ])), check.analytic)
    tally.assert_each_is_found(multilabel.MISTAKES)
    assert tally.undecided() == 0


def test_batch_norm() -> None:
    tally, rng = Tally(), np.random.default_rng(3)
    for k in range(SETTINGS):
        n = int(rng.integers(2, 9))
        z = rng.uniform(-3, 3, n).round(1) if k % 5 else np.full(n, 0.1)
        g, epsilon = rng.uniform(-3, 3, n).round(1), float(rng.choice([1e-5, 1e-3, 0.1]))
        passed = batch_norm.forward(z, rng.uniform(-3, 3), rng.uniform(-3, 3), epsilon, ddof=k % 2)
        check = batch_norm.check_gradients(passed, g)
        for mistake in batch_norm.MISTAKES:
            vector = batch_norm.backward(passed, g, mistake).as_vector()
            tally.judge(mistake, replace(check, analytic=vector), check.analytic)
    tally.assert_each_is_found(batch_norm.MISTAKES)
    assert tally.undecided() < 0.1  # where all z are equal, and their derivatives rounding


@pytest.mark.thorough
@pytest.mark.parametrize("form", list(dropout_mistakes.MISTAKES))
def test_dropout(form: str) -> None:
    tally = Tally()
    mistakes = dropout_mistakes.MISTAKES[form]
    for seed in range(SETTINGS):
        p = float(np.random.default_rng(seed).uniform(0.05, 1))
        right = dropout_mistakes.check_dropout(p, form, random_state=seed).gradients
        for mistake in mistakes:
            if mistake == dropout_mistakes.NO_SCALE:  # makes another network of it, whose own gradients are right
                other = dropout_mistakes.check_dropout(p, form, mistake, seed).gradients
                tally.judge(mistake, other, other.analytic)
            else:
                planted = dropout_mistakes.gradient(p, form, mistake, seed)
                tally.judge(mistake, replace(right, analytic=planted), right.analytic)
    unseen = {dropout_mistakes.NO_SCALE, dropout_mistakes.NO_P}
    tally.assert_each_is_found(tuple(mistake for mistake in mistakes if mistake not in unseen))
    assert tally.undecided() < 0.01


def judge_graphs(make: Callable[[str], Graph], mistakes: tuple[str, ...], tally: Tally) -> None:
    """One setting of a graph with every mistake; slopes are measured once, since they do not depend on it."""
    right = make("none")
    right.backward()
    check = right.check_gradients()
    for mistake in mistakes:
        graph = make(mistake)
        graph.backward()
        planted = np.array([node.gradient for node in graph.nodes if node.gradient is not None])
        tally.judge(mistake, replace(check, analytic=planted), check.analytic)


@pytest.mark.parametrize("loss", list(graphs.SIGMOID_LOSSES))
def test_sigmoid_graph(loss: str) -> None:
    tally, rng = Tally(), np.random.default_rng(4)
    for _ in range(SETTINGS):
        z, y = round(float(rng.uniform(-10, 10)), 1), float(rng.integers(0, 21) / 20)
        judge_graphs(lambda mistake: graphs.sigmoid_graph(z, y, loss, mistake), graphs.SIGMOID_MISTAKES, tally)  # noqa: B023
    tally.assert_each_is_found(graphs.SIGMOID_MISTAKES)
    assert tally.undecided() < 0.02


@pytest.mark.thorough
def test_softmax_graph() -> None:
    tally, rng = Tally(), np.random.default_rng(5)
    for k in range(SETTINGS):
        x = rng.uniform(-5, 5, 3).round(1).tolist()
        y = np.eye(3)[k % 3].tolist() if k % 4 else (rng.integers(0, 21, 3) / 20).tolist()
        judge_graphs(lambda mistake: graphs.softmax_graph(x, y, mistake), graphs.SOFTMAX_MISTAKES, tally)  # noqa: B023
    tally.assert_each_is_found(graphs.SOFTMAX_MISTAKES)
    assert tally.undecided() < 0.02


@pytest.mark.thorough
def test_batch_norm_graph() -> None:
    tally, rng = Tally(), np.random.default_rng(6)
    for k in range(SETTINGS):
        z = rng.uniform(-3, 3, 3).round(1) if k % 5 else np.full(3, 0.1)
        g, gamma, beta = rng.uniform(-3, 3, 3).round(1), *rng.uniform(-3, 3, 2)
        judge_graphs(
            lambda mistake: batch_norm_graph(z.tolist(), g.tolist(), gamma, beta, 1e-5, k % 2, mistake),  # noqa: B023
            batch_norm.MISTAKES,
            tally,
        )
    tally.assert_each_is_found(batch_norm.MISTAKES)
    assert tally.undecided() < 0.1


@pytest.mark.thorough
def test_networks_with_the_printed_bias_gradients() -> None:
    tally, rng = Tally(), np.random.default_rng(7)
    for k in range(SETTINGS):
        hidden = rng.integers(1, 6, rng.integers(0, 4)).tolist()
        training = bool(hidden) and k % 3 == 0
        network = Network(
            (4, *hidden, 3),
            activation=str(rng.choice(["relu", "sigmoid", "tanh"])),
            loss=str(rng.choice(["softmax cross-entropy", "sigmoid cross-entropy", "sigmoid squared error"])),
            init=str(rng.choice(["he", "xavier", "normal"])),
            batch_norm=training and k % 2 == 0,
            keep_prob=0.7 if training else 1.0,
            random_state=k,
        )
        network.parameters *= rng.choice([1.0, 1.0, 3.0])
        X = rng.random((6 if training else 1, 4)) * (rng.random(4) > 0.3)
        check = network.check_gradients(X, np.eye(3)[rng.integers(0, 3, len(X))], training=training)
        tally.judge("none", check, check.analytic)
        summed = sum_bias_gradients(network, check.analytic)
        tally.judge("summed", replace(check, analytic=summed), check.analytic)
    tally.assert_each_is_found(("none", "summed"))
    assert tally.undecided() < 0.2  # kinks, mostly: where a whole layer is dead
