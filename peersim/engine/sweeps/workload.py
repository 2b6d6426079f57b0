"""The workload of a sweep: points x replicates, cut into batches that depend on nothing but the
design.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from peersim.engine.sweeps.batch import Work
from peersim.kernel.paths import leaves
from peersim.scenario.design import Design
from peersim.scenario.scenario import Scenario

PERSON_WEEKS = 1_000_000
"""What a batch is to hold, about: a second's work, and so the most that a killed worker loses."""
MOST_RUNS = 500
_PEOPLE_AND_WEEKS = ("population.recipients", "population.supporters", "population.asked", "weeks")


class Piece(NamedTuple):
    """Replicates `first` up to `last` (not included) of one point."""

    point: int
    first: int
    last: int


@dataclass(frozen=True)
class Workload:
    """All runs of a sweep, in order of point and replicate.

    Attributes
    ----------
    design : Design
    bases : dict of str to Scenario
        What each arm starts from.
    seed, replicates : int
        Replicates are consecutive seeds from `seed`.
    tables : {"none", "first", "all"}
        What is wanted of the weeks before the last.
    size : int
        Runs in a batch.
    """

    design: Design
    bases: dict[str, Scenario]
    seed: int
    replicates: int
    tables: str
    size: int

    @classmethod
    def of(
        cls, base: Scenario, design: Design, seed: int, replicates: int, tables: str
    ) -> Workload:
        """Cut a sweep into batches; where it can be, a point is not divided."""
        bases = design.bases(base)
        size = int(min(MOST_RUNS, max(1, PERSON_WEEKS // _person_weeks(design, bases))))
        size = size // replicates * replicates if size > replicates else size
        return cls(design, bases, seed, replicates, tables, size)

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.design) * self.replicates

    @property
    def batches(self) -> int:
        """Number of batches."""
        return -(-self.runs // self.size)

    def runs_of(self, batch: int) -> range:
        """Give the numbers of the runs of a batch: point x replicates + replicate."""
        return range(batch * self.size, min(self.runs, (batch + 1) * self.size))

    def pieces(self, batch: int) -> Iterator[Piece]:
        """Yield what a batch holds of each point."""
        runs = self.runs_of(batch)
        for point in range(runs.start // self.replicates, (runs.stop - 1) // self.replicates + 1):
            begin = point * self.replicates
            yield Piece(point, max(runs.start - begin, 0), min(runs.stop - begin, self.replicates))

    def task(self, batch: int) -> tuple[dict[str, Scenario], list[Work], str]:
        """Give the arguments of `run_batch`."""
        works = [
            Work(
                self.design.arm_of(piece.point),
                self.design.points[piece.point],
                range(self.seed + piece.first, self.seed + piece.last),
            )
            for piece in self.pieces(batch)
        ]
        return {work.arm: self.bases[work.arm] for work in works}, works, self.tables


def _person_weeks(design: Design, bases: dict[str, Scenario]) -> int:
    """Give the mean size of a run."""
    known = {
        name: [leaves(Scenario)[path].get(base) for path in _PEOPLE_AND_WEEKS]
        for name, base in bases.items()
    }
    sizes = []
    for number, point in enumerate(design.points):
        *people, weeks = (
            point.get(path, usual)
            for path, usual in zip(_PEOPLE_AND_WEEKS, known[design.arm_of(number)], strict=True)
        )
        sizes.append(sum(people) * weeks)
    return max(1, int(np.mean(sizes)))
