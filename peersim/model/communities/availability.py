"""Availability: supporters, two and two, present in a drop-in place; or instructors who teach a
class (T).
"""

import enum
from dataclasses import dataclass
from typing import Any

import numpy as np

from peersim.kernel.chance import SHIFT, draws, gumbel
from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase, rule
from peersim.model.circles import came, count_others, line_up_circles
from peersim.model.communities.kind import AT_ONCE, CIRCLE, Community, Kind
from peersim.model.encounters import together
from peersim.model.gatherings import sit_together
from peersim.model.people import log_odds, logistic, nearness
from peersim.model.vocabulary import ACTIVE, AVAILABILITY, NOBODY, RECIPIENT, SUPPORTER
from peersim.model.world import (
    MOST_OCCASIONS,
    enlist,
    occasions,
    places_of_circles,
    settings,
    supporters,
    supports,
)

TALKS = np.int64(1)
"""Talks that a visitor begins with other visitors; about as many are begun with them."""


class Variant(enum.Enum):
    """Present in common rooms, or teaching a class."""

    availability = "availability"
    instructor = "instructor"


@dataclass
class Availability(Community):
    """Shifts in a drop-in place, or classes."""

    # fmt: off
    variant: Variant = parameter(Variant.availability, "-", 0, 1, "present in common rooms (availability), or a pair teaching a class (instructor)", "T", "assumption")
    per_week: float = parameter(2.0, "per week", 0.1, 4, "shifts a week (or lessons of a class)", "A08", "measured")
    hours: float = parameter(2.0, "hours", 0.5, 6, "hours of a shift (or lesson)", "D05", "measured")
    on_duty: int = parameter(2, "people", 1, 4, "supporters on a shift together (or instructors of a class)", "D06", "measured")
    debrief: float = parameter(0.25, "hours", 0, 2, "hours of debriefing with staff after a shift", "D07", "measured")
    debrief_relief: float = parameter(0.5, "0-1", 0, 1, "share of the strain of a shift that a debriefing of a quarter of an hour takes away (more with longer ones)", "T", "assumption")
    pair_relief: float = parameter(0.3, "0-1", 0, 1, "share of the strain of a shift that being two takes away", "T", "assumption")
    marking: float = parameter(1.0, "0-1", 0, 1, "how visibly supporters are marked (T-shirt)", "T", "assumption")
    marking_cost: float = parameter(0.25, "0-1", 0, 1, "share of equality that full marking costs", "T", "assumption")
    marking_relief: float = parameter(0.2, "0-1", 0, 1, "share of the strain of a shift that a clearly marked role takes away", "T", "assumption")
    presence_cost: float = parameter(3.0, "log-odds", 0, 6, "how strongly those who do not want peers in their rooms stay away", "T", "assumption")
    averse_from: float = parameter(0.6, "0-1", 0, 1, "aversion at which a visitor gives up half their time in the common rooms")
    averse_slope: float = parameter(6.0, "log-odds", 0, 20, "how sharply staying away sets in around the aversion `averse_from` (0: everybody halves their time)")
    room_share: float = parameter(0.2, "0-1", 0, 1, "share of a visitor's outside contacts that they have in the common rooms")
    talk: float = parameter(0.6, "0-1", 0, 1, "chance that a visitor of average openness falls into talk with somebody on duty")
    talk_openness: float = parameter(2.0, "log-odds", 0, 8, "how much more readily an open visitor falls into talk than a closed one")
    shortest_talk: float = parameter(0.1, "hours", 0.02, 2, "shortest talk")
    longest_talk: float = parameter(1.0, "hours", 0.1, 4, "longest talk (a walk)")
    walk: float = parameter(0.2, "0-1", 0, 1, "share of talks, the longest ones, that are a walk: the two are alone, as in company people seek themselves (`ties.own_intimacy`)", "T", "assumption")
    among_visitors: float = parameter(0.25, "0-1", 0, 1, "share of a visit that visitors and residents spend in talk with each other", "T", "assumption")
    intimacy: float = parameter(0.4, "0-1", 0, 1, "how far the setting invites confidences (that ties stay weak is our assumption)")
    exposure: float = parameter(0.4, "0-1", 0, 1, "how exposed a shy person feels there")
    effort: float = parameter(0.6, "log-odds", 0, 3, "effort of dropping in on a given shift (or coming to a lesson)", "A01 A02", "assumption")
    one_way: float = parameter(0.7, "0-1", 0.5, 1, "share of the support that goes from supporter to recipient", "T", "assumption")
    classmates: float = parameter(0.25, "0-1", 0, 1, "how much classmates talk among themselves, against the instructors with them", "T", "assumption")
    class_size: int = parameter(10, "people", 3, 40, "recipients in a class (instructor variant)")
    class_minimum: int = parameter(4, "people", 2, 20, "smallest class that begins; how many keep it going: `departure.closing`")
    class_weeks: int = parameter(12, "weeks", 2, 104, "weeks of a class")
    most_classes: int = parameter(10, "classes", 1, 100_000, "most classes running at a time")
    house_hours: float = parameter(0.5, "hours", 0, 10, "staff hours for each shift or lesson, debriefing apart")
    # fmt: on

    def kind(self, x: Any) -> Kind:
        """A drop-in place is open at once; its supporters are marked, and debriefed after a shift.

        Instructors teach classes, which form like groups; nobody stays away from them for aversion.
        """
        of_variant = (
            {"opens": AT_ONCE, "staff_a_meeting": self.house_hours + self.debrief}
            if self.variant is Variant.availability
            else {"opens": CIRCLE, "presence_cost": 0.0, "debrief": 0.0}
        )
        return self.numbers(
            x,
            first_meeting=x.departure.first_meeting_group,
            aversion_asked=1.0,
            on_shift=1,
            equality=1.0 - self.marking_cost * self.marking,
            circle_size=self.class_size,
            minimum=self.class_minimum,
            leaders=self.on_duty,
            weeks=self.class_weeks,
            most=self.most_classes,
            patience=x.group.patience,
            fewest_leaders=x.group.fewest_leaders,
            staff_a_circle=self.house_hours * self.per_week * x.programme.intensity,
            **of_variant,
        )


