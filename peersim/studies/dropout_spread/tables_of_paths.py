"""How near and how soon others follow, and through what, as tables."""

from __future__ import annotations

import numpy as np
import polars as pl

from peersim.studies.dropout_spread.following.channels import (
    CHANNELS,
    alone_and_last,
    combinations,
    shares,
)
from peersim.studies.dropout_spread.following.effects import COUNTS, KINDS
from peersim.studies.dropout_spread.reproduction import mean_of

SINCE = ((0, 2), (3, 6), (7, 13), (14, 26))
"""Weeks since a leaving, as they are told."""
DISTANCES = (1, 2, 3, None)
"""Steps along ties: to oneself 0, three or more 3, no path None."""


def by_distance(followers: pl.DataFrame, knock_outs: pl.DataFrame) -> pl.DataFrame:
    """One row a design, kind of leaving, distance and time: net departures of ottheirs for each
    leaving.
    """
    if not followers.width:
        return followers
    sign = dict(zip(KINDS, COUNTS, strict=True))
    first = (
        pl.when(pl.col("change").is_in(["prevented", "put off"]))
        .then("week_without")
        .otherwise("week_with")
    )
    net = followers.filter("was_there").with_columns(
        sign=pl.col("change").replace_strict(sign, return_dtype=pl.Int64),
        since=first - pl.col("week"),
        distance=pl.when(pl.col("distance") > 3).then(3).otherwise(pl.col("distance")),
    )
    keys = ["design", "leaving", "seed"]
    leavings = knock_outs.group_by(keys, maintain_order=True).agg(persons=pl.len())
    rows = []
    for (design, leaving), frame in leavings.group_by("design", "leaving", maintain_order=True):
        theirs = net.filter(pl.col("design") == design, pl.col("leaving") == leaving)
        worlds = np.repeat(frame["seed"].to_numpy(), frame["persons"].to_numpy())
        order = frame.select("seed", "persons")
        for distance in DISTANCES:
            near = theirs.filter(
                pl.col("distance").is_null() if distance is None else pl.col("distance") == distance
            )
            for low, high in SINCE:
                sums = (
                    near.filter(pl.col("since").is_between(low, high))
                    .group_by("seed")
                    .agg(pl.col("sign").sum())
                )
                total = order.join(sums, on="seed", how="left").with_columns(
                    pl.col("sign").fill_null(0)
                )
                each = np.repeat(
                    (total["sign"] / total["persons"]).to_numpy(), total["persons"].to_numpy()
                )
                since = {"from_week": low, "to_week": high}
                about = {"design": design, "leaving": leaving, "distance": distance} | since
                rows.append(about | mean_of(each, worlds).as_row())
    return pl.DataFrame(rows, infer_schema_length=None)


def channels(effects: pl.DataFrame) -> pl.DataFrame:
    """One row a design and channel: its share of the net number of departures, what it does alone
    and adds last.
    """
    if not effects.width:
        return effects
    names = ["+".join(names) or "none" for names in combinations()]
    rows = []
    for (design,), frame in effects.group_by("design", maintain_order=True):
        values, worlds = frame.select(names).to_numpy(), frame["seed"].to_numpy()
        apart = alone_and_last(values)
        for name, share in (shares(values) | {"all": values[:, -1]}).items():
            alone, last = (mean_of(each, worlds) for each in apart.get(name, (share, share)))
            about = {"design": design, "channel": name} | mean_of(share, worlds).as_row()
            if name in CHANNELS:
                about |= {"alone": alone.mean, "alone_low": alone.low, "alone_high": alone.high}
                about |= {
                    "added_last": last.mean,
                    "added_last_low": last.low,
                    "added_last_high": last.high,
                }
            rows.append(about)
    return pl.DataFrame(rows, infer_schema_length=None)
