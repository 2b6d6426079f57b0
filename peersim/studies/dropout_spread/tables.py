"""From what was noted down of many worlds to tables; columns.csv says what each column means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim.kernel.statistics import TOO_CLOSE, estimate
from peersim.model.vocabulary import ROLES
from peersim.studies.dropout_spread.following.channels import (
    CHANNELS,
    alone_and_last,
    combinations,
    shares,
)
from peersim.studies.dropout_spread.following.effects import COUNTS, KINDS
from peersim.studies.dropout_spread.following.knock_outs import AS_IT_HAPPENED
from peersim.studies.dropout_spread.measurements import Noted
from peersim.studies.dropout_spread.reproduction import Mean, difference_of, mean_of
from peersim.studies.dropout_spread.survival import curve

if TYPE_CHECKING:
    import polars as pl

EVERYBODY = "everybody"
MEASURES = (
    "net",
    "caused",
    "brought_forward",
    "prevented",
    "put_off",
    "net_recipients",
    "net_supporters",
    "newcomers",
    "gave_up",
    "without_place",
    "named_direct",
    "named",
)
"""What is averaged over leavings."""

SINCE = ((0, 2), (3, 6), (7, 13), (14, 26))
"""Weeks since a leaving, as they are told."""
DISTANCES = (1, 2, 3, None)
"""Steps along ties: to herself 0, three or more 3, no path None."""

Found = Mapping[str, Sequence[Noted]]
"""What was noted down of each design, a world after the other."""


def _frame(found: Found, which: str) -> pl.DataFrame:
    """Put the rows of all designs under each other."""
    import polars as pl

    frames = [
        pl.DataFrame(
            [row for noted in worlds for row in getattr(noted, which)], infer_schema_length=None
        ).select(pl.lit(design).alias("design"), pl.all())
        for design, worlds in found.items()
        if any(getattr(noted, which) for noted in worlds)
    ]
    return pl.concat(frames, how="vertical_relaxed") if frames else pl.DataFrame()


def spread_tables(found: Found) -> dict[str, pl.DataFrame]:
    """Make every table of the study but those of the levers; without any leaving, those that can
    be.
    """
    if not any(noted.knock_outs for worlds in found.values() for noted in worlds):
        return {"survival": survival(found)}
    frames = {
        which: _frame(found, which) for which in ("knock_outs", "followers", "channels", "cascades")
    }
    tables = {
        "reproduction": reproduction(frames["knock_outs"]),
        "spread_by_distance": by_distance(frames["followers"], frames["knock_outs"]),
        "spread_channels": channels(frames["channels"]),
        "attribution": attribution(found, frames["knock_outs"], frames["followers"]),
        "survival": survival(found),
        "knock_outs": frames["knock_outs"],
        "followers": frames["followers"],
        "cascades": frames["cascades"],
    }
    return {name: frame for name, frame in tables.items() if frame.width}


def _estimated(mean: Mean) -> dict[str, Any]:
    return {
        "mean": mean.mean,
        "low": mean.low,
        "high": mean.high,
        "persons": mean.persons,
        "runs": mean.worlds,
    }


def groups() -> dict[str, Callable[[pl.DataFrame], pl.DataFrame]]:
    """Name who left: everybody, by role, and recipients by their place among the ties; these may
    overlap.
    """
    import polars as pl

    recipient = pl.col("role") == ROLES[0]
    return {
        EVERYBODY: lambda frame: frame,
        "supporter": lambda frame: frame.filter(pl.col("role") == ROLES[1]),
        "recipient": lambda frame: frame.filter(recipient),
        "bridge": lambda frame: frame.filter(recipient, pl.col("bridge")),
        "popular": lambda frame: frame.filter(recipient, pl.col("popular")),
        "other recipient": lambda frame: frame.filter(
            recipient, ~pl.col("bridge"), ~pl.col("popular")
        ),
    }


def reproduction(knock_outs: pl.DataFrame) -> pl.DataFrame:
    """One row a design, kind of leaving, who it was, and measure: the mean over leavings, with its
    interval.
    """
    import polars as pl

    rows = []
    for (design, leaving), frame in knock_outs.group_by("design", "leaving", maintain_order=True):
        for who, among in groups().items():
            those = among(frame)
            for measure in MEASURES:
                mean = mean_of(those[measure].to_numpy(), those["seed"].to_numpy())
                rows.append(
                    {"design": design, "leaving": leaving, "who": who, "measure": measure}
                    | _estimated(mean)
                )
    return pl.DataFrame(rows, infer_schema_length=None)


def by_distance(followers: pl.DataFrame, knock_outs: pl.DataFrame) -> pl.DataFrame:
    """One row a design, kind of leaving, distance and time: net departures of others for each
    leaving.
    """
    import polars as pl

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
        hers = net.filter(pl.col("design") == design, pl.col("leaving") == leaving)
        worlds = np.repeat(frame["seed"].to_numpy(), frame["persons"].to_numpy())
        order = frame.select("seed", "persons")
        for distance in DISTANCES:
            near = hers.filter(
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
                rows.append(about | _estimated(mean_of(each, worlds)))
    return pl.DataFrame(rows, infer_schema_length=None)


def channels(effects: pl.DataFrame) -> pl.DataFrame:
    """One row a design and channel: its share of the net number of departures, what it does alone
    and adds last.
    """
    import polars as pl

    if not effects.width:
        return effects
    names = ["+".join(names) or "none" for names in combinations()]
    rows = []
    for (design,), frame in effects.group_by("design", maintain_order=True):
        values, worlds = frame.select(names).to_numpy(), frame["seed"].to_numpy()
        apart = alone_and_last(values)
        for name, share in (shares(values) | {"all": values[:, -1]}).items():
            alone, last = (mean_of(each, worlds) for each in apart.get(name, (share, share)))
            about = {"design": design, "channel": name} | _estimated(mean_of(share, worlds))
            if name in CHANNELS:
                about |= {"alone": alone.mean, "alone_low": alone.low, "alone_high": alone.high}
                about |= {
                    "added_last": last.mean,
                    "added_last_low": last.low,
                    "added_last_high": last.high,
                }
            rows.append(about)
    return pl.DataFrame(rows, infer_schema_length=None)


def attribution(found: Found, knock_outs: pl.DataFrame, followers: pl.DataFrame) -> pl.DataFrame:
    """One row a design: what the ledger lays at leavers' doors beside what their leaving does."""
    import polars as pl

    mine = pl.col("leaving") == AS_IT_HAPPENED
    rows = []
    for design, worlds in found.items():
        sums = {key: sum(noted.named[key] for noted in worlds) for key in worlds[0].named}
        hers = knock_outs.filter(pl.col("design") == design, mine)
        seeds = hers["seed"].to_numpy()
        named, causal = (mean_of(hers[name].to_numpy(), seeds) for name in ("named", "net"))
        follow = (
            followers.filter(pl.col("design") == design, mine, pl.col("was_there"))
            if followers.width
            else None
        )
        caused = (
            follow.filter(pl.col("change").is_in(["caused", "brought forward"]))
            if follow is not None
            else None
        )
        both = int(caused["named"].sum()) if caused is not None else 0
        rows.append(
            {
                "design": design,
                "departures": int(sums["departures"]),
                "share_named": sums["named"] / sums["departures"] if sums["departures"] else np.nan,
                "share_of_hazard": sums["share_of_hazard"] / sums["departures"]
                if sums["departures"]
                else np.nan,
                "named_for_each": named.mean,
                "named_low": named.low,
                "named_high": named.high,
                "net_for_each": causal.mean,
                "net_low": causal.low,
                "net_high": causal.high,
                "named": int(hers["named"].sum()),
                "caused_or_brought_forward": caused.height if caused is not None else 0,
                "both": both,
                "runs": len(worlds),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def levers(found: Found, without: Found, texts: Mapping[str, str]) -> pl.DataFrame:
    """One row a design and lever: the reproduction number with the lever and without it, and the
    departures.

    Parameters
    ----------
    found : mapping
        What was noted down with each lever, under ``design/lever``.
    without : mapping
        The same worlds without any.
    texts : mapping
        What each lever is, in words.
    """
    import polars as pl

    rows = []
    for name, worlds in found.items():
        design, lever = name.split("/")
        same = without[design][: len(worlds)]
        now, before = _net(worlds), _net(same)
        change, half = difference_of(now, before), difference_of(now, (0.5 * before[0], before[1]))
        alone = mean_of(*before)
        drop = estimate([a.departures - b.departures for a, b in zip(worlds, same, strict=True)])
        rows.append(
            {
                "design": design,
                "lever": lever,
                "text": texts[lever],
                "without": alone.mean,
                "without_low": alone.low,
                "without_high": alone.high,
                "with": mean_of(*now).mean,
                "difference": change.mean,
                "low": change.low,
                "high": change.high,
                "verdict": _verdict(alone, change, half),
                "departures_without": float(np.mean([noted.departures for noted in same])),
                "departures_difference": drop.mean,
                "departures_low": drop.low,
                "departures_high": drop.high,
                "runs": len(worlds),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _net(worlds: Sequence[Noted]) -> tuple[np.ndarray, np.ndarray]:
    rows = [row for noted in worlds for row in noted.knock_outs if row["leaving"] == AS_IT_HAPPENED]
    return np.array([row["net"] for row in rows], float), np.array(
        [row["seed"] for row in rows], int
    )


def _verdict(alone: Mean, change: Mean, half: Mean) -> str:
    """Say whether a lever halves what follows from one leaving; `half`: with it, less half of
    without.
    """
    if not alone.low > 0:
        return "nothing to halve"
    if change.low > 0:
        return "more"
    if half.high < 0:
        return "more than halved"
    if half.low > 0:
        return "less than halved" if change.high < 0 else "not halved"
    return "less" if change.high < 0 else TOO_CLOSE


def survival(found: Found) -> pl.DataFrame:
    """One row a design, role and week since beginning: the share still there."""
    import polars as pl

    frames = []
    for design, worlds in found.items():
        for role in ROLES:
            line = curve([noted.survival[role] for noted in worlds])
            about = [pl.lit(design).alias("design"), pl.lit(role).alias("role")]
            frames.append(pl.DataFrame(line._asdict()).select(*about, pl.all()))
    return pl.concat(frames)
