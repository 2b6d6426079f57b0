"""A person: the columns that describe one, the population they are drawn from, and the drawing of
one person.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from peersim.kernel.chance import PEOPLE, USE, draws, normal_pair
from peersim.kernel.declaration import BESIDE, parameter
from peersim.kernel.rules import phase, rule
from peersim.model.vocabulary import N_COMMUNITIES, N_HAZARDS, SUPPORTER

TRAITS = (
    "social_anxiety",
    "exclusion",
    "digital_confidence",
    "openness",
    "aversion",
    "readiness",
    "stage",
)
"""Traits from 0 to 1 that do not change in a run, except that training adds readiness."""

CHIME = ("connectedness", "hope", "identity", "meaning", "empowerment")
"""The five states of recovery (Leamy et al. 2011; P), each from 0 to 1."""

EVERYDAY = ("daily_functioning", "quality_of_life", "practical_steps")
"""What recovery brings in everyday life (P, T)."""

PERSON = np.dtype(
    (
        np.record,
        # what every encounter reads or adds to stands together: large worlds do not fit the
        # processor's caches
        [
            ("id", "i8"),
            ("n_ties", "i8"),
            ("experience_x", "f8"),
            ("experience_y", "f8"),
            ("openness", "f8"),
        ]
        + [("received_now", "f8"), ("recognition", "f8"), ("role_models", "f8")]
        + [
            ("distress_met", "f8"),
            ("face_to_face", "f8"),
            ("given_now", "f8"),
            ("hours_left", "f8"),
        ]
        + [
            ("given_shift", "f8"),
            ("given_team", "f8"),
            ("shift_hours", "f8"),
            ("sessions_now", "f8"),
        ]
        + [("contributed", "f8"), ("online_hours", "f8"), ("given_shared", "f8")]
        + [("heard", "f8"), ("bound_now", "f8")]
        # states, and the levels they fall back to
        + [(name, "f8") for name in CHIME]
        + [("own_" + name, "f8") for name in CHIME]
        + [("emotional", "f8"), ("social", "f8"), ("own_emotional", "f8"), ("own_social", "f8")]
        + [
            ("outside_ties", "f8"),
            ("outside_contacts", "f8"),
            ("outside_luck", "f8"),
            ("spare_luck", "f8"),
            ("kept_away", "f8"),
            ("met_online", "f8"),
        ]
        # memories
        + [
            ("strain", "f8"),
            ("recent_loss", "f8"),
            ("recent_leavers", "f8"),
            ("pending_loss", "f8"),
        ]
        + [
            ("pending_leavers", "f8"),
            ("loss_from", "i8"),
            ("leavers_from", "i8"),
            ("loss_most", "f8"),
        ]
        + [("leavers_most", "f8"), ("let_down", "f8"), ("former", "i8")]
        + [("recent_examples", "f8"), ("pending_examples", "f8")]
        + [("examples_from", "i8"), ("examples_most", "f8")]
        + [("resting", "i8"), ("dyads", "i8")]
        # everyday life, which no rule reads
        + [(name, "f8") for name in (*EVERYDAY, "own_functioning", "own_quality")]
        + [("first_meeting", "i8"), ("isolated", "i8")]
        + [("given", "f8"), ("received", "f8"), ("counted_hours", "f8")]
        # who they are, and the programme as a whole
        + [
            ("role", "i8"),
            ("invited_week", "i8"),
            ("invited_to", "i8"),
            ("joined", "i8"),
            ("left", "i8"),
            ("cause", "i8"),
        ]
        + [(name, "f8") for name in TRAITS if name != "openness"]
        + [("spare_hours", "f8"), ("voice", "f8"), ("use", "f8"), ("stays", "i8")]
        # a supporter's matches this week
        + [("meetings_due", "i8"), ("meeting_hours", "f8")]
        # the way to being a supporter
        + [("trained", "i8"), ("asked_week", "i8"), ("supporter_since", "i8"), ("at_cafe", "i8")],
    )
)

EVERYWHERE = np.int64(2**N_COMMUNITIES - 1)
"""Invited to all communities: one bit each."""

MEMBERSHIP = np.dtype(
    (
        np.record,
        [
            ("safety", "f8"),
            ("fit", "f8"),
            ("hours", "f8"),
            ("circle", "i4"),
            ("partner", "i4"),
            ("caused_by", "i4"),
        ]
        + [
            ("meetings", "i4"),
            ("offered", "i4"),
            ("attended", "i4"),
            ("absences", "i2"),
            ("waiting", "i2"),
        ]
        + [("matched", "i2"), ("joined", "i2"), ("left", "i2"), ("training_left", "i2")]
        + [("tried", "i1"), ("contributor", "i1"), ("queued", "i1"), ("cause", "i1")],
    )
)
"""One person in one community: 64 bytes, one line of the processor's caches."""

