"""What a sweep shows: lines over one setting, lines or a map over two, and scatters over many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim import __version__
from peersim.kernel.catalogue import Value, language, say
from peersim.kernel.numbers import respelled, written
from peersim.kernel.paths import leaves
from peersim.model.outcomes import OUTCOMES
from peersim.presentation.figures import Plot
from peersim.presentation.figures.kit import number_axis, open_sheet
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
    SMALLEST,
    VERMILION,
    inches,
)
from peersim.presentation.outcomes import form_of, label, leading
from peersim.presentation.settings import plain_meaning, unit_name, value_name
from peersim.scenario.scenario import Scenario
from peersim.studies.sensitivity.effects import slice_distances
from peersim.studies.sweep.tables import SHOWN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

SCATTERED = ("connectedness", "retained")
TWO, MOST_LINES, MOST_CELLS, STRONGEST = 2, 5, 144, 4
FEWEST_FOR_SCATTER, MOST_ON_A_LINE = 12, 24
LINES = ((BLUE, "o"), (VERMILION, "s"), (GREEN, "^"), (PINK, "D"), (ORANGE, "v"))
UNITS = {outcome.name: outcome.unit for outcome in OUTCOMES}


def figures(found: Found) -> Iterator[Plot]:
    """Give the figure that suits what was varied, if one does."""
    varied, points = found.facts["varied"], found.tables["points"]
    full = len(points) == int(np.prod([points[name].n_unique() for name in varied]))
    if full and len(varied) == 1 and len(points) <= MOST_ON_A_LINE:
        yield Plot("settings", "found", lambda: over_one(found, varied[0]))
    elif full and len(varied) == TWO:
        along, by = sorted(
            varied, key=lambda name: (not _is_number(points[name]), -points[name].n_unique())
        )
        if points[by].n_unique() <= MOST_LINES:
            yield Plot("settings", "found", lambda: over_one(found, along, by))
        elif len(points) <= MOST_CELLS:
            yield Plot("settings", "found", lambda: over_two(found, along, by))
    elif varied and len(points) >= FEWEST_FOR_SCATTER:
        yield Plot("settings", "found", lambda: over_many(found))


def values_of(found: Found, outcome: str) -> pl.DataFrame:
    """Give mean and interval of one outcome beside what was varied, one row a point."""
    numbers = found.tables["summary"].filter(pl.col("outcome").cast(pl.String) == outcome)
    columns = numbers.select("point", "mean", "mean_low", "mean_high")
    return found.tables["points"].join(columns, on="point").sort("point")


def outcomes_in(found: Found, among: Sequence[str]) -> list[str]:
    """Those outcomes that have values."""
    there = found.tables["summary"].drop_nulls("mean")["outcome"].cast(str).unique().to_list()
    return [name for name in among if name in there]


def _open(found: Found, height: float, name: str, finding: str = "title", **values: Any) -> Figure:
    known = {**found.facts, "version": __version__, **values}
    return open_sheet(height, f"sweep.figures.{name}", "sweep.figures.footer", known, finding)


def changed_most(found: Found, outcomes: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Which outcome changes most for how sure its means are, and from where to where."""

    def clear(outcome: str) -> float:
        rows = values_of(found, outcome).drop_nulls(["mean", "mean_low", "mean_high"])
        half = (rows["mean_high"] - rows["mean_low"]).mean()
        reach = _reach(rows["mean"])
        return (reach[1] - reach[0]) / (float(half) / 2) if half else 0.0  # type: ignore[arg-type]

    most = max(outcomes, key=clear)
    low, high = _reach(values_of(found, most)["mean"].drop_nulls())
    ends = {"low": low, "high": high}
    form = form_of(most).replace("points1", "%")
    said = {name: str(Value(value, form)) for name, value in ends.items()}
    return ("finding" if clear(most) > 2 else "title"), {"outcome": leading(most), **said}


def _reach(values: pl.Series) -> tuple[float, float]:
    known = values.cast(float).to_numpy()
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)


def _is_number(column: pl.Series) -> bool:
    return bool(column.dtype.is_numeric())


def axis_name(path: str, letters: int = 46, lines: int = 2) -> str:
    """Say what a setting is, and its unit, for an axis; its name, if it has no meaning."""
    unit = leaves(Scenario)[path].field.metadata.get("unit", "-")
    counted = "" if unit in ("-", "0-1", "yes/no", "log-odds") else f" ({unit_name(unit)})"
    return short(without_aside(plain_meaning(path)) + counted, letters, lines) or path


