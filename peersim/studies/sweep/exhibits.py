"""The tables that a sweep shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import Sentence, Value
from peersim.presentation.exhibit import PAGE, Cell, Column, Exhibit, Row, ranged
from peersim.presentation.outcomes import form_of, label
from peersim.presentation.settings import plain_meaning, value_name
from peersim.studies.sweep.tables import SHOWN, listed_points

if TYPE_CHECKING:
    from peersim.studies.study import Found

MOST_SETTINGS = 4
"""Settings for which there is room."""

Rows = Mapping[tuple[int, str], Row]


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give every table."""
    most, least = listed_points(found.tables["summary"], found.facts["points"])
    if not least:
        yield points(found, most, "all")
    else:
        yield points(found, most, "most")
        yield points(found, least, "least")
    yield varied(found)


def points(found: Found, which: list[int], kind: str) -> Exhibit:
    """Settings and outcomes of some points, and how far each is from the first."""
    rows = {row["point"]: row for row in found.tables["points"].iter_rows(named=True)}
    means = _by_point(found.tables["summary"])
    gaps = _by_point(found.tables["differences_from_first"])
    paths = found.facts["varied"]
    shown = paths if len(paths) <= MOST_SETTINGS else []
    arm = [Column("arm")] if "arm" in found.tables["points"].columns else []
    return Exhibit(
        "sweep.points",
        [
            Column("point", "0"),
            *arm,
            *(Column(path, "g", value=_setting(path), heading=path) for path in shown),
            Column(SHOWN[0], "3", value=_mean(means, SHOWN[0]), heading=label(SHOWN[0])),
            Column("difference", "+3", value=_gap(gaps)),
            *(
                Column(name, "3", value=_mean(means, name), heading=label(name), rank=rank)
                for rank, name in enumerate(SHOWN[1:], 1)
            ),
        ],
        [rows[point] for point in which],
        table="points",
        by=("point",),
        section="found",
        values={"which": Sentence(f"sweep.which.{kind}")},
        part=kind,
    )


def _by_point(table: Any) -> Rows:
    return {(row["point"], str(row["outcome"])): row for row in table.iter_rows(named=True)}


def _setting(path: str) -> Callable[[Row], Cell]:
    def give(row: Row) -> Cell:
        value = row[path]
        if isinstance(value, float):
            return Value(round(value, 4), "g", {"point": row["point"], "what": path})
        return str(value)

    return give


def _interval(row: Row, table: str, ends: Mapping[str, str], form: str) -> Cell:
    origin = {"table": table, "point": row["point"], "outcome": str(row["outcome"])}
    of = {name: Value(row[end], form, {**origin, "what": end}) for name, end in ends.items()}
    low = row[ends["low"]]
    alone = row[ends["mean"]] is None or low is None or low != low
    return of["mean"] if alone else ranged(of)


def _mean(means: Rows, outcome: str) -> Callable[[Row], Cell]:
    ends = {"mean": "mean", "low": "mean_low", "high": "mean_high"}
    form = form_of(outcome).replace("points", "%")
    return lambda row: _interval(means[row["point"], outcome], "summary", ends, form)


def _gap(gaps: Rows) -> Callable[[Row], Cell]:
    ends = {"mean": "difference", "low": "low", "high": "high"}
    table = "differences_from_first"

    def give(row: Row) -> Cell:
        if row["point"] == 0:
            return ""
        return _interval(gaps[row["point"], SHOWN[0]], table, ends, form_of(SHOWN[0], signed=True))

    return give


def varied(found: Found) -> Exhibit:
    """What was varied, from where to where."""
    rows = []
    for path in found.facts["varied"]:
        column = found.tables["points"][path]
        numeric = column.dtype.is_numeric()
        options = "" if numeric else ", ".join(map(value_name, column.unique(maintain_order=True)))
        ends = {"lowest": column.min(), "highest": column.max()} if numeric else {}
        rows.append({"setting": path, "options": options, "meaning": plain_meaning(path), **ends})

    def end(name: str) -> Callable[[Row], Cell]:
        return lambda row: Value(row[name], "g4") if name in row else row["options"]

    return Exhibit(
        "sweep.varied",
        [
            Column("setting", said=lambda row: str(row["meaning"])),
            Column("lowest", "g", value=end("lowest")),
            Column("highest", "g", value=lambda row: Value(row.get("highest"), "g4")),
            Column("meaning", is_in_page=False),
        ],
        rows,
        table="points",
        section="varied",
        outlets=(PAGE,),
    )
