"""The world: about ten record arrays, allocated once a run; rules read and write them, nothing else holds state."""

from typing import NamedTuple

import numpy as np

from peersim.compiled import rule
from peersim.vocabulary import ACTIVE, IN_TRAINING, N_COMMUNITIES, SELF_RUN, WAITING

MOST_TIES = 32
"""Room for programme ties a person; when it is full the weakest is displaced (Dunbar's layers: 15 close, 50 in all)."""

MOST_OCCASIONS = 4
"""Most meetings of one kind a week that a person can take part in."""

CLOCK = np.dtype(
    (
        np.record,
        [("week", "i8"), ("seed", "i8"), ("epoch", "i8"), ("next_event", "i8"), ("shifts", "i8")]
        + [("queue", "i8", (N_COMMUNITIES,)), ("n_ledger", "i8"), ("n_departures", "i8")]
        + [("supporter_hours", "f8"), ("staff_hours", "f8"), ("cost", "f8"), ("running_cost", "f8")],
    )
)

EVENT = np.dtype((np.record, [("week", "i8"), ("kind", "i8"), ("a", "i8"), ("b", "i8")]))

CIRCLE = np.dtype(
    (
        np.record,
        [("open", "i8"), ("community", "i8"), ("started", "i8"), ("ends", "i8"), ("self_run", "i8"), ("members", "i8")]
        + [("leaders", "i8"), ("thin", "i8"), ("cohesion", "f8")],
    )
)

DEPARTURE = np.dtype(
    (
        np.record,
        [("person", "i8"), ("week", "i8"), ("community", "i8"), ("cause", "i8"), ("caused_by", "i8")]
        + [("share", "f8", (9,))],
    )
)


class World(NamedTuple):
    """One world. N people, K tie slots each, C circles, E epochs of parameters."""

    people: np.ndarray  # N of people.PERSON
    seen: np.ndarray  # N of people.SEEN: last week's public face
    memberships: np.ndarray  # N x 4 of people.MEMBERSHIP
    ties: np.ndarray  # N x K of ties.TIE, both halves of each tie
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
    scratch: np.ndarray  # 2 x (N + C + 2): room for lists made within a phase
    weights: np.ndarray  # N + 1: likewise for sums
    facts: np.ndarray  # room for the outcomes of one person
    baseline: np.ndarray  # (weeks + 1) x N: recovery score of the same person without any programme
    trace: np.ndarray  # likewise, written by a world without programme; empty elsewhere


@rule
def settings(world):
    """The parameters in force this week."""
    return world.params[world.clock[0].epoch]


@rule
def takes_part(m):
    """Whether a membership meets at all: active, or carried on by the members themselves."""
    return m.status == ACTIVE or m.status == SELF_RUN


@rule
def is_open(m):
    """Whether a membership is not over: in training, waiting or taking part."""
    return m.status == IN_TRAINING or m.status == WAITING or takes_part(m)


@rule
def count_bits(mask):
    """How many meetings a mask of up to four occasions holds.

    >>> count_bits(0b1011)
    3
    """
    return (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1) + ((mask >> 3) & 1)


@rule
def occasions(rate, age):
    """How many meetings fall in week `age` (0 is the first) when `rate` are held a week, at most four.

    >>> [int(occasions(0.5, week)) for week in range(4)]
    [1, 0, 1, 0]
    """
    later, earlier = rate * (age + 1.0), rate * age
    n = np.int64(-(-later // 1.0)) - np.int64(-(-earlier // 1.0))
    return min(np.int64(MOST_OCCASIONS), n)
