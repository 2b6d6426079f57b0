"""What the web of ties of one programme looks like, in numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from peersim.kernel.catalogue import say
from peersim.kernel.statistics import estimate
from peersim.presentation.exhibit import PAGE, Column, Exhibit, Row, Statement
from peersim.run.simulation import simulate
from peersim.scenario.plausible_sets import sets_for, with_its_set

if TYPE_CHECKING:
    from peersim.scenario.scenario import Scenario

RUNS = 10
"""Runs whose network is looked at: exchanging ties by chance takes time."""

MOST_PEOPLE = 400
"""Beyond so many people the network is not looked at, nor drawn."""

FORMS = {
    "connected": "1",
    "ties": "1",
    "parts": "1",
    "largest": "%",
    "bridges": "1",
    "clustering": "%",
    "by_chance": "%",
    "cohorts": "+2",
}
"""What is shown, and how it is written."""

NOTICED = {"excess": 0.02, "cohorts": 0.1}
"""From where on a sentence says that there is something: a pair in fifty, a weak correlation."""


def networks(scenario: Scenario, options: Any) -> pl.DataFrame | None:
    """One row a run: the shape of its network at the last week. None where too many are invited."""
    if scenario.population.everybody > MOST_PEOPLE:
        return None
    sets = sets_for(options.parameters, [scenario])
    seeds = range(options.seed, options.seed + min(RUNS, options.replicates))
    shapes = [simulate(with_its_set(scenario, sets, seed), seed).shape() for seed in seeds]
    table = pl.DataFrame([shape._asdict() for shape in shapes])
    return table.insert_column(0, pl.Series("seed", seeds)).fill_nan(None)


def _means(table: pl.DataFrame) -> dict[str, dict[str, float | None]]:
    """Mean and interval of each measure, over the runs in which it can be said."""
    found = {}
    for name in (*FORMS, "excess"):
        if len(known := table[name].drop_nulls()):
            three = estimate(known.to_numpy())[:3]
            ends = (None if math.isnan(number) else number for number in three)
            found[name] = dict(zip(("mean", "low", "high"), ends, strict=True))
    return found


def exhibits(table: pl.DataFrame) -> Iterator[Exhibit]:
    """Give the measures, each with what it means."""
    means = _means(table)
    rows = [{"measure": name, **means[name]} for name in FORMS if name in means]

    def words(of: str) -> Any:
        return lambda row: say(f"single.networks.{of}.{row['measure']}")

    def form(row: Row) -> str:
        return FORMS[row["measure"]]

    yield Exhibit(
        "single.networks",
        [
            Column("measure", value=words("measures")),
            Column("mean", form, span=("low", "high")),
            Column("meaning", value=words("meanings")),
        ],
        rows,
        table="networks",
        by=("measure",),
        section="network",
        values={"n": len(table)},
        outlets=(PAGE,),
    )


def sentences(table: pl.DataFrame) -> Iterator[Statement]:
    """Say in plain words whether people form circles, and keep to those who began when they did."""
    means = {name: each["mean"] or 0.0 for name, each in _means(table).items()}

    def said(key: str, **values: float) -> Statement:
        return Statement(
            f"single.networks.{key}", values, section="network", table="networks", outlets=(PAGE,)
        )

    if not means.get("ties"):
        return
    yield said("bridges", bridges=means["bridges"], ties=means["ties"])
    if "excess" in means:
        key = "circles" if means["excess"] >= NOTICED["excess"] else "no_circles"
        yield said(key, clustering=means["clustering"], by_chance=means["by_chance"])
    if "cohorts" in means:
        yield said("cohorts" if means["cohorts"] >= NOTICED["cohorts"] else "no_cohorts")
