"""The world: about ten record arrays, allocated once a run; rules read and write them, nothing else
holds state.
"""

import math
from collections.abc import Container
from typing import NamedTuple

import numpy as np

from peersim.kernel.rules import rule
from peersim.model.communities.kind import MATCH
from peersim.model.vocabulary import (
    ACTIVE,
    IN_TRAINING,
    MATCH_ENDS,
    N_COMMUNITIES,
    SELF_RUN,
    SUPPORTER,
    WAITING,
)

MOST_TIES = 32
"""Room for programme ties a person; when it is full the weakest is displaced (Dunbar's layers: 15
close, 50 in all)."""

MOST_OCCASIONS = 4
"""Most meetings of one kind a week that a person can take part in."""

CLOCK = np.dtype(
    (
        np.record,
        [
            ("week", "i8"),
            ("seed", "i8"),
            ("recipients", "i8"),
            ("asked", "i8"),
            ("epoch", "i8"),
            ("next_event", "i8"),
            ("shifts", "i8"),
        ]
        + [("queue", "i8", (N_COMMUNITIES,)), ("n_ledger", "i8"), ("n_departures", "i8")]
        + [("tie_places", "i8"), ("free_tie", "i8"), ("circles", "i8"), ("on_duty", "i8")]
        + [("matches_ended", "i8", (len(MATCH_ENDS),)), ("walk", "i8")]
        + [("first", "u4"), ("last", "u4")]
        + [
            ("supporter_hours", "f8"),
            ("staff_hours", "f8"),
            ("cost", "f8"),
            ("running_cost", "f8"),
        ],
    )
)

EVENT = np.dtype((np.record, [("week", "i8"), ("kind", "i8"), ("a", "i8"), ("b", "i8")]))

CIRCLE = np.dtype(
    (
        np.record,
        [
            ("open", "i8"),
            ("community", "i8"),
            ("started", "i8"),
            ("ends", "i8"),
            ("self_run", "i8"),
            ("members", "i8"),
        ]
        + [("leaders", "i8"), ("thin", "i8"), ("cohesion", "f8")]
        + [("expected", "i8"), ("came", "i8"), ("share", "f8")],
    )
)

DEPARTURE = np.dtype(
    (
        np.record,
        [
            ("person", "i8"),
            ("week", "i8"),
            ("community", "i8"),
            ("cause", "i8"),
            ("caused_by", "i8"),
        ]
        + [("share", "f8", (9,))],
    )
)


class World(NamedTuple):
    """One world. N people, K tie slots each, C circles, E epochs of parameters."""

    people: np.ndarray  # N of people.PERSON
    seen: np.ndarray  # N of people.SEEN: last week's public face
    status: np.ndarray  # N x 4 of int8: standing with each community, of vocabulary.STATUSES
    planned: np.ndarray  # N x 4 of int8: this week's meetings, a bit each
    present: np.ndarray  # N x 4: those of them that the person came to
    memberships: np.ndarray  # N x 4 of people.MEMBERSHIP
    chances: np.ndarray  # N x 4 of people.CHANCES
    partners: np.ndarray  # N x K of ties.PARTNER: with whom people have ties, and where these stand
    ties: np.ndarray  # N K / 2 of ties.TIE, each tie once
    ledger: np.ndarray  # ties.LEDGER: the life story of each tie
    departures: np.ndarray  # DEPARTURE, in order
    used: np.ndarray  # the communities that this programme has at any time, ascending
    circles: np.ndarray  # C of CIRCLE: groups and classes
    params: np.ndarray  # E of the packed Scenario
    events: np.ndarray  # EVENT, by week
    clock: np.ndarray  # 1 of CLOCK
    queue: np.ndarray  # 4 x N: rows in order of sign-up
    ring: np.ndarray  # N: rows in a fixed keyed order, for choosing among many
    position: np.ndarray  # N: place of each row on the ring, 0-1
    scratch: np.ndarray  # 2 x (N + C + 16): room for lists made within a phase
    weights: np.ndarray  # 2 x (N + 4): likewise for numbers that go with them
    facts: np.ndarray  # 1 of outcomes.FACTS: room for outcomes while they are counted
    numbers: np.ndarray  # the same as plain numbers, in the order of the catalogue
    baseline: np.ndarray  # (weeks + 1) x N: recovery score of the same person without any programme
    trace: np.ndarray  # likewise, written by a world without programme; empty elsewhere


