"""Parting: what leaving does to those left behind, and what is remembered of each person's time."""

import numpy as np

from peersim.kernel.compiled import phase, phase_apart, rule
from peersim.model.communities.one_to_one import partner_of, unpair
from peersim.model.encounters import same_circle
from peersim.model.endings import end_membership
from peersim.model.ties import tie_at, worth
from peersim.model.vocabulary import (
    ACTIVE,
    CLOSED,
    COMMUNITY_CLOSED,
    COMPLETED,
    LEFT,
    MOVED_ON,
    NEVER,
    NOBODY,
    NONE,
    ONE_TO_ONE,
    WAITING,
)
from peersim.model.world import (
    everybody,
    fetch_memberships,
    fetch_person,
    is_open,
    recipients,
    settings,
    takes_part,
)


@rule
def still_meet(world, i, j):
    """Whether two people both still take part in some community, and there in the same circle or
    match if it has them.
    """
    if same_circle(world, i, j):
        return True
    for c in world.used:
        m, o = world.memberships[i, c], world.memberships[j, c]
        if (
            c != ONE_TO_ONE
            and m.circle < 0
            and o.circle < 0
            and takes_part(world, i, c)
            and takes_part(world, j, c)
        ):
            return True
    return False


@rule
def mean_worth(world, i, x):
    """Mean worth of a person's living ties, 0 if she has none."""
    total, n = 0.0, world.people[i].n_ties
    for k in range(n):
        total += worth(tie_at(world, i, k), x.ties)
    return total / n if n > 0 else 0.0


@rule
def _tell(world, i, x):
    """Whoever has a tie to a leaver, and no longer meets her, loses it or sees another leave.

    Each tie acts in one of the two only: ties from `ties.strong` on as a loss, the others as one
    more who left.
    """
    p = world.people[i]
    for k in range(p.n_ties):
        j = np.int64(world.partners[i, k].other)
        if still_meet(world, i, j):
            continue
        q, lost = world.people[j], worth(tie_at(world, i, k), x.ties)
        if lost >= x.ties.strong:
            q.pending_loss += lost
            if lost >= q.loss_most:
                q.loss_most, q.loss_from = lost, i
        else:
            q.pending_leavers += lost / max(mean_worth(world, j, x), 0.05)
            if lost >= q.leavers_most:
                q.leavers_most, q.leavers_from = lost, i


@rule
def _orphan(world, i, x):
    """A recipient whose supporter is gone or rests: matched again, or the match was all there was
    (structure channel).
    """
    m = world.memberships[i, ONE_TO_ONE]
    supporter = unpair(world, i)
    if world.status[i, ONE_TO_ONE] != ACTIVE or not x.departure.structure > 0:
        return
    if x.one_to_one.rematch > 0:
        world.status[i, ONE_TO_ONE] = WAITING
        m.waiting, m.queued = world.clock[0].week, 0
        return
    end_membership(world, i, ONE_TO_ONE, CLOSED, COMMUNITY_CLOSED, supporter)


@rule
def _end_pairs(world, x):
    """Matches in which either side has left, or the supporter rests, end for both."""
    for i in recipients(world):
        supporter = partner_of(world, i)
        if supporter < 0:
            continue
        if world.status[i, ONE_TO_ONE] != ACTIVE:
            world.people[supporter].strain = min(
                1.0, world.people[supporter].strain + x.strain.disappointment
            )
            unpair(world, i)
        elif world.status[supporter, ONE_TO_ONE] != ACTIVE or world.people[supporter].resting > 0:
            _orphan(world, i, x)


@rule
def has_left_now(world, i):
    """Whether a person left some community this week other than by moving on."""
    for c in world.used:
        m = world.memberships[i, c]
        if (
            world.status[i, c] == LEFT
            and m.left == world.clock[0].week
            and m.cause != MOVED_ON
            and m.joined >= 0
        ):
            return True
    return False


@phase
def part_ways(world):
    """What leaving does to those left behind: matches end, ties are lost, others have seen one more
    leave.
    """
    x = settings(world)
    _end_pairs(world, x)  # first: who was a match until now no longer meets
    for i in everybody(world):
        if has_left_now(world, i):
            _tell(world, i, x)
    for i in everybody(world):
        for c in world.used:
            if world.status[i, c] != NONE and not takes_part(world, i, c):
                world.memberships[i, c].circle = NOBODY


@rule
def _last_end(world, i):
    """Week and cause of the last of a person's communities to end."""
    week, cause = NEVER, NEVER
    for c in world.used:
        m = world.memberships[i, c]
        if m.left >= 0 and (m.left >= week or world.status[i, c] == COMPLETED):
            week, cause = max(week, m.left), m.cause
    return week, cause


@phase_apart
def keep_records(world):
    """When each person joined the programme as a whole, and when and why the last of her
    communities ended.
    """
    for i in everybody(world):
        fetch_person(world, i, 0, 8)
        fetch_memberships(world, i)
        p, still = world.people[i], False
        for c in world.used:
            if world.status[i, c] == NONE:
                continue
            m = world.memberships[i, c]
            still = still or is_open(world, i, c)
            if m.joined >= 0 and (p.joined < 0 or m.joined < p.joined):
                p.joined = m.joined
        p.given += p.given_now
        p.received += p.received_now
        p.left, p.cause = NEVER, NEVER
        if not still:
            p.left, p.cause = _last_end(world, i)
