"""Patterns of reach: who comes, stays away, waits, or ends with fewer contacts (A9, A10, A13, A19d,
A21, A23).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from peersim.model.vocabulary import ONE_TO_ONE as PAIRS
from peersim.model.vocabulary import WAITING
from peersim.model.world import World
from peersim.studies.patterns.laboratory import NO_PROGRAMME, Changes, Laboratory, Life
from peersim.studies.patterns.measurements import (
    NUMBER,
    face_to_face_contacts,
    has_dropped_out,
    joined,
    mean_of,
    participation,
    recipients,
    slope,
)
from peersim.studies.patterns.pattern import BUILT_IN, EMERGENT, Finding, Pattern, above, below
from peersim.studies.patterns.programmes import (
    AVAILABILITY,
    DIGITAL,
    DIGITAL_WITH_GROUP,
    GROUP,
    ONE_TO_ONE,
)

FEWER = 0.25
"""A person has fewer contacts than without the programme if she misses a quarter of a person or
more."""


def _taking_part(community: str) -> Callable[[World], np.ndarray]:
    def read(world: World) -> np.ndarray:
        return np.array(
            [participation(world, community), joined(world, community), recipients(world)]
        )

    return read


def anxious_prefer_the_screen(lab: Laboratory) -> Finding:
    """Slope on social anxiety of participation in digital less participation in a group, over
    everyone invited.
    """
    online, groups = lab.equal(DIGITAL, GROUP)
    here, there = (
        lab.each_end(online, _taking_part("digital")),
        lab.each_end(groups, _taking_part("group")),
    )
    anxiety = lab.each_end(online, lambda world: world.people["social_anxiety"])
    who = here[:, 2] > 0
    values = [
        slope((h[0] - t[0])[w], a[w]) for h, t, a, w in zip(here, there, anxiety, who, strict=True)
    ]
    both = who & (here[:, 1] > 0) & (there[:, 1] > 0)
    started = [
        slope((h[0] - t[0])[w], a[w]) for h, t, a, w in zip(here, there, anxiety, both, strict=True)
    ]
    hours = lab.each_end(online, lambda world: world.memberships["hours"][:, NUMBER["digital"]])
    spent = np.nanmean([slope(h[w], a[w]) for h, a, w in zip(hours, anxiety, both, strict=True)])
    return Finding(
        np.array(values),
        f"among those reached by both {np.nanmean(started):.2f}, and hours online {spent:+.1f} (X10: none); "
        + lab.hours_note(online, groups),
    )


def _contacts(world: World) -> np.ndarray:
    return face_to_face_contacts(world)[recipients(world)]


def _share_with_fewer(lab: Laboratory, design: Changes) -> np.ndarray:
    missing = lab.each_end(NO_PROGRAMME, _contacts) - lab.each_end(design, _contacts)
    return (missing >= FEWER).mean(axis=1)


def screen_isolates_some(lab: Laboratory) -> Finding:
    """Share of everyone invited with fewer face-to-face contacts in digital than without any
    programme.
    """
    missing = lab.each_end(NO_PROGRAMME, _contacts) - lab.each_end(DIGITAL, _contacts)
    return Finding(
        _share_with_fewer(lab, DIGITAL),
        f"fewer by {FEWER} of a person or more; {(missing >= 0.05).mean():.3f} miss a twentieth of a person or more; "
        f"who misses most in a run misses {missing.max(axis=1).mean():.2f} on average",
    )


def group_brings_them_out(lab: Laboratory) -> Finding:
    """Share with fewer face-to-face contacts than without any programme: digital + group less
    digital alone.
    """
    return lab.compare(DIGITAL, DIGITAL_WITH_GROUP, lambda design: _share_with_fewer(lab, design))


def group_against_isolation(lab: Laboratory) -> Finding:
    """Share with fewer than two people met face to face lately: digital + group less digital
    alone.
    """
    return lab.compare(
        DIGITAL,
        DIGITAL_WITH_GROUP,
        lambda design: (lab.each_end(design, _contacts) < 2.0).mean(axis=1),
    )


def _visits(world: World) -> np.ndarray:
    return world.memberships[recipients(world), NUMBER["availability"]]["attended"].astype(float)


def presence_keeps_some_away(lab: Laboratory) -> Finding:
    """Share of everyone invited who come half as often, or less, as they would if peers were
    welcome to all.
    """
    welcome = lab.each_end({**AVAILABILITY, "availability.presence_cost": 0.0}, _visits)
    real = lab.each_end(AVAILABILITY, _visits)
    away = (welcome >= 4) & (real <= 0.5 * welcome)
    return Finding(
        away.mean(axis=1), f"visits in a year {real.mean():.1f} instead of {welcome.mean():.1f}"
    )


def presence_costs_some_contacts(lab: Laboratory) -> Finding:
    """Share of everyone invited with fewer contacts in availability than without any programme."""
    kept = lab.each_end(AVAILABILITY, lambda world: world.people["kept_away"][recipients(world)])
    return Finding(
        _share_with_fewer(lab, AVAILABILITY),
        f"fewer by {FEWER} of a person or more; {(kept > 0.05).mean():.2f} give up a twentieth of theirs or more",
    )


def _safety_of_visitors(world: World) -> float:
    who = recipients(world) & joined(world, "availability")
    return mean_of(world.memberships["safety"][:, NUMBER["availability"]], who)


def marking_costs_equality(lab: Laboratory) -> Finding:
    """Safety that visitors feel after half a year: supporters marked less not marked."""
    plain = {**AVAILABILITY, "availability.marking": 0.0}
    marked, unmarked = (
        lab.each_end(design, _safety_of_visitors, 26) for design in (AVAILABILITY, plain)
    )
    identity = lab.outcome(AVAILABILITY, "identity", 26) - lab.outcome(plain, "identity", 26)
    return Finding(
        marked - unmarked,
        f"felt safety {marked.mean():.3f} against {unmarked.mean():.3f}; identity differs by {identity.mean():.4f}",
    )


def marking_lowers_strain(lab: Laboratory) -> Finding:
    """Strain of supporters in availability: marked less not marked."""
    unmarked = lab.over_weeks({**AVAILABILITY, "availability.marking": 0.0}, "strain")
    return Finding(
        lab.over_weeks(AVAILABILITY, "strain") - unmarked,
        f"without marking {np.nanmean(unmarked):.3f}",
    )


def _queue(life: Life) -> tuple[float, float, float, float]:
    """Matches made; mean weeks in the queue; mean weeks from the invitation to the first match;
    share ever matched.
    """
    who, made = recipients(life.world), 0
    waited = np.zeros(int(who.sum()))
    for world in life.weeks():
        m = world.memberships[who, PAIRS]
        made += int((m["matched"] == life.week).sum())
        waited += world.status[who, PAIRS] == WAITING
    signed_up = life.world.memberships["waiting"][who, PAIRS] >= 0
    first = life.world.memberships["joined"][who, PAIRS]
    until = np.where(first >= 0, first, life.week) - life.world.people["invited_week"][who]
    return made, mean_of(waited, signed_up), float(until.mean()), float((first >= 0).mean())


def _cafe_and_queue(lab: Laboratory, column: int) -> Finding:
    cafe = {**ONE_TO_ONE, "cafe.per_week": 1.0}
    found = lab.compare(ONE_TO_ONE, cafe, lambda design: lab.each_life(design, _queue)[:, column])

    def note() -> str:
        without, with_it = (
            np.nanmean(lab.each_life(design, _queue), axis=0) for design in (ONE_TO_ONE, cafe)
        )
        waited = f"weeks from invitation to match as configured {with_it[2]:.1f} against {without[2]:.1f}"
        return f"{found.told()}; {waited}, share matched {with_it[3]:.2f} against {without[3]:.2f}"

    return found._replace(note=note)


def cafe_makes_matches(lab: Laboratory) -> Finding:
    """Matches made within the year: with a weekly café less without."""
    return _cafe_and_queue(lab, 0)


def cafe_shortens_waiting(lab: Laboratory) -> Finding:
    """Weeks in the queue of those who signed up: with a weekly café less without."""
    return _cafe_and_queue(lab, 1)


COURSES_OVER = 40
"""Week by which nearly every group that those invited have begun is over."""


def _entry_and_stay(world: World) -> np.ndarray:
    m, who = world.memberships[:, NUMBER["group"]], recipients(world)
    began = m["joined"] >= 0
    entry = np.where(m["waiting"] >= 0, m["waiting"], COURSES_OVER) - world.people["invited_week"]
    stay = np.where(has_dropped_out(world, "group"), m["left"] - m["joined"], 11)
    return np.array([entry, np.minimum(stay, 11), began])[:, who]


def _excluded(lab: Laboratory) -> tuple[np.ndarray, np.ndarray]:
    """Weeks to sign-up, weeks in the course, and whether begun: with less exclusion, and with
    more.
    """
    settings = (
        {**GROUP, "population.exclusion": level, "weeks": COURSES_OVER} for level in (0.3, 0.7)
    )
    less, more = (lab.each_end(design, _entry_and_stay) for design in settings)
    return less, more


def exclusion_slows_entry(lab: Laboratory) -> Finding:
    """Weeks from invitation to sign-up, at most to the end: more earlier exclusion less less, the
    same people.
    """
    less, more = _excluded(lab)
    return Finding(
        (more[:, 0] - less[:, 0]).mean(axis=1),
        f"{more[:, 0].mean():.1f} against {less[:, 0].mean():.1f} weeks (exclusion 0.7 against 0.3, group)",
    )


def exclusion_hastens_exit(lab: Laboratory) -> Finding:
    """Weeks in the course until dropping out, at most 11, of those who began in both: more
    exclusion less less.
    """
    less, more = _excluded(lab)
    both = (less[:, 2] > 0) & (more[:, 2] > 0)
    values = [mean_of(m[1] - n[1], who) for m, n, who in zip(more, less, both, strict=True)]
    return Finding(
        np.array(values),
        f"{more[:, 1][both].mean():.2f} against {less[:, 1][both].mean():.2f} of 11 weeks",
    )


PATTERNS = (
    Pattern(
        "A9",
        "the more socially anxious take part the more in digital rather than in a group",
        "T X10",
        BUILT_IN,
        "anxiety counts in proportion to exposure, which is declared low online",
        above(0.05),
        "participation per unit of anxiety",
        anxious_prefer_the_screen,
    ),
    Pattern(
        "A10a",
        "digital alone: some have fewer face-to-face contacts than without any programme",
        "T",
        BUILT_IN,
        "displacement by time online is a parameter; whether it outweighs better mood and friends "
        "met is not",
        above(0.02),
        "share",
        screen_isolates_some,
    ),
    Pattern(
        "A10b",
        "digital + group: fewer such people than in digital alone",
        "T",
        EMERGENT,
        "no rule lowers displacement where there is a group",
        below(0.01),
        "share",
        group_brings_them_out,
    ),
    Pattern(
        "A13a",
        "unwanted presence makes some visitors stay away",
        "T",
        BUILT_IN,
        "its cost is a parameter",
        above(0.02),
        "share",
        presence_keeps_some_away,
    ),
    Pattern(
        "A13b",
        "some end with fewer contacts in availability than without the programme",
        "T",
        BUILT_IN,
        "who stays away loses contacts by rule; whether the programme makes up for it is not",
        above(0.02),
        "share",
        presence_costs_some_contacts,
    ),
    Pattern(
        "A13c",
        "marking supporters lowers equality, and so the safety that visitors feel",
        "T",
        BUILT_IN,
        "its cost to equality is a parameter",
        below(0.005),
        "safety 0-1",
        marking_costs_equality,
    ),
    Pattern(
        "A13d",
        "marking supporters lowers their strain",
        "T",
        BUILT_IN,
        "its relief is a parameter",
        below(0.005),
        "strain 0-1",
        marking_lowers_strain,
    ),
    Pattern(
        "A19d",
        "digital + group: less face-to-face isolation than digital alone",
        "T",
        EMERGENT,
        "meetings bring ties; that they are enough for those who lack people is not a rule",
        below(0.01),
        "share",
        group_against_isolation,
    ),
    Pattern(
        "A21a",
        "the café raises the number of matches",
        "T",
        EMERGENT,
        "it eases sign-up; matches also need free supporters",
        above(0.2),
        "matches",
        cafe_makes_matches,
    ),
    Pattern(
        "A21b",
        "the café shortens waiting",
        "T",
        EMERGENT,
        "no rule links the café to the queue",
        below(0.2),
        "weeks",
        cafe_shortens_waiting,
    ),
    Pattern(
        "A23a",
        "earlier exclusion makes entry slower",
        "P",
        BUILT_IN,
        "its effect on sign-up is a parameter",
        above(0.2),
        "weeks",
        exclusion_slows_entry,
    ),
    Pattern(
        "A23b",
        "earlier exclusion makes exit earlier",
        "P",
        EMERGENT,
        "through lower safety on entering, which feeds attendance, ties and leaving",
        below(0.05),
        "weeks",
        exclusion_hastens_exit,
        16,
    ),
)
