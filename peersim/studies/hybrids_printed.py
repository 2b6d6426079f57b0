"""What is printed of the fifteen mixes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from peersim.typology import EQUAL_HOURS

if TYPE_CHECKING:
    import polars as pl

    from peersim.studies.hybrids import Choice


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
        regret.filter(pl.col("outcome") == "connectedness").select("design", "best_share", "regret", "regret_high"),
        on="design", maintain_order="left",
    )  # fmt: skip
    out = mixes.filter(pl.col("outcome") == "never_reached").select("design", out="mean")
    rows = connected.join(out, on="design", maintain_order="left").sort("gain", descending=True)
    width = max(len(label) for label in rows["label"])
    lines = [
        f"At {basis}" + (" of supporters" if basis == EQUAL_HOURS else ""),
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


def conclusions(tables: Mapping[str, pl.DataFrame]) -> list[str]:
    """Say in plain words which to choose, as far as that can be said."""
    import polars as pl

    found = []
    for basis in tables["regret"]["basis"].unique(maintain_order=True):
        there = tables["regret"].filter((pl.col("basis") == basis) & (pl.col("outcome") == "connectedness"))
        safest, likeliest = there.sort("regret").row(0, named=True), there.sort("best_share").row(-1, named=True)
        text = f"At {basis}: {likeliest['label']} is best most often ({likeliest['best_share']:.0%} of the sets)"
        cost = f"{safest['regret']:.3f} on average" if safest["regret"] > 0 else "nothing that is told from chance"
        if safest["design"] == likeliest["design"]:
            text += f", and choosing it costs least where it is not ({cost})."
        else:
            text += f", but {safest['label']} costs least where it is not the best ({cost})."
        found.append(text)
    return found
