"""The tables that a study of spreading dropout shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim.kernel.catalogue import Sentence, Value, has, say
from peersim.presentation.designs import design_label
from peersim.presentation.exhibit import PAGE, Cell, Column, Exhibit, Row
from peersim.studies.dropout_spread.following.knock_outs import AS_IT_HAPPENED, WHAT_IF
from peersim.studies.dropout_spread.tables import EVERYBODY

if TYPE_CHECKING:
    from peersim.studies.study import Found

FEW = 20
"""Of fewer leavings than that no mean is shown."""
WHO = ("supporter", "bridge", "popular", "other recipient")
CHANNELS = ("structure", "loss", "social", "the rest")
MEASURES = {
    "net": 0,
    "caused": 2,
    "brought_forward": 2,
    "prevented": 2,
    "put_off": 2,
    "newcomers": 3,
    "without_place": 1,
}
"""Measures of what follows, with the rank in which they make room."""


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give every table."""
    tables = found.tables
    yield follow(tables["reproduction"], tables["designs"])
    whose = tables["reproduction"].filter(measure="net", leaving=WHAT_IF)
    yield by_column(whose, tables["designs"], "who", WHO, "whose")
    if "spread_channels" in tables:
        yield by_column(tables["spread_channels"], tables["designs"], "channel", CHANNELS, "what")
    if tables["spread_levers"].height:
        yield levers(tables["spread_levers"], tables["designs"])
    yield books(tables["attribution"], tables["designs"])


def labels(designs: pl.DataFrame) -> dict[str, str]:
    """Give the label of each design."""
    rows = designs.select("design", "label").iter_rows()
    return {name: design_label(name, label) for name, label in rows}


def lever_name(lever: str) -> str:
    """Name a change that was tried; tables have their own words for it."""
    key = f"dropout_spread.shown.{lever}"
    return say(key) if has(key) else say(f"dropout_spread.lever.{lever}")


def interval(row: Row | None, table: str, mean: str = "mean", form: str = "+2") -> Cell:
    """Give a mean with its interval, or that too few left to say."""
    if row is None or row[mean] is None or not np.isfinite(row[mean]):
        return Value(None, form)
    if row.get("persons", FEW) < FEW:
        return say("dropout_spread.too_few")
    keys = ("design", "who", "measure", "leaving", "channel", "lever")
    origin = {"table": table, **{key: row[key] for key in keys if key in row}}
    ends = {"mean": mean, "low": "low", "high": "high"}
    of = {name: Value(row[end], form, {**origin, "what": end}) for name, end in ends.items()}
    has_ends = row["low"] is not None and np.isfinite(row["low"])
    return Sentence("numbers.interval", of) if has_ends else of["mean"]


def _by_design(
    designs: pl.DataFrame,
    name: str,
    section: str,
    columns: Sequence[Column],
    table: str,
    **more: Any,
) -> Exhibit:
    first = Column("design", value=lambda row: design_label(row["design"], row["label"]))
    rows = designs.select("design", "label").to_dicts()
    words = f"dropout_spread.{name}"
    return Exhibit(words, [first, *columns], rows, table, ("design",), section, **more)


def follow(reproduction: pl.DataFrame, designs: pl.DataFrame) -> Exhibit:
    """What follows one departure, design by design."""
    rows = reproduction.filter(leaving=AS_IT_HAPPENED, who=EVERYBODY).iter_rows(named=True)
    of = {(row["design"], row["measure"]): row for row in rows}

    def measure(name: str) -> Callable[[Row], Cell]:
        return lambda row: interval(of.get((row["design"], name)), "reproduction")

    def left(row: Row) -> Cell:
        persons = of[row["design"], "net"]["persons"] if (row["design"], "net") in of else 0
        origin = {"who": EVERYBODY, "leaving": AS_IT_HAPPENED, "measure": "net"}
        return Value(persons, "0", {**origin, "what": "persons"})

    columns = [
        Column("left", "0", value=left, rank=1),
        *(Column(name, "+2", value=measure(name), rank=rank) for name, rank in MEASURES.items()),
    ]
    return _by_design(designs, "follow", "follow", columns, "reproduction")


def by_column(
    rows: pl.DataFrame, designs: pl.DataFrame, key: str, kinds: Sequence[str], section: str
) -> Exhibit:
    """A column for each kind of leaver, or channel."""
    of = {(row["design"], str(row[key])): row for row in rows.iter_rows(named=True)}
    table = "reproduction" if key == "who" else "spread_channels"

    def give(kind: str) -> Callable[[Row], Cell]:
        return lambda row: interval(of.get((row["design"], kind)), table)

    columns = [Column(kind, "+2", value=give(kind)) for kind in kinds]
    return _by_design(designs, section, section, columns, table)


def levers(rows: pl.DataFrame, designs: pl.DataFrame) -> Exhibit:
    """What each lever changes."""
    names = labels(designs)
    return Exhibit(
        "dropout_spread.levers",
        [
            Column("design", value=lambda row: names[row["design"]]),
            Column("lever", value=lambda row: lever_name(row["lever"])),
            Column("without", "+2", rank=2),
            Column("with", "+2", rank=2),
            Column(
                "difference",
                "+2",
                value=lambda row: interval(row, "spread_levers", mean="difference"),
            ),
            Column("departures_difference", "+2", rank=3),
            Column("verdict", value=lambda row: say(f"dropout_spread.verdicts.{row['verdict']}")),
        ],
        rows.to_dicts(),
        "spread_levers",
        ("design", "lever"),
        "helps",
    )


def books(rows: pl.DataFrame, designs: pl.DataFrame) -> Exhibit:
    """What the model notes of reasons, beside what the knock-outs find."""
    names = labels(designs)
    forms = {
        "share_named": "%",
        "share_of_hazard": "%",
        "named_for_each": "2",
        "net_for_each": "2",
        "named": "0",
        "caused_or_brought_forward": "0",
        "both": "0",
    }
    return Exhibit(
        "dropout_spread.books",
        [
            Column("design", value=lambda row: names[row["design"]]),
            *(Column(name, form) for name, form in forms.items()),
        ],
        rows.to_dicts(),
        "attribution",
        ("design",),
        "books",
        outlets=(PAGE,),
    )
