"""Which parameters describe people and how they act on each other, and which are choices of a
programme.

A designer chooses how often a group meets; nobody chooses how much a shy person stays away. What
nobody chooses is not known well either, so it is what a sensitivity analysis varies unless it is
told otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from peersim.kernel.declaration import declared
from peersim.kernel.paths import leaves
from peersim.kernel.plain_data import plain
from peersim.scenario.scenario import Scenario, epochs

PROCESSES = ("sign_up", "attendance", "safety", "ties", "change", "outside", "strain", "departure")
"""Groups that describe how people act and change. Who they are (`population`) is known, or chosen,
as the target group of a programme: it decides the level of most outcomes and would drown everything
else."""

JUDGEMENTS = ("0-1", "log-odds", "-")
"""Units of what people do or feel; what a programme does is counted in hours, weeks or people."""

CHOSEN = (
    "group.leaders_share",
    "availability.marking",
    "supervision.individual",
    "one_to_one.match_weight",
    "page.contact",
    "programme.intensity",
)
"""Choices of a programme that have such a unit all the same."""

ONLY_WITH = {
    "population.digital_confidence": "digital",
    "population.aversion": "availability",
    "sign_up.digital": "digital",
    "departure.first_meeting_one_to_one": "one_to_one",
    "departure.first_meeting_digital": "digital",
    "training.seminar_effort": "seminar",
    "training.readiness_seminar": "seminar",
    "training.webinar_anxiety": "webinar",
    "training.readiness_webinar": "webinar",
}
"""What says nothing where a programme does not have this."""

ONLY_WHERE = {
    "sign_up.referral": ("sign_up.way_in", "referred"),
    "change.connectedness": ("change.sides", False),
    **dict.fromkeys(("change.emotional", "change.social", "change.clique"), ("change.sides", True)),
    "change.recognition": ("change.separate_sources", False),
    **dict.fromkeys(
        ("change.not_alone", "change.heard", "change.further_on", "change.model_nearness"),
        ("change.separate_sources", True),
    ),
}
"""What says nothing unless this setting has this value: the rule that reads it is another one."""


def is_read(path: str, settings: Callable[[str], Any]) -> bool:
    """Whether the rules that settings choose read a parameter; so does a run that does not say.

    >>> is_read("change.connectedness", {"change.sides": True}.get)
    False
    """
    setting, value = ONLY_WHERE.get(path, ("", None))
    return not setting or settings(setting) in (value, None)


def assumptions(scenarios: Scenario | Sequence[Scenario]) -> list[str]:
    """List the parameters of a programme (or of several) that nobody chooses: paths, in order of
    declaration.

    What is assumed of a platform is left out where there is none at any time, and so on; and what
    only another rule reads than the one that is chosen.

    Examples
    --------
    >>> paths = assumptions(Scenario())
    >>> "departure.misfit" in paths, "one_to_one.every" in paths, "digital.effort" in paths
    (True, False, False)
    """
    several = [scenarios] if isinstance(scenarios, Scenario) else list(scenarios)
    stages = [stage for scenario in several for _, stage in epochs(scenario)]
    used, known = set().union(*map(_used, stages)), leaves(Scenario)
    found = []
    for path, value, field in declared(several[0]):
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if is_number and path not in CHOSEN and ONLY_WITH.get(path, "training") in used:
            group = path.rpartition(".")[0]
            if group in PROCESSES or (group in used and field.metadata["unit"] in JUDGEMENTS):
                found.append(path)
    chosen = [
        {path: plain(known[path].get(stage)) for path, _ in ONLY_WHERE.values()} for stage in stages
    ]
    return [path for path in found if any(is_read(path, each.get) for each in chosen)]


KEY = (
    "sign_up.rate",
    "training.uptake",
    "training.seminar_effort",
    "attendance.habit",
    "attendance.absence",
    "safety.start",
    "safety.first_fit",
    "ties.confidence_gain",
    "ties.confidence_value",
    "change.speed",
    "change.back",
    "change.emotional",
    "change.social",
    "change.outside_worth",
    "outside.luck",
    "strain.per_match",
    "departure.misfit",
    "departure.drift_after",
)
"""What mattered most for connectedness and for staying when all assumptions of each community type
were screened in the first edition; the lift of either side stands for that of connectedness."""

KEY_OF_EACH = ("exposure", "effort", "intimacy")
"""The same, of the settings of each community."""


def key_assumptions(scenarios: Scenario | Sequence[Scenario]) -> list[str]:
    """List those assumptions on which most hangs: about twenty, for analyses that cannot take them
    all.

    Examples
    --------
    >>> paths = key_assumptions(Scenario())
    >>> len(paths), paths[-1]
    (21, 'departure.drift_after')
    """
    several = [scenarios] if isinstance(scenarios, Scenario) else list(scenarios)
    communities = {
        name for scenario in several for _, stage in epochs(scenario) for name in stage.communities
    }
    wanted = {*KEY, *(f"{name}.{of_each}" for name in communities for of_each in KEY_OF_EACH)}
    return [path for path in assumptions(several) if path in wanted]


def _used(stage: Scenario) -> set[str]:
    """Name what a programme has: communities, levers, the model of organisation, the form of
    training.
    """
    switched = {
        "cafe": stage.cafe.per_week,
        "page": stage.page.contact,
        "supervision": stage.supervision.per_month,
        "team": stage.team.per_month,
    }
    has = {name for name, often in switched.items() if often > 0}
    return has | {
        *stage.communities,
        "training",
        f"organisations.{stage.organisation.name}",
        stage.training.form.name,
    }
