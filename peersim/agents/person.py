"""Views: one person, and one person in one community, read live from the world; nothing is kept
here.
"""

from __future__ import annotations

from typing import Any

from peersim.model.people import CHIME
from peersim.model.vocabulary import CAUSES, COMMUNITIES, ROLES, STATUSES
from peersim.model.world import count_bits


def _column(name: str, meaning: str) -> Any:
    """A number of the record that a view looks at, read anew each time."""
    return property(lambda view: view.record[name].item(), doc=meaning)


def _week(name: str, meaning: str) -> Any:
    """A week of the record, None as long as it has not come."""

    def read(view: Any) -> int | None:
        week = view.record[name].item()
        return week if week >= 0 else None

    return property(read, doc=meaning)


def _cause(view: Any) -> str | None:
    number = view.record["cause"].item()
    return CAUSES[number] if number >= 0 else None


class MembershipView:
    """One person in one community, as it stands now.

    Parameters
    ----------
    person : PersonView
    community : str
        ``one_to_one``, ``group``, ``availability`` or ``digital``.
    """

    def __init__(self, person: PersonView, community: str) -> None:
        self.person, self.community = person, community
        self._number = COMMUNITIES.index(community)

    @property
    def record(self) -> Any:
        """The row of the world that this view reads."""
        return self.person.model.world.memberships[self.person.row, self._number]

    @property
    def status(self) -> str:
        """One of `vocabulary.STATUSES`: ``none``, ``in training``, ``waiting``, ``active``,
        ``left``, ...
        """
        return STATUSES[self.person.model.world.status[self.person.row, self._number]]

    @property
    def caused_by(self) -> Any:
        """The person whose leaving made this one leave, or None."""
        row = self.record["caused_by"].item()
        return self.person.model.persons[row] if row >= 0 else None

    @property
    def partner(self) -> Any:
        """The supporter a recipient is matched with (one-to-one), or None."""
        row = self.record["partner"].item()
        return self.person.model.persons[row] if row >= 0 else None

    @property
    def planned(self) -> int:
        """Meetings planned for this person this week."""
        return int(
            count_bits(self.person.model.world.planned[self.person.row, self._number].item())
        )

    waiting = _week("waiting", "Week in which the person began to wait, or None.")
    joined = _week("joined", "Week of first taking part, or None.")
    left = _week("left", "Week in which it ended, or None.")
    cause = property(_cause, doc="Why it ended, or None.")
    sessions_offered = _column("offered", "Sessions the person could have come to so far.")
    attended = _column("attended", "Sessions attended so far.")
    absences = _column(
        "absences", "Weeks in a row in which the person came to nothing that was planned."
    )
    hours = _column("hours", "Hours spent there so far.")
    safety = _column("safety", "Felt safety there, 0-1.")
    fit = _column("fit", "How far the person feels they fit in there, 0-1.")

    @property
    def contributor(self) -> bool:
        """Whether the person has a task on the platform (digital), or only follows."""
        return bool(self.record["contributor"] > 0)

    def __repr__(self) -> str:
        return f"<{self.person.label} in {self.community}: {self.status}>"


class PersonView:
    """One person, as they stand now; a decision can be overridden in a subclass.

    Parameters
    ----------
    model : object with `world`, `labels` and `persons`
    row : int
        The person's row in the world.
    """

    def __init__(self, model: Any, row: int) -> None:
        super().__init__(model)  # type: ignore[call-arg]  # a Mesa agent comes next in line
        self.row = row
        self.memberships = {name: MembershipView(self, name) for name in COMMUNITIES}

    model: Any

    @property
    def record(self) -> Any:
        """The row of the world that this view reads."""
        return self.model.world.people[self.row]

    @property
    def label(self) -> str:
        """The person's name in tables and graph: R1, R2, ..., S1, ..., or as in the user's file."""
        return str(self.model.labels[self.row])

    @property
    def role(self) -> str:
        """``recipient`` or ``supporter``, today: a recipient may become a supporter."""
        return ROLES[self.record["role"]]

    @property
    def cell(self) -> Any:
        """The person's cell in `PeerModel.grid`, where Mesa's drawing looks for them."""
        return self.model.grid[self.row]

    @property
    def recovery(self) -> float:
        """Recovery score without measurement error, 0-60."""
        return float(12.0 * sum(self.record[name].item() for name in CHIME))

    @property
    def neighbours(self) -> list[Any]:
        """Everybody the person has a living tie with, made through the programme."""
        others = self.model.world.partners[self.row, : self.ties]["other"].tolist()
        return [self.model.persons[row] for row in others]

    # traits, lasting
    social_anxiety = _column("social_anxiety", "Social anxiety, 0-1.")
    exclusion = _column("exclusion", "Earlier experience of being excluded or unwanted, 0-1.")
    digital_confidence = _column("digital_confidence", "Ease with digital platforms, 0-1.")
    openness = _column("openness", "Openness about own experience, 0-1.")
    aversion = _column("aversion", "Unwillingness to have peers in one's common rooms, 0-1.")
    readiness = _column(
        "readiness", "Readiness to be alone with one other person, 0-1; training adds to it."
    )
    stage = _column(
        "stage", "Stage of recovery at the start, 0 (overwhelmed) to 1 (living beyond it)."
    )
    experience_x = _column("experience_x", "First coordinate of lived experience.")
    experience_y = _column("experience_y", "Second coordinate of lived experience.")
    spare_hours = _column("spare_hours", "Hours a week for all communities together.")
    outside_ties = _column("outside_ties", "Friends outside the programme at the start.")
    # states
    connectedness = _column("connectedness", "Connectedness (CHIME), 0-1.")
    hope = _column("hope", "Hope (CHIME), 0-1.")
    identity = _column("identity", "Positive identity (CHIME), 0-1.")
    meaning = _column("meaning", "Meaning (CHIME), 0-1.")
    empowerment = _column("empowerment", "Empowerment (CHIME), 0-1.")
    strain = _column("strain", "Strain, 0-1.")
    outside_contacts = _column("outside_contacts", "Friends outside the programme in touch now.")
    hours_left = _column("hours_left", "Spare hours not yet used this week.")
    given = _column("given", "Hours of support given so far.")
    received = _column("received", "Hours of support received so far.")
    ties = _column("n_ties", "Number of living ties made through the programme.")
    # the programme as a whole
    joined = _week("joined", "Week of first taking part in anything, or None.")
    left = _week("left", "Week in which the last of the person's communities ended, or None.")
    cause = property(_cause, doc="Why the last of the person's communities ended, or None.")
    supporter_since = _week("supporter_since", "Week from which they serve as supporter, or None.")

    def attend(self, community: str, propensity: float) -> float:
        """Decide how likely the person is to come to each meeting planned for them this week.

        Parameters
        ----------
        community : str
        propensity : float
            The chance that the model has worked out, 0-1.

        Returns
        -------
        float
            The chance that is to hold, 0-1.
        """
        return propensity

    def leave(self, community: str, hazards: dict[str, float]) -> dict[str, float]:
        """Decide how strongly each reason draws the person out of a community this week.

        Parameters
        ----------
        community : str
        hazards : dict of cause to float
            The nine weekly hazards that the model has worked out; their sum h is a chance of 1 -
            exp(-h).

        Returns
        -------
        dict of cause to float
            The hazards that are to hold, 0 or more.
        """
        return hazards

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.label}>"
