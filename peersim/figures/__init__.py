"""Figures, drawn with Matplotlib from tidy tables only; each asks one question in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.figures.style import as_png, as_svg, settings
from peersim.words import words

if TYPE_CHECKING:
    import polars as pl


class Context(NamedTuple):
    """What a figure is drawn from: the tables, the words, and the lines at its foot."""

    tables: Mapping[str, pl.DataFrame]
    words: Mapping[str, Any]
    footer: str
    footer_of_one: str
    week: int
    seed: int


class Drawing(NamedTuple):
    """One finished figure."""

    name: str
    title: str
    png: bytes
    svg: str


def context(tables: Mapping[str, pl.DataFrame], version: str, language: str = "en") -> Context:
    """Collect what all figures share."""
    catalogue = words(language)
    seeds, week = tables["runs"]["seed"], int(tables["summary"]["week"].max())  # type: ignore[arg-type]
    count, first, last = seeds.n_unique(), int(seeds.min()), int(seeds.max())  # type: ignore[arg-type]
    known = {"runs": count, "first": first, "last": last, "week": week, "version": version}
    of_one = catalogue["figures"]["footer_one"].format(**known)
    footer = catalogue["figures"]["footer"].format(**known) if count > 1 else of_one
    return Context(tables, catalogue, footer, of_one, week, first)


def draw(tables: Mapping[str, pl.DataFrame], version: str, language: str = "en") -> Iterator[Drawing]:
    """Draw every figure that the tables allow."""
    import matplotlib

    from peersim.figures import effects, leaving, network, reach, trajectories

    drawn_from = context(tables, version, language)
    questions = {
        "effects": effects.who_builds_connectedness,
        "trajectories": trajectories.how_it_develops,
        "leaving": leaving.who_leaves_and_why,
        "reach": reach.whom_it_leaves_out,
        "price": effects.what_it_costs,
        "network": network.web_of_ties,
    }
    with matplotlib.rc_context(settings()):
        for name, question in questions.items():
            figure = question(drawn_from)
            if figure is not None:
                title = drawn_from.words["figures"][f"{name}_title"]
                yield Drawing(name, title, as_png(figure), as_svg(figure, name))
