"""Many worlds of one programme: each seed with a plausible set of parameters, lived week by
week.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from peersim.model.world import World
from peersim.run.first_day import Blueprint, create, draw_up, room_for_outcomes
from peersim.run.simulation import live
from peersim.scenario.scenario import Scenario, changed


class Runs(NamedTuple):
    """Which worlds are lived.

    Attributes
    ----------
    sets : sequence of mappings
        Plausible parameters; seed s goes with set s modulo their number.
    seeds : sequence of int
    workers : int
        Threads; results do not depend on it.
    progress : callable
        Called with 1 after each world.
    """

    sets: Sequence[Mapping[str, Any]]
    seeds: Sequence[int]
    workers: int
    progress: Callable[[int], Any]


def look_at[Seen](
    scenario: Scenario, runs: Runs, look: Callable[[Blueprint, int], Seen]
) -> list[Seen]:
    """Look at the world of every seed; what was seen stands in the order of the seeds."""
    places = sorted({seed % len(runs.sets) for seed in runs.seeds})
    plans = {place: draw_up(changed(scenario, runs.sets[place])) for place in places}

    def one(seed: int) -> Seen:
        seen = look(plans[seed % len(runs.sets)], seed)
        runs.progress(1)
        return seen

    with ThreadPoolExecutor(max(1, runs.workers)) as pool:
        return list(pool.map(one, runs.seeds))


def begun(blueprint: Blueprint, seed: int) -> World:
    """A world on its first day; what people would be without the programme is not asked here."""
    return create(blueprint, seed, np.zeros((0, len(blueprint.ids))))


def weeks_of(world: World, last: int) -> Iterator[int]:
    """Live a world week by week, and name each week when it is over."""
    out = room_for_outcomes(last)
    for week in range(1, last + 1):
        live(world, week - 1, week, out)
        yield week
