"""What a scenario consists of: every parameter of population, programme and horizon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any

from peersim.kernel.card import Card, Facts
from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import parameter
from peersim.kernel.paths import duplicate, leaves
from peersim.model.communities import REGISTRY
from peersim.model.outcomes import Cost, Measurement
from peersim.model.people import Population
from peersim.model.processes.attendance import Attendance
from peersim.model.processes.departure import Departure
from peersim.model.processes.everyday_life import Everyday
from peersim.model.processes.outside_life import Outside
from peersim.model.processes.recovery import Change
from peersim.model.processes.recruitment import Recruitment
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
from peersim.scenario.demonstration import Demonstration, banner_of
from peersim.scenario.people_file import PopulationTable

if TYPE_CHECKING:
    from peersim.model.communities.availability import Availability
    from peersim.model.communities.digital import Digital
    from peersim.model.communities.group import Group
    from peersim.model.communities.one_to_one import OneToOne

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


@dataclass(repr=False)
@_with_communities
class Scenario(Card):
    """Population, programme and horizon. Each leaf can be set in a file or on the command line."""

    communities: list[str] = field(default_factory=lambda: ["one_to_one"])
    # fmt: off
    organisation: Organisation = parameter(Organisation.independent, "-", 0, 2, "who runs the programme: a model of organisation", "P")
    # fmt: on
    events: list[Any] = field(default_factory=list)
    # fmt: off
    weeks: int = parameter(52, "weeks", 1, 1040, "weeks simulated: a course, and some time after its end")
    # fmt: on
    demonstration: Demonstration = field(default=Demonstration.none)
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
    recruitment: Recruitment = field(default_factory=Recruitment)
    attendance: Attendance = field(default_factory=Attendance)
    safety: Safety = field(default_factory=Safety)
    ties: Ties = field(default_factory=Ties)
    change: Change = field(default_factory=Change)
    outside: Outside = field(default_factory=Outside)
    everyday: Everyday = field(default_factory=Everyday)
    strain: Strain = field(default_factory=Strain)
    departure: Departure = field(default_factory=Departure)
    measurement: Measurement = field(default_factory=Measurement)
    cost: Cost = field(default_factory=Cost)
    people: PopulationTable | None = field(default=None, metadata=_INVISIBLE)

    def __copy__(self) -> Scenario:
        """Copy it with its groups: a change to a copy changes nothing else."""
        twin: Scenario = duplicate(self)
        return twin

    def _facts(self) -> tuple[Sentence, Facts]:
        return Sentence("cards.scenario"), facts_of(self)

    def problem(
        self,
        over: Iterable[str] | str,
        bounds: Mapping[str, Sequence[Any]] | None = None,
        grouped: bool = True,
    ) -> Any:
        """Make a problem for SALib of some parameters of this scenario.

        Parameters
        ----------
        over : list of str
            Paths of parameters, or whole groups: ``["group", "departure.drift"]``.
        bounds : mapping of path to sequence, optional
            Narrower ranges than declared ``{"group.size": [6, 12]}``, or the options to choose from
            ``{"organisation": ["independent", "integrated"]}``.
        grouped : bool
            Whether SALib is to take the parameters of a group that `over` names as one. No: each by
            itself.

        Returns
        -------
        Problem
            A dictionary with ``num_vars``, ``names``, ``bounds`` (in the unit of each parameter;
            options are counted from 0) and, with whole groups, ``groups``. Its method `changes`
            turns a row of a sample into what `peersim.changed` takes, `points` a whole sample into
            what `peersim.sweep` takes.

        Raises
        ------
        InvalidInput
            If something that is named does not exist or cannot vary.

        Examples
        --------
        >>> problem = Scenario().problem(["group.size", "departure.drift"])
        >>> problem["names"], problem["bounds"]
        (['group.size', 'departure.drift'], [[4.0, 30.0], [0.0, 0.3]])
        >>> problem.changes([8.0, 0.01])
        {'group.size': 8, 'departure.drift': 0.01}
        """
        # factors are made from the declarations of this class, and so lie above it
        above = import_module("peersim.scenario.problem")
        return above.problem(self, over, bounds, grouped)


MOST_SETTINGS = 4
_SAID_OTHERWISE = (
    "communities",
    "events",
    "weeks",
    "demonstration",
    "population.recipients",
    "population.supporters",
    "population.asked",
)


def facts_of(scenario: Scenario) -> Facts:
    """What a scenario is: who, what, how long, and what is set otherwise than by default."""
    names, people, events = scenario.communities, scenario.population, len(scenario.events)
    kinds = ("recipients", "supporters", *(["asked"] if people.asked else []))
    numbers = [Sentence(f"cards.{kind}", {"n": getattr(people, kind)}) for kind in kinds]
    programme = Sentence("cards.communities", {"names": names})
    facts = {
        "communities": programme if names else Sentence("cards.no_programme"),
        "people": Sentence("cards.people", {"numbers": numbers}),
        "weeks": Sentence("cards.weeks", {"n": scenario.weeks}),
    }
    if events:
        facts["events"] = Sentence("cards.events", {"n": events})
    if settings := _set_otherwise(scenario):
        left = Sentence("cards.more_settings", {"n": len(settings) - MOST_SETTINGS})
        shown = [*settings[:MOST_SETTINGS], *([left] if len(settings) > MOST_SETTINGS else [])]
        facts["settings"] = Sentence("cards.settings", {"settings": shown})
    marks = [(Sentence("cards.about.mark"), mark) for mark in banner_of(scenario)]
    return [*marks, *((Sentence(f"cards.about.{name}"), fact) for name, fact in facts.items())]


def _set_otherwise(scenario: Scenario) -> list[str]:
    """Settings that are not as they stand by default, as they are typed."""
    usual = Scenario()
    both = {path: (leaf.get(scenario), leaf.get(usual)) for path, leaf in leaves(Scenario).items()}
    return [
        f"{path}={_typed(value)}"
        for path, (value, default) in both.items()
        if value != default and path not in _SAID_OTHERWISE
    ]


def _typed(value: Any) -> str:
    if isinstance(value, Enum):
        return value.name
    return f"{value:g}" if isinstance(value, float) else str(value)
