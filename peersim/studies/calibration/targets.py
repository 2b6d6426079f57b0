"""The targets: what was observed, how sure that is, where it is measured in the model, and what was
left out and why.

The uncertainty of a target has two parts. `error` is that of the observation: from the published
interval or number of people where there is one, else a declared width. `discrepancy` is how far the
model could be off although its parameters were right, because those people and programmes were
others, or because what is counted is not quite the same. Both are standard deviations; the
simulation's own noise is measured and added later.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from peersim.studies.calibration import measurements as readings
from peersim.studies.calibration.measurements import Lives, Ratio

TWO_SIDED, AT_LEAST, AT_MOST = "value", "at least", "at most"


class Target(NamedTuple):
    """One figure to be met.

    Attributes
    ----------
    name : str
    group : int
        Which of the seven groups of targets.
    label : str
        What it is, for people.
    evidence : str
        Keys into the evidence table.
    setting : str
        Setting in which it is measured.
    observed, error, discrepancy : float
    sense : str
        ``value``, or ``at least`` or ``at most`` where only one direction is a miss.
    reading : callable
        From finished worlds to a numerator and a denominator.
    why : str
        How the figure and its uncertainty come from the evidence.
    """

    name: str
    group: int
    label: str
    evidence: str
    setting: str
    observed: float
    error: float
    discrepancy: float
    sense: str
    reading: Callable[[Lives], Ratio]
    why: str

    @property
    def tolerance(self) -> float:
        """Standard deviation of observation and discrepancy together."""
        return math.hypot(self.error, self.discrepancy)


GROUPS = {
    1: "match life",
    2: "courses",
    3: "platforms",
    4: "supporters",
    5: "recovery",
    6: "the start",
    7: "ties",
}

TARGETS = (
    Target(
        "never_met",
        1,
        "offered a supporter, never met one",
        "O14 O18",
        "matches",
        0.295,
        0.065,
        0.05,
        TWO_SIDED,
        readings.never_met,
        "23 % and 36 % in two trials: their mean, half their difference; trial participants had consented",
    ),
    Target(
        "met_only_once",
        1,
        "matches that end after one meeting",
        "O14 O15",
        "matches",
        0.247,
        0.08,
        0.05,
        TWO_SIDED,
        readings.met_only_once,
        "19 % of all, of the 77 % who ever met; number not shown: error as of 30 people; one trial",
    ),
    Target(
        "lasts_12_weeks",
        1,
        "matches in contact after 12 weeks",
        "O22",
        "matches",
        0.774,
        0.024,
        0.10,
        TWO_SIDED,
        readings.lasts_12_weeks,
        "n = 317; new mothers by telephone, whose need itself ends",
    ),
    Target(
        "lasts_25_weeks",
        1,
        "matches in contact after 25 weeks",
        "O22",
        "matches",
        0.459,
        0.028,
        0.05,
        AT_LEAST,
        readings.lasts_25_weeks,
        "n = 317; the need of new mothers ends, so that this is a lower bound",
    ),
    Target(
        "lasts_a_year",
        1,
        "matches that reach the planned twelve months",
        "O14 O16 O17",
        "matches",
        0.52,
        0.08,
        0.05,
        TWO_SIDED,
        readings.lasts_a_year,
        "40 % of all, of the 77 % who ever met; number not shown: error as of 40 people; one trial",
    ),
    Target(
        "closes_in_a_month",
        1,
        "established matches that close in a month",
        "O01 O04 O05",
        "matches",
        0.033,
        0.002,
        0.010,
        TWO_SIDED,
        readings.closes_in_a_month,
        "31 to 34 % in twelve months (n = 356, 569); youths with adults, so twice the usual discrepancy",
    ),
    Target(
        "ended_by_supporter",
        1,
        "early ends that come from the supporter's side",
        "O03 O23",
        "matches",
        0.58,
        0.06,
        0.05,
        TWO_SIDED,
        readings.ended_by_supporter,
        "64 % of closures, and 21.7 : 19.3 of one-sided ends (53 %): their middle and half their difference",
    ),
    Target(
        "sessions_attended",
        2,
        "sessions attended, over all enrolled",
        "G03",
        "course",
        0.625,
        0.016,
        0.03,
        TWO_SIDED,
        readings.sessions_attended,
        "5 of 8 sessions, n = 519, SD of shares taken as 0.36; other course",
    ),
    Target(
        "attended_by_completers",
        2,
        "sessions attended by those who stay",
        "G01 G03",
        "course",
        0.73,
        0.01,
        0.04,
        TWO_SIDED,
        readings.attended_by_completers,
        "71 to 75 %: what follows for those still in from 62.5 % of all and 20 % who drop out",
    ),
    Target(
        "dropped_out",
        2,
        "enrolled who drop out",
        "G01",
        "course",
        0.197,
        0.005,
        0.05,
        TWO_SIDED,
        readings.dropped_out,
        "psychotherapy, 669 studies, 18.7 to 20.7 %; peers, not therapists",
    ),
    Target(
        "dropped_out_early",
        2,
        "dropouts who leave in the first half",
        "G12",
        "course",
        0.55,
        0.05,
        0.05,
        AT_LEAST,
        readings.dropped_out_early,
        "only the shape is used: loss is front-loaded; with a constant hazard it would be 0.53",
    ),
    Target(
        "ever_posted",
        3,
        "registered members who ever post",
        "N01",
        "platform",
        0.25,
        0.01,
        0.03,
        AT_MOST,
        readings.ever_posted,
        "fewer than 25 % in four networks, n = 63,990; the source gives a bound",
    ),
    Target(
        "read_of_the_loudest",
        3,
        "readings of posts that fall to the loudest 1 %",
        "N02",
        "platform",
        0.747,
        0.02,
        0.15,
        TWO_SIDED,
        readings.read_of_the_loudest,
        "share of posts written in networks of thousands over years; the model counts readings among a few hundred",
    ),
    Target(
        "logged_on_once",
        3,
        "users with a single log-on",
        "N09",
        "platform",
        0.335,
        0.019,
        0.05,
        TWO_SIDED,
        readings.logged_on_once,
        "n = 606, aged 16 to 18, referred by services",
    ),
    Target(
        "logged_on",
        3,
        "log-ons a user",
        "N10",
        "platform",
        5.11,
        0.4,
        1.5,
        TWO_SIDED,
        readings.logged_on,
        "n = 606, SD between users not shown, taken as 10; length of follow-up not stated",
    ),
    Target(
        "answered",
        3,
        "weeks of posting that bring an answer",
        "N15",
        "platform",
        0.61,
        0.01,
        0.10,
        TWO_SIDED,
        readings.answered,
        "first posts of 2,777 newcomers to public newsgroups; the model knows no first posts",
    ),
    Target(
        "completed_training",
        4,
        "interested who complete training",
        "V02",
        "service",
        0.355,
        0.018,
        0.05,
        TWO_SIDED,
        readings.completed_training,
        "246 of 693; four hours of training, telephone support",
    ),
    Target(
        "supported_somebody",
        4,
        "trained who support somebody",
        "V03",
        "service",
        0.95,
        0.014,
        0.03,
        TWO_SIDED,
        readings.supported_somebody,
        "n = 246; telephone support",
    ),
    Target(
        "supporters_stopped",
        4,
        "supporters who stop within a year",
        "V01",
        "service",
        0.36,
        0.015,
        0.06,
        TWO_SIDED,
        readings.supporters_stopped,
        "33 to 36 % of volunteers of all kinds",
    ),
    Target(
        "waiting_to_served",
        4,
        "waiting for each one served",
        "O32 O33 O34",
        "service",
        1.15,
        0.35,
        0.30,
        TWO_SIDED,
        readings.waiting_to_served,
        "0.79 and 1.52 in two services; how many are invited on either side is our assumption",
    ),
    Target(
        "effect_of_a_course",
        5,
        "effect of a course on recovery, in SD",
        "M04",
        "course",
        0.18,
        0.056,
        0.02,
        TWO_SIDED,
        readings.effect_of_a_course,
        "95 % interval 0.07 to 0.29, five trials",
    ),
    Target(
        "effect_of_peer_support",
        5,
        "effect of peer support of all kinds, in SD",
        "M01",
        "matches course",
        0.20,
        0.046,
        0.05,
        TWO_SIDED,
        readings.effect_of_peer_support,
        "95 % interval 0.11 to 0.29; shares trials with M04, mostly peers added to hospital services",
    ),
    Target(
        "score_without",
        5,
        "recovery score without the offer",
        "P02",
        "course",
        32.1,
        1.0,
        0.5,
        TWO_SIDED,
        readings.score_without_a_course,
        "95 % interval 30.2 to 34.1, n = 151",
    ),
    Target(
        "spread_without",
        5,
        "SD of the measured recovery score",
        "P05",
        "course",
        11.9,
        0.5,
        0.3,
        TWO_SIDED,
        readings.spread_without_a_course,
        "11.4 to 12.2 in two arms; n = 296 gives an error of 0.5",
    ),
    Target(
        "loneliness",
        6,
        "loneliness at the start, on 3 to 9",
        "X05",
        "service",
        6.0,
        0.3,
        0.5,
        TWO_SIDED,
        readings.loneliness,
        "'about 6'; the model has no such scale: connectedness is turned round and stretched",
    ),
    Target(
        "friends_outside",
        6,
        "friends outside the programme at the start",
        "T07",
        "service",
        3.4,
        0.3,
        0.6,
        TWO_SIDED,
        readings.friends_outside,
        "mean of studies of psychosis; other vulnerable adults have more",
    ),
    Target(
        "hours_to_a_friend",
        7,
        "hours together until a tie is a friendship",
        "T01 T02 T03",
        "house",
        90,
        6,
        8,
        TWO_SIDED,
        readings.hours_to_a_friend,
        "80 to 100 hours; strength 0.5 as friendship is a convention, with 0.3 at 40-60 and 0.8 at 200 hours",
    ),
    Target(
        "bridges_gone",
        7,
        "bridging ties gone a year later",
        "T04",
        "house",
        0.90,
        0.02,
        0.05,
        TWO_SIDED,
        readings.bridges_gone,
        "nine in ten, bankers in one organisation; the error is declared",
    ),
    Target(
        "close_tie_lost",
        7,
        "a close tie's loss in a year without contact",
        "T05",
        "house",
        0.025,
        0.008,
        0.010,
        TWO_SIDED,
        readings.close_tie_lost,
        "1 to 4 % of intimate ties change in a year; that is ties, here it is familiarity of one",
    ),
)

NOT_USED = {
    "O02": "an extended study period of unknown length",
    "G12": "used for its shape only: the reading of the figures is disputed",
    "N08": "where the classes of engagement begin was not visible",
    "N16": "which post was answered is not kept, so that returning with and without an answer cannot be told apart",
    "T08": "a coefficient of a latent-factor model, which has no counterpart; its sign is a pattern",
    "X07": "the model has no general population to be lonelier than",
    "O04": "its spike at the planned end is a rule of the model; its closures before it are used",
}
"""Rows of the seven groups that are no targets, or only in part, and why."""

NAMES = tuple(target.name for target in TARGETS)


def settings_needed(targets: tuple[Target, ...] = TARGETS) -> tuple[str, ...]:
    """Names of the settings that must be lived to read some targets."""
    return tuple(dict.fromkeys(name for target in targets for name in target.setting.split()))
