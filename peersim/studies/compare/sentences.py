"""What a comparison of two designs says: who is better on what, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from peersim.engine.pairs import MOST_PAIRS
from peersim.kernel.catalogue import Sentence, Value
from peersim.kernel.statistics import NO_ANSWER, ONE_RUN, SAME, SMALL, TOO_CLOSE, runs_to_tell
from peersim.model.outcomes import OUTCOMES, smallest_of
from peersim.presentation.exhibit import PAGE, TERMINAL, Row, Statement
from peersim.presentation.outcomes import label
from peersim.studies.compare.exhibits import rows_of

if TYPE_CHECKING:
    from peersim.studies.study import Found

_SHARES = {outcome.name for outcome in OUTCOMES if outcome.unit == "share"}


def sentences(found: Found) -> Iterator[Statement]:
    """Give every sentence."""
    facts, rows = found.facts, rows_of(found)
    last = facts["seed"] + facts["pairs"] - 1
    known = {**facts, "n": facts["pairs"], "first": facts["seed"], "last": last}
    yield Statement("compare.head", known, section="outcome", outlets=(TERMINAL,))
    yield from by_verdict(rows)
    yield from precision(facts)
    people = {"recipients": facts["people"], "supporters": facts["supporters"]}
    yield _page("people", "compared", **people, pairs=facts["pairs"])
    yield _page("luck", "compared")
    yield _page("pairs" if facts["pairs"] > 1 else "one", "sure", pairs=facts["pairs"])
    yield from spread(rows)
    yield _page("inside", "sure")


def _page(key: str, section: str, **values: Any) -> Statement:
    return Statement(f"compare.{key}", values, section=section, outlets=(PAGE,))


def by_verdict(rows: Sequence[Row]) -> Iterator[Statement]:
    """Put the outcomes of one verdict together: who is better first, what nobody can tell last."""
    of: dict[str, list[Row]] = {}
    for row in rows:
        if row["verdict"] not in (NO_ANSWER, ONE_RUN):
            of.setdefault(row["verdict"], []).append(row)
    for verdict in sorted(of, key=lambda verdict: (verdict in (SAME, SMALL, TOO_CLOSE), verdict)):
        outcomes = ", ".join(map(_outcome, of[verdict]))
        yield Statement(f"compare.short.{verdict}", {"outcomes": outcomes}, table="differences")


def _outcome(row: Row) -> str:
    """Name an outcome, with the pairs that would tell where nobody can."""
    name = label(row["outcome"])
    needed = None
    if row["verdict"] == TOO_CLOSE:
        smallest = smallest_of(row["outcome"])
        needed = runs_to_tell(row["sd_paired"], row["difference"], smallest)
    if needed is None:
        return name
    return str(Sentence("compare.would_tell", {"outcome": name, "pairs": needed}))


def precision(facts: Any) -> Iterator[Statement]:
    """Say what precision was asked for, and where it was not reached."""
    aim = facts["aim"]
    if aim is None:
        return
    key = "precision_shares" if _SHARES & set(aim["outcomes"]) else "precision"
    outcomes = ", ".join(map(label, aim["outcomes"]))
    values = {"precision": aim["precision"], "outcomes": outcomes}
    yield Statement(f"compare.{key}", values, section="outcome")
    for each in facts["missed"]:
        key = "missed_far" if each["needed"] is None else "missed"
        values = {**each, "outcome": label(each["outcome"]), "most": MOST_PAIRS}
        yield Statement(f"compare.{key}", values, section="outcome")


def spread(rows: Sequence[Row]) -> Iterator[Statement]:
    """Say of the first outcome that varies how much pairing took away."""
    for row in rows:
        if row["pairs"] > 1 and row["sd_unpaired"] > row["sd_paired"] > 0:
            times = (row["sd_unpaired"] / row["sd_paired"]) ** 2
            origin = {"table": "differences", "outcome": row["outcome"], "what": "times"}
            number = Value(times, "about" if times >= 9.95 else "1", origin)
            yield _page("spread", "sure", times=number, outcome=label(row["outcome"]))
            return
