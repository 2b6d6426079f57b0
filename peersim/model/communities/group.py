"""Group: people meet around a course; giving and receiving move between members; mutual support (T,
P).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from peersim.kernel.chance import NEED, draws
from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase, rule
from peersim.model.ahead import ahead_of_meeting
from peersim.model.circles import came, count_others, line_up_circles
from peersim.model.communities.kind import CIRCLE, Community, Kind
from peersim.model.encounters import role_model, together
from peersim.model.people import logistic
from peersim.model.programme import mentoring
from peersim.model.vocabulary import GROUP, SUPPORTER
from peersim.model.world import MOST_OCCASIONS, places_of_circles, settings


@dataclass
class Group(Community):
    """A course of meetings, with or without leaders, and what goes on after it."""

    # fmt: off
    size: int = parameter(8, "people", 3, 30, "members (leaders apart) with whom a group begins", "G04 Q08", "assumption")
    minimum: int = parameter(4, "people", 2, 15, "smallest number of members with which a group begins; how many keep it going: `departure.closing`", "G04", "assumption")
    patience: int = parameter(4, "weeks", 1, 26, "weeks after which a group (or class) begins although it is not full")
    most: int = parameter(10, "groups", 1, 100_000, "most groups running at a time (rooms, staff)")
    open: bool = parameter(False, "yes/no", 0, 1, "open group: those who wait join a running group as soon as it has a free place; each completes `weeks` weeks after joining, and the group goes on as long as people come (no: closed, all begin and end together)", "G11 Q08", "assumption")
    leaders: int = parameter(2, "people", 0, 4, "trained peers who lead a group; 0: run by staff, no roles beforehand", "P D12", "measured")
    fewest_leaders: int = parameter(1, "people", 1, 4, "leaders with whom a group (or class) begins after that wait if no more are free; as many as `leaders` or more: it waits for all of them", "T", "assumption")
    leaders_share: float = parameter(1.0, "0-1", 0, 1, "how far leaders bring their own experience in, besides leading", "P", "assumption")
    educators: float = parameter(0.0, "people", 0, 3, "staff (such as a social educator) present at each meeting", "T", "assumption")
    educator_safety: float = parameter(0.1, "-", -0.5, 0.5, "share of what safety is missing to grow in full that each educator present makes up for; below 0: staff in the room take from it", "T P", "assumption")
    per_week: float = parameter(1.0, "per week", 0.1, 4, "meetings a week", "P13 D08", "measured")
    hours: float = parameter(2.0, "hours", 0.5, 6, "hours a meeting", "P13", "measured")
    weeks: int = parameter(11, "weeks", 2, 104, "weeks of the course; in an open group, of each member from the day they join", "D10", "measured")
    companionship: float = parameter(0.0, "per week", 0, 1, "chance a week that two members with a tie meet one-to-one outside the group (coffee, Christmas Eve, companionship)", "T P14", "assumption")
    self_run_per_week: float = parameter(0.25, "per week", 0, 4, "meetings a week of a group that goes on by itself after the course; 0: none does", "T G16", "assumption")
    self_run_cohesion: float = parameter(0.35, "0-1", 0, 1, "cohesion from which a group goes on by itself (lower with a page)")
    leaders_in_cohesion: bool = parameter(False, "yes/no", 0, 1, "whether the ties to and between leaders count in the cohesion from which a group goes on without them (no: members' ties alone)")
    self_run_minimum: int = parameter(3, "people", 2, 10, "smallest number of members with which a group that runs itself goes on")
    intimacy: float = parameter(0.6, "0-1", 0, 1, "how far the setting invites confidences")
    exposure: float = parameter(0.7, "0-1", 0, 1, "how exposed a shy person feels there")
    effort: float = parameter(0.3, "log-odds", 0, 3, "effort of coming to a meeting")
    luck: float = parameter(0.5, "0-1", 0, 1, "share of readiness to give that is the luck of the day (the rest is empowerment and stage)", "T", "assumption")
    role_slope: float = parameter(4.0, "-", 0, 20, "how surely those who have more to give this evening are the ones who give (0: all give alike)", "T", "assumption")
    lead: float = parameter(0.5, "log-odds", 0, 4, "how much more leaders give than members equally ready")
    mentoring_lead: float = parameter(3.0, "log-odds", 0, 10, "how much more leaders give, and less they receive, where peer support has become mentoring", "P", "assumption")
    role_model: float = parameter(0.25, "-", 0, 2, "how much hope the sight of a leader who leads and shares carries, against being given to directly", "P", "assumption")
    # fmt: on

    def kind(self, x: Any) -> Kind:
        """Groups form when enough people wait; a page makes it easier to go on without leaders."""
        with_page = x.page.self_run if x.page.contact > 0.0 else 1.0
        a_week = self.educators * self.hours * self.per_week * x.programme.intensity
        return self.numbers(
            x,
            opens=CIRCLE,
            first_meeting=x.departure.first_meeting_group,
            circle_size=self.size,
            self_run_cohesion=self.self_run_cohesion * with_page,
            staff_a_circle=a_week,
            staffed_safety=1.0 - (1.0 - self.educator_safety) ** self.educators,
        )


@rule
def readiness_to_give(p, luck, luck_share):
    """What a person has to give this evening, 0 to 1: mean of empowerment and stage, less strain,
    and luck of the day.
    """
    return (1.0 - luck_share) * 0.5 * (p.empowerment + p.stage) * (
        1.0 - p.strain
    ) + luck_share * luck


@rule
def share_given(more_ready, leads, drift, x):
    """Share of the support between two members that the first gives: logistic of how much more
    ready they are.

    Leaders give a little more; where peer support has drifted into mentoring they give and do not
    receive (P).

    Parameters
    ----------
    more_ready : float
        Readiness to give of the first less that of the second, -1 to 1.
    leads : int
        1 if only the first leads, -1 if only the second does, else 0.
    drift : float
        How far peer support has become mentoring, 0 to 1.
    x : record of :class:`Group`
    """
    return logistic(x.role_slope * more_ready + (x.lead + x.mentoring_lead * drift) * leads)


@rule
def _see_leader(world, i, j, fed, near):
    """A member sees a leader lead and share for so many hours of shared time: a role model (P)."""
    x, p = settings(world), world.people[i]
    seen = x.group.role_model * x.group.leaders_share * (1.0 - mentoring(x, world.clock[0].week))
    p.role_models += seen * fed * role_model(p.hope, world.seen[j].hope, near, x.change)


@rule
def _feel_ready(world, k, bit):
    """What each member of circle k who came has to give this evening, kept in the world's
    weights.
    """
    clock = world.clock[0]
    for s in range(world.scratch[1, k], world.scratch[1, k + 1]):
        i = world.scratch[0, s]
        p = world.people[i]
        luck = draws(clock.seed, NEED, clock.week, p.id, bit)[0]
        world.weights[0, i] = readiness_to_give(p, luck, settings(world).group.luck)
        world.memberships[i, GROUP].meetings += came(world, i, GROUP, bit)


@rule
def _share(world, i, j, time):
    """Two members share an evening: roles are drawn by who has something to give now."""
    p, q = world.people[i], world.people[j]
    x = settings(world)
    gives = share_given(
        world.weights[0, i] - world.weights[0, j],
        p.role - q.role,
        mentoring(x, world.clock[0].week),
        x.group,
    )
    feeds, near = together(world, i, j, time, gives, np.int64(GROUP))
    if p.role == SUPPORTER and q.role != SUPPORTER:
        _see_leader(world, j, i, time[0] * feeds, near)
    if q.role == SUPPORTER and p.role != SUPPORTER:
        _see_leader(world, i, j, time[0] * feeds, near)


@rule
def _ahead_of_next(world, first, last):
    """Ask memory for the members listed next: the group that meets after this one."""
    for place in range(last, min(2 * last - first, world.scratch[1, world.clock[0].circles])):
        ahead_of_meeting(world, world.scratch[0, place], GROUP)


@rule
def _hold_meeting(world, k, bit, hours):
    others = count_others(world, k, GROUP, bit)
    if others == 0:
        return
    _feel_ready(world, k, bit)
    first, last = world.scratch[1, k], world.scratch[1, k + 1]
    if bit == 0:
        _ahead_of_next(world, first, last)
    for s in range(first, last):
        i = world.scratch[0, s]
        if came(world, i, GROUP, bit) == 0:
            continue
        for t in range(s + 1, last):
            if came(world, world.scratch[0, t], GROUP, bit) == 1:
                _share(world, i, world.scratch[0, t], (hours, others + 0.0))


@phase
def meet_groups(world):
    """Each group meets with those who came; everybody shares the evening with everybody."""
    line_up_circles(world, np.int64(GROUP), True)
    hours = settings(world).group.hours
    for k in places_of_circles(world):
        if world.scratch[1, k + 1] - world.scratch[1, k] < 2:
            continue
        for bit in range(MOST_OCCASIONS):
            _hold_meeting(world, k, bit, hours)
