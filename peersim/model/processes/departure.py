"""Departure: nine competing hazards that add up; the total decides whether, the shares decide why;
leaving spreads.
"""

import enum
import math
from dataclasses import dataclass

import numpy as np

from peersim.kernel.chance import LEAVING, RESTING, draws, happens
from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase_apart, rule
from peersim.model.communities.digital import commitment
from peersim.model.communities.kind import MATCH
from peersim.model.endings import end_membership
from peersim.model.people import clip, recovery
from peersim.model.vocabulary import (
    ACTIVE,
    COMPLETED,
    COURSE_COMPLETED,
    DRIFT,
    GAVE_UP_WAITING,
    LEFT,
    LIFE_EVENT,
    LOST_TIE,
    MISFIT,
    MOVED_ON,
    N_HAZARDS,
    NOBODY,
    NOT_RELEVANT,
    OTHERS_LEAVING,
    OVERLOAD,
    RECIPIENT,
    SELF_RUN,
    SUPPORTER,
    UNSAFE,
    WAITING,
)
from peersim.model.world import everybody, settings, takes_part


class Closing(enum.Enum):
    """What a circle closes by: who has not left (first edition), or who comes."""

    enrolled = "enrolled"
    attendance = "attendance"


@dataclass
class Departure:
    """Weekly hazards of leaving a community, and the three channels by which leaving spreads."""

    # fmt: off
    life_event: float = parameter(0.0005, "per week", 0, 0.03, "leaving for reasons of one's own life (moving, illness, time)", "O03 O05", "calibrated")
    misfit: float = parameter(0.001, "per week", 0, 0.15, "leaving because one fits in not at all", "P G17", "calibrated")
    early: float = parameter(2.0, "-", 0, 10, "how much more misfit counts at first: times 1 + this x exp(-meetings / early_meetings)", "G12 P", "assumption")
    early_meetings: float = parameter(3, "meetings", 0.5, 20, "meetings over which the extra weight of misfit fades", "G12", "assumption")
    supporters: float = parameter(0.3, "0-1", 0, 1, "how much misfit counts for supporters, against recipients")
    first_meeting_one_to_one: float = parameter(0.35, "-", 0, 3, "rate of not going on after the first meeting with one other person, at no fit at all", "O15", "calibrated")
    first_meeting_group: float = parameter(0.25, "-", 0, 3, "rate of not going on after the first meeting of a group or class, or the first visit to a drop-in, at no fit at all", "G12", "calibrated")
    first_meeting_digital: float = parameter(0.8, "-", 0, 3, "rate of not going on after the first visit to a platform, at no fit at all", "N09", "assumption")
    unsafe: float = parameter(0.004, "per week", 0, 0.15, "leaving because one feels not safe at all", "P", "assumption")
    overload: float = parameter(0.015, "per week", 0, 0.3, "leaving when worn out completely (rate x strain squared)", "T V01", "calibrated")
    lost_tie: float = parameter(0.04, "per week", 0, 0.3, "leaving after a strong tie (or one's match) has left, for each tie of full worth (loss channel)")
    social: float = parameter(0.003, "per week", 0, 0.02, "leaving because others leave, for each tie of average worth (social channel); zero is a possible truth", "C01 C03 C04", "assumption")
    memory: float = parameter(5, "weeks", 1, 20, "weeks that the leaving of others is remembered", "C02 C03", "assumption")
    not_relevant: float = parameter(0.01, "per week", 0, 0.1, "leaving because the offer does not feel relevant, at the latest stage of recovery", "P", "assumption")
    relevant_stage: float = parameter(0.5, "0-1", 0, 1, "stage of recovery up to which the offer feels relevant")
    drift: float = parameter(0.002, "per week", 0, 0.3, "drifting away, for each further absence in a row", "G01 G12 O22", "calibrated")
    drift_after: int = parameter(2, "absences", 0, 12, "absences in a row after which drifting sets in")
    moved_on: float = parameter(0.01, "per week", 0, 0.1, "moving on (job, home, own network) at full recovery; not a failure")
    moved_on_from: float = parameter(0.6, "0-1", 0, 0.95, "recovery from which people begin to move on")
    following: float = parameter(0.8, "-", 0, 5, "how much more readily recipients who have come far move on in the weeks after somebody they have a tie to has completed or moved on, for each tie of average worth (times 1 + this x memory): they see that it can be done; 0: it makes no difference", "P", "assumption")
    structure: bool = parameter(True, "yes/no", 0, 1, "structure channel: a match ends with either side, a circle too small closes")
    loss: float = parameter(1.0, "-", 0, 2, "loss channel: scales what lost ties do to leaving, and whether those who left stop drawing others")
    thin_weeks: int = parameter(3, "weeks", 1, 12, "weeks in a row (with closing by attendance: meetings) that a circle may be too small before it closes")
    closing: Closing = parameter(Closing.attendance, "-", 0, 1, "what a circle closes by: `enrolled`, fewer active members and leaders than its minimum; or `attendance`, fewer members who come than its minimum less its leaders (two where staff run it)")
    # fmt: on


