"""One world week by week: it can be looked at, copied and changed on the way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from peersim.model.vocabulary import EVENT_LEAVE
from peersim.model.world import EVENT, World, copy_of
from peersim.run.first_day import Blueprint, create, room_for_outcomes
from peersim.run.simulation import baseline_of, run_weeks

_SETTLED = ("params", "events", "used", "ring", "position", "baseline")
"""What nothing in a run writes to, so that copies can share it."""


class Replicate:
    """One scenario with one seed, from the first day on.

    Chance is keyed by event. A copy has the same past and the same draws to come: whatever differs
    later is an effect of what was changed in one of the two.

    Parameters
    ----------
    blueprint : Blueprint
    seed : int
    weeks : int, optional
        Run at most so many weeks; by default those of the scenario.
    with_baseline : bool
        Whether to work out how the same people fare without any programme.
    ledger_rows, departure_rows : int
        Room in the ledger of ties and in the list of departures.

    Attributes
    ----------
    world : World
        As it is at the end of `week`.
    outcomes : float array, weeks + 1 x communities + 1 x outcomes
        Week by week, as far as it has been run.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        seed: int,
        weeks: int | None = None,
        *,
        with_baseline: bool = False,
        ledger_rows: int = 0,
        departure_rows: int = 0,
    ):
        self.blueprint, self.seed = blueprint, seed
        baseline = (
            baseline_of(blueprint.alone, seed)
            if with_baseline
            else np.zeros((0, len(blueprint.ids)))
        )
        self.world = create(blueprint, seed, baseline, rows=(ledger_rows, departure_rows))
        self.outcomes = room_for_outcomes(blueprint.weeks if weeks is None else weeks)

    @property
    def week(self) -> int:
        """The last week that is over; 0: it is the first day."""
        return int(self.world.clock["week"][0])

    def run_to(self, week: int) -> World:
        """Run to the end of a week, or to the last if that is sooner."""
        week = min(week, len(self.outcomes) - 1)
        if week > self.week:
            run_weeks(self.world, self.week, week, self.outcomes)
        return self.world

    def run(self) -> World:
        """Run to the last week."""
        return self.run_to(len(self.outcomes) - 1)

    def weeks(self) -> Iterator[World]:
        """Run one week at a time to the last, and give the world as it is at the end of each."""
        while self.week < len(self.outcomes) - 1:
            yield self.run_to(self.week + 1)

    def copy(self) -> Replicate:
        """Give another one with the same past and the same draws to come."""
        other = object.__new__(Replicate)
        other.blueprint, other.seed = self.blueprint, self.seed
        other.world = copy_of(self.world, _SETTLED)
        other.outcomes = self.outcomes.copy()
        return other

    def keep(self, row: int) -> Replicate:
        """Let one person leave nothing from the coming week on, as by the event `keep`."""
        self.world.people["stays"][row] = 1
        return self

    def withdraw(self, row: int) -> Replicate:
        """Let one person leave everything at the beginning of the coming week, as by the event
        `leave`.
        """
        event = np.array([(self.week + 1, EVENT_LEAVE, row, 0)], EVENT)
        due, events = int(self.world.clock["next_event"][0]), self.world.events
        self.world = self.world._replace(events=np.concatenate([events[:due], event, events[due:]]))
        return self
