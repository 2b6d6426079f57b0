"""Which parameters decide an outcome, which can be fixed, and what chance alone would show: Morris,
Sobol', PAWN.

Arrays go in, tables come out; SALib does the arithmetic of the three methods. Points lie in unit
space: each parameter runs from 0 (its lowest value) to 1 (its highest). An outcome is an array of
points x replicates, all points with the same seeds.

Beside each size stands ``chance``: about what a parameter that changes nothing on average would
show, because means over some replicates keep some luck. A size that does not stand out from it says
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from peersim.studies.sensitivity.chance import (
    chance_share,
    error_of,
    is_flat,
    mean_of,
    own_luck,
    silent,
)

CHANCE, DUMMY = "chance", "dummy"
MATTERS, UNCLEAR, FIXED, IDLE = "matters", "unclear", "can be fixed", "no more than chance"
SMALL = (FIXED, IDLE)
SIZE = {"morris": "mu_star", "sobol": "total", "pawn": "median"}
"""The column that says how large an effect is."""

SMALL_EFFECT = 0.1  # against the largest of the outcome
SMALL_SHARE = 0.05  # of the variance
LEVEL, Z = 0.95, 1.959964
RESAMPLES, DUMMIES, SLICES = 200, 100, 10
MEAN_OF_FOLDED = (
    0.797885  # E|x| of a standard normal: what noise alone adds to a mean of absolute values
)


class Size(NamedTuple):
    """The size of an effect of each parameter, with its 95 % interval."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


def _around(value: Any, half: Any, lowest: float = -np.inf) -> Size:
    value, half = np.asarray(value, float), np.asarray(half, float)
    return Size(value, np.maximum(value - half, lowest), value + half)


def morris_effects(
    names: Sequence[str], unit: np.ndarray, values: np.ndarray, levels: int = 8, seed: int = 1
) -> pl.DataFrame:
    """Elementary effects (Morris 1991; Campolongo 2007): what moving one parameter does, wherever
    the others are.

    Parameters
    ----------
    names : sequence of str
        Parameters, in the order of the columns of `unit`.
    unit : float array, points x parameters
        Trajectories under each other, each of as many points as there are parameters, and one.
    values : float array, points x replicates
        One outcome. Trajectories in which a point has no value are left out.
    levels : int
        Levels of the design.
    seed : int
        Of the resampling for the intervals.

    Returns
    -------
    polars.DataFrame
        parameter, mu_star (mean absolute effect of the whole range, in units of the outcome) with
        low and high, mu (mean effect), sigma (its spread: other parameters change it), chance,
        verdict; the largest first. The last row, ``chance``, is the mean absolute difference
        between two runs at the same point.
    """
    from SALib.analyze import morris

    kept = whole_blocks(mean_of(values), len(names) + 1)
    unit, values = unit[kept], values[kept]
    if is_flat(mean_of(values)):
        size, mu, sigma = (
            _around(np.zeros(len(names)), 0.0),
            np.zeros(len(names)),
            np.zeros(len(names)),
        )
    else:
        with silent():
            found = morris.analyze(
                _problem(names),
                unit,
                mean_of(values),
                RESAMPLES,
                LEVEL,
                num_levels=levels,
                seed=seed + 1,
            )
        size = _around(found["mu_star"], found["mu_star_conf"], 0.0)
        mu, sigma = np.asarray(found["mu"], float), np.asarray(found["sigma"], float)
    chance = _chance_of_effects(unit, values)
    verdicts = _verdicts(size, chance, SMALL_EFFECT * size.value.max(initial=0.0))
    rows = [
        {
            "parameter": name,
            "mu_star": size.value[k],
            "low": size.low[k],
            "high": size.high[k],
            "mu": mu[k],
            "sigma": sigma[k],
            "chance": chance[k],
            "verdict": verdicts[k],
        }
        for k, name in enumerate(names)
    ]
    return _largest_first(
        rows, "mu_star", {"parameter": CHANCE, "mu_star": _luck_of_one_run(values)}
    )


