"""How dropout spreads, in figures: how many follow, who is followed, how near and soon, through
what, what helps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim import __version__
from peersim.kernel.catalogue import language, say
from peersim.kernel.numbers import written
from peersim.presentation.figures import Plot
from peersim.presentation.figures.kit import key_to_signs, number_axis, open_sheet
from peersim.presentation.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PINK,
    QUIET,
    VERMILION,
    inches,
    looks,
    without_frame,
)
from peersim.scenario.typology import DESIGNS, PAIRS
from peersim.studies.dropout_spread.exhibits import FEW, labels
from peersim.studies.dropout_spread.following.knock_outs import AS_IT_HAPPENED, WHAT_IF
from peersim.studies.dropout_spread.tables import EVERYBODY

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

ROOM = 110
"""Letters for which there is room in one line of a legend."""
NEAR = (1, 2, 3, None)
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
CAUSES = ("lost_tie", "others_leaving", "community_closed")
LEVER_LOOKS = ((ORANGE, "o"), (GREEN, "D"), (PINK, "^"), (INK, "s"))


def figures(found: Found) -> Iterator[Plot]:
    """Give every figure that the tables allow."""
    yield Plot("reproduction", "follow", lambda: how_many_follow(found))
    yield Plot("who", "whose", lambda: whose_leaving(found))
    yield Plot("channels", "what", lambda: through_what(found))
    yield Plot("near_and_soon", "near", lambda: how_near_how_soon(found))
    yield Plot("survival", "long", lambda: how_long_they_stay(found))
    yield Plot("levers", "helps", lambda: what_halves_it(found))
    yield Plot("cascade", "books", lambda: one_cascade(found))


def _open(found: Found, height: float, name: str, finding: str = "title", **values: Any) -> Figure:
    kind = "footer_bands" if name == "survival" else "footer"
    known = {**found.facts, "version": __version__, **values}
    footer = f"dropout_spread.figures.{kind}"
    return open_sheet(height, f"dropout_spread.figures.{name}", footer, known, finding)


def _say(key: str, **values: Any) -> str:
    return say(f"dropout_spread.figures.{key}", **values)


def _names(found: Found) -> dict[str, str]:
    return labels(found.tables["designs"])


def _there(found: Found, name: str) -> pl.DataFrame | None:
    """Give a table, if it is there and holds anything."""
    table = found.tables.get(name)
    return table if table is not None and table.width and table.height else None


def _rows(table: pl.DataFrame, **where: Any) -> list[dict[str, Any]]:
    return list(table.filter(**where).iter_rows(named=True)) if table.width else []


def _point(
    axes: Axes, y: float, row: Mapping[str, Any], look: tuple[str, str], mean: str = "mean"
) -> None:
    """One mean with its interval; hollow where the interval holds zero."""
    colour, marker = look
    value, low, high = row[mean], row["low"], row["high"]
    if value is None or not np.isfinite(value) or row.get("persons", FEW) < FEW:
        return
    clear = low > 0 or high < 0
    if np.isfinite(low) and np.isfinite(high):
        axes.plot([low, high], [y, y], color=colour, lw=1.4, solid_capstyle="butt", zorder=2)
    axes.plot(value, y, marker, color=colour, mfc=colour if clear else "white", ms=6, zorder=3)


def _ladder(axes: Axes, labels: Sequence[str]) -> None:
    """Names down the side, a line at zero."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.axvline(0, color=QUIET, lw=0.8, zorder=1)
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)


def _key(figure: Figure, height: float, entries: Sequence[tuple[str, str, str]]) -> None:
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
    looks_of = ((EVERYBODY, INK, "o"), ("supporter", VERMILION, "s"), ("recipient", BLUE, "^"))
    names = _names(found)
    most = _rows(table.filter(who=EVERYBODY).sort("mean", descending=True, nulls_last=True))[:1]
    clear = most and most[0]["low"] > 0
    known = {"design": names[most[0]["design"]], "n": 100 * most[0]["mean"]} if clear else {}
    height = 2.3 + 0.5 * len(names)
    figure = _open(found, height, "reproduction", "finding" if clear else "title", **known)
    axes = figure.subplots(gridspec_kw=inches(figure, 2.3, 0.3, 1.3, 0.75))
    for y, design in enumerate(names):
        for shift, (who, colour, marker) in zip((-0.24, 0.0, 0.24), looks_of, strict=True):
            for row in _rows(table, design=design, who=who):
                _point(axes, y + shift, row, (colour, marker))
    _ladder(axes, list(names.values()))
    axes.set_xlabel(_say("reproduction.axis"))
    _key(figure, height, [(_say(f"when.{who}"), *look) for who, *look in looks_of])
    return figure


