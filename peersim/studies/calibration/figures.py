"""A calibration: how the model meets what was observed, what was learned of each parameter, and how
well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from peersim import __version__
from peersim.kernel.catalogue import language, say
from peersim.kernel.numbers import written
from peersim.presentation.figures import Plot
from peersim.presentation.figures.kit import estimate, number_axis, open_sheet
from peersim.presentation.figures.parameters import margins, separate
from peersim.presentation.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    INK,
    QUIET,
    SMALLEST,
    VERMILION,
)
from peersim.studies.calibration.sentences import GUESSED
from peersim.studies.calibration.tables import HIT, LEARNED, MISSED, SOMEWHAT, UNKNOWN, WITHIN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

ROW = 0.27
FARTHEST = 6.0
COLOURS = {HIT: BLUE, MISSED: VERMILION, LEARNED: BLUE, SOMEWHAT: GREEN, UNKNOWN: GREY}
RING: Any = {"mfc": "none", "mec": INK, "ms": 7, "mew": 1}


def figures(found: Found) -> Iterator[Plot]:
    """Give every figure."""
    yield Plot("targets", "targets", lambda: targets(found))
    yield Plot("shrinkage", "parameters", lambda: shrinkage(found))
    yield Plot("recovery", "recovery", lambda: recovery(found))


def _open(name: str, rows: Sequence[str], finding: str = "finding", **values: Any) -> Axes:
    """Open a figure with one named row for each target or parameter."""
    words, known = f"calibration.figures.{name}", {**values, "version": __version__, "name": name}
    height = 1.9 + ROW * len(rows)
    figure = open_sheet(height, words, "calibration.figures.footer", known, finding)
    axes = figure.subplots(gridspec_kw=margins(figure, 0.95, 0.85, left=3.9))
    axes.set_yticks(range(len(rows)), rows, fontsize=SMALLEST)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    separate(axes, len(rows))
    return axes


def _range(axes: Axes, place: int, numbers: Sequence[float], default: float, verdict: str) -> None:
    """Draw where the plausible sets lie, and the default as a ring."""
    middle, low, high = numbers
    look = {"color": COLOURS[verdict], "marker": "o", "ms": 5, "lw": 3, "alpha": 0.55}
    estimate(axes, place, (middle, low, high), look)
    axes.plot(default, place, "o", **RING)


def targets(found: Found) -> Figure:
    """Draw simulated less observed, in standard deviations: plausible sets as a line, the defaults
    as a ring.
    """
    rows = found.tables["targets"].to_dicts()
    names = [f"{_target(row)}  ({row['evidence']})" for row in rows]
    hit = sum(row["verdict"] == HIT for row in rows)
    axes = _open("targets", names, hit=hit, targets=len(rows))
    axes.axvspan(-WITHIN, WITHIN, color=FAINT, alpha=0.6, lw=0, zorder=-1)
    axes.axvline(0, color=QUIET, lw=1)
    for place, row in enumerate(rows):
        *numbers, default = (
            _in_deviations(row, row[name]) for name in ("median", "low", "high", "default")
        )
        _range(axes, place, numbers, default, row["verdict"])
    axes.set_xlim(-FARTHEST - 0.3, FARTHEST + 0.3)
    axes.set_xlabel(say("calibration.figures.targets.x"), fontsize=8)
    return axes.get_figure()  # type: ignore[return-value]


def _target(row: Mapping[str, Any]) -> str:
    """What was observed, and whether it is a bound."""
    name = say(f"calibration.targets.{row['target']}")
    return (
        name if row["sense"] == "value" else f"{name}, {say(f'calibration.sense.{row["sense"]}')}"
    )


def _in_deviations(row: Mapping[str, Any], value: float) -> float:
    width = (row["error"] ** 2 + row["discrepancy"] ** 2) ** 0.5
    return max(-FARTHEST, min(FARTHEST, float((value - row["observed"]) / width)))


def shrinkage(found: Found) -> Figure:
    """Draw for each parameter where the plausible sets lie between its bounds."""
    rows = found.tables["shrinkage"].sort("shrinkage", descending=True).to_dicts()
    names = [
        f"{r['parameter']}  ({say(f'calibration.learned.expected.{r["verdict"]}')})" for r in rows
    ]
    of = {
        key: sum(row["verdict"] == verdict for row in rows)
        for key, verdict in (("learned", LEARNED), ("unknown", UNKNOWN))
    }
    axes = _open("shrinkage", names, parameters=len(rows), **of)
    for place, row in enumerate(rows):
        numbers = [row[f"{name}_place"] for name in ("median", "low", "high")]
        _range(axes, place, numbers, row["default_place"], row["verdict"])
    axes.set_xlim(-0.02, 1.02)
    ticks = [say(f"calibration.figures.shrinkage.{end}") for end in ("lowest", "middle", "highest")]
    axes.set_xticks([0, 0.5, 1], ticks)
    return axes.get_figure()  # type: ignore[return-value]


def recovery(found: Found) -> Figure:
    """Draw how much nearer to a known value the calibration comes than a guess at the middle of the
    bounds.
    """
    rows = found.tables["recovery"].sort("better", descending=True).to_dicts()
    better = sum(row["better"] > GUESSED for row in rows)
    about = {"better": better, "parameters": len(rows), "known": rows[0]["known"]}
    axes = _open("recovery", [row["parameter"] for row in rows], **about)
    axes.axvline(0, color=QUIET, lw=1)
    at_edge: Any = {"fontsize": SMALLEST, "color": QUIET, "ha": "right", "va": "center"}
    for place, row in enumerate(rows):
        colour = BLUE if row["better"] > 0 else GREY
        axes.barh(place, max(-0.5, row["better"]), height=0.35, color=colour)
        axes.text(1.08, place, written(row["coverage"], "%0", language()), **at_edge)
    axes.set_xlim(-0.52, 1.1)
    number_axis(axes, "x", "%")
    return axes.get_figure()  # type: ignore[return-value]
