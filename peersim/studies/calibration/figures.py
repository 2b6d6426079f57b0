"""A calibration: how the model meets what was observed, what was learned of each parameter, and how
well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from peersim.presentation.figures import Drawing
from peersim.presentation.figures.parameters import margins, separate
from peersim.presentation.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    INK,
    QUIET,
    VERMILION,
    as_png,
    as_svg,
    settings,
    sheet,
)

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.27
FARTHEST = 6.0
WITHIN = 2.0
COLOURS = {"hit": BLUE, "missed": VERMILION}
TITLES = {
    "targets": "Does the model meet what was observed?",
    "shrinkage": "What did that teach about each parameter?",
    "recovery": "How well could it be known?",
}


def draw(tables: Mapping[str, pl.DataFrame], version: str) -> Iterator[Drawing]:
    """Draw the figures of a calibration."""
    import matplotlib

    questions = {"targets": _targets, "shrinkage": _shrinkage, "recovery": _recovery}
    with matplotlib.rc_context(settings()):
        for name, question in questions.items():
            footer = f"peersim {version}, experiment=calibration; tables: {name}.parquet"
            figure = question(tables, TITLES[name], footer)
            yield Drawing(name, TITLES[name], as_png(figure), as_svg(figure, name))


def _rows(figure: Figure, names: list[str]) -> Axes:
    axes = figure.subplots(gridspec_kw=margins(figure, 0.95, 0.85, left=3.9))
    axes.set_yticks(range(len(names)), names, fontsize=7.5)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    separate(axes, len(names))
    return axes


def _sheet(rows: int, title: str, subtitle: str, footer: str) -> Figure:
    return sheet(1.9 + ROW * rows, title, subtitle, footer)


def _in_deviations(row: Mapping[str, Any], value: float) -> float:
    width = (row["error"] ** 2 + row["discrepancy"] ** 2) ** 0.5
    return max(-FARTHEST, min(FARTHEST, (value - row["observed"]) / width))


def _targets(tables: Mapping[str, pl.DataFrame], title: str, footer: str) -> Figure:
    """Draw simulated less observed, in standard deviations: plausible sets as a line, the defaults
    as a ring.
    """
    rows = tables["targets"].to_dicts()
    said = "simulated less observed, in standard deviations of the observation; line: 90 % of the plausible sets"
    figure = _sheet(len(rows), title, said, footer)
    axes = _rows(figure, [f"{row['label']}  ({row['evidence']})" for row in rows])
    axes.axvspan(-WITHIN, WITHIN, color=FAINT, alpha=0.6, lw=0, zorder=-1)
    axes.axvline(0, color=QUIET, lw=1)
    for place, row in enumerate(rows):
        ends = [_in_deviations(row, row[name]) for name in ("low", "high")]
        colour = COLOURS[str(row["verdict"])]
        axes.plot(ends, [place, place], color=colour, lw=3, alpha=0.55, solid_capstyle="butt")
        axes.plot(_in_deviations(row, row["median"]), place, "o", color=colour, ms=5)
        axes.plot(_in_deviations(row, row["default"]), place, "o", mfc="none", mec=INK, ms=7, mew=1)
        if row["sense"] != "value":
            axes.text(
                FARTHEST,
                place,
                str(row["sense"]),
                fontsize=6.5,
                color=QUIET,
                ha="right",
                va="bottom",
            )
    axes.set_xlim(-FARTHEST - 0.3, FARTHEST + 0.3)
    axes.set_xlabel(
        "dot: median of the plausible sets; ring: defaults; grey: within two", fontsize=8
    )
    return figure


def _shrinkage(tables: Mapping[str, pl.DataFrame], title: str, footer: str) -> Figure:
    """Draw for each parameter where the plausible sets lie between its bounds."""
    rows = sorted(tables["shrinkage"].to_dicts(), key=lambda row: -row["shrinkage"])
    said = "line: 90 % of the plausible sets between the bounds of each parameter, as spread beforehand; ring: default"
    figure = _sheet(len(rows), title, said, footer)
    axes = _rows(figure, [f"{row['parameter']}  ({row['verdict']})" for row in rows])
    colours = {"learned": BLUE, "a little": GREEN, "not identified": GREY}
    for place, row in enumerate(rows):
        colour = colours[str(row["verdict"])]
        axes.plot(
            [row["low_place"], row["high_place"]], [place, place], color=colour, lw=3, alpha=0.6
        )
        axes.plot(row["median_place"], place, "o", color=colour, ms=5)
        axes.plot(row["default_place"], place, "o", mfc="none", mec=INK, ms=7, mew=1)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xticks([0, 0.5, 1], ["lowest", "middle of the spread", "highest"])
    return figure


def _recovery(tables: Mapping[str, pl.DataFrame], title: str, footer: str) -> Figure:
    """Draw how much nearer to a known value the calibration comes than a guess at the middle of the
    bounds.
    """
    rows = sorted(tables["recovery"].to_dicts(), key=lambda row: -row["better"])
    known = rows[0]["known"] if rows else 0
    said = f"error saved against a guess, over {known} known sets; beside it: 90 % intervals that held the truth"
    figure = _sheet(len(rows), title, said, footer)
    axes = _rows(figure, [str(row["parameter"]) for row in rows])
    axes.axvline(0, color=QUIET, lw=1)
    for place, row in enumerate(rows):
        axes.plot(
            [0, max(-0.5, row["better"])],
            [place, place],
            color=BLUE if row["better"] > 0 else GREY,
            lw=5,
        )
        axes.text(
            1.08,
            place,
            f"{100 * row['coverage']:.0f} %",
            fontsize=7,
            color=QUIET,
            ha="right",
            va="center",
        )
    axes.set_xlim(-0.52, 1.1)
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    return figure
