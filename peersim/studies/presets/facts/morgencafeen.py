"""Morgencaféen: groups without roles defined beforehand, run by staff (T)."""

from __future__ import annotations

import numpy as np

from peersim.model.vocabulary import ACTIVE, GROUP
from peersim.studies.presets.fact import (
    EFFECT_POINTS,
    EFFECT_STATE,
    EMERGENT,
    MORE_THAN_NOT,
    NEARLY_ALL,
    USUAL,
    Fact,
    Preset,
)
from peersim.studies.presets.seen import Seen, gain

CHRISTMAS = 26
"""The week taken for Christmas: half a year after the first invitations, in the middle of the
courses.
"""
NEAR = 0.3
"""Confidence from which somebody would not let a person be alone (assumption)."""
EVEN = 0.5
"""Evenness at which the one who gives less still gives a third as much as the other."""
STRONG = 2
"""Strong ties in the group that make a person part of its solidarity."""
STEPS = 2
"""Practical steps more than without, all members together."""


def _takes_place(seen: Seen) -> bool:
    return bool(seen.completers.any())


def _not_closed(seen: Seen) -> bool:
    return seen.left(seen.recipients, "community_closed", community=GROUP) == 0


def _mutual(seen: Seen) -> bool:
    """Giving and receiving are even in the ties of those whom the group has reached."""
    return seen.outcome("reciprocity", CHRISTMAS, GROUP) >= EVEN


def _in_group(seen: Seen, week: int) -> np.ndarray:
    return np.asarray((seen.status[week, :, GROUP] == ACTIVE) & seen.recipients)


def _solidarity(seen: Seen) -> bool:
    """Half of those who complete or more have strong ties to two others who do."""
    who, strong = seen.completers, np.zeros(len(seen.recipients), int)
    limit = float(seen.world.params[0]["ties"]["strong"])
    close = seen.strength >= limit
    for a, b in zip(seen.story("a")[close], seen.story("b")[close], strict=True):
        if who[a] and who[b]:
            strong[[a, b]] += 1
    return bool(who.any()) and float(np.median(strong[who])) >= STRONG


def _nobody_alone(seen: Seen) -> bool:
    """Every member has a friend outside in touch, or trusts somebody of the group."""
    part = _in_group(seen, CHRISTMAS)
    friends = seen.weekly["outside_contacts"][CHRISTMAS][part] >= 1.0
    trusts = seen.confidant[CHRISTMAS][part] >= NEAR
    return bool(part.any() and (friends | trusts).all())


def _get_up(seen: Seen) -> bool:
    """Half of those who complete or more come to half of the meetings or more."""
    member = seen.world.memberships[seen.completers, GROUP]
    came = member["attended"] / np.maximum(1, member["offered"])
    return bool(len(came)) and float(np.median(came)) >= 0.5


def _meaning(seen: Seen, without: Seen) -> bool:
    who = seen.joined_as_recipients(GROUP)
    return gain(seen, without, who, "meaning") >= EFFECT_STATE


def _benefit(seen: Seen, without: Seen) -> bool:
    who = seen.joined_as_recipients(GROUP)
    return bool(who.any() and (seen.score - without.score)[who].mean() >= EFFECT_POINTS)


def _practical_steps(seen: Seen, without: Seen) -> bool:
    who = seen.joined_as_recipients(GROUP)
    here, there = (each.world.people["practical_steps"][who].sum() for each in (seen, without))
    return bool(here - there >= STEPS)


PRESET = Preset(
    "morgencafeen",
    {"no_programme": {}},
    (
        Fact("takes_place", "T", EMERGENT, NEARLY_ALL, _takes_place),
        Fact("not_closed", "T", EMERGENT, NEARLY_ALL, _not_closed),
        Fact("mutual", "T", EMERGENT, USUAL, _mutual),
        Fact("solidarity", "T", EMERGENT, USUAL, _solidarity),
        Fact("nobody_alone", "T", EMERGENT, USUAL, _nobody_alone),
        Fact("get_up", "T", EMERGENT, USUAL, _get_up),
        Fact("meaning", "T", EMERGENT, MORE_THAN_NOT, _meaning, "no_programme"),
        Fact("benefit", "T", EMERGENT, MORE_THAN_NOT, _benefit, "no_programme"),
        Fact(
            "practical_steps",
            "T",
            EMERGENT,
            USUAL,
            _practical_steps,
            "no_programme",
            ("practical_steps",),
        ),
        Fact("misuse", "T", EMERGENT, USUAL, lambda seen: None, needs=("misuse",)),
    ),
)
