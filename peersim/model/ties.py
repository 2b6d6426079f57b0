"""Ties: counted in hours together, with two sides (familiarity and confidence), a life story and an
end.

Each person has a list of at most `MOST_TIES` partners, and both partners' lists point to the one
record of their tie; the ledger keeps one row for each tie that ever was.
"""

import math
from dataclasses import dataclass

import numpy as np

from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase, rule
from peersim.model.ahead import TIES, ahead, ahead_of_recount
from peersim.model.vocabulary import DISPLACED, FADED, NEVER, NOBODY
from peersim.model.world import MOST_TIES, everybody, settings

PARTNER = np.dtype((np.record, [("other", "i4"), ("tie", "i4")]))
"""One place in a person's list: the other's row, and the place of their tie in `World.ties`."""

TIE = np.dtype(
    (
        np.record,
        [
            ("hours", "f8"),
            ("effective", "f8"),
            ("strength", "f8"),
            ("confidence", "f8"),
            ("given_low", "f8"),
            ("given_high", "f8"),
        ]
        + [
            ("row", "i8"),
            ("formed", "i2"),
            ("last", "i2"),
            ("met_in", "i1"),
            ("private", "i1"),
            ("across", "i1"),
            ("shared", "i1"),
        ],
    )
)
"""A tie, 64 bytes. `private`: whether the two have met otherwise than in a match. `given_low` and `given_high`: hours of support given by the one with the lower,
the higher row. `row` is its row in the ledger; in a place that is free, the next free place."""

LEDGER = np.dtype(
    (
        np.record,
        [
            ("a", "i4"),
            ("b", "i4"),
            ("formed", "i2"),
            ("ended", "i2"),
            ("met_in", "i2"),
            ("reason", "i1"),
            ("across", "i1"),
        ]
        + [("hours", "f8"), ("strength", "f8"), ("confidence", "f8")],
    )
)


@dataclass
class Ties:
    """How ties grow with time together and fade without it."""

    # fmt: off
    familiarity_hours: float = parameter(130, "hours", 40, 400, "hours of chosen company after which a tie has 63 % of full strength", "T01 T02 T03", "measured")
    circle_sharing: float = parameter(0.5, "-", 0, 1, "how far the hours of a circle are divided among its members: each pair gets hours / (others ^ this)")
    nearness: float = parameter(0.5, "0-1", 0, 1, "share of the growth of a tie that depends on nearness of lived experience", "O38", "theory")
    confidence_gain: float = parameter(0.5, "per meeting", 0, 1, "share of the missing confidence won in one fully intimate, safe and open meeting", "T11", "assumption")
    openness: float = parameter(0.5, "0-1", 0, 1, "share of disclosure that depends on openness")
    confidence_half_life: float = parameter(39, "weeks", 8, 520, "weeks without contact after which confidence is halved", "T04 T06", "assumption")
    confidence_value: float = parameter(0.5, "0-1", 0, 1, "how much of a friend a tie of full confidence is, before any familiarity")
    weak_half_life: float = parameter(15, "weeks", 4, 52, "weeks without contact after which a weak tie without shared friends is halved", "T04", "measured")
    stability: float = parameter(6, "-", 0, 9, "how much longer strong ties last without contact: half-life times exp(this x strength)", "T05", "calibrated")
    closure: float = parameter(0.5, "-", 0, 3, "how much longer a tie lasts for each shared friend (Simmelian ties)", "T04 C13", "theory")
    floor_hours: float = parameter(1.0, "hours", 0.02, 5, "familiarity, in effective hours, below which a tie ends when it is not renewed", "T04", "assumption")
    forgotten_after: int = parameter(8, "weeks", 0, 52, "weeks without contact after which a tie below the floor of familiarity has ended", "T04", "assumption")
    settled_hours: float = parameter(5, "hours", 0.5, 50, "a full circle of acquaintances: ties above this many effective hours are not displaced by a new one")
    strong: float = parameter(0.3, "0-1", 0.05, 0.9, "strength from which a tie counts as strong (a casual friend, about 50 hours)", "T01", "theory")
    introductions: float = parameter(0.01, "per week", 0, 0.2, "chance a week that a person is introduced to a friend of a friend", "A10", "assumption")
    acquaintance: float = parameter(6.0, "-", 0, 30, "how readily people sit down with somebody they know, in a café, a drop-in place or a meeting of supporters: this x (0.5 + the worth of the tie), a friend of a friend a sixth of this, against 2 for a stranger (0: with whoever comes along)")
    own_meetings: float = parameter(0.25, "per week", 0, 1, "chance a week that two people of full strength or confidence meet on their own", "A10", "assumption")
    own_intimacy: float = parameter(0.8, "0-1", 0, 1, "how far company that people seek themselves invites confidences")
    own_hours: float = parameter(1.5, "hours", 0.25, 6, "hours of such a meeting")
    # fmt: on


