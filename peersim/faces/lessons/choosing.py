"""Which year a lesson shows: one that is given, a quite ordinary one, or one worth telling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.run.simulation import Ensemble
from peersim.scenario.scenario import Scenario
from peersim.studies.find.options import CHAIN, DIFFERENCE
from peersim.studies.find.search import find

LOOKED_AT = 200
"""So many years are looked at, from the first seed on."""

FIRST_SEED = 1
TYPICAL, TELLING = WORDS = ("typical", "telling")
BY = ("isolated", "retained", "connectedness")
"""Outcomes by whose ends it is told how ordinary a year is."""

NEAR = 1.0
"""Years are alike that lie no farther from the middle than this, in standard deviations."""


class Chosen(NamedTuple):
    """Why a year is shown.

    Attributes
    ----------
    seed : int
    by : str
        ``"typical"``, or what was looked for: ``"chain"``, ``"difference"``, ``"person"``.
    rank, of : int
        Which it is among how many.
    alike : int or None
        How many are as telling, or as ordinary; None: this is not known.
    size : float or None
    """

    seed: int
    by: str
    rank: int
    of: int
    alike: int | None = None
    size: float | None = None

    def as_data(self) -> dict[str, Any]:
        """Itself for a page."""
        return {
            "by": self.by,
            "rank": self.rank,
            "of": self.of,
            "as_long_or_longer": self.alike,
            "size": None if self.size is None else round(self.size, 3),
        }

    @property
    def said(self) -> Sentence:
        """What must stand wherever the year is shown."""
        if self.alike is None:
            return Sentence(f"faces.play.chosen.{self.by}", {"rank": self.rank, "of": self.of})
        keys = {TYPICAL: "typical", CHAIN: "rare", DIFFERENCE: "rare_difference"}
        return Sentence(f"faces.play.{keys[self.by]}", {"n": self.alike, "of": self.of})


def distances(many: Mapping[str, Ensemble]) -> np.ndarray:
    """How far each year lies from the middle one: over the ends of `BY` in every design, the root
    of the mean square of the distance from the median, in standard deviations.
    """
    return apart_from_the_middle(
        [each.at(int(each.weeks[-1]), outcome) for each in many.values() for outcome in BY]
    )


def apart_from_the_middle(ends: Sequence[np.ndarray]) -> np.ndarray:
    """How far each year lies from the middle one, by what it ends with: an array each, one value a
    year.
    """
    spreads = [each.std() for each in ends]
    squares = [
        ((each - np.median(each)) / spread) ** 2
        for each, spread in zip(ends, spreads, strict=True)
        if spread > 0
    ]
    return np.sqrt(np.mean(squares, axis=0)) if squares else np.zeros(len(ends[0]))


def typical(many: Mapping[str, Ensemble]) -> Chosen:
    """The year that lies nearest to the middle one; of several the first."""
    return most_ordinary(distances(many), next(iter(many.values())).seeds)


def most_ordinary(apart: np.ndarray, seeds: Sequence[int] | np.ndarray) -> Chosen:
    """The year that lies nearest to the middle one, by how far each lies from it."""
    place = int(apart.argmin())
    alike = int((apart <= NEAR).sum())
    return Chosen(int(seeds[place]), TYPICAL, 1, len(seeds), alike, float(apart[place]))


def telling(designs: Mapping[str, Scenario], what: str, outcome: str, workers: int) -> Chosen:
    """The year most worth telling, as `peersim find` finds it.

    Parameters
    ----------
    designs : mapping of name to Scenario
    what : {"chain", "difference"}
        The longest chain of departures in the first design, or the largest difference between the
        two.
    outcome : str
        On which they differ.
    workers : int

    Raises
    ------
    InvalidInput
        If there is nothing to be found.
    """
    looked_at = next(iter(designs.values())) if what == CHAIN else designs
    found = find(looked_at, what, LOOKED_AT, FIRST_SEED, 1, outcome, workers=workers)
    first = found.row(0, named=True)
    return Chosen(
        first["seed"], what, first["rank"], first["of"], first["as_large"], abs(first["size"])
    )
