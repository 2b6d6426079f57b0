"""Whatever the user gets wrong ends in one or two sentences, exit code 2, no traceback, and nothing
written."""

import re
import subprocess
import sys

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from peersim.commands import cli
from peersim.commands.configuration import load_scenario
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.scenario.people_file import read_population
from peersim.scenario.scenario import Scenario, changed
from peersim.studies import options_of

pytestmark = pytest.mark.composes

EXAMPLE = "role,social_anxiety\nrecipient,0.5\nsupporter,0.2\n"


@pytest.fixture
def complaint(monkeypatch, tmp_path, capsys):
    """Run the command line in an empty folder; give back what it says when it refuses."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")

    def refuse(*words):
        before = sorted(tmp_path.rglob("*"))
        monkeypatch.setattr(sys, "argv", ["peersim", *words])
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        assert left.value.code == 2
        assert said.out == ""
        assert sorted(tmp_path.rglob("*")) == before, "something was written"
        assert said.err.startswith("peersim: ") and said.err.endswith("\n")
        assert said.err.count("\n") == 1, said.err
        assert len(re.findall(r"[.?](?= [A-Z`]|$)", said.err.strip())) <= 3, said.err
        for word in (
            "Traceback",
            "omegaconf",
            "ConfigKeyError",
            "full_key",
            "object_type",
            "Error(",
        ):
            assert word not in said.err
        return said.err

    return refuse


def refusal(function, *arguments):
    """What a function says when it refuses, in one line."""
    with pytest.raises(InvalidInput) as refused:
        function(*arguments)
    said = str(refused.value)
    assert "\n" not in said
    return said


WRONG = [
    # misspelt
    ("seeed=3", "no setting called seeed. Did you mean seed?"),
    ("grup.size=3", "Did you mean group.size?"),
    ("group.sise=3", "Did you mean group.size?"),
    ("recipients=30", "Did you mean population.recipients?"),
    ("+typo=1", "no setting called typo"),
    ("++group.typo=1", "no setting called group.typo"),
    ("+people=1", "no setting called people"),
    ("~group.size", "would remove a setting"),
    ("~project", "would remove a setting"),
    # unknown options
    ("project=redn", "Did you mean reden?"),
    ("project=null", "project=none"),
    ("experiment=mian", "Did you mean main?"),
    ("organisation=integratd", "Did you mean integrated?"),
    ("organisation=null", "independent, outreach or integrated"),
    ("availability.variant=teacher", "availability or instructor"),
    ("kind=mian", "Did you mean main?"),
    ("tables=frist", "Did you mean first?"),
    ("communities=[group,digtal]", "Did you mean digital?"),
    # wrong type
    ("seed=abc", "seed is abc; it must be a whole number"),
    ("weeks=3.5", "weeks is 3.5; it must be a whole number from 1 to 1040"),
    ("weeks=null", "weeks is null"),
    ("group.size=many", "whole number from 3 to 30"),
    ("group.hours=long", "number from 0.5 to 6"),
    ("group.hours=.nan", "group.hours is .nan"),
    ("group.hours=nan", "group.hours is nan"),
    ("group.hours=inf", "group.hours is inf"),
    ("one_to_one.rematch=maybe", "true or false"),
    ("communities=group", "must be a list"),
    ("communities=null", "must be a list"),
    ("group=3", "group of settings"),
    ("group=null", "group of settings"),
    ("events=3", "must be a list"),
    ("cafe.per_week=0,5", "decimals with a point (0.5)"),
    ("weeks=20,30", "add -m"),
    ("out=null", "out is null"),
    # out of bounds
    ("group.size=99", "it can be 3 to 30"),
    ("weeks=0", "it can be 1 to 1040"),
    ("population.recipients=0", "it can be 1 to"),
    ("population.supporters=-1", "it can be 0 to"),
    ("seed=-1", "seed is -1; it can be a whole number from 0 to"),
    ("replicates=0", "it can be a whole number from 1 to"),
    ("workers=-2", "it can be a whole number from 0 to"),
    ("out=''", "out is empty"),
    # what does not go together
    ("communities=[]", "communities is empty"),
    ("communities=[group,group]", "twice"),
    ("group.minimum=9", "group.minimum is 9, but group.size is 8"),
    (
        "availability.shortest_talk=2",
        "availability.shortest_talk is 2, but availability.longest_talk is 1",
    ),
    (
        "availability.class_minimum=12",
        "availability.class_minimum is 12, but availability.class_size is 10",
    ),
    # not to be read
    ("=3", "cannot be read"),
    ("weeks=3,", "cannot be read"),
    ("communities=[group", "cannot be read"),
    ("communities=[group,", "lists without blanks"),
    ("group.size=${breadth}", "${breadth} refers to a setting that does not exist"),
    ("seed=???", "seed has no value"),
    # words
    ("descrbe", "no command called descrbe. Did you mean describe?"),
    ("run", "no command called run"),
    ("--frobnicate", "Unrecognized arguments: --frobnicate"),
    ("--config-name=study", "--config-name is not for peersim"),
    ("--config-dir=nowhere", "no folder"),
]


@pytest.mark.parametrize(("word", "said"), WRONG, ids=[word for word, _ in WRONG])
def test_wrong_words(complaint, word, said):
    assert said in complaint(word)


def test_more_leaders_than_supporters(complaint):
    said = complaint("communities=[group]", "group.leaders=3", "population.supporters=2")
    assert "group.leaders is 3, but population.supporters is 2" in said


def test_leaders_count_where_an_event_adds_a_group(complaint):
    assert "population.supporters is 1" in complaint(
        "population.supporters=1", "events=[{week:12,add:group}]"
    )


def test_a_word_without_value_among_settings(complaint):
    assert "weeks cannot be read" in complaint("seed=1", "weeks")


EVENTS = [
    ("{week:12,ad:group}", "Did you mean add?"),
    ("{week:12}", "must say one thing"),
    ("{week:12,add:group,end:digital}", "must say one thing"),
    ("{add:group}", "week must be a whole number from 1 to 52"),
    ("{week:99,add:group}", "week must be a whole number from 1 to 52"),
    ("{week:2.5,add:group}", "week must be a whole number"),
    ("{week:12,add:grup}", "Did you mean group?"),
    ("{week:12,add:one_to_one}", "already running"),
    ("{week:12,end:digital}", "not running then"),
    ("{week:12,switch:one_to_one}", "needs to"),
    ("{week:12,switch:one_to_one,to:one_to_one}", "to itself"),
    ("{week:12,switch:group,to:digital}", "not running then"),
    ("{week:12,lose_supporters:0}", "whole number from 1"),
    ("{week:12,funding_ends:false}", "can only be true"),
    ("{week:12,set:{grup.size:3}}", "Did you mean group.size?"),
    ("{week:12,set:{group.size:300}}", "it can be 3 to 30"),
    ("{week:12,set:{population.recipients:3}}", "fixed from the start"),
    ("{week:12,set:{weeks:3}}", "fixed from the start"),
    ("{week:12,set:3}", "set needs settings"),
    ("group", "each event says when and what"),
]


@pytest.mark.parametrize(("event", "said"), EVENTS, ids=[event for event, _ in EVENTS])
def test_wrong_events(event, said):
    written = OverridesParser.create().parse_override(f"events=[{event}]").value()
    assert said in refusal(changed, Scenario(), {"events": written})


def test_a_wrong_event_on_the_command_line(complaint):
    assert "Did you mean add?" in complaint("events=[{week:12,ad:group}]")


FILES = {
    "typo": (
        "# @package _global_\ngroup:\n  sise: 3\n",
        "In project/typo.yaml: There is no setting called group.sise",
    ),
    "kind": (
        "# @package _global_\ngroup:\n  size: many\n",
        "In project/kind.yaml: group.size is many",
    ),
    "option": (
        "# @package _global_\norganisation: inn\n",
        "In project/option.yaml: organisation is inn",
    ),
    "group": ("# @package _global_\ngroup: 3\n", "group of settings"),
    "bracket": (
        "# @package _global_\ncommunities: [group\nweeks: 4\n",
        "own/project/bracket.yaml, line 3",
    ),
    "tab": ("# @package _global_\nweeks: 3\n\tx: 4\n", "own/project/tab.yaml, line 3"),
    "twice": ("# @package _global_\nweeks: 3\nweeks: 4\n", "duplicate key weeks"),
    "list": ("# @package _global_\n- a\n", "not a list"),
    "headless": (
        "weeks: 40\n",
        "project/headless.yaml must begin with the line `# @package _global_`",
    ),
    "empty": ("", "must begin with the line"),
    "lost": (
        "# @package _global_\ndefaults:\n  - nosuch\n",
        "In project/lost.yaml: There is no configuration called",
    ),
    "pointer": (
        "# @package _global_\nweeks: ${nope}\n",
        "${nope} refers to a setting that does not exist",
    ),
    "bounds": ("# @package _global_\nweeks: 4000\n", "it can be 1 to 1040"),
}


@pytest.mark.parametrize("name", FILES)
def test_wrong_configuration_files(complaint, tmp_path, name):
    text, said = FILES[name]
    (tmp_path / "own" / "project").mkdir(parents=True)
    (tmp_path / "own" / "project" / f"{name}.yaml").write_text(text)
    assert said in complaint("--config-dir", "own", f"project={name}")


def test_a_configuration_file_that_is_not_utf8(complaint, tmp_path):
    (tmp_path / "own" / "project").mkdir(parents=True)
    (tmp_path / "own" / "project" / "latin.yaml").write_bytes(
        "# @package _global_\n# å\n".encode("latin-1")
    )
    assert "UTF-8" in complaint("--config-dir", "own", "project=latin")


SWEEPS = [
    (["organisation=independent,outrech"], "Did you mean outreach?"),
    (["group.size=5,99"], "it can be 3 to 30"),
    (["seeed=1,2"], "Did you mean seed?"),
    (["project=none,redn"], "Did you mean reden?"),
    (["weeks=30,40", "+typo=1"], "no setting called typo"),
    (["weeks=30,40", "tables=frist"], "Did you mean first?"),
    (["weeks=30,40", "~group"], "would remove"),
    (["population.supporters=10,1", "communities=[group]"], "group.leaders is 2"),
    (["population.file=a.csv,b.csv"], "no file called a.csv"),
    (["weeks=range(3"], "cannot be read"),
    (["weeks=30,40", "hydra/launcher=none"], "hydra/launcher cannot be set"),
]


@pytest.mark.parametrize(("words", "said"), SWEEPS, ids=[" ".join(words) for words, _ in SWEEPS])
def test_all_jobs_are_checked_before_the_first_one_runs(complaint, words, said):
    assert said in complaint("-m", *words)


TABLES = [
    ("", "is empty"),
    ("stag,role\n0.5,recipient\n", "a column stag that is not understood. Did you mean stage?"),
    ("person,rol\nA,recipient\n", "Did you mean role?"),
    ("person,stage\nA,0.5\n", "no column called role"),
    ("role,stage,stage\nrecipient,0.5,0.5\n", "column stage twice"),
    ("role\nsupporter\n", "no recipient"),
    ("role\n", "no recipient"),
    (
        "role\nrecipient\nhelper\n",
        "row 3: role is helper; it must be recipient, supporter or asked",
    ),
    ("role,stage\nrecipient,0.5\n,0.5\n", "row 3: role is empty"),
    ("role,stage\nrecipient,1.5\n", "row 2: stage is 1.5; it must be a number from 0 to 1"),
    ("role,stage\n\nrecipient,high\n", "row 3: stage is high; it must be a number from 0 to 1"),
    ("role,spare_hours\nrecipient,41\n", "number from 0 to 40"),
    ("role,outside_ties\nrecipient,-1\n", "number from 0 to 30"),
    ("role,arrival_week\nrecipient,0\n", "number from 1 to 1040"),
    ("role,arrival_week\nrecipient,1.5\n", "whole number of weeks"),
    ("role,hope\nrecipient,inf\n", "number from 0 to 1"),
    ("role,communities\nrecipient,group;digtal\n", "Did you mean digital?"),
    ("person,role\nA,recipient\nA,supporter\n", "row 3: the person is already in row 2"),
    ("role,stage\nrecipient,0.5,0.6\n", "more cells than columns"),
    ("role,stage\nrecipient,0,5\n", "more cells than columns"),
    ("role;stage\nrecipient;0,55;x\n", "more cells than columns"),
]


@pytest.mark.parametrize(("text", "said"), TABLES, ids=[repr(text) for text, _ in TABLES])
def test_wrong_people(tmp_path, text, said):
    (tmp_path / "people.csv").write_text(text)
    assert said in refusal(read_population, str(tmp_path / "people.csv"))


def test_wrong_people_on_the_command_line(complaint, tmp_path):
    (tmp_path / "people.csv").write_text("role\nrecipient\nhelper\n")
    assert "row 3: role is helper" in complaint("population.file=people.csv")


def test_a_table_that_is_not_there(complaint, tmp_path):
    (tmp_path / "people.csv").write_text(EXAMPLE)
    assert "Did you mean people.csv?" in complaint("population.file=peple.csv")
    assert "cannot be read" in complaint(f"population.file={tmp_path}")


def test_a_table_that_is_no_table(complaint, tmp_path):
    (tmp_path / "people.xlsx").write_bytes(b"PK\x03\x04\x00\x00\xff\xfe role")
    assert "people.xlsx" in complaint("population.file=people.xlsx")


def test_results_cannot_go_into_a_file(complaint, tmp_path):
    (tmp_path / "results").write_text("mine")
    assert "results is a file" in complaint("out=results/today")


def test_from_python_the_same_sentences_come_as_invalid_input():
    for word, said in WRONG[::5]:  # each way of being wrong
        if "=" in word and not word.startswith(
            ("--", "kind", "tables", "seed=-1", "replicates", "workers", "out")
        ):
            assert said in refusal(load_scenario, [word]), word


@pytest.mark.parametrize(
    "path", [path for path, leaf in leaves(Scenario).items() if leaf.is_declared]
)
def test_every_parameter_refuses_what_is_outside_its_bounds(path):
    leaf = leaves(Scenario)[path]
    beyond = "nonsense" if leaf.options else leaf.field.metadata["high"] + 1
    with pytest.raises(InvalidInput, match=re.escape(path)):
        changed(Scenario(), {path: beyond})
    with pytest.raises(InvalidInput, match=re.escape(path)):
        changed(Scenario(), {path: None})


def test_settings_of_a_run_are_checked_in_python_too():
    with pytest.raises(InvalidInput, match="replicates"):
        options_of("single")(replicates=0).checked()


@pytest.mark.parametrize("words", [["-m", "group.size=5,99"], ["describe", "grup"]], ids=" ".join)
def test_as_a_program_of_its_own(words, tmp_path):
    command = [sys.executable, "-m", "peersim.commands.cli", *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("peersim: ") and done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


# -- sweeps, comparing, sensitivity --------------------------------------------------------------

SWEEP, COMPARE, SENSITIVITY = "experiment=sweep", "experiment=compare", "experiment=sensitivity"
WRONG_QUESTIONS = [
    ((SWEEP,), "experiment=sweep needs points to visit"),
    ((SWEEP, "design=grid"), "design.vary is empty"),
    ((SWEEP, "design=lsh"), "Did you mean lhs?"),
    ((SWEEP, "design=pawn", "design.of=x"), "experiment=sweep needs points to visit"),
    ((SWEEP, "design.vary.grup.size=[6]"), "Did you mean design.vary.group.size?"),
    ((SWEEP, "design.vary.group=[6]"), "design.vary.group is a group of settings"),
    ((SWEEP, "design.vary.group.size=99"), "it can be 3 to 30"),
    ((SWEEP, "design.vary=3"), "it must hold settings by their names"),
    ((SWEEP, "design=lhs"), "design.over is empty"),
    ((SWEEP, "design=lhs", "design.over=[grop]"), "Did you mean group?"),
    ((SWEEP, "design=lhs", "design.pionts=3"), "Did you mean design.points?"),
    (
        (SWEEP, "design=lhs", "design.over=[group]", "design.trajectories=3"),
        "it belongs to design=morris",
    ),
    (
        (SWEEP, "design=lhs", "design.over=[group]", "design.bounds.group.size=[2,9]"),
        "it can be 3 to 30",
    ),
    ((SWEEP, "design.vary.group.size=[6]", "a.group.size=8"), "it belongs to experiment=compare"),
    ((SWEEP, "design.vary.group.size=[6]", "engine=dsk"), "Did you mean dask?"),
    ((SWEEP, "design.vary.weeks=[6]", "engine=dask"), "needs the address of a scheduler"),
    (
        (SWEEP, "design.vary.weeks=[6]", "engine=dask", "engine.address=tcp://127.0.0.1:9"),
        "No Dask scheduler",
    ),
    ((SWEEP, "design.vary.group.size=[6]", "engine.address=x"), "it belongs to engine=dask"),
    (
        ("-m", SWEEP, "seed=1,2", "design.vary.group.sise=[6]"),
        "Did you mean design.vary.group.size?",
    ),
    (("design=grid", "design.vary.group.size=[6]"), "or experiment=sweep"),
    (("a.communities=[group]",), "it belongs to experiment=compare"),
    (("engine=dask",), "or experiment=sweep"),
    ((COMPARE, "a.comunities=[group]"), "Did you mean a.communities?"),
    ((COMPARE, "a.communities=[grup]"), "In a: communities holds grup"),
    ((COMPARE, "b.project=redn"), "In b: project has no option redn"),
    ((COMPARE, "a=3"), "it must hold settings by their names"),
    ((COMPARE, "precision=-1"), "it must be more than 0"),
    ((COMPARE, "precision=x"), "it must be a number"),
    ((COMPARE, "outcomes=[conectedness]"), "Did you mean connectedness?"),
    ((COMPARE, "week=99"), "it can be 0 to 52"),
    ((SENSITIVITY, "design=pawn"), "needs the folder of a sweep"),
    ((SENSITIVITY, "design=sobol", "design.samples=1000"), "for example 1024"),
]


@pytest.mark.parametrize(
    ("words", "expected"), WRONG_QUESTIONS, ids=[" ".join(words) for words, _ in WRONG_QUESTIONS]
)
def test_questions_that_cannot_be_meant(complaint, words, expected):
    assert expected in complaint(*words)
