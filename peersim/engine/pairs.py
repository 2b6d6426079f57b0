"""Pairs of runs: the same seeds in two designs, as many as asked for or as a precision takes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from peersim.kernel.statistics import Paired
from peersim.model.outcomes import NAMES, compared
from peersim.run.first_day import room_for_outcomes
from peersim.run.simulation import ensemble
from peersim.scenario.scenario import Scenario

MOST_PAIRS = 20_000
LEAST_PILOT = 100
_BLOCK_BYTES = 32_000_000


class Pairs:
    """Runs of two designs with the same seeds, as many as asked for so far.

    Attributes
    ----------
    values : list of float array
        For each design pair x week x outcome, at the weeks asked for.
    traces : list of float array
        For each design pair x week x outcome, in every week, of the outcomes to be traced.
    """

    def __init__(
        self,
        designs: Mapping[str, Scenario],
        seed: int,
        weeks: Sequence[int],
        outcomes: Sequence[str] = NAMES,
        traced: Sequence[str] = (),
        parameters: Sequence[Mapping[str, Any]] | None = None,
    ):
        self.parameters = parameters
        self.designs, self.seed, self.weeks, self.outcomes, self.traced = (
            designs,
            seed,
            weeks,
            outcomes,
            traced,
        )
        last = min(scenario.weeks for scenario in designs.values())
        self.values = [np.zeros((0, len(weeks), len(outcomes))) for _ in designs]
        self.traces = [np.zeros((0, last + 1, len(traced)), np.float32) for _ in designs]

    def __len__(self) -> int:
        return len(self.values[0])

    def extend(self, pairs: int, workers: int = 1, bar: Any = None) -> None:
        """Run on until there are so many pairs; `bar`, if any, is a bar of tqdm that counts runs.

        What is kept of each run is little, so memory stays small.
        """
        if bar is not None:
            bar.total = bar.n + len(self.designs) * (pairs - len(self))
            bar.refresh()
        progress = None if bar is None else bar.update
        at_once = max(
            1,
            _BLOCK_BYTES
            // max(room_for_outcomes(each.weeks).nbytes for each in self.designs.values()),
        )
        found: list[list[tuple[np.ndarray, np.ndarray]]] = [[] for _ in self.designs]
        for first in range(len(self), pairs, at_once):
            seeds = range(self.seed + first, self.seed + min(pairs, first + at_once))
            for place, scenario in enumerate(self.designs.values()):
                runs = ensemble(scenario, seeds, workers, progress, parameters=self.parameters)
                found[place].append(self._kept(runs.values[:, :, 0]))
        for place, blocks in enumerate(found):
            self.values[place] = np.concatenate(
                [self.values[place], *(block[0] for block in blocks)]
            )
            self.traces[place] = np.concatenate(
                [self.traces[place], *(block[1] for block in blocks)]
            )

    def _kept(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        outcomes, traced = (
            [NAMES.index(name) for name in names] for names in (self.outcomes, self.traced)
        )
        every = values[:, : self.traces[0].shape[1], traced].astype(np.float32)
        return values[:, self.weeks][..., outcomes], every

    def at(self, week: int, outcome: str) -> tuple[np.ndarray, np.ndarray]:
        """One number a pair, in each design."""
        place = (slice(None), self.weeks.index(week), self.outcomes.index(outcome))
        return self.values[0][place], self.values[1][place]


class Missed(NamedTuple):
    """A precision that would take too many pairs."""

    outcome: str
    week: int
    needed: int | None


@dataclass(frozen=True)
class Aim:
    """How narrow intervals are to be.

    Attributes
    ----------
    half_width : float
        In the unit of the outcome: the interval reaches no further than this to each side.
    pilot : int
        Pairs run before it is decided how many are needed.
    outcomes : sequence of str
        Outcomes it holds for.
    """

    half_width: float
    pilot: int
    outcomes: Sequence[str]


def gap(pairs: Pairs, week: int, outcome: str, aim: Aim | None = None) -> Paired:
    """What the first design has over the second; with an aim, after Stein's two-stage procedure."""
    first, second = pairs.at(week, outcome)
    if aim is None or outcome not in aim.outcomes:
        return compared(outcome, first, second)
    return compared(outcome, first, second, half_width=aim.half_width, pilot=aim.pilot)


def run_until_precise(pairs: Pairs, aim: Aim, workers: int, bar: Any = None) -> list[Missed]:
    """Run a pilot, then as many pairs as it says are needed, and on while the intervals are still
    too wide.

    Returns
    -------
    list of Missed
        What would take more than `MOST_PAIRS`: known after the pilot, and not waited for.
    """
    pairs.extend(aim.pilot, workers, bar)
    missed: dict[tuple[str, int], Missed] = {}
    while True:
        needed = 0
        for outcome in aim.outcomes:
            for week in pairs.weeks:
                pairs_needed = _needed(pairs, week, outcome, aim)
                if pairs_needed is None or pairs_needed > MOST_PAIRS:
                    missed[outcome, week] = Missed(outcome, week, pairs_needed)
                elif (outcome, week) not in missed:
                    needed = max(needed, pairs_needed)
        if needed <= len(pairs):
            return list(missed.values())
        pairs.extend(needed, workers, bar)


def _needed(pairs: Pairs, week: int, outcome: str, aim: Aim) -> int | None:
    """How many pairs are needed in all: no more than there are if the interval is narrow enough."""
    found = gap(pairs, week, outcome, aim)
    if found.runs < 2 or found.high - found.low <= 2 * aim.half_width:
        return 0
    if found.runs_needed is None:
        return None
    share_known = found.runs / len(pairs)
    return max(len(pairs) + 1, math.ceil(found.runs_needed / share_known))
