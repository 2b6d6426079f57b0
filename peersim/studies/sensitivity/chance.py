"""What is chance among many runs at many points: means, their errors, and the share of the variance
that is luck.

An outcome is an array of points x replicates, NaN where a run has no value. A *point* is one set of
parameters; all points are run with the same seeds.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

RESAMPLES = 500


class Chance(NamedTuple):
    """How the variance of an outcome divides between parameters and chance.

    Attributes
    ----------
    sd_parameters, sd_chance : float
        Standard deviation between points (of the expected outcome), and between runs at the same
        point.
    share, low, high : float
        Share of the variance of single runs that is chance, with a 95 % interval (from resampling
        the points).
    share_of_mean : float
        Share of the variance of the means over the replicates that is chance: what more replicates
        would take away. Luck that all points have in common, because they share their seeds, does
        not count.
    """

    sd_parameters: float
    sd_chance: float
    share: float
    low: float
    high: float
    share_of_mean: float


def chance_share(values: np.ndarray, seed: int = 1) -> Chance:
    """Divide the variance of an outcome between parameters and chance.

    Parameters
    ----------
    values : float array, points x replicates
        Points that are spread evenly over what the parameters can be.
    seed : int
        Of the resampling for the interval.

    Examples
    --------
    >>> runs = np.array([[1.0, 3.0], [11.0, 13.0], [21.0, 23.0], [31.0, 33.0]])
    >>> found = chance_share(runs)
    >>> round(found.share, 3), found.share_of_mean
    (0.012, 0.0)
    """
    mean, luck, own = mean_of(values), error_of(values) ** 2, error_of(own_luck(values)) ** 2
    known = np.isfinite(mean) & np.isfinite(luck)
    luck *= np.isfinite(values).sum(axis=1)  # of one run, not of the mean over them
    mean, luck, own = mean[known], luck[known], own[known]
    if len(mean) < 3:
        return Chance(*[np.nan] * 6)
    rows = np.random.default_rng(seed).integers(len(mean), size=(RESAMPLES, len(mean)))
    with silent():
        shares = [_share(*_split(mean[some], luck[some], own[some])) for some in rows]
        low, high = np.nanquantile(shares, [0.025, 0.975])
    between, within = _split(mean, luck, own)
    spread = float(np.var(mean))
    left = min(float(own.mean()) / spread, 1.0) if spread > 0 else np.nan
    return Chance(between**0.5, within**0.5, _share(between, within), float(low), float(high), left)


def own_luck(values: np.ndarray) -> np.ndarray:
    """Take away what a seed does at all points alike: it does not make one point differ from
    another.

    >>> own_luck(np.array([[1.0, 3.0], [11.0, 14.0]]))
    array([[ 2.25,  1.75],
           [12.25, 12.75]])
    """
    of_seeds = mean_of(values.T)
    return np.asarray(values - of_seeds + mean_of(of_seeds))


def _split(mean: np.ndarray, luck: np.ndarray, own: np.ndarray) -> tuple[float, float]:
    """Variance between points, without what luck of their own adds to their means; variance within
    points.
    """
    return max(float(np.var(mean, ddof=1)) - float(own.mean()), 0.0), float(luck.mean())


def _share(between: float, within: float) -> float:
    return within / (between + within) if between + within > 0 else np.nan


def mean_of(values: np.ndarray) -> np.ndarray:
    """Mean over the replicates that have a value; NaN where none has.

    >>> mean_of(np.array([[1.0, 3.0], [np.nan, 4.0]]))
    array([2., 4.])
    """
    with silent():
        return np.asarray(np.nanmean(values, axis=-1))


def error_of(values: np.ndarray) -> np.ndarray:
    """Give the standard error of the mean over the replicates; NaN where there are not two.

    >>> error_of(np.array([[1.0, 3.0], [np.nan, 4.0]]))
    array([ 1., nan])
    """
    runs = np.isfinite(values).sum(axis=-1)
    with silent():
        spread = np.nanstd(values, axis=-1, ddof=1) / np.sqrt(runs)
    return np.where(runs > 1, spread, np.nan)


def is_flat(mean: np.ndarray) -> bool:
    """Whether nothing varies, up to rounding; nothing can be said of what decides such an
    outcome.
    """
    return bool(len(mean) == 0 or np.ptp(mean) <= 1e-12 * max(1.0, float(np.abs(mean).max())))


@contextmanager
def silent() -> Iterator[None]:
    """Keep quiet about means of nothing and outcomes that do not vary: both are seen to."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
