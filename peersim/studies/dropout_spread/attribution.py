"""Departures and the persons whose leaving is named behind them, and the trees that this makes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from peersim.model.vocabulary import (
    COMMUNITY_CLOSED,
    LOST_TIE,
    MOVED_ON,
    N_HAZARDS,
    NOBODY,
    OTHERS_LEAVING,
)
from peersim.model.world import World

SPREADING = (int(LOST_TIE), int(OTHERS_LEAVING), int(COMMUNITY_CLOSED))
"""Causes behind which a person can be named."""


class Departures(NamedTuple):
    """The departures of one world, in order.

    Attributes
    ----------
    row, week, community, cause, caused_by : int array
        `caused_by`: row of the person named, -1 if nobody is.
    share : float array
        Share of the hazards, that week, that came from lost ties and from seeing others leave; 0
        where something else than a hazard decided.
    """

    row: np.ndarray
    week: np.ndarray
    community: np.ndarray
    cause: np.ndarray
    caused_by: np.ndarray
    share: np.ndarray


def departures_of(world: World) -> Departures:
    """Read the list of departures."""
    d = world.departures[: int(world.clock["n_departures"][0])]
    share = np.where(
        d["cause"] < N_HAZARDS, d["share"][:, LOST_TIE] + d["share"][:, OTHERS_LEAVING], 0.0
    )
    row, week, community, cause, by = (
        d[name].copy() for name in ("person", "week", "community", "cause", "caused_by")
    )
    by[cause == MOVED_ON] = NOBODY  # they follow an example; this is no dropout
    return Departures(row, week, community, cause, by, share)


def up_to(departures: Departures, week: int) -> Departures:
    """The departures up to some week."""
    return Departures(*(column[departures.week <= week] for column in departures))


def parents(departures: Departures) -> np.ndarray:
    """Give, for each departure, the place in the list of the departure behind it; -1 if nobody is
    named.

    It is the last departure of the person named that was not later.
    """
    found = np.full(len(departures.row), -1)
    for place in np.flatnonzero(departures.caused_by != NOBODY):
        own = (departures.row == departures.caused_by[place]) & (
            departures.week <= departures.week[place]
        )
        own[place] = False
        if own.any():
            found[place] = np.flatnonzero(own)[np.argmax(departures.week[own])]
    return found


def followers_of(
    departures: Departures, leaver: int, week: int, until: int
) -> tuple[np.ndarray, np.ndarray]:
    """Give the departures laid at one leaver's door up to some week: directly, and with those whom
    these are laid to.

    Returns
    -------
    (bool array, bool array)
        Over the departures of the list.
    """
    parent, in_time = parents(departures), (departures.week >= week) & (departures.week <= until)
    own = (departures.row == leaver) & (departures.week == week)
    direct = in_time & (parent >= 0) & own[parent] & ~own
    every = direct.copy()
    while True:
        more = in_time & (parent >= 0) & every[parent] & ~every & ~own
        if not more.any():
            return direct, every
        every |= more


class Tree(NamedTuple):
    """One cascade: the first departure, and those that follow from it by name.

    Attributes
    ----------
    places : int array
        Places in the list, the first departure first.
    generation : int array
        0 for the first, 1 for those laid at their door, ...
    """

    places: np.ndarray
    generation: np.ndarray


def trees(departures: Departures) -> list[Tree]:
    """Give all cascades of a world, the largest first; most departures are alone in theirs."""
    parent = parents(departures)
    root, generation = np.arange(len(parent)), np.zeros(len(parent), int)
    for place in np.argsort(departures.week, kind="stable"):
        above, seen = parent[place], {int(place)}
        while above >= 0 and int(above) not in seen:
            seen.add(int(above))
            root[place], generation[place] = above, generation[place] + 1
            above = parent[above]
    found = []
    for first in np.unique(root):
        places = np.flatnonzero(root == first)
        places = places[np.lexsort((departures.week[places], generation[places]))]
        found.append(Tree(places, generation[places]))
    return sorted(found, key=lambda tree: (-len(tree.places), int(tree.places[0])))
