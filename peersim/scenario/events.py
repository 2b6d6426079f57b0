"""What happens to a programme in which week: the grammar of events, and what each leaves in force.

One event is a mapping with a week and one thing that happens::

    {week: 12, add: group}                          a community starts
    {week: 26, end: group}                          a community ends
    {week: 8, switch: one_to_one, to: availability} everybody moves from one type to another
    {week: 20, lose_supporters: 2}                  so many supporters leave at once
    {week: 26, funding_ends: true}                  whatever the programme pays for stops
    {week: 10, leave: R3}                           one person leaves all communities
    {week: 10, keep: R3}                            one person leaves nothing from then on
    {week: 12, set: {cafe.per_week: 1}}             parameters change from that week on
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput, brief
from peersim.kernel.paths import assign, did_you_mean, duplicate, leaves, unknown
from peersim.model.vocabulary import COMMUNITIES, EVENTS

if TYPE_CHECKING:
    from peersim.scenario.parameters import Scenario

PAID: dict[str, float] = {"cafe.per_week": 0.0, "supervision.per_month": 0.0, "team.per_month": 0.0}
"""What stops with the funding, besides the communities. A page costs nothing and stays."""


def ordered(events: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Events by week; those of one week in the order they were given."""
    return sorted(events, key=lambda event: event["week"])


def kind(event: Mapping[str, Any]) -> str:
    """What happens in an event: one of `peersim.vocabulary.EVENTS`."""
    return next(name for name in EVENTS if name in event)


def check_form(events: Any, weeks: int) -> None:
    """Check that each event says when and what.

    Raises
    ------
    InvalidInput
        Quoting the event.
    """
    if not isinstance(events, (list, tuple)):
        raise InvalidInput("errors.events.no_list", value=brief(events))
    for event in events:
        if not isinstance(event, Mapping):
            raise InvalidInput("errors.events.no_event", value=brief(event))
        _check_keys(event)
        _check_week(event, weeks)
        _CHECKS[kind(event)](event)


def _complaint(
    event: Mapping[str, Any], key: str, hint: Sentence | None = None, **values: Any
) -> InvalidInput:
    inside = ", ".join(f"{name}: {brief(value)}" for name, value in event.items())
    return InvalidInput(key, hint, event=f"{{{inside}}}", **{"week": event.get("week"), **values})


def _check_keys(event: Mapping[str, Any]) -> None:
    known = ("week", *EVENTS, "to")
    for key in event:
        if key not in known:
            others = Sentence("errors.events.known", {"options": EVENTS})
            hint = did_you_mean(str(key), known, others)
            raise _complaint(event, "errors.events.unknown", hint, name=key)
    if sum(name in event for name in EVENTS) != 1:
        raise _complaint(event, "errors.events.not_one", options=EVENTS)
    if ("to" in event) != ("switch" in event):
        raise _complaint(event, "errors.events.switch_to")


def _check_week(event: Mapping[str, Any], weeks: int) -> None:
    week = event.get("week")
    if not isinstance(week, int) or isinstance(week, bool) or not 1 <= week <= weeks:
        raise _complaint(event, "errors.events.week", weeks=weeks)


def _check_community(event: Mapping[str, Any], key: str) -> None:
    if event[key] not in COMMUNITIES:
        hint = did_you_mean(str(event[key]), COMMUNITIES)
        raise _complaint(event, "errors.events.community", hint, name=key, options=COMMUNITIES)


def _check_switch(event: Mapping[str, Any]) -> None:
    _check_community(event, "switch")
    _check_community(event, "to")
    if event["switch"] == event["to"]:
        raise _complaint(event, "errors.events.to_itself")


def _check_loss(event: Mapping[str, Any]) -> None:
    number = event["lose_supporters"]
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise _complaint(event, "errors.events.lose_supporters")


def _check_funding(event: Mapping[str, Any]) -> None:
    if event["funding_ends"] is not True:
        raise _complaint(event, "errors.events.funding_ends")


def _check_set(event: Mapping[str, Any]) -> None:
    if not isinstance(event["set"], Mapping) or not event["set"]:
        raise _complaint(event, "errors.events.set")


def _check_person(event: Mapping[str, Any]) -> None:
    if not isinstance(event[kind(event)], str):
        raise _complaint(event, "errors.events.person", name=kind(event))


