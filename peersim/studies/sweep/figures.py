"""What a sweep shows: lines over one setting, lines or a map over two, and scatters over many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from peersim.kernel.paths import leaves
from peersim.model.outcomes import OUTCOMES
from peersim.presentation.figures.parameters import short, without_aside
from peersim.presentation.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PAPER,
    PINK,
    QUIET,
    VERMILION,
    inches,
    sheet,
)
from peersim.scenario.scenario import Scenario
from peersim.studies.sensitivity.effects import slice_distances

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = ("connectedness", "retained", "isolated", "strain")
SCATTERED = ("connectedness", "retained")
MOST_LINES, MOST_CELLS, STRONGEST = 5, 144, 4
FEWEST_FOR_SCATTER, MOST_ON_A_LINE = 12, 24
LINES = ((BLUE, "o"), (VERMILION, "s"), (GREEN, "^"), (PINK, "D"), (ORANGE, "v"))
UNITS = {outcome.name: outcome.unit for outcome in OUTCOMES}


class Swept(NamedTuple):
    """What these figures are drawn from.

    Attributes
    ----------
    points, summary : polars.DataFrame
        As in the folder of a sweep.
    words : mapping
    footer : str
    """

    points: pl.DataFrame
    summary: pl.DataFrame
    words: Mapping[str, Any]
    footer: str

    @property
    def varied(self) -> list[str]:
        """Settings that take more than one value."""
        return varied_in(self.points)

    def of(self, outcome: str) -> pl.DataFrame:
        """Give mean and interval of one outcome beside what was varied, one row a point."""
        import polars as pl

        numbers = self.summary.filter(pl.col("outcome").cast(pl.String) == outcome)
        return self.points.join(
            numbers.select("point", "mean", "mean_low", "mean_high"), on="point"
        ).sort("point")

    def outcomes(self, among: Sequence[str]) -> list[str]:
        """Those outcomes that have values."""
        import polars as pl

        there = (
            self.summary.filter(pl.col("mean").is_not_null())["outcome"]
            .cast(pl.String)
            .unique()
            .to_list()
        )
        return [name for name in among if name in there]

    def name(self, outcome: str) -> str:
        """Name an outcome for people."""
        return str(self.words["outcomes"].get(outcome, outcome.replace("_", " ")))


def varied_in(points: pl.DataFrame) -> list[str]:
    """List the settings that take more than one value."""
    return [
        name for name in points.columns if name in leaves(Scenario) and points[name].n_unique() > 1
    ]


def questions(swept: Swept) -> Iterator[tuple[str, Figure]]:
    """Yield each figure that suits what was varied, with its name."""
    varied = swept.varied
    full = len(swept.points) == int(np.prod([swept.points[name].n_unique() for name in varied]))
    if full and len(varied) == 1 and len(swept.points) <= MOST_ON_A_LINE:
        yield "settings", over_one(swept, varied[0])
    elif full and len(varied) == 2:
        points = swept.points
        along, by = sorted(
            varied, key=lambda name: (not _is_number(points[name]), -points[name].n_unique())
        )
        if swept.points[by].n_unique() <= MOST_LINES:
            yield "settings", over_one(swept, along, by)
        elif len(swept.points) <= MOST_CELLS:
            yield "settings", over_two(swept, along, by)
    elif varied and len(swept.points) >= FEWEST_FOR_SCATTER:
        yield "settings", over_many(swept)


def _is_number(column: pl.Series) -> bool:
    return bool(column.dtype.is_numeric())


def axis_name(path: str, letters: int = 46, lines: int = 2) -> str:
    """Say what a setting is, its unit and its name, for an axis."""
    about = leaves(Scenario)[path].field.metadata
    unit = about.get("unit", "-")
    counted = "" if unit in ("-", "0-1", "yes/no") else f" ({unit})"
    meaning = short(without_aside(str(about.get("meaning", ""))) + counted, letters, lines)
    return f"{meaning}\n{path}" if meaning else path


def over_one(swept: Swept, along: str, by: str | None = None) -> Figure:
    """Draw outcomes over one setting, with intervals; one line for each value of another."""
    outcomes = swept.outcomes(SHOWN)
    title = swept.words["sweep"]["title"]
    figure = sheet(6.4, title, swept.words["sweep"]["over_one"], swept.footer)
    panels = figure.subplots(
        2,
        2,
        gridspec_kw=inches(figure, 0.85, 0.25, 1.35 if by else 1.15, 1.0)
        | {"hspace": 0.3, "wspace": 0.24},
        sharex=True,
    ).ravel()
    lines = [None] if by is None else swept.points[by].unique(maintain_order=True).to_list()
    for axes, outcome in zip(panels, outcomes, strict=False):
        table = swept.of(outcome)
        for place, value in enumerate(lines):
            _line(axes, table, along, by, (place, value, len(lines)))
        _outcome_axis(axes, swept, outcome)
    for axes in panels[len(outcomes) :]:
        axes.remove()
    for axes in panels[max(len(outcomes) - 2, 0) : len(outcomes)]:
        axes.set_xlabel(axis_name(along), fontsize=8)
        axes.tick_params(labelbottom=True)
    if by is not None:
        _legend(figure, panels[0], by)
    return figure


def _line(
    axes: Axes, table: pl.DataFrame, along: str, by: str | None, which: tuple[int, Any, int]
) -> None:
    import polars as pl

    place, value, of = which
    rows = table if by is None else table.filter(pl.col(by) == value)
    colour, marker = LINES[place % len(LINES)]
    numbers = _is_number(table[along])
    every = table[along].unique(maintain_order=True).to_list()
    rows = rows.sort(along) if numbers else rows
    values = rows[along].to_list()
    at = (
        np.array(values, float)
        if numbers
        else np.array([every.index(each) for each in values], float)
    )
    gap = float(np.diff(np.unique(at)).min()) if len(set(at)) > 1 else 1.0
    at = at + 0.06 * gap * (place - (of - 1) / 2)  # side by side, so that no interval hides another
    interval = ("mean", "mean_low", "mean_high")
    mean, low, high = (rows[name].cast(float).fill_null(np.nan).to_numpy() for name in interval)
    axes.plot(
        at,
        mean,
        color=colour,
        marker=marker,
        ms=5,
        lw=1.6 if numbers else 0,
        label=_said(value),
        zorder=3,
    )
    axes.vlines(at, low, high, color=colour, lw=1.3, zorder=2)
    if numbers:
        axes.set_xticks(every if len(every) <= 12 else every[:: -(-len(every) // 12)])
        axes.xaxis.set_major_formatter(lambda number, _: f"{number:g}")
    else:
        axes.set_xticks(range(len(every)), [_said(each) for each in every])
        axes.set_xlim(-0.5, len(every) - 0.5)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (
        f"{value:g}"
        if isinstance(value, float)
        else str(value).replace("+", " + ").replace("_", " ")
    )


def _outcome_axis(axes: Axes, swept: Swept, outcome: str) -> None:
    unit = UNITS[outcome]
    shown = {"share": "", "0-1": f" ({swept.words['sensitivity']['of_one']})"}.get(
        unit, f" ({unit})"
    )
    axes.set_title(swept.name(outcome) + shown, loc="left", fontsize=9, fontweight="bold")
    if unit == "share":
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.3g} %")
    axes.grid(axis="y", color=FAINT)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8)


def _legend(figure: Figure, axes: Axes, by: str) -> None:
    handles, labels = axes.get_legend_handles_labels()
    meaning = axis_name(by, 100, 1).replace("\n", ": ")
    height = figure.get_size_inches()[1]
    place: Any = {
        "loc": "upper left",
        "bbox_to_anchor": (0.005, 1 - 0.62 / height),
        "ncol": len(labels),
    }
    legend = figure.legend(
        handles,
        labels,
        **place,
        fontsize=8,
        title=meaning,
        title_fontsize=8,
        alignment="left",
        handlelength=1.6,
    )
    legend.get_title().set_color(QUIET)


def over_two(swept: Swept, along: str, by: str) -> Figure:
    """Draw a map of two settings for each outcome, with the numbers in its cells."""
    outcomes = swept.outcomes(SHOWN)
    across = swept.points[along].unique(maintain_order=True).to_list()
    up = swept.points[by].unique(maintain_order=True).to_list()
    height = 2.1 + 2 * max(1.5, 0.26 * len(up) + 0.35)
    figure = sheet(
        height, swept.words["sweep"]["title"], swept.words["sweep"]["over_two"], swept.footer
    )
    grid = inches(figure, 1.1, 0.25, 1.05, 1.0) | {"hspace": 0.3, "wspace": 0.1}
    panels = figure.subplots(2, 2, gridspec_kw=grid, sharex=True, sharey=True).ravel()
    for axes, outcome in zip(panels, outcomes, strict=False):
        table = swept.of(outcome)
        cells = np.full((len(up), len(across)), np.nan)
        for row in table.iter_rows(named=True):
            cells[up.index(row[by]), across.index(row[along])] = (
                np.nan if row["mean"] is None else row["mean"]
            )
        _map(axes, cells, UNITS[outcome])
        axes.set_title(swept.name(outcome), loc="left", fontsize=9, fontweight="bold")
        axes.set_xticks(
            np.arange(len(across)) + 0.5, [_said(each) for each in across], fontsize=7.5
        )
        axes.set_yticks(np.arange(len(up)) + 0.5, [_said(each) for each in up], fontsize=7.5)
    for axes in panels[len(outcomes) :]:
        axes.remove()
    for axes in panels[2:]:
        axes.set_xlabel(axis_name(along), fontsize=8)
    for axes in panels[::2]:
        axes.set_ylabel(axis_name(by), fontsize=8)
    return figure


def _map(axes: Axes, cells: np.ndarray, unit: str) -> None:
    axes.pcolormesh(cells, cmap="cividis", edgecolors=PAPER, lw=0.8, zorder=1)
    axes.set_xlim(0, cells.shape[1])
    low, high = float(np.nanmin(cells)), float(np.nanmax(cells))
    for row, column in np.ndindex(cells.shape):
        value = cells[row, column]
        if np.isfinite(value):
            dark = value < low + 0.55 * (high - low)
            text = f"{100 * value:.0f} %" if unit == "share" else f"{value:.2f}"
            axes.text(
                column + 0.5,
                row + 0.5,
                text,
                ha="center",
                va="center",
                fontsize=7,
                color=PAPER if dark else INK,
            )
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def over_many(swept: Swept) -> Figure:
    """Draw every point over those settings that move the outcome most, with a running mean."""
    outcomes = swept.outcomes(SCATTERED)
    strongest = [strongest_of(swept, outcome) for outcome in outcomes]
    columns = max(map(len, strongest))
    figure = sheet(
        1.9 + 2.35 * len(outcomes),
        swept.words["sweep"]["title_many"],
        swept.words["sweep"]["over_many"],
        swept.footer,
    )
    grid = inches(figure, 0.8, 0.2, 1.2, 0.95) | {"hspace": 0.72, "wspace": 0.14}
    panels = figure.subplots(len(outcomes), columns, squeeze=False, gridspec_kw=grid, sharey="row")
    for row, outcome, paths in zip(panels, outcomes, strongest, strict=True):
        table = swept.of(outcome)
        for axes, path in zip(row, paths, strict=False):
            _scatter(axes, table, path)
        for axes in row[len(paths) :]:
            axes.remove()
        _outcome_axis(row[0], swept, outcome)
    return figure


def strongest_of(swept: Swept, outcome: str) -> list[str]:
    """List the settings that move an outcome's distribution most (PAWN), the first first."""
    table = swept.of(outcome).filter(swept.of(outcome)["mean"].is_not_null())
    mean = table["mean"].to_numpy()
    size = {
        path: float(np.median(slice_distances(codes(table[path]), mean))) for path in swept.varied
    }
    return sorted(size, key=lambda path: -size[path])[:STRONGEST]


