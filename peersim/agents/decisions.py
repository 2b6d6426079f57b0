"""Decisions: where in the week people may decide for themselves, and the week in parts between
them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.kernel.compiled import these
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.rules import Rule
from peersim.model.processes.attendance import attendance_propensity
from peersim.model.processes.departure import leaving_propensity
from peersim.model.processes.sign_up import may_sign_up, sign_up_propensity
from peersim.model.vocabulary import CAUSES, COMMUNITIES, N_HAZARDS
from peersim.model.week import WEEK
from peersim.model.world import World, takes_part

HAZARDS = CAUSES[:N_HAZARDS]


class Decision(NamedTuple):
    """A decision of people: after `phase` has worked out `column`, `method` may amend it, before
    the draw.
    """

    phase: Rule
    method: str
    column: str
    asked: Callable[[World, int, int], bool]  # whether a person decides about a community this week


def _has_plans(world: World, i: int, c: int) -> bool:
    return bool(world.planned[i, c] != 0)


def _takes_part(world: World, i: int, c: int) -> bool:
    return bool(takes_part(world, i, c))


DECISIONS = (
    Decision(sign_up_propensity, "sign_up", "sign_up", may_sign_up),
    Decision(attendance_propensity, "attend", "propensity", _has_plans),
    Decision(leaving_propensity, "leave", "hazard", _takes_part),
)


def parts() -> list[tuple[Any, Decision | None]]:
    """Which phases act up to each decision; after the last the week is recorded (None)."""
    ends = [WEEK.index(decision.phase) + 1 for decision in DECISIONS]
    slices = zip([0, *ends], [*ends, len(WEEK) + 1], strict=True)
    return list(zip([these(range(a, b)) for a, b in slices], [*DECISIONS, None], strict=True))


def ask(decision: Decision, world: World, person: Any) -> None:
    """Let one person decide about each of their communities, and write into the world what they
    says.
    """
    column = world.chances[decision.column]
    for number, community in enumerate(COMMUNITIES):
        if decision.asked(world, person.row, number):
            column[person.row, number] = _answer(
                decision, person, community, column[person.row, number]
            )


def _answer(decision: Decision, person: Any, community: str, cell: np.ndarray) -> Any:
    """What a person says to a chance, or to nine hazards, checked."""
    several = cell.ndim > 0
    given = dict(zip(HAZARDS, cell.tolist(), strict=True)) if several else cell.item()
    said = getattr(person, decision.method)(community, given)
    fault = _fault_of_hazards(said) if several else _fault_of_chance(said)
    if fault:
        raise InvalidInput(
            "errors.agents.decision",
            method=f"{type(person).__name__}.{decision.method}",
            value=repr(said),
            person=person.label,
            community=community,
            week=person.model.week,
            fault=fault,
        )
    return [said[name] for name in HAZARDS] if several else said


def _fault_of_chance(said: Any) -> Sentence | None:
    return None if 0.0 <= _number(said) <= 1.0 else Sentence("errors.agents.chance")


def _fault_of_hazards(said: Any) -> Sentence | None:
    if not isinstance(said, Mapping) or set(said) != set(HAZARDS):
        return Sentence("errors.agents.hazards", {"hazards": ", ".join(HAZARDS)})
    wrong = [name for name, rate in said.items() if not 0.0 <= _number(rate) < math.inf]
    return Sentence("errors.agents.hazard", {"name": wrong[0]}) if wrong else None


def _number(said: Any) -> float:
    return float(said) if isinstance(said, Real) else math.nan
