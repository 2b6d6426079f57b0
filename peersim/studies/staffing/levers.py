"""Levers on waiting: what a coordinator can do besides finding more supporters."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from peersim.kernel.declaration import InvalidInput
from peersim.model.processes.training import Form
from peersim.scenario.scenario import Scenario, changed

AS_CONFIGURED = "as_configured"


class Variant(NamedTuple):
    """A programme with one lever pulled.

    Attributes
    ----------
    name, label : str
    scenario : Scenario
    delay : int
        Weeks by which recipients are invited later than configured.
    """

    name: str
    label: str
    scenario: Scenario
    delay: int = 0


def variants(scenario: Scenario) -> list[Variant]:
    """The programme as configured, then with each lever that changes anything in it."""
    found = [Variant(AS_CONFIGURED, "as configured", scenario)]
    if scenario.training.weeks > 0:
        label = f"train the supporters first, then invite ({scenario.training.weeks} weeks later)"
        found.append(Variant("train_first", label, scenario, scenario.training.weeks))
    training, types = (
        list(_of_training(scenario)),
        [*_of_matches(scenario), *_of_other_types(scenario)],
    )
    several: dict[str, Any] = {}
    for _, _, changes in (*training, *types):
        several |= changes
    together = (
        [("together", "all of training and meetings above together", several)]
        if len(several) > 1
        else []
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


Pulled = Iterator[tuple[str, str, dict[str, Any]]]


def _of_everyone(scenario: Scenario) -> Pulled:
    arrival = scenario.population.arrival_weeks
    label = f"invite people over {2 * arrival} weeks, not {arrival}"
    yield "spread_out", label, {"population.arrival_weeks": 2 * arrival}
    if scenario.supervision.per_month == 0:
        yield "supervision", "supervision once a month", {"supervision.per_month": 1.0}


def _of_training(scenario: Scenario) -> Pulled:
    if scenario.training.form == Form.seminar:
        yield "webinar", "train by webinar, from home", {"training.form": Form.webinar}
    if scenario.training.weeks > 1:
        half = scenario.training.weeks // 2
        yield (
            "shorter_training",
            f"{half} weeks of training, not {scenario.training.weeks}",
            {"training.weeks": half},
        )


def _of_matches(scenario: Scenario) -> Pulled:
    one = scenario.one_to_one
    if "one_to_one" not in scenario.communities:
        return
    if one.capacity < 4:
        label = f"each has {one.capacity + 1} people at a time, not {one.capacity}"
        yield "one_more_each", label, {"one_to_one.capacity": one.capacity + 1}
    if one.every > 1:
        yield (
            "oftener",
            f"matches meet every week, not every {one.every:g} weeks",
            {"one_to_one.every": 1.0},
        )
    if one.weeks >= 8:
        label = f"matches of {one.weeks // 2} weeks, not {one.weeks}"
        yield "shorter_matches", label, {"one_to_one.weeks": one.weeks // 2}


def _of_other_types(scenario: Scenario) -> Pulled:
    group, house = scenario.group, scenario.availability
    if "group" in scenario.communities:
        if group.minimum > 3:
            label = "groups begin with three people, after two weeks"
            yield "smaller_groups", label, {"group.minimum": 3, "group.patience": 2}
        if group.leaders > 1:
            yield "one_leader", f"one leader a group, not {group.leaders}", {"group.leaders": 1}
    if "availability" in scenario.communities and house.per_week <= 2:
        label = f"{2 * house.per_week:g} shifts a week, not {house.per_week:g}"
        yield "more_shifts", label, {"availability.per_week": 2 * house.per_week}


def _beside(scenario: Scenario) -> Pulled:
    evenings = scenario.cafe.per_week
    for several, label in (
        (0.0, "no café"),
        (0.5, "café every second week"),
        (1.0, "café every week"),
        (2.0, "café twice a week"),
    ):
        if several != evenings and (evenings > 0 or several == 1.0):
            yield f"cafe_{several:g}", label, {"cafe.per_week": several}
    other = "group" if "group" not in scenario.communities else "availability"
    if other not in scenario.communities:
        label = "a group beside it" if other == "group" else "a drop-in place beside it"
        yield f"with_{other}", label, {"communities": [*scenario.communities, other]}
