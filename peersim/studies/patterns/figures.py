"""The scoreboard: which patterns hold in which model, and how large their effects are."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from peersim.presentation.figures import Drawing, drawn
from peersim.presentation.figures.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    PAPER,
    QUIET,
    SKY,
    VERMILION,
    inches,
    sheet,
)

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.27
"""Height of a pattern's row, in inches."""


class Look(NamedTuple):
    """How a verdict is drawn: colour of the cell, sign in it, colour of the sign."""

    shade: str
    sign: str
    ink: str


LOOKS = {
    "holds": Look(BLUE, "+", PAPER),
    "undecided": Look(FAINT, "?", INK),
    "fails": Look("#F5CE8C", "o", INK),
    "reversed": Look(VERMILION, "−", PAPER),
    "does not arise": Look(PAPER, "·", QUIET),
    "says nothing": Look(PAPER, "×", QUIET),
}


class Asked(NamedTuple):
    """What the figures are drawn from."""

    tables: Mapping[str, pl.DataFrame]
    footer: str


def draw(tables: Mapping[str, pl.DataFrame], said: str, version: str) -> Iterator[Drawing]:
    """Draw every figure.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
        ``patterns``, ``scoreboard`` and ``models``.
    said : str
        What was run.
    version : str
    """
    asked = Asked(tables, f"{said} peersim {version}")
    return drawn(lambda: questions(asked))


def questions(asked: Asked) -> Iterable[tuple[str, Figure]]:
    """Give each figure and its name."""
    yield "patterns_by_model", by_model(asked)
    yield "patterns_effects", effects(asked)


# -- patterns x models ---------------------------------------------------------------------------


def by_model(asked: Asked) -> Figure:
    """Which pattern holds on which rung of the ladder, and in which null model."""
    patterns, models = asked.tables["patterns"], asked.tables["models"]
    figure = sheet(
        ROW * patterns.height + 3.05,
        "Which pattern takes which mechanism?",
        "left: rungs of the ladder, each with one mechanism more; right: the full model without one (* built in)",
        asked.footer,
    )
    axes = figure.subplots()
    figure.subplots_adjust(**inches(figure, 4.45, 0.75, 2.15, 0.75))
    columns = _columns(models)
    verdicts = {
        (row["pattern"], row["model"]): row["verdict"]
        for row in asked.tables["scoreboard"].to_dicts()
    }
    for y, key in enumerate(patterns["pattern"]):
        for x, (model, _) in columns.items():
            _cell(axes, x, y, LOOKS[verdicts[key, model]])
    axes.set_xlim(-0.55, max(columns) + 0.55)
    axes.set_ylim(patterns.height - 0.45, -0.55)
    axes.xaxis.tick_top()
    axes.set_xticks(
        list(columns),
        [label for _, label in columns.values()],
        rotation=45,
        ha="left",
        fontsize=7.5,
    )
    _names(axes, patterns)
    _bare(axes)
    _legend(figure)
    return figure


def _columns(models: pl.DataFrame) -> dict[float, tuple[str, str]]:
    """Where each model stands: the ladder, a gap, the null models."""
    found: dict[float, tuple[str, str]] = {}
    said = {"no_contagion": "+ strain (= no contagion)", "full": "+ contagion (= full model)"}
    for row in models.iter_rows(named=True):
        gap = 0.0 if row["rung"] is not None else 0.5
        found[len(found) + gap] = row["model"], said.get(row["model"], row["label"])
    return found


def _cell(axes: Axes, x: float, y: float, look: Look) -> None:
    from matplotlib.patches import Rectangle

    edge = FAINT if look.shade == PAPER else PAPER
    axes.add_patch(
        Rectangle((x - 0.47, y - 0.46), 0.94, 0.92, facecolor=look.shade, edgecolor=edge, lw=0.6)
    )
    axes.text(
        x, y, look.sign, color=look.ink, ha="center", va="center", fontsize=8.5, fontweight="bold"
    )


def _names(axes: Axes, patterns: pl.DataFrame) -> None:
    names = []
    for row in patterns.iter_rows(named=True):
        star = "*" if row["kind"] == "built in" else ""
        names.append(textwrap.fill(f"{row['pattern']}{star}  {row['claim']}", 74))
    axes.set_yticks(range(patterns.height), names, fontsize=6.2, linespacing=0.95)


