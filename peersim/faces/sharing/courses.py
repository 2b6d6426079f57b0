"""Courses of outcomes as few numbers: they are most of what a file to send on holds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from peersim.faces.answers.outcomes import DIGITS

Rows = Sequence[Sequence[float | None]]

SHOWN = 3
"""Digits that a page shows of what is not counted in people."""


def digits(courses: Sequence[Mapping[str, Rows]], counted: Mapping[str, bool]) -> dict[str, int]:
    """How many decimals of each outcome are kept, over all designs.

    Parameters
    ----------
    courses : sequence of mappings
        Of outcomes to rows by week.
    counted : mapping
        Whether an outcome is counted in people: then all decimals are kept, so that they come out
        whole.

    >>> digits([{"hope": [[0.4567, None]], "hours": [[812.25, 12.5]]}], {"hope": 0, "hours": 0})
    {'hope': 3, 'hours': 0}
    """
    found = {}
    for name, in_people in counted.items():
        rows = [row for course in courses for row in course[name]]
        most = max((abs(value) for row in rows for value in row if value), default=1.0)
        shown = SHOWN - 1 - math.floor(math.log10(most))
        found[name] = DIGITS if in_people else min(DIGITS, max(0, shown))
    return found


def steps(row: Sequence[float | None], decimals: int) -> list[int | None]:
    """A row of numbers by what each adds to the one before, in units of the last decimal.

    >>> steps([0.5, None, 0.75, 0.7], 2)
    [50, None, 25, -5]
    """
    found: list[int | None] = []
    before = 0
    for value in row:
        if value is None:
            found.append(None)
            continue
        now = round(value * 10**decimals)
        found.append(now - before)
        before = now
    return found
