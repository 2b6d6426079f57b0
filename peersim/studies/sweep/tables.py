"""What is made of the tables of a sweep."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from peersim.kernel.paths import leaves
from peersim.kernel.statistics import paired
from peersim.scenario.scenario import Scenario

SHOWN = ("connectedness", "retained", "isolated", "strain")
"""Outcomes that are shown, the first of them first of all."""

MOST_ROWS, ENDS = 24, 8
"""So many points are listed; of more than that, so many at each end."""

MOST_COMPARED = 1000
"""Points up to which each is compared with the first; of more, those that are listed."""


def varied_in(points: pl.DataFrame) -> list[str]:
    """List the settings that take more than one value."""
    return [
        name for name in points.columns if name in leaves(Scenario) and points[name].n_unique() > 1
    ]


def listed_points(summary: pl.DataFrame, count: int) -> tuple[list[int], list[int]]:
    """Give the points that are listed: all of them, or those with most and those with least."""
    if count <= MOST_ROWS:
        return list(range(count)), []
    own = summary.filter(pl.col("outcome").cast(pl.String) == SHOWN[0]).drop_nulls("mean")
    order = own.sort("mean", descending=True)["point"].to_list()
    return order[:ENDS], order[-ENDS:]


def differences_from_first(folder: Path, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One row a point and outcome: how it differs from point 0, within pairs of runs."""
    count = len(tables["points"])
    most, least = listed_points(tables["summary"], count)
    wanted = range(count) if count <= MOST_COMPARED else sorted({*most, *least})
    runs = pl.scan_parquet(folder / "runs.parquet").select("point", "seed", *SHOWN)
    there = runs.filter(pl.col("point").is_in([0, *wanted])).sort("point", "seed").collect()
    of = {point[0]: frame for point, frame in there.group_by("point", maintain_order=True)}
    rows = []
    for outcome in SHOWN:
        first = of[0][outcome].cast(float).to_numpy()
        for point in wanted:
            gap = paired(of[point][outcome].cast(float).to_numpy(), first)
            rows.append((point, outcome, gap.difference, gap.low, gap.high, gap.runs))
    kinds = {
        "point": pl.Int64,
        "outcome": pl.String,
        **dict.fromkeys(("difference", "low", "high"), pl.Float64),
        "pairs": pl.Int64,
    }
    return pl.DataFrame(rows, schema=kinds, orient="row")
