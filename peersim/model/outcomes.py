"""Outcomes: each with a definition, a unit and the instrument it stands for; recorded at the end of
every week.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase_apart, rule
from peersim.kernel.statistics import Paired, paired
from peersim.model import ties
from peersim.model.ahead import TIES, ahead
from peersim.model.people import recovery
from peersim.model.processes.cost import Cost
from peersim.model.processes.recovery import in_circle
from peersim.model.vocabulary import (
    ANOTHER_WANTED,
    COMPLETED,
    LEFT,
    MATCH_CLOSED,
    MATCH_COMPLETED,
    MOVED_ON,
    N_COMMUNITIES,
    NONE,
    RECIPIENT_LEFT,
    SUPPORTER,
    SUPPORTER_LEFT,
    SUPPORTER_RESTED,
    WAITING,
)
from peersim.model.world import everybody, recipients, settings, supporters, supports, takes_part

__all__ = ["Cost", "Measurement", "Outcome", "OUTCOMES", "NAMES", "PERSONAL", "record"]


@dataclass
class Measurement:
    """What counts as what, and how far a measured score is from the true one."""

    # fmt: off
    isolated_below: float = parameter(2.0, "people", 0.2, 5, "a person with less support than this, outside and inside the programme together, is isolated", "T07 X03", "assumption")
    lonely_below: float = parameter(0.4, "0-1", 0.05, 0.95, "side of connectedness below which a person is lonely on that side", "X03 X09 K04", "assumption")
    nobody_below: float = parameter(1.0, "people", 0, 5, "friends outside in touch below which nobody of them is there in the darkest week", "T", "assumption")
    near_enough: float = parameter(0.3, "0-1", 0, 1, "confidence from which somebody met through the programme would not let a person be alone in that week", "T", "assumption")
    harm_points: float = parameter(1.0, "points 0-60", 0, 15, "a person this far below their own score without any programme is worse off")
    item_error: float = parameter(4.0, "points 0-60", 0, 10, "error of one measurement of the recovery score, standard deviation", "P15", "assumption")
    passing_error: float = parameter(4.6, "points 0-60", 0, 10, "passing state of some weeks in a measured score, standard deviation", "P16", "assumption")
    # fmt: on


@dataclass(frozen=True)
class Smallest:
    """The smallest difference of interest: between two means over everybody it is about, one that
    is smaller would hardly be noticed by anyone.

    Attributes
    ----------
    difference : float
        In the unit of the outcome.
    reason : str
    evidence : str
        ``"assumption"``, or the key of a source.
    named : float
        From which difference on a sentence for people who decide names it, where that is more.
    """

    difference: float
    reason: str
    evidence: str = "assumption"
    named: float = 0.0


SMALLEST = {
    "0-1": Smallest(
        0.01,
        "one person in ten changed by a tenth of the scale; of the recovery score a tenth of the "
        "scale is about half a standard deviation between people (P05), a common rule of thumb for "
        "what one person notices",
        named=0.03,
    ),
    "points 0-60": Smallest(
        0.6,
        "one person in ten changed by six points, which is about half a standard deviation between "
        "people (P05), a common rule of thumb for what one person notices",
        named=2.0,
    ),
    "share": Smallest(
        0.01,
        "one person in a hundred: in a programme of sixty people, less than one of them",
        named=0.02,
    ),
    "people": Smallest(0.1, "one person in ten with one tie or friend more"),
    "steps": Smallest(0.1, "one person in ten with one step more"),
    "matches": Smallest(1.0, "one match"),
    "weeks": Smallest(1.0, "one week sooner or later, the time from one meeting to the next"),
    "hours/week": Smallest(0.1, "six minutes a week for each person"),
    "hours": Smallest(7.4, "one working day, over all weeks and everybody together"),
    "DKK": Smallest(6000.0, "two working days of staff, over all weeks"),
}
"""By unit. None of these is published for means over the people of a whole programme: what is known
is what one person notices in their own score, and how many such people count is a choice. What is
named is about three times as much (two points of recovery), and a little less than the trials of
peer support in groups found (M04, 0.18 of P05: 2.1 points): no effect of that size goes unnamed.
"""


@dataclass(frozen=True)
class Outcome:
    """One line of the catalogue.

    Attributes
    ----------
    name, definition, unit : str
    better : str
        ``"higher"``, ``"lower"`` or ``"neither"``.
    instrument : str
        The questionnaire or register it stands for.
    """

    name: str
    definition: str
    unit: str
    better: str
    instrument: str

    @property
    def smallest(self) -> Smallest:
        """The smallest difference of interest, with its reason."""
        return SMALLEST[self.unit]


_PERSONAL = (
    Outcome(
        "connectedness",
        "mean connectedness (C of CHIME)",
        "0-1",
        "higher",
        "QPR-15 items on others; loneliness scales",
    ),
    Outcome(
        "confidence",
        "mean of each person's greatest confidence in somebody met through the programme",
        "0-1",
        "higher",
        "confidant questions",
    ),
    Outcome("hope", "mean hope (H of CHIME)", "0-1", "higher", "QPR-15, Herth Hope Index"),
    Outcome("identity", "mean positive identity (I of CHIME)", "0-1", "higher", "QPR-15"),
    Outcome("meaning", "mean meaning (M of CHIME)", "0-1", "higher", "QPR-15"),
    Outcome(
        "empowerment",
        "mean empowerment (E of CHIME)",
        "0-1",
        "higher",
        "QPR-15, empowerment scales",
    ),
    Outcome(
        "recovery",
        "mean recovery score: 60 x mean of the five CHIME states, without measurement error",
        "points 0-60",
        "higher",
        "QPR-15",
    ),
    Outcome(
        "isolated",
        "share with too little support outside and inside the programme together",
        "share",
        "lower",
        "social network inventory",
    ),
    Outcome(
        "retained",
        "share who take part, have completed, have moved on or have become supporters",
        "share",
        "higher",
        "attendance register",
    ),
    Outcome(
        "ties",
        "mean number of living ties made through the programme",
        "people",
        "higher",
        "network interview",
    ),
    Outcome(
        "strong_ties",
        "mean number of ties as strong as a casual friendship or more",
        "people",
        "higher",
        "network interview",
    ),
    Outcome(
        "strongest_tie",
        "mean strength of each person's strongest tie, 0 if they have none",
        "0-1",
        "higher",
        "network interview",
    ),
    Outcome(
        "cross_ties",
        "mean number of ties to people of other matches or groups",
        "people",
        "higher",
        "network interview",
    ),
    Outcome(
        "reciprocity",
        "mean evenness of giving and receiving over a person's ties, 0 if they have none",
        "0-1",
        "higher",
        "network interview",
    ),
    Outcome(
        "waiting",
        "share waiting for a match, a group or access now",
        "share",
        "lower",
        "waiting list",
    ),
    Outcome(
        "never_reached",
        "share who have not yet taken part in anything",
        "share",
        "lower",
        "register of those invited",
    ),
    Outcome(
        "harmed",
        "share worse off than the same person without any programme",
        "share",
        "lower",
        "none: needs the same world without the programme",
    ),
    Outcome(
        "alone",
        "share without any living tie made through the programme",
        "share",
        "lower",
        "network interview",
    ),
    Outcome(
        "outside_contacts",
        "mean number of friends in touch outside the programme",
        "people",
        "higher",
        "social network inventory",
    ),
    Outcome(
        "face_to_face",
        "mean hours face to face with people of the programme this week",
        "hours/week",
        "neither",
        "diary",
    ),
    Outcome(
        "daily_functioning",
        "mean daily functioning, which follows recovery slowly",
        "0-1",
        "higher",
        "questionnaires on functioning in daily life",
    ),
    Outcome(
        "quality_of_life",
        "mean quality of life, which follows recovery and daily functioning slowly",
        "0-1",
        "higher",
        "questionnaires on quality of life",
    ),
    Outcome(
        "practical_steps",
        "mean number of practical steps taken since the invitation (a home sought, an appointment "
        "kept)",
        "steps",
        "higher",
        "diary, or a list of goals",
    ),
    Outcome(
        "would_be_alone",
        "share who would be alone if this were the darkest week (Christmas Eve): no friend outside "
        "in touch, and nobody met through the programme whom they trust enough",
        "share",
        "lower",
        "social network inventory",
    ),
    Outcome(
        "emotional_loneliness",
        "mean emotional loneliness: 1 less the emotional side of connectedness, somebody to "
        "confide in",
        "0-1",
        "lower",
        "De Jong Gierveld scale, emotional items",
    ),
    Outcome(
        "social_loneliness",
        "mean social loneliness: 1 less the social side of connectedness, a circle",
        "0-1",
        "lower",
        "De Jong Gierveld scale, social items",
    ),
    Outcome(
        "lonely_for_one",
        "share who are lonely for somebody to confide in, and not for a circle",
        "share",
        "neither",
        "De Jong Gierveld scale",
    ),
    Outcome(
        "lonely_for_circle",
        "share who are lonely for a circle, and not for somebody to confide in",
        "share",
        "neither",
        "De Jong Gierveld scale",
    ),
    Outcome(
        "lonely_for_both",
        "share who are lonely for somebody to confide in and for a circle",
        "share",
        "lower",
        "De Jong Gierveld scale",
    ),
)
PERSONAL = tuple(o.name for o in _PERSONAL)


def _among_reached(o: Outcome) -> Outcome:
    return Outcome(
        o.name + "_reached",
        o.definition + ", over those who have ever taken part",
        o.unit,
        o.better,
        o.instrument,
    )


_WHOLE = (
    Outcome(
        "strain",
        "mean strain of supporters who have become active",
        "0-1",
        "lower",
        "burnout inventory",
    ),
    Outcome(
        "supporters_active",
        "share of supporters, trained, asked to train or recruited, who are active now",
        "share",
        "higher",
        "register of supporters",
    ),
    Outcome(
        "supporter_recovery",
        "mean recovery score of supporters (those who were recipients first count with these)",
        "points 0-60",
        "higher",
        "QPR-15",
    ),
    Outcome(
        "supporter_hours",
        "hours given by supporters so far: meetings, shifts, training, supervision",
        "hours",
        "neither",
        "time sheets",
    ),
    Outcome("staff_hours", "hours given by staff so far", "hours", "neither", "time sheets"),
    Outcome("cost", "cost so far", "DKK", "lower", "accounts"),
    Outcome(
        "supporters_resting",
        "share of supporters who have become active who rest now",
        "share",
        "neither",
        "register of supporters",
    ),
    Outcome(
        "weeks_to_meeting",
        "weeks from the invitation to the first meeting with somebody of the programme, mean of "
        "those who have met somebody",
        "weeks",
        "lower",
        "register of those invited",
    ),
    *(
        Outcome(f"matches_{name}", f"matches so far that {text}", "matches", better, "match list")
        for name, text, better in (
            ("completed", "lasted as long as planned", "higher"),
            ("recipient_left", "ended because the recipient stopped or moved on", "lower"),
            ("another_wanted", "ended because the recipient asked for another supporter", "lower"),
            ("supporter_left", "ended because the supporter left", "lower"),
            ("supporter_rested", "ended because the supporter needed a rest", "neither"),
            ("closed", "ended because the community did", "neither"),
        )
    ),
)
OUTCOMES = _PERSONAL + tuple(_among_reached(o) for o in _PERSONAL) + _WHOLE
"""The catalogue, in the order of the recorded columns."""

NAMES = tuple(o.name for o in OUTCOMES)
_BY_NAME = {o.name: o for o in OUTCOMES}


def compared(name: str, values: ArrayLike, reference: ArrayLike, **precision: Any) -> Paired:
    """Compare two designs on an outcome over the same seeds, with the direction and the smallest
    difference that the catalogue gives it; `precision` as in `paired`.
    """
    about = _BY_NAME[name]
    smallest = about.smallest.difference
    return paired(values, reference, about.better, smallest=smallest, **precision)


def smallest_of(name: str) -> float:
    """Give the smallest difference of interest of an outcome."""
    return _BY_NAME[name].smallest.difference


def named_of(name: str) -> float:
    """Give the difference from which on a sentence names an outcome."""
    smallest = _BY_NAME[name].smallest
    return max(smallest.named, smallest.difference)


_N_PERSONAL, _N_WHOLE = len(_PERSONAL), len(_WHOLE)

FACTS = np.dtype(
    (
        np.record,
        [(o.name, "f8") for o in _PERSONAL + _WHOLE]
        + [("begun", "f8"), ("recruited", "f8"), ("met", "f8"), ("reached", "f8")]
        + [("reached_by", "f8", (N_COMMUNITIES,))],
    )
)
"""One person's outcomes, then the sums for the programme as a whole, and how many have been counted:
supporters who have begun and those of them who were recipients before, recipients who have met
somebody, recipients reached by any community and by each. Seen as plain numbers
(``world.numbers``) they are in the order of the catalogue."""


@rule
def is_retained(world, i, c):
    """Whether a person is retained in a community: takes part, has completed or has moved on; or has
    gone over from receiving to giving, and may by now have left that too.
    """
    status, p = world.status[i, c], world.people[i]
    moved_on = status == LEFT and world.memberships[i, c].cause == MOVED_ON
    gives = p.asked_week >= 0 and p.role == SUPPORTER
    return takes_part(world, i, c) or status == COMPLETED or moved_on or gives


@rule
def has_begun(world, i, c):
    """Whether a person has ever taken part in community c."""
    return world.status[i, c] != NONE and world.memberships[i, c].joined >= 0


@rule
def _belonging(world, i):
    """Retained anywhere, waiting anywhere, ever reached."""
    retained, waiting, reached = 0.0, 0.0, 0.0
    for c in world.used:
        if is_retained(world, i, c):
            retained = 1.0
        if world.status[i, c] == WAITING:
            waiting = 1.0
        if has_begun(world, i, c):
            reached = 1.0
    return retained, waiting, reached


@rule
def evenness(mine, yours):
    """How even giving and receiving are between two people: 1 - |a - b| / (a + b), 0 to 1.

    >>> evenness(1.0, 1.0), evenness(2.0, 0.0)
    (1.0, 0.0)
    """
    return 1.0 - abs(mine - yours) / (mine + yours) if mine + yours > 0.0 else 0.0


@rule
def is_on_their_own(p, confidence, x):
    """Whether somebody would be alone if this were the darkest week: no friend outside in touch, and
    nobody from the programme whom they trust enough (T: members saw to it that nobody sat alone on
    Christmas Eve). `confidence` is their greatest in somebody met there.
    """
    return p.outside_contacts < x.nobody_below and confidence < x.near_enough


@rule
def _tie_facts(world, i, facts):
    """Confidence, strong ties, strongest tie, cross ties and reciprocity; returns the worth of the
    ties in a person's circle (where all ties add up, of all).
    """
    x, p, worth = settings(world).ties, world.people[i], 0.0
    facts.confidence = facts.strong_ties = facts.strongest_tie = 0.0
    facts.cross_ties = facts.reciprocity = 0.0
    for k in range(p.n_ties):
        t = ties.tie_at(world, i, k)
        given, received = ties.given_and_received(t, i, np.int64(world.partners[i, k].other))
        facts.confidence = max(facts.confidence, t.confidence)
        facts.strong_ties += 1.0 if t.strength >= x.strong else 0.0
        facts.strongest_tie = max(facts.strongest_tie, t.strength)
        facts.cross_ties += t.across
        facts.reciprocity += evenness(given, received) / p.n_ties
        world.weights[1, k] = ties.worth(t, x)
        worth += world.weights[1, k]
    if settings(world).change.sides > 0:
        return in_circle(world, i, worth, settings(world))
    return worth


@rule
def _lonely_facts(p, facts, below):
    """Lonely on either side of connectedness, or on both (Weiss 1973)."""
    one, circle = p.emotional < below, p.social < below
    facts.emotional_loneliness, facts.social_loneliness = 1.0 - p.emotional, 1.0 - p.social
    facts.lonely_for_one = 1.0 if one and not circle else 0.0
    facts.lonely_for_circle = 1.0 if circle and not one else 0.0
    facts.lonely_for_both = 1.0 if one and circle else 0.0


@rule
def state_facts(world, i, facts):
    """Write the personal outcomes of one recipient into `facts`; returns whether ever reached."""
    p, x, clock = world.people[i], settings(world).measurement, world.clock[0]
    retained, waiting, reached = _belonging(world, i)
    worth = _tie_facts(world, i, facts)
    facts.connectedness, facts.hope, facts.identity = p.connectedness, p.hope, p.identity
    facts.meaning, facts.empowerment = p.meaning, p.empowerment
    facts.recovery = 60.0 * recovery(p)
    facts.isolated = 1.0 if p.outside_contacts + worth < x.isolated_below else 0.0
    facts.retained, facts.waiting, facts.never_reached = retained, waiting, 1.0 - reached
    facts.ties, facts.alone = p.n_ties, 1.0 if p.n_ties == 0 else 0.0
    facts.harmed = np.nan
    if clock.week < world.baseline.shape[0]:
        alone = world.baseline[clock.week, i]
        facts.harmed = 1.0 if facts.recovery < alone - x.harm_points else 0.0
    facts.outside_contacts, facts.face_to_face = p.outside_contacts, p.face_to_face
    facts.daily_functioning, facts.quality_of_life = p.daily_functioning, p.quality_of_life
    facts.practical_steps = p.practical_steps
    facts.would_be_alone = 1.0 if is_on_their_own(p, facts.confidence, x) else 0.0
    _lonely_facts(p, facts, x.lonely_below)
    return reached


@rule
def _add_to_types(world, i, facts, row):
    """Add one person to the rows of the communities that have reached them, with their standing in
    each.
    """
    numbers = world.numbers
    for c in world.used:
        if not has_begun(world, i, c):
            continue
        facts.reached_by[c] += 1.0
        retained, waiting = facts.retained, facts.waiting
        facts.retained = 1.0 if is_retained(world, i, c) else 0.0
        facts.waiting = 1.0 if world.status[i, c] == WAITING else 0.0
        for k in range(_N_PERSONAL):
            row[c + 1, k] += numbers[k]
        facts.retained, facts.waiting = retained, waiting


@rule
def _divide(row, place, first, n):
    for k in range(first, first + _N_PERSONAL):
        row[place, k] = row[place, k] / n if n > 0.0 else np.nan


@rule
def _begin(world):
    numbers = world.numbers
    for k in range(numbers.shape[0]):
        numbers[k] = 0.0


@rule
def _add_recipients(world, row):
    facts, numbers = world.facts[0], world.numbers
    for i in recipients(world):
        ahead(world, i, TIES)
        reached = state_facts(world, i, facts)
        facts.reached += reached
        p = world.people[i]
        p.isolated = np.int64(facts.isolated)
        if p.first_meeting >= 0:
            facts.met += 1.0
            facts.weeks_to_meeting += p.first_meeting - p.invited_week
        for k in range(_N_PERSONAL):
            row[0, k] += numbers[k]
            row[0, _N_PERSONAL + k] += numbers[k] * reached
        _add_to_types(world, i, facts, row)


@rule
def _add_supporters(world):
    """Add everybody who is a supporter. The recovery of those who were invited as recipients is
    counted there, once.
    """
    facts = world.facts[0]
    for i in supporters(world):
        if not supports(world, i):
            continue
        p = world.people[i]
        if i < world.clock[0].recipients:
            facts.recruited += 1.0
        else:
            facts.supporter_recovery += 60.0 * recovery(p)
        serves = False
        for c in world.used:
            serves = serves or takes_part(world, i, c)
        facts.supporters_active += 1.0 if serves else 0.0
        if p.joined >= 0:
            facts.begun += 1.0
            facts.strain += p.strain
            facts.supporters_resting += 1.0 if p.resting > 0 else 0.0


@rule
def _state_whole(world, facts):
    """What is counted for the programme as a whole: sums over supporters become means."""
    clock, n = world.clock[0], world.people.shape[0] - world.clock[0].recipients
    begun, met, ended = facts.begun, facts.met, clock.matches_ended
    facts.strain = facts.strain / begun if begun > 0.0 else np.nan
    facts.supporters_resting = facts.supporters_resting / begun if begun > 0.0 else np.nan
    facts.weeks_to_meeting = facts.weeks_to_meeting / met if met > 0.0 else np.nan
    facts.matches_completed, facts.matches_closed = ended[MATCH_COMPLETED], ended[MATCH_CLOSED]
    facts.matches_recipient_left = ended[RECIPIENT_LEFT]
    facts.matches_another_wanted = ended[ANOTHER_WANTED]
    facts.matches_supporter_left = ended[SUPPORTER_LEFT]
    facts.matches_supporter_rested = ended[SUPPORTER_RESTED]
    ever = n + facts.recruited
    facts.supporters_active = facts.supporters_active / ever if ever > 0.0 else np.nan
    facts.supporter_recovery = facts.supporter_recovery / n if n > 0 else np.nan
    facts.supporter_hours, facts.staff_hours = clock.supporter_hours, clock.staff_hours
    facts.cost = clock.cost


@rule
def _close(world, row):
    """Turn sums into means, and add what is defined for the whole only; communities leave it
    empty.
    """
    facts, numbers = world.facts[0], world.numbers
    _state_whole(world, facts)
    _divide(row, 0, 0, world.clock[0].recipients + 0.0)
    _divide(row, 0, _N_PERSONAL, facts.reached)
    for k in range(_N_WHOLE):
        row[0, 2 * _N_PERSONAL + k] = numbers[_N_PERSONAL + k]
    for c in range(N_COMMUNITIES):
        _divide(row, c + 1, 0, facts.reached_by[c])
        for k in range(_N_PERSONAL, len(NAMES)):
            row[c + 1, k] = np.nan


@phase_apart
def record(world, row):
    """Write all outcomes of this week: row[0] for everybody, row[1 + c] for those community c has
    reached.

    The first block begins the sums, the last turns them into means. A world without programme that
    is run for its recovery scores alone writes these, and no outcomes.
    """
    clock = world.clock[0]
    if world.trace.shape[0] > 0:
        for i in everybody(world):
            world.trace[clock.week, i] = 60.0 * recovery(world.people[i])
        return
    if clock.first == 0:
        row[:, :] = 0.0
        _begin(world)
    _add_recipients(world, row)
    _add_supporters(world)
    if clock.last == world.people.shape[0]:
        _close(world, row)
