"""Whom a design leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peersim.presentation.figures.style import BLUE, FAINT, ORANGE, QUIET, VERMILION, inches, sheet
from peersim.scenario.typology import CONFIGURED, NO_PROGRAMME

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.presentation.figures import Context

TRAITS = ("social_anxiety", "exclusion", "stage")
THIRDS = {"low": (BLUE, "o"), "middle": (ORANGE, "s"), "high": (VERMILION, "^")}
QUESTIONS = {"never_reached": "reach_never", "connectedness_gain": "reach_gain"}


def whom_it_leaves_out(context: Context) -> Figure:
    """Draw, for thirds of the people by three traits, who is never reached and who gains."""
    words = context.words
    about = context.tables["designs"]
    designs = [row for row in about.iter_rows(named=True) if row["basis"] == CONFIGURED]
    designs = [row for row in designs if row["design"] != NO_PROGRAMME]
    texts = words["figures"]
    height = 2.55 + 2 * max(0.24 * len(designs), 0.55)
    figure = sheet(height, texts["reach_title"], texts["reach_sub"], context.footer)
    grid = inches(figure, 2.35, 0.2, 1.3, 0.75) | {"hspace": 0.45, "wspace": 0.1}
    panels = figure.subplots(2, 3, sharex="row", sharey=True, gridspec_kw=grid)
    for line, (outcome, text) in zip(panels, QUESTIONS.items(), strict=True):
        for axes, trait in zip(line, TRAITS, strict=True):
            _panel(axes, context, [row["design"] for row in designs], trait, outcome)
            if outcome == "never_reached":
                axes.set_title(words["traits"][trait], loc="left", fontweight="bold")
        line[1].set_xlabel(texts[text], fontweight="bold")
        line[0].set_yticks(range(len(designs)), [row["label"] for row in designs])
    panels[0, 0].set_ylim(len(designs) - 0.5, -0.5)
    panels[0, 0].set_xlim(0, max(0.1, panels[0, 0].get_xlim()[1]))
    panels[0, 0].xaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    _legend(figure, height, words["thirds"])
    return figure


def _panel(axes: Axes, context: Context, designs: list[str], trait: str, outcome: str) -> None:
    import polars as pl

    table = context.tables["reach"].filter(
        pl.col("basis") == CONFIGURED, pl.col("trait") == trait, pl.col("outcome") == outcome
    )
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


def _legend(figure: Figure, height: float, names: dict[str, str]) -> None:
    from matplotlib.lines import Line2D

    keys = [
        Line2D([], [], marker=marker, color=colour, ls="none", label=names[third])
        for third, (colour, marker) in THIRDS.items()
    ]
    figure.legend(
        handles=keys,
        loc="upper left",
        bbox_to_anchor=(0.0, 1 - 0.58 / height),
        ncol=3,
        fontsize=8.5,
    )
