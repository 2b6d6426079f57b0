"""What the runs say of persons: how their time in the programme ended, and whom a design leaves
out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from peersim.kernel.statistics import t_quantile
from peersim.model.vocabulary import CAUSES, NEVER_STARTED, RECIPIENT, ROLES
from peersim.run.standing import came_as_recipients
from peersim.scenario.typology import NO_PROGRAMME
from peersim.studies.main.arms import Arm

TRAITS = ("social_anxiety", "exclusion", "stage")
THIRDS = ("low", "middle", "high")
ENDS = (*CAUSES, "taking part", "waiting")
STILL_THERE, NOT_STARTED = len(CAUSES), len(CAUSES) + 1
OUTCOMES = ["never_reached", "connectedness", "connectedness_gain"]
KEYS = ["design", "basis"]


def everybody(arms: Sequence[Arm]) -> pl.DataFrame:
    """Put the people of all arms and runs under each other, as they were at the last week."""
    designs = pl.Enum(
        list(dict.fromkeys(arm.design.name for arm in arms))
    )  # sorts in the order of the arms
    return pl.concat([_people_of(arm) for arm in arms]).with_columns(pl.col("design").cast(designs))


def _people_of(arm: Arm) -> pl.DataFrame:
    ends, ensemble = arm.ensemble.persons, arm.ensemble
    runs, people = ends.shape
    flat = ends.ravel()
    never = np.flatnonzero(~flat["started"])
    cause = flat["cause"].copy()
    cause[never] = NEVER_STARTED
    return pl.DataFrame(
        {
            "seed": np.repeat(np.asarray(ensemble.seeds), people),
            "person": np.tile(np.arange(people), runs),
            "role": np.where(came_as_recipients(flat), RECIPIENT, flat["role"]),
            **{name: flat[name] for name in (*TRAITS, "connectedness")},
            "joined": flat["joined"] >= 0,
            "reached": (flat["joined"] >= 0) | (flat["first_meeting"] >= 0),
            "isolated": flat["isolated"] > 0,
            "end": np.where(
                cause >= 0, cause, np.where(flat["joined"] >= 0, STILL_THERE, NOT_STARTED)
            ),
        }
    ).with_columns(design=pl.lit(arm.design.name), basis=pl.lit(arm.basis))


def median_wait(persons: np.ndarray) -> float | None:
    """Weeks from the invitation to the first meeting: half of the recipients who have met somebody
    waited no longer. None where nobody has.
    """
    met = persons[(persons["role"] == int(RECIPIENT)) & (persons["first_meeting"] >= 0)]
    return float(np.median(met["first_meeting"] - met["invited_week"])) if len(met) else None


def causes(people: pl.DataFrame) -> pl.DataFrame:
    """One row a design, basis, role and end: the share of everyone invited in that role whose time
    ended that way.
    """
    there = people.filter(pl.col("design") != NO_PROGRAMME)
    keys = [*KEYS, "role", "seed"]
    counted = there.group_by(*keys, "end").len()
    invited = there.group_by(keys).agg(invited=pl.len())
    every = invited.join(there.select(*KEYS, "role", "end").unique(), on=[*KEYS, "role"])
    shares = every.join(counted, on=[*keys, "end"], how="left").with_columns(
        share=pl.col("len").fill_null(0) / pl.col("invited")
    )
    found = estimates(shares, [*KEYS, "role", "end"], "share").rename({"mean": "share"})
    return found.with_columns(
        pl.col("role").replace_strict(dict(enumerate(ROLES)), return_dtype=pl.String),
        pl.col("end").replace_strict(dict(enumerate(ENDS)), return_dtype=pl.String),
    )


def reach(people: pl.DataFrame) -> pl.DataFrame:
    """One row a design, basis, trait, third and outcome, over the recipients in that third."""
    invited = people.filter(pl.col("role") == int(RECIPIENT))
    without = invited.filter(pl.col("design") == NO_PROGRAMME)
    alone = without.select("basis", "seed", "person", alone="connectedness")
    gains = invited.join(alone, on=["basis", "seed", "person"]).with_columns(
        never_reached=(~pl.col("joined")).cast(pl.Float64),
        connectedness_gain=pl.col("connectedness") - pl.col("alone"),
    )
    return pl.concat([_by_third(gains, without, trait) for trait in TRAITS])


def _by_third(people: pl.DataFrame, everyone: pl.DataFrame, trait: str) -> pl.DataFrame:
    low, high = (float(cut) for cut in np.quantile(everyone[trait].to_numpy(), [1 / 3, 2 / 3]))
    upper = pl.when(pl.col(trait) <= high).then(pl.lit(THIRDS[1])).otherwise(pl.lit(THIRDS[2]))
    third = pl.when(pl.col(trait) <= low).then(pl.lit(THIRDS[0])).otherwise(upper)
    by_run = (
        people.group_by(*KEYS, "seed", third=third)
        .agg(*(pl.col(name).mean() for name in OUTCOMES), people=pl.len())
        .unpivot(
            OUTCOMES,
            index=[*KEYS, "third", "seed", "people"],
            variable_name="outcome",
            value_name="mean",
        )
    )
    keys = [*KEYS, "third", "outcome"]
    sizes = by_run.group_by(keys).agg(pl.col("people").sum())
    found = estimates(by_run, keys, "mean").join(sizes, on=keys, maintain_order="left")
    every = (
        people.select(KEYS)
        .unique()
        .sort(KEYS)
        .join(_thirds_and_outcomes(), how="cross", maintain_order="left")
    )
    found = every.join(found, on=keys, how="left", maintain_order="left").with_columns(
        pl.col("people", "runs").fill_null(0), pl.col("mean", "low", "high").fill_null(np.nan)
    )  # few people, or people who are all alike, leave a third empty
    return found.select(
        *KEYS,
        pl.lit(trait).alias("trait"),
        "third",
        "outcome",
        "people",
        "mean",
        "low",
        "high",
        "runs",
    )


def _thirds_and_outcomes() -> pl.DataFrame:
    return pl.DataFrame(
        [{"third": third, "outcome": name} for third in THIRDS for name in OUTCOMES]
    )


def estimates(values: pl.DataFrame, keys: Sequence[str], column: str) -> pl.DataFrame:
    """Estimate the mean over runs of a column in each group, with its interval."""
    grouped = values.sort(*keys, "seed").group_by(keys, maintain_order=True)
    found = grouped.agg(mean=pl.col(column).mean(), sd=pl.col(column).std(), runs=pl.len())
    quantile = {
        runs: t_quantile(runs - 1) if runs > 1 else np.nan
        for runs in found["runs"].unique().to_list()
    }
    t = pl.col("runs").replace_strict(quantile, return_dtype=pl.Float64)
    half = (t * pl.col("sd") / pl.col("runs").cast(pl.Float64).sqrt()).fill_null(np.nan)
    low, high = pl.col("mean") - half, pl.col("mean") + half
    return found.with_columns(low=low, high=high).drop("sd")
