"""Reden: one-to-one with a weekly café (T)."""

from __future__ import annotations

import numpy as np

from peersim.model.vocabulary import CAFE
from peersim.studies.presets.fact import (
    BUILT_IN,
    EFFECT_POINTS,
    EFFECT_STATE,
    EMERGENT,
    MORE_THAN_NOT,
    USUAL,
    Fact,
    Preset,
)
from peersim.studies.presets.seen import Seen, gain, mean_strain

QUICKLY = 13
"""Weeks, a quarter of a year."""
BOND = 0.3
"""Worth of a tie, in friends, from which its loss is felt (`departure`)."""
LOST = 0.5
"""Strain at which supporters are said to lose themselves: halfway to being worn out."""


def _three_soon(seen: Seen) -> bool:
    return sum(week <= QUICKLY for week in seen.matches().values()) >= 3


def _three_later(seen: Seen) -> bool:
    return sum(week > QUICKLY for week in seen.matches().values()) >= 3


def _six_in_all(seen: Seen) -> bool:
    return len(seen.matches()) >= 6


def _matched(seen: Seen) -> np.ndarray:
    return np.asarray((seen.partner >= 0).any(axis=0))


def _benefit(seen: Seen, without: Seen) -> bool:
    matched = _matched(seen)
    return bool(matched.any() and (seen.score - without.score)[matched].mean() >= EFFECT_POINTS)


def _belonging(seen: Seen, without: Seen) -> bool:
    return gain(seen, without, _matched(seen), "connectedness") >= EFFECT_STATE


def _across(seen: Seen) -> bool:
    """A matched recipient is close to somebody met in the café who never was their supporter."""
    matched, pairs = _matched(seen), set(seen.matches())
    close = (seen.bond >= BOND) & (seen.story("met_in") == CAFE)
    for a, b in zip(seen.story("a")[close], seen.story("b")[close], strict=True):
        if (matched[a] or matched[b]) and not {(int(a), int(b)), (int(b), int(a))} & pairs:
            return True
    return False


def _recruits(seen: Seen, without: Seen) -> bool:
    """People sign up sooner than without the café."""
    who = seen.recipients
    return bool(seen.signed_up()[who].mean() < without.signed_up()[who].mean())


def _neutral_ground(seen: Seen) -> bool:
    """A pair met in the café first."""
    pairs, there = seen.matches(), seen.story("met_in") == CAFE
    met = set(zip(seen.story("a")[there].tolist(), seen.story("b")[there].tolist(), strict=True))
    return bool(met & {(min(pair), max(pair)) for pair in pairs})


def _may_withdraw(seen: Seen) -> bool | None:
    """As many of the worn rest as leave."""
    rested = int((seen.weekly["resting"] > 0).any(axis=0).sum())
    left = seen.left(seen.supporters, "overload")
    return None if rested + left == 0 else rested >= left


def _lose_themselves(seen: Seen) -> bool:
    return bool((seen.weekly["strain"][:, seen.served] >= LOST).any())


def _carried(seen: Seen, without: Seen) -> bool:
    return mean_strain(seen) < mean_strain(without)


PRESET = Preset(
    "reden",
    {
        "no_programme": {},
        "no_cafe": {"cafe.per_week": 0.0},
        "no_supervision": {"supervision.per_month": 0.0},
    },
    (
        Fact("three_soon", "T", EMERGENT, USUAL, _three_soon),
        Fact("three_later", "T", EMERGENT, MORE_THAN_NOT, _three_later),
        Fact("six_in_all", "T", EMERGENT, USUAL, _six_in_all),
        Fact("benefit", "T", EMERGENT, MORE_THAN_NOT, _benefit, "no_programme"),
        Fact("belonging", "T", EMERGENT, MORE_THAN_NOT, _belonging, "no_programme"),
        Fact("relapse", "T", EMERGENT, USUAL, lambda seen: None, needs=("relapse",)),
        Fact("across", "T", EMERGENT, USUAL, _across),
        Fact("recruits", "T", BUILT_IN, USUAL, _recruits, "no_cafe"),
        Fact("neutral_ground", "T", EMERGENT, USUAL, _neutral_ground),
        Fact("may_withdraw", "T", BUILT_IN, USUAL, _may_withdraw),
        Fact("lose_themselves", "T", EMERGENT, MORE_THAN_NOT, _lose_themselves),
        Fact("carried", "T", BUILT_IN, USUAL, _carried, "no_supervision"),
    ),
)
