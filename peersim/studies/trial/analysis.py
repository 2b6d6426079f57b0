"""The analysis of a partially nested trial: groups in one arm, single people in the other.

Those who share a circle or a supporter have something in common that the other arm has not, so
people of the programme's arm do not count as so many independent observations (Roberts & Roberts
2005; Baldwin et al. 2011). Here the difference of the arms, adjusted for the baseline by a common
slope, keeps everybody randomised with equal weight (intention to treat: a mixed model would give
those who never began more weight than those in groups); its variance is added up arm by arm, so
arms may differ in spread, and within the programme's arm circle by circle, so that no model of the
correlation is needed (the cluster-robust variance corrected as CR2 by Bell & McCaffrey 2002).
Degrees of freedom are put together from the arms after Satterthwaite and Welch. Without circles
this is Welch's t-test; with circles of equal size it is the t-test of the circles' means against
the people of the other arm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

LEVEL = 0.95


class Arm(NamedTuple):
    """Mean of one arm, for each outcome: its variance with circles, degrees of freedom, and spread
    of people.
    """

    mean: np.ndarray
    variance: np.ndarray
    degrees: float
    sd: np.ndarray
    people: int


class Found(NamedTuple):
    """What a trial finds; each array holds one number an outcome.

    Attributes
    ----------
    programme, usual : array
        Means at the end, unadjusted.
    difference, low, high : array
        Programme minus usual, adjusted for the baseline, and its interval.
    error, degrees : array
        Standard error and degrees of freedom.
    sd : array
        Standard deviation of people at the end, pooled over the arms: the unit of `d`.
    d, d_low, d_high : array
        Cohen's d: the adjusted difference and its interval in units of `sd`.
    icc : array
        Correlation of the adjusted outcome within circles (analysis of variance; may come out below
        zero); NaN if there are no circles.
    design_effect : array
        How many times the variance of the programme's mean is what it would be for as many
        independent people.
    variances : array, 2 x outcomes
        Variance for one person, arm by arm, design effect included: what a sample size is made
        from.
    people : (int, int)
        Analysed in each arm.
    units : int
        Circles, or supporters, with two or more people.
    """

    programme: np.ndarray
    usual: np.ndarray
    difference: np.ndarray
    low: np.ndarray
    high: np.ndarray
    error: np.ndarray
    degrees: np.ndarray
    sd: np.ndarray
    d: np.ndarray
    d_low: np.ndarray
    d_high: np.ndarray
    icc: np.ndarray
    design_effect: np.ndarray
    variances: np.ndarray
    people: tuple[int, int]
    units: int


def arm_mean(values: np.ndarray, sizes: np.ndarray, member: np.ndarray) -> Arm:
    """Mean of one arm with a variance that allows for circles.

    Parameters
    ----------
    values : array, people x outcomes
    sizes : int array
        People in each circle; somebody on their own is a circle of one.
    member : int array
        The circle of each person.

    Examples
    --------
    Two circles of two: the variance is that of the circles' means, over two; there is one degree of
    freedom.

    >>> values = np.array([[1.0], [3.0], [5.0], [7.0]])
    >>> arm = arm_mean(values, np.array([2, 2]), np.array([0, 0, 1, 1]))
    >>> round(float(arm.variance[0]), 9), round(arm.degrees, 9)
    (4.0, 1.0)
    """
    n, mean = len(values), values.mean(axis=0)
    share = sizes / n
    sums = np.zeros((len(sizes), values.shape[1]))
    np.add.at(sums, member, values - mean)
    variance = (sums**2 / (1.0 - share)[:, None]).sum(axis=0) / n**2
    inflated = sizes**2 / (1.0 - share) / n
    cross = inflated.sum() ** 2 - (inflated**2).sum()
    return Arm(
        mean, variance, float(n**2 / ((sizes**2).sum() + cross)), values.std(axis=0, ddof=1), n
    )


def common_slope(
    end: np.ndarray, start: np.ndarray, arms: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Give the slope of the end on the start within arms, for each outcome, and the variance of
    that slope.
    """
    product, square, left = 0.0, 0.0, len(end) - len(arms) - 1
    for arm in arms:
        x = start[arm] - start[arm].mean(axis=0)
        y = end[arm] - end[arm].mean(axis=0)
        product, square = product + (x * y).sum(axis=0), square + (x * x).sum(axis=0)
    slope = np.divide(product, square, out=np.zeros(end.shape[1]), where=square > 0)
    rest = sum(
        (
            (end[arm] - end[arm].mean(axis=0) - slope * (start[arm] - start[arm].mean(axis=0))) ** 2
        ).sum(axis=0)
        for arm in arms
    )
    return slope, np.divide(rest / left, square, out=np.zeros(end.shape[1]), where=square > 0)


