"""From what a user writes to a checked scenario: defaults, presets, mixes, events, people, and the
command line."""

import dataclasses
import itertools
import shlex
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from peersim import studies
from peersim.commands import cli
from peersim.commands.configuration import compose, config_type, folder_name, load_scenario, plan
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import duplicate, leaves
from peersim.model.programme import Organisation
from peersim.model.vocabulary import COMMUNITIES, EVENTS
from peersim.scenario.people_file import COLUMNS, read_population
from peersim.scenario.presets import config_folder, preset
from peersim.scenario.run_options import cores
from peersim.scenario.scenario import Scenario, actions, changed, check, epochs, without_programme
from peersim.scenario.typology import DESIGNS, ELEMENTS, getattr_path

pytestmark = pytest.mark.composes

CONFIGS = Path(config_folder())
PROJECTS = sorted(file.stem for file in (CONFIGS / "project").glob("*.yaml"))
EXAMPLE = CONFIGS / "examples" / "people.csv"
MIXES = [mix for size in (1, 2, 3, 4) for mix in itertools.combinations(COMMUNITIES, size)]
COMBINATIONS = [design.name for design in DESIGNS if design.name not in COMMUNITIES]


# -- loading -------------------------------------------------------------------------------------


def test_without_overrides_all_settings_have_their_defaults():
    assert load_scenario() == check(Scenario())


@pytest.mark.parametrize("mix", [*MIXES[:5], MIXES[-1]], ids="+".join)
def test_a_mix_comes_from_configuration_alone(mix):
    assert load_scenario([f"communities=[{','.join(mix)}]"]).communities == list(mix)


@pytest.mark.parametrize("project", PROJECTS)
def test_every_project_can_be_loaded_and_says_what_is_particular(project):
    scenario = load_scenario([f"project={project}"])
    assert scenario.communities
    text = (CONFIGS / "project" / f"{project}.yaml").read_text(encoding="utf-8").splitlines()
    assert text[0] == "# @package _global_"
    assert text[1].startswith("# ")
    if project != "none":
        assert any(line.startswith(("#   T", "#   P", "# T ")) for line in text)
        assert any("Assumed" in line for line in text)


@pytest.mark.parametrize("project", PROJECTS)
def test_a_preset_read_by_itself_is_the_project_of_the_command_line(project):
    assert changed(Scenario(), preset(project)) == load_scenario([f"project={project}"])


def test_the_projects_and_the_four_combinations_are_there():
    named = {
        "reden",
        "weshelter",
        "weshelter_women",
        "morgencafeen",
        "ung_til_ung",
        "paths_to_everyday_life",
    }
    assert {"none"} | named | set(COMBINATIONS) == set(PROJECTS) and len(COMBINATIONS) == 4


@pytest.mark.parametrize("name", COMBINATIONS)
def test_a_combination_is_the_same_as_a_project_and_as_a_design(name):
    (compared,) = [each for each in DESIGNS if each.name == name]
    scenario, built = load_scenario([f"project={name}"]), compared.of(check(Scenario()))
    assert scenario.communities == built.communities
    for path in {**ELEMENTS, **compared.elements}:
        assert getattr_path(scenario, path) == getattr_path(built, path), path


@pytest.mark.parametrize("project", ["weshelter", "weshelter_women"])
def test_weshelter_is_redesigned_in_the_middle_of_training(project):
    scenario = load_scenario([f"project={project}"])
    (event,) = scenario.events
    assert 1 < event["week"] <= scenario.training.weeks
    assert epochs(scenario)[1][1].communities == ["availability"]


@pytest.mark.parametrize(
    "experiment", studies.names()
)  # the others are examples: a kind of experiment with a scenario
def test_experiments_do_not_touch_the_scenario(experiment):
    assert load_scenario([f"experiment={experiment}"]) == check(Scenario())


def test_keys_of_a_run_make_no_difference_to_the_scenario():
    keys = ["seed=9", "replicates=3", "workers=1", "out=elsewhere", "tables=all"]
    assert load_scenario(keys) == load_scenario()


def test_overrides_win_over_the_project():
    assert load_scenario(["project=reden", "population.recipients=9"]).population.recipients == 9


def test_every_setting_has_the_same_default_in_the_schema():
    for path, leaf in leaves(Scenario).items():
        assert leaves(config_type())[path].get(config_type()()) == leaf.get(Scenario())


def test_values_are_plain_python():
    scenario = load_scenario(["events=[{week:12,set:{cafe.per_week:1}}]", "weeks=30"])
    assert type(scenario) is Scenario
    assert type(scenario.communities) is list and type(scenario.events[0]) is dict
    assert type(scenario.weeks) is int and type(scenario.group.hours) is float


