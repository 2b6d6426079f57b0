"""Patterns of reach: who comes, stays away, waits, or ends with fewer contacts (A9, A10, A13, A19d,
A21, A23).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.model.vocabulary import ONE_TO_ONE as PAIRS
from peersim.model.vocabulary import WAITING
from peersim.model.world import World
from peersim.run.replicate import Replicate
from peersim.run.standing import mean_of
from peersim.studies.patterns.finding import Finding, remark
from peersim.studies.patterns.laboratory import NO_PROGRAMME, Changes, Laboratory
from peersim.studies.patterns.measurements import (
    NUMBER,
    face_to_face_contacts,
    has_dropped_out,
    joined,
    participation,
    recipients,
    slope,
)
from peersim.studies.patterns.pattern import BUILT_IN, EMERGENT, Pattern, above, below
from peersim.studies.patterns.statements.programmes import (
    AVAILABILITY,
    DIGITAL,
    DIGITAL_WITH_GROUP,
    GROUP,
    ONE_TO_ONE,
)

FEWER = 0.25
"""A person has fewer contacts than without the programme if they miss a quarter of a person or
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
    text = remark("reached_by_both", slope=f"{np.nanmean(started):.2f}", hours=f"{spent:+.1f}")
    return Finding(np.array(values), [text, lab.hours_remark(online, groups)])


def _contacts(world: World) -> np.ndarray:
    return np.asarray(face_to_face_contacts(world)[recipients(world)])


def _share_with_fewer(lab: Laboratory, design: Changes) -> np.ndarray:
    missing = lab.each_end(NO_PROGRAMME, _contacts) - lab.each_end(design, _contacts)
    return np.asarray((missing >= FEWER).mean(axis=1))


def screen_isolates_some(lab: Laboratory) -> Finding:
    """Share of everyone invited with fewer face-to-face contacts in digital than without any
    programme.
    """
    missing = lab.each_end(NO_PROGRAMME, _contacts) - lab.each_end(DIGITAL, _contacts)
    text = remark(
        "missing",
        fewer=str(FEWER),
        share=f"{(missing >= 0.05).mean():.3f}",
        most=f"{missing.max(axis=1).mean():.2f}",
    )
    return Finding(_share_with_fewer(lab, DIGITAL), [text])


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
    places = world.memberships[recipients(world), NUMBER["availability"]]
    return np.asarray(places["attended"], dtype=float)


def presence_keeps_some_away(lab: Laboratory) -> Finding:
    """Share of everyone invited who come half as often, or less, as they would if peers were
    welcome to all.
    """
    welcome = lab.each_end({**AVAILABILITY, "availability.presence_cost": 0.0}, _visits)
    real = lab.each_end(AVAILABILITY, _visits)
    away = (welcome >= 4) & (real <= 0.5 * welcome)
    text = remark("visits", real=f"{real.mean():.1f}", welcome=f"{welcome.mean():.1f}")
    return Finding(away.mean(axis=1), [text])


def presence_costs_some_contacts(lab: Laboratory) -> Finding:
    """Share of everyone invited with fewer contacts in availability than without any programme."""
    kept = lab.each_end(AVAILABILITY, lambda world: world.people["kept_away"][recipients(world)])
    text = remark("kept_away", fewer=str(FEWER), share=f"{(kept > 0.05).mean():.2f}")
    return Finding(_share_with_fewer(lab, AVAILABILITY), [text])


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
    numbers = {"more": f"{marked.mean():.3f}", "plain": f"{unmarked.mean():.3f}"}
    identities = f"{identity.mean():.4f}"
    return Finding(marked - unmarked, [remark("marking", identity=identities, **numbers)])


def marking_lowers_strain(lab: Laboratory) -> Finding:
    """Strain of supporters in availability: marked less not marked."""
    unmarked = lab.over_weeks({**AVAILABILITY, "availability.marking": 0.0}, "strain")
    text = remark("unmarked", strain=f"{np.nanmean(unmarked):.3f}")
    return Finding(lab.over_weeks(AVAILABILITY, "strain") - unmarked, [text])


