"""Change: the five CHIME states move towards what encounters feed, and fall back to a person's own
level (P).
"""

import math
from dataclasses import dataclass

import numpy as np

from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase_apart, rule
from peersim.model.ahead import TIES, ahead
from peersim.model.people import clip, recovery
from peersim.model.ties import tie_at, worth
from peersim.model.world import everybody, settings, takes_part


@dataclass
class Change:
    """How encounters become connectedness, hope, identity, meaning and empowerment."""

    # fmt: off
    speed: float = parameter(0.07, "per week", 0.005, 0.5, "share of the way to its target that a state moves up in a week", "M04", "assumption")
    back: float = parameter(0.04, "per week", 0.005, 0.5, "share of the way a state falls back in a week when nothing feeds it", "M10", "assumption")
    connectedness: float = parameter(0.22, "-", 0, 1.5, "how much each tie's worth of support lifts connectedness (with saturating return)", "X08 C09", "assumption")
    outside_worth: float = parameter(0.5, "0-1", 0, 1, "what a friend outside the programme is worth as support, against a tie of full value inside")
    sides: bool = parameter(True, "yes/no", 0, 1, "whether connectedness has two sides that do not replace each other, somebody to confide in and a circle (no: all ties add up)", "K03 K04", "theory")
    emotional: float = parameter(0.5, "-", 0, 2, "how much full confidence in one person lifts the emotional side of connectedness", "K03", "assumption")
    social: float = parameter(0.44, "-", 0, 3, "how much each tie's worth in one's circle lifts the social side of connectedness", "X08 C09", "assumption")
    clique: float = parameter(5.0, "people", 1, 15, "people who fill a support clique; friends outside fill it first", "T07", "assumption")
    hope: float = parameter(0.35, "0-1", 0, 1, "share of the missing hope that full recognition and role models can give (with separate sources: role models alone)", "P", "assumption")
    separate_sources: bool = parameter(True, "yes/no", 0, 1, "whether sources of hope do not replace each other, and only somebody further on in hope is a role model", "P", "theory")
    not_alone: float = parameter(0.15, "0-1", 0, 1, "with separate sources: share of the missing hope that not being the only one can give", "P", "assumption")
    heard: float = parameter(0.15, "0-1", 0, 1, "with separate sources: share of the missing hope that being listened to, and asked what one dreams of, can give", "P", "assumption")
    further_on: float = parameter(0.15, "0-1", 0.01, 1, "with separate sources: how much more hope a role model has who has half of the full effect", "P", "assumption")
    model_nearness: float = parameter(0.5, "0-1", 0, 1, "with separate sources: share of the effect of a role model that depends on nearness of lived experience", "P", "assumption")
    shared_time: float = parameter(1.0, "0-1", 0, 1, "how far it is shared time that changes people, not time (0: every hour of company feeds alike)", "P", "theory")
    ordinary_sharing: float = parameter(0.2, "0-1", 0.05, 0.6, "how much two people share of themselves in an hour that feeds as an ordinary hour of company does", "P", "assumption")
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
    worn: float = parameter(0.02, "per week", 0, 0.1, "hope and meaning lost in a week by somebody who is worn out completely (times strain squared)", "T", "assumption")
    # fmt: on


@rule
def fed(hours, half_input):
    """How far a week's support feeds a state, 0 to 1: 1 - exp(-hours / half_input); more is not
    always better.
    """
    return 1.0 - math.exp(-hours / half_input) if hours > 0.0 else 0.0


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
    """Target of connectedness where all ties add up: each further one adds less."""
    return lifted(p.own_connectedness, support, x.connectedness, p, x)


@rule
def _best_in(world, i, places):
    """Sum of the best of a person's ties, whose worth is listed in weights[1], in so many places of
    their circle; a place may be free in part.
    """
    total = 0.0
    while places > 0.0:
        best = 0
        for k in range(1, world.people[i].n_ties):
            if world.weights[1, k] > world.weights[1, best]:
                best = k
        if world.weights[1, best] <= 0.0:
            break
        total += min(1.0, places) * world.weights[1, best]
        world.weights[1, best] = 0.0
        places -= 1.0
    return total


@rule
def in_circle(world, i, total, x):
    """Worth of the ties in a person's circle; the worth of each tie is listed in weights[1], and
    `total` is that of all.

    A circle has room for few; friends outside are in it first, and the best ties come next.
    """
    p = world.people[i]
    free = max(1.0, x.change.clique - p.outside_contacts)
    return _best_in(world, i, free) if p.n_ties > free else total


