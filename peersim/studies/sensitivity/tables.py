"""From the runs of a sweep to the tables of a sensitivity analysis; columns.csv says what each
column means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from peersim.kernel.paths import leaves
from peersim.kernel.statistics import SMALL, TOO_CLOSE
from peersim.model.outcomes import OUTCOMES, smallest_of
from peersim.scenario.scenario import Scenario
from peersim.studies.sensitivity.chance import chance_share
from peersim.studies.sensitivity.effects import (
    CHANCE,
    DUMMY,
    SIZE,
    morris_effects,
    pawn_indices,
    sobol_indices,
)
from peersim.studies.sensitivity.ranking import ALIKE, ranking_flips, winners

if TYPE_CHECKING:
    from peersim.scenario.factors import Factor

BETTER = {outcome.name: outcome.better for outcome in OUTCOMES}
ARMS = ("A", "B")
CONFIGURED = "as configured"


class Sample(NamedTuple):
    """What an analysis starts from.

    Attributes
    ----------
    method : {"morris", "sobol", "pawn"}
    factors : sequence of Factor
        What was varied, in the order of the columns of `unit`.
    unit : float array, points x factors
    values : mapping of design to mapping of outcome to float array, points x replicates
        Designs are ``A`` and ``B``, or one that is ``as configured``.
    levels : int
        Of a Morris design.
    """

    method: str
    factors: Sequence[Factor]
    unit: np.ndarray
    values: Mapping[str, Mapping[str, np.ndarray]]
    levels: int = 8

    @property
    def names(self) -> list[str]:
        """Paths of what was varied."""
        return [factor.path for factor in self.factors]

    def sizes(self, values: np.ndarray) -> pl.DataFrame:
        """Size up the effect of every parameter on one outcome."""
        if self.method == "morris":
            return morris_effects(self.names, self.unit, values, self.levels)
        if self.method == "sobol":
            return sobol_indices(self.names, values)
        return pawn_indices(self.names, self.unit, values)


def by_point(runs: pl.DataFrame, outcomes: Sequence[str]) -> dict[str, dict[str, np.ndarray]]:
    """Set out the runs of a sweep as points x replicates, for each design and outcome.

    Parameters
    ----------
    runs : polars.DataFrame
        As `sweep` gives it: point, replicate, the outcomes, and perhaps arm. Runs that failed have
        no value.
    outcomes : sequence of str
    """
    ordered = runs.sort("point", "replicate")
    if "arm" not in runs.columns:
        return {CONFIGURED: {name: _grid(ordered, name) for name in outcomes}}
    parts = {arm: ordered.filter(pl.col("arm").cast(pl.String) == arm) for arm in ARMS}
    return {arm: {name: _grid(part, name) for name in outcomes} for arm, part in parts.items()}


def _grid(runs: pl.DataFrame, outcome: str) -> np.ndarray:
    values = runs[outcome].cast(float).fill_null(np.nan).to_numpy()
    return values.reshape(runs["point"].n_unique(), -1)


def sensitivity_tables(sample: Sample, configured: Mapping[str, Any]) -> dict[str, pl.DataFrame]:
    """Make `factors`, `sensitivity` and `chance`, and with two designs also `ranking` and
    `verdicts`.

    Parameters
    ----------
    sample : Sample
    configured : mapping of path to value
        What the settings are where they do not vary.
    """
    tables = {
        "factors": factor_table(sample.factors, configured),
        "sensitivity": sensitivity(sample),
        "chance": chance(sample),
    }
    if set(sample.values) == set(ARMS):
        tables |= {"ranking": ranking(sample), "verdicts": verdicts(sample)}
    return tables


def factor_table(factors: Sequence[Factor], configured: Mapping[str, Any]) -> pl.DataFrame:
    """One row a parameter: what it is, and from where to where it went."""
    known = leaves(Scenario)
    rows = []
    for factor in factors:
        leaf, numbers = known[factor.path], factor.levels is None
        rows.append(
            {
                "parameter": factor.path,
                "meaning": leaf.field.metadata.get("meaning", ""),
                "unit": factor.unit,
                "lowest": float(factor.low) if numbers else None,
                "highest": float(factor.high) if numbers else None,
                "options": None if numbers else ", ".join(map(str, factor.levels or ())),
                "configured": _cell(configured.get(factor.path)),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"options": pl.String})


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "+".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def sensitivity(sample: Sample) -> pl.DataFrame:
    """One row a design, outcome and parameter, the largest first; the last of each is what chance
    makes.
    """
    return pl.concat(
        [
            sample.sizes(values).select(
                pl.lit(design).alias("design"), pl.lit(outcome).alias("outcome"), pl.all()
            )
            for design, outcomes in sample.values.items()
            for outcome, values in outcomes.items()
        ],
        how="vertical_relaxed",
    )


def chance(sample: Sample) -> pl.DataFrame:
    """One row a design and outcome: how much of what differs between runs is chance."""
    spread = _evenly_spread(sample)
    return pl.DataFrame(
        [
            {
                "design": design,
                "outcome": outcome,
                "points": len(values),
                "replicates": values.shape[1],
                "mean": float(np.nanmean(values)) if np.isfinite(values).any() else None,
                **chance_share(values[spread])._asdict(),
            }
            for design, outcomes in sample.values.items()
            for outcome, values in outcomes.items()
        ],
        infer_schema_length=None,
    )


def _evenly_spread(sample: Sample) -> np.ndarray:
    """Mark the points that lie evenly in the space: of a Sobol' design those that were drawn, not
    those crossed.
    """
    if sample.method != "sobol":
        return np.ones(len(sample.unit), bool)
    return np.isin(
        np.arange(len(sample.unit)) % (len(sample.factors) + 2), (0, len(sample.factors) + 1)
    )


def won(sample: Sample, outcome: str) -> np.ndarray:
    """Say for each point which design does better: 1 A, -1 B, 0 too close to call, `ALIKE`."""
    first, second = (sample.values[arm][outcome] for arm in ARMS)
    return winners(first, second, BETTER[outcome], smallest_of(outcome))


def verdicts(sample: Sample) -> pl.DataFrame:
    """One row an outcome and verdict: at how many points it holds."""
    spread, rows = _evenly_spread(sample), []
    for outcome in sample.values[ARMS[0]]:
        found = won(sample, outcome)[spread]
        word = "higher" if BETTER[outcome] == "neither" else "better"
        kinds = {f"A is {word}": 1, f"B is {word}": -1, TOO_CLOSE: 0, SMALL: ALIKE}
        for verdict, sign in kinds.items():
            points = int((found == sign).sum())
            rows.append(
                {
                    "outcome": outcome,
                    "verdict": verdict,
                    "points": points,
                    "share": points / len(found),
                }
            )
    return pl.DataFrame(rows)


def ranking(sample: Sample) -> pl.DataFrame:
    """One row an outcome and parameter: does it flip which design is better, and does it move the
    difference.
    """
    return pl.concat(
        [_ranking_of(sample, outcome) for outcome in sample.values[ARMS[0]]], how="vertical_relaxed"
    )


def _ranking_of(sample: Sample, outcome: str) -> pl.DataFrame:
    first, second = (sample.values[arm][outcome] for arm in ARMS)
    winner = won(sample, outcome)
    better = np.where(winner == ALIKE, 0, winner)
    flips = ranking_flips(sample.names, sample.unit, winner, sample.method)
    on_gap = _brief(sample.sizes(first - second), sample.method, "gap")
    on_winner = _brief(sample.sizes(better[:, None].astype(float)), sample.method, "winner")
    table = flips.join(on_gap, on="parameter").join(
        on_winner.drop("winner_chance", "winner_verdict"), on="parameter"
    )
    order = [pl.col("flips").fill_null(0), pl.col("winner_size")]
    return table.sort(order, descending=True).select(pl.lit(outcome).alias("outcome"), pl.all())


def _brief(table: pl.DataFrame, method: str, of: str) -> pl.DataFrame:
    """Size, interval, chance and verdict alone, under names that say what they are the size of."""
    size = SIZE[method]
    low, high = ("total_low", "total_high") if method == "sobol" else ("low", "high")
    names: dict[str, Any] = {
        size: "size",
        low: "low",
        high: "high",
        "chance": "chance",
        "verdict": "verdict",
    }
    rows = table.filter(~pl.col("parameter").is_in([CHANCE, DUMMY]))
    return rows.select(
        "parameter", *(pl.col(name).alias(f"{of}_{new}") for name, new in names.items())
    )
