"""A scenario: who (population), what (programme) and how long (horizon), checked as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from peersim.kernel.declaration import InvalidInput, parameter
from peersim.kernel.paths import assign, converted, did_you_mean, duplicate, leaves
from peersim.model.communities import REGISTRY
from peersim.model.outcomes import Cost, Measurement
from peersim.model.people import Population
from peersim.model.processes.attendance import Attendance
from peersim.model.processes.departure import Departure
from peersim.model.processes.outside_life import Outside
from peersim.model.processes.recovery import Change
from peersim.model.processes.safety import Safety
from peersim.model.processes.sign_up import SignUp
from peersim.model.processes.strain import Strain
from peersim.model.processes.training import Training
from peersim.model.programme import (
    Cafe,
    Organisation,
    Organisations,
    Page,
    Programme,
    Supervision,
    Team,
)
from peersim.model.ties import Ties
from peersim.model.vocabulary import COMMUNITIES
from peersim.scenario.events import PAID, actions, check_form, epochs
from peersim.scenario.people_file import PopulationTable, read_population

if TYPE_CHECKING:
    from peersim.model.communities.availability import Availability
    from peersim.model.communities.digital import Digital
    from peersim.model.communities.group import Group
    from peersim.model.communities.one_to_one import OneToOne

__all__ = ["Scenario", "actions", "changed", "check", "epochs", "without_programme"]

_INVISIBLE = {"omegaconf_ignore": True}  # not part of the configuration's schema


def _with_communities[S](kind: type[S]) -> type[S]:
    """Give a class one group of parameters for each community of the registry, behind the
    population.
    """
    hints: dict[str, Any] = {}
    for name, hint in kind.__annotations__.items():
        hints[name] = hint
        if name == "population":
            hints |= {each.name: each.found(each.parameters) for each in REGISTRY}
    for each in REGISTRY:
        setattr(kind, each.name, field(default_factory=hints[each.name]))
    kind.__annotations__ = hints
    return kind


@dataclass
@_with_communities
class Scenario:
    """Population, programme and horizon. Each leaf can be set in a file or on the command line."""

    communities: list[str] = field(default_factory=lambda: ["one_to_one"])
    # fmt: off
    organisation: Organisation = parameter(Organisation.independent, "-", 0, 2, "who runs the programme: a model of organisation", "P")
    # fmt: on
    events: list[Any] = field(default_factory=list)
    # fmt: off
    weeks: int = parameter(52, "weeks", 1, 1040, "weeks simulated: a course, and some time after its end")
    # fmt: on
    population: Population = field(default_factory=Population)
    if TYPE_CHECKING:  # of these and any others the registry takes care
        one_to_one: OneToOne = field(default_factory=OneToOne)
        group: Group = field(default_factory=Group)
        availability: Availability = field(default_factory=Availability)
        digital: Digital = field(default_factory=Digital)
    cafe: Cafe = field(default_factory=Cafe)
    page: Page = field(default_factory=Page)
    supervision: Supervision = field(default_factory=Supervision)
    team: Team = field(default_factory=Team)
    programme: Programme = field(default_factory=Programme)
    organisations: Organisations = field(default_factory=Organisations)
    sign_up: SignUp = field(default_factory=SignUp)
    training: Training = field(default_factory=Training)
    attendance: Attendance = field(default_factory=Attendance)
    safety: Safety = field(default_factory=Safety)
    ties: Ties = field(default_factory=Ties)
    change: Change = field(default_factory=Change)
    outside: Outside = field(default_factory=Outside)
    strain: Strain = field(default_factory=Strain)
    departure: Departure = field(default_factory=Departure)
    measurement: Measurement = field(default_factory=Measurement)
    cost: Cost = field(default_factory=Cost)
    people: PopulationTable | None = field(default=None, metadata=_INVISIBLE)


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


def _check_people(scenario: Scenario) -> None:
    population, table = scenario.population, scenario.people
    if population.file is None:
        if population.codes is not None:
            raise InvalidInput("errors.people.codes_of_nobody")
        scenario.people = None
        return
    if table is None or (table.file, table.code_list) != (population.file, population.codes):
        table = scenario.people = read_population(population.file, population.codes)
        population.recipients, population.supporters = table.recipients, table.supporters
    for name in ("recipients", "supporters"):
        if getattr(population, name) != getattr(table, name):
            number, there = getattr(population, name), getattr(table, name)
            values = {"name": f"population.{name}", "number": number, "there": there}
            raise InvalidInput("errors.people.number", file=table.file, **values)


def _check_leaders(scenario: Scenario) -> None:
    leaders, supporters = scenario.group.leaders, scenario.population.supporters
    if "group" in scenario.communities and leaders > supporters:
        raise InvalidInput("errors.setting.leaders", leaders=leaders, supporters=supporters)


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

    Raises
    ------
    InvalidInput
        If a path does not exist or a value cannot be used.
    """
    later = duplicate(scenario)
    for path, value in changes.items():
        assign(later, path, value)
    return check(later, allow_empty=not scenario.communities)


def without_programme(scenario: Scenario) -> Scenario:
    """The same people and the same weeks without any programme: the counterfactual of every
    comparison.
    """
    nothing = duplicate(scenario)
    nothing.communities, nothing.events = [], []
    for path, value in (PAID | {"page.contact": 0.0}).items():
        assign(nothing, path, value)
    return nothing
