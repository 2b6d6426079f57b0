"""What figures are put together from: the sheet with its finding and its question, lines with a
band, estimates with their interval, and keys to the signs.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.kernel.catalogue import language, say
from peersim.kernel.numbers import written
from peersim.presentation.figures.layout import fit
from peersim.presentation.figures.style import PAPER, QUIET, SMALLEST, WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PILES, DOT, DOTTED = 24, 5.0, 3.0
"""Piles of dots for which there is room beside each other, points across a dot, and inches of a
narrow sheet that dots may take.
"""


def open_sheet(
    height: float, words: str, footer: str, values: Mapping[str, Any], finding: str = "title"
) -> Figure:
    """Open a figure: what was found on top, the question below it, what it rests on at the foot.

    Parameters
    ----------
    height : float
        In inches.
    words : str
        Where its words stand in the catalogue: ``sub``, and `finding` or ``title``.
    footer : str
        Key of the line at the foot.
    values : mapping
        What stands in the blanks.
    finding : str
        Key of the title below `words`.
    """
    from peersim.presentation.figures.notebook import Sheet

    figure, top = Sheet(figsize=(WIDTH, height), facecolor=PAPER), 0.12 / height
    lines: tuple[tuple[str, float, dict[str, Any]], ...] = (
        (f"{words}.{finding}", 1 - top, {"fontsize": 14, "fontweight": "bold", "va": "top"}),
        (f"{words}.sub", 1 - 3.5 * top, {"fontsize": 9, "color": QUIET, "va": "top"}),
        (footer, 0.08 / height, {"fontsize": SMALLEST, "color": QUIET, "va": "bottom"}),
    )
    for key, place, look in lines:
        fit(figure.text(0.012, place, say(key, **values), **look), 0.976 * WIDTH)
    return figure


def number_axis(axes: Axes, which: str, form: str, least: float = 0.0) -> None:
    """Write the numbers of an axis in a format of `peersim.kernel.numbers`.

    Parameters
    ----------
    axes : Axes
        On which everything is drawn already.
    which : {"x", "y"}
    form : str
        ``0`` is for what is counted: there are no numbers between whole ones. Shares (``%``) have
        as many decimals as tell neighbouring ones apart.
    least : float
        Length of the axis at the least, so that it does not magnify differences that mean nothing.
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis, speaks = getattr(axes, f"{which}axis"), language()
    low, high = axis.get_view_interval()
    if (more := (least - (high - low)) / 2) > 0:
        low = low - more if low < 0 else max(0.0, low - more)
        getattr(axes, f"set_{which}lim")(low, low + least)
    if form == "0" and isinstance(axis.get_major_locator(), MaxNLocator):
        axis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))

    def write(value: float, _: int | None) -> str:
        decimals = _decimals_of_shares(axis.get_majorticklocs()) if form == "%" else ""
        return written(value, f"{form}{decimals}", speaks)

    axis.set_major_formatter(FuncFormatter(write))


def _decimals_of_shares(values: Iterable[float]) -> int:
    """How many decimals it takes to write each of some shares in per cent.

    >>> _decimals_of_shares([0, 0.2, 0.4]), _decimals_of_shares([0, 0.025, 0.05])
    (0, 1)
    """
    return max(min(3, _needed(round(100 * float(value), 6))) for value in values)


def _needed(value: float) -> int:
    return len(f"{value:.6f}".rstrip("0").partition(".")[2])


def week_axis(axes: Axes, last: int) -> None:
    """Set few whole weeks along an axis: quarters of a year where there are two or more."""
    steps = (13, 26, 52, 104, 260, 520) if last >= 26 else (1, 2, 3, 4, 5, 6)
    step = next((step for step in steps if last <= 5 * step), last)
    axes.set_xticks(range(0, last + 1, max(1, step)))


def panels(figure: Figure, count: int, across: int, room: dict[str, Any]) -> list[Axes]:
    """Part a figure into so many panels, so many beside each other, with no empty one at the
    end.
    """
    every = figure.subplots(-(-count // across), across, squeeze=False, gridspec_kw=room).ravel()
    for axes in every[count:]:
        axes.remove()
    return list(every[:count])


def line_with_band(
    axes: Axes, x: Any, middle: Any, band: tuple[Any, Any] | None, look: Mapping[str, Any]
) -> None:
    """Draw a line with its points, and the band around it."""
    axes.plot(x, middle, ms=4, **look)
    if band is not None:
        axes.fill_between(x, *band, color=look["color"], alpha=0.15, lw=0)


def key_to_signs(
    figure: Figure | Axes, signs: Sequence[tuple[str, Mapping[str, Any]]], **place: Any
) -> None:
    """Say at the foot of a figure what its signs mean: label, and how the sign is drawn."""
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], **{"ls": "none", **look}, label=label) for label, look in signs]
    usual = {"loc": "lower left", "bbox_to_anchor": (0.01, 0.04), "ncol": 3, "handletextpad": 0.3}
    figure.legend(handles=handles, **{**usual, **place})


