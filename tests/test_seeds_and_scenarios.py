"""A scenario that was changed by hand is checked when it is run; every seed is checked in one way."""

import copy
import dataclasses

import numpy as np
import pytest

import peersim
from peersim.kernel.declaration import InvalidInput
from peersim.run.first_day import draw_up
from peersim.scenario.run_options import RunOptions, SweepOptions
from peersim.scenario.scenario import Scenario, changed

SMALL = {"population.recipients": 6, "population.supporters": 3, "weeks": 4}


@pytest.fixture
def small():
    return changed(Scenario(), SMALL)


SEEDS = [-1, 1.5, 2.0, np.float64(3), True, np.True_, 2**62 + 1, 10**400, 10**5000, None, "7", [1], float("nan")]  # fmt: skip
WAYS = {
    "simulate": lambda scenario, seed: peersim.simulate(scenario, seed),
    "ensemble": lambda scenario, seed: peersim.ensemble(scenario, [1, seed]),
    "compare": lambda scenario, seed: peersim.compare(
        {"A": scenario, "B": scenario}, ["ties"], replicates=2, seed=seed
    ),
    "sweep": lambda scenario, seed: peersim.sweep(
        scenario, {"weeks": [3, 4]}, replicates=2, seed=seed
    ),
    "PeerModel": lambda scenario, seed: peersim.PeerModel(scenario, rng=seed),
    "rerun": lambda scenario, seed: peersim.rerun("nowhere", point=0, seed=seed),
    "options": lambda scenario, seed: RunOptions(seed=seed).checked(),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", range(len(SEEDS)))
def test_a_seed_that_is_none_is_refused_alike_everywhere(small, way, number):
    seed = SEEDS[number]
    if way == "rerun" and seed is None:
        seed = "none"  # a point alone is refused in a sentence of its own
    if way == "PeerModel" and seed is None:
        seed = "none"  # Mesa hands on None for a seed that it leaves to the model
    with pytest.raises(InvalidInput) as refused:
        WAYS[way](small, seed)
    said = str(refused.value)
    assert said.startswith(("seed is ", "rng is "))
    assert said.endswith("; it can be a whole number from 0 to 4611686018427387904.")
    assert len(said) < 200


@pytest.mark.compiles
def test_the_largest_seed_runs_and_numbers_of_numpy_are_seeds(small):
    largest = peersim.simulate(small, np.int64(2**62))
    assert largest.seed == 2**62 and type(largest.seed) is int
    found = peersim.ensemble(small, np.array([0, 2**62]))
    np.testing.assert_array_equal(found.values[1], largest.values)


@pytest.mark.parametrize(("key", "value", "said"), [
    ("replicates", 2.5, "replicates is 2.5"), ("replicates", None, "replicates is None"),
    ("replicates", True, "replicates is True"), ("workers", "2", "workers is 2"), ("workers", 1.0, "workers is 1.0"),
])  # fmt: skip
def test_other_numbers_of_a_run_are_whole_as_well(key, value, said):
    with pytest.raises(InvalidInput, match=said):
        SweepOptions(**{key: value}).checked()


def put(path, value):
    def change(scenario):
        *way, name = path.split(".")
        group = scenario
        for step in way:
            group = getattr(group, step)
        setattr(group, name, value)

    return change


SPOILT = [
    (put("group.size", 99), "group.size is 99 people; it can be 3 to 30."),
    (put("group.size", 10**400), "group.size is a number of more than 308 digits people"),
    (put("group.size", "many"), "group.size is many"),
    (put("group.size", None), "group.size is None"),
    (put("group.hours", float("nan")), "group.hours is nan"),
    (put("group.hours", 10**400), "group.hours is a number of more than 308 digits"),
    (put("grupe", 3), "no setting called grupe. Did you mean"),
    (put("group.sise", 3), "no setting called group.sise. Did you mean group.size?"),
    (put("group", 3), "group is a group of settings"),
    (put("cafe", None), "cafe is a group of settings"),
    (put("cafe", {"per_week": 1}), "cafe is a group of settings"),
    (lambda s: setattr(s, "cafe", s.group), "cafe is a group of settings"),
    (put("communities", "group"), "communities is group; it must be a list"),
    (put("communities", ["grup"]), "Did you mean group?"),
    (put("communities", None), "communities is None"),
    (lambda s: s.communities.append("one_to_one"), "twice"),
    (put("organisation", "outrech"), "Did you mean outreach?"),
    (put("organisation", 7), "organisation is 7"),
    (put("weeks", 0), "weeks is 0 weeks"),
    (put("weeks", True), "weeks is True"),
    (put("events", None), "it must be a list of events"),
    (put("events", [3]), "3"),
    (lambda s: s.events.append({"week": 99, "add": "group"}), "week"),
    (put("population.recipients", -4), "population.recipients is -4"),
    (put("population.file", "nowhere.csv"), "no file called nowhere.csv"),
    (put("population.codes", "codes.csv"), "needs people of your own"),
    (put("population", 3), "population is a group of settings"),
    (put("group.minimum", 9), "group.minimum is 9, but group.size is 8"),
    (put("cost", []), "cost is a group of settings"),
    (lambda s: delattr(s, "cafe"), "cafe is a group of settings"),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(SPOILT)))
