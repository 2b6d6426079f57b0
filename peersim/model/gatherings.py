"""Gatherings beside the communities: the café, meetings of supporters, the page, and company people
seek themselves.
"""

import math

import numpy as np

from peersim.kernel.chance import (
    ACQUAINTANCE,
    CAFE_TALK,
    INTRODUCTION,
    OWN_MEETING,
    draw_pair,
    draws,
    race,
)
from peersim.kernel.rules import phase, rule
from peersim.model import ties
from peersim.model.ahead import COMPANY, ahead
from peersim.model.communities.kind import MATCH
from peersim.model.encounters import felt_safety, together
from peersim.model.people import draw_of_need, logistic
from peersim.model.vocabulary import (
    ACTIVE,
    CAFE,
    COMPLETED,
    IN_TRAINING,
    NOBODY,
    OUTSIDE,
    PAGE,
    SELF_RUN,
    SUPPORTER,
    TEAM,
    WAITING,
)
from peersim.model.world import enlist, everybody, occasions, recipients, settings, successor

STRANGER = 2.0
"""Weight of whoever comes along, against those one knows: as much as two of weight one."""

ONCE_REMOVED = 1.0 / 6.0
"""Weight of a friend of a friend, against `ties.acquaintance`."""

PASSED_BY = 8
"""People on the ring whom somebody looking for company passes by, at most, as they are taken."""

MOMENT = 0.01
"""Hours below which nobody begins a talk."""


@rule
def belongs(world, i):
    """Whether a person belongs to the programme: in training, waiting, taking part or through with
    a course.
    """
    for c in world.used:
        s = world.status[i, c]
        if s == IN_TRAINING or s == WAITING or s == ACTIVE or s == SELF_RUN or s == COMPLETED:
            return True
    return False


@rule
def is_active_supporter(world, i):
    """Whether a person is a trained supporter who serves at least one community."""
    if world.people[i].role != SUPPORTER:
        return False
    for c in world.used:
        if world.status[i, c] == ACTIVE:
            return True
    return False


@rule
def wish_for_cafe(p, safety, x, a):
    """Chance of coming to a café: the shy stay away less than from a group, the safe come more; need
    draws.
    """
    odds = a.habit + a.safety * (safety - 0.5) - a.anxiety * p.social_anxiety * x.exposure
    return logistic(odds - x.effort + draw_of_need(p, x.exposure, a))


@rule
def _list_guests(world, hours):
    """List, in ring order, who comes to the café and has so many hours left this week; returns how
    many.
    """
    x, clock, n = settings(world), world.clock[0], 0
    for k in range(world.people.shape[0]):
        i = world.ring[k]
        p = world.people[i]
        if not belongs(world, i) or p.hours_left < hours:
            continue
        u = draws(clock.seed, CAFE_TALK, clock.week, p.id, np.int64(-1))[0]
        if u < wish_for_cafe(p, felt_safety(world, i, CAFE), x.cafe, x.attendance):
            p.hours_left -= hours
            p.at_cafe = np.int64(1)
            n = enlist(world, n, i)
    return n


@rule
def wish_for_company(worth, x):
    """How readily one sits down with somebody present whom one knows, against a stranger."""
    return x.acquaintance * (0.5 + worth)


@rule
def _is_listed(world, i, n):
    """Whether a person is one of n listed people, each of whom has their place in the list noted."""
    place = world.scratch[1, i]
    return 0 <= place < n and world.scratch[0, place] == i


@rule
def _has_time(world, i):
    return world.weights[1, world.scratch[1, i]] >= MOMENT


@rule
def _consider(world, i, j, weight, talks, occasion):
    """Let somebody present run for each of a person's talks: an exponential race, in which luck is
    keyed by the two, so that one more who is present changes only the talks they win.
    """
    clock, room = world.clock[0], world.people.shape[0]
    when = clock.week + 4096 * (occasion + 1)
    luck = draws(clock.seed, ACQUAINTANCE, when, world.people[i].id, world.people[j].id)
    for talk in range(talks):
        delay = race(luck[talk], weight)
        if delay < world.weights[1, room + talk]:
            world.weights[1, room + talk], world.scratch[1, room + talk] = delay, j


@rule
def _whoever_is_free(world, i, n, u):
    """The first listed person at or after u on the ring, i excepted, who has time left; or -1 if
    none of the next few has.
    """
    place = successor(world.weights[0], n, u)
    for step in range(min(n, PASSED_BY)):
        j = world.scratch[0, (place + step) % n]
        if j != i and _has_time(world, j):
            return np.int64(j)
    return NOBODY


@rule
def _first_known(world, i, apart, n, u):
    """Of those listed who have a tie to i, `apart` excepted, the first at or after u on the ring;
    or -1.
    """
    best, least = NOBODY, 2.0
    for k in range(world.people[i].n_ties):
        j = np.int64(world.partners[i, k].other)
        if j != apart and _is_listed(world, j, n):
            gap = world.position[j] - u
            gap = gap if gap >= 0.0 else gap + 1.0
            if gap < least:
                best, least = j, gap
    return best


