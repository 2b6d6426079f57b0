"""The patterns that a credible model shows (A1 to A25), measured with the same people and luck on
both sides.

Only those that emerge count as support for the model: a pattern that a rule states nearly directly
is marked ``built in``. A pattern that fails is shown as failing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from peersim.scenario.scenario import Scenario
from peersim.studies.patterns.laboratory import Laboratory
from peersim.studies.patterns.pattern import Finding, Pattern
from peersim.studies.patterns.statements import closeness, exits, gains, leaving, reach, supporters

if TYPE_CHECKING:
    import polars as pl

__all__ = ["PATTERNS", "Finding", "Laboratory", "Pattern", "measured", "scoreboard"]


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


def measured(patterns: Iterable[Pattern], laboratory: Laboratory) -> Iterable[dict[str, Any]]:
    """Rows of the scoreboard, one after the other; patterns that need more runs get them."""
    larger = {1: laboratory}
    for pattern in patterns:
        if pattern.runs not in larger:
            larger[pattern.runs] = laboratory.enlarged(pattern.runs)
        yield pattern.row(larger[pattern.runs])


def scoreboard(
    replicates: int = 100, seed: int = 1, workers: int = 2, base: Scenario | None = None
) -> pl.DataFrame:
    """Measure every pattern.

    Parameters
    ----------
    replicates : int
        Runs on each side; some patterns take several times as many.
    seed : int
        First seed.
    workers : int
        Threads.
    base : Scenario, optional
        People, horizon and parameters; by default those of the package.

    Returns
    -------
    polars.DataFrame
        key, claim, kind (built in or emergent), effect, low, high (95 % interval), unit, verdict
        (holds, fails or unclear) and note.
    """
    import polars as pl

    from peersim.commands.configuration import load_scenario

    laboratory = Laboratory(
        base if base is not None else load_scenario(), replicates, seed, workers
    )
    return pl.DataFrame(list(measured(PATTERNS, laboratory)))