def test_loading_works_in_threads():
    found = {}

    def load(size):
        found[size] = [load_scenario([f"group.size={size}"]).group.size for _ in range(3)]

    threads = [threading.Thread(target=load, args=(size,)) for size in (5, 6, 7)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert found == {size: [size] * 3 for size in (5, 6, 7)}


def test_loading_leaves_another_hydra_alone():
    from hydra import compose, initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra

    with initialize_config_dir(config_folder(), version_base="1.3"):
        assert load_scenario(["weeks=30"]).weeks == 30
        assert GlobalHydra.instance().is_initialized()
        assert compose("config", ["weeks=31"]).weeks == 31


def test_a_and_b_take_settings_and_projects():
    _, scenario, settings = plan(
        compose(["experiment=compare", "weeks=30", "a.project=reden", "b.group.size=6"])
    )
    reden = load_scenario(["project=reden", "weeks=30"])
    assert settings.arms["A"] == reden and settings.arms["B"] == changed(
        scenario, {"group.size": 6}
    )
    assert settings.arms["B"].weeks == 30


# -- changing ------------------------------------------------------------------------------------


def test_changed_is_a_copy():
    before = check(Scenario())
    after = changed(
        before, {"group.size": 9, "organisation": "integrated", "communities": ["group", "digital"]}
    )
    assert (after.group.size, after.organisation) == (9, Organisation.integrated)
    assert before == check(Scenario())
    after.group.hours, after.communities[0] = 5.0, "availability"
    assert (
        before.group.hours == Scenario().group.hours
        and before.communities == Scenario().communities
    )


def test_a_duplicate_shares_nothing_that_can_change():
    before = check(Scenario(events=[{"week": 3, "add": "group"}]))
    after = duplicate(before)
    assert after == before
    for field in dataclasses.fields(Scenario):
        if dataclasses.is_dataclass(getattr(before, field.name)) or field.name in (
            "events",
            "communities",
        ):
            assert getattr(after, field.name) is not getattr(before, field.name)


def test_numbers_from_numpy_are_understood():
    scenario = changed(
        Scenario(),
        {"group.size": np.float64(9.0), "group.hours": np.int64(3), "weeks": np.int32(20)},
    )
    assert (scenario.group.size, scenario.group.hours, scenario.weeks) == (9, 3.0, 20)
    assert (type(scenario.group.size), type(scenario.group.hours)) == (int, float)


def test_changing_is_quick_enough_for_sweeps():
    scenario = check(Scenario())
    best = min(_timed(lambda: changed(scenario, {"group.size": 9})) for _ in range(20))
    assert best < 0.002


def _timed(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def test_without_programme_keeps_people_and_weeks():
    scenario = load_scenario(["project=reden", "weeks=30", "events=[{week:3,add:group}]"])
    nothing = without_programme(scenario)
    assert (nothing.communities, nothing.events, nothing.weeks) == ([], [], 30)
    assert nothing.population == scenario.population
    assert (nothing.cafe.per_week, nothing.supervision.per_month, nothing.team.per_month) == (
        0,
        0,
        0,
    )
    assert scenario.communities == ["one_to_one"] and scenario.cafe.per_week == 1
    assert changed(nothing, {"weeks": 20}).communities == []


# -- events --------------------------------------------------------------------------------------

STORY = [
    {"week": 30, "funding_ends": True},
    {"week": 8, "switch": "one_to_one", "to": "availability"},
    {"week": 12, "set": {"cafe.per_week": 1, "organisation": "outreach"}},
    {"week": 12, "add": "group"},
    {"week": 20, "lose_supporters": 2},
    {"week": 25, "end": "availability"},
]


def test_epochs_say_what_is_in_force_from_which_week():
    scenario = changed(Scenario(), {"events": STORY})
    stages = epochs(scenario)
    assert [(week, stage.communities) for week, stage in stages] == [
        (0, ["one_to_one"]),
        (8, ["availability"]),
        (12, ["availability", "group"]),
        (25, ["group"]),
        (30, []),
    ]
    assert [stage.cafe.per_week for _, stage in stages] == [0, 0, 1, 1, 0]
    assert stages[2][1].organisation is Organisation.outreach
    assert scenario.cafe.per_week == 0 and len(scenario.events) == len(STORY)


def test_actions_are_numbers_in_the_order_of_weeks():
    found = actions(changed(Scenario(), {"events": STORY}))
    number = {name: COMMUNITIES.index(name) for name in COMMUNITIES}
    assert [(week, EVENTS[kind], a, b) for week, kind, a, b in found] == [
        (8, "switch", number["one_to_one"], number["availability"]),
        (12, "set", 0, 0),
        (12, "add", number["group"], 0),
        (20, "lose_supporters", 2, 0),
        (25, "end", number["availability"], 0),
        (30, "funding_ends", 0, 0),
    ]


def test_events_can_be_written_on_the_command_line():
    scenario = load_scenario(
        ["events=[{week: 12, set: {cafe.per_week: 1, group.size: 6}}, {week: 20, add: group}]"]
    )
    assert scenario.events[0] == {"week": 12, "set": {"cafe.per_week": 1, "group.size": 6}}


# -- the user's own people -----------------------------------------------------------------------


def people(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "people.csv"
    file.write_bytes(text.encode(encoding))
    return str(file)


def test_the_example_can_be_used(monkeypatch):
    monkeypatch.chdir(EXAMPLE.parent)
    scenario = load_scenario(["population.file=people.csv"])
    assert (scenario.population.recipients, scenario.population.supporters) == (12, 4)
    assert scenario.people.codes[0] == "R1" and scenario.people.codes[-1] == "S4"
    assert set(EXAMPLE.read_text().splitlines()[0].split(",")) <= set(COLUMNS)


def test_recipients_come_first_and_the_order_is_kept(tmp_path):
    table = read_population(
        people(tmp_path, "person,role\nS,supporter\nB,recipient\n,supporter\nA,recipient\n")
    )
    assert table.codes == ["B", "A", "S", "S2"]
    assert table.roles.tolist() == [0, 0, 1, 1]
    assert (table.recipients, table.supporters) == (2, 2)


def test_missing_columns_and_cells_are_left_to_be_drawn(tmp_path):
    table = read_population(
        people(tmp_path, "role,stage,hope\nrecipient,0.5,\nrecipient,NA,0.25\n\nsupporter\n")
    )
    assert set(table.columns) == {"stage", "hope"}
    np.testing.assert_array_equal(table.columns["stage"], [0.5, np.nan, np.nan])
    np.testing.assert_array_equal(table.columns["hope"], [np.nan, 0.25, np.nan])


def test_communities_are_bits_and_none_means_all(tmp_path):
    table = read_population(
        people(
            tmp_path,
            "role,communities\nrecipient,group;digital\nrecipient,\nrecipient,one_to_one\n",
        )
    )
    assert table.communities.tolist() == [2 + 8, 15, 1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_danish_spreadsheets_are_understood(tmp_path, encoding):
    text = 'Person;Role;Social anxiety;communities\r\nSøren;Recipient;0,75;"group;digital"\r\nÅse;supporter;;\r\n'
    table = read_population(people(tmp_path, text, encoding))
    assert table.codes == ["R1", "S1"] and table.code_of("Åse") == "S1"
    assert table.columns["social_anxiety"][0] == 0.75
    assert table.communities.tolist() == [10, 15]


@pytest.mark.parametrize(
    "name",
    ["deltagere på café.csv", "a=b.csv", "people (1).csv", "two, three.csv", "it's.csv", "~.csv"],
)
def test_files_may_have_any_name(tmp_path, monkeypatch, name, command_line):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text("role\nrecipient\nsupporter\n")
    ((_, scenario, settings),) = command_line(
        f"population.file={name}", "out=på café", "communities=[one_to_one]"
    )
    assert scenario.population.file == name and scenario.people.recipients == 1
    assert settings.out == "på café"
    assert f"population.file={name}" in " ".join(shlex.split(settings.command))


def test_several_files_can_be_run_in_turn(tmp_path, command_line):
    for name in ("å.csv", "b.csv"):
        (tmp_path / name).write_text("role\nrecipient\nsupporter\n")
    runs = command_line("-m", "population.file=å.csv,b.csv")
    assert [scenario.population.file for _, scenario, _ in runs] == ["å.csv", "b.csv"]


def test_the_people_stay_with_the_scenario_when_it_is_changed(tmp_path):
    scenario = load_scenario(
        [f"population.file={people(tmp_path, 'role\nrecipient\nsupporter\nsupporter\n')}"]
    )
    assert changed(scenario, {"weeks": 30}).people is scenario.people
    assert without_programme(scenario).people is scenario.people
    with pytest.raises(InvalidInput, match="comes from the file"):
        changed(scenario, {"population.recipients": 9})
    assert changed(scenario, {"population.file": None}).people is None


# -- the command line ----------------------------------------------------------------------------


@pytest.fixture
def command_line(monkeypatch, tmp_path):
    """Run the command line in this process, in an empty folder, with studies that only note what
    they are given."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    runs = []
    monkeypatch.setattr(
        "peersim.studies.run_study", lambda *given: runs.append(given) and None or 0
    )

    def run(*words):
        runs.clear()
        monkeypatch.setattr(sys, "argv", ["peersim", *words])
        cli.main()
        return list(runs)

    return run


def test_without_words_the_main_job_runs(command_line):
    ((study, scenario, settings),) = command_line()
    assert study == "main" and scenario == check(Scenario())
    assert (settings.seed, settings.replicates, settings.tables, settings.out) == (
        1,
        100,
        "first",
        "results",
    )
    assert (
        settings.workers == cores() and settings.command == "peersim" and settings.overrides == []
    )


def test_a_single_run_is_handed_over_as_written(command_line):
    words = [
        "experiment=single",
        "communities=[group,digital]",
        "seed=7",
        "workers=1",
        "out=results/mine",
    ]
    ((study, scenario, settings),) = command_line(*words)
    assert (study, scenario.communities) == ("single", ["group", "digital"])
    assert (settings.seed, settings.workers, settings.out) == (7, 1, "results/mine")
    assert (
        settings.command
        == "peersim experiment=single 'communities=[group,digital]' seed=7 workers=1 out=results/mine"
    )
    assert settings.overrides == words


def test_a_run_without_a_folder_gets_one_named_after_what_was_changed(command_line):
    ((_, _, settings),) = command_line("project=reden", "weeks=30", "workers=1")
    assert settings.out == "results/project-reden__weeks-30"


def test_nothing_is_written_by_the_command_line_itself(command_line, tmp_path):
    command_line("weeks=30")
    assert list(tmp_path.iterdir()) == []


def test_several_jobs_have_a_folder_each(command_line, tmp_path):
    runs = command_line("-m", "organisation=independent,outreach", "experiment=single", "out=mine")
    assert [settings.out for _, _, settings in runs] == [
        "mine/organisation-independent__experiment-single",
        "mine/organisation-outreach__experiment-single",
    ]
    assert [scenario.organisation.name for _, scenario, _ in runs] == ["independent", "outreach"]
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_a_folder_of_ones_own_adds_configurations(command_line, tmp_path):
    (tmp_path / "own" / "project").mkdir(parents=True)
    (tmp_path / "own" / "project" / "ours.yaml").write_text("# @package _global_\nweeks: 33\n")
    ((_, scenario, _),) = command_line("--config-dir", "own", "project=ours")
    assert scenario.weeks == 33
    runs = command_line("-m", "--config-dir", "own", "project=ours,none")
    assert [scenario.weeks for _, scenario, _ in runs] == [33, Scenario().weeks]


def test_a_scenario_can_be_loaded_inside_a_job(command_line, monkeypatch):
    found = []

    def run(name, scenario, options):
        found.append(load_scenario(["weeks=30"]).weeks)
        return 0

    monkeypatch.setattr("peersim.studies.run_study", run)
    command_line()
    assert found == [30]


def test_help_is_ours_and_short(command_line, capsys):
    for words in (["--help"], ["-h"], ["help"]):
        assert command_line(*words) == []
    text = capsys.readouterr().out
    assert "peersim project=reden" in text and "Powered by Hydra" not in text
    assert max(map(len, text.splitlines())) <= 120
    for project in PROJECTS:
        assert project in text


def test_the_whole_configuration_can_be_shown(command_line, capsys):
    assert command_line("--cfg", "job", "project=reden") == []
    assert "recipients: 8" in capsys.readouterr().out


def test_describe_is_a_command(command_line, capsys):
    assert command_line("describe", "group.size") == []
    assert "members (leaders apart)" in capsys.readouterr().out


def test_ctrl_c_ends_in_one_line(command_line, capsys, monkeypatch):
    def stop(name, scenario, options):
        raise KeyboardInterrupt

    monkeypatch.setattr("peersim.studies.run_study", stop)
    with pytest.raises(SystemExit) as left:
        command_line()
    assert left.value.code == 130
    assert capsys.readouterr().err == "peersim: stopped.\n"


def test_our_own_mistakes_are_not_hidden(command_line, monkeypatch):
    def fail(name, scenario, options):
        raise ZeroDivisionError

    monkeypatch.setattr("peersim.studies.run_study", fail)
    with pytest.raises(ZeroDivisionError):
        command_line()


def test_folder_names_can_be_given_back_as_out(command_line):
    ((_, _, settings),) = command_line(
        "experiment=single", "communities=[group,digital]", "weeks=30"
    )
    ((_, _, again),) = command_line(
        "experiment=single", "communities=[group,digital]", "weeks=30", f"out={settings.out}"
    )
    assert again.out == settings.out


def test_folder_names_are_readable_and_safe():
    assert folder_name([]) == ""
    assert (
        folder_name(["communities=[group, digital]", "out=x", "workers=2"])
        == "communities-group+digital"
    )
    assert folder_name(["events=[{week:12,add:group}]"]) == "events-week-12+add-group"
    assert "/" not in folder_name(["population.file=/a/b.csv"])
    assert len(folder_name([f"group.size={size}" for size in range(100)])) <= 120


def test_importing_a_scenario_does_not_import_faces_or_plots():
    heavy = ("mesa", "matplotlib", "polars", "hydra", "omegaconf", "pandas")
    code = f"import sys, peersim.scenario; print([name for name in {heavy} if name in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip()
        == "[]"
    )
