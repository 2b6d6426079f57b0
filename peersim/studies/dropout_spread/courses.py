"""Departures in time: how near and how soon others follow, how long people stay, and one chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim.kernel.catalogue import language
from peersim.kernel.numbers import written
from peersim.presentation.figures.kit import coloured_cells, name_rows, number_axis
from peersim.presentation.figures.style import BLUE, GREY, INK, PAPER, VERMILION, inches, looks
from peersim.scenario.typology import DESIGNS, PAIRS
from peersim.studies.dropout_spread.exhibits import FEW
from peersim.studies.dropout_spread.following.knock_outs import AS_IT_HAPPENED
from peersim.studies.dropout_spread.forests import (
    Titled,
    is_known,
    names_of,
    opened,
    rows_of,
    table_of,
    words,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

DARK = 0.7
"""Of the darkest colour: from here on letters on it are white."""
NEAR = (1, 2, 3, None)
CAUSES = ("lost_tie", "others_leaving", "community_closed")


def how_near_how_soon(found: Found) -> Figure | None:
    """Draw, for each type, net departures by distance and time."""
    table = table_of(found, "spread_by_distance")
    if table is None:
        return None
    table, names = table.filter(leaving=AS_IT_HAPPENED), names_of(found)
    first = list(names)[:4]  # the pure types, or the user's own
    designs = [name for name in first if any(map(is_known, rows_of(table, design=name)))]
    known = table.filter(pl.col("design").cast(str).is_in(designs))
    most = float(np.nanmax(np.abs(known["mean"].to_numpy()), initial=0.0))
    if not most:
        return None
    down = (len(designs) + 1) // 2
    height = 1.9 + 1.75 * down
    finding, values = _nearest(known, names)
    figure = opened(found, height, "near_and_soon", finding, **values)
    grid = inches(figure, 2.2, 0.2, 0.95, 0.75) | {"hspace": 0.55, "wspace": 0.08}
    panels = figure.subplots(down, min(2, len(designs)), squeeze=False, gridspec_kw=grid)
    for place, axes in enumerate(panels.flat):
        if place >= len(designs):
            axes.remove()
            continue
        _heat(axes, rows_of(table, design=designs[place]), most, place % 2 == 0)
        axes.set_title(names[designs[place]], loc="left")
    axis = words("near_and_soon.axis")
    figure.text(0.6, 0.3 / height, axis, ha="center", fontsize=9)
    return figure


def _nearest(table: pl.DataFrame, names: Mapping[str, str]) -> Titled:
    """Give the title that says where and when most follow, if any follow for sure."""
    sure = rows_of(table.filter(pl.col("low") > 0, pl.col("persons") >= FEW))
    if not sure:
        return "title", {}
    most = max(sure, key=lambda row: row["mean"])
    when = {"from": most["from_week"], "to": most["to_week"]}
    return f"finding.{most['distance'] or 'none'}", {"design": names[most["design"]], **when}


def _heat(axes: Axes, rows: Sequence[Mapping[str, Any]], most: float, names: bool) -> None:
    times = list(dict.fromkeys((row["from_week"], row["to_week"]) for row in rows))
    values = np.full((len(NEAR), len(times)), np.nan)
    clear = np.zeros_like(values, bool)
    steps = list(NEAR)
    for row in rows:
        if not is_known(row):
            continue
        cell = steps.index(row["distance"]), times.index((row["from_week"], row["to_week"]))
        values[cell], clear[cell] = row["mean"], row["low"] > 0 or row["high"] < 0
    colours = {"cmap": "RdBu_r", "vmin": -most, "vmax": most, "alpha": 0.75}
    coloured_cells(axes, values, colours)
    for (y, x), value in np.ndenumerate(values):
        weight = "bold" if clear[y, x] else "normal"
        text = written(100 * value, "1", language())
        ink = PAPER if abs(value) > DARK * most else INK
        axes.text(x, y, text, ha="center", va="center", fontsize=8, fontweight=weight, color=ink)
    axes.set_xticks(range(len(times)), [f"{low}–{high}" for low, high in times])
    axes.set_yticks(range(len(NEAR)), [words(f"near.{distance or 'none'}") for distance in NEAR])
    axes.tick_params(axis="y", labelleft=names)


def how_long_they_stay(found: Found) -> Figure:
    """Draw survival curves of recipients, a panel for each type with the combination built on
    it.
    """
    table, names = found.tables["survival"].filter(role="recipient"), names_of(found)
    designs = list(names)
    pairs = [list(pair) for pair in PAIRS] if len(designs) == len(DESIGNS) else [designs]
    down = (len(pairs) + 1) // 2
    height = 1.9 + 2.0 * down
    curves = {name: _watched(table.filter(design=name)) for name in designs}
    finding, values = _longest(curves, names)
    figure = opened(found, height, "survival", finding, **values)
    grid = inches(figure, 0.6, 0.2, 1.1, 0.8) | {"hspace": 0.4, "wspace": 0.12}
    panels = figure.subplots(down, min(2, len(pairs)), squeeze=False, sharey=True, gridspec_kw=grid)
    for axes in panels.flat[len(pairs) :]:
        axes.remove()
    for axes, pair in zip(panels.flat, pairs, strict=False):
        for design in pair:
            _curve(axes, curves[design], design, names[design])
        axes.set_ylim(0, 1.02)
        number_axis(axes, "x", "0")
        number_axis(axes, "y", "%")
        axes.grid(axis="y")
        axes.legend(loc="lower left", fontsize=8)
    figure.text(0.5, 0.3 / height, words("survival.axis"), ha="center", fontsize=9)
    return figure


def _watched(rows: pl.DataFrame) -> pl.DataFrame:
    """Weeks in which enough people are still watched."""
    return rows.filter(pl.col("at_risk") >= pl.max_horizontal(1.0, pl.col("at_risk").max() / 20))


def _longest(curves: Mapping[str, pl.DataFrame], names: Mapping[str, str]) -> Titled:
    """Give the title that says with which design people stay longest, as far as one can tell."""
    seen = {name: rows for name, rows in curves.items() if rows.height}
    if not seen:
        return "title", {}
    week = min(max(rows["week"]) for rows in seen.values())
    there = {
        name: rows.row(by_predicate=pl.col("week") == week, named=True)
        for name, rows in seen.items()
    }
    best, least = (choose(there, key=lambda name: there[name]["share"]) for choose in (max, min))
    known = {"design": names[best], "other": names[least], "week": week}
    known |= {"share": there[best]["share"], "least": there[least]["share"]}
    if len(there) == 1:
        return "finding_one", known
    return ("finding" if there[best]["low"] > there[least]["high"] else "title"), known


def _curve(axes: Axes, rows: pl.DataFrame, design: str, label: str) -> None:
    look = looks()[design]
    week, share, low, high = (rows[name].to_numpy() for name in ("week", "share", "low", "high"))
    axes.fill_between(week, low, high, step="post", color=look.colour, alpha=0.15, lw=0)
    axes.step(week, share, where="post", color=look.colour, ls=look.dash, lw=1.6, label=label)


def one_cascade(found: Found) -> Figure | None:
    """Draw the largest cascade of named departures, from left to right in time."""
    table = table_of(found, "cascades")
    if table is None:
        return None
    tree = table.sort("departures", "seed", "tree", descending=[True, False, False]).head(1)
    rows = rows_of(table, design=tree["design"][0], seed=tree["seed"][0], tree=tree["tree"][0])
    height = 1.9 + 0.42 * len(rows)
    design = names_of(found)[str(rows[0]["design"])]
    weeks = [row["week"] for row in rows]
    known = {"design": design, "world": rows[0]["seed"], "n": len(rows)}
    figure = opened(found, height, "cascade", first=min(weeks), last=max(weeks), **known)
    axes = figure.subplots(gridspec_kw=inches(figure, 2.9, 0.4, 0.8, 0.75))
    ordered = _in_order(rows)
    first: dict[str, tuple[float, float]] = {}  # some leave several places at once
    for y, row in enumerate(ordered):
        first.setdefault(row["person"], (row["week"], y))
        _branch(axes, row, y, first)
    name_rows(axes, [_said(row) for row in ordered])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(words("cascade.axis"))
    number_axis(axes, "x", "0", least=4)
    return figure


def _in_order(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each departure, followed by those that it is named behind, the sooner first."""
    found: list[dict[str, Any]] = []

    def add(row: dict[str, Any]) -> None:
        found.append(row)
        for other in sorted(rows, key=lambda each: each["week"]):
            if other["caused_by"] == row["person"] and other not in found:
                add(other)

    add(min(rows, key=lambda each: each["generation"]))
    return found


def _branch(
    axes: Axes, row: Mapping[str, Any], y: float, place: Mapping[str, tuple[float, float]]
) -> None:
    week = row["week"]
    colour, marker = (VERMILION, "s") if row["role"] == "supporter" else (BLUE, "o")
    if row["caused_by"] in place and row["generation"] > 0:
        before, above = place[row["caused_by"]]
        axes.plot([before, before, week], [above, y, y], color=GREY, lw=1.2, zorder=1)
    axes.plot(week, y, marker, color=colour, ms=8, zorder=2)


def _said(row: Mapping[str, Any]) -> str:
    """Who left, and why."""
    is_named = row["generation"] > 0 and row["cause"] in CAUSES
    why = words(f"cause.{row['cause'] if is_named else 'first'}")
    key = "cascade.supporter" if row["role"] == "supporter" else "cascade.recipient"
    return words(key, who=row["person"], why=why)