def over_one(found: Found, along: str, by: str | None = None) -> Figure:
    """Draw outcomes over one setting, with intervals; one line for each value of another."""
    outcomes = outcomes_in(found, SHOWN)
    finding, known = changed_most(found, outcomes)
    figure = _open(found, 6.4, "over_one", finding, **known)
    panels = figure.subplots(
        2,
        2,
        gridspec_kw=inches(figure, 0.85, 0.25, 1.35 if by else 1.15, 1.0)
        | {"hspace": 0.3, "wspace": 0.24},
        sharex=True,
    ).ravel()
    lines = (
        [None] if by is None else found.tables["points"][by].unique(maintain_order=True).to_list()
    )
    for axes, outcome in zip(panels, outcomes, strict=False):
        table = values_of(found, outcome)
        for place, value in enumerate(lines):
            _line(axes, table, along, by, (place, value, len(lines)))
        _outcome_axis(axes, outcome)
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
        speaks = language()
        axes.xaxis.set_major_formatter(lambda number, _: respelled(f"{number:g}", speaks))
    else:
        axes.set_xticks(range(len(every)), [_said(each) for each in every])
        axes.set_xlim(-0.5, len(every) - 0.5)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return say("words.yes" if value else "words.no")
    if isinstance(value, float):
        return respelled(f"{value:g}", language())
    return value_name(str(value)).replace("+", " + ").replace("_", " ")


def _outcome_axis(axes: Axes, outcome: str) -> None:
    unit = UNITS[outcome]
    of_one = f" ({say('sweep.figures.of_one')})"
    shown = {"share": "", "0-1": of_one}.get(unit, f" ({unit})")
    axes.set_title(label(outcome) + shown, loc="left", fontsize=9, fontweight="bold")
    if unit == "share":
        low, high = axes.get_ylim()
        axes.set_ylim(max(low, -0.02), min(high, 1.02))
        number_axis(axes, "y", "%", least=0.02)
    axes.grid(axis="y", color=FAINT)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8)


def _legend(figure: Figure, axes: Axes, by: str) -> None:
    handles, labels = axes.get_legend_handles_labels()
    meaning = axis_name(by, 100, 1)
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


def over_two(found: Found, along: str, by: str) -> Figure:
    """Draw a map of two settings for each outcome, with the numbers in its cells."""
    outcomes = outcomes_in(found, SHOWN)
    across = found.tables["points"][along].unique(maintain_order=True).to_list()
    up = found.tables["points"][by].unique(maintain_order=True).to_list()
    height = 2.1 + 2 * max(1.5, 0.26 * len(up) + 0.35)
    finding, known = changed_most(found, outcomes)
    figure = _open(found, height, "over_two", finding, **known)
    grid = inches(figure, 1.1, 0.25, 1.05, 1.0) | {"hspace": 0.3, "wspace": 0.1}
    panels = figure.subplots(2, 2, gridspec_kw=grid, sharex=True, sharey=True).ravel()
    for axes, outcome in zip(panels, outcomes, strict=False):
        table = values_of(found, outcome)
        cells = np.full((len(up), len(across)), np.nan)
        for row in table.iter_rows(named=True):
            cells[up.index(row[by]), across.index(row[along])] = (
                np.nan if row["mean"] is None else row["mean"]
            )
        _map(axes, cells, UNITS[outcome])
        axes.set_title(label(outcome), loc="left", fontsize=9, fontweight="bold")
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
        value = float(cells[row, column])
        if np.isfinite(value):
            dark = value <= low + 0.55 * (high - low)
            text = written(value, "%" if unit == "share" else "2", language())
            axes.text(
                column + 0.5,
                row + 0.5,
                text,
                ha="center",
                va="center",
                fontsize=SMALLEST,
                color=PAPER if dark else INK,
            )
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def over_many(found: Found) -> Figure:
    """Draw every point over those settings that move the outcome most, with a running mean."""
    outcomes = outcomes_in(found, SCATTERED)
    strongest = [strongest_of(found, outcome) for outcome in outcomes]
    columns = max(map(len, strongest))
    known = {"outcome": label(outcomes[0]), "setting": axis_name(strongest[0][0], 66, 1)}
    figure = _open(found, 1.9 + 2.5 * len(outcomes), "over_many", "title", **known)
    grid = inches(figure, 0.8, 0.2, 1.2, 1.2) | {"hspace": 0.85, "wspace": 0.18}
    panels = figure.subplots(len(outcomes), columns, squeeze=False, gridspec_kw=grid, sharey="row")
    for row, outcome, paths in zip(panels, outcomes, strongest, strict=True):
        table = values_of(found, outcome)
        for axes, path in zip(row, paths, strict=False):
            _scatter(axes, table, path)
        for axes in row[len(paths) :]:
            axes.remove()
        _outcome_axis(row[0], outcome)
    return figure


def strongest_of(found: Found, outcome: str) -> list[str]:
    """List the settings that move an outcome's distribution most (PAWN), the first first."""
    table = values_of(found, outcome).filter(values_of(found, outcome)["mean"].is_not_null())
    mean = table["mean"].to_numpy()
    size = {
        path: float(np.median(slice_distances(codes(table[path]), mean)))
        for path in found.facts["varied"]
    }
    return sorted(size, key=lambda path: -size[path])[:STRONGEST]


def codes(column: pl.Series) -> np.ndarray:
    """Give numbers for the values of a setting: themselves, or the places of options."""
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
    axes.set_xlabel(axis_name(path, 28, 3), fontsize=SMALLEST)
    axes.tick_params(labelsize=SMALLEST)
    axes.grid(axis="y", color=FAINT)
    axes.locator_params(axis="x", nbins=4)
    if not _is_number(table[path]):
        names = sorted(table[path].cast(str).unique().to_list())
        axes.set_xticks(range(1, len(names) + 1), names, fontsize=SMALLEST)
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