_CHECKS = {
    "set": _check_set,
    "add": lambda event: _check_community(event, "add"),
    "end": lambda event: _check_community(event, "end"),
    "switch": _check_switch,
    "lose_supporters": _check_loss,
    "funding_ends": _check_funding,
    "leave": _check_person,
    "keep": _check_person,
}


def _settings(scenario: Scenario, event: Mapping[str, Any]) -> None:
    known = leaves(type(scenario))
    for path, value in event["set"].items():
        if path not in known:
            raise _complaint(event, "errors.events.setting", complaint=unknown(str(path), known))
        if not known[path].is_declared or path == "weeks" or path.startswith("population."):
            raise _complaint(event, "errors.events.fixed", name=path)
        try:
            assign(scenario, path, value)
        except InvalidInput as complaint:
            raise _complaint(event, "errors.events.setting", complaint=complaint) from None


def _add(scenario: Scenario, event: Mapping[str, Any], name: str) -> None:
    if name in scenario.communities:
        raise _complaint(event, "errors.events.already_running", name=name)
    scenario.communities.append(name)


def _end(scenario: Scenario, event: Mapping[str, Any], name: str) -> None:
    if name not in scenario.communities:
        if not scenario.communities:
            raise _complaint(event, "errors.events.nothing_running", name=name)
        others = list(scenario.communities)
        raise _complaint(event, "errors.events.not_running", name=name, running=others)
    scenario.communities.remove(name)


def apply(scenario: Scenario, event: Mapping[str, Any]) -> bool:
    """Let one event change the parameters and communities of a scenario, in place; whether it
    changed any.
    """
    match kind(event):
        case "set":
            _settings(scenario, event)
        case "add":
            _add(scenario, event, event["add"])
        case "end":
            _end(scenario, event, event["end"])
        case "switch":
            _end(scenario, event, event["switch"])
            if event["to"] not in scenario.communities:
                scenario.communities.append(event["to"])
        case "funding_ends":
            scenario.communities.clear()
            for path, value in PAID.items():
                assign(scenario, path, value)
        case _:
            return False
    return True


def epochs(scenario: Scenario) -> list[tuple[int, Scenario]]:
    """What is in force from which week: the scenario from week 0, then one entry for each week of
    change.

    The scenarios of later weeks carry no events of their own; their communities may be none.
    """
    stages = [(0, scenario)]
    for event in ordered(scenario.events):
        week, later = event["week"], duplicate(stages[-1][1])
        later.events = []
        if apply(later, event):
            if stages[-1][0] == week:
                stages.pop()
            stages.append((week, later))
    return stages


def row_of(scenario: Scenario, event: Mapping[str, Any]) -> int:
    """The row of the person whom an event names: recipients first, then supporters."""
    name, table, population = event[kind(event)], scenario.people, scenario.population
    if table is not None and name in table.codes:
        return table.codes.index(name)
    if table is not None and (code := table.code_of(name)):
        raise _complaint(event, "errors.events.code", code=code)
    number = int(name[1:]) if name[1:].isdigit() else 0
    if table is None and name[:1] == "R" and 1 <= number <= population.recipients:
        return number - 1
    if table is None and name[:1] == "S" and 1 <= number <= population.all_supporters:
        return population.recipients + number - 1
    raise _complaint(event, "errors.events.nobody", name=name)


def _number(scenario: Scenario, event: Mapping[str, Any]) -> tuple[int, int]:
    match kind(event):
        case "leave" | "keep":
            return row_of(scenario, event), 0
        case "add":
            return COMMUNITIES.index(event["add"]), 0
        case "end":
            return COMMUNITIES.index(event["end"]), 0
        case "switch":
            return COMMUNITIES.index(event["switch"]), COMMUNITIES.index(event["to"])
        case "lose_supporters":
            return event["lose_supporters"], 0
    return 0, 0


def actions(scenario: Scenario) -> list[tuple[int, int, int, int]]:
    """Events as numbers for compiled code: (week, position in `EVENTS`, a, b), by week.

    `a` and `b` are positions in `COMMUNITIES` (switch: from, to), or `a` is how many supporters are
    lost, or the row of the person who leaves or is kept.
    """
    return [
        (event["week"], EVENTS.index(kind(event)), *_number(scenario, event))
        for event in ordered(scenario.events)
    ]
