"""Every target: what was observed, and how finished worlds are measured for it, a numerator over a
denominator.
"""

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
    WAITING,
)
from peersim.run.standing import came_as_recipients
from peersim.studies.calibration.settings import AFTER_THE_COURSE, Look
from peersim.studies.calibration.targets import AT_LEAST, AT_MOST, REGISTERED, Ratio, Runs, observed

BEGUN_BY = 10
"""Only who began by this week is followed up, so that everybody's time is over when the world is
looked at."""
ESTABLISHED = 8
"""Weeks after which a match counts as established."""


def _count(part: np.ndarray, whole: np.ndarray) -> Ratio:
    return Ratio(float((part & whole).sum()), float(whole.sum()))


def _mean(values: np.ndarray, who: np.ndarray) -> Ratio:
    return Ratio(float(values[who].sum()), float(who.sum()))


def _recipients(look: Look) -> np.ndarray:
    return came_as_recipients(look.people)


def _last(runs: Runs, setting: str) -> Look:
    run = runs[setting]
    return run.looks[run.weeks]


# -- 1: matches ----------------------------------------------------------------------------------


class Matches(NamedTuple):
    """Every match ever made in the trial of befriending, one a recipient: how long it lasted, and
    how it ended.
    """

    lasted: np.ndarray  # weeks from being matched to the end, or to the last week
    has_ended: np.ndarray  # before the twelve months were over
    met: np.ndarray  # at least one meeting


def _matches(runs: Runs) -> Matches:
    look = _last(runs, "matches")
    m, status = look.memberships[:, ONE_TO_ONE], look.status[:, ONE_TO_ONE]
    made = _recipients(look) & (m["matched"] >= 0)
    over = (status == LEFT) | (status == CLOSED) | (status == COMPLETED)
    lasted = np.where(over, m["left"], look.week) - m["matched"]
    return Matches(lasted[made], (over & (status != COMPLETED))[made], (m["meetings"] > 0)[made])


@observed(1, "matches", "O14 O18", 0.295, error=0.065, discrepancy=0.05)
def never_met(runs: Runs) -> Ratio:
    """Recipients who have not met a supporter within twelve months / recipients to whom one was
    offered.
    """
    look = runs["matches"].looks[52]
    return _count(look.memberships["meetings"][:, ONE_TO_ONE] == 0, _recipients(look))


@observed(1, "matches", "O14 O15", 0.247, error=0.08, discrepancy=0.05)
def met_only_once(runs: Runs) -> Ratio:
    """Recipients whose match ended after a single meeting / recipients who met at least once."""
    look = _last(runs, "matches")
    m, status = look.memberships[:, ONE_TO_ONE], look.status[:, ONE_TO_ONE]
    over = (status == LEFT) | (status == CLOSED)
    return _count((m["meetings"] == 1) & over, _recipients(look) & (m["meetings"] > 0))


def _surviving(runs: Runs, weeks: int) -> Ratio:
    """Kaplan-Meier: share of matches with at least one meeting that last so many weeks."""
    found = _matches(runs)
    lasted, ended = found.lasted[found.met], found.has_ended[found.met]
    share = 1.0
    for week in range(weeks + 1):
        at_risk = (lasted >= week).sum()
        share *= 1.0 - ((lasted == week) & ended).sum() / at_risk if at_risk else 1.0
    return Ratio(share, 1.0 if len(lasted) else 0.0)


@observed(1, "matches", "O22", 0.774, error=0.024, discrepancy=0.10)
def lasts_12_weeks(runs: Runs) -> Ratio:
    """Matches still going on after 12 weeks / matches that met at least once (censored ones as
    Kaplan and Meier do).
    """
    return _surviving(runs, 12)


@observed(1, "matches", "O22", 0.459, error=0.028, discrepancy=0.05, sense=AT_LEAST)
def lasts_25_weeks(runs: Runs) -> Ratio:
    """Matches still going on after 25 weeks / matches that met at least once (likewise)."""
    return _surviving(runs, 25)


