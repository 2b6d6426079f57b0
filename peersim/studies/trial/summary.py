"""What many trials say together: what they show on average, how they vary and why, how many people
it would take.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from peersim.kernel.statistics import Share, share_of
from peersim.studies.trial.analysis import Found
from peersim.studies.trial.trials import Trial

CONFIGURED, PLAUSIBLE = "as configured", "plausible"
"""Where the parameters of trials come from."""

END, FOLLOW_UP = "end", "follow-up"
"""Measurements."""

PREDICTED = (0.025, 0.975)
RESAMPLES = 1000
POWERS = (0.8, 0.9)

_PUBLISHED = {"group": "M04", "one_to_one": "O13"}
_OF_ALL = "M01"


def published(communities: Iterable[str]) -> list[str]:
    """Evidence rows of meta-analyses with which the effect on recovery can be compared.

    >>> published(["group"]), published(["digital"])
    (['M04', 'M01'], ['M01'])
    """
    return [*(_PUBLISHED[name] for name in communities if name in _PUBLISHED), _OF_ALL]


class Summary(NamedTuple):
    """Many trials, for one outcome.

    Attributes
    ----------
    trials : int
    effect, effect_low, effect_high : float
        True effect on those randomised to the programme: mean over trials, and the middle 95 % of
        them.
    d, d_low, d_high : float
        What trials estimate: mean, and the interval in which 95 % of them fall (predictive).
    power : Share
        Trials whose interval lies above zero.
    wrong_side : float
        Share whose interval lies below zero.
    coverage, naive : Share
        Trials whose interval holds the mean true effect; and that would if circles were ignored.
        None of both where parameters vary from trial to trial: then there is no one true effect.
    correlation, icc, design_effect : float
        Means over trials.
    parameters_share, parameters_low, parameters_high : float
        Share of the variance of d that comes from not knowing the parameters; the rest is who was
        recruited, chance in their lives, and error of measurement. NaN where parameters are the
        same in all trials.
    """

    trials: int
    effect: float
    effect_low: float
    effect_high: float
    d: float
    d_low: float
    d_high: float
    power: Share
    wrong_side: float
    coverage: Share | None
    naive: Share | None
    correlation: float
    icc: float
    design_effect: float
    parameters_share: float
    parameters_low: float
    parameters_high: float


def _share(which: np.ndarray) -> Share:
    return share_of(int(which.sum()), len(which))


def summarise(trials: Sequence[Trial], outcome: int, later: bool = False) -> Summary:
    """Sum up one outcome over trials, at the end or at the follow-up."""
    found = [found_of(trial, later) for trial in trials]
    truth = np.array([truth_of(trial, later)[outcome] for trial in trials])
    low, high, d, sd = (
        np.array([getattr(f, name)[outcome] for f in found]) for name in ("low", "high", "d", "sd")
    )
    varies, effect = trials[0].set >= 0, truth.mean()
    shares = (
        from_parameters(truth / sd, d, np.array([trial.set for trial in trials]))
        if varies
        else (np.nan,) * 3
    )
    naive = np.array(
        [trial.naive.low[outcome] <= effect <= trial.naive.high[outcome] for trial in trials]
    )
    icc = np.array([f.icc[outcome] for f in found])
    (effect_low, effect_high), (d_low, d_high) = (
        np.quantile(truth, PREDICTED),
        np.quantile(d, PREDICTED),
    )
    return Summary(
        trials=len(trials),
        effect=float(effect),
        effect_low=float(effect_low),
        effect_high=float(effect_high),
        d=float(d.mean()),
        d_low=float(d_low),
        d_high=float(d_high),
        power=_share(low > 0),
        wrong_side=float((high < 0).mean()),
        coverage=None if varies else _share((low <= effect) & (effect <= high)),
        naive=None if varies or later else _share(naive),
        correlation=float(np.mean([trial.correlation[outcome] for trial in trials])),
        icc=float(icc[np.isfinite(icc)].mean()) if np.isfinite(icc).any() else np.nan,
        design_effect=float(np.mean([f.design_effect[outcome] for f in found])),
        parameters_share=shares[0],
        parameters_low=shares[1],
        parameters_high=shares[2],
    )


def found_of(trial: Trial, later: bool) -> Found:
    """The primary analysis at the end, or at the follow-up."""
    found = trial.later if later else trial.adjusted
    assert found is not None
    return found


def truth_of(trial: Trial, later: bool) -> np.ndarray:
    """The true effects at the end, or at the follow-up."""
    truth = trial.truth_later if later else trial.truth
    assert truth is not None
    return truth


def from_parameters(
    true_d: np.ndarray, d: np.ndarray, sets: np.ndarray
) -> tuple[float, float, float]:
    """Share of the variance of `d` that lies between sets of parameters, with a 95 % interval.

    The variance between sets is that of the true standardised effect (analysis of variance, several
    trials a set): randomised, a trial's estimate is right on average, and the truth is far less
    noisy. The interval resamples sets.

    Parameters
    ----------
    true_d, d : array, one a trial
        True effect and estimate, both in standard deviations.
    sets : int array
        The set of each trial; at least some with more than one.

    Examples
    --------
    >>> sets = np.repeat(np.arange(4), 2)
    >>> twice = np.repeat([0.0, 1.0, 2.0, 3.0], 2)
    >>> from_parameters(twice, twice, sets)[0]
    1.0
    """
    names, member = np.unique(sets, return_inverse=True)
    if len(names) < 3 or len(names) == len(sets):
        return np.nan, np.nan, np.nan
    count = np.bincount(member)
    mean = np.bincount(member, weights=true_d) / count
    within = np.bincount(member, weights=(true_d - mean[member]) ** 2)
    whole = np.bincount(member, weights=d), np.bincount(member, weights=d * d)

    def share(times: np.ndarray) -> float:
        n, groups = float((times * count).sum()), float(times.sum())
        middle = (times * count * mean).sum() / n
        inside = (times * within).sum() / max(n - groups, 1.0)
        outside = (times * count * (mean - middle) ** 2).sum() / (groups - 1)
        size = (n - (times * count**2).sum() / n) / (groups - 1)
        total = (times * whole[1]).sum() / (n - 1) - (times * whole[0]).sum() ** 2 / n / (n - 1)
        return float(min(max((outside - inside) / size / total, 0.0), 1.0)) if total > 0 else np.nan

    chosen = np.random.default_rng(1).multinomial(
        len(names), np.full(len(names), 1 / len(names)), size=RESAMPLES
    )
    low, high = np.nanquantile([share(times) for times in chosen], PREDICTED)
    return share(np.ones(len(names))), float(low), float(high)


class Size(NamedTuple):
    """How many people a trial would need.

    Attributes
    ----------
    power : float
        Aimed at.
    analysed, enrolled : int
        In each arm, measured at the end, and to be randomised so that so many are; 0: no number
        would do.
    """

    power: float
    analysed: int
    enrolled: int


def needed(effect: float, variances: np.ndarray, power: float, lost: float) -> Size:
    """How many people a trial with equal arms needs to show an effect, by the usual formula.

    n = (z(0.975) + z(power))^2 (v_programme + v_usual) / effect^2 in each arm, where v is the
    variance of one person about the baseline's line, in the programme's arm times the design
    effect; divided by the share who are measured.

    Parameters
    ----------
    effect : float
    variances : array of two
        As in `Found.variances`.
    power, lost : float

    Examples
    --------
    The textbook's 64 in each arm for half a standard deviation, less what the approximation by the
    normal leaves out:

    >>> needed(0.5, np.array([1.0, 1.0]), 0.8, 0.0).analysed
    63
    """
    if effect <= 0:
        return Size(power, 0, 0)
    analysed = ceil(float(ndtri(0.975) + ndtri(power)) ** 2 * float(variances.sum()) / effect**2)
    return Size(power, analysed, ceil(analysed / (1.0 - lost)))


def power_at(effect: float, variances: np.ndarray, people: np.ndarray, lost: float) -> np.ndarray:
    """Power by the same formula for so many people in each arm."""
    error = np.sqrt(variances.sum() / (np.asarray(people) * (1.0 - lost)))
    return np.asarray(ndtr(effect / error - ndtri(0.975)))


def mean_variances(trials: Sequence[Trial], outcome: int) -> np.ndarray:
    """Variance of one person in each arm, design effect included: mean over trials."""
    return np.mean([trial.adjusted.variances[:, outcome] for trial in trials], axis=0)
