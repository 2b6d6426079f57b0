"""One-to-one: a trained supporter and a recipient, one-way support, matched on nearness (T)."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from peersim.kernel.chance import MATCHING, draws, gumbel
from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase, rule
from peersim.model.communities.kind import MATCH, Community, Kind
from peersim.model.encounters import expected_fit, part_taken, together
from peersim.model.endings import end_membership
from peersim.model.people import nearness
from peersim.model.processes.aftermath import bereave, has_left_now
from peersim.model.programme import held_in_cafe
from peersim.model.ties import end_tie, find, tie_at, worth
from peersim.model.vocabulary import (
    ACTIVE,
    ANOTHER_WANTED,
    CLOSED,
    COMMUNITY_CLOSED,
    COMPLETED,
    COURSE_COMPLETED,
    MATCH_BROKEN,
    MATCH_COMPLETED,
    NOBODY,
    NONE,
    ONE_TO_ONE,
    RECIPIENT_LEFT,
    SUPPORTER_LEFT,
    SUPPORTER_RESTED,
    WAITING,
)
from peersim.model.world import count_bits, recipients, settings, supporters, supports, takes_part

SHORTLIST = 12
"""Recipients longest in the queue whom one supporter is compared with when a match is made."""


@dataclass
class OneToOne(Community):
    """A match: who, how often, how long."""

    # fmt: off
    every: float = parameter(2, "weeks", 0.25, 8, "weeks between meetings", "D02", "measured")
    hours: float = parameter(1.5, "hours", 0.25, 4, "hours a meeting", "D03", "measured")
    weeks: int = parameter(26, "weeks", 4, 104, "planned length of a match", "D01", "measured")
    capacity: int = parameter(2, "people", 1, 4, "recipients one supporter can have at a time", "D09", "assumption")
    match_weight: float = parameter(3.0, "-", 0, 10, "how strongly nearness of lived experience decides who is matched with whom")
    rematch: bool = parameter(True, "yes/no", 0, 1, "whether a recipient whose supporter has left is matched again")
    tie_ends: bool = parameter(True, "yes/no", 0, 1, "whether the tie of a match that breaks ends with it, unless the two have met otherwise (no: it fades)", "T", "theory")
    promise: float = parameter(1.0, "0-1", 0, 2, "what it costs when the other side breaks off a promise of the whole planned time, against the loss of a tie of full worth", "K02", "assumption")
    ask_again: float = parameter(0.5, "0-1", 0, 1, "chance that a recipient who does not fit with their supporter asks for another instead of leaving", "T", "assumption")
    first_in_cafe: int = parameter(0, "meetings", 0, 8, "first meetings of a match that are held in the café, where there is one: neutral ground, less exposed and less intimate", "T", "assumption")
    staff_match_hours: float = parameter(2.0, "hours", 0, 20, "staff hours to make one match")
    intimacy: float = parameter(0.9, "0-1", 0, 1, "how far the setting invites confidences", "T", "assumption")
    exposure: float = parameter(0.8, "0-1", 0, 1, "how exposed one is, being alone with one other person", "T", "assumption")
    effort: float = parameter(0.2, "log-odds", 0, 3, "effort of coming to a meeting")
    within_hours: bool = parameter(True, "yes/no", 0, 1, "whether supporters who have too few hours left for all the meetings due share these hours out among them")
    one_way: float = parameter(0.85, "0-1", 0.5, 1, "share of the support that goes from supporter to recipient", "T", "assumption")
    # fmt: on

    def kind(self, x: Any) -> Kind:
        """Who signs up waits for a match; a pair meets once in `every` weeks."""
        return self.numbers(
            x,
            opens=MATCH,
            per_week=x.programme.intensity / self.every,
            first_meeting=x.departure.first_meeting_one_to_one,
        )


@rule
def partner_of(world, i):
    """Row of the supporter a recipient is matched with, or -1."""
    m = world.memberships[i, ONE_TO_ONE]
    return np.int64(m.partner if world.status[i, ONE_TO_ONE] != NONE else NOBODY)


@rule
def match_score(p, q, x, luck):
    """Attraction of a match: weight x nearness plus a keyed Gumbel draw, so a newcomer only changes
    matches they win.
    """
    return x.match_weight * nearness(p, q) + gumbel(luck)


@rule
def _first_waiting(world, place):
    """The first place of the queue, from `place` on, whose person still waits."""
    while (
        place < world.clock[0].queue[ONE_TO_ONE]
        and world.status[world.queue[ONE_TO_ONE, place], ONE_TO_ONE] != WAITING
    ):
        place += 1
    return place


@rule
def _best_recipient(world, supporter, first):
    """Row of the waiting recipient who suits this supporter best, among those longest in the queue;
    or -1.
    """
    x, people, clock = settings(world).one_to_one, world.people, world.clock[0]
    best, best_score, seen = NOBODY, -math.inf, 0
    for place in range(first, clock.queue[ONE_TO_ONE]):
        row = world.queue[ONE_TO_ONE, place]
        if world.status[row, ONE_TO_ONE] != WAITING or people[row].former == supporter:
            continue
        luck = draws(clock.seed, MATCHING, clock.week, people[supporter].id, people[row].id)[0]
        score = match_score(people[supporter], people[row], x, luck)
        if score > best_score:
            best, best_score = row, score
        seen += 1
        if seen >= SHORTLIST:
            break
    return best


@rule
def _begin_match(world, supporter, recipient):
    week = world.clock[0].week
    m = world.memberships[recipient, ONE_TO_ONE]
    world.status[recipient, ONE_TO_ONE] = ACTIVE
    m.partner, m.matched, m.queued, m.meetings, m.absences = supporter, week, 0, 0, 0
    p, q, x = world.people[supporter], world.people[recipient], settings(world).safety
    m.fit = expected_fit(q, nearness(p, q), x)
    if settings(world).one_to_one.ask_again > 0.0:
        m.tried = 0  # a first meeting is one with this supporter
    if m.joined < 0:
        m.joined = week
    world.memberships[supporter, ONE_TO_ONE].fit = expected_fit(p, nearness(p, q), x)
    world.people[supporter].dyads += 1
    world.clock[0].staff_hours += settings(world).one_to_one.staff_match_hours


@phase
def match(world):
    """Match free supporters, in order of row, each with the nearest of the recipients longest in
    the queue.
    """
    x = settings(world)
    if x.on[ONE_TO_ONE] == 0 or world.clock[0].queue[ONE_TO_ONE] == 0:
        return
    first = np.int64(0)
    for i in supporters(world):
        p = world.people[i]
        if not supports(world, i) or world.status[i, ONE_TO_ONE] != ACTIVE or p.resting > 0:
            continue
        while p.dyads < x.one_to_one.capacity:
            first = _first_waiting(world, first)
            recipient = _best_recipient(world, i, first)
            if recipient < 0:
                break
            _begin_match(world, i, recipient)


@phase
def plan_matches(world):
    """A supporter's meetings follow from those planned with their recipients.

    A supporter whom an event has taken this morning meets nobody any more, although their matches
    end only when others part ways.
    """
    for i in recipients(world):
        supporter = partner_of(world, i)
        if supporter >= 0 and not takes_part(world, supporter, ONE_TO_ONE):
            world.planned[i, ONE_TO_ONE] = 0
        elif supporter >= 0:
            world.planned[supporter, ONE_TO_ONE] |= world.planned[i, ONE_TO_ONE]
            due = count_bits(world.planned[i, ONE_TO_ONE])
            world.memberships[supporter, ONE_TO_ONE].offered += due
            world.people[supporter].meetings_due += due


@rule
def _meet(world, supporter, recipient, n):
    """A pair meets n times this week; both have come, both have spent the hours. Their first
    meetings can be in the café.
    """
    x, before = settings(world), world.memberships[recipient, ONE_TO_ONE].meetings + 0
    hours, one_way = world.people[supporter].meeting_hours, settings(world).one_to_one.one_way
    for row in (supporter, recipient):
        m = world.memberships[row, ONE_TO_ONE]
        m.attended, m.meetings, m.hours = m.attended + n, m.meetings + n, m.hours + n * hours
        world.people[row].sessions_now += n * part_taken(m.safety, settings(world))
    for k in range(n):
        world.clock[0].neutral = np.int64(held_in_cafe(before + k, x))
        together(world, supporter, recipient, (hours, 1.0), one_way, np.int64(ONE_TO_ONE))
    world.clock[0].neutral = 0
    k = find(world, supporter, recipient)
    if k >= 0:
        world.people[supporter].bound_now += tie_at(world, supporter, k).confidence


@phase
def meet_one_to_one(world):
    """Each match in which both turned up meets: the supporter gives most of the support."""
    for i in recipients(world):
        supporter = partner_of(world, i)
        if supporter >= 0:
            both = world.present[i, ONE_TO_ONE] & world.present[supporter, ONE_TO_ONE]
            if both != 0:
                _meet(world, supporter, i, count_bits(both))


@rule
def unpair(world, recipient, reason):
    """End a match for both sides, and count it under its reason; returns the supporter's row."""
    m = world.memberships[recipient, ONE_TO_ONE]
    supporter = np.int64(m.partner)
    m.partner = NOBODY
    world.people[supporter].dyads -= 1
    world.clock[0].matches_ended[reason] += 1
    return supporter


