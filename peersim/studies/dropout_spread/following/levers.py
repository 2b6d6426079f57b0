"""Single changes of a programme: three that are said to hold people, and all that might have kept
one person. Each goes where its words say from what is configured; what acts on price alone is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


def _more(scenario: Scenario, name: str, values: Mapping[str, float]) -> Lever:
    """Raise settings to these values, where they are lower."""
    return Lever(name, {path: max(_now(scenario, path), value) for path, value in values.items()})


def _less(scenario: Scenario, name: str, values: Mapping[str, float]) -> Lever:
    """Lower settings to these values, where they are higher."""
    return Lever(name, {path: min(_now(scenario, path), value) for path, value in values.items()})


def _now(scenario: Scenario, path: str) -> Any:
    return leaves(Scenario)[path].get(scenario)


_USUAL: dict[str, dict[str, float]] = {
    "cafe": {"cafe.per_week": 1.0},
    "supervision": {"supervision.per_month": 2.0},
    "page": {"page.contact": 0.3},
}
_USUAL |= {"all_three": _USUAL["cafe"] | _USUAL["supervision"] | _USUAL["page"]}


def usual_levers(scenario: Scenario) -> list[Lever]:
    """List what the sources say holds people, where it changes a programme; the amounts are those
    of the combinations (twice those for supervision).
    """
    return _that_change(scenario, (_more(scenario, *each) for each in _USUAL.items()))


def _of_matches(scenario: Scenario) -> list[Lever]:
    return [
        _less(scenario, "weekly", {"one_to_one.every": 1.0}),
        _more(scenario, "alike", {"one_to_one.match_weight": 10.0}),
        _less(scenario, "one_each", {"one_to_one.capacity": 1}),
        _more(scenario, "three_each", {"one_to_one.capacity": 3}),
    ]


def _of_groups(scenario: Scenario) -> list[Lever]:
    return [
        _less(scenario, "smaller", {"group.size": 6}),
        _more(scenario, "larger", {"group.size": 12}),
        _more(scenario, "companionship", {"group.companionship": 0.15}),
        _more(scenario, "twice", {"group.per_week": 2.0}),
    ]


def _of_houses(scenario: Scenario) -> list[Lever]:
    return [
        _more(scenario, "more_shifts", {"availability.per_week": 4.0}),
        _less(scenario, "unmarked", {"availability.marking": 0.0}),
        _more(scenario, "three_on_duty", {"availability.on_duty": 3}),
    ]


def _of_platforms(scenario: Scenario) -> list[Lever]:
    return [
        _less(scenario, "at_once", {"digital.screening_weeks": 0}),
        _less(scenario, "chat_works", {"digital.technical_trouble": 0.0}),
        _less(scenario, "easy", {"digital.effort": scenario.digital.effort / 2}),
    ]


_OF_TYPE: Mapping[str, Callable[[Scenario], list[Lever]]] = {
    "one_to_one": _of_matches,
    "group": _of_groups,
    "availability": _of_houses,
    "digital": _of_platforms,
}


def single_changes(scenario: Scenario) -> list[Lever]:
    """List the single changes that can be made to a programme: each goes where its words say from
    what is configured, and is left out if that is no change.
    """
    levers = [
        *(_more(scenario, name, values) for name, values in _USUAL.items() if name != "all_three"),
        _more(scenario, "team", {"team.per_month": 2.0}),
        *(Lever(name, {"organisation": name}) for name in ("independent", "outreach")),
    ]
    for name in scenario.communities:
        levers += _OF_TYPE[name](scenario)
    levers += [
        Lever(f"with_{name}", {"communities": [*scenario.communities, name]})
        for name in COMMUNITIES
        if name not in scenario.communities
    ]
    return _that_change(scenario, levers)


def _that_change(scenario: Scenario, levers: Iterable[Lever]) -> list[Lever]:
    return [lever for lever in levers if is_a_change(scenario, lever.changes)]


def is_a_change(scenario: Scenario, changes: Changes) -> bool:
    """Whether changes can be made to a scenario and make another one of it."""
    known = leaves(Scenario)
    try:
        later = changed(scenario, changes)
    except InvalidInput:  # such as groups smaller than the minimum that was chosen
        return False
    return any(known[path].get(later) != known[path].get(scenario) for path in changes)
