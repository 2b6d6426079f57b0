"""How long people stay: Kaplan and Meier's curves, with intervals that know who shared a world."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from peersim.kernel.statistics import LEVEL, t_quantile


class Curve(NamedTuple):
    """A survival curve, one value a week since beginning.

    Attributes
    ----------
    week : int array
        0, 1, ...
    at_risk, left : float array
        People who had not ended before that week; those of them who left in it.
    share, low, high : float array
        Share still there after that week (Kaplan and Meier 1958), with an interval.
    """

    week: np.ndarray
    at_risk: np.ndarray
    left: np.ndarray
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray


class Counts(NamedTuple):
    """Those at risk and those who left in each week since beginning."""

    at_risk: np.ndarray
    left: np.ndarray


def count_up(duration: ArrayLike, has_left: ArrayLike, weeks: int) -> Counts:
    """Count who was at risk, and who left, in each week since beginning.

    Parameters
    ----------
    duration : array of float
        Weeks from beginning to leaving, or to the end of being watched: whoever completed, moved on
        or was still there is watched up to then, and is at risk in that week (as is the custom
        where both fall together).
    has_left : array of bool
    weeks : int
        The last week that is counted.
    """
    time, left = np.asarray(duration, int), np.asarray(has_left, bool)
    ended = np.bincount(np.clip(time, 0, weeks), minlength=weeks + 1).astype(float)
    at_risk = ended[::-1].cumsum()[::-1]
    return Counts(
        at_risk, np.bincount(time[left & (time <= weeks)], minlength=weeks + 1).astype(float)
    )


def share_still_there(counts: Counts) -> np.ndarray:
    """Give Kaplan and Meier's estimate: the product of (1 - left / at risk) over the weeks.

    >>> counts = count_up([1, 2, 2, 3], [True, True, False, False], 3)
    >>> share_still_there(counts).round(3).tolist()
    [1.0, 0.75, 0.5, 0.5]
    """
    risk = np.divide(
        counts.left, counts.at_risk, out=np.zeros_like(counts.left), where=counts.at_risk > 0
    )
    return np.cumprod(1.0 - risk, axis=-1)


def curve(worlds: list[Counts]) -> Curve:
    """Put the counts of several worlds together; the interval comes from leaving out one world at a
    time (jackknife).

    On the scale log(-log share), so that it stays between 0 and 1; without interval where nobody
    has left yet.
    """
    at_risk, left = (
        np.array([each.at_risk for each in worlds]),
        np.array([each.left for each in worlds]),
    )
    total = Counts(at_risk.sum(axis=0), left.sum(axis=0))
    share = share_still_there(total)
    week = np.arange(len(share))
    n = len(worlds)
    if n < 3:
        unknown = np.full(len(share), np.nan)
        return Curve(week, *total, share, unknown, unknown)
    without = share_still_there(Counts(total.at_risk - at_risk, total.left - left))
    inner = (share > 0) & (share < 1) & ((without > 0) & (without < 1)).all(axis=0)
    scale = np.log(-np.log(np.where(inner, without, 0.5)))
    spread = np.sqrt((n - 1) / n * ((scale - scale.mean(axis=0)) ** 2).sum(axis=0)) * t_quantile(
        n - 1, LEVEL
    )
    low, high = (np.where(inner, share ** np.exp(side * spread), share) for side in (1, -1))
    return Curve(week, *total, share, low, high)
