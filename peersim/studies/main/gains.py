"""What designs do, in people first: for those each of them reaches, and over everybody invited."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from peersim.kernel.statistics import Paired, paired
from peersim.model.outcomes import smallest_of
from peersim.model.vocabulary import RECIPIENT

REACHED, EVERYBODY = "those reached", "everybody invited"
KEYS = ["basis", "seed", "person"]


def gains(people: pl.DataFrame, reference: str) -> pl.DataFrame:
    """One row a design, basis, whom it is about, and outcome: with it and without any programme.

    Whoever a design reaches is compared with themself in the same run without any programme.
    """
    invited = people.filter(pl.col("role") == int(RECIPIENT))
    own = [*KEYS, pl.col("isolated").alias("alone"), pl.col("connectedness").alias("before")]
    without = invited.filter(pl.col("design") == reference).select(own)
    there = invited.filter(pl.col("design") != reference).join(without, on=KEYS)
    rows = [
        {**dict(zip(("design", "basis"), names, strict=True)), **row}
        for names, part in there.group_by("design", "basis", maintain_order=True)
        for row in _of_design(part)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _of_design(people: pl.DataFrame) -> Iterator[dict[str, Any]]:
    invited = people.group_by("seed", maintain_order=True).len()["len"].mean()
    for whom, those in ((REACHED, pl.col("reached")), (EVERYBODY, pl.lit(value=True))):
        by_run = people.group_by("seed", maintain_order=True).agg(
            people=pl.col("reached").filter(those).len(),
            **{name: pl.col(name).filter(those).sum() for name in ("isolated", "alone")},
            **{name: pl.col(name).filter(those).mean() for name in ("connectedness", "before")},
        )
        about = {"whom": whom, "people": by_run["people"].mean()}
        yield about | _isolated(by_run, smallest_of("isolated") * float(invited or 0))
        yield about | _connected(by_run)


def _isolated(by_run: pl.DataFrame, smallest: float) -> dict[str, Any]:
    with_it, without = (by_run[name].to_numpy().astype(float) for name in ("isolated", "alone"))
    gap = paired(with_it, without, "lower", smallest=smallest)
    return _row("isolated", (with_it, without), gap) | in_whole_people(gap)


def _connected(by_run: pl.DataFrame) -> dict[str, Any]:
    with_it, without = (
        by_run[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for name in ("connectedness", "before")
    )
    gap = paired(with_it, without, "higher", smallest=smallest_of("connectedness"))
    return _row("connectedness", (with_it, without), gap) | {"fewest": None, "most": None}


def _row(outcome: str, values: tuple[np.ndarray, np.ndarray], gap: Paired) -> dict[str, Any]:
    with_it, without = (_mean(each) for each in values)
    return {
        "outcome": outcome,
        "with_it": with_it,
        "without": without,
        "difference": gap.difference,
        "low": gap.low,
        "high": gap.high,
        "verdict": gap.verdict,
    }


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan


def in_whole_people(gap: Paired) -> dict[str, int | None]:
    """Give how many fewer, from the fewest to the most: the interval, its ends rounded outwards to
    whole people. Below zero they are more.

    >>> from types import SimpleNamespace as Gap
    >>> in_whole_people(Gap(difference=-6.5, low=-6.9, high=-6.1))
    {'fewest': 6, 'most': 7}
    >>> in_whole_people(Gap(difference=-0.3, low=-1.4, high=0.8))
    {'fewest': -1, 'most': 2}
    """
    ends = (gap.low, gap.high) if math.isfinite(gap.low) else (gap.difference, gap.difference)
    if not math.isfinite(ends[0]):
        return {"fewest": None, "most": None}
    most, fewest = (round(-end, 9) for end in ends)
    return {"fewest": math.floor(fewest), "most": math.ceil(most)}
