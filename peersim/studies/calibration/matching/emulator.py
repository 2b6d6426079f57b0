"""A stand-in for the simulation that answers at once: each target as a quadratic function of all
parameters.

Targets are fitted on a scale on which they have no bounds (log-odds for shares, logarithms for
rates), by ridge regression; how strong the ridge is, and how far the stand-in is off, come from
leaving out one run at a time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from peersim.studies.calibration.targets import AT_LEAST, AT_MOST, Target

RIDGES = 10.0 ** np.arange(-1, 5)
LOGGED = ("closes_in_a_month", "logged_on", "waiting_to_served", "hours_to_a_friend")
PLAIN = (
    "effect_of_a_course",
    "effect_of_peer_support",
    "score_without",
    "spread_without",
    "loneliness",
    "friends_outside",
)
_FLOOR = 0.003


def stretched(targets: tuple[Target, ...], values: np.ndarray) -> NDArray[np.float64]:
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
    """Standard deviations of observation and discrepancy on those scales: half of what one up and
    one down make.
    """
    observed = np.array([target.observed for target in targets])
    width = np.array([target.tolerance for target in targets])
    return 0.5 * (stretched(targets, observed + width) - stretched(targets, observed - width))


def misses(targets: tuple[Target, ...], difference: np.ndarray) -> NDArray[np.float64]:
    """Differences, simulated less observed; nil where only the other direction would be a miss."""
    found = np.array(difference, dtype=float)
    for k, target in enumerate(targets):
        if target.sense == AT_LEAST:
            found[..., k] = np.minimum(found[..., k], 0.0)
        elif target.sense == AT_MOST:
            found[..., k] = np.maximum(found[..., k], 0.0)
    return found


def implausibility(
    targets: tuple[Target, ...], values: np.ndarray, noise: np.ndarray
) -> np.ndarray:
    """How many standard deviations of observation, discrepancy and simulation lie between simulated
    and observed.

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
    return np.asarray(misses(targets, values - observed) / np.hypot(width, noise))


RUNS_A_TERM = 1.3
"""With fewer runs than this for each term, products of different parameters are left out."""


def _terms(runs: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Which parameters are multiplied with which: each with itself, and with all others if there
    are runs enough.
    """
    i, j = np.triu_indices(d)
    return (i, j) if runs >= RUNS_A_TERM * (1 + d + len(i)) else (np.arange(d), np.arange(d))


def _features(unit: np.ndarray, terms: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Constant, each parameter from -1 to 1, and products two and two."""
    x = 2.0 * unit - 1.0
    return np.concatenate([np.ones((len(x), 1)), x, x[:, terms[0]] * x[:, terms[1]]], axis=1)


class Emulator(NamedTuple):
    """Quadratic functions, one a target.

    Attributes
    ----------
    targets : tuple of Target
    constant : float array, targets
    slopes : float array, parameters x targets
    products : float array, parameters x (parameters x targets)
        Weights of the products of two parameters, both ways round, laid out for one product of
        matrices.
    error : float array, targets
        Standard deviation of what is left unexplained when a run is left out, on the stretched
        scales.
    explained : float array, targets
        Share of the variance between runs that is explained when a run is left out.
    """

    targets: tuple[Target, ...]
    constant: NDArray[np.float64]
    slopes: NDArray[np.float64]
    products: NDArray[np.float64]
    error: np.ndarray
    explained: np.ndarray

    def predict(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """Targets on the stretched scales, points x targets."""
        x = 2.0 * unit - 1.0
        twice = (x @ self.products).reshape(len(x), x.shape[1], -1)
        return self.constant + x @ self.slopes + (x[:, None, :] @ twice)[:, 0]


def fit(targets: tuple[Target, ...], unit: np.ndarray, values: np.ndarray) -> Emulator:
    """Fit to runs: `unit` points x parameters, `values` points x targets; runs with undefined
    values are left out.
    """
    defined = np.isfinite(values).all(axis=1)
    y = stretched(targets, values[defined])
    terms = _terms(len(y), unit.shape[1])
    x = _features(unit[defined], terms)
    middle = y.mean(axis=0)
    left, size, right = np.linalg.svd(x, full_matrices=False)
    turned = left.T @ (y - middle)
    chosen, error = np.zeros((len(size), y.shape[1])), np.full(y.shape[1], np.inf)
    for ridge in RIDGES:
        shrunk = size * size / (size * size + ridge)
        leverage = (left * left) @ shrunk
        rest = (y - middle - left @ (shrunk[:, None] * turned)) / np.maximum(1.0 - leverage, 1e-9)[
            :, None
        ]
        left_out = np.sqrt((rest * rest).mean(axis=0))
        better = left_out < error
        error = np.where(better, left_out, error)
        chosen[:, better] = ((size / (size * size + ridge))[:, None] * turned)[:, better]
    weights = right.T @ chosen
    explained = 1.0 - error**2 / np.maximum(y.var(axis=0), 1e-12)
    return Emulator(targets, *_laid_out(weights, unit.shape[1], terms, middle), error, explained)


def _laid_out(
    weights: np.ndarray, d: int, terms: tuple[np.ndarray, np.ndarray], middle: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    products = np.zeros((d, d, weights.shape[1]))
    products[terms[0], terms[1]] += 0.5 * weights[1 + d :]
    products[terms[1], terms[0]] += 0.5 * weights[1 + d :]
    return weights[0] + middle, weights[1 : 1 + d], products.reshape(d, -1)