def codes(column: pl.Series) -> np.ndarray:
    """Give numbers for the values of a setting: themselves, or the places of options."""
    import polars as pl

    if _is_number(column):
        return column.cast(float).to_numpy()
    return column.cast(pl.String).rank("dense").cast(float).to_numpy()


def _scatter(axes: Axes, table: pl.DataFrame, path: str) -> None:
    at, mean = codes(table[path]), table["mean"].cast(float).fill_null(np.nan).to_numpy()
    axes.plot(
        at,
        mean,
        ls="none",
        marker=".",
        ms=3 if len(at) > 300 else 5,
        color=BLUE,
        mec="none",
        alpha=max(0.12, min(0.7, 150 / len(at))),
        rasterized=len(at) > 2000,
        zorder=2,
    )
    places, smooth = running_mean(at, mean)
    axes.plot(places, smooth, color=INK, lw=1.8, zorder=3)
    axes.set_xlabel(axis_name(path, 30, 3), fontsize=7)
    axes.tick_params(labelsize=7)
    axes.grid(axis="y", color=FAINT)
    axes.locator_params(axis="x", nbins=4)
    if not _is_number(table[path]):
        names = sorted(table[path].cast(str).unique().to_list())
        axes.set_xticks(range(1, len(names) + 1), names, fontsize=6.5)
    axes.spines["left"].set_color(GREY)


def running_mean(
    at: np.ndarray, values: np.ndarray, windows: int = 12
) -> tuple[np.ndarray, np.ndarray]:
    """Mean in overlapping windows, each with a sixth of the points; settings of few values get one
    mean each.

    >>> running_mean(np.array([1.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]))[1]
    array([2., 5.])
    """
    at, values = at[np.isfinite(values)], values[np.isfinite(values)]
    kinds = np.unique(at)
    if len(kinds) <= windows:
        return kinds, np.array([values[at == kind].mean() for kind in kinds])
    order = np.argsort(at)
    width = max(len(at) // 6, 1)
    starts = np.linspace(0, len(at) - width, 2 * windows).astype(int)
    slices = [order[start : start + width] for start in starts]
    return np.array([at[some].mean() for some in slices]), np.array(
        [values[some].mean() for some in slices]
    )
