"""Strain: what wears supporters, and what carries it: supervision, debriefs, being two, bounded
hours (T).
"""

import math
from dataclasses import dataclass

import numpy as np

from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase_apart, rule
from peersim.model.communities.availability import relief_on_shift
from peersim.model.gatherings import is_active_supporter, meetings_of_supporters
from peersim.model.people import clip
from peersim.model.vocabulary import SUPPORTER
from peersim.model.world import everybody, settings


@dataclass
class Strain:
    """How giving wears and rest mends."""

    # fmt: off
    per_hour: float = parameter(0.02, "per hour", 0, 0.2, "strain from an hour of support given")
    per_match: float = parameter(0.02, "per week", 0, 0.2, "strain of a week of responsibility for one other person (losing oneself in the relation)", "T", "assumption")
    distress: float = parameter(0.03, "per hour", 0, 0.3, "strain from an hour of another's distress taken in")
    disappointment: float = parameter(0.08, "-", 0, 0.5, "strain when a recipient one supports, or a tie of full worth, leaves", "T", "assumption")
    closeness: float = parameter(0.02, "per week", 0, 0.2, "strain of a week with a recipient who confides fully, where it is not legitimate to withdraw (losing oneself in the relation)", "T", "assumption")
    newness: float = parameter(1.0, "-", 0, 4, "how much more everything strains in the first weeks of supporting: times 1 + this x exp(-weeks / weeks_to_adapt)", "T", "assumption")
    weeks_to_adapt: float = parameter(12, "weeks", 2, 52, "weeks over which a new supporter adapts", "T", "assumption")
    rest: float = parameter(0.08, "per week", 0.01, 0.5, "share of strain that a week of one's own life mends")
    # fmt: on


@rule
def load(p, pair, x):
    """Strain that a week adds: hours given (less on shifts, none in the team), responsibility for
    matches, distress.
    """
    given = (
        p.given_now - p.given_team - p.given_shift * (1.0 - relief_on_shift(x.availability, pair))
    )
    responsible = x.strain.per_match * p.dyads
    return x.strain.per_hour * given + responsible + x.strain.distress * p.distress_met


@rule
def bound(p, x):
    """Strain of closeness: confidence of those a supporter is matched with and met this week, as
    far as it is not legitimate to withdraw (T: hard is losing oneself in the relation).
    """
    return x.strain.closeness * p.bound_now * (1.0 - x.supervision.legitimate_withdrawal)


@rule
def newness(weeks, x):
    """How much more everything strains a supporter who is new: they adapt.

    >>> from types import SimpleNamespace as R
    >>> newness(0.0, R(newness=1.0, weeks_to_adapt=12.0))
    2.0
    """
    return 1.0 + x.newness * math.exp(-weeks / x.weeks_to_adapt)


@rule
def supervised(strain, supervision, team, x):
    """Strain after this week's supervision and team meetings: each takes a share (V09; V08 found
    none).
    """
    return strain * (1.0 - x.supervision.relief) ** supervision * (1.0 - x.team.relief) ** team


@phase_apart
def wear(world):
    """Everybody who gives wears a little and rests; supporters are carried by supervision and
    team.
    """
    x, week = settings(world), world.clock[0].week
    supervision, team = meetings_of_supporters(x, week)
    pair = x.availability.on_duty >= 2
    for i in everybody(world):
        p = world.people[i]
        loaded = load(p, pair, x) + bound(p, x)
        serves = p.role == SUPPORTER and is_active_supporter(world, i)
        if serves and x.strain.newness > 0.0:
            since = max(np.int64(0), week - p.supporter_since) + 0.0
            loaded *= newness(since, x.strain)
        after = p.strain * (1.0 - x.strain.rest) + loaded * (1.0 - p.strain)
        after += x.strain.disappointment * p.pending_loss
        if serves:
            after = supervised(after, supervision, team, x)
        p.strain = clip(after)
        p.resting = max(np.int64(0), p.resting - 1)