CHANCES = np.dtype(
    (np.record, [("sign_up", "f8"), ("propensity", "f8"), ("hazard", "f8", (N_HAZARDS,))])
)
"""What one person will decide about one community with: the chance of signing up, of coming, and
what speaks for leaving."""

SEEN = np.dtype((np.record, [("id", "i8"), ("active", "i8"), ("hope", "f4"), ("low", "f4")]))
"""What others could see of a person at the end of last week: where active (bits), hope, and how
low."""


@dataclass
class Population:
    """Who is invited, and what the programme's target group is like."""

    # fmt: off
    recipients: int = parameter(50, "people", 1, 2_000_000, "people invited who look for support")
    supporters: int = parameter(10, "people", 0, 1_000_000, "trained supporters: people with lived experience, ready in the week they arrive (the first, unless a file of people says otherwise)")
    asked: int = parameter(0, "people", 0, 1_000_000, "people with lived experience who are asked to become supporters: some decline, the others train first")
    asked_weeks: int = parameter(1, "weeks", 1, 1040, "people are asked to become supporters evenly over this many first weeks (1: all at once)", "T D09", "assumption")
    arrival_weeks: int = parameter(6, "weeks", 1, 1040, "recipients are invited evenly over this many first weeks (1: all at once)", "P09", "assumption")
    social_anxiety: float = parameter(0.5, "0-1", 0, 1, "social anxiety of the typical recipient")
    exclusion: float = parameter(0.5, "0-1", 0, 1, "earlier experience of being excluded or unwanted, typical recipient", "X02", "assumption")
    digital_confidence: float = parameter(0.6, "0-1", 0, 1, "ease with digital platforms, typical recipient")
    openness: float = parameter(0.5, "0-1", 0, 1, "openness about own experience, typical recipient")
    aversion: float = parameter(0.15, "0-1", 0, 1, "unwillingness to have peers in one's common rooms, typical recipient", "T", "assumption")
    readiness: float = parameter(0.5, "0-1", 0, 1, "readiness to be alone with one other person, typical supporter before training", "T", "assumption")
    stage: float = parameter(0.4, "0-1", 0, 1, "stage of recovery of the typical recipient (0 overwhelmed, 1 living beyond it)")
    supporter_lead: float = parameter(1.0, "logits", 0, 3, "how much further in recovery, and less anxious, supporters are")
    trait_spread: float = parameter(0.9, "logits", 0.1, 2.5, "spread of each trait between people, standard deviation of its log-odds")
    vulnerability: float = parameter(0.35, "0-1", 0, 0.95, "correlation of anxiety, exclusion, early stage and low recovery between people", "X07", "assumption")
    experience_spread: float = parameter(0.6, "-", 0, 2, "spread of lived experience; 0 makes everybody alike")
    spare_hours: float = parameter(6.0, "hours/week", 0.5, 40, "hours a week a recipient can give to all communities together, mean")
    supporter_hours: float = parameter(3.6, "hours/week", 0.5, 40, "hours a week a supporter can give, mean", "V10", "measured")
    outside_ties: float = parameter(3.4, "people", 0, 15, "friends outside the programme, mean", "T07", "measured")
    supporter_recovery: float = parameter(0.5, "SD", 0, 2, "how far above recipients the CHIME states of supporters lie, in standard deviations", "T", "assumption")
    spare_spread: float = parameter(0.3, "-", 0, 1, "spread of spare hours between people, standard deviation of their logarithm")
    outside_spread: float = parameter(0.5, "-", 0, 1.5, "spread of outside friends between people, standard deviation of their logarithm", "T07", "assumption")
    outside_correlation: float = parameter(0.6, "0-1", 0, 0.95, "correlation of outside friends with the own level of connectedness", "X08", "assumption")
    chime_mean: float = parameter(0.55, "0-1", 0.2, 0.8, "mean of the five CHIME states at people's own level", "P02", "calibrated")
    chime_spread: float = parameter(0.22, "0-1", 0.05, 0.35, "standard deviation of each CHIME state between people", "P05", "calibrated")
    chime_correlation: float = parameter(0.6, "0-1", 0, 0.95, "correlation between the five CHIME states of a person", "P05 P15", "assumption")
    sides_spread: float = parameter(0.12, "0-1", 0, 0.35, "spread between people of how much better off they are for somebody to confide in than for company: standard deviation of half the difference", "K03 K04", "assumption")
    low_point: float = parameter(0.03, "0-1", 0, 0.2, "how far below their own level people are when they are invited (help is sought in bad times)")
    # fmt: on
    file: str | None = None
    codes: str | None = field(default=None, metadata=BESIDE)

    @property
    def all_supporters(self) -> int:
        """Supporters, trained or asked to train."""
        return self.supporters + self.asked

    @property
    def everybody(self) -> int:
        """Recipients and supporters."""
        return self.recipients + self.all_supporters


