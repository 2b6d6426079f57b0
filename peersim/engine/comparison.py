"""Comparing two designs: which is better, by how much, and how sure that is."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim.engine.pairs import LEAST_PILOT, MOST_PAIRS, Aim, Missed, Pairs, gap, run_until_precise
from peersim.kernel.card import html_table, one_line
from peersim.kernel.catalogue import Sentence, Value, say
from peersim.kernel.declaration import InvalidInput, checked_seed, whole
from peersim.kernel.paths import no_such_option
from peersim.kernel.statistics import BETTER, HIGHER, LOWER, WORSE, Paired
from peersim.presentation.outcomes import form_of, half_of, interval, named
from peersim.run.selection import known_outcomes, known_week
from peersim.scenario.demonstration import banner_of
from peersim.scenario.plausible_sets import sets_for
from peersim.scenario.run_options import DEFAULTS, PARAMETERS, cores
from peersim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = (
    "outcome",
    "week",
    "difference",
    "low",
    "high",
    "p_better",
    "sd_paired",
    "sd_unpaired",
    "replicates_needed",
    "verdict",
)
AIMED_AT = ("connectedness", "isolated", "retained", "harmed", "never_reached", "strain")
"""Outcomes on a scale from 0 to 1 that a precision holds for if none are named."""


SHOWN = 12
"""Rows that a notebook, or a figure for which none are named, has room for."""


class Comparison(pl.DataFrame):
    """The table that `compare` returns, which a notebook shows in short and `plot` draws.

    Attributes
    ----------
    seeds : range or None
        One for each pair of runs; None in a table that was made from this one.
    banners : sequence of Sentence
        What must be said of it wherever it is shown: that a design is exaggerated.
    """

    seeds: range | None = None
    banners: Sequence[Sentence] = ()

    def _designs(self) -> list[str]:
        return self.columns[2:4]

    def _facts(self) -> dict[str, Any]:
        """How many pairs there are, and with which seeds."""
        seeds = self.seeds or range(0)
        return {"n": len(seeds), "first": seeds[0], "last": seeds[-1]} if seeds else {"n": 0}

    def _title(self) -> Sentence:
        return Sentence("cards.comparison", dict(zip("ab", self._designs(), strict=True)))

    def __repr__(self) -> str:
        if self.seeds is None:
            return super().__repr__()
        outcomes, weeks = (self[name].unique(maintain_order=True) for name in self.columns[:2])
        facts = [
            *self.banners,
            Sentence("cards.outcomes", {"n": len(outcomes)}),
            Sentence("cards.at", {"n": len(weeks), "weeks": weeks}),
            Sentence("cards.pairs", self._facts()),
        ]
        return one_line(self._title(), facts)

    def _repr_html_(self, **given: Any) -> str:
        if self.seeds is None:
            return super()._repr_html_(**given)
        names = self._designs()
        head = (
            say("cards.columns.outcome"),
            say("cards.columns.week"),
            *names,
            say("cards.columns.difference", a=names[0], b=names[1]),
            say("cards.columns.verdict"),
        )
        rows = [_in_words(row, names) for row in self[:SHOWN].rows(named=True)]
        if self.height > SHOWN:
            rows.append([say("cards.more", n=self.height - SHOWN)])
        rows = [*([mark] for mark in self.banners), *rows]
        return html_table(self._title(), head, rows)

    def plot(self, outcomes: Sequence[str] | str | None = None) -> Figure:  # type: ignore[override]
        """Draw the differences: a row an outcome and week, each on a scale of its own.

        Parameters
        ----------
        outcomes : list of str, optional
            Which of those compared; by default the first twelve rows that can be drawn.

        Returns
        -------
        matplotlib.figure.Figure
            Made without pyplot; save it with ``.savefig("differences.png")``.

        Raises
        ------
        InvalidInput
            If there is no such outcome, or nothing that can be drawn.
        """
        from peersim.presentation.figures.differences import differences

        wanted = known_outcomes(outcomes)
        found = self.rows(named=True)
        rows = [
            row for row in found if row["outcome"] in wanted and math.isfinite(row["difference"])
        ]
        if not rows:
            raise InvalidInput("errors.plots.nothing")
        shown = rows if outcomes else rows[:SHOWN]
        return differences(shown, self._designs(), self._facts(), self.banners)


def _in_words(row: Mapping[str, Any], designs: Sequence[str]) -> list[Any]:
    """A row of a comparison as people read it."""
    outcome, half = row["outcome"], half_of(row)
    means = [Value(row[name], form_of(outcome, half)) for name in designs]
    gap = interval(row)
    return [named(outcome), row["week"], *means, gap, row["verdict"]]


def verdict(found: Paired, first: str, second: str) -> str:
    """Say which of the two is better, or higher.

    >>> from peersim.kernel.statistics import paired
    >>> verdict(paired([5, 6, 5, 6], [1, 2, 1, 3], "lower"), "A", "B")
    'B is better'
    """
    named = {
        BETTER: f"{first} is better",
        WORSE: f"{second} is better",
        HIGHER: f"{first} is higher",
        LOWER: f"{second} is higher",
    }
    return named.get(found.verdict, found.verdict)


def table(pairs: Pairs, aim: Aim | None = None) -> Comparison:
    """One row an outcome and week; the columns are those of `compare`."""
    names = first, second = list(pairs.designs)
    rows = []
    for outcome in pairs.outcomes:
        for week in pairs.weeks:
            found = gap(pairs, week, outcome, aim)
            both = [_mean(values) for values in pairs.at(week, outcome)]
            rows.append(
                (
                    outcome,
                    week,
                    *both,
                    found.difference,
                    found.low,
                    found.high,
                    found.better,
                    found.sd_paired,
                    found.sd_unpaired,
                    found.runs_needed,
                    verdict(found, first, second),
                )
            )
    kinds: dict[str, Any] = dict.fromkeys([*COLUMNS[:2], *names, *COLUMNS[2:]], pl.Float64)
    kinds |= {
        "outcome": pl.String,
        "week": pl.Int64,
        "replicates_needed": pl.Int64,
        "verdict": pl.String,
    }
    made = Comparison(rows, schema=kinds, orient="row")
    made.seeds = range(pairs.seed, pairs.seed + len(pairs))
    marks = [mark for scenario in pairs.designs.values() for mark in banner_of(scenario)]
    made.banners = marks[:1]
    return made


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan


def compare(  # noqa: PLR0913
    designs: Mapping[str, Scenario],
    outcomes: Sequence[str] | str | None = None,
    week: int | Sequence[int] | None = None,
    replicates: int = 200,
    seed: int = 1,
    precision: float | None = None,
    workers: int = 1,
    parameters: str = DEFAULTS,
) -> Comparison:
    """Compare two designs for the same people with the same luck, and say how sure the difference
    is.

    Parameters
    ----------
    designs : mapping of name to Scenario
        Two, for example ``{"A": a, "B": b}``; columns and verdicts bear their names.
    outcomes : list of str, optional
        Names from `peersim.OUTCOMES`; all of them if none are named.
    week : int or list of int, optional
        At the end of which week; by default the last.
    replicates : int
        Pairs of runs: the seeds are `seed`, `seed` + 1, ...
    seed : int
        First seed.
    precision : float, optional
        Half-width of the interval asked for, in the unit of the outcome. `replicates` (at least
        100) are then a pilot, after which as many pairs are run as are needed, up to 20,000. It
        holds for each outcome named, and if none is named for `AIMED_AT`, which run from 0 to 1.
    workers : int
        Threads; 0 stands for all cores. Results do not depend on it.
    parameters : {"defaults", "plausible"}
        With plausible parameters each pair of runs has a set of its own of those that the
        calibration left standing; differences then carry what is not known of the parameters. What
        a design sets itself, stays.

    Returns
    -------
    Comparison
        A polars.DataFrame, with a method `plot`. One row an outcome and week: ``outcome``,
        ``week``, the mean of each design (columns named as the designs), ``difference`` (first
        minus second) and its 95 % interval ``low`` to ``high``; ``p_better``, the share of pairs in
        which the first came out better (0-1, ties counted half; higher, where neither direction is
        better); ``sd_paired`` and ``sd_unpaired``, the standard deviation of the difference of two
        runs with the same luck and with luck of their own; ``replicates_needed``, pairs until the
        interval is as narrow as `precision`, or until a difference as large as this one is told
        from zero; ``verdict``, for example "A is better", "B is higher", "no difference anyone
        would notice" (the whole interval lies within the smallest difference of interest, which
        `peersim describe outcomes` gives), "too close to call", "no difference".

    Raises
    ------
    InvalidInput
        If anything asked for cannot be done.

    Warns
    -----
    UserWarning
        If the precision would take more than 20,000 pairs.

    Notes
    -----
    Differences are taken within pairs. Their interval is Student's, and beyond it Hall's where
    differences are lopsided, as after small changes: most pairs hardly differ, in a few one thing
    has led to another. With fewer than 100 pairs such intervals cover the truth too seldom all the
    same. With `precision` the interval is at least as wide as Stein's, of two stages, so that
    choosing the number of pairs by what was seen does not make it too sure of itself. Each interval
    stands for itself: of twenty, one misses.

    Examples
    --------
    >>> import peersim
    >>> few = {"population.recipients": 8, "population.supporters": 4, "weeks": 6}
    >>> alone = peersim.changed(peersim.Scenario(), {**few, "training.weeks": 1})
    >>> with_cafe = peersim.changed(alone, {"cafe.per_week": 1})
    >>> found = peersim.compare({"without": alone, "café": with_cafe}, ["ties"], replicates=20)
    >>> found.select("outcome", "week", "verdict").rows()
    [('ties', 6, 'café is better')]
    """
    check_designs(designs)
    weeks, named = weeks_of(designs, week), known_outcomes(outcomes)
    seed = checked_seed(seed)
    whole("replicates", replicates, 1, 1_000_000)
    whole("workers", workers, 0, 1024)
    if parameters not in PARAMETERS:
        raise no_such_option("parameters", parameters, PARAMETERS)
    workers = int(workers) or cores()
    pairs = Pairs(designs, seed, weeks, named, parameters=sets_for(parameters, designs.values()))
    if precision is None:
        pairs.extend(int(replicates), workers)
        return table(pairs)
    aim = aim_of(precision, replicates, named if outcomes else AIMED_AT)
    for missed in run_until_precise(pairs, aim, workers):
        warnings.warn(sentence(missed, aim), stacklevel=2)
    return table(pairs, aim)


def aim_of(precision: float, replicates: int, outcomes: Sequence[str]) -> Aim:
    """Take `replicates` for a pilot of at least `LEAST_PILOT` pairs."""
    if (
        isinstance(precision, bool)
        or not isinstance(precision, (int, float))
        or not 0 < precision < math.inf
    ):
        raise InvalidInput("errors.comparison.precision", precision=str(precision))
    return Aim(float(precision), max(int(replicates), LEAST_PILOT), tuple(outcomes))


def sentence(missed: Missed, aim: Aim) -> str:
    """Say of a precision that was not reached what it would have taken.

    >>> sentence(Missed("cost", 52, 3_000_000), Aim(0.01, 100, ["cost"]))
    'precision=0.01 was not reached for cost in week 52: it takes ... and at most 20,000 are run.'
    """
    return say(
        f"errors.comparison.{'far_too_many' if missed.needed is None else 'too_many'}",
        precision=f"{aim.half_width:g}",
        outcome=missed.outcome,
        week=missed.week,
        needed=missed.needed,
        most=MOST_PAIRS,
    )


def check_designs(designs: Mapping[str, Scenario]) -> None:
    """Refuse anything but two named scenarios."""
    if not isinstance(designs, Mapping) or len(designs) != 2:
        raise InvalidInput("errors.comparison.designs")
    for name, scenario in designs.items():
        if not isinstance(name, str) or not name or name in COLUMNS:
            raise InvalidInput("errors.comparison.name", name=name)
        if not isinstance(scenario, Scenario):
            raise InvalidInput("errors.comparison.no_scenario", name=name)


def weeks_of(designs: Mapping[str, Scenario], week: int | Sequence[int] | None) -> list[int]:
    """Give the weeks to compare at: those asked for, or the last."""
    horizons = {name: scenario.weeks for name, scenario in designs.items()}
    last = min(horizons.values())
    if week is None:
        if len(set(horizons.values())) > 1:
            lasts = [
                Sentence("errors.comparison.lasts", {"name": name, "weeks": weeks})
                for name, weeks in horizons.items()
            ]
            raise InvalidInput("errors.comparison.horizons", lasts=lasts, last=last)
        return [last]
    weeks = list(week) if isinstance(week, (Sequence, np.ndarray)) else [week]
    if not weeks:
        raise InvalidInput("errors.comparison.no_week")
    return list(dict.fromkeys(known_week(each, last) for each in weeks))
