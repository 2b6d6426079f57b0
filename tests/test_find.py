"""What is found is the largest there is, bears its rank, and is shown by the command beside it."""

import shlex

import numpy as np
import pytest
from polars.testing import assert_frame_equal
from small_scenarios import small_scenario

import peersim
from peersim import InvalidInput, changed, find
from peersim.commands.cli import COMMANDS
from peersim.commands.completion import proposed
from peersim.commands.configuration import compose, load_scenario, plan
from peersim.results.folder import read_manifest, read_results
from peersim.scenario.demonstration import chosen_for
from peersim.scenario.scenario import Scenario
from peersim.studies import run_study
from peersim.studies.dropout_spread.attribution import departures_of, parents
from peersim.studies.find.search import One, _ranked
from peersim.studies.find.showing import arms, settings

GROUP = {"communities": ["group"]}
SEEDS = 24


@pytest.fixture(scope="module")
def exaggerated():
    return small_scenario(communities=["group"], demonstration="contagion", weeks=30)


@pytest.fixture(scope="module")
def two():
    one = small_scenario(communities=["group"])
    return {"A": one, "B": changed(one, {"cafe.per_week": 2})}


def read(command):
    """What a command line asks for: kind of experiment, scenario and options."""
    overrides = shlex.split(command)[1:]
    return plan(compose(overrides), overrides, command)


def test_equally_large_ones_share_a_rank():
    every = [One(seed, None, 1, size) for seed, size in enumerate([2.0, -5.0, 3.0, -3.0, 0.0])]
    rows = list(_ranked(every, 4))
    assert [(row["seed"], row["rank"], row["as_large"]) for row in rows] == [
        (1, 1, 1),
        (2, 2, 3),
        (3, 2, 3),
        (0, 4, 4),
    ]
    assert {row["of"] for row in rows} == {5}


@pytest.mark.parametrize(
    "settings_of_one",
    [
        {},
        {**GROUP, "weeks": 60, "organisation": "integrated", "departure.structure": False},
        {"demonstration": "contagion", "departure.social": 0.003, "communities": ["digital"]},
        {"events": [{"week": 12, "add": "group"}, {"week": 20, "set": {"cafe.per_week": 1}}]},
    ],
)
@pytest.mark.composes
def test_settings_are_written_as_they_are_read(settings_of_one):
    scenario = changed(Scenario(), settings_of_one)
    assert (
        load_scenario([f"{path}={value}" for path, value in settings(scenario).items()]) == scenario
    )


@pytest.mark.composes
def test_two_designs_are_written_as_they_are_read():
    one = changed(Scenario(), {**GROUP, "departure.social": 0.003, "departure.memory": 7})
    for other in ({"cafe.per_week": 1}, {"demonstration": "contagion", "departure.memory": 7}):
        designs = [one, changed(one, other)]
        _, base, asked = read(shlex.join(["peersim", "experiment=compare", *arms(designs)]))
        found = [each or base for each in (asked.a, asked.b)]
        assert found == designs


@pytest.mark.composes
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("top=3", "one of chain=longest"),
        ("chain=longest difference=largest b.weeks=20", "one of chain=longest"),
        ("chain=shortest", "it can be longest"),
        ("chain=longest b.cafe.per_week=1", "in one design"),
        ("difference=largest", "between two designs"),
        ("difference=largest b.weeks=20 outcomes=[ties,cost]", "one outcome"),
        ("person=most_different b.weeks=20 outcomes=[ties]", "one outcome"),
        ("chain=longest seeds=0", "seeds is 0"),
        ("chain=longest replicates=3", "replicates"),
    ],
)
def test_what_cannot_be_found_is_refused(words, said):
    with pytest.raises(InvalidInput, match=said):
        read(f"peersim experiment=find {words}")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"what": "chains"}, "Did you mean chain"),
        ({"what": "difference"}, "between two designs"),
        ({"designs": {"A": Scenario(), "B": Scenario()}}, "in one design"),
        ({"seeds": 0}, "seeds is 0"),
        ({"top": 1.5}, "top is 1.5"),
        ({"outcome": "happiness"}, "happiness"),
    ],
)
def test_python_refuses_the_same(given, said):
    with pytest.raises(InvalidInput, match=said):
        find(**{"designs": Scenario(), **given})


def test_other_people_have_no_stories_in_common(two):
    other = changed(two["B"], {"population.recipients": 9})
    with pytest.raises(InvalidInput, match="same people"):
        find({"A": two["A"], "B": other}, "person", seeds=1)


def test_nothing_is_found_in_nothing(capsys):
    assert "find" in COMMANDS
    COMMANDS["find"](["--help"])
    assert "chain=longest" in capsys.readouterr().out


