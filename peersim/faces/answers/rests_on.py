"""What an answer rests on: how much of it is measured, and which assumption would turn it.

Nothing is run for this. Each imagined year goes with a set of assumptions that fits what is known;
the years are split at each assumption, into those in which it is low and those in which it is high.
Where A is surely better in the one third and B in the other, the answer turns with it; where one of
them leaves too little to name, it fades. Only what the sets vary is tried, and an assumption that
turns the answer only together with another is not found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from peersim.faces.answers.outcomes import listed
from peersim.faces.answers.years import Years
from peersim.kernel.paths import leaves
from peersim.kernel.statistics import interval
from peersim.presentation.in_people import worth_naming
from peersim.scenario.scenario import Scenario
from peersim.scenario.uncertain_parameters import assumptions

FEWEST = 20
"""Years in a third from which something is said of it."""

SHOWN = 5
"""Assumptions that are named because the difference goes with them most."""


def kinds_of_evidence(designs: Sequence[Scenario]) -> dict[str, int]:
    """Count what nobody chooses in these designs by what it rests on: measured, theory, calibrated
    or assumption.
    """
    known = leaves(Scenario)
    kinds = Counter(known[path].field.metadata["evidence"] for path in assumptions(list(designs)))
    return dict(sorted(kinds.items()))


def what_turns_it(
    a: Years, b: Years, outcome: str, sets: Sequence[Mapping[str, Any]], invited: int
) -> dict[str, Any]:
    """Split the years at each assumption.

    Parameters
    ----------
    a, b : Years
    outcome : str
    sets : sequence of mappings
        The set of assumptions of each year.
    invited : int

    Returns
    -------
    dict
        ``tried``: the assumptions; ``years``; ``difference``, B less A, over all years. ``turns``:
        assumptions with which the answer turns; ``fades``: with which it becomes too small to name,
        where it is not so over all years; ``most``: those that the difference goes with most, and
        ``others``: the rest, in the same order. Each has its path, and for its lowest and highest
        third (``low``, ``high``) the value where that third ends (``at``) and the mean difference
        with its interval (``difference``).
    """
    gaps = b.end(outcome) - a.end(outcome)
    known, least = np.isfinite(gaps), worth_naming(outcome, invited)
    is_named = bool(known.any()) and abs(float(gaps[known].mean())) >= least
    found = []
    for path in sets[0]:
        values = np.array([float(each[path]) for each in sets])
        row = _split(path, values[known], gaps[known])
        if row is not None:
            found.append(row)
    turns = [row for row in found if _is_turned(row)]
    fades = [row for row in found if is_named and row not in turns and _fades(row, least)]
    by_size = sorted(found, key=lambda row: -row["size"])
    return {
        "tried": [row["path"] for row in found],
        "years": int(known.sum()),
        "difference": _with_interval(gaps[known]),
        "turns": [_shown(row) for row in turns],
        "fades": [_shown(row) for row in fades],
        "most": [_shown(row) for row in by_size[:SHOWN]],
        "others": [_shown(row) for row in by_size[SHOWN:]],
    }


def _split(path: str, values: np.ndarray, gaps: np.ndarray) -> dict[str, Any] | None:
    low, high = np.quantile(values, [1 / 3, 2 / 3]) if len(values) else (0.0, 0.0)
    thirds = gaps[values <= low], gaps[values >= high]
    if low >= high or min(map(len, thirds)) < FEWEST:
        return None
    spread = float(np.sqrt(sum(each.var(ddof=1) / len(each) for each in thirds)))
    apart = float(thirds[1].mean() - thirds[0].mean())
    size = abs(apart) / spread if spread > 0 else 0.0
    row: dict[str, Any] = {"path": path, "size": size}
    for name, at, each in zip(("low", "high"), (low, high), thirds, strict=True):
        row[name] = {"at": float(at), "mean": float(each.mean()), "ends": interval(each)}
    return row


def _is_turned(row: Mapping[str, Any]) -> bool:
    """Whether both thirds are clear of zero, on either side of it."""
    ends = [row["low"]["ends"], row["high"]["ends"]]
    return any(one[1] < 0 < other[0] for one, other in (ends, ends[::-1]))


def _fades(row: Mapping[str, Any], least: float) -> bool:
    return any(abs(row[third]["mean"]) < least for third in ("low", "high"))


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    thirds = {
        name: {
            "at": listed(row[name]["at"]),
            "difference": listed([row[name]["mean"], *row[name]["ends"]]),
        }
        for name in ("low", "high")
    }
    return {"path": row["path"], **thirds}


def _with_interval(gaps: np.ndarray) -> Any:
    return listed([gaps.mean(), *interval(gaps)]) if len(gaps) else [None, None, None]