def copy_of(world: World, kept: Container[str] = ()) -> World:
    """A world with the same past, which can go on without touching the first.

    Arrays that are `kept` by name are shared: nothing writes to them.
    """
    fields = zip(World._fields, world, strict=True)
    found = World(*(array if name in kept else array.copy() for name, array in fields))
    return found._replace(numbers=found.facts.view(np.float64))


@rule
def settings(world):
    """The parameters in force this week."""
    return world.params[world.clock[0].epoch]


@rule
def everybody(world):
    """The rows of all people; in a phase for each apart, of the block whose turn it is."""
    clock = world.clock[0]
    return range(np.int64(clock.first), np.int64(clock.last))


@rule
def recipients(world):
    """The rows of those who were invited as recipients: they come first. Some may have become
    supporters.
    """
    clock = world.clock[0]
    return range(np.int64(clock.first), min(np.int64(clock.last), clock.recipients))


@rule
def supporters(world):
    """The rows among which all supporters are: they come after the recipients. Once a recipient may
    have become one these are all rows, so that whoever goes over them asks `supports`.
    """
    clock = world.clock[0]
    before = clock.recipients if clock.asked == 0 else np.int64(0)
    return range(max(np.int64(clock.first), before), np.int64(clock.last))


@rule
def supports(world, i):
    """Whether a person is a supporter, and not a recipient."""
    return world.people[i].role == SUPPORTER


@rule
def places_of_circles(world):
    """The places in which there is, or has been, a circle: those that are over make room for new
    ones.
    """
    return range(world.clock[0].circles)


@rule
def takes_part(world, i, c):
    """Whether a person meets others in community c: active, or where the members carry it on
    themselves.
    """
    status = world.status[i, c]
    return status == ACTIVE or status == SELF_RUN


@rule
def is_open(world, i, c):
    """Whether a person's time in community c is not over: in training, waiting or taking part."""
    status = world.status[i, c]
    return status == IN_TRAINING or status == WAITING or status == ACTIVE or status == SELF_RUN


@rule
def hours_in_matches(world, i, x):
    """Hours a supporter has so far spent with those they are matched with."""
    hours = 0.0
    for c in world.used:
        if x.kinds[c].opens == MATCH:
            hours += world.memberships[i, c].hours
    return hours


@rule
def count_bits(mask):
    """How many meetings a mask of up to four occasions holds.

    >>> count_bits(0b1011)
    3
    """
    return (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1) + ((mask >> 3) & 1)


@rule
def occasions(rate, age):
    """How many meetings fall in week `age` (0 is the first) when `rate` are held a week, at most
    four.

    >>> [int(occasions(0.5, week)) for week in range(4)]
    [1, 0, 1, 0]
    """
    later, earlier = rate * (age + 1.0), rate * age
    n = np.int64(math.ceil(later)) - np.int64(math.ceil(earlier))
    return min(np.int64(MOST_OCCASIONS), n)


@rule
def enlist(world, n, i):
    """Put a person at place n of a list in ring order, in which `successor` finds people; returns
    the next place.
    """
    world.scratch[0, n], world.weights[0, n] = i, world.position[i]
    return n + 1


@rule
def successor(positions, n, u):
    """Index of the first of n sorted ring positions at or after u (around the end): a keyed choice
    among many.
    """
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if positions[middle] < u:
            low = middle + 1
        else:
            high = middle
    return low if low < n else 0
