"""Circles: how groups and classes form from those waiting, who joins one that is open, and who of
them came this week.

A circle is a group, or a class taught by a pair of instructors. Queues are in order of sign-up,
then of row.
"""

import numpy as np

from peersim.kernel.rules import phase, rule
from peersim.model.communities.kind import CIRCLE
from peersim.model.vocabulary import ACTIVE, NOBODY, WAITING
from peersim.model.world import (
    everybody,
    places_of_circles,
    recipients,
    settings,
    supporters,
    supports,
    takes_part,
)


@phase
def keep_queues(world):
    """Bring the queues up to date: who is no longer waiting goes, newcomers join at the end in
    order of row.
    """
    for c in world.used:
        kept = 0
        for place in range(world.clock[0].queue[c]):
            row = world.queue[c, place]
            m = world.memberships[row, c]
            if world.status[row, c] == WAITING and m.queued == 1:
                world.queue[c, kept] = row
                kept += 1
            else:
                m.queued = 0
        for row in everybody(world):
            if world.status[row, c] == WAITING and world.memberships[row, c].queued == 0:
                world.queue[c, kept] = row
                world.memberships[row, c].queued = 1
                kept += 1
        world.clock[0].queue[c] = kept


@rule
def _is_free_leader(world, i, c):
    return (
        supports(world, i)
        and world.status[i, c] == ACTIVE
        and world.memberships[i, c].circle < 0
        and world.people[i].resting == 0
    )


@rule
def _list_free_leaders(world, c):
    """List in scratch[0] the supporters who are active in community c, lead no circle and do not
    rest.
    """
    n = 0
    for i in supporters(world):
        if _is_free_leader(world, i, c):
            world.scratch[0, n] = i
            n += 1
    return n


@rule
def _free_circle(world, k):
    """The first circle from k on that is not open, or -1."""
    while k < world.circles.shape[0] and world.circles[k].open == 1:
        k += 1
    return k if k < world.circles.shape[0] else np.int64(-1)


@rule
def _join(world, row, c, k):
    m = world.memberships[row, c]
    world.status[row, c] = ACTIVE
    m.circle, m.queued, m.absences, m.meetings = k, 0, 0, 0
    if m.joined < 0:
        m.joined = world.clock[0].week


@rule
def appoint(world, c, k, wanted):
    """Give circle k its leaders: free supporters in order of row; returns how many are still
    wanted.
    """
    for i in supporters(world):
        if wanted == 0:
            break
        if _is_free_leader(world, i, c):
            _join(world, i, c, k)
            wanted -= 1
    return wanted


@rule
def _open_circle(world, c, k, first, size):
    """Open circle k for `size` of those waiting, beginning at place `first` of the queue."""
    weeks, circle, week = settings(world).kinds[c].weeks, world.circles[k], world.clock[0].week
    world.clock[0].circles = max(world.clock[0].circles, k + 1)
    circle.open, circle.community, circle.started, circle.ends = 1, c, week, week + weeks
    circle.self_run, circle.thin, circle.cohesion = 0, 0, 0.0
    circle.share = settings(world).attendance.ordinary
    for place in range(first, first + size):
        _join(world, world.queue[c, place], c, k)


@rule
def _count_open(world, c):
    n = 0
    for k in places_of_circles(world):
        n += (
            world.circles[k].open == 1
            and world.circles[k].community == c
            and world.circles[k].self_run == 0
        )
    return n


@rule
def _has_waited(world, c, first, kind):
    """Whether whoever is at place `first` of the queue has waited as long as people are asked to."""
    waited = world.clock[0].week - world.memberships[world.queue[c, first], c].waiting
    return waited >= kind.patience


@rule
def _ready_size(world, c, first, kind):
    """How many of those waiting from place `first` on can begin now: a full circle, or fewer after
    a long wait.
    """
    waiting = world.clock[0].queue[c] - first
    if waiting >= kind.circle_size:
        return kind.circle_size
    if waiting < kind.minimum:
        return 0
    return waiting if _has_waited(world, c, first, kind) else 0


@rule
def _enough_leaders(world, c, first, free, kind):
    """How many leaders a circle can begin with now; -1 if too few are free.

    After a long wait fewer will do than it should have: the last one free does not stand idle while
    people wait.
    """
    if free >= kind.leaders:
        return kind.leaders
    if free < kind.fewest_leaders or not _has_waited(world, c, first, kind):
        return NOBODY
    return np.int64(free)


