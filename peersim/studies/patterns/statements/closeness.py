"""Patterns of closeness: how confident, how mutual, how lasting the ties are (A1, A7, A8, A14, A18,
A19c).
"""

from __future__ import annotations

from functools import partial

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.model.world import World
from peersim.run.replicate import Replicate
from peersim.run.standing import living, mean_of
from peersim.studies.main.arms import solve
from peersim.studies.patterns.finding import Finding, remark
from peersim.studies.patterns.laboratory import Changes, Laboratory
from peersim.studies.patterns.measurements import (
    NUMBER,
    gini,
    greatest_confidence,
    group_contacts,
    group_ties,
    has_completed,
    joined,
    of_ties,
    participation,
    reached,
    recipients,
    slope,
    worth_of_group_ties,
)
from peersim.studies.patterns.pattern import BUILT_IN, EMERGENT, Pattern, above, below, within
from peersim.studies.patterns.statements.programmes import (
    GROUP,
    GROUP_WITH_VIRTUAL_ELEMENT,
    ONE_TO_ONE,
    TYPES,
)

LONG = 78
AFTER = 26
"""Weeks after a course at which it is asked what lives on."""


def _peak_confidence(replicate: Replicate) -> tuple[float, float]:
    """Greatest confidence ever reached: mean over the ties of recipients, and over recipients, each
    at their closest.
    """
    who = recipients(replicate.world)
    of_tie, of_person = np.zeros(0), np.zeros(len(who))
    for world in replicate.weeks():
        seen = living(world) & who[:, None]
        of_tie = np.append(of_tie, np.zeros(int(world.clock[0]["n_ledger"]) - len(of_tie)))
        np.maximum.at(of_tie, of_ties(world, "row")[seen], of_ties(world, "confidence")[seen])
        of_person = np.maximum(of_person, greatest_confidence(world))
    ties = of_tie[of_tie > 0.0]
    return float(ties.mean()) if len(ties) else np.nan, mean_of(
        of_person, who & reached(replicate.world)
    )


def _closest(lab: Laboratory, column: int) -> Finding:
    """Confidence in one-to-one less the best of the other types, at equal supporter hours."""
    designs = lab.equal(*TYPES.values())
    peaks = {
        name: lab.each_world(design, _peak_confidence)[:, column]
        for name, design in zip(TYPES, designs, strict=True)
    }
    pairs = peaks.pop("one-to-one")
    best = max(peaks, key=lambda name: float(np.nanmean(peaks[name])))

    def remarks() -> list[Sentence]:
        ratio = _ratio_at_the_flip(lab, designs[0], peaks[best], (best, column))
        levels = {name: f"{np.nanmean(values):.2f}" for name, values in peaks.items()}
        level = remark("confidences", one_to_one=f"{np.nanmean(pairs):.2f}", **levels)
        return [level, ratio, lab.hours_remark(*designs)]

    return Finding(pairs - peaks[best], remarks)


def _ratio_at_the_flip(
    lab: Laboratory, design: Changes, theirs: np.ndarray, against: tuple[str, int]
) -> Sentence:
    """Find the intimacy of one-to-one, against that of the next best type, at which both bring the
    same confidence.
    """
    best, column = against
    few = lab.smaller(4)
    wanted = float(np.nanmean(theirs[: len(few.seeds)]))
    other = getattr(lab.base, best.replace("-", "_")).intimacy
    default = lab.base.one_to_one.intimacy / other

    def confidence(intimacy: float) -> float:
        found = few.each_world({**design, "one_to_one.intimacy": intimacy}, _peak_confidence)
        return float(np.nanmean(found[:, column]))

    known = (lab.base.one_to_one.intimacy, confidence(lab.base.one_to_one.intimacy))
    flip = solve(confidence, wanted, known, 0.05, 1.0)
    numbers = {"best": best, "default": f"{default:.2f}"}
    if flip >= 1.0:
        return remark("never_equal", **numbers)
    return remark("equal_at", ratio=f"{flip / other:.2f}", **numbers)


def closest_between_two(lab: Laboratory) -> Finding:
    """Greatest confidence a tie ever reaches, mean over ties: one-to-one less the best of the other
    types.
    """
    return _closest(lab, 0)


def closest_confidant(lab: Laboratory) -> Finding:
    """Greatest confidence a person ever has in anybody, mean over those reached: the same
    comparison.
    """
    return _closest(lab, 1)


def _given(replicate: Replicate) -> tuple[float, float]:
    given = np.zeros(len(replicate.world.people))
    for world in replicate.weeks():
        given += world.people["given_now"]
    given = given[reached(replicate.world)]
    return gini(given), float(given.max() / given.mean()) if len(
        given
    ) and given.sum() > 0 else np.nan


def giving_in_groups(lab: Laboratory) -> Finding:
    """Gini coefficient of the hours of support given by all who took part: group less
    one-to-one.
    """
    found = lab.compare(ONE_TO_ONE, GROUP, lambda design: lab.each_world(design, _given)[:, 0])

    def remarks() -> list[Sentence]:
        most = [np.nanmean(lab.each_world(design, _given)[:, 1]) for design in (GROUP, ONE_TO_ONE)]
        peak = remark("gives_most", groups=f"{most[0]:.1f}", pairs=f"{most[1]:.1f}")
        return [*found.all_remarks(), peak]

    return found._replace(remarks=remarks)


