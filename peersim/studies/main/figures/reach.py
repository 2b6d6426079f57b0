"""Whom a design leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from peersim.kernel.catalogue import say
from peersim.presentation.figures.kit import key_to_signs, number_axis
from peersim.presentation.figures.style import BLUE, FAINT, ORANGE, QUIET, VERMILION, inches
from peersim.scenario.typology import CONFIGURED
from peersim.studies.main.figures.effects import SMALL_GAIN
from peersim.studies.main.figures.sheet import opened, words
from peersim.studies.main.persons import TRAITS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.main.compared import Compared
    from peersim.studies.study import Found

THIRDS = {"low": (BLUE, "o"), "middle": (ORANGE, "s"), "high": (VERMILION, "^")}
QUESTIONS = ("never_reached", "connectedness_gain")


def whom_it_leaves_out(found: Found, compared: Compared) -> Figure:
    """Draw, for thirds of the people by three traits, who is never reached and who gains."""
    designs = [row["design"] for row in compared.designs[CONFIGURED] if not row["reference"]]
    missed = {name: compared.row(CONFIGURED, name, "never_reached")["mean"] for name in designs}
    best = min(designs, key=missed.__getitem__)
    panel = max(0.24 * len(designs), 0.55)
    height = 2.85 + 2 * panel
    finding = "finding" if len(designs) > 1 else "title"
    reached = compared.people - round(missed[best] * compared.people)
    known = {"label": compared.labels[best], "reached": reached, "people": compared.people}
    figure = opened(found, height, "reach", finding, **known)
    grid = inches(figure, 2.35, 0.2, 1.3, 0.75) | {"hspace": 0.8 / panel, "wspace": 0.16}
    panels = figure.subplots(2, 3, sharex="row", sharey=True, gridspec_kw=grid)
    for line, outcome in zip(panels, QUESTIONS, strict=True):
        for axes, trait in zip(line, TRAITS, strict=True):
            _panel(axes, found.tables["reach"], designs, trait, outcome)
            if outcome == "never_reached":
                axes.set_title(say(f"traits.{trait}"), loc="left", fontweight="bold")
        line[1].set_xlabel(words(f"reach.{outcome}"), fontweight="bold")
        line[0].set_yticks(range(len(designs)), [compared.labels[design] for design in designs])
    panels[0, 0].set_ylim(len(designs) - 0.5, -0.5)
    panels[0, 0].set_xlim(0, max(0.1, panels[0, 0].get_xlim()[1]))
    number_axis(panels[0, 0], "x", "%")
    number_axis(panels[1, 0], "x", "g", SMALL_GAIN)
    signs = [
        (say(f"thirds.{third}"), {"marker": marker, "color": colour})
        for third, (colour, marker) in THIRDS.items()
    ]
    place = {"loc": "upper left", "bbox_to_anchor": (0.0, 1 - 0.58 / height), "fontsize": 8.5}
    key_to_signs(figure, signs, **place)
    return figure


def _panel(axes: Axes, reach: pl.DataFrame, designs: list[str], trait: str, outcome: str) -> None:
    table = reach.filter(basis=CONFIGURED, trait=trait, outcome=outcome)
    found = {(row["design"], row["third"]): row["mean"] for row in table.iter_rows(named=True)}
    for row, design in enumerate(designs):
        ends = [found[design, third] for third in THIRDS]
        axes.plot([min(ends), max(ends)], [row, row], color=QUIET, lw=1, zorder=1)
    for third, (colour, marker) in THIRDS.items():
        axes.plot(
            [found[design, third] for design in designs],
            range(len(designs)),
            marker,
            ms=6,
            color=colour,
        )
    axes.grid(axis="x", color=FAINT)
    axes.tick_params(axis="y", length=0)
    if outcome == "connectedness_gain":
        axes.axvline(0, color=QUIET, lw=0.8, zorder=0)