@rule
def strength(effective_hours, familiarity_hours):
    """Strength of a tie: 1 - exp(-hours / h0), so 50, 90 and 200 hours give 0.3, 0.5 and 0.8
    (T01-T03).

    >>> [round(strength(h, 130.0), 1) for h in (50.0, 90.0, 200.0)]
    [0.3, 0.5, 0.8]
    """
    return 1.0 - math.exp(-effective_hours / familiarity_hours)


@rule
def value(tie_strength, confidence, confidence_value):
    """What a tie is worth as support: 1 - (1 - strength)(1 - v confidence), 0 to 1.

    >>> round(value(0.3, 0.8, 0.5), 2)
    0.58
    """
    return 1.0 - (1.0 - tie_strength) * (1.0 - confidence_value * confidence)


@rule
def half_life(tie_strength, shared, x):
    """Weeks without contact until familiarity is halved: weak ties months, close and embedded ties
    years (T04, T05).
    """
    return x.weak_half_life * math.exp(x.stability * tie_strength) * (1.0 + x.closure * shared)


@rule
def find(world, i, j):
    """Place of j in i's list of partners, or -1. Who is nobody stands behind the last."""
    for k in range(MOST_TIES):
        other = world.partners[i, k].other
        if other == j:
            return k
        if other < 0:
            return -1
    return -1


@rule
def tie_at(world, i, k):
    """The tie in person i's slot k."""
    return world.ties[world.partners[i, k].tie]


@rule
def worth(t, x):
    """What a living tie is worth as support: see :func:`value`."""
    return value(t.strength, t.confidence, x.confidence_value)


@rule
def given_and_received(t, i, j):
    """Hours of support that i gave to j in their tie, and received."""
    if i < j:
        return t.given_low, t.given_high
    return t.given_high, t.given_low


@rule
def _remove_half(world, i, k):
    last = world.people[i].n_ties - 1
    world.partners[i, k] = world.partners[i, last]
    world.partners[i, last].other = NOBODY
    world.people[i].n_ties = last


@rule
def end_tie(world, i, k, reason):
    """End the tie in i's slot k on both sides and write its end into the ledger."""
    place, j = np.int64(world.partners[i, k].tie), np.int64(world.partners[i, k].other)
    t = world.ties[place]
    row = np.int64(t.row)
    if row < world.ledger.shape[0]:
        story = world.ledger[row]
        story.ended, story.reason = world.clock[0].week, reason
        story.hours, story.strength, story.confidence = t.hours, t.strength, t.confidence
    _remove_half(world, j, find(world, j, i))
    _remove_half(world, i, k)
    t.row, world.clock[0].free_tie = world.clock[0].free_tie, place


@rule
def _make_room(world, i, settled_hours):
    """Free a slot by displacing the weakest tie, unless even that is settled; says whether there is
    room.
    """
    if world.people[i].n_ties < MOST_TIES:
        return True
    weakest = 0
    for k in range(1, MOST_TIES):
        if tie_at(world, i, k).effective < tie_at(world, i, weakest).effective:
            weakest = k
    if tie_at(world, i, weakest).effective > settled_hours:
        return False
    end_tie(world, i, weakest, DISPLACED)
    return True


