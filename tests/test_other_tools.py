"""Other people's programs: what they are given is what they expect, and what they give back is
understood."""

import sys

import numpy as np
import pandas
import polars as pl
import pytest
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import fast_sampler, latin, morris, sobol

import peersim
from peersim.engine.sweeping import as_design
from peersim.kernel.declaration import InvalidInput
from peersim.run.first_day import draw_up
from peersim.scenario.scenario import Scenario, changed
from peersim.studies.dropout_spread.following.history import History
from peersim.studies.dropout_spread.measurements import _survival as spread_survival
from peersim.studies.dropout_spread.survival import count_up

pytestmark = pytest.mark.compiles

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


@pytest.mark.parametrize("value", [np.array([6, 7]), pl.Series([6]), pandas.Series([6])], ids=str)
def test_a_column_is_no_value(value):
    with pytest.raises(InvalidInput, match="it must be a whole number"):
        changed(Scenario(), {"group.size": value})


# -- tables as designs ---------------------------------------------------------------------------

POINTS = [
    {"group.size": 6, "organisation": "integrated", "communities": ["group"]},
    {"group.size": 9, "communities": ["group", "digital"]},
]


@pytest.mark.parametrize(
    "table", [pl.DataFrame, pandas.DataFrame, list], ids=lambda t: t.__module__
)
def test_a_table_is_a_list_of_points(table):
    made = as_design(table(POINTS))
    assert made.points == as_design(POINTS).points == POINTS
    assert made.identity() == as_design(POINTS).identity()


@pytest.mark.parametrize("column", [pl.Series, pandas.Series, np.array, tuple])
def test_a_column_is_a_list_of_values(column):
    assert as_design({"group.size": column([6, 9])}).points == [
        {"group.size": 6},
        {"group.size": 9},
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (pl.DataFrame({"grop.size": [6]}), "Did you mean group.size?"),
        (pandas.DataFrame({"group.size": [60]}), "group.size is 60 people"),
        (pandas.DataFrame({"group.size": ["six"]}), "group.size is six"),
        (pl.DataFrame({"group.size": [None]}), "list of points is empty"),
        (pl.DataFrame(), "list of points is empty"),
        (pandas.DataFrame(), "list of points is empty"),
        (pandas.Series([6]), "or a table of polars or pandas, not Series"),
        ([6, 9], "a list of points, or a table"),
        (6, "not int"),
        ("group.size", "not str"),
        (None, "not NoneType"),
    ],
    ids=str,
)
def test_what_is_no_design_is_refused(given, said):
    with pytest.raises(InvalidInput, match=said):
        as_design(given)


# -- an ensemble ---------------------------------------------------------------------------------

MIX = changed(
    Scenario(),
    {
        "communities": ["group", "one_to_one"],
        "population.recipients": 14,
        "population.supporters": 6,
        "weeks": 20,
        "training.weeks": 1,
        "group.weeks": 6,
        "group.size": 5,
        "group.minimum": 3,
    },
)


@pytest.fixture(scope="module")
def many():
    return peersim.ensemble(MIX, seeds=range(4, 8), persons=True)


def test_at_gives_what_the_weekly_table_has(many):
    table = many.weekly().filter(week=7, outcome="ties")
    for community in ("all", "group", "one_to_one"):
        rows = table.filter(community=community)
        values = dict(zip(many.seeds.tolist(), many.at(7, "ties", community), strict=True))
        assert {s: v for s, v in values.items() if v == v} == dict(
            rows.select("seed", "value").rows()
        )
    assert (many.at(None, "ties") == many.at(20, "ties")).all()
    assert (many.at(np.int64(3), "cost") > 0).all()
    assert np.isnan(many.at(7, "ties", "digital")).all()


@pytest.mark.parametrize(
    "asked", [(-1, "ties"), (21, "ties"), (3.0, "ties"), (True, "ties"), ("3", "ties"),
              (3, "tie"), (3, "conectedness"), (3, 7), (3, None)],
    ids=str,
)  # fmt: skip
def test_at_refuses_what_compare_refuses_in_the_same_words(many, asked):
    week, outcome = asked
    with pytest.raises(InvalidInput) as said:
        many.at(week, outcome)
    with pytest.raises(InvalidInput) as compared:
        peersim.compare({"A": MIX, "B": MIX}, [outcome], week)
    assert str(said.value) == str(compared.value)


def test_at_refuses_communities_that_there_are_not(many):
    with pytest.raises(InvalidInput, match="Did you mean group?"):
        many.at(3, "ties", "grup")
    with pytest.raises(InvalidInput, match="cost is an outcome of the programme as a whole"):
        many.at(3, "cost", "group")  # there, nothing but zeros is recorded


