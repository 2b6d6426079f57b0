"""What is read off a world or a run: contacts, confidence, who took part, who gave; and plain
statistics of persons.
"""

from __future__ import annotations

import numpy as np

from peersim.model.vocabulary import COMMUNITIES, COMPLETED, DIGITAL, GROUP, LEFT, MOVED_ON
from peersim.model.world import World
from peersim.run.standing import came_as_recipients, living, worth

NUMBER = {name: number for number, name in enumerate(COMMUNITIES)}
RECENT = 8
"""Weeks within which two people must have met to count as being in contact."""


def recipients(world: World) -> np.ndarray:
    """Which rows were invited as recipients."""
    return came_as_recipients(world.people)


def supporters(world: World) -> np.ndarray:
    """Which rows came as supporters, trained or asked."""
    return ~came_as_recipients(world.people)


def reached(world: World) -> np.ndarray:
    """Which rows have ever taken part in anything."""
    return (world.memberships["joined"] >= 0).any(axis=1)


def joined(world: World, community: str) -> np.ndarray:
    """Which rows have ever taken part in one community."""
    return world.memberships["joined"][:, NUMBER[community]] >= 0


def of_ties(world: World, name: str) -> np.ndarray:
    """One fact of each tie, person x slot; only where `living` does it mean anything."""
    return np.asarray(world.ties[name][world.partners["tie"]])


def greatest_confidence(world: World) -> np.ndarray:
    """Each person's greatest confidence in somebody met through the programme."""
    return np.where(living(world), of_ties(world, "confidence"), 0.0).max(axis=1)


def group_ties(world: World) -> np.ndarray:
    """Number of living ties that were made in a group."""
    return np.asarray((living(world) & (of_ties(world, "met_in") == GROUP)).sum(axis=1))


def group_contacts(world: World) -> np.ndarray:
    """Number of people met in a group with whom somebody has been in contact within the last
    weeks.
    """
    lately = of_ties(world, "last") > world.clock[0]["week"] - RECENT
    return np.asarray((living(world) & (of_ties(world, "met_in") == GROUP) & lately).sum(axis=1))


def worth_of_group_ties(world: World) -> np.ndarray:
    """What each person's living ties made in a group are worth together, in friends."""
    share = world.params[0]["ties"]["confidence_value"]
    every = worth(world.ties[world.partners["tie"]], share)
    return np.where(living(world) & (of_ties(world, "met_in") == GROUP), every, 0.0).sum(axis=1)


def face_to_face_contacts(world: World) -> np.ndarray:
    """Friends outside the programme, and people met face to face through it, in contact within the
    last weeks.
    """
    lately = of_ties(world, "last") > world.clock[0]["week"] - RECENT
    inside = living(world) & (of_ties(world, "met_in") != DIGITAL) & lately
    return np.asarray(world.people["outside_contacts"] + inside.sum(axis=1))


def participation(world: World, community: str) -> np.ndarray:
    """Share of the meetings offered to each person that they came to; 0 for those never reached."""
    m = world.memberships[:, NUMBER[community]]
    return np.asarray(m["attended"] / np.maximum(m["offered"], 1))


def has_dropped_out(world: World, community: str) -> np.ndarray:
    """Who took part in a community and left it, other than by completing or moving on."""
    m = world.memberships[:, NUMBER[community]]
    is_gone = world.status[:, NUMBER[community]] == LEFT
    return np.asarray((m["joined"] >= 0) & is_gone & (m["cause"] != MOVED_ON))


def has_completed(world: World, community: str) -> np.ndarray:
    """Who has completed a community's course."""
    return np.asarray(world.status[:, NUMBER[community]] == COMPLETED)


def slope(values: np.ndarray, on: np.ndarray) -> float:
    """Slope of a least-squares line; NaN for fewer than four people or where `on` does not vary.

    >>> round(slope(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 0.5, 1.0, 1.5])), 6)
    2.0
    """
    if len(values) < 4 or np.ptp(on) == 0:
        return np.nan
    centred = on - on.mean()
    return float((centred * (values - values.mean())).sum() / (centred * centred).sum())


def gini(values: np.ndarray) -> float:
    """Gini coefficient: 0 where everybody has the same, near 1 where one person has everything.

    >>> gini(np.array([1.0, 1.0, 1.0])), round(gini(np.array([0.0, 0.0, 0.0, 1.0])), 2)
    (0.0, 0.75)
    """
    if len(values) == 0 or values.sum() <= 0:
        return np.nan
    ordered = np.sort(values)
    n = len(ordered)
    return float(2.0 * (np.arange(1, n + 1) * ordered).sum() / (n * ordered.sum()) - (n + 1.0) / n)


def in_batches(parts: np.ndarray, wholes: np.ndarray, size: int = 10) -> np.ndarray:
    """Ratios of sums over batches of runs, for shares of events too rare in one run.

    >>> in_batches(np.array([1, 0, 2, 2]), np.array([2, 2, 4, 4]), size=2)
    array([0.25, 0.5 ])
    """
    n = len(parts) // size * size
    top, bottom = (
        np.asarray(array[:n], float).reshape(-1, size).sum(axis=1) for array in (parts, wholes)
    )
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0))
