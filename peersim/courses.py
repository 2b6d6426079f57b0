"""Courses: how circles end, live on by themselves, or close because too few are left."""

from peersim import ties
from peersim.circles import appoint, form_of
from peersim.compiled import phase, rule
from peersim.ends import end_membership
from peersim.vocabulary import (
    ACTIVE,
    CLOSED,
    COMMUNITY_CLOSED,
    COMPLETED,
    COURSE_COMPLETED,
    GROUP,
    NOBODY,
    RECIPIENT,
    SELF_RUN,
    SUPPORTER,
)
from peersim.world import settings, takes_part


@rule
def _leave_circle(world, row, c, status, cause):
    """A circle is over for one person: leaders are free for the next one, the others have ended here."""
    m = world.memberships[row, c]
    m.circle = NOBODY
    if world.people[row].role == SUPPORTER and status != SELF_RUN:
        return
    end_membership(world, row, c, status, cause, NOBODY)


@rule
def _close_circle(world, k, status, cause):
    circle = world.circles[k]
    c = circle.community
    for row in range(world.people.shape[0]):
        m = world.memberships[row, c]
        if m.circle == k and takes_part(m):
            _leave_circle(world, row, c, status, cause)
    circle.open = 0


@rule
def count_circles(world):
    """Count active members and leaders of each open circle."""
    for k in range(world.circles.shape[0]):
        world.circles[k].members, world.circles[k].leaders = 0, 0
    for row in range(world.people.shape[0]):
        for c in world.used:
            m = world.memberships[row, c]
            if m.circle >= 0 and takes_part(m):
                world.circles[m.circle].members += 1
                if world.people[row].role == SUPPORTER:
                    world.circles[m.circle].leaders += 1


@rule
def _warmth(world, row, c, k):
    """Sum of the values of a member's ties within circle k."""
    x, total = settings(world).ties, 0.0
    for slot in range(world.people[row].n_ties):
        t = world.ties[row, slot]
        m = world.memberships[t.other, c]
        if m.circle == k and takes_part(m):
            total += ties.value(t.strength, t.confidence, x.confidence_value)
    return total


@rule
def cohesion(world, k):
    """Mean value of the ties between members of circle k, 0 to 1, absent ties counting 0 (G14)."""
    circle, total = world.circles[k], 0.0
    if circle.members < 2:
        return 0.0
    for row in range(world.people.shape[0]):
        m = world.memberships[row, circle.community]
        if m.circle == k and takes_part(m):
            total += _warmth(world, row, circle.community, k)
    return total / (circle.members * (circle.members - 1.0))


@rule
def _end_course(world, k):
    """The course of circle k is over: a close group meets on by itself, the others have completed (T)."""
    circle, x = world.circles[k], settings(world)
    circle.cohesion = cohesion(world, k)
    wanted = x.group.self_run_cohesion * (x.page.self_run if x.page.contact > 0.0 else 1.0)
    if circle.community == GROUP and x.group.self_run_per_week > 0.0 and circle.cohesion >= wanted:
        circle.self_run = 1
        for row in range(world.people.shape[0]):
            m = world.memberships[row, GROUP]
            if m.circle != k or m.status != ACTIVE:
                continue
            if world.people[row].role == RECIPIENT:
                m.status = SELF_RUN
            else:
                m.circle = NOBODY
        return
    _close_circle(world, k, COMPLETED, COURSE_COMPLETED)


@phase
def end_courses(world):
    """Circles whose weeks are over end, or are carried on by their members."""
    count_circles(world)
    for k in range(world.circles.shape[0]):
        circle = world.circles[k]
        if circle.open == 1 and circle.self_run == 0 and world.clock[0].week >= circle.ends:
            _end_course(world, k)


@rule
def _is_thin(world, circle):
    _, minimum, leaders, _, _ = form_of(settings(world), circle.community)
    if circle.self_run == 1:
        return circle.members < settings(world).group.self_run_minimum
    return circle.members < minimum or (leaders > 0 and circle.leaders == 0)


@phase
def close_circles(world):
    """A circle with too few active members, or without leaders, for three weeks closes (structure channel; G07).

    A circle without leaders is given free supporters first. With the structure channel off, nothing closes.
    """
    count_circles(world)
    x = settings(world)
    for k in range(world.circles.shape[0]):
        circle = world.circles[k]
        if circle.open == 0:
            continue
        if circle.leaders == 0 and circle.self_run == 0:
            _, _, leaders, _, _ = form_of(x, circle.community)
            appoint(world, circle.community, k, leaders)
        circle.thin = circle.thin + 1 if _is_thin(world, circle) else 0
        if circle.members == 0 or (circle.thin >= x.departure.thin_weeks and x.departure.structure > 0):
            done = circle.self_run == 1
            _close_circle(world, k, COMPLETED if done else CLOSED, COURSE_COMPLETED if done else COMMUNITY_CLOSED)
