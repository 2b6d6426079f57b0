"""Digital: some post, chat and blog, others follow; from home, on one's own terms, logging on and
off (T).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from peersim.kernel.chance import POSTS, REPLIES, draws, race
from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase, phase_apart, rule
from peersim.model.ahead import ahead_of_reading
from peersim.model.communities.kind import CALL, Community, Kind
from peersim.model.encounters import together
from peersim.model.people import recovery
from peersim.model.vocabulary import ACTIVE, DIGITAL, NOBODY, WAITING
from peersim.model.world import count_bits, enlist, everybody, recipients, settings

MOST_POSTS = 16
"""Most posts that one person takes in in a week: four visits with four each."""


@dataclass
class Digital(Community):
    """A platform with contributors and followers."""

    # fmt: off
    per_week: float = parameter(2.0, "per week", 0.1, 4, "occasions a week on which a member may log on", "N10", "assumption")
    hours: float = parameter(0.4, "hours", 0.05, 3, "hours of one visit", "N10", "assumption")
    screening_weeks: int = parameter(1, "weeks", 0, 12, "weeks from sign-up to the telephone call that opens the platform", "T", "assumption")
    contributor_stage: float = parameter(0.65, "0-1", 0, 1, "stage of recovery from which the call gives a member a task (blog, chat); the others follow", "T", "calibrated")
    performance_anxiety: float = parameter(0.6, "0-1", 0, 1, "how much social anxiety keeps contributors from posting", "T", "assumption")
    posting: float = parameter(0.7, "0-1", 0, 1, "chance that a visit of a fearless contributor yields a post")
    voice_spread: float = parameter(3, "-", 0, 4, "how unequally contributors are heard: standard deviation of the logarithm of their voice", "N02 N21", "assumption")
    reads: int = parameter(2, "posts", 1, 4, "posts a visitor takes in at a visit")
    coping: float = parameter(0.7, "0-1", 0, 1, "share of posts that show how to cope, not only what is hard", "T", "assumption")
    read_weight: float = parameter(0.3, "hours", 0, 2, "a post read carries as much hope, or distress, as this many hours of company")
    reply: float = parameter(0.3, "0-1", 0, 1, "chance that a reader answers a post they have taken in, where chat works", "N15 N16", "assumption")
    technical_trouble: float = parameter(0.2, "0-1", 0, 1, "share of answers lost to technical trouble with chat", "T", "assumption")
    chat_hours: float = parameter(0.2, "hours", 0.02, 2, "hours of company in an answered post")
    moderation: float = parameter(1.0, "hours/week", 0, 10, "staff hours a week for the platform, for each ten members", "T", "assumption")
    intimacy: float = parameter(0.35, "0-1", 0, 1, "how far the setting invites confidences")
    exposure: float = parameter(0.1, "0-1", 0, 1, "how exposed a shy person feels there", "X10", "assumption")
    effort: float = parameter(2.6, "log-odds", 0, 5, "effort of logging on", "N09 N10", "calibrated")
    offline: float = parameter(0.15, "0-1", 0, 1, "how easily friends from the platform meet in person, against friends met face to face")
    displacement: float = parameter(0.08, "per hour", 0, 1, "share of outside contacts that an hour online a week replaces in the most anxious (in proportion to anxiety)", "X11 X12 N10", "assumption")
    # fmt: on

    def kind(self, x: Any) -> Kind:
        """Who signs up waits for the telephone call that opens the platform."""
        return self.numbers(
            x,
            opens=CALL,
            first_meeting=x.departure.first_meeting_digital,
            confidence_asked=x.sign_up.digital,
            face_to_face=0,
            in_person=self.offline,
            staff_for_ten=self.moderation,
        )


@phase_apart
def open_platform(world):
    """The telephone call after sign-up: it finds the stage of recovery, and so who follows and who
    contributes (T).
    """
    x, week = settings(world), world.clock[0].week
    if x.on[DIGITAL] == 0:
        return
    for i in recipients(world):
        m, p = world.memberships[i, DIGITAL], world.people[i]
        if world.status[i, DIGITAL] == WAITING and week >= m.waiting + x.digital.screening_weeks:
            world.status[i, DIGITAL], m.joined = ACTIVE, week
            m.contributor = np.int64(p.stage >= x.digital.contributor_stage)


@rule
def displaced_by_screen(p, x, most):
    """Share of outside contacts replaced by time online: hours x displacement x anxiety, bounded
    (T, X12; not N10 users).
    """
    return min(most, p.online_hours * x.displacement * p.social_anxiety)


@rule
def chance_of_posting(p, x):
    """Chance that one visit of a contributor yields a post: less with social anxiety (performance
    anxiety, T).
    """
    return x.posting * (1.0 - x.performance_anxiety * p.social_anxiety)


@rule
def _write_posts(world):
    """Contributors who log on write or not; lists authors in ring order, with how loudly they are
    heard. Returns how many.
    """
    x, clock, n = settings(world).digital, world.clock[0], 0
    for k in range(world.people.shape[0]):
        i = world.ring[k]
        present = world.present[i, DIGITAL]
        if present == 0 or world.memberships[i, DIGITAL].contributor == 0:
            continue
        u, posts = draws(clock.seed, POSTS, clock.week, world.people[i].id, np.int64(-1)), 0
        for bit in range(4):
            posts += ((present >> bit) & 1) == 1 and u[bit] < chance_of_posting(world.people[i], x)
        if posts > 0:
            world.weights[1, n] = math.exp(x.voice_spread * world.people[i].voice)
            n = enlist(world, n, i)
    return n


@rule
def _mark_parts(world, n):
    """For each n-th part of the ring, the first of n listed people who stands in it or after it:
    where to begin to look.
    """
    place = 0
    for part in range(n):
        while place < n and world.weights[0, place] * n < part:
            place += 1
        world.scratch[1, part] = place


@rule
def _successor(world, n, u):
    """The same as :func:`successor`, found in a step or two from the mark of the part in which u
    lies.
    """
    place = world.scratch[1, min(np.int64(u * n), n - 1)]
    while place > 0 and world.weights[0, place - 1] >= u:
        place -= 1
    while place < n and world.weights[0, place] < u:
        place += 1
    return place if place < n else 0


@rule
def _choose_author(world, reader, visit, n):
    """Of four authors found on the ring, the one whose voice and luck are loudest (heavy tail of
    contributors, N02).
    """
    clock, best, soonest = world.clock[0], NOBODY, math.inf
    me = world.people[reader].id
    u = draws(clock.seed, POSTS, clock.week, me, visit)
    luck = draws(clock.seed, POSTS, clock.week, me, visit + 64)
    for k in range(4):
        place = _successor(world, n, u[k])
        author, delay = world.scratch[0, place], race(luck[k], world.weights[1, place])
        if author != reader and delay < soonest:
            best, soonest = author, delay
    return best


@rule
def _choose_posts(world, reader, posts, n):
    """Choose the authors of all posts that a reader takes in this week, listed behind the marks."""
    for k in range(posts):
        author = _choose_author(world, reader, np.int64(k), n)
        world.scratch[1, n + k] = author
        ahead_of_reading(world, author)


@rule
def _read(world, reader, author, visit):
    """A post is read: it shows how to cope, or only what is hard; the author is recognised; perhaps
    an answer.
    """
    x, clock, p, q = (
        settings(world).digital,
        world.clock[0],
        world.people[reader],
        world.people[author],
    )
    u = draws(clock.seed, REPLIES, clock.week, p.id, np.int64(-2) - visit)
    if u[0] < x.coping:
        p.role_models += x.read_weight * world.seen[author].hope
    else:
        p.distress_met += x.read_weight * (1.0 - recovery(q))
    q.contributed += x.read_weight
    if u[1] < x.reply * (1.0 - x.technical_trouble):
        together(world, author, reader, (x.chat_hours, 1.0), 0.5, np.int64(DIGITAL))


@phase
def meet_online(world):
    """Contributors post, visitors read, some answer: short two-way encounters."""
    x = settings(world)
    if x.on[DIGITAL] == 0:
        return
    n = _write_posts(world)
    _mark_parts(world, n)
    for i in everybody(world):
        if world.present[i, DIGITAL] == 0:
            continue
        visits = count_bits(world.present[i, DIGITAL])
        world.memberships[i, DIGITAL].meetings += visits
        world.people[i].online_hours += visits * x.digital.hours
        if n == 0:
            continue
        _choose_posts(world, i, visits * x.digital.reads, n)
        for visit in range(visits * x.digital.reads):
            author = world.scratch[1, n + visit]
            if author >= 0:
                _read(world, i, author, np.int64(visit))
