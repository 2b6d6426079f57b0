"""The tables that a comparison of two designs shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peersim.kernel.catalogue import say
from peersim.presentation.exhibit import BOTH, PAGE, Column, Exhibit, Row
from peersim.presentation.outcomes import definition_of, form_of, half_of, label, named

if TYPE_CHECKING:
    from peersim.studies.study import Found


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give every table."""
    yield Exhibit(
        "compare.designs",
        [Column("design"), Column("text"), Column("communities")],
        found.tables["designs"].to_dicts(),
        table="designs",
        by=("design",),
        section="compared",
        outlets=BOTH,
    )
    yield differences(found)
    yield Exhibit(
        "compare.definitions",
        [
            Column("outcome", value=lambda row: label(row["outcome"])),
            Column("definition", value=lambda row: definition_of(row["outcome"])),
        ],
        [{"outcome": name} for name in found.facts["shown"]],
        table="",
        section="words",
        outlets=(PAGE,),
    )


def rows_of(found: Found) -> list[Row]:
    """Give the rows of ``differences`` that are shown, in order."""
    rows = {row["outcome"]: row for row in found.tables["differences"].iter_rows(named=True)}
    return [rows[name] for name in found.facts["shown"]]


def differences(found: Found) -> Exhibit:
    """Both designs, outcome by outcome, and how far they are apart."""

    def form(row: Row) -> str:
        return form_of(row["outcome"], half_of(row))

    def signed(row: Row) -> str:
        return form_of(row["outcome"], half_of(row), signed=True)

    return Exhibit(
        "compare.differences",
        [
            Column("outcome", value=lambda row: named(row["outcome"])),
            Column("A", form, rank=2),
            Column("B", form, rank=2),
            Column("difference", signed, span=("low", "high")),
            Column("verdict", value=lambda row: say(f"compare.verdict.{row['verdict']}")),
            Column("p_better", "%", rank=1),
        ],
        rows_of(found),
        table="differences",
        by=("outcome", "week"),
        section="outcome",
        values={"week": found.facts["week"]},
    )