@rule
def _add_half(world, i, j, place):
    partner = world.partners[i, world.people[i].n_ties]
    partner.other, partner.tie = j, place
    world.people[i].n_ties += 1


@rule
def _free_place(world):
    """A place for one more tie: the one that was freed last, or else a new one."""
    clock = world.clock[0]
    place = clock.free_tie
    if place == NOBODY:
        clock.tie_places += 1
        return clock.tie_places - 1
    clock.free_tie = np.int64(world.ties[place].row)
    return place


@rule
def _write_birth(world, i, j, place, across):
    row = world.clock[0].n_ledger
    world.clock[0].n_ledger = row + 1
    if row < world.ledger.shape[0]:
        story = world.ledger[row]
        story.a, story.b = min(i, j), max(i, j)
        story.formed, story.ended, story.reason = world.clock[0].week, NEVER, NEVER
        story.met_in, story.across = place, across
    return row


@rule
def form_tie(world, i, j, place, across):
    """Form a tie between i and j, met in `place`; returns i's slot, or -1 if one of the two has no
    room.
    """
    settled = settings(world).ties.settled_hours
    if not _make_room(world, i, settled) or not _make_room(world, j, settled):
        return -1
    free = _free_place(world)
    t = world.ties[free]
    t.row, t.met_in, t.across, t.shared = _write_birth(world, i, j, place, across), place, across, 0
    t.private = 0
    t.hours = t.effective = t.strength = t.confidence = t.given_low = t.given_high = 0.0
    t.formed = t.last = world.clock[0].week
    _add_half(world, i, j, free)
    _add_half(world, j, i, free)
    return world.people[i].n_ties - 1


@rule
def kept(half_life_weeks):
    """What is left after one week of something that is halved in so many weeks.

    >>> round(kept(1.0), 6)
    0.5
    """
    return math.exp(-0.6931471805599453 / half_life_weeks)


@rule
def _fade_tie(t, x, trust):
    """Let one tie fade for a week without contact; the share `trust` of confidence is left."""
    t.effective *= kept(half_life(t.strength, t.shared, x))
    t.confidence *= trust


@rule
def _mark_friends(world, i):
    """Write i to the place of everybody with a tie to i."""
    for k in range(world.people[i].n_ties):
        world.scratch[0, world.partners[i, k].other] = i


@rule
def _count_shared(world, i, j):
    """Number of programme ties that j has in common with i, whose friends are marked."""
    n = 0
    for k in range(world.people[j].n_ties):
        if world.scratch[0, world.partners[j, k].other] == i:
            n += 1
    return n


@rule
def _recount_shared(world):
    """Count anew the friends that two people share: every fourth week, in turn by the lower side's
    identity.
    """
    week = world.clock[0].week
    for i in everybody(world):
        world.scratch[0, i] = NOBODY
    for i in everybody(world):
        ahead_of_recount(world, i)
        if (week + world.people[i].id) % 4 != 0:
            continue
        _mark_friends(world, i)
        for k in range(world.people[i].n_ties):
            j, t = np.int64(world.partners[i, k].other), tie_at(world, i, k)
            if j > i and t.last < week:
                t.shared = _count_shared(world, i, j)


@phase
def fade_ties(world):
    """Ties without contact this week fade; below the floor, and not renewed for weeks, they end
    (T04, T05).

    Strengths are brought up to date.
    """
    x = settings(world).ties
    week, trust = world.clock[0].week, kept(x.confidence_half_life)
    _recount_shared(world)
    for i in everybody(world):
        ahead(world, i, TIES)
        k = np.int64(0)
        while k < world.people[i].n_ties:
            if world.partners[i, k].other > i:
                t = tie_at(world, i, k)
                if t.last < week:
                    _fade_tie(t, x, trust)
                    if t.effective < x.floor_hours and week - t.last >= x.forgotten_after:
                        end_tie(world, i, k, FADED)
                        continue
                t.strength = strength(t.effective, x.familiarity_hours)
            k += 1
