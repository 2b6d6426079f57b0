"""Rows of a figure that stand for parameters: what each means in plain words, and its name
below.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from peersim.presentation.figures.style import FAINT, INK, QUIET, SMALLEST, inches

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.5
LINE = 9.8  # points from one line of a label to the next
LEFT = 3.7
LETTERS = 52


def short(meaning: str, letters: int = LETTERS, lines: int = 2) -> str:
    """Cut what a parameter means to a line or two.

    >>> short("hope lost for each hour of another's distress taken in, in the first stage", 40, 1)
    "hope lost for each hour of another's…"
    """
    core = without_aside(meaning).split(": ")[0] if len(meaning) > letters * lines else meaning
    wrapped = textwrap.wrap(core, letters, max_lines=lines, placeholder="…")
    return "\n".join(wrapped)


def without_aside(meaning: str) -> str:
    """Leave out what stands in parentheses at the end.

    >>> without_aside("members (leaders apart) with whom a group begins (as a rule)")
    'members (leaders apart) with whom a group begins'
    """
    return re.sub(r"\s*\([^()]*\)$", "", meaning)


def name_rows(axes: Axes, parameters: Sequence[str], meanings: Mapping[str, str]) -> None:
    """Write what each row's parameter means left of the axes, the first row on top; its name, where
    it has no meaning.
    """
    axes.set_yticks([])
    axes.set_ylim(len(parameters) - 0.45, -0.6)
    axes.spines["left"].set_visible(False)
    for row, parameter in enumerate(parameters):
        lines = [
            (line, SMALLEST, INK, "DejaVu Sans")
            for line in short(meanings.get(parameter, "")).split("\n")
        ]
        if "." in parameter and not lines[0][0]:
            lines = [(parameter, SMALLEST, QUIET, "DejaVu Sans Mono")]
        top = LINE * (len(lines) - 1) / 2
        for place, (text, size, colour, family) in enumerate(lines):
            axes.annotate(
                text,
                (0, row),
                (-8, top - LINE * place),
                xycoords=axes.get_yaxis_transform(),
                textcoords="offset points",
                ha="right",
                va="center",
                fontsize=size,
                color=colour,
                family=family,
            )


def separate(axes: Axes, rows: int) -> None:
    """Part the rows by faint lines that lead the eye from the words to the marks."""
    for row in range(rows):
        axes.axhline(row + 0.5, color=FAINT, lw=0.5, zorder=0)


def height_of(rows: int, top: float, bottom: float) -> float:
    """Height of a figure with so many rows, in inches."""
    return top + bottom + ROW * max(rows, 2)


def margins(
    figure: Figure, top: float, bottom: float, left: float = LEFT, right: float = 0.3
) -> dict[str, float]:
    """Margins, in inches, around the rows."""
    return inches(figure, left, right, top, bottom)
