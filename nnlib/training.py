"""Training that can be stopped and taken up again anywhere, and records what happened on the way."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, NamedTuple, NoReturn

import numpy as np

from nnlib.batches import Batches, InPlaceDense, working_copy
from nnlib.datasets import Dataset
from nnlib.measuring import CHUNK_ROWS, ONE_BLAS_THREAD, Measurement, StuckNeurons, evaluate, find_stuck
from nnlib.network import Network, average_batch_statistics
from nnlib.notation import Array
from nnlib.optimizers import OPTIMIZERS, SGD, Adam
from nnlib.validation import (
    check_choice,
    check_flag,
    check_integer,
    check_matrix,
    check_number,
    check_random_state,
    random_state_of,
    set_random_state,
)

SCHEDULES = ("constant", "cosine")
STATES = ("training", "finished", "diverged")
FIRST_MEASUREMENTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35)  # epochs: learning is fastest at the start
SAMPLE_ROWS = 2000  # training rows on which training loss and accuracy are measured
CHECK_EVERY = 64  # steps between two looks whether all numbers are still finite
LAST_STEPS = 64  # remembered of a training that diverged
STATISTICS_BATCHES = 64  # over which means and variances are averaged while training goes on


class StepTaken(NamedTuple):
    """One mini-batch of training, looked at closely.

    Attributes
    ----------
    step : its number, counted from 1: `Trainer.step` after it
    loss : mean loss of its batch before the step, without penalty and weights of rows
    length : ‖Δθ‖, how far the step moved the vector of all parameters
    """

    step: int
    loss: float
    length: float


@dataclass(frozen=True)
class Checkpoint:
    """Where a training is, between two of its steps: with network and data, all that the next steps depend on.

    Attributes
    ----------
    arguments : of `Trainer`, but for those that follow below; `optimizer` is None where the caller made it
    optimizer_class : its name
    optimizer_state : the arrays its next step depends on
    sample_weight : (n,) as given to `Trainer`, or None
    random_states : of the generators of the rows' order and of the dropout masks, as NumPy describes them
    epoch : whose `order` of the rows was drawn last, counted from 0; −1 before the first
    order : (n,) rows of that epoch, batch after batch, or (0,)
    net_inputs : (m, l) of the outputs, for the m rows of the epoch so far, where losses are recorded
    penalties : of its batches so far, where losses are recorded
    epoch_losses, history, rates, last_steps, state, problem, step, seconds : as in `Trainer`
    """

    arguments: dict[str, Any]
    optimizer_class: str
    optimizer_state: Sequence[Array]
    sample_weight: Array | None
    random_states: dict[str, dict[str, Any]]
    epoch: int
    order: Array
    net_inputs: Array
    penalties: Array
    epoch_losses: Sequence[float]
    history: Sequence[Measurement]
    rates: Sequence[tuple[int, float]]
    last_steps: Sequence[StepTaken]
    state: str
    problem: str
    step: int
    seconds: float


class Trainer:
    """Mini-batch training of a network on a dataset, in slices of any length.

    The result is the same to the last bit however the work is sliced, and for equal `random_state`.

    Parameters
    ----------
    network : trained in place; its parameters, and the means and variances with which batch normalisation
        predicts, are up to date whenever a `run` method returns
    data : training and test rows that fit the network
    batch_size : rows a step, from 1 to the number of training rows; the last batch of an epoch may be short. Batch
        normalisation needs 2 rows, whatever its divisor: batch_size 1 is an error, a last batch of 1 is left out
    learning_rate : η > 0; may be changed between two runs through the attribute of the same name
    optimizer : "sgd", "momentum" (SGD with momentum 0.9), "adam", or what makes one for the network it is given
    schedule : "constant", or "cosine": η falls to 0 along half a cosine over all epochs
    epochs : passes over the training rows
    l2 : λ ≥ 0 of the penalty ½ λ Σ w² / n over all weights w, not the biases, added to the mean loss of the n rows
        of a batch, as in scikit-learn's `MLPClassifier`. (PyTorch's `weight_decay` is λ / n, and counts biases.)
    sample_weight : (n,) positive weights of the training rows, or None for equal ones. The loss of a batch is its
        rows' weighted mean, the n of the penalty the sum of their weights; batch normalisation counts all alike
    measure_every : epochs between two measurements (a few more are made early on), or None for none at all
    patience : None, or early stopping, for data with validation rows: training is finished when for so many epochs
        validation accuracy, measured at the end of each whatever `measure_every` is, has not risen above its best.
        The network keeps the weights of the last step, not those of the best epoch
    shuffle : whether each epoch takes the rows in a fresh random order, or in their own
    random_state : int, numpy.random.Generator or None, for the order of the rows and the dropout masks
    record_loss : whether to keep `epoch_losses`

    Attributes
    ----------
    history : list of `Measurement`
    epoch_losses : mean loss of each whole epoch, penalty and all, every batch as its training pass met it,
        before its step; what is measured for `history` knows neither penalty nor weights of rows
    state : "training", "finished" or "diverged"
    problem : why it diverged, in plain words; empty otherwise
    last_steps : where it diverged, the last `StepTaken` of its epoch, up to 64. The very last one did it: it was
        taken back, and its loss and length may be infinite or NaN. Where a measurement showed it instead, all of
        them were taken, and there are none if that was at the end of an epoch
    ending : that training was stopped early, and why, in plain words; empty otherwise
    rates : the learning rates set so far, each with the step from which on it held: [(0, η), …]
    stuck, warning : neurons that no longer learn, counted, and in plain words what to do; empty while all is well
    step, epoch, seconds : progress so far, as in `Measurement`

    Raises
    ------
    ValueError, TypeError
        If an argument is not among what is listed, or network and data do not fit.

    Examples
    --------
    >>> from nnlib import Network, load_digits
    >>> network = Network((64, 30, 10), activation="relu", loss="softmax cross-entropy", random_state=0)
    >>> trainer = Trainer(network, load_digits(), batch_size=16, learning_rate=0.1, epochs=10, random_state=0)
    >>> trainer.run_epochs(2)
    >>> trainer.run_for(0.01)  # seconds
    >>> trainer.run()
    >>> trainer.state, trainer.epoch, trainer.history[-1].test_accuracy > 0.95
    ('finished', 10.0, True)
    """

    def __init__(
        self,
        network: Network,
        data: Dataset,
        *,
        batch_size: int = 64,
        learning_rate: float = 0.1,
        optimizer: str | Callable[[Network], SGD | Adam] = "sgd",
        schedule: str = "constant",
        epochs: int = 10,
        l2: float = 0.0,
        sample_weight: Array | None = None,
        measure_every: float | None = 0.5,
        patience: int | None = None,
        shuffle: bool = True,
        random_state: int | np.random.Generator | None = None,
        record_loss: bool = False,
    ) -> None:
        n, d = data.X_train.shape
        if (d, data.Y_train.shape[1]) != (network.sizes[0], network.sizes[-1]):
            raise ValueError(
                f"network has {network.sizes[0]} inputs and {network.sizes[-1]} outputs, "
                f"data has {d} and {data.Y_train.shape[1]}"
            )
        self.network, self.data = network, data
        self.batch_size = check_integer("batch_size", batch_size, 1, n)
        self._arguments: dict[str, Any] = {
            "optimizer": optimizer if isinstance(optimizer, str) else None,
            "measure_every": None if measure_every is None else _check_measure_every(measure_every),
            "shuffle": check_flag("shuffle", shuffle),
            "record_loss": bool(record_loss),
        }
        if isinstance(optimizer, str):
            optimizer = OPTIMIZERS[check_choice("optimizer", optimizer, OPTIMIZERS)]
        self.schedule = check_choice("schedule", schedule, SCHEDULES)
        self.epochs = check_integer("epochs", epochs, 1)
        self._rng = check_random_state(random_state)
        self.l2 = check_number("l2", l2, 0.0, np.inf)
        self.patience = None if patience is None else check_integer("patience", patience, 1)
        if patience is not None and not len(data.X_validation):
            raise ValueError("patience needs data with validation rows, see Dataset.hold_out")
        self._sample_weight = None if sample_weight is None else _check_weights(sample_weight, n)
        smallest_batch = 2 if network.norms else 1
        if self.batch_size < smallest_batch:
            raise ValueError(
                f"batch_size must be at least {smallest_batch}, got {self.batch_size}: to batch normalisation, "
                "one sample is its own mean, so that every z̄ is 0 (with divisor n − 1, 0/0) and nothing is learned"
            )

        self.steps_per_epoch = n // self.batch_size + (n % self.batch_size >= smallest_batch)
        self.history: list[Measurement] = []
        self.epoch_losses: list[float] = []
        self.state, self.problem = "training", ""
        self.step, self.seconds = 0, 0.0
        self.rates = [(0, _check_rate(learning_rate))]
        self.last_steps: list[StepTaken] = []
        self._plan_measurements()

        masks = self._rng.spawn(1)[0]  # a stream of its own: the order of the rows does not depend on dropout
        # Weights of inputs that are always 0 never move, unless a penalty moves them.
        unused = np.setdiff1d(np.arange(d), data.active) if self.l2 else np.empty(0, int)
        self._inputs = np.concatenate([data.active, unused])
        self._working, self._first = working_copy(network, len(self._inputs), data.scale, masks)
        if np.all(data.Y_train.sum(axis=1) == 1):
            self._working.loss = network.loss.for_labels_that_sum_to_1()
        self._penalised = [layer for layer in self._working.layers if isinstance(layer, InPlaceDense)]
        for layer in self._penalised:
            layer.l2 = self.l2
        if any(p < 1 for p in network.keep_prob):  # masks have always been drawn after a set of first weights
            symbols = "wb" if network.init == "normal" else "w"
            masks.standard_normal(
                sum(slot.stop - slot.start for slot in self._working.slots if slot.symbol in symbols)
            )
        self._optimizer = optimizer(self._working)
        self._batches = Batches(data, self.batch_size, network.dtype, self._rng if shuffle else None)
        self._sample = np.unique(np.linspace(0, n - 1, min(n, SAMPLE_ROWS)).astype(int))
        self._logits = np.empty(data.Y_train.shape, network.dtype) if record_loss else None
        self._penalties = np.zeros(self.steps_per_epoch)
        self._shares = np.empty(n, network.dtype)
        self._load()
        self._keep()

    def checkpoint(self) -> Checkpoint:
        """Where training is, between two runs; `resume` goes on from there to the same last bit.

        Raises
        ------
        ValueError
            If a generator of random numbers is not NumPy's default, PCG64: of no other is the state kept.

        Examples
        --------
        >>> from nnlib import Network, load_digits
        >>> trainer = Trainer(Network((64, 10), random_state=0), load_digits(), epochs=1, random_state=0)
        >>> trainer.run_batches(5)
        >>> kept, network = trainer.checkpoint(), Network((64, 10), parameters=trainer.network.parameters)
        >>> trainer.run()
        >>> again = Trainer.resume(kept, network, load_digits())
        >>> again.run()
        >>> bool((network.parameters == trainer.network.parameters).all())
        True
        """
        done, seen = self._of_this_epoch()
        return Checkpoint(
            arguments={
                "batch_size": self.batch_size,
                "learning_rate": self.learning_rate,
                "schedule": self.schedule,
                "epochs": self.epochs,
                "l2": self.l2,
                "patience": self.patience,
                **self._arguments,
            },
            optimizer_class=type(self._optimizer).__name__,
            optimizer_state=[array.copy() for array in self._optimizer.state],
            sample_weight=None if self._sample_weight is None else self._sample_weight.copy(),
            random_states={name: random_state_of(rng) for name, rng in self._generators().items()},
            epoch=self._batches.epoch,
            order=self._batches.order.copy(),
            net_inputs=np.empty((0, self.network.sizes[-1]), self.network.dtype)
            if self._logits is None
            else self._logits[:seen].copy(),
            penalties=self._penalties[: 0 if self._logits is None else done].copy(),
            epoch_losses=list(self.epoch_losses),
            history=list(self.history),
            rates=list(self.rates),
            last_steps=list(self.last_steps),
            state=self.state,
            problem=self.problem,
            step=self.step,
            seconds=self.seconds,
        )

    @classmethod
    def resume(
        cls,
        checkpoint: Checkpoint,
        network: Network,
        data: Dataset,
        optimizer: Callable[[Network], SGD | Adam] | None = None,
    ) -> "Trainer":
        """A trainer that goes on from a checkpoint as if training had never stopped.

        Parameters
        ----------
        network : with the parameters and statistics it had then
        data : the same as then
        optimizer : the same as then if it was one of the caller's own, else None

        Raises
        ------
        ValueError, TypeError
            If they do not fit, or the checkpoint is not one that a trainer made.
        """
        arguments = dict(checkpoint.arguments)
        if arguments["optimizer"] is None and optimizer is None:
            raise ValueError(
                f"optimizer must be given: it was one of the caller's own, {checkpoint.optimizer_class}"
            )
        if arguments["optimizer"] is not None and optimizer is not None:
            raise ValueError(f"optimizer must not be given: it was {arguments['optimizer']!r}")
        arguments["optimizer"] = optimizer or arguments["optimizer"]
        trainer = cls(network, data, **arguments, sample_weight=checkpoint.sample_weight, random_state=0)
        trainer._go_to(checkpoint)
        return trainer

    def _go_to(self, checkpoint: Checkpoint) -> None:
        if (made := type(self._optimizer).__name__) != checkpoint.optimizer_class:
            raise ValueError(f"optimizer must be the same as then, {checkpoint.optimizer_class}, got {made}")
        self.state = check_choice("state", checkpoint.state, STATES)
        self.problem = checkpoint.problem
        self.step = check_integer("step", checkpoint.step, 0, self.total_steps)
        self.seconds = check_number("seconds", checkpoint.seconds, 0.0, np.inf)
        self.history, self.epoch_losses = list(checkpoint.history), list(checkpoint.epoch_losses)
        self._take_up_rates(checkpoint)
        self.last_steps = [StepTaken(*taken) for taken in checkpoint.last_steps]
        self._plan_measurements()
        state = self._optimizer.state
        if len(state) != len(checkpoint.optimizer_state):
            raise ValueError(f"optimizer_state must be {len(state)} arrays, got {len(checkpoint.optimizer_state)}")
        for array, kept in zip(state, checkpoint.optimizer_state, strict=True):
            _fill("optimizer_state", array, kept)
        if isinstance(self._optimizer, Adam) and self._optimizer.steps != self.step:
            raise ValueError(f"optimizer_state must be of step {self.step:,}, got {self._optimizer.steps:g}")
        for name, rng in self._generators().items():
            set_random_state(rng, checkpoint.random_states[name])
        self._take_up_epoch(checkpoint)
        self._keep()

    def _take_up_rates(self, checkpoint: Checkpoint) -> None:
        steps = [check_integer("step", step, 0, self.step) for step, _ in checkpoint.rates]
        rates = [_check_rate(rate) for _, rate in checkpoint.rates]
        if steps[:1] != [0] or steps != sorted({*steps}) or rates[-1] != self.learning_rate:
            raise ValueError("rates must begin at step 0, go on step by step and end with learning_rate")
        self.rates = list(zip(steps, rates, strict=True))

    def _take_up_epoch(self, checkpoint: Checkpoint) -> None:
        """The order of its rows, and what was recorded of its batches so far."""
        done, seen = self._of_this_epoch()
        epoch, order = check_integer("epoch", checkpoint.epoch, -1, self.epochs - 1), checkpoint.order
        if not np.array_equal(np.sort(order), np.arange(0 if epoch < 0 else len(self.data.X_train))):
            raise ValueError("order must hold every training row once, or none before the first epoch")
        if done and epoch != self.step // self.steps_per_epoch:
            raise ValueError(f"epoch must be that of step {self.step:,}, got {epoch}")
        self._batches.resume(epoch, order)
        if self._logits is not None:
            _fill("net_inputs", self._logits[:seen], checkpoint.net_inputs)
            _fill("penalties", self._penalties[:done], checkpoint.penalties)
            if self._sample_weight is not None:
                for index in range(done):
                    self._weigh(self._sample_weight, index, self.batch_size)

    def _of_this_epoch(self) -> tuple[int, int]:
        """Batches and rows of the epoch under way that training has seen."""
        done = self.step % self.steps_per_epoch
        return done, done * self.batch_size

    def _generators(self) -> dict[str, np.random.Generator]:
        return {"order": self._rng, "masks": self._working.rng}

    @property
    def learning_rate(self) -> float:
        """η as set, before the schedule."""
        return self.rates[-1][1]

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        rate = _check_rate(value)
        if self.rates[-1][0] == self.step:
            self.rates.pop()
        if not self.rates or self.rates[-1][1] != rate:
            self.rates.append((self.step, rate))
        self._keep()  # steps before are not to be taken again at this rate

    @property
    def epoch(self) -> float:
        """Passes over the training rows so far."""
        return self.step / self.steps_per_epoch

    @property
    def total_steps(self) -> int:
        """Mini-batches in all epochs."""
        return self.steps_per_epoch * self.epochs

    @property
    def ending(self) -> str:
        """That training was stopped early, and why, in plain words; empty otherwise."""
        best = self._best_epoch()
        if self.state != "finished" or self.step == self.total_steps or self.patience is None or best is None:
            return ""
        count = round(self.epoch - best.epoch)
        epochs = "1 epoch" if count == 1 else f"{count} epochs"
        return (
            f"Training stopped early, after epoch {self.epoch:g}: for {epochs}, "
            f"validation accuracy has not risen above the {best.validation_accuracy:.2%} of epoch {best.epoch:g}."
        )

    def _best_epoch(self) -> Measurement | None:
        """The measurement with the best validation accuracy at the end of an epoch, the first of equal ones."""
        ends = (seen for seen in self.history if seen.step % self.steps_per_epoch == 0)
        return max(ends, key=lambda seen: seen.validation_accuracy, default=None)

    @property
    def stuck(self) -> StuckNeurons:
        """The neurons that are dead, saturated or alike now, on the sample of training rows that is measured."""
        return find_stuck(self.network, self.data, self._sample)

    @property
    def warning(self) -> str:
        """What keeps the network from learning although it did not diverge, in plain words; empty otherwise."""
        return "" if self.state == "diverged" else self.stuck.warning

    def run_for(
        self, seconds: float, last_step: int | None = None, interrupted: Callable[[], bool] = lambda: False
    ) -> None:
        """Train for about so many seconds of wall time and at least one step, not beyond `last_step`.

        Stops at once when `interrupted`, asked after each step, says so.
        """
        deadline = perf_counter() + check_number("seconds", seconds, 0.0, np.inf)
        self._run(self.total_steps if last_step is None else last_step, deadline, interrupted)

    def run_batches(self, count: int = 1) -> None:
        """Train on the next `count` mini-batches."""
        self._run(self.step + check_integer("count", count, 1), np.inf)

    def run_epochs(self, count: int = 1) -> None:
        """Train to the end of the current epoch, and `count` − 1 more."""
        whole = self.step // self.steps_per_epoch + check_integer("count", count, 1)
        self._run(whole * self.steps_per_epoch, np.inf)

    def run(self) -> None:
        """Train to the end of the last epoch."""
        self._run(self.total_steps, np.inf)

    def add_epochs(self, count: int) -> None:
        """Plan `count` epochs more: after the last one planned, or the last one begun where training is finished.

        Under the cosine schedule η follows the cosine over the longer plan from here on: it goes up at once, to
        what it would have been by now. A training that was stopped early is not stopped early again.

        Raises
        ------
        ValueError, TypeError
            If training has diverged, or `count` is not a whole number of at least 1.
        """
        count = check_integer("count", count, 1)
        if self.state == "diverged":
            raise ValueError("training has diverged: no more epochs can be added")
        if self.ending:
            self.patience = None
        if self.state == "finished":
            self.epochs = -(-self.step // self.steps_per_epoch)
        self.epochs += count
        self.state = "training"
        self._plan_measurements()

    def _run(self, last_step: int, deadline: float, interrupted: Callable[[], bool] = lambda: False) -> None:
        """Steps until `last_step`, the deadline, the end or divergence; then the network is brought up to date."""
        last_step = min(last_step, self.total_steps)
        self._load()
        with ONE_BLAS_THREAD, np.errstate(all="ignore"):
            self._measure_if_due()
            started = perf_counter()
            while self.state == "training" and self.step < last_step:
                self._take_step()
                if self.step % CHECK_EVERY == 0 or self.step % self.steps_per_epoch == 0:
                    self._check_finite()
                if self._measure_at and self.step == self._measure_at[0]:
                    self.seconds += perf_counter() - started
                    self._check_finite()
                    self._measure_if_due()
                    started = perf_counter()
                if perf_counter() >= deadline or interrupted():
                    break
            self.seconds += perf_counter() - started
            self._check_finite()
            if self.state == "training" and self.step == self.total_steps:
                self.state = "finished"
            self._publish()

    def _take_step(self) -> None:
        """One mini-batch: forward, back, and the parameters moved."""
        epoch, index = divmod(self.step, self.steps_per_epoch)
        batch, rate = self._batches.get(epoch, index), self._rate_now()
        self.step += 1
        self._first.blocks = batch.blocks
        shares = None if self._sample_weight is None else self._weigh(self._sample_weight, index, len(batch.Y))
        Z = self._working.forward(batch.X)
        if self._logits is not None:
            self._record_loss(self._logits, index, Z)
        self._working.back_propagate(Z, batch.Y, shares)
        self._optimizer.step(self._working, rate)

    def _weigh(self, sample_weight: Array, index: int, count: int) -> Array:
        """Weight of each of this batch's `count` rows over their mean weight, which divides the penalty too.

        Later, the sums of loss and penalty over the rows are both divided by the number of rows.
        """
        start = index * self.batch_size
        weights = sample_weight[self._batches.order[start : start + count]]
        for layer in self._penalised:
            layer.l2 = self.l2 / float(weights.mean())
        self._shares[start : start + count] = shares = (weights / weights.mean()).astype(self.network.dtype)
        return np.asarray(shares)

    def _record_loss(self, logits: Array, index: int, Z: Array) -> None:
        """Keep the net inputs of this batch's outputs; after the last of an epoch, work out its loss at once.

        One loss of many rows costs far less than many of few.
        """
        start = index * self.batch_size
        seen = start + len(Z)
        logits[start:seen] = Z
        if self.l2:
            self._penalties[index] = sum(layer.l2 / 2 * np.vdot(layer.W, layer.W) for layer in self._penalised)
        if index == self.steps_per_epoch - 1:
            Y = self.data.Y_train[self._batches.order[:seen]]
            shares = None if self._sample_weight is None else self._shares[:seen]
            loss = self.network.loss.value(logits[:seen], Y, shares)
            self.epoch_losses.append(loss + float(self._penalties.sum()) / seen)

    def _rate_now(self) -> float:
        if self.schedule == "constant":
            return self.learning_rate
        return self.learning_rate * 0.5 * (1 + float(np.cos(np.pi * self.step / self.total_steps)))

    def __reduce__(self) -> NoReturn:
        """Neither pickled nor copied."""
        raise TypeError(
            "a Trainer can be neither pickled nor copied: its optimizer and its working copy of the network are "
            "tied to the memory they share. Keep it by nnlib.save_checkpoint, or pickle or copy its network."
        )

    # Measuring

    def measure(self) -> Measurement:
        """What is to be seen right now, between two runs: training is not touched, and nothing recorded."""
        self._load()
        with ONE_BLAS_THREAD, np.errstate(all="ignore"):
            return self._measure()

    def record(self) -> Measurement:
        """Measure and append that to `history`, unless its last entry is of this step already; return the entry.

        A measurement whose training loss is not finite is returned, but not appended.
        """
        if self.history and self.history[-1].step == self.step:
            return self.history[-1]
        measurement = self.measure()
        if np.isfinite(measurement.train_loss):
            self.history.append(measurement)
        return measurement

    def _plan_measurements(self) -> None:
        """At which steps to measure from now on."""
        measured = self.history[-1].step if self.history else -1
        self._measure_at = [step for step in self._measuring_steps() if step >= self.step and step > measured]

    def _measuring_steps(self) -> list[int]:
        marks: list[float] = [] if self.patience is None else list(range(1, self.epochs + 1))
        if (every := self._arguments["measure_every"]) is not None:
            marks += [m for m in FIRST_MEASUREMENTS if m < every]
            marks += [*(np.arange(1, self.epochs / every) * every), self.epochs]
        steps = np.unique(np.round(np.array(marks) * self.steps_per_epoch).astype(int))
        return [int(step) for step in steps if step <= self.total_steps]

    def _measure_if_due(self) -> None:
        if self.state != "training" or not self._measure_at or self.step != self._measure_at[0]:
            return
        self._measure_at.pop(0)
        if self.history and self.history[-1].step == self.step:  # by `record`
            return
        measurement = self._measure()
        if not np.isfinite(measurement.train_loss):
            self._look_back()
            self._diverge(self.step)
            return
        self.history.append(measurement)
        if self.patience is not None and self.step % self.steps_per_epoch == 0:
            best = self._best_epoch()
            if best is not None and self.epoch - best.epoch >= self.patience:
                self.state = "finished"

    def _measure(self) -> Measurement:
        """Loss, accuracy and sizes at this step; the parameters are left as they are."""
        self._publish()
        data, network = self.data, self.network
        train = evaluate(network, data, "train", self._sample)
        validation, test = (evaluate(network, data, part) for part in ("validation", "test"))
        rows = self._sample[:CHUNK_ROWS]
        Z = network.forward(data.train_inputs(rows, network.dtype), dropout=False)
        network.back_propagate(Z, data.Y_train[rows])
        gradient = network.mean_gradient()
        before = next((seen for seen in reversed(self.history) if seen.step < self.step), None)
        speed = np.nan
        if before is not None and self.seconds > before.seconds:
            speed = (self.epoch - before.epoch) * len(data.X_train) / (self.seconds - before.seconds)
        return Measurement(
            step=self.step,
            epoch=self.epoch,
            seconds=self.seconds,
            learning_rate=self._rate_now(),
            train_loss=train.loss,
            train_accuracy=train.accuracy,
            test_loss=test.loss,
            test_accuracy=test.accuracy,
            test_recall=test.recall,
            validation_loss=validation.loss,
            validation_accuracy=validation.accuracy,
            samples_per_second=speed,
            gradient_rms=tuple(_rms(slot.of(gradient)) for slot in network.slots if slot.symbol == "w"),
            weight_rms=tuple(_rms(layer.W) for layer in network.dense),
        )

    # Staying finite. Every few steps the state is kept, the last two of an epoch; if a number has ceased to be
    # finite since, training goes back to the first and takes the same steps again one by one, to stop before the
    # one that did it. Only then are they looked at closely.

    def _keep(self) -> None:
        """Keep the state here, to go back no further."""
        self._kept, self._found_finite = [self._state_here()], self.step

    def _state_here(self) -> tuple[int, Array, list[Array], Any]:
        return (
            self.step,
            self._working.parameters.copy(),
            [array.copy() for array in self._optimizer.state],
            self._working.rng.bit_generator.state,
        )

    def _check_finite(self) -> None:
        if self.step == self._found_finite:
            return
        if self._is_finite():
            self._found_finite = self.step
            if self.step % self.steps_per_epoch == 0:
                self._keep()
            elif self.step % CHECK_EVERY == 0:
                self._kept = [self._kept[-1], self._state_here()]
            return
        first, last = self._found_finite + 1, self.step
        self._restore()
        taken = []
        while self.step < last:
            taken.append(self._take_step_looked_at())
            if self.step >= first and not self._is_finite():
                culprit = self.step
                self._restore()
                self.last_steps = taken[-LAST_STEPS:]
                self._diverge(culprit)
                return
            self._keep()

    def _look_back(self) -> None:
        """Take the steps since the last kept state once more, to the same end, and remember them."""
        last, taken = self.step, []
        self._restore()
        while self.step < last:
            taken.append(self._take_step_looked_at())
        self.last_steps = taken[-LAST_STEPS:]

    def _take_step_looked_at(self) -> StepTaken:
        before = self._working.parameters.astype(np.float64)
        labels = self._batches.get(*divmod(self.step, self.steps_per_epoch)).Y
        self._take_step()
        loss = self._working.loss.value(self._working.dense[-1].Z, labels)
        return StepTaken(self.step, loss, float(np.linalg.norm(self._working.parameters - before)))

    def _is_finite(self) -> bool:
        Z = self._working.dense[-1].Z
        return bool(np.isfinite(self._working.parameters.sum()) and np.isfinite(Z.sum()))

    def _restore(self) -> None:
        self.step, parameters, state, masks_ahead = self._kept[0]
        del self.epoch_losses[self.step // self.steps_per_epoch :]
        self._working.parameters[:] = parameters
        self._working.rng.bit_generator.state = masks_ahead
        for array, kept in zip(self._optimizer.state, state, strict=True):
            array[:] = kept

    def _diverge(self, step: int) -> None:
        self.state = "diverged"
        self.problem = (
            f"Loss or weights ceased to be finite at step {step:,} (epoch {step / self.steps_per_epoch:.2f}). "
            f"The usual cause is a learning rate that is too large: it was {self._rate_now():g}. "
            "The last finite weights are kept."
        )

    # The working copy

    def _load(self) -> None:
        """Take the parameters from the network."""
        W, before = self.network.dense[0].W, self._working.parameters.copy()
        self._averaged = (-1, 0)  # step and number of batches of the statistics at hand: none yet
        np.take(W, self._inputs, axis=0, out=self._first.W)
        self._working.parameters[self._first.W.size :] = self.network.parameters[W.size :]
        if not np.array_equal(self._working.parameters, before):  # somebody has changed them
            self._keep()

    def _publish(self) -> None:
        """Bring the network's parameters and statistics up to date."""
        W = self.network.dense[0].W
        W[self._inputs] = self._first.W
        self.network.parameters[W.size :] = self._working.parameters[self._first.W.size :]
        if self.network.batch_norm:
            self._average_statistics()
            self.network.statistics = self._working.statistics

    def _average_statistics(self) -> None:
        """Algorithm 23.4 over all batches after the last step planned, before that over a fixed sample of them."""
        count = self.steps_per_epoch
        if self.step < self.total_steps and self.state != "diverged":
            count = min(count, STATISTICS_BATCHES)
        if self._averaged != (self.step, count):
            self._averaged = (self.step, count)
            average_batch_statistics(self._working, self._inputs_dealt(count))

    def _inputs_dealt(self, count: int) -> Iterator[Array]:
        for batch in self._batches.dealt(count, self.steps_per_epoch):
            self._first.blocks = batch.blocks
            yield batch.X


def _rms(array: Array) -> float:
    return float(np.sqrt(np.mean(np.square(array), dtype=np.float64)))


def _fill(name: str, array: Array, kept: Array) -> None:
    """Set all of `array`, if what was kept of it is of the same kind."""
    if (kept.dtype, kept.shape) != (array.dtype, array.shape):
        raise ValueError(f"{name} must be {array.dtype} of shape {array.shape}, got {kept.dtype} of {kept.shape}")
    array[...] = kept


def _check_weights(sample_weight: Array, n: int) -> Array:
    weights = check_matrix("sample_weight", np.reshape(sample_weight, (-1, 1)), np.float64)[:, 0]
    if len(weights) != n or weights.min() <= 0:
        raise ValueError(f"sample_weight must be {n} numbers above 0, one a training row")
    return weights


def _check_measure_every(value: float) -> float:
    return check_number("measure_every", value, 0.0, np.inf, low_included=False)


def _check_rate(value: float) -> float:
    return check_number("learning_rate", value, 0.0, np.inf, low_included=False)
