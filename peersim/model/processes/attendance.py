"""Attendance: what is planned this week, how much each person feels like coming, and who comes;
hours compete.
"""

from dataclasses import dataclass

import numpy as np

from peersim.kernel.chance import ATTENDANCE, draws
from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase, phase_apart, rule
from peersim.model.ahead import COMING, PLANS, ahead
from peersim.model.communities.digital import (
    comfort,
    commitment,
    company_forgone,
    length_of_visit,
    wish,
)
from peersim.model.communities.kind import CIRCLE, MATCH
from peersim.model.encounters import part_taken
from peersim.model.people import draw_of_need, logistic, lowness
from peersim.model.programme import held_in_cafe
from peersim.model.ties import tie_at, worth
from peersim.model.vocabulary import SUPPORTER
from peersim.model.world import count_bits, everybody, occasions, settings, takes_part


@dataclass
class Attendance:
    """What brings people to a meeting and what keeps them away, on the log-odds scale."""

    # fmt: off
    habit: float = parameter(1.6, "log-odds", -2, 5, "log-odds of coming for an unafraid person who feels middling safe and knows nobody", "G03", "calibrated")
    safety: float = parameter(1.5, "log-odds", 0, 5, "how much more a person comes who feels fully safe than one who does not at all", "P", "theory")
    pull: float = parameter(0.8, "log-odds", 0, 4, "how much the ties to those usually there draw (full at a summed value of one)", "A04 G14", "theory")
    anxiety: float = parameter(1.5, "log-odds", 0, 5, "how much social anxiety, times the exposure of the setting, keeps away", "T X10", "theory")
    withdrawal: float = parameter(1.0, "log-odds", 0, 4, "how much low connectedness and hope keep away (spiral of withdrawal)", "P", "theory")
    exposed_withdrawal: float = parameter(1.0, "0-1", 0, 1, "share of withdrawal that counts only as far as a setting exposes one; the rest counts alike everywhere", "P T", "assumption")
    need: float = parameter(1.5, "log-odds", 0, 5, "how much being low and lonely draws to company, fully where nothing exposes one and not at all where everything does; 0: it never draws", "P", "assumption")
    absence: float = parameter(0.3, "log-odds", 0, 2, "how much each absence in a row makes the next more likely")
    norm: float = parameter(1.0, "log-odds", 0, 4, "norm of attendance in groups and classes: how much more a member comes if all came last time than if nobody did, divided by 1 + their own absences in a row; 0: there is none", "assumption", "assumption")
    ordinary: float = parameter(0.7, "0-1", 0.3, 1, "share of a circle's members at an ordinary meeting: if more came last time, the norm draws; if fewer, it lets people stay away", "G03", "assumption")
    usual: int = parameter(2, "absences", 1, 12, "a person with fewer absences in a row than this is one of those usually there")
    reliability: float = parameter(1.2, "log-odds", 0, 4, "how much more surely trained supporters come (turning up reliably matters)", "T", "assumption")
    strain: float = parameter(1.5, "log-odds", 0, 5, "how much a worn supporter stays away")
    # fmt: on


@rule
def _circle_occasions(world, k, kind):
    circle = world.circles[k]
    rate = kind.self_run_per_week if circle.self_run == 1 else kind.per_week
    return occasions(rate, world.clock[0].week - circle.started + 0.0)


@rule
def planned_occasions(world, i, c):
    """How many meetings of community c are planned for a person this week."""
    kind, m, week = settings(world).kinds[c], world.memberships[i, c], world.clock[0].week
    if kind.opens == MATCH:
        since = week - m.matched + 0.0
        return occasions(kind.per_week, since) if m.partner >= 0 else np.int64(0)
    if kind.opens == CIRCLE:
        return _circle_occasions(world, m.circle, kind) if m.circle >= 0 else np.int64(0)
    return occasions(kind.per_week, week - 1.0)


@phase
def plan_week(world):
    """Plan this week's meetings for everybody who takes part."""
    for i in everybody(world):
        ahead(world, i, PLANS)
        for c in world.used:
            world.planned[i, c] = world.present[i, c] = 0
            if takes_part(world, i, c):
                world.planned[i, c] = (np.int64(1) << planned_occasions(world, i, c)) - 1


@rule
def pull_of_ties(world, i, c):
    """Summed value of ties to those usually there, at most one. With the loss channel off, those
    who left count too.
    """
    x, total = settings(world), 0.0
    for k in range(world.people[i].n_ties):
        if (
            (world.seen[world.partners[i, k].other].active >> c) & 1
        ) == 1 or x.departure.loss == 0.0:
            total += worth(tie_at(world, i, k), x.ties)
    return min(1.0, total)


@rule
def log_odds_of_coming(p, m, exposed, pull, x):
    """Log-odds of coming: habit + safety + pull of ties + need - anxiety x exposure - withdrawal -
    absences (P, T).

    Parameters
    ----------
    p, m : records of the person and of their membership
    exposed, pull : float
        Exposure of the setting, and the summed pull of ties, 0 to 1.
    x : record of :class:`Attendance`
    """
    everywhere = x.withdrawal * (1.0 - x.exposed_withdrawal)
    odds = x.habit + x.safety * (m.safety - 0.5) + x.pull * pull - everywhere * lowness(p)
    odds += draw_of_need(p, exposed, x)
    odds -= x.anxiety * p.social_anxiety * exposed + x.absence * min(m.absences, 6)
    if p.role == SUPPORTER:
        odds += x.reliability - x.strain * p.strain
    return odds


