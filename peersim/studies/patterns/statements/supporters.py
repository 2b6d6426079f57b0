"""Patterns of supporters: what wears them, what keeps them, what they gain (A4, A5, A6, A12, A19b,
A25).
"""

from __future__ import annotations

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.model.vocabulary import NOBODY
from peersim.model.vocabulary import ONE_TO_ONE as PAIRS
from peersim.model.world import World
from peersim.run.replicate import Replicate
from peersim.run.standing import mean_of
from peersim.studies.patterns.finding import Finding, remark
from peersim.studies.patterns.laboratory import NO_PROGRAMME, Changes, Laboratory
from peersim.studies.patterns.measurements import has_dropped_out, recipients, supporters
from peersim.studies.patterns.pattern import BUILT_IN, EMERGENT, Pattern, above, below
from peersim.studies.patterns.statements.programmes import (
    AVAILABILITY,
    AVAILABILITY_WITH_GROUP_ELEMENT,
    DIGITAL,
    ONE_TO_ONE,
)

SUPERVISED = {**ONE_TO_ONE, "supervision.per_month": 2.0}
AFTER_TRAINING = 16
"""Week by which everybody's training is over, in every design compared here."""


def _strain(lab: Laboratory, less: Changes, more: Changes) -> Finding:
    """Mean strain of supporters over the weeks: `more` less `less`, at equal supporter hours."""
    return lab.compare(less, more, lambda design: lab.over_weeks(design, "strain"))


def supervision_lowers_strain(lab: Laboratory) -> Finding:
    """Strain of one-to-one supporters: supervision twice a month less none."""
    return _strain(lab, ONE_TO_ONE, SUPERVISED)


def _share_dropped_out(world: World) -> float:
    served = supporters(world) & (world.memberships["joined"][:, PAIRS] >= 0)
    return mean_of(has_dropped_out(world, "one_to_one").astype(float), served)


def supervision_keeps_supporters(lab: Laboratory) -> Finding:
    """Share of active one-to-one supporters who leave within the year: supervision twice a month
    less none.
    """
    return lab.compare(
        ONE_TO_ONE, SUPERVISED, lambda design: lab.each_end(design, _share_dropped_out)
    )


