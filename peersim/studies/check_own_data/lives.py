"""Lists that the model would write: worlds lived week by week, with who came, and what else could
be written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from peersim.model.vocabulary import AVAILABILITY, GROUP, ONE_TO_ONE
from peersim.model.world import World
from peersim.run.first_day import Blueprint, create, draw_up, people_alone, room_for_outcomes
from peersim.run.simulation import baseline_of, live
from peersim.scenario.scenario import Scenario, changed

MEETINGS: np.ndarray = np.array([bin(mask).count("1") for mask in range(16)])
"""Number of meetings in a mask of up to four."""


class Lived(NamedTuple):
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
    """Numbers present at this week's meetings; whoever left in this week counts where she was last
    week.

    Who came for the first time and did not go on was nowhere last week and is nowhere now: she
    counts with others who began this week, in whichever circle took most of them.
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


def live_list(blueprint: Blueprint, alone: Blueprint, seed: int) -> Lived:
    """Live one world and keep its attendance list.

    Parameters
    ----------
    blueprint, alone : Blueprint
        Of the programme, and of the same people without any.
    seed : int
    """
    world = create(blueprint, seed, baseline_of(alone, seed))
    weeks, n = blueprint.weeks, int(world.clock[0].recipients)
    out, count, sizes = room_for_outcomes(weeks), np.zeros((n, weeks), np.int64), []
    has_classes = bool(world.params[0]["availability"]["variant"] == 1)
    midway = None
    for week in range(1, weeks + 1):
        before = world.memberships["circle"][:n].copy()
        met = world.memberships["attended"][:n, ONE_TO_ONE].copy()
        live(world, week - 1, week, out)
        count[:, week - 1] = world.memberships["attended"][:n, ONE_TO_ONE] - met
        for c in world.used:
            if c != ONE_TO_ONE:
                count[:, week - 1] += MEETINGS[world.present[:n, c]]
        sizes += _sizes(world, week, n, before, has_classes)
        if week == max(1, weeks // 2):
            midway = (world.people.copy(), world.memberships.copy(), world.status.copy())
    assert midway is not None
    return Lived(count, np.array(sizes, np.int64).reshape(-1, 2), world, out, midway)


def live_lists(
    scenario: Scenario,
    seeds: Iterable[int],
    read: Callable[[Lived], Any],
    workers: int = 1,
    points: Sequence[Mapping[str, Any]] = (),
    progress: Callable[[int], Any] | None = None,
) -> list[Any]:
    """Live many worlds and keep what `read` makes of each.

    Parameters
    ----------
    scenario : Scenario
    seeds : iterable of int
    read : callable
        From a `Lived` to what is kept.
    workers : int
        Threads.
    points : sequence of mappings of path to value, optional
        World k has point k modulo their number.
    progress : callable, optional
        Called with 1 after each world.
    """
    numbers = list(seeds)
    several = [changed(scenario, point) for point in points[: len(numbers)]] or [scenario]
    plans = [(draw_up(each), draw_up(people_alone(each))) for each in several]

    def one(k: int) -> Any:
        found = read(live_list(*plans[k % len(plans)], numbers[k]))
        if progress is not None:
            progress(1)
        return found

    if workers <= 1:
        return [one(k) for k in range(len(numbers))]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(one, range(len(numbers))))
