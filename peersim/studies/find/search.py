"""Looking through seeds for what is worth telling: the longest chain of departures, the largest
difference between two designs, the person whose story differs most. What is found bears its rank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from peersim.engine.comparison import check_designs, weeks_of
from peersim.kernel.card import html_table
from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import LARGEST_SEED, InvalidInput, checked_seed, whole
from peersim.kernel.paths import no_such_option
from peersim.run.first_day import Blueprint, create, draw_up, room_for_outcomes
from peersim.run.selection import known_outcome
from peersim.run.simulation import baseline_of, ensemble, run_weeks, simulate
from peersim.run.worlds import in_threads
from peersim.scenario.demonstration import banner_of
from peersim.scenario.run_options import cores
from peersim.scenario.scenario import Scenario
from peersim.studies.dropout_spread.attribution import departures_of, parents, trees
from peersim.studies.find.options import CHAIN, DIFFERENCE, PERSON, WHATS
from peersim.studies.find.showing import commands

Progress = Callable[[int], Any] | None
USUAL = "connectedness"
"""The outcome on which designs differ, if none is named."""


class One(NamedTuple):
    """One of those looked at."""

    seed: int
    person: str | None
    week: int | None
    size: float


class Search(NamedTuple):
    """What is looked for, and where.

    Attributes
    ----------
    what : str
        One of `WHATS`.
    designs : mapping of name to Scenario
        One, or two.
    seeds : range
    outcome : str
        On which designs differ.
    week : int or None
        At the end of which week they do; None: the last.
    """

    what: str
    designs: Mapping[str, Scenario]
    seeds: range
    outcome: str = USUAL
    week: int | None = None


# -- what there is to be found --------------------------------------------------------------------
def _chains(search: Search, workers: int, progress: Progress) -> list[One]:
    """The longest chain of each seed: departures of which each was laid to the one before."""
    (scenario,) = search.designs.values()

    def look(seed: int) -> One:
        run = simulate(scenario, seed)
        departures, labels = departures_of(run.world), run.blueprint.labels
        if not (parents(departures) >= 0).any():
            return One(seed, None, None, 0.0)
        longest = max(trees(departures), key=lambda tree: (tree.generation.max(), len(tree.places)))
        first = int(longest.places[0])
        length = float(longest.generation.max() + 1)
        return One(seed, labels[departures.row[first]], int(departures.week[first]), length)

    return in_threads(look, search.seeds, workers, progress)


def _differences(search: Search, workers: int, progress: Progress) -> list[One]:
    """What the first design has over the second in each seed."""
    week = weeks_of(search.designs, search.week)[0]
    first, second = (
        ensemble(scenario, search.seeds, workers, progress).at(week, search.outcome)
        for scenario in search.designs.values()
    )
    return [
        One(seed, None, week, float(gap))
        for seed, gap in zip(search.seeds, np.nan_to_num(first - second), strict=True)
    ]


def _people(search: Search, workers: int, progress: Progress) -> list[One]:
    """How far apart everybody's recovery is in two designs, on average over the weeks, and the week
    in which it is farthest.
    """
    first, second = (draw_up(scenario) for scenario in search.designs.values())
    weeks_of(search.designs, search.week)
    if first.labels != second.labels:
        raise InvalidInput("find.errors.other_people")

    def look(seed: int) -> list[One]:
        apart = np.abs(_scores(first, seed) - _scores(second, seed))
        found = zip(first.labels, apart.argmax(axis=0).tolist(), apart.mean(axis=0), strict=True)
        return [One(seed, label, week, float(mean)) for label, week, mean in found]

    return [one for each in in_threads(look, search.seeds, workers, progress) for one in each]


def _scores(plan: Blueprint, seed: int) -> np.ndarray:
    """Everybody's recovery score at the end of each week, 0 to 60."""
    world = create(plan, seed, baseline_of(plan.alone, seed), traced=True)
    run_weeks(world, 0, plan.weeks, room_for_outcomes(plan.weeks))
    return world.trace


_LOOK = {CHAIN: _chains, DIFFERENCE: _differences, PERSON: _people}


# -- in order -------------------------------------------------------------------------------------
def _ranked(every: Sequence[One], top: int) -> Iterator[dict[str, Any]]:
    """The largest, with their rank; those equally large share one."""
    sizes = np.array([abs(one.size) for one in every])
    for one in sorted(every, key=lambda one: (-abs(one.size), one.seed))[:top]:
        rank, as_large = ((sizes > abs(one.size)).sum() + 1, (sizes >= abs(one.size)).sum())
        yield {"rank": rank, "of": len(every), "as_large": as_large} | one._asdict()


