"""Who leaves, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from peersim.kernel.catalogue import say
from peersim.presentation.figures.kit import number_axis
from peersim.presentation.figures.style import (
    BLUE,
    BROWN,
    FAINT,
    GREEN,
    ORANGE,
    PINK,
    SAND,
    SKY,
    STONE,
    VERMILION,
    YELLOW,
    inches,
)
from peersim.scenario.typology import CONFIGURED
from peersim.studies.main.ends import GROUPS, group_of
from peersim.studies.main.figures.sheet import opened, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.main.compared import Compared
    from peersim.studies.study import Found

LOOKS: dict[str, tuple[str, str, str]] = {
    # what is told together: colour, hatch, and the colour in which figures can be read on it
    "taking part": (BLUE, "", "white"),
    "moved_on": (SKY, "", "black"),
    "course_completed": (GREEN, "//", "black"),
    "community_closed": (PINK, "xxx", "black"),
    "lost_tie": (VERMILION, "---", "black"),
    "misfit": (ORANGE, "", "black"),
    "unsafe": (SAND, "\\\\\\\\", "black"),
    "not_relevant": (STONE, "|||", "white"),
    "overload": (BROWN, "", "white"),
    "drift": (YELLOW, "", "black"),
    "never_started": (FAINT, "////", "black"),
}

WELL = ("taking part", "moved_on", "course_completed")
WRITTEN_FROM = 0.06


def shares(causes: pl.DataFrame, role: str) -> dict[str, dict[str, float]]:
    """Add up the ends of one role by design and group."""
    found: dict[str, dict[str, float]] = {}
    for row in causes.filter(basis=CONFIGURED, role=role).iter_rows(named=True):
        bars = found.setdefault(row["design"], dict.fromkeys(GROUPS, 0.0))
        bars[group_of(row["end"])] += row["share"]
    return found


def who_leaves_and_why(found: Found, compared: Compared) -> Figure:
    """Draw one stacked bar a design: how the time of the people invited ended."""
    ends = shares(found.tables["causes"], "recipient")
    designs = [row["design"] for row in compared.designs[CONFIGURED] if row["design"] in ends]
    height = 2.2 + 0.4 * len(designs)
    stayed = {design: sum(ends[design][group] for group in WELL) for design in designs}
    best = max(designs, key=stayed.__getitem__)
    finding = "finding" if len(designs) > 1 else "title"
    well = stayed[best] * compared.people
    known = {"label": compared.labels[best], "stayed": well, "people": compared.people}
    figure = opened(found, height, "leaving", finding, **known)
    axes = figure.subplots(gridspec_kw=inches(figure, 2.35, 0.3, 1.35, 0.75))
    for row, design in enumerate(designs):
        _bar(axes, row, ends[design])
    axes.set_yticks(range(len(designs)), [compared.labels[design] for design in designs])
    axes.set_ylim(len(designs) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    number_axis(axes, "x", "%")
    axes.set_xlabel(words("leaving.axis"))
    _legend(figure, height)
    return figure


def _bar(axes: Axes, row: int, parts: dict[str, float]) -> None:
    start = 0.0
    for group, (colour, hatch, ink) in LOOKS.items():
        share = parts[group]
        axes.barh(
            row, share, left=start, height=0.72, color=colour, hatch=hatch, ec="white", lw=0.8
        )
        if share >= WRITTEN_FROM:
            box = {"fc": colour, "ec": "none", "pad": 2.5} if hatch else None
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


def _legend(figure: Figure, height: float) -> None:
    from matplotlib.patches import Patch

    keys = [
        Patch(fc=colour, hatch=hatch, ec="white", label=say(f"ends.{group}"))
        for group, (colour, hatch, _) in LOOKS.items()
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