@rule
def misfit_rate(m, kind, x):
    """Leaving by misfit: misfit (1 - fit)(1 + early exp(-meetings / m0)), and once the rate of not
    coming back after the first meeting, times (1 - fit) (O15, N09).
    """
    if m.meetings == 0:
        return 0.0  # one cannot yet know
    rate = x.misfit * (1.0 - m.fit) * (1.0 + x.early * math.exp(-m.meetings / x.early_meetings))
    if m.tried == 0:
        rate += kind.first_meeting * (1.0 - m.fit)
    return rate


@rule
def remembered(recent, pending, fading):
    """A short memory: of what was remembered the share `fading` is left, what has just happened is
    added (C02).
    """
    return recent * fading + pending


@rule
def _remember(world, i, fading):
    p = world.people[i]
    p.recent_loss = remembered(p.recent_loss, p.pending_loss, fading)
    p.recent_leavers = remembered(p.recent_leavers, p.pending_leavers, fading)
    p.recent_examples = remembered(p.recent_examples, p.pending_examples, fading)
    p.loss_most *= fading
    p.leavers_most *= fading
    p.examples_most *= fading
    p.pending_loss = p.pending_leavers = p.pending_examples = 0.0


@rule
def following(p, x):
    """How many times more readily somebody moves on who has seen others complete or move on: 'if
    they can, I can' (P: hope of seeing it done). Only their own recovery makes anybody ready.
    """
    return 1.0 + x.following * p.recent_examples


@rule
def set_hazards(p, m, chances, kind, x):
    """Write the nine weekly hazards of leaving a community."""
    h = chances.hazard
    h[LIFE_EVENT] = x.life_event
    h[MISFIT] = misfit_rate(m, kind, x) * (1.0 if p.role == RECIPIENT else x.supporters)
    h[UNSAFE] = x.unsafe * (1.0 - m.safety) * (1.0 - m.safety) if m.meetings > 0 else 0.0
    h[OVERLOAD] = x.overload * p.strain * p.strain
    h[LOST_TIE] = x.lost_tie * x.loss * p.recent_loss
    h[OTHERS_LEAVING] = x.social * p.recent_leavers
    beyond = max(0.0, p.stage - x.relevant_stage)
    relevant = math.exp(-commitment(m, kind))  # a task makes it so for those further on (T)
    h[NOT_RELEVANT] = x.not_relevant * beyond * relevant if p.role == RECIPIENT else 0.0
    h[DRIFT] = x.drift * max(0.0, m.absences - x.drift_after + 0.0)
    h[MOVED_ON] = x.moved_on * max(0.0, recovery(p) - x.moved_on_from) / (1.0 - x.moved_on_from)
    h[MOVED_ON] *= following(p, x)


@phase_apart
def leaving_propensity(world):
    """The hazards of leaving, for everybody who takes part anywhere."""
    x, kinds = settings(world).departure, settings(world).kinds
    fading = math.exp(-1.0 / x.memory)
    for i in everybody(world):
        _remember(world, i, fading)
        for c in world.used:
            if takes_part(world, i, c):
                p, m = world.people[i], world.memberships[i, c]
                set_hazards(p, m, world.chances[i, c], kinds[c], x)


