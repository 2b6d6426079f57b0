"""The tables that are shown of a list beside the model's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from peersim.kernel.catalogue import Sentence, Value, say
from peersim.presentation.exhibit import Column, Exhibit, Row
from peersim.presentation.settings import meaning_in
from peersim.studies.check_own_data.checks import HIGHER, LOWER, verdict

if TYPE_CHECKING:
    from peersim.studies.study import Found

ACCOUNTS = 4
"""Parameters that are listed as accounting for what does not fit."""

NEARLY_NOTHING = 0.01
"""Share of the upper end below which the lower end of an interval is shown as none."""

CLOSE = 0.1
"""Share of a value within which two are said as one."""


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give every table."""
    table = found.tables["checks"]
    yield checks(table, found.facts["unanswered"])
    if rows := accounts(found.tables["check_causes"]):
        yield causes(rows[:ACCOUNTS], dict(table.select("label", "check").iter_rows()))
    yield chosen(found.tables["records"])
    yield records(found.tables["records"])


def form_of_check(row: Row) -> str:
    """Give the format of a check: a share in per cent, or a count."""
    return "%" if row["unit"] == "share" else "1"


def verdict_of(row: Row) -> str:
    """Name the verdict on a check."""
    return verdict(row["observed"], row["low"], row["high"])


def is_miss(row: Row) -> bool:
    """Whether the list lies outside nine in ten of the model's."""
    return verdict_of(row) in (LOWER, HIGHER)


def number_of(row: Row, what: str) -> Value:
    """Give a number of a check."""
    origin = {"table": "checks", "check": row["check"], "what": what}
    return Value(row[what], form_of_check(row), origin)


def checks(table: pl.DataFrame, unanswered: Mapping[str, str]) -> Exhibit:
    """Every number of the list, beside those of the model's lists; `unanswered` says of checks why
    there is no verdict.
    """

    def span(row: Row) -> Any:
        ends = {end: number_of(row, end) for end in ("low", "high")}
        return ends["low"] if row["low"] is None else Sentence("numbers.span", ends)

    def in_short(row: Row) -> str:
        found = unanswered.get(row["check"], verdict_of(row))
        return say(f"check_own_data.in_short.{found}")

    return Exhibit(
        "check_own_data.checks",
        [
            Column("check", value=lambda row: say(f"check_own_data.check.{row['check']}")),
            Column("observed", form_of_check),
            Column("median", form_of_check),
            Column("span", "1", value=span),
            Column("verdict", value=in_short),
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
    for rows in by_path.values():
        spoils = [label for row in rows for label in row["spoils"].split("; ") if label]
        needed = sorted(rows, key=lambda row: row["needed"])
        found.append(
            {
                **rows[0],
                "checks": len(rows),
                "from": needed[0],
                "to": needed[-1],
                "spoils": list(dict.fromkeys(spoils)),
                "distance": min(row["distance"] for row in rows),
            }
        )
    return sorted(found, key=lambda each: (-each["checks"], len(each["spoils"]), each["distance"]))


def causes(rows: Sequence[Row], names: Mapping[str, str]) -> Exhibit:
    """What the model would have to believe; `names` of the checks, by their label in tables."""

    def number(row: Row, what: str) -> Value:
        origin = {"parameter": row["parameter"], "check": row["check"], "what": what}
        return Value(row[what], "g2", {"table": "check_causes", **origin})

    def needed(row: Row) -> Any:
        low, high = row["from"], row["to"]
        ends = {"low": number(low, "needed"), "high": number(high, "needed")}
        is_one = high["needed"] - low["needed"] < CLOSE * abs(high["needed"])
        return ends["low"] if is_one else Sentence("numbers.span", ends)

    def plausible(row: Row) -> Any:
        ends = {end: number(row, f"plausible_{end}") for end in ("low", "high")}
        if row["plausible_low"] is None:
            return ends["low"]
        if row["plausible_low"] <= NEARLY_NOTHING * row["plausible_high"]:
            ends["low"] = Value(0, "0")
        return Sentence("numbers.span", ends)

    def spoils(row: Row) -> str:
        return "; ".join(say(f"check_own_data.check.{names[label]}") for label in row["spoils"])

    meaning = meaning_in("parameter")
    return Exhibit(
        "check_own_data.causes",
        [
            Column("parameter", said=meaning),
            Column("checks", "0"),
            Column("needed", "g2", value=needed),
            Column("configured", "g2"),
            Column("plausible", "g2", value=plausible, rank=1),
            Column("spoils", value=spoils, rank=2),
            Column("meaning", value=meaning, rank=3, is_in_page=False),
        ],
        rows,
        "check_causes",
        ("parameter",),
        "causes",
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
