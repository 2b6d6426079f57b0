"""What can be done when supporters leave all at once: go on, rematch, share out, switch, merge,
add, or recruit.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.scenario.scenario import Scenario, changed, epochs
from peersim.studies.staffing.options import Promise

NOBODY_LEFT, GO_ON, MERGE, RECRUIT = "nobody_left", "go_on", "merge", "recruit"


MOST_EACH = 4
"""People one supporter can have at a time: as many as `one_to_one.capacity` allows."""


class Remedy(NamedTuple):
    """One way to answer a loss.

    Attributes
    ----------
    name : str
    label : Sentence
    scenario : Scenario
        With its events, the loss included.
    stand_by, recruits : int
        The last supporters stand by, not invited; so many of them are invited in the week of the
        loss.
    merges : bool
        Whether circles that have lost their leaders join others then.
    anyway : Scenario, optional
        The same change of design without the loss, if the answer is one.
    """

    name: str
    label: Sentence
    scenario: Scenario
    stand_by: int = 0
    recruits: int = 0
    merges: bool = False
    anyway: Scenario | None = None


def remedies(scenario: Scenario, promise: Promise, recruits: int) -> list[Remedy]:
    """Give the reference in which nobody leaves, going on, and every answer that makes sense for
    the programme.

    Parameters
    ----------
    scenario : Scenario
    promise : Promise
    recruits : int
        How many must be invited that as many become active as have left.
    """
    stand_by = max(recruits, promise.lost)
    there = changed(scenario, {"population.asked": scenario.population.asked + stand_by})
    found = [Remedy(NOBODY_LEFT, Sentence("staffing.answer.nobody_left"), there, stand_by)]
    loss = {"week": promise.at, "lose_supporters": promise.lost}

    def answered(*events: dict[str, Any]) -> Scenario:
        return changed(there, {"events": [*there.events, *events]})

    now = in_force(scenario, promise.at)
    for name, label, events in _within(now, promise.at):
        several = dict.fromkeys((promise.lost, recruits)) if name == RECRUIT else [0]
        for new in several:
            own, known = (
                (f"{name}_{new}" if new else name),
                Sentence(label.key, {**label.values, "n": new}),
            )
            found.append(Remedy(own, known, answered(loss, *events), stand_by, new, name == MERGE))
    for name, label, change in _redesigns(now, promise.at):
        with contextlib.suppress(
            InvalidInput
        ):  # a later event of the scenario's own asks for what is no longer there
            left = answered(loss, *_left_alone(now, promise.at), change)
            found.append(Remedy(name, label, left, stand_by, anyway=answered(change)))
    return found


def in_force(scenario: Scenario, week: int) -> Scenario:
    """What is in force in a week, after the scenario's own events."""
    return [stage for since, stage in epochs(scenario) if since <= week][-1]


def _within(scenario: Scenario, week: int) -> Iterator[tuple[str, Sentence, list[dict[str, Any]]]]:
    """Answers that keep the programme as it is."""
    yield GO_ON, Sentence("staffing.answer.go_on"), _left_alone(scenario, week)
    is_matched = "one_to_one" in scenario.communities
    if is_matched:
        more = scenario.one_to_one.capacity + 1
        yield "rematch", Sentence("staffing.answer.rematch"), _matched_anew(week)
        if more <= MOST_EACH:
            label = Sentence("staffing.answer.share_out", {"people": more})
            yield "share_out", label, _matched_anew(week, more)
    if "group" in scenario.communities:
        yield MERGE, Sentence("staffing.answer.merge"), _left_alone(scenario, week)
    key = "rematch_and_recruit" if is_matched else "recruit"
    events = _matched_anew(week) if is_matched else []
    yield RECRUIT, Sentence(f"staffing.answer.{key}"), events


def _redesigns(scenario: Scenario, week: int) -> Iterator[tuple[str, Sentence, dict[str, Any]]]:
    """Answers that change which communities there are."""
    for community in scenario.communities:
        other = next(name for name in ("group", "availability") if name != community)
        label = Sentence(f"staffing.answer.switch.{community}.{other}")
        yield f"switch_{community}", label, {"week": week, "switch": community, "to": other}
    new = next(
        (
            name
            for name in ("group", "availability", "one_to_one")
            if name not in scenario.communities
        ),
        None,
    )
    if new is not None:
        yield f"add_{new}", Sentence(f"staffing.answer.add.{new}"), {"week": week, "add": new}


def _left_alone(scenario: Scenario, week: int) -> list[dict[str, Any]]:
    """Nobody is matched anew in the week of the loss; afterwards the programme does as it always
    did.
    """
    if "one_to_one" not in scenario.communities:
        return []
    later = {"week": week + 1, "set": {"one_to_one.rematch": scenario.one_to_one.rematch}}
    return [{"week": week, "set": {"one_to_one.rematch": False}}, later]


def _matched_anew(week: int, capacity: int | None = None) -> list[dict[str, Any]]:
    more = {} if capacity is None else {"one_to_one.capacity": capacity}
    return [{"week": week, "set": {"one_to_one.rematch": True, **more}}]
