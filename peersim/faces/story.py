"""Everybody's story in one imagined year, in the facts that a page tells: week, key, values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from peersim.faces.year import CONFIDES, FRIENDS, Year
from peersim.model.vocabulary import CAUSES, COMMUNITIES, N_HAZARDS
from peersim.studies.dropout_spread.following.diary import Week
from peersim.studies.dropout_spread.story.facts import Names, facts_of

Told = tuple[int, str, dict[str, Any]]

REASONS = {
    "life_event": "life",
    "others_leaving": "others",
    "training_dropout": "training",
    "gave_up_waiting": "waiting",
    "course_completed": "completed",
    "community_closed": "closed",
}
"""Causes whose word on a page is another one."""

_SAME = {
    "invited": "invited",
    "training": "training",
    "waits": "waiting",
    "waits_for_match": "waiting",
    "waits_again": "waits_again",
    "ready": "ready",
    "supports": "ready",
    "takes_part": "joined",
    "goes_on": "goes_on",
    "match_ends": "match_ends",
    "match_ends_because": "lost",
    "friend_leaves": "lost",
    "comes_again": "back",
    "asked": "asked",
    "gives": "gives",
    "course_completed": "completed",
    "moved_on": "moved_on",
    "follows": "moved_on",
    "gave_up_waiting": "left",
    "never_began": "left",
    "leaves": "left",
    "leaves_after": "left_after",
}
"""Facts of the study of dropout that a page tells, by the key that it tells them under; others are
left out, for there would be too many of them.
"""


def stories_of(year: Year) -> dict[str, list[list[Any]]]:
    """Tell what happened to everybody.

    Parameters
    ----------
    year : Year

    Returns
    -------
    dict
        By a person's label: facts ``[week, key, values]`` in order.
    """
    plan = year.blueprint
    names = [
        Names(plan.labels, row, plan.roles, plan.scenario.communities)
        for row in range(len(plan.labels))
    ]
    diaries = _diaries(year)
    return {
        each.name: [list(fact) for fact in _told(year, each, diaries[each.row])] for each in names
    }


# -- diaries: what the study of dropout tells from ------------------------------------------------
def _diaries(year: Year) -> list[list[Week]]:
    """Everybody's weeks, without what only that study needs."""
    people = range(len(year.blueprint.labels))
    known, close = _circles_of_friends(year, len(people))
    matches = _matches(year, len(people))
    bits = np.array([number.bit_count() for number in range(16)])
    planned, came = (bits[days].sum(axis=2) for days in (year.planned, year.present))
    missed = _missed(planned, came).tolist()
    status = year.status.tolist()
    return [
        [
            Week(
                week,
                tuple(status[week][row]),
                int(planned[week, row]),
                int(came[week, row]),
                missed[week][row],
                matches[week][row],
                known[week][row],
                close[week][row],
                chance=0.0,
                because=-1,
                recovery=0.0,
                strain=0.0,
            )
            for week in range(1, year.weeks + 1)
        ]
        for row in people
    ]


def _missed(planned: np.ndarray, came: np.ndarray) -> np.ndarray:
    """How many meetings everybody has missed since they last came to anything."""
    found = np.zeros_like(planned)
    for week in range(1, len(planned)):
        found[week] = np.where(came[week] > 0, 0, found[week - 1] + planned[week])
    return found


def _matches(year: Year, people: int) -> list[list[frozenset[int]]]:
    """With whom everybody is matched, week by week."""
    found = [[frozenset[int]()] * people for _ in range(year.weeks + 1)]
    partner = year.memberships["partner"].max(axis=2)
    for week, row in zip(*np.nonzero(partner >= 0), strict=True):
        other = int(partner[week, row])
        found[week][row] |= {other}
        found[week][other] |= {int(row)}
    return found


