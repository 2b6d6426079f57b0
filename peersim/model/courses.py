"""Courses: how circles end, go on by themselves, or close because too few come."""

import numpy as np

from peersim.kernel.rules import phase, rule
from peersim.model import ties
from peersim.model.circles import appoint, line_up_circles
from peersim.model.endings import end_membership
from peersim.model.vocabulary import (
    ACTIVE,
    CLOSED,
    COMMUNITY_CLOSED,
    COMPLETED,
    COURSE_COMPLETED,
    NOBODY,
    RECIPIENT,
    SELF_RUN,
    SUPPORTER,
)
from peersim.model.world import (
    everybody,
    places_of_circles,
    recipients,
    settings,
    supporters,
    supports,
    takes_part,
)


@rule
def _leave_circle(world, row, c, status, cause):
    """A circle is over for one person: leaders are free for the next one, the others have ended
    here.
    """
    m = world.memberships[row, c]
    m.circle = NOBODY
    if world.people[row].role == SUPPORTER and status != SELF_RUN:
        return
    end_membership(world, row, c, status, cause, NOBODY)


@rule
def _close_circle(world, k, status, cause):
    """Close a circle for its members, who are lined up, and for its leaders, who may be new."""
    circle = world.circles[k]
    c = circle.community
    for place in range(world.scratch[1, k], world.scratch[1, k + 1]):
        row = world.scratch[0, place]
        if world.people[row].role == RECIPIENT:
            _leave_circle(world, row, c, status, cause)
    for row in supporters(world):
        leads = supports(world, row) and takes_part(world, row, c)
        if leads and world.memberships[row, c].circle == k:
            _leave_circle(world, row, c, status, cause)
    circle.open = 0


@rule
def count_circles(world):
    """Count the active members of each circle, and its leaders apart from them."""
    for k in places_of_circles(world):
        world.circles[k].members, world.circles[k].leaders = 0, 0
    for row in everybody(world):
        for c in world.used:
            k = world.memberships[row, c].circle
            if takes_part(world, row, c) and k >= 0:
                leads = world.people[row].role == SUPPORTER
                world.circles[k].members += not leads
                world.circles[k].leaders += leads


@rule
def _holds_together(world, row, kind):
    """Whether a person's ties count in the cohesion of their circle."""
    return kind.leaders_in_cohesion == 1 or world.people[row].role == RECIPIENT


@rule
def _warmth(world, row, c, k):
    """Sum of the values of a member's ties within circle k."""
    x, total, kind = settings(world).ties, 0.0, settings(world).kinds[c]
    for slot in range(world.people[row].n_ties):
        other = world.partners[row, slot].other
        here = takes_part(world, other, c) and world.memberships[other, c].circle == k
        if here and _holds_together(world, np.int64(other), kind):
            total += ties.worth(ties.tie_at(world, row, slot), x)
    return total


@rule
def cohesion(world, k):
    """Mean value of the ties between members of circle k, 0 to 1, absent ties counting 0 (G14).

    With `leaders_in_cohesion` leaders count as members; without, what counts is what will be left
    when they have gone.
    """
    circle, total = world.circles[k], 0.0
    kind = settings(world).kinds[circle.community]
    n = circle.members + circle.leaders * kind.leaders_in_cohesion
    if n < 2:
        return 0.0
    for place in range(world.scratch[1, k], world.scratch[1, k + 1]):
        if _holds_together(world, world.scratch[0, place], kind):
            total += _warmth(world, world.scratch[0, place], circle.community, k)
    return total / (n * (n - 1.0))


@rule
def _carry_on(world, k):
    """The members of a close group go on meeting by themselves; its leaders are free for the next
    one (T).
    """
    circle, c = world.circles[k], world.circles[k].community
    circle.self_run = 1
    for place in range(world.scratch[1, k], world.scratch[1, k + 1]):
        row = world.scratch[0, place]
        if world.people[row].role == RECIPIENT:
            world.status[row, c] = SELF_RUN
        else:
            world.memberships[row, c].circle = NOBODY


