"""All mixes of the four types: what each gives, what must be weighed, and whom each leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from peersim.presentation.figures import Drawing, drawn
from peersim.presentation.figures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PAPER,
    VERMILION,
    inches,
    sheet,
)
from peersim.scenario.typology import EQUAL_COST, EQUAL_HOURS

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHADES = {"best": BLUE, "too close to call": ORANGE, "worse": GREY}
SAYS = {
    "best": "best on average",
    "too close to call": "too close to the best to call",
    "worse": "less than the best",
}
SHORT = {EQUAL_HOURS: "at equal hours of supporters", EQUAL_COST: "at equal cost"}
THIRDS = ("low", "middle", "high")
TRAITS = {
    "social_anxiety": "social anxiety",
    "exclusion": "earlier exclusion",
    "stage": "stage of recovery",
}


class Asked(NamedTuple):
    """What the figures are drawn from."""

    tables: Mapping[str, pl.DataFrame]
    footer: str


def draw(
    tables: Mapping[str, pl.DataFrame], size: Mapping[str, int], version: str
) -> Iterator[Drawing]:
    """Draw every figure.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
    size : mapping
        ``sets`` of plausible parameters, and ``worlds`` with each.
    version : str
    """
    footer = f"{size['sets']} plausible sets of parameters, {size['worlds']} worlds with each. peersim {version}"
    asked = Asked(tables, footer)
    return drawn(lambda: questions(asked))


def questions(asked: Asked) -> Iterable[tuple[str, Figure]]:
    """Give each figure and its name."""
    yield "mixes_compared", compared(asked)
    yield "mixes_to_weigh", weighed(asked)
    yield "mixes_left_out", left_out(asked)
    yield "mixes_regretted", regretted(asked)


def compared(asked: Asked) -> Figure:
    """What each mix gives to everybody invited, with interval, best first."""
    import polars as pl

    mixes = asked.tables["mixes"].filter(pl.col("outcome") == "connectedness")
    bases = mixes["basis"].unique(maintain_order=True).to_list()
    figure = sheet(
        5.6,
        "Which mix of communities gives most?",
        "connectedness gained by everybody invited, against no programme; interval over parameters and chance",
        asked.footer,
    )
    axes = figure.subplots(1, len(bases), sharex=True)
    figure.subplots_adjust(**inches(figure, 2.45, 0.2, 1.1, 1.0), wspace=0.05)
    order = mixes.filter(pl.col("basis") == bases[0]).sort("gain")["design"].to_list()
    for place, (panel, basis) in enumerate(zip(np.atleast_1d(axes), bases, strict=True)):
        _dots(panel, mixes.filter(pl.col("basis") == basis), order, place == 0)
        panel.set_title(SHORT[basis], loc="left")
    _legend(figure)
    return figure


def _dots(axes: Axes, mixes: pl.DataFrame, order: list[str], is_named: bool) -> None:
    for row in mixes.iter_rows(named=True):
        y, shade = order.index(row["design"]), SHADES[row["verdict"]]
        axes.plot([row["gain_low"], row["gain_high"]], [y, y], color=shade, lw=2)
        axes.plot(row["gain"], y, "o", color=shade, mfc=shade if row["reached"] else PAPER)
    names = dict(zip(mixes["design"], mixes["label"], strict=True))
    axes.set_yticks(range(len(order)), [names[name] for name in order] if is_named else [])
    axes.axvline(0, color=INK, lw=0.8)
    axes.grid(axis="x")
    axes.set_xlabel("gain in connectedness (0 to 1)")


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], marker="o", ls="none", color=SHADES[key], label=SAYS[key]) for key in SHADES
    ]
    handles.append(
        Line2D([], [], marker="o", ls="none", color=INK, mfc=PAPER, label="cannot take as much")
    )
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.01, 0.035), ncols=4, handletextpad=0.2
    )


def weighed(asked: Asked) -> Figure:
    """What a mix gives on average against how many it leaves out."""
    import polars as pl

    mixes = asked.tables["mixes"]
    bases = mixes["basis"].unique(maintain_order=True).to_list()
    figure = sheet(
        5.2,
        "What must be weighed against what?",
        "up and to the left is better; coloured: no other mix is surely better in both",
        asked.footer,
    )
    axes = figure.subplots(1, len(bases), sharex=True, sharey=True)
    figure.subplots_adjust(**inches(figure, 0.75, 0.3, 1.1, 0.85), wspace=0.08)
    for panel, basis in zip(np.atleast_1d(axes), bases, strict=True):
        there = mixes.filter(pl.col("basis") == basis)
        wide = there.pivot("outcome", index=["design", "label", "front"], values="mean")
        _front(panel, wide)
        panel.set_title(SHORT[basis], loc="left")
        panel.set_xlabel("share of those invited who are never reached")
    np.atleast_1d(axes)[0].set_ylabel("connectedness at the end (0 to 1)")
    return figure


def _front(axes: Axes, mixes: pl.DataFrame) -> None:
    from matplotlib.ticker import PercentFormatter

    shown = mixes.sort("connectedness")
    for row in shown.iter_rows(named=True):
        shade = VERMILION if row["front"] else GREY
        axes.plot(
            row["never_reached"],
            row["connectedness"],
            "o",
            color=shade,
            ms=8 if row["front"] else 5,
        )
    named = shown.filter(shown["front"])
    heights = _apart(
        named["connectedness"].to_numpy(), 0.045 * float(np.ptp(shown["connectedness"].to_numpy()))
    )
    for row, height in zip(named.iter_rows(named=True), heights, strict=True):
        dot, name = (
            (row["never_reached"], row["connectedness"]),
            (row["never_reached"] + 0.06, height),
        )
        axes.annotate(
            row["label"],
            dot,
            name,
            fontsize=7.5,
            va="center",
            arrowprops={"arrowstyle": "-", "color": GREY},
        )
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, 0))
    axes.margins(x=0.25)
    axes.grid()


def _apart(heights: np.ndarray, gap: float) -> np.ndarray:
    """Heights in ascending order, moved apart so that names beside them do not overlap, about the
    same middle.

    >>> _apart(np.array([0.0, 0.5, 5.0]), 1.0).round(2).tolist()
    [-0.17, 0.83, 4.83]
    """
    found = heights.astype(float)
    for place in range(1, len(found)):
        found[place] = max(found[place], found[place - 1] + gap)
    return found - (found - heights).mean() if len(found) else found


def regretted(asked: Asked) -> Figure:
    """What choosing each mix costs where another is better, over the sets of parameters, and how
    often it is best.
    """
    import polars as pl

    regret = asked.tables["regret"].filter(pl.col("outcome") == "connectedness")
    bases = regret["basis"].unique(maintain_order=True).to_list()
    names = dict(regret.select("design", "label").iter_rows())
    order = (
        regret.filter(pl.col("basis") == bases[0])
        .sort("regret", descending=True)["design"]
        .to_list()
    )
    figure = sheet(
        5.6,
        "What does a wrong choice cost?",
        "connectedness lost against the best mix of each set of parameters: mean, and nine sets in ten; "
        "at the right: in how many sets it is the best",
        asked.footer,
    )
    axes = figure.subplots(1, len(bases), sharex=True)
    figure.subplots_adjust(**inches(figure, 2.45, 0.5, 1.1, 0.75), wspace=0.14)
    for place, (panel, basis) in enumerate(zip(np.atleast_1d(axes), bases, strict=True)):
        for row in regret.filter(pl.col("basis") == basis).iter_rows(named=True):
            y = order.index(row["design"])
            panel.plot([row["regret_low"], row["regret_high"]], [y, y], color=GREY, lw=2)
            panel.plot(row["regret"], y, "o", color=BLUE)
            share = f"{row['best_share']:.0%}"
            panel.text(
                1.02, y, share, fontsize=7.5, va="center", transform=panel.get_yaxis_transform()
            )
        panel.set_yticks(range(len(order)), [names[name] for name in order] if place == 0 else [])
        panel.axvline(0, color=INK, lw=0.8)
        panel.grid(axis="x")
        panel.set_title(SHORT[basis], loc="left")
        panel.set_xlabel("regret in connectedness (0 to 1)")
    return figure


def left_out(asked: Asked) -> Figure:
    """How many of those low and high on each trait are never reached."""
    import polars as pl

    reach = asked.tables["left_out"]
    basis = reach["basis"].unique(maintain_order=True).to_list()[0]
    there = reach.filter(
        (pl.col("basis") == basis)
        & (pl.col("outcome") == "never_reached")
        & (pl.col("design") != "no_programme")
    )
    names = dict(asked.tables["mixes"].select("design", "label").iter_rows())
    order = (
        there.group_by("design")
        .agg(pl.col("mean").mean())
        .sort("mean", descending=True)["design"]
        .to_list()
    )
    figure = sheet(
        5.8,
        "Whom does each mix leave out?",
        f"share never reached of those low, in the middle and high on a trait, {SHORT[basis]}",
        asked.footer,
    )
    axes = figure.subplots(1, len(TRAITS), sharey=True)
    figure.subplots_adjust(**inches(figure, 2.45, 0.2, 1.1, 0.5), wspace=0.06)
    for panel, (trait, said) in zip(axes, TRAITS.items(), strict=True):
        cells = there.filter(pl.col("trait") == trait).pivot("third", index="design", values="mean")
        by_design = {
            row["design"]: [row[third] for third in THIRDS] for row in cells.iter_rows(named=True)
        }
        _cells(panel, np.array([by_design[name] for name in order]))
        panel.set_title(said, loc="left")
        panel.set_xticks(range(len(THIRDS)), THIRDS)
    axes[0].set_yticks(range(len(order)), [names[name] for name in order])
    return figure


def _cells(axes: Axes, shares: np.ndarray) -> None:
    axes.imshow(shares, cmap="Oranges", vmin=0, vmax=1, aspect="auto")
    for (y, x), share in np.ndenumerate(shares):
        axes.text(
            x,
            y,
            f"{share:.0%}",
            ha="center",
            va="center",
            fontsize=7.5,
            color=PAPER if share > 0.6 else INK,
        )
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
