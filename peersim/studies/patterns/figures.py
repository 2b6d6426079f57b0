"""The scoreboard: which patterns hold in which model, and how large their effects are."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from peersim import __version__
from peersim.kernel.catalogue import language, say
from peersim.kernel.numbers import written
from peersim.presentation.figures import Plot
from peersim.presentation.figures.kit import (
    estimate,
    key_to_signs,
    name_rows,
    number_axis,
    open_sheet,
)
from peersim.presentation.figures.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    PAPER,
    QUIET,
    SAND,
    SKY,
    SMALLEST,
    VERMILION,
    inches,
)
from peersim.studies.patterns.ablations import LADDER, MODELS, NO_CONTAGION, WHOLE
from peersim.studies.patterns.exhibits import MARKS, MECHANISM, claim, in_whole
from peersim.studies.patterns.judgement import ABSENT, NEEDS, REVERSED, SILENT, UNDECIDED
from peersim.studies.patterns.pattern import BUILT_IN, EMERGENT, FAILS, HOLDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

ROW = 0.3
"""Height of a pattern's row, in inches."""


LETTERS = 74
"""Letters of a pattern's name for which there is room."""


class Look(NamedTuple):
    """How a verdict is drawn: colour of the cell, colour of the sign in it."""

    shade: str
    ink: str


LOOKS = {
    HOLDS: Look(BLUE, PAPER),
    UNDECIDED: Look(FAINT, INK),
    FAILS: Look(SAND, INK),
    REVERSED: Look(VERMILION, PAPER),
    ABSENT: Look(PAPER, QUIET),
    SILENT: Look(PAPER, QUIET),
}
SHADES = {HOLDS: BLUE, FAILS: ORANGE, REVERSED: VERMILION, UNDECIDED: GREY}
SIGNS = {EMERGENT: "o", BUILT_IN: "s"}


def figures(found: Found) -> Iterator[Plot]:
    """Give every figure."""
    yield Plot("patterns_by_model", "matrix", lambda: by_model(found))
    yield Plot("patterns_effects", "effects", lambda: effects(found))


def _open(found: Found, height: float, name: str, finding: str, **values: Any) -> Figure:
    known = {**found.facts, "version": __version__, **values}
    words = f"patterns.figures.{name}"
    return open_sheet(height, words, "patterns.figures.footer", known, finding)


def _say(key: str) -> str:
    return say(f"patterns.figures.{key}")


# -- patterns x models ----------------------------------------------------------------------------
def by_model(found: Found) -> Figure:
    """Which pattern holds on which rung of the ladder, and in which null model."""
    patterns = found.tables["patterns"]
    finding, known = most_needed(found.tables["needs"])
    figure = _open(found, ROW * patterns.height + 3.05, "by_model", finding, **known)
    axes = figure.subplots()
    figure.subplots_adjust(**inches(figure, 4.45, 0.75, 2.15, 0.75))
    verdicts = {
        (row["pattern"], row["model"]): row["verdict"]
        for row in found.tables["scoreboard"].iter_rows(named=True)
    }
    columns = _columns()
    for y, key in enumerate(patterns["pattern"]):
        for model, x in columns.items():
            _cell(axes, x, y, verdicts[key, model])
    axes.set_xlim(-0.55, max(columns.values()) + 0.55)
    _names(axes, patterns.to_dicts())
    axes.xaxis.tick_top()
    look: dict[str, Any] = {"rotation": 45, "ha": "left", "fontsize": 7.5}
    axes.set_xticks(list(columns.values()), [_label(model) for model in columns], **look)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    _marks(figure)
    return figure


def most_needed(needs: pl.DataFrame) -> tuple[str, dict[str, Any]]:
    """The mechanism that most patterns need, and how many do."""
    needed = needs.filter(role=NEEDS)["model"].to_list()
    model = max(MECHANISM, key=needed.count)
    known = {"mechanism": MECHANISM[model].word("name"), "n": needed.count(model)}
    return ("finding" if needed else "title"), known


def _columns() -> dict[str, float]:
    """Where each model stands: the ladder, a gap, the null models."""
    return {
        model.key: place + (0.0 if model in LADDER else 0.5) for place, model in enumerate(MODELS)
    }


def _label(model: str) -> str:
    both = model in (NO_CONTAGION.key, WHOLE.key)  # rungs that have a name of their own as well
    return _say(f"by_model.{model}") if both else say(f"patterns.models.{model}")


def _cell(axes: Axes, x: float, y: float, verdict: str) -> None:
    from matplotlib.patches import Rectangle

    look = LOOKS[verdict]
    paint: dict[str, Any] = {"fc": look.shade, "ec": FAINT if look.shade == PAPER else PAPER}
    axes.add_patch(Rectangle((x - 0.47, y - 0.46), 0.94, 0.92, lw=0.6, **paint))
    place: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8.5}
    axes.text(x, y, MARKS[verdict], color=look.ink, fontweight="bold", **place)


