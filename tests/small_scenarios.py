"""Scenarios with few people and few weeks, for tests."""

from peersim.scenario.scenario import Scenario, changed

SMALL = {"population.recipients": 12, "population.supporters": 5, "population.arrival_weeks": 2, "weeks": 14,
         "training.weeks": 1, "group.size": 5, "group.minimum": 3, "group.weeks": 6}  # fmt: skip


def small_scenario(**more):
    """Few people and few weeks; `more` as ``population__stage=0.2``."""
    return changed(
        Scenario(), SMALL | {path.replace("__", "."): value for path, value in more.items()}
    )
