"""Circles: how groups and classes form from those waiting, and who of them came this week.

A circle is a group, or a class taught by a pair of instructors. Queues are in order of sign-up, then of row.
"""

from peersim.compiled import phase, rule
from peersim.vocabulary import ACTIVE, AVAILABILITY, GROUP, SUPPORTER, WAITING
from peersim.world import settings


@rule
def form_of(x, c):
    """Target size, smallest size, leaders, weeks and most circles at a time of a community's circles."""
    if c == GROUP:
        g = x.group
        return g["size"], g.minimum, g.leaders, g.weeks, g.most
    a = x.availability
    return a.class_size, a.class_minimum, a.on_duty, a.class_weeks, a.most_classes


@rule
def has_circles(x, c):
    """Whether a community meets in circles: groups do, and availability in its instructor variant."""
    return c == GROUP or (c == AVAILABILITY and x.availability.variant == 1)


@phase
def keep_queues(world):
    """Bring the four queues up to date: who is no longer waiting goes, newcomers join at the end in order of row."""
    for c in world.used:
        kept = 0
        for place in range(world.clock[0].queue[c]):
            row = world.queue[c, place]
            m = world.memberships[row, c]
            if m.status == WAITING and m.queued == 1:
                world.queue[c, kept] = row
                kept += 1
            else:
                m.queued = 0
        for row in range(world.people.shape[0]):
            m = world.memberships[row, c]
            if m.status == WAITING and m.queued == 0:
                world.queue[c, kept] = row
                m.queued = 1
                kept += 1
        world.clock[0].queue[c] = kept


@rule
def _count_free_leaders(world, c):
    n = 0
    for i in range(world.people.shape[0]):
        m = world.memberships[i, c]
        if world.people[i].role == SUPPORTER and m.status == ACTIVE and m.circle < 0 and world.people[i].resting == 0:
            n += 1
    return n


@rule
def _free_circle(world):
    for k in range(world.circles.shape[0]):
        if world.circles[k].open == 0:
            return k
    return -1


@rule
def _join(world, row, c, k):
    m = world.memberships[row, c]
    m.status, m.circle, m.queued, m.absences, m.meetings = ACTIVE, k, 0, 0, 0
    if m.joined < 0:
        m.joined = world.clock[0].week


@rule
def appoint(world, c, k, wanted):
    """Give circle k its leaders: free supporters in order of row."""
    for i in range(world.people.shape[0]):
        if wanted == 0:
            break
        m = world.memberships[i, c]
        if world.people[i].role == SUPPORTER and m.status == ACTIVE and m.circle < 0 and world.people[i].resting == 0:
            _join(world, i, c, k)
            wanted -= 1


@rule
def _open_circle(world, c, k, first, size):
    """Open circle k for `size` of those waiting, beginning at place `first` of the queue."""
    _, _, leaders, weeks, _ = form_of(settings(world), c)
    circle, week = world.circles[k], world.clock[0].week
    circle.open, circle.community, circle.started, circle.ends = 1, c, week, week + weeks
    circle.self_run, circle.thin, circle.cohesion = 0, 0, 0.0
    appoint(world, c, k, leaders)
    for place in range(first, first + size):
        _join(world, world.queue[c, place], c, k)


@rule
def _count_open(world, c):
    n = 0
    for k in range(world.circles.shape[0]):
        n += world.circles[k].open == 1 and world.circles[k].community == c and world.circles[k].self_run == 0
    return n


@rule
def _ready_size(world, c, first, patience):
    """How many of those waiting from place `first` on can begin now: a full circle, or fewer after a long wait."""
    size, minimum, _, _, _ = form_of(settings(world), c)
    waiting = world.clock[0].queue[c] - first
    if waiting >= size:
        return size
    if waiting >= minimum and world.clock[0].week - world.memberships[world.queue[c, first], c].waiting >= patience:
        return waiting
    return 0


@phase
def form_circles(world):
    """Groups and classes begin when enough people wait and enough leaders are free."""
    x = settings(world)
    for c in world.used:
        if x.on[c] == 0 or not has_circles(x, c) or world.clock[0].queue[c] == 0:
            continue
        _, _, leaders, _, most = form_of(x, c)
        free, n_open, first = _count_free_leaders(world, c), _count_open(world, c), 0
        while free >= leaders and n_open < most:
            size = _ready_size(world, c, first, x.group.patience)
            k = _free_circle(world)
            if size == 0 or k < 0:
                break
            _open_circle(world, c, k, first, size)
            first, free, n_open = first + size, free - leaders, n_open + 1


@rule
def line_up_circles(world, c):
    """List those who came this week circle by circle: circle k is scratch[0, scratch[1, k] : scratch[1, k + 1]]."""
    lists, starts, n = world.scratch[0], world.scratch[1], world.circles.shape[0]
    for k in range(n + 1):
        starts[k] = 0
    for i in range(world.people.shape[0]):
        m = world.memberships[i, c]
        if m.circle >= 0 and m.present != 0:
            starts[m.circle + 1] += 1
    for k in range(n):
        starts[k + 1] += starts[k]
    for i in range(world.people.shape[0]):
        m = world.memberships[i, c]
        if m.circle >= 0 and m.present != 0:
            lists[starts[m.circle]] = i
            starts[m.circle] += 1
    for k in range(n, 0, -1):
        starts[k] = starts[k - 1]
    starts[0] = 0


@rule
def came(world, i, c, bit):
    """Whether a person came to one of this week's meetings: 1 or 0."""
    return (world.memberships[i, c].present >> bit) & 1


@rule
def count_others(world, k, c, bit):
    """With how many others each person of circle k shares a meeting; 0 if fewer than two came."""
    n = 0
    for s in range(world.scratch[1, k], world.scratch[1, k + 1]):
        n += came(world, world.scratch[0, s], c, bit)
    return max(n - 1, 0)
