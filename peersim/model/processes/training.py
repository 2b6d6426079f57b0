"""Training of supporters: who takes it up, who drops out when the role comes close, what it leaves
(T: WeShelter, UngTilUng). Recipients who are asked train beside what they receive (T, P).
"""

import enum
from dataclasses import dataclass

import numpy as np

from peersim.kernel.chance import TRAINING, draw, draws, happens
from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase, rule
from peersim.model.encounters import expected_fit, first_safety
from peersim.model.endings import end_membership
from peersim.model.people import log_odds, logistic
from peersim.model.vocabulary import (
    ACTIVE,
    COMPLETED,
    COURSE_COMPLETED,
    IN_TRAINING,
    LEFT,
    NEVER,
    NEVER_STARTED,
    NOBODY,
    NONE,
    SUPPORTER,
    TRAINING_DROPOUT,
    WAITING,
)
from peersim.model.world import (
    hours_in_matches,
    recipients,
    settings,
    supporters,
    supports,
    takes_part,
)

COLD_FEET = np.int64(-1)
"""Weeks of training left to a recruit who has given a role up."""
READY = np.int64(1)
"""The last of a recruit's weeks: the training is over, and they serve from now on."""


class Form(enum.Enum):
    """A day or two face to face, or from home in one's pyjamas."""

    seminar = "seminar"
    webinar = "webinar"


@dataclass
class Training:
    """How supporters are made ready."""

    # fmt: off
    form: Form = parameter(Form.seminar, "-", 0, 1, "face-to-face seminars, or webinars followed from home", "T", "assumption")
    weeks: int = parameter(4, "weeks", 0, 26, "weeks of training")
    hours: float = parameter(2.0, "hours/week", 0, 20, "hours of training a week")
    uptake: float = parameter(0.75, "0-1", 0.05, 1, "chance that an invited supporter without any anxiety begins a webinar training", "V02", "calibrated")
    seminar_effort: float = parameter(1.0, "log-odds", 0, 4, "how much more a seminar asks of people than a webinar", "T", "assumption")
    anxiety: float = parameter(1.5, "log-odds", 0, 5, "how strongly social anxiety keeps people from a seminar", "T", "assumption")
    webinar_anxiety: float = parameter(0.33, "0-1", 0, 1, "how much of the effect of social anxiety remains with a webinar, which is followed from home", "T", "assumption")
    dropout: float = parameter(0.15, "per week", 0, 1, "weekly rate of dropping out when the coming role is fully exposed and the person not ready at all", "T V02", "assumption")
    readiness_seminar: float = parameter(0.2, "0-1", 0, 0.6, "share of the missing readiness that a whole seminar training gives", "T V08", "assumption")
    readiness_webinar: float = parameter(0.1, "0-1", 0, 0.6, "share of the missing readiness that a whole webinar training gives", "T", "assumption")
    staff_hours: float = parameter(4.0, "hours/week", 0, 40, "staff hours a week while training runs")
    declines_once: bool = parameter(True, "yes/no", 0, 1, "whether who has declined training is lost once, and not again with each community that comes later")
    # fmt: on


@rule
def chance_of_uptake(p, x):
    """Chance of beginning the training: a seminar asks more, of the anxious most (T)."""
    odds = log_odds(x.uptake)
    if x.form == 0:
        return logistic(odds - x.seminar_effort - x.anxiety * p.social_anxiety)
    return logistic(odds - x.webinar_anxiety * x.anxiety * p.social_anxiety)


@rule
def dropout_rate(p, exposed, x):
    """Weekly rate of cold feet: dropout x exposure^2 x (1 - readiness) (T: being alone with one
    person crossed a line).

    >>> from types import SimpleNamespace as R
    >>> dropout_rate(R(readiness=1.0), 0.8, R(dropout=0.15))
    0.0
    """
    return x.dropout * exposed * exposed * (1.0 - p.readiness)


@rule
def _begin(world, i, c, willing):
    m = world.memberships[i, c]
    world.status[i, c] = IN_TRAINING
    p, x = world.people[i], settings(world).safety
    m.training_left = 0 if p.trained == 1 else settings(world).training.weeks
    m.safety, m.fit = first_safety(p, x), expected_fit(p, x.first_fit, x)
    if not willing:
        end_membership(world, i, c, LEFT, NEVER_STARTED, NOBODY)


@rule
def take_up(world, i, c):
    """A supporter is ready for a community, and serves there from now on."""
    p, m, week = world.people[i], world.memberships[i, c], world.clock[0].week
    world.status[i, c], m.joined, m.contributor = ACTIVE, week, np.int64(1)
    if p.supporter_since < 0:
        p.supporter_since = week


@rule
def _learn(world, i, c, luck):
    """A week of training for one role: drop out, or come nearer to being ready."""
    x, m, p = settings(world), world.memberships[i, c], world.people[i]
    if happens(luck, dropout_rate(p, x.kinds[c].exposure, x.training)):
        end_membership(world, i, c, LEFT, TRAINING_DROPOUT, NOBODY)
        return
    m.training_left -= 1


@rule
def _gain_readiness(p, x):
    whole = x.readiness_seminar if x.form == 0 else x.readiness_webinar
    if x.weeks > 0:
        p.readiness += (1.0 - p.readiness) * (1.0 - (1.0 - whole) ** (1.0 / x.weeks))


@rule
def _has_declined(world, i):
    """Whether a person declined training in an earlier week. Their luck is the same ever after, so
    they would decline again; nobody leaves twice who never came.
    """
    for c in world.used:
        m = world.memberships[i, c]
        if m.cause == NEVER_STARTED and m.left < world.clock[0].week:
            return True
    return False


