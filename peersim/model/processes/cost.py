"""Price: hours of supporters and staff, and what they cost."""

from dataclasses import dataclass

from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase, rule
from peersim.model.communities.kind import MATCH
from peersim.model.world import (
    count_bits,
    everybody,
    hours_in_matches,
    places_of_circles,
    settings,
    supporters,
    supports,
)


@dataclass
class Cost:
    """What hours cost, in Danish kroner; put your own figures here."""

    # fmt: off
    staff_hour: float = parameter(400, "DKK/hour", 0, 2000, "an hour of staff, all included")
    supporter_hour: float = parameter(20, "DKK/hour", 0, 1000, "an hour of a volunteer supporter: travel, food, insurance")
    week: float = parameter(1500, "DKK/week", 0, 100_000, "running the programme for a week: rooms, telephone, administration")
    cafe: float = parameter(300, "DKK", 0, 10_000, "food for one café")
    # fmt: on


@rule
def supporter_hours(world, i, x):
    """Hours one supporter gave this week: meetings, shifts, visits, debriefings.

    Training and supervision are counted where they happen.
    """
    hours = 0.0
    for c in world.used:
        hours += count_bits(world.present[i, c]) * x.kinds[c].debrief
    for c in world.used:
        if x.kinds[c].opens != MATCH:
            hours += count_bits(world.present[i, c]) * x.kinds[c].hours
    return hours + hours_in_matches(world, i, x) - world.people[i].counted_hours


@rule
def _count_meetings(world, c):
    """How many meetings of a community there were to which a supporter came."""
    held = 0
    for i in supporters(world):
        if supports(world, i):
            held |= world.present[i, c]
    return count_bits(held)


@rule
def _count_present(world, c):
    n = 0
    for i in everybody(world):
        n += world.present[i, c] != 0
    return n


@rule
def staff_hours(world, x):
    """Hours of staff this week that follow from who was there: educators, houses, debriefings, the
    platform.
    """
    hours = 0.0
    for c in world.used:
        if x.kinds[c].staff_a_meeting > 0.0:
            hours += _count_meetings(world, c) * x.kinds[c].staff_a_meeting
    for k in places_of_circles(world):
        circle = world.circles[k]
        if circle.open == 1 and circle.self_run == 0:
            hours += x.kinds[circle.community].staff_a_circle
    for c in world.used:
        if x.kinds[c].staff_for_ten > 0.0:
            hours += x.kinds[c].staff_for_ten * _count_present(world, c) / 10.0
    return hours


@phase
def count_price(world):
    """Add this week's hours and cost to the totals."""
    x, clock, given = settings(world), world.clock[0], 0.0
    for i in supporters(world):
        if not supports(world, i):
            continue
        given += supporter_hours(world, i, x)
        world.people[i].counted_hours = hours_in_matches(world, i, x)
    clock.supporter_hours += given
    clock.staff_hours += staff_hours(world, x)
    running = 0.0
    for c in world.used:
        if x.on[c] == 1:
            running = x.cost.week
    clock.running_cost += running + x.cafe.per_week * x.cost.cafe
    clock.cost = (
        clock.running_cost
        + clock.staff_hours * x.cost.staff_hour
        + clock.supporter_hours * x.cost.supporter_hour
    )
