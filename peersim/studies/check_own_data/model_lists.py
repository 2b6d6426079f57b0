"""Lists that the model would write: worlds with who came in which week, and what else could be
written down.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from peersim.model.vocabulary import AVAILABILITY, GROUP, ONE_TO_ONE
from peersim.model.world import World
from peersim.run.first_day import Blueprint
from peersim.run.replicate import Replicate
from peersim.run.worlds import Worlds
from peersim.scenario.scenario import Scenario

MEETINGS: np.ndarray = np.array([bin(mask).count("1") for mask in range(16)])
"""Number of meetings in a mask of up to four."""


class ModelList(NamedTuple):
    """One world, as an attendance list sees it, and as it really was.

    Attributes
    ----------
    visits : int array, recipients x weeks
        How often each came in each week.
    sizes : int array, meetings x 2
        Week of each meeting in a circle or common room, and number of recipients present.
    world : World
        At the end.
    outcomes : float array, weeks + 1 x communities + 1 x outcomes
    midway : structured arrays
        `people`, `memberships` and `status` as they were halfway.
    """

    visits: np.ndarray
    sizes: np.ndarray
    world: World
    outcomes: np.ndarray
    midway: tuple[np.ndarray, np.ndarray, np.ndarray]


def _sizes(
    world: World, week: int, n: int, before: np.ndarray, has_classes: bool
) -> list[tuple[int, int]]:
    """Numbers present at this week's meetings; whoever left in this week counts where they were
    last week.

    Who came for the first time and did not go on was nowhere last week and is nowhere now: they
    count with others who began this week, in whichever circle took most of them.
    """
    found: list[tuple[int, int]] = []
    for c in (GROUP, AVAILABILITY):
        present = world.present[:n, c]
        if not present.any():
            continue
        now = world.memberships["circle"][:n, c]
        circle = (
            np.where(before[:, c] >= 0, before[:, c], now)
            if c == GROUP or has_classes
            else np.zeros(n, np.int64)
        )
        began = now[(before[:, c] < 0) & (now >= 0)]
        circle[circle < 0] = np.bincount(began).argmax() if len(began) else 0
        for bit in range(4):
            there = (present >> bit) & 1 == 1
            found += [(week - 1, int(size)) for size in np.bincount(circle[there]) if size]
    return found


def model_list(blueprint: Blueprint, seed: int) -> ModelList:
    """Run one world and keep its attendance list."""
    replicate = Replicate(blueprint, seed, with_baseline=True)
    world, weeks = replicate.world, blueprint.weeks
    n = int(world.clock[0].recipients)
    count, sizes = np.zeros((n, weeks), np.int64), []
    has_classes = bool(world.params[0]["availability"]["variant"] == 1)
    midway = None
    for week in range(1, weeks + 1):
        before = world.memberships["circle"][:n].copy()
        met = world.memberships["attended"][:n, ONE_TO_ONE].copy()
        replicate.run_to(week)
        count[:, week - 1] = world.memberships["attended"][:n, ONE_TO_ONE] - met
        for c in world.used:
            if c != ONE_TO_ONE:
                count[:, week - 1] += MEETINGS[world.present[:n, c]]
        sizes += _sizes(world, week, n, before, has_classes)
        if week == max(1, weeks // 2):
            midway = (world.people.copy(), world.memberships.copy(), world.status.copy())
    assert midway is not None
    held = np.array(sizes, np.int64).reshape(-1, 2)
    return ModelList(count, held, world, replicate.outcomes, midway)


def model_lists[Kept](
    scenario: Scenario, worlds: Worlds, read: Callable[[ModelList], Kept]
) -> list[Kept]:
    """Run many worlds and keep what `read` makes of each list."""
    return worlds.watch(scenario, lambda plan, seed: read(model_list(plan, seed)))
