"""Levers on waiting: what a coordinator can do besides finding more supporters."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.model.processes.training import Form
from peersim.scenario.scenario import Scenario, changed

AS_CONFIGURED = "as_configured"


class Variant(NamedTuple):
    """A programme with one lever pulled.

    Attributes
    ----------
    name : str
    label : Sentence
    scenario : Scenario
    delay : int
        Weeks by which recipients are invited later than configured.
    """

    name: str
    label: Sentence
    scenario: Scenario
    delay: int = 0


def variants(scenario: Scenario) -> list[Variant]:
    """The programme as configured, then with each lever that changes anything in it."""
    found = [Variant(AS_CONFIGURED, Sentence("staffing.lever.as_configured"), scenario)]
    if scenario.population.asked and scenario.training.weeks > 0:
        label = Sentence("staffing.lever.train_first", {"weeks": scenario.training.weeks})
        found.append(Variant("train_first", label, scenario, scenario.training.weeks))
    training, types = (
        list(_of_training(scenario)),
        [*_of_matches(scenario), *_of_other_types(scenario)],
    )
    several: dict[str, Any] = {}
    for _, _, changes in (*training, *types):
        several |= changes
    together = (
        [("together", Sentence("staffing.lever.together"), several)] if len(several) > 1 else []
    )
    for name, label, changes in (
        *_of_everyone(scenario),
        *training,
        *types,
        *together,
        *_beside(scenario),
    ):
        with contextlib.suppress(
            InvalidInput
        ):  # an event of the scenario's own asks for what it now has, or has not
            found.append(Variant(name, label, changed(scenario, changes)))
    return found


Pulled = Iterator[tuple[str, Sentence, dict[str, Any]]]


def _of_everyone(scenario: Scenario) -> Pulled:
    arrival = scenario.population.arrival_weeks
    label = Sentence("staffing.lever.spread_out", {"weeks": 2 * arrival, "now": arrival})
    yield "spread_out", label, {"population.arrival_weeks": 2 * arrival}
    if scenario.supervision.per_month == 0:
        yield "supervision", Sentence("staffing.lever.supervision"), {"supervision.per_month": 1.0}


def _of_training(scenario: Scenario) -> Pulled:
    if not scenario.population.asked:
        return
    if scenario.training.form == Form.seminar:
        yield "webinar", Sentence("staffing.lever.webinar"), {"training.form": Form.webinar}
    if scenario.training.weeks > 1:
        half = scenario.training.weeks // 2
        yield (
            "shorter_training",
            Sentence(
                "staffing.lever.shorter_training", {"weeks": half, "now": scenario.training.weeks}
            ),
            {"training.weeks": half},
        )


def _of_matches(scenario: Scenario) -> Pulled:
    one = scenario.one_to_one
    if "one_to_one" not in scenario.communities:
        return
    if one.capacity < 4:
        label = Sentence(
            "staffing.lever.one_more_each", {"people": one.capacity + 1, "now": one.capacity}
        )
        yield "one_more_each", label, {"one_to_one.capacity": one.capacity + 1}
    if one.every > 1:
        yield (
            "oftener",
            Sentence("staffing.lever.oftener", {"now": one.every}),
            {"one_to_one.every": 1.0},
        )
    if one.weeks >= 8:
        label = Sentence(
            "staffing.lever.shorter_matches", {"weeks": one.weeks // 2, "now": one.weeks}
        )
        yield "shorter_matches", label, {"one_to_one.weeks": one.weeks // 2}


def _of_other_types(scenario: Scenario) -> Pulled:
    group, house = scenario.group, scenario.availability
    if "group" in scenario.communities:
        if group.minimum > 3:
            weeks = min(2, group.patience)
            numbers = {"people": 3, "weeks": weeks, "now": group.minimum}
            label = Sentence("staffing.lever.smaller_groups", numbers)
            yield "smaller_groups", label, {"group.minimum": 3, "group.patience": weeks}
        if group.leaders > 1:
            yield (
                "one_leader",
                Sentence("staffing.lever.one_leader", {"now": group.leaders}),
                {"group.leaders": 1},
            )
    if "availability" in scenario.communities and house.per_week <= 2:
        label = Sentence(
            "staffing.lever.more_shifts", {"shifts": 2 * house.per_week, "now": house.per_week}
        )
        yield "more_shifts", label, {"availability.per_week": 2 * house.per_week}


def _beside(scenario: Scenario) -> Pulled:
    evenings = scenario.cafe.per_week
    for several in (0.0, 0.5, 1.0, 2.0):
        if several != evenings and (evenings > 0 or several == 1.0):
            label = Sentence(f"staffing.lever.cafe_{10 * several:g}")
            yield f"cafe_{several:g}", label, {"cafe.per_week": several}
    other = "group" if "group" not in scenario.communities else "availability"
    if other not in scenario.communities:
        label = Sentence(f"staffing.lever.with_{other}")
        yield f"with_{other}", label, {"communities": [*scenario.communities, other]}