@rule
def _end_course(world, k):
    """The course of circle k is over: a close group meets on by itself, the others have completed
    (T).
    """
    circle, kind = world.circles[k], settings(world).kinds[world.circles[k].community]
    circle.cohesion = cohesion(world, k)
    if kind.self_run_per_week > 0.0 and circle.cohesion >= kind.self_run_cohesion:
        _carry_on(world, k)
    else:
        _close_circle(world, k, COMPLETED, COURSE_COMPLETED)


@rule
def _is_over(world, k, c):
    circle = world.circles[k]
    led = circle.open == 1 and circle.self_run == 0 and circle.community == c
    return led and world.clock[0].week >= circle.ends


@rule
def _complete_each(world, c, weeks):
    """In open circles each member completes after `weeks` weeks of their own; the circle goes on."""
    week = world.clock[0].week
    for row in recipients(world):
        m = world.memberships[row, c]
        if supports(world, row) or world.status[row, c] != ACTIVE:
            continue
        if m.circle >= 0 and week - m.joined >= weeks:
            world.circles[m.circle].members -= 1
            _leave_circle(world, row, c, COMPLETED, COURSE_COMPLETED)


@phase
def end_courses(world):
    """Circles whose weeks are over end, or are carried on by their members; open ones go on."""
    count_circles(world)
    for c in world.used:
        if settings(world).kinds[c].open == 1:
            _complete_each(world, c, settings(world).kinds[c].weeks)
            continue
        lined_up = False
        for k in places_of_circles(world):
            if not _is_over(world, k, c):
                continue
            if not lined_up:
                line_up_circles(world, c, False)
                lined_up = True
            _end_course(world, k)


@rule
def fewest(kind):
    """How many members must come so that a circle goes on: its minimum less its leaders, who come
    beside them.

    What staff run is not closed over the heads of those who come: two are enough to meet.
    """
    return max(np.int64(1), kind.minimum - kind.leaders) if kind.leaders > 0 else np.int64(2)


@rule
def is_thin(circle, kind, closing):
    """Whether a circle is too small to go on, or has lost its leaders.

    Either by who comes (members alone; leaders are counted apart), or, in the first edition, by who
    has not left (leaders among them).
    """
    if closing == 1:
        there, enough = circle.came, fewest(kind)
    else:
        there, enough = circle.members + circle.leaders, kind.minimum
    if circle.self_run == 1:
        return there < kind.self_run_minimum
    return there < enough or (kind.leaders > 0 and circle.leaders == 0)


@rule
def _find_leaders(world, k):
    """Give a circle without leaders free supporters; says whether any may still be free."""
    circle = world.circles[k]
    if circle.leaders > 0 or circle.self_run == 1:
        return True
    wanted = settings(world).kinds[circle.community].leaders
    return appoint(world, circle.community, k, wanted) == 0


@rule
def _must_close(world, k, x):
    """Whether a circle has no members left, or was too small or without leaders for too long.

    Counts those weeks; by who comes, those meetings: one thin evening is normal.
    """
    circle, closing = world.circles[k], x.departure.closing
    if closing == 0 or circle.expected > 0:
        thin = is_thin(circle, x.kinds[circle.community], closing)
        circle.thin = circle.thin + 1 if thin else 0
    empty = circle.members == 0 and (closing == 1 or circle.leaders == 0)
    return empty or (circle.thin >= x.departure.thin_weeks and x.departure.structure > 0)


@rule
def _close_thin(world, c, x):
    lined_up, some_free = False, True
    for k in places_of_circles(world):
        circle = world.circles[k]
        if circle.open == 0 or circle.community != c:
            continue
        if some_free:
            some_free = _find_leaders(world, k)
        if not _must_close(world, k, x):
            continue
        if not lined_up:
            line_up_circles(world, c, False)
            lined_up = True
        done = circle.self_run == 1
        _close_circle(
            world, k, COMPLETED if done else CLOSED, COURSE_COMPLETED if done else COMMUNITY_CLOSED
        )
        some_free = True  # its leaders


@phase
def close_circles(world):
    """A circle to which too few come, or without leaders, for three meetings closes (structure
    channel; G07).

    A circle without leaders is given free supporters first. With the structure channel off, nothing
    closes.
    """
    count_circles(world)
    for c in world.used:
        _close_thin(world, c, settings(world))
