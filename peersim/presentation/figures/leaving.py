"""Who leaves, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peersim.presentation.figures.style import (
    BLUE,
    BROWN,
    FAINT,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    SAND,
    SKY,
    STONE,
    VERMILION,
    YELLOW,
    inches,
    sheet,
)
from peersim.scenario.typology import CONFIGURED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.presentation.figures import Context

GROUPS: dict[str, tuple[str, str, str]] = {
    # what is told together: colour, hatch, and the colour in which figures can be read on it
    "taking part": (BLUE, "", "white"),
    "moved_on": (SKY, "", "black"),
    "course_completed": (GREEN, "", "black"),
    "community_closed": (PINK, "", "black"),
    "lost_tie": (VERMILION, "", "black"),
    "misfit": (ORANGE, "", "black"),
    "unsafe": (SAND, "\\\\\\\\", "black"),
    "not_relevant": (STONE, "", "white"),
    "overload": (BROWN, "", "white"),
    "drift": (YELLOW, "", "black"),
    "never_started": (FAINT, "////", "black"),
}
TOLD_AS = {group: group for group in GROUPS} | {
    "others_leaving": "lost_tie",
    "withdrawn": "overload",
    "life_event": "drift",
    "training_dropout": "never_started",
    "gave_up_waiting": "never_started",
    "waiting": "never_started",
}
"""Each end of somebody's time, and the group under which the figure tells it."""

WRITTEN_FROM = 0.06


def shares(context: Context, role: str) -> dict[str, dict[str, float]]:
    """Add up the ends of one role by design and group."""
    import polars as pl

    table = context.tables["causes"].filter(pl.col("basis") == CONFIGURED, pl.col("role") == role)
    found: dict[str, dict[str, float]] = {}
    for row in table.iter_rows(named=True):
        group = TOLD_AS[row["end"]]
        bars = found.setdefault(row["design"], dict.fromkeys(GROUPS, 0.0))
        bars[group] += row["share"]
    return found


def who_leaves_and_why(context: Context) -> Figure:
    """Draw one stacked bar a design: how the time of the people invited ended."""
    words = context.words
    found = shares(context, "recipient")
    designs = [
        row for row in context.tables["designs"].iter_rows(named=True) if row["design"] in found
    ]
    designs = [row for row in designs if row["basis"] == CONFIGURED]
    height = 2.2 + 0.4 * len(designs)
    texts = words["figures"]
    figure = sheet(height, texts["leaving_title"], texts["leaving_sub"], context.footer)
    axes = figure.subplots(gridspec_kw=inches(figure, 2.35, 0.3, 1.35, 0.75))
    for row, design in enumerate(designs):
        _bar(axes, row, found[design["design"]])
    axes.set_yticks(range(len(designs)), [design["label"] for design in designs])
    axes.set_ylim(len(designs) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    axes.set_xlabel(texts["leaving_axis"])
    _legend(figure, height, words["ends"])
    return figure


def _bar(axes: Axes, row: int, parts: dict[str, float]) -> None:
    start = 0.0
    for group, (colour, hatch, ink) in GROUPS.items():
        share = parts[group]
        axes.barh(
            row, share, left=start, height=0.72, color=colour, hatch=hatch, ec="white", lw=0.8
        )
        if share >= WRITTEN_FROM:
            box = {"fc": colour, "ec": "none", "pad": 1} if hatch else None
            axes.text(
                start + share / 2,
                row,
                f"{100 * share:.0f}",
                ha="center",
                va="center",
                fontsize=8,
                color=ink,
                bbox=box,
            )
        start += share


def _legend(figure: Figure, height: float, names: dict[str, str]) -> None:
    from matplotlib.patches import Patch

    keys = [
        Patch(fc=colour, hatch=hatch, ec="white" if not hatch else GREY, label=names[group])
        for group, (colour, hatch, _) in GROUPS.items()
    ]
    figure.legend(
        handles=keys,
        loc="upper left",
        bbox_to_anchor=(0.0, 1 - 0.62 / height),
        ncol=4,
        fontsize=8,
        handlelength=1.2,
        columnspacing=1.2,
    )
