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

from peersim.kernel.catalogue import Sentence
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
    evidence : str
        Keys into the evidence table.
    setting : str
        Setting in which it is measured.
    observed, error, discrepancy : float
    sense : str
        ``value``, or ``at least`` or ``at most`` where only one direction is a miss.
    reading : callable
        From finished worlds to a numerator and a denominator.
    """

    name: str
    group: int
    evidence: str
    setting: str
    observed: float
    error: float
    discrepancy: float
    sense: str
    reading: Callable[[Lives], Ratio]

    @property
    def label(self) -> str:
        """What it is, for people, in English."""
        return Sentence(f"calibration.targets.{self.name}").english

    @property
    def why(self) -> str:
        """How the figure and its uncertainty come from the evidence, in English."""
        return Sentence(f"calibration.why.{self.name}").english

    @property
    def definition(self) -> str:
        """What is divided by what, in English."""
        return " ".join((self.reading.__doc__ or "").split())

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
    Target("never_met", 1, "O14 O18", "matches", 0.295, 0.065, 0.05, TWO_SIDED, readings.never_met),
    Target(
        "met_only_once",
        1,
        "O14 O15",
        "matches",
        0.247,
        0.08,
        0.05,
        TWO_SIDED,
        readings.met_only_once,
    ),
    Target(
        "lasts_12_weeks",
        1,
        "O22",
        "matches",
        0.774,
        0.024,
        0.10,
        TWO_SIDED,
        readings.lasts_12_weeks,
    ),
    Target(
        "lasts_25_weeks", 1, "O22", "matches", 0.459, 0.028, 0.05, AT_LEAST, readings.lasts_25_weeks
    ),
    Target(
        "lasts_a_year",
        1,
        "O14 O16 O17",
        "matches",
        0.52,
        0.08,
        0.05,
        TWO_SIDED,
        readings.lasts_a_year,
    ),
    Target(
        "closes_in_a_month",
        1,
        "O01 O04 O05",
        "matches",
        0.033,
        0.002,
        0.010,
        TWO_SIDED,
        readings.closes_in_a_month,
    ),
    Target(
        "ended_by_supporter",
        1,
        "O03 O23",
        "matches",
        0.58,
        0.06,
        0.05,
        TWO_SIDED,
        readings.ended_by_supporter,
    ),
    Target(
        "sessions_attended",
        2,
        "G03",
        "course",
        0.625,
        0.016,
        0.03,
        TWO_SIDED,
        readings.sessions_attended,
    ),
    Target(
        "attended_by_completers",
        2,
        "G01 G03",
        "course",
        0.73,
        0.01,
        0.04,
        TWO_SIDED,
        readings.attended_by_completers,
    ),
    Target("dropped_out", 2, "G01", "course", 0.197, 0.005, 0.05, TWO_SIDED, readings.dropped_out),
    Target(
        "dropped_out_early",
        2,
        "G12",
        "course",
        0.55,
        0.05,
        0.05,
        AT_LEAST,
        readings.dropped_out_early,
    ),
    Target("ever_posted", 3, "N01", "platform", 0.25, 0.01, 0.03, AT_MOST, readings.ever_posted),
    Target(
        "read_of_the_loudest",
        3,
        "N02",
        "platform",
        0.747,
        0.02,
        0.15,
        TWO_SIDED,
        readings.read_of_the_loudest,
    ),
    Target(
        "logged_on_once",
        3,
        "N09",
        "platform",
        0.335,
        0.019,
        0.05,
        TWO_SIDED,
        readings.logged_on_once,
    ),
    Target("logged_on", 3, "N10", "platform", 5.11, 0.4, 1.5, TWO_SIDED, readings.logged_on),
    Target("answered", 3, "N15", "platform", 0.61, 0.01, 0.10, TWO_SIDED, readings.answered),
    Target(
        "completed_training",
        4,
        "V02",
        "service",
        0.355,
        0.018,
        0.05,
        TWO_SIDED,
        readings.completed_training,
    ),
    Target(
        "supported_somebody",
        4,
        "V03",
        "service",
        0.95,
        0.014,
        0.03,
        TWO_SIDED,
        readings.supported_somebody,
    ),
    Target(
        "supporters_stopped",
        4,
        "V01",
        "service",
        0.36,
        0.015,
        0.06,
        TWO_SIDED,
        readings.supporters_stopped,
    ),
    Target(
        "waiting_to_served",
        4,
        "O32 O33 O34",
        "service",
        1.15,
        0.35,
        0.30,
        TWO_SIDED,
        readings.waiting_to_served,
    ),
    Target(
        "effect_of_a_course",
        5,
        "M04",
        "course",
        0.18,
        0.056,
        0.02,
        TWO_SIDED,
        readings.effect_of_a_course,
    ),
    Target(
        "effect_of_peer_support",
        5,
        "M01",
        "matches course",
        0.20,
        0.046,
        0.05,
        TWO_SIDED,
        readings.effect_of_peer_support,
    ),
    Target(
        "score_without",
        5,
        "P02",
        "course",
        32.1,
        1.0,
        0.5,
        TWO_SIDED,
        readings.score_without_a_course,
    ),
    Target(
        "spread_without",
        5,
        "P05",
        "course",
        11.9,
        0.5,
        0.3,
        TWO_SIDED,
        readings.spread_without_a_course,
    ),
    Target("loneliness", 6, "X05", "service", 6.0, 0.3, 0.5, TWO_SIDED, readings.loneliness),
    Target(
        "friends_outside", 6, "T07", "service", 3.4, 0.3, 0.6, TWO_SIDED, readings.friends_outside
    ),
    Target(
        "hours_to_a_friend",
        7,
        "T01 T02 T03",
        "house",
        90,
        6,
        8,
        TWO_SIDED,
        readings.hours_to_a_friend,
    ),
    Target("bridges_gone", 7, "T04", "house", 0.90, 0.02, 0.05, TWO_SIDED, readings.bridges_gone),
    Target(
        "close_tie_lost", 7, "T05", "house", 0.025, 0.008, 0.010, TWO_SIDED, readings.close_tie_lost
    ),
)

NOT_USED = ("O02", "G12", "N08", "N16", "T08", "X07", "O04")
"""Rows of the seven groups that are no targets, or only in part."""

NAMES = tuple(target.name for target in TARGETS)


def settings_needed(targets: tuple[Target, ...] = TARGETS) -> tuple[str, ...]:
    """Names of the settings that must be lived to read some targets."""
    return tuple(dict.fromkeys(name for target in targets for name in target.setting.split()))
