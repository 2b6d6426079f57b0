"""Could one person's leaving have been prevented: the same world again with each single change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from peersim.model.vocabulary import CAUSES, COMMUNITIES
from peersim.run.first_day import Blueprint, draw_up
from peersim.run.replicate import Replicate
from peersim.run.standing import have_a_place
from peersim.run.worlds import in_threads
from peersim.scenario.scenario import Scenario, changed
from peersim.studies.dropout_spread.following.diary import EVERY, weeks_of
from peersim.studies.dropout_spread.following.history import ends_of
from peersim.studies.dropout_spread.following.levers import Lever, single_changes


class Fate(NamedTuple):
    """How one person's time ended in one world.

    Attributes
    ----------
    has_place : bool
        Whether they take part, have completed or have moved on at the last week.
    took_part : bool
        Whether they ever took part.
    left : int or None
        Week in which they first dropped out of a community, or gave up waiting.
    community, cause : str or None
    chance : float
        Chance of dropping out of the communities asked about up to the last week, in the same world
        in which they are kept: their own chance in leaving plays no part in it.
    """

    has_place: bool
    took_part: bool
    left: int | None
    community: str | None
    cause: str | None
    chance: float


class Attempt(NamedTuple):
    """One single change, and how the person's time ended under it."""

    lever: Lever
    fate: Fate


def fate_of(blueprint: Blueprint, seed: int, row: int, communities: Sequence[int] = EVERY) -> Fate:
    """Run one world and see how one person's time ends; the chance is that of dropping out of some
    communities.
    """
    world = Replicate(blueprint, seed).run()
    ends = ends_of(world)
    weeks = np.minimum(ends.left[row], ends.gave_up[row])
    first = int(weeks.argmin())
    has_left = bool(np.isfinite(weeks[first]))
    stay = 1.0
    for week in weeks_of(blueprint, seed, row, communities, stays=True):
        stay *= 1.0 - week.chance
    return Fate(
        has_place=bool(have_a_place(world)[row]),
        took_part=bool((world.memberships["joined"][row] >= 0).any()),
        left=int(weeks[first]) if has_left else None,
        community=COMMUNITIES[first] if has_left else None,
        cause=CAUSES[int(world.memberships["cause"][row, first])] if has_left else None,
        chance=1.0 - stay,
    )


def kept_others(scenario: Scenario, labels: Iterable[str]) -> list[Lever]:
    """List what would be different if one of some people had not left: changes of the past, not of
    the programme.
    """
    return [
        Lever(f"keep_{name}", {"events": [*scenario.events, {"week": 1, "keep": name}]}, name)
        for name in labels
    ]


def fates(
    scenario: Scenario, seed: int, row: int, others: Sequence[str] = (), workers: int = 1
) -> tuple[Fate, list[Attempt]]:
    """Give a person's fate as it was, and under each single change from the first week on, with the
    same people and draws.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    row : int
        The person.
    others : sequence of str
        People whose staying is tried too.
    workers : int
        Threads.
    """
    levers = [*single_changes(scenario), *kept_others(scenario, others)]
    plans = [draw_up(scenario), *(draw_up(changed(scenario, lever.changes)) for lever in levers)]
    own = left_first(fate_of(plans[0], seed, row), scenario)
    found = in_threads(lambda plan: fate_of(plan, seed, row, own), plans, workers)
    return found[0], [Attempt(lever, fate) for lever, fate in zip(levers, found[1:], strict=True)]


def left_first(fate: Fate, scenario: Scenario) -> list[int]:
    """Give the community that somebody first dropped out of; if none, all that there are at the
    start.
    """
    if fate.community is not None:
        return [COMMUNITIES.index(fate.community)]
    return [COMMUNITIES.index(name) for name in scenario.communities]
