"""Safety: the precondition of every later change; it depends on equality, anonymity and fit (P)."""

from dataclasses import dataclass

from peersim.kernel.declaration import parameter
from peersim.kernel.rules import phase_apart, rule
from peersim.model.people import clip
from peersim.model.programme import equality, organisation_in_force
from peersim.model.vocabulary import ACTIVE
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
    fit_exclusion: float = parameter(0.5, "0-1", 0, 1, "share of the fit expected at first that full earlier exclusion takes away; 0: none", "P", "assumption")
    gain: float = parameter(0.12, "per week", 0, 0.6, "share of the missing safety won in a week of meetings among equals, anonymous and fitting in", "P", "assumption")
    fit_weight: float = parameter(0.6, "0-1", 0, 1, "share of the growth of safety that depends on fit", "P", "assumption")
    anonymity_weight: float = parameter(0.5, "0-1", 0, 1, "share of the growth of safety that depends on anonymity", "P", "assumption")
    misfit: float = parameter(0.05, "per week", 0, 0.6, "share of safety lost in a week of meetings where one fits in not at all", "P G17", "assumption")
    absence: float = parameter(0.01, "per week", 0, 0.2, "share of safety lost in a week of absence")
    impression: float = parameter(0.15, "per encounter", 0.01, 1, "how fast a person learns from encounters how far they fit in")
    familiar_fit: float = parameter(1.0, "0-1", 0, 1, "how far confidence in each other takes the place of likeness in how near two people feel (0: fit is likeness alone)", "K01", "theory")
    threshold: float = parameter(0.2, "0-1", 0, 0.6, "felt safety below which people hardly confide in each other (0: disclosure is in proportion to safety)", "P", "assumption")
    relation: bool = parameter(True, "yes/no", 0, 1, "whether in company outside the safety felt is that of the relation (no: the highest found anywhere)", "P", "theory")
    company: bool = parameter(True, "yes/no", 0, 1, "whether safety grows only in a week in which one met somebody face to face, where that is how people meet (no: coming is enough)", "P", "theory")
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


@rule
def with_staff(level, made_up):
    """How far a place lets safety grow where staff are present at the meetings: they make up for a
    share of what is missing (T: an educator is there), or take from it (P: peers by themselves).

    >>> with_staff(0.8, 0.5), with_staff(0.8, 0.0), with_staff(0.2, -0.5)
    (0.9, 0.8, 0.0)
    """
    return max(0.0, level + made_up * (1.0 - level))


@rule
def _came_in_vain(world, i, c):
    """Whether somebody came and met nobody all week: a meeting that did not take place makes nobody
    feel safe.
    """
    x = settings(world)
    return (
        x.safety.company > 0
        and x.kinds[c].face_to_face == 1
        and world.people[i].face_to_face == 0.0
    )


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
                staffed = world.status[i, c] == ACTIVE  # a group that runs itself has no staff
                here = with_staff(level, x.kinds[c].staffed_safety) if staffed else level
                if not _came_in_vain(world, i, c):
                    m.safety = safety_after_meeting(m.safety, m.fit, here, x.safety)
            elif world.planned[i, c] != 0:
                m.safety *= 1.0 - x.safety.absence
