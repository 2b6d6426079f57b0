"""The figures of a comparison of designs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peersim.presentation.figures import Plot

if TYPE_CHECKING:
    from peersim.studies.study import Found


def figures(found: Found) -> Iterator[Plot]:
    """Give every figure that the tables allow."""
    from peersim.studies.main.compared import Compared
    from peersim.studies.main.figures import effects, leaving, network, reach, trajectories

    compared = Compared(found)
    yield Plot("people", "outcome", lambda: effects.who_is_less_isolated(found, compared))
    yield Plot("effects", "outcome", lambda: effects.who_builds_connectedness(found, compared))
    yield Plot("trajectories", "outcome", lambda: trajectories.how_it_develops(found, compared))
    yield Plot("reach", "leaves", lambda: reach.whom_it_leaves_out(found, compared))
    yield Plot("price", "costs", lambda: effects.what_it_costs(found, compared))
    yield Plot("leaving", "leaving", lambda: leaving.who_leaves_and_why(found, compared))
    yield Plot("network", "network", lambda: network.web_of_ties(found, compared))
