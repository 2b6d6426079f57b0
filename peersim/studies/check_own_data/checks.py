"""What a list and the model are compared on, in plain words, and the verdict on each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from peersim.studies.check_own_data.attendance import MISSED_PERIODS, THIN

NINE_IN_TEN = (0.05, 0.95)
AS_EXPECTED = "as the model expects"
NO_ANSWER = "too few people, or too short a list, to tell"


class Check(NamedTuple):
    """One number that is compared.

    Attributes
    ----------
    name, label : str
    is_share : bool
    lower, higher : str
        The verdict where the list lies below, or above, nine in ten of the model's lists.
    curve : str
        The figure it is shown in.
    """

    name: str
    label: str
    is_share: bool
    lower: str
    higher: str
    curve: str


CHECKS = (
    Check(
        "came_back",
        "come again after their first visit",
        True,
        "fewer come back after the first visit than the model expects",
        "more come back after the first visit than the model expects",
        "visits",
    ),
    Check(
        "early",
        "come in a week, weeks 1 to 4",
        True,
        "in the first weeks people come less often than the model expects",
        "in the first weeks people come more often than the model expects",
        "coming",
    ),
    Check(
        "later",
        "come in a week, weeks 5 to 12",
        True,
        "from the second month on people come less often than the model expects",
        "from the second month on people come more often than the model expects",
        "coming",
    ),
    Check(
        "still_4",
        "seen in week 4 or later",
        True,
        "more have stopped by week 4 than the model expects",
        "fewer have stopped by week 4 than the model expects",
        "still",
    ),
    Check(
        "still_12",
        "seen in week 12 or later",
        True,
        "more have stopped by week 12 than the model expects",
        "fewer have stopped by week 12 than the model expects",
        "still",
    ),
    Check(
        "still_26",
        "seen in week 26 or later",
        True,
        "more have stopped by week 26 than the model expects",
        "fewer have stopped by week 26 than the model expects",
        "still",
    ),
    Check(
        "missed",
        "missed, between first and last visit",
        True,
        "those who stay miss fewer meetings than the model expects",
        "those who stay miss more meetings than the model expects",
        "coming",
    ),
    Check(
        "returned",
        f"come again after {MISSED_PERIODS} or more missed in a row",
        True,
        "fewer come back after a break than the model expects",
        "more come back after a break than the model expects",
        "coming",
    ),
    Check(
        "visits",
        "visits a person",
        False,
        "people come fewer times in all than the model expects",
        "people come more times in all than the model expects",
        "visits",
    ),
    Check(
        "busiest",
        "of all visits, by the busiest fifth",
        True,
        "visits are spread more evenly over people than the model expects",
        "a few people make more of the visits than the model expects",
        "visits",
    ),
    Check(
        "size",
        "people present at a meeting",
        False,
        "fewer sit together than the model expects",
        "more sit together than the model expects",
        "size",
    ),
    Check(
        "thin",
        f"meetings with fewer than {THIN} present",
        True,
        "thin meetings are rarer than the model expects",
        "there are more thin meetings than the model expects",
        "size",
    ),
)


class Fit(NamedTuple):
    """How one number of a list lies among those of the model's lists.

    Attributes
    ----------
    check : Check
    observed, median, low, high : float
        `low` to `high` holds nine in ten of the model's lists.
    below : float
        Share of the model's lists below the observed number (half of those that equal it).
    runs : int
        Model lists that have the number.
    verdict : str
    """

    check: Check
    observed: float
    median: float
    low: float
    high: float
    below: float
    runs: int
    verdict: str

    @property
    def is_miss(self) -> bool:
        """Whether the list lies outside nine in ten of the model's."""
        return self.verdict not in (AS_EXPECTED, NO_ANSWER)


def _place(value: float, among: np.ndarray) -> float:
    return float(((among < value).sum() + 0.5 * (among == value).sum()) / len(among))


def fit_of(check: Check, observed: float, simulated: np.ndarray) -> Fit:
    """Place one number among those of the model's lists.

    >>> fit_of(CHECKS[0], 0.5, np.linspace(0.6, 0.9, 100)).verdict
    'fewer come back after the first visit than the model expects'
    """
    known = simulated[np.isfinite(simulated)]
    if math.isnan(observed) or len(known) < max(20, len(simulated) // 2):
        return Fit(check, observed, math.nan, math.nan, math.nan, math.nan, len(known), NO_ANSWER)
    low, high = np.quantile(known, NINE_IN_TEN)
    verdict = check.lower if observed < low else check.higher if observed > high else AS_EXPECTED
    return Fit(
        check,
        observed,
        float(np.median(known)),
        float(low),
        float(high),
        _place(observed, known),
        len(known),
        verdict,
    )


def fits(observed: Mapping[str, float], simulated: Sequence[Mapping[str, float]]) -> list[Fit]:
    """Place every number."""
    return [
        fit_of(check, observed[check.name], np.array([each[check.name] for each in simulated]))
        for check in CHECKS
    ]


class Together(NamedTuple):
    """All checks as one.

    Attributes
    ----------
    missed, answered : int
        Checks outside nine in ten of the model's lists, and all that have an answer.
    usual : float
        How many a list of the model itself misses, on average.
    as_many : float
        Share of the model's own lists that miss as many.
    """

    missed: int
    answered: int
    usual: float
    as_many: float


def together(found: Sequence[Fit], simulated: Sequence[Mapping[str, float]]) -> Together:
    """Say how unusual it is to miss so many: some checks miss by chance, and several of them say
    the same thing.
    """
    answered = [fit for fit in found if fit.verdict != NO_ANSWER]
    if not answered:
        return Together(0, 0, math.nan, math.nan)
    values = np.array([[each[fit.check.name] for fit in answered] for each in simulated])
    low, high = (np.array([getattr(fit, name) for fit in answered]) for name in ("low", "high"))
    outside = ((values < low) | (values > high)).sum(axis=1)
    missed = sum(fit.is_miss for fit in answered)
    return Together(missed, len(answered), float(outside.mean()), float((outside >= missed).mean()))
