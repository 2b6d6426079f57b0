"""Other people's programs: what they are given is what they expect, and what they give back is
understood."""

import numpy as np
import pytest
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import fast_sampler, latin, morris, sobol

import peersim
from peersim.kernel.declaration import InvalidInput
from peersim.scenario.scenario import Scenario, changed

# -- SALib ---------------------------------------------------------------------------------------

GROUPS = changed(Scenario(), {"communities": ["group"]})
SAMPLERS = {
    "sobol": lambda problem: sobol.sample(problem, 8),
    "morris": lambda problem: morris.sample(problem, 3),
    "latin": lambda problem: latin.sample(problem, 9),
    "fast": lambda problem: fast_sampler.sample(problem, 65),
}


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("over", [["group", "departure.drift"], ["group.size", "organisation"]])
def test_rows_of_every_sampler_are_scenarios_that_can_be_run(sampler, over):
    problem = GROUPS.problem(over, grouped=sampler == "morris")
    sample = SAMPLERS[sampler](problem)
    assert sample.shape[1] == problem["num_vars"] == len(problem["names"])
    for row, point in zip(sample, problem.points(sample), strict=True):
        scenario = changed(GROUPS, problem.changes(row))
        assert list(point) == problem["names"] and changed(GROUPS, point) == scenario
        assert scenario.group.minimum <= scenario.group.size


def test_a_number_of_the_sample_is_that_of_the_setting():
    problem = GROUPS.problem(["group.size", "departure.drift"], {"departure.drift": [0.01, 0.3]})
    assert problem["bounds"] == [[4.0, 30.0], [0.01, 0.3]]  # a group's minimum is 4
    for value in np.random.default_rng(1).uniform(0.01, 0.3, 50):
        assert problem.changes([5, value])["departure.drift"] == value
    sizes = [problem.changes([size, 0.1])["group.size"] for size in range(4, 31)]
    assert sizes == list(range(4, 31))
    shares = [problem.changes([x, 0.1])["group.size"] for x in np.linspace(4, 30, 27_001)]
    assert set(np.unique(shares, return_counts=True)[1]) <= {999, 1000, 1001}


def test_a_group_is_one_to_salib_unless_asked_otherwise():
    whole = GROUPS.problem(["cafe", "departure.drift"])
    assert whole["groups"] == ["cafe"] * (whole["num_vars"] - 1) + ["departure.drift"]
    assert len(sobol.sample(whole, 4, calc_second_order=False)) == 4 * (2 + 2)
    each = GROUPS.problem(["cafe", "departure.drift"], grouped=False)
    assert "groups" not in each and each["names"] == whole["names"]
    assert "groups" not in GROUPS.problem(["group.size"])


def test_salib_finds_what_a_function_of_the_sample_depends_on():
    problem = GROUPS.problem(["group.size", "departure.drift"])
    points = problem.points(sobol.sample(problem, 256, seed=1))
    found = sobol_analysis.analyze(problem, np.array([float(p["group.size"]) for p in points]))
    assert found["S1"] == pytest.approx([1, 0], abs=0.02)


@pytest.mark.parametrize(
    ("over", "bounds", "said"),
    [
        (["communities", "group", "weeks"], {}, "communities and weeks cannot vary without bounds"),
        (["events"], {}, "events cannot vary without bounds"),
        (["organisation"], {"organisation": ["outreach"]}, "organisation cannot vary: the bounds"),
        (["grop"], {}, "no setting or group called that. Did you mean group?"),
        ([], {}, "name settings or groups"),
    ],
)
def test_what_cannot_vary_is_named_in_one_sentence(over, bounds, said):
    with pytest.raises(InvalidInput, match=said):
        GROUPS.problem(over, bounds)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ([8.0], "one column for each of `names`: 2"),
        ([8.0, 0.1, 3.0], "one column for each"),
        ([31.0, 0.1], "group.size is 31; it can be 4 to 30"),
        ([8.0, np.nan], "departure.drift is nan; it can be 0 to 0.3"),
    ],
)
def test_a_row_of_another_problem_is_refused(row, said):
    with pytest.raises(InvalidInput, match=said):
        GROUPS.problem(["group.size", "departure.drift"]).changes(row)


def test_a_sample_is_a_design_of_a_sweep():
    few = {"population.recipients": 8, "population.supporters": 3, "weeks": 4}
    problem = GROUPS.problem(["group.size"])
    design = problem.points([[5.0], [9.0]])
    found = peersim.sweep(changed(GROUPS, few), design, replicates=2, progress=lambda n: None)
    assert found["points"]["group.size"].to_list() == [5, 9]


# -- a scenario from a list, a line, a dictionary ------------------------------------------------

REDEN = ["project=reden", "population.recipients=40", "events=[{week: 12, add: group}]"]


@pytest.mark.parametrize(
    "given",
    [
        tuple(REDEN),
        " ".join(REDEN),
        "\n".join(f"'{each}'" for each in REDEN),
        {"project": "reden", "population.recipients": 40, "events": [{"week": 12, "add": "group"}]},
        {"events": [{"week": 12, "add": "group"}], "population": {"recipients": np.int64(40)},
         "project": "reden", "seed": 3},
    ],
)  # fmt: skip
def test_lists_lines_and_dictionaries_say_the_same(given):
    assert peersim.load_scenario(given) == peersim.load_scenario(REDEN)
    assert peersim.load_scenario("") == peersim.load_scenario({}) == peersim.load_scenario()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (3, "from a dictionary, not from int"),
        (None, "not from NoneType"),
        ([3], "not from int"),
        ("weeks", "weeks cannot be read"),
        ("grop.size=3 weeks=3", "Did you mean group.size?"),
        ({"grop": {"size": 3}}, "Did you mean group.size?"),
        ({"group": 3}, "group is a group of settings"),
        ({"group.size": 99}, "group.size is 99 people; it can be 3 to 30"),
        ({"project": "redn"}, "Did you mean reden?"),
        ({3: 4}, "cannot be read"),
        ({"weeks": None}, "weeks is None"),
    ],
)
def test_what_is_no_setting_is_refused_however_it_is_written(given, said):
    with pytest.raises(InvalidInput, match=said):
        peersim.load_scenario(given)
