"""Encounters: who met whom, where, for how long and who gave. What an encounter does is decided
here, once.

Law of composition: encounters add, hours compete, ties are shared. Communities only say who meets.
"""

from peersim.kernel.rules import rule
from peersim.model import ties
from peersim.model.people import nearness
from peersim.model.programme import equality
from peersim.model.vocabulary import N_COMMUNITIES
from peersim.model.world import settings, takes_part


@rule
def first_safety(p, x):
    """Safety on entering: the starting level, less for those excluded before (P)."""
    return x.start * (1.0 - x.exclusion * p.exclusion)


@rule
def expected_fit(p, fit, x):
    """Fit as somebody expects it before they have met anybody: less for those excluded before.

    Who has been excluded feels out of place from the start, and learns only from meetings that
    they are not (P: some leave because they feel they do not fit in).
    """
    return fit * (1.0 - x.fit_exclusion * p.exclusion)


@rule
def safety_found(world, i):
    """The highest safety a person has found in any community so far; 0 if they have been in none."""
    best = 0.0
    for c in world.used:
        best = max(best, world.memberships[i, c].safety)
    return best


@rule
def felt_safety(world, i, place):
    """Safety a person feels in a place: there if it is a community, else the highest they have
    found so far.
    """
    if place < N_COMMUNITIES:
        return world.memberships[i, place].safety
    return max(settings(world).safety.neutral, safety_found(world, i))


@rule
def disclosure(depth, safety, openness, weight):
    """How much two people share of themselves: intimacy x safety x (1 - weight (1 - openness)) (P:
    safety first).

    Parameters
    ----------
    depth : float
        Intimacy of the setting, 0 to 1.
    safety, openness : float
        The lower of the two safeties, and the mean of the two opennesses.
    weight : float
        Share of disclosure that depends on openness.

    >>> disclosure(0.9, 0.0, 1.0, 0.5)
    0.0
    """
    return depth * safety * (1.0 - weight * (1.0 - openness))


@rule
def same_circle(world, i, j):
    """Whether two people belong to the same match or the same circle."""
    for c in world.used:
        m, o = world.memberships[i, c], world.memberships[j, c]
        if m.partner == j or o.partner == i:
            return True
        if (
            m.circle >= 0
            and m.circle == o.circle
            and takes_part(world, i, c)
            and takes_part(world, j, c)
        ):
            return True
    return False


@rule
def _meeting_tie(world, i, j, place):
    """Slot of the tie between i and j in i's list; formed now if they are new to each other, -1 if
    there is no room.
    """
    k = ties.find(world, i, j)
    if k < 0:
        across = 1
        if place < N_COMMUNITIES and settings(world).kinds[place].face_to_face == 1:
            across = 0 if same_circle(world, i, j) else 1
        k = ties.form_tie(world, i, j, place, across)
    return k


@rule
def company(hours, others, sharing):
    """Hours that count for a tie: those of the meeting, divided by (others ^ sharing).

    >>> company(2.0, 4.0, 0.5)
    1.0
    """
    return hours if others == 1.0 else hours / others**sharing


@rule
def _grow(world, i, j, time, gives, place, near):  # noqa: PLR0913
    """Familiarity grows with hours and nearness, confidence with safe disclosure (T11: trust
    first).
    """
    hours, others = time
    k = _meeting_tie(world, i, j, place)
    if k < 0:
        return
    x = settings(world)
    p, q = world.people[i], world.people[j]
    t = ties.tie_at(world, i, k)
    counted = company(hours, others, x.ties.circle_sharing)
    effective = counted * (1.0 - x.ties.nearness * (1.0 - near))
    safety = min(felt_safety(world, i, place), felt_safety(world, j, place))
    shared = disclosure(
        x.kinds[place].intimacy, safety, 0.5 * (p.openness + q.openness), x.ties.openness
    )
    won = x.ties.confidence_gain * shared * (1.0 - t.confidence) * min(1.0, counted)
    t.hours += hours
    t.effective += effective
    t.confidence += won
    t.given_low += (gives if i < j else 1.0 - gives) * hours / others
    t.given_high += (1.0 - gives if i < j else gives) * hours / others
    t.last = world.clock[0].week


@rule
def _receive(world, i, j, hours, given, place):
    """What person i takes from j: support, recognition as an equal, a role model, and sometimes j's
    distress.
    """
    x = settings(world)
    kind, p, other = x.kinds[place], world.people[i], world.seen[j]
    p.received_now += given * hours
    p.recognition += hours * equality(x, world.clock[0].week, place)
    p.role_models += given * hours * other.hope
    p.distress_met += (1.0 - given) * hours * other.low
    if kind.face_to_face == 1:
        p.face_to_face += hours
    if kind.on_shift == 1:
        world.people[j].given_shift += given * hours
    if kind.in_team == 1:
        world.people[j].given_team += given * hours


@rule
def _feel_fit(world, i, place, near):
    """Each encounter tells a person how far they fit in here: fit moves towards the nearness of
    those they meet (P).
    """
    m = world.memberships[i, place]
    m.fit += settings(world).safety.impression * (near - m.fit)


@rule
def together(world, i, j, time, gives, place):
    """Let i and j spend time together in `place`; i gives the share `gives` of the support.

    Parameters
    ----------
    time : (float, float)
        Hours of the meeting, and how many others each of the two shares it with (1: only each
        other). All are in each other's company for the hours, but the hours of support are divided
        among the others.
    """
    near = nearness(world.people[i], world.people[j])
    _grow(world, i, j, time, gives, place, near)
    if place < N_COMMUNITIES:
        _feel_fit(world, i, place, near)
        _feel_fit(world, j, place, near)
    hours = time[0] / time[1]
    _receive(world, i, j, hours, 1.0 - gives, place)
    _receive(world, j, i, hours, gives, place)
    world.people[i].given_now += gives * hours
    world.people[j].given_now += (1.0 - gives) * hours