def _bare(axes: Axes) -> None:
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def _legend(figure: Figure) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(facecolor=look.shade, edgecolor=QUIET, lw=0.5, label=f"{look.sign} {verdict}")
        for verdict, look in LOOKS.items()
    ]
    height = figure.get_size_inches()[1]
    figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.01, 0.25 / height),
        ncols=6,
        columnspacing=1.2,
        handlelength=1.2,
    )


# -- effects -------------------------------------------------------------------------------------


def effects(asked: Asked) -> Figure:
    """How large each effect is in the full model, against the smallest worth naming."""
    import polars as pl

    full = asked.tables["scoreboard"].filter(pl.col("model") == "full").drop("verdict", "unit")
    rows = full.join(asked.tables["patterns"], on="pattern", maintain_order="left").to_dicts()
    figure = sheet(
        ROW * len(rows) + 2.0,
        "How large are the effects, in the full model?",
        "times the smallest effect worth naming, as expected to the right; where a range is expected, it is −1 to 1",
        asked.footer,
    )
    axes = figure.subplots()
    figure.subplots_adjust(**inches(figure, 4.55, 0.75, 0.85, 1.0))
    for y, row in enumerate(rows):
        _effect(axes, y, row)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xscale("symlog", linthresh=1.0)
    _names(axes, asked.tables["patterns"])
    _scale(axes)
    _key(figure)
    return figure


def _effect(axes: Axes, y: int, row: Mapping[str, Any]) -> None:
    middle, low, high = (in_worths(row[name], row) for name in ("effect", "low", "high"))
    shade = {"holds": BLUE, "fails": ORANGE, "reversed": VERMILION}.get(row["verdict"], GREY)
    if row["direction"] == "within":
        axes.plot([-1, 1], [y, y], color=SKY, lw=7, alpha=0.35, solid_capstyle="butt")
    if not np.isfinite(middle):
        axes.text(0, y, "does not arise", fontsize=6.5, va="center", color=QUIET)
        return
    if np.isfinite(low):
        axes.plot([low, high], [y, y], color=shade, lw=1.8)
    axes.plot(
        middle,
        y,
        "o" if row["kind"] == "emergent" else "s",
        color=shade,
        ms=4.5,
        mfc=_fill(row, shade),
    )
    if np.isfinite(row["share"]):
        axes.text(
            1.01,
            y,
            f"{row['share']:.0%}",
            transform=axes.get_yaxis_transform(),
            fontsize=6.5,
            va="center",
        )


def in_worths(value: float, row: Mapping[str, Any]) -> float:
    """An effect in units of the smallest worth naming, to the expected side; or its place in the
    expected range.

    >>> in_worths(-0.1, {"direction": "below", "worth": 0.05})
    2.0
    >>> in_worths(3.0, {"direction": "within", "lowest": 1.0, "highest": 3.0})
    1.0
    """
    if row["direction"] == "within":
        middle, half = (row["lowest"] + row["highest"]) / 2, (row["highest"] - row["lowest"]) / 2
        return float((value - middle) / half)
    return float(value / row["worth"] * (1 if row["direction"] == "above" else -1))


def _fill(row: Mapping[str, Any], shade: str) -> str:
    return shade if row["verdict"] == "holds" else PAPER


def _scale(axes: Axes) -> None:
    from matplotlib.ticker import FuncFormatter

    axes.axvline(0, color=INK, lw=0.8)
    axes.axvline(1, color=QUIET, lw=0.8, ls=(0, (2, 2)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", "−")))
    axes.grid(axis="both")
    axes.set_axisbelow(True)
    axes.set_xlabel("effect, times the smallest worth naming (dashed)")
    axes.text(
        1.01,
        1.0,
        "share\nof sets",
        transform=axes.transAxes,
        fontsize=6.5,
        color=QUIET,
        va="bottom",
    )


def _key(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    shown = {"holds": BLUE, "fails": ORANGE, "reversed": VERMILION, "undecided": GREY}
    handles = [
        Line2D(
            [],
            [],
            marker="o",
            color=shade,
            mfc=shade if verdict == "holds" else PAPER,
            label=verdict,
        )
        for verdict, shade in shown.items()
    ]
    handles += [
        Line2D([], [], marker=marker, ls="none", color=INK, label=kind)
        for kind, marker in (("emergent", "o"), ("built in", "s"))
    ]
    height = figure.get_size_inches()[1]
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.01, 0.25 / height), ncols=6)
