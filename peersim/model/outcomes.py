"""Outcomes: each with a definition, a unit and the instrument it stands for; recorded at the end of
every week.
"""

from dataclasses import dataclass

import numpy as np

from peersim.kernel.compiled import phase_apart, rule
from peersim.kernel.declaration import parameter
from peersim.model import ties
from peersim.model.people import recovery
from peersim.model.processes.cost import Cost
from peersim.model.vocabulary import COMPLETED, LEFT, MOVED_ON, N_COMMUNITIES, NONE, WAITING
from peersim.model.world import everybody, fetch_ties, recipients, settings, supporters, takes_part

__all__ = ["Cost", "Measurement", "Outcome", "OUTCOMES", "NAMES", "PERSONAL", "record"]


@dataclass
class Measurement:
    """What counts as what, and how far a measured score is from the true one."""

    # fmt: off
    isolated_below: float = parameter(2.0, "people", 0.2, 5, "a person with less support than this, outside and inside the programme together, is isolated", "T07 X03", "assumption")
    harm_points: float = parameter(1.0, "points 0-60", 0, 15, "a person this far below her own score without any programme is worse off")
    item_error: float = parameter(4.0, "points 0-60", 0, 10, "error of one measurement of the recovery score, standard deviation", "P15", "assumption")
    passing_error: float = parameter(4.6, "points 0-60", 0, 10, "passing state of some weeks in a measured score, standard deviation", "P16", "assumption")
    # fmt: on


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
        "share who take part, have completed or have moved on",
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
        "mean strength of each person's strongest tie, 0 if she has none",
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
        "mean evenness of giving and receiving over a person's ties, 0 if she has none",
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
        "share of invited supporters who are active now",
        "share",
        "higher",
        "register of supporters",
    ),
    Outcome(
        "supporter_recovery", "mean recovery score of supporters", "points 0-60", "higher", "QPR-15"
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
)
OUTCOMES = _PERSONAL + tuple(_among_reached(o) for o in _PERSONAL) + _WHOLE
"""The catalogue, in the order of the recorded columns."""

NAMES = tuple(o.name for o in OUTCOMES)
_P = len(_PERSONAL)
_W = 2 * _P
_BEGUN, _REACHED = _W + 3, _W + 4  # counts, until hours stand in their places
_RETAINED, _WAITING = np.int64(PERSONAL.index("retained")), np.int64(PERSONAL.index("waiting"))


@rule
def is_retained(world, i, c):
    """Whether a person is retained in a community: takes part, has completed or has moved on."""
    status = world.status[i, c]
    moved_on = status == LEFT and world.memberships[i, c].cause == MOVED_ON
    return takes_part(world, i, c) or status == COMPLETED or moved_on


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
def _tie_facts(world, i, facts):
    """Confidence, strong ties, strongest tie, cross ties and reciprocity; returns the worth of all
    ties together.
    """
    x, p, worth = settings(world).ties, world.people[i], 0.0
    facts[1] = facts[10] = facts[11] = facts[12] = facts[13] = 0.0
    for k in range(p.n_ties):
        t = ties.tie_at(world, i, k)
        given, received = ties.given_and_received(t, i, np.int64(world.partners[i, k].other))
        facts[1] = max(facts[1], t.confidence)
        facts[10] += 1.0 if t.strength >= x.strong else 0.0
        facts[11] = max(facts[11], t.strength)
        facts[12] += t.across
        facts[13] += evenness(given, received) / p.n_ties
        worth += ties.worth(t, x)
    return worth