def estimate(
    axes: Axes,
    place: float,
    numbers: Sequence[float],
    look: Mapping[str, Any],
    is_upright: bool = False,
) -> None:
    """Draw an estimate as a mark on its interval.

    Parameters
    ----------
    axes : Axes
    place : float
        Height at which it lies, or where it stands if it `is_upright`.
    numbers : sequence of float
        Estimate, and the two ends of its interval.
    look : mapping
        Of the mark; ``lw`` and ``alpha`` are those of the interval.
    is_upright : bool
    """
    middle, *ends = numbers
    mark = {"mec": PAPER, "mew": 0.8, **look, "ls": "none", "zorder": 3, "alpha": 1}
    line = {"lw": 2, **look, "marker": "", "solid_capstyle": "butt"}
    for values, how in ((ends, line), ([middle], mark)):
        where = [place] * len(values)
        axes.plot(*((where, values) if is_upright else (values, where)), **how)


class Dots(NamedTuple):
    """How dots are piled up: what lies in one pile, in the unit of the axis, how many stand beside
    each other in it, and how far apart they are, in that unit.
    """

    step: float
    beside: int
    apart: float


def piles_for(axes: Axes, values: Sequence[float], least: float = 0.0) -> Dots:
    """Set an axis for dots, zero among them, and say how they are piled up.

    Parameters
    ----------
    axes : Axes
        In their place; its horizontal limits are set.
    values : sequence of float
        All that is to be drawn. Where they come in steps, as counts of people do, a pile is of
        whole ones.
    least : float
        Length of the axis at the least.
    """
    low, high = min(*values, 0.0), max(*values, 0.0)
    more = max(0.0, least - (high - low)) / 2
    low, high = low - more, high + more
    step = step_of(values, high - low)
    low, high = low - max(step, 0.06 * (high - low)), high + max(step, 0.06 * (high - low))
    axes.set_xlim(low, high)
    room = 72 * min(DOTTED, axes.get_window_extent().width / axes.figure.dpi)
    beside = max(1, int(0.9 * room * step / (high - low) / (DOT + 1)))
    return Dots(step, beside, 0.9 * step / beside)


def dotplot(
    axes: Axes,
    values: Sequence[float],
    how: Dots,
    looks: Mapping[int, Any],
    base: tuple[float, float] = (0.0, 1.0),
) -> int:
    """Pile up dots, one for as many years as any other: what can be counted is read rightly by
    those who know no statistics (Kay et al. 2016; Fernandes et al. 2018). There is no mean.

    Parameters
    ----------
    axes : Axes
    values : sequence of float
        A dot each.
    how : Dots
    looks : mapping
        How dots below zero (-1), at zero (0) and above it (1) are drawn.
    base : (float, float)
        Height of the lowest dots, and from one to the next.

    Returns
    -------
    int
        How many lie above each other at the most.
    """
    floor, up = base
    piles = Counter(round(value / how.step) for value in values)
    for pile, count in piles.items():
        last = min(count, how.beside) - 1
        across = [pile * how.step + how.apart * (n % how.beside - last / 2) for n in range(count)]
        heights = [floor + up * (n // how.beside) for n in range(count)]
        look = {"ls": "none", "marker": "o", "mew": 0.9, "ms": DOT, "zorder": 3}
        axes.plot(across, heights, **{**look, **looks[(pile > 0) - (pile < 0)]})
    return max((-(-count // how.beside) for count in piles.values()), default=0)


def step_of(values: Sequence[float], reach: float) -> float:
    """Give the width of a pile of dots: a whole number of the steps in which values come.

    >>> step_of([0.0, 1.0, 3.0], 4.0), step_of([0.0, 1.0, 3.0], 100.0)
    (1.0, 4.0)
    """
    wished = max(reach, 1e-9) / PILES
    apart = sorted({round(value, 9) for value in values})
    steps = [later - sooner for sooner, later in itertools.pairwise(apart)]
    least = min(steps, default=wished)
    return least * max(1, round(wished / least))


def coloured_cells(axes: Axes, values: Any, colours: Mapping[str, Any]) -> None:
    """Colour a table of cells, the first row at the top, without lines or ticks.

    Parameters
    ----------
    axes : Axes
    values : array, shape (rows, columns)
    colours : mapping
        ``cmap``, ``vmin``, ``vmax``; ``alpha``.
    """
    rows, columns = values.shape
    across, down = ([n - 0.5 for n in range(count + 1)] for count in (columns, rows))
    axes.pcolormesh(across, down, values, **colours)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def name_rows(axes: Axes, names: Sequence[str], **look: Any) -> None:
    """Write what each row is, the first at the top."""
    axes.set_yticks(range(len(names)), names, **look)
    axes.set_ylim(len(names) - 0.45, -0.55)
    axes.tick_params(axis="y", length=0)
