"""One member of each circle leaves, or stays: the same world twice, with the same people and luck.

Circles hardly touch each other, so one pair of worlds holds as many knock-outs as it has circles.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from peersim.model.vocabulary import ACTIVE, GROUP, RECIPIENT
from peersim.model.world import World
from peersim.run.replicate import Replicate
from peersim.run.stays import dropped_out


class Apart(NamedTuple):
    """Two worlds that are the same up to the week in which one member of each circle leaves in the
    first, and stays for good in the second.

    Attributes
    ----------
    week : int
        In which they leave.
    leavers : int array
        Rows of those members.
    others : int array
        Rows of everybody else in their circles, leaders among them.
    with_it, without : float array
        Week in which each of the others drops out or loses their place; infinite: not up to the
        last week.
    """

    week: int
    leavers: np.ndarray
    others: np.ndarray
    with_it: np.ndarray
    without: np.ndarray

    def gone(self, weeks: int) -> tuple[int, int]:
        """How many of the others are gone so many weeks later, with the leaving and without it."""
        last = self.week + weeks
        return int((self.with_it <= last).sum()), int((self.without <= last).sum())


def drawn(world: World, luck: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw one recipient by lot from each circle in which others remain; and list these others."""
    circle, active = world.memberships["circle"][:, GROUP], world.status[:, GROUP] == ACTIVE
    leavers, others = [], []
    for k in np.flatnonzero((world.circles["open"] == 1) & (world.circles["community"] == GROUP)):
        there = np.flatnonzero(active & (circle == k))
        members = there[world.people["role"][there] == RECIPIENT]
        if len(members) > 1:
            leavers.append(int(luck.choice(members)))
            others += there[there != leavers[-1]].tolist()
    return np.array(leavers, int), np.array(others, int)


def taken_apart(replicate: Replicate, week: int) -> Apart:
    """Run a world on to the week before, and from there on to its end in two copies.

    Parameters
    ----------
    replicate : Replicate
        Before that week; it stays there.
    week : int
        In which one member of each circle leaves, in one of the copies.
    """
    leavers, others = drawn(
        replicate.run_to(week - 1), np.random.default_rng([replicate.seed, week])
    )
    leave, stay = replicate.copy(), replicate.copy()
    for row in leavers.tolist():
        leave.withdraw(row)
        stay.keep(row)
    ends = [dropped_out(each.run())[others, GROUP] for each in (leave, stay)]
    return Apart(week, leavers, others, *ends)
