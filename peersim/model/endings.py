"""Ends: how somebody's time in a community ended, written down once."""

from peersim.kernel.rules import rule
from peersim.model.vocabulary import COURSE_COMPLETED, N_HAZARDS


@rule
def _write_departure(world, i, c):
    clock, m, hazard = world.clock[0], world.memberships[i, c], world.chances[i, c].hazard
    row = clock.n_departures
    clock.n_departures = row + 1
    if row >= world.departures.shape[0]:
        return
    d, total = world.departures[row], 0.0
    d.person, d.week, d.community, d.cause, d.caused_by = i, clock.week, c, m.cause, m.caused_by
    for k in range(N_HAZARDS):
        total += hazard[k] if m.cause < N_HAZARDS else 0.0
    for k in range(N_HAZARDS):
        d.share[k] = hazard[k] / total if total > 0.0 else 0.0


@rule
def end_membership(world, i, c, status, cause, caused_by):
    """End a person's time in a community, for a cause; where another's leaving caused it, that
    person is named.

    Every end but a completed course is a departure. Where one of the nine hazards was the cause,
    the departure says which share each of them had at that moment.
    """
    m = world.memberships[i, c]
    world.status[i, c] = status
    m.cause, m.caused_by, m.left = cause, caused_by, world.clock[0].week
    if cause != COURSE_COMPLETED:
        _write_departure(world, i, c)
