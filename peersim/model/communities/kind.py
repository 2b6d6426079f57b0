"""What the rules ask of a community, in numbers: a record for each, packed beside the
parameters.

A rule reads `x.kinds[c].hours`, whatever the type: no rule asks which type it is. What a type does
in a way of its own stands in that type's file, as a phase or as one of these numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from peersim.kernel.declaration import InvalidInput
from peersim.model.communities import PLACES, key_of

AT_ONCE, MATCH, CIRCLE, CALL = map(np.int64, range(4))
"""What those who sign up wait for: nothing, a match, a full circle, the call that lets them in."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One community, or another place where people meet. Where a type says nothing, the rule has no
    effect.
    """

    key: int = 0  # by which draws are keyed
    # what every community has
    opens: int = int(AT_ONCE)
    per_week: float = 0.0  # meetings a week, at this intensity of the programme
    hours: float = 0.0  # of one meeting
    intimacy: float = 0.0
    exposure: float = 0.0
    effort: float = 0.0
    use_spread: float = 0.0  # how unequally recipients wish to come
    anxiety_draw: float = 0.0  # how much more often, for shorter, the anxious come
    commitment: float = 0.0  # how much a task there binds
    first_meeting: float = 0.0  # rate of not coming back after it, at no fit at all
    # what it asks of those who sign up and come
    confidence_asked: float = 0.0  # weight of lacking digital confidence in signing up
    aversion_asked: float = 0.0  # weight of aversion to peers in signing up
    presence_cost: float = 0.0  # weight of that aversion in coming, for recipients
    # what an encounter there is
    face_to_face: int = 1
    on_shift: int = 0  # whether support is given on a shift
    in_team: int = 0  # whether it is given among supporters
    equality: float = 1.0  # share of equality that a marked role leaves
    staffed_safety: float = 0.0  # what staff present make up for of what safety is missing to grow
    companionship: float = 0.0  # chance a week of meeting outside, added for those who met there
    in_person: float = 1.0  # how easily those who met there meet in person
    # matches
    within_hours: int = 0  # whether supporters share out the hours they have left
    # circles
    circle_size: int = 0
    minimum: int = 0
    leaders: int = 0
    fewest_leaders: int = 0
    weeks: int = 0
    most: int = 0
    patience: int = 0
    open: int = 0  # whether those who wait may join one that is running
    leaders_in_cohesion: int = 0  # whether leaders count in it
    self_run_per_week: float = 0.0  # 0: no circle goes on by itself
    self_run_cohesion: float = 0.0
    self_run_minimum: int = 0
    # hours of supporters and staff beside the meetings
    debrief: float = 0.0  # of each supporter, after each meeting
    staff_a_meeting: float = 0.0  # for each meeting to which a supporter came
    staff_a_circle: float = 0.0  # a week, for each circle that does not run itself
    staff_for_ten: float = 0.0  # a week, for each ten people who came


KIND = np.dtype(
    (np.record, [(each.name, "f8" if each.type == "float" else "i8") for each in fields(Kind)])
)
NEEDED = ("per_week", "hours", "intimacy", "exposure", "effort", "first_meeting")
"""What no community can leave out."""


class Community:
    """A group of parameters that is a type of community."""

    def kind(self, x: Any) -> Kind:
        """The numbers of this type under a whole scenario `x`.

        A type overrides this to say what it does not have as a parameter of the same name:
        ``return self.numbers(x, opens=MATCH)``.
        """
        return self.numbers(x)

    def numbers(self, x: Any, **more: Any) -> Kind:
        """The parameters that have the name of a number, and `more`.

        Raises
        ------
        InvalidInput
            A sentence that says what a type has forgotten.
        """
        own = {each.name: getattr(self, each.name, None) for each in fields(Kind)}
        said = {name: value for name, value in own.items() if value is not None} | more
        if lacking := [name for name in NEEDED if name not in said]:
            raise InvalidInput(
                "errors.communities.lacking", name=type(self).__name__, lacking=lacking
            )
        if "per_week" not in more:
            said["per_week"] *= x.programme.intensity
        return Kind(**said)


def kinds(x: Any) -> list[Kind]:
    """One for each place where people can meet, in the order of `PLACES`."""
    beside = {
        "cafe": Kind(intimacy=x.cafe.intimacy),
        "team": Kind(intimacy=x.team.intimacy, in_team=1),
        "outside": Kind(intimacy=x.ties.own_intimacy),
        "page": Kind(intimacy=x.digital.intimacy, face_to_face=0),
    }
    found = {name: beside.get(name) or getattr(x, name).kind(x) for name in PLACES}
    return [replace(kind, key=key_of(name)) for name, kind in found.items()]