@rule
def norm_of_coming(share, absences, x):
    """What last time's meeting adds to the log-odds of coming: where many stay away, staying away
    is easy, most for those who usually come.

    People do as the others in the room do. Who has stayed away for weeks has not seen who comes.

    Parameters
    ----------
    share : float
        Share of the circle's members who came last time.
    absences : int
        Own absences in a row.
    x : record of :class:`Attendance`
    """
    return x.norm * (share - x.ordinary) / (1.0 + absences)


@rule
def effort(p, m, kind):
    """What coming costs in a community, in log-odds; visitors who do not want peers in their rooms
    stay away, those with a task there come (T).
    """
    if p.role == SUPPORTER:
        return kind.effort
    drawn = wish(p, kind) + comfort(p, kind) + commitment(m, kind)
    return kind.effort + kind.presence_cost * p.aversion - drawn


@rule
def known_from_screen(world, i, c):
    """How many of those usually there in community c a person knows from a platform."""
    n = 0
    for k in range(world.people[i].n_ties):
        met_in = tie_at(world, i, k).met_in
        if settings(world).kinds[met_in].face_to_face == 0:
            n += (world.seen[world.partners[i, k].other].active >> c) & 1
    return n


@rule
def exposure_felt(world, i, c):
    """Exposure of a setting; less in a circle to which people come whom one knows from the screen
    (T): with n of them the share `digital.eases_group` x n / (n + 1) is gone. The first meetings of
    a match are as exposed as the café where they are held.
    """
    kind, eases = settings(world).kinds[c], settings(world).digital.eases_group
    before = np.int64(world.memberships[i, c].meetings)
    if kind.opens == MATCH and held_in_cafe(before, settings(world)):
        return min(kind.exposure, settings(world).cafe.exposure)
    if eases == 0.0 or kind.opens != CIRCLE:
        return kind.exposure
    n = known_from_screen(world, i, c)
    return kind.exposure * (1.0 - eases * n / (n + 1.0))


@phase_apart
def attendance_propensity(world):
    """Each person's chance of coming to each planned meeting, from last week's state of the
    others.
    """
    x = settings(world)
    for i in everybody(world):
        ahead(world, i, COMING)
        p = world.people[i]
        forgone = company_forgone(p, x.digital)
        for c in world.used:
            if world.planned[i, c] != 0:
                m, kind = world.memberships[i, c], x.kinds[c]
                odds = log_odds_of_coming(
                    p, m, exposure_felt(world, i, c), pull_of_ties(world, i, c), x.attendance
                )
                if x.attendance.norm > 0.0 and m.circle >= 0:
                    share = world.circles[m.circle].share
                    odds += norm_of_coming(share, m.absences, x.attendance)
                sought = 1.0 - forgone * kind.exposure * kind.face_to_face
                world.chances[i, c].propensity = sought * logistic(odds - effort(p, m, kind))


@rule
def _hours_for_matches(p, kind, times):
    """Hours that a supporter keeps free at each of the times when meetings are due: enough for all of
    them, or what is left of the week, and at least one meeting.

    Where hours bind, those due share them out, so a supporter never gives more than they have.
    """
    p.meeting_hours = kind.hours
    if kind.within_hours == 0:
        return min(kind.hours * p.dyads, max(kind.hours, p.hours_left))
    due = p.meetings_due / max(times, 1)
    hours = min(kind.hours * due, max(kind.hours, p.hours_left))
    p.meeting_hours = min(kind.hours, hours / max(due, 1.0))
    return hours


@rule
def _hours_of_meeting(world, i, c, times):
    """Hours that one meeting takes of somebody, if they have them: a supporter sees as many of their
    recipients, and a heavy user stays as long, as their hours allow.
    """
    p, kind = world.people[i], settings(world).kinds[c]
    if kind.opens == MATCH and p.role == SUPPORTER:
        return _hours_for_matches(p, kind, times)
    wanted = kind.hours * length_of_visit(world.chances[i, c].propensity, p, kind)
    return min(wanted, max(kind.hours, p.hours_left))


@rule
def _come(world, i, c):
    """Draw which of the planned meetings of one community a person comes to, as far as their hours
    go.
    """
    p, m, clock = world.people[i], world.memberships[i, c], world.clock[0]
    kind, planned, came = settings(world).kinds[c], np.int64(world.planned[i, c]), np.int64(0)
    u = draws(clock.seed, ATTENDANCE, clock.week, p.id, kind.key)
    hours, in_match = _hours_of_meeting(world, i, c, count_bits(planned)), kind.opens == MATCH
    for bit in range(4):
        if (
            ((planned >> bit) & 1) == 1
            and hours <= p.hours_left
            and u[bit] < world.chances[i, c].propensity
        ):
            came |= np.int64(1) << bit
            p.hours_left -= hours
    world.present[i, c] = came
    m.absences = 0 if came != 0 else m.absences + 1
    if not in_match or p.role != SUPPORTER:
        m.offered += count_bits(planned)
    if not in_match:
        m.attended += count_bits(came)
        m.hours += count_bits(came) * hours
        p.sessions_now += count_bits(came) * part_taken(m.safety, settings(world))
        p.online_hours += count_bits(came) * hours * (1 - kind.face_to_face)


@phase_apart
def attendance_draw(world):
    """Who comes: for each person the most attractive community first, until spare hours are
    used.
    """
    for i in everybody(world):
        done = 0
        for _ in range(world.used.shape[0]):
            best, most = -1, -1.0  # one whose chance is nil misses it all the same
            for c in world.used:
                if ((done >> c) & 1) == 1 or world.planned[i, c] == 0:
                    continue
                if world.chances[i, c].propensity > most:
                    best, most = c, world.chances[i, c].propensity
            if best < 0:
                break
            done |= 1 << best
            _come(world, i, best)
