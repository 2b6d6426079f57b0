"""What two designs come to, outcome by outcome: bands, dots, and a verdict in people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from peersim.faces.answers.years import Years
from peersim.kernel.statistics import BETTER, HIGHER, LOWER, WORSE
from peersim.model.outcomes import compared
from peersim.presentation.in_people import NINE_IN_TEN, dots, one_in, verdict

BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
LOW_MIDDLE_HIGH = (0.05, 0.5, 0.95)
DIGITS = 4
"""Decimals of what is not counted in kroner or hours."""
_TOLD = {BETTER: "better", WORSE: "worse", HIGHER: "higher", LOWER: "lower"}
_UNNAMED = ("small", "alike", "cannot_tell", "one_year", "unknown")


def quantiles(values: np.ndarray, shares: Sequence[float] = BANDS) -> np.ndarray:
    """Quantiles over the first axis that are values which occur: sorting them is all it takes.

    Parameters
    ----------
    values : array, year x ...
        NaN is left out; where there is nothing else the result is NaN.
    shares : sequence of float

    >>> quantiles(np.array([[3.0], [1.0], [2.0], [np.nan]]), (0.0, 0.5, 1.0)).ravel().tolist()
    [1.0, 2.0, 3.0]
    """
    known = len(values) - np.isnan(values).sum(axis=0)
    places = [np.floor(share * np.maximum(known - 1, 0) + 0.5).astype(int) for share in shares]
    found: np.ndarray = np.take_along_axis(np.sort(values, axis=0), np.array(places), axis=0)
    return found


def listed(values: Any, digits: int = DIGITS) -> Any:
    """Numbers for JSON: rounded, and null where there is none.

    >>> listed(np.array([0.123456, np.nan])), listed(float("inf"))
    ([0.1235, None], None)
    """
    array = np.asarray(values, float)
    rounded = np.atleast_1d(np.round(array, digits)).astype(object)
    rounded[~np.isfinite(np.atleast_1d(array))] = None
    return rounded.tolist() if array.ndim else rounded[0]


def about_outcome(a: Years, b: Years, outcome: str, invited: int) -> dict[str, Any]:
    """What comes out for one outcome: B less A, pair by pair.

    Returns
    -------
    dict
        ``a``, ``b``: quantiles by week. ``dots``: differences, each for as many years as any other.
        ``years``: their ends in nine years of ten. ``difference``: their mean and its interval.
        ``in_people``: the same as they are said, ends rounded outwards and never below zero, with
        `kind` and `mean_kind` (``fewer``, ``more``, ``fewer_up_to``, ``more_up_to``, ``both_ways``,
        ``none``), seen from the design `about`; ``of``: how many people, 0 if it is not about
        people; ``one_in``: of how many people one is what is worth naming. ``better``, ``alike``:
        years in which that design is better, and both the same.
        ``verdict``: of B: better, worse, higher, lower, alike, cannot_tell.
    """
    first, second = a.end(outcome), b.end(outcome)
    found, gaps = compared(outcome, second, first), second - first
    said = verdict(gaps, (found.low, found.high), outcome, invited)
    spoken = {
        "about": "b" if said.about == "second" else "a",
        "of": said.of,
        "one_in": one_in(outcome, invited),
        "kind": said.years.kind,
        "years": [said.years.low, said.years.high],
        "mean_kind": said.mean.kind,
        "mean": [listed(found.difference * (said.of or 1)), said.mean.low, said.mean.high],
    }
    return {
        "a": listed(quantiles(a.weeks(outcome))),
        "b": listed(quantiles(b.weeks(outcome))),
        "dots": listed(dots(gaps)),
        "years": listed(quantiles(gaps, NINE_IN_TEN)),
        "difference": listed([found.difference, found.low, found.high]),
        "in_people": spoken,
        "better": said.wins,
        "alike": said.alike,
        "verdict": _TOLD.get(found.verdict, said.kind if said.kind == "cannot_tell" else "alike"),
        "worth_naming": said.kind not in _UNNAMED,
    }
