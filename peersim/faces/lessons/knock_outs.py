"""The same year without one departure: who would have stayed."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from peersim.faces import year as years
from peersim.faces.recording import Detail, variant_of
from peersim.faces.year import Year, watched
from peersim.model.vocabulary import MOVED_ON, N_HAZARDS
from peersim.model.world import World
from peersim.run.first_day import Blueprint
from peersim.run.replicate import Replicate


class Without(NamedTuple):
    """A year in which somebody stays who had left.

    Attributes
    ----------
    person, week : int
        Their row, and the week in which they had left.
    year : Year
        The same year without it.
    stay : list of int
        Others who had left by the end, and now have not.
    later : list of (int, int)
        Others who leave all the same, in another week, and that week.
    new : list of int
        Others who have left only now.
    """

    person: int
    week: int
    year: Year
    stay: list[int]
    later: list[tuple[int, int]]
    new: list[int]


def knock_outs(year: Year, seed: int, most: int, with_nobody: bool = False) -> list[Without]:
    """Live a year again without each departure, and give those after which others stay.

    Parameters
    ----------
    year : Year
    seed : int
    most : int
        So many at most: those with most others who stay, the earliest first.
    with_nobody : bool
        Whether departures are given as well after which nobody else stays.

    Returns
    -------
    list of Without
        By week.
    """
    found = [_without(year, seed, person, week) for person, week in leavings(year.departures)]
    given = (each for each in found if each.stay or with_nobody)
    telling = sorted(given, key=lambda each: (-len(each.stay), each.week))
    return sorted(telling[:most], key=lambda each: (each.week, each.person))


def leavings(departures: np.ndarray) -> list[tuple[int, int]]:
    """Who left of themselves, other than by moving on, and when; of each person the first time."""
    own = (departures["cause"] < N_HAZARDS) & (departures["cause"] != MOVED_ON)
    found: dict[int, int] = {}
    for departure in departures[own]:
        found.setdefault(int(departure["person"]), int(departure["week"]))
    return list(found.items())


def stay_without(blueprint: Blueprint, seed: int) -> tuple[int, int]:
    """How many have left by the end of a year, and how many others stay at most without one of the
    departures; without watching week by week.
    """
    rows = 4 * len(blueprint.ids) + 16
    replicate = Replicate(blueprint, seed, departure_rows=rows)
    past = replicate.copy()
    world = replicate.run()
    departures = years.departures_of(world)
    was, most = _gone_at_end(world), 0
    for person, week in sorted(leavings(departures), key=lambda each: each[1]):
        past.run_to(week - 1)
        now = _gone_at_end(past.copy().keep(person).run())
        stay = was & ~now
        stay[person] = False
        most = max(most, int(stay.sum()))
    return int(was.sum()), most


def _gone_at_end(world: World) -> np.ndarray:
    memberships = world.memberships
    standings = years.standing_of(world.status, memberships["left"], memberships["cause"])
    return years.are_gone(standings)


def _without(year: Year, seed: int, person: int, week: int) -> Without:
    other = watched(year.blueprint, seed, stays={person: week})
    before, after = _gone(year), _gone(other)
    others = np.arange(len(before)) != person
    was, now = before >= 0, after >= 0
    later = np.flatnonzero(others & was & now & (before != after))
    return Without(
        person,
        week,
        other,
        np.flatnonzero(others & was & ~now).tolist(),
        [(int(row), int(after[row])) for row in later],
        np.flatnonzero(others & ~was & now).tolist(),
    )


def _gone(year: Year) -> np.ndarray:
    """The week since which somebody is gone who has left and takes part in nothing at the end; -1
    for all others.
    """
    gone = years.are_gone(years.standing(year))
    back = np.argmin(gone[::-1], axis=0)
    first = np.where(gone.all(axis=0), 0, len(gone) - back)
    return np.where(gone[-1], first, -1)


def as_data(found: Without, base: Year, key: str, detail: Detail) -> dict[str, Any]:
    """A knock-out as a page reads it.

    Parameters
    ----------
    found : Without
    base : Year
        The year itself.
    key : str
        The design that it is of.
    detail : Detail
        In which the year itself is told.
    """
    return {
        "person": found.person,
        "week": found.week,
        "stay": found.stay,
        "later": [list(each) for each in found.later],
        "new": found.new,
        "world": variant_of(found.year, base, key, detail),
    }
