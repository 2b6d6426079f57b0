"""What is read off finished worlds for each target: a numerator over a denominator, written out."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from peersim.model.people import CHIME
from peersim.model.vocabulary import (
    CLOSED,
    COMPLETED,
    COURSE_COMPLETED,
    DIGITAL,
    GROUP,
    LEFT,
    MOVED_ON,
    NONE,
    ONE_TO_ONE,
    RECIPIENT,
    SUPPORTER,
    WAITING,
)
from peersim.studies.calibration.settings import Life, Look

Lives = dict[str, Life]
"""One finished world for each setting, by the name of the setting."""

BEGUN_BY = 10
"""Only who began by this week is followed up, so that everybody's time is over when the world is
looked at."""
ESTABLISHED = 8
"""Weeks after which a match counts as established."""


class Ratio(NamedTuple):
    """A value as its numerator and denominator; not defined where there is nobody to divide by."""

    part: float
    whole: float

    @property
    def value(self) -> float:
        """The quotient; NaN if it is not defined."""
        return float(self.part) / float(self.whole) if self.whole > 0 else math.nan


def _count(part: np.ndarray, whole: np.ndarray) -> Ratio:
    return Ratio(float((part & whole).sum()), float(whole.sum()))


def _mean(values: np.ndarray, who: np.ndarray) -> Ratio:
    return Ratio(float(values[who].sum()), float(who.sum()))


def _recipients(look: Look) -> np.ndarray:
    return look.people["role"] == RECIPIENT


def _last(lives: Lives, setting: str) -> Look:
    life = lives[setting]
    return life.looks[life.weeks]


# -- 1: matches ----------------------------------------------------------------------------------


class Matches(NamedTuple):
    """Every match ever made in the trial of befriending, one a recipient: how long it lasted, and
    how it ended.
    """

    lasted: np.ndarray  # weeks from being matched to the end, or to the last week
    has_ended: np.ndarray  # before the twelve months were over
    met: np.ndarray  # at least one meeting


def _matches(lives: Lives) -> Matches:
    look = _last(lives, "matches")
    m, status = look.memberships[:, ONE_TO_ONE], look.status[:, ONE_TO_ONE]
    made = _recipients(look) & (m["matched"] >= 0)
    over = (status == LEFT) | (status == CLOSED) | (status == COMPLETED)
    lasted = np.where(over, m["left"], look.week) - m["matched"]
    return Matches(lasted[made], (over & (status != COMPLETED))[made], (m["meetings"] > 0)[made])


def never_met(lives: Lives) -> Ratio:
    """Recipients who have not met a supporter within twelve months / recipients to whom one was
    offered.
    """
    look = lives["matches"].looks[52]
    return _count(look.memberships["meetings"][:, ONE_TO_ONE] == 0, _recipients(look))


def met_only_once(lives: Lives) -> Ratio:
    """Recipients whose match ended after a single meeting / recipients who met at least once."""
    look = _last(lives, "matches")
    m, status = look.memberships[:, ONE_TO_ONE], look.status[:, ONE_TO_ONE]
    over = (status == LEFT) | (status == CLOSED)
    return _count((m["meetings"] == 1) & over, _recipients(look) & (m["meetings"] > 0))


def _surviving(lives: Lives, weeks: int) -> Ratio:
    """Kaplan-Meier: share of matches with at least one meeting that last so many weeks."""
    found = _matches(lives)
    lasted, ended = found.lasted[found.met], found.has_ended[found.met]
    share = 1.0
    for week in range(weeks + 1):
        at_risk = (lasted >= week).sum()
        share *= 1.0 - ((lasted == week) & ended).sum() / at_risk if at_risk else 1.0
    return Ratio(share, 1.0 if len(lasted) else 0.0)


def lasts_12_weeks(lives: Lives) -> Ratio:
    """Matches still going on after 12 weeks / matches that met at least once (censored ones as
    Kaplan and Meier do).
    """
    return _surviving(lives, 12)


def lasts_25_weeks(lives: Lives) -> Ratio:
    """Matches still going on after 25 weeks / matches that met at least once (likewise)."""
    return _surviving(lives, 25)


def lasts_a_year(lives: Lives) -> Ratio:
    """Matches that reach the planned end after twelve months / matches that met at least once
    (likewise).
    """
    return _surviving(lives, 51)


def closes_in_a_month(lives: Lives) -> Ratio:
    """Matches that close between week 8 and the planned end / months that matches spend there (a
    hazard).
    """
    found = _matches(lives)
    here = found.lasted >= ESTABLISHED
    months = np.clip(np.minimum(found.lasted, 52) - ESTABLISHED, 0, None) * 12.0 / 52.0
    return Ratio(float((here & found.has_ended & (found.lasted < 52)).sum()), float(months.sum()))


def ended_by_supporter(lives: Lives) -> Ratio:
    """Matches that ended because the supporter left or rests / matches that ended early by one
    side.
    """
    look = _last(lives, "matches")
    m, status = look.memberships[:, ONE_TO_ONE], look.status[:, ONE_TO_ONE]
    ended = _recipients(look) & (m["matched"] >= 0) & ((status == LEFT) | (status == CLOSED))
    return _count(status == CLOSED, ended)


# -- 2: courses ----------------------------------------------------------------------------------


def _enrolled(look: Look) -> np.ndarray:
    """Recipients who were given a place in a group early enough for its ten weeks to be over."""
    joined = look.memberships["joined"][:, GROUP]
    return _recipients(look) & (joined >= 0) & (joined <= BEGUN_BY)


def sessions_attended(lives: Lives) -> Ratio:
    """Sessions attended / ten sessions for everybody enrolled, dropouts included."""
    look = _last(lives, "course")
    planned = float(lives["course"].world.params[0]["group"]["weeks"])
    who = _enrolled(look)
    return Ratio(float(look.memberships["attended"][who, GROUP].sum()), planned * float(who.sum()))


def attended_by_completers(lives: Lives) -> Ratio:
    """Sessions attended / sessions held for them, over those who stayed to the end of the
    course.
    """
    look = _last(lives, "course")
    m, who = look.memberships[:, GROUP], _enrolled(look) & (look.status[:, GROUP] == COMPLETED)
    return Ratio(float(m["attended"][who].sum()), float(m["offered"][who].sum()))


def _dropped_out(look: Look) -> np.ndarray:
    m = look.memberships[:, GROUP]
    return (
        (look.status[:, GROUP] == LEFT)
        & (m["cause"] != MOVED_ON)
        & (m["cause"] != COURSE_COMPLETED)
    )


def dropped_out(lives: Lives) -> Ratio:
    """Enrolled who left before the end of the course, other than by moving on / enrolled."""
    look = _last(lives, "course")
    return _count(_dropped_out(look), _enrolled(look))


def dropped_out_early(lives: Lives) -> Ratio:
    """Dropouts who left in the first half of the course / dropouts."""
    look = _last(lives, "course")
    m = look.memberships[:, GROUP]
    return _count(m["left"] - m["joined"] < 5, _enrolled(look) & _dropped_out(look))


# -- 3: platforms --------------------------------------------------------------------------------


def _users(look: Look) -> np.ndarray:
    """Recipients who logged on at least once, early enough to be followed for half a year."""
    m = look.memberships[:, DIGITAL]
    return _recipients(look) & (m["meetings"] > 0) & (m["joined"] <= BEGUN_BY)


def ever_posted(lives: Lives) -> Ratio:
    """Registered members who ever wrote a post (expected from their log-ons) / registered
    members.
    """
    look, life = _last(lives, "platform"), lives["platform"]
    registered = _recipients(look) & (look.status[:, DIGITAL] != NONE)
    return _mean(1.0 - life.quiet, registered)


def read_of_the_loudest(lives: Lives) -> Ratio:
    """Readings of posts by the one in a hundred members most read / readings of posts by
    members.
    """
    look, life = _last(lives, "platform"), lives["platform"]
    members = look.status[:, DIGITAL] != NONE
    times = np.sort(np.sum(life.read, axis=0)[members])[::-1]
    top = max(1, round(0.01 * len(times)))
    return Ratio(float(times[:top].sum()), float(times.sum()))


def logged_on_once(lives: Lives) -> Ratio:
    """Users with a single log-on / users, in half a year or more."""
    look = _last(lives, "platform")
    return _count(look.memberships["meetings"][:, DIGITAL] == 1, _users(look))


def logged_on(lives: Lives) -> Ratio:
    """Log-ons / users, in half a year or more."""
    look = _last(lives, "platform")
    return _mean(look.memberships["meetings"][:, DIGITAL], _users(look))


def answered(lives: Lives) -> Ratio:
    """Weeks of posting in which a reader answered (expected from how often posts were read) / weeks
    of posting.
    """
    life = lives["platform"]
    x = life.world.params[0]["digital"]
    silent = 1.0 - float(x["reply"]) * (1.0 - float(x["technical_trouble"]))
    got = sum(float((1.0 - silent**times).sum()) for times in life.read)
    return Ratio(got, life.posts_expected)


# -- 4: supporters -------------------------------------------------------------------------------


def _supporters(look: Look) -> np.ndarray:
    return look.people["role"] == SUPPORTER


def completed_training(lives: Lives) -> Ratio:
    """Supporters who completed training / people who had shown interest in becoming one."""
    look = _last(lives, "service")
    return _count(look.memberships["joined"][:, ONE_TO_ONE] >= 0, _supporters(look))


def supported_somebody(lives: Lives) -> Ratio:
    """Trained supporters who met at least one recipient / trained supporters."""
    look = _last(lives, "service")
    m = look.memberships[:, ONE_TO_ONE]
    return _count(m["meetings"] > 0, _supporters(look) & (m["joined"] >= 0))


def supporters_stopped(lives: Lives) -> Ratio:
    """Trained supporters who left within a year of beginning / trained supporters who began a year
    before the end.
    """
    look = _last(lives, "service")
    m = look.memberships[:, ONE_TO_ONE]
    began = _supporters(look) & (m["joined"] >= 0) & (m["joined"] <= look.week - 52)
    return _count((look.status[:, ONE_TO_ONE] == LEFT) & (m["left"] - m["joined"] <= 52), began)


def waiting_to_served(lives: Lives) -> Ratio:
    """Recipients waiting after a year / recipients with a supporter."""
    look = _last(lives, "service")
    m, status = look.memberships[:, ONE_TO_ONE], look.status[:, ONE_TO_ONE]
    served = _recipients(look) & (m["partner"] >= 0) & (status != NONE)
    return Ratio(float((_recipients(look) & (status == WAITING)).sum()), float(served.sum()))


# -- 5: recovery ---------------------------------------------------------------------------------


def _score(look: Look) -> np.ndarray:
    """Recovery score without error, 0 to 60."""
    return 12.0 * np.sum([look.people[name] for name in CHIME], axis=0)


def _spread(lives: Lives, look: Look, who: np.ndarray) -> float:
    """Standard deviation between people of a score as it is measured, with item error and passing
    state.
    """
    x = lives["course"].world.params[0]["measurement"]
    error = float(x["item_error"]) ** 2 + float(x["passing_error"]) ** 2
    return math.sqrt(float(np.var(look.alone[who])) + error)


def _effect(lives: Lives, look: Look, who: np.ndarray) -> Ratio:
    if who.sum() < 2:
        return Ratio(0.0, 0.0)
    return Ratio(float((_score(look) - look.alone)[who].mean()), _spread(lives, look, who))


def effect_of_a_course(lives: Lives) -> Ratio:
    """Mean score of the enrolled less that of the same people without the course / SD between
    people as measured.
    """
    look = _last(lives, "course")
    return _effect(lives, look, _enrolled(look))


def effect_of_peer_support(lives: Lives) -> Ratio:
    """The same for a course at its end, and for matches made by week 10 after half a year: the mean
    of both.
    """
    look = lives["matches"].looks[26]
    m = look.memberships[:, ONE_TO_ONE]
    matched = _recipients(look) & (m["matched"] >= 0) & (m["joined"] <= BEGUN_BY)
    match, course = _effect(lives, look, matched), effect_of_a_course(lives)
    if not (match.whole and course.whole):
        return Ratio(0.0, 0.0)
    return Ratio(0.5 * (match.value + course.value), 1.0)


def score_without_a_course(lives: Lives) -> Ratio:
    """Sum of the scores at the end, without the course, of those enrolled / enrolled."""
    look = _last(lives, "course")
    return _mean(look.alone, _enrolled(look))


def spread_without_a_course(lives: Lives) -> Ratio:
    """SD between the same people of the score as measured / 1."""
    look = _last(lives, "course")
    who = _enrolled(look)
    return Ratio(_spread(lives, look, who), 1.0) if who.sum() > 1 else Ratio(0.0, 0.0)


# -- 6: the start --------------------------------------------------------------------------------


def loneliness(lives: Lives) -> Ratio:
    """Sum over recipients of 3 + 6 (1 - connectedness) at the start, a score from 3 to 9 /
    recipients.
    """
    look = _last(lives, "service")
    x = lives["service"].world.params[0]["population"]
    start = np.clip(look.people["own_connectedness"] - float(x["low_point"]), 0.0, 1.0)
    return _mean(3.0 + 6.0 * (1.0 - start), _recipients(look))


def friends_outside(lives: Lives) -> Ratio:
    """Friends outside the programme at the start / recipients."""
    look = _last(lives, "service")
    return _mean(look.people["outside_ties"], _recipients(look))


# -- 7: ties -------------------------------------------------------------------------------------


def hours_to_a_friend(lives: Lives) -> Ratio:
    """Hours of chosen company until a tie has half of full strength: -h0 ln(1 - 0.5) / 1."""
    return Ratio(
        -float(lives["house"].world.params[0]["ties"]["familiarity_hours"]) * math.log(0.5), 1.0
    )


def bridges_gone(lives: Lives) -> Ratio:
    """Ties without a shared third person at week 26 that have ended a year later / such ties at
    week 26.
    """
    life = lives["house"]
    then, now = life.looks[26].bridges, life.world.ledger
    then = then[then < len(now)]
    return Ratio(float((now["ended"][then] >= 0).sum()), float(len(then)))


CLOSE = 0.8
"""Strength of a close tie: 200 hours together (T03)."""


def close_tie_lost(lives: Lives) -> Ratio:
    """Familiarity that a tie of strength 0.8 loses in a year without any contact, by its half-life
    / familiarity.
    """
    x = lives["house"].world.params[0]["ties"]
    half_life = float(x["weak_half_life"]) * math.exp(float(x["stability"]) * CLOSE)
    return Ratio(1.0 - 0.5 ** (52.0 / half_life), 1.0)