@rule
def _is_led(circle, c, kind):
    led = circle.leaders > 0 or kind.leaders == 0
    return led and circle.open == 1 and circle.community == c and circle.self_run == 0


@rule
def _with_most_room(world, c, kind):
    """The open circle that is led and has the fewest members, of equals the one that has run
    longest; or -1 if all are full.
    """
    best = np.int64(-1)
    for k in places_of_circles(world):
        circle, other = world.circles[k], world.circles[best]
        if not _is_led(circle, c, kind) or circle.members >= kind.circle_size:
            continue
        equal = circle.members == other.members
        fewer = circle.members < other.members or (equal and circle.started < other.started)
        if best < 0 or fewer:
            best = k
    return best


@rule
def _let_in(world, c, kind):
    """Those first in the queue join running circles that have room; returns how many did."""
    for first in range(world.clock[0].queue[c]):
        k = _with_most_room(world, c, kind)
        if k < 0:
            return first
        _join(world, world.queue[c, first], c, k)
        world.circles[k].members += 1
    return world.clock[0].queue[c]


@rule
def _form_all(world, c, free, kind):
    """Open circles of community c while there are people, leaders (listed in scratch[0]) and rooms
    for one more. Where circles are open, those who wait join them first.
    """
    first, taken, k = np.int64(0), 0, np.int64(0)
    if kind.open == 1:
        first = np.int64(_let_in(world, c, kind))
    for _ in range(_count_open(world, c), kind.most):
        size, k = _ready_size(world, c, first, kind), _free_circle(world, k)
        if size == 0 or k < 0:
            break
        leaders = _enough_leaders(world, c, first, free - taken, kind)
        if leaders < 0:
            break
        for place in range(taken, taken + leaders):
            _join(world, world.scratch[0, place], c, k)
        _open_circle(world, c, k, first, size)
        first, taken = first + size, taken + leaders


@phase
def form_circles(world):
    """Groups and classes begin when enough people wait and enough leaders are free."""
    x = settings(world)
    for c in world.used:
        if x.on[c] == 1 and x.kinds[c].opens == CIRCLE and world.clock[0].queue[c] > 0:
            _form_all(world, c, _list_free_leaders(world, c), x.kinds[c])


@rule
def _count_members_who_came(world, c):
    for i in recipients(world):
        k = world.memberships[i, c].circle
        if world.planned[i, c] != 0 and k >= 0 and not supports(world, i):
            world.circles[k].expected += 1
            world.circles[k].came += world.present[i, c] != 0


@phase
def see_who_came(world):
    """Count how many members of each circle that met this week came; leaders are not counted.

    The share who came stands until the next meeting: it is the norm (`attendance.norm`).
    """
    x = settings(world)
    if x.attendance.norm == 0.0 and x.departure.closing == 0:
        return
    for k in places_of_circles(world):
        world.circles[k].expected = world.circles[k].came = 0
    for c in world.used:
        if x.kinds[c].opens == CIRCLE:
            _count_members_who_came(world, c)
    for k in places_of_circles(world):
        circle = world.circles[k]
        if circle.expected > 0:
            circle.share = circle.came / circle.expected


@rule
def _is_listed(world, i, c, present):
    here = world.present[i, c] != 0 if present else takes_part(world, i, c)
    return here and world.memberships[i, c].circle >= 0


@rule
def line_up_circles(world, c, present):
    """List people circle by circle: circle k is scratch[0, scratch[1, k] : scratch[1, k + 1]], in
    order of row.

    Either those who came this week (`present`), or all who take part.
    """
    lists, starts, n = world.scratch[0], world.scratch[1], world.clock[0].circles
    for k in range(n + 1):
        starts[k] = 0
    for i in everybody(world):
        if _is_listed(world, i, c, present):
            starts[world.memberships[i, c].circle + 1] += 1
    for k in range(n):
        starts[k + 1] += starts[k]
    for i in everybody(world):
        if _is_listed(world, i, c, present):
            k = world.memberships[i, c].circle
            lists[starts[k]] = i
            starts[k] += 1
    for k in range(n, 0, -1):
        starts[k] = starts[k - 1]
    starts[0] = 0


@rule
def came(world, i, c, bit):
    """Whether a person came to one of this week's meetings: 1 or 0."""
    return (world.present[i, c] >> bit) & 1


@rule
def count_others(world, k, c, bit):
    """With how many others each person of circle k shares a meeting; 0 if fewer than two came."""
    n = 0
    for s in range(world.scratch[1, k], world.scratch[1, k + 1]):
        n += came(world, world.scratch[0, s], c, bit)
    return max(n - 1, 0)