def test_pandas_has_the_same_rows(many):
    frame, table = many.to_pandas(), many.weekly()
    assert list(frame.columns) == table.columns and len(frame) == table.height
    assert list(frame.itertuples(index=False, name=None)) == table.rows()
    assert frame["outcome"].cat.categories.tolist() == [each.name for each in peersim.OUTCOMES]
    assert frame.attrs["units"]["recovery"] == "points 0-60"


def test_xarray_has_the_same_values_with_their_names_and_units(many):
    data = many.to_xarray()
    assert set(data.data_vars) == {each.name for each in peersim.OUTCOMES}
    assert dict(data.sizes) == {"seed": 4, "week": 21, "community": 5}
    assert data["seed"].values.tolist() == [4, 5, 6, 7] and data["week"].attrs["units"] == "weeks"
    for each in peersim.OUTCOMES:
        variable = data[each.name]
        assert variable.attrs["units"] == each.unit
        assert variable.attrs["long_name"] == each.definition
        at = variable.sel(week=9)
        whole = at if "community" not in at.dims else at.sel(community="all")
        assert np.array_equal(whole.values, many.at(9, each.name), equal_nan=True)
    in_groups = data["ties"].sel(week=9, community="group").values
    assert np.array_equal(in_groups, many.at(9, "ties", "group"), equal_nan=True)
    assert "community" not in data["cost"].dims


@pytest.mark.parametrize("name", ["pandas", "xarray"])
def test_a_package_that_is_missing_is_named_with_the_way_to_it(many, name, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InvalidInput, match=rf"needs {name}, .* `pip install peersim\[tables\]`"):
        getattr(many, f"to_{name}")()


# -- survival ------------------------------------------------------------------------------------


def test_stays_are_those_of_the_table_of_memberships(many):
    for seed in (4, 5):
        run = peersim.simulate(MIX, seed)
        found = run.survival()
        theirs = run.memberships.drop_nulls("joined")
        assert (
            found.select("person", "community").rows()
            == theirs.select("person", "community").rows()
        )
        ends = set()
        for stay, member in zip(found.to_dicts(), theirs.to_dicts(), strict=True):
            ends.add(stay["end"])
            assert stay["horizon"] == 20 - member["joined"]
            assert 0 <= stay["duration"] <= stay["horizon"] and stay["cause"] == member["cause"]
            assert (
                stay["event"]
                == (stay["end"] == "dropped_out")
                == (member["status"] in ("left", "closed") and member["cause"] != "moved_on")
            )
            if member["left"] is None and stay["end"] == "still_there":
                assert stay["duration"] == stay["horizon"]
            elif member["left"] is not None and member["status"] != "completed":
                assert stay["duration"] == member["left"] - member["joined"]
            if stay["end"] == "completed":
                assert stay["community"] == "group" and stay["duration"] <= 6
                assert member["status"] in ("completed", "self-run", "active")
            assert (stay["end"] == "moved_on") == (stay["cause"] == "moved_on")
        assert {"dropped_out", "still_there", "completed"} <= ends
        assert many.survival().filter(seed=seed).drop("seed").equals(found)


def test_survival_agrees_with_the_study_of_dropout(many):
    """The counts behind the curves of `dropout_spread`, made from the table of people."""
    for seed in (4, 5, 6):
        table = peersim.simulate(MIX, seed).survival()
        noted = spread_survival(History(draw_up(MIX), seed), MIX.weeks)
        for role, counts in noted.items():
            rows = table.filter(role=role)
            mine = count_up(rows["duration"].to_numpy(), rows["event"].to_numpy(), MIX.weeks)
            assert np.array_equal(mine.at_risk, counts.at_risk), role
            assert np.array_equal(mine.left, counts.left), role
            assert counts.at_risk[0] > 0


def test_supporters_who_lead_group_after_group_are_watched_to_the_end():
    longer = changed(MIX, {"communities": ["group"], "weeks": 60, "departure.life_event": 0.02})
    table = peersim.ensemble(longer, range(6), persons=True).survival()
    leaders = table.filter(role="supporter")
    assert "completed" not in leaders["end"].to_list()
    assert leaders.filter(pl.col("event") & (pl.col("duration") > 6)).height > 0
    members = table.filter(role="recipient")
    assert members.filter("event")["duration"].max() <= 6 + 1


def test_an_ensemble_that_kept_nobody_says_so():
    with pytest.raises(InvalidInput, match="persons=True"):
        peersim.ensemble(MIX, range(2)).survival()