@observed(1, "matches", "O14 O16 O17", 0.52, error=0.08, discrepancy=0.05)
def lasts_a_year(runs: Runs) -> Ratio:
    """Matches that reach the planned end after twelve months / matches that met at least once
    (likewise).
    """
    return _surviving(runs, 51)


@observed(1, "matches", "O01 O04 O05", 0.033, error=0.002, discrepancy=0.010)
def closes_in_a_month(runs: Runs) -> Ratio:
    """Matches that close between week 8 and the planned end / months that matches spend there (a
    hazard).
    """
    found = _matches(runs)
    here = found.lasted >= ESTABLISHED
    months = np.clip(np.minimum(found.lasted, 52) - ESTABLISHED, 0, None) * 12.0 / 52.0
    return Ratio(float((here & found.has_ended & (found.lasted < 52)).sum()), float(months.sum()))


@observed(1, "matches", "O03 O23", 0.58, error=0.06, discrepancy=0.05)
def ended_by_supporter(runs: Runs) -> Ratio:
    """Matches that ended because the supporter left or rests / matches that ended early by one
    side.
    """
    look = _last(runs, "matches")
    m, status = look.memberships[:, ONE_TO_ONE], look.status[:, ONE_TO_ONE]
    ended = _recipients(look) & (m["matched"] >= 0) & ((status == LEFT) | (status == CLOSED))
    return _count(status == CLOSED, ended)


# -- 2: courses ----------------------------------------------------------------------------------


def _enrolled(look: Look) -> np.ndarray:
    """Recipients who were given a place in a group early enough for its ten weeks to be over: the
    denominator of the studies of courses, and no denominator of an effect.
    """
    joined = look.memberships["joined"][:, GROUP]
    return _recipients(look) & (joined >= 0) & (joined <= BEGUN_BY)


@observed(2, "course", "G03", 0.625, error=0.016, discrepancy=0.03)
def sessions_attended(runs: Runs) -> Ratio:
    """Sessions attended / ten sessions for everybody enrolled, dropouts included."""
    look = _last(runs, "course")
    planned = float(runs["course"].world.params[0]["group"]["weeks"])
    who = _enrolled(look)
    return Ratio(float(look.memberships["attended"][who, GROUP].sum()), planned * float(who.sum()))


@observed(2, "course", "G01 G03", 0.73, error=0.01, discrepancy=0.04)
def attended_by_completers(runs: Runs) -> Ratio:
    """Sessions attended / sessions held for them, over those who stayed to the end of the
    course.
    """
    look = _last(runs, "course")
    m, who = look.memberships[:, GROUP], _enrolled(look) & (look.status[:, GROUP] == COMPLETED)
    return Ratio(float(m["attended"][who].sum()), float(m["offered"][who].sum()))


def _dropped_out(look: Look) -> np.ndarray:
    m = look.memberships[:, GROUP]
    dropped = ~np.isin(m["cause"], (MOVED_ON, COURSE_COMPLETED))
    return np.asarray(dropped & (look.status[:, GROUP] == LEFT))


@observed(2, "course", "G01", 0.197, error=0.005, discrepancy=0.05)
def dropped_out(runs: Runs) -> Ratio:
    """Enrolled who left before the end of the course, other than by moving on / enrolled."""
    look = _last(runs, "course")
    return _count(_dropped_out(look), _enrolled(look))


@observed(2, "course", "G12", 0.55, error=0.05, discrepancy=0.05, sense=AT_LEAST)
def dropped_out_early(runs: Runs) -> Ratio:
    """Dropouts who left in the first half of the course / dropouts."""
    look = _last(runs, "course")
    m = look.memberships[:, GROUP]
    return _count(m["left"] - m["joined"] < 5, _enrolled(look) & _dropped_out(look))


