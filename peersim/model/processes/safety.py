"""Safety: the precondition of every later change; it depends on equality, anonymity and fit (P)."""

from dataclasses import dataclass

from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase_apart, rule
from peersim.model.people import clip
from peersim.model.programme import equality, organisation_in_force
from peersim.model.world import everybody, settings, takes_part


@dataclass
class Safety:
    """How felt safety starts, grows and is lost, in each community separately."""

    # fmt: off
    start: float = parameter(0.45, "0-1", 0, 1, "felt safety of a never excluded person on entering", "P", "assumption")
    exclusion: float = parameter(0.5, "0-1", 0, 1, "share of the felt safety on entering that full earlier exclusion takes away", "P X02", "assumption")
    neutral: float = parameter(0.35, "0-1", 0, 1, "felt safety on neutral ground (café, own company) before a higher one is found elsewhere", "T", "assumption")
    carried: float = parameter(0.5, "0-1", 0, 1, "share of the safety found elsewhere that a person brings into a new community")
    first_fit: float = parameter(0.5, "0-1", 0, 1, "how far a person expects to fit in before they have met anybody")
    fit_exclusion: float = parameter(0.0, "0-1", 0, 1, "share of the fit expected at first that full earlier exclusion takes away; 0: none", "P", "assumption")
    gain: float = parameter(0.12, "per week", 0, 0.6, "share of the missing safety won in a week of meetings among equals, anonymous and fitting in", "P", "assumption")
    fit_weight: float = parameter(0.6, "0-1", 0, 1, "share of the growth of safety that depends on fit", "P", "assumption")
    anonymity_weight: float = parameter(0.5, "0-1", 0, 1, "share of the growth of safety that depends on anonymity", "P", "assumption")
    misfit: float = parameter(0.05, "per week", 0, 0.6, "share of safety lost in a week of meetings where one fits in not at all", "P G17", "assumption")
    absence: float = parameter(0.01, "per week", 0, 0.2, "share of safety lost in a week of absence")
    impression: float = parameter(0.15, "per encounter", 0.01, 1, "how fast a person learns from encounters how far they fit in")
    # fmt: on


@rule
def safety_after_meeting(safety, fit, level, x):
    """Safety after a week of meetings: s + gain e (1 - s)(1 - w (1 - fit)) - misfit (1 - fit) s.

    Parameters
    ----------
    safety, fit : float
        0 to 1.
    level : float
        Equality in this place, less what anonymity is missing, 0 to 1.
    x : record of :class:`Safety`
    """
    won = x.gain * level * (1.0 - x.fit_weight * (1.0 - fit)) * (1.0 - safety)
    return clip(safety + won - x.misfit * (1.0 - fit) * safety)


@phase_apart
def feel_safe(world):
    """Felt safety grows among equals who fit, falls with misfit and absence."""
    x = settings(world)
    week, anonymity = world.clock[0].week, organisation_in_force(x).anonymity
    for c in world.used:
        level = equality(x, week, c) * (1.0 - x.safety.anonymity_weight * (1.0 - anonymity))
        for i in everybody(world):
            if not takes_part(world, i, c):
                continue
            m = world.memberships[i, c]
            if world.present[i, c] != 0:
                m.safety = safety_after_meeting(m.safety, m.fit, level, x.safety)
            elif world.planned[i, c] != 0:
                m.safety *= 1.0 - x.safety.absence
