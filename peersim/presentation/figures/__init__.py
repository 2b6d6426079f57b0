"""Figures, drawn with Matplotlib from tidy tables only; each asks one question in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from peersim.presentation.figures.layout import is_empty, spell_numbers, stamped, thin_numbers
from peersim.presentation.figures.narrow import narrowed
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
    svg, narrow : str
        As it stands in the page, on a wide screen and on a narrow one.
    png : bytes or None
        Where it was asked for.
    section : str
        Section of the report in which it stands.
    outlets : sequence of str
    """

    name: str
    title: str
    svg: str
    narrow: str
    png: bytes | None
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

    def figure(self) -> Figure | None:
        """Draw it, with words apart; None where nothing would be seen."""
        figure = self.draw()
        if figure is None or is_empty(figure):
            return None
        spell_numbers(figure)
        thin_numbers(figure)
        return figure

    def narrow(self, banners: Sequence[str] = ()) -> Figure | None:
        """Draw it for a narrow screen."""
        figure = self.figure()
        return None if figure is None else narrowed(figure, banners)


def draw_all(plots: Iterable[Plot], formats: str, banners: Sequence[str] = ()) -> list[Drawing]:
    """Draw figures; the first text of each is its title, and the banners stand above it.

    Parameters
    ----------
    plots : iterable of Plot
    formats : {"svg", "png", "both"}
        In which they are to be saved. The page needs SVG in any case; PNG takes twice as long.
    banners : sequence of str
    """
    import matplotlib

    drawings = []
    with matplotlib.rc_context(settings()):
        for plot in plots:
            if (figure := plot.figure()) is not None:
                title = " ".join([*banners, figure.texts[0].get_text()])
                svg = as_svg(stamped(figure, banners), plot.name)
                small = as_svg(plot.narrow(banners) or figure, f"{plot.name}-narrow")
                png = as_png(figure) if formats != "svg" else None
                drawings.append(Drawing(plot.name, title, svg, small, png, plot.section))
    return drawings