@rule
def logistic(x):
    """The logistic function.

    >>> logistic(0.0)
    0.5
    """
    return 1.0 / (1.0 + math.exp(-x))


@rule
def log_odds(share):
    """Log-odds of a share, with shares kept within 0.001 and 0.999.

    >>> round(log_odds(0.5), 6)
    0.0
    """
    within = min(0.999, max(0.001, share))
    return math.log(within / (1.0 - within))


@rule
def clip(x):
    """Keep a state within 0 and 1."""
    return min(1.0, max(0.0, x))


@rule
def trait(typical, x, normal):
    """A trait: logistic of the typical log-odds plus the spread times a normal number.

    Parameters
    ----------
    typical : float
        Median of the trait, 0 to 1.
    x : record of :class:`Population`
    normal : float
        Standard normal number of this person.
    """
    return logistic(log_odds(typical) + x.trait_spread * normal)


@rule
def around_one(spread, normal):
    """A positive number with mean one (lognormal): exp(spread z - spread^2 / 2).

    >>> around_one(0.0, 1.0)
    1.0
    """
    return math.exp(spread * normal - 0.5 * spread * spread)


@rule
def nearness(p, q):
    """Nearness of two people's lived experience: exp(-squared distance), 1 for the same experience
    (homophily, O38).

    >>> from types import SimpleNamespace as P
    >>> nearness(P(experience_x=0.0, experience_y=0.0), P(experience_x=0.0, experience_y=0.0))
    1.0
    """
    dx, dy = p.experience_x - q.experience_x, p.experience_y - q.experience_y
    return math.exp(-(dx * dx + dy * dy))


@rule
def recovery(p):
    """Mean of the five CHIME states, 0 to 1 (the true state behind the QPR-15-like score)."""
    return 0.2 * (p.connectedness + p.hope + p.identity + p.meaning + p.empowerment)


@rule
def own_recovery(p):
    """Mean of the levels that the five CHIME states fall back to."""
    return 0.2 * (
        p.own_connectedness + p.own_hope + p.own_identity + p.own_meaning + p.own_empowerment
    )


@rule
def _normals(seed, part, person):
    u = draws(seed, PEOPLE, part, person, np.int64(0))
    a, b = normal_pair(u[0], u[1])
    c, d = normal_pair(u[2], u[3])
    return a, b, c, d


