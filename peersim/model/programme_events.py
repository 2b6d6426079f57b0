"""Redesign under way: events that add, end or switch a community, take supporters away, or end the
funding (T).
"""

import numpy as np

from peersim.kernel.chance import LOST_SUPPORTERS, draw
from peersim.kernel.rules import phase, rule
from peersim.model.ahead import NEW_WEEK, ahead
from peersim.model.communities.one_to_one import end_role, let_down, unpair
from peersim.model.encounters import expected_fit, first_safety
from peersim.model.endings import end_membership
from peersim.model.processes.departure import leave
from peersim.model.processes.recovery import be_seen
from peersim.model.processes.sign_up import enter
from peersim.model.vocabulary import (
    ACTIVE,
    CLOSED,
    COMMUNITY_CLOSED,
    EVENT_END,
    EVENT_FUNDING_ENDS,
    EVENT_KEEP,
    EVENT_LEAVE,
    EVENT_LOSE_SUPPORTERS,
    EVENT_SET,
    EVENT_SWITCH,
    IN_TRAINING,
    MATCH_CLOSED,
    NOBODY,
    NONE,
    SELF_RUN,
    SUPPORTER,
    WITHDRAWN,
)
from peersim.model.world import (
    everybody,
    is_open,
    places_of_circles,
    settings,
    supporters,
    supports,
)


@rule
def _close_for(world, i, c):
    """Close a community for one person; what members run themselves goes on."""
    m = world.memberships[i, c]
    if not is_open(world, i, c) or world.status[i, c] == SELF_RUN:
        return
    if m.partner >= 0:
        let_down(world, i, settings(world))
        end_role(world, unpair(world, i, MATCH_CLOSED), i, settings(world))
    m.circle = NOBODY
    end_membership(world, i, c, CLOSED, COMMUNITY_CLOSED, NOBODY)


@rule
def end_community(world, c):
    """End community c for everybody, and its circles; groups that run themselves go on."""
    for i in everybody(world):
        _close_for(world, i, c)
    for k in places_of_circles(world):
        circle = world.circles[k]
        if circle.open == 1 and circle.community == c and circle.self_run == 0:
            circle.open = 0


@rule
def _cross_over(world, i, c, d):
    """One person goes from community c to d as they stand: in training, trained, or looking for
    support.
    """
    m, n = world.memberships[i, c], world.memberships[i, d]
    if world.people[i].role != SUPPORTER and m.training_left > n.training_left:
        n.training_left = m.training_left  # a recruit's, who trains beside what they receive
    if not is_open(world, i, c) or world.status[i, d] != NONE:
        return
    if world.people[i].role != SUPPORTER:
        enter(world, i, d)
        return
    world.status[i, d] = IN_TRAINING if world.status[i, c] == IN_TRAINING else ACTIVE
    p, x = world.people[i], settings(world).safety
    n.training_left, n.contributor = m.training_left, np.int64(1)
    n.safety, n.fit = max(m.safety, first_safety(p, x)), expected_fit(p, x.first_fit, x)
    if world.status[i, d] == ACTIVE:
        n.joined = world.clock[0].week


@rule
def switch_community(world, c, d):
    """Everybody in community c goes over to d, then c ends (WeShelter: from one-to-one to
    availability).
    """
    for i in everybody(world):
        _cross_over(world, i, c, d)
    end_community(world, c)


@rule
def _withdraw(world, i):
    for c in world.used:
        if is_open(world, i, c):
            leave(world, i, np.int64(c), WITHDRAWN)


@rule
def _serves(world, i):
    for c in world.used:
        if is_open(world, i, c):
            return True
    return False


@rule
def lose_supporters(world, n):
    """N supporters withdraw: those with the lowest keyed draw, so a newcomer changes only whom they
    replace.
    """
    clock = world.clock[0]
    for _ in range(n):
        lowest, who = 2.0, -1
        for i in supporters(world):
            if supports(world, i) and _serves(world, i):
                luck = draw(
                    clock.seed, LOST_SUPPORTERS, np.int64(0), world.people[i].id, np.int64(0)
                )
                if luck < lowest:
                    lowest, who = luck, i
        if who >= 0:
            _withdraw(world, who)


@rule
def _leave_or_stay(world, i, kind):
    if kind == EVENT_LEAVE:
        _withdraw(world, i)
    else:
        world.people[i].stays = np.int64(1)


@rule
def _carry_out(world, event):
    if event.kind == EVENT_SET:
        world.clock[0].epoch = event.a
    elif event.kind == EVENT_END:
        end_community(world, event.a)
    elif event.kind == EVENT_SWITCH:
        switch_community(world, event.a, event.b)
    elif event.kind == EVENT_LOSE_SUPPORTERS:
        lose_supporters(world, event.a)
    elif event.kind == EVENT_LEAVE or event.kind == EVENT_KEEP:
        _leave_or_stay(world, event.a, event.kind)
    elif event.kind == EVENT_FUNDING_ENDS:
        for c in world.used:
            end_community(world, np.int64(c))


@phase
def begin_week(world):
    """What is due happens: changed settings, redesign, losses. What last week brought is set to
    zero.
    """
    clock = world.clock[0]
    if clock.week == 1:
        be_seen(world)  # as people look on the first day, before anybody has met
    while (
        clock.next_event < world.events.shape[0]
        and world.events[clock.next_event].week <= clock.week
    ):
        _carry_out(world, world.events[clock.next_event])
        clock.next_event += 1
    for i in everybody(world):
        ahead(world, i, NEW_WEEK)
        p = world.people[i]
        p.given_now = p.received_now = p.recognition = p.role_models = p.distress_met = 0.0
        p.sessions_now = p.contributed = p.online_hours = p.shift_hours = 0.0
        p.given_shift = p.given_team = p.face_to_face = 0.0
        p.given_shared = p.heard = p.bound_now = 0.0
        p.at_cafe = p.meetings_due = np.int64(0)
        p.hours_left = p.spare_hours
