"""How many supporters it takes: worlds with more and more of them, until enough people wait no
longer than promised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from peersim.run.worlds import Worlds
from peersim.scenario.scenario import Scenario, changed
from peersim.studies.staffing.levers import Variant
from peersim.studies.staffing.options import Promise
from peersim.studies.staffing.waits import MEASURES, Judged, judged, waits_in

AVERAGE, SURELY = "on average", "surely"
CRITERIA = (AVERAGE, SURELY)
"""The mean share of people is as promised; or it is so in as many worlds as are to be sure."""

STEPS = 12


@dataclass
class Tried:
    """One programme with every number of supporters that was tried.

    Attributes
    ----------
    variant : Variant
    worlds : dict of int to list of Judged
        By number of supporters invited, in the order of the seeds.
    needed : dict of (measure, criterion) to int or None
        The smallest number that keeps the promise; None if none does.
    """

    variant: Variant
    worlds: dict[int, list[Judged]] = field(default_factory=dict)
    needed: dict[tuple[str, str], int | None] = field(default_factory=dict)

    def shares(self, number: int, measure: str) -> np.ndarray:
        """Share of people in each world who waited less than promised."""
        place = MEASURES.index(measure)
        return np.array([world.shares[place] for world in self.worlds[number]])

    def is_kept(self, number: int, measure: str, criterion: str, promise: Promise) -> bool:
        """Whether a number of supporters keeps the promise."""
        shares = self.shares(number, measure)
        if criterion == AVERAGE:
            return bool(np.nanmean(shares) >= promise.share)
        return kept(shares, promise.share) >= promise.sure


def kept(shares: np.ndarray, share: float) -> float:
    """Share of worlds in which at least so many people waited less than promised; empty worlds do
    not count.

    >>> kept(np.array([1.0, 0.5, np.nan]), 0.9)
    0.5
    """
    known = shares[np.isfinite(shares)]
    return float(np.mean(known >= share - 1e-9)) if len(known) else np.nan


def kind_of_supporter(scenario: Scenario) -> str:
    """Name the setting of which more and more are tried: trained supporters, or people asked to
    become supporters where all must be asked first.

    >>> from peersim import Scenario
    >>> kind_of_supporter(Scenario())
    'population.supporters'
    """
    people = scenario.population
    return f"population.{'asked' if people.asked and not people.supporters else 'supporters'}"


def number_of_supporters(scenario: Scenario) -> int:
    """How many of this kind are configured."""
    return scenario.population.supporters or scenario.population.asked


def numbers(scenario: Scenario, most: int) -> list[int]:
    """Numbers of supporters to try first: evenly spaced in proportion, from as few as the programme
    can have.

    >>> from peersim import Scenario
    >>> numbers(Scenario(), 40)
    [2, 3, 5, 6, 8, 10, 13, 18, 23, 30, 40]
    """
    few = max(2, scenario.group.leaders)
    most = max(most or scenario.population.recipients, few, 0 if most else 10)
    return sorted({round(each) for each in np.geomspace(few, most, STEPS)})


def smallest(tested: Sequence[int], is_enough: Callable[[int], bool]) -> int | None:
    """The smallest number that is enough: found among some, then between the last too small and the
    first enough.

    >>> smallest([2, 5, 10, 20], lambda number: number >= 8), smallest([2, 5], lambda number: False)
    (8, None)
    """
    enough = next((number for number in tested if is_enough(number)), None)
    if enough is None:
        return None
    short = max((number for number in tested if number < enough), default=enough - 1)
    while enough - short > 1:
        middle = (short + enough) // 2
        short, enough = (short, middle) if is_enough(middle) else (middle, enough)
    return enough


def try_out(variant: Variant, promise: Promise, worlds: Worlds, first: Sequence[int]) -> Tried:
    """Try numbers of supporters, and find the smallest that keeps the promise by each measure and
    criterion.
    """
    tried, weeks = Tried(variant), variant.scenario.weeks

    def try_number(number: int) -> None:
        if number not in tried.worlds:
            scenario = changed(variant.scenario, {kind_of_supporter(variant.scenario): number})
            tried.worlds[number] = worlds.watch(
                scenario,
                lambda plan, seed: judged(waits_in(plan, seed, variant.delay), promise.wait, weeks),
            )

    for number in first:
        try_number(number)
    for measure in MEASURES:
        for criterion in CRITERIA:

            def is_enough(number: int, measure: str = measure, criterion: str = criterion) -> bool:
                try_number(number)
                return tried.is_kept(number, measure, criterion, promise)

            tried.needed[measure, criterion] = smallest(list(first), is_enough)
    return tried
