"""Whose turn it is to train: the tabs of this process train one at a time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter, sleep

SLICE_SECONDS = 0.4  # of training between two pictures: long enough to train, short enough to watch
SHORTEST_SLICE = 0.1  # when many tabs train at once
ROUND_SECONDS = 0.4  # a tab's slice and picture: with n tabs training, each is drawn every n · this
RECENT_SECONDS = 5.0  # a tab that has asked for a turn since then counts as training


class Turns:
    """Lets the tabs of this process train one at a time, in slices that shrink as more of them train.

    Two trainings at once would halve each other's speed and leave no core for the pages. Drawing takes time as
    well, in Python and in the browser: the more tabs train, the longer each waits for its next turn.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[int, float] = {}
        self._had: dict[int, float] = {}

    @contextmanager
    def taken(self, who: int, given_up: Callable[[], bool]) -> Iterator[float]:
        """Wait for a turn; its length in seconds, or 0 where it was given up or did not come in time."""
        now = perf_counter()
        self._asked = {k: t for k, t in self._asked.items() if now - t < RECENT_SECONDS} | {who: now}
        tabs = len(self._asked)
        due = self._had.get(who, 0.0) + ROUND_SECONDS * (tabs - 1)
        mine = False
        while not (mine or given_up() or perf_counter() > max(due, now) + ROUND_SECONDS * tabs):
            if perf_counter() < due:
                sleep(0.02)
            else:
                mine = self._lock.acquire(timeout=0.02)
        try:
            yield max(SHORTEST_SLICE, SLICE_SECONDS / tabs) if mine else 0.0
        finally:
            if mine:
                self._had = {k: t for k, t in self._had.items() if k in self._asked} | {who: perf_counter()}
                self._lock.release()


TURNS = Turns()  # of this process
