"""Patterns of closeness: how confident, how mutual, how lasting the ties are (A1, A7, A8, A14, A18,
A19c).
"""

from __future__ import annotations

from functools import partial

import numpy as np

from peersim.model.world import World
from peersim.studies.main.arms import solve
from peersim.studies.patterns.laboratory import Changes, Laboratory, Life
from peersim.studies.patterns.measurements import (
    NUMBER,
    gini,
    greatest_confidence,
    group_contacts,
    group_ties,
    has_completed,
    joined,
    living,
    mean_of,
    of_ties,
    participation,
    reached,
    recipients,
    slope,
    worth_of_group_ties,
)
from peersim.studies.patterns.pattern import (
    BUILT_IN,
    EMERGENT,
    Finding,
    Pattern,
    above,
    below,
    within,
)
from peersim.studies.patterns.programmes import GROUP, GROUP_WITH_VIRTUAL_ELEMENT, ONE_TO_ONE, TYPES

LONG = 78
AFTER = 26
"""Weeks after a course at which it is asked what lives on."""


def _peak_confidence(life: Life) -> tuple[float, float]:
    """Greatest confidence ever reached: mean over the ties of recipients, and over recipients, each
    at her closest.
    """
    who = recipients(life.world)
    of_tie, of_person = np.zeros(0), np.zeros(len(who))
    for world in life.weeks():
        seen = living(world) & who[:, None]
        of_tie = np.append(of_tie, np.zeros(int(world.clock[0]["n_ledger"]) - len(of_tie)))
        np.maximum.at(of_tie, of_ties(world, "row")[seen], of_ties(world, "confidence")[seen])
        of_person = np.maximum(of_person, greatest_confidence(world))
    ties = of_tie[of_tie > 0.0]
    return float(ties.mean()) if len(ties) else np.nan, mean_of(
        of_person, who & reached(life.world)
    )


def _closest(lab: Laboratory, column: int) -> Finding:
    """Confidence in one-to-one less the best of the other types, at equal supporter hours."""
    designs = lab.equal(*TYPES.values())
    peaks = {
        name: lab.each_life(design, _peak_confidence)[:, column]
        for name, design in zip(TYPES, designs, strict=True)
    }
    pairs = peaks.pop("one-to-one")
    best = max(peaks, key=lambda name: float(np.nanmean(peaks[name])))

    def note() -> str:
        ratio = _ratio_at_the_flip(lab, designs[0], peaks[best], (best, column))
        levels = ", ".join(f"{name} {np.nanmean(values):.2f}" for name, values in peaks.items())
        return f"one-to-one {np.nanmean(pairs):.2f}, {levels}; {ratio}; {lab.hours_note(*designs)}"

    return Finding(pairs - peaks[best], note)


def _ratio_at_the_flip(
    lab: Laboratory, design: Changes, theirs: np.ndarray, against: tuple[str, int]
) -> str:
    """Find the intimacy of one-to-one, against that of the next best type, at which both bring the
    same confidence.
    """
    best, column = against
    few = lab.smaller(4)
    wanted = float(np.nanmean(theirs[: len(few.seeds)]))
    other = getattr(lab.base, best.replace("-", "_")).intimacy
    default = lab.base.one_to_one.intimacy / other

    def confidence(intimacy: float) -> float:
        found = few.each_life({**design, "one_to_one.intimacy": intimacy}, _peak_confidence)
        return float(np.nanmean(found[:, column]))

    known = (lab.base.one_to_one.intimacy, confidence(lab.base.one_to_one.intimacy))
    flip = solve(confidence, wanted, known, 0.05, 1.0)
    if flip >= 1.0:
        return f"no intimacy of one-to-one makes it equal to {best} (ratio as configured {default:.2f})"
    return f"equal to {best} where its intimacy is {flip / other:.2f} times as high (as configured {default:.2f})"


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


def _given(life: Life) -> tuple[float, float]:
    given = np.zeros(len(life.world.people))
    for world in life.weeks():
        given += world.people["given_now"]
    given = given[reached(life.world)]
    return gini(given), float(given.max() / given.mean()) if len(
        given
    ) and given.sum() > 0 else np.nan


def giving_in_groups(lab: Laboratory) -> Finding:
    """Gini coefficient of the hours of support given by all who took part: group less
    one-to-one.
    """
    found = lab.compare(ONE_TO_ONE, GROUP, lambda design: lab.each_life(design, _given)[:, 0])

    def note() -> str:
        most = [np.nanmean(lab.each_life(design, _given)[:, 1]) for design in (GROUP, ONE_TO_ONE)]
        peak = f"who gives most gives {most[0]:.1f} times the mean in groups, {most[1]:.1f} in one-to-one"
        return f"{found.told()}; {peak}"

    return found._replace(note=note)


def _lives_on(life: Life) -> tuple[float, ...]:
    """Ties from groups, those in contact, and the worth of the ties, half a year after each
    member's course.
    """
    weeks_of_course = life.blueprint.scenario.group.weeks
    found = np.full((3, len(life.world.people)), np.nan)
    for world in life.weeks():
        begun = world.memberships["joined"][:, NUMBER["group"]]
        now = recipients(world) & (begun >= 0) & (begun + weeks_of_course + AFTER == life.week)
        if now.any():
            found[:, now] = np.array(
                [group_ties(world), group_contacts(world), worth_of_group_ties(world)]
            )[:, now]
    return tuple(mean_of(row, np.isfinite(row)) for row in found)


