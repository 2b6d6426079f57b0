"""Single changes of a programme: three that are said to hold people, and all that might have kept
one person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.model.vocabulary import COMMUNITIES
from peersim.scenario.scenario import Scenario, changed

Changes = Mapping[str, Any]


class Lever(NamedTuple):
    """One change of a programme.

    Attributes
    ----------
    name, text : str
        Name in the tables, and what it is, for people ("with ...").
    changes : mapping
        Path to value.
    """

    name: str
    text: str
    changes: Changes


LEVERS = (
    Lever("cafe", "a café every week", {"cafe.per_week": 1.0}),
    Lever("supervision", "supervision of supporters twice a month", {"supervision.per_month": 2.0}),
    Lever("page", "a page where members keep in touch", {"page.contact": 0.3}),
    Lever(
        "all_three",
        "café, supervision and page together",
        {"cafe.per_week": 1.0, "supervision.per_month": 2.0, "page.contact": 0.3},
    ),
)
"""What the sources say holds people; the amounts are those of the combinations (twice those for
supervision)."""

_EVERYWHERE = (
    *LEVERS[:3],
    Lever("team", "meetings of supporters with staff twice a month", {"team.per_month": 2.0}),
    Lever(
        "independent",
        "an organisation independent of the services",
        {"organisation": "independent"},
    ),
    Lever("outreach", "an organisation that reaches out", {"organisation": "outreach"}),
)
_OF_TYPE: Mapping[str, tuple[Lever, ...]] = {
    "one_to_one": (
        Lever("weekly", "one-to-one meetings every week", {"one_to_one.every": 1.0}),
        Lever(
            "alike",
            "matches chosen more by what people have in common",
            {"one_to_one.match_weight": 10.0},
        ),
        Lever("one_each", "one person at a time for each supporter", {"one_to_one.capacity": 1}),
        Lever(
            "three_each", "three people at a time for each supporter", {"one_to_one.capacity": 3}
        ),
    ),
    "group": (
        Lever("smaller", "groups of six", {"group.size": 6}),
        Lever("larger", "groups of twelve", {"group.size": 12}),
        Lever("educator", "a member of staff present in the group", {"group.educators": 1.0}),
        Lever("companionship", "members who also meet two and two", {"group.companionship": 0.15}),
        Lever("twice", "group meetings twice a week", {"group.per_week": 2.0}),
    ),
    "availability": (
        Lever("more_shifts", "shifts four times a week", {"availability.per_week": 4.0}),
        Lever(
            "unmarked",
            "supporters who are not marked by their clothes",
            {"availability.marking": 0.0},
        ),
        Lever("three_on_duty", "three supporters on a shift", {"availability.on_duty": 3}),
    ),
    "digital": (
        Lever("at_once", "no wait before the platform opens", {"digital.screening_weeks": 0}),
        Lever("chat_works", "a chat without technical trouble", {"digital.technical_trouble": 0.0}),
        Lever("easy", "a platform that takes half the effort", {"digital.effort": 0.9}),
    ),
}
_NAMES = {
    "one_to_one": "one-to-one support besides",
    "group": "a group besides",
    "availability": "a drop-in place besides",
    "digital": "a platform besides",
}


def single_changes(scenario: Scenario) -> list[Lever]:
    """List the single changes that can be made to a programme: those that would change anything at
    all.
    """
    levers = [*_EVERYWHERE, *(lever for name in scenario.communities for lever in _OF_TYPE[name])]
    levers += [
        Lever(f"with_{name}", _NAMES[name], {"communities": [*scenario.communities, name]})
        for name in COMMUNITIES
        if name not in scenario.communities
    ]
    return [lever for lever in levers if is_a_change(scenario, lever.changes)]


def is_a_change(scenario: Scenario, changes: Changes) -> bool:
    """Whether changes can be made to a scenario and make another one of it."""
    known = leaves(Scenario)
    try:
        later = changed(scenario, changes)
    except InvalidInput:  # such as groups smaller than the minimum that was chosen
        return False
    return any(known[path].get(later) != known[path].get(scenario) for path in changes)
