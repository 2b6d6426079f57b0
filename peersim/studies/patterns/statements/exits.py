"""Patterns of one exit: the same world with and without it (A2, A3, A19a)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.model.vocabulary import GROUP as GROUPS
from peersim.model.vocabulary import NOBODY
from peersim.model.vocabulary import ONE_TO_ONE as PAIRS
from peersim.model.world import World
from peersim.run.replicate import Replicate
from peersim.run.standing import living
from peersim.studies.patterns.finding import Finding, remark
from peersim.studies.patterns.laboratory import Changes, Laboratory
from peersim.studies.patterns.measurements import recipients
from peersim.studies.patterns.pattern import BUILT_IN, EMERGENT, Pattern, above, below
from peersim.studies.patterns.statements.programmes import (
    GROUP,
    ONE_TO_ONE,
    ONE_TO_ONE_WITH_GROUP_ELEMENT,
)

OLD_ENOUGH = 6
"""Weeks that a match or a group must have existed before somebody is taken out of it."""
COST_AFTER, ALONE_AFTER = 12, 8


class Exit(NamedTuple):
    """Who is taken out, and who is left behind."""

    leaver: int
    left_behind: np.ndarray


def exit_from_a_match(world: World, seed: int) -> Exit | None:
    """The supporter of the longest match that is old enough; those left behind."""
    m, week = world.memberships[:, PAIRS], int(world.clock[0]["week"])
    ripe = (
        recipients(world)
        & (m["partner"] != NOBODY)
        & (week - m["matched"] >= OLD_ENOUGH)
        & (m["attended"] > 0)
    )
    if not ripe.any():
        return None
    supporter = int(m["partner"][np.flatnonzero(ripe)[0]])
    return Exit(supporter, np.flatnonzero(ripe & (m["partner"] == supporter)))


def exit_from_a_group(world: World, seed: int, leads: bool | None = None) -> Exit | None:
    """Any member (or, if asked, a leader) of the first group that is old enough; the recipients
    left behind.
    """
    m, week = world.memberships[:, GROUPS], int(world.clock[0]["week"])
    for k in np.flatnonzero(
        (world.circles["open"] == 1) & (week - world.circles["started"] >= OLD_ENOUGH)
    ):
        members = np.flatnonzero((m["circle"] == k) & (m["attended"] > 0))
        able = members if leads is None else members[recipients(world)[members] != leads]
        if len(able) and len(members) > 1:
            leaver = int(able[seed % len(able)])
            return Exit(
                leaver,
                np.array([row for row in members if row != leaver and recipients(world)[row]], int),
            )
    return None


def cost_of_exit(replicate: Replicate, choose: Callable[[World, int], Exit | None]) -> float:
    """Connectedness that those left behind lose by one exit, some weeks later: without it less with
    it.
    """
    for world in replicate.weeks():
        taken = choose(world, replicate.seed)
        if taken is None or not len(taken.left_behind):
            continue
        other = replicate.copy().withdraw(taken.leaver)
        rows = taken.left_behind
        end = replicate.week + COST_AFTER
        stayed, lost = replicate.run_to(end), other.run_to(end)
        return float((stayed.people["connectedness"] - lost.people["connectedness"])[rows].mean())
    return np.nan


def _exit_costs(lab: Laboratory, rematch: bool) -> Finding:
    pairs, groups = lab.equal({**ONE_TO_ONE, "one_to_one.rematch": rematch}, GROUP)

    def cost(design: Changes, choose: Callable[[World, int], Exit | None]) -> np.ndarray:
        return lab.each_world(design, partial(cost_of_exit, choose=choose))

    in_pairs, in_groups = cost(pairs, exit_from_a_match), cost(groups, exit_from_a_group)

    def remarks() -> list[Sentence]:
        leaders = cost(groups, partial(exit_from_a_group, leads=True))
        costs = {"partner": in_pairs, "member": in_groups, "leader": leaders}
        numbers = {name: f"{np.nanmean(values):.4f}" for name, values in costs.items()}
        return [remark("cost_of_exit", **numbers), lab.hours_remark(pairs, groups)]

    return Finding(in_pairs - in_groups, remarks)


def exit_costs_without_rematching(lab: Laboratory) -> Finding:
    """Cost of one exit to a partner less that to a group member; nobody is matched again."""
    return _exit_costs(lab, rematch=False)


def exit_costs_with_rematching(lab: Laboratory) -> Finding:
    """Cost of one exit to a partner less that to a group member; partners are matched again if they
    can be.
    """
    return _exit_costs(lab, rematch=True)


def alone_after_exit(replicate: Replicate) -> tuple[float, float]:
    """Share of a leaving supporter's recipients who have no living tie but to them 8 weeks later;
    and none at all.
    """
    for world in replicate.weeks():
        taken = exit_from_a_match(world, 0)
        if taken is None:
            continue
        replicate.withdraw(taken.leaver)
        world, rows = replicate.run_to(replicate.week + ALONE_AFTER), taken.left_behind
        others = (living(world) & (world.partners["other"] != taken.leaver)).sum(axis=1)
        return float((others[rows] == 0).mean()), float((world.people["n_ties"][rows] == 0).mean())
    return np.nan, np.nan


def _alone(lab: Laboratory, added: Changes) -> Finding:
    """Share with no living tie but to whoever left: with the element added less without."""
    found = lab.compare(
        ONE_TO_ONE, added, lambda design: lab.each_world(design, alone_after_exit)[:, 0]
    )

    def remarks() -> list[Sentence]:
        more, plain = (
            np.nanmean(lab.each_world(design, alone_after_exit)[:, 1])
            for design in (added, ONE_TO_ONE)
        )
        none = remark("no_tie_at_all", more=f"{more:.2f}", plain=f"{plain:.2f}")
        return [*found.all_remarks(), none]

    return found._replace(remarks=remarks)


def cafe_against_being_alone(lab: Laboratory) -> Finding:
    """Share left without a tie 8 weeks after a supporter's exit: with a weekly café less
    without.
    """
    return _alone(lab, {**ONE_TO_ONE, "cafe.per_week": 1.0})


def combination_against_being_alone(lab: Laboratory) -> Finding:
    """The same for the whole combination: café and supervision."""
    return _alone(lab, ONE_TO_ONE_WITH_GROUP_ELEMENT)


PATTERNS = (
    Pattern(
        "A2a", "T", BUILT_IN, above(0.002), "connectedness 0-1", exit_costs_without_rematching, 2
    ),
    Pattern("A2b", "T", BUILT_IN, above(0.002), "connectedness 0-1", exit_costs_with_rematching, 2),
    Pattern("A3", "T", EMERGENT, below(0.05), "share", cafe_against_being_alone),
    Pattern("A19a", "T", EMERGENT, below(0.05), "share", combination_against_being_alone),
)
