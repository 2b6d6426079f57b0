"""Designs as files: what the page saves runs on the command line and gives the page's numbers; what is
opened is checked. And the line for SØM.
"""

import csv
import io
import re
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import peersim
from peersim.app import designs
from peersim.app.refusals import Refused
from peersim.faces import soem
from peersim.faces.answers.years import imagine
from peersim.kernel.catalogue import speaking
from peersim.kernel.paths import leaves
from peersim.kernel.statistics import interval
from peersim.scenario.plausible_sets import sets_for
from peersim.scenario.presets import preset
from peersim.scenario.scenario import Scenario, changed, without_programme

WHO = {
    "population.recipients": 12,
    "population.supporters": 5,
    "population.arrival_weeks": 2,
    "weeks": 14,
}
A = {**WHO, "training.form": "webinar"}
B = {
    **WHO, "communities": ["one_to_one", "group"], "group.size": 5, "group.open": True, "cafe.per_week": 0.75,
    "organisation": "integrated", "departure.drift": 1e-5,
    "events": [{"week": 3, "add": "digital"}, {"week": 5, "lose_supporters": 2}, {"week": 6, "set": {"group.hours": 1.5, "training.form": "webinar"}},
               {"week": 8, "switch": "one_to_one", "to": "availability"}, {"week": 9, "leave": "R3"}, {"week": 12, "funding_ends": True}],
}  # fmt: skip
YAML = {"content-type": "application/yaml"}


def opened(served, text):
    return served.client.post("/api/1/design", content=text.encode(), headers=YAML)


def test_what_is_saved_opens_as_it_was(served):
    text = served.post("design.yaml", {"a": A, "b": B, "pairs": 30, "first_seed": 5}).text
    found = opened(served, text).json()
    assert found["a"] == A and found["b"] == B
    assert (found["pairs"], found["first_seed"], found["parameters"]) == (30, 5, "plausible")
    assert found["left_out"] == []


@pytest.mark.slow
def test_what_the_page_saves_runs_on_the_command_line_and_gives_its_numbers(served, tmp_path):
    said = {"a": A, "b": B, "pairs": 30, "first_seed": 5}
    folder = tmp_path / "mine" / "project"
    folder.mkdir(parents=True)
    (folder / "my_design.yaml").write_text(served.post("design.yaml", said).text, "utf-8")
    command = [sys.executable, "-m", "peersim.commands.cli", "--config-dir", "mine", "project=my_design", "experiment=compare", "out=out"]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    table = pl.read_parquet(tmp_path / "out" / "differences.parquet")
    rows = {row["outcome"]: row for row in table.rows(named=True)}
    outcomes = [name for name in rows if name in ("isolated", "retained", "hope", "cost", "strain")]
    assert len(outcomes) >= 4
    answer = served.lines({**said, "outcomes": outcomes})[-1]["outcomes"]
    for name in outcomes:
        row = rows[name]  # the command takes A less B
        ends = [-row["difference"], -row["high"], -row["low"]]
        assert answer[name]["difference"] == pytest.approx(ends, abs=1e-4)


def test_the_command_line_understands_what_is_saved(served, tmp_path, monkeypatch):
    """The same, without running it: both designs and all options arrive."""
    from peersim.commands.configuration import plan, register, scenario_of  # noqa: F401

    text = served.post("design.yaml", {"a": A, "b": B, "pairs": 30, "first_seed": 5}).text
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "mine.yaml").write_text(text, "utf-8")
    found = planned(tmp_path, "mine")
    assert found.a == changed(Scenario(), A) and found.b == changed(Scenario(), B)
    assert (found.replicates, found.seed, found.parameters) == (30, 5, "plausible")


def planned(folder, name):
    """What ``peersim --config-dir FOLDER project=NAME experiment=compare`` would run."""
    from hydra import compose, initialize_config_dir

    from peersim.commands.configuration import VERSION_BASE, _own_hydra, plan, register
    from peersim.scenario.presets import config_folder

    register()
    with _own_hydra(), initialize_config_dir(config_folder(), version_base=VERSION_BASE):
        way = f"hydra.searchpath=[file://{folder}]"
        node = compose("config", [way, f"project={name}", "experiment=compare"])
    return plan(node)[2]


SETTINGS = [
    path for path, leaf in leaves(Scenario).items()
    if leaf.is_declared and path not in ("weeks", *(f"{a}.{b}" for a, b in (("group", "minimum"), ("group", "size"), ("availability", "class_minimum"), ("availability", "class_size"), ("availability", "shortest_talk"), ("availability", "longest_talk"), ("group", "leaders"), ("population", "supporters"), ("population", "recipients"), ("population", "asked"))))
]  # fmt: skip