@rule
def draw_traits(seed, p, x):
    """Draw the lasting traits of one person.

    Anxiety and exclusion share a common factor (vulnerability) with an early stage and low states:
    ``z = sqrt(v) common + sqrt(1 - v) own``. Supporters are `supporter_lead` logits further and
    less anxious (T). Returns the common factor.
    """
    common, anxious, excluded, staged = _normals(seed, np.int64(1), p.id)
    digital, open_, averse, ready = _normals(seed, np.int64(2), p.id)
    ex, ey, spare, _ = _normals(seed, np.int64(3), p.id)
    shared, own = math.sqrt(x.vulnerability), math.sqrt(1.0 - x.vulnerability)
    lead = x.supporter_lead / x.trait_spread if p.role == SUPPORTER else 0.0
    p.social_anxiety = trait(x.social_anxiety, x, shared * common + own * anxious - lead)
    p.exclusion = trait(x.exclusion, x, shared * common + own * excluded)
    p.stage = trait(x.stage, x, own * staged - shared * common + lead)
    p.digital_confidence = trait(x.digital_confidence, x, digital)
    p.openness = trait(x.openness, x, open_ + lead)
    p.aversion = trait(x.aversion, x, averse)
    p.readiness = trait(x.readiness, x, ready)
    p.experience_x, p.experience_y = x.experience_spread * ex, x.experience_spread * ey
    hours = x.supporter_hours if p.role == SUPPORTER else x.spare_hours
    p.spare_hours = hours * around_one(x.spare_spread, spare)
    return common


@rule
def _level(x, role, general, own):
    r = x.chime_correlation
    lead = x.supporter_recovery * x.chime_spread if role == SUPPORTER else 0.0
    level = (
        x.chime_mean + lead + x.chime_spread * (math.sqrt(r) * general + math.sqrt(1.0 - r) * own)
    )
    return min(0.97, max(0.03, level))


@rule
def draw_states(seed, p, x, common):
    """Draw the own level of each CHIME state (correlated through one general factor), and start
    below it.

    The general factor shares `vulnerability` with the traits' common factor, so the vulnerable
    start lower.
    """
    general, connected, hopeful, identified = _normals(seed, np.int64(4), p.id)
    meaningful, empowered, friends, voice = _normals(seed, np.int64(5), p.id)
    v = x.vulnerability
    general = math.sqrt(1.0 - v) * general - math.sqrt(v) * common
    p.own_connectedness = _level(x, p.role, general, connected)
    p.own_hope = _level(x, p.role, general, hopeful)
    p.own_identity = _level(x, p.role, general, identified)
    p.own_meaning = _level(x, p.role, general, meaningful)
    p.own_empowerment = _level(x, p.role, general, empowered)
    r = x.outside_correlation
    p.outside_ties = x.outside_ties * around_one(
        x.outside_spread, r * connected + math.sqrt(1.0 - r * r) * friends
    )
    p.voice = voice
    draw_sides(seed, p, x)


@rule
def draw_sides(seed, p, x):
    """Draw how the own level of connectedness divides into its two sides, whose mean it is.

    Somebody may have a person to confide in and no circle, or a circle and nobody to confide in
    (Weiss 1973); both sides stay within the bounds of a level.
    """
    lean = x.sides_spread * _normals(seed, np.int64(7), p.id)[0]
    most = min(p.own_connectedness - 0.03, 0.97 - p.own_connectedness)
    lean = min(most, max(-most, lean))
    p.own_emotional, p.own_social = p.own_connectedness + lean, p.own_connectedness - lean


@rule
def start_states(p, low_point):
    """Start each state `low_point` below its own level: people are invited in a bad time."""
    p.connectedness = clip(p.own_connectedness - low_point)
    p.hope = clip(p.own_hope - low_point)
    p.identity = clip(p.own_identity - low_point)
    p.meaning = clip(p.own_meaning - low_point)
    p.empowerment = clip(p.own_empowerment - low_point)
    p.emotional = clip(p.own_emotional - low_point)
    p.social = clip(p.own_social - low_point)
    p.outside_contacts = p.outside_ties


