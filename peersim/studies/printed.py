"""The short table that a study prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim.presentation.catalogue import words
from peersim.scenario.typology import BASES, NO_PROGRAMME

if TYPE_CHECKING:
    import polars as pl

NAME_WIDTH = 27
COLUMNS = {
    "connectedness": 11,
    "isolated": 9,
    "retained": 9,
    "harmed": 8,
    "strain": 11,
    "supporter_hours": 10,
}
"""Outcomes in the order of the columns, with their widths."""
ONLY_WITH_PROGRAMME = ("retained", "harmed", "strain", "supporter_hours")
DASH = "-"


def table(tables: Mapping[str, pl.DataFrame], people: int, weeks: int) -> str:
    """Set out the comparison of all designs, one block a basis, no wider than 110 characters."""
    catalogue = words()["table"]
    bases = [basis for basis in BASES if basis in tables["designs"]["basis"].unique().to_list()]
    blocks = [_block(tables, basis, people) for basis in bases]
    runs = tables["runs"]["seed"].n_unique()
    foot = catalogue["foot"] if runs > 1 else catalogue["foot_one"]
    return "\n".join([*blocks, foot.format(runs=runs, people=people, weeks=weeks)])


def _block(tables: Mapping[str, pl.DataFrame], basis: str, people: int) -> str:
    import polars as pl

    catalogue = words()["table"]
    designs = tables["designs"].filter(pl.col("basis") == basis).to_dicts()
    title = catalogue[basis].format(hours=_target(designs))
    head = "".join(catalogue["columns"][name].rjust(width) for name, width in COLUMNS.items())
    lines = [
        "",
        title,
        "design".ljust(NAME_WIDTH) + head + "  " + catalogue["columns"]["difference"],
    ]
    found = _by_design(tables["comparison"].filter(pl.col("basis") == basis))
    lines += [_line(design, found[design["design"]], people) for design in designs]
    if any(design["reached"] is False for design in designs):
        lines.append(catalogue["short"])
    return "\n".join(lines)


def _target(designs: list[dict[str, Any]]) -> str:
    targets = [design["target_hours"] for design in designs if design["target_hours"] is not None]
    return f"{targets[0]:.0f}" if targets else ""


def _by_design(comparison: pl.DataFrame) -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in comparison.iter_rows(named=True):
        found.setdefault(row["design"], {})[row["outcome"]] = row
    return found


def _line(design: dict[str, Any], rows: dict[str, dict[str, Any]], people: int) -> str:
    alone = design["design"] == NO_PROGRAMME
    mark = "*" if design["reached"] is False else ""
    cells = []
    for name, width in COLUMNS.items():
        hidden = alone and name in ONLY_WITH_PROGRAMME
        cells.append((DASH if hidden else _cell(name, rows[name], people)).rjust(width))
    gap = DASH if alone else _difference(rows["connectedness"])
    return (
        (design["label"][: NAME_WIDTH - 2] + mark).ljust(NAME_WIDTH) + "".join(cells) + "  " + gap
    )


def _cell(name: str, row: dict[str, Any], people: int) -> str:
    mean, half = row["mean"], row["mean_high"] - row["mean"]
    if not np.isfinite(mean):
        return DASH
    if name == "supporter_hours":
        return _plus_minus(mean / people, half / people, 1)
    if name in ("connectedness", "strain"):
        return _plus_minus(mean, half, 2)
    return _plus_minus(100 * mean, 100 * half, 0) + " %"


def _plus_minus(mean: float, half: float, digits: int) -> str:
    return f"{mean:.{digits}f}" + (f" ±{half:.{digits}f}" if np.isfinite(half) else "")


def _difference(row: dict[str, Any]) -> str:
    half = (row["high"] - row["low"]) / 2
    margin = f" ±{half:.3f}" if np.isfinite(half) else ""
    return (
        f"{row['difference']:+.3f}{margin} {words()['table']['verdicts'][row['verdict']]}".rstrip()
    )