@phase
def fill_shifts(world):
    """Fill this week's shifts from the rota: active supporters in order of row, `on_duty` at a time
    (T).
    """
    x = settings(world)
    if x.on[AVAILABILITY] == 0 or x.availability.variant == 1:
        return
    n, lists = 0, world.scratch[0]
    for i in supporters(world):
        if not supports(world, i):
            continue
        world.planned[i, AVAILABILITY] = 0
        if world.status[i, AVAILABILITY] == ACTIVE and world.people[i].resting == 0:
            lists[n] = i
            n += 1
    shifts = occasions(x.availability.per_week * x.programme.intensity, world.clock[0].week - 1.0)
    if n > 0:
        for bit in range(shifts):
            _put_on_duty(world, bit, n, x.availability.on_duty)


@rule
def _put_on_duty(world, bit, n, on_duty):
    clock = world.clock[0]
    for k in range(min(on_duty, n)):
        row = world.scratch[0, (clock.shifts * on_duty + k) % n]
        world.planned[row, AVAILABILITY] |= np.int64(1) << bit
    clock.shifts += 1


@rule
def stays_away(p, x):
    """Share of their time in the common rooms that a visitor gives up because peers are there (T;
    A13).

    Logistic of `averse_slope` x (aversion - `averse_from`): few of the indifferent, most of the
    averse.
    """
    return logistic(x.averse_slope * (p.aversion - x.averse_from))


@rule
def kept_away(p, clock, x):
    """Share of a person's outside contacts lost this week by staying away from the common rooms.

    They are the rooms of every recipient who has been invited to drop in there; nobody stays away
    while no supporter is present.
    """
    invited = p.invited_week <= clock.week and ((p.invited_to >> AVAILABILITY) & 1) == 1
    if clock.on_duty > 0 and p.role == RECIPIENT and invited:
        return x.room_share * stays_away(p, x)
    return 0.0


@rule
def relief_on_shift(x, pair):
    """Share of the strain of giving on a shift that stays: debriefing, being two and a marked role
    each take some (T).
    """
    stays = 1.0 - x.pair_relief if pair else 1.0
    if x.variant == 1:
        return stays  # instructors are neither marked nor debriefed
    debriefed = min(1.0, x.debrief_relief * min(2.0, x.debrief / 0.25))
    return stays * (1.0 - debriefed) * (1.0 - x.marking_relief * x.marking)


@rule
def _companion(world, visitor, bit, n):
    """Row of the supporter on duty whom a visitor talks with: nearness and luck decide; or -1 if
    nobody has time.
    """
    best, best_score, clock = NOBODY, -1e9, world.clock[0]
    for s in range(n):
        row = world.scratch[0, s]
        if came(world, row, AVAILABILITY, bit) == 0 or world.people[row].shift_hours < 0.05:
            continue
        luck = draws(clock.seed, SHIFT, clock.week, world.people[visitor].id, world.people[row].id)[
            bit
        ]
        score = nearness(world.people[visitor], world.people[row]) + gumbel(luck)
        if score > best_score:
            best, best_score = row, score
    return best


@rule
def chance_of_talk(x, openness):
    """Chance that a visitor falls into talk: the typical chance, shifted by openness on the
    log-odds scale.
    """
    return logistic(log_odds(x.talk) + x.talk_openness * (openness - 0.5))


