"""Gatherings beside the communities: the café, meetings of supporters, the page, and company people
seek themselves.
"""

import numpy as np

from peersim.kernel.chance import CAFE_TALK, INTRODUCTION, OWN_MEETING, draw_pair, draws
from peersim.kernel.rules import phase, rule
from peersim.model import ties
from peersim.model.ahead import COMPANY, ahead
from peersim.model.communities.digital import enlist, successor
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
from peersim.model.world import everybody, occasions, settings


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
def talk_around(world, n, talks, hours, place):
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