@rule
def two_sides(world, i, x):
    """What a person has of either side of connectedness: confidence in the one they confide in
    most, and the worth of the ties in their circle (Weiss 1973).
    """
    p, confidant, total = world.people[i], 0.0, 0.0
    for k in range(p.n_ties):
        t = tie_at(world, i, k)
        confidant = max(confidant, t.confidence)
        world.weights[1, k] = worth(t, x.ties)
        total += world.weights[1, k]
    return confidant, in_circle(world, i, total, x)


@rule
def _connect(world, i, x):
    """Both sides of connectedness move towards what a person has of them; connectedness is their
    mean.
    """
    p, change = world.people[i], x.change
    confidant, circle = two_sides(world, i, x)
    circle += change.outside_worth * (p.outside_contacts - p.outside_ties)
    circle = min(8.0, max(-2.0, circle))
    one = lifted(p.own_emotional, confidant, change.emotional, p, change)
    p.emotional = moved(p.emotional, one, change)
    p.social = moved(p.social, lifted(p.own_social, circle, change.social, p, change), change)
    p.connectedness = 0.5 * (p.emotional + p.social)


@rule
def lifted(own, support, most, p, x):
    """Target of a side of connectedness: 1 - (1 - own level) exp(-most w early support); nothing
    added leaves the own level, each further bit adds less.
    """
    if most * support == 0.0:
        return clip(own)
    early = weight_early(p.stage, x.stage_slope)
    return clip(1.0 - (1.0 - own) * math.exp(-most * early * support))


@rule
def raised(own, share):
    """Target of a state: its own level plus a share of what is missing."""
    return own + (1.0 - own) * min(1.0, share)


@rule
def hope_fed(p, early, x):
    """Target of hope. Not being the only one, somebody further on who leads and shares, and being
    asked what one dreams of are sources of their own: each takes its share of what is still missing
    (P).
    """
    if not x.separate_sources > 0:
        both = fed(p.role_models + x.recognition * p.recognition, x.half_input)
        return raised(p.own_hope, x.hope * early * both)
    missing = 1.0 - min(1.0, x.not_alone * early * fed(p.recognition, x.half_input))
    missing *= 1.0 - min(1.0, x.hope * early * fed(p.role_models, x.half_input))
    missing *= 1.0 - min(1.0, x.heard * early * fed(p.heard, x.half_input))
    return 1.0 - (1.0 - p.own_hope) * missing


@rule
def feed_states(p, x):
    """Hope, identity, meaning and empowerment move towards what this week fed."""
    early, late = weight_early(p.stage, x.stage_slope), weight_late(p.stage, x.stage_slope)
    cap = 1.0 - x.surroundings * p.exclusion
    p.hope = moved(p.hope, min(max(cap, p.own_hope), hope_fed(p, early, x)), x)
    p.identity = moved(
        p.identity,
        raised(p.own_identity, x.identity * fed(p.recognition + p.given_shared, x.half_input)),
        x,
    )
    meaning = x.meaning * late * fed(p.sessions_now + p.given_shared, x.half_input)
    p.meaning = moved(p.meaning, raised(p.own_meaning, meaning), x)
    power = x.empowerment * late * fed(p.given_shared + p.contributed, x.half_input)
    p.empowerment = moved(p.empowerment, raised(p.own_empowerment, power), x)


@rule
def hurt(world, i, x):
    """Encounters can harm: distress taken in, rejection where one is exposed and does not fit, ties
    and promises broken; and giving harms those who are worn out.

    A promise that is broken hurts (Grossman and Rhodes 2002); that nobody leaves because of it is a
    choice, since contagion would else be put in by hand.
    """
    p, rejected = world.people[i], 0.0
    for c in world.used:
        if world.present[i, c] != 0 and p.given_now + p.received_now > 0.0:
            fit = world.memberships[i, c].fit
            misfit = max(0.0, 1.0 - fit / x.change.fit_enough)
            rejected += x.change.rejection * x.kinds[c].exposure * misfit
    broken = x.change.broken * (p.pending_loss + p.let_down)
    worn = x.change.worn * p.strain * p.strain
    p.let_down = 0.0
    p.hope = clip(p.hope - x.change.distress * p.distress_met * (1.0 - p.stage) - broken - worn)
    p.meaning = clip(p.meaning - worn)
    p.connectedness = clip(p.connectedness - rejected - broken)
    p.emotional, p.social = (
        clip(p.emotional - rejected - broken),
        clip(p.social - rejected - broken),
    )
    p.identity = clip(p.identity - rejected)
    if x.change.sides > 0:
        p.connectedness = 0.5 * (p.emotional + p.social)
    else:
        p.emotional = p.social = p.connectedness


@phase_apart
def change(world):
    """Each person's CHIME states after this week."""
    x = settings(world)
    for i in everybody(world):
        ahead(world, i, TIES)
        p = world.people[i]
        if x.change.sides > 0:
            _connect(world, i, x)
        else:
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
