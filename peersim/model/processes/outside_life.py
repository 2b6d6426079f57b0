"""Outside life: friends and contacts beside the programme, with their own ups and downs."""

import math
from dataclasses import dataclass

import numpy as np

from peersim.kernel.chance import LIFE, draws, normal_pair
from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase_apart, rule
from peersim.model.ahead import MEMORIES, ahead
from peersim.model.communities.availability import kept_away
from peersim.model.communities.digital import displaced_by_screen, met_by_screen
from peersim.model.world import everybody, settings


@dataclass
class Outside:
    """What moves contacts outside the programme."""

    # fmt: off
    luck: float = parameter(0.25, "-", 0, 1, "size of the ups and downs of outside contacts, standard deviation of their logarithm")
    memory: float = parameter(12, "weeks", 1, 104, "weeks that an up or down of outside contacts lasts")
    spiral: float = parameter(1.0, "-", 0, 4, "how strongly connectedness and hope below a person's own level cut outside contacts (and above it bring more)", "P", "theory")
    least: float = parameter(0.2, "0-1", 0, 1, "share of outside contacts that remains in the deepest withdrawal")
    speed: float = parameter(0.15, "per week", 0.01, 1, "share of the way to their new level that outside contacts go in a week")
    most_displaced: float = parameter(0.5, "0-1", 0, 1, "largest share of outside contacts that time online can replace", "X11 X12", "assumption")
    # fmt: on


@rule
def contacts_sought(p, x):
    """Contacts that outside life offers now: own ties x luck x mood relative to the person's own
    level.
    """
    mood = 0.5 * (p.connectedness + p.hope - p.own_connectedness - p.own_hope)
    factor = math.exp(x.luck * p.outside_luck) * max(x.least, 1.0 + x.spiral * mood)
    return p.outside_ties * factor


@phase_apart
def live_outside(world):
    """Outside contacts follow luck and mood; the screen and unwanted peers in common rooms take
    some away (T).
    """
    x, clock = settings(world), world.clock[0]
    kept = math.exp(-1.0 / x.outside.memory)
    fresh = math.sqrt(1.0 - kept * kept)
    for i in everybody(world):
        ahead(world, i, MEMORIES)
        p = world.people[i]
        u = draws(clock.seed, LIFE, clock.week, p.id, np.int64(0))
        p.outside_luck = kept * p.outside_luck + fresh * normal_pair(u[0], u[1])[0]
        p.spare_luck = u[2]
        if x.digital.meets_company > 0.0:
            p.met_online += x.outside.speed * (
                met_by_screen(p.online_hours, x.digital) - p.met_online
            )
        p.kept_away = kept_away(p, clock, x.availability)
        sought = contacts_sought(p, x.outside) * (1.0 - p.kept_away)
        sought *= 1.0 - displaced_by_screen(p, x.digital, x.outside.most_displaced)
        p.outside_contacts += x.outside.speed * (sought - p.outside_contacts)
