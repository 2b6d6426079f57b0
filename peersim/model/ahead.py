"""What memory is asked for before it is needed; it changes no number.

In a large world people lie far apart in memory. A phase that goes over them says by name what it
will read of each, and the row of somebody a few turns ahead is asked for in time.
"""

from typing import NamedTuple

import numpy as np

from peersim.kernel.compiled import fetch, rule
from peersim.model.people import PERSON
from peersim.model.vocabulary import NOBODY

LARGE = 1_000
"""People from whom on it pays to ask memory for rows before they are needed."""

AHEAD = 16
"""How many people ahead."""

_LINE = 64
"""Bytes that memory gives at a time."""


class Needs(NamedTuple):
    """What a phase reads of each person: lines `first` to `last` of the person's own row, and yes
    (1) or no for memberships, ties, and what can be seen of those at the other end of them.
    """

    first: np.int64
    last: np.int64
    memberships: np.int64
    ties: np.int64
    others: np.int64


_FIELDS, _NAMES = PERSON.fields or {}, PERSON.names or ()


def needs(
    first: str = "", last: str = "", memberships: int = 0, ties: int = 0, others: int = 0
) -> Needs:
    """Say what a phase reads: of the person, the fields from `first` to `last`.

    >>> needs("id", "role_models").first, needs("id", "role_models").last
    (np.int64(0), np.int64(1))
    """
    lines = (0, 0)
    if first:
        lines = (_FIELDS[first][1] // _LINE, _FIELDS[last][1] // _LINE + 1)
    return Needs(*map(np.int64, (*lines, memberships, ties, others)))


_EVERY = (_NAMES[0], _NAMES[-1])
NEW_WEEK = needs("received_now", "online_hours")
INVITATION = needs("role", _NAMES[-1])
PLANS = needs(memberships=1)
COMING = needs(*_EVERY, memberships=1, ties=1, others=1)
MEMORIES = needs(*_EVERY, memberships=1)
TIES = needs(ties=1)
COMPANY = needs(ties=1, others=1)
ENCOUNTER = needs("id", "empowerment")


@rule
def is_large(world):
    """Whether there are so many people that their rows do not fit the processor's caches."""
    return world.people.shape[0] > LARGE


@rule
def ahead(world, i, wanted):
    """Ask for what a phase will want of somebody whose turn comes soon, a few rows after i."""
    soon = i + AHEAD
    if not is_large(world) or soon >= world.people.shape[0]:
        return
    for line in range(wanted.first, wanted.last):
        fetch(world.people, soon, line)
    if wanted.memberships == 1:
        for c in world.used:
            fetch(world.memberships, soon, c)
    if wanted.ties == 1:
        for k in range(world.people[soon].n_ties):
            fetch(world.ties, world.partners[soon, k].tie)
            if wanted.others == 1:
                fetch(world.seen, world.partners[soon, k].other)


@rule
def ahead_of_reading(world, i):
    """Ask for what a post shows of its author."""
    if i != NOBODY and is_large(world):
        fetch(world.seen, i)
        for line in range(ENCOUNTER.first, ENCOUNTER.last):
            fetch(world.people, i, line)


@rule
def ahead_of_meeting(world, i, c):
    """Ask for what an encounter reads and adds to of somebody, and for where their ties stand."""
    ahead_of_reading(world, i)
    if is_large(world):
        fetch(world.memberships, i, c)
        fetch(world.partners, i)
        fetch(world.partners, i, 1)


@rule
def ahead_of_recount(world, i):
    """Ask for the partners of the partners of somebody whose turn comes soon."""
    soon = i + AHEAD
    if (
        is_large(world)
        and soon < world.people.shape[0]
        and (world.clock[0].week + world.people[soon].id) % 4 == 0
    ):
        for k in range(world.people[soon].n_ties):
            other = np.int64(world.partners[soon, k].other)
            if other > soon:
                fetch(world.partners, other)
                fetch(world.partners, other, 1)
