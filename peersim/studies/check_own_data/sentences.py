"""What is said of a list beside the model's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import Sentence, listed
from peersim.presentation.exhibit import PAGE, Row, Statement
from peersim.presentation.outcomes import place_name
from peersim.studies.check_own_data.checks import FEW_RUNS, NO_ANSWER, SELDOM, in_words
from peersim.studies.check_own_data.exhibits import (
    ACCOUNTS,
    accounts,
    is_miss,
    number_of,
    verdict_of,
)

if TYPE_CHECKING:
    from peersim.studies.study import Found

UNUSUAL, DOUBTFUL = 0.05, 0.2
ENOUGH = 100
"""Lists of the model from which nine in ten of them can be told well enough."""
LEAST = 0.02
"""A record that takes away less than this of what is not known is not worth the trouble for this
purpose."""


def sentences(found: Found) -> Iterator[Statement]:
    """Give every sentence."""
    yield in_a_word(found.facts)
    yield from runs_made(found.facts)
    missed = [row for row in found.tables["checks"].iter_rows(named=True) if is_miss(row)]
    yield from map(miss, missed)
    yield Statement("check_own_data.fit_text", section="fit", outlets=(PAGE,))
    yield from about(found.facts)
    yield Statement("check_own_data.curves_text", section="curves", outlets=(PAGE,))
    if missed:
        yield from causes(found)
    yield from advice(found)


def about(facts: Any) -> Iterator[Statement]:
    """Say what was read, and with what it is compared."""
    yield Statement("check_own_data.read", facts, section="fit")
    for name in ("never_came", "supporters"):
        if facts[name]:
            yield Statement(f"check_own_data.{name}", {"n": facts[name]}, section="fit")
    programme = listed(place_name(name) for name in facts["communities"])
    yield Statement("check_own_data.compared_with", {"programme": programme}, section="fit")
    for key, values in facts["notes"]:
        yield Statement(key, values, section="fit")


def in_a_word(facts: Any) -> Statement:
    """Say whether the model fits, and how sure that is."""
    if not facts["answered"]:
        reasons = set(facts["unanswered"].values())
        why = next(each for each in (FEW_RUNS, SELDOM, NO_ANSWER) if each in reasons)
        return Statement(f"check_own_data.word.{why}", facts)
    if not facts["missed"]:
        return Statement("check_own_data.word.all", facts)
    values = {**facts, "as_many_in_100": 100 * facts["as_many"]}
    if facts["as_many"] < UNUSUAL:
        return Statement("check_own_data.word.no", values)
    if facts["as_many"] < DOUBTFUL:
        return Statement("check_own_data.word.in_part", values)
    return Statement("check_own_data.word.by_chance", values)


def runs_made(facts: Any) -> Iterator[Statement]:
    """Say where more runs would say more: that is nothing about the list."""
    n = list(facts["unanswered"].values()).count(FEW_RUNS)
    if n and facts["answered"]:
        yield Statement("check_own_data.more_runs.unanswered", {**facts, "n": n})
    elif facts["answered"] and facts["lists"] < ENOUGH:
        yield Statement("check_own_data.more_runs.rough", facts)


def miss(row: Row) -> Statement:
    """Say on which side the list lies, and by how much."""
    said = str(in_words(row["check"], verdict_of(row)))
    numbers = {name: number_of(row, name) for name in ("observed", "low", "high")}
    label = Sentence(f"check_own_data.check.{row['check']}")
    values = {"verdict": said[:1].upper() + said[1:], "label": label, **numbers}
    return Statement("check_own_data.miss", values, table="checks")


def causes(found: Found) -> Iterator[Statement]:
    """Explain what would account for what does not fit."""
    there = len(accounts(found.tables["check_causes"]))
    yield Statement(f"check_own_data.{'causes_text' if there else 'no_cause'}", section="causes")
    if there > ACCOUNTS:
        yield Statement("check_own_data.more_causes", {"n": there - ACCOUNTS}, section="causes")


def advice(found: Found) -> Iterator[Statement]:
    """Say what the list tells already, and what would tell most of the rest."""
    values = {"sets": found.facts["sets"], **found.facts["known_now"]}
    yield Statement("check_own_data.advice", values, section="records")
    yield Statement("check_own_data.records_text", section="records", outlets=(PAGE,))
    rows = found.tables["records"].drop_nulls("chosen").sort("chosen").iter_rows(named=True)
    if weak := [row["record"] for row in rows if row["added"] < LEAST]:
        names = listed(Sentence(f"check_own_data.record.{name}") for name in weak)
        yield Statement("check_own_data.hardly", {"records": names}, section="records")