@rule
def _is_open_to(world, i, c):
    """Whether a role is open to a supporter who has not been asked about it, nor given it up."""
    invited = ((world.people[i].invited_to >> c) & 1) == 1
    new = world.status[i, c] == NONE and world.memberships[i, c].training_left != COLD_FEET
    return new and invited and settings(world).on[c] == 1


@rule
def _train_one(world, i, x):
    """One supporter, one week. The same luck counts for every role they train for. Says whether
    they trained.

    Trained supporters have this behind them: they take up every role that is open to them in the
    week they arrive.
    """
    clock, p, trained = world.clock[0], world.people[i], False
    for c in world.used:
        m = world.memberships[i, c]
        if _is_open_to(world, i, c):
            first = draws(clock.seed, TRAINING, np.int64(0), p.id, np.int64(1))
            willing = p.trained == 1 or first[0] < chance_of_uptake(p, x.training)
            if willing or x.training.declines_once == 0 or not _has_declined(world, i):
                _begin(world, i, c, willing)
        if world.status[i, c] == IN_TRAINING and m.training_left > 0:
            trained = True
            _learn(world, i, c, draw(clock.seed, TRAINING, clock.week, p.id, np.int64(0)))
        elif world.status[i, c] == IN_TRAINING:
            take_up(world, i, c)
    return trained


@rule
def _answer(world, i, x):
    """Somebody who still receives support begins the training for every role that is open to them, or
    declines: as they would if they had been invited to it.
    """
    p = world.people[i]
    luck = draws(world.clock[0].seed, TRAINING, np.int64(0), p.id, np.int64(1))[0]
    if luck >= chance_of_uptake(p, x.training):
        return
    for c in world.used:
        if x.on[c] == 1 and ((p.invited_to >> c) & 1) == 1:
            world.memberships[i, c].training_left = READY + x.training.weeks


@rule
def _learn_beside(world, i, x):
    """A week of training beside what a person receives: for each role cold feet, or a week less to
    go. Says whether they trained.
    """
    clock, p, trained = world.clock[0], world.people[i], False
    luck = draw(clock.seed, TRAINING, clock.week, p.id, np.int64(0))
    for c in world.used:
        m = world.memberships[i, c]
        if m.training_left <= READY:
            continue
        trained = True
        if happens(luck, dropout_rate(p, x.kinds[c].exposure, x.training)):
            m.training_left = COLD_FEET
        else:
            m.training_left -= 1
    return trained


@rule
def _is_bound(world, i):
    """Whether a match or a led circle in which a person receives support is still under way."""
    for c in world.used:
        m = world.memberships[i, c]
        if world.status[i, c] == ACTIVE and (m.partner >= 0 or m.circle >= 0):
            return True
    return False


@rule
def _is_ready(world, i):
    for c in world.used:
        if world.memberships[i, c].training_left == READY and settings(world).on[c] == 1:
            return True
    return False


@rule
def _serve(world, i, c):
    """A new stay begins, on the other side: a supporter in community c."""
    p, m, x = world.people[i], world.memberships[i, c], settings(world)
    m.safety = max(m.safety, first_safety(p, x.safety))
    m.fit = max(m.fit, expected_fit(p, x.safety.first_fit, x.safety))
    m.circle, m.caused_by = NOBODY, NOBODY
    m.left, m.cause = NEVER, NEVER
    m.meetings, m.absences, m.tried, m.training_left = 0, 0, 0, 0
    take_up(world, i, c)


@rule
def _ask_no_longer(world, i, c):
    """Who waited for a place in community c to receive support takes no part in it."""
    m = world.memberships[i, c]
    world.status[i, c], m.waiting, m.safety = NONE, NEVER, 0.0


@rule
def _become_supporter(world, i):
    """A recruit who is ready gives from now on, and no longer receives as a recipient: they serve
    where they have trained, and their time elsewhere is over, as after a course.

    They keep their ties, and count among those who were invited as they did before.
    """
    p = world.people[i]
    if _is_bound(world, i) or not _is_ready(world, i):
        return
    x = settings(world)
    p.role, p.counted_hours = SUPPORTER, hours_in_matches(world, i, x)
    for c in world.used:
        if world.memberships[i, c].training_left == READY and x.on[c] == 1:
            _serve(world, i, c)
        elif world.status[i, c] == WAITING:
            _ask_no_longer(world, i, c)
        elif takes_part(world, i, c):
            world.memberships[i, c].circle = NOBODY
            end_membership(world, i, c, COMPLETED, COURSE_COMPLETED, NOBODY)


@rule
def _train_recruits(world, x):
    """Recipients who were asked train beside what they receive, and become supporters when they are
    ready; gives how many trained this week.
    """
    n = 0
    for i in recipients(world):
        p = world.people[i]
        if p.asked_week < 0 or p.role == SUPPORTER:
            continue
        if p.asked_week == world.clock[0].week - 1:
            _answer(world, i, x)
        if _learn_beside(world, i, x):
            _gain_readiness(p, x.training)
            n += 1
        else:
            _become_supporter(world, i)
    return n


@phase
def train(world):
    """Whoever is asked begins training or declines; some drop out, the others become active when it
    is over. Trained supporters become active as they arrive, and recruits when they are ready.
    """
    x, n = settings(world), 0
    for i in supporters(world):
        if not supports(world, i) or world.people[i].invited_week > world.clock[0].week:
            continue
        if _train_one(world, i, x):
            _gain_readiness(world.people[i], x.training)
            n += 1
    if world.clock[0].asked > 0:
        n += _train_recruits(world, x)
    if n > 0:
        world.clock[0].supporter_hours += n * x.training.hours
        world.clock[0].staff_hours += x.training.staff_hours
