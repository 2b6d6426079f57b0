"""In what share of the runs each fact holds, beside the share in which it must."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import say
from peersim.presentation.figures import Plot
from peersim.presentation.figures.kit import estimate, name_rows, number_axis, open_sheet
from peersim.presentation.figures.style import BLUE, GREY, INK, ORANGE, PAPER, SMALLEST, inches
from peersim.studies.presets.exhibits import words
from peersim.studies.presets.fact import FAILS, HOLDS, UNDECIDED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

SHADES = {HOLDS: BLUE, FAILS: ORANGE, UNDECIDED: GREY}
LETTERS = 62
"""Letters of a fact for which there is room in a line."""


def figures(found: Found) -> Iterator[Plot]:
    """Give the figure of each preset."""
    for preset in found.facts["presets"]:
        yield Plot(f"facts_{preset}", "facts", functools.partial(shares, found, preset))


def shares(found: Found, preset: str) -> Figure:
    """Draw how often each fact of a preset holds."""
    import textwrap

    every = found.tables["facts"].filter(preset=preset)
    rows = every.drop_nulls("share").to_dicts()
    holding = sum(row["verdict"] == HOLDS for row in rows)
    known = {"preset": say(f"presets.names.{preset}"), "holding": holding, "facts": len(every)}
    figure = open_sheet(
        0.34 * len(rows) + 1.85, "presets.figure", "presets.figure.footer", {**found.facts, **known}
    )
    axes = figure.subplots()
    figure.subplots_adjust(**inches(figure, 4.1, 0.3, 0.9, 0.7))
    for place, row in enumerate(rows):
        shade, is_open = SHADES.get(row["verdict"], GREY), row["verdict"] == UNDECIDED
        look: dict[str, Any] = {"marker": "s" if row["verdict"] == FAILS else "o", "color": shade}
        if is_open:
            look |= {"mfc": PAPER, "mec": shade, "mew": 1.5}
        estimate(axes, place, [row[end] for end in ("share", "low", "high")], look)
        axes.plot([row["least"]] * 2, [place - 0.35, place + 0.35], color=INK, lw=1)
    name_rows(axes, [textwrap.fill(words(row, "says"), LETTERS) for row in rows], fontsize=SMALLEST)
    axes.set_xlim(-0.02, 1.02)
    number_axis(axes, "x", "%")
    axes.set_xlabel(say("presets.figure.x"))
    return figure