def _chance_of_effects(unit: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Size that mu_star would have of a parameter without effect, from how effects differ between
    the seeds.
    """
    steps = trajectory_steps(unit)
    error = error_of(values[steps.last] - values[steps.first]) / np.abs(steps.length)
    return np.array(
        [MEAN_OF_FOLDED * mean_of(error[steps.moved == k]) for k in range(unit.shape[1])]
    )


def _luck_of_one_run(values: np.ndarray) -> float:
    """Mean absolute difference between two runs at the same point: normal luck, sd times 2 /
    sqrt(pi).
    """
    return float(2 / np.pi**0.5 * chance_share(values).sd_chance)


def sobol_indices(names: Sequence[str], values: np.ndarray, seed: int = 1) -> pl.DataFrame:
    """Sobol' indices (Sobol' 2001; Saltelli 2010): the share of an outcome's variance that each
    parameter decides.

    Parameters
    ----------
    names : sequence of str
        Parameters, in the order of the design.
    values : float array, points x replicates
        One outcome, in blocks of as many points as there are parameters, and two: A, A with each
        parameter from B, B. Blocks in which a point has no value are left out.
    seed : int
        Of the resampling for the intervals.

    Returns
    -------
    polars.DataFrame
        parameter, first (the parameter alone) with first_low and first_high, total (with all its
        interactions) with total_low and total_high, chance, verdict; the largest first. All are
        shares of the variance of the means over the replicates; the last row, ``chance``, is the
        share of it that luck has left in these means.
    """
    from SALib.analyze import sobol

    size = len(names) + 2
    values = values[whole_blocks(mean_of(values), size)]
    blocks = values.reshape(-1, size, values.shape[1])
    corners = blocks[:, [0, -1]].reshape(-1, values.shape[1])
    first = total = _around(np.zeros(len(names)), 0.0)
    chance, left = np.zeros(len(names)), 0.0
    if not is_flat(mean_of(corners)):
        with silent():
            found = sobol.analyze(
                _problem(names), mean_of(values), False, RESAMPLES, LEVEL, seed=seed + 1
            )
        first, total = (
            _around(found["S1"], found["S1_conf"]),
            _around(found["ST"], found["ST_conf"], 0.0),
        )
        variance = float(np.var(mean_of(corners)))
        chance = mean_of((error_of(blocks[:, 1:-1] - blocks[:, :1]) ** 2).T) / (2 * variance)
        left = float(mean_of(error_of(own_luck(corners)) ** 2)) / variance
    verdicts = _verdicts(total, chance, SMALL_SHARE)
    rows = [
        {
            "parameter": name,
            "first": first.value[k],
            "first_low": first.low[k],
            "first_high": first.high[k],
            "total": total.value[k],
            "total_low": total.low[k],
            "total_high": total.high[k],
            "chance": chance[k],
            "verdict": verdicts[k],
        }
        for k, name in enumerate(names)
    ]
    return _largest_first(rows, "total", {"parameter": CHANCE, "total": left})


def pawn_indices(
    names: Sequence[str], unit: np.ndarray, values: np.ndarray, seed: int = 1
) -> pl.DataFrame:
    """PAWN (Pianosi and Wagener 2018): how far an outcome's distribution moves when one parameter
    is held.

    Parameters
    ----------
    names : sequence of str
        Parameters, in the order of the columns of `unit`.
    unit : float array, points x parameters
        Points of any design. Only the order of a parameter's values counts, so they need not lie in
        unit space.
    values : float array, points x replicates
        One outcome. Points without a value are left out.
    seed : int
        Of the resampling for the intervals, and of the dummies.

    Returns
    -------
    polars.DataFrame
        parameter, median (of the distances in ten slices of its range, 0-1) with low and high,
        maximum, chance (95 of 100 parameters that do nothing stay below it), maximum_chance (all of
        them do), verdict; the largest first. The last row, ``dummy``, is the median of those
        hundred.
    """
    from SALib.analyze import pawn

    known = np.isfinite(mean_of(values))
    places, mean = ranks(unit[known], seed), mean_of(values)[known]
    generator = np.random.default_rng(seed)
    idle = np.array(
        [slice_distances(generator.permutation(len(mean)), mean) for _ in range(DUMMIES)]
    )
    dummies = np.median(idle, axis=1)
    threshold, highest = float(np.quantile(dummies, LEVEL)), float(idle.max())
    with silent():
        found = pawn.analyze(_problem(names), places, mean, SLICES)
    size = _around(found["median"], Z * _spread_of_medians(places, mean, generator), 0.0)
    in_one_slice = np.asarray(found["maximum"]) > highest
    verdicts = [
        MATTERS if sure or here else UNCLEAR if value > threshold else IDLE
        for value, sure, here in zip(size.value, size.low > threshold, in_one_slice, strict=True)
    ]
    rows = [
        {
            "parameter": name,
            "median": size.value[k],
            "low": size.low[k],
            "high": size.high[k],
            "maximum": float(found["maximum"][k]),
            "chance": threshold,
            "maximum_chance": highest,
            "verdict": verdicts[k],
        }
        for k, name in enumerate(names)
    ]
    return _largest_first(rows, "median", {"parameter": DUMMY, "median": float(np.median(dummies))})


def slice_distances(places: np.ndarray, mean: np.ndarray) -> list[float]:
    """Distances of PAWN in each slice of one parameter, as SALib has them, but quickly."""
    order, everything = np.argsort(places), np.sort(mean)
    whole = np.searchsorted(everything, everything, "right") / len(mean)
    bounds = np.searchsorted(places[order], np.quantile(places, np.linspace(0, 1, SLICES + 1)))
    slices = [
        np.sort(mean[order[low:high]]) for low, high in zip(bounds[:-1], bounds[1:], strict=True)
    ]
    shares = [
        np.searchsorted(part, everything, "right") / len(part) for part in slices if len(part)
    ]
    return [float(np.abs(share - whole).max()) for share in shares]


def _spread_of_medians(
    places: np.ndarray, mean: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Standard deviation of the index of each parameter over resamples of the points."""
    some = generator.integers(len(mean), size=(RESAMPLES // 4, len(mean)))
    found = [
        [np.median(slice_distances(column[rows], mean[rows])) for column in places.T]
        for rows in some
    ]
    return np.std(found, axis=0, ddof=1)


# -- points --------------------------------------------------------------------------------------
class Steps(NamedTuple):
    """Pairs of points that differ in one parameter: rows before and after, which parameter, how far
    it went.
    """

    first: np.ndarray
    last: np.ndarray
    moved: np.ndarray
    length: np.ndarray


def trajectory_steps(unit: np.ndarray) -> Steps:
    """List the steps of the trajectories of a Morris design."""
    parameters = unit.shape[1]
    change = np.diff(unit.reshape(-1, parameters + 1, parameters), axis=1).reshape(-1, parameters)
    first = np.arange(len(unit)).reshape(-1, parameters + 1)[:, :-1].ravel()
    moved = np.abs(change).argmax(axis=1)
    return Steps(first, first + 1, moved, change[np.arange(len(moved)), moved])


def whole_blocks(mean: np.ndarray, size: int) -> np.ndarray:
    """Mark the rows of those blocks of `size` points in which no point lacks a value.

    >>> whole_blocks(np.array([1.0, 2.0, np.nan, 4.0]), 2)
    array([ True,  True, False, False])
    """
    return np.repeat(np.isfinite(mean).reshape(-1, size).all(axis=1), size)


def ranks(unit: np.ndarray, seed: int = 1) -> np.ndarray:
    """Give each value's rank within its column, from 0 to 1; equal values are put in an order by
    lot.

    >>> ranks(np.array([[0.1], [0.9], [0.3]]))[:, 0]
    array([0. , 1. , 0.5])
    """
    lots = np.random.default_rng(seed).random(unit.shape)
    order = np.lexsort((lots, unit), axis=0)
    return order.argsort(axis=0) / max(len(unit) - 1, 1)


# -- tables --------------------------------------------------------------------------------------
def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _verdicts(size: Size, chance: np.ndarray, small: float) -> list[str]:
    """Say of each parameter if it matters, can be fixed, or neither is sure yet."""
    luck = np.nan_to_num(chance)
    matters = (size.value >= small) & (size.low > luck) & (size.value > 0)
    fixed = (size.high <= small) | (size.value == 0)
    return [
        MATTERS if here else FIXED if gone else UNCLEAR
        for here, gone in zip(matters, fixed, strict=True)
    ]


def _largest_first(rows: list[dict[str, Any]], column: str, last: dict[str, Any]) -> pl.DataFrame:
    ordered = sorted(rows, key=lambda row: (-row[column], row["parameter"]))
    return pl.DataFrame(
        [*ordered, {name: last.get(name) for name in rows[0]}], infer_schema_length=None
    )
