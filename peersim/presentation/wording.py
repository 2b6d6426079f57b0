"""What a comparison of two designs found, in words: outcomes by their names, numbers in the unit
people read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from peersim.kernel.statistics import NO_ANSWER, ONE_RUN, SAME, TOO_CLOSE, runs_needed
from peersim.model.outcomes import OUTCOMES
from peersim.presentation.catalogue import words
from peersim.presentation.numbers import MINUS, SPACE

_UNITS = {outcome.name: outcome.unit for outcome in OUTCOMES}
_BETTER = {outcome.name: outcome.better for outcome in OUTCOMES}
_DIGITS = {
    "share": 1,
    "0-1": 3,
    "people": 2,
    "points 0-60": 2,
    "hours/week": 2,
    "hours": 0,
    "DKK": 0,
}
MOST_DIGITS = 5


def label(outcome: str) -> str:
    """Name an outcome for people.

    >>> label("never_reached"), label("strong_ties_reached")
    ('never reached', 'strong ties, of those reached')
    """
    known = words()["outcomes"]
    if outcome in known:
        return known[outcome]
    if outcome.endswith("_reached"):
        return words()["comparison"]["of_reached"].format(
            outcome=label(outcome.removesuffix("_reached"))
        )
    return outcome.replace("_", " ")


def named(outcome: str) -> str:
    """Name an outcome and the unit in which people read it: shares are read in per cent.

    >>> named("isolated"), named("supporter_hours")
    ('isolated (%)', 'supporter hours')
    """
    name, unit = label(outcome), words()["comparison"]["units"][_UNITS[outcome]]
    return name if not unit or name.endswith(unit) else f"{name} ({unit})"


def digits_for(outcome: str, half: float) -> int:
    """Give the decimals with which a difference is written: enough to see its interval.

    >>> digits_for("connectedness", 0.02), digits_for("connectedness", 0.00042), digits_for("cost", 320.0)
    (3, 4, 0)
    """
    usual = _DIGITS[_UNITS[outcome]]
    size = half * scale(outcome)
    if not (math.isfinite(size) and size > 0):
        return usual
    return min(MOST_DIGITS, max(usual, math.ceil(-math.log10(size))))


def written(value: float, outcome: str, half: float = math.nan, signed: bool = False) -> str:
    r"""Write a value of an outcome in its unit; `half` is the half-width of the interval that goes
    with it.

    >>> written(0.0712, "isolated"), written(-0.0456, "isolated", signed=True), written(108785.9, "cost")
    ('7.1', '−4.6', '108\xa0786')
    """
    if value is None or not math.isfinite(value):
        return "-"
    text = f"{value * scale(outcome):{'+' if signed else ''},.{digits_for(outcome, half)}f}"
    if not any(digit in text for digit in "123456789"):
        text = text.lstrip("+-")  # zero has no sign
    return text.replace(",", SPACE).replace("-", MINUS)


def scale(outcome: str) -> float:
    """Give the factor from the model's unit to the one people read."""
    return 100.0 if _UNITS[outcome] == "share" else 1.0


def half_of(row: Mapping[str, Any]) -> float:
    """Half-width of the interval in a row of `differences`."""
    return (row["high"] - row["low"]) / 2


def in_short(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    r"""Sum up a comparison in one sentence for each verdict.

    Parameters
    ----------
    rows : iterable of mapping
        ``outcome``, ``verdict``, ``difference`` and ``sd_paired``, as in the table of `compare`.

    >>> in_short([{"outcome": "isolated", "verdict": "B is better"},
    ...           {"outcome": "ties", "verdict": "too close to call", "difference": 0.01, "sd_paired": 0.3}])
    ['B is better: isolated.', 'Too close to call (in brackets: pairs of runs that would tell): ties
    (about 3\xa0500).']
    """
    return [f"{verdict}: {', '.join(map(_named, those))}." for verdict, those in grouped(rows)]


def grouped(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Put the rows of one verdict together: first who is better, or higher, last where there is no
    telling.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["verdict"] not in (NO_ANSWER, ONE_RUN):
            found.setdefault(row["verdict"], []).append(row)
    last = [verdict for verdict in (TOO_CLOSE, SAME) if verdict in found]
    order = [*sorted(set(found) - set(last)), *last]
    heads = {TOO_CLOSE: words()["comparison"]["too_close"]}
    return [
        (heads.get(verdict, f"{verdict[:1].upper()}{verdict[1:]}"), found[verdict])
        for verdict in order
    ]


def asked(half_width: float, outcomes: Sequence[str]) -> str:
    """Say which precision was asked for.

    >>> asked(0.01, ["connectedness", "isolated"])
    'Run until the interval is no wider than ±0.01 (±1 % points for shares), for connectedness,
    isolated.'
    """
    catalogue = words()["comparison"]
    has_shares = any(_UNITS[outcome] == "share" for outcome in outcomes)
    shares = (
        catalogue["precision_of_shares"].format(percent=f"{100 * half_width:g}")
        if has_shares
        else ""
    )
    names = ", ".join(map(label, outcomes))
    return catalogue["precision"].format(precision=f"{half_width:g}", shares=shares, outcomes=names)


def _named(row: Mapping[str, Any]) -> str:
    if row["verdict"] != TOO_CLOSE:
        return label(row["outcome"])
    needed = runs_needed(row["sd_paired"], abs(row["difference"]))
    if needed is None:
        return label(row["outcome"])
    return words()["comparison"]["would_tell"].format(
        outcome=label(row["outcome"]), pairs=rounded(needed)
    )


def rounded(count: int) -> str:
    r"""Write a large count in round figures.

    >>> rounded(61), rounded(8044), rounded(123456)
    ('61', '8\xa0000', '120\xa0000')
    """
    size = 10 ** max(0, len(str(count)) - 2)
    return f"{round(count / size) * size:,}".replace(",", SPACE)


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
    what = "is higher" if better == "neither" else "is better"
    return (f"{below} {what}", below), (f"{above} {what}", above)
