"""What a questionnaire and an interview find of what is so: scores with their errors, at each
person's own week.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from peersim.kernel.chance import MEASURED
from peersim.model.outcomes import Measurement
from peersim.model.people import CHIME
from peersim.studies.trial.draws_of_many import COUNTED, ITEMS, normal

OUTCOMES = ("recovery", *CHIME, "ties")
"""In the order of columns: the recovery score (0-60), its five parts (0-1), people in touch."""

PRIMARY = OUTCOMES[0]
_PARTS = len(CHIME)
_TOP = 60.0


class Errors(NamedTuple):
    """Standard deviations: of the recovery score by its items and by a passing state, and of a
    count of ties.
    """

    item: float
    passing: float
    counted: float


def errors_of(measurement: Measurement, count_error: float) -> Errors:
    """Collect the errors from where they are declared."""
    return Errors(measurement.item_error, measurement.passing_error, count_error)


def true_scores(states: np.ndarray) -> np.ndarray:
    """Add the recovery score to states: 60 times the mean of the five.

    >>> true_scores(np.array([[0.5, 0.5, 0.5, 0.5, 0.5, 3.0]])).tolist()
    [[30.0, 0.5, 0.5, 0.5, 0.5, 0.5, 3.0]]
    """
    return np.column_stack([_TOP * states[:, :_PARTS].mean(axis=1), states])


def measure(
    states: np.ndarray, seed: int, weeks: np.ndarray, ids: np.ndarray, errors: Errors
) -> np.ndarray:
    """Measure people once, each in their own week.

    The error of the recovery score is that of the model's own table of people: item error and
    passing state (P15, P16). Each part rests on a fifth of the items, so its own item error is the
    square root of five times as large; the five add up to the error of the whole, and the passing
    state is the same in all of them. All scores are kept within their scale.

    Parameters
    ----------
    states : array, people x 6
        True states and number of people in touch.
    seed : int
    weeks, ids : int arrays
    errors : Errors

    Returns
    -------
    array, people x 7
        In the order of `OUTCOMES`.
    """
    whole, passing = normal(seed, MEASURED, weeks, ids)
    own = np.concatenate([normal(seed, ITEMS, weeks, ids, other=k) for k in range(3)])[:_PARTS]
    own -= own.mean(axis=0)  # what is left is independent of the error of the whole
    parts = errors.item * (whole + np.sqrt(_PARTS) * own) + errors.passing * passing
    score = _TOP * states[:, :_PARTS].mean(axis=1) + errors.item * whole + errors.passing * passing
    ties = states[:, _PARTS] + errors.counted * normal(seed, COUNTED, weeks, ids)[0]
    return np.column_stack(
        [
            np.clip(score, 0, _TOP),
            np.clip(states[:, :_PARTS] + parts.T / _TOP, 0, 1),
            np.maximum(ties, 0),
        ]
    )
