"""What designs change against no programme, and what that takes in supporters' hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peersim.kernel.statistics import TOO_CLOSE
from peersim.presentation.figures.style import FAINT, GREY, INK, PAPER, QUIET, inches, looks, sheet
from peersim.scenario.typology import CONFIGURED, EQUAL_HOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.presentation.figures import Context

ROW = 0.42
OFFSET = {CONFIGURED: -0.15, EQUAL_HOURS: 0.15}


def gaps(context: Context, basis: str, outcome: str = "connectedness") -> dict[str, dict[str, Any]]:
    """Give each design's difference to no programme on one basis, and what the design is."""
    import polars as pl

    here = (pl.col("basis") == basis) & (pl.col("design") != pl.lit("no_programme"))
    rows = context.tables["comparison"].filter(here & (pl.col("outcome") == outcome))
    about = context.tables["designs"].filter(here).select(pl.exclude("basis", "runs"))
    return {row["design"]: row for row in rows.join(about, on="design").iter_rows(named=True)}


def ranked(context: Context) -> list[str]:
    """Order the designs by their difference as configured, the largest first."""
    found = gaps(context, CONFIGURED)
    return sorted(found, key=lambda design: -found[design]["difference"])


def who_builds_connectedness(context: Context) -> Figure:
    """Draw the paired difference in connectedness to no programme, with intervals, on each
    basis.
    """
    words = context.words["figures"]
    order = ranked(context)
    height = 1.95 + ROW * len(order)
    figure = sheet(height, words["effects_title"], words["effects_sub"], context.footer)
    axes = figure.subplots(gridspec_kw=inches(figure, 2.35, 1.55, 1.2, 0.75))
    bases = [basis for basis in OFFSET if gaps(context, basis)]
    for basis in bases:
        found = gaps(context, basis)
        for row, design in enumerate(order):
            _interval(axes, found[design], row + (OFFSET[basis] if len(bases) > 1 else 0), basis)
    labels = {
        row["design"]: row["label"] for row in context.tables["designs"].iter_rows(named=True)
    }
    axes.set_yticks(range(len(order)), [labels[design] for design in order])
    axes.set_ylim(len(order) - 0.45, -0.55)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(words["effects_axis"])
    _zero(axes, words)
    _verdicts(axes, context, order, bases)
    _legend(axes, context, bases)
    return figure


def _interval(axes: Axes, row: dict[str, Any], height: float, basis: str) -> None:
    look = looks()[row["design"]]
    axes.plot(
        [row["low"], row["high"]],
        [height, height],
        color=look.colour,
        lw=2.2,
        solid_capstyle="butt",
    )
    fill = look.colour if basis == CONFIGURED else PAPER
    axes.plot(
        row["difference"],
        height,
        marker="o" if basis == CONFIGURED else "s",
        ms=6.5,
        mfc=fill,
        mec=look.colour,
        mew=1.5,
        ls="none",
        zorder=3,
    )


def _zero(axes: Axes, words: dict[str, str]) -> None:
    low, high = axes.get_xlim()
    low, high = min(low, -0.15 * (high - low)), max(high, 0.15 * (high - low))
    axes.set_xlim(low, high)
    axes.axvspan(low, 0, color="#F3F3F3", zorder=0, lw=0)
    axes.axvline(0, color=QUIET, lw=1, zorder=1)
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    reach = 0.01 * (high - low)
    top = axes.get_ylim()[1]
    axes.text(
        -reach, top, "← " + words["effects_less"], ha="right", va="bottom", fontsize=8, color=QUIET
    )
    axes.text(
        reach, top, words["effects_more"] + " →", ha="left", va="bottom", fontsize=8, color=QUIET
    )


def _verdicts(axes: Axes, context: Context, order: list[str], bases: list[str]) -> None:
    """Say beside the rows where the answer is open, or where the hours were not reached."""
    words = context.words["figures"]
    for basis in bases:
        for row, found in enumerate(gaps(context, basis)[design] for design in order):
            notes = [words["too_close"]] if found["verdict"] == TOO_CLOSE else []
            if found["reached"] is False:
                notes.append(
                    words["short_of_hours"].format(
                        hours=f"{found['hours']:.0f}", target=f"{found['target_hours']:.0f}"
                    )
                )
            height = row + (OFFSET[basis] * 1.3 if len(bases) > 1 else 0)
            axes.text(
                1.02,
                height,
                "; ".join(notes),
                transform=axes.get_yaxis_transform(),
                fontsize=7.5,
                color=QUIET,
                va="center",
            )


def _legend(axes: Axes, context: Context, bases: list[str]) -> None:
    from matplotlib.lines import Line2D

    if len(bases) < 2:
        return
    keys = [
        Line2D([], [], marker="o", color=INK, ls="none", label=context.words["bases"][CONFIGURED]),
        Line2D(
            [],
            [],
            marker="s",
            color=INK,
            mfc=PAPER,
            ls="none",
            label=context.words["bases"][EQUAL_HOURS],
        ),
    ]
    axes.legend(handles=keys, loc="lower left", bbox_to_anchor=(-0.02, 1.05), ncol=2, fontsize=8.5)