@rule
def _somebody_else(world, i, n, talk, occasion):
    """A friend of a friend or, where there is none with time left, whoever is free."""
    clock, me = world.clock[0], world.people[i].id
    removed = ONCE_REMOVED * settings(world).ties.acquaintance
    u = draws(clock.seed, CAFE_TALK, clock.week, me, occasion)[talk]
    v = draws(clock.seed, ACQUAINTANCE, clock.week + 4096, me, occasion)[talk]
    if v < removed / (STRANGER + removed):
        friend = _first_known(world, i, i, n, u)
        other = _first_known(world, friend, i, n, u) if friend >= 0 else NOBODY
        if other >= 0 and _has_time(world, other):
            return other
    return _whoever_is_free(world, i, n, u)


@rule
def _choose_company(world, i, n, talks, occasion):
    """Choose whom each of a person's talks is with, of n listed people; the choice stands behind
    the list.

    People sit down with those they know, sometimes with friends of friends: with a memory of who
    met, a room is no lottery, and circles can form (Feld 1981; T: solidarity).
    """
    x, clock, room = settings(world).ties, world.clock[0], world.people.shape[0]
    for talk in range(talks):
        world.scratch[1, room + talk], world.weights[1, room + talk] = NOBODY, math.inf
    if x.acquaintance > 0.0:
        for k in range(world.people[i].n_ties):
            j = np.int64(world.partners[i, k].other)
            if _is_listed(world, j, n) and _has_time(world, j):
                wish = wish_for_company(ties.worth(ties.tie_at(world, i, k), x), x)
                _consider(world, i, j, wish, talks, occasion)
    luck = draws(clock.seed, ACQUAINTANCE, clock.week, world.people[i].id, occasion)
    for talk in range(talks):
        delay = race(luck[talk], STRANGER + ONCE_REMOVED * x.acquaintance)
        if delay < world.weights[1, room + talk]:
            j = _somebody_else(world, i, n, talk, occasion)
            if j >= 0:
                world.scratch[1, room + talk] = j


@rule
def _talk(world, k, j, hours, place):
    """The person at place k of the list and person j talk, as long as both have time; neither is on
    duty.
    """
    other = world.scratch[1, j]
    hours = min(hours, min(world.weights[1, k], world.weights[1, other]))
    if hours < MOMENT:
        return
    i = world.scratch[0, k]
    p, q = world.people[i], world.people[j]
    on_shift = p.given_shift, q.given_shift
    together(world, i, j, (hours, 1.0), 0.5, place)
    p.given_shift, q.given_shift = on_shift
    world.weights[1, k] -= hours
    world.weights[1, other] -= hours


@rule
def sit_together(world, n, talks, hours, place, bit):
    """Of n people listed in ring order, each begins `talks` talks of equal length with company they
    choose, as long as both have time left, which stands beside the list.

    Who begins is drawn anew for each occasion, so that nobody finds all others taken week by week.
    """
    occasion, room = settings(world).kinds[place].key + 16 * bit, world.scratch[1]
    for k in range(n):
        room[world.scratch[0, k]] = k
    clock = world.clock[0]
    u = draws(clock.seed, ACQUAINTANCE, clock.week, np.int64(-1), occasion)[0]
    start = successor(world.weights[0], n, u)
    for turn in range(n):
        k = (start + turn) % n
        if world.weights[1, k] < MOMENT:
            continue
        _choose_company(world, world.scratch[0, k], n, talks, occasion)
        for talk in range(talks):
            j = room[world.people.shape[0] + talk]
            if j >= 0:
                _talk(world, k, j, 0.5 * hours / talks, place)


@rule
def _talk_with_whoever(world, n, talks, hours, place):
    """Each of n listed guests talks with `talks` others, found by keyed draws on the ring; hours
    are shared.
    """
    clock, key = world.clock[0], settings(world).kinds[place].key
    for k in range(n):
        i = world.scratch[0, k]
        u = draws(clock.seed, CAFE_TALK, clock.week, world.people[i].id, key)
        for talk in range(talks):
            j = world.scratch[0, successor(world.weights[0], n, u[talk])]
            if j != i:
                together(world, i, j, (0.5 * hours / talks, 1.0), 0.5, place)


@rule
def talk_around(world, n, talks, hours, place):
    """Listed guests talk with some others each: with those they know first, or with whoever comes
    along.
    """
    if settings(world).ties.acquaintance == 0.0:
        _talk_with_whoever(world, n, talks, hours, place)
        return
    for k in range(n):
        world.weights[1, k] = hours
    sit_together(world, n, talks, hours, place, np.int64(0))


@phase
def meet_in_cafe(world):
    """The café: everybody who belongs may come, also while waiting; people meet across matches and
    groups (T).
    """
    x = settings(world)
    times = occasions(x.cafe.per_week, world.clock[0].week - 1.0)
    if times == 0:
        return
    n = _list_guests(world, times * x.cafe.hours)
    world.clock[0].staff_hours += times * x.cafe.staff_hours
    if n > 1:
        talk_around(world, n, x.cafe.talks, times * x.cafe.hours, np.int64(CAFE))


