"""Recruitment: from receiving to giving. Recipients who are further on are asked to become
supporters, train beside what they still receive, and then serve (T, P).
"""

from dataclasses import dataclass

import numpy as np

from peersim.kernel.chance import RECRUITMENT, draw, happens
from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase, rule
from peersim.model.communities.kind import AT_ONCE
from peersim.model.people import recovery
from peersim.model.vocabulary import COMPLETED, SUPPORTER
from peersim.model.world import recipients, settings, takes_part


@dataclass
class Recruitment:
    """How recipients come to be asked to become supporters."""

    # fmt: off
    met: float = parameter(0.001, "per week", 0, 0.5, "weekly rate of being asked to become a supporter in a week of coming to the café or the drop-in place", "T", "assumption")
    members: float = parameter(0.001, "per week", 0, 0.5, "weekly rate of being asked while taking part", "T P", "assumption")
    completed: float = parameter(0.002, "per week", 0, 0.5, "weekly rate of being asked after having completed a match or a course", "T P", "assumption")
    from_recovery: float = parameter(0.6, "0-1", 0, 0.95, "only those whose recovery is at least this are asked", "P", "assumption")
    # fmt: on


@rule
def is_met(world, i):
    """Whether others of the programme met a person on open ground this week: at the café, or in a
    community that is open to whoever comes.
    """
    for c in world.used:
        if settings(world).kinds[c].opens == AT_ONCE and world.present[i, c] != 0:
            return True
    return world.people[i].at_cafe == 1


@rule
def rate_of_being_asked(p, met, member, completed, x):
    """Weekly rate of being asked to become a supporter: of being met on open ground, of taking part
    and of having completed, added up; nobody is asked before they are well enough (T, P).

    >>> from types import SimpleNamespace as R
    >>> low = R(connectedness=0.2, hope=0.2, identity=0.2, meaning=0.2, empowerment=0.2)
    >>> rate_of_being_asked(low, 1, 1, 0, R(met=0.1, members=0.1, completed=0.1, from_recovery=0.6))
    0.0
    """
    rate = x.met * met + x.members * member + x.completed * completed
    return rate if recovery(p) >= x.from_recovery else 0.0


@rule
def _rate(world, i, x):
    """The rate for one person, as they stand with the programme today."""
    member, completed = False, False
    for c in world.used:
        member = member or takes_part(world, i, c)
        completed = completed or world.status[i, c] == COMPLETED
    return rate_of_being_asked(world.people[i], is_met(world, i), member, completed, x)


@phase
def recruit(world):
    """Those who are further on are asked once to become supporters; next week they begin their
    training, or go on as before.
    """
    x, clock = settings(world), world.clock[0]
    if not x.recruitment.met + x.recruitment.members + x.recruitment.completed > 0.0:
        return
    for i in recipients(world):
        p = world.people[i]
        if p.asked_week >= 0 or p.role == SUPPORTER:
            continue
        rate = _rate(world, i, x.recruitment)
        if rate > 0.0 and happens(
            draw(clock.seed, RECRUITMENT, clock.week, p.id, np.int64(0)), rate
        ):
            p.asked_week = clock.week
            clock.asked += 1
