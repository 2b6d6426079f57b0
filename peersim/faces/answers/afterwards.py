"""What is left when a programme is over: as the designs say when that is, or after half a year
without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peersim.faces.answers.outcomes import LOW_MIDDLE_HIGH, listed, quantiles
from peersim.faces.answers.years import Years
from peersim.scenario.scenario import Scenario, changed, epochs, without_programme

HALF_A_YEAR, MOST_WEEKS = 26, 260
OUTCOMES = ("isolated", "connectedness", "strong_ties", "outside_contacts", "recovery")
"""What can be left of a programme, and has a meaning without one."""


@dataclass(frozen=True)
class Afterwards:
    """Designs with an end, and time after it.

    Attributes
    ----------
    designs : sequence of Scenario
        A, B, and the same people without any programme.
    end, last : int
        The week in which the first design ends, and the last week.
    is_added : bool
        Whether the end is not in the designs, but was added to ask the question.
    """

    designs: Sequence[Scenario]
    end: int
    last: int
    is_added: bool


def end_of(scenario: Scenario) -> int | None:
    """The week in which a programme has nothing left, or None.

    >>> end_of(changed(Scenario(), {"events": [{"week": 30, "funding_ends": True}]}))
    30
    """
    for week, stage in epochs(scenario):
        if not stage.communities:
            return week
    return None


def afterwards(a: Scenario, b: Scenario) -> Afterwards:
    """Two designs with an end, and with time after it, `MOST_WEEKS` at most: their own, where one
    of them has an end.
    """
    ends = [end for each in (a, b) if (end := end_of(each)) is not None]
    if ends:
        return Afterwards((a, b, without_programme(a)), min(ends), a.weeks, is_added=False)
    end = min(a.weeks, MOST_WEEKS - 1)
    last = min(end + HALF_A_YEAR, MOST_WEEKS)
    over = {"week": end, "funding_ends": True}
    both = [changed(each, {"weeks": last, "events": [*each.events, over]}) for each in (a, b)]
    return Afterwards((*both, without_programme(both[0])), end, last, is_added=True)


def what_is_left(asked: Afterwards, years: Sequence[Years]) -> dict[str, Any]:
    """How people stand at the end of a programme and in the last week.

    Parameters
    ----------
    asked : Afterwards
    years : sequence of Years
        Of its designs, in order.

    Returns
    -------
    dict
        ``end``, ``last``, ``added``; ``outcomes``: of each, for ``a``, ``b`` and ``none`` (the same
        people without any programme), the lowest, middle and highest in nine years of ten at the
        ``end`` and in the ``last`` week; for a and b also ``gain``: the mean difference from
        ``none`` at both.
    """
    found: dict[str, Any] = {}
    for outcome in OUTCOMES:
        rows = [each.weeks(outcome)[:, [asked.end, asked.last]].astype(float) for each in years]
        of_each = {}
        for name, values in zip(("a", "b", "none"), rows, strict=True):
            end, last = listed(quantiles(values, LOW_MIDDLE_HIGH).T)
            of_each[name] = {"end": end, "last": last}
            if name != "none":
                of_each[name]["gain"] = listed((values - rows[2]).mean(axis=0))
        found[outcome] = of_each
    return {"end": asked.end, "last": asked.last, "added": asked.is_added, "outcomes": found}
