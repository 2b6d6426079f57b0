"""How outcomes develop week by week, in one run or in many, as `plot` draws them from Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim import __version__
from peersim.kernel.catalogue import say
from peersim.model.outcomes import NAMES
from peersim.presentation.figures.kit import number_axis, open_sheet, panels, week_axis
from peersim.presentation.figures.layout import drawing, stamped
from peersim.presentation.figures.style import BLUE, FAINT, QUIET, inches
from peersim.presentation.outcomes import named, scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

USUAL = ("connectedness", "isolated", "retained", "never_reached", "strain", "supporter_hours")
"""Outcomes that are drawn if none are named."""

ACROSS = 3
PANEL = 2.1
BAND = (0.05, 0.95)


@drawing
def courses(
    values: np.ndarray, names: Sequence[str], facts: Mapping[str, Any], banners: Sequence[Any] = ()
) -> Figure:
    """Draw a panel an outcome: the run, or the mean over the runs and the band of nine in ten.

    Parameters
    ----------
    values : float array, run x week x outcome
        NaN where an outcome is not defined.
    names : sequence of str
        Outcomes to be drawn.
    facts : mapping
        ``n`` runs, ``first`` and ``last`` seed.
    banners : sequence of Sentence
        What must be said of the runs.
    """
    words = "plots.run" if len(values) == 1 else "plots.ensemble"
    across = min(ACROSS, len(names))
    height = PANEL * -(-len(names) // across) + 1.6
    figure = open_sheet(height, words, f"{words}.footer", {"version": __version__, **facts})
    room = inches(figure, 0.7, 0.25, 1.15, 0.75) | {"hspace": 0.62, "wspace": 0.3}
    for axes, name in zip(panels(figure, len(names), across, room), names, strict=True):
        course = values[:, :, NAMES.index(name)]
        axes.set_title(named(name), loc="left", fontweight="bold", fontsize=9)
        axes.set_xlabel(say("plots.week"))
        axes.set_xlim(0, max(1, course.shape[1] - 1))
        week_axis(axes, course.shape[1] - 1)
        _course(axes, course * scale(name))
    return stamped(figure, banners)


def _course(axes: Axes, runs: np.ndarray) -> None:
    """Draw an outcome of some runs, or say that it is not defined."""
    weeks = np.flatnonzero(np.isfinite(runs).any(axis=0))
    if not len(weeks):
        axes.set_yticks([])
        middle: dict[str, Any] = {
            "transform": axes.transAxes,
            "ha": "center",
            "va": "center",
            "color": QUIET,
        }
        axes.text(0.5, 0.5, say("plots.undefined"), **middle)
        return
    known = [each[np.isfinite(each)] for each in runs[:, weeks].T]
    axes.plot(weeks, [each.mean() for each in known], color=BLUE, lw=1.6)
    if len(runs) > 1:
        low, high = np.transpose([np.quantile(each, BAND) for each in known])
        axes.fill_between(weeks, low, high, color=BLUE, alpha=0.15, lw=0)
    axes.grid(axis="y", color=FAINT)
    axes.set_axisbelow(True)
    number_axis(axes, "y", "g")
