"""Followers of one departure as estimates with their intervals, design by design: who follows,
whose leaving is followed, through what, and what halves it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim import __version__
from peersim.kernel.catalogue import say
from peersim.presentation.figures.kit import estimate, key_to_signs, number_axis, open_sheet
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
from peersim.studies.dropout_spread.exhibits import FEW, labels, lever_name
from peersim.studies.dropout_spread.following.knock_outs import AS_IT_HAPPENED, WHAT_IF
from peersim.studies.dropout_spread.tables import EVERYBODY

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

FEWEST = 0.1
"""Followers of one that an axis shows at the least."""
ROOM = 110
"""Letters for which there is room in one line of a legend."""
NOTE: Any = {"fontsize": SMALLEST, "color": QUIET, "va": "center"}
Looks = Sequence[tuple[str, str, str]]
"""Values of a column, each with colour and marker."""

LEAVERS = ((EVERYBODY, INK, "o"), ("supporter", VERMILION, "s"), ("recipient", BLUE, "^"))
WHO = (
    ("supporter", VERMILION, "s"),
    ("bridge", BLUE, "D"),
    ("popular", GREEN, "^"),
    ("other recipient", GREY, "o"),
)
CHANNELS = (
    ("structure", VERMILION, "s"),
    ("loss", BLUE, "D"),
    ("social", GREEN, "^"),
    ("the rest", GREY, "o"),
)
LEVER_LOOKS = ((ORANGE, "o"), (GREEN, "D"), (PINK, "^"), (INK, "s"))


def opened(found: Found, height: float, name: str, finding: str = "title", **values: Any) -> Figure:
    """Open a figure of the study, with its title and question."""
    kind = "footer_bands" if name == "survival" else "footer"
    known = {**found.facts, "version": __version__, **values}
    footer = f"dropout_spread.figures.{kind}"
    return open_sheet(height, f"dropout_spread.figures.{name}", footer, known, finding)


def words(key: str, **values: Any) -> str:
    """Give words of a figure."""
    return say(f"dropout_spread.figures.{key}", **values)


def names_of(found: Found) -> dict[str, str]:
    """Name the designs."""
    return labels(found.tables["designs"])


def table_of(found: Found, name: str) -> pl.DataFrame | None:
    """Give a table, if it is there and holds anything."""
    table = found.tables.get(name)
    return table if table is not None and table.width and table.height else None


def rows_of(table: pl.DataFrame, **where: Any) -> list[dict[str, Any]]:
    """Give the rows of a table for which something holds."""
    return list(table.filter(**where).iter_rows(named=True)) if table.width else []


def _point(
    axes: Axes, y: float, row: Mapping[str, Any], look: Sequence[str], mean: str = "mean"
) -> None:
    """One mean with its interval; hollow where the interval holds zero."""
    colour, marker = look
    value, low, high = row[mean], row["low"], row["high"]
    if not is_known(row, mean):
        return
    fill = colour if low > 0 or high < 0 else PAPER
    mark = {"color": colour, "mec": colour, "mfc": fill, "marker": marker, "ms": 6, "lw": 1.4}
    estimate(axes, y, (value, low, high), mark)


def is_known(row: Mapping[str, Any], mean: str = "mean") -> bool:
    """Whether a mean is worth drawing."""
    return row[mean] is not None and np.isfinite(row[mean]) and row.get("persons", FEW) >= FEW


def _ladder(axes: Axes, labels: Sequence[str]) -> None:
    """Names down the side, a line at zero."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.axvline(0, color=QUIET, lw=0.8, zorder=1)
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    number_axis(axes, "x", "g", FEWEST)


def _key(figure: Figure, height: float, entries: Looks) -> None:
    columns = len(entries) if sum(len(name) for name, *_ in entries) < ROOM else 2
    signs = [
        (name, {"color": colour, "marker": marker, "ms": 6, "lw": 1.4, "ls": "-"})
        for name, colour, marker in entries
    ]
    place = {"loc": "upper left", "bbox_to_anchor": (0.0, 1 - 0.78 / height)}
    key_to_signs(figure, signs, ncol=columns, fontsize=8, **place)


def how_many_follow(found: Found) -> Figure:
    """Draw the dropout reproduction number by type and mix."""
    table = found.tables["reproduction"].filter(measure="net", leaving=AS_IT_HAPPENED)
    titled = _most(found, table.filter(who=EVERYBODY), "who")
    return _by_design(found, table, "reproduction", "who", LEAVERS, titled)


