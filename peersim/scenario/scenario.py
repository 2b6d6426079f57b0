"""A scenario: who (population), what (programme) and how long (horizon), checked as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from peersim.kernel.declaration import InvalidInput, brief
from peersim.kernel.paths import (
    assign,
    converted,
    did_you_mean,
    duplicate,
    groups,
    leaves,
    no_group,
    unknown,
)
from peersim.model.vocabulary import COMMUNITIES
from peersim.scenario.demonstration import begin
from peersim.scenario.events import PAID, actions, check_form, epochs
from peersim.scenario.parameters import Scenario
from peersim.scenario.people_file import read_population

__all__ = ["Scenario", "actions", "changed", "check", "epochs", "without_programme"]


def _programmes(scenario: Scenario) -> Iterable[Scenario]:
    return [stage for _, stage in epochs(scenario)]


def check_communities(names: list[str], allow_empty: bool) -> None:
    """Check names of community types; `InvalidInput` if there is anything wrong with them."""
    for name in names:
        if name not in COMMUNITIES:
            hint = did_you_mean(name, COMMUNITIES)
            raise InvalidInput("errors.communities.unknown", hint, name=name, options=COMMUNITIES)
        if names.count(name) > 1:
            raise InvalidInput("errors.communities.twice", name=name)
    if not names and not allow_empty:
        raise InvalidInput("errors.communities.none", options=COMMUNITIES)


OF_THE_FILE = ("recipients", "supporters", "asked")
"""How many people of each kind there are, which a file of people says."""


def _check_people(scenario: Scenario) -> None:
    population, table = scenario.population, scenario.people
    if population.file is None:
        if population.codes is not None:
            raise InvalidInput("errors.people.codes_of_nobody")
        scenario.people = None
        return
    if table is None or (table.file, table.code_list) != (population.file, population.codes):
        table = scenario.people = read_population(population.file, population.codes)
        for name in OF_THE_FILE:
            setattr(population, name, getattr(table, name))
    for name in OF_THE_FILE:
        if getattr(population, name) != getattr(table, name):
            number, there = getattr(population, name), getattr(table, name)
            values = {"name": f"population.{name}", "number": number, "there": there}
            raise InvalidInput("errors.people.number", file=table.file, **values)


def _check_leaders(scenario: Scenario) -> None:
    leaders, population = scenario.group.leaders, scenario.population
    if "group" in scenario.communities and leaders > population.all_supporters:
        key = "errors.setting.leaders_asked" if population.asked else "errors.setting.leaders"
        numbers = {"supporters": population.supporters, "asked": population.asked}
        raise InvalidInput(key, leaders=leaders, **numbers)


def _check_groups(group: Any, above: str = "") -> None:
    """Refuse what Python lets anybody do to a scenario: a value in the place of a group, and names
    that no setting has.
    """
    for name in vars(group).keys() - type(group).__dataclass_fields__.keys():
        raise unknown(above + name, leaves(Scenario))
    for path, kind in groups(type(group)).items():
        if "." not in path:
            inner = getattr(group, path, None)
            if not isinstance(inner, kind):
                raise no_group(above + path, leaves(Scenario))
            _check_groups(inner, f"{above}{path}.")


AT_MOST = (
    ("group.minimum", "group.size"),
    ("availability.class_minimum", "availability.class_size"),
    ("availability.shortest_talk", "availability.longest_talk"),
)
"""Settings of which the first cannot be above the second."""


def _check_order(scenario: Scenario) -> None:
    known = leaves(type(scenario))
    for lower, upper in AT_MOST:
        low, high = known[lower].get(scenario), known[upper].get(scenario)
        if low > high:
            values = {"low": f"{low:g}", "high": f"{high:g}"}
            raise InvalidInput("errors.setting.order", lower=lower, upper=upper, **values)


def check(scenario: Scenario, allow_empty: bool = False) -> Scenario:
    """Check a scenario as a whole, and put each value in its own type (``"integrated"`` becomes the
    option).

    Parameters
    ----------
    scenario : Scenario
        Changed in place only as to types, and to hold the people of `population.file`.
    allow_empty : bool
        Whether a programme without any community will do, as in a world without the programme.

    Raises
    ------
    InvalidInput
        One or two sentences about the first fault found.
    """
    _check_groups(scenario)
    for path, leaf in leaves(type(scenario)).items():
        value = leaf.get(scenario)
        if not leaf.fits(value) and (right := converted(leaf, value)) is not value:
            assign(scenario, path, right)
    check_communities(scenario.communities, allow_empty)
    _check_people(scenario)
    check_form(scenario.events, scenario.weeks)
    actions(scenario)
    for stage in _programmes(scenario):
        _check_leaders(stage)
        _check_order(stage)
    return scenario


def changed(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """A checked copy of a scenario with some settings changed.

    Parameters
    ----------
    scenario : Scenario
    changes : mapping of path to value
        For example ``{"group.size": 9, "communities": ["group"], "organisation": "integrated"}``.
        What stands beside ``"demonstration": "contagion"`` is used instead of what that sets.

    Raises
    ------
    InvalidInput
        If a path does not exist or a value cannot be used.
    """
    if not isinstance(scenario, Scenario):
        raise InvalidInput("errors.setting.no_scenario", given=brief(scenario))
    later = duplicate(scenario)
    if "demonstration" in changes:
        begin(later, changes["demonstration"])
    for path, value in changes.items():
        assign(later, path, value)
    return check(later, allow_empty=not scenario.communities)


def without_programme(scenario: Scenario) -> Scenario:
    """The same people and the same weeks without any programme: the counterfactual of every
    comparison.
    """
    nothing: Scenario = duplicate(scenario)
    nothing.communities, nothing.events = [], []
    for path, value in (PAID | {"page.contact": 0.0}).items():
        assign(nothing, path, value)
    return nothing