def _circles_of_friends(year: Year, people: int) -> tuple[list[list[frozenset[int]]], ...]:
    """Whom everybody knows, and whom they confide in or are friends with, week by week."""
    weeks = range(year.weeks + 1)
    known = [[set[int]() for _ in range(people)] for _ in weeks]
    close = [[set[int]() for _ in range(people)] for _ in weeks]
    for span in year.spans:
        for week, digit in enumerate(span.digits, span.since):
            for circle in (known,) if int(digit) % 4 < CONFIDES else (known, close):
                circle[week][span.i].add(span.j)
                circle[week][span.j].add(span.i)
    return tuple(
        [[frozenset(each) for each in week] for week in circle] for circle in (known, close)
    )


# -- facts ----------------------------------------------------------------------------------------
def _told(year: Year, names: Names, weeks: list[Week]) -> Iterator[Told]:
    friends = _friendships(year, names.row)
    close: set[str] = set()
    is_there = year.takes_part[:, names.row].any(axis=1)  # who has gone loses nobody there
    for week, key, values in facts_of(weeks, year.world, names):
        while friends and friends[0][0] <= week:
            yield _friends(names, friends.pop(0))
        if key == "close":
            if not close:
                yield week, "confides", {}
            close.update(values["others"])
        elif key != "friend_leaves" or (values["other"] in close and is_there[week - 1]):
            yield from _translated(year, names.row, (week, key, values))
    yield from (_friends(names, each) for each in friends)
    yield from _last(year, names.row)


def _translated(year: Year, row: int, fact: Told) -> Iterator[Told]:
    week, key, values = fact
    if key == "matched":
        yield from ((week, "matched", {"other": other}) for other in values["others"])
    elif key == "stays_away":
        yield week, "away", {"n": values["times"]}
    elif key == "never_began" and values["reason"] == "never_started":
        yield week, "declined", {"where": values["place"]}
    elif key in _SAME:
        yield week, _SAME[key], _values(year, row, fact)


def _values(year: Year, row: int, fact: Told) -> dict[str, Any]:
    """What a fact is about: where, whom, and of a departure why."""
    week, key, given = fact
    found = {"where": given["place"]} if "place" in given else {}
    found |= {"other": given["other"]} if "other" in given else {}
    if _SAME[key] in ("left", "left_after"):
        community = COMMUNITIES.index(given["place"])
        found["reason"] = reason(given["reason"])
        found["shares"] = _shares(year, row, week, community)
    return found


def reason(cause: str) -> str:
    """The word of a page for a cause: its place below ``reason`` in the catalogue."""
    return REASONS.get(cause, cause)


def _shares(year: Year, row: int, week: int, community: int) -> list[list[Any]]:
    """What spoke for leaving, in per cent, the most first."""
    for departure in year.departures:
        mine = (departure["person"], departure["week"], departure["community"])
        if mine == (row, week, community) and departure["cause"] < N_HAZARDS:
            parts = zip(CAUSES[:N_HAZARDS], _percent(departure["share"]), strict=True)
            shares = [[reason(cause), share] for cause, share in parts if share > 0]
            return sorted(shares, key=lambda each: -each[1])
    return []


def _percent(shares: np.ndarray) -> list[int]:
    found: list[int] = np.rint(100 * shares).astype(int).tolist()
    return found


def _friendships(year: Year, row: int) -> list[tuple[int, int]]:
    """In which week somebody became friends with whom."""
    found: dict[int, int] = {}
    for span in year.spans:
        if row in (span.i, span.j):
            for week, digit in enumerate(span.digits, span.since):
                if int(digit) % 4 == FRIENDS:
                    found.setdefault(span.i + span.j - row, week)
                    break
    return sorted((week, other) for other, week in found.items())


def _friends(names: Names, found: tuple[int, int]) -> Told:
    return found[0], "friends", {"other": names.labels[found[1]]}


def _last(year: Year, row: int) -> Iterator[Told]:
    """How somebody stands in the last week, where nothing has told it yet."""
    if year.takes_part[-1, row].any():
        yield year.weeks, "stays", {}
    elif not (year.world.memberships["joined"][row] >= 0).any():
        yield year.weeks, "never", {}
