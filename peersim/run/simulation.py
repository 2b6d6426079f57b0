"""Running: one scenario and one seed to a `Run`; many seeds to an `Ensemble`. No files, no
printing.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim.kernel.compiled import EVERYTHING, call, compile_run, these
from peersim.kernel.declaration import checked_seed
from peersim.model.outcomes import NAMES, record
from peersim.model.people import CHIME, TRAITS
from peersim.model.vocabulary import COMMUNITIES, NONE
from peersim.model.week import ALONE, WEEK
from peersim.model.world import World
from peersim.run.first_day import Blueprint, create, draw_up, room_for_outcomes
from peersim.run.worlds import Worlds, in_threads
from peersim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import networkx as nx
    import polars as pl

PLACES = ("all", *COMMUNITIES)
_KEPT_BYTES = 64_000_000
_kept: OrderedDict[tuple[Any, ...], np.ndarray] = OrderedDict()
_lock = threading.Lock()


@cache
def compiled_week() -> Any:
    """``run(world, first, last, out, acting)``: compiled once, then read from disk."""
    return compile_run(WEEK, record)


def run_weeks(
    world: World, first: int, last: int, out: np.ndarray, acting: np.int64 = EVERYTHING
) -> None:
    """Run the weeks after `first` up to `last` in a world, writing outcomes (week 0 too when
    beginning); `acting` are the phases that are to act, see `peersim.kernel.compiled.these`.
    """
    call(compiled_week(), world, first, last, out, acting)


_ALONE = these([*map(WEEK.index, ALONE), len(WEEK)]) | 1
"""What acts in a year without programme, and the records before and after each week."""


def _fingerprint(blueprint: Blueprint, seed: int) -> tuple[Any, ...]:
    people = blueprint.scenario.people
    own = (
        () if people is None else tuple((k, v.tobytes()) for k, v in sorted(people.columns.items()))
    )
    return blueprint.params.tobytes(), blueprint.ids.tobytes(), own, int(seed)


def baseline_of(alone: Blueprint, seed: int) -> np.ndarray:
    """Recovery scores, (weeks + 1) x people, of the same people and draws without programme; the
    last few are kept.
    """
    key = _fingerprint(alone, seed)
    with _lock:
        if key in _kept:
            return _kept[key]
    nobody = np.zeros((0, len(alone.ids)))
    world = create(alone, seed, nobody, traced=True)
    run_weeks(world, 0, alone.weeks, room_for_outcomes(alone.weeks), _ALONE)
    with _lock:
        _kept[key] = world.trace
        while len(_kept) > 1 and len(_kept) * world.trace.nbytes > _KEPT_BYTES:
            _kept.popitem(last=False)
    return world.trace


@dataclass
class Run:
    """One run of one scenario with one seed; its tables are made when first asked for.

    Attributes
    ----------
    weekly : polars.DataFrame
        week, community ("all" or a type), outcome, value.
    people, memberships, ties, departures : polars.DataFrame
        See the data dictionary (``docs/``, or `peersim.dictionary`).
    """

    scenario: Scenario
    seed: int
    blueprint: Blueprint = field(repr=False)
    world: World = field(repr=False)
    values: np.ndarray = field(repr=False)
    _made: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False)

    def __getattr__(self, name: str) -> pl.DataFrame:
        if name not in ("weekly", "people", "memberships", "ties", "departures"):
            raise AttributeError(f"a Run has no {name!r}")
        if name not in self._made:
            from peersim.run import tables

            self._made[name] = getattr(tables, name)(self)
        return self._made[name]

    def graph(self, week: int | None = None) -> nx.Graph:
        """The ties at the end of a week (None: the last) as a graph of everybody invited.

        Parameters
        ----------
        week : int, optional
            0 to the last week. For an earlier week the run is repeated up to there.

        Returns
        -------
        networkx.Graph
            Nodes are labels, with role and traits; edges have strength, confidence, hours, met_in,
            formed_week, across.
        """
        from peersim.run.graph import graph_of

        weeks = self.blueprint.weeks
        if week is None or week == weeks:
            return graph_of(self.world, self.blueprint.labels)
        if not 0 <= week <= weeks:
            raise ValueError(f"week is {week}; this run has weeks 0 to {weeks}.")
        world = create(self.blueprint, self.seed, self.world.baseline)
        run_weeks(world, 0, week, room_for_outcomes(weeks))
        return graph_of(world, self.blueprint.labels)


def _has_overflowed(world: World) -> bool:
    clock = world.clock[0]
    return bool(clock.n_ledger > len(world.ledger) or clock.n_departures > len(world.departures))


def simulate(scenario: Scenario, seed: int) -> Run:
    """Run a scenario once.

    Parameters
    ----------
    scenario : Scenario
        From `load_scenario` or `changed`; it is checked once more, in case it was changed since.
    seed : int
        0 to 2**62. The same seed means the same people and draws, whatever the programme.

    Returns
    -------
    Run
    """
    seed = checked_seed(seed)
    blueprint = draw_up(scenario)
    baseline = baseline_of(blueprint.alone, seed)
    n = len(blueprint.ids)
    rows = (12 * n + 64, 4 * n + 16)
    while True:
        world = create(blueprint, seed, baseline, rows=rows)
        values = room_for_outcomes(blueprint.weeks)
        run_weeks(world, 0, blueprint.weeks, values)
        if not _has_overflowed(world):
            return Run(blueprint.scenario, seed, blueprint, world, values)
        rows = (2 * int(world.clock[0].n_ledger), 2 * int(world.clock[0].n_departures))


@dataclass
class Ensemble:
    """Many runs of one scenario.

    Attributes
    ----------
    seeds : int array
    weeks : int array
        0 to the last week.
    communities, outcomes : list of str
    values : float array, seed x week x community x outcome
        NaN where an outcome is not defined.
    persons : record array, seed x person, or None
        How everybody stood at the end (`PERSONS`), where asked for.
    """

    seeds: np.ndarray
    weeks: np.ndarray
    communities: list[str]
    outcomes: list[str]
    values: np.ndarray = field(repr=False)
    persons: np.ndarray | None = field(default=None, repr=False)

    def at(self, week: int, outcome: str, community: str = "all") -> np.ndarray:
        """One number a seed."""
        return self.values[:, week, self.communities.index(community), self.outcomes.index(outcome)]

    def weekly(self) -> pl.DataFrame:
        """All values as a tidy table: seed, week, community, outcome, value."""
        from peersim.run.tables import tidy

        return tidy(self.values, self.seeds)


PERSONS = np.dtype(
    [("role", "i8"), ("started", "?"), ("joined", "i8"), ("left", "i8"), ("cause", "i8")]
    + [
        (name, "f8")
        for name in (*TRAITS, *CHIME, "outside_contacts", "strain", "given", "received")
    ]
)
"""What an ensemble keeps of each person: numbers of roles and causes as in `vocabulary`, -1 for
none."""


def _standing(world: World) -> np.ndarray:
    """How everybody in a world stands today."""
    found = np.zeros(len(world.people), PERSONS)
    for name in PERSONS.names or ():
        if name != "started":
            found[name] = world.people[name]
    found["started"] = (world.status != NONE).any(axis=1)
    return found


def ensemble(
    scenario: Scenario,
    seeds: Iterable[int],
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
    persons: bool = False,
    parameters: Sequence[Mapping[str, Any]] | None = None,
) -> Ensemble:
    """Run a scenario with many seeds, compiled, without files.

    Parameters
    ----------
    scenario : Scenario
    seeds : iterable of int
        One run each.
    workers : int
        Threads; results do not depend on it.
    progress : callable, optional
        Called with 1 after each run; if it raises an error, no further run begins.
    persons : bool
        Whether to keep how everybody stood at the end of each run.
    parameters : sequence of mappings, optional
        Sets of parameters, path to value, such as `peersim.plausible.plausible_sets` gives: seed s
        goes with set s modulo their number, so that the runs differ by what is not known of the
        parameters as well as by chance.
    """
    numbers = np.fromiter(map(checked_seed, seeds), np.int64)
    worlds = Worlds(numbers.tolist(), parameters or ({},))
    plans = worlds.blueprints(scenario)
    blueprint = next(iter(plans.values())) if plans else draw_up(scenario)
    values = np.zeros((len(numbers), *room_for_outcomes(blueprint.weeks).shape))
    people = np.zeros((len(numbers), len(blueprint.ids)), PERSONS) if persons else None

    def run(k: int) -> None:
        seed = worlds.seeds[k]
        plan = plans[worlds.place(seed)]
        world = create(plan, seed, baseline_of(plan.alone, seed))
        run_weeks(world, 0, plan.weeks, values[k])
        if people is not None:
            people[k] = _standing(world)

    in_threads(run, range(len(numbers)), workers, progress)
    return Ensemble(
        numbers, np.arange(blueprint.weeks + 1), list(PLACES), list(NAMES), values, people
    )
