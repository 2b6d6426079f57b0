"""What a study of spreading dropout says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import listed
from peersim.presentation.exhibit import PAGE, TERMINAL, Statement
from peersim.studies.dropout_spread.exhibits import labels
from peersim.studies.dropout_spread.following.knock_outs import AS_IT_HAPPENED
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
    rows = list(table.filter(measure="net", leaving=AS_IT_HAPPENED).iter_rows(named=True))
    everybody = [row for row in rows if row["who"] == EVERYBODY]
    clear = [row for row in everybody if row["low"] > 0]
    for row in sorted(clear, key=lambda each: -each["mean"]):
        yield _followed("followed", row, names)
    if unclear := [names[row["design"]] for row in everybody if row not in clear]:
        yield Statement("dropout_spread.short.unclear", {"designs": listed(unclear)})
    by_supporters = [row for row in rows if row["who"] == "supporter" and row["low"] > 0]
    for row in sorted(by_supporters, key=lambda each: -each["mean"]):
        yield _followed("supporter", row, names)


def _followed(key: str, row: Any, names: Any) -> Statement:
    per_100 = {name: 100 * row[name] for name in ("mean", "low", "high")}
    values = {**per_100, "design": names[row["design"]]}
    return Statement(f"dropout_spread.short.{key}", values, table="reproduction")


def books(found: Found) -> Statement:
    """Say how far the books, which name a person behind a departure, agree with the knock-outs."""
    rows = found.tables["attribution"]
    columns = ("named", "caused_or_brought_forward", "both")
    counts = {name: int(rows[name].sum()) for name in columns}
    values = {**counts, "window": found.facts["window"]}
    return Statement("dropout_spread.books_said", values, section="books", table="attribution")
