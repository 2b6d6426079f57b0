"""Single changes of a programme: three that are said to hold people, and all that might have kept
one person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.model.vocabulary import COMMUNITIES
from peersim.scenario.scenario import Scenario, changed

Changes = Mapping[str, Any]


class Lever(NamedTuple):
    """One change of a programme.

    Attributes
    ----------
    name : str
        In the tables, and of its words.
    changes : mapping
        Path to value.
    who : str
        The person whom it is about, if it is about one.
    """

    name: str
    changes: Changes
    who: str = ""

    @property
    def label(self) -> Sentence:
        """What it is, for people ("with ...")."""
        key = "keep" if self.who else self.name
        return Sentence(f"dropout_spread.lever.{key}", {"who": self.who})

    @property
    def text(self) -> str:
        """The same, as tables say it."""
        return self.label.english


LEVERS = (
    Lever("cafe", {"cafe.per_week": 1.0}),
    Lever("supervision", {"supervision.per_month": 2.0}),
    Lever("page", {"page.contact": 0.3}),
    Lever("all_three", {"cafe.per_week": 1.0, "supervision.per_month": 2.0, "page.contact": 0.3}),
)
"""What the sources say holds people; the amounts are those of the combinations (twice those for
supervision)."""

_EVERYWHERE = (
    *LEVERS[:3],
    Lever("team", {"team.per_month": 2.0}),
    Lever("independent", {"organisation": "independent"}),
    Lever("outreach", {"organisation": "outreach"}),
)
_OF_TYPE: Mapping[str, tuple[Lever, ...]] = {
    "one_to_one": (
        Lever("weekly", {"one_to_one.every": 1.0}),
        Lever("alike", {"one_to_one.match_weight": 10.0}),
        Lever("one_each", {"one_to_one.capacity": 1}),
        Lever("three_each", {"one_to_one.capacity": 3}),
    ),
    "group": (
        Lever("smaller", {"group.size": 6}),
        Lever("larger", {"group.size": 12}),
        Lever("educator", {"group.educators": 1.0}),
        Lever("companionship", {"group.companionship": 0.15}),
        Lever("twice", {"group.per_week": 2.0}),
    ),
    "availability": (
        Lever("more_shifts", {"availability.per_week": 4.0}),
        Lever("unmarked", {"availability.marking": 0.0}),
        Lever("three_on_duty", {"availability.on_duty": 3}),
    ),
    "digital": (
        Lever("at_once", {"digital.screening_weeks": 0}),
        Lever("chat_works", {"digital.technical_trouble": 0.0}),
        Lever("easy", {"digital.effort": 0.9}),
    ),
}


def single_changes(scenario: Scenario) -> list[Lever]:
    """List the single changes that can be made to a programme: those that would change anything at
    all.
    """
    levers = [*_EVERYWHERE, *(lever for name in scenario.communities for lever in _OF_TYPE[name])]
    levers += [
        Lever(f"with_{name}", {"communities": [*scenario.communities, name]})
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
