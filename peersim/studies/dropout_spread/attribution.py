"""What the books say: each departure with the person whose leaving is named behind it, and the
trees that makes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from peersim.model.vocabulary import COMMUNITY_CLOSED, LOST_TIE, N_HAZARDS, NOBODY, OTHERS_LEAVING
from peersim.model.world import World

SPREADING = (int(LOST_TIE), int(OTHERS_LEAVING), int(COMMUNITY_CLOSED))
"""Causes behind which a person can be named."""


class Ledger(NamedTuple):
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


def ledger_of(world: World) -> Ledger:
    """Read the list of departures."""
    d = world.departures[: int(world.clock["n_departures"][0])]
    share = np.where(
        d["cause"] < N_HAZARDS, d["share"][:, LOST_TIE] + d["share"][:, OTHERS_LEAVING], 0.0
    )
    row, week, community, cause, by = (
        d[name].copy() for name in ("person", "week", "community", "cause", "caused_by")
    )
    return Ledger(row, week, community, cause, by, share)


def up_to(ledger: Ledger, week: int) -> Ledger:
    """The departures up to some week."""
    return Ledger(*(column[ledger.week <= week] for column in ledger))


def parents(ledger: Ledger) -> np.ndarray:
    """Give, for each departure, the place in the ledger of the departure behind it; -1 if nobody is
    named.

    It is the last departure of the person named that was not later.
    """
    found = np.full(len(ledger.row), -1)
    for place in np.flatnonzero(ledger.caused_by != NOBODY):
        hers = (ledger.row == ledger.caused_by[place]) & (ledger.week <= ledger.week[place])
        hers[place] = False
        if hers.any():
            found[place] = np.flatnonzero(hers)[np.argmax(ledger.week[hers])]
    return found


def followers_of(
    ledger: Ledger, leaver: int, week: int, until: int
) -> tuple[np.ndarray, np.ndarray]:
    """Give the departures laid at one leaver's door up to some week: directly, and with those whom
    these are laid to.

    Returns
    -------
    (bool array, bool array)
        Over the departures of the ledger.
    """
    parent, in_time = parents(ledger), (ledger.week >= week) & (ledger.week <= until)
    hers = (ledger.row == leaver) & (ledger.week == week)
    direct = in_time & (parent >= 0) & hers[parent] & ~hers
    every = direct.copy()
    while True:
        more = in_time & (parent >= 0) & every[parent] & ~every & ~hers
        if not more.any():
            return direct, every
        every |= more


class Tree(NamedTuple):
    """One cascade: the first departure, and those that follow from it by name.

    Attributes
    ----------
    places : int array
        Places in the ledger, the first departure first.
    generation : int array
        0 for the first, 1 for those laid at her door, ...
    """

    places: np.ndarray
    generation: np.ndarray


def trees(ledger: Ledger) -> list[Tree]:
    """Give all cascades of a world, the largest first; most departures are alone in theirs."""
    parent = parents(ledger)
    root, generation = np.arange(len(parent)), np.zeros(len(parent), int)
    for place in np.argsort(ledger.week, kind="stable"):
        above, seen = parent[place], {int(place)}
        while above >= 0 and int(above) not in seen:
            seen.add(int(above))
            root[place], generation[place] = above, generation[place] + 1
            above = parent[above]
    found = []
    for first in np.unique(root):
        places = np.flatnonzero(root == first)
        places = places[np.lexsort((ledger.week[places], generation[places]))]
        found.append(Tree(places, generation[places]))
    return sorted(found, key=lambda tree: (-len(tree.places), int(tree.places[0])))