@rule
def chosen_cause(hazard, total, u):
    """Which of the hazards it was: each with its share of the total."""
    left = u * total
    for cause in range(N_HAZARDS - 1):
        if left < hazard[cause]:
            return cause
        left -= hazard[cause]
    return N_HAZARDS - 1


@rule
def _example_of(world, i, c):
    """Whose example somebody follows who moves on, with the share it has in the rate; or nobody."""
    clock, p, key = world.clock[0], world.people[i], settings(world).kinds[c].key
    u = draws(clock.seed, LEAVING, clock.week, p.id, key)[2]
    followed = u * following(p, settings(world).departure) >= 1.0
    return np.int64(p.examples_from) if followed else NOBODY


@rule
def leave(world, i, c, cause):
    """One person leaves one community now, for a cause.

    Who stops coming to a group that runs itself has completed the course: this is no departure.
    """
    p = world.people[i]
    if world.status[i, c] == SELF_RUN:
        end_membership(world, i, c, COMPLETED, COURSE_COMPLETED, NOBODY)
    elif cause == LOST_TIE:
        end_membership(world, i, c, LEFT, cause, p.loss_from)
    elif cause == OTHERS_LEAVING:
        end_membership(world, i, c, LEFT, cause, p.leavers_from)
    elif cause == MOVED_ON:
        end_membership(world, i, c, LEFT, cause, _example_of(world, i, c))
    else:
        end_membership(world, i, c, LEFT, cause, NOBODY)


@rule
def _rests_instead(world, i, c, cause):
    """A worn supporter may hand over their matches and rest, where withdrawing is legitimate (T)."""
    clock, p = world.clock[0], world.people[i]
    if cause != OVERLOAD or p.role != SUPPORTER or settings(world).kinds[c].opens != MATCH:
        return False
    u = draws(clock.seed, RESTING, clock.week, p.id, np.int64(0))[0]
    if u >= settings(world).supervision.legitimate_withdrawal:
        return False
    p.resting = settings(world).supervision.rest_weeks
    return True


@rule
def _asks_for_another(world, i, c, cause, u):
    """A recipient who does not fit with their supporter may ask for another, and does not leave (T:
    a good match is hard to find).
    """
    x = settings(world)
    if cause != MISFIT or world.people[i].role != RECIPIENT or x.kinds[c].opens != MATCH:
        return False
    if world.status[i, c] != ACTIVE or not x.one_to_one.rematch > 0 or u >= x.one_to_one.ask_again:
        return False
    world.status[i, c] = WAITING  # the match itself is broken when all have decided
    return True


@rule
def _decide(world, i, c):
    clock, m, hazard = world.clock[0], world.memberships[i, c], world.chances[i, c].hazard
    total = 0.0
    for k in range(N_HAZARDS):
        total += hazard[k]
    key = settings(world).kinds[c].key
    u = draws(clock.seed, LEAVING, clock.week, world.people[i].id, key)
    if happens(u[0], total):
        cause = chosen_cause(hazard, total, u[1])
        # to ask for another is not to leave: who is kept does it too
        asks = _asks_for_another(world, i, c, cause, u[2])
        if world.people[i].stays == 0 and not asks and not _rests_instead(world, i, c, cause):
            leave(world, i, c, np.int64(cause))
    if m.meetings > 0:
        m.tried = np.int64(1)


@rule
def _give_up(world, i, c):
    """Those who wait give up at a constant rate, unless an event keeps them."""
    clock = world.clock[0]
    if world.people[i].stays == 1:
        return
    key = settings(world).kinds[c].key
    u = draws(clock.seed, LEAVING, clock.week, world.people[i].id, key)[0]
    if happens(u, settings(world).sign_up.impatience):
        leave(world, i, c, GAVE_UP_WAITING)
        p = world.people[i]
        p.hope = clip(p.hope - settings(world).sign_up.in_vain)


@phase_apart
def leaving_draw(world):
    """Who leaves this week, and why; whom an event keeps does not, whatever their hazards."""
    for i in everybody(world):
        for c in world.used:
            if takes_part(world, i, c):
                _decide(world, i, c)
            elif world.status[i, c] == WAITING and world.people[i].role == RECIPIENT:
                _give_up(world, i, c)