def found(search: Search, top: int, workers: int = 1, progress: Progress = None) -> pl.DataFrame:
    """The table of what was found: rank, among how many, how many are as large or larger, seed,
    person, week, size, and the commands that show it.
    """
    every = _LOOK[search.what](search, workers, progress)
    something = sum(bool(one.size) for one in every)
    if not something:
        raise InvalidInput("find.errors.nothing", n=len(every))
    rows = [
        row | dict(zip(("show", "show_b"), commands(search, row), strict=True))
        for row in _ranked(every, min(top, something))
    ]
    kinds: dict[str, Any] = dict.fromkeys(("rank", "of", "as_large", "seed", "week"), pl.Int64)
    kinds |= {"size": pl.Float64, **dict.fromkeys(("person", "show", "show_b"), pl.String)}
    return pl.DataFrame(rows, schema_overrides=kinds)


class Findings(pl.DataFrame):
    """The table that `find` returns; it says of itself that seeds were chosen, or exaggerated."""

    banners: Sequence[Sentence] = ()

    def __repr__(self) -> str:
        return "\n".join([*map(str, self.banners), super().__repr__()])

    def _repr_html_(self, **given: Any) -> str:
        if not self.banners:
            return super()._repr_html_(**given)
        title = " ".join(map(str, self.banners))
        return html_table(title, self.columns, [list(row) for row in self.rows()])


def find(  # noqa: PLR0913
    designs: Scenario | Mapping[str, Scenario],
    what: str = CHAIN,
    seeds: int = 200,
    seed: int = 1,
    top: int = 10,
    outcome: str = USUAL,
    week: int | None = None,
    workers: int = 1,
) -> Findings:
    """Look through seeds for those, or for people in them, that are worth telling.

    Parameters
    ----------
    designs : Scenario, or mapping of name to Scenario
        One scenario for ``"chain"``; two designs, as ``{"A": a, "B": b}``, for the others.
    what : {"chain", "difference", "person"}
        The longest chain of departures, each laid to the one before (table `departures`, column
        `caused_by`: a reason that weighed, not a proven effect); the largest difference between two
        designs in one outcome; or the people whose recovery scores (0-60) are farthest apart in two
        designs, on average over the weeks.
    seeds, seed : int
        How many seeds are looked at, and the first of them.
    top : int
        How many of those found are given.
    outcome : str
        On which designs differ.
    week : int, optional
        At the end of which week they do; by default the last.
    workers : int
        Threads; 0 stands for all cores.

    Returns
    -------
    Findings
        A polars.DataFrame, the largest first: ``rank``, ``of`` (how many were looked at: seeds, or
        people in all seeds), ``as_large`` (how many of these are as large or larger), ``seed``,
        ``person``, ``week`` in which it begins (or is farthest), ``size`` (departures in a row;
        first design minus second; points of the score), and ``show``, ``show_b``: the commands that
        show it, in which the rank stays.

    Raises
    ------
    InvalidInput
        If anything asked for cannot be done, or if nothing is found.

    Notes
    -----
    What is found is rare by construction: it was chosen from many. Tell it with its rank.

    Examples
    --------
    >>> import peersim
    >>> few = {"population.recipients": 8, "population.supporters": 4, "weeks": 16}
    >>> alone = peersim.changed(peersim.Scenario(), few)
    >>> both = {"A": alone, "B": peersim.changed(alone, {"cafe.per_week": 1})}
    >>> peersim.find(both, "difference", seeds=6, outcome="ties", top=2)["rank", "of"].rows()
    [(1, 6), (2, 6)]
    """
    if what not in WHATS:
        raise no_such_option("what", what, WHATS)
    if isinstance(designs, Scenario) != (what == CHAIN):
        key = "one" if what == CHAIN else "two"
        raise InvalidInput(f"find.errors.{key}_designs", what=what)
    named: Any = {"A": designs} if isinstance(designs, Scenario) else designs
    if what != CHAIN:
        check_designs(named)
    first = checked_seed(seed)
    last = first + whole("seeds", seeds, 1, min(1_000_000, LARGEST_SEED - first))
    known_outcome(outcome)
    whole("top", top, 1, 10_000)
    search = Search(what, named, range(first, last), outcome, week)
    made = Findings(found(search, top, whole("workers", workers, 0, 1024) or cores()))
    marks = [mark for scenario in named.values() for mark in banner_of(scenario)]
    looked = {"n": int(made["of"][0])}
    made.banners = [*marks[:1], Sentence(f"find.chosen.{what}", looked)]
    return made
