"""One world, and the same world again from some week on with one thing changed: somebody stays, or
somebody leaves.

Chance is keyed by event, so both worlds are the same up to that week and have the same luck after
it: whatever differs later is an effect of the one thing that was changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from peersim.model.vocabulary import (
    ACTIVE,
    COMPLETED,
    COURSE_COMPLETED,
    EVENT_LEAVE,
    GAVE_UP_WAITING,
    LEFT,
    MOVED_ON,
    N_HAZARDS,
    SELF_RUN,
)
from peersim.model.world import EVENT, World, copy_of
from peersim.run.first_day import Blueprint, create, room_for_outcomes
from peersim.run.simulation import live

WINDOW = 26
"""Weeks after a departure within which another counts as following it."""
LOOK_ON = 26
"""Weeks after the window within which whoever left in it in one of the two worlds may yet leave in
the other."""

_FIXED = ("params", "events", "used", "ring", "position", "baseline")
NEVER = np.inf


class Leaving(NamedTuple):
    """One person's leaving: from the first of the communities that she leaves in that week."""

    row: int
    week: int
    community: int
    cause: int


class Ends(NamedTuple):
    """How everybody's time in each community ended, as far as a world has been lived.

    Attributes
    ----------
    left : float array, people x communities
        Week in which somebody who had taken part dropped out: left or lost her place, other than by
        completing or moving on. Infinite for all others.
    gave_up : float array, people x communities
        Week in which somebody gave up waiting who had never taken part.
    """

    left: np.ndarray
    gave_up: np.ndarray


def ends_of(world: World) -> Ends:
    """Read off a world when each person dropped out of each community."""
    m = world.memberships
    over, began = m["left"] >= 0, m["joined"] >= 0
    dropped = over & began & (m["cause"] != COURSE_COMPLETED) & (m["cause"] != MOVED_ON)
    tired = over & ~began & (m["cause"] == GAVE_UP_WAITING)
    return Ends(np.where(dropped, m["left"], NEVER), np.where(tired, m["left"], NEVER))


def have_a_place(world: World) -> np.ndarray:
    """Who takes part somewhere, has completed or has moved on (as the outcome `retained`)."""
    status, moved_on = world.status, world.memberships["cause"] == MOVED_ON
    in_it = (
        (status == ACTIVE)
        | (status == SELF_RUN)
        | (status == COMPLETED)
        | ((status == LEFT) & moved_on)
    )
    return in_it.any(axis=1)


def keep(world: World, row: int) -> World:
    """A copy of a world in which one person leaves nothing from the coming week on, as by the event
    `keep`.
    """
    other = copy_of(world, _FIXED)
    other.people["stays"][row] = 1
    return other


def withdraw(world: World, row: int) -> World:
    """A copy of a world in which one person leaves everything at the beginning of the coming week:
    event `leave`.
    """
    other, week = copy_of(world, _FIXED), int(world.clock["week"][0])
    due, events = int(world.clock["next_event"][0]), world.events
    event = np.array([(week + 1, EVENT_LEAVE, row, 0)], EVENT)
    return other._replace(events=np.concatenate([events[:due], event, events[due:]]))


class After(NamedTuple):
    """What is read off a world after one leaving: everybody's ends, and who has a place at the end
    of the window.
    """

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
        self.weeks = blueprint.weeks + LOOK_ON
        self._out = room_for_outcomes(self.weeks)
        n = len(blueprint.ids)
        self.world = self._created(rows=(0, 4 * n + 16))
        self.on(self.world, self.weeks)
        self.ends = ends_of(self.world)
        self._past: dict[int, World] = {}
        self._placed: dict[int, np.ndarray] = {}

    def _created(self, rows: tuple[int, int] = (0, 0)) -> World:
        n = len(self.blueprint.ids)
        return create(self.blueprint, self.seed, np.zeros((0, n)), rows=rows)

    def on(self, world: World, week: int) -> World:
        """Live a world on to the end of a week."""
        live(world, int(world.clock["week"][0]), week, self._out)
        return world

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
        """Live the world once more, keeping its state at the end of some weeks, and who has a place
        a window later.
        """
        wanted = set(weeks)
        world, places = self._created(), {week + 1 + WINDOW for week in wanted}
        for week in range(max([0, *wanted, *places]) + 1):
            if week > 0:
                self.on(world, week)
            if week in wanted:
                self._past[week] = copy_of(world, _FIXED)
            if week in places:
                self._placed[week] = have_a_place(world)

    def before(self, week: int) -> World:
        """The world at the end of the week before, which must have been remembered."""
        return self._past[week - 1]

    def as_it_went(self, week: int) -> After:
        """What the world itself has to show a window after some week."""
        return After(self.ends, self._placed[week + WINDOW])

    def follow(self, world: World, week: int) -> After:
        """Live another world to the end of the window after some week, and on until all is
        known.
        """
        self.on(world, week + WINDOW)
        placed = have_a_place(world)
        self.on(world, week + WINDOW + LOOK_ON)
        return After(ends_of(world), placed)
