"""Paths to everyday life: groups of eleven sessions led by two volunteer peers (P)."""

from __future__ import annotations

import numpy as np

from peersim.model.people import CHIME
from peersim.model.vocabulary import GROUP
from peersim.studies.presets.fact import BUILT_IN, EMERGENT, NEARLY_ALL, USUAL, Fact, Preset
from peersim.studies.presets.seen import Seen, gain

AFTERWARDS = 26
"""Weeks, half a year: companionship was offered for up to six months (P14)."""
SAFE = 0.5
"""Safety at which people are neither drawn to a place nor kept away."""


def _takes_place(seen: Seen) -> bool:
    """A course runs to its end, and every group begins with two leaders."""
    return bool(seen.completers.any()) and all(leaders == 2 for _, _, leaders in seen.groups)


def _some_do_not_fit(seen: Seen) -> bool:
    return seen.left(seen.recipients, "misfit", community=GROUP) >= 1


def _safe(seen: Seen) -> bool:
    """Those who complete feel safe, and safer than those who left did."""
    safety = seen.world.memberships["safety"][:, GROUP]
    done, gone = seen.completers, seen.joined_as_recipients(GROUP) & ~seen.completers
    if not done.any() or safety[done].mean() < SAFE:
        return False
    return bool(not gone.any() or safety[done].mean() > safety[gone].mean())


def _five_states(seen: Seen, without: Seen) -> bool:
    who = seen.joined_as_recipients(GROUP)
    return all(gain(seen, without, who, state) > 0 for state in CHIME)


def _everyday(seen: Seen, without: Seen) -> bool:
    who = seen.joined_as_recipients(GROUP)
    return all(
        gain(seen, without, who, name) > 0 for name in ("daily_functioning", "quality_of_life")
    )


def _sight_of_leaders(seen: Seen, silent: Seen) -> bool:
    """Members hope more than where leaders do not bring in their own experience."""
    return gain(seen, silent, seen.joined_as_recipients(GROUP), "hope") > 0


def _companionship(seen: Seen) -> bool | None:
    """Half of those who completed in time or more have met somebody in person afterwards."""
    over, face = seen.course_over(), seen.weekly["face_to_face"]
    in_time = np.flatnonzero(seen.completers & (over + AFTERWARDS < len(face)))
    if not len(in_time):
        return None
    met = [bool((face[over[i] + 1 : over[i] + 1 + AFTERWARDS, i] > 0).any()) for i in in_time]
    return float(np.mean(met)) >= 0.5


def _civil_society(seen: Seen, integrated: Seen) -> bool:
    """Members feel safer than where the same groups are run inside the services."""
    both = seen.joined_as_recipients(GROUP) & integrated.joined_as_recipients(GROUP)
    here, there = (each.world.memberships["safety"][both, GROUP] for each in (seen, integrated))
    return bool(both.any()) and float(here.mean()) > float(there.mean())


PRESET = Preset(
    "paths_to_everyday_life",
    {
        "no_programme": {},
        "silent_leaders": {"group.leaders_share": 0.0},
        "integrated": {"organisation": "integrated"},
    },
    (
        Fact("takes_place", "P", EMERGENT, NEARLY_ALL, _takes_place),
        Fact("some_do_not_fit", "P", BUILT_IN, USUAL, _some_do_not_fit),
        Fact("safe", "P", EMERGENT, USUAL, _safe),
        Fact("five_states", "P", EMERGENT, USUAL, _five_states, "no_programme"),
        Fact(
            "everyday",
            "P",
            BUILT_IN,
            USUAL,
            _everyday,
            "no_programme",
            ("daily_functioning", "quality_of_life"),
        ),
        Fact("sight_of_leaders", "P", BUILT_IN, USUAL, _sight_of_leaders, "silent_leaders"),
        Fact("companionship", "P", EMERGENT, USUAL, _companionship),
        Fact("civil_society", "P", BUILT_IN, USUAL, _civil_society, "integrated"),
    ),
)