def _names(axes: Axes, rows: list[dict[str, Any]]) -> None:
    def name(row: Mapping[str, Any]) -> str:
        star = "*" if row["kind"] == BUILT_IN else ""
        return textwrap.fill(f"{row['pattern']}{star}  {claim(row['pattern'])}", LETTERS)

    name_rows(axes, [name(row) for row in rows], fontsize=SMALLEST, linespacing=0.95)


def _marks(figure: Figure) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(
            facecolor=look.shade,
            edgecolor=QUIET,
            lw=0.5,
            label=f"{MARKS[verdict]} {say(f'patterns.verdicts.{verdict}')}",
        )
        for verdict, look in LOOKS.items()
    ]
    place: dict[str, Any] = {"loc": "lower left", "columnspacing": 1.2, "handlelength": 1.2}
    figure.legend(handles=handles, ncol=6, bbox_to_anchor=(0.01, _foot(figure)), **place)


def _foot(figure: Figure) -> float:
    return 0.25 / float(figure.get_size_inches()[1])


# -- effects --------------------------------------------------------------------------------------
def effects(found: Found) -> Figure:
    """How large each effect is in the full model, against the smallest worth naming."""
    rows = in_whole(found)
    holding = sum(row["verdict"] == HOLDS for row in rows)
    known = {"holding": holding, "n": len(rows)}
    figure = _open(found, ROW * len(rows) + 2.0, "effects", "finding", **known)
    axes = figure.subplots()
    figure.subplots_adjust(**inches(figure, 4.55, 0.75, 0.85, 1.0))
    for y, row in enumerate(rows):
        _effect(axes, y, row)
    axes.set_xscale("symlog", linthresh=1.0)
    _names(axes, rows)
    _scale(axes, has_sets=found.facts["sets"] > 1)
    words = "patterns.verdicts"
    signs: list[tuple[str, dict[str, Any]]] = [
        (
            say(f"{words}.{verdict}"),
            {"marker": "o", "ls": "-", "color": shade, "mfc": _fill(verdict, shade)},
        )
        for verdict, shade in SHADES.items()
    ]
    signs += [
        (say(f"patterns.kinds.{kind}"), {"marker": marker, "color": INK})
        for kind, marker in SIGNS.items()
    ]
    key_to_signs(figure, signs, bbox_to_anchor=(0.01, _foot(figure)), ncol=6)
    return figure


def _effect(axes: Axes, y: int, row: Mapping[str, Any]) -> None:
    if row["direction"] == "within":
        axes.plot([-1, 1], [y, y], color=SKY, lw=7, alpha=0.35, solid_capstyle="butt")
    small: dict[str, Any] = {"fontsize": SMALLEST, "va": "center"}
    if row["effect"] is None:
        axes.text(0, y, say(f"patterns.verdicts.{ABSENT}"), color=QUIET, **small)
        return
    shade = SHADES.get(row["verdict"], GREY)
    look = {"marker": SIGNS[row["kind"]], "ms": 4.5, "color": shade, "mec": shade, "lw": 1.8}
    numbers = [in_worths(row[name], row) for name in ("effect", "low", "high")]
    estimate(axes, y, numbers, {**look, "mfc": _fill(row["verdict"], shade)})
    if row["share"] is not None:
        beside = axes.get_yaxis_transform()
        axes.text(1.01, y, written(row["share"], "%", language()), transform=beside, **small)


def in_worths(value: float | None, row: Mapping[str, Any]) -> float:
    """An effect in units of the smallest worth naming, to the expected side; or its place in the
    expected range.

    >>> in_worths(-0.1, {"direction": "below", "worth": 0.05})
    2.0
    >>> in_worths(3.0, {"direction": "within", "lowest": 1.0, "highest": 3.0})
    1.0
    """
    if value is None:
        return math.nan
    if row["direction"] == "within":
        middle, half = (row["lowest"] + row["highest"]) / 2, (row["highest"] - row["lowest"]) / 2
        return float((value - middle) / half)
    return float(value / row["worth"] * (1 if row["direction"] == "above" else -1))


def _fill(verdict: str, shade: str) -> str:
    return shade if verdict == HOLDS else PAPER


def _scale(axes: Axes, has_sets: bool) -> None:
    axes.axvline(0, color=INK, lw=0.8)
    axes.axvline(1, color=QUIET, lw=0.8, ls=(0, (2, 2)))
    number_axis(axes, "x", "g")
    axes.grid(axis="both")
    axes.set_axisbelow(True)
    axes.set_xlabel(_say("effects.x"))
    if has_sets:
        look: dict[str, Any] = {"fontsize": SMALLEST, "color": QUIET, "va": "bottom"}
        axes.text(1.01, 1.0, _say("effects.share"), transform=axes.transAxes, **look)
