"""Two designs against each other: how their difference develops, and how it varies from pair to
pair of runs.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim import __version__
from peersim.kernel.catalogue import Value, say
from peersim.presentation.figures import Plot
from peersim.presentation.figures.kit import number_axis, open_sheet, panels, week_axis
from peersim.presentation.figures.style import BLUE, FAINT, GREY, INK, QUIET, VERMILION, inches
from peersim.presentation.outcomes import form_of, half_of, label, named, scale, side
from peersim.studies.compare.exhibits import rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

MOST_PANELS = 6
COLUMNS = 3
PANEL = 2.3
BARS = 21
LOOKS = {"A": (BLUE, ""), "B": (VERMILION, "/////"), "": (GREY, "")}
"""Colour and hatching of the pairs in which a design is better, and of those in which neither
is."""


def figures(found: Found) -> Iterator[Plot]:
    """Give every figure."""
    yield Plot("by_week", "by_week", lambda: by_week(found))
    yield Plot("pair_by_pair", "by_week", lambda: pair_by_pair(found))


def drawn(found: Found) -> list[str]:
    """List the first few outcomes that can be drawn."""
    return [row["outcome"] for row in rows_of(found) if np.isfinite(row["difference"])][
        :MOST_PANELS
    ]


def _say(key: str, **values: Any) -> str:
    return say(f"compare.figures.{key}", **values)


def _panels(
    found: Found, name: str, finding: str = "title", **values: Any
) -> tuple[Figure, list[Axes]]:
    """Open a figure with one panel an outcome."""
    texts = [
        f"{row['design']}: {row['text']}" for row in found.tables["designs"].iter_rows(named=True)
    ]
    seeds, facts = found.tables["runs"]["seed"], found.facts
    known = {
        "designs": "\n".join(textwrap.shorten(text, 125, placeholder=" ...") for text in texts),
        "first": seeds.min(),
        "last": seeds.max(),
        "version": __version__,
    }
    count = max(1, len(drawn(found)))
    across = min(COLUMNS, count)
    down = -(-count // across)
    words, footer = f"compare.figures.{name}", "compare.figures.footer"
    figure = open_sheet(PANEL * down + 1.9, words, footer, {**facts, **known, **values}, finding)
    gaps = inches(figure, 0.85, 0.3, 1.6, 0.75) | {"hspace": 0.62, "wspace": 0.42}
    return figure, panels(figure, count, across, gaps)


def _finding(found: Found) -> tuple[str, dict[str, Any]]:
    """What the first outcome says, where it says something."""
    row = rows_of(found)[0]
    if not row["verdict"].endswith("is better"):
        return "title", {}
    form = form_of(row["outcome"], half_of(row), signed=True)
    known = {"outcome": label(row["outcome"]), "difference": Value(row["difference"], form)}
    return f"finding.{row['verdict']}", known


def by_week(found: Found) -> Figure:
    """Draw the difference of each outcome week by week, with its interval and the band of nine
    pairs in ten.
    """
    finding, known = _finding(found)
    figure, every = _panels(found, "by_week", finding, **known)
    for axes, outcome in zip(every, drawn(found), strict=False):
        rows = found.tables["differences_by_week"].filter(outcome=outcome).sort("week")
        week, factor = rows["week"].to_numpy(), scale(outcome)
        columns = ("difference", "low", "high", "pairs_low", "pairs_high")
        mean, low, high, outer_low, outer_high = (
            rows[name].to_numpy() * factor for name in columns
        )
        axes.fill_between(week, outer_low, outer_high, color=GREY, alpha=0.22, lw=0)
        axes.fill_between(week, low, high, color=INK, alpha=0.38, lw=0)
        axes.plot(week, mean, color=INK, lw=1.5)
        axes.set_xlabel(_say("week"))
        axes.set_xlim(0, max(1, week[-1]))
        week_axis(axes, int(week[-1]))
        _label(axes, outcome)
        _sides(axes, outcome)
    for axes in every[::COLUMNS]:
        axes.set_ylabel(_say("difference"))
    return figure


def _label(axes: Axes, outcome: str) -> None:
    axes.set_title(named(outcome), loc="left", fontweight="bold", fontsize=9)
    axes.grid(axis="y", color=FAINT)
    axes.set_axisbelow(True)
    axes.axhline(0, color=QUIET, lw=1)


def _sides(axes: Axes, outcome: str) -> None:
    """Say above and below zero which design is better there, and colour the two sides."""
    low, high = axes.get_ylim()
    reach = max(abs(low), abs(high)) or 1.0
    low, high = min(low, -0.28 * reach), max(high, 0.28 * reach)
    axes.set_ylim(low, high)
    for below, (text, design) in zip((True, False), side(outcome, "A", "B"), strict=True):
        edge = low if below else high
        axes.axhspan(0, edge, color=LOOKS[design][0], alpha=0.07, lw=0, zorder=0)
        axes.text(
            0.03,
            0.04 if below else 0.96,
            text,
            transform=axes.transAxes,
            fontsize=8,
            color=LOOKS[design][0],
            va="bottom" if below else "top",
        )


def pair_by_pair(found: Found) -> Figure:
    """Draw how many pairs of runs differ by how much, and in how many each design came out
    better.
    """
    figure, every = _panels(found, "pair_by_pair")
    for axes, outcome in zip(every, drawn(found), strict=False):
        rows = found.tables["pairs"].filter(outcome=outcome, week=found.facts["week"])
        gaps = rows["difference"].drop_nans().to_numpy() * scale(outcome)
        _bars(axes, gaps, outcome)
        axes.set_title(named(outcome), loc="left", fontweight="bold", fontsize=9, pad=16)
        axes.axvline(0, color=INK, lw=1)
        axes.set_xlabel(_say("difference"))
        axes.set_ylabel(_say("pairs"))
        _shares(axes, gaps, outcome)
    return figure


def _width(gaps: np.ndarray, low: float, high: float) -> float:
    """Width of the bars: where the differences come in steps, as shares of few people do, so many
    whole steps.
    """
    wished = (high - low) / BARS
    steps = np.diff(np.unique(np.round(gaps, 9)))
    step = float(steps.min()) if len(steps) else wished
    return step * max(1, round(wished / step))


def _bars(axes: Axes, gaps: np.ndarray, outcome: str) -> None:
    """Bars of one width, one of them around zero, coloured by who is better in them."""
    reach = max(float(np.abs(gaps).max(initial=0.0)), 0.01 * scale(outcome))
    low, high = min(gaps.min(initial=0.0), -0.2 * reach), max(gaps.max(initial=0.0), 0.2 * reach)
    width = _width(gaps, low, high)
    edges = (np.arange(np.floor(low / width), np.ceil(high / width) + 2) - 0.5) * width
    below, above = (design for _, design in side(outcome, "A", "B"))
    heights = np.zeros(len(edges) - 1)
    for design, part in ((below, gaps[gaps < 0]), ("", gaps[gaps == 0]), (above, gaps[gaps > 0])):
        counts = np.histogram(part, edges)[0]
        colour, hatch = LOOKS[design]
        axes.bar(
            edges[:-1],
            counts,
            width,
            bottom=heights,
            align="edge",
            color=colour,
            alpha=0.75,
            hatch=hatch,
            edgecolor="white",
            lw=0.4,
        )
        heights += counts
    axes.margins(x=0.02)
    number_axis(axes, "x", "g")
    number_axis(axes, "y", "0")


def _shares(axes: Axes, gaps: np.ndarray, outcome: str) -> None:
    """Say in how many of the pairs each of the two is better, and in how many neither."""
    (_, below), (_, above) = side(outcome, "A", "B")
    texts = [(below, LOOKS[below][0], 0.0, "left", -1), (above, LOOKS[above][0], 1.0, "right", 1)]
    if np.mean(gaps == 0) >= 0.005:
        texts.append((_say("alike"), QUIET, 0.5, "center", 0))
    for text, colour, x, align, sign in texts:
        share = np.mean(np.sign(gaps) == sign) if len(gaps) else 0.0
        axes.text(
            x,
            1.03,
            _say("share", who=text, share=share),
            transform=axes.transAxes,
            fontsize=8,
            ha=align,
            va="bottom",
            color=colour,
        )
