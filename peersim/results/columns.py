"""The data dictionary: type, unit and meaning of each column of each table in a results folder."""

from __future__ import annotations

from peersim.model.outcomes import OUTCOMES
from peersim.kernel.declaration import declared
import csv
import functools
import io
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import polars as pl

ANY_TABLE = "*"
_KINDS = {bool: "bool", int: "int64", float: "float64"}
PARAMETER = "parameter that differs between the runs: "


class Column(NamedTuple):
    """One column of one table, or one outcome (table ``outcomes``)."""

    table: str
    column: str
    type: str
    unit: str
    description: str


@functools.cache
def declared_columns() -> Mapping[tuple[str, str], Column]:
    """Read the columns declared in ``data/columns.csv``; table ``*`` stands for every table."""
    text = (resources.files("peersim") / "data" / "columns.csv").read_text(encoding="utf-8")
    rows = [Column(**row) for row in csv.DictReader(io.StringIO(text))]
    return {(row.table, row.column): row for row in rows}


@functools.cache
def outcome_columns() -> Mapping[str, Column]:
    """Give a column for each outcome of the model."""
    return {
        outcome.name: Column("outcomes", outcome.name, "float64", outcome.unit, outcome.definition)
        for outcome in OUTCOMES
    }


def describe(table: str, column: str, parameters: Mapping[str, Column]) -> Column:
    """Find the description of one column; that there is none is a mistake and raises `KeyError`."""
    declared = declared_columns()
    for key in ((table, column), (ANY_TABLE, column)):
        if key in declared:
            return declared[key]._replace(table=table)
    found = parameters.get(column) or outcome_columns().get(column)
    if found is None:
        raise KeyError(f"no description of column {column} of table {table} in data/columns.csv")
    return found._replace(table=table)


def parameter_columns(scenario: object) -> Mapping[str, Column]:
    """Give a column for each declared parameter of a scenario, named by its path."""
    columns = {}
    for path, value, field in declared(scenario):
        meaning = field.metadata["meaning"]
        kind = _KINDS.get(type(value), "category")
        columns[path] = Column("runs", path, kind, field.metadata["unit"], PARAMETER + meaning)
    return columns


def dictionary_of(
    tables: Mapping[str, pl.DataFrame], parameters: Mapping[str, Column]
) -> list[Column]:
    """List the description of every column of these tables, then of every outcome."""
    columns = [
        describe(table, column, parameters)
        for table, frame in tables.items()
        for column in frame.columns
    ]
    return columns + list(outcome_columns().values())


def cast(table: str, frame: pl.DataFrame, parameters: Mapping[str, Column]) -> pl.DataFrame:
    """Give each column the type that the dictionary promises."""
    import polars as pl

    types: dict[str, pl.DataType | type[pl.DataType]] = {
        "string": pl.String(),
        "bool": pl.Boolean(),
        "int32": pl.Int32(),
        "int64": pl.Int64(),
        "float32": pl.Float32(),
        "float64": pl.Float64(),
    }
    changes = []
    for name, has in frame.schema.items():
        kind = describe(table, name, parameters).type
        if kind == "category":
            if not isinstance(has, (pl.Enum, pl.Categorical)):
                changes.append(pl.col(name).cast(pl.String).cast(pl.Categorical))
        elif has != types[kind]:
            changes.append(pl.col(name).cast(types[kind]))
    return frame.with_columns(changes)


def as_csv(columns: Iterable[Column]) -> str:
    """Write the dictionary as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Column._fields)
    writer.writerows(columns)
    return text.getvalue()


def as_markdown(columns: Iterable[Column]) -> str:
    """Write the dictionary as Markdown, one section a table."""
    lines = ["# What stands in these tables", ""]
    table = None
    for row in columns:
        if row.table != table:
            table = row.table
            own = {"outcomes": "Outcomes", "run.survival()": "`run.survival()`, from Python"}
            title = own.get(table, f"{table}.parquet")
            lines += [
                "",
                f"## {title}",
                "",
                "| column | type | unit | meaning |",
                "|---|---|---|---|",
            ]
        lines.append(
            f"| {row.column} | {row.type} | {row.unit} | {row.description.replace('|', '/')} |"
        )
    return "\n".join(lines) + "\n"