def _weeks_matched(replicate: Replicate) -> float:
    """Mean length of the matches that began in the first half of the run, at most as long as
    planned.
    """
    begun = together = 0
    for world in replicate.weeks():
        m = world.memberships[recipients(world), PAIRS]
        counted = (m["partner"] != NOBODY) & (m["matched"] <= replicate.blueprint.weeks // 2)
        begun += int((counted & (m["matched"] == replicate.week)).sum())
        together += int(counted.sum())
    return together / begun if begun else np.nan


def supervision_lengthens_matches(lab: Laboratory) -> Finding:
    """Mean weeks of a match: supervision twice a month less none."""
    return lab.compare(
        ONE_TO_ONE, SUPERVISED, lambda design: lab.each_world(design, _weeks_matched)
    )


def _to_be_trained(lab: Laboratory) -> Changes:
    """As many people asked to train as the programme has supporters, and nobody trained yet."""
    return {"population.asked": lab.base.population.all_supporters, "population.supporters": 0}


def _number_trained(world: World) -> float:
    return float((supporters(world) & (world.memberships["joined"] >= 0).any(axis=1)).sum())


def _switched(changes: Changes, week: int) -> Changes:
    return {
        **ONE_TO_ONE,
        **changes,
        "events": [{"week": week, "switch": "one_to_one", "to": "availability"}],
    }


def switch_keeps_supporters(lab: Laboratory) -> Finding:
    """People asked to train who complete it: switched to availability in the middle of it less not
    switched.
    """
    middle = 1 + lab.base.training.weeks // 2
    asked = _to_be_trained(lab)
    unready = {**asked, "population.readiness": 0.2, "training.weeks": 6}  # WeShelter
    kept = lab.each_end(_switched(asked, middle), _number_trained, AFTER_TRAINING)
    lost = lab.each_end({**ONE_TO_ONE, **asked}, _number_trained, AFTER_TRAINING)

    def remarks() -> list[Sentence]:
        designs = (_switched(unready, 4), {**ONE_TO_ONE, **unready})
        there = [lab.each_end(design, _number_trained, AFTER_TRAINING) for design in designs]
        trained = {"kept": kept, "lost": lost, "kept_there": there[0], "lost_there": there[1]}
        numbers = {name: f"{values.mean():.1f}" for name, values in trained.items()}
        return [remark("trained", invited=lab.base.population.all_supporters, **numbers)]

    return Finding(kept - lost, remarks)


def pairs_lower_strain(lab: Laboratory) -> Finding:
    """Strain of supporters in availability: two on duty less one."""
    return _strain(lab, {**AVAILABILITY, "availability.on_duty": 1}, AVAILABILITY)


def debriefing_lowers_strain(lab: Laboratory) -> Finding:
    """Strain of supporters in availability: with debriefing less without."""
    return _strain(lab, {**AVAILABILITY, "availability.debrief": 0.0}, AVAILABILITY)


def team_lowers_strain(lab: Laboratory) -> Finding:
    """Strain of supporters in availability: with team meetings less without."""
    return _strain(lab, AVAILABILITY, AVAILABILITY_WITH_GROUP_ELEMENT)


def _share_and_depth(world: World) -> tuple[float, float]:
    trained = supporters(world) & (world.memberships["joined"] >= 0).any(axis=1)
    return float(trained.sum() / supporters(world).sum()), mean_of(
        world.people["readiness"], trained
    )


def webinars_complete_more(lab: Laboratory) -> Finding:
    """Share of people asked to train who complete it: webinar less seminar."""

    def trained(design: Changes) -> list[np.ndarray]:
        asked = {**design, **_to_be_trained(lab)}
        return [
            lab.each_end({**asked, "training.form": form}, _share_and_depth, AFTER_TRAINING)
            for form in ("webinar", "seminar")
        ]

    def webinars(name: str, design: Changes) -> Sentence:
        numbers: dict[str, str] = {}
        for form, found in zip(("web", "seminar"), trained(design), strict=True):
            numbers[form] = f"{found[:, 0].mean():.2f}"
            numbers[f"{form}_ready"] = f"{np.nanmean(found[:, 1]):.2f}"
        return remark(name, **numbers)

    web, seminar = trained(ONE_TO_ONE)
    return Finding(
        web[:, 0] - seminar[:, 0],
        lambda: [
            webinars("webinars_one_to_one", ONE_TO_ONE),
            webinars("webinars_digital", DIGITAL),
        ],
    )


def supporters_gain(lab: Laboratory) -> Finding:
    """Recovery score of supporters after a year: availability less no programme."""
    gain = lab.outcome(AVAILABILITY, "supporter_recovery") - lab.outcome(
        NO_PROGRAMME, "supporter_recovery"
    )
    half = lab.outcome(AVAILABILITY, "supporter_recovery", 26) - lab.outcome(
        NO_PROGRAMME, "supporter_recovery", 26
    )
    return Finding(gain, [remark("half_a_year", points=f"{half.mean():.2f}")])


PATTERNS = (
    Pattern("A4a", "T", BUILT_IN, below(0.01), "strain 0-1", supervision_lowers_strain),
    Pattern("A4b", "T", EMERGENT, below(0.01), "share", supervision_keeps_supporters, 3),
    Pattern("A4c", "T", EMERGENT, above(0.2), "weeks", supervision_lengthens_matches, 3),
    Pattern("A5", "T", BUILT_IN, above(0.1), "supporters", switch_keeps_supporters),
    Pattern("A6a", "T", BUILT_IN, below(0.01), "strain 0-1", pairs_lower_strain),
    Pattern("A6b", "T", BUILT_IN, below(0.01), "strain 0-1", debriefing_lowers_strain),
    Pattern("A12", "T", BUILT_IN, above(0.01), "share", webinars_complete_more),
    Pattern("A19b", "T (a)", BUILT_IN, below(0.01), "strain 0-1", team_lowers_strain),
    Pattern("A25", "T", EMERGENT, above(0.2), "points 0-60", supporters_gain),
)
