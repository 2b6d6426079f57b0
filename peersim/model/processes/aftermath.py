"""Parting: what leaving and completing do to those left behind, and what is remembered of each person's time."""

import numpy as np

from peersim.kernel.rules import phase, phase_apart, rule
from peersim.model.ahead import MEMORIES, ahead
from peersim.model.communities.kind import MATCH
from peersim.model.encounters import same_circle
from peersim.model.ties import tie_at, worth
from peersim.model.vocabulary import COMPLETED, LEFT, MOVED_ON, NEVER, NOBODY, NONE, RECIPIENT
from peersim.model.world import everybody, is_open, settings, takes_part


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
            settings(world).kinds[c].opens != MATCH
            and m.circle < 0
            and o.circle < 0
            and takes_part(world, i, c)
            and takes_part(world, j, c)
        ):
            return True
    return False


@rule
def mean_worth(world, i, x):
    """Mean worth of a person's living ties, 0 if there are none."""
    total, n = 0.0, world.people[i].n_ties
    for k in range(n):
        total += worth(tie_at(world, i, k), x.ties)
    return total / n if n > 0 else 0.0


@rule
def bereave(world, i, k, x):
    """Whoever has the tie in leaver i's slot k, and no longer meets them, loses it or sees another
    leave.

    Each tie acts in one of the two only: ties from `ties.strong` on as a loss, the others as one
    more who left.
    """
    j = np.int64(world.partners[i, k].other)
    if still_meet(world, i, j):
        return
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
def _tell(world, i, x):
    """All who have a tie to a leaver learn of it."""
    for k in range(world.people[i].n_ties):
        bereave(world, i, np.int64(k), x)


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


@rule
def _has_finished_now(world, i, c):
    """Whether a person completed community c this week, or moved on from it."""
    m, status = world.memberships[i, c], world.status[i, c]
    moved_on = status == LEFT and m.cause == MOVED_ON
    return m.left == world.clock[0].week and m.joined >= 0 and (status == COMPLETED or moved_on)


@rule
def _set_example(world, i, c, x):
    """Recipients who go on where somebody they have a tie to has completed have seen that it can be
    done (P). It hurts nobody: only the company is gone.
    """
    for k in range(world.people[i].n_ties):
        j = np.int64(world.partners[i, k].other)
        q = world.people[j]
        if q.role == RECIPIENT and takes_part(world, j, c):
            near = worth(tie_at(world, i, k), x.ties)
            q.pending_examples += near / max(mean_worth(world, j, x), 0.05)
            if near >= q.examples_most:
                q.examples_most, q.examples_from = near, i


@phase
def part_ways(world):
    """What leaving does to those left behind: ties are lost, others have seen one more leave, or
    one more complete.
    """
    x = settings(world)
    for i in everybody(world):
        if has_left_now(world, i):
            _tell(world, i, x)
        for c in world.used:
            if x.departure.following > 0.0 and _has_finished_now(world, i, c):
                _set_example(world, i, c, x)
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
    """When each person joined the programme as a whole, and when and why the last of their
    communities ended.
    """
    for i in everybody(world):
        ahead(world, i, MEMORIES)
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
