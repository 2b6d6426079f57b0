"""The levers of a programme beside its communities: café, page, supervision, team, organisation,
intensity.
"""

import enum
from dataclasses import dataclass, field

from peersim.kernel.declaration import parameter
from peersim.kernel.rules import rule


class Organisation(enum.Enum):
    """Who runs the programme: P names the three models and calls the organisation an active factor
    in itself.
    """

    independent = "independent"
    outreach = "outreach"
    integrated = "integrated"


@dataclass
class OrganisationModel:
    """What one model of organisation means. P does not define the three: all four numbers are
    assumptions.
    """

    # fmt: off
    equality: float = parameter(0.9, "0-1", 0, 1, "how far people meet as equals", "P", "assumption")
    anonymity: float = parameter(0.9, "0-1", 0, 1, "how far one can take part without being registered or known", "P", "assumption")
    reach: float = parameter(0.8, "-", 0, 2, "how easily people hear of the programme and are brought to it, relative to 1", "P", "assumption")
    mentoring: float = parameter(0.05, "0-1", 0, 1, "how far peer support has been turned into ordinary mentoring or volunteering", "P", "assumption")
    # fmt: on


@dataclass
class Organisations:
    """The three models side by side; `organisation` says which is in force."""

    independent: OrganisationModel = field(default_factory=OrganisationModel)
    outreach: OrganisationModel = field(
        default_factory=lambda: OrganisationModel(0.8, 0.7, 1.2, 0.15)
    )
    integrated: OrganisationModel = field(
        default_factory=lambda: OrganisationModel(0.65, 0.5, 1.2, 0.3)
    )


@dataclass
class Programme:
    """Levers over everything."""

    # fmt: off
    intensity: float = parameter(1.0, "-", 0.1, 10, "multiplies how often meetings, shifts and sessions are held (to compare designs at equal supporter hours)", "assumption", "assumption")
    mentoring_drift: float = parameter(0.0, "per year", 0, 1, "how fast peer support drifts towards ordinary mentoring", "P", "assumption")
    # fmt: on


@dataclass
class Cafe:
    """A weekly café or shared meal: neutral ground where people meet across matches and groups
    (T).
    """

    # fmt: off
    per_week: float = parameter(0.0, "per week", 0, 4, "cafés or shared meals a week; in the projects, from one a month to two a week", "D04", "assumption")
    hours: float = parameter(2.0, "hours", 0.5, 6, "hours a visit")
    talks: int = parameter(3, "people", 1, 4, "people a visitor talks with in one visit")
    intimacy: float = parameter(0.4, "0-1", 0, 1, "how far the setting invites confidences")
    exposure: float = parameter(0.45, "0-1", 0, 1, "how exposed a shy person feels there")
    effort: float = parameter(1.0, "log-odds", 0, 4, "effort of coming to the café in a given week")
    recruits: float = parameter(0.8, "-", 0, 5, "how much easier sign-up is where there is a café to come to (recruitment base)", "T", "assumption")
    staff_hours: float = parameter(3.0, "hours", 0, 20, "staff hours for each café")
    # fmt: on


@dataclass
class Page:
    """A virtual element beside the meetings: a page that keeps contact between and after them
    (recommended in T).
    """

    # fmt: off
    contact: float = parameter(0.0, "per week", 0, 1, "chance a week that two members with a tie are in touch on the page; 0: there is no page", "T", "assumption")
    hours: float = parameter(0.15, "hours", 0.01, 2, "hours of contact in such a week")
    self_run: float = parameter(0.6, "0-1", 0, 1, "with a page, a group goes on by itself from this share of the cohesion otherwise needed", "T", "assumption")
    # fmt: on


@dataclass
class Supervision:
    """What carries supporters: supervision alone or together, and that withdrawing is legitimate
    (T).
    """

    # fmt: off
    per_month: float = parameter(0.0, "per month", 0, 8, "supervision meetings a month", "T", "assumption")
    hours: float = parameter(1.0, "hours", 0.25, 4, "hours of a supervision meeting")
    relief: float = parameter(0.15, "0-1", 0, 0.6, "share of a supporter's strain that one meeting takes away", "V09 V08", "assumption")
    mends: float = parameter(0.1, "0-1", 0, 0.6, "share of what a pair lacks in felt fit that one supervision meeting of the supporter mends", "T V09", "assumption")
    individual: float = parameter(0.5, "0-1", 0, 1, "share of supervision given one-to-one by staff (the rest brings supporters together)", "T", "assumption")
    rest_weeks: int = parameter(8, "weeks", 1, 52, "weeks that a supporter rests who has handed over their matches", "T", "assumption")
    legitimate_withdrawal: float = parameter(0.2, "0-1", 0, 1, "chance that a worn supporter may hand over their matches and rest instead of leaving", "T", "assumption")
    # fmt: on


@dataclass
class Team:
    """Meetings of supporters with the house's staff and volunteers. T's surviving text does not
    describe them.
    """

    # fmt: off
    per_month: float = parameter(0.0, "per month", 0, 8, "team meetings a month", "assumption", "assumption")
    hours: float = parameter(1.5, "hours", 0.25, 6, "hours of a team meeting")
    relief: float = parameter(0.08, "0-1", 0, 0.6, "share of a supporter's strain that one meeting takes away")
    intimacy: float = parameter(0.5, "0-1", 0, 1, "how far the meeting invites confidences between supporters")
    # fmt: on


@rule
def organisation_in_force(x):
    """The record of the organisation model that runs the programme."""
    if x.organisation == 0:
        return x.organisations.independent
    if x.organisation == 1:
        return x.organisations.outreach
    return x.organisations.integrated


@rule
def held_in_cafe(meetings, x):
    """Whether the next meeting of a match that has met so often is held in the café, if there is
    one: neutral and safe ground, where two who hardly know each other can meet (T: Reden).

    >>> from types import SimpleNamespace as R
    >>> x = R(cafe=R(per_week=1.0), one_to_one=R(first_in_cafe=2))
    >>> [held_in_cafe(meetings, x) for meetings in (0, 1, 2)]
    [True, True, False]
    """
    return x.cafe.per_week > 0.0 and meetings < x.one_to_one.first_in_cafe


@rule
def mentoring(x, week):
    """How far peer support has become ordinary mentoring by now, 0 to 1 (P: it then works less)."""
    return min(1.0, organisation_in_force(x).mentoring + x.programme.mentoring_drift * week / 52.0)


@rule
def equality(x, week, place):
    """How far people meet as equals in a place: organisation x (1 - mentoring) x (1 - cost of a
    marked role) (T, P).
    """
    level = organisation_in_force(x).equality * (1.0 - mentoring(x, week))
    return level * x.kinds[place].equality
