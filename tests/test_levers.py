"""Levers that studies offer: each goes where its words say from what is configured, and does
something that people feel."""

import numpy as np
import pytest

from peersim.kernel.paths import leaves
from peersim.model.outcomes import NAMES
from peersim.model.vocabulary import COMMUNITIES
from peersim.run.simulation import ensemble
from peersim.scenario.scenario import Scenario, changed
from peersim.studies.dropout_spread.following.levers import single_changes, usual_levers
from peersim.studies.staffing.levers import variants
from peersim.studies.staffing.options import Promise
from peersim.studies.staffing.remedies import remedies

pytestmark = pytest.mark.compiles

SMALL = {
    "population.recipients": 30,
    "population.supporters": 12,
    "population.arrival_weeks": 4,
    "training.weeks": 2,
    "population.readiness": 0.8,
    "sign_up.rate": 0.3,
    "weeks": 26,
}
"""People sign up fast enough that more of them wait for a group than it has places."""
FELT = [k for k, name in enumerate(NAMES) if name not in ("supporter_hours", "staff_hours", "cost")]
"""Outcomes that are not the price of a programme."""

MORE, LESS = 1, -1
SAYS = {
    "cafe": {"cafe.per_week": MORE},
    "supervision": {"supervision.per_month": MORE},
    "page": {"page.contact": MORE},
    "all_three": {"cafe.per_week": MORE, "supervision.per_month": MORE, "page.contact": MORE},
    "team": {"team.per_month": MORE},
    "weekly": {"one_to_one.every": LESS},
    "alike": {"one_to_one.match_weight": MORE},
    "one_each": {"one_to_one.capacity": LESS},
    "three_each": {"one_to_one.capacity": MORE},
    "smaller": {"group.size": LESS},
    "larger": {"group.size": MORE},
    "companionship": {"group.companionship": MORE},
    "twice": {"group.per_week": MORE},
    "more_shifts": {"availability.per_week": MORE},
    "unmarked": {"availability.marking": LESS},
    "three_on_duty": {"availability.on_duty": MORE},
    "at_once": {"digital.screening_weeks": LESS},
    "chat_works": {"digital.technical_trouble": LESS},
    "easy": {"digital.effort": LESS},
}
"""What the words of each lever say, setting by setting."""


def scenario_of(community, **more):
    return changed(Scenario(), {**SMALL, "communities": [community], **more})


def felt(scenario, seeds=range(1, 5)):
    """What people feel of a programme, in every week of some worlds."""
    return ensemble(scenario, seeds).values[:, :, 0, FELT]


def differ(first, second):
    return not np.array_equal(first, second, equal_nan=True)


def ends():
    """Programmes at both ends of what a lever moves, one setting each."""
    for path in {path for settings in SAYS.values() for path in settings}:
        leaf = leaves(Scenario)[path]
        for end in ("low", "high"):
            yield path, leaf.type(leaf.field.metadata[end])


@pytest.mark.parametrize(("path", "value"), sorted(ends()))
def test_a_lever_goes_where_its_words_say_whatever_is_configured(path, value):
    more = {"group.minimum": 2, "group.size": 5} if path == "group.size" else {}
    scenario = changed(Scenario(), {"communities": list(COMMUNITIES), **more, path: value})
    levers = [*single_changes(scenario), *usual_levers(scenario)]
    for lever in levers:
        moved = [
            np.sign(leaf - now)
            for where, leaf in lever.changes.items()
            if where in SAYS.get(lever.name, {})
            for now in [leaves(Scenario)[where].get(scenario)]
        ]
        says = SAYS.get(lever.name, {})
        assert set(moved) <= {0, *says.values()}, lever
        assert not says or any(moved), f"{lever.name} changes nothing"


def test_half_the_effort_is_half_of_what_is_configured():
    for effort in (0.4, 2.6, 5.0):
        (easy,) = (
            each
            for each in single_changes(scenario_of("digital", **{"digital.effort": effort}))
            if each.name == "easy"
        )
        assert easy.changes == {"digital.effort": effort / 2}


@pytest.mark.parametrize("community", COMMUNITIES)
def test_every_lever_on_leaving_changes_what_people_feel(community):
    scenario = scenario_of(community)
    without = felt(scenario)
    idle = [
        lever.name
        for lever in (*single_changes(scenario), *usual_levers(scenario))
        if not differ(felt(changed(scenario, lever.changes)), without)
    ]
    assert not idle


@pytest.mark.parametrize("community", COMMUNITIES)
def test_every_lever_on_waiting_changes_what_people_feel(community):
    own, *levers = variants(scenario_of(community))
    without = felt(own.scenario)
    idle = [
        each.name for each in levers if not each.delay and not differ(felt(each.scenario), without)
    ]
    assert not idle


@pytest.mark.parametrize("community", COMMUNITIES)
def test_every_answer_to_a_loss_changes_what_people_feel(community):
    """Those that are done by events; merging and recruiting are done while the world runs."""
    of = remedies(scenario_of(community), Promise(at=8, lost=3), recruits=4)
    by_name = {each.name: each for each in of}
    without = felt(by_name["go_on"].scenario)
    idle = [
        name
        for name, each in by_name.items()
        if name != "go_on"
        and not each.merges
        and not each.recruits
        and not differ(felt(each.scenario), without)
    ]
    assert not idle
