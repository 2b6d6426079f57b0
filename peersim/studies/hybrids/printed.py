"""What is printed of the fifteen mixes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from peersim.kernel.statistics import TOO_CLOSE
from peersim.scenario.typology import EQUAL_HOURS

if TYPE_CHECKING:
    import polars as pl

    from peersim.studies.hybrids.study import Choice


HARDEST = (("social_anxiety", "high"), ("exclusion", "high"), ("stage", "low"))
"""Thirds of those invited who are hardest to reach."""


def told(tables: Mapping[str, pl.DataFrame], choice: Choice) -> str:
    """Print each mix, best first, and what follows from it."""
    import polars as pl

    parts = [head(choice)]
    for basis in tables["mixes"]["basis"].unique(maintain_order=True):
        there = pl.col("basis") == basis
        parts.append(_table(tables["mixes"].filter(there), tables["regret"].filter(there), basis))
    return "\n\n".join([*parts, *conclusions(tables)])


def head(choice: Choice) -> str:
    """Say what was run."""
    return (
        f"All mixes of the four types for the same people: {choice.sets} plausible sets of parameters, "
        f"{choice.worlds} worlds with each."
    )


def _table(mixes: pl.DataFrame, regret: pl.DataFrame, basis: str) -> str:
    import polars as pl

    connected = mixes.filter(pl.col("outcome") == "connectedness").join(
        regret.filter(pl.col("outcome") == "connectedness").select(
            "design", "best_share", "regret", "regret_high"
        ),
        on="design",
        maintain_order="left",
    )
    out = mixes.filter(pl.col("outcome") == "never_reached").select("design", out="mean")
    rows = connected.join(out, on="design", maintain_order="left").sort("gain", descending=True)
    width = max(len(label) for label in rows["label"])
    lines = [
        f"At {_taken(mixes, basis)}",
        f"{'':{width}}  connectedness gained     best in   regret (95 % of    never",
        f"{'':{width}}  by everyone invited      of sets   sets below)        reached",
    ]
    for row in rows.iter_rows(named=True):
        interval = f"{row['gain']:+.3f} ({row['gain_low']:+.3f} to {row['gain_high']:+.3f})"
        notes = [] if row["reached"] else [f"{basis.removeprefix('equal ')} not reached"]
        notes += ["on the front"] if row["front"] else []
        notes += ["too close to the best to call"] if row["verdict"] == "too close to call" else []
        regretted = f"{row['regret']:.3f} ({row['regret_high']:.3f})"
        line = f"{row['label']:{width}}  {interval:24}  {row['best_share']:6.0%}   {regretted}    {row['out']:6.0%}"
        lines.append(f"{line}   {'; '.join(notes)}".rstrip())
    return "\n".join(lines)


def _taken(mixes: pl.DataFrame, basis: str) -> str:
    """Say how much every mix takes that can take as much."""
    import polars as pl

    column = "hours" if basis == EQUAL_HOURS else "cost"
    middle = float(np.median(mixes.filter(pl.col("reached"))[column].to_numpy()))
    much = f"about {middle:,.0f} " + ("hours of supporters" if basis == EQUAL_HOURS else "DKK")
    return f"{basis}: {much}"


def conclusions(tables: Mapping[str, pl.DataFrame]) -> list[str]:
    """Say in plain words which to choose, as far as that can be said."""
    return [
        line
        for basis in tables["regret"]["basis"].unique(maintain_order=True)
        for line in _chosen(tables, basis)
    ]


def _chosen(tables: Mapping[str, pl.DataFrame], basis: str) -> list[str]:
    """Say which gives most, what is too close to it, what a wrong choice costs, and whom the front
    leaves out.
    """
    import polars as pl

    mixes = tables["mixes"].filter(
        (pl.col("basis") == basis) & (pl.col("outcome") == "connectedness")
    )
    best = mixes.filter(pl.col("verdict") == "best").row(0, named=True)
    close = mixes.filter(pl.col("verdict") == TOO_CLOSE)["label"].to_list()
    text = (
        f"At {basis} {best['label']} gives most on average ({best['gain']:+.3f} in connectedness)"
    )
    text += (
        f"; too close to it to call: {', '.join(close)}."
        if close
        else ", and no other comes close."
    )
    return [text, _risked(tables["regret"], basis), _left_out(tables, basis)]


def _risked(regret: pl.DataFrame, basis: str) -> str:
    import polars as pl

    there = regret.filter((pl.col("basis") == basis) & (pl.col("outcome") == "connectedness"))
    safest, likeliest = (
        there.sort("regret").row(0, named=True),
        there.sort("best_share").row(-1, named=True),
    )
    often = (
        "" if likeliest["best_share"] > 0.5 else "No mix is the best in most sets of parameters. "
    )
    cost = (
        f"{safest['regret']:.3f} on average"
        if safest["regret"] > 0
        else "nothing that is told from chance"
    )
    return (
        f"{often}{likeliest['label']} is the best most often, in {likeliest['best_share']:.0%} of the sets. To choose "
        f"{safest['label']} costs least where it is not ({cost}; more than {safest['regret_high']:.3f} in one set of "
        "twenty)."
    )


def _left_out(tables: Mapping[str, pl.DataFrame], basis: str) -> str:
    """Whom the mixes on the front leave out: never reached of all, and of those who are hardest to
    reach.
    """
    import polars as pl

    here = pl.col("basis") == basis
    never = (
        tables["mixes"]
        .filter(here & (pl.col("outcome") == "never_reached") & pl.col("front"))
        .sort("mean")
    )
    reach = tables["left_out"].filter(here & (pl.col("outcome") == "never_reached"))
    parts = []
    for row in never.iter_rows(named=True):
        own = reach.filter(pl.col("design") == row["design"])
        of = {
            (trait, third): mean
            for trait, third, mean in own.select("trait", "third", "mean").iter_rows()
        }
        hard = " / ".join(f"{of[cell]:.0%}" for cell in HARDEST)
        parts.append(f"{row['label']} {row['mean']:.0%} ({hard})")
    head = "Never reached by those on the front (of the most anxious / most excluded / earliest in recovery)"
    return f"{head}: {'; '.join(parts)}."
