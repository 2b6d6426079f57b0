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
from peersim.model.communities.kind import CALL, CIRCLE, Community, Kind
from peersim.model.encounters import part_taken, role_model, together
from peersim.model.people import nearness, own_recovery, recovery
from peersim.model.ties import find, tie_at, worth
from peersim.model.vocabulary import ACTIVE, DIGITAL, NOBODY, SUPPORTER, WAITING
from peersim.model.world import count_bits, enlist, everybody, recipients, settings, supports

MOST_POSTS = 16
"""Most posts that one person takes in in a week: four visits with four each."""

FOLLOWS, WRITES, CHATS = map(np.int64, range(3))
"""What people do on a platform: only follow; write posts (a blog, Instagram); keep the chat (T)."""


@dataclass
class Digital(Community):
    """A platform with contributors and followers."""

    # fmt: off
    per_week: float = parameter(2.0, "per week", 0.1, 4, "occasions a week on which a member may log on", "N10", "assumption")
    hours: float = parameter(0.4, "hours", 0.05, 3, "hours of one visit", "N10", "assumption")
    screening_weeks: int = parameter(1, "weeks", 0, 12, "weeks from sign-up to the telephone call that opens the platform", "T", "assumption")
    contributor_stage: float = parameter(0.65, "0-1", 0, 1, "stage of recovery from which a member writes posts (blog, Instagram)", "T", "assumption")
    chat_stage: float = parameter(0.5, "0-1", 0, 1, "stage of recovery from which a member who does not write keeps the chat; earlier ones follow (from contributor_stage up: there is no such task)", "T", "assumption")
    tasks_grow: float = parameter(1.0, "-", 0, 5, "how much stage a member is held to have gained for each point gained in recovery, when tasks are given; 0: once and for all, at the call", "T", "assumption")
    commitment: float = parameter(1.0, "log-odds", 0, 3, "how much more surely members with a task log on; the offer stays relevant to them in the same measure", "T", "assumption")
    performance_anxiety: float = parameter(0.6, "0-1", 0, 1, "how much social anxiety keeps contributors from posting", "T", "assumption")
    posting: float = parameter(0.7, "0-1", 0, 1, "chance that a visit of a fearless contributor yields a post")
    group_topics: float = parameter(0.5, "0-1", 0, 1, "share of the missing chance of a post that a group meeting in the same week makes up for (it gives topics)", "T", "assumption")
    known: float = parameter(2.0, "-", 0, 10, "how much more an author is chosen, and counts, whom the reader has met face to face, for a tie of full worth", "T", "assumption")
    eases_group: float = parameter(0.5, "0-1", 0, 1, "share of the exposure of a group that goes where many there are known from the screen (half of it with the first one)", "T", "assumption")
    voice_spread: float = parameter(3, "-", 0, 4, "how unequally contributors are heard: standard deviation of the logarithm of their voice", "N02 N21", "assumption")
    reads: int = parameter(2, "posts", 1, 4, "posts a visitor takes in at a visit")
    coping: float = parameter(0.7, "0-1", 0, 1, "share of posts that show how to cope, not only what is hard", "T", "assumption")
    read_weight: float = parameter(0.3, "hours", 0, 2, "a post read carries as much hope, or distress, as this many hours of company")
    reply: float = parameter(0.3, "0-1", 0, 1, "chance that a reader answers a post they have taken in, where chat works", "N15 N16", "assumption")
    technical_trouble: float = parameter(0.2, "0-1", 0, 1, "share of answers lost to technical trouble with chat", "T", "assumption")
    chat_hours: float = parameter(0.2, "hours", 0.02, 2, "hours of company in an answered post")
    moderation: float = parameter(1.0, "hours/week", 0, 10, "staff hours a week for the platform, for each ten members", "T", "assumption")
    moderation_effect: float = parameter(0.5, "0-1", 0, 1, "share of the posts that show how to cope which would, without any moderation, show only what is hard", "T", "assumption")
    moderation_enough: float = parameter(0.5, "hours/week", 0.1, 5, "hours of moderation, for each ten members, that do 63 % of what moderation can", "T", "assumption")
    intimacy: float = parameter(0.35, "0-1", 0, 1, "how far the setting invites confidences")
    exposure: float = parameter(0.1, "0-1", 0, 1, "how exposed a shy person feels there", "X10", "assumption")
    effort: float = parameter(2.9, "log-odds", 0, 5, "effort of logging on", "N09 N10", "assumption")
    use_spread: float = parameter(0.8, "-", 0, 2.5, "how unequally members use the platform: standard deviation of the logarithm of their wish for it", "N08 N09 N10", "assumption")
    anxiety_draw: float = parameter(1.0, "log-odds", 0, 4, "how much more often the fully anxious log on than the unafraid, for correspondingly shorter", "X10", "assumption")
    offline: float = parameter(0.15, "0-1", 0, 1, "how easily friends from the platform meet in person, against friends met face to face")
    displacement: float = parameter(0.0, "per hour", 0, 1, "share of outside contacts that an hour online a week replaces in the most anxious (in proportion to anxiety)", "X11 X12 N10", "assumption")
    meets_company: float = parameter(0.5, "0-1", 0, 1, "share of the need for company that much time online meets, so that the most anxious seek so much less of the exposed kind (in proportion to anxiety)", "T X11 X12", "assumption")
    company_hours: float = parameter(2.0, "hours/week", 0.2, 14, "hours a week online that meet 63 % of what they can of the need for company", "T", "assumption")
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


