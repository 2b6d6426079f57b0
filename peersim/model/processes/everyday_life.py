"""Everyday life: daily functioning, quality of life and practical steps follow recovery slowly. They
are outcomes that P and T name; no rule reads them.
"""

import math
from dataclasses import dataclass

from peersim.kernel.chance import happens
from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase_apart, rule
from peersim.model.ahead import MEMORIES, ahead
from peersim.model.people import clip, recovery
from peersim.model.world import everybody, settings


@dataclass
class Everyday:
    """What recovery brings in everyday life, and when people act."""

    # fmt: off
    functioning: float = parameter(0.5, "0-1", 0.1, 0.9, "daily functioning of the typical recipient", "P", "assumption")
    quality: float = parameter(0.5, "0-1", 0.1, 0.9, "quality of life of the typical recipient", "P", "assumption")
    spread: float = parameter(0.2, "0-1", 0, 0.35, "spread of functioning and of quality of life between people, standard deviation")
    correlation: float = parameter(0.5, "0-1", 0, 0.95, "correlation of functioning, and of quality of life, with recovery between people")
    functioning_follows: float = parameter(0.5, "-", 0, 1.5, "how far daily functioning follows what a person's recovery gains or loses", "P", "assumption")
    quality_follows: float = parameter(0.7, "-", 0, 1.5, "how far quality of life follows what a person's recovery and daily functioning gain or lose, half each", "P", "assumption")
    speed: float = parameter(0.05, "per week", 0.005, 0.5, "share of the way to their targets that functioning and quality of life go in a week", "P", "assumption")
    steps: float = parameter(0.03, "per week", 0, 0.5, "rate of practical steps (a home sought, an appointment kept) of a person of middling empowerment whom no peer has supported this week", "T", "assumption")
    company: float = parameter(1.0, "-", 0, 5, "how much more often people take such steps in a week with much support from peers (1: twice as often)", "T", "assumption")
    hours: float = parameter(0.5, "hours", 0.1, 10, "hours of support a week that have 63 % of this effect (a talk on a shift)", "T", "assumption")
    # fmt: on


@rule
def everyday_target(own, gained, follows):
    """Where a state of everyday life is drawn to: its own level, and what it follows of a gain.

    P: the course raised functioning and quality of life beside recovery. That they come after it is
    our assumption.

    >>> everyday_target(0.5, 0.1, 0.5), everyday_target(0.5, 0.0, 1.5)
    (0.55, 0.5)
    """
    return clip(own + follows * gained)


@rule
def rate_of_steps(empowerment, hours, x):
    """Rate of practical steps a week: more with empowerment, and with support from peers this week
    (T: supporters on their shifts moved residents to look for a home).

    Parameters
    ----------
    empowerment : float
        0 to 1.
    hours : float
        Of support received this week.
    x : record of :class:`Everyday`
    """
    return x.steps * 2.0 * empowerment * (1.0 + x.company * (1.0 - math.exp(-hours / x.hours)))


@rule
def _act(world, i, x):
    """A practical step is taken, or not, by somebody who has been invited."""
    p, clock = world.people[i], world.clock[0]
    if clock.week < p.invited_week:
        return
    rate = rate_of_steps(p.empowerment, p.received_now, x)
    if p.spare_luck < rate and happens(p.spare_luck, rate):
        p.practical_steps += 1.0


@phase_apart
def live_everyday(world):
    """Functioning and quality of life move after recovery; some take a practical step; the first
    meeting with somebody is remembered.
    """
    x, week = settings(world).everyday, world.clock[0].week
    for i in everybody(world):
        ahead(world, i, MEMORIES)
        p = world.people[i]
        own = 0.2 * (
            p.own_connectedness + p.own_hope + p.own_identity + p.own_meaning + p.own_empowerment
        )
        gained = recovery(p) - own
        target = everyday_target(p.own_functioning, gained, x.functioning_follows)
        p.daily_functioning += x.speed * (target - p.daily_functioning)
        both = 0.5 * (gained + p.daily_functioning - p.own_functioning)
        target = everyday_target(p.own_quality, both, x.quality_follows)
        p.quality_of_life += x.speed * (target - p.quality_of_life)
        _act(world, i, x)
        if p.first_meeting < 0 and p.given_now + p.received_now > 0.0:
            p.first_meeting = week
