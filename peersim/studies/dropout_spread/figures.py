"""How dropout spreads, in figures: how many follow, who is followed, how near and soon, through
what, what helps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from peersim.presentation.figures import Drawing
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
    as_png,
    as_svg,
    inches,
    looks,
    settings,
    sheet,
    without_frame,
)

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HAPPENED, WHAT_IF = "as it happened", "what if"
FEW = 20
"""Of fewer leavings than that no mean is drawn."""
ROOM = 110
"""Letters for which there is room in one line of a legend."""
NEAR = (
    (1, "one step: she knew them"),
    (2, "two steps: friends of friends"),
    (3, "three steps or more"),
    (None, "no link"),
)
WHO = (
    ("supporter", "a supporter", VERMILION, "s"),
    ("bridge", "a bridge", BLUE, "D"),
    ("popular", "somebody popular", GREEN, "^"),
    ("other recipient", "another recipient", GREY, "o"),
)
CHANNELS = (
    ("structure", "places that close (structure)", VERMILION, "s"),
    ("loss", "friends lost (loss)", BLUE, "D"),
    ("social", "others seen to leave (social)", GREEN, "^"),
    ("the rest", "the rest: company, support, places", GREY, "o"),
)
CAUSES = {
    "lost_tie": "lost a friend",
    "others_leaving": "saw others leave",
    "community_closed": "match or group closed",
}


class Drawn(NamedTuple):
    """What the figures are drawn from."""

    tables: Mapping[str, pl.DataFrame]
    labels: Mapping[str, str]
    footer: str


def draw(tables: Mapping[str, pl.DataFrame], version: str) -> Iterator[Drawing]:
    """Draw every figure that the tables allow.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
        As from `experiment=dropout_spread`.
    version : str
    """
    import matplotlib

    labels = dict(tables["designs"].select("design", "label").iter_rows())
    runs = int(tables["attribution"]["runs"].max() or 0)  # type: ignore[arg-type]
    footer = f"{runs} simulated worlds of each kind. Bars: 95 % intervals. Simulated, not observed. peersim {version}"
    drawn = Drawn(tables, labels, footer)
    with matplotlib.rc_context(settings()):
        for name, (title, question) in QUESTIONS.items():
            figure = question(drawn, title)
            if figure is not None:
                yield Drawing(name, title, as_png(figure), as_svg(figure, name))


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


def _key(
    figure: Figure, height: float, entries: Sequence[tuple[str, str, str]], top: float = 0.66
) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=colour, marker=marker, ms=6, lw=1.4, label=name)
        for name, colour, marker in entries
    ]
    columns = len(entries) if sum(len(name) for name, *_ in entries) < ROOM else 2
    place = (0.0, 1 - top / height)
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=place, ncol=columns, fontsize=8)


def how_many_follow(drawn: Drawn, title: str) -> Figure:
    """Draw the dropout reproduction number by type and mix."""
    table = drawn.tables["reproduction"].filter(measure="net", leaving=HAPPENED)
    looks_of = (
        ("everybody", "anybody", INK, "o"),
        ("supporter", "a supporter", VERMILION, "s"),
        ("recipient", "a recipient", BLUE, "^"),
    )
    height = 2.3 + 0.5 * len(drawn.labels)
    sub = (
        "Others who took part and drop out within 26 weeks because of one who left, less those who stay because of "
        "it.\nHollow: too close to call."
    )
    figure = sheet(height, title, sub, drawn.footer)
    axes = figure.subplots(gridspec_kw=inches(figure, 2.3, 0.3, 1.3, 0.75))
    for y, design in enumerate(drawn.labels):
        for shift, (who, _, colour, marker) in zip((-0.24, 0.0, 0.24), looks_of, strict=True):
            for row in _rows(table, design=design, who=who):
                _point(axes, y + shift, row, (colour, marker))
    _ladder(axes, list(drawn.labels.values()))
    axes.set_xlabel(
        "others who drop out because one person did (1 would mean: each is followed by one other)"
    )
    _key(
        figure,
        height,
        [(f"when {name} leaves", colour, marker) for _, name, colour, marker in looks_of],
        0.78,
    )
    return figure


def _four_a_design(
    drawn: Drawn,
    table: pl.DataFrame,
    texts: tuple[str, str, str],
    column: str,
    looks: Sequence[tuple[str, str, str, str]],
) -> Figure:
    """Draw four points for each design, one a value of a column; `texts` are the title, what
    explains it, the axis.
    """
    title, sub, below = texts
    height = 2.3 + 0.6 * len(drawn.labels)
    figure = sheet(height, title, sub, drawn.footer)
    axes = figure.subplots(gridspec_kw=inches(figure, 2.3, 0.3, 1.3, 0.75))
    for y, design in enumerate(drawn.labels):
        for shift, (value, _, colour, marker) in zip((-0.3, -0.1, 0.1, 0.3), looks, strict=True):
            for row in _rows(table, design=design, **{column: value}):
                _point(axes, y + shift, row, (colour, marker))
    _ladder(axes, list(drawn.labels.values()))
    axes.set_xlabel(below)
    _key(figure, height, [(name, colour, marker) for _, name, colour, marker in looks], 0.78)
    return figure


def whose_leaving(drawn: Drawn, title: str) -> Figure | None:
    """Draw how many follow by who was made to leave."""
    table = drawn.tables["reproduction"].filter(measure="net", leaving=WHAT_IF)
    if not table.height:
        return None
    sub = (
        "Somebody drawn by lot is made to leave. Bridge: many shortest links between others run through her. "
        "Popular:\namong the quarter with the most ties; she may be both. Hollow: too close to call."
    )
    looks = [(who, f"when {name} leaves", colour, marker) for who, name, colour, marker in WHO]
    return _four_a_design(
        drawn, table, (title, sub, "others who drop out because of it"), "who", looks
    )


def through_what(drawn: Drawn, title: str) -> Figure | None:
    """Draw the share of each channel."""
    table = drawn.tables.get("spread_channels")
    if table is None or not table.width:
        return None
    sub = (
        "What each channel adds, averaged over the orders in which they can be opened; the four add up.\n"
        "Hollow: too close to call."
    )
    below = "others who drop out because one person did, by what brings it about"
    return _four_a_design(drawn, table, (title, sub, below), "channel", CHANNELS)


def _pure(drawn: Drawn) -> list[str]:
    """Give at most four designs: the pure types, or the user's own."""
    return list(drawn.labels)[:4]