@st.composite
def chosen(draw):
    found = dict(WHO)
    for path in draw(st.lists(st.sampled_from(SETTINGS), max_size=6)):
        leaf = leaves(Scenario)[path]
        low, high = leaf.field.metadata["low"], leaf.field.metadata["high"]
        value = (
            st.sampled_from(leaf.options) if leaf.options
            else st.booleans() if leaf.type is bool
            else st.integers(int(low), int(high)) if leaf.type is int
            else st.floats(low, high, allow_subnormal=False)
        )  # fmt: skip
        found[path] = draw(value)
    return found


@settings(
    max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(a=chosen(), b=chosen())
def test_any_design_comes_back_as_it_was(a, b):
    both = {"a": changed(Scenario(), a), "b": changed(Scenario(), b)}
    found = designs.read(designs.written(both, {"seed": 3}).encode())
    assert found["first_seed"] == 3
    for name, scenario in both.items():
        assert changed(Scenario(), found[name]) == scenario


@pytest.mark.parametrize("language", ["en", "da"])
def test_the_file_says_how_to_run_it(served, language):
    text = served.client.post(f"/api/1/design.yaml?language={language}", json={}).text
    assert text.startswith("# @package _global_\n# ") and "peersim --config-dir" in text


def test_a_project_of_the_command_line_opens_as_both_designs(served):
    file = "# @package _global_\n" + (
        "communities: [one_to_one]\npopulation:\n  recipients: 8\ncafe:\n  per_week: 1\n"
    )
    found = opened(served, file).json()
    assert found["a"] == found["b"] == {"population.recipients": 8, "cafe.per_week": 1.0}
    named = opened(
        served, "a:\n  project: reden\nb:\n  project: reden\n  cafe.per_week: 0.0\n"
    ).json()
    assert changed(Scenario(), named["a"]) == changed(Scenario(), preset("reden"))
    assert changed(Scenario(), named["b"]).cafe.per_week == 0


def test_what_a_file_says_besides_is_named_and_left_out(served):
    text = "population: {recipients: 9, file: /etc/passwd, codes: x}\nprecision: 0.1\ndesign: {kind: lhs}\nhydra: {run: {dir: /}}\na: {colour: red}\n"
    found = opened(served, text).json()
    assert found["left_out"] == [
        "population.file", "population.codes", "precision", "design", "hydra", "colour",
    ]  # fmt: skip
    assert found["a"] == {"population.recipients": 9}


@pytest.mark.parametrize(
    "text",
    ["- a list", "just words", "", "a: [", "a: &x {b: *x}", "x: &a [1]\ny: [*a, *a]", "1: 2", "project: ../../etc", "a: {project: nothing_there}",
     "!!python/object/apply:os.system ['echo']", "\x00", "[" * 3000, "<<: {a: 1}", "weeks: !!binary x"],
)  # fmt: skip
def test_what_is_no_design_is_refused(served, text):
    answer = opened(served, text)
    if answer.status_code == 200:
        assert answer.json()["a"] == answer.json()["b"] == {}
    else:
        assert answer.status_code == 422 and answer.json()["error"]["code"] in (
            "bad_file",
            "unknown_setting",
        )


def test_nothing_of_this_machine_gets_into_a_design(served, monkeypatch):
    monkeypatch.setenv("SECRET", "hush")
    answer = opened(served, "group: {size: '${oc.env:SECRET}'}\n")
    assert answer.status_code == 422 and "hush" not in answer.text


def test_a_setting_out_of_bounds_is_refused_with_its_path(served):
    said = opened(served, "b: {group: {size: 99}}\n").json()["error"]
    assert (said["code"], said["path"], said["high"]) == ("out_of_bounds", "b.group.size", "30")


def test_a_short_file_cannot_grow_without_end():
    text = "a0: &a0 [x]\n" + "".join(f"a{k}: &a{k} [*a{k - 1}, *a{k - 1}]\n" for k in range(1, 40))
    with pytest.raises(Refused):
        designs.read(text.encode())


# -- events: the timeline of the page and the file say the same -----------------------------------
def test_events_are_those_of_a_file(served):
    found = opened(served, served.post("design.yaml", {"a": WHO, "b": B}).text).json()
    assert found["b"]["events"] == B["events"] and "events" not in found["a"]


@pytest.mark.compiles
def test_events_have_the_same_effect_as_in_python(served):
    line = served.lines({"a": WHO, "b": B, "pairs": 10, "parameters": "defaults"})[-1]
    runs = peersim.ensemble(changed(Scenario(), B), range(1, 11))
    ends = np.sort(runs.at(None, "retained"))
    assert line["outcomes"]["retained"]["b"][2][-1] == pytest.approx(ends[5], abs=1e-4)


# -- SØM ------------------------------------------------------------------------------------------
@pytest.mark.compiles
@pytest.mark.parametrize("outcome", soem.SUCCESSES)
def test_the_net_rate_is_the_paired_difference_to_no_programme(served, outcome):
    body = {"a": WHO, "b": B, "pairs": 20, "week": 14, "outcome": outcome}
    numbers = served.post("soem", body).json()["b"]["numbers"]
    longer = changed(changed(Scenario(), B), {"weeks": 104})
    sets = sets_for("plausible", (changed(Scenario(), WHO), changed(Scenario(), B)))
    with_it = peersim.ensemble(longer, range(1, 21), parameters=sets)
    without = peersim.ensemble(without_programme(longer), range(1, 21), parameters=sets)
    net = without.at(14, outcome) - with_it.at(14, outcome)
    assert numbers["net"] == pytest.approx([net.mean(), *interval(net)], abs=1e-4)
    assert numbers["with"] - numbers["without"] == pytest.approx(net.mean(), abs=2e-4)
    later = without.at(78, outcome) - with_it.at(78, outcome)
    assert numbers["lasts"]["78"] == pytest.approx(later.mean(), abs=1e-4)
    assert numbers["a_year"] == round(with_it.at(52, "cost").mean())


@pytest.fixture(scope="module")
def line():
    scenario = changed(Scenario(), B)
    longer, without = soem.designs_for(scenario, 14)
    years, nothing = (imagine(each, range(1, 9), [{}]) for each in (longer, without))
    return soem.line(years, nothing, "isolated", 14, 12)


@pytest.mark.compiles
@pytest.mark.parametrize("language", ["en", "da"])
def test_the_table_opens_with_danish_separators_and_always_says_what_it_is(line, language):
    with speaking(language):
        found = soem.as_data(line)
    rows = list(csv.reader(io.StringIO(found["csv"].removeprefix("\ufeff")), delimiter=";"))
    assert found["csv"].startswith("\ufeff") and {len(row) for row in rows} == {5}
    shares = [cell for row in rows for cell in row[1:4] if "," in cell]
    assert shares and all(re.fullmatch(r"-?\d+,\d+", cell) for cell in shares)
    texts = {name: text for name, _, text in found["rows"]}
    assert (
        re.search(r"1.3", texts["level"]) and texts["consequences"] == texts["target_group"] == ""
    )
    assert f"{line.week}" in texts["success"] and peersim.__version__ in texts["premises"]
    assert found["tsv"].count("\t") == len(rows) == len(found["rows"])
    assert not any("{" in text for _, label, text in found["rows"] for text in (label, text))


@pytest.mark.compiles
def test_who_completed_is_compared_with_themselves():
    scenario = changed(Scenario(), WHO)
    longer, without = soem.designs_for(scenario, 14)
    years, nothing = (imagine(each, range(1, 9), [{}]) for each in (longer, without))
    done = years.people["completed"]
    assert (done <= years.people["reached"]).all(), "nobody completes what they have not begun"
    rates = [
        (nothing.people["isolated"][k][done[k]].astype(float) - years.people["isolated"][k][done[k]]).mean()
        for k in range(8) if done[k].any()
    ]  # fmt: skip
    found = soem.line(years, nothing, "isolated", 104, 12).numbers["net_of_completed"]
    assert found[0] == pytest.approx(np.mean(rates), abs=1e-4)


# -- refusals -------------------------------------------------------------------------------------
GROUP = {**WHO, "communities": ["group"]}
REFUSED = [
    {**GROUP, "population.supporters": 1},
    {**GROUP, "population.supporters": 0, "population.asked": 1},
    {**GROUP, "group.minimum": 9, "group.size": 8},
    {**GROUP, "availability.shortest_talk": 2.0, "availability.longest_talk": 1.5},
    {**GROUP, "group.size": 999},
    {**WHO, "events": [{"week": 3, "end": "group"}]},
    {**WHO, "events": [{"week": 3, "add": "one_to_one"}]},
    {**WHO, "events": [{"week": 3, "funding_ends": True}, {"week": 5, "end": "one_to_one"}]},
    {**WHO, "events": [{"week": 3, "end": "one_to_one"}, {"week": 5, "switch": "one_to_one", "to": "group"}]},
]  # fmt: skip
RAW = re.compile(r"[a-z]+_[a-z_]+|\b[a-z]+\.[a-z_]+\b|[{}`]")
"""A setting, a community, or braces as somebody types them."""


@pytest.mark.parametrize("language", ["da", "en"])
def test_what_a_page_may_choose_is_refused_in_its_own_words(served, language):
    for design in REFUSED:
        answer = served.post(f"compare?language={language}", {"a": design, "b": WHO, "pairs": 2})
        said = answer.json()["error"]["message"]
        assert answer.status_code == 422 and not RAW.search(said), said
        if language == "da":
            assert said.startswith(("I A ", "Pladser i gruppen")), said
    for levers in (["digital.moderation"], ["group.size"]):
        body = {"a": WHO, "b": {**WHO, "cafe.per_week": 1}, "levers": levers}
        answer = served.post(f"share?language={language}", body)
        assert answer.status_code == 422 and not RAW.search(answer.json()["error"]["message"])
