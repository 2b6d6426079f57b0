"""UngTilUng: a digital platform with a face-to-face group (T)."""

from __future__ import annotations

import numpy as np

from peersim.model.vocabulary import ACTIVE, DIGITAL, GROUP
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
from peersim.studies.presets.seen import Seen, gain

SOME = 3
"""The fewest of a kind that make a kind."""
KINDS = 3
"""Blog, chat, Instagram: the tasks that T names."""


def _followers(seen: Seen) -> bool:
    """Some follow, some have a task, and those who follow are at an earlier stage."""
    member = seen.joined_as_recipients(DIGITAL)
    has_task, stage = seen.task.max(axis=0) > 0, seen.world.people["stage"]
    follows, tasked = member & ~has_task, member & has_task
    both = min(follows.sum(), tasked.sum()) >= SOME
    return bool(both and stage[follows].mean() < stage[tasked].mean())


def _kinds_of_task(seen: Seen) -> bool:
    return len(np.unique(seen.task[seen.task > 0])) >= KINDS


def _tasks_change(seen: Seen) -> bool:
    """Somebody who followed has a task later."""
    followed = np.maximum.accumulate(seen.task == 0, axis=0)
    return bool((followed & (seen.task > 0))[:, seen.recipients].any())


def _began_training(seen: Seen) -> np.ndarray:
    return np.asarray(seen.supporters & (seen.in_training(DIGITAL) | seen.in_training(GROUP)))


def _webinars_fuller(seen: Seen, seminar: Seen) -> bool:
    return bool(_began_training(seen).sum() > _began_training(seminar).sum())


def _seminars_give(seen: Seen, seminar: Seen) -> bool | None:
    """Those who come through both kinds of training are readier after seminars."""
    both = seen.served & seminar.served
    if not both.any():
        return None
    webinar, face = (each.world.people["readiness"][both].mean() for each in (seen, seminar))
    return bool(face > webinar)


def _group_there(seen: Seen) -> bool:
    return bool(seen.completers.any())


def _glad(seen: Seen, without: Seen) -> bool:
    who = seen.joined_as_recipients(GROUP)
    return gain(seen, without, who, "connectedness") >= EFFECT_STATE


def _liked(seen: Seen) -> bool:
    """More than half of those with a task who log on have had a post read."""
    on = (seen.present[:, :, DIGITAL] > 0) & (seen.task > 0)
    who = on.any(axis=0)
    read = (seen.weekly["contributed"] > 0).any(axis=0)
    return bool(who.any()) and float(read[who].mean()) > 0.5


def _group_feeds_platform(seen: Seen, without: Seen) -> bool:
    here, there = (each.visits(DIGITAL, each.recipients) for each in (seen, without))
    return here > there


def _platform_feeds_group(seen: Seen, without: Seen) -> bool:
    here, there = (_meetings_attended(each) for each in (seen, without))
    return here > there


def _meetings_attended(seen: Seen) -> int:
    """Meetings of led groups that members came to, counted for each."""
    led = seen.status[:, :, GROUP] == ACTIVE
    came = np.where(led, seen.present[:, :, GROUP], 0)[:, seen.recipients]
    return int(np.bitwise_count(came.astype(np.uint8)).sum())


PRESET = Preset(
    "ung_til_ung",
    {
        "no_group": {"communities": ["digital"]},
        "no_platform": {"communities": ["group"]},
        "seminars": {"training.form": "seminar"},
    },
    (
        Fact("followers", "T", BUILT_IN, NEARLY_ALL, _followers),
        Fact("kinds_of_task", "T", BUILT_IN, NEARLY_ALL, _kinds_of_task),
        Fact("tasks_change", "T", EMERGENT, MORE_THAN_NOT, _tasks_change),
        Fact("webinars_fuller", "T", BUILT_IN, USUAL, _webinars_fuller, "seminars"),
        Fact("seminars_give", "T", BUILT_IN, USUAL, _seminars_give, "seminars"),
        Fact("group_there", "T", EMERGENT, NEARLY_ALL, _group_there),
        Fact("glad", "T", EMERGENT, MORE_THAN_NOT, _glad, "no_group"),
        Fact("liked", "T", EMERGENT, USUAL, _liked),
        Fact("group_feeds_platform", "T", EMERGENT, USUAL, _group_feeds_platform, "no_group"),
        Fact("platform_feeds_group", "T", EMERGENT, USUAL, _platform_feeds_group, "no_platform"),
    ),
)