# -- 3: platforms --------------------------------------------------------------------------------


def _users(look: Look) -> np.ndarray:
    """Recipients who logged on at least once, early enough to be followed for half a year."""
    m = look.memberships[:, DIGITAL]
    return _recipients(look) & (m["meetings"] > 0) & (m["joined"] <= BEGUN_BY)


@observed(3, "platform", "N01", 0.25, error=0.01, discrepancy=0.15, sense=AT_MOST)
def ever_posted(runs: Runs) -> Ratio:
    """Registered members who ever wrote a post (expected from their log-ons) / registered
    members.
    """
    look, run = _last(runs, "platform"), runs["platform"]
    registered = _recipients(look) & (look.status[:, DIGITAL] != NONE)
    return _mean(1.0 - run.quiet, registered)


@observed(3, "platform", "N02", 0.747, error=0.02, discrepancy=0.15)
def read_of_the_loudest(runs: Runs) -> Ratio:
    """Readings of posts by the one in a hundred members most read / readings of posts by
    members.
    """
    look, run = _last(runs, "platform"), runs["platform"]
    members = look.status[:, DIGITAL] != NONE
    times = np.sort(np.sum(run.read, axis=0)[members])[::-1]
    top = max(1, round(0.01 * len(times)))
    return Ratio(float(times[:top].sum()), float(times.sum()))


@observed(3, "platform", "N09", 0.335, error=0.019, discrepancy=0.05)
def logged_on_once(runs: Runs) -> Ratio:
    """Users with a single log-on / users, in half a year or more."""
    look = _last(runs, "platform")
    return _count(look.memberships["meetings"][:, DIGITAL] == 1, _users(look))


@observed(3, "platform", "N10", 5.11, error=0.4, discrepancy=1.5)
def logged_on(runs: Runs) -> Ratio:
    """Log-ons / users, in half a year or more."""
    look = _last(runs, "platform")
    return _mean(look.memberships["meetings"][:, DIGITAL], _users(look))


@observed(3, "platform", "N15", 0.61, error=0.01, discrepancy=0.10)
def answered(runs: Runs) -> Ratio:
    """Weeks of posting in which a reader answered (expected from how often posts were read) / weeks
    of posting.
    """
    run = runs["platform"]
    x = run.world.params[0]["digital"]
    silent = 1.0 - float(x["reply"]) * (1.0 - float(x["technical_trouble"]))
    got = sum(float((1.0 - silent**times).sum()) for times in run.read)
    return Ratio(got, run.posts_expected)


# -- 4: supporters -------------------------------------------------------------------------------


def _supporters(look: Look) -> np.ndarray:
    return ~came_as_recipients(look.people)


@observed(4, "service", "V02 Q45", 0.30, error=0.05, discrepancy=0.05)
def completed_training(runs: Runs) -> Ratio:
    """Supporters who completed training / people who had shown interest in becoming one."""
    look = _last(runs, "service")
    return _count(look.memberships["joined"][:, ONE_TO_ONE] >= 0, _supporters(look))


@observed(4, "service", "V03", 0.95, error=0.014, discrepancy=0.03)
def supported_somebody(runs: Runs) -> Ratio:
    """Trained supporters who met at least one recipient / trained supporters."""
    look = _last(runs, "service")
    m = look.memberships[:, ONE_TO_ONE]
    return _count(m["meetings"] > 0, _supporters(look) & (m["joined"] >= 0))


@observed(4, "service", "V01 Q40", 0.355, error=0.105, discrepancy=0.03)
def supporters_stopped(runs: Runs) -> Ratio:
    """Trained supporters who left within a year of beginning / trained supporters who began a year
    before the end.
    """
    look = _last(runs, "service")
    m = look.memberships[:, ONE_TO_ONE]
    began = _supporters(look) & (m["joined"] >= 0) & (m["joined"] <= look.week - 52)
    return _count((look.status[:, ONE_TO_ONE] == LEFT) & (m["left"] - m["joined"] <= 52), began)


