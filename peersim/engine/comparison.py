"""Comparing two designs: which is better, by how much, and how sure that is."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from peersim.engine.pairs import LEAST_PILOT, MOST_PAIRS, Aim, Missed, Pairs, gap, run_until_precise
from peersim.kernel.catalogue import Sentence, say
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import no_such_option
from peersim.kernel.statistics import BETTER, HIGHER, LOWER, WORSE, Paired
from peersim.model.outcomes import NAMES
from peersim.run.selection import known_outcome, known_week
from peersim.scenario.plausible_sets import sets_for
from peersim.scenario.run_options import DEFAULTS, PARAMETERS, cores
from peersim.scenario.scenario import Scenario

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


def table(pairs: Pairs, aim: Aim | None = None) -> pl.DataFrame:
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
    return pl.DataFrame(rows, schema=kinds, orient="row")


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
) -> pl.DataFrame:
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
    polars.DataFrame
        One row an outcome and week: ``outcome``, ``week``, the mean of each design (columns named
        as the designs), ``difference`` (first minus second) and its 95 % interval ``low`` to
        ``high``; ``p_better``, the share of pairs in which the first came out better (0-1, ties
        counted half; higher, where neither direction is better); ``sd_paired`` and ``sd_unpaired``,
        the standard deviation of the difference of two runs with the same luck and with luck of
        their own; ``replicates_needed``, pairs until the interval is as narrow as `precision`, or
        until a difference as large as this one is told from zero; ``verdict``, for example "A is
        better", "B is higher", "too close to call", "no difference".

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
    weeks, named = weeks_of(designs, week), names_of(outcomes)
    for name, value, low, high in (
        ("seed", seed, 0, 2**62),
        ("replicates", replicates, 1, 1_000_000),
        ("workers", workers, 0, 1024),
    ):
        if not (isinstance(value, (int, np.integer)) and low <= value <= high):
            bounds = {"low": low, "high": high}
            raise InvalidInput("errors.setting.whole", name=name, value=value, **bounds)
    if parameters not in PARAMETERS:
        raise no_such_option("parameters", parameters, PARAMETERS)
    workers = int(workers) or cores()
    pairs = Pairs(
        designs, int(seed), weeks, named, parameters=sets_for(parameters, designs.values())
    )
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


def names_of(outcomes: Sequence[str] | str | None) -> list[str]:
    """Give the outcomes asked for, or all."""
    if outcomes is None:
        return list(NAMES)
    names = [outcomes] if isinstance(outcomes, str) else list(outcomes)
    if not names:
        raise InvalidInput("errors.comparison.no_outcome")
    return list(dict.fromkeys(map(known_outcome, names)))