def how_near_how_soon(drawn: Drawn, title: str) -> Figure | None:
    """Draw, for each type, net departures by distance and time."""
    table = drawn.tables.get("spread_by_distance")
    if table is None or not table.width:
        return None
    table = table.filter(leaving=HAPPENED)
    designs = _pure(drawn)
    most = max(float(np.nanmax(np.abs(table["mean"].to_numpy()), initial=0.0)), 1e-9)
    height = 1.9 + 1.75 * ((len(designs) + 1) // 2)
    sub = "For every 100 who leave: others who drop out because of it, less those who stay. Bold: clearly not zero."
    figure = sheet(height, title, sub, drawn.footer.replace("Bars: 95 % intervals. ", ""))
    grid = inches(figure, 2.2, 0.2, 0.95, 0.75) | {"hspace": 0.55, "wspace": 0.08}
    panels = figure.subplots(
        (len(designs) + 1) // 2, min(2, len(designs)), squeeze=False, gridspec_kw=grid
    )
    for place, axes in enumerate(panels.flat):
        if place >= len(designs):
            without_frame(axes)
            continue
        _heat(axes, _rows(table, design=designs[place]), most, place % 2 == 0)
        axes.set_title(drawn.labels[designs[place]], loc="left")
    figure.text(0.6, 0.3 / height, "weeks since she left", ha="center", fontsize=9)
    return figure


def _heat(axes: Axes, rows: Sequence[Mapping[str, Any]], most: float, names: bool) -> None:
    times = list(dict.fromkeys((row["from_week"], row["to_week"]) for row in rows))
    values = np.full((len(NEAR), len(times)), np.nan)
    clear = np.zeros_like(values, bool)
    steps = [distance for distance, _ in NEAR]
    for row in rows:
        cell = steps.index(row["distance"]), times.index((row["from_week"], row["to_week"]))
        values[cell], clear[cell] = row["mean"], row["low"] > 0 or row["high"] < 0
    axes.imshow(values, cmap="RdBu_r", vmin=-most, vmax=most, aspect="auto", alpha=0.75)
    for (y, x), value in np.ndenumerate(values):
        weight = "bold" if clear[y, x] else "normal"
        text = f"{100 * value:.1f}".replace("-0.0", "0.0")
        axes.text(x, y, text, ha="center", va="center", fontsize=8, fontweight=weight)
    axes.set_xticks(range(len(times)), [f"{low}–{high}" for low, high in times])
    axes.set_yticks(range(len(NEAR)), [name for _, name in NEAR] if names else [""] * len(NEAR))
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def how_long_they_stay(drawn: Drawn, title: str) -> Figure:
    """Draw survival curves of recipients, a panel for each type with the combination built on
    it.
    """
    table = drawn.tables["survival"].filter(role="recipient")
    designs = list(drawn.labels)
    pairs = [designs[k::4] for k in range(4)] if len(designs) == 8 else [designs]
    height = 1.9 + 2.0 * ((len(pairs) + 1) // 2)
    sub = (
        "Of those who took part: the share who have not dropped out, by weeks since they began. Who has completed\n"
        "or moved on is no longer counted; a line ends when fewer than one in twenty is still watched."
    )
    figure = sheet(height, title, sub, drawn.footer.replace("Bars", "Bands"))
    grid = inches(figure, 0.6, 0.2, 1.1, 0.8) | {"hspace": 0.4, "wspace": 0.12}
    panels = figure.subplots(
        (len(pairs) + 1) // 2, min(2, len(pairs)), squeeze=False, gridspec_kw=grid, sharey=True
    )
    for axes, pair in zip(panels.flat, pairs, strict=False):
        for design in pair:
            _curve(axes, table.filter(design=design), design, drawn.labels[design])
        axes.set_ylim(0, 1.02)
        axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
        axes.grid(axis="y")
        axes.legend(loc="lower left", fontsize=8)
    figure.text(0.5, 0.3 / height, "weeks since beginning", ha="center", fontsize=9)
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


def what_halves_it(drawn: Drawn, title: str) -> Figure | None:
    """Draw what each lever changes, for each type."""
    table = drawn.tables.get("spread_levers")
    if table is None or not table.width:
        return None
    designs = [name for name in drawn.labels if name in set(table["design"].cast(str).to_list())]
    names = list(dict.fromkeys(table["text"].cast(str).to_list()))
    colours = (ORANGE, GREEN, PINK, INK)
    height = 2.5 + 0.62 * len(designs)
    sub = (
        "Change in the number of others who drop out because one did; to the left is better. Grey bar: half of the\n"
        "number without the change; what halves it reaches the bar. Hollow: too close to call."
    )
    figure = sheet(height, title, sub, drawn.footer)
    axes = figure.subplots(gridspec_kw=inches(figure, 1.6, 0.3, 1.55, 0.75))
    for y, design in enumerate(designs):
        rows = _rows(table, design=design)
        half = -0.5 * rows[0]["without"]
        axes.plot([half, half], [y - 0.4, y + 0.4], color=FAINT, lw=5, zorder=0)
        for row in rows:
            place = names.index(row["text"])
            _point(axes, y - 0.3 + 0.2 * place, row, (colours[place], "oD^s"[place]), "difference")
    _ladder(axes, [drawn.labels[design] for design in designs])
    axes.set_xlabel("change in the number of others who drop out because one person did")
    _key(figure, height, [(name, colours[k], "oD^s"[k]) for k, name in enumerate(names)], 0.8)
    return figure


def one_cascade(drawn: Drawn, title: str) -> Figure | None:
    """Draw the largest cascade of named departures, from left to right in time."""
    table = drawn.tables.get("cascades")
    if table is None or not table.width:
        return None
    tree = table.sort("departures", "seed", "tree", descending=[True, False, False]).head(1)
    rows = _rows(table, design=tree["design"][0], seed=tree["seed"][0], tree=tree["tree"][0])
    height = 1.9 + 0.42 * len(rows)
    design = drawn.labels[str(rows[0]["design"])]
    sub = (
        f"The largest chain of departures behind which the books name another's leaving: {design}, world "
        f"{rows[0]['seed']}, {len(rows)} departures."
    )
    figure = sheet(height, title, sub, drawn.footer.replace("Bars: 95 % intervals. ", ""))
    axes = figure.subplots(gridspec_kw=inches(figure, 0.4, 1.9, 0.8, 0.75))
    ordered = _in_order(rows)
    place = {row["person"]: (row["week"], y) for y, row in enumerate(ordered)}
    for row in ordered:
        _branch(axes, row, place)
    axes.set_yticks([])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("week")
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
    why = CAUSES.get(row["cause"], "left first") if row["generation"] else "left first"
    axes.plot(week, y, marker, color=colour, ms=8, zorder=2)
    role = "supporter" if row["role"] == "supporter" else ""
    axes.annotate(
        f"{row['person']}{f' ({role})' if role else ''}: {why}",
        (week, y),
        xytext=(8, 0),
        va="center",
        textcoords="offset points",
        fontsize=8,
        annotation_clip=False,
    )


QUESTIONS: dict[str, tuple[str, Callable[[Drawn, str], Figure | None]]] = {
    "reproduction": ("When one person drops out, how many others follow?", how_many_follow),
    "who": ("Whose leaving draws others along?", whose_leaving),
    "channels": ("Through what does one departure bring about another?", through_what),
    "near_and_soon": ("How near, and how soon?", how_near_how_soon),
    "survival": ("How long do people stay?", how_long_they_stay),
    "levers": ("What keeps one departure from becoming two?", what_halves_it),
    "cascade": ("What does a chain of departures look like?", one_cascade),
}
"""Each figure with the question that it answers."""
