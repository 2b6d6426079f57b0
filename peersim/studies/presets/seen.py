"""What is seen of one run, week by week, and read off it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from peersim.model.outcomes import NAMES
from peersim.model.people import CHIME
from peersim.model.vocabulary import (
    ACTIVE,
    CAUSES,
    COMPLETED,
    DIGITAL,
    GROUP,
    IN_TRAINING,
    N_HAZARDS,
    NEVER_STARTED,
    NOBODY,
    NONE,
    ONE_TO_ONE,
    SELF_RUN,
    SUPPORTER,
    TRAINING_DROPOUT,
)
from peersim.model.world import World
from peersim.run.first_day import Blueprint
from peersim.run.replicate import Replicate
from peersim.run.standing import living, worth

Number = int | np.int64
"""Of a community."""

BY_WEEK = ("face_to_face", "strain", "resting", "kept_away", "outside_contacts", "contributed")
"""Columns of people that are kept for each week."""


class Seen(NamedTuple):
    """One run as it was seen; arrays by week begin with the first day.

    Attributes
    ----------
    world : World
        As it is at the end.
    outcomes : float array, week x everybody and each community x outcome
    status, present : int arrays, week x person x community
        Standing with each community, and this week's meetings that a person came to, a bit each.
    partner : int array, week x person
        Row of the supporter whom a recipient is matched with, or -1.
    task : int array, week x person
        What members do on the platform: 0 they follow, other numbers are tasks; -1: no member.
    weekly : dict of str to array, week x person
        See `BY_WEEK`.
    confidant : float array, week x person
        Greatest confidence in somebody met through the programme.
    bond, strength : float arrays
        Of each tie of the ledger: the most it was ever worth, and its greatest strength.
    groups : list of (week, members, leaders)
        Of each group that began.
    """

    world: World
    outcomes: np.ndarray
    status: np.ndarray
    present: np.ndarray
    partner: np.ndarray
    task: np.ndarray
    weekly: dict[str, np.ndarray]
    confidant: np.ndarray
    bond: np.ndarray
    strength: np.ndarray
    groups: list[tuple[int, int, int]]

    # -- who ---------------------------------------------------------------------------------------
    @property
    def recipients(self) -> np.ndarray:
        """Who was invited as a recipient, whatever they become later."""
        return invited_as_recipients(self.world)

    @property
    def supporters(self) -> np.ndarray:
        """Who was a supporter from the first day, or was asked to become one."""
        return ~self.recipients

    def joined(self, community: Number) -> np.ndarray:
        """Who has ever taken part in a community."""
        began = self.world.memberships["joined"][:, community] >= 0
        return np.asarray(began & (self.world.status[:, community] != NONE))

    def joined_as_recipients(self, community: Number) -> np.ndarray:
        """Which recipients have ever taken part in a community."""
        return np.asarray(self.joined(community) & self.recipients)

    @property
    def served(self) -> np.ndarray:
        """Which supporters have ever been active."""
        return np.asarray((self.status == ACTIVE).any(axis=(0, 2)) & self.supporters)

    @property
    def completers(self) -> np.ndarray:
        """Which recipients have been through the whole course of a group."""
        over = np.isin(self.world.status[:, GROUP], (COMPLETED, SELF_RUN))
        return np.asarray(over & self.recipients)

    def course_over(self) -> np.ndarray:
        """The week in which each person's course was over; beyond the last week if it never was."""
        over = np.isin(self.status[:, :, GROUP], (COMPLETED, SELF_RUN))
        return np.where(over.any(axis=0), over.argmax(axis=0), len(over))

    # -- what happened -----------------------------------------------------------------------------
    def matches(self) -> dict[tuple[int, int], int]:
        """The first week of each pair that was ever matched: (recipient, supporter) to week."""
        found: dict[tuple[int, int], int] = {}
        for week, row in zip(*np.nonzero(self.partner >= 0), strict=True):
            found.setdefault((int(row), int(self.partner[week, row])), int(week))
        return found

    def first_week(self, has_happened: np.ndarray) -> np.ndarray:
        """The first week in which something holds of each person; beyond the last if it never
        does.
        """
        return np.where(has_happened.any(axis=0), has_happened.argmax(axis=0), len(has_happened))

    def signed_up(self) -> np.ndarray:
        """The week of each person's sign-up."""
        return self.first_week((self.status != NONE).any(axis=2))

    def in_training(self, community: Number) -> np.ndarray:
        """Who has begun to train for a community."""
        never = self.world.memberships["cause"][:, community] == NEVER_STARTED
        return np.asarray((self.status[:, :, community] == IN_TRAINING).any(axis=0) & ~never)

    def left(self, who: np.ndarray, *causes: str, community: Number | None = None) -> int:
        """How many departures of some people had one of these causes; none named: any decided by
        those who left.
        """
        known = [CAUSES.index(cause) for cause in causes] or [
            *range(N_HAZARDS),
            int(TRAINING_DROPOUT),
        ]
        list_of = self.world.departures[: int(self.world.clock[0].n_departures)]
        theirs = who[list_of["person"]] & np.isin(list_of["cause"], known)
        if community is not None:
            theirs &= list_of["community"] == community
        return int(theirs.sum())

    def visits(self, community: Number, who: np.ndarray) -> int:
        """How many meetings of a community some people came to, counted for each."""
        return int(np.bitwise_count(self.present[:, who, community].astype(np.uint8)).sum())

    def outcome(self, name: str, week: int, community: Number) -> float:
        """An outcome over those whom a community has reached by a week; NaN if there is nobody."""
        return float(self.outcomes[week, community + 1, NAMES.index(name)])

    def story(self, column: str) -> np.ndarray:
        """A column of the ledger of ties."""
        return np.asarray(self.world.ledger[column][: len(self.bond)])

    def state(self, *names: str) -> np.ndarray:
        """The mean of some states of each person at the end."""
        return np.asarray(np.mean([self.world.people[name] for name in names], axis=0))

    @property
    def score(self) -> np.ndarray:
        """Recovery score of each person at the end, 0 to 60."""
        return 60.0 * self.state(*CHIME)


