"""The programmes in which targets are measured: each as near as the model comes to those that were
studied.

Each is one large world: a few hundred people make shares as steady as many small worlds would, and
for matches, courses and platforms nothing depends on how many others there are beside one's own
circle, except who is near in the queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from peersim.model.world import World
from peersim.run.first_day import draw_up
from peersim.run.replicate import Replicate
from peersim.run.standing import living
from peersim.scenario.scenario import Scenario, changed
from peersim.studies.calibration.knock_outs import Apart, taken_apart

LEDGER_ROWS = 30_000


class Setting(NamedTuple):
    """A programme in which something was measured.

    Attributes
    ----------
    name, about : str
    changes : mapping of path to value
        What sets it apart from the default scenario; calibrated parameters come on top.
    looks : tuple of int
        Weeks, besides the last, at whose end the world is looked at.
    is_heard : bool
        Whether it is added up, week by week, how often each person's posts are read.
    leaving : tuple of int
        Weeks in which one member of each circle leaves in one world, and stays in another.
    """

    name: str
    about: str
    changes: Mapping[str, Any]
    looks: tuple[int, ...] = ()
    is_heard: bool = False
    leaving: tuple[int, ...] = ()


class Look(NamedTuple):
    """A world as it was at the end of one week, with the same people's scores without any
    programme.
    """

    week: int
    people: np.ndarray
    memberships: np.ndarray
    status: np.ndarray
    alone: np.ndarray
    bridges: np.ndarray  # ledger rows of ties without a shared third person and not of a match


@dataclass
class SettingRun:
    """One finished world, and what was seen of it on the way.

    Attributes
    ----------
    world : World
        At the end.
    weeks : int
    looks : dict of int to Look
        By week; the last week is among them.
    posts_expected : float
        Weeks in which somebody wrote posts, summed over everybody: expected from who logged on.
    read : list of int arrays
        For each week, how often the posts of each person were read.
    quiet : float array
        Each person's chance of never having written a post.
    apart : list of Apart
        What the leaving of one member of each circle changes, for each week that it is looked into.
    """

    world: World
    weeks: int
    looks: dict[int, Look] = field(default_factory=dict)
    posts_expected: float = 0.0
    read: list[np.ndarray] = field(default_factory=list)
    quiet: np.ndarray = field(default_factory=lambda: np.zeros(0))
    apart: list[Apart] = field(default_factory=list)


MATCHES = Setting(
    "matches",
    "a befriending trial of people who have consented: weekly meetings of an hour, meant for "
    "twelve months, trained volunteers enough, no second match",
    {
        "communities": ["one_to_one"],
        "weeks": 64,
        "sign_up.way_in": "consented",
        "population.recipients": 160,
        "population.supporters": 270,
        "population.arrival_weeks": 1,
        "one_to_one.every": 1.0,
        "one_to_one.hours": 1.0,
        "one_to_one.weeks": 52,
        "one_to_one.capacity": 2,
        "one_to_one.rematch": False,
    },
    looks=(26, 52),
)
AFTER_THE_COURSE = 13
"""Week at whose end the effect of the course is measured: all begin at once, and two weeks ago it
was over."""
COURSE = Setting(
    "course",
    "a trial of a group course with people who have consented: ten weekly meetings of two hours, "
    "eight members and two trained peers, no sequel",
    {
        "communities": ["group"],
        "weeks": 21,
        "sign_up.way_in": "consented",
        "population.recipients": 200,
        "population.supporters": 170,
        "population.arrival_weeks": 1,
        "group.weeks": 10,
        "group.most": 200,
        "group.self_run_per_week": 0.0,
    },
    looks=(AFTER_THE_COURSE,),
)
PLATFORM = Setting(
    "platform",
    "a moderated platform to which all are invited at once",
    {
        "communities": ["digital"],
        "weeks": 36,
        "population.recipients": 400,
        "population.supporters": 10,
        "population.arrival_weeks": 1,
    },
    is_heard=True,
)
SERVICE = Setting(
    "service",
    "a befriending service with open-ended matches, with as many people asked to become "
    "befrienders as are invited to have one: more clients than befrienders",
    {
        "communities": ["one_to_one"],
        "weeks": 58,
        "population.recipients": 200,
        "population.supporters": 0,
        "population.asked": 200,
        "population.arrival_weeks": 6,
        "one_to_one.weeks": 104,
        "one_to_one.capacity": 1,
    },
)
HOUSE = Setting(
    "house",
    "matches with a café once a month, in which people meet across their matches, followed for "
    "a year",
    {
        "communities": ["one_to_one"],
        "weeks": 78,
        "population.recipients": 70,
        "population.supporters": 20,
        "cafe.per_week": 0.25,
    },
    looks=(26,),
)
LONG_GROUPS = Setting(
    "long_groups",
    "groups of seven months for people who have consented, from each of which one member leaves in "
    "one world and stays in another, early or later",
    {
        "communities": ["group"],
        "weeks": 31,
        "sign_up.way_in": "consented",
        "population.recipients": 200,
        "population.supporters": 60,
        "population.arrival_weeks": 1,
        "group.weeks": 31,
        "group.most": 200,
        "group.self_run_per_week": 0.0,
    },
    leaving=(6, 12),
)
SHORT_COURSES = LONG_GROUPS._replace(
    name="short_courses",
    about="the same in courses of ten weeks, up to their end",
    changes={
        **LONG_GROUPS.changes,
        "weeks": 10,
        "group.weeks": 10,
        "population.recipients": 240,
        "population.supporters": 70,
    },
    leaving=(3,),
)
SETTINGS = (MATCHES, COURSE, PLATFORM, SERVICE, HOUSE, LONG_GROUPS, SHORT_COURSES)


def run_setting(
    setting: Setting, base: Scenario, point: Mapping[str, Any], seed: int
) -> SettingRun:
    """Run one world of a setting at one point of the parameters.

    Parameters
    ----------
    setting : Setting
    base : Scenario
        What the setting changes.
    point : mapping of path to value
        Changes on top of those of the setting.
    seed : int
    """
    blueprint = draw_up(changed(base, {**setting.changes, **point}))
    last = blueprint.weeks
    if setting.leaving:
        replicate = Replicate(blueprint, seed)
        apart = [taken_apart(replicate, week) for week in setting.leaving]
        return SettingRun(replicate.run(), last, apart=apart)
    replicate = Replicate(blueprint, seed, with_baseline=True, ledger_rows=LEDGER_ROWS)
    world = replicate.world
    run = SettingRun(world, last, quiet=np.ones(len(world.people)))
    for week in range(1, last + 1) if setting.is_heard else sorted({*setting.looks, last}):
        replicate.run_to(week)
        if setting.is_heard:
            _listen(run)
        if week in setting.looks or week == last:
            run.looks[week] = _look(world, week)
    return run


def _look(world: World, week: int) -> Look:
    return Look(
        week,
        world.people.copy(),
        world.memberships.copy(),
        world.status.copy(),
        world.baseline[week],
        _bridges(world),
    )


def _bridges(world: World) -> np.ndarray:
    slots = living(world)
    rows = np.repeat(np.arange(len(slots)), slots.sum(axis=1))
    others, ties = world.partners["other"][slots], world.ties[world.partners["tie"][slots]]
    partner = world.memberships["partner"][:, 0]
    matched = (partner[rows] == others) | (partner[others] == rows)
    return np.unique(ties["row"][(ties["shared"] == 0) & ~matched])


def _listen(run: SettingRun) -> None:
    """Add up this week's posts: how many were to be expected, and how often each person's were read
    (N01, N02, N15).
    """
    world, x = run.world, run.world.params[0]["digital"]
    present, m = world.present[:, 3], world.memberships[:, 3]
    visits = sum((present >> bit) & 1 for bit in range(4))
    anxiety = world.people["social_anxiety"]
    post = x["posting"] * (1.0 - x["performance_anxiety"] * anxiety) * (m["contributor"] == 1)
    silent = (1.0 - post) ** visits
    run.quiet *= silent
    run.posts_expected += float((1.0 - silent).sum())
    weight = max(float(x["read_weight"]), 1e-9)
    run.read.append(np.rint(world.people["contributed"] / weight).astype(np.int64))
