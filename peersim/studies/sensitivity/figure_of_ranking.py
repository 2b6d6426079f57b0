"""Which parameters decide which of two designs is better."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from peersim.kernel.statistics import SMALL, TOO_CLOSE
from peersim.presentation.figures.kit import number_axis
from peersim.presentation.figures.parameters import height_of, margins, name_rows, separate, short
from peersim.presentation.figures.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    PAPER,
    QUIET,
    SMALLEST,
    VERMILION,
    without_frame,
)
from peersim.presentation.outcomes import leading
from peersim.studies.sensitivity.exhibits import meanings
from peersim.studies.sensitivity.sheet import opened, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

MOST_ROWS = 14
FIRST, SECOND = BLUE, VERMILION


def what_decides(found: Found, outcome: str) -> Figure:
    """Draw which of two designs is better at how many points, which parameters flip it, and in
    which direction.

    Parameters
    ----------
    found : Found
    outcome : str
        One for which there is a ranking.
    """
    table = found.tables["ranking"].cast({"outcome": str, "parameter": str})
    ordered = table.filter(outcome=outcome).to_dicts()
    has_told = any(row["told"] for row in ordered)
    rows = sorted(ordered, key=lambda row: (-(row["flips"] or 0), -row["gap_size"]))[:MOST_ROWS]
    height = height_of(len(rows), 2.3, 0.95)
    known = {"outcome": leading(outcome)}
    known["setting"] = short(meanings(found)[rows[0]["parameter"]], 60, 1)
    finding = "finding" if rows[0]["flips"] else "title"
    figure = opened(found, height, "ranking", finding, **known)
    strip = figure.subplots(gridspec_kw=margins(figure, 1.0, height - 1.3, left=0.13))
    verdicts = found.tables["verdicts"].cast({"outcome": str, "verdict": str})
    _verdicts(strip, verdicts.filter(outcome=outcome).to_dicts())
    left, right = figure.subplots(1, 2, gridspec_kw=margins(figure, 2.15, 0.95) | {"wspace": 0.14})
    names = [row["parameter"] for row in rows]
    if has_told:
        _flips(left, rows)
    else:
        _gaps(left, rows, found.facts["method"])
    if any(row[f"first_wins_{third}"] is not None for row in rows for third in ("low", "high")):
        _thirds(right, rows)
    else:
        right.remove()
    for axes in figure.axes[1:]:
        separate(axes, len(rows))
        axes.tick_params(axis="x", labelsize=7.5)
        name_rows(axes, names if axes is left else [""] * len(rows), meanings(found))
    if len(ordered) > len(rows):
        left_out = words("left_out_flips", n=len(ordered) - len(rows))
        figure.text(0.012, 0.32 / height, left_out, fontsize=7.5, color=QUIET)
    return figure


MIDDLE = (TOO_CLOSE, SMALL)


def _verdicts(axes: Axes, verdicts: Sequence[dict[str, Any]]) -> None:
    """Draw one bar that is divided by which design is better, at what share of the points."""
    by_place = sorted(
        verdicts, key=lambda row: (row["verdict"][0] != "A", row["verdict"] not in MIDDLE)
    )
    start = 0.0
    for row, colour in zip(by_place, (FIRST, FAINT, GREY, SECOND), strict=True):
        label = words(f"verdicts_of.{row['verdict']}", share=row["share"])
        look: dict[str, Any] = {"facecolor": colour, "edgecolor": PAPER, "lw": 0}
        hatch = "///" if colour == SECOND else ""
        axes.barh(0, row["share"], 1, left=start, hatch=hatch, label=label, **look)
        start += row["share"]
    axes.set_xlim(0, 1)
    without_frame(axes)
    axes.set_title(words("verdicts_title"), loc="left", fontsize=8.5, fontweight="bold")
    place = (-0.012, 0.0)
    axes.legend(ncol=4, fontsize=8, handlelength=1.2, loc="upper left", bbox_to_anchor=place)


def _flips(axes: Axes, rows: Sequence[dict[str, Any]]) -> None:
    """Draw the share of moves of one parameter alone that change which design is better."""
    for place, row in enumerate(rows):
        if row["told"]:
            axes.barh(place, row["flip_share"], 0.5, color=GREY)
            axes.plot(
                [row["flip_low"], row["flip_high"]], [place, place], color=INK, lw=1.0, zorder=4
            )
        text = words("flips_of", flips=row["flips"], told=row["told"])
        axes.annotate(
            text,
            (row["flip_high"] or 0.0, place),
            (5, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALLEST,
            color=QUIET,
        )
    reach = max((row["flip_high"] or 0.0 for row in rows), default=0.0) or 1.0
    axes.set_xlim(0, 1.35 * reach)
    axes.locator_params(axis="x", nbins=5)
    number_axis(axes, "x", "%")
    axes.set_xlabel(words("flips_axis"), fontsize=7.5)
    axes.set_title(words("flips_title"), loc="left", fontsize=8.5, fontweight="bold")


def _gaps(axes: Axes, rows: Sequence[dict[str, Any]], method: str) -> None:
    """Draw how much each parameter has to do with the difference, where no parameter was moved
    alone.
    """
    for place, row in enumerate(rows):
        axes.barh(
            place,
            row["gap_size"],
            0.5,
            color=BLUE if row["gap_size"] > (row["gap_chance"] or 0) else GREY,
        )
        axes.plot([row["gap_low"], row["gap_high"]], [place, place], color=INK, lw=1.0, zorder=4)
    axes.set_xlim(left=0)
    axes.set_xlabel(words(f"axis.{method}", unit=""), fontsize=7.5)
    axes.set_title(words("gaps_title"), loc="left", fontsize=8.5, fontweight="bold")


def _thirds(axes: Axes, rows: Sequence[dict[str, Any]]) -> None:
    """Draw how often A is better where a parameter is low, and where it is high."""
    from matplotlib.lines import Line2D

    axes.axvspan(0, 0.5, color=SECOND, alpha=0.07, lw=0, zorder=0)
    axes.axvspan(0.5, 1, color=FIRST, alpha=0.07, lw=0, zorder=0)
    for place, row in enumerate(rows):
        low, high = row["first_wins_low"], row["first_wins_high"]
        if low is not None and high is not None:
            axes.plot([low, high], [place - 0.12, place + 0.12], color=QUIET, lw=1.4, zorder=2)
        for value, fill, off in ((low, PAPER, -0.12), (high, INK, 0.12)):
            if value is not None:
                axes.plot(
                    value,
                    place + off,
                    marker="o",
                    ms=5.5,
                    mfc=fill,
                    mec=INK,
                    mew=1.2,
                    ls="none",
                    zorder=3,
                )
    axes.set_xlim(-0.04, 1.04)
    axes.set_xticks([0, 0.5, 1], [words("b_better"), words("half"), words("a_better")])
    axes.set_xlabel(words("thirds_axis"), fontsize=7.5)
    axes.set_title(words("thirds_title"), loc="left", fontsize=8.5, fontweight="bold")
    keys = [
        Line2D([], [], marker="o", color=INK, mfc=fill, ls="none", ms=5, label=words(label))
        for fill, label in ((PAPER, "low_third"), (INK, "high_third"))
    ]
    axes.legend(
        handles=keys,
        loc="lower right",
        bbox_to_anchor=(1.02, 1.0),
        borderaxespad=2.4,
        ncol=2,
        fontsize=SMALLEST,
        handletextpad=0.1,
        columnspacing=0.8,
    )
