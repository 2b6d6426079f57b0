"""What a sweep says of its points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peersim.presentation.exhibit import PAGE, TERMINAL, Statement
from peersim.presentation.in_people import outwards
from peersim.presentation.outcomes import label
from peersim.studies.sweep.figures import changed_most, outcomes_in, values_of
from peersim.studies.sweep.tables import ENDS, MOST_ROWS, SHOWN

if TYPE_CHECKING:
    from peersim.studies.study import Found


def sentences(found: Found) -> Iterator[Statement]:
    """Give every sentence."""
    facts = found.facts
    last = facts["seed"] + facts["runs"] - 1
    head = {"n": facts["points"], "runs": facts["runs"], "first": facts["seed"], "last": last}
    there = outcomes_in(found, SHOWN)
    if facts["points"] > 1 and there:
        finding, known = changed_most(found, there)
        yield from _in_people(found)
        yield Statement(f"sweep.most.{finding}", known)
    yield Statement("sweep.head", {**head, "week": facts["week"]}, outlets=(TERMINAL,))
    if facts["failed"]:
        counts = {"failed": facts["failed"], "runs": facts["all_runs"]}
        yield Statement("sweep.failed", counts, outlets=(PAGE,))
    if facts["points"] > MOST_ROWS:
        values = {"ends": ENDS, "outcome": label(SHOWN[0])}
        yield Statement("sweep.many", values, section="found")
    yield Statement("sweep.text", section="found", outlets=(PAGE,))
    if facts["points"] > MOST_ROWS:
        yield Statement("sweep.matters", outlets=(TERMINAL,))


def _in_people(found: Found) -> Iterator[Statement]:
    """Say how many are isolated, from the point with fewest to that with most."""
    people = found.facts.get("people")
    means = values_of(found, "isolated")["mean"].drop_nulls()
    if not people or means.is_empty():
        return
    low, high = float(means.min()), float(means.max())  # type: ignore[arg-type]
    ends = outwards(low, high, "isolated", people)
    if ends.low < ends.high:
        values = {"people": people, "low": ends.low, "high": ends.high}
        yield Statement("sweep.people", values, table="summary")
