"""The tables that a calibration shows, on its page and in its document: targets, parameters, what
pulls apart, what goes together, waves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from peersim.kernel.catalogue import Sentence, Value, say, worded
from peersim.presentation.exhibit import PAGE, Column, Exhibit, Row
from peersim.presentation.settings import meaning_in
from peersim.studies.calibration.tables import WITHIN

if TYPE_CHECKING:
    from peersim.studies.study import Found

MOST = 15
"""Pairs of targets that pull apart, of which so many are shown."""

THREE = "g3"
"""Digits that count."""


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give every table."""
    yield targets(found)
    yield definitions(found)
    yield parameters(found)
    yield couplings(found)
    yield tensions(found)
    yield waves(found)


def observed(row: Mapping[str, Any]) -> Sentence:
    """What was observed, and from where to where the target is hit.

    >>> print(observed({"target": "a", "observed": 0.25, "error": 0.03, "discrepancy": 0.04,
    ...                 "sense": "at most"}))
    up to 0.25 (0.35)
    """
    reach = WITHIN * (row["error"] ** 2 + row["discrepancy"] ** 2) ** 0.5
    origin = {"table": "targets", "target": row["target"], "what": "observed"}
    ends = {"low": row["observed"] - reach, "high": row["observed"] + reach}
    values = {"observed": Value(row["observed"], THREE, origin)}
    values |= {end: Value(number, "g2", {"table": "targets"}) for end, number in ends.items()}
    return Sentence(f"calibration.observed.{row['sense']}", values)


def target(column: str) -> Callable[[Row], Sentence]:
    """Say which target a column names."""
    return lambda row: Sentence(f"calibration.targets.{row[column]}")


def _verdict(column: str) -> Any:
    return lambda row: Sentence(f"calibration.verdict.{row[column]}")


def targets(found: Found) -> Exhibit:
    """What was observed, and what the model makes of it."""
    return Exhibit(
        "calibration.met",
        columns=[
            Column("target", rank=3, said=target("target")),
            Column("label", value=target("target"), is_in_page=False),
            Column("evidence", rank=4),
            Column("observed", THREE, value=observed),
            Column("default", THREE, rank=2),
            Column("default_verdict", value=_verdict("default_verdict"), rank=1),
            Column("median", THREE, span=("low", "high")),
            Column("verdict", value=_verdict("verdict")),
        ],
        rows=found.tables["targets"].to_dicts(),
        table="targets",
        by=("target",),
        section="targets",
    )


def definitions(found: Found) -> Exhibit:
    """What is divided by what, and where the figures come from."""
    return Exhibit(
        "calibration.definitions",
        columns=[
            Column("target", said=target("target")),
            Column("setting", value=lambda row: worded("worlds", *[row["setting"]] * 2)),
            Column(
                "definition",
                value=lambda row: worded("definitions", row["target"], row["definition"]),
            ),
            Column("why", value=lambda row: Sentence(f"calibration.why.{row['target']}")),
        ],
        rows=found.tables["targets"].to_dicts(),
        table="targets",
        by=("target",),
        section="targets",
        outlets=(PAGE,),
    )


def parameters(found: Found) -> Exhibit:
    """What was learned about each parameter, and how well it could be known."""
    again = {row["parameter"]: row for row in found.tables["recovery"].to_dicts()}

    def bounds(row: Mapping[str, Any]) -> Sentence:
        return Sentence("calibration.bounds", {end: row[f"{end}est"] for end in ("low", "high")})

    def learned(row: Mapping[str, Any]) -> Sentence:
        of = "carried" if row["carried"] else "expected"
        return Sentence(f"calibration.learned.{of}.{row['verdict']}")

    def recovered(what: str) -> Any:
        origin = {"table": "recovery", "what": what}
        return lambda row: Value(
            again[row["parameter"]][what], "%0", {**origin, "parameter": row["parameter"]}
        )

    return Exhibit(
        "calibration.parameters",
        columns=[
            Column("parameter", said=meaning_in("parameter")),
            Column("bounds", value=bounds),
            Column("default", "g"),
            Column("median", THREE, span=("low", "high")),
            Column("default_rank", "%0"),
            Column("shrinkage", "2"),
            Column("learned", value=learned),
            Column("coverage", "%0", value=recovered("coverage")),
            Column("better", "%0", value=recovered("better")),
        ],
        rows=found.tables["shrinkage"].sort("shrinkage", descending=True).to_dicts(),
        table="shrinkage",
        by=("parameter",),
        section="parameters",
        outlets=(PAGE,),
    )


def couplings(found: Found) -> Exhibit:
    """Pairs of parameters of which only a combination was learned."""
    return Exhibit(
        "calibration.couplings",
        columns=[
            Column("parameter", said=meaning_in("parameter")),
            Column("other", said=meaning_in("other")),
            Column("correlation", "+2"),
        ],
        rows=found.tables["couplings"].to_dicts(),
        table="couplings",
        by=("parameter", "other"),
        section="parameters",
        outlets=(PAGE,),
    )


def tensions(found: Found) -> Exhibit:
    """Targets that come nearer when another is left out."""
    return Exhibit(
        "calibration.tensions",
        columns=[
            Column("target", said=target("target")),
            Column("missed", "+2"),
            Column("other", said=target("other")),
            Column("missed_without", "+2"),
        ],
        rows=found.tables["tensions"].head(MOST).to_dicts(),
        table="tensions",
        by=("target", "other"),
        section="apart",
    )


def wave_name(name: str) -> str:
    """Name a wave by its number."""
    return say("calibration.wave_name", number=name.rpartition("-")[2])


def waves(found: Found) -> Exhibit:
    """How many targets the sets of each wave miss."""
    missed, share = pl.col("targets_missed"), pl.col("share")
    rows = (
        found.tables["waves"]
        .group_by("wave", maintain_order=True)
        .agg(
            pl.col("sets").first(),
            (missed * share).sum().alias("mean"),
            share.filter(missed == 0).sum().alias("none"),
            share.filter(missed <= 1).sum().alias("at_most_one"),
        )
    )
    return Exhibit(
        "calibration.waves",
        columns=[
            Column("wave", value=lambda row: wave_name(row["wave"])),
            Column("sets", "0"),
            Column("mean", "1"),
            Column("none", "%1"),
            Column("at_most_one", "%1"),
        ],
        rows=rows.to_dicts(),
        table="waves",
        by=("wave",),
        section="waves",
        outlets=(PAGE,),
    )
