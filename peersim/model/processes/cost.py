"""Price: hours of supporters and staff, and what they cost."""

from dataclasses import dataclass

from peersim.kernel.compiled import phase, rule
from peersim.kernel.declaration import parameter
from peersim.model.vocabulary import AVAILABILITY, DIGITAL, GROUP, ONE_TO_ONE
from peersim.model.world import count_bits, everybody, places_of_circles, settings, supporters


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
def _debrief_hours(world, i, x):
    """Hours a supporter spends in debriefing this week: one for each shift she was on."""
    shifts = count_bits(world.present[i, AVAILABILITY])
    return shifts * x.availability.debrief if x.availability.variant == 0 else 0.0


@rule
def supporter_hours(world, i, x):
    """Hours one supporter gave this week: meetings, shifts, visits, debriefings.

    Training and supervision are counted where they happen.
    """
    hours = _debrief_hours(world, i, x)
    for c in world.used:
        if c == ONE_TO_ONE:
            continue
        hours += count_bits(world.present[i, c]) * _meeting_hours(x, c)
    p = world.people[i]
    m = world.memberships[i, 0]
    return hours + m.hours - p.counted_hours


@rule
def _meeting_hours(x, c):
    if c == GROUP:
        return x.group.hours
    if c == AVAILABILITY:
        return x.availability.hours
    return x.digital.hours


@rule
def staff_hours(world, x):
    """Hours of staff this week that follow from who was there: educators, houses, debriefings, the
    platform.
    """
    hours, members, shifts = 0.0, 0, 0
    for i in everybody(world):
        members += world.present[i, DIGITAL] != 0
    for i in supporters(world):
        shifts |= world.present[i, AVAILABILITY]
    if x.availability.variant == 0:
        hours += count_bits(shifts) * (x.availability.house_hours + x.availability.debrief)
    for k in places_of_circles(world):
        circle = world.circles[k]
        if circle.open == 1 and circle.community == GROUP and circle.self_run == 0:
            hours += x.group.educators * x.group.hours * x.group.per_week * x.programme.intensity
        if circle.open == 1 and circle.community == AVAILABILITY:
            hours += x.availability.house_hours * x.availability.per_week * x.programme.intensity
    if members > 0:
        hours += x.digital.moderation * members / 10.0
    return hours


@phase
def count_price(world):
    """Add this week's hours and cost to the totals."""
    x, clock, given = settings(world), world.clock[0], 0.0
    for i in supporters(world):
        given += supporter_hours(world, i, x)
        world.people[i].counted_hours = world.memberships[i, 0].hours
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
