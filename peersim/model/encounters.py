"""Encounters: who met whom, where, for how long and who gave. What an encounter does is decided
here, once.

Law of composition: encounters add, hours compete, ties are shared. Communities only say who meets.
"""

from peersim.kernel.rules import rule
from peersim.model import ties
from peersim.model.communities.kind import MATCH
from peersim.model.people import nearness
from peersim.model.programme import equality
from peersim.model.vocabulary import N_COMMUNITIES, OUTSIDE, PAGE
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
def depth(world, place):
    """How far the setting invites confidences; on a walk two are alone, as in company they seek
    themselves (T).
    """
    x = settings(world)
    if world.clock[0].walk == 1:
        return max(x.kinds[place].intimacy, x.ties.own_intimacy)
    return x.kinds[place].intimacy


@rule
def safety_between(world, i, place, t):
    """Safety a person feels with one other: in company outside it is that of their relation.

    1 - (1 - safety where the two met)(1 - confidence in each other); elsewhere that of the place
    (P: experience is shared in safe relations).
    """
    x = settings(world).safety
    if not x.relation > 0 or (place != OUTSIDE and place != PAGE):
        return felt_safety(world, i, place)
    met = world.memberships[i, t.met_in].safety if t.met_in < N_COMMUNITIES else x.neutral
    return 1.0 - (1.0 - met) * (1.0 - t.confidence)


@rule
def gate(safety, threshold):
    """Whether one confides at all: a step of s^4 / (s^4 + threshold^4), half open at the threshold
    (P: a safe room comes first; the form leaves middling safety as it is).

    >>> gate(0.2, 0.2), gate(0.0, 0.2), gate(0.0, 0.0)
    (0.5, 0.0, 1.0)
    """
    if threshold == 0.0:
        return 1.0
    safe, least = safety * safety, threshold * threshold
    return safe * safe / (safe * safe + least * least)


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
def _disclose(world, i, j, place, safety):
    """What i and j share of themselves, where the one who feels less safe feels `safety`."""
    x, p, q = settings(world), world.people[i], world.people[j]
    openness = 0.5 * (p.openness + q.openness)
    shared = disclosure(depth(world, place), safety, openness, x.ties.openness)
    return shared * gate(safety, x.safety.threshold)


@rule
def _grow(world, i, j, time, gives, place, near):  # noqa: PLR0913
    """Familiarity grows with hours and nearness, confidence with safe disclosure (T11: trust
    first). Returns what they share of themselves, and their confidence in each other.
    """
    hours, others = time
    k = _meeting_tie(world, i, j, place)
    if k < 0:
        safety = min(felt_safety(world, i, place), felt_safety(world, j, place))
        return _disclose(world, i, j, place, safety), 0.0
    x = settings(world)
    t = ties.tie_at(world, i, k)
    counted = company(hours, others, x.ties.circle_sharing)
    effective = counted * (1.0 - x.ties.nearness * (1.0 - near))
    safety = min(safety_between(world, i, place, t), safety_between(world, j, place, t))
    shared = _disclose(world, i, j, place, safety)
    won = x.ties.confidence_gain * shared * (1.0 - t.confidence) * min(1.0, counted)
    t.hours += hours
    t.effective += effective
    t.confidence += won
    t.given_low += (gives if i < j else 1.0 - gives) * hours / others
    t.given_high += (1.0 - gives if i < j else gives) * hours / others
    t.last = world.clock[0].week
    if x.kinds[place].opens != MATCH:
        t.private = 1
    return shared, t.confidence


@rule
def feeding(shared, x):
    """How much an hour of company feeds, against one in which people share as much of themselves
    as is ordinary: it is shared time, not time, that changes people (P).

    >>> from types import SimpleNamespace as R
    >>> x = R(shared_time=1.0, ordinary_sharing=0.2)
    >>> feeding(0.2, x), feeding(0.0, x)
    (1.0, 0.0)
    """
    return 1.0 - x.shared_time + x.shared_time * shared / x.ordinary_sharing


@rule
def part_taken(safety, x):
    """How much a meeting counts as taking part: 1 where one feels middling safe, nothing where one
    feels not safe at all (P).
    """
    felt = 2.0 * safety * gate(safety, x.safety.threshold)
    return 1.0 - x.change.shared_time + x.change.shared_time * felt


@rule
def role_model(hope, other, near, x):
    """What somebody who gives is as a role model: their hope; or how much further on in hope than
    oneself, and how near in lived experience (P: hope comes from peers who have been there).

    Somebody with less hope than oneself raises nobody's.
    """
    if not x.separate_sources > 0:
        return other
    ahead = max(0.0, other - hope)
    return ahead / (ahead + x.further_on) * (1.0 - x.model_nearness * (1.0 - near))


@rule
def _receive(world, i, j, time, given, place, near):  # noqa: PLR0913
    """What person i takes from j: support, recognition as an equal, a role model, and sometimes j's
    distress. `time` is in hours, and in hours of shared time.
    """
    x = settings(world)
    (hours, fed), kind, p, other = time, x.kinds[place], world.people[i], world.seen[j]
    p.received_now += given * hours
    p.heard += given * fed
    p.recognition += fed * equality(x, world.clock[0].week, place)
    p.role_models += given * fed * role_model(p.hope, other.hope, near, x.change)
    p.distress_met += (1.0 - given) * hours * other.low
    if kind.face_to_face == 1:
        p.face_to_face += hours
    if kind.on_shift == 1:
        world.people[j].given_shift += given * hours
    if kind.in_team == 1:
        world.people[j].given_team += given * hours


@rule
def felt_nearness(near, confidence, weight):
    """How near two people feel: likeness, and in its place the confidence they have won (Montoya,
    Horton and Kirchner 2008: likeness matters at first sight, less in existing relationships).

    >>> felt_nearness(0.2, 0.0, 1.0), felt_nearness(0.2, 1.0, 1.0), felt_nearness(0.2, 1.0, 0.0)
    (0.2, 1.0, 0.2)
    """
    return near + weight * confidence * (1.0 - near)


@rule
def _feel_fit(world, i, place, near):
    """Each encounter tells a person how far they fit in here: fit moves towards the nearness they
    feel to those they meet (P).
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

    Returns
    -------
    feeds : float
        How much an hour of it feeds, see :func:`feeding`.
    near : float
        Nearness of the two.
    """
    x, near = settings(world), nearness(world.people[i], world.people[j])
    shared, confidence = _grow(world, i, j, time, gives, place, near)
    if place < N_COMMUNITIES:
        felt = felt_nearness(near, confidence, x.safety.familiar_fit)
        _feel_fit(world, i, place, felt)
        _feel_fit(world, j, place, felt)
    feeds = feeding(shared, x.change)
    hours = time[0] / time[1]
    fed = hours * feeds
    _receive(world, i, j, (hours, fed), 1.0 - gives, place, near)
    _receive(world, j, i, (hours, fed), gives, place, near)
    world.people[i].given_now += gives * hours
    world.people[j].given_now += (1.0 - gives) * hours
    world.people[i].given_shared += gives * fed
    world.people[j].given_shared += (1.0 - gives) * fed
    return feeds, near