def _queue(replicate: Replicate) -> tuple[float, float, float, float]:
    """Matches made; mean weeks in the queue; mean weeks from the invitation to the first match;
    share ever matched.
    """
    who, made = recipients(replicate.world), 0
    waited = np.zeros(int(who.sum()))
    for world in replicate.weeks():
        m = world.memberships[who, PAIRS]
        made += int((m["matched"] == replicate.week).sum())
        waited += world.status[who, PAIRS] == WAITING
    signed_up = replicate.world.memberships["waiting"][who, PAIRS] >= 0
    first = replicate.world.memberships["joined"][who, PAIRS]
    until = (
        np.where(first >= 0, first, replicate.week) - replicate.world.people["invited_week"][who]
    )
    return made, mean_of(waited, signed_up), float(until.mean()), float((first >= 0).mean())


def _cafe_and_queue(lab: Laboratory, column: int) -> Finding:
    cafe = {**ONE_TO_ONE, "cafe.per_week": 1.0}
    found = lab.compare(ONE_TO_ONE, cafe, lambda design: lab.each_world(design, _queue)[:, column])

    def remarks() -> list[Sentence]:
        numbers: dict[str, str] = {}
        for name, design in (("plain", ONE_TO_ONE), ("more", cafe)):
            _, _, weeks, share = np.nanmean(lab.each_world(design, _queue), axis=0)
            numbers |= {f"{name}_weeks": f"{weeks:.1f}", f"{name}_share": f"{share:.2f}"}
        return [*found.all_remarks(), remark("until_matched", **numbers)]

    return found._replace(remarks=remarks)


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
    text = remark("entry", more=f"{more[:, 0].mean():.1f}", less=f"{less[:, 0].mean():.1f}")
    return Finding((more[:, 0] - less[:, 0]).mean(axis=1), [text])


def exclusion_hastens_exit(lab: Laboratory) -> Finding:
    """Weeks in the course until dropping out, at most 11, of those who began in both: more
    exclusion less less.
    """
    less, more = _excluded(lab)
    both = (less[:, 2] > 0) & (more[:, 2] > 0)
    values = [mean_of(m[1] - n[1], who) for m, n, who in zip(more, less, both, strict=True)]
    stays = {"more": f"{more[:, 1][both].mean():.2f}", "less": f"{less[:, 1][both].mean():.2f}"}
    return Finding(np.array(values), [remark("stay", **stays)])


PATTERNS = (
    Pattern(
        "A9",
        "T X10",
        BUILT_IN,
        above(0.05),
        "participation per unit of anxiety",
        anxious_prefer_the_screen,
    ),
    Pattern("A10a", "T", BUILT_IN, above(0.02), "share", screen_isolates_some),
    Pattern("A10b", "T", BUILT_IN, below(0.01), "share", group_brings_them_out),
    Pattern("A13a", "T", BUILT_IN, above(0.02), "share", presence_keeps_some_away),
    Pattern("A13b", "T", BUILT_IN, above(0.02), "share", presence_costs_some_contacts),
    Pattern("A13c", "T", BUILT_IN, below(0.005), "safety 0-1", marking_costs_equality),
    Pattern("A13d", "T", BUILT_IN, below(0.005), "strain 0-1", marking_lowers_strain),
    Pattern("A19d", "T", EMERGENT, below(0.01), "share", group_against_isolation),
    Pattern("A21a", "T", EMERGENT, above(0.2), "matches", cafe_makes_matches),
    Pattern("A21b", "T", EMERGENT, below(0.2), "weeks", cafe_shortens_waiting),
    Pattern("A23a", "P", BUILT_IN, above(0.2), "weeks", exclusion_slows_entry),
    Pattern("A23b", "P", BUILT_IN, below(0.05), "weeks", exclusion_hastens_exit, 16),
)
