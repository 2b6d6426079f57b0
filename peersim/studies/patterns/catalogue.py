"""The patterns that a credible model shows (A1 to A25), measured with the same people and luck on
both sides.

Only those that emerge count as support for the model: a pattern that a rule states nearly directly
is marked ``built in``. A pattern that fails is shown as failing.
"""

from __future__ import annotations

import re

from peersim.studies.patterns.pattern import Pattern
from peersim.studies.patterns.statements import closeness, exits, gains, leaving, reach, supporters


def _place(pattern: Pattern) -> tuple[int, str]:
    number, letter = re.fullmatch(r"A(\d+)([a-z]?)", pattern.key).groups()  # type: ignore[union-attr]
    return int(number), letter


PATTERNS = tuple(
    sorted(
        (
            p
            for part in (closeness, exits, gains, leaving, reach, supporters)
            for p in part.PATTERNS
        ),
        key=_place,
    )
)
"""All patterns, in the order of their keys."""