def what_it_costs(context: Context) -> Figure | None:
    """Draw the difference in connectedness against supporter hours per person invited, of several
    designs.
    """
    if len(ranked(context)) < 2:
        return None
    words = context.words["figures"]
    subtitle = words["price_sub"] if gaps(context, EQUAL_HOURS) else ""
    figure = sheet(5.0, words["price_title"], subtitle, context.footer)
    axes = figure.subplots(gridspec_kw=inches(figure, 0.95, 0.4, 0.85, 0.85))
    axes.axhline(0, color=GREY, lw=1, zorder=1)
    people = _invited(context)
    places = {basis: _places(gaps(context, basis), people) for basis in OFFSET}
    for design, (x, y) in places[CONFIGURED].items():
        look = looks()[design]
        if design in places[EQUAL_HOURS]:
            other = places[EQUAL_HOURS][design]
            axes.plot(
                [x, other[0]], [y, other[1]], color=look.colour, lw=0.8, ls=look.dash, alpha=0.45
            )
            axes.plot(
                *other,
                marker=look.marker,
                ms=5,
                mfc=PAPER,
                mec=look.colour,
                mew=1.2,
                ls="none",
                zorder=3,
            )
        axes.plot(x, y, marker=look.marker, ms=9, color=look.colour, ls="none", zorder=4)
    _name_points(axes, context, places[CONFIGURED])
    axes.set_xlabel(words["price_x"].format(week=context.week))
    axes.set_ylabel(words["price_y"])
    axes.grid(color=FAINT)
    axes.set_axisbelow(True)
    return figure


def _invited(context: Context) -> int:
    """Count the recipients of one run."""
    import polars as pl

    groups = context.tables["reach"].filter(
        (pl.col("basis") == CONFIGURED)
        & (pl.col("outcome") == "never_reached")
        & (pl.col("trait") == "stage")
        & (pl.col("design") == "no_programme")
    )
    return round(groups["people"].sum() / groups["runs"][0])


def _places(found: dict[str, dict[str, Any]], people: int) -> dict[str, tuple[float, float]]:
    return {design: (row["hours"] / people, row["difference"]) for design, row in found.items()}


def _name_points(axes: Axes, context: Context, places: dict[str, tuple[float, float]]) -> None:
    """Write each design's name beside its point; names that would meet are moved apart."""
    labels = {
        row["design"]: row["label"] for row in context.tables["designs"].iter_rows(named=True)
    }
    axes.margins(x=0.1, y=0.18)
    axes.autoscale_view()
    axes.set_xlim(0, 1.25 * axes.get_xlim()[1])  # room for names to the right
    low, high = axes.get_ylim()
    step, middle = 0.055 * (high - low), sum(x for x, _ in places.values()) / len(places)
    narrow = 0.3 * max(x for x, _ in places.values())  # less room than a name needs to the left
    for right in (False, True):  # names stand outwards, so the two sides cannot meet
        side = {
            design: place
            for design, place in places.items()
            if (place[0] >= middle or place[0] < narrow) == right
        }
        heights = spread_out([y for _, y in side.values()], step)
        for (design, (x, y)), height in zip(side.items(), heights, strict=True):
            axes.annotate(
                labels[design],
                (x, y),
                xytext=(14 if right else -14, (height - y) / (high - low) * 230),
                textcoords="offset points",
                ha="left" if right else "right",
                va="center",
                fontsize=8.5,
                arrowprops={
                    "arrowstyle": "-",
                    "color": QUIET,
                    "lw": 0.5,
                    "shrinkA": 0,
                    "shrinkB": 4,
                },
                bbox={"fc": PAPER, "ec": "none", "alpha": 0.75, "pad": 0.8},
                zorder=5,
            )


def spread_out(heights: list[float], step: float) -> list[float]:
    """Move heights apart until all are at least `step` from each other, keeping their order and
    their middle.

    >>> spread_out([1.0, 1.0, 5.0], 0.5)
    [0.75, 1.25, 5.0]
    """
    order = sorted(range(len(heights)), key=lambda n: heights[n])
    groups: list[list[int]] = []
    for n in order:
        groups.append([n])
        while (
            len(groups) > 1
            and _reach(groups[-2], heights, step)[1] + step > _reach(groups[-1], heights, step)[0]
        ):
            last = groups.pop()
            groups[-1] += last
    moved = list(heights)
    for group in groups:
        start = _reach(group, heights, step)[0]
        for place, n in enumerate(group):
            moved[n] = start + place * step
    return moved


def _reach(group: list[int], heights: list[float], step: float) -> tuple[float, float]:
    middle, half = sum(heights[n] for n in group) / len(group), step * (len(group) - 1) / 2
    return middle - half, middle + half
