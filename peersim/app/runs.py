"""Runs of designs, kept: of a design that has not changed only what is missing is run."""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from peersim.app.turns import Stop
from peersim.kernel.plain_data import apart, plain
from peersim.model.outcomes import NAMES, PERSONAL
from peersim.run.simulation import ensemble
from peersim.scenario.run_options import cores
from peersim.scenario.scenario import Scenario

SHOWN = tuple(
    name for name in NAMES if name.removesuffix("_reached") not in PERSONAL or name in PERSONAL
)
"""Outcomes that are kept, and that a page can ask for."""

_PLACES = [NAMES.index(name) for name in SHOWN]
MOST_DESIGNS, MOST_BYTES = 16, 40_000_000
_USUAL = plain(Scenario())


@dataclass(frozen=True)
class Asked:
    """One design as it is to be run.

    Attributes
    ----------
    scenario : Scenario
    sets : sequence of mappings
        The sets of parameters that go with the seeds in turn.
    first_seed : int
    people : str
        The handle of the people it is run with, if they are somebody's own.
    """

    scenario: Scenario
    sets: Sequence[Mapping[str, Any]]
    first_seed: int = 1
    people: str = ""

    @property
    def key(self) -> str:
        """Tell designs apart: what is set, whose people, and what the sets leave to vary."""
        varied = sorted(self.sets[0]) if self.sets else []
        settings = apart(_USUAL, plain(self.scenario))
        return json.dumps([settings, self.people, varied, len(self.sets), self.first_seed])


@dataclass(frozen=True)
class Years:
    """What is kept of imagined years.

    Attributes
    ----------
    weekly : float32 array, year x week x outcome
        Of `SHOWN`; NaN where an outcome is not defined.
    ends : float64 array, year x outcome
        The same in the last week, to the last digit.
    seconds : float
        How long one year took, with all threads.
    """

    weekly: np.ndarray
    ends: np.ndarray
    seconds: float

    def __len__(self) -> int:
        return len(self.ends)

    def first(self, years: int) -> Years:
        """The first so many of them."""
        return Years(self.weekly[:years], self.ends[:years], self.seconds)

    def end(self, outcome: str) -> np.ndarray:
        """An outcome in the last week, one value a year."""
        values: np.ndarray = self.ends[:, SHOWN.index(outcome)]
        return values

    def weeks(self, outcome: str) -> np.ndarray:
        """An outcome week by week, year x week."""
        values: np.ndarray = self.weekly[:, :, SHOWN.index(outcome)]
        return values

    @property
    def bytes(self) -> int:
        """Room that they take."""
        return int(self.weekly.nbytes + self.ends.nbytes)


class Runs:
    """Imagined years by design, those last asked for."""

    def __init__(self, designs: int = MOST_DESIGNS, room: int = MOST_BYTES) -> None:
        self._designs, self._room, self._lock = designs, room, threading.Lock()
        self._kept: OrderedDict[str, Years] = OrderedDict()
        self.run = 0
        """How many years have been run in all."""

    def years(self, asked: Asked, number: int, stop: Stop) -> Years:
        """Give the first `number` years of a design; only those that are missing are run.

        Raises
        ------
        Stopped
            Before the next run, once nobody waits any more.
        """
        key = asked.key
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
        if known is None or len(known) < number:
            done = 0 if known is None else len(known)
            known = _joined(known, self._more(asked, done, number, stop))
            self._keep(key, known)
        return known.first(number)

    def _more(self, asked: Asked, done: int, number: int, stop: Stop) -> Years:
        began, seeds = (
            time.perf_counter(),
            range(asked.first_seed + done, asked.first_seed + number),
        )

        def ran(runs: int) -> None:
            self.run += runs
            stop.check()

        stop.check()
        found = ensemble(asked.scenario, seeds, cores(), ran, parameters=asked.sets)
        values = found.values[:, :, 0][..., _PLACES]
        taken = (time.perf_counter() - began) / (number - done)
        return Years(values.astype(np.float32), values[:, -1], taken)

    def _keep(self, key: str, years: Years) -> None:
        with self._lock:
            self._kept[key] = years
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and self._is_full():
                self._kept.popitem(last=False)

    def _is_full(self) -> bool:
        room = sum(years.bytes for years in self._kept.values())
        return len(self._kept) > self._designs or room > self._room


def _joined(first: Years | None, more: Years) -> Years:
    if first is None:
        return more
    weekly = np.concatenate([first.weekly, more.weekly])
    return Years(weekly, np.concatenate([first.ends, more.ends]), more.seconds)