@observed(4, "service", "O32 O33 O34", 1.15, error=0.35, discrepancy=0.30)
def waiting_to_served(runs: Runs) -> Ratio:
    """Recipients waiting after a year / recipients with a supporter."""
    look = _last(runs, "service")
    m, status = look.memberships[:, ONE_TO_ONE], look.status[:, ONE_TO_ONE]
    served = _recipients(look) & (m["partner"] >= 0) & (status != NONE)
    return Ratio(float((_recipients(look) & (status == WAITING)).sum()), float(served.sum()))


# -- 5: recovery ---------------------------------------------------------------------------------


def _score(look: Look) -> np.ndarray:
    """Recovery score without error, 0 to 60."""
    return 12.0 * np.sum([look.people[name] for name in CHIME], axis=0)


def _spread(runs: Runs, look: Look, who: np.ndarray) -> float:
    """Standard deviation between people of a score as it is measured, with item error and passing
    state.
    """
    x = runs["course"].world.params[0]["measurement"]
    error = float(x["item_error"]) ** 2 + float(x["passing_error"]) ** 2
    return math.sqrt(float(np.var(look.alone[who])) + error)


def _effect(runs: Runs, look: Look) -> Ratio:
    """What a programme has done to everybody randomised to it, whether they began or not, as the
    simulated trial divides it.
    """
    who = _recipients(look)
    return Ratio(float((_score(look) - look.alone)[who].mean()), _spread(runs, look, who))


def spread_of_trials(low: float, high: float, between: float) -> float:
    """Standard deviation of what another trial would find on average, from the 95% interval of a
    pooled mean and the standard deviation between trials: half the width of a prediction interval,
    over 1.96.

    >>> round(spread_of_trials(-0.0196, 0.0196, 0.0), 4), round(spread_of_trials(-1, 1, 0.2), 2)
    (0.01, 0.55)
    """
    return math.hypot((high - low) / 3.92, between)


@observed(5, "course", "M04", 0.18, error=spread_of_trials(0.07, 0.29, 0.10), discrepancy=0.02)
def effect_of_a_course(runs: Runs) -> Ratio:
    """Mean score of everybody randomised to the course, two weeks after it, less that of the same
    people without it / SD between people as measured.
    """
    return _effect(runs, runs["course"].looks[AFTER_THE_COURSE])


@observed(
    5, "matches course", "M01", 0.20, error=spread_of_trials(0.11, 0.29, 0.20), discrepancy=0.05
)
def effect_of_peer_support(runs: Runs) -> Ratio:
    """The same for the course, and for everybody randomised to matches after half a year: the mean
    of both.
    """
    match, course = _effect(runs, runs["matches"].looks[26]), effect_of_a_course(runs)
    return Ratio(0.5 * (match.value + course.value), 1.0)


@observed(5, "course", "P02", 32.1, error=1.0, discrepancy=0.5)
def score_without(runs: Runs) -> Ratio:
    """Sum of the scores after the course, without it, of everybody randomised / randomised."""
    look = runs["course"].looks[AFTER_THE_COURSE]
    return _mean(look.alone, _recipients(look))


@observed(5, "course", "P05", 11.9, error=0.5, discrepancy=0.3)
def spread_without(runs: Runs) -> Ratio:
    """SD between the same people of the score as measured / 1."""
    look = runs["course"].looks[AFTER_THE_COURSE]
    return Ratio(_spread(runs, look, _recipients(look)), 1.0)


# -- 6: the start --------------------------------------------------------------------------------


