"""Figures, drawn with Matplotlib from tidy tables only; each asks one question in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from peersim.presentation.figures.style import as_png, as_svg, settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Drawing(NamedTuple):
    """One finished figure.

    Attributes
    ----------
    name : str
    title : str
        What it says in one line.
    png, svg : bytes and str
    section : str
        Section of the report in which it stands.
    outlets : sequence of str
    """

    name: str
    title: str
    png: bytes
    svg: str
    section: str = ""
    outlets: tuple[str, ...] = ("page",)


class Plot(NamedTuple):
    """A figure to be drawn.

    Attributes
    ----------
    name : str
    section : str
        Section of the report in which it stands.
    draw : callable
        Gives the figure, or None where there is nothing to draw.
    """

    name: str
    section: str
    draw: Callable[[], Figure | None]


def draw_all(plots: Iterable[Plot]) -> list[Drawing]:
    """Draw and save figures; the first text of each is its title."""
    import matplotlib

    drawings = []
    with matplotlib.rc_context(settings()):
        for plot in plots:
            if (figure := plot.draw()) is not None:
                title = figure.texts[0].get_text()
                png, svg = as_png(figure), as_svg(figure, plot.name)
                drawings.append(Drawing(plot.name, title, png, svg, plot.section))
    return drawings


def drawn(questions: Callable[[], Iterable[tuple[str, Figure]]]) -> Iterator[Drawing]:
    """Save each figure that answers a question, with the question as its title."""
    import matplotlib

    with matplotlib.rc_context(settings()):
        for name, figure in questions():
            yield Drawing(name, figure.texts[0].get_text(), as_png(figure), as_svg(figure, name))
