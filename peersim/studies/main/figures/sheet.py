"""The sheet that the figures of a comparison are drawn on, and their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peersim import __version__
from peersim.kernel.catalogue import say
from peersim.presentation.figures.kit import open_sheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from peersim.studies.study import Found


def opened(found: Found, height: float, name: str, finding: str = "title", **values: Any) -> Figure:
    """Open the sheet of a figure."""
    facts = found.facts
    several, first = facts["runs"] > 1 and name != "network", facts["seed"]
    known = {
        "runs": facts["runs"],
        "first": first,
        "last": first + facts["runs"] - 1,
        "week": facts["weeks"],
        "version": __version__,
        **values,
    }
    footer = f"main.figures.{'footer' if several else 'footer_one'}"
    return open_sheet(height, f"main.figures.{name}", footer, known, finding)


def words(key: str, **values: Any) -> str:
    """Give a word or sentence of a figure."""
    return say(f"main.figures.{key}", **values)