def _four_a_design(
    found: Found, table: pl.DataFrame, name: str, column: str, looks: Sequence[tuple[str, str, str]]
) -> Figure:
    """Draw four points for each design, one a value of a column."""
    names = _names(found)
    height = 2.3 + 0.6 * len(names)
    figure = _open(found, height, name)
    axes = figure.subplots(gridspec_kw=inches(figure, 2.3, 0.3, 1.3, 0.75))
    for y, design in enumerate(names):
        for shift, (value, *look) in zip((-0.3, -0.1, 0.1, 0.3), looks, strict=True):
            for row in _rows(table, design=design, **{column: value}):
                _point(axes, y + shift, row, (look[0], look[1]))
    _ladder(axes, list(names.values()))
    axes.set_xlabel(_say(f"{name}.axis"))
    words = "when" if column == "who" else "channel"
    _key(figure, height, [(_say(f"{words}.{value}"), *look) for value, *look in looks])
    return figure


def whose_leaving(found: Found) -> Figure | None:
    """Draw how many follow by who was made to leave."""
    table = found.tables["reproduction"].filter(measure="net", leaving=WHAT_IF)
    return _four_a_design(found, table, "who", "who", WHO) if table.height else None


def through_what(found: Found) -> Figure | None:
    """Draw the share of each channel."""
    table = _there(found, "spread_channels")
    return None if table is None else _four_a_design(found, table, "channels", "channel", CHANNELS)


def how_near_how_soon(found: Found) -> Figure | None:
    """Draw, for each type, net departures by distance and time."""
    table = _there(found, "spread_by_distance")
    if table is None:
        return None
    table, names = table.filter(leaving=AS_IT_HAPPENED), _names(found)
    designs = list(names)[:4]  # the pure types, or the user's own
    most = max(float(np.nanmax(np.abs(table["mean"].to_numpy()), initial=0.0)), 1e-9)
    down = (len(designs) + 1) // 2
    height = 1.9 + 1.75 * down
    figure = _open(found, height, "near_and_soon")
    grid = inches(figure, 2.2, 0.2, 0.95, 0.75) | {"hspace": 0.55, "wspace": 0.08}
    panels = figure.subplots(down, min(2, len(designs)), squeeze=False, gridspec_kw=grid)
    for place, axes in enumerate(panels.flat):
        if place >= len(designs):
            without_frame(axes)
            continue
        _heat(axes, _rows(table, design=designs[place]), most, place % 2 == 0)
        axes.set_title(names[designs[place]], loc="left")
    axis = _say("near_and_soon.axis")
    figure.text(0.6, 0.3 / height, axis, ha="center", fontsize=9)
    return figure


def _heat(axes: Axes, rows: Sequence[Mapping[str, Any]], most: float, names: bool) -> None:
    times = list(dict.fromkeys((row["from_week"], row["to_week"]) for row in rows))
    values = np.full((len(NEAR), len(times)), np.nan)
    clear = np.zeros_like(values, bool)
    steps = list(NEAR)
    for row in rows:
        cell = steps.index(row["distance"]), times.index((row["from_week"], row["to_week"]))
        values[cell], clear[cell] = row["mean"], row["low"] > 0 or row["high"] < 0
    axes.imshow(values, cmap="RdBu_r", vmin=-most, vmax=most, aspect="auto", alpha=0.75)
    for (y, x), value in np.ndenumerate(values):
        weight = "bold" if clear[y, x] else "normal"
        text = written(100 * value, "1", language())
        axes.text(x, y, text, ha="center", va="center", fontsize=8, fontweight=weight)
    axes.set_xticks(range(len(times)), [f"{low}–{high}" for low, high in times])
    texts = [_say(f"near.{distance or 'none'}") if names else "" for distance in NEAR]
    axes.set_yticks(range(len(NEAR)), texts)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def how_long_they_stay(found: Found) -> Figure:
    """Draw survival curves of recipients, a panel for each type with the combination built on
    it.
    """
    table, names = found.tables["survival"].filter(role="recipient"), _names(found)
    designs = list(names)
    pairs = [list(pair) for pair in PAIRS] if len(designs) == len(DESIGNS) else [designs]
    down = (len(pairs) + 1) // 2
    height = 1.9 + 2.0 * down
    figure = _open(found, height, "survival")
    grid = inches(figure, 0.6, 0.2, 1.1, 0.8) | {"hspace": 0.4, "wspace": 0.12}
    look = {"squeeze": False, "sharey": True}
    panels = figure.subplots(down, min(2, len(pairs)), gridspec_kw=grid, **look)
    for axes, pair in zip(panels.flat, pairs, strict=False):
        for design in pair:
            _curve(axes, table.filter(design=design), design, names[design])
        axes.set_ylim(0, 1.02)
        number_axis(axes, "y", "%")
        axes.grid(axis="y")
        axes.legend(loc="lower left", fontsize=8)
    figure.text(0.5, 0.3 / height, _say("survival.axis"), ha="center", fontsize=9)
    return figure


