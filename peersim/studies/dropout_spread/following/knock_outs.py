"""Knock-outs: leaving by leaving, the same world with and without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from peersim.model.vocabulary import ACTIVE, RECIPIENT
from peersim.studies.dropout_spread.following.effects import (
    Changed,
    changed_by,
    counted,
    net_gave_up,
    net_of,
    net_out,
)
from peersim.studies.dropout_spread.following.history import After, History, Leaving
from peersim.studies.dropout_spread.following.places import Network, Place

AS_IT_HAPPENED, WHAT_IF = "as it happened", "what if"
WHAT_IF_WEEKS = (6, 10, 14, 18, 22, 26)
"""Weeks in which somebody drawn by lot is made to leave."""


class KnockOut(NamedTuple):
    """One leaving and what it did.

    Attributes
    ----------
    seed : int
    kind : str
        `AS_IT_HAPPENED`: the person left and is kept in the other world. `WHAT_IF`: they did not
        leave then and are made to.
    leaving : Leaving
    role : int
    place : Place
        In the network of ties at the end of the week before.
    changed : Changed
    counts : int array
        Number of changed departures by kind, of those who took part when the person left.
    net, net_recipients, net_supporters : int
        Net number of departures within the window of those who took part when the person left; of
        these, by the role in which they were invited.
    net_newcomers : int
        The same of places taken later: a place that is left may be taken by another, who may leave
        it too.
    net_gave_up, net_out : int
        Net number of others who give up waiting without ever having taken part; net number of other
        recipients who have no place at the end of the window, for whatever reason.
    """

    seed: int
    kind: str
    leaving: Leaving
    role: int
    place: Place
    changed: Changed
    counts: np.ndarray
    net: int
    net_recipients: int
    net_supporters: int
    net_newcomers: int
    net_gave_up: int
    net_out: int


def compared(
    history: History, kind: str, leaving: Leaving, place: Place, ends: tuple[After, After]
) -> KnockOut:
    """Compare the worlds with and without one leaving."""
    with_it, without = ends
    role = history.blueprint.roles  # as they were invited, in both worlds
    change = changed_by(leaving.row, history.before(leaving.week).world, with_it, without)
    recipients = net_of(change, change.was_there & (role[change.row] == RECIPIENT))
    return KnockOut(
        seed=history.seed,
        kind=kind,
        leaving=leaving,
        role=int(history.before(leaving.week).world.people["role"][leaving.row]),
        place=place,
        changed=change,
        counts=counted(change),
        net=net_of(change, change.was_there),
        net_recipients=recipients,
        net_supporters=net_of(change, change.was_there) - recipients,
        net_newcomers=net_of(change, ~change.was_there),
        net_gave_up=net_gave_up(leaving.row, leaving.week, with_it, without),
        net_out=net_out(leaving.row, role == RECIPIENT, with_it, without),
    )


def draw_leavers(history: History, week: int) -> list[Leaving]:
    """Draw by lot one recipient and one supporter among those who take part at the end of the week
    before.
    """
    world, chance = history.before(week).world, np.random.default_rng([history.seed, week])
    found = []
    for role in range(2):
        there = (world.status == ACTIVE) & (world.people["role"] == role)[:, None]
        rows = np.flatnonzero(there.any(axis=1))
        if len(rows):
            row = int(rows[int(chance.random() * len(rows))])
            found.append(Leaving(row, week, int(np.flatnonzero(there[row])[0]), -1))
    return found


class Sample(NamedTuple):
    """Which leavings are looked into.

    Attributes
    ----------
    most : int
        As they happened, at most so many in each world, drawn by lot if there are more.
    what_if_weeks : sequence of int
        Weeks in which somebody drawn by lot is made to leave.
    """

    most: int = 1_000
    what_if_weeks: Sequence[int] = ()


def chosen_leavings(history: History, most: int) -> list[Leaving]:
    """Those who left, or as many of them as asked for, drawn by lot."""
    every = history.leavings()
    if len(every) <= most:
        return every
    lot = np.random.default_rng(history.seed).permutation(len(every))[:most]
    return [every[k] for k in sorted(lot.tolist())]


def knock_outs(history: History, sample: Sample) -> Iterator[KnockOut]:
    """Run one world without each of its leavings, then with leavings that did not happen."""
    happened = chosen_leavings(history, sample.most)
    weeks = [week for week in sample.what_if_weeks if week <= history.last_week]
    history.remember({leaving.week - 1 for leaving in happened} | {week - 1 for week in weeks})
    networks = {
        week: Network(history.before(week).world)
        for week in {*weeks, *(one.week for one in happened)}
    }
    for leaving in happened:
        row, week = leaving.row, leaving.week
        ends = history.as_it_went(week), history.without(row, week)
        yield compared(history, AS_IT_HAPPENED, leaving, networks[week].place_of(row), ends)
    for week in weeks:
        for leaving in draw_leavers(history, week):
            row = leaving.row
            ends = history.with_it(row, week), history.without(row, week)
            yield compared(history, WHAT_IF, leaving, networks[week].place_of(row), ends)