def correlation_within(values: np.ndarray, sizes: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Intraclass correlation by analysis of variance, over circles with two or more people.

    >>> values = np.array([[1.0], [1.0], [5.0], [5.0]])
    >>> two = correlation_within(values, np.array([2, 2]), np.array([0, 0, 1, 1]))
    >>> float(two[0])
    1.0
    """
    together = sizes[member] > 1
    member = np.unique(member[together], return_inverse=True)[1]
    values, groups = values[together], int(member.max(initial=-1)) + 1
    if groups < 2 or len(values) <= groups:
        return np.full(values.shape[1], np.nan)
    count = np.bincount(member).astype(float)
    means = np.stack([np.bincount(member, weights=column) / count for column in values.T], axis=1)
    between = (count[:, None] * (means - values.mean(axis=0)) ** 2).sum(axis=0) / (groups - 1)
    within = ((values - means[member]) ** 2).sum(axis=0) / (len(values) - groups)
    size = (len(values) - (count**2).sum() / len(values)) / (groups - 1)
    whole = between + (size - 1.0) * within
    return np.asarray(
        np.divide(between - within, whole, out=np.full(values.shape[1], np.nan), where=whole > 0)
    )


def analyse(
    end: np.ndarray, start: np.ndarray, treated: np.ndarray, unit: np.ndarray, change: bool = False
) -> Found:
    """Compare the arms.

    Parameters
    ----------
    end, start : arrays, people x outcomes
    treated : bool array
    unit : int array
        The circle or supporter of each person; below zero: on their own.
    change : bool
        Whether to compare changes from the baseline instead of adjusting for it.
    """
    arms = [treated, ~treated]
    slope, doubt = common_slope(end, start, arms)
    if change:
        slope, doubt = np.ones_like(slope), np.zeros_like(doubt)
    adjusted = end - slope * (start - start.mean(axis=0))
    own = np.where(unit < 0, -1 - np.arange(len(unit)), unit)[treated]
    _, member, sizes = np.unique(own, return_inverse=True, return_counts=True)
    here = arm_mean(adjusted[treated], sizes, member)
    alone = np.ones(int((~treated).sum()), int)
    there = arm_mean(adjusted[~treated], alone, np.arange(len(alone)))
    apart = start[treated].mean(axis=0) - start[~treated].mean(axis=0)
    error = np.sqrt(here.variance + there.variance + doubt * apart**2)
    degrees = (here.variance + there.variance) ** 2 / (
        here.variance**2 / here.degrees + there.variance**2 / there.degrees
    )
    difference, reach = here.mean - there.mean, stdtrit(degrees, 0.5 + LEVEL / 2) * error
    sd = pooled_sd(end, arms)
    return Found(
        end[treated].mean(axis=0),
        end[~treated].mean(axis=0),
        difference,
        difference - reach,
        difference + reach,
        error,
        degrees,
        sd,
        difference / sd,
        (difference - reach) / sd,
        (difference + reach) / sd,
        correlation_within(adjusted[treated], sizes, member),
        here.variance * here.people / here.sd**2,
        np.stack([here.variance * here.people, there.variance * there.people]),
        (here.people, there.people),
        int((sizes > 1).sum()),
    )


def pooled_sd(end: np.ndarray, arms: Sequence[np.ndarray]) -> np.ndarray:
    """Standard deviation of people within arms."""
    squares = sum(((end[arm] - end[arm].mean(axis=0)) ** 2).sum(axis=0) for arm in arms)
    return np.asarray(np.sqrt(squares / (len(end) - len(arms))))