def _what_lives_on(lab: Laboratory, added: Changes, column: int) -> Finding:
    plain, more = {**GROUP, "weeks": LONG}, {**added, "weeks": LONG}
    found = lab.compare(plain, more, lambda design: lab.each_life(design, _lives_on)[:, column])

    def note() -> str:
        worth = [np.nanmean(lab.each_life(design, _lives_on)[:, 2]) for design in (more, plain)]
        return f"{found.told()}; together worth {worth[0]:.2f} against {worth[1]:.2f} friends"

    return found._replace(note=note)


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


def _confidence_on_meetings(life: Life, safety: float) -> float:
    """Slope of greatest confidence on meetings of a group, with everybody's felt safety held at one
    level.
    """
    for world in life.weeks():
        world.memberships["safety"] = safety
        if life.week == FEW_MEETINGS:
            break
    who = recipients(life.world) & joined(life.world, "group")
    meetings = life.world.memberships["attended"][:, NUMBER["group"]]
    return slope(greatest_confidence(life.world)[who], meetings[who].astype(float))


_UNSAFE = partial(_confidence_on_meetings, safety=0.05)
_SAFE = partial(_confidence_on_meetings, safety=0.9)
_ONLY_THERE: Changes = {**GROUP, "ties.own_meetings": 0.0, "ties.introductions": 0.0}


def _slopes_note(lab: Laboratory) -> str:
    means = [
        np.nanmean(lab.each_life(design, living))
        for design in (GROUP, _ONLY_THERE)
        for living in (_UNSAFE, _SAFE)
    ]
    return (
        f"slope {means[0]:.4f} with safety held at 0.05, {means[1]:.4f} at 0.9; "
        f"if nobody met outside the group {means[2]:.4f} and {means[3]:.4f}"
    )


def meetings_build_confidence_where_safe(lab: Laboratory) -> Finding:
    """Slope of confidence on meetings with safety held high."""
    return Finding(lab.each_life(GROUP, _SAFE), partial(_slopes_note, lab))


def meetings_build_little_where_unsafe(lab: Laboratory) -> Finding:
    """Slope of confidence on meetings with safety held low."""
    return Finding(lab.each_life(GROUP, _UNSAFE), partial(_slopes_note, lab))


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
    return Finding(
        found[:, 0],
        f"longest in a run {longest:.1f} h; {held:.0%} of meetings offered were held; a casual friend takes 40-60 h",
    )


PATTERNS = (
    Pattern(
        "A1a",
        "one-to-one gives the highest confidence between two people",
        "T (a)",
        BUILT_IN,
        "intimacy is declared highest there; what emerges is the ratio at which it flips",
        above(0.02),
        "confidence 0-1",
        closest_between_two,
    ),
    Pattern(
        "A1b",
        "people have a closer confidant in one-to-one than in any other type",
        "T (a)",
        EMERGENT,
        "a group offers several people to choose from: whether one pair is closer than the closest "
        "of many is no rule",
        above(0.02),
        "confidence 0-1",
        closest_confidant,
    ),
    Pattern(
        "A7",
        "giving is spread more evenly in groups than in one-to-one",
        "T",
        BUILT_IN,
        "one-way support is a parameter of one-to-one; how even groups are emerges from who has "
        "something to give",
        below(0.02),
        "Gini",
        giving_in_groups,
    ),
    Pattern(
        "A8a",
        "half a year after the course there are more group ties with a page than without",
        "T",
        EMERGENT,
        "the page brings contact; that ties outlive the course follows from growth and fading",
        above(0.1),
        "people",
        ties_live_on,
    ),
    Pattern(
        "A8b",
        "half a year after the course there is more contact with a page than without",
        "T",
        BUILT_IN,
        "contact on the page is a parameter",
        above(0.1),
        "people",
        contact_lives_on,
    ),
    Pattern(
        "A14a",
        "where safety is high, confidence rises with the number of meetings",
        "P",
        BUILT_IN,
        "disclosure is proportional to safety",
        above(0.01),
        "confidence a meeting",
        meetings_build_confidence_where_safe,
    ),
    Pattern(
        "A14b",
        "where safety is low, confidence hardly rises with meetings: by less than 0.1 in ten",
        "P",
        BUILT_IN,
        "disclosure is proportional to safety",
        within(-0.01, 0.01),
        "confidence a meeting",
        meetings_build_little_where_unsafe,
    ),
    Pattern(
        "A18",
        "consistency: a completed one-to-one course takes 6.5 to 26 hours, less than a casual friend",
        "O D01-D03",
        BUILT_IN,
        "length, rhythm and hours of meetings are parameters",
        within(6.5, 26.0),
        "hours",
        hours_of_a_match,
    ),
    Pattern(
        "A19c",
        "group + one-to-one + page: more contact half a year after the course than the group alone",
        "T",
        BUILT_IN,
        "companionship and contact on the page are parameters",
        above(0.1),
        "people",
        combination_keeps_contact,
    ),
)