def _curve(axes: Axes, rows: pl.DataFrame, design: str, label: str) -> None:
    look = looks()[design]
    week, at_risk, share, low, high = (
        rows[name].to_numpy() for name in ("week", "at_risk", "share", "low", "high")
    )
    seen = at_risk >= max(1.0, at_risk.max(initial=1.0) / 20)
    axes.fill_between(
        week[seen], low[seen], high[seen], step="post", color=look.colour, alpha=0.15, lw=0
    )
    axes.step(
        week[seen], share[seen], where="post", color=look.colour, ls=look.dash, lw=1.6, label=label
    )


def what_halves_it(found: Found) -> Figure | None:
    """Draw what each lever changes, for each type."""
    table = _there(found, "spread_levers")
    if table is None:
        return None
    names = _names(found)
    designs = [name for name in names if name in set(table["design"].cast(str))]
    levers = table["lever"].cast(str).unique(maintain_order=True).to_list()
    looks_of = dict(zip(levers, LEVER_LOOKS, strict=False))
    height = 2.5 + 0.62 * len(designs)
    figure = _open(found, height, "levers")
    axes = figure.subplots(gridspec_kw=inches(figure, 1.6, 0.3, 1.55, 0.75))
    for y, design in enumerate(designs):
        rows = _rows(table, design=design)
        half = -0.5 * rows[0]["without"]
        axes.plot([half, half], [y - 0.4, y + 0.4], color=FAINT, lw=5, zorder=0)
        for row in rows:
            place = y - 0.3 + 0.2 * levers.index(row["lever"])
            _point(axes, place, row, looks_of[row["lever"]], "difference")
    _ladder(axes, [names[design] for design in designs])
    axes.set_xlabel(_say("levers.axis"))
    entries = [(say(f"dropout_spread.lever.{name}"), *look) for name, look in looks_of.items()]
    _key(figure, height, entries)
    return figure


def one_cascade(found: Found) -> Figure | None:
    """Draw the largest cascade of named departures, from left to right in time."""
    table = _there(found, "cascades")
    if table is None:
        return None
    tree = table.sort("departures", "seed", "tree", descending=[True, False, False]).head(1)
    rows = _rows(table, design=tree["design"][0], seed=tree["seed"][0], tree=tree["tree"][0])
    height = 1.9 + 0.42 * len(rows)
    design = _names(found)[str(rows[0]["design"])]
    known = {"design": design, "world": rows[0]["seed"], "n": len(rows)}
    figure = _open(found, height, "cascade", **known)
    axes = figure.subplots(gridspec_kw=inches(figure, 0.4, 1.9, 0.8, 0.75))
    ordered = _in_order(rows)
    place = {row["person"]: (row["week"], y) for y, row in enumerate(ordered)}
    for row in ordered:
        _branch(axes, row, place)
    axes.set_yticks([])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(_say("cascade.axis"))
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


def _branch(axes: Axes, row: Mapping[str, Any], place: Mapping[str, tuple[float, float]]) -> None:
    week, y = place[row["person"]]
    colour, marker = (VERMILION, "s") if row["role"] == "supporter" else (BLUE, "o")
    if row["caused_by"] in place and row["generation"] > 0:
        before, above = place[row["caused_by"]]
        axes.plot([before, before, week], [above, y, y], color=GREY, lw=1.2, zorder=1)
    is_named = row["generation"] > 0 and row["cause"] in CAUSES
    why = _say(f"cause.{row['cause'] if is_named else 'first'}")
    axes.plot(week, y, marker, color=colour, ms=8, zorder=2)
    key = "cascade.supporter" if row["role"] == "supporter" else "cascade.recipient"
    text = _say(key, who=row["person"], why=why)
    look = {"va": "center", "fontsize": 8, "annotation_clip": False}
    axes.annotate(text, (week, y), xytext=(8, 0), textcoords="offset points", **look)
