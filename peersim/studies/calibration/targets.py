"""What a target is: what was observed, how sure that is, and where it is measured in the model; and
what was left out and why.

The uncertainty of a target has two parts. `error` is that of the observation: from the published
interval or number of people where there is one, else a declared width. `discrepancy` is how far the
model could be off although its parameters were right, because those people and programmes were
others, or because what is counted is not quite the same. Both are standard deviations; the
simulation's own noise is measured and added later. A pooled mean of trials says little of one
programme: there, `error` is the standard deviation of a prediction, which is the mean's error and
the spread between trials together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from peersim.kernel.catalogue import Sentence
from peersim.studies.calibration.settings import SettingRun

Runs = Mapping[str, SettingRun]
"""One finished world for each setting, by the name of the setting."""

TWO_SIDED, AT_LEAST, AT_MOST = "value", "at least", "at most"


class Ratio(NamedTuple):
    """A value as its numerator and denominator; not defined where there is nobody to divide by."""

    part: float
    whole: float

    @property
    def value(self) -> float:
        """The quotient; NaN if it is not defined."""
        return float(self.part) / float(self.whole) if self.whole > 0 else math.nan


class Target(NamedTuple):
    """One figure to be met.

    Attributes
    ----------
    name : str
    group : int
        Which of the groups of targets.
    evidence : str
        Keys into the evidence table.
    setting : str
        Settings in which it is measured.
    observed : float
    measure : callable
        From finished worlds to a numerator and a denominator.
    error, discrepancy : float
    sense : str
        ``value``, or ``at least`` or ``at most`` where only one direction is a miss.
    """

    name: str
    group: int
    evidence: str
    setting: str
    observed: float
    measure: Callable[[Runs], Ratio]
    error: float
    discrepancy: float
    sense: str = TWO_SIDED

    @property
    def label(self) -> str:
        """What it is, for people, in English."""
        return Sentence(f"calibration.targets.{self.name}").english

    @property
    def why(self) -> str:
        """How the figure and its uncertainty come from the evidence, in English."""
        return Sentence(f"calibration.why.{self.name}").english

    @property
    def definition(self) -> str:
        """What is divided by what, in English."""
        return " ".join((self.measure.__doc__ or "").split())

    @property
    def tolerance(self) -> float:
        """Standard deviation of observation and discrepancy together."""
        return math.hypot(self.error, self.discrepancy)


GROUPS = {
    1: "match life",
    2: "courses",
    3: "platforms",
    4: "supporters",
    5: "recovery",
    6: "the start",
    7: "ties",
    8: "how leaving spreads",
}

REGISTERED: list[Target] = []


def observed(
    group: int, setting: str, evidence: str, value: float, **uncertainty: Any
) -> Callable[[Callable[[Runs], Ratio]], Callable[[Runs], Ratio]]:
    """Make a target of a measurement, under its name; see `Target`."""

    def register(measure: Callable[[Runs], Ratio]) -> Callable[[Runs], Ratio]:
        name = measure.__name__
        REGISTERED.append(Target(name, group, evidence, setting, value, measure, **uncertainty))
        return measure

    return register


NOT_USED = ("O02", "G12", "N08", "N16", "T08", "X07", "O04", "Q44")
"""Rows of the seven groups that are no targets, or only in part."""


def settings_needed(targets: tuple[Target, ...]) -> tuple[str, ...]:
    """Names of the settings that must be run for some targets."""
    return tuple(dict.fromkeys(name for target in targets for name in target.setting.split()))