@rule
def stage_now(p, x):
    """How far a person is held to be when tasks are given: the stage at the start, and what has
    been gained in recovery since over their own level (T: tasks by how far people are).
    """
    return p.stage + x.tasks_grow * (recovery(p) - own_recovery(p))


@rule
def task(stage, x):
    """What somebody does on the platform: who is furthest writes, who is on the way keeps the chat,
    the others follow (T).
    """
    if stage >= x.contributor_stage:
        return WRITES
    return CHATS if stage >= x.chat_stage else FOLLOWS


@rule
def _give_task(p, m, x):
    """A member is given a task, or a further one; none is taken away in a bad week."""
    further = task(stage_now(p, x), x)
    if further != FOLLOWS and m.contributor != WRITES:
        m.contributor = further


@phase_apart
def open_platform(world):
    """The telephone call after sign-up finds the stage of recovery, and so who follows and who has
    which task (T); where tasks grow, members get further ones as they recover.
    """
    x, week = settings(world), world.clock[0].week
    if x.on[DIGITAL] == 0:
        return
    for i in recipients(world):
        m, status = world.memberships[i, DIGITAL], world.status[i, DIGITAL]
        if status == WAITING and week >= m.waiting + x.digital.screening_weeks:
            world.status[i, DIGITAL], m.joined, m.contributor = ACTIVE, week, FOLLOWS
            _give_task(world.people[i], m, x.digital)
        elif status == ACTIVE and x.digital.tasks_grow > 0.0 and not supports(world, i):
            _give_task(world.people[i], m, x.digital)


@rule
def commitment(m, kind):
    """How much a task binds a member: those with one are counted on (T)."""
    return kind.commitment if m.contributor > 0 else 0.0


@rule
def wish(p, kind):
    """Logarithm of how much more, or less, a recipient wishes to come than others like them.

    The wish is log-normal with mean one: a few use a platform much, most of them hardly (N08, N09),
    and the mean stays that of the service (N10). Supporters come to serve.
    """
    if p.role == SUPPORTER:
        return 0.0
    return kind.use_spread * (p.use - 0.5 * kind.use_spread)


@rule
def comfort(p, kind):
    """How much more often, in log-odds, the anxious choose the screen, where they feel at ease
    (X10).
    """
    return 0.0 if p.role == SUPPORTER else kind.anxiety_draw * (p.social_anxiety - 0.5)


@rule
def length_of_visit(chance, p, kind):
    """How many times the usual hours a visit lasts, for somebody who comes with this chance.

    Occasions are few, so a wish that more visits cannot meet makes them longer: hours expected are
    `exp(wish)` times those of somebody like them (N08), and comfort adds visits but no hours (X10).
    """
    if kind.use_spread == 0.0 and kind.anxiety_draw == 0.0:
        return 1.0
    drawn = comfort(p, kind)
    return math.exp(-drawn) / (1.0 - chance + chance * math.exp(-wish(p, kind) - drawn))


@rule
def met_by_screen(hours, x):
    """How far hours online in a week go to meet the need for company, 0 to 1, saturating."""
    return 1.0 - math.exp(-hours / x.company_hours)


@rule
def company_forgone(p, x):
    """Share of company of an exposed kind that a person does not seek, since the screen has met
    part of the need for it lately: the anxious choose what exposes them less (T, X11, X12).
    """
    return x.meets_company * p.met_online * p.social_anxiety


@rule
def displaced_by_screen(p, x, most):
    """Share of outside contacts not sought because of time online, bounded: hours x displacement x
    anxiety of this week, and the company forgone (T, X12; not N10 users).
    """
    now = p.online_hours * x.displacement * p.social_anxiety
    return min(most, now + company_forgone(p, x))


@rule
def chance_of_posting(p, x, topics):
    """Chance that one visit of a contributor yields a post: less with social anxiety (performance
    anxiety, T), more where a group has given topics, by the share `topics` of what is missing.
    """
    chance = x.posting * (1.0 - x.performance_anxiety * p.social_anxiety)
    return chance + topics * (1.0 - chance)


@rule
def coping_shown(x):
    """Share of posts that show how to cope, not only what is hard: a demand on contributors (T)
    that holds as far as somebody moderates.
    """
    return x.coping * (1.0 - x.moderation_effect * math.exp(-x.moderation / x.moderation_enough))


