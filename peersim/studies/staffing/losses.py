"""After supporters have left: how those whom they leave behind fare, everybody invited, and the
other supporters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from peersim.kernel.chance import LOST_SUPPORTERS, draw
from peersim.model.people import EVERYWHERE
from peersim.model.vocabulary import (
    ACTIVE,
    IN_TRAINING,
    LEFT,
    NOBODY,
    ONE_TO_ONE,
    OVERLOAD,
    RECIPIENT,
    SELF_RUN,
    SUPPORTER,
    WAITING,
)
from peersim.model.world import World
from peersim.run.first_day import Blueprint
from peersim.run.replicate import Replicate
from peersim.run.standing import have_a_place, living, mean_of, stand
from peersim.studies.staffing.remedies import Remedy

EVERYONE, BEHIND, OTHERS = "everyone invited", "those left behind", "the other supporters"

MEASUREMENTS = (
    ("connectedness", EVERYONE, "higher", "0-1"),
    ("retained", EVERYONE, "higher", "share"),
    ("connectedness", BEHIND, "higher", "0-1"),
    ("met_again", BEHIND, "higher", "share"),
    ("gone", BEHIND, "lower", "share"),
    ("strain", OTHERS, "lower", "0-1"),
    ("overloaded", OTHERS, "lower", "share"),
)
"""Outcome, whose it is, which direction is to be wished for, and its unit."""


class Loss(NamedTuple):
    """Who leaves and whom they leave behind, one truth value for each person; the same whatever the
    answer is.

    Attributes
    ----------
    leave, behind, stay : bool arrays
        The supporters who leave, the recipients whom they leave behind, and the supporters who
        serve on.
    attended : int array
        Meetings of each person up to the end of the week of the loss.
    """

    leave: np.ndarray
    behind: np.ndarray
    stay: np.ndarray
    attended: np.ndarray


class After(NamedTuple):
    """What came of one answer in one world.

    Attributes
    ----------
    left, behind : int
        How many left, and how many they left behind.
    values : float array, weeks asked for x `MEASUREMENTS`
        NaN where there is nobody of whom it could be said.
    """

    left: int
    behind: int
    values: np.ndarray


def after_loss(
    blueprint: Blueprint, seed: int, remedy: Remedy, at: tuple[int, int], weeks: list[int]
) -> After:
    """Run one world with one answer to the loss.

    Parameters
    ----------
    blueprint : Blueprint
    seed : int
    remedy : Remedy
    at : (int, int)
        Week of the loss, and how many leave.
    weeks : list of int
        Weeks after it, at the end of which to look.
    """
    replicate, (week_of_loss, lost) = Replicate(blueprint, seed), at
    world = replicate.world
    stand_by = len(world.people) - remedy.stand_by
    world.people["invited_to"][stand_by:] = 0
    loss, values = None, np.full((len(weeks), len(MEASUREMENTS)), np.nan)
    for world in replicate.weeks():
        week = replicate.week
        if week == week_of_loss - 1:
            loss = loss_in(world, seed, lost)
            world.people["invited_to"][stand_by : stand_by + remedy.recruits] = EVERYWHERE
        if loss is not None and week == week_of_loss:
            # whoever leaves keeps this week's appointments
            loss = loss._replace(attended=_attended(world))
            if remedy.merges:
                merge_circles(world)
        if loss is not None and week in weeks:
            values[weeks.index(week)] = measured(world, loss)
    assert loss is not None
    return After(int(loss.leave.sum()), int(loss.behind.sum()), values)


def loss_in(world: World, seed: int, lost: int) -> Loss:
    """Who will leave, by the same draw as the event `lose_supporters`, and whom they leave
    behind.
    """
    role = world.people["role"]
    serving = stand(world, IN_TRAINING, WAITING, ACTIVE, SELF_RUN) & (role == SUPPORTER)
    rows = np.flatnonzero(serving)
    draws = [
        draw(seed, LOST_SUPPORTERS, np.int64(0), world.people[row].id, np.int64(0)) for row in rows
    ]
    leave = np.zeros(len(role), bool)
    leave[rows[np.argsort(draws, kind="stable")[:lost]]] = True
    return Loss(
        leave, _left_behind(world, leave) & (role == RECIPIENT), serving & ~leave, _attended(world)
    )


def _attended(world: World) -> np.ndarray:
    """Meetings of each person so far."""
    return world.memberships["attended"].sum(axis=1)


def _left_behind(world: World, leave: np.ndarray) -> np.ndarray:
    """Matched with one of those who leave, or in a circle with one; where there are neither: with a
    tie to one.
    """
    partner = np.where(
        world.status[:, ONE_TO_ONE] == ACTIVE, world.memberships["partner"][:, ONE_TO_ONE], NOBODY
    )
    circles = np.where(world.status == ACTIVE, world.memberships["circle"], NOBODY)
    if not (partner >= 0).any() and not (circles >= 0).any():
        return _have_ties_to(world, leave)
    behind = np.isin(partner, np.flatnonzero(leave))
    for circle in circles.T:
        behind |= np.isin(circle, circle[leave & (circle >= 0)])
    return behind


def _have_ties_to(world: World, those: np.ndarray) -> np.ndarray:
    return np.asarray((those[world.partners["other"]] & living(world)).any(axis=1))


def merge_circles(world: World) -> None:
    """Members of circles whose leaders have all left, and that found no others, join the smallest
    with leaders.
    """
    for c in world.used:
        led = [k for k, circle in enumerate(world.circles) if _is_led(world, k, c)]
        for k, circle in enumerate(world.circles):
            if (
                circle["open"] == 0
                or circle["community"] != c
                or circle["self_run"] == 1
                or k in led
                or not led
            ):
                continue
            smallest = min(led, key=lambda each: _members(world, each, c))
            members = world.memberships["circle"][:, c] == k
            world.memberships["circle"][members, c] = smallest
            circle["open"] = 0


def _members(world: World, k: int, c: int) -> int:
    """How many belong to a circle; leaders are counted apart."""
    member = world.people["role"] == RECIPIENT
    return int((member & (world.memberships["circle"][:, c] == k)).sum())


def _is_led(world: World, k: int, c: int) -> bool:
    circle = world.circles[k]
    leads = (world.memberships["circle"][:, c] == k) & (world.people["role"] == SUPPORTER)
    here = circle["open"] == 1 and circle["community"] == c and circle["self_run"] == 0
    return bool(here and (leads & (world.status[:, c] == ACTIVE)).any())


def measured(world: World, loss: Loss) -> list[float]:
    """Give what `MEASUREMENTS` names."""
    people, recipients = world.people, world.people["role"] == RECIPIENT
    retained = have_a_place(world)
    gone = ~retained & ~stand(world, WAITING)
    again = _attended(world) > loss.attended
    overloaded = ((world.status == LEFT) & (world.memberships["cause"] == OVERLOAD)).any(axis=1)
    found = (
        (people["connectedness"], recipients),
        (retained, recipients),
        (people["connectedness"], loss.behind),
        (again, loss.behind),
        (gone, loss.behind),
        (people["strain"], loss.stay),
        (overloaded, loss.stay),
    )
    return [mean_of(values, those) for values, those in found]
