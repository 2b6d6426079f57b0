"""How connectedness and taking part develop, week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from peersim.presentation.figures.kit import number_axis, week_axis
from peersim.presentation.figures.layout import wrapped
from peersim.presentation.figures.narrow import BY_COLUMN
from peersim.presentation.figures.style import FAINT, GREY, QUIET, SMALLEST, Look, inches, looks
from peersim.scenario.typology import CONFIGURED, NO_PROGRAMME, OWN, PAIRS
from peersim.studies.main.compared import GAIN
from peersim.studies.main.figures.effects import SMALL_GAIN
from peersim.studies.main.figures.sheet import opened, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.main.compared import Compared
    from peersim.studies.study import Found


BAND = (0.05, 0.95)
SIGN = 0.3
"""Inches of a sign, and of the gap to the next column."""


def how_it_develops(found: Found, compared: Compared) -> Figure:
    """Draw one column a community type: the type alone and its combination, against no
    programme.
    """
    labels, weeks, tables = compared.labels, compared.weeks, found.tables
    columns = [list(pair) for pair in PAIRS if set(pair) & set(labels)]
    columns += [[OWN]] if OWN in labels else []
    finding, known = _grown(compared)
    figure = opened(found, 5.4, "trajectories", finding, **known)
    figure.set_gid(BY_COLUMN)
    grid = inches(figure, 1.1, 0.2, 1.35, 0.8) | {"hspace": 0.16, "wspace": 0.12}
    panels = figure.subplots(
        2, len(columns), sharex=True, sharey="row", squeeze=False, gridspec_kw=grid
    )
    gains = paired_by_week(tables["weekly"], "connectedness")
    staying = _staying(tables["summary"])
    for place, designs in enumerate(columns):
        _panel(panels[0, place], gains, designs, weeks)
        _panel(panels[1, place], staying, designs, weeks)
        panels[0, place].axhline(0, color=GREY, lw=1.2, ls=looks()[NO_PROGRAMME].dash)
        _names(panels[0, place], designs, labels)
    panels[0, 0].set_ylabel(words("trajectories.gain"), fontsize=8.5)
    panels[1, 0].set_ylabel(words("trajectories.retained"), fontsize=8.5)
    number_axis(panels[0, 0], "y", "g", SMALL_GAIN)
    number_axis(panels[1, 0], "y", "%")
    panels[1, 0].set_ylim(0, 1.02)
    for axes in panels[1]:
        axes.set_xlabel(words("trajectories.weeks"))
    return figure


def _grown(compared: Compared) -> tuple[str, dict[str, Any]]:
    """How far connectedness has grown half-way and at the end, where it grows most."""
    every = compared.programmes()
    ends = {"middle": compared.weeks // 2, "end": compared.weeks}
    known: dict[str, Any] = {
        name: compared.at_week(every[0], GAIN, week, is_gain=True, form="+3")
        for name, week in ends.items()
    }
    known["label"] = compared.labels[every[0]]
    grows = len(every) > 1 and compared.row(CONFIGURED, every[0])["difference"] > 0
    return ("title" if grows else "one"), known


def paired_by_week(weekly: pl.DataFrame, outcome: str) -> pl.DataFrame:
    """Give the difference to no programme by design and week, and the band of nine runs in ten."""
    runs = weekly.filter(
        pl.col("basis") == CONFIGURED, pl.col("community") == "all", pl.col("outcome") == outcome
    ).select(pl.col("design").cast(pl.String), "seed", "week", "value")
    without = runs.filter(pl.col("design") == NO_PROGRAMME).select("seed", "week", alone="value")
    gap = pl.col("value").cast(pl.Float64) - pl.col("alone")
    joined = runs.join(without, on=["seed", "week"]).with_columns(gap=gap)
    low, high = (pl.col("gap").quantile(share, "nearest") for share in BAND)
    return (
        joined.group_by("design", "week")
        .agg(mean=pl.col("gap").mean(), low=low, high=high)
        .sort("week")
    )


def _staying(summary: pl.DataFrame) -> pl.DataFrame:
    wanted = {"basis": CONFIGURED, "community": "all", "outcome": "retained"}
    return summary.filter(*(pl.col(name) == value for name, value in wanted.items())).sort("week")


def _panel(axes: Axes, lines: pl.DataFrame, designs: list[str], week: int) -> None:
    for design in designs:
        look, line = looks()[design], lines.filter(pl.col("design") == design)
        axes.fill_between(
            line["week"], line["low"], line["high"], color=look.colour, alpha=0.13, lw=0
        )
        axes.plot(line["week"], line["mean"], color=look.colour, ls=look.dash, lw=1.8)
    axes.grid(axis="y", color=FAINT)
    axes.set_axisbelow(True)
    week_axis(axes, week)


def _names(axes: Axes, designs: list[str], labels: dict[str, str]) -> None:
    """Name the lines above their column: a short piece of each line, then the design."""
    from matplotlib.lines import Line2D

    styles = looks()
    names = {NO_PROGRAMME: Look(QUIET, "x", styles[NO_PROGRAMME].dash, True)} | {
        d: styles[d] for d in designs
    }
    keys = [
        Line2D([], [], color=look.colour, ls=look.dash, lw=1.8, label=labels[design])
        for design, look in names.items()
    ]
    key = axes.legend(
        handles=keys[::-1],
        loc="lower left",
        bbox_to_anchor=(-0.04, 1.0),
        fontsize=SMALLEST,
        handlelength=1.4,
        handletextpad=0.4,
        labelspacing=0.25,
        borderaxespad=0.2,
    )
    room = axes.get_window_extent().width / axes.figure.dpi - SIGN
    for text in key.get_texts():
        text.set_text(wrapped(text.get_text(), text, room))
