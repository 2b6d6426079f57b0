"""Change: the five CHIME states move towards what encounters feed, and fall back to a person's own
level (P).
"""

import math
from dataclasses import dataclass

import numpy as np

from peersim.kernel.compiled import phase_apart, rule
from peersim.kernel.declaration import parameter
from peersim.model.ahead import TIES, ahead
from peersim.model.people import clip, recovery
from peersim.model.ties import tie_at, worth
from peersim.model.world import everybody, settings, takes_part


@dataclass
class Change:
    """How encounters become connectedness, hope, identity, meaning and empowerment."""

    # fmt: off
    speed: float = parameter(0.07, "per week", 0.005, 0.5, "share of the way to its target that a state moves up in a week", "M04", "calibrated")
    back: float = parameter(0.04, "per week", 0.005, 0.5, "share of the way a state falls back in a week when nothing feeds it", "M10", "assumption")
    connectedness: float = parameter(0.22, "-", 0, 1.5, "how much each tie's worth of support lifts connectedness (with saturating return)", "X08 C09", "assumption")
    outside_worth: float = parameter(0.5, "0-1", 0, 1, "what a friend outside the programme is worth as support, against a tie of full value inside")
    hope: float = parameter(0.35, "0-1", 0, 1, "share of the missing hope that full recognition and role models can give", "P", "assumption")
    identity: float = parameter(0.3, "0-1", 0, 1, "share of what is missing that being met as an equal, and giving, can give", "P", "assumption")
    meaning: float = parameter(0.3, "0-1", 0, 1, "share of what is missing that taking part and caring for others can give", "P T", "assumption")
    empowerment: float = parameter(0.3, "0-1", 0, 1, "share of what is missing that giving and contributing can give", "P T", "assumption")
    recognition: float = parameter(0.3, "-", 0, 2, "how much recognition as an equal feeds hope, against a role model of full hope", "P", "assumption")
    half_input: float = parameter(1.5, "hours", 0.2, 10, "hours of support a week that have 63 % of the full effect (saturation)")
    stage_slope: float = parameter(0.8, "-", 0, 2, "how far stage decides which change comes: early hope and connectedness, late meaning and empowerment", "P", "theory")
    surroundings: float = parameter(0.3, "0-1", 0, 1, "how far earlier exclusion, standing for excluding surroundings, caps hope", "P", "theory")
    distress: float = parameter(0.02, "per hour", 0, 0.2, "hope lost for each hour of another's distress taken in, in the earliest stage")
    low_below: float = parameter(0.45, "0-1", 0.05, 1, "recovery below which a person is low: withdrawn, and hard to listen to")
    fit_enough: float = parameter(0.35, "0-1", 0.01, 1, "fit below which meetings are felt as rejection", "P", "assumption")
    rejection: float = parameter(0.04, "per week", 0, 0.3, "connectedness and identity lost in a week of meetings where one is fully exposed and fits in not at all", "P", "assumption")
    broken: float = parameter(0.1, "-", 0, 0.3, "hope and connectedness lost when a tie of full worth breaks (early broken matches harm)")
    # fmt: on


@rule
def fed(hours, half_input):
    """How far a week's support feeds a state, 0 to 1: 1 - exp(-hours / half_input); more is not
    always better.
    """
    return 1.0 - math.exp(-hours / half_input)


@rule
def moved(state, target, x):
    """A state after a week: up by `speed`, or back by `back`, of the way to its target.

    >>> from types import SimpleNamespace as R
    >>> round(moved(0.5, 0.6, R(speed=0.1, back=0.05)), 3)
    0.51
    """
    rate = x.speed if target > state else x.back
    return clip(state + rate * (target - state))


@rule
def weight_early(stage, slope):
    """Weight of the changes that matter most early (connectedness, hope), P: stage decides which
    change matters.
    """
    return max(0.0, 1.0 + slope * (0.5 - stage))


@rule
def weight_late(stage, slope):
    """Weight of the changes that matter most late (meaning, empowerment)."""
    return max(0.0, 1.0 + slope * (stage - 0.5))


@rule
def support_beyond_own(world, i, x):
    """Support beyond what outside life normally gives: the worth of programme ties plus outside
    contacts gained or lost.
    """
    p = world.people[i]
    total = x.change.outside_worth * (p.outside_contacts - p.outside_ties)
    for k in range(p.n_ties):
        total += worth(tie_at(world, i, k), x.ties)
    return min(8.0, max(-2.0, total))


@rule
def connectedness_target(p, support, x):
    """1 - (1 - own level) exp(-w early support): nothing added leaves the own level; each further
    tie adds less.
    """
    return clip(
        1.0
        - (1.0 - p.own_connectedness)
        * math.exp(-x.connectedness * weight_early(p.stage, x.stage_slope) * support)
    )


@rule
def raised(own, share):
    """Target of a state: its own level plus a share of what is missing."""
    return own + (1.0 - own) * min(1.0, share)


@rule
def feed_states(p, x):
    """Hope, identity, meaning and empowerment move towards what this week fed."""
    early, late = weight_early(p.stage, x.stage_slope), weight_late(p.stage, x.stage_slope)
    hope = x.hope * early * fed(p.role_models + x.recognition * p.recognition, x.half_input)
    cap = 1.0 - x.surroundings * p.exclusion
    p.hope = moved(p.hope, min(max(cap, p.own_hope), raised(p.own_hope, hope)), x)
    p.identity = moved(
        p.identity,
        raised(p.own_identity, x.identity * fed(p.recognition + p.given_now, x.half_input)),
        x,
    )
    meaning = x.meaning * late * fed(p.sessions_now + p.given_now, x.half_input)
    p.meaning = moved(p.meaning, raised(p.own_meaning, meaning), x)
    power = x.empowerment * late * fed(p.given_now + p.contributed, x.half_input)
    p.empowerment = moved(p.empowerment, raised(p.own_empowerment, power), x)


@rule
def hurt(world, i, x):
    """Encounters can harm: distress taken in, rejection where one is exposed and does not fit, ties
    broken.
    """
    p, rejected = world.people[i], 0.0
    for c in world.used:
        if world.present[i, c] != 0 and p.recognition > 0.0:
            fit = world.memberships[i, c].fit
            misfit = max(0.0, 1.0 - fit / x.change.fit_enough)
            rejected += x.change.rejection * x.kinds[c].exposure * misfit
    broken = x.change.broken * p.pending_loss
    p.hope = clip(p.hope - x.change.distress * p.distress_met * (1.0 - p.stage) - broken)
    p.connectedness = clip(p.connectedness - rejected - broken)
    p.identity = clip(p.identity - rejected)


@phase_apart
def change(world):
    """Each person's CHIME states after this week."""
    x = settings(world)
    for i in everybody(world):
        ahead(world, i, TIES)
        p = world.people[i]
        target = connectedness_target(p, support_beyond_own(world, i, x), x.change)
        p.connectedness = moved(p.connectedness, target, x.change)
        feed_states(p, x.change)
        hurt(world, i, x)


@phase_apart
def be_seen(world):
    """What others can see of a person next week: where they are usually there, their hope, and how
    low they are.
    """
    x = settings(world)
    for i in everybody(world):
        p, s, active = world.people[i], world.seen[i], np.int64(0)
        for c in world.used:
            usual = (
                takes_part(world, i, c) and world.memberships[i, c].absences < x.attendance.usual
            )
            active |= np.int64(usual) << c
        s.id, s.active, s.hope = p.id, active, p.hope
        s.low = max(0.0, 1.0 - recovery(p) / x.change.low_below)
