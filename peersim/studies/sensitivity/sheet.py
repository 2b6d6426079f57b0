"""The sheet that the figures of a sensitivity analysis are drawn on, and their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peersim import __version__
from peersim.kernel.catalogue import say
from peersim.presentation.designs import communities_named
from peersim.presentation.figures.kit import open_sheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from peersim.studies.study import Found


def opened(found: Found, height: float, name: str, finding: str = "title", **values: Any) -> Figure:
    """Open the sheet of a figure."""
    facts = found.facts
    last = facts["seed"] + facts["runs"] - 1
    known = {**facts, "first": facts["seed"], "last": last, "version": __version__, **values}
    known["about"] = communities_named(facts["about"])
    footer = "sensitivity.figures.footer"
    return open_sheet(height, f"sensitivity.figures.{name}", footer, known, finding)


def words(key: str, **values: Any) -> str:
    """Give a word or sentence of a figure."""
    return say(f"sensitivity.figures.{key}", **values)