@rule
def _visit(world, visitor, bit, n):
    """One visitor on one shift: minutes to an hour with one of the two on duty, or nobody. The
    longest talks are walks, if the supporter has the time: the two leave the room (T).
    """
    x, clock, p = settings(world).availability, world.clock[0], world.people[visitor]
    p.shift_hours = x.hours
    u = draws(clock.seed, SHIFT, clock.week, p.id, np.int64(-2) - bit)
    if u[0] >= chance_of_talk(x, p.openness):
        return
    row = _companion(world, visitor, bit, n)
    if row < 0:
        return
    wished = x.shortest_talk + (x.longest_talk - x.shortest_talk) * u[1] * u[1]
    hours = min(wished, world.people[row].shift_hours)
    world.people[row].shift_hours -= hours
    p.shift_hours -= hours
    world.memberships[visitor, AVAILABILITY].meetings += 1
    clock.walk = np.int64(u[1] >= 1.0 - x.walk and hours == wished)
    together(world, row, visitor, (hours, 1.0), x.one_way, np.int64(AVAILABILITY))
    clock.walk = 0


@rule
def _talk_among_visitors(world, bit, hours):
    """Visitors and residents spend part of their visit with each other, not all with those on duty:
    the rooms are theirs (T).
    """
    n = 0
    for k in range(world.people.shape[0]):
        row = world.ring[k]
        if not supports(world, row) and came(world, row, AVAILABILITY, bit) == 1:
            world.weights[1, n] = min(hours, world.people[row].shift_hours)
            n = enlist(world, n, row)
    if n > 1:
        sit_together(world, n, TALKS, hours, np.int64(AVAILABILITY), np.int64(bit))
    whole = settings(world).availability.hours
    for k in range(n):
        row = world.scratch[0, k]
        if world.people[row].shift_hours == whole and world.weights[1, k] < hours:
            world.memberships[row, AVAILABILITY].meetings += 1


@rule
def _list_on_duty(world, bit, hours):
    n = 0
    for i in supporters(world):
        if supports(world, i) and came(world, i, AVAILABILITY, bit) == 1:
            world.people[i].shift_hours = hours
            world.scratch[0, n] = i
            n += 1
    return n


@rule
def _hold_shift(world, bit):
    """A shift: visitors come by in an order keyed by week (the ring from a drawn point on)."""
    clock = world.clock[0]
    n = _list_on_duty(world, bit, settings(world).availability.hours)
    clock.on_duty += n
    if n == 0:
        return
    start = draws(clock.seed, SHIFT, clock.week, np.int64(-1), bit)[0]
    for turn in range(2):
        for k in range(world.people.shape[0]):
            row = world.ring[k]
            if came(world, row, AVAILABILITY, bit) == 0 or supports(world, row):
                continue
            if (world.position[row] >= start) == (turn == 0):
                _visit(world, row, bit, n)
    x = settings(world).availability
    if x.among_visitors > 0.0:
        _talk_among_visitors(world, bit, x.among_visitors * x.hours)


@rule
def _talk_in_class(world, i, j, hours, others):
    """The instructors give; classmates talk little among themselves."""
    one_way = settings(world).availability.one_way
    a, b = world.people[i].role, world.people[j].role
    if a == b:
        together(
            world,
            i,
            j,
            (settings(world).availability.classmates * hours, others),
            0.5,
            np.int64(AVAILABILITY),
        )
    elif a == SUPPORTER:
        together(world, i, j, (hours, others), one_way, np.int64(AVAILABILITY))
    else:
        together(world, i, j, (hours, others), 1.0 - one_way, np.int64(AVAILABILITY))


@rule
def _teach(world, k, bit):
    others, hours = count_others(world, k, AVAILABILITY, bit), settings(world).availability.hours
    if others == 0:
        return
    first, last = world.scratch[1, k], world.scratch[1, k + 1]
    for s in range(first, last):
        i = world.scratch[0, s]
        if came(world, i, AVAILABILITY, bit) == 0:
            continue
        world.memberships[i, AVAILABILITY].meetings += 1
        for t in range(s + 1, last):
            if came(world, world.scratch[0, t], AVAILABILITY, bit) == 1:
                _talk_in_class(world, i, world.scratch[0, t], hours, others + 0.0)


@phase
def meet_availability(world):
    """Shifts are held, or classes taught."""
    x = settings(world)
    world.clock[0].on_duty = 0
    if x.on[AVAILABILITY] == 0:
        return
    if x.availability.variant == 0:
        for bit in range(MOST_OCCASIONS):
            _hold_shift(world, bit)
        return
    line_up_circles(world, np.int64(AVAILABILITY), True)
    for k in places_of_circles(world):
        for bit in range(MOST_OCCASIONS):
            _teach(world, k, bit)
