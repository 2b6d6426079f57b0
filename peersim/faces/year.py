"""One imagined year, watched week by week: who stands how, who knows whom, who met whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from peersim.model.vocabulary import (
    ACTIVE,
    CLOSED,
    COMMUNITIES,
    COMPLETED,
    IN_TRAINING,
    LEFT,
    MOVED_ON,
    NEVER_STARTED,
    SELF_RUN,
    WAITING,
)
from peersim.model.world import World
from peersim.run.first_day import Blueprint
from peersim.run.replicate import Replicate
from peersim.run.simulation import run_weeks
from peersim.run.standing import living

ACQUAINTED, CONFIDES, FRIENDS, MET = 0, 1, 2, 4
"""What the digit of a tie says of a week; `MET` is added if the two met in it."""

STANDINGS = ("nothing", "training", "waiting", "completed", "left", "closed", "moved_on")
"""How somebody stands who takes part in nothing, by number."""

ENDED = ("completed", "moved_on", "nothing", "left", "closed")
"""Ways in which it may have ended; who never started has not left."""

_KEPT = ("left", "cause", "circle", "partner", "absences")

_WEEKLY = ("status", "planned", "present", "connected", "isolated")


class Span(NamedTuple):
    """The life of a tie: two rows, the place where they met, the first week, a digit a week."""

    i: int
    j: int
    place: int
    since: int
    digits: str


class Year(NamedTuple):
    """A year that has been watched; arrays have weeks + 1 rows, the first for the first day.

    Attributes
    ----------
    blueprint : Blueprint
    world : World
        As it is at the end.
    values : float array
        Outcomes, as `Run.values` has them.
    status, planned, present : int array, week x people x communities
    memberships : mapping of name to int array, week x people x communities
    connected : float array, week x people
    isolated : bool array, week x people
    spans : list of Span
        Every tie that was there at the end of some week, by its two rows and its first week.
    """

    blueprint: Blueprint
    world: World
    values: np.ndarray
    status: np.ndarray
    planned: np.ndarray
    present: np.ndarray
    memberships: Mapping[str, np.ndarray]
    connected: np.ndarray
    isolated: np.ndarray
    spans: list[Span]

    @property
    def weeks(self) -> int:
        """The last week."""
        return len(self.status) - 1

    @property
    def takes_part(self) -> np.ndarray:
        """Who takes part in which community, week by week."""
        return takes_part(self.status)

    @property
    def departures(self) -> np.ndarray:
        """The departures, in order."""
        return departures_of(self.world)


def departures_of(world: World) -> np.ndarray:
    """The departures so far, in order."""
    found: np.ndarray = world.departures[: int(world.clock["n_departures"][0])]
    return found


def watched(blueprint: Blueprint, seed: int, stays: Mapping[int, int] | None = None) -> Year:
    """Live a year and watch it.

    Parameters
    ----------
    blueprint : Blueprint
    seed : int
    stays : mapping of int to int, optional
        Rows of people who leave nothing, and from which week on.
    """
    rows = 4 * len(blueprint.ids) + 16
    while True:
        replicate = Replicate(blueprint, seed, with_baseline=True, departure_rows=rows)
        year = _watch(replicate, stays or {})
        there = int(year.world.clock["n_departures"][0])
        if there <= rows:
            return year
        rows = 2 * there


def _watch(replicate: Replicate, stays: Mapping[int, int]) -> Year:
    weeks, people = replicate.blueprint.weeks, len(replicate.blueprint.ids)
    shape = (weeks + 1, people, len(COMMUNITIES))
    year = Year(
        blueprint=replicate.blueprint,
        world=replicate.world,
        values=replicate.outcomes,
        status=np.zeros(shape, np.int8),
        planned=np.zeros(shape, np.int8),
        present=np.zeros(shape, np.int8),
        memberships={name: np.zeros(shape, np.int64) for name in _KEPT},
        connected=np.zeros(shape[:2]),
        isolated=np.zeros(shape[:2], bool),
        spans=[],
    )
    run_weeks(replicate.world, 0, 0, replicate.outcomes)  # how everybody stands on the first day
    seen = [_note(year, replicate.world, 0)]
    for week in range(1, weeks + 1):
        for row in (row for row, first in stays.items() if first == week):
            replicate.keep(row)
        seen.append(_note(year, replicate.run_to(week), week))
    year.spans.extend(_spans(np.concatenate(seen, axis=1)))
    return year._replace(world=replicate.world)


def _note(year: Year, world: World, week: int) -> np.ndarray:
    """Note how everybody stands at the end of a week; gives the ties that live."""
    year.status[week], year.planned[week], year.present[week] = (
        world.status,
        world.planned,
        world.present,
    )
    for name, kept in year.memberships.items():
        kept[week] = world.memberships[name]
    year.connected[week], year.isolated[week] = (
        world.people["connectedness"],
        world.people["isolated"],
    )
    return ties_of(world, week)


def ties_of(world: World, week: int) -> np.ndarray:
    """The ties that live at the end of a week: rows, place, week of birth, week, digit."""
    rows = np.arange(len(world.people))[:, None]
    i, slot = np.nonzero(living(world) & (world.partners["other"] > rows))
    partner = world.partners[i, slot]
    tie = world.ties[partner["tie"]]
    now: Any = world.params[int(world.clock["epoch"][0])]
    digit = np.where(tie["confidence"] >= now["measurement"]["near_enough"], CONFIDES, ACQUAINTED)
    digit[tie["strength"] >= now["ties"]["strong"]] = FRIENDS
    digit += np.where(tie["last"] == week, MET, 0)
    return np.array(
        [i, partner["other"], tie["met_in"], tie["formed"], np.full(len(i), week), digit]
    )


def _spans(seen: np.ndarray) -> list[Span]:
    """Put the weeks of each tie into a row."""
    i, j, place, formed, week, digit = seen[:, np.lexsort((seen[4], seen[3], seen[1], seen[0]))]
    if not len(i):
        return []
    changes = (np.diff(i) != 0) | (np.diff(j) != 0) | (np.diff(formed) != 0)
    first = np.r_[0, np.flatnonzero(changes) + 1]
    text = (digit + ord("0")).astype(np.uint8).tobytes().decode("ascii")
    ends = [*first[1:].tolist(), len(i)]
    columns = (column[first].tolist() for column in (i, j, place, week))
    return [
        Span(a, b, c, since, text[start:end])
        for a, b, c, since, start, end in zip(*columns, first.tolist(), ends, strict=True)
    ]


def with_room(year: Year, people: int) -> Year:
    """The same year with places for more people, of whom it knows nothing."""
    more = people - len(year.blueprint.ids)

    def wider(array: np.ndarray) -> np.ndarray:
        return np.pad(array, [(0, 0), (0, more), *[(0, 0)] * (array.ndim - 2)])

    weekly: dict[str, Any] = {name: wider(getattr(year, name)) for name in _WEEKLY}
    memberships = {name: wider(array) for name, array in year.memberships.items()}
    return year._replace(**weekly, memberships=memberships)


def standing(year: Year) -> np.ndarray:
    """How everybody stands in every week, a byte each, week x people; see `standing_of`."""
    return standing_of(year.status, year.memberships["left"], year.memberships["cause"])


def standing_of(status: np.ndarray, left: np.ndarray, cause: np.ndarray) -> np.ndarray:
    """How everybody stands: the communities they take part in as four bits, or if there is none,
    how they stand besides (`STANDINGS`) in the four bits above.

    Parameters
    ----------
    status, left, cause : int array, ... x communities
        As `World.status` and `World.memberships` have them.
    """
    bits = (takes_part(status) * (1 << np.arange(len(COMMUNITIES)))).sum(axis=-1)
    moved_on, declined = ((status == LEFT) & (cause == each) for each in (MOVED_ON, NEVER_STARTED))
    ended = np.select(
        [status == COMPLETED, moved_on, declined, status == LEFT, status == CLOSED],
        [STANDINGS.index(name) for name in ENDED],
        0,
    )
    # what ended last counts; of several in one week, the one that is no loss
    order = np.where(ended > 0, left * 8 + np.array([0, 0, 0, 7, 2, 1, 6])[ended], -1)
    last = np.take_along_axis(ended, order.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    waits = (status == WAITING).any(axis=-1)
    trains = (status == IN_TRAINING).any(axis=-1)
    besides = np.select(
        [waits, trains], [STANDINGS.index("waiting"), STANDINGS.index("training")], last
    )
    return np.where(bits > 0, bits, besides << 4).astype(np.uint8)


def takes_part(status: np.ndarray) -> np.ndarray:
    """Who takes part."""
    found: np.ndarray = (status == ACTIVE) | (status == SELF_RUN)
    return found


def are_gone(standings: np.ndarray) -> np.ndarray:
    """Who has left, or has lost the place, and takes part in nothing."""
    return np.isin(standings >> 4, [STANDINGS.index("left"), STANDINGS.index("closed")])


def circles(year: Year) -> list[list[Any]]:
    """Groups and classes: number, community, first and last week, and everybody who was in them."""
    inside = np.where(year.takes_part, year.memberships["circle"], -1)
    week, row, community = np.nonzero(inside >= 0)
    found: dict[tuple[int, int], list[list[Any]]] = {}
    places = zip(
        week.tolist(), row.tolist(), community.tolist(), inside[week, row, community].tolist(),
        strict=True,
    )  # fmt: skip
    for w, who, where, circle in places:
        stays = found.setdefault((where, circle), [])
        if not stays or stays[-1][1] < w - 1:  # a place that was free has a new circle
            stays.append([w, w, set()])
        stays[-1][1] = w
        stays[-1][2].add(who)
    return [
        [circle, where, first, last, sorted(members)]
        for (where, circle), stays in sorted(found.items(), key=lambda each: each[1][0][0])
        for first, last, members in stays
    ]
