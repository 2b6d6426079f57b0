"""What a list and the model are compared on, in plain words, and the verdict on each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from peersim.kernel.catalogue import Sentence

NINE_IN_TEN = (0.05, 0.95)
AS_EXPECTED = "as the model expects"
NO_ANSWER = "too few people, or too short a list, to tell"


class Check(NamedTuple):
    """One number that is compared.

    Attributes
    ----------
    name : str
        In tables, and of its words.
    is_share : bool
    curve : str
        The figure it is shown in.
    """

    name: str
    is_share: bool
    curve: str

    def words(self, which: str = "check") -> str:
        """What it is (``check``), or the verdict where a list lies ``lower`` or ``higher`` than nine
        in ten of the model's; as tables say it.
        """
        return Sentence(f"check_own_data.{which}.{self.name}").english


CHECKS = (
    Check("came_back", True, "visits"),
    Check("early", True, "coming"),
    Check("later", True, "coming"),
    Check("still_4", True, "still"),
    Check("still_12", True, "still"),
    Check("still_26", True, "still"),
    Check("missed", True, "coming"),
    Check("returned", True, "coming"),
    Check("visits", False, "visits"),
    Check("busiest", True, "visits"),
    Check("size", False, "size"),
    Check("thin", True, "size"),
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
    verdict = AS_EXPECTED
    if not low <= observed <= high:
        verdict = check.words("lower" if observed < low else "higher")
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
