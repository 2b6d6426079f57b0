"""What a list and the model are compared on, and where a list lies among those of the model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from peersim.kernel.catalogue import Sentence

NINE_IN_TEN = (0.05, 0.95)
AS_EXPECTED, LOWER, HIGHER, NO_ANSWER = "as_expected", "lower", "higher", "cannot_tell"


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
    """

    check: Check
    observed: float
    median: float
    low: float
    high: float
    below: float
    runs: int

    @property
    def verdict(self) -> str:
        """On which side of nine in ten of the model's lists it lies."""
        return verdict(self.observed, self.low, self.high)

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
    if math.isnan(observed) or len(known) < max(20, len(simulated) // 2):
        return Fit(check, observed, math.nan, math.nan, math.nan, math.nan, len(known))
    low, high = map(float, np.quantile(known, NINE_IN_TEN))
    middle = float(np.median(known))
    return Fit(check, observed, middle, low, high, _place(observed, known), len(known))


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
    values = np.array([[each[fit.check.name] for fit in answered] for each in simulated])
    low, high = (np.array([getattr(fit, name) for fit in answered]) for name in ("low", "high"))
    outside = ((values < low) | (values > high)).sum(axis=1)
    missed = sum(fit.is_miss for fit in answered)
    return Together(missed, len(answered), float(outside.mean()), float((outside >= missed).mean()))