def _lives_on(replicate: Replicate) -> tuple[float, ...]:
    """Ties from groups, those in contact, and the worth of the ties, half a year after each
    member's course.
    """
    weeks_of_course = replicate.blueprint.scenario.group.weeks
    found = np.full((3, len(replicate.world.people)), np.nan)
    for world in replicate.weeks():
        begun = world.memberships["joined"][:, NUMBER["group"]]
        now = recipients(world) & (begun >= 0) & (begun + weeks_of_course + AFTER == replicate.week)
        if now.any():
            found[:, now] = np.array(
                [group_ties(world), group_contacts(world), worth_of_group_ties(world)]
            )[:, now]
    return tuple(mean_of(row, np.isfinite(row)) for row in found)


def _what_lives_on(lab: Laboratory, added: Changes, column: int) -> Finding:
    plain, more = {**GROUP, "weeks": LONG}, {**added, "weeks": LONG}
    found = lab.compare(plain, more, lambda design: lab.each_world(design, _lives_on)[:, column])

    def remarks() -> list[Sentence]:
        worth = [np.nanmean(lab.each_world(design, _lives_on)[:, 2]) for design in (more, plain)]
        friends = remark("worth", more=f"{worth[0]:.2f}", plain=f"{worth[1]:.2f}")
        return [*found.all_remarks(), friends]

    return found._replace(remarks=remarks)


PAGE = {**GROUP, "page.contact": 0.3}


def ties_live_on(lab: Laboratory) -> Finding:
    """Living ties from the group 26 weeks after the course: with a page less without."""
    return _what_lives_on(lab, PAGE, 0)


def contact_lives_on(lab: Laboratory) -> Finding:
    """People of the group in contact 26 weeks after the course: with a page less without."""
    return _what_lives_on(lab, PAGE, 1)


def combination_keeps_contact(lab: Laboratory) -> Finding:
    """People of the group in contact 26 weeks after the course: the whole combination less the
    group.
    """
    return _what_lives_on(lab, GROUP_WITH_VIRTUAL_ELEMENT, 1)


FEW_MEETINGS = 16
"""Week at which confidence is compared with meetings: the first courses are just over."""


def _confidence_on_meetings(replicate: Replicate, safety: float) -> float:
    """Slope of greatest confidence on meetings of a group, with everybody's felt safety held at one
    level.
    """
    for world in replicate.weeks():
        world.memberships["safety"] = safety
        if replicate.week == FEW_MEETINGS:
            break
    who = recipients(replicate.world) & joined(replicate.world, "group")
    meetings = replicate.world.memberships["attended"][:, NUMBER["group"]]
    return slope(greatest_confidence(replicate.world)[who], meetings[who].astype(float))


_UNSAFE = partial(_confidence_on_meetings, safety=0.05)
_SAFE = partial(_confidence_on_meetings, safety=0.9)
_ONLY_THERE: Changes = {**GROUP, "ties.own_meetings": 0.0, "ties.introductions": 0.0}


def _slopes(lab: Laboratory) -> list[Sentence]:
    means = [
        np.nanmean(lab.each_world(design, watch))
        for design in (GROUP, _ONLY_THERE)
        for watch in (_UNSAFE, _SAFE)
    ]
    names = ("unsafe", "safe", "unsafe_there", "safe_there")
    return [remark("slopes", **{n: f"{mean:.4f}" for n, mean in zip(names, means, strict=True)})]


def meetings_build_confidence_where_safe(lab: Laboratory) -> Finding:
    """Slope of confidence on meetings with safety held high."""
    return Finding(lab.each_world(GROUP, _SAFE), partial(_slopes, lab))


def meetings_build_little_where_unsafe(lab: Laboratory) -> Finding:
    """Slope of confidence on meetings with safety held low."""
    return Finding(lab.each_world(GROUP, _UNSAFE), partial(_slopes, lab))


def _hours_of_a_course(world: World) -> tuple[float, float, float]:
    """Mean and longest contact hours of completed matches, and the share of meetings offered that
    were held.
    """
    who = recipients(world) & has_completed(world, "one_to_one")
    hours = world.memberships["hours"][:, NUMBER["one_to_one"]]
    held = mean_of(
        participation(world, "one_to_one"), recipients(world) & joined(world, "one_to_one")
    )
    return mean_of(hours, who), float(hours[who].max()) if who.any() else np.nan, held


def hours_of_a_match(lab: Laboratory) -> Finding:
    """Mean contact hours of completed one-to-one matches."""
    found = lab.each_end(ONE_TO_ONE, _hours_of_a_course)
    _, longest, held = np.nanmean(found, axis=0)
    text = remark("hours_of_a_match", longest=f"{longest:.1f}", held=f"{held:.0%}")
    return Finding(found[:, 0], [text])


PATTERNS = (
    Pattern("A1a", "T (a)", BUILT_IN, above(0.02), "confidence 0-1", closest_between_two),
    Pattern("A1b", "T (a)", EMERGENT, above(0.02), "confidence 0-1", closest_confidant),
    Pattern("A7", "T", BUILT_IN, below(0.02), "Gini", giving_in_groups),
    Pattern("A8a", "T", EMERGENT, above(0.1), "people", ties_live_on),
    Pattern("A8b", "T", BUILT_IN, above(0.1), "people", contact_lives_on),
    Pattern(
        "A14a",
        "P",
        BUILT_IN,
        above(0.01),
        "confidence a meeting",
        meetings_build_confidence_where_safe,
    ),
    Pattern(
        "A14b",
        "P",
        BUILT_IN,
        within(-0.01, 0.01),
        "confidence a meeting",
        meetings_build_little_where_unsafe,
    ),
    Pattern("A18", "O D01-D03", BUILT_IN, within(6.5, 26.0), "hours", hours_of_a_match),
    Pattern("A19c", "T", BUILT_IN, above(0.1), "people", combination_keeps_contact),
)