@observed(6, "service", "X05", 6.0, error=0.3, discrepancy=0.5)
def loneliness(runs: Runs) -> Ratio:
    """Sum over recipients of 3 + 6 (1 - connectedness) at the start, a score from 3 to 9 /
    recipients.
    """
    look = _last(runs, "service")
    x = runs["service"].world.params[0]["population"]
    start = np.clip(look.people["own_connectedness"] - float(x["low_point"]), 0.0, 1.0)
    return _mean(3.0 + 6.0 * (1.0 - start), _recipients(look))


@observed(6, "service", "T07", 3.4, error=0.3, discrepancy=0.6)
def friends_outside(runs: Runs) -> Ratio:
    """Friends outside the programme at the start / recipients."""
    look = _last(runs, "service")
    return _mean(look.people["outside_ties"], _recipients(look))


# -- 7: ties -------------------------------------------------------------------------------------


@observed(7, "house", "T01 T02 T03", 90, error=6, discrepancy=8)
def hours_to_a_friend(runs: Runs) -> Ratio:
    """Hours of chosen company until a tie has half of full strength: -h0 ln(1 - 0.5) / 1."""
    return Ratio(
        -float(runs["house"].world.params[0]["ties"]["familiarity_hours"]) * math.log(0.5), 1.0
    )


@observed(7, "house", "T04", 0.90, error=0.02, discrepancy=0.05)
def bridges_gone(runs: Runs) -> Ratio:
    """Ties without a shared third person at week 26 that have ended a year later / such ties at
    week 26.
    """
    run = runs["house"]
    then, now = run.looks[26].bridges, run.world.ledger
    then = then[then < len(now)]
    return Ratio(float((now["ended"][then] >= 0).sum()), float(len(then)))


CLOSE = 0.8
"""Strength of a close tie: 200 hours together (T03)."""


@observed(7, "house", "T05", 0.025, error=0.008, discrepancy=0.010)
def close_tie_lost(runs: Runs) -> Ratio:
    """Familiarity that a tie of strength 0.8 loses in a year without any contact, by its half-life
    / familiarity.
    """
    x = runs["house"].world.params[0]["ties"]
    half_life = float(x["weak_half_life"]) * math.exp(float(x["stability"]) * CLOSE)
    return Ratio(1.0 - 0.5 ** (52.0 / half_life), 1.0)


# -- 8: how leaving spreads ----------------------------------------------------------------------


def _because_of_one(runs: Runs, setting: str, weeks: int) -> Ratio:
    """Share of those who leave so many weeks after one who would not have, had that one stayed.

    It is bounded where the rise itself is not: a hazard that is 1 + r times as high makes it
    r / (1 + r).
    """
    gone = np.sum([apart.gone(weeks) for apart in runs[setting].apart], axis=0)
    return Ratio(float(gone[0] - gone[1]), float(gone[0]))


@observed(8, "long_groups", "C04 C05", 0.127, error=0.06, discrepancy=0.15)
def leaving_after_a_leaving(runs: Runs) -> Ratio:
    """Others in a group who leave within 19 weeks of one member's leaving, less those who leave if
    the member stays / others who leave within 19 weeks of it.
    """
    return _because_of_one(runs, "long_groups", 19)


@observed(8, "long_groups", "C01", 0.444, error=0.03, discrepancy=0.06, sense=AT_MOST)
def leaving_soon_after_one(runs: Runs) -> Ratio:
    """The same within 13 weeks: those who leave because one member left / those who leave."""
    return _because_of_one(runs, "long_groups", 13)


@observed(8, "short_courses", "C01", 0.444, error=0.03, discrepancy=0.06, sense=AT_MOST)
def leaving_after_one_in_a_course(runs: Runs) -> Ratio:
    """The same in courses of ten weeks, up to their end: those who leave because one member left /
    those who leave.
    """
    return _because_of_one(runs, "short_courses", 7)


HELD_BACK: tuple[int, ...] = ()
"""Groups of targets that the sets that ship have not been held against yet."""
TARGETS = tuple(target for target in REGISTERED if target.group not in HELD_BACK)
"""All targets, in order."""
