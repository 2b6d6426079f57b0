"""What a pattern's values say: the effect over sets of parameters, in how many it holds, and what
it needs.

Value k of a pattern was measured in the world of seed first + k, which went with one of the sets in
turn: sets are columns, worlds of a set are rows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from peersim.kernel.statistics import Estimate, estimate
from peersim.studies.patterns.pattern import FAILS, HOLDS, Expected

REVERSED, UNDECIDED, ABSENT, SILENT = "reversed", "undecided", "does not arise", "says nothing"
VERDICTS = (HOLDS, UNDECIDED, FAILS, REVERSED, ABSENT, SILENT)

NEEDS, HELPED, FREE, HELD_BACK, BLOCKED, OPEN = (
    "needs",
    "helped by",
    "does without",
    "held back by",
    "holds without",
    "cannot tell about",
)
SURE = 0.999
"""Level at which an effect counts as larger or smaller without a mechanism: some three hundred
pairs are compared."""

RESAMPLES = 400


def by_set(values: np.ndarray, sets: int) -> np.ndarray:
    """Values as worlds x sets."""
    return np.asarray(values, float).reshape(-1, sets)


def effect_of(values: np.ndarray, sets: int, level: float = 0.95) -> Estimate:
    """Mean effect with its interval: over the means of the sets, or over the runs where there is
    one set only.

    Worlds of one set have their parameters in common, so they do not count as independent.
    """
    return estimate(values if sets == 1 else _means(by_set(values, sets)), level)


def _means(table: np.ndarray) -> np.ndarray:
    known = np.isfinite(table)
    count = known.sum(axis=0)
    total = np.where(known, table, 0.0).sum(axis=0)
    return np.asarray(np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0))


def standing(found: Estimate, expected: Expected) -> str:
    """Verdict on an effect with its interval.

    >>> from peersim.studies.patterns.pattern import (above)
    >>> several = ([0.4, 0.5], [-0.4, -0.41], [-1, 1], [])
    >>> [standing(estimate(values), above(0.1)) for values in several]
    ['undecided', 'reversed', 'undecided', 'does not arise']
    """
    if found.runs == 0:
        return ABSENT
    verdict = expected.verdict(found)
    if verdict == FAILS and _is_reversed(found, expected):
        return REVERSED
    return verdict if verdict in (HOLDS, FAILS) else UNDECIDED


def _is_reversed(found: Estimate, expected: Expected) -> bool:
    if expected.direction == "above":
        return found.high < 0 and found.mean <= -expected.worth
    return expected.direction == "below" and found.low > 0 and found.mean >= expected.worth


# -- in how many sets ----------------------------------------------------------------------------


class Share(NamedTuple):
    """Share of the sets in which a pattern holds, with its interval, and how far sets differ.

    Attributes
    ----------
    share, low, high : float
    spread : float
        Standard deviation of the effect between sets, luck taken off.
    """

    share: float
    low: float
    high: float
    spread: float


NO_SHARE = Share(np.nan, np.nan, np.nan, np.nan)


def share_of_sets(values: np.ndarray, sets: int, expected: Expected) -> Share:
    """In what share of the sets the effect is as expected, and large enough to be named.

    A few worlds of a set tell its effect badly: counting sets whose mean has the right sign would
    call luck a difference between parameters. So the variance between sets is what is left of that
    of their means when luck is taken off, the effect of each set lies between its own mean and that
    of all (empirical Bayes), and the chances that it is as expected are added up. The interval
    comes from drawing the sets again.
    """
    table = by_set(values, sets)
    count = np.isfinite(table).sum(axis=0)
    known = count > 0
    if known.sum() < 3 or (count > 1).sum() < 3:
        return NO_SHARE
    table, count, means = table[:, known], count[known], _means(table[:, known])
    luck = float(np.nansum((table - means) ** 2) / (count - 1).sum()) / count
    rng = np.random.default_rng(len(means))
    again = rng.integers(0, len(means), (RESAMPLES, len(means)))
    found, spread = _chances(means[None, :], luck[None, :], expected)
    drawn, _ = _chances(means[again], luck[again], expected)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Share(float(found[0]), float(low), float(high), float(spread[0]))


def _chances(
    means: np.ndarray, luck: np.ndarray, expected: Expected
) -> tuple[np.ndarray, np.ndarray]:
    """For each row of means of sets: the mean chance that a set's effect is as expected, and their
    spread.
    """
    middle = means.mean(axis=1, keepdims=True)
    between = np.maximum(
        0.0, means.var(axis=1, ddof=1, keepdims=True) - luck.mean(axis=1, keepdims=True)
    )
    total = between + luck
    own = np.divide(between, total, out=np.ones_like(total), where=total > 0)
    effect = own * means + (1.0 - own) * middle
    variance = own * luck + (1.0 - own) ** 2 * total.mean(axis=1, keepdims=True) / means.shape[1]
    return _as_expected(effect, np.sqrt(variance), expected).mean(axis=1), np.sqrt(between[:, 0])


def _as_expected(effect: np.ndarray, error: np.ndarray, expected: Expected) -> np.ndarray:
    low, high = {
        "above": (expected.worth, np.inf),
        "below": (-np.inf, -expected.worth),
        "within": (expected.low, expected.high),
    }[expected.direction]
    return np.asarray(_below(high, effect, error) - _below(low, effect, error))


def _below(limit: float, effect: np.ndarray, error: np.ndarray) -> np.ndarray:
    sure = error > 0
    distance = np.divide(
        limit - effect, error, out=np.where(limit > effect, np.inf, -np.inf), where=sure
    )
    return np.asarray(ndtr(distance))


# -- what it needs -------------------------------------------------------------------------------


class Need(NamedTuple):
    """What taking one mechanism away does to a pattern.

    Attributes
    ----------
    role : str
        ``needs``, ``helped by``, ``does without``, ``held back by``, ``cannot tell about``; or, of
        a pattern that does not hold in the whole model, ``holds without`` (it does once the
        mechanism is gone), else nothing.
    change, low, high : float
        Effect of the whole model less that without the mechanism, pair by pair of runs, with 95 %
        interval.
    """

    role: str
    change: float
    low: float
    high: float


def need(full: np.ndarray, without: np.ndarray, sets: int, expected: Expected) -> Need:
    """What a pattern owes to a mechanism, from its values in the whole model and in the one
    without.

    It *needs* what it fails without (or is reversed, or does not arise), or without which it surely
    loses more than half of its size. It is *helped by* what makes it surely larger, and *held back
    by* what makes it surely smaller.
    """
    all_of_it, left = np.asarray(full, float), np.asarray(without, float)
    change = effect_of(all_of_it - left, sets)
    there, here = (standing(effect_of(values, sets), expected) for values in (all_of_it, left))
    if there != HOLDS:
        role = BLOCKED if here == HOLDS and there != UNDECIDED else ""
    elif here in (FAILS, REVERSED, ABSENT):
        role = NEEDS
    else:
        role = _role_by_size(all_of_it, left, sets, expected) or (FREE if here == HOLDS else OPEN)
    return Need(role, change.mean, change.low, change.high)


def _role_by_size(full: np.ndarray, without: np.ndarray, sets: int, expected: Expected) -> str:
    """What the size of the effect says where the pattern still holds, or is undecided; nothing if
    it says nothing.
    """
    if expected.direction == "within":
        return ""
    sign = 1.0 if expected.direction == "above" else -1.0
    change, half = (effect_of(sign * (share * full - without), sets, SURE) for share in (1.0, 0.5))
    if half.low > 0:
        return NEEDS
    if change.low > 0:
        return HELPED
    return HELD_BACK if change.high < 0 else ""
