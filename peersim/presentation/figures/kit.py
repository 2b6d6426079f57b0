"""What figures are put together from: the sheet with its finding and its question, lines with a
band, estimates with their interval, and keys to the signs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import language, say
from peersim.kernel.numbers import written
from peersim.presentation.figures.style import PAPER, sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


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
    title, sub = say(f"{words}.{finding}", **values), say(f"{words}.sub", **values)
    return sheet(height, title, sub, say(footer, **values))


def number_axis(axes: Axes, which: str, form: str) -> None:
    """Write the numbers of an axis in a format of `peersim.kernel.numbers`."""
    from matplotlib.ticker import FuncFormatter

    speaks = language()
    write = FuncFormatter(lambda value, _: written(value, form, speaks))
    getattr(axes, f"{which}axis").set_major_formatter(write)


def week_axis(axes: Axes, last: int) -> None:
    """Tick every quarter of a year, or every quarter of a shorter time."""
    axes.set_xticks(range(0, last + 1, 13 if last >= 26 else max(1, last // 4)))


def panels(figure: Figure, count: int, across: int, room: dict[str, Any]) -> list[Axes]:
    """Part a figure into so many panels, so many beside each other, with no empty one at the
    end.
    """
    every = figure.subplots(-(-count // across), across, squeeze=False, gridspec_kw=room).ravel()
    for axes in every[count:]:
        axes.remove()
    return list(every[:count])


def line_with_band(
    axes: Axes, x: Any, middle: Any, band: tuple[Any, Any] | None, colour: str, label: str
) -> None:
    """Draw a line with its points, and the band around it."""
    axes.plot(x, middle, "o-", color=colour, label=label, ms=4)
    if band is not None:
        axes.fill_between(x, *band, color=colour, alpha=0.15, lw=0)


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
