"""A stand-in for the simulation that answers at once: each target as a quadratic function of all parameters.

Targets are fitted on a scale on which they have no bounds (log-odds for shares, logarithms for rates), by ridge
regression; how strong the ridge is, and how far the stand-in is off, come from leaving out one run at a time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from peersim.calibration.targets import AT_LEAST, AT_MOST, Target

RIDGES = 10.0 ** np.arange(-2, 5)
LOGGED = ("closes_in_a_month", "logged_on", "waiting_to_served", "hours_to_a_friend")
PLAIN = ("effect_of_a_course", "effect_of_peer_support", "score_without", "spread_without", "loneliness",
         "friends_outside")  # fmt: skip
_FLOOR = 0.003


def stretched(targets: tuple[Target, ...], values: np.ndarray) -> np.ndarray:
    """Values of the targets, in the last dimension, on scales without bounds."""
    found = np.array(values, dtype=float)
    for k, target in enumerate(targets):
        column = found[..., k]
        if target.name in LOGGED:
            found[..., k] = np.log(np.maximum(column, _FLOOR))
        elif target.name not in PLAIN:
            within = np.clip(column, _FLOOR, 1.0 - _FLOOR)
            found[..., k] = np.log(within / (1.0 - within))
    return found


def tolerances(targets: tuple[Target, ...]) -> np.ndarray:
    """Standard deviations of observation and discrepancy on those scales: half of what one up and one down make."""
    observed = np.array([target.observed for target in targets])
    width = np.array([target.tolerance for target in targets])
    return 0.5 * (stretched(targets, observed + width) - stretched(targets, observed - width))


def misses(targets: tuple[Target, ...], difference: np.ndarray) -> np.ndarray:
    """Differences, simulated less observed; nil where only the other direction would be a miss."""
    found = np.array(difference, dtype=float)
    for k, target in enumerate(targets):
        if target.sense == AT_LEAST:
            found[..., k] = np.minimum(found[..., k], 0.0)
        elif target.sense == AT_MOST:
            found[..., k] = np.maximum(found[..., k], 0.0)
    return found


def implausibility(targets: tuple[Target, ...], values: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """How many standard deviations of observation, discrepancy and simulation lie between simulated and observed.

    Parameters
    ----------
    targets : tuple of Target
    values : float array, ... x targets
        Simulated.
    noise : float array, targets
        Standard deviation of `values` from luck alone.
    """
    observed = np.array([target.observed for target in targets])
    width = np.array([target.tolerance for target in targets])
    return misses(targets, values - observed) / np.hypot(width, noise)


def features(unit: np.ndarray) -> np.ndarray:
    """Constant, each parameter from -1 to 1, and all their products two and two."""
    x = 2.0 * unit - 1.0
    i, j = np.triu_indices(x.shape[1])
    return np.concatenate([np.ones((len(x), 1)), x, x[:, i] * x[:, j]], axis=1)


class Emulator(NamedTuple):
    """Quadratic functions, one a target.

    Attributes
    ----------
    targets : tuple of Target
    weights : float array, features x targets
    error : float array, targets
        Standard deviation of what is left unexplained when a run is left out, on the stretched scales.
    explained : float array, targets
        Share of the variance between runs that is explained when a run is left out.
    """

    targets: tuple[Target, ...]
    weights: np.ndarray
    error: np.ndarray
    explained: np.ndarray

    def predict(self, unit: np.ndarray) -> np.ndarray:
        """Targets on the stretched scales, points x targets."""
        return features(unit) @ self.weights


def fit(targets: tuple[Target, ...], unit: np.ndarray, values: np.ndarray) -> Emulator:
    """Fit to runs: `unit` points x parameters, `values` points x targets; runs with undefined values are left out."""
    defined = np.isfinite(values).all(axis=1)
    y = stretched(targets, values[defined])
    x = features(unit[defined])
    middle = y.mean(axis=0)
    left, size, right = np.linalg.svd(x, full_matrices=False)
    turned = left.T @ (y - middle)
    chosen, error = np.zeros((len(size), y.shape[1])), np.full(y.shape[1], np.inf)
    for ridge in RIDGES:
        shrunk = size * size / (size * size + ridge)
        leverage = (left * left) @ shrunk
        rest = (y - middle - left @ (shrunk[:, None] * turned)) / (1.0 - np.minimum(leverage, 0.99))[:, None]
        left_out = np.sqrt((rest * rest).mean(axis=0))
        better = left_out < error
        error = np.where(better, left_out, error)
        chosen[:, better] = ((size / (size * size + ridge))[:, None] * turned)[:, better]
    weights = right.T @ chosen
    weights[0] += middle
    return Emulator(targets, weights, error, 1.0 - error**2 / np.maximum(y.var(axis=0), 1e-12))
