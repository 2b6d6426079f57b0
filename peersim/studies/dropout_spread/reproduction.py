"""How many others leave because one person left: a mean over persons who are nested in worlds, with
its interval.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peersim.kernel.statistics import LEVEL, t_quantile


class Mean(NamedTuple):
    """A mean over persons with an interval that knows which of them shared a world.

    Attributes
    ----------
    mean, low, high : float
    error : float
        Standard error.
    persons, worlds : int
    """

    mean: float
    low: float
    high: float
    error: float
    persons: int
    worlds: int

    def as_row(self) -> dict[str, Any]:
        """Itself as columns of a table."""
        ends = {"mean": self.mean, "low": self.low, "high": self.high}
        return {**ends, "persons": self.persons, "runs": self.worlds}


UNKNOWN = Mean(np.nan, np.nan, np.nan, np.nan, 0, 0)


def _sums(values: np.ndarray, worlds: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sum of the values, and number of persons, in each world of a list."""
    place = np.searchsorted(of, worlds)
    return np.bincount(place, values, len(of)), np.bincount(place, minlength=len(of)).astype(float)


def _moves(total: NDArray[np.float64], persons: NDArray[np.float64]) -> np.ndarray:
    """How far the mean over all persons is above that without each world."""
    others = persons.sum() - persons
    mean = total.sum() / persons.sum()
    return np.divide(total - mean * persons, others, out=np.zeros(len(total)), where=others > 0)


def _interval(mean: float, parts: np.ndarray) -> tuple[float, float, float]:
    """Standard error and t interval of a mean that moves by so much when each world in turn is left
    out (jackknife).
    """
    worlds = len(parts)
    if worlds < 2:
        return np.nan, np.nan, np.nan
    error = float(np.sqrt((worlds - 1) / worlds * np.sum(parts * parts)))
    half = t_quantile(worlds - 1, LEVEL) * error
    return error, mean - half, mean + half


def mean_of(values: ArrayLike, worlds: ArrayLike) -> Mean:
    """Give the mean over persons; its interval takes whole worlds, not persons, as the independent
    draws.

    Departures in one world share its people, its groups and its luck, and one of them may be among
    the followers of another. So the mean is a ratio of two sums over worlds (followers,
    departures), and its standard error comes from how far it moves when each world in turn is left
    out (jackknife), with Student's t for the number of worlds less one.

    Parameters
    ----------
    values : array of float
        One value a person.
    worlds : array of int
        Seed of the world that the person lived in.

    Examples
    --------
    >>> found = mean_of([1.0, 3.0, 2.0, 2.0], [1, 1, 2, 2])
    >>> found.mean, found.persons, found.worlds, round(found.error, 3)
    (2.0, 4, 2, 0.0)
    """
    value, world = np.asarray(values, float), np.asarray(worlds)
    if not len(value):
        return UNKNOWN
    of = np.unique(world)
    total, persons = _sums(value, world, of)
    mean = float(total.sum() / persons.sum())
    error, low, high = _interval(mean, _moves(total, persons))
    return Mean(mean, low, high, error, len(value), len(of))


def difference_of(first: tuple[ArrayLike, ArrayLike], second: tuple[ArrayLike, ArrayLike]) -> Mean:
    """Give the difference of two such means (first less second), whose worlds may be the same.

    Parameters
    ----------
    first, second : (values, worlds)
        Worlds with the same seed have the same people and luck; the interval makes use of it.

    Examples
    --------
    >>> difference_of(([1.0, 2.0], [1, 2]), ([0.5, 1.5], [1, 2])).error
    0.0
    """
    sides = [(np.asarray(values, float), np.asarray(worlds)) for values, worlds in (first, second)]
    if not all(len(values) for values, _ in sides):
        return UNKNOWN
    of = np.unique(np.concatenate([worlds for _, worlds in sides]))
    means, parts = [], []
    for values, worlds in sides:
        total, persons = _sums(values, worlds, of)
        means.append(float(total.sum() / persons.sum()))
        parts.append(_moves(total, persons))
    error, low, high = _interval(means[0] - means[1], parts[0] - parts[1])
    return Mean(means[0] - means[1], low, high, error, len(sides[0][0]), len(of))
