"""Patterns of change: who gains what, and from what (A11, A16, A17, A22, A24)."""

from __future__ import annotations

from functools import partial

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.model.people import CHIME
from peersim.model.world import World
from peersim.run.replicate import Replicate
from peersim.run.simulation import Run
from peersim.run.standing import mean_of
from peersim.studies.patterns.finding import Finding, remark
from peersim.studies.patterns.laboratory import NO_PROGRAMME, Changes, Laboratory
from peersim.studies.patterns.measurements import NUMBER, joined, recipients, slope
from peersim.studies.patterns.pattern import BUILT_IN, EMERGENT, Pattern, above, below, within
from peersim.studies.patterns.statements.programmes import DIGITAL, GROUP, TYPES

HALF, EVERY_FIFTH = 26, 5
AS_GIVEN = {"digital.tasks_grow": 0.0}
"""Nobody but the experimenter gives tasks."""


def _empowered(replicate: Replicate, contributes: int) -> np.ndarray:
    """Empowerment at week 40 of every fifth recipient, made a contributor or a follower whatever
    their stage.
    """
    m = replicate.world.memberships[:, NUMBER["digital"]]
    chosen = np.flatnonzero(recipients(replicate.world))[::EVERY_FIFTH]
    for world in replicate.weeks():
        m["contributor"][chosen] = contributes
        if replicate.week == 40:
            return np.array([world.people["empowerment"][chosen], m["attended"][chosen] > 0])
    return np.empty((2, 0))


def contributing_empowers(lab: Laboratory) -> Finding:
    """Empowerment of the same person as contributor less as follower, over those who ever logged
    on.
    """
    posts, follows = (
        lab.each_world({**DIGITAL, **AS_GIVEN}, partial(_empowered, contributes=flag))
        for flag in (1, 0)
    )
    both = (posts[:, 1] > 0) & (follows[:, 1] > 0)
    values = [mean_of(a[0] - b[0], who) for a, b, who in zip(posts, follows, both, strict=True)]
    means = {"more": posts[:, 0][both].mean(), "plain": follows[:, 0][both].mean()}
    text = remark("at_week_40", **{name: f"{mean:.3f}" for name, mean in means.items()})
    return Finding(np.array(values), [text])


def _states(world: World) -> np.ndarray:
    who = recipients(world)
    return np.array([world.people[name][who] for name in CHIME] + [world.people["stage"][who]])


def stage_decides_the_gain(lab: Laboratory) -> Finding:
    """Slope on stage of the gain in meaning and empowerment less that of the gain in connectedness
    and hope.
    """
    with_it, without = lab.each_end(GROUP, _states, HALF), lab.each_end(NO_PROGRAMME, _states, HALF)
    stage = with_it[:, len(CHIME)]
    slopes = np.array(
        [
            [slope(gain[k], at) for k in range(len(CHIME))]
            for gain, at in zip(with_it - without, stage, strict=True)
        ]
    )
    numbers = {
        name: f"{value:+.3f}" for name, value in zip(CHIME, np.nanmean(slopes, axis=0), strict=True)
    }
    late, early = slopes[:, 3:5].mean(axis=1), slopes[:, 0:2].mean(axis=1)
    return Finding(late - early, [remark("slopes_on_stage", week=HALF, **numbers)])


def _harm(run: Run) -> np.ndarray:
    """Who is worse off than without the programme, with their traits, and how much the worst off
    loses.
    """
    who = recipients(run.world)
    people = run.world.people[who]
    score = 12.0 * sum(people[name] for name in CHIME)
    lost = run.world.baseline[-1][who] - score
    return np.array(
        [lost, people["social_anxiety"], people["exclusion"], people["stage"], people["aversion"]]
    )


def some_end_worse(lab: Laboratory) -> Finding:
    """Share of everyone invited who end a year at least two points below their own score without
    any programme.
    """
    limit = lab.base.measurement.harm_points
    facts = {name: lab.each_run(design, _harm) for name, design in TYPES.items()}
    shares = {name: (found[:, 0] >= limit) for name, found in facts.items()}
    everybody, harmed = np.concatenate(list(facts.values())), np.concatenate(list(shares.values()))
    numbers = {name.replace("-", "_"): f"{share.mean():.2%}" for name, share in shares.items()}
    any_loss = (everybody[:, 0] > 0.5).mean()
    values = np.mean([share.mean(axis=1) for share in shares.values()], axis=0)
    remarks = [remark("harmed", **numbers), remark("any_loss", share=f"{any_loss:.2%}")]
    return Finding(values, [*remarks, _who_is_harmed(everybody, harmed)])


def _who_is_harmed(everybody: np.ndarray, harmed: np.ndarray) -> Sentence:
    if not harmed.any():
        return remark("nobody_harmed")
    numbers = {}
    for k, name in enumerate(("anxiety", "exclusion", "stage", "aversion"), 1):
        numbers[name] = f"{everybody[:, k][harmed].mean():.2f}"
        numbers[f"all_{name}"] = f"{everybody[:, k].mean():.2f}"
    return remark("who_is_harmed", **numbers)


