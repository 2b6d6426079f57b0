"""Two designs against each other: how their difference develops, and how it varies from pair to
pair of runs.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim import __version__
from peersim.kernel.catalogue import say
from peersim.model.outcomes import smallest_of
from peersim.presentation.figures import Plot
from peersim.presentation.figures.kit import (
    dotplot,
    number_axis,
    open_sheet,
    panels,
    piles_for,
    week_axis,
)
from peersim.presentation.figures.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    PAPER,
    QUIET,
    VERMILION,
    inches,
)
from peersim.presentation.in_people import CANNOT_TELL, DOTS, among, dots, is_told, span
from peersim.presentation.outcomes import label, named, side
from peersim.studies.compare.exhibits import described
from peersim.studies.compare.verdicts import NAMES, by_year, counted, first_of, rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

MOST_PANELS = 6
COLUMNS = 3
PANEL = 2.3
HIGHEST = 13
"""Dots that a panel has room for above each other."""
LOOKS = {"A": (BLUE, PAPER), "B": (VERMILION, VERMILION), "": (GREY, GREY)}
"""Edge and filling of the dots of years in which a design is better, and of those in which neither
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
    found: Found, which: str, finding: str = "title", /, **values: Any
) -> tuple[Figure, list[Axes]]:
    """Open a figure with one panel an outcome."""
    texts = [
        f"{row['design']}: {described(row)}" for row in found.tables["designs"].rows(named=True)
    ]
    facts = found.facts
    known = {
        "designs": "\n".join(textwrap.shorten(text, 125, placeholder=" ...") for text in texts),
        "version": __version__,
    }
    count = max(1, len(drawn(found)))
    across = min(COLUMNS, count)
    down = -(-count // across)
    words, footer = f"compare.figures.{which}", "compare.figures.footer"
    figure = open_sheet(PANEL * down + 1.9, words, footer, {**facts, **known, **values}, finding)
    gaps = inches(figure, 0.85, 0.3, 1.6, 0.75) | {"hspace": 0.62, "wspace": 0.42}
    return figure, panels(figure, count, across, gaps)


def _finding(found: Found) -> tuple[str, dict[str, Any]]:
    """What the outcome that is told first says."""
    first = first_of(found)
    known: dict[str, Any] = {"outcome": label(first.outcome)}
    if first.runs < 2:
        return "one", known
    if not is_told(first):
        return ("title" if first.kind == CANNOT_TELL else "alike"), known
    row = next(row for row in rows_of(found) if row["outcome"] == first.outcome)
    key = row["verdict"].replace("higher", "better")
    return f"finding.{key}", known | {"span": str(span(first, first.years))}


def by_week(found: Found) -> Figure:
    """Draw the difference of each outcome week by week, with its interval and the band of nine
    years in ten.
    """
    finding, known = _finding(found)
    figure, every = _panels(found, "by_week", finding, **known)
    for axes, outcome in zip(every, drawn(found), strict=False):
        rows = found.tables["differences_by_week"].filter(outcome=outcome).sort("week")
        week, factor = rows["week"].to_numpy(), counted(found, outcome)
        columns = ("difference", "low", "high", "pairs_low", "pairs_high")
        mean, low, high, outer_low, outer_high = (
            rows[name].to_numpy() * factor for name in columns
        )
        axes.fill_between(week, outer_low, outer_high, color=GREY, alpha=0.22, lw=0)
        axes.fill_between(week, low, high, color=INK, alpha=0.38, lw=0)
        axes.plot(week, mean, color=INK, lw=1.5)
        if among(outcome, found.facts["people"]):
            number_axis(axes, "y", "0")
        axes.set_xlabel(_say("week"))
        axes.set_xlim(0, max(1, week[-1]))
        week_axis(axes, int(week[-1]))
        _label(axes, _named(found, outcome))
        _sides(axes, outcome)
    for axes in every[::COLUMNS]:
        axes.set_ylabel(_say("difference"))
    return figure


def _named(found: Found, outcome: str) -> str:
    of = among(outcome, found.facts["people"])
    return say("words.of_people", outcome=label(outcome), of=of) if of else named(outcome)


def _label(axes: Axes, name: str) -> None:
    axes.set_title(name, loc="left", fontweight="bold", fontsize=9)
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


def pair_by_pair(found: Found) -> Figure | None:
    """Draw how much the imagined years differ, fifty dots an outcome, and in how many each design
    came out better.
    """
    first = first_of(found)
    if first.runs < 2:
        return None
    known = {"name": NAMES[first.about], "n": first.wins, "of": first.runs}
    known |= {"outcome": label(first.outcome), "dots": min(DOTS, first.runs)}
    figure, every = _panels(found, "pair_by_pair", "title", **known)
    for axes, outcome in zip(every, drawn(found), strict=False):
        gaps = by_year(found, outcome)
        _dots(axes, gaps, outcome)
        axes.set_title(_named(found, outcome), loc="left", fontweight="bold", fontsize=9, pad=16)
        axes.axvline(0, color=INK, lw=1, zorder=0)
        axes.set_xlabel(_say("difference"))
        _shares(axes, gaps, outcome)
    return figure


def _dots(axes: Axes, gaps: np.ndarray, outcome: str) -> None:
    """Dots that are filled, open or grey by who is better."""
    shown = dots(gaps, min(DOTS, len(gaps)))
    (_, below), (_, above) = side(outcome, "A", "B")
    looks = {
        sign: {"mec": LOOKS[design][0], "mfc": LOOKS[design][1]}
        for sign, design in ((-1, below), (0, ""), (1, above))
    }
    least = 2.0 if among(outcome, 1) else 2 * smallest_of(outcome)
    high = dotplot(axes, shown, piles_for(axes, shown, least), looks)
    axes.set_ylim(-0.6, max(HIGHEST, high))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    number_axis(axes, "x", "g")


def _shares(axes: Axes, gaps: np.ndarray, outcome: str) -> None:
    """Say in how many of the years each of the two is better, and in how many neither."""
    (_, below), (_, above) = side(outcome, "A", "B")
    texts = [(below, LOOKS[below][0], 0.0, "left", -1), (above, LOOKS[above][0], 1.0, "right", 1)]
    if np.any(gaps == 0):
        texts.append((_say("alike"), QUIET, 0.5, "center", 0))
    for text, colour, x, align, sign in texts:
        years = int(np.sum(np.sign(gaps) == sign))
        axes.text(
            x,
            1.03,
            _say("share", who=text, years=years, of=len(gaps)),
            transform=axes.transAxes,
            fontsize=8,
            ha=align,
            va="bottom",
            color=colour,
        )