def test_a_scenario_changed_by_hand_is_checked_when_it_is_drawn_up(small, number):
    spoil, said = SPOILT[number]
    spoil(small)
    for way in (draw_up, lambda s: peersim.simulate(s, 1), lambda s: peersim.ensemble(s, [1])):
        with pytest.raises(InvalidInput) as refused:
            way(small)
        assert said in str(refused.value)


@pytest.mark.compiles
def test_the_same_holds_for_every_way_to_run(small):
    right = changed(small, {})
    small.group.size = 99
    for way in (
        lambda: peersim.PeerModel(small), lambda: peersim.sweep(small, {"weeks": [3]}, replicates=1),
        lambda: peersim.compare({"A": right, "B": small}, ["ties"], replicates=2), lambda: changed(small, {"weeks": 3}),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match="group.size is 99"):
            way()


@pytest.mark.parametrize("nothing", [None, {}, "reden", 3, Scenario])
def test_what_is_no_scenario_is_refused(nothing):
    with pytest.raises(InvalidInput, match="is no scenario"):
        peersim.simulate(nothing, 1)


@pytest.mark.compiles
def test_a_valid_change_by_hand_runs_like_one_by_name(small):
    small.group.size, small.organisation, small.communities = 6, "integrated", ["group"]
    by_name = changed(
        Scenario(),
        {**SMALL, "group.size": 6, "organisation": "integrated", "communities": ["group"]},
    )
    one, other = peersim.simulate(small, 3), peersim.simulate(by_name, 3)
    np.testing.assert_array_equal(one.values, other.values)
    assert one.scenario == by_name and small.organisation == "integrated"


@pytest.mark.compiles
def test_a_run_keeps_the_scenario_it_had(small):
    run = peersim.simulate(small, 1)
    small.weeks, small.group.size = 20, 99
    assert run.scenario.weeks == 4 and run.weekly["week"].max() == 4


@pytest.mark.parametrize("twin_of", [copy.copy, copy.deepcopy])
def test_a_copy_shares_nothing(small, twin_of):
    twin = twin_of(small)
    assert twin == small
    for each in dataclasses.fields(Scenario):
        mine, theirs = getattr(small, each.name), getattr(twin, each.name)
        if dataclasses.is_dataclass(mine) or isinstance(mine, list):
            assert mine is not theirs, each.name
    twin.group.size, twin.communities[0] = 9, "group"
    twin.events.append({"week": 2, "add": "digital"})
    assert small == changed(Scenario(), SMALL)
