"""Many worlds: the seeds of a study, the sets of parameters that go with them, and threads to run
them in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from peersim.kernel.catalogue import language, speak
from peersim.run.first_day import Blueprint, draw_up
from peersim.scenario.scenario import Scenario, changed

Progress = Callable[[int], Any]
"""Called with 1 after each world. If it raises an error, no further world is run."""


@dataclass(frozen=True)
class Worlds:
    """Which worlds to run: a seed each, and the set of parameters that goes with it.

    Attributes
    ----------
    seeds : sequence of int
    sets : sequence of mappings
        Sets of parameters, path to value, in turn: seed s goes with set (s - `first`) // `each`,
        modulo their number. Every scenario that is run in these worlds meets the same sets.
    workers : int
        Threads; results do not depend on it.
    progress : callable, optional
        Called with 1 after each world.
    first, each : int
        A seed that goes with the first set, and how many seeds in a row share a set.
    """

    seeds: Sequence[int]
    sets: Sequence[Mapping[str, Any]] = ({},)
    workers: int = 1
    progress: Progress | None = None
    first: int = 0
    each: int = 1

    def place(self, seed: int) -> int:
        """Which of the sets goes with a seed.

        >>> worlds = Worlds(range(5, 10), [{}, {}, {}], first=5, each=2)
        >>> [worlds.place(seed) for seed in worlds.seeds]
        [0, 0, 1, 1, 2]
        """
        return (seed - self.first) // self.each % len(self.sets)

    def blueprints(self, scenario: Scenario) -> dict[int, Blueprint]:
        """Draw up a scenario with every set that goes with a seed, by the place of the set."""
        places = sorted({self.place(seed) for seed in self.seeds})
        return {place: draw_up(changed(scenario, self.sets[place])) for place in places}

    def watch[Seen](self, scenario: Scenario, look: Callable[[Blueprint, int], Seen]) -> list[Seen]:
        """Look at the world of every seed.

        Parameters
        ----------
        scenario : Scenario
        look : callable
            From a blueprint and a seed to what is seen.

        Returns
        -------
        list
            What was seen, in the order of the seeds.
        """
        plans = self.blueprints(scenario)
        return in_threads(
            lambda seed: look(plans[self.place(seed)], seed),
            self.seeds,
            self.workers,
            self.progress,
        )


def in_threads[Item, Found](
    work: Callable[[Item], Found],
    items: Iterable[Item],
    workers: int = 1,
    progress: Progress | None = None,
) -> list[Found]:
    """Work on every item in threads (compiled code releases the interpreter's lock), which speak
    the language of the caller.

    An error, of the work or of `progress`, stops what has not begun.

    Parameters
    ----------
    work : callable
        From an item to what is found.
    items : iterable
    workers : int
        Threads; with fewer than two all is done in the caller's own.
    progress : callable, optional
        Called with 1, in the caller's thread, as results come in.

    Returns
    -------
    list
        What was found, in the order of the items.

    Examples
    --------
    >>> in_threads(abs, [-3, 2], workers=2)
    [3, 2]
    """

    def noted(found: Found) -> Found:
        if progress is not None:
            progress(1)
        return found

    if workers < 2:
        return [noted(work(item)) for item in items]
    with ThreadPoolExecutor(workers, initializer=speak, initargs=(language(),)) as pool:
        try:
            return [noted(found) for found in pool.map(work, items)]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
