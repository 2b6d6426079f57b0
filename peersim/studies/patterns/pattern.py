"""What a pattern is: a claim about the model, how it is measured, and what would make it hold or
fail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.kernel.statistics import Estimate, estimate
from peersim.studies.patterns.finding import Finding, together

if TYPE_CHECKING:
    from peersim.studies.patterns.laboratory import Laboratory

HOLDS, FAILS, UNCLEAR = "holds", "fails", "unclear"
BUILT_IN, EMERGENT = "built in", "emergent"


@dataclass(frozen=True)
class Expected:
    """Where the effect should lie.

    Attributes
    ----------
    direction : str
        ``"above"`` or ``"below"`` zero, or ``"within"`` `low` and `high`.
    worth : float
        Smallest effect worth naming: an interval that stays short of it is a failure, whatever its
        sign.
    low, high : float
        For ``"within"``.
    """

    direction: str
    worth: float = 0.0
    low: float = -np.inf
    high: float = np.inf

    def verdict(self, found: Estimate) -> str:
        """Whether an interval says that the pattern holds, that it fails, or neither.

        >>> above(0.1).verdict(estimate([0.4, 0.5, 0.6]))
        'holds'
        >>> above(0.1).verdict(estimate([0.01, 0.02, 0.03]))
        'fails'
        >>> within(1, 2).verdict(estimate([1.9, 2.0, 2.1]))
        'unclear'
        """
        if found.runs == 0 or not np.isfinite([found.low, found.high]).all():
            return UNCLEAR
        if self.direction == "within":
            return self._verdict_within(found)
        low, high = (
            (found.low, found.high) if self.direction == "above" else (-found.high, -found.low)
        )
        if high <= self.worth:
            return FAILS
        return HOLDS if low > 0 else UNCLEAR

    def _verdict_within(self, found: Estimate) -> str:
        if self.low <= found.low and found.high <= self.high:
            return HOLDS
        return FAILS if found.low > self.high or found.high < self.low else UNCLEAR


def above(worth: float) -> Expected:
    """An effect above zero, and at least `worth` if it is to be named."""
    return Expected("above", worth)


def below(worth: float) -> Expected:
    """An effect below zero, and at least `worth` in size if it is to be named."""
    return Expected("below", worth)


def within(low: float, high: float) -> Expected:
    """An effect inside a range."""
    return Expected("within", 0.0, low, high)


@dataclass(frozen=True)
class Pattern:
    """One thing a credible model shows; what it claims, and why it is of its kind, stand in the
    catalogue under ``patterns.<key>``.

    Attributes
    ----------
    key : str
        Row of the table in docs/ODD.md (``A1`` to ``A25``), with a letter where a row claims
        several things.
    source : str
        ``T`` or ``P``; ``(a)`` where it rests on an assumption or an inference.
    kind : str
        ``"built in"`` where a rule states it nearly directly, else ``"emergent"``: only these
        support the model.
    expected : Expected
    unit : str
        Unit of the effect.
    measure : function of a Laboratory
        Returns a `Finding`.
    runs : int
        How many times the usual number of runs it takes.
    """

    key: str
    source: str
    kind: str
    expected: Expected
    unit: str
    measure: Callable[[Laboratory], Finding]
    runs: int = 1

    @property
    def claim(self) -> Sentence:
        """What should be seen."""
        return Sentence(f"patterns.{self.key}.claim")

    @property
    def why(self) -> Sentence:
        """Why it is of its kind."""
        return Sentence(f"patterns.{self.key}.why")

    def row(self, laboratory: Laboratory) -> dict[str, Any]:
        """Measure it: one row of the scoreboard."""
        finding = self.measure(laboratory)
        found = estimate(finding.values)
        return {
            "key": self.key,
            "claim": str(self.claim),
            "kind": self.kind,
            "effect": found.mean,
            "low": found.low,
            "high": found.high,
            "unit": self.unit,
            "verdict": self.expected.verdict(found),
            "note": together(finding.all_remarks()),
        }
