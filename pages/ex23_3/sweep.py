"""A sweep: one training run for every combination of the values of one or two hyperparameters."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from time import perf_counter
from typing import Any

from pages.ex23_3.runs import MnistRun, new_run
from pages.ex23_3.settings import Settings, describe
from pages.shared.turns import SLICE_SECONDS

HELD_OUT = 0.2  # share of the training pictures to judge by, where the settings hold none out themselves
Combination = tuple[Any, ...]  # a value of each hyperparameter that is swept


def combine(settings: Settings, swept: Mapping[str, Sequence[Any]]) -> dict[Combination, Settings]:
    """The settings of every combination that can be trained, the last hyperparameter changing fastest.

    Batch normalisation can do nothing with batches of one picture: such combinations are left out. All others hold
    out validation pictures: who chooses the best of many by the test pictures has none left to judge it.
    """
    settings = replace(settings, validation=settings.validation or HELD_OUT)
    names = sorted(swept, key=lambda name: name != "layers")  # what each layer has comes after their number
    combined = {}
    for combination in product(*swept.values()):
        value = dict(zip(swept, combination, strict=True))
        changed = settings
        for name in names:
            changed = changed.with_value(name, value[name])
        if not changed.has_no_variance:
            combined[combination] = changed.without_idle()
    return combined


class Sweep:
    """The runs of a sweep, trained one after the other in the same slices as a single one.

    Combinations that come to the same settings, such as any keep probability without hidden layers, share a run.

    Parameters
    ----------
    settings : of page 23.3, for all that is not swept
    swept : hyperparameter → its values

    Attributes
    ----------
    combined : combination → its settings, in the order of training
    runs : combination → its run, for those begun so far
    networks : how many different ones there are
    """

    def __init__(self, settings: Settings, swept: Mapping[str, Sequence[Any]]) -> None:
        self.swept = {name: list(values) for name, values in swept.items()}
        self.combined = combine(settings, self.swept)
        self.runs: dict[Combination, MnistRun] = {}
        self.networks = len(set(self.combined.values()))

    def name(self, combination: Combination) -> str:
        """A combination in words, such as "batch 64, keep 0.9"."""
        return ", ".join(map(describe, self.swept, combination))

    @property
    def named_runs(self) -> dict[str, MnistRun]:
        """The runs begun so far by their combinations in words."""
        return {self.name(combination): run for combination, run in list(self.runs.items())}

    @property
    def different_runs(self) -> list[MnistRun]:
        """Each run begun so far once."""
        return list({id(run): run for run in list(self.runs.values())}.values())

    @property
    def best(self) -> Combination | None:
        """The combination, among those that have ended, that reads most of the validation pictures rightly."""
        accuracy = {c: validation_accuracy(run) for c, run in self.ended.items()}
        known = [c for c in self.combined if c in accuracy and accuracy[c] == accuracy[c]]  # not NaN
        return max(known, key=lambda c: accuracy[c], default=None)

    @property
    def ended(self) -> dict[Combination, MnistRun]:
        """The runs that have nothing more to do."""
        return {c: run for c, run in list(self.runs.items()) if run.trainer.state != "training"}

    @property
    def under_way(self) -> Combination | None:
        """The combination that is trained now or next, or None when all have ended."""
        ended = self.ended
        return next((c for c in self.combined if c not in ended), None)

    @property
    def share(self) -> float:
        """How much is done, each run counting the same."""
        ended = self.ended
        begun = (run.trainer for c, run in list(self.runs.items()) if c not in ended)
        return (len(ended) + sum(trainer.step / trainer.total_steps for trainer in begun)) / len(self.combined)

    def claim(self) -> None:
        """Wait until a slice that an interrupted script run was in has broken off; see `Run`."""
        for run in list(self.runs.values()):
            run.claim()

    def move_on(self) -> None:
        """Train for about one slice, or until a click claims the run; short runs follow each other within it."""
        end = perf_counter() + SLICE_SECONDS
        while (left := end - perf_counter()) > 0 and (combination := self.under_way) is not None:
            if combination not in self.runs:
                self._begin(combination)
            run = self.runs[combination]
            run.move_on(left, trained_by=self)
            if run.trainer.state == "training":
                return

    def _begin(self, combination: Combination) -> None:
        """A run for a combination, and for all that come to the same settings."""
        settings = self.combined[combination]
        run = new_run(settings, self.name(combination))
        self.runs |= {other: run for other, its in self.combined.items() if its == settings}


def validation_accuracy(run: MnistRun) -> float:
    """The share of validation pictures that a run reads rightly at its end; NaN before it, or if it diverged."""
    is_known = run.trainer.state == "finished" and run.trainer.history
    return run.trainer.history[-1].validation_accuracy if is_known else float("nan")