def whose_leaving(found: Found) -> Figure | None:
    """Draw how many follow by who was made to leave."""
    table = found.tables["reproduction"].filter(measure="net", leaving=WHAT_IF)
    titled = _most(found, table.filter(pl.col("who").is_in([who for who, *_ in WHO])), "who")
    return _by_design(found, table, "who", "who", WHO, titled) if table.height else None


def through_what(found: Found) -> Figure | None:
    """Draw the share of each channel."""
    table = table_of(found, "spread_channels")
    if table is None:
        return None
    those = table.filter(pl.col("channel").is_in([channel for channel, *_ in CHANNELS]))
    titled = _most(found, those, "channel")
    return _by_design(found, table, "channels", "channel", CHANNELS, titled)


Titled = tuple[str, Mapping[str, Any]]


def _most(found: Found, table: pl.DataFrame, column: str) -> Titled:
    """Give the title that names where most follow, if any follow for sure."""
    sure = rows_of(table.filter(pl.col("low").fill_nan(None) > 0, pl.col("persons") >= FEW))
    if not sure:
        return "title", {}
    most = max(sure, key=lambda row: row["mean"])
    values = {"design": names_of(found)[most["design"]], "n": 100 * most["mean"]}
    return f"finding.{most[column]}", values


def _by_design(
    found: Found, table: pl.DataFrame, name: str, column: str, looks: Looks, titled: Titled
) -> Figure:
    """Draw some points for each design, one a value of a column."""
    names, finding, values = names_of(found), *titled
    height = 2.3 + 0.6 * len(names)
    figure = opened(found, height, name, finding, **values)
    axes = figure.subplots(gridspec_kw=inches(figure, 2.3, 0.3, 1.3, 0.75))
    for y, design in enumerate(names):
        if not any(map(is_known, rows_of(table, design=design))):
            beside = axes.get_yaxis_transform()
            axes.text(0.01, y, say("dropout_spread.too_few"), transform=beside, **NOTE)
        for place, (value, *look) in enumerate(looks):
            for row in rows_of(table, design=design, **{column: value}):
                _point(axes, y + 0.2 * (place - (len(looks) - 1) / 2), row, look)
    _ladder(axes, list(names.values()))
    axes.set_xlabel(words(f"{name}.axis"))
    group = "when" if column == "who" else "channel"
    there = {row[column] for row in rows_of(table) if is_known(row)}
    entries = [
        (words(f"{group}.{value}"), colour, marker)
        for value, colour, marker in looks
        if value in there
    ]
    if entries:
        _key(figure, height, entries)
    return figure


def _halving(table: pl.DataFrame, names: Mapping[str, str]) -> Titled:
    """Give the title that names what halves it most, or says that nothing does."""
    if rows := rows_of(table.filter(verdict="more than halved")):
        best = min(rows, key=lambda row: row["difference"])
        lever = lever_name(best["lever"])
        return "finding", {"design": names[best["design"]], "lever": lever}
    is_any = table.filter(pl.col("verdict") != "nothing to halve").height
    return "finding_none" if is_any else "finding_nothing", {}


def what_halves_it(found: Found) -> Figure | None:
    """Draw what each lever changes, for each type."""
    table = table_of(found, "spread_levers")
    if table is None:
        return None
    names = names_of(found)
    designs = [name for name in names if name in set(table["design"].cast(str))]
    levers = table["lever"].cast(str).unique(maintain_order=True).to_list()
    looks_of = dict(zip(levers, LEVER_LOOKS, strict=False))
    height = 2.5 + 0.62 * len(designs)
    finding, values = _halving(table, names)
    figure = opened(found, height, "levers", finding, **values)
    axes = figure.subplots(gridspec_kw=inches(figure, 1.6, 0.3, 1.55, 0.75))
    for y, design in enumerate(designs):
        rows = rows_of(table, design=design)
        half = -0.5 * rows[0]["without"]
        axes.plot([half, half], [y - 0.4, y + 0.4], color=FAINT, lw=5, zorder=0)
        for row in rows:
            place = y - 0.3 + 0.2 * levers.index(row["lever"])
            _point(axes, place, row, looks_of[row["lever"]], "difference")
    _ladder(axes, [names[design] for design in designs])
    axes.set_xlabel(words("levers.axis"))
    entries = [(lever_name(name), *look) for name, look in looks_of.items()]
    _key(figure, height, entries)
    return figure
