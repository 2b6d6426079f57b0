"""Waiting: when each person signed up, had a place, and first met somebody; what became of those
who did not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from peersim.model.vocabulary import GAVE_UP_WAITING, NONE, WAITING
from peersim.model.world import World
from peersim.run.first_day import Blueprint
from peersim.run.replicate import Replicate
from peersim.run.standing import mean_of

PLACE, MEETING = "place", "first meeting"
MEASURES = (PLACE, MEETING)
"""What people wait for: a place (a match, a group, access), and the first meeting that they come
to."""

ENDS = (
    "met in time",
    "a place in time, but not met",
    "a place too late",
    "gave up waiting",
    "still waiting",
)
"""What became of those who signed up; the first two had a place in time."""

NEVER = -1


class Waits(NamedTuple):
    """How the recipients of one world waited; weeks, and -1 for never.

    Attributes
    ----------
    signed, placed, met : int arrays
        Week of sign-up, of the first place anywhere, and of the first meeting anywhere.
    gave_up : bool array
        Gave up waiting, and waits nowhere else.
    active : int
        Supporters who ever became active.
    """

    signed: np.ndarray
    placed: np.ndarray
    met: np.ndarray
    gave_up: np.ndarray
    active: int


def waits_in(blueprint: Blueprint, seed: int, delay: int = 0) -> Waits:
    """Run one world and note who waited how long.

    Parameters
    ----------
    blueprint : Blueprint
    seed : int
    delay : int
        Weeks by which all invitations of recipients come later, so that supporters are trained
        first.
    """
    replicate = Replicate(blueprint, seed)
    world = replicate.world
    n = int(world.clock[0].recipients)
    world.people["invited_week"][:n] += delay
    signed, placed, met = (np.full(n, NEVER) for _ in range(3))
    for world in replicate.weeks():
        week = replicate.week
        here = world.status != NONE
        joined = here & (world.memberships["joined"] >= 0)
        gathered = world.memberships["meetings"][:n] > 0
        for first, now in ((signed, here[:n]), (placed, joined[:n]), (met, gathered)):
            first[(first < 0) & now.any(axis=1)] = week
    return Waits(signed, placed, met, _gave_up(world, n), int(joined[n:].any(axis=1).sum()))


def _gave_up(world: World, n: int) -> np.ndarray:
    status, cause = world.status[:n], world.memberships["cause"][:n]
    gone = (status != NONE) & (cause == GAVE_UP_WAITING)
    return np.asarray(gone.any(axis=1) & ~(status == WAITING).any(axis=1))


def waited_less(signed: NDArray[np.int64], until: NDArray[np.int64], wait: int) -> np.ndarray:
    """Who waited less than so many weeks.

    >>> waited_less(np.array([3, 3, 3]), np.array([3, 9, -1]), 6).tolist()
    [True, False, False]
    """
    return (until >= 0) & (until - signed < wait)


class Judged(NamedTuple):
    """How one world kept its promise to those who signed up early enough for it to be seen.

    Attributes
    ----------
    signed : int
        How many signed up at all.
    active : int
        Supporters who ever became active.
    shares : float array
        Who waited less than promised, for each of `MEASURES`.
    ends : float array
        Shares of `ENDS`; they add up to one.
    lengths : int array
        How many waited 0, 1, 2, ... weeks for the first meeting; the last number is those who never
        had one.
    """

    signed: int
    active: int
    shares: np.ndarray
    ends: np.ndarray
    lengths: np.ndarray


def judged(waits: Waits, wait: int, weeks: int) -> Judged:
    """Judge one world by how long people waited; whoever signed up too late to be followed does not
    count.
    """
    counts = (waits.signed >= 0) & (waits.signed <= weeks - wait + 1)
    signed, placed, met = (each[counts] for each in (waits.signed, waits.placed, waits.met))
    in_place, in_time = waited_less(signed, placed, wait), waited_less(signed, met, wait)
    late, gave_up = ~in_place & (placed >= 0), waits.gave_up[counts]
    ends = (
        in_time,
        in_place & ~in_time,
        late,
        ~in_place & ~late & gave_up,
        ~in_place & ~late & ~gave_up,
    )
    lengths = np.bincount(np.where(met >= 0, met - signed, weeks), minlength=weeks + 1)
    return Judged(
        int((waits.signed >= 0).sum()),
        waits.active,
        np.array([mean_of(in_place), mean_of(in_time)]),
        np.array([mean_of(end) for end in ends]),
        lengths,
    )
