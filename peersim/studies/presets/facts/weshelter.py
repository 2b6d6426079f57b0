"""WeShelter: availability at two shelters, redesigned from one-to-one during the training (T)."""

from __future__ import annotations

from typing import Any

import numpy as np

from peersim.model.vocabulary import AVAILABILITY, ONE_TO_ONE
from peersim.studies.presets.fact import (
    BUILT_IN,
    EFFECT_STATE,
    EMERGENT,
    MORE_THAN_NOT,
    NEARLY_ALL,
    USUAL,
    Fact,
    Preset,
)
from peersim.studies.presets.seen import Seen, gain, mean_strain, share_of_weeks

STARTED = 20
"""Week from which the redesigned project is under way: training and switch are over for long."""
STEPS = 2
"""A couple of times."""


def _leave_in_training(seen: Seen) -> bool | None:
    """More than half of the supporters who leave, leave in training."""
    left = seen.left(seen.supporters)
    in_training = seen.left(seen.supporters, "training_dropout")
    return None if left == 0 else in_training > 0.5 * left


def _cold_feet(seen: Seen) -> bool | None:
    """Half of those who trained for one-to-one or more leave in that training."""
    began = seen.in_training(ONE_TO_ONE) & seen.supporters
    left = seen.left(began, "training_dropout", community=ONE_TO_ONE)
    return None if not began.any() else left >= 0.5 * began.sum()


def _alone_with_one(seen: Seen, other: Seen) -> bool:
    """Fewer leave in training where it prepares for the common rooms from the beginning."""
    here, there = (each.left(each.supporters, "training_dropout") for each in (seen, other))
    return here > there


def _two_on_duty(seen: Seen) -> bool:
    """In half of the weeks or more there is a shift with two on duty."""
    present = seen.present[STARTED:, seen.supporters, AVAILABILITY]
    on_duty = [((present >> bit) & 1).sum(axis=1) for bit in range(4)]
    return share_of_weeks(np.max(on_duty, axis=0) >= 2) >= 0.5


def _with_several(seen: Seen) -> bool:
    """Half of the residents who talk with supporters or more have talked with two or more."""
    supporters, there = seen.supporters, seen.story("met_in") == AVAILABILITY
    pairs = zip(seen.story("a")[there].tolist(), seen.story("b")[there].tolist(), strict=True)
    one_of_each = {pair for pair in pairs if supporters[pair[0]] != supporters[pair[1]]}
    talked: dict[int, int] = {}
    for a, b in one_of_each:
        resident = b if supporters[a] else a
        talked[resident] = talked.get(resident, 0) + 1
    return bool(talked) and float(np.median(list(talked.values()))) >= 2


def _confident(seen: Seen, without: Seen) -> bool:
    served = seen.joined(AVAILABILITY) & seen.supporters
    return gain(seen, without, served, "identity", "empowerment") >= EFFECT_STATE


def _debriefed(seen: Seen, without: Seen) -> bool:
    return mean_strain(seen) < mean_strain(without)


def _some_stay_away(seen: Seen) -> bool:
    """Some residents, but fewer than half, give up half their time in the rooms or more."""
    share = float(seen.world.params[-1]["availability"]["room_share"])
    most = seen.weekly["kept_away"][:, seen.recipients].max(axis=0)
    away = int((most >= 0.5 * share).sum()) if share > 0 else 0
    return bool(1 <= away < 0.5 * seen.recipients.sum())


def _practical_steps(seen: Seen, without: Seen) -> bool:
    here, there = (
        each.world.people["practical_steps"][each.recipients].sum() for each in (seen, without)
    )
    return bool(here - there >= STEPS)


IN_THE_ROOMS = (
    Fact("two_on_duty", "T", EMERGENT, NEARLY_ALL, _two_on_duty),
    Fact("with_several", "T", EMERGENT, USUAL, _with_several),
    Fact("confident", "T", EMERGENT, MORE_THAN_NOT, _confident, "no_programme"),
    Fact("debriefed", "T", BUILT_IN, USUAL, _debriefed, "no_debriefing"),
)
"""What T says of both shelters."""

VARIANTS: dict[str, dict[str, Any]] = {
    "no_programme": {},
    "no_debriefing": {"availability.debrief": 0.0},
}

PRESET = Preset(
    "weshelter",
    VARIANTS | {"from_the_start": {"communities": ["availability"], "events": []}},
    (
        Fact("leave_in_training", "T", EMERGENT, USUAL, _leave_in_training),
        Fact("cold_feet", "T", EMERGENT, MORE_THAN_NOT, _cold_feet),
        Fact("alone_with_one", "T", BUILT_IN, USUAL, _alone_with_one, "from_the_start"),
        *IN_THE_ROOMS,
    ),
)

WOMEN = Preset(
    "weshelter_women",
    VARIANTS,
    (
        *IN_THE_ROOMS,
        Fact("some_stay_away", "T", BUILT_IN, USUAL, _some_stay_away),
        Fact(
            "practical_steps",
            "T",
            EMERGENT,
            MORE_THAN_NOT,
            _practical_steps,
            "no_programme",
            ("practical_steps",),
        ),
    ),
    "weshelter",
)
