"""Which parameters matter, what can be fixed, and how much is chance."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import say
from peersim.kernel.numbers import SPACE
from peersim.presentation.figures import Plot
from peersim.presentation.figures.kit import key_to_signs, number_axis
from peersim.presentation.figures.layout import name_points
from peersim.presentation.figures.parameters import height_of, margins, name_rows, separate, short
from peersim.presentation.figures.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    PAPER,
    QUIET,
    SKY,
    SMALLEST,
)
from peersim.presentation.outcomes import label
from peersim.studies.sensitivity.effects import (
    CHANCE,
    DUMMY,
    FIXED,
    IDLE,
    MATTERS,
    SIZE,
    SMALL,
    UNCLEAR,
)
from peersim.studies.sensitivity.exhibits import meanings, panels, title_of
from peersim.studies.sensitivity.sheet import opened, words
from peersim.studies.sensitivity.sizes import UNITS, direction

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

BELOW, NARROW, IN_TITLE = 30, 58, 66
"""Letters for which there is room below a panel, in a line below one of two, and in a title."""
MOST_ROWS, FEWEST_ROWS, MOST_PANELS, NAMED, RANKED = 16, 5, 3, 8, 2
HATCHES = {UNCLEAR: "////"}
"""So that what is not clear is told from what is, on paper without colours."""
COLOURS = {MATTERS: BLUE, UNCLEAR: SKY, FIXED: "#BDBDBD", IDLE: "#BDBDBD", None: PAPER}


def figures(found: Found) -> Iterator[Plot]:
    """Give every figure that the tables allow."""
    if "ranking" in found.tables:
        from peersim.studies.sensitivity.figure_of_ranking import what_decides

        outcomes = found.tables["verdicts"]["outcome"].cast(str).unique(maintain_order=True)
        for outcome in outcomes.to_list()[:RANKED]:
            draw = functools.partial(what_decides, found, outcome)
            yield Plot(f"ranking_{outcome}", "ranking", draw)
    yield Plot("what_matters", "matters", lambda: what_matters(found))
    if found.facts["method"] == "morris":
        yield Plot("interactions", "matters", lambda: interactions(found))


def drawn(found: Found) -> list[tuple[str, str]]:
    """Design and outcome of each panel: the outcomes asked for, or of two designs the first of
    them.
    """
    pairs = panels(found)
    if len({design for design, _ in pairs}) > 1:
        return [pair for pair in pairs if pair[1] == pairs[0][1]]
    return pairs[:MOST_PANELS]


def by_parameter(found: Found, panel: tuple[str, str]) -> dict[str, dict[str, Any]]:
    """Give what the table says of each parameter, chance and dummies included."""
    table = found.tables["sensitivity"].cast({"design": str, "outcome": str, "parameter": str})
    rows = table.filter(design=panel[0], outcome=panel[1]).iter_rows(named=True)
    return {row["parameter"]: row for row in rows}


def strongest(found: Found) -> list[str]:
    """List the parameters to be drawn: what cannot be fixed in some panel, in the order of the
    first panel.
    """
    size = SIZE[found.facts["method"]]
    every = [by_parameter(found, panel) for panel in drawn(found)]
    names = [name for name in every[0] if name not in (CHANCE, DUMMY)]
    largest = [max(rows[name][size] for name in names) or 1.0 for rows in every]
    weight = {
        name: max(rows[name][size] / top for rows, top in zip(every, largest, strict=True))
        for name in names
    }
    in_order = sorted(names, key=lambda name: -weight[name])
    open_ = [name for name in in_order if any(rows[name]["verdict"] not in SMALL for rows in every)]
    chosen = set(open_[:MOST_ROWS]) | set(in_order[:FEWEST_ROWS])
    return [name for name in names if name in chosen]


def in_short(found: Found, parameter: str) -> str:
    """Say in a line what a parameter is."""
    return short(meanings(found)[parameter], IN_TITLE, 1)


def what_matters(found: Found) -> Figure:
    """Draw the size of each parameter's effect with its interval, and what chance alone would
    show.
    """
    method, shown, names = found.facts["method"], drawn(found), strongest(found)
    rows = [*names, CHANCE] if method != "pawn" else names
    height = height_of(len(rows), 1.45, 0.95)
    first = by_parameter(found, shown[0])
    known = {"setting": in_short(found, names[0]), "outcome": label(shown[0][1])}
    finding = "finding" if first[names[0]]["verdict"] == MATTERS else "title"
    figure = opened(found, height, f"what_matters.{method}", finding, **known)
    grid = margins(figure, 1.35, 0.95) | {"wspace": 0.15}
    all_axes = figure.subplots(1, len(shown), squeeze=False, gridspec_kw=grid)[0]
    explained = meanings(found) | {CHANCE: words(f"by_chance_of.{method}")}
    for axes, panel in zip(all_axes, shown, strict=True):
        of = by_parameter(found, panel)
        for place, name in enumerate(rows):
            _bar(axes, of[name], place, method)
        separate(axes, len(rows))
        axes.set_title(str(title_of(*panel)), loc="left", fontsize=9, fontweight="bold")
        _along(axes, method, panel[1], of)
        name_rows(axes, rows if axes is all_axes[0] else [""] * len(rows), explained)
    if left_out := found.facts["settings"] - len(names):
        text = words("left_out", n=left_out)
        figure.text(0.012, 0.32 / height, text, fontsize=7.5, color=QUIET)
    _legend(figure, method, height)
    return figure


def _along(axes: Axes, method: str, outcome: str, of: Mapping[str, Any]) -> None:
    """Set out the horizontal axis, and the threshold of PAWN."""
    # arrows stand beside the bars
    axes.set_xlim(0, (1.08 if method == "morris" else 1.0) * axes.get_xlim()[1])
    unit = UNITS[outcome]
    of_one = unit.replace("0-1", words("of_one")).replace(" ", SPACE)
    shown = "" if unit in ("share", "-") else f" ({of_one})"
    label = textwrap.fill(words(f"axis.{method}", unit=shown), BELOW)
    axes.set_xlabel(label, fontsize=SMALLEST)
    axes.tick_params(axis="x", labelsize=7.5)
    axes.locator_params(axis="x", nbins=5)
    if method == "sobol" or unit == "share" and method != "pawn":
        number_axis(axes, "x", "%")
    if method != "pawn":
        return
    axes.axvline(next(iter(of.values()))["chance"], color=ORANGE, lw=1.4, ls=(0, (4, 2)), zorder=1)


def _bar(axes: Axes, row: dict[str, Any], place: int, method: str) -> None:
    size = row[SIZE[method]]
    if row["verdict"] is None:
        axes.barh(
            place, size, 0.5, facecolor=PAPER, edgecolor=ORANGE, hatch="////", lw=0.9, zorder=2
        )
        return
    colour = COLOURS[row["verdict"]]
    if method == "sobol":
        axes.barh(place - 0.16, size, 0.26, facecolor=PAPER, edgecolor=colour, lw=1.1, zorder=2)
        axes.barh(place + 0.16, max(row["first"], 0.0), 0.26, zorder=2, **_filled(row["verdict"]))
        axes.plot(
            [row["total_low"], row["total_high"]], [place - 0.16] * 2, color=INK, lw=0.9, zorder=4
        )
        alone = [max(row["first_low"], 0.0), max(row["first_high"], 0.0)]
        axes.plot(alone, [place + 0.16] * 2, color=INK, lw=0.9, zorder=4)
    else:
        axes.barh(place, size, 0.5, zorder=2, **_filled(row["verdict"]))
        axes.plot([row["low"], row["high"]], [place, place], color=INK, lw=1.0, zorder=4)
    if method != "pawn" and row["chance"] is not None:
        bounds = (-0.32, 0.32) if method == "morris" else (-0.36, 0.0)
        axes.plot(
            [row["chance"]] * 2, [place + bound for bound in bounds], color=ORANGE, lw=1.8, zorder=5
        )
    if method == "morris" and row["verdict"] not in SMALL:
        axes.annotate(
            direction(row),
            (row["high"], place),
            (5, 0),
            textcoords="offset points",
            fontsize=SMALLEST,
            va="center",
            color=QUIET,
            zorder=6,
        )


def _filled(verdict: str) -> dict[str, Any]:
    """How the bar of a verdict is filled."""
    hatch = HATCHES.get(verdict, "")
    return {"facecolor": COLOURS[verdict], "edgecolor": PAPER, "hatch": hatch, "lw": 0}


def _legend(figure: Figure, method: str, height: float) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    keys: list[Any] = [
        Patch(**_filled(verdict), label=say(f"sensitivity.verdicts.{verdict}"))
        for verdict in (MATTERS, UNCLEAR, IDLE if method == "pawn" else FIXED)
    ]
    if method == "sobol":
        keys.insert(0, Patch(facecolor=PAPER, edgecolor=BLUE, label=words("with_interactions")))
    keys.append(Line2D([], [], color=INK, lw=1, label=words("interval")))
    dash: Any = (0, (4, 2)) if method == "pawn" else "solid"
    keys.append(Line2D([], [], color=ORANGE, lw=1.8, ls=dash, label=words("by_chance")))
    if method == "morris":
        keys.append(Line2D([], [], color="none", label=words("arrows")))
    figure.legend(
        handles=keys,
        loc="upper left",
        bbox_to_anchor=(0.005, 1 - 0.76 / height),
        ncol=len(keys),
        fontsize=7.5,
        handlelength=1.3,
        columnspacing=1.1,
        handletextpad=0.5,
    )


def interactions(found: Found) -> Figure:
    """Draw the plane of Morris: mean absolute effect against its spread, one panel an outcome."""
    shown = drawn(found)[:2]  # three leave no room for names
    first = by_parameter(found, shown[0])
    rows = [row for row in first.values() if row["verdict"] is not None]
    most = max(rows, key=lambda row: row["sigma"])["parameter"]
    known = {"setting": in_short(found, most), "outcome": label(shown[0][1])}
    lines = min(NAMED, max(len(by_parameter(found, panel)) for panel in shown))
    height, bottom = 5.3 + 0.125 * lines, 0.95 + 0.125 * lines
    figure = opened(found, height, "interactions", "title", **known)
    grid = margins(figure, 1.4, bottom, left=0.75, right=0.25) | {"wspace": 0.24}
    every = figure.subplots(1, len(shown), squeeze=False, gridspec_kw=grid)[0]
    for axes, panel in zip(every, shown, strict=True):
        rows = [row for row in by_parameter(found, panel).values() if row["verdict"] is not None]
        for row in rows:
            marker = {"▲": "^", "▼": "v"}.get(direction(row), "D")
            axes.plot(
                row["mu_star"],
                row["sigma"],
                marker=marker,
                color=COLOURS[row["verdict"]],
                ms=6,
                ls="none",
                mec=PAPER,
                mew=0.5,
                zorder=3,
            )
        reach = 1.12 * max(max(row["mu_star"], row["sigma"]) for row in rows) or 1.0
        axes.set_xlim(-0.03 * reach, reach)
        axes.set_ylim(-0.03 * reach, reach)
        axes.plot([0, reach], [0, reach], color=GREY, lw=0.9, ls=(0, (4, 2)), zorder=1)
        axes.set_title(str(title_of(*panel)), loc="left", fontsize=9, fontweight="bold")
        axes.set_xlabel(words("mu_star"), fontsize=8)
        axes.grid(color=FAINT)
        axes.set_axisbelow(True)
        axes.tick_params(labelsize=7.5)
        axes.locator_params(nbins=5)
        _number_points(axes, rows, meanings(found))
    line = {"color": GREY, "lw": 0.9, "ls": (0, (4, 2))}
    place = {"bbox_to_anchor": (0.0, 1 - 0.72 / height), "loc": "upper left"}
    key_to_signs(figure, [(words("as_spread"), line)], fontsize=8, **place)
    figure.axes[0].set_ylabel(words("sigma"), fontsize=8)
    return figure


def _number_points(
    axes: Axes, rows: Sequence[Mapping[str, Any]], explained: Mapping[str, str]
) -> None:
    """Number the points that matter most, and say below the axes what the numbers stand for."""
    first = sorted(rows, key=lambda row: -row["mu_star"])[:NAMED]
    places = [(row["mu_star"], row["sigma"]) for row in rows]
    named = [(str(n), (row["mu_star"], row["sigma"])) for n, row in enumerate(first, 1)]
    name_points(axes, named, places, fontsize=SMALLEST)
    said = (short(explained[row["parameter"]], NARROW, 1) for row in first)
    names = "\n".join(f"{n}  {meaning}" for n, meaning in enumerate(said, 1))
    place: Any = {"xytext": (0, -40), "textcoords": "offset points", "va": "top"}
    axes.annotate(names, (0, 0), xycoords="axes fraction", fontsize=SMALLEST, **place)
