"""From numbers to what they mean in people: how a comparison of two designs may go in a year, how
it goes on average, which design is better, and whether that is worth naming. The words stand in the
catalogue.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from peersim.kernel.catalogue import Sentence, Value
from peersim.kernel.statistics import is_small
from peersim.model.outcomes import OUTCOMES, PERSONAL, named_of, smallest_of

SMALL, ALIKE, CANNOT_TELL = "small", "alike", "cannot_tell"
ONE_YEAR, UNKNOWN = "one_year", "unknown"
NINE_IN_TEN = (0.05, 0.95)
DOTS = 50
HUNDRED = 100
ROUNDING = 1e-9

Origin = Mapping[str, str]
NOWHERE: Origin = MappingProxyType({})

_BY_NAME = {outcome.name: outcome for outcome in OUTCOMES}
_STEPS = {
    "share": 1.0,
    "0-1": 0.01,
    "points 0-60": 0.1,
    "people": 0.1,
    "steps": 0.1,
    "matches": 1.0,
    "weeks": 0.1,
    "hours/week": 0.1,
    "hours": 1.0,
    "DKK": 1000.0,
}
"""What the ends of a range are rounded to; shares are counted in people."""
_FORMS = {"0-1": "2", "points 0-60": "1", "people": "1", "steps": "1", "weeks": "1"} | {
    "hours/week": "1",
    "DKK": "kr",
}
TOLD = ("isolated", "retained", "never_reached", "harmed")
"""Outcomes that have a sentence of their own."""


class Range(NamedTuple):
    """From where to where something goes, its ends rounded outwards.

    Attributes
    ----------
    kind : str
        ``fewer`` or ``more`` (from `low` to `high`), ``fewer_up_to`` or ``more_up_to`` (from none
        to `high`), ``both_ways`` (from `low` fewer to `high` more), ``none``.
    low, high : float
        Never below zero.
    """

    kind: str
    low: float
    high: float

    @property
    def form(self) -> str:
        """The kind, for a sentence: where both ends are one, ``fewer_by`` or ``more_by``."""
        is_one = self.low == self.high and self.kind in ("fewer", "more")
        return f"{self.kind}_by" if is_one else self.kind

    @property
    def turned(self) -> Range:
        """The same, seen from the other design."""
        if self.kind == "both_ways":
            return Range(self.kind, self.high, self.low)
        other = {"fewer": "more", "more": "fewer"} | {
            "fewer_up_to": "more_up_to",
            "more_up_to": "fewer_up_to",
        }
        return Range(other.get(self.kind, self.kind), self.low, self.high)


@dataclass(frozen=True)
class Verdict:
    """What a comparison of two designs comes to.

    Attributes
    ----------
    outcome : str
    kind : str
        That of `years`, where one design is better (or higher) and the difference worth naming.
        ``small``: told from none, and hardly to be noticed. ``alike``: within what is worth naming.
        ``cannot_tell``. ``one_year``: there is one year only. ``unknown``: there is none.
    about : {"first", "second"}
        Which design has fewer or more than the other: the better one, otherwise the second.
    years : Range
        How it goes in nine years of ten, seen from the design that this is about.
    mean : Range
        Likewise how it goes on average: the interval of the mean.
    better : {"first", "second", ""}
        Empty also where neither direction is better.
    runs, wins, alike : int
        Years; those of them in which the design that this is about is better (has more, where
        neither direction is better); those in which both come out the same.
    of : int
        How many people it is counted among; 0 if it is not counted in people.
    """

    outcome: str
    kind: str
    about: str
    years: Range
    mean: Range
    better: str
    runs: int
    wins: int
    alike: int
    of: int


def verdict(
    differences: ArrayLike, mean: tuple[float, float], outcome: str, invited: int
) -> Verdict:
    """Say what a comparison comes to.

    Parameters
    ----------
    differences : array of float
        Second design less first, one value a year, in the unit of the outcome; NaN is left out.
    mean : (float, float)
        The interval of their mean.
    outcome : str
    invited : int
        How many people are invited.

    Examples
    --------
    >>> found = verdict([-0.1, -0.2, -0.3, -0.4], (-0.4, -0.1), "isolated", 40)
    >>> found.kind, found.about, found.better, found.years.low, found.years.high, found.of
    ('fewer', 'second', 'second', 4.0, 16.0, 40)
    >>> verdict([-0.1, 0.1, 0.2, 0.2], (-0.1, 0.3), "isolated", 40).kind
    'cannot_tell'
    >>> found = verdict([0.001, 0.002, 0.001], (0.0005, 0.002), "isolated", 40)
    >>> found.kind, found.better
    ('small', 'first')
    """
    about_it, of = _BY_NAME[outcome], among(outcome, invited)
    gaps = _known(differences)
    told = len(gaps) > 1 and (mean[0] > 0 or mean[1] < 0)
    about, better = _sides(about_it.better if told else "", sum(mean) > 0)
    seen, ends = (gaps, mean) if about == "second" else (-gaps, (-mean[1], -mean[0]))
    nine = np.quantile(seen, NINE_IN_TEN, method="nearest") if len(seen) else (np.nan, np.nan)
    years = outwards(nine[0], nine[1], outcome, of)
    return Verdict(
        outcome=outcome,
        kind=_kind(gaps, told, mean, years, (outcome, invited)),
        about=about,
        years=years,
        mean=outwards(*ends, outcome, of),
        better=better,
        runs=len(gaps),
        wins=int(np.sum((-seen if about_it.better == "lower" else seen) > ROUNDING)),
        alike=int(np.sum(np.abs(gaps) <= ROUNDING)),
        of=of,
    )


def among(outcome: str, invited: int) -> int:
    """Say among how many people a share is counted: those invited, or a hundred where it is not
    about them; 0 for what is no share.

    >>> among("isolated", 40), among("isolated_reached", 40), among("connectedness", 40)
    (40, 100, 0)
    """
    if _BY_NAME[outcome].unit != "share":
        return 0
    return invited if outcome in PERSONAL else HUNDRED


def worth_naming(outcome: str, invited: int) -> float:
    """Give the least difference between two means that is worth naming, in the unit of the outcome:
    what the catalogue of outcomes says, and of people at least one.

    >>> worth_naming("isolated", 40), worth_naming("isolated", 400), worth_naming("hope", 40)
    (0.025, 0.02, 0.03)
    """
    least, of = named_of(outcome), among(outcome, invited)
    return max(least, 1 / of) if of else least


def one_in(outcome: str, invited: int) -> int:
    """Give of how many people one is what is worth naming; 0 for what is not counted in people.

    >>> one_in("isolated", 40), one_in("isolated", 400), one_in("hope", 40)
    (40, 50, 0)
    """
    return round(1 / worth_naming(outcome, invited)) if among(outcome, invited) > 0 else 0


def dots(values: ArrayLike, count: int = DOTS) -> list[float]:
    """Give so many values that stand for all: each for as many years as any other. Without a mean,
    which draws the eye away from how the years differ.

    >>> dots([5.0, 1.0, 3.0], 3)
    [1.0, 3.0, 5.0]
    """
    known = np.sort(_known(values))
    places = (2 * np.arange(count) + 1) * len(known) // (2 * count)
    return [float(value) for value in known[places]] if len(known) else []


def of_second(found: Verdict) -> Verdict:
    """Give a verdict as it looks from the second design, whichever is better."""
    if found.about == "second":
        return found
    ranges = found.years.turned, found.mean.turned
    return replace(
        found,
        about="second",
        years=ranges[0],
        mean=ranges[1],
        kind=ranges[0].kind if is_told(found) else found.kind,
        wins=found.runs - found.wins - found.alike,
    )


def span(found: Verdict, ends: Range, origin: Origin = NOWHERE) -> Sentence:
    """Say from where to where something goes: "3 to 7 fewer"."""
    return said(ends, found.outcome, found.of, origin)


def said(ends: Range, outcome: str, of: int, origin: Origin = NOWHERE) -> Sentence:
    """Say from where to where an outcome goes, counted among so many people (0: not in people)."""
    about = "span" if of or _BY_NAME[outcome].unit == "matches" else "size"
    return Sentence(f"in_people.{about}.{ends.form}", _ends(outcome, ends, origin))


def told(
    found: Verdict, names: Mapping[str, str], label: str, origin: Origin = NOWHERE
) -> Sentence:
    """Say how a difference goes that is worth naming: in nine years of ten, and on average.

    Parameters
    ----------
    found : Verdict
        Whose kind is that of its years.
    names : mapping
        Of the designs, by ``first`` and ``second``.
    label : str
        Of the outcome.
    origin : mapping
        Where the numbers come from.
    """
    values = {"name": names[found.about], "of": found.of, "outcome": label}
    values |= {"mean": span(found, found.mean, origin)}
    if (outcome := found.outcome) in TOLD:
        ends = _ends(outcome, found.years, origin)
        return Sentence(f"in_people.{outcome}.{found.years.form}", values | ends)
    values["span"] = span(found, found.years, origin)
    return Sentence(f"in_people.told.{'people' if found.of else 'scale'}", values)


def years(found: Verdict, names: Mapping[str, str]) -> Sentence:
    """Say in how many years the design that this is about is better."""
    key = "alike" if found.alike else "all"
    values = {"n": found.wins, "of": found.runs, "k": found.alike, "name": names[found.about]}
    return Sentence(f"in_people.years.{key}", values)


def is_told(found: Verdict) -> bool:
    """Whether one design is better, or higher, by as much as is worth naming."""
    return found.kind == found.years.kind


def is_a_little(found: Verdict) -> bool:
    """Whether one design is better, by less than is worth naming."""
    return found.kind == SMALL and bool(found.better)


def _ends(outcome: str, ends: Range, origin: Origin) -> dict[str, Value]:
    form = _FORMS.get(_BY_NAME[outcome].unit, "0")
    return {
        name: Value(getattr(ends, name), form, {**origin, "what": f"years_{name}"})
        for name in ("low", "high")
    }


def _known(values: ArrayLike) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    return array[np.isfinite(array)]


def _sides(better: str, more: bool) -> tuple[str, str]:
    """Which design a comparison is about, and which is better, for an outcome that is better higher
    or lower; `better` is empty where the two cannot be told apart.
    """
    if better not in ("higher", "lower"):
        return "second", ""
    winner = "second" if more == (better == "higher") else "first"
    return winner, winner


def outwards(low: float, high: float, outcome: str, of: int) -> Range:
    """A range with its ends rounded outwards.

    >>> outwards(-0.17, -0.153, "isolated", 40), outwards(-0.065, -0.005, "isolated", 40)
    (Range(kind='fewer', low=6.0, high=7.0), Range(kind='fewer_up_to', low=0.0, high=3.0))
    >>> outwards(-0.175, 0.025, "isolated", 40), outwards(0.031, 0.054, "hope", 0)
    (Range(kind='both_ways', low=7.0, high=1.0), Range(kind='more', low=0.03, high=0.06))
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return Range("none", 0.0, 0.0)
    step = _STEPS[_BY_NAME[outcome].unit]
    scale = (of or 1) / step
    first, last = math.floor(low * scale + ROUNDING), math.ceil(high * scale - ROUNDING)
    kind, ends = _direction(first, last)
    return Range(kind, *(round(end * step, 9) for end in ends))


def _direction(low: int, high: int) -> tuple[str, tuple[int, int]]:
    if low == high == 0:
        return "none", (0, 0)
    if low < 0 < high:
        return "both_ways", (-low, high)
    if high <= 0:
        return "fewer" if high else "fewer_up_to", (-high, -low)
    return "more" if low else "more_up_to", (low, high)


def _kind(
    gaps: np.ndarray, told: bool, mean: tuple[float, float], years: Range, about: tuple[str, int]
) -> str:
    """Which design is better is decided by the mean's interval, as everywhere; whether that is
    worth naming, by its size; how it may go, by the years.
    """
    if len(gaps) < 2:
        return ONE_YEAR if len(gaps) else UNKNOWN
    within = is_small(*mean, smallest_of(about[0]))
    if not told:
        return ALIKE if within else CANNOT_TELL
    hardly = within or abs(float(gaps.mean())) < worth_naming(*about) or years.kind == "none"
    return SMALL if hardly else years.kind