def _felt_safety(world: World) -> float:
    who = recipients(world) & joined(world, "group")
    return mean_of(world.memberships["safety"][:, NUMBER["group"]], who)


def _safer(lab: Laboratory, changes: Changes) -> tuple[np.ndarray, np.ndarray]:
    """Safety felt in groups after half a year: independent, and integrated."""
    independent, integrated = (
        lab.each_end({**GROUP, **changes, "organisation": name}, _felt_safety, HALF)
        for name in ("independent", "integrated")
    )
    return independent, integrated


def independent_is_safer(lab: Laboratory) -> Finding:
    """Felt safety of those reached by a group: independent organisation less integrated."""
    independent, integrated = _safer(lab, {})
    return Finding(independent - integrated, [_level("level", independent, integrated)])


def _level(key: str, more: np.ndarray, plain: np.ndarray) -> Sentence:
    return remark(key, more=f"{np.nanmean(more):.3f}", plain=f"{np.nanmean(plain):.3f}")


def _alike(lab: Laboratory) -> Changes:
    """Settings at which people meet equally as equals, and equally anonymously, in both models of
    organisation.
    """
    models = {name: getattr(lab.base.organisations, name) for name in ("independent", "integrated")}
    level = min(model.equality * (1.0 - model.mentoring) for model in models.values())
    least = min(model.anonymity for model in models.values())
    changes: dict[str, float] = {}
    for name, model in models.items():
        changes[f"organisations.{name}.equality"] = level / (1.0 - model.mentoring)
        changes[f"organisations.{name}.anonymity"] = least
    return changes


def equal_organisations_are_equally_safe(lab: Laboratory) -> Finding:
    """The same difference where equality and anonymity are equalised."""
    independent, integrated = _safer(lab, _alike(lab))
    model = lab.base.organisations.integrated
    same = {
        f"organisations.independent.{name}": getattr(model, name)
        for name in ("equality", "anonymity")
    }

    def remarks() -> list[Sentence]:
        still, drifted = _safer(lab, same)
        gap = remark("settings_alike", gap=f"{np.nanmean(still - drifted):+.3f}")
        return [_level("after_mentoring", independent, integrated), gap]

    return Finding(independent - integrated, remarks)


def leaders_who_share_give_hope(lab: Laboratory) -> Finding:
    """Hope of everyone invited after half a year: leaders share and lead, less leaders only
    lead.
    """
    leading = {**GROUP, "group.leaders_share": 0.0}
    both, only = lab.outcome(GROUP, "hope", HALF), lab.outcome(leading, "hope", HALF)
    reached = lab.outcome(GROUP, "hope_reached", HALF) - lab.outcome(leading, "hope_reached", HALF)
    numbers = {"more": f"{both.mean():.4f}", "plain": f"{only.mean():.4f}"}
    return Finding(both - only, [remark("hope", reached=f"{np.nanmean(reached):+.4f}", **numbers)])


DRIFTED: Changes = {**GROUP, "organisations.independent.mentoring": 0.6}


def _drifted(lab: Laboratory, outcome: str) -> Finding:
    """One outcome after half a year: drifted to mentoring less not, at equal supporter hours."""
    nothing = lab.outcome(NO_PROGRAMME, outcome, HALF)
    found = lab.compare(GROUP, DRIFTED, lambda design: lab.outcome(design, outcome, HALF) - nothing)
    default = lab.base.organisations.independent.mentoring

    def remarks() -> list[Sentence]:
        level, *more = found.all_remarks()
        return [remark("mentoring", default=f"{default:g}", **level.values), *more]

    return found._replace(remarks=remarks)


def mentoring_helps_recipients_less(lab: Laboratory) -> Finding:
    """Recovery of everyone invited to a group after half a year: drifted to mentoring less not."""
    return _drifted(lab, "recovery")


def mentoring_helps_supporters_less(lab: Laboratory) -> Finding:
    """Recovery of supporters after half a year: drifted to mentoring less not."""
    return _drifted(lab, "supporter_recovery")


PATTERNS = (
    Pattern("A11", "T", BUILT_IN, above(0.005), "empowerment 0-1", contributing_empowers),
    Pattern("A16a", "P", BUILT_IN, above(0.01), "gain per unit of stage", stage_decides_the_gain),
    Pattern("A16b", "P", EMERGENT, above(0.005), "share", some_end_worse),
    Pattern("A17a", "P", BUILT_IN, above(0.01), "safety 0-1", independent_is_safer),
    Pattern(
        "A17b",
        "P",
        BUILT_IN,
        within(-0.01, 0.01),
        "safety 0-1",
        equal_organisations_are_equally_safe,
    ),
    Pattern("A22", "P", BUILT_IN, above(0.002), "hope 0-1", leaders_who_share_give_hope),
    Pattern("A24a", "P", BUILT_IN, below(0.1), "points 0-60", mentoring_helps_recipients_less),
    Pattern("A24b", "P", EMERGENT, below(0.1), "points 0-60", mentoring_helps_supporters_less),
)
