"""The designs of the typology (T): four pure types and the four combinations that the ten projects
used.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from peersim.scenario.scenario import Scenario, changed, without_programme

CONFIGURED, EQUAL_HOURS, EQUAL_COST = "as configured", "equal hours", "equal cost"
BASES = (CONFIGURED, EQUAL_HOURS)
"""Designs are compared as they are configured, and at the intensity that takes the same supporter
hours."""

NO_PROGRAMME = "no_programme"
OWN = "your_design"

ELEMENTS: Mapping[str, float] = {
    "cafe.per_week": 0.0,
    "page.contact": 0.0,
    "team.per_month": 0.0,
    "group.companionship": 0.0,
}
"""What a combination adds beside communities. A pure type of the typology has none of it; a value
the user chose is kept in those designs that have the element, and `set_back` says where it is not.
Mixes keep whatever the user chose."""

REDESIGN = ("add", "end", "switch")
"""Events that change which communities there are: they belong to one design, not to all that are
compared."""


@dataclass(frozen=True)
class Design:
    """One way to set up a programme.

    Attributes
    ----------
    name, label, text : str
        Name in the tables, name for people, and what it is in one line.
    communities : tuple of str
        The community types at the start.
    elements : mapping
        Parameters that must be above zero, with the value they get if the user's scenario has none.
    keeps : bool
        Whether it has the elements that the user's scenario has, rather than none but its own.
    """

    name: str
    label: str
    text: str
    communities: tuple[str, ...]
    elements: Mapping[str, float] = field(default_factory=dict)
    keeps: bool = False

    def changes(self, scenario: Scenario) -> dict[str, Any]:
        """List the settings that turn a scenario into this design."""
        values = {path: getattr_path(scenario, path) for path in {**ELEMENTS, **self.elements}}
        own = {path: values[path] or value for path, value in self.elements.items()}
        kept = [event for event in scenario.events if not set(event) & set(REDESIGN)]
        none = {} if self.keeps else ELEMENTS
        return {"communities": list(self.communities), **none, **own, "events": kept}

    def of(self, scenario: Scenario) -> Scenario:
        """Build this design for the people and the horizon of a scenario."""
        return changed(scenario, self.changes(scenario))


def getattr_path(scenario: Scenario, path: str) -> Any:
    """Read a setting by its dotted path."""
    group, name = path.split(".")
    return getattr(getattr(scenario, group), name)


TYPES = (
    Design(
        "one_to_one",
        "One-to-one",
        "a trained supporter and one recipient meet every second week",
        ("one_to_one",),
    ),
    Design("group", "Group", "people meet around a course and support each other", ("group",)),
    Design(
        "availability",
        "Availability",
        "supporters are present, two and two, in a drop-in place",
        ("availability",),
    ),
    Design(
        "digital", "Digital", "people meet on a platform; some post, others follow", ("digital",)
    ),
)
COMBINATIONS = (
    Design(
        "one_to_one_with_group_element",
        "One-to-one + café",
        "one-to-one, with a weekly café and monthly supervision where people meet across matches",
        ("one_to_one",),
        {"cafe.per_week": 1.0, "supervision.per_month": 1.0},
    ),
    Design(
        "group_with_one_to_one_and_virtual_element",
        "Group + one-to-one + page",
        "group; members also meet one-to-one, and a page keeps contact between and after meetings",
        ("group",),
        {"group.companionship": 0.15, "page.contact": 0.3},
    ),
    Design(
        "availability_with_group_element",
        "Availability + team",
        "availability, with meetings of the supporters with staff and volunteers",
        ("availability",),
        {"team.per_month": 2.0},
    ),
    Design(
        "digital_with_face_to_face_group",
        "Digital + group",
        "a platform and a group that meets face to face, with a social educator present",
        ("digital", "group"),
        {"group.educators": 1.0},
    ),
)
DESIGNS = (*TYPES, *COMBINATIONS)

PAIRS = tuple(
    zip((design.name for design in TYPES), (design.name for design in COMBINATIONS), strict=True)
)
"""Each type with the combination that was built on it."""

REFERENCE = Design(
    NO_PROGRAMME, "No programme", "the same people, and nobody invites them to anything", ()
)


def designs_for(scenario: Scenario, own: str | None) -> dict[str, tuple[Design, Scenario]]:
    """Build the reference and every design for one scenario, and the user's own if it has a
    name.
    """
    found = {NO_PROGRAMME: (REFERENCE, without_programme(scenario))}
    found |= {design.name: (design, design.of(scenario)) for design in DESIGNS}
    if own is not None:
        found[OWN] = (own_design(scenario, own), scenario)
    return found


def own_design(scenario: Scenario, label: str = "Your design") -> Design:
    """Describe the scenario as it was configured."""
    parts = " + ".join(name.replace("_", "-") for name in scenario.communities)
    return Design(OWN, label, f"as you configured it: {parts}", tuple(scenario.communities))


def mixes_for(scenario: Scenario) -> dict[str, tuple[Design, Scenario]]:
    """Build the reference and all fifteen mixes of the four types, pure types first; each has the
    elements that the scenario has.
    """
    found = {NO_PROGRAMME: (REFERENCE, without_programme(scenario))}
    for several in range(1, len(TYPES) + 1):
        for parts in itertools.combinations(TYPES, several):
            mix = tuple(part.name for part in parts)
            label = " + ".join(
                part.label if place == 0 else part.label.lower() for place, part in enumerate(parts)
            )
            label = "All four types" if several == len(TYPES) else label
            design = Design(
                "+".join(mix), label, "; ".join(part.text for part in parts), mix, keeps=True
            )
            found[design.name] = (design, design.of(scenario))
    return found


def set_back(
    scenario: Scenario, designs: Mapping[str, tuple[Design, Scenario]]
) -> list[tuple[str, dict[str, Any]]]:
    """List what a scenario sets and some designs do not have: what distinguishes designs belongs to
    them. Each is a key of the catalogue below ``study.set_back``, and its values, as plain data.
    """
    programmes = [each for name, each in designs.items() if name != NO_PROGRAMME]
    found: list[tuple[str, dict[str, Any]]] = []
    for path in ELEMENTS:
        value = getattr_path(scenario, path)
        without = [one for one, built in programmes if getattr_path(built, path) != value]
        if value and without:
            found.append(("element", {"path": path, "value": value, **_named(without)}))
    events = [event for event in scenario.events if set(event) & set(REDESIGN)]
    without = [one for one, built in programmes if events and built.events != scenario.events]
    if without:
        found.append(("events", {"n": len(events), **_named(without)}))
    return found


def _named(designs: Sequence[Design]) -> dict[str, list[str]]:
    return {"names": [one.name for one in designs], "designs": [one.label for one in designs]}