@rule
def _topics(world, i, x):
    """What this week's group meeting gives a person to write about: members reflect there on the
    online space and feed it (T).
    """
    if x.digital.group_topics > 0.0:
        for c in world.used:
            if x.kinds[c].opens == CIRCLE and world.present[i, c] != 0:
                return x.digital.group_topics
    return 0.0


@rule
def _recognised(world, reader, author):
    """How much more an author counts for a reader who has met them face to face: 1 if they have
    not.
    """
    x = settings(world)
    if x.digital.known > 0.0 and author != reader and world.people[reader].n_ties > 0:
        k = find(world, reader, author)
        if k >= 0 and x.kinds[tie_at(world, reader, k).met_in].face_to_face == 1:
            return 1.0 + x.digital.known * worth(tie_at(world, reader, k), x.ties)
    return 1.0


@rule
def _writes(world, i, x):
    """Whether a contributor who logged on this week wrote a post at one of the visits."""
    clock, p, posts = world.clock[0], world.people[i], 0
    u = draws(clock.seed, POSTS, clock.week, p.id, np.int64(-1))
    chance = chance_of_posting(p, x.digital, _topics(world, i, x))
    for bit in range(4):
        posts += ((world.present[i, DIGITAL] >> bit) & 1) == 1 and u[bit] < chance
    return posts > 0


@rule
def _write_posts(world):
    """Contributors who log on write or not; lists authors in ring order, with how loudly they are
    heard, and those who keep the chat. Returns how many.
    """
    x, n = settings(world), 0
    for k in range(world.people.shape[0]):
        i = world.ring[k]
        does = world.memberships[i, DIGITAL].contributor
        if world.present[i, DIGITAL] == 0 or does == FOLLOWS:
            continue
        if does == CHATS:
            world.weights[1, n] = 1.0
            n = enlist(world, n, i)
        elif _writes(world, i, x):
            world.weights[1, n] = math.exp(x.digital.voice_spread * world.people[i].voice)
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
    contributors, N02), or who is known.
    """
    clock, best, soonest = world.clock[0], NOBODY, math.inf
    me = world.people[reader].id
    u = draws(clock.seed, POSTS, clock.week, me, visit)
    luck = draws(clock.seed, POSTS, clock.week, me, visit + 64)
    for k in range(4):
        place = _successor(world, n, u[k])
        author = world.scratch[0, place]
        heard = world.weights[1, place] * _recognised(world, reader, author)
        delay = race(luck[k], heard)
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
def _read(world, reader, author, visit, coping):
    """A post is read: it shows how to cope, or only what is hard; the author is recognised; perhaps
    an answer. With somebody who keeps the chat it is a talk, if chat works.
    """
    x, clock, p, q = (
        settings(world).digital,
        world.clock[0],
        world.people[reader],
        world.people[author],
    )
    change, m = settings(world).change, world.memberships[reader, DIGITAL]
    part = part_taken(m.safety, settings(world))
    u = draws(clock.seed, REPLIES, clock.week, p.id, np.int64(-2) - visit)
    if world.memberships[author, DIGITAL].contributor == CHATS:
        if u[1] >= x.technical_trouble:
            together(world, author, reader, (x.chat_hours, 1.0), 0.5, np.int64(DIGITAL))
        return
    weight = x.read_weight * _recognised(world, reader, author)
    if u[0] < coping:
        near = nearness(p, q)
        p.role_models += part * weight * role_model(p.hope, world.seen[author].hope, near, change)
    else:
        p.distress_met += weight * (1.0 - recovery(q))
    q.contributed += x.read_weight
    if u[1] < x.reply * (1.0 - x.technical_trouble):
        together(world, author, reader, (x.chat_hours, 1.0), 0.5, np.int64(DIGITAL))


@rule
def posts_read(hours, x):
    """How many posts somebody takes in in so many hours online: `reads` in each visit of usual
    length.
    """
    return min(np.int64(MOST_POSTS), np.int64(x.reads * hours / x.hours + 0.5))


@phase
def meet_online(world):
    """Contributors post, visitors read, some answer: short two-way encounters."""
    x = settings(world)
    if x.on[DIGITAL] == 0:
        return
    n, coping = _write_posts(world), coping_shown(x.digital)
    _mark_parts(world, n)
    for i in everybody(world):
        if world.present[i, DIGITAL] == 0:
            continue
        world.memberships[i, DIGITAL].meetings += count_bits(world.present[i, DIGITAL])
        if n == 0:
            continue
        posts = posts_read(world.people[i].online_hours, x.digital)
        _choose_posts(world, i, posts, n)
        for visit in range(posts):
            author = world.scratch[1, n + visit]
            if author >= 0:
                _read(world, i, author, np.int64(visit), coping)