@phase
def end_matches(world):
    """Matches whose planned weeks are over have completed; the supporter is free for another
    (D01). Whom an event has taken this morning has left, and not completed.
    """
    week = world.clock[0].week
    for i in recipients(world):
        matched = world.status[i, ONE_TO_ONE] == ACTIVE and partner_of(world, i) >= 0
        lasted = week - world.memberships[i, ONE_TO_ONE].matched
        if matched and lasted >= settings(world).one_to_one.weeks:
            unpair(world, i, MATCH_COMPLETED)
            end_membership(world, i, ONE_TO_ONE, COMPLETED, COURSE_COMPLETED, NOBODY)


@rule
def promised(weeks_together, weeks_planned):
    """What is left of the promise of a match: 1 at its beginning, nothing at its planned end, so
    that breaking off early costs most (Grossman and Rhodes 2002).

    >>> promised(2.0, 26.0) > promised(20.0, 26.0), promised(26.0, 26.0)
    (True, 0.0)
    """
    return max(0.0, 1.0 - weeks_together / weeks_planned)


@rule
def let_down(world, i, x):
    """The other side breaks the promise of i's match: what is left of it hurts, as far as the tie
    itself is not lost in a way that hurts as much.
    """
    m, lost = world.memberships[i, ONE_TO_ONE], 0.0
    k = find(world, i, np.int64(m.partner))
    if k >= 0 and worth(tie_at(world, i, k), x.ties) >= x.ties.strong:
        lost = worth(tie_at(world, i, k), x.ties)
    whole = promised(world.clock[0].week - m.matched + 0.0, x.one_to_one.weeks + 0.0)
    world.people[i].let_down += max(0.0, x.one_to_one.promise * whole - lost)


