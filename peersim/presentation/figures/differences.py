"""What two designs differ in, as the `plot` of a comparison draws it from Python."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from peersim import __version__
from peersim.kernel.catalogue import say
from peersim.presentation.figures.kit import estimate, name_rows, open_sheet
from peersim.presentation.figures.layout import drawing, fit, stamped
from peersim.presentation.figures.style import BLUE, FAINT, GREY, QUIET, VERMILION, inches
from peersim.presentation.outcomes import interval, named, side

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW = 0.36
COLOURS = (VERMILION, BLUE)
"""Of what is better in the second design, and in the first."""


@drawing
def differences(
    rows: Sequence[Mapping[str, Any]],
    designs: Sequence[str],
    facts: Any,
    banners: Sequence[Any] = (),
) -> Figure:
    """Draw one row an outcome and week: the difference with its interval, and the verdict.

    Parameters
    ----------
    rows : sequence of mappings
        As `peersim.compare` gives them.
    designs : sequence of str
        The two names.
    facts : mapping
        ``n`` pairs, ``first`` and ``last`` seed.
    banners : sequence of Sentence
        What must be said of the designs.
    """
    a, b = (plain_text(textwrap.shorten(name, 30, placeholder="…")) for name in designs)
    known = {"a": a, "b": b, "version": __version__, **facts}
    figure = open_sheet(
        ROW * len(rows) + 1.9, "plots.differences", "plots.differences.footer", known
    )
    axes = figure.subplots(gridspec_kw=inches(figure, 2.7, 4.3, 1.2, 0.6))
    axes.axvline(0, color=QUIET, lw=1, zorder=1)
    axes.set_xlim(-1.1, 1.1)
    axes.set_xticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    for place, row in enumerate(rows):
        colours = {
            text: COLOURS[name == designs[0]] for text, name in side(row["outcome"], *designs)
        }
        colour = colours.get(row["verdict"], GREY)
        numbers = [row[name] for name in ("difference", "low", "high")]
        reach = max((abs(each) for each in numbers if math.isfinite(each)), default=0.0) or 1.0
        axes.axhline(place + 0.5, color=FAINT, lw=0.5, zorder=0)
        estimate(axes, place, [each / reach for each in numbers], {"marker": "o", "color": colour})
        said = f"{interval(row)}   {plain_text(row['verdict'])}"
        beside = axes.get_yaxis_transform()
        fit(axes.text(1.03, place, said, transform=beside, va="center", fontsize=8), 4.1)
    names = _names(rows)
    name_rows(axes, names, fontsize=9 if max(map(len, names)) < 34 else 7.5)
    return stamped(figure, banners)


def plain_text(words: str) -> str:
    """Words of the user's own, in which Matplotlib is not to look for formulas."""
    return words.replace("$", r"\$")


def _names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name the rows: by outcome, and by week where there are several."""
    if len({row["week"] for row in rows}) == 1:
        return [named(row["outcome"]) for row in rows]
    return [say("plots.in_week", name=named(row["outcome"]), week=row["week"]) for row in rows]
