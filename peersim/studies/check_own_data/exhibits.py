"""The tables that are shown of a list beside the model's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import Sentence, Value, say
from peersim.kernel.paths import leaves
from peersim.presentation.exhibit import Column, Exhibit, Row
from peersim.scenario.scenario import Scenario
from peersim.studies.check_own_data.checks import AS_EXPECTED, NO_ANSWER

if TYPE_CHECKING:
    import polars as pl

    from peersim.studies.study import Found

ACCOUNTS = 4
"""Parameters that are listed as accounting for what does not fit."""

CLOSE = 0.1
"""Share of a value within which two are said as one."""


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give every table."""
    yield checks(found.tables["checks"])
    if rows := accounts(found.tables["check_causes"]):
        yield causes(rows[:ACCOUNTS], len(rows))
    yield chosen(found.tables["records"])
    yield records(found.tables["records"])


def form_of_check(row: Row) -> str:
    """Give the format of a check: a share in per cent, or a count."""
    return "%" if row["unit"] == "share" else "1"


def is_miss(row: Row) -> bool:
    """Whether the list lies outside nine in ten of the model's."""
    return row["verdict"] not in (AS_EXPECTED, NO_ANSWER)


def verdict_of(row: Row) -> str:
    """Name the verdict on a check: as expected, lower, higher, or that nobody can tell."""
    if row["median"] is None:
        return "cannot_tell"
    if not is_miss(row):
        return "as_expected"
    return "lower" if row["observed"] < row["low"] else "higher"


def checks(table: pl.DataFrame) -> Exhibit:
    """Every number of the list, beside those of the model's lists."""

    def span(row: Row) -> Any:
        form = form_of_check(row)
        if row["low"] is None:
            return Value(None, form)
        ends = {end: Value(row[end], form, {"what": end}) for end in ("low", "high")}
        return Sentence("numbers.span", ends)

    return Exhibit(
        "check_own_data.checks",
        [
            Column("check", value=lambda row: say(f"check_own_data.check.{row['check']}")),
            Column("observed", form_of_check),
            Column("median", form_of_check),
            Column("span", "1", value=span),
            Column("verdict", value=lambda row: say(f"check_own_data.in_short.{verdict_of(row)}")),
        ],
        table.to_dicts(),
        "checks",
        ("check",),
        "fit",
    )


def accounts(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Give each parameter that would account for something: those for most first, then those that
    spoil least.
    """
    by_path: dict[str, list[dict[str, Any]]] = {}
    for row in table.iter_rows(named=True):
        by_path.setdefault(str(row["parameter"]), []).append(row)
    found = []
    for path, rows in by_path.items():
        spoils = [label for row in rows for label in str(row["spoils"] or "").split("; ") if label]
        needed = [row["needed"] for row in rows]
        found.append(
            {
                **rows[0],
                "checks": len(rows),
                "from": min(needed),
                "to": max(needed),
                "spoils": list(dict.fromkeys(spoils)),
                "distance": min(row["distance"] for row in rows),
                "meaning": leaves(Scenario)[path].field.metadata["meaning"],
            }
        )
    return sorted(found, key=lambda each: (-each["checks"], len(each["spoils"]), each["distance"]))


def causes(rows: Sequence[Mapping[str, Any]], count: int) -> Exhibit:
    """What the model would have to believe."""

    def needed(row: Row) -> Sentence:
        ends = {end: Value(row[end], "g2") for end in ("from", "to")}
        is_one = row["to"] - row["from"] < CLOSE * abs(row["to"])
        return Sentence("check_own_data.needed" if is_one else "check_own_data.needed_span", ends)

    def plausible(row: Row) -> Any:
        if row["plausible_low"] is None:
            return Value(None, "g2")
        ends = {end: Value(row[f"plausible_{end}"], "g2") for end in ("low", "high")}
        return Sentence("numbers.span", ends)

    return Exhibit(
        "check_own_data.causes",
        [
            Column("parameter"),
            Column("checks", "0"),
            Column("needed", "g2", value=needed),
            Column("configured", "g2"),
            Column("plausible", "g2", value=plausible, rank=1),
            Column("spoils", value=lambda row: "; ".join(row["spoils"]), rank=2),
            Column("meaning", rank=3),
        ],
        rows,
        "check_causes",
        ("parameter",),
        "causes",
        values={"shown": len(rows), "n": count},
    )


def chosen(table: pl.DataFrame) -> Exhibit:
    """The three records to begin with."""
    return Exhibit(
        "check_own_data.chosen",
        [
            Column("chosen", "0"),
            Column("record", value=lambda row: say(f"check_own_data.record.{row['record']}")),
            Column("how", value=lambda row: say(f"check_own_data.how.{row['record']}")),
            Column("added", "%"),
        ],
        table.drop_nulls("chosen").sort("chosen").to_dicts(),
        "records",
        ("record",),
        "records",
    )


def records(table: pl.DataFrame) -> Exhibit:
    """Each record alone, beside what is kept now."""
    return Exhibit(
        "check_own_data.records",
        [
            Column("record", value=lambda row: say(f"check_own_data.record.{row['record']}")),
            Column("narrowed", "%", span=("low", "high")),
            Column("narrowed_parameters", "%", rank=1),
        ],
        table.to_dicts(),
        "records",
        ("record",),
        "records",
    )
