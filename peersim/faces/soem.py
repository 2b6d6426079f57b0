"""A line for SØM, the Danish model of what social programmes cost and are worth: what its user has
to put in, as far as a model can say it.

SØM counts an effect net of what would have happened anyway. That is what a paired difference from
the same people without any programme is. A model is no effect study, and the line says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from peersim.faces.answers.outcomes import listed
from peersim.faces.answers.price import YEAR
from peersim.faces.answers.years import Years
from peersim.kernel.statistics import interval
from peersim.scenario.scenario import Scenario, changed, without_programme

WEEKS = (26, 52, 78, 104)
"""When a success is looked for again, to say how long it lasts."""

SUCCESSES = ("isolated", "would_be_alone", "lonely_for_both")
"""Outcomes of which the opposite is a success: it has a meaning without a programme too."""


@dataclass(frozen=True)
class Line:
    """What stands in the line.

    Attributes
    ----------
    outcome : str
        Of `SUCCESSES`.
    week : int
        When success is counted.
    numbers : mapping
        By field; null where there is none.
    """

    outcome: str
    week: int
    numbers: Mapping[str, Any]


def designs_for(scenario: Scenario, week: int) -> tuple[Scenario, Scenario]:
    """The design and the same people without it, long enough to see how long an effect lasts."""
    weeks = max(week, scenario.weeks, *WEEKS)
    longer = changed(scenario, {"weeks": weeks})
    return longer, without_programme(longer)


def line(years: Years, without: Years, outcome: str, week: int, invited: int) -> Line:
    """Put the line together.

    Parameters
    ----------
    years, without : Years
        Of the design and of the same people without it, as `designs_for` gives them.
    outcome : str
        Of `SUCCESSES`.
    week : int
    invited : int
    """
    success = [1.0 - each.weeks(outcome).astype(float) for each in (years, without)]
    net = success[0] - success[1]
    numbers = {
        "invited": invited,
        "begun": listed(_middle(years.people["reached"]), 0),
        "completed": listed(_middle(years.people["completed"]), 0),
        "without": listed(success[1][:, week].mean()),
        "with": listed(success[0][:, week].mean()),
        "net": listed([net[:, week].mean(), *interval(net[:, week])]),
        "net_of_completed": _of_completed(years, without) if outcome == "isolated" else None,
        "lasts": {str(each): listed(net[:, each].mean()) for each in WEEKS},
        "year_of_effect": -(-week // YEAR),
        "a_year": listed(years.weeks("cost")[:, YEAR].mean(), 0),
        "staff_hours": listed(years.weeks("staff_hours")[:, YEAR].mean(), 0),
        "peer_hours": listed(years.weeks("supporter_hours")[:, YEAR].mean(), 0),
    }
    completed = float(years.people["completed"].sum(axis=1).mean())
    each = numbers["a_year"] / completed if completed >= 0.5 else None
    return Line(outcome, week, {**numbers, "for_each_completed": each and round(each)})


def _middle(who: np.ndarray) -> float:
    return float(np.median(who.sum(axis=1)))


def _of_completed(years: Years, without: Years) -> Any:
    """The net rate among those who had not dropped out by the last week, who are compared with
    themselves.
    """
    done = years.people["completed"]
    some = done.sum(axis=1) > 0
    gain = without.people["isolated"].astype(float) - years.people["isolated"]
    rates = (gain * done).sum(axis=1)[some] / done.sum(axis=1)[some]
    return listed([rates.mean(), *interval(rates)]) if len(rates) > 1 else None
