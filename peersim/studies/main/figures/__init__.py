"""The figures of a comparison of designs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from peersim import __version__
from peersim.kernel.catalogue import say
from peersim.presentation.figures import Plot
from peersim.presentation.figures.kit import open_sheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from peersim.studies.study import Found


def figures(found: Found) -> Iterator[Plot]:
    """Give every figure that the tables allow."""
    from peersim.studies.main.compared import Compared
    from peersim.studies.main.figures import effects, leaving, network, reach, trajectories

    compared = Compared(found)
    yield Plot("effects", "outcome", lambda: effects.who_builds_connectedness(found, compared))
    yield Plot("trajectories", "outcome", lambda: trajectories.how_it_develops(found, compared))
    yield Plot("reach", "leaves", lambda: reach.whom_it_leaves_out(found, compared))
    yield Plot("price", "costs", lambda: effects.what_it_costs(found, compared))
    yield Plot("leaving", "leaving", lambda: leaving.who_leaves_and_why(found, compared))
    yield Plot("network", "network", lambda: network.web_of_ties(found))


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
