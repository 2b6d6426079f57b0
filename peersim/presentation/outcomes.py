"""Outcomes and places as people read them: names, units, and as many digits as an interval
deserves.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from peersim.kernel.catalogue import Sentence, Value, has, say, worded
from peersim.model.communities import REGISTRY
from peersim.model.outcomes import OUTCOMES

_UNITS = {outcome.name: outcome.unit for outcome in OUTCOMES}
_DEFINITIONS = {outcome.name: outcome.definition for outcome in OUTCOMES}
_BETTER = {outcome.name: outcome.better for outcome in OUTCOMES}
_DIGITS = {
    "share": 1,
    "0-1": 3,
    "people": 2,
    "steps": 2,
    "matches": 1,
    "weeks": 1,
    "points 0-60": 2,
    "hours/week": 2,
    "hours": 0,
    "DKK": 0,
}
MOST_DIGITS = 5


def label(outcome: str) -> str:
    """Name an outcome for people.

    >>> label("never_reached"), label("hope_reached")
    ('never reached', 'hope, of those reached')
    """
    if has(f"outcomes.{outcome}"):
        return say(f"outcomes.{outcome}")
    if outcome.endswith("_reached"):
        return say("words.of_reached", outcome=label(outcome.removesuffix("_reached")))
    return worded("outcome_names", outcome, outcome.replace("_", " "))


def leading(outcome: str) -> str:
    """Name an outcome where a line begins with it.

    >>> leading("never_reached")
    'Never reached'
    """
    name = label(outcome)
    return name[:1].upper() + name[1:]


def named(outcome: str) -> str:
    """Name an outcome and the unit in which people read it: shares are read in per cent.

    >>> named("isolated"), named("supporter_hours")
    ('isolated (%)', 'supporter hours')
    """
    name, unit = label(outcome), say(f"words.units.{_UNITS[outcome]}")
    return name if not unit or name.endswith(unit) else f"{name} ({unit})"


def definition_of(outcome: str) -> str:
    """Say what an outcome is."""
    return worded("outcomes", outcome, _DEFINITIONS[outcome])


def place_name(place: str) -> str:
    """Name a type of community, or another place where people meet; a type that the catalogue does
    not name has its own label.

    >>> place_name("one_to_one"), place_name("cafe")
    ('one-to-one', 'café')
    """
    if has(f"places.{place}"):
        return say(f"places.{place}")
    return worded("places", place, next(each.label for each in REGISTRY if each.name == place))


def form_of(outcome: str, half: float = math.nan, signed: bool = False) -> str:
    """Give the format of a number of an outcome: digits enough to see its interval.

    Parameters
    ----------
    outcome : str
    half : float
        Half-width of the interval that goes with it, in the unit of the model.
    signed : bool
        Whether it is a difference.

    >>> form_of("connectedness", 0.02), form_of("connectedness", 0.00042, signed=True)
    ('3', '+4')
    >>> form_of("isolated"), form_of("cost", 320.0)
    ('points1', '0')
    """
    digits, size = _DIGITS[_UNITS[outcome]], half * scale(outcome)
    if math.isfinite(size) and size > 0:
        digits = min(MOST_DIGITS, max(digits, math.ceil(-math.log10(size))))
    kind = "points" if _UNITS[outcome] == "share" else ""
    return f"{'+' if signed else ''}{kind}{digits}"


def scale(outcome: str) -> float:
    """Give the factor from the model's unit to the one people read."""
    return 100.0 if _UNITS[outcome] == "share" else 1.0


def half_of(row: Mapping[str, Any]) -> float:
    """Half-width of the interval in a row of differences."""
    return float((row["high"] - row["low"]) / 2)


def side(outcome: str, first: str, second: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Say what it means that first minus second is below, and above, zero: in words, and of which
    design.

    >>> side("isolated", "A", "B")
    (('A is better', 'A'), ('B is better', 'B'))
    >>> side("supporter_hours", "A", "B")
    (('B is higher', 'B'), ('A is higher', 'A'))
    """
    better = _BETTER[outcome]
    below, above = (first, second) if better == "lower" else (second, first)
    what = "words.higher" if better == "neither" else "words.better"
    return (say(what, design=below), below), (say(what, design=above), above)


def interval(row: Mapping[str, Any]) -> Sentence | Value:
    """A difference with its interval, from a row of differences. An interval clear of zero has
    digits enough that it is seen to be.

    >>> str(interval({"outcome": "isolated", "difference": 0.02, "low": -0.01, "high": 0.05}))
    '+2.0 (−1.0 to +5.0)'
    >>> str(interval({"outcome": "isolated", "difference": 0.02, "low": 0.0002, "high": 0.04}))
    '+2.00 (+0.02 to +4.00)'
    """
    half, ends = half_of(row), (row["low"], row["high"])
    if ends[0] * ends[1] > 0:
        half = min(half, *map(abs, ends)) or half
    form = form_of(row["outcome"], half, signed=True)
    mean, low, high = (Value(row[name], form) for name in ("difference", "low", "high"))
    if not math.isfinite(half):
        return mean
    return Sentence("numbers.interval", {"mean": mean, "low": low, "high": high})
