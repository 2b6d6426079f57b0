"""From what was noted down of many worlds to tables; columns.csv says what each column means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import polars as pl

from peersim.model.vocabulary import ROLES
from peersim.studies.dropout_spread.following.knock_outs import AS_IT_HAPPENED
from peersim.studies.dropout_spread.measurements import Noted
from peersim.studies.dropout_spread.reproduction import mean_of
from peersim.studies.dropout_spread.survival import curve
from peersim.studies.dropout_spread.tables_of_paths import by_distance, channels

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

Found = Mapping[str, Sequence[Noted]]
"""What was noted down of each design, a world after the other."""


def _frame(found: Found, which: str) -> pl.DataFrame:
    """Put the rows of all designs under each other."""
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


def groups() -> dict[str, Callable[[pl.DataFrame], pl.DataFrame]]:
    """Name who left: everybody, by role, and recipients by their place among the ties; these may
    overlap.
    """
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
    rows = []
    for (design, leaving), frame in knock_outs.group_by("design", "leaving", maintain_order=True):
        for who, among in groups().items():
            those = among(frame)
            for measure in MEASURES:
                mean = mean_of(those[measure].to_numpy(), those["seed"].to_numpy())
                rows.append(
                    {"design": design, "leaving": leaving, "who": who, "measure": measure}
                    | mean.as_row()
                )
    return pl.DataFrame(rows, infer_schema_length=None)


def attribution(found: Found, knock_outs: pl.DataFrame, followers: pl.DataFrame) -> pl.DataFrame:
    """One row a design: what the ledger lays at leavers' doors beside what their leaving does."""
    mine = pl.col("leaving") == AS_IT_HAPPENED
    rows = []
    for design, worlds in found.items():
        sums = {key: sum(noted.named[key] for noted in worlds) for key in worlds[0].named}
        theirs = knock_outs.filter(pl.col("design") == design, mine)
        seeds = theirs["seed"].to_numpy()
        named, causal = (mean_of(theirs[name].to_numpy(), seeds) for name in ("named", "net"))
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
                "named": int(theirs["named"].sum()),
                "caused_or_brought_forward": caused.height if caused is not None else 0,
                "both": both,
                "runs": len(worlds),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def survival(found: Found) -> pl.DataFrame:
    """One row a design, role and week since beginning: the share still there."""
    frames = []
    for design, worlds in found.items():
        for role in ROLES:
            line = curve([noted.survival[role] for noted in worlds])
            about = [pl.lit(design).alias("design"), pl.lit(role).alias("role")]
            frames.append(pl.DataFrame(line._asdict()).select(*about, pl.all()))
    return pl.concat(frames)