@rule
def end_role(world, leaver, other, x):
    """A match is a role: its tie ends with it, unless the two have met otherwise (T: it breaks down
    if one does not want to go on).
    """
    k = find(world, leaver, other)
    if k < 0 or not x.one_to_one.tie_ends > 0 or tie_at(world, leaver, k).private == 1:
        return
    if has_left_now(world, leaver):
        bereave(world, leaver, np.int64(k), x)
    end_tie(world, leaver, np.int64(k), MATCH_BROKEN)


@rule
def _orphan(world, i, x):
    """A recipient whose supporter is gone or rests: matched again, or the match was all there was
    (structure channel). To rest is legitimate, and breaks no promise.
    """
    m = world.memberships[i, ONE_TO_ONE]
    rests = world.people[m.partner].resting > 0
    if not rests:
        let_down(world, i, x)
    supporter = unpair(world, i, SUPPORTER_RESTED if rests else SUPPORTER_LEFT)
    end_role(world, supporter, i, x)
    if world.status[i, ONE_TO_ONE] != ACTIVE or not x.departure.structure > 0:
        return
    if x.one_to_one.rematch > 0:
        _wait_again(world, i)
        return
    end_membership(world, i, ONE_TO_ONE, CLOSED, COMMUNITY_CLOSED, supporter)


@rule
def _wait_again(world, i):
    m = world.memberships[i, ONE_TO_ONE]
    world.status[i, ONE_TO_ONE] = WAITING
    m.waiting, m.queued = world.clock[0].week, 0


@rule
def _break_off(world, i, x):
    """A recipient has left, or asks for another supporter: the one they had is disappointed."""
    asks = world.status[i, ONE_TO_ONE] == WAITING
    supporter = unpair(world, i, ANOTHER_WANTED if asks else RECIPIENT_LEFT)
    p = world.people[supporter]
    p.strain = min(1.0, p.strain + x.strain.disappointment)
    end_role(world, i, supporter, x)
    if asks:
        world.people[i].former = supporter
        _wait_again(world, i)


@phase
def break_matches(world):
    """Matches in which either side has left, asks for another, or rests, end for both."""
    x = settings(world)
    for i in recipients(world):
        supporter = partner_of(world, i)
        if supporter < 0:
            continue
        if world.status[i, ONE_TO_ONE] != ACTIVE:
            _break_off(world, i, x)
        elif world.status[supporter, ONE_TO_ONE] != ACTIVE or world.people[supporter].resting > 0:
            _orphan(world, i, x)