def invited_as_recipients(world: World) -> np.ndarray:
    """Who was invited as a recipient: they come first."""
    return np.arange(len(world.people)) < int(world.clock[0].recipients)


def gain(seen: Seen, other: Seen, who: np.ndarray, *names: str) -> float:
    """How much higher the mean of some states is for some people than for the same people in the
    other run; minus infinity where there is nobody.
    """
    if not who.any():
        return -np.inf
    return float((seen.state(*names) - other.state(*names))[who].mean())


def mean_strain(seen: Seen) -> float:
    """Mean strain over weeks and supporters who ever served."""
    return float(seen.weekly["strain"][:, seen.served].mean()) if seen.served.any() else 0.0


# -- following -------------------------------------------------------------------------------------
def follow(blueprint: Blueprint, seed: int) -> Seen:
    """Run one world and note what is seen of it week by week."""
    rows = 40 * len(blueprint.ids) + 64
    while True:
        replicate = Replicate(blueprint, seed, ledger_rows=rows, departure_rows=rows)
        found = _watch(replicate, rows)
        if found is not None:
            return found
        rows *= 2


def _watch(replicate: Replicate, rows: int) -> Seen | None:
    notes = _Notes(rows, len(replicate.blueprint.ids))
    notes.take(replicate.world)
    for world in replicate.weeks():
        if max(world.clock[0].n_ledger, world.clock[0].n_departures) > rows:
            return None
        notes.take(world)
    return notes.seen(replicate)


class _Notes:
    """What is noted at the end of each week."""

    def __init__(self, rows: int, people: int) -> None:
        self.by_week: dict[str, list[np.ndarray]] = {}
        self.bond, self.strength = np.zeros(rows), np.zeros(rows)
        self.groups: list[tuple[int, int, int]] = []
        self.circle = np.full(people, -1)

    def take(self, world: World) -> None:
        """Note what there is to see in a world today."""
        people, memberships, status = world.people, world.memberships, world.status
        part = np.isin(status, (ACTIVE, SELF_RUN))
        there = living(world)
        ties = world.ties[world.partners["tie"]]
        own: dict[str, Any] = {name: people[name].copy() for name in BY_WEEK}
        own["status"], own["present"] = status.copy(), world.present.copy()
        matched = status[:, ONE_TO_ONE] != NONE
        own["partner"] = np.where(
            matched & invited_as_recipients(world), memberships["partner"][:, ONE_TO_ONE], NOBODY
        )
        own["task"] = np.where(part[:, DIGITAL], memberships["contributor"][:, DIGITAL], -1)
        own["confidant"] = np.where(there, ties["confidence"], 0.0).max(axis=1)
        for name, values in own.items():
            self.by_week.setdefault(name, []).append(values)
        self._note_ties(ties[there], world)
        self._note_groups(world, part[:, GROUP])

    def _note_ties(self, ties: np.ndarray, world: World) -> None:
        rows, of_full_confidence = ties["row"], world.params[0]["ties"]["confidence_value"]
        self.bond[rows] = np.maximum(self.bond[rows], worth(ties, of_full_confidence))
        self.strength[rows] = np.maximum(self.strength[rows], ties["strength"])

    def _note_groups(self, world: World, takes_part: np.ndarray) -> None:
        """How many members and leaders a group began with.

        Who has left within its first week belongs to no circle any more: leaders who did, and led
        no other group that goes on, are counted where some are missing.
        """
        week, circles, own = int(world.clock[0].week), world.circles, world.memberships[:, GROUP]
        new, leads = circles["started"] == week, world.people["role"] == SUPPORTER
        goes_on = (self.circle >= 0) & (circles["open"] == 1)[self.circle] & ~new[self.circle]
        met = leads & (own["left"] == week) & (world.planned[:, GROUP] != 0)
        gone = int((met & ~goes_on).sum())
        for k in np.flatnonzero(new & (circles["community"] == GROUP) & (week > 0)):
            there = takes_part & (own["circle"] == k)
            led = int((there & leads).sum())
            also = min(gone, max(0, int(world.params[-1]["group"]["leaders"]) - led))
            gone -= also
            self.groups.append((week, int((there & ~leads).sum()), led + also))
        self.circle = own["circle"].copy()

    def seen(self, replicate: Replicate) -> Seen:
        """Put the notes of all weeks together."""
        arrays = {name: np.array(values) for name, values in self.by_week.items()}
        whole = {name: arrays.pop(name) for name in ("status", "present", "partner", "task")}
        n = int(replicate.world.clock[0].n_ledger)
        return Seen(
            world=replicate.world,
            outcomes=replicate.outcomes,
            **whole,
            confidant=arrays.pop("confidant"),
            weekly=arrays,
            bond=self.bond[:n],
            strength=self.strength[:n],
            groups=self.groups,
        )


def share_of_weeks(holds: Sequence[bool] | np.ndarray) -> float:
    """Share of weeks in which something holds; 0 where there are none."""
    return float(np.mean(holds)) if len(holds) else 0.0
