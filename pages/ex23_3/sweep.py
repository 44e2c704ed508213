"""A sweep: one training run for every combination of the values of one or two hyperparameters."""

from collections.abc import Mapping, Sequence
from itertools import product
from time import perf_counter
from typing import Any

from pages.ex23_3.runs import MnistRun, new_run
from pages.ex23_3.settings import Settings, describe
from pages.shared.turns import SLICE_SECONDS

Combination = tuple[Any, ...]  # a value of each hyperparameter that is swept


def combine(settings: Settings, swept: Mapping[str, Sequence[Any]]) -> dict[Combination, Settings]:
    """The settings of every combination that can be trained, the last hyperparameter changing fastest.

    Batch normalisation can do nothing with batches of one picture: such combinations are left out.
    """
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

    Parameters
    ----------
    settings : of page 23.3, for all that is not swept
    swept : hyperparameter → its values

    Attributes
    ----------
    combined : combination → its settings, in the order of training
    runs : combination → its run, for those begun so far
    """

    def __init__(self, settings: Settings, swept: Mapping[str, Sequence[Any]]) -> None:
        self.swept = {name: list(values) for name, values in swept.items()}
        self.combined = combine(settings, self.swept)
        self.runs: dict[Combination, MnistRun] = {}

    def name(self, combination: Combination) -> str:
        """A combination in words, such as "batch 64, keep 0.9"."""
        return ", ".join(map(describe, self.swept, combination))

    @property
    def named_runs(self) -> dict[str, MnistRun]:
        """The runs begun so far by their combinations in words."""
        return {self.name(combination): run for combination, run in list(self.runs.items())}

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
                self.runs[combination] = new_run(self.combined[combination], self.name(combination))
            run = self.runs[combination]
            run.move_on(left, trained_by=self)
            if run.trainer.state == "training":
                return
