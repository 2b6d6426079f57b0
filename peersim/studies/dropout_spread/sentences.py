"""What a study of spreading dropout says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from peersim.kernel.catalogue import Sentence, listed
from peersim.presentation.exhibit import PAGE, TERMINAL, Statement
from peersim.studies.dropout_spread.exhibits import CHANNELS, FEW, WHO, labels, lever_name
from peersim.studies.dropout_spread.following.knock_outs import AS_IT_HAPPENED, WHAT_IF
from peersim.studies.dropout_spread.tables import EVERYBODY

if TYPE_CHECKING:
    from peersim.studies.study import Found

EXPLAINED = ("follow", "whose", "what", "near", "long", "books")


def sentences(found: Found) -> Iterator[Statement]:
    """Give every sentence."""
    yield Statement("dropout_spread.head", found.facts, outlets=(TERMINAL,))
    yield from short(found)
    for section in EXPLAINED:
        key = f"dropout_spread.explained.{section}"
        yield Statement(key, found.facts, section=section, outlets=(PAGE,))
    yield books(found)


def short(found: Found) -> Iterator[Statement]:
    """Say for which designs departures are clearly followed by others, and who is followed."""
    table, names = found.tables["reproduction"], labels(found.tables["designs"])
    rows = [
        row
        for row in table.filter(measure="net").iter_rows(named=True)
        if row["persons"] >= FEW or row["who"] == EVERYBODY
    ]
    by_lot = [row for row in rows if row["leaving"] == WHAT_IF and row["low"] > 0]
    rows = [row for row in rows if row["leaving"] == AS_IT_HAPPENED]
    everybody = [row for row in rows if row["who"] == EVERYBODY]
    clear = [row for row in everybody if row["low"] > 0]
    for row in sorted(clear, key=lambda each: -each["mean"]):
        yield _followed("followed", row, names)
    if unclear := [names[row["design"]] for row in everybody if row not in clear]:
        yield Statement("dropout_spread.short.unclear", {"designs": listed(unclear)})
    said = {row["design"] for row in clear}
    for who, beside in (("supporter", set()), ("recipient", said)):
        those = [row for row in rows if row["who"] == who and row["low"] > 0]
        for row in sorted(those, key=lambda each: -each["mean"]):
            if row["design"] not in beside:
                yield _followed(who, row, names)
    yield from _clear("made_to_leave", by_lot, ("who", WHO), names)
    if "spread_channels" in found.tables:
        channels = found.tables["spread_channels"].iter_rows(named=True)
        those = [row for row in channels if row["low"] > 0 and row["persons"] >= FEW]
        yield from _clear("channel", those, ("channel", CHANNELS), names)
    yield from _halved(found.tables["spread_levers"], names)


def _clear(
    key: str, clear: Sequence[Any], kinds: tuple[str, Sequence[str]], names: Mapping[str, str]
) -> Iterator[Statement]:
    """Say for each kind of leaver, or channel, in which designs others clearly follow."""
    column, every = kinds
    for kind in every:
        those = sorted((r for r in clear if str(r[column]) == kind), key=lambda row: -row["mean"])
        if those:
            said = [Sentence("dropout_spread.short.per_100", _per_100(r, names)) for r in those]
            values = {"designs": listed(said)}
            table = "reproduction" if column == "who" else "spread_channels"
            yield Statement(f"dropout_spread.short.{key}.{kind}", values, table=table)


def _halved(levers: pl.DataFrame, names: Mapping[str, str]) -> Iterator[Statement]:
    """Say which changes clearly halve what follows, or that none does."""
    if not levers.height:
        return
    verdicts = levers.with_columns(pl.col("verdict").cast(pl.String))
    halved = [
        Sentence(
            "dropout_spread.short.lever_of",
            {"lever": lever_name(row["lever"]), "design": names[row["design"]]},
        )
        for row in verdicts.filter(verdict="more than halved").iter_rows(named=True)
    ]
    if halved:
        values = {"levers": listed(halved)}
        yield Statement("dropout_spread.short.halved", values, table="spread_levers")
    elif verdicts.filter(pl.col("verdict") != "nothing to halve").height:
        yield Statement("dropout_spread.short.not_halved", table="spread_levers")


def _per_100(row: Any, names: Mapping[str, str]) -> dict[str, Any]:
    per_100 = {name: 100 * row[name] for name in ("mean", "low", "high")}
    return {**per_100, "design": names[row["design"]]}


def _followed(key: str, row: Any, names: Any) -> Statement:
    return Statement(f"dropout_spread.short.{key}", _per_100(row, names), table="reproduction")


def books(found: Found) -> Statement:
    """Say how far the books, which name a person behind a departure, agree with the knock-outs."""
    rows = found.tables["attribution"]
    columns = ("named", "caused_or_brought_forward", "both")
    counts = {name: int(rows[name].sum()) for name in columns}
    values = {**counts, "window": found.facts["window"]}
    return Statement("dropout_spread.books_said", values, section="books", table="attribution")