@pytest.mark.composes
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("peersim fin", ["find"]),
        ("peersim find ch", ["chain=longest", "chosen="]),
        ("peersim find chain=longest communities=[gr", ["communities=[group,", "communities=[group]"]),
        ("peersim find chain=longest see", ["seed=", "seeds="]),
    ],
)  # fmt: skip
def test_completion_knows_what_to_find(line, found):
    assert set(found) <= set(proposed(line, COMMANDS))


@pytest.mark.compiles
def test_the_longest_chain_is_the_longest(exaggerated):
    table = find(exaggerated, seeds=SEEDS, top=SEEDS)

    def length(seed):
        parent = parents(departures_of(peersim.simulate(exaggerated, seed).world))
        depth = [0 for _ in parent]
        for place in range(len(parent)):
            above = int(parent[place])
            while above >= 0:
                depth[place], above = depth[place] + 1, int(parent[above])
        return max(depth, default=-1) + 1

    lengths = {seed: length(seed) for seed in range(1, SEEDS + 1)}
    assert table["size"][0] == max(lengths.values()) >= 3
    assert dict(table["seed", "size"].rows()) == {
        seed: length for seed, length in lengths.items() if length > 1
    }
    assert set(table["of"]) == {SEEDS}


@pytest.mark.compiles
def test_it_begins_with_whom_it_names(exaggerated):
    row = find(exaggerated, seeds=SEEDS, top=1).row(0, named=True)
    run = peersim.simulate(exaggerated, row["seed"])
    begins = run.departures.filter(person=row["person"], week=row["week"])
    follows = run.departures.filter(caused_by=row["person"])
    assert begins.height >= 1
    assert follows.height >= 1


@pytest.mark.compiles
def test_the_largest_difference_is_that_of_the_runs(two):
    table = find(two, "difference", seeds=9, outcome="ties", week=7, top=9)
    gaps = np.subtract(
        *(peersim.ensemble(each, range(1, 10)).at(7, "ties") for each in two.values())
    )
    assert table["size"].to_list() == sorted(gaps[gaps != 0].tolist(), key=abs, reverse=True)
    assert set(table["week"]) == {7}


@pytest.mark.compiles
def test_the_most_different_person_is_among_all_people(two):
    table = find(two, "person", seeds=5, top=3)
    assert table["of"][0] == 5 * 17
    row = table.row(0, named=True)
    ends = [
        peersim.simulate(each, row["seed"]).people.filter(person=row["person"])
        for each in two.values()
    ]
    assert ends[0]["connectedness"][0] != ends[1]["connectedness"][0]
    assert table["size"].is_sorted(descending=True)


@pytest.mark.compiles
def test_findings_say_that_they_were_chosen(exaggerated):
    table = find(exaggerated, seeds=SEEDS, top=2)
    for shown in (repr(table), table._repr_html_()):
        assert "Exaggerated for demonstration" in shown
        assert "longest chains of departures of 24 imagined years" in shown


@pytest.mark.compiles
def test_the_command_shows_what_was_found(exaggerated, two, tmp_path):
    """The rank goes with the command into the folder it fills."""
    asked = [(exaggerated, "chain", {}), (two, "difference", {"outcome": "ties"})]
    for designs, what, more in asked:
        row = find(designs, what, seeds=SEEDS, top=1, **more).row(0, named=True)
        kind, scenario, options = read(f"{row['show']} out={tmp_path / what}")
        assert options.seed == row["seed"]
        assert chosen_for(options.chosen) == (what, row["rank"], row["of"])
        run_study(kind, scenario, options)
        assert "rank 1" in " ".join(read_manifest(tmp_path / what)["banners"])
    runs = read_results(tmp_path / "difference")["runs"]
    first, second = (runs.filter(design=name)["ties"][0] for name in "AB")
    assert first - second == pytest.approx(row["size"])


@pytest.mark.compiles
def test_both_faces_find_the_same(exaggerated, tmp_path):
    words = [f"{path}={value}" for path, value in settings(exaggerated).items()]
    line = shlex.join(
        ["peersim", "experiment=find", "chain=longest", f"seeds={SEEDS}", "top=3", *words]
    )
    kind, scenario, options = read(f"{line} out={tmp_path / 'found'}")
    assert run_study(kind, scenario, options) == 0
    there = read_results(tmp_path / "found")["found"]
    made = find(exaggerated, seeds=SEEDS, top=3)
    columns = ["rank", "of", "as_large", "seed", "size", "person", "show"]
    assert_frame_equal(there[columns], made[columns], check_dtypes=False)
