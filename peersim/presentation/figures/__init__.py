"""Figures, drawn with Matplotlib from tidy tables only; each asks one question in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.presentation.catalogue import words
from peersim.presentation.figures.style import as_png, as_svg, settings

if TYPE_CHECKING:
    import polars as pl
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


def draw_sweep(
    tables: Mapping[str, pl.DataFrame], manifest: Mapping[str, Any]
) -> Iterator[Drawing]:
    """Draw what suits the design of a sweep.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
        ``points`` and ``summary``, as they stand in its folder.
    manifest : mapping
        As it stands there.
    """
    from peersim.studies.sweep import figures as sweep

    points = tables["points"]
    swept = sweep.Swept(points, tables["summary"], words(), footer_of(manifest, len(points)))
    return drawn(lambda: sweep.questions(swept))


def draw_sensitivity(
    tables: Mapping[str, pl.DataFrame], method: str, manifest: Mapping[str, Any], about: str = ""
) -> Iterator[Drawing]:
    """Draw which parameters matter, and which of them decide the better of two designs.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
        ``factors``, ``sensitivity`` and ``chance``, and perhaps ``ranking`` and ``verdicts``.
    method : {"morris", "sobol", "pawn"}
    manifest : mapping
        Of the folder that holds the runs.
    about : str
        What sets two designs apart, for people.
    """
    from peersim.studies.sensitivity import figures as sensitivity

    points = int(tables["chance"]["points"][0])
    asked = sensitivity.Asked(tables, words(), method, footer_of(manifest, points), about)
    return drawn(lambda: sensitivity.questions(asked))


def footer_of(manifest: Mapping[str, Any], points: int) -> str:
    """Say at the foot of a figure how much it rests on."""
    known = manifest["identity"]
    first, runs = int(known["seed"]), int(known["replicates"])
    numbers = {"points": f"{points:,}", "runs": runs, "first": first, "last": first + runs - 1}
    week = known.get("week") or known["scenario"]["weeks"]
    return str(words()["sweep"]["footer"]).format(
        **numbers, week=week, version=manifest["versions"]["peersim"]
    )


def drawn(questions: Callable[[], Iterable[tuple[str, Figure]]]) -> Iterator[Drawing]:
    """Save each figure that answers a question, with the question as its title."""
    import matplotlib

    with matplotlib.rc_context(settings()):
        for name, figure in questions():
            yield Drawing(name, figure.texts[0].get_text(), as_png(figure), as_svg(figure, name))