@rule
def meetings_of_supporters(x, week):
    """How many supervision and team meetings fall in this week.

    Returns
    -------
    supervision, team : int
    """
    a_week = x.programme.intensity * 12.0 / 52.0
    return occasions(x.supervision.per_month * a_week, week - 1.0), occasions(
        x.team.per_month * a_week, week - 1.0
    )


@rule
def _mend_matches(world, share):
    """Supervision helps supporters to see the other side of a match that is strained: both feel
    nearer to a fit (T).
    """
    kinds = settings(world).kinds
    for i in recipients(world):
        for c in world.used:
            m = world.memberships[i, c]
            if kinds[c].opens == MATCH and world.status[i, c] == ACTIVE and m.partner >= 0:
                other = world.memberships[m.partner, c]
                m.fit += share * (1.0 - m.fit)
                other.fit += share * (1.0 - other.fit)


@phase
def meet_as_supporters(world):
    """Supervision in common and team meetings bring supporters together; staff and supporter hours
    are counted (T).
    """
    x, clock, n = settings(world), world.clock[0], 0
    supervision, team = meetings_of_supporters(x, clock.week)
    if supervision + team == 0:
        return
    for k in range(world.people.shape[0]):
        i = world.ring[k]
        if is_active_supporter(world, i):
            n = enlist(world, n, i)
    if supervision > 0 and x.supervision.mends > 0.0:
        _mend_matches(world, 1.0 - (1.0 - x.supervision.mends) ** supervision)
    together_hours = (
        supervision * x.supervision.hours * (1.0 - x.supervision.individual) + team * x.team.hours
    )
    if n > 1 and together_hours > 0.0:
        talk_around(world, n, 2, together_hours, np.int64(TEAM))
    clock.supporter_hours += n * (supervision * x.supervision.hours + team * x.team.hours)
    alone = supervision * x.supervision.hours * x.supervision.individual
    if n > 0:
        clock.staff_hours += n * alone + together_hours


@rule
def chance_of_own_meeting(tie, mood, x, kind):
    """Chance a week that two people with a tie meet on their own.

    ``own_meetings x value x mood``, more among those who met where there is companionship (a
    group), less for friends from a platform: `kind` is that of where they met. `mood` is one less the withdrawal of the lower of the two (spiral of
    withdrawal, P).
    """
    worth = ties.worth(tie, x)
    chance = (x.own_meetings * worth + kind.companionship * worth) * kind.in_person
    return min(1.0, chance * mood)


@rule
def _keep_in_touch(world, i, k, x):
    """One tie, once a week: contact on the page, a meeting in person, or neither."""
    t, clock = ties.tie_at(world, i, k), world.clock[0]
    j = np.int64(world.partners[i, k].other)
    mood = 1.0 - float(max(world.seen[i].low, world.seen[j].low))
    kind = x.kinds[t.met_in]
    chance = chance_of_own_meeting(t, mood, x.ties, kind)
    on_page = x.page.contact > 0.0 and kind.face_to_face == 1
    if chance < 0.002 and not on_page:
        return
    u = draw_pair(clock.seed, OWN_MEETING, clock.week, world.seen[i].id, world.seen[j].id)
    if u < chance:
        together(world, i, j, (x.ties.own_hours, 1.0), 0.5, np.int64(OUTSIDE))
    elif on_page and u > 1.0 - x.page.contact:
        together(world, i, j, (x.page.hours, 1.0), 0.5, np.int64(PAGE))


@phase
def meet_on_their_own(world):
    """People with a tie meet on their own, or keep in touch on the page: what goes on after a
    course (T).
    """
    x = settings(world)
    for i in everybody(world):
        ahead(world, i, COMPANY)
        for k in range(world.people[i].n_ties):
            if world.partners[i, k].other > i:
                _keep_in_touch(world, i, k, x)


@rule
def _favoured(world, seeker, i, turn):
    """Of those with a tie to i, the one whom the seeker's luck favours, the seeker apart; -1 if
    there is none.

    Luck is keyed by seeker and candidate, so that one more tie changes the choice only if it wins.
    """
    clock, best, most = world.clock[0], NOBODY, -1.0
    for k in range(world.people[i].n_ties):
        j = np.int64(world.partners[i, k].other)
        if j != seeker:
            luck = draws(
                clock.seed, INTRODUCTION, clock.week, world.seen[seeker].id, world.seen[j].id
            )[turn]
            if luck > most:
                best, most = j, luck
    return best


@phase
def introduce(world):
    """Now and then a person is introduced to a friend of a friend: triangles close."""
    x, clock = settings(world).ties, world.clock[0]
    for i in everybody(world):
        if world.people[i].n_ties == 0:
            continue
        u = draws(clock.seed, INTRODUCTION, clock.week, world.people[i].id, np.int64(0))[0]
        if u >= x.introductions:
            continue
        friend = _favoured(world, i, i, 0)
        other = _favoured(world, i, friend, 1) if friend >= 0 else NOBODY
        if other >= 0:
            together(world, i, other, (x.own_hours, 1.0), 0.5, np.int64(OUTSIDE))
