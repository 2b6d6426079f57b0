"""Some people followed week by week, in a programme or without any."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from peersim.model.people import CHIME
from peersim.model.vocabulary import ONE_TO_ONE, RECIPIENT, SUPPORTER
from peersim.model.world import World
from peersim.run.first_day import FIRST_SUPPORTER, Blueprint, draw_up
from peersim.run.replicate import Replicate
from peersim.run.standing import have_a_place
from peersim.scenario.scenario import Scenario

_ROOM = 100_000  # more than there are weeks or circles, so that circle and week make one number


class Cohort(NamedTuple):
    """Some people followed week by week; week 0 is the start.

    Attributes
    ----------
    states : array, (weeks + 1) x people x 6
        The five CHIME states, and the number of people in touch, outside and through the programme.
    attended, offered : int arrays, (weeks + 1) x people
        Meetings so far.
    belongs : bool array, (weeks + 1) x people
        Takes part, has completed or has moved on.
    invited, joined : int arrays
        Week of the invitation, which is that of enrolment, and first week of taking part (-1:
        never).
    unit : int array
        The circle, or else the supporter, that a person was first given; -1 if none.
    """

    states: np.ndarray
    attended: np.ndarray
    offered: np.ndarray
    belongs: np.ndarray
    invited: np.ndarray
    joined: np.ndarray
    unit: np.ndarray


def prepare(scenario: Scenario, weeks: int) -> Blueprint:
    """Draw up a programme for `weeks` weeks."""
    return draw_up(replace(scenario, weeks=weeks))


def peopled(blueprint: Blueprint, recipients: np.ndarray, site: int, supporters: int) -> Blueprint:
    """The same plan for other people: these recipients, and the supporters of one place."""
    others = FIRST_SUPPORTER + site * supporters + np.arange(1, supporters + 1)
    roles = np.r_[np.full(len(recipients), RECIPIENT), np.full(supporters, SUPPORTER)]
    return replace(
        blueprint, ids=np.r_[recipients, others].astype("i8"), roles=roles.astype("i8"), labels=[]
    )


def follow(blueprint: Blueprint, seed: int, recipients: int) -> Cohort:
    """Live one world to its end and keep, week by week, what a trial could ask of its
    recipients.
    """
    replicate = Replicate(blueprint, seed)
    world, shape = replicate.world, (blueprint.weeks + 1, recipients)
    kept = Cohort(
        np.zeros((*shape, len(CHIME) + 1)),
        np.zeros(shape, int),
        np.zeros(shape, int),
        np.zeros(shape, bool),
        world.people["invited_week"][:recipients].copy(),
        np.zeros(recipients, int),
        np.full(recipients, -1),
    )
    _note(kept, world, 0)
    for world in replicate.weeks():
        _note(kept, world, replicate.week)
    return kept._replace(joined=_first_joined(world, recipients))


def _note(kept: Cohort, world: World, week: int) -> None:
    n = kept.states.shape[1]
    people, memberships = world.people[:n], world.memberships[:n]
    for k, name in enumerate(CHIME):
        kept.states[week, :, k] = people[name]
    kept.states[week, :, -1] = people["outside_contacts"] + people["n_ties"]
    if not len(world.used):
        return  # without any programme there is nothing else to note
    kept.attended[week] = memberships["attended"].sum(axis=1)
    kept.offered[week] = memberships["offered"].sum(axis=1)
    kept.belongs[week] = have_a_place(world)[:n]
    _note_units(kept, world, n)


def _note_units(kept: Cohort, world: World, n: int) -> None:
    # a membership keeps numbers in few bits
    circle = world.memberships["circle"][:n].max(axis=1).astype(int)
    partner = world.memberships["partner"][:n, ONE_TO_ONE].astype(int)
    fresh = (kept.unit < 0) & (circle >= 0)
    kept.unit[fresh] = circle[fresh] * _ROOM + world.circles["started"][circle[fresh]]
    matched = (kept.unit < 0) & (partner >= 0)
    kept.unit[matched] = (len(world.circles) + partner[matched]) * _ROOM


def _first_joined(world: World, n: int) -> np.ndarray:
    joined = world.memberships["joined"][:n].astype(int)
    first = np.where(joined >= 0, joined, _ROOM).min(axis=1)
    return np.where(first == _ROOM, -1, first)
