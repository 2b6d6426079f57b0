"""From the first edition of the model to the second: one mechanism after the other.

Each step can be taken back by settings that everybody can write; all of them taken back is the
first edition.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from peersim.studies.patterns.ablations import NULL, Mechanism, Model


class Step(NamedTuple):
    """One mechanism that the second edition has and the first had not.

    Attributes
    ----------
    key : str
        Its name; what it is, why, and what it did stand in ``docs/second_edition.md``.
    before : mapping of path to value
        Settings that take it back.
    """

    key: str
    before: dict[str, Any]


STEPS = (
    Step(
        "supply",
        {
            "population.supporters": 0,
            "population.asked": 10,
            "training.declines_once": False,
            "group.fewest_leaders": 4,
            "one_to_one.within_hours": False,
            "recruitment.met": 0.0,
            "recruitment.members": 0.0,
            "recruitment.completed": 0.0,
        },
    ),
    Step("ways in", {"sign_up.way_in": "invited"}),
    Step(
        "felt fit and the end of a role",
        {
            "safety.familiar_fit": 0.0,
            "safety.company": False,
            "one_to_one.tie_ends": False,
            "one_to_one.ask_again": 0.0,
            "supervision.mends": 0.0,
        },
    ),
    Step(
        "shared time",
        {
            "change.shared_time": 0.0,
            "change.separate_sources": False,
            "safety.threshold": 0.0,
            "safety.relation": False,
            "group.educator_safety": 0.0,
        },
    ),
    Step("two sides of connectedness", {"change.sides": False}),
    Step(
        "promises and strain",
        {
            "one_to_one.promise": 0.0,
            "sign_up.in_vain": 0.0,
            "strain.closeness": 0.0,
            "strain.newness": 0.0,
            "change.worn": 0.0,
        },
    ),
    Step(
        "company",
        {"ties.acquaintance": 0.0, "availability.among_visitors": 0.0, "availability.walk": 0.0},
    ),
    Step(
        "exclusion and need",
        {
            "safety.fit_exclusion": 0.0,
            "sign_up.need": 0.0,
            "attendance.need": 0.0,
            "attendance.exposed_withdrawal": 0.0,
        },
    ),
    Step(
        "circles",
        {
            "attendance.norm": 0.0,
            "departure.closing": "enrolled",
            "departure.following": 0.0,
            "group.leaders_in_cohesion": True,
        },
    ),
    Step(
        "online",
        {
            "digital.use_spread": 0.0,
            "digital.anxiety_draw": 0.0,
            "digital.meets_company": 0.0,
            "digital.displacement": 0.08,
            "digital.chat_stage": 1.0,
            "digital.tasks_grow": 0.0,
            "digital.commitment": 0.0,
            "digital.moderation_effect": 0.0,
            "digital.group_topics": 0.0,
            "digital.known": 0.0,
            "digital.eases_group": 0.0,
        },
    ),
    Step(
        "calibration",
        {
            "population.chime_mean": 0.52,
            "departure.life_event": 0.001,
            "digital.effort": 2.6,
            "digital.use_spread": 1.5,
        },
    ),
)
"""In the order in which they were taken."""


def edition(steps: int) -> Model:
    """The model after so many steps, as something to be measured beside the whole model.

    >>> sorted(edition(len(STEPS)).switches)
    []
    """
    later = reversed(STEPS[steps:])  # what an earlier step takes back counts over a later one
    back = {path: value for step in later for path, value in step.before.items()}
    return Model(f"after {steps}", NULL, (Mechanism("editions", back),))


FIRST = edition(0).switches
"""Everything that gives the first edition back."""
