"""Stays: how long each person took part in each community, and how that ended.

Dropping out is the event that survival analysis asks about. Completing a course and moving on are
ends of another kind, and so is the end of the run: up to then a stay was watched, no longer.
"""

from __future__ import annotations

import numpy as np

from peersim.model.vocabulary import COURSE_COMPLETED, GROUP, MOVED_ON, RECIPIENT
from peersim.model.world import World
from peersim.scenario.scenario import Scenario

NEVER = np.inf

ENDS_OF_STAYS = ("still_there", "dropped_out", "completed", "moved_on")
_STILL_THERE, _DROPPED_OUT, _COMPLETED, _MOVED_ON = range(4)

STAY = np.dtype(
    [("began", "?"), ("event", "?"), ("duration", "i2"), ("horizon", "i2")]
    + [("end", "i1"), ("cause", "i1")]
)
"""One person in one community; without meaning where it has not `began`."""


def dropped_out(world: World) -> np.ndarray:
    """Week in which each person dropped out of each community, having taken part: left or lost
    their place, other than by completing or moving on. Infinite for all others.
    """
    m = world.memberships
    dropped = (m["left"] >= 0) & (m["joined"] >= 0)
    dropped &= (m["cause"] != COURSE_COMPLETED) & (m["cause"] != MOVED_ON)
    return np.where(dropped, m["left"], NEVER)


def stays(world: World, scenario: Scenario, last: int) -> np.ndarray:
    """Give every stay as it was seen up to the end of a week.

    Parameters
    ----------
    world : World
        At the end of that week, or later.
    scenario : Scenario
    last : int
        The week.

    Returns
    -------
    array of `STAY`, people x communities
    """
    m, found = world.memberships, np.zeros(world.memberships.shape, STAY)
    over, event = (m["left"] >= 0) & (m["left"] <= last), dropped_out(world) <= last
    watched = np.where(over, m["left"], last)
    # after the course nobody drops out of a group but who leads another
    course = np.full(m.shape, last)
    course[world.people["role"] == RECIPIENT, GROUP] = scenario.group.weeks
    end = np.where(event, watched, np.minimum(watched, m["joined"] + course))
    moved_on = over & (m["cause"] == MOVED_ON)
    completed = (over & (m["cause"] == COURSE_COMPLETED)) | (end < watched)
    found["began"] = (m["joined"] >= 0) & (m["joined"] <= last)
    found["event"], found["duration"] = event, end - m["joined"]
    found["horizon"] = last - m["joined"]
    found["end"] = np.select(
        [event, moved_on, completed], [_DROPPED_OUT, _MOVED_ON, _COMPLETED], _STILL_THERE
    )
    found["cause"] = np.where(over, m["cause"], -1)
    return found
