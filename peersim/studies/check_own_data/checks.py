"""What a list and the model are compared on, and where a list lies among those of the model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from peersim.kernel.catalogue import Sentence

NINE_IN_TEN = (0.05, 0.95)
AS_EXPECTED, LOWER, HIGHER, NO_ANSWER = "as_expected", "lower", "higher", "cannot_tell"
FEW_RUNS, SELDOM = "few_runs", "seldom"
"""Why there is no answer, if it is not for want of anything in the list: we ran too little, or most
of the model's lists do not have the number either."""

LEAST = 20
"""Lists of the model without which nothing is said."""


class Check(NamedTuple):
    """One number that is compared.

    Attributes
    ----------
    name : str
        In tables, and of its words.
    is_share : bool
        Whether it is a share; otherwise a number of visits or people.
    """

    name: str
    is_share: bool = True

    @property
    def label(self) -> Sentence:
        """What it is."""
        return Sentence(f"check_own_data.check.{self.name}")


CHECKS = (
    Check("came_back"),
    Check("early"),
    Check("later"),
    Check("still_4"),
    Check("still_12"),
    Check("still_26"),
    Check("missed"),
    Check("returned"),
    Check("visits", is_share=False),
    Check("busiest"),
    Check("size", is_share=False),
    Check("thin"),
)


def verdict(observed: float, low: float | None, high: float | None) -> str:
    """Say on which side of nine in ten of the model's lists a number lies, if that can be told.

    >>> verdict(0.5, 0.6, 0.9), verdict(0.7, 0.6, 0.9), verdict(0.7, None, None)
    ('lower', 'as_expected', 'cannot_tell')
    """
    if low is None or high is None or math.isnan(low):
        return NO_ANSWER
    return LOWER if observed < low else HIGHER if observed > high else AS_EXPECTED


def in_words(check: str, found: str) -> Sentence:
    """Put a verdict on a check into words."""
    return Sentence(f"check_own_data.{found}{f'.{check}' if found in (LOWER, HIGHER) else ''}")


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
    lists : int
        Model lists in all.
    """

    check: Check
    observed: float
    median: float
    low: float
    high: float
    below: float
    runs: int
    lists: int

    @property
    def verdict(self) -> str:
        """On which side of nine in ten of the model's lists it lies, or why there is no answer."""
        found = verdict(self.observed, self.low, self.high)
        if found != NO_ANSWER or math.isnan(self.observed):
            return found
        return FEW_RUNS if self.runs >= self.lists // 2 else SELDOM

    @property
    def is_miss(self) -> bool:
        """Whether the list lies outside nine in ten of the model's."""
        return self.verdict in (LOWER, HIGHER)


def _place(value: float, among: np.ndarray) -> float:
    return float(((among < value).sum() + 0.5 * (among == value).sum()) / len(among))


def fit_of(check: Check, observed: float, simulated: np.ndarray) -> Fit:
    """Place one number among those of the model's lists.

    >>> fit_of(CHECKS[0], 0.5, np.linspace(0.6, 0.9, 100)).verdict
    'lower'
    """
    known = simulated[np.isfinite(simulated)]
    counts = len(known), len(simulated)
    if math.isnan(observed) or len(known) < max(LEAST, len(simulated) // 2):
        return Fit(check, observed, math.nan, math.nan, math.nan, math.nan, *counts)
    low, high = map(float, np.quantile(known, NINE_IN_TEN))
    middle = float(np.median(known))
    return Fit(check, observed, middle, low, high, _place(observed, known), *counts)


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
    answered = [fit for fit in found if not math.isnan(fit.low)]
    values = np.array([[each[fit.check.name] for fit in answered] for each in simulated])
    low, high = (np.array([getattr(fit, name) for fit in answered]) for name in ("low", "high"))
    outside = ((values < low) | (values > high)).sum(axis=1)
    missed = sum(fit.is_miss for fit in answered)
    return Together(missed, len(answered), float(outside.mean()), float((outside >= missed).mean()))
