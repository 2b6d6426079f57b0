"""One world as it went, and the same world again from some week on with one thing changed: somebody
stays, or somebody leaves.

Both worlds are the same up to that week and have the same draws after it: whatever differs later is
an effect of the one thing that was changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from peersim.model.vocabulary import GAVE_UP_WAITING, LEFT, N_HAZARDS
from peersim.model.world import World
from peersim.run.first_day import Blueprint
from peersim.run.replicate import Replicate
from peersim.run.standing import have_a_place
from peersim.run.stays import NEVER, dropped_out

WINDOW = 26
"""Weeks after a departure within which another counts as following it."""
LOOK_ON = 26
"""Weeks after the window within which whoever left in it in one of the two worlds may yet leave in
the other."""


class Leaving(NamedTuple):
    """One person's leaving: from the first of the communities that they leave in that week."""

    row: int
    week: int
    community: int
    cause: int


class Ends(NamedTuple):
    """How everybody's time in each community ended, as far as a world has been run.

    Attributes
    ----------
    left : float array, people x communities
        Week in which somebody who had taken part dropped out: left or lost their place, other than
        by completing or moving on. Infinite for all others.
    gave_up : float array, people x communities
        Week in which somebody gave up waiting who had never taken part.
    """

    left: np.ndarray
    gave_up: np.ndarray


def ends_of(world: World) -> Ends:
    """Give the week in which each person dropped out of each community."""
    m = world.memberships
    tired = (m["left"] >= 0) & (m["joined"] < 0) & (m["cause"] == GAVE_UP_WAITING)
    return Ends(dropped_out(world), np.where(tired, m["left"], NEVER))


class After(NamedTuple):
    """A world after one leaving: everybody's ends, and who has a place at the end of the window."""

    ends: Ends
    placed: np.ndarray


class History:
    """One world as it went, with its state kept at the end of the weeks before the leavings that
    are looked into.

    Parameters
    ----------
    blueprint : Blueprint
        What is simulated; the departures looked into lie at least `WINDOW` weeks before its last
        week.
    seed : int
    """

    def __init__(self, blueprint: Blueprint, seed: int):
        self.blueprint, self.seed = blueprint, seed
        self.last_week = blueprint.weeks - WINDOW
        self.world = self._begin(departure_rows=4 * len(blueprint.ids) + 16).run()
        self.ends = ends_of(self.world)
        self._past: dict[int, Replicate] = {}
        self._placed: dict[int, np.ndarray] = {}

    def _begin(self, departure_rows: int = 0) -> Replicate:
        weeks = self.blueprint.weeks + LOOK_ON
        return Replicate(self.blueprint, self.seed, weeks, departure_rows=departure_rows)

    def leavings(self) -> list[Leaving]:
        """Those who left of themselves, other than by moving on, in time for the whole window to be
        seen.
        """
        m = self.world.memberships
        own = (self.world.status == LEFT) & (m["cause"] < N_HAZARDS) & np.isfinite(self.ends.left)
        found: dict[tuple[int, int], Leaving] = {}
        for row, community in zip(*np.nonzero(own), strict=True):
            week = int(m["left"][row, community])
            if week <= self.last_week:
                cause = int(m["cause"][row, community])
                found.setdefault((week, int(row)), Leaving(int(row), week, int(community), cause))
        return [found[key] for key in sorted(found)]

    def remember(self, weeks: Iterable[int]) -> None:
        """Run the world once more, keeping its state at the end of some weeks, and who has a place
        a window later.
        """
        wanted = set(weeks)
        replicate, places = self._begin(), {week + 1 + WINDOW for week in wanted}
        for week in sorted(wanted | places):
            world = replicate.run_to(week)
            if week in wanted:
                self._past[week] = replicate.copy()
            if week in places:
                self._placed[week] = have_a_place(world)

    def before(self, week: int) -> Replicate:
        """The world at the end of the week before, which must have been remembered."""
        return self._past[week - 1]

    def as_it_went(self, week: int) -> After:
        """The world itself a window after some week."""
        return After(self.ends, self._placed[week + WINDOW])

    def without(self, row: int, week: int) -> After:
        """The world in which one person leaves nothing from some week on."""
        return self._follow(self.before(week).copy().keep(row), week)

    def with_it(self, row: int, week: int) -> After:
        """The world in which one person leaves everything in some week."""
        return self._follow(self.before(week).copy().withdraw(row), week)

    def _follow(self, other: Replicate, week: int) -> After:
        """Run to the end of the window after some week, and on until all is known."""
        placed = have_a_place(other.run_to(week + WINDOW))
        return After(ends_of(other.run_to(week + WINDOW + LOOK_ON)), placed)
