"""What a robust choice says: which mix gives most, what a wrong choice costs, whom it leaves
out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import listed
from peersim.kernel.statistics import SMALL, TOO_CLOSE
from peersim.presentation.exhibit import PAGE, Statement
from peersim.studies.hybrids.exhibits import (
    bases,
    label,
    least,
    number,
    of_100,
    on_the_front,
    rows_of,
)

if TYPE_CHECKING:
    from peersim.studies.study import Found

EXPLAINED = {"how": "compared", "how_regret": "regret", "how_weighed": "weighed"}
EXPLAINED |= {"limits.elements": "limits", "limits.reached": "limits", "limits.staff": "limits"}


def sentences(found: Found) -> Iterator[Statement]:
    """Give every sentence."""
    yield Statement("hybrids.head", found.facts)
    for basis in bases(found):
        rows = rows_of(found, basis)
        for key, values in (
            _best(rows),
            *_alike(rows),
            _likeliest(rows),
            _safest(rows),
            _remaining(on_the_front(found, basis)),
        ):
            yield Statement(f"hybrids.short.{basis}.{key}", values)
    for key, section in EXPLAINED.items():
        yield Statement(f"hybrids.{key}", section=section, outlets=(PAGE,))


LEAST_SEEN = 0.0005

Rows = list[dict[str, Any]]
Keyed = tuple[str, dict[str, Any]]


def best_and(rows: Rows, verdict: str = TOO_CLOSE) -> tuple[dict[str, Any], list[str]]:
    """The mix that gives most on average, and names of those of which this is said beside it: that
    they cannot be told from it, or that nobody would notice the difference.
    """
    best = next(row for row in rows if row["verdict"] == "best")
    return best, [label(row["design"]) for row in rows if row["verdict"] == verdict]


def _best(rows: Rows) -> Keyed:
    best, close = best_and(rows)
    names = {"gain": "gain", "low": "gain_low", "high": "gain_high"}
    values: dict[str, Any] = {name: number(best, what) for name, what in names.items()}
    values |= {"label": label(best["design"]), "labels": listed(close)}
    if close or best_and(rows, SMALL)[1]:
        return ("best" if close else "best_with"), values
    return "best_alone", values


def _alike(rows: Rows) -> Iterator[Keyed]:
    best, alike = best_and(rows, SMALL)
    if alike:
        yield "alike", {"label": label(best["design"]), "labels": listed(alike)}


def _likeliest(rows: Rows) -> Keyed:
    likeliest = max(rows, key=lambda row: row["best_share"])
    values = {"label": label(likeliest["design"]), "share": number(likeliest, "best_share")}
    return ("likeliest" if likeliest["best_share"] > 0.5 else "likeliest_of_many"), values


def _safest(rows: Rows) -> Keyed:
    safest = least(rows, "regret")
    values = {"label": label(safest["design"]), "regret": number(safest, "regret")}
    values |= {"high": number(safest, "regret_high")}
    return ("safest_by_chance" if is_chance(safest) else "safest"), values


def is_chance(row: dict[str, Any]) -> bool:
    """Whether the regret of a mix is nothing that would be seen in the table."""
    return bool(row["regret"] < LEAST_SEEN)


def _remaining(front: Rows) -> Keyed:
    fewest, most = front[0], front[-1]
    return "front", {
        "n": len(front),
        "fewest": label(fewest["design"]),
        "few": of_100(number(fewest, "never_reached")),
        "most": label(most["design"]),
        "many": of_100(number(most, "never_reached")),
    }
