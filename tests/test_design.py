"""Designs: points within declared bounds, all of them valid, the same whoever asks."""

import numpy as np
import pytest

from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.scenario.design import arms, chosen, factors, grid, idle, lhs, morris, points, sobol
from peersim.scenario.factors import IN_ORDER, Factor
from peersim.scenario.scenario import Scenario, changed, check
from peersim.scenario.sweep_options import DesignChoice

MIXED = check(Scenario(communities=["one_to_one", "group", "availability"]))
GROUPS = ["group", "departure", "availability", "supervision", "population"]


def test_every_sampled_point_is_valid_and_within_the_declared_bounds():
    bounds = {"population.supporters": [1, 20]}
    for design in (
        lhs(MIXED, GROUPS, 50, bounds=bounds),
        morris(MIXED, GROUPS[:1], 2, bounds=bounds),
    ):
        known = leaves(Scenario)
        for point in design.points:
            changed(MIXED, point)
        for factor in design.factors:
            declared = known[factor.path].field.metadata
            assert declared["low"] <= factor.low <= factor.high <= declared["high"], factor.path
        for lower, upper in IN_ORDER:
            assert all(
                point[lower] <= point[upper]
                for point in design.points
                if {lower, upper} <= point.keys()
            )


def test_one_of_two_ordered_settings_is_narrowed_by_the_other_as_it_stands():
    (size,) = factors(["group.size"], changed(MIXED, {"group.minimum": 7}))
    (minimum,) = factors(["group.minimum"], changed(MIXED, {"group.size": 7}))
    assert (size.low, minimum.high) == (7, 7)
    (wide,) = factors(
        ["group.size"], [MIXED, changed(MIXED, {"group.minimum": 9, "group.size": 9})]
    )
    assert wide.low == 9  # possible for both


def test_whole_numbers_and_options_get_equal_shares():
    unit = (np.arange(1200) + 0.5) / 1200
    size = Factor("group.size", "people", 6, 9, True)
    assert np.all(np.unique([size.value(u) for u in unit], return_counts=True)[1] == 300)
    (organisation,) = factors(["organisation"], MIXED)
    assert [organisation.value(u) for u in (0.0, 0.34, 1.0)] == [
        "independent",
        "outreach",
        "integrated",
    ]


def test_a_group_means_its_parameters_but_not_how_many_people_there_are():
    paths = [factor.path for factor in factors(["population", "population.stage"], MIXED)]
    assert "population.stage" in paths and paths.count("population.stage") == 1
    assert not {"population.recipients", "population.supporters", "population.file"} & set(paths)


def test_designs_are_as_large_as_they_say():
    assert (
        len(grid({"group.size": [6, 8], "organisation": ["independent", "outreach", "integrated"]}))
        == 6
    )
    assert len(lhs(MIXED, ["departure"], 17)) == 17
    d = len(factors(["departure"], MIXED))
    assert len(morris(MIXED, ["departure"], 5)) == 5 * (d + 1)
    design = sobol(MIXED, ["departure"], 16)
    assert len(design) == 16 * (d + 2) and design.unit.shape == (16 * (d + 2), d)


def test_the_same_request_gives_the_same_points_and_another_seed_others():
    first, again, other = (lhs(MIXED, ["group"], 9, seed=seed) for seed in (1, 1, 2))
    assert first.points == again.points and first.identity() == again.identity()
    assert first.identity()["digest"] != other.identity()["digest"]


def test_a_grid_takes_communities_events_and_options():
    design = grid({"communities": [["group"], ["group", "digital"]], "events": [[], [{"week": 3, "end": "group"}]],
                   "organisation": ["integrated"]})  # fmt: skip
    scenario = changed(Scenario(), design.points[3])
    assert scenario.communities == ["group", "digital"] and scenario.events[0]["end"] == "group"


def test_arms_visit_the_same_points_side_by_side():
    a, b = changed(MIXED, {"group.size": 6}), changed(MIXED, {"group.size": 12})
    choice = DesignChoice("lhs", over=["group"], points=5)
    design = chosen(choice, MIXED, {"A": a, "B": b})
    assert design.labels["arm"] == ["A", "B"] * 5 and design.points[0] == design.points[1]
    assert "group.size" not in design.points[0]  # it is what sets them apart
    assert {
        changed(design.bases(MIXED)[design.arm_of(k)], design.points[k]).group.size for k in (0, 1)
    } == {6, 12}
    with pytest.raises(InvalidInput, match="sets A and B apart"):
        arms(grid({"group.size": [6, 8]}), {"A": a, "B": b})


def test_settings_that_vary_in_vain_are_named():
    assert idle(lhs(MIXED, ["digital", "departure"], 2), MIXED).keys() == {"digital"}
    assert not idle(lhs(MIXED, ["group"], 2), MIXED)
    later = changed(Scenario(), {"events": [{"week": 3, "add": "group"}]})
    assert not idle(lhs(later, ["group"], 2), later)


@pytest.mark.parametrize(("ask", "words"), [
    (lambda: lhs(MIXED, ["grop"], 3), "Did you mean group?"),
    (lambda: lhs(MIXED, ["group.sise"], 3), "Did you mean group.size?"),
    (lambda: lhs(MIXED, [], 3), "design.over is empty"),
    (lambda: lhs(MIXED, ["events"], 3), "events has no bounds"),
    (lambda: lhs(MIXED, ["population.file"], 3), "has no bounds"),
    (lambda: lhs(MIXED, ["population.recipients"], 3), "say how far it is to vary"),
    (lambda: lhs(MIXED, ["group"], 0), "points is 0"),
    (lambda: lhs(MIXED, ["group"], 3, bounds={"group.size": [12]}), "it must have two"),
    (lambda: lhs(MIXED, ["group"], 3, bounds={"group.size": [12, 6]}), "the first must be below the second"),
    (lambda: lhs(MIXED, ["group"], 3, bounds={"group.size": [2, 6]}), "it can be 3 to 30"),
    (lambda: lhs(MIXED, ["group"], 3, bounds={"group.size": 6}), "it must be a list"),
    (lambda: lhs(MIXED, ["group.minimum"], 3, bounds={"group.minimum": [10, 14]}), "only allows at most 8"),
    (lambda: lhs(MIXED, [], 3, bounds={"organisation": ["indpendent"]}), "Did you mean independent?"),
    (lambda: sobol(MIXED, ["group"], 1000), "for example 1024"),
    (lambda: morris(MIXED, ["group"], levels=5), "even number"),
    (lambda: grid({}), "design.vary is empty"),
    (lambda: grid({"group.sise": [3]}), "Did you mean group.size?"),
    (lambda: grid({"group.size": []}), "empty list"),
    (lambda: grid({"group.size": [99]}), "it can be 3 to 30"),
    (lambda: grid({"communities": [["grup"]]}), "Did you mean group?"),
    (lambda: points([]), "empty"),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused_in_a_sentence(ask, words):
    with pytest.raises(InvalidInput, match=words.replace("?", r"\?")) as refused:
        ask()
    assert "\n" not in str(refused.value)
