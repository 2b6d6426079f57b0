"""The main job and its relatives: the same people, fair hours, a table that fits."""

import numpy as np
import polars as pl
import pytest

import peersim
from peersim.kernel.catalogue import say
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.plain_data import flat, plain
from peersim.results.folder import read_results
from peersim.run.simulation import simulate
from peersim.scenario.scenario import Scenario, changed
from peersim.scenario.typology import (
    COMBINATIONS,
    DESIGNS,
    NO_PROGRAMME,
    designs_for,
    mixes_for,
    set_back,
)
from peersim.studies import run_study
from peersim.studies.main.arms import solve
from peersim.studies.main.options import Options
from peersim.studies.main.study import own_label

pytestmark = pytest.mark.compiles


@pytest.mark.parametrize("design", COMBINATIONS, ids=lambda design: design.name)
def test_a_combination_is_the_project_of_its_name(design):
    asked = dict(flat(plain(peersim.load_scenario([f"project={design.name}"]))))
    built = dict(flat(plain(design.of(Scenario()))))
    assert {path: (asked[path], built[path]) for path in asked if asked[path] != built[path]} == {}


def test_a_pure_type_has_none_of_the_elements():
    cafe = changed(Scenario(), {"cafe.per_week": 2.0, "page.contact": 0.1})
    built = {name: scenario for name, (_, scenario) in designs_for(cafe, None).items()}
    assert built["one_to_one"].cafe.per_week == 0
    assert built["group"].page.contact == 0
    assert built["one_to_one_with_group_element"].cafe.per_week == 2.0  # the user's own
    assert built["group_with_one_to_one_and_virtual_element"].page.contact == 0.1


def test_what_does_not_hold_in_every_design_is_said():
    """A setting is never set back silently: where a design lacks it, a sentence names both."""
    cafe = changed(Scenario(), {"cafe.per_week": 2.0, "events": [{"week": 9, "add": "digital"}]})
    found = dict(set_back(cafe, designs_for(cafe, "Your design")))
    element, events = found["element"], found["events"]
    assert (element["path"], element["value"]) == ("cafe.per_week", 2.0)
    assert "One-to-one" in element["designs"] and "One-to-one + café" not in element["designs"]
    assert "Your design" not in element["designs"] + events["designs"]
    assert len(events["designs"]) == len(DESIGNS) and events["n"] == 1
    assert "cafe.per_week=2" in say("study.set_back.element", **element)
    assert "One-to-one" in say("study.set_back.events", **events)
    assert set_back(Scenario(), designs_for(Scenario(), None)) == []
    assert [key for key, _ in set_back(cafe, mixes_for(cafe))] == ["events"]


def test_only_events_that_concern_all_designs_are_kept():
    events = [{"week": 5, "add": "digital"}, {"week": 8, "lose_supporters": 2}]
    scenario = changed(Scenario(), {"communities": ["group"], "events": events})
    found = designs_for(scenario, "Your design")
    assert all(found[design.name][1].events == events[1:] for design in DESIGNS)
    assert found["your_design"][1].events == events
    assert found[NO_PROGRAMME][1].events == []


def test_each_design_meets_the_same_people(small):
    people = [
        simulate(scenario, 4).people.select(
            "person", "role", "social_anxiety", "stage", "experience_x", "outside_ties"
        )
        for _, scenario in designs_for(small(), None).values()
    ]
    assert all(frame.equals(people[0]) for frame in people[1:])


def test_no_programme_is_the_same_on_both_bases(study):
    runs = read_results(study())["runs"].filter(pl.col("design") == NO_PROGRAMME)
    parts = [part.drop("run", "basis") for part in runs.partition_by("basis")]
    assert parts[0].equals(parts[1])


def test_hours_are_equal_or_it_is_said(small, tmp_path):
    """In a year; in fourteen weeks designs stop at what few people and short courses can take."""
    options = Options(seed=3, replicates=8, workers=2, out=str(tmp_path / "out"))
    run_study("main", small(weeks=52), options)
    designs = read_results(tmp_path / "out")["designs"].filter(
        pl.col("basis") == "equal hours", ~pl.col("reference")
    )
    assert designs["target_hours"].n_unique() == 1
    for row in designs.iter_rows(named=True):
        assert row["reached"] == (abs(row["hours"] / row["target_hours"] - 1) <= 0.05)
    assert designs["reached"].sum() >= 5


def test_results_do_not_depend_on_the_number_of_workers(study, tmp_path, small):
    folder = tmp_path / "out"
    run_study("main", small(), Options(seed=3, replicates=4, workers=1, out=str(folder)))
    again, before = read_results(folder), read_results(study())
    for name, frame in again.items():
        if name != "runs":
            assert frame.equals(before[name]), name
    assert again["runs"].drop("config_hash").equals(before["runs"].drop("config_hash"))
    assert (folder / "figures" / "effects.svg").read_bytes() == (
        study() / "figures" / "effects.svg"
    ).read_bytes()


@pytest.mark.parametrize(
    ("hours_at", "target"),
    [
        (lambda intensity: 60 * (1 - np.exp(-intensity)), 25),
        (lambda intensity: 30 * intensity**0.4, 20),
        (lambda intensity: 30 * intensity**0.4, 60),
        (lambda intensity: 60 * intensity * np.exp(-intensity / 2) / np.exp(-0.5), 30),
        (lambda intensity: 5 + 25 * intensity, 90),
    ],
)
def test_the_intensity_that_brings_the_hours_is_found(hours_at, target):
    assert hours_at(solve(hours_at, target, (1.0, hours_at(1.0)), 0.1, 10.0)) == pytest.approx(
        target, rel=0.03
    )


@pytest.mark.parametrize(
    ("hours_at", "target", "nearest"),
    [(lambda i: 30 * i**0.4, 500, 75.4), (lambda i: 20 + i, 5, 20.1), (lambda i: 0.0, 50, 0.0)],
)
def test_hours_out_of_reach_are_approached(hours_at, target, nearest):
    found = solve(hours_at, target, (1.0, hours_at(1.0)), 0.1, 10.0)
    assert 0.1 <= found <= 10
    assert hours_at(found) == pytest.approx(nearest, abs=0.1)


@pytest.mark.parametrize(
    ("overrides", "label"),
    [
        ([], None),
        (["weeks=30"], None),
        (["project=none"], None),
        (["communities=[group]"], "Your design"),
        (["project=reden", "weeks=30"], "Your design (reden)"),
    ],
)
def test_the_users_own_design_is_added_where_there_is_one(overrides, label):
    assert own_label(overrides) == label


def test_an_unknown_study_is_refused(small):
    with pytest.raises(InvalidInput, match="kind is typology"):
        run_study("typology", small(), None)


@pytest.mark.parametrize(
    "changes",
    [
        {"population.recipients": 1},
        {"population.supporters": 0, "group.leaders": 0},
        {"weeks": 1},
        {"population.trait_spread": 0.1, "population.experience_spread": 0.0},
    ],
    ids=["one recipient", "no supporters", "one week", "all alike"],
)
def test_unusual_programmes_are_reported_too(changes, small, tmp_path):
    scenario = changed(small(), changes)
    run_study("main", scenario, Options(seed=1, replicates=2, workers=2, out=str(tmp_path / "out")))
    assert (tmp_path / "out" / "report.html").is_file()
    assert read_results(tmp_path / "out")["reach"].height == 9 * 2 * 3 * 3 * 3
