"""Sign-up: from being invited to waiting or taking part; what keeps people from ever starting."""

import enum
import math
from dataclasses import dataclass

import numpy as np

from peersim.kernel.chance import SIGN_UP, draws
from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase_apart, rule
from peersim.model.ahead import INVITATION, ahead
from peersim.model.communities.kind import AT_ONCE
from peersim.model.encounters import expected_fit, first_safety, safety_found
from peersim.model.people import lowness
from peersim.model.programme import organisation_in_force
from peersim.model.vocabulary import ACTIVE, NEVER, NONE, RECIPIENT, WAITING
from peersim.model.world import recipients, settings


class WayIn(enum.Enum):
    """How people come to a programme: as strangers who hear of it, brought by somebody they know,
    or having said yes already.
    """

    invited = "invited"
    referred = "referred"
    consented = "consented"


INVITED, REFERRED, CONSENTED = map(np.int64, range(3))


@dataclass
class SignUp:
    """How people come in: how fast those who are invited sign up, and how long they wait."""

    # fmt: off
    way_in: WayIn = parameter(WayIn.invited, "-", 0, 2, "how people come in: invited (strangers who hear of it), referred (somebody they know from a service brings them), or consented (they have said yes, as a trial's participants have, and sign up at once when they arrive)", "P T", "assumption")
    referral: float = parameter(0.5, "0-1", 0, 1, "share of what keeps people from signing up that somebody who refers them, and may come along, takes away", "P", "assumption")
    rate: float = parameter(0.15, "per week", 0.02, 2, "weekly rate at which an unafraid, never excluded person signs up for a community they are invited to", "O29 A01", "assumption")
    anxiety: float = parameter(1.6, "-", 0, 5, "how strongly social anxiety, times the exposure of the setting, slows sign-up: rate x exp(-this)")
    exclusion: float = parameter(1.0, "-", 0, 5, "how strongly earlier exclusion slows sign-up: rate x exp(-this x exclusion)", "P X02", "assumption")
    digital: float = parameter(1.5, "-", 0, 5, "how strongly lack of digital confidence slows sign-up to a platform")
    need: float = parameter(2.0, "-", 0, 5, "how much being low and lonely hastens sign-up where nothing exposes one: rate x exp(this x how low); 0: not at all", "P O29", "assumption")
    impatience: float = parameter(0.015, "per week", 0, 0.2, "weekly rate of giving up while waiting", "O14 O18 O32", "assumption")
    in_vain: float = parameter(0.05, "0-1", 0, 0.3, "hope lost by somebody who has waited in vain and gives up", "T", "assumption")
    # fmt: on


@rule
def sign_up_rate(p, kind, x):
    """Weekly rate of signing up: rate x exp(need - anxiety x exposure - exclusion), slowed further
    by what a type asks for.

    The low and lonely look for company, most where the threshold is low (P; O29: the lonelier, the
    more willing). Who is referred has somebody who takes a share of the threshold from them.
    """
    against = x.anxiety * p.social_anxiety * kind.exposure + x.exclusion * p.exclusion
    against += kind.confidence_asked * (1.0 - p.digital_confidence)
    against += kind.aversion_asked * p.aversion
    if x.way_in == REFERRED:
        against *= 1.0 - x.referral
    return x.rate * math.exp(x.need * (1.0 - kind.exposure) * lowness(p) - against)


@rule
def chance_of_sign_up(p, kind, reach, x):
    """Chance of signing up this week: who has consented signs up at once, however anxious."""
    if x.way_in == CONSENTED:
        return 1.0
    return 1.0 - math.exp(-(reach * sign_up_rate(p, kind, x)))


@rule
def may_sign_up(world, i, c):
    """Whether a person could sign up for community c this week: looks for support, is invited, and
    it is on offer.
    """
    p = world.people[i]
    invited = p.invited_week <= world.clock[0].week and ((p.invited_to >> c) & 1) == 1
    return (
        world.status[i, c] == NONE
        and p.role == RECIPIENT
        and invited
        and settings(world).on[c] == 1
    )


@phase_apart
def sign_up_propensity(world):
    """Each recipient's chance this week of signing up for each community they are invited to (P,
    X02).
    """
    x = settings(world)
    reach = organisation_in_force(x).reach
    if x.cafe.per_week > 0.0:
        reach *= 1.0 + x.cafe.recruits * min(1.0, x.cafe.per_week)
    for i in recipients(world):
        ahead(world, i, INVITATION)
        for c in world.used:
            if may_sign_up(world, i, c):
                world.chances[i, c].sign_up = chance_of_sign_up(
                    world.people[i], x.kinds[c], reach, x.sign_up
                )


@rule
def enter(world, i, c):
    """Enter a community: wait for a match, a circle or the opening call, or take part at once."""
    x, m, week = settings(world), world.memberships[i, c], world.clock[0].week
    m.safety = max(
        first_safety(world.people[i], x.safety), x.safety.carried * safety_found(world, i)
    )
    m.fit = expected_fit(world.people[i], x.safety.first_fit, x.safety)
    m.cause = m.caused_by = m.left = NEVER
    m.waiting = week
    world.status[i, c] = WAITING
    if x.kinds[c].opens == AT_ONCE:
        world.status[i, c], m.joined = ACTIVE, week


@rule
def _sign_up(world, i):
    """One person's luck of this week decides which of the communities open to them they enter.

    One draw of four numbers serves the communities whose keys are below four; each other has its
    own.
    """
    clock, me = world.clock[0], world.people[i].id
    luck = draws(clock.seed, SIGN_UP, clock.week, me, np.int64(0))
    for c in world.used:
        if may_sign_up(world, i, c):
            key = settings(world).kinds[c].key
            u = luck[key] if key < 4 else draws(clock.seed, SIGN_UP, clock.week, me, key)[0]
            if u < world.chances[i, c].sign_up:
                enter(world, i, np.int64(c))


@rule
def _might_sign_up(world, i):
    for c in world.used:
        if may_sign_up(world, i, c):
            return True
    return False


@phase_apart
def sign_up_draw(world):
    """Who signs up this week."""
    for i in recipients(world):
        if world.people[i].invited_week <= world.clock[0].week and _might_sign_up(world, i):
            _sign_up(world, i)