@rule
def everyday_level(typical, ahead, normal, x):
    """Own level of functioning, or of quality of life: correlated with recovery between people.

    Parameters
    ----------
    typical : float
        Of the typical recipient, 0 to 1.
    ahead : float
        How far a person's own recovery lies above that of the typical one, in standard deviations.
    normal : float
        Standard normal number of this person.
    x : record of `processes.everyday_life.Everyday`
    """
    r = x.correlation
    level = typical + x.spread * (r * ahead + math.sqrt(1.0 - r * r) * normal)
    return min(0.97, max(0.03, level))


@rule
def draw_everyday(seed, p, x, everyday):
    """Draw the own levels of functioning and quality of life, and start below them, as the CHIME
    states do.
    """
    u = draws(seed, PEOPLE, np.int64(8), p.id, np.int64(0))
    functioning, quality = normal_pair(u[0], u[1])
    own = p.own_connectedness + p.own_hope + p.own_identity + p.own_meaning + p.own_empowerment
    r = x.chime_correlation
    ahead = (0.2 * own - x.chime_mean) / (x.chime_spread * math.sqrt(r + 0.2 * (1.0 - r)))
    p.own_functioning = everyday_level(everyday.functioning, ahead, functioning, everyday)
    p.own_quality = everyday_level(everyday.quality, ahead, quality, everyday)
    p.daily_functioning = clip(p.own_functioning - x.low_point)
    p.quality_of_life = clip(p.own_quality - x.low_point)


@rule
def lowness(p):
    """How low and lonely a person is: how far connectedness and hope lie below the middle, -0.5 to
    0.5.

    >>> from types import SimpleNamespace as P
    >>> lowness(P(connectedness=0.0, hope=0.5))
    0.25
    """
    return 1.0 - 0.5 * (p.connectedness + p.hope) - 0.5


@rule
def draw_of_need(p, exposed, x):
    """Log-odds that being low and lonely adds: need (1 - exposure) draws, withdrawal x exposure
    keeps away.

    Distress and loneliness bring withdrawal (P), but they are also why people seek company, help
    or a screen: the lower the threshold of a setting, the more of the need gets through (T: on the
    platform people with social anxiety take part on their own terms). `x` are the parameters of
    attendance.
    """
    away = x.withdrawal * x.exposed_withdrawal * exposed
    return (x.need * (1.0 - exposed) - away) * lowness(p)


@rule
def arrival(p, x, u):
    """Week of the invitation: trained supporters are there from the first week; the others arrive
    evenly over the weeks that their population says.
    """
    weeks = x.asked_weeks if p.role == SUPPORTER else x.arrival_weeks
    return np.int64(1) if p.trained == 1 else np.int64(1) + np.int64(u * weeks)


@phase
def draw_people(people, memberships, params, seed, position):
    """Draw everybody who is invited; `id`, `role` and `trained` must be set. Draws depend on the id
    alone.

    Each person also gets a place from 0 to 1 on a ring, from which one is found among many.
    """
    x = params[0].population
    for i in range(people.shape[0]):
        p = people[i]
        draw_states(seed, p, x, draw_traits(seed, p, x))
        start_states(p, x.low_point)
        draw_everyday(seed, p, x, params[0].everyday)
        u = draws(seed, USE, np.int64(0), p.id, np.int64(0))
        p.use = normal_pair(u[0], u[1])[0]
        u = draws(seed, PEOPLE, np.int64(6), p.id, np.int64(0))
        p.invited_week = arrival(p, x, u[0])
        position[i] = u[1]
        p.invited_to = EVERYWHERE
        p.joined = p.left = p.cause = p.loss_from = p.leavers_from = p.former = np.int64(-1)
        p.first_meeting = p.examples_from = np.int64(-1)
        p.asked_week = p.supporter_since = np.int64(-1)
        for c in range(N_COMMUNITIES):
            m = memberships[i, c]
            m.waiting = m.joined = m.left = m.cause = m.caused_by = np.int64(-1)
            m.circle = m.partner = m.matched = np.int64(-1)
