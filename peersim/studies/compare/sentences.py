"""What a comparison of two designs says: who is better on what, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from peersim.engine.pairs import MOST_PAIRS
from peersim.kernel.catalogue import Sentence, Value
from peersim.kernel.statistics import NO_ANSWER, ONE_RUN, SAME, SMALL, TOO_CLOSE, runs_to_tell
from peersim.model.outcomes import OUTCOMES, smallest_of
from peersim.presentation.exhibit import PAGE, TERMINAL, Row, Statement
from peersim.presentation.in_people import TOLD, Verdict, is_a_little, is_told, one_in, told, years
from peersim.presentation.outcomes import label
from peersim.studies.compare.exhibits import described
from peersim.studies.compare.verdicts import NAMES, first_of, rows_of, verdicts

if TYPE_CHECKING:
    from peersim.studies.study import Found

_SHARES = {outcome.name for outcome in OUTCOMES if outcome.unit == "share"}


def headings(found: Found) -> Mapping[str, Sentence]:
    """Say what was found where no figure does."""
    first = first_of(found)
    values = {"name": NAMES[first.about], "n": first.wins, "of": first.runs}
    kind = "one" if first.runs < 2 else "told" if is_told(first) else "open"
    values["outcome"] = label(first.outcome)
    return {"sure": Sentence(f"compare.headings.sure.{kind}", values)}


def sentences(found: Found) -> Iterator[Statement]:
    """Give every sentence."""
    facts, rows = found.facts, rows_of(found)
    last = facts["seed"] + facts["pairs"] - 1
    known = {**facts, "n": facts["pairs"], "first": facts["seed"], "last": last}
    yield Statement("compare.head", known, section="outcome", outlets=(TERMINAL,))
    yield from in_years(found)
    yield from by_verdict(rows, verdicts(found))
    yield from precision(facts)
    people = {"recipients": facts["people"], "supporters": facts["supporters"]}
    yield _page("people", "compared", **people, pairs=facts["pairs"])
    yield _page("luck", "compared")
    yield _page("pairs" if facts["pairs"] > 1 else "one", "sure", pairs=facts["pairs"])
    yield from spread(rows)
    yield _page("inside", "sure")


def in_years(found: Found) -> Iterator[Statement]:
    """Say how it goes in nine imagined years of ten, the most telling outcome first."""
    if found.facts["pairs"] < 2:
        return
    first, every = first_of(found), verdicts(found)
    designs = found.tables["designs"].rows(named=True)
    about = {row["design"].lower(): described(row) for row in designs}
    worth = [each for each in every.values() if is_told(each) and each.outcome in TOLD]
    lines: list[Statement] = []
    for each in sorted(worth, key=lambda each: each.outcome != first.outcome):
        where: dict[str, Any] = {"table": "pairs"}
        if each.outcome != first.outcome:
            where["outlets"] = (PAGE,)
        said = told(each, NAMES, label(each.outcome), {"table": "pairs"})
        lines.append(Statement(said.key, said.values, **where))
        if each.outcome == first.outcome:
            said = years(each, NAMES)
            lines.append(Statement(said.key, said.values, **where))
    lines += _apart(every, {row["outcome"]: row["verdict"] for row in rows_of(found)})
    lines.insert(1, Statement("compare.designs_are", about, outlets=(PAGE,)))
    yield from lines


def _apart(every: Mapping[str, Verdict], verdict: Mapping[str, str]) -> Iterator[Statement]:
    """Put together the outcomes on which the designs do not differ by what is worth naming."""
    of: dict[tuple[str, str, int], list[str]] = {}
    for name, each in every.items():
        if is_told(each) or verdict[name] in (NO_ANSWER, ONE_RUN):
            continue
        kind = _little(each) if is_a_little(each) else (verdict[name], "", 0)
        of.setdefault(kind, []).append(label(name))
    for (key, name, people), outcomes in of.items():
        values = {"outcomes": ", ".join(outcomes), "name": name, "of": people}
        outlets = (PAGE, TERMINAL) if name else (PAGE,)
        yield Statement(f"compare.apart.{key}", values, table="differences", outlets=outlets)


def _little(each: Verdict) -> tuple[str, str, int]:
    """Which sentence says that a design is better by less than is worth naming."""
    of = one_in(each.outcome, each.of)
    return ("small" if of else "small_scale"), NAMES[each.about], of


def _page(key: str, section: str, **values: Any) -> Statement:
    return Statement(f"compare.{key}", values, section=section, outlets=(PAGE,))


def by_verdict(rows: Sequence[Row], every: Mapping[str, Verdict]) -> Iterator[Statement]:
    """Put the outcomes of one verdict together: who is better first, what nobody can tell last."""
    of: dict[str, list[Row]] = {}
    for row in rows:
        if row["verdict"] not in (NO_ANSWER, ONE_RUN) and not is_a_little(every[row["outcome"]]):
            of.setdefault(row["verdict"], []).append(row)
    for verdict in sorted(of, key=lambda verdict: (verdict in (SAME, SMALL, TOO_CLOSE), verdict)):
        needed = [_needed(row) for row in of[verdict]]
        named = [_outcome(row, more) for row, more in zip(of[verdict], needed, strict=True)]
        key = "needed" if any(needed) else verdict
        where: dict[str, Any] = {"table": "differences", "outlets": (TERMINAL,)}
        yield Statement(f"compare.short.{key}", {"outcomes": ", ".join(named)}, **where)


def _needed(row: Row) -> int | None:
    """How many pairs would tell, where these cannot."""
    if row["verdict"] != TOO_CLOSE:
        return None
    needed = runs_to_tell(row["sd_paired"], row["difference"], smallest_of(row["outcome"]))
    return needed if needed is not None and needed > row["pairs"] else None


def _outcome(row: Row, needed: int | None) -> str:
    """Name an outcome, with the pairs that would tell where nobody can."""
    name = label(row["outcome"])
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
