"""Paired statistics: the same people and the same luck in two designs, run by run.

Everything here takes arrays with one value per run, in the order of the seeds, and knows nothing
else.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.95
MANY = 1_000_000
ROUNDING = 1e-12
FEW = 15

BETTER, WORSE, HIGHER, LOWER = "better", "worse", "higher", "lower"
TOO_CLOSE = "too close to call"
ONE_RUN = "one run only"
SAME = "no difference"
SMALL = "no difference anyone would notice"
NO_ANSWER = "not applicable"


class Estimate(NamedTuple):
    """A mean over runs with its interval."""

    mean: float
    low: float
    high: float
    sd: float
    runs: int


class Share(NamedTuple):
    """A share of runs, or of other trials, with its 95 % interval."""

    value: float
    low: float
    high: float


def share_of(hits: int, trials: int) -> Share:
    """Give a share with its 95 % interval (Wilson's, which holds for few trials).

    >>> [round(number, 3) for number in share_of(8, 10)]
    [0.8, 0.49, 0.943]
    """
    z, p = 1.959964, hits / trials
    middle = (p + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * (p * (1 - p) / trials + z * z / (4 * trials**2)) ** 0.5
    return Share(p, max(0.0, middle - half), min(1.0, middle + half))


class Paired(NamedTuple):
    """What a design changes against a reference, pair by pair of runs.

    Attributes
    ----------
    difference, low, high : float
        Mean of (design - reference) and its interval.
    better : float
        Share of pairs in which the design came out better, ties counted half (0-1). For an outcome
        of which neither direction is better: the share in which it came out higher.
    sd_paired, sd_unpaired : float
        Standard deviation of the difference within pairs, and what it would be with independent
        runs.
    runs_needed : int
        Pairs of runs until the interval's half-width is as small as asked for.
    verdict : str
        ``better``, ``worse`` (or ``higher``, ``lower``); ``no difference anyone would notice``: the
        whole interval lies within the smallest difference of interest; ``too close to call``;
        ``no difference``: all pairs alike; ``one run only`` or ``not applicable``.
    runs : int
        Number of pairs.
    """

    difference: float
    low: float
    high: float
    better: float
    sd_paired: float
    sd_unpaired: float
    runs_needed: int | None
    verdict: str
    runs: int


@functools.lru_cache(4096)
def t_quantile(degrees: int, level: float = LEVEL) -> float:
    """Give the two-sided quantile of Student's t: how many standard errors an interval reaches to
    each side.

    >>> round(t_quantile(9), 3)
    2.262
    """
    from scipy.special import (
        stdtrit,
    )  # scipy.stats has the same and takes ten times as long to import

    return float(stdtrit(degrees, 0.5 + level / 2))


def estimate(values: ArrayLike, level: float = LEVEL) -> Estimate:
    """Give the mean over runs with a t interval; runs without the outcome (NaN) are left out.

    >>> [round(number, 2) for number in estimate([1.0, 2.0, 3.0])]
    [2.0, -0.48, 4.48, 1.0, 3]
    """
    known = _known(values)
    runs = len(known)
    if runs == 0:
        return Estimate(np.nan, np.nan, np.nan, np.nan, 0)
    mean = float(known.mean())
    if runs == 1:
        return Estimate(mean, np.nan, np.nan, np.nan, 1)
    sd = float(known.std(ddof=1))
    half = t_quantile(runs - 1, level) * sd / runs**0.5
    return Estimate(mean, mean - half, mean + half, sd, runs)


def paired(  # noqa: PLR0913
    values: ArrayLike,
    reference: ArrayLike,
    better: str = "higher",
    level: float = LEVEL,
    half_width: float | None = None,
    pilot: int | None = None,
    smallest: float = 0.0,
) -> Paired:
    """Compare two designs over the same seeds.

    Parameters
    ----------
    values, reference : array of float
        One value per run, the same seeds in the same order. Pairs with a NaN are left out, and
        differences no larger than rounding errors count as none.
    better : {"higher", "lower", "neither"}
        Which direction is to be wished for.
    level : float
        Coverage of the interval.
    half_width : float, optional
        Half-width asked for in `runs_needed`; by default the difference itself, that is: the runs
        needed to tell it from zero, should it be as large as it looks now.
    pilot : int, optional
        How many of the pairs were run before it was decided, on them and `half_width`, how many to
        run. The interval then owns up to that: see `margin_after_pilot`.
    smallest : float
        Smallest difference of interest. An interval that lies within it, on both sides, says that
        there is no difference anyone would notice, whether it leaves out zero or not.

    Examples
    --------
    >>> paired([0.52, 0.55, 0.53], [0.41, 0.43, 0.42]).verdict
    'better'
    >>> paired([0.52, 0.40, 0.53], [0.41, 0.43, 0.50]).verdict
    'too close to call'
    >>> paired([0.42, 0.43, 0.43], [0.41, 0.43, 0.42], smallest=0.05).verdict
    'no difference anyone would notice'
    """
    first, second = np.asarray(values, dtype=float), np.asarray(reference, dtype=float)
    if first.shape != second.shape:
        raise ValueError(
            f"the same runs are needed on both sides, not {first.shape} and {second.shape}"
        )
    both = np.isfinite(first) & np.isfinite(second)
    first, second = first[both], second[both]
    difference = _without_rounding(first, second)
    found = estimate(difference, level)
    by_student = student(difference, level)
    low, high = _wider(by_student, hall(difference, level))
    if pilot:
        low, high = _at_least(low, high, margin_after_pilot(difference, pilot, level))
    gap = Estimate(found.mean, low, high, found.sd, found.runs)
    unpaired = float(np.sqrt(first.var(ddof=1) + second.var(ddof=1))) if gap.runs > 1 else np.nan
    return Paired(
        gap.mean,
        low,
        high,
        _share_better(difference, better),
        gap.sd,
        unpaired,
        _pairs_needed(by_student, gap, half_width, level),
        _verdict(gap, better, smallest),
        gap.runs,
    )


def interval(values: ArrayLike, level: float = LEVEL) -> tuple[float, float]:
    """Give the interval of a mean of differences: Student's, and beyond it where Hall's goes
    further.

    Small changes make lopsided differences: most pairs of runs hardly differ, and in a few one
    thing has led to another. Of few pairs Student's interval then covers the truth too seldom.

    >>> [round(end, 2) for end in interval([1.0, 2.0, 3.0])]
    [-0.48, 4.48]
    >>> few_go_far = [0.0, 0.1, 0.1, 0.2, 0.2, 0.3, 2.0]
    >>> [[round(end, 2) for end in ends] for ends in (student(few_go_far), interval(few_go_far))]
    [[-0.24, 1.07], [-0.24, 2.85]]
    """
    return _wider(student(values, level), hall(values, level))


def _wider(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """From the lower of the lower ends to the upper of the upper ones."""
    return min(one[0], other[0]), max(one[1], other[1])


def student(values: ArrayLike, level: float = LEVEL) -> tuple[float, float]:
    """Give the t interval of a mean, on its guard where most values are the same.

    A difference that is zero in nearly all pairs may happen to be zero in all those drawn but one
    or two; their spread then says little. Where more than half of the values are alike and fewer
    than `FEW` are not, four are added, two to each side of the commonest, as far from it as the
    others typically are (after Agresti and Coull's interval of a share).

    >>> [round(end, 3) for end in student([0.0] * 28 + [0.1, 0.1])]
    [-0.009, 0.021]
    """
    known = _known(values)
    kinds, counts = np.unique(known, return_counts=True)
    commonest = kinds[counts.argmax()] if len(known) else np.nan
    others = known[known != commonest] - commonest
    if 0 < len(others) < min(FEW, len(known) / 2):
        step = np.sqrt(np.mean(others * others))
        known = np.append(known, commonest + step * np.array([1, -1, 1, -1]))
    found = estimate(known, level)
    return found.low, found.high


def hall(values: ArrayLike, level: float = LEVEL) -> tuple[float, float]:
    """Give the interval of a mean of lopsided values (Hall 1992).

    With skewness g, ``T + g T^2 / 3 + g^2 T^3 / 27 + g / (6 n)`` is nearer to Student's t than
    ``T = (mean - truth) / sd`` itself; it is undone for both quantiles.
    """
    found = estimate(values, level)
    if not found.sd > 0:
        return found.low, found.high
    skewness = float(np.mean((_known(values) - found.mean) ** 3)) / found.sd**3
    if abs(skewness) < 1e-6:
        return found.low, found.high
    reach = t_quantile(found.runs - 1, level) / found.runs**0.5

    def undone(quantile: float) -> float:
        return (
            3
            / skewness
            * float(np.cbrt(1 + skewness * (quantile - skewness / (6 * found.runs))) - 1)
        )

    return found.mean - found.sd * undone(reach), found.mean - found.sd * undone(-reach)


def margin_after_pilot(values: ArrayLike, pilot: int, level: float = LEVEL) -> float:
    """Give the half-width by the spread of a pilot: ``t(pilot - 1) sd(pilot) / sqrt(all)`` (Stein
    1945).

    Where the number of runs was chosen by looking at a pilot, an interval from all runs is a little
    too sure of itself: runs are few just when the spread happens to look small. Stein's interval
    rests on the pilot's spread and holds for normal values exactly, for any number of outcomes that
    decided together. The wider of the two is reported.
    """
    known = _known(values)
    first = known[:pilot]
    if len(first) < 2:
        return np.nan
    low, high = student(first, level)
    return (high - low) / 2 * float(np.sqrt(len(first) / len(known)))


def runs_needed(sd: float, half_width: float, level: float = LEVEL) -> int | None:
    """Count the runs (or pairs) until a t interval reaches `half_width` to each side; None if
    unknown.

    >>> runs_needed(0.141, 0.01), runs_needed(0.018, 0.01)
    (767, 15)
    """
    if not (np.isfinite(sd) and half_width > 0):
        return None
    needed = max(2, int((t_quantile(MANY, level) * sd / half_width) ** 2))  # t is wider for few
    while needed < MANY and t_quantile(needed - 1, level) * sd > half_width * needed**0.5:
        needed += 1
    return needed if needed < MANY else None


def runs_to_tell(sd: float, difference: float, smallest: float = 0.0) -> int | None:
    """Count the runs (or pairs) until there is an answer, should the difference be as large as it
    looks: told from zero, or too small for anyone to notice, whichever takes fewer.

    >>> runs_to_tell(0.1, 0.02), runs_to_tell(0.1, 0.001), runs_to_tell(0.1, 0.001, 0.02)
    (99, 38418, 109)
    """
    return runs_needed(sd, max(abs(difference), smallest - abs(difference)))


def set_means(values: np.ndarray, sets: int) -> np.ndarray:
    """Mean over the worlds of each set of parameters; seeds are consecutive, and seed s went with
    set s modulo `sets`.

    Worlds of one set have their parameters in common: intervals rest on sets, which are drawn
    independently.

    >>> set_means(np.array([1.0, 2.0, 3.0, np.nan]), 2).tolist()
    [2.0, 2.0]
    """
    table = values.reshape(-1, sets).T
    count = np.isfinite(table).sum(axis=1)
    return np.where(count > 0, np.nansum(table, axis=1) / np.maximum(count, 1), np.nan)


def chance_of_best(values: ArrayLike, better: str = "higher") -> np.ndarray:
    """Give the share of runs in which each design (row) comes out best; designs level at the top
    share it.

    >>> chance_of_best([[1.0, 3.0], [2.0, 1.0], [2.0, 0.0]])
    array([0.5 , 0.25, 0.25])
    """
    table = np.asarray(values, dtype=float)
    table = -table if better == "lower" else table
    top: NDArray[np.bool_] = table == np.nanmax(table, axis=0, keepdims=True)
    return (top / top.sum(axis=0, keepdims=True)).mean(axis=1)


def _at_least(low: float, high: float, half: float) -> tuple[float, float]:
    """The interval, or one about the same middle that reaches `half` to each side."""
    middle = (low + high) / 2
    return (middle - half, middle + half) if high - low < 2 * half else (low, high)


def _pairs_needed(
    by_student: tuple[float, float], gap: Estimate, half_width: float | None, level: float
) -> int | None:
    """As many as the spread says; more if there are as many and the interval, lopsided, is wider
    than asked for.
    """
    if gap.runs < 2:
        return None
    spread = _spread(by_student, gap.runs, level)
    if half_width is None:
        return runs_needed(spread, abs(gap.mean), level)
    needed = runs_needed(spread, half_width, level)
    if needed is not None and needed <= gap.runs and gap.high - gap.low > 2 * half_width:
        return runs_needed(_spread((gap.low, gap.high), gap.runs, level), half_width, level)
    return needed


def _spread(ends: tuple[float, float], runs: int, level: float) -> float:
    """The standard deviation that an interval of this width speaks of."""
    return float((ends[1] - ends[0]) / 2 / t_quantile(runs - 1, level) * runs**0.5)


def _without_rounding(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The differences; those that sums of other order alone could bring about are zero."""
    difference: np.ndarray = first - second
    difference[np.abs(difference) <= ROUNDING * np.maximum(np.abs(first), np.abs(second))] = 0.0
    return difference


def _known(values: ArrayLike) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    return array[np.isfinite(array)]


def _share_better(difference: np.ndarray, better: str) -> float:
    if not len(difference):
        return np.nan
    gain = -difference if better == "lower" else difference
    return float(np.mean((gain > 0) + 0.5 * (gain == 0)))


def is_small(low: float, high: float, smallest: float) -> bool:
    """Whether an interval lies within the smallest difference of interest, on both sides."""
    return -smallest <= low and high <= smallest


def _verdict(gap: Estimate, better: str, smallest: float) -> str:
    if gap.runs < 2:
        return ONE_RUN if gap.runs else NO_ANSWER
    if gap.sd == 0 and gap.mean == 0:
        return SAME
    if is_small(gap.low, gap.high, smallest):
        return SMALL
    if gap.low <= 0 <= gap.high:
        return TOO_CLOSE
    if better == "neither":
        return HIGHER if gap.mean > 0 else LOWER
    return BETTER if (gap.mean > 0) == (better == "higher") else WORSE