@rule
def state_facts(world, i, facts):
    """Write the personal outcomes of one recipient, in catalogue order, into `facts`; returns
    whether ever reached.
    """
    p, x, clock = world.people[i], settings(world).measurement, world.clock[0]
    retained, waiting, reached = _belonging(world, i)
    worth = _tie_facts(world, i, facts)
    facts[0], facts[2], facts[3], facts[4], facts[5] = (
        p.connectedness,
        p.hope,
        p.identity,
        p.meaning,
        p.empowerment,
    )
    facts[6] = 60.0 * recovery(p)
    facts[7] = 1.0 if p.outside_contacts + worth < x.isolated_below else 0.0
    facts[8], facts[9], facts[14], facts[15] = retained, p.n_ties, waiting, 1.0 - reached
    facts[16] = np.nan
    if clock.week < world.baseline.shape[0]:
        facts[16] = 1.0 if facts[6] < world.baseline[clock.week, i] - x.harm_points else 0.0
    facts[17] = 1.0 if p.n_ties == 0 else 0.0
    facts[18], facts[19] = p.outside_contacts, p.face_to_face
    return reached


@rule
def _add_to_types(world, i, facts, row):
    """Add one person to the rows of the communities that have reached her, with her standing in
    each.
    """
    for c in world.used:
        if not has_begun(world, i, c):
            continue
        row[c + 1, _P] += 1.0
        retained, waiting = facts[_RETAINED], facts[_WAITING]
        facts[_RETAINED] = 1.0 if is_retained(world, i, c) else 0.0
        facts[_WAITING] = 1.0 if world.status[i, c] == WAITING else 0.0
        for k in range(_P):
            row[c + 1, k] += facts[k]
        facts[_RETAINED], facts[_WAITING] = retained, waiting


@rule
def _divide(row, place, first, n):
    for k in range(first, first + _P):
        row[place, k] = row[place, k] / n if n > 0.0 else np.nan


@rule
def _close_types(row):
    """Means over those each community has reached; what is defined for the whole only is left
    empty.
    """
    for c in range(1, N_COMMUNITIES + 1):
        n = row[c, _P]
        _divide(row, c, 0, n)
        for k in range(_P, len(NAMES)):
            row[c, k] = np.nan


@rule
def _add_recipients(world, row):
    facts = world.facts
    for i in recipients(world):
        fetch_ties(world, i)
        reached = state_facts(world, i, facts)
        row[0, _REACHED] += reached
        for k in range(_P):
            row[0, k] += facts[k]
            row[0, _P + k] += facts[k] * reached
        _add_to_types(world, i, facts, row)


@rule
def _add_supporters(world, row):
    for i in supporters(world):
        p = world.people[i]
        row[0, _W + 2] += 60.0 * recovery(p)
        serves = False
        for c in world.used:
            serves = serves or takes_part(world, i, c)
        row[0, _W + 1] += 1.0 if serves else 0.0
        if p.joined >= 0:
            row[0, _BEGUN] += 1.0
            row[0, _W] += p.strain


@rule
def _close(world, row):
    """Turn sums into means, and add what is counted for the programme as a whole."""
    clock, begun, reached = world.clock[0], row[0, _BEGUN], row[0, _REACHED]
    n = world.people.shape[0] - clock.recipients
    _divide(row, 0, 0, clock.recipients)
    _divide(row, 0, _P, reached)
    _close_types(row)
    row[0, _W] = row[0, _W] / begun if begun > 0.0 else np.nan
    row[0, _W + 1] = row[0, _W + 1] / n if n > 0 else np.nan
    row[0, _W + 2] = row[0, _W + 2] / n if n > 0 else np.nan
    row[0, _W + 3], row[0, _W + 4], row[0, _W + 5] = (
        clock.supporter_hours,
        clock.staff_hours,
        clock.cost,
    )


@phase_apart
def record(world, row):
    """Write all outcomes of this week: row[0] for everybody, row[1 + c] for those community c has
    reached.

    The first block begins the sums, the last turns them into means. A world without programme that
    is lived for its recovery scores alone writes these, and no outcomes.
    """
    clock = world.clock[0]
    if world.trace.shape[0] > 0:
        for i in everybody(world):
            world.trace[clock.week, i] = 60.0 * recovery(world.people[i])
        return
    if clock.first == 0:
        row[:, :] = 0.0
    _add_recipients(world, row)
    _add_supporters(world, row)
    if clock.last == world.people.shape[0]:
        _close(world, row)
