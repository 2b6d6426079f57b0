"""What a command line can hold that no user should need: settings of Hydra's, huge numbers, countless
jobs, values in the place of groups. Each is refused at once, in a sentence, with nothing written."""

import logging
import os
import sys
import time

import pytest

from peersim.commands import cli
from peersim.commands.configuration import load_scenario, quoted
from peersim.commands.overrides import refuse_too_many
from peersim.kernel.declaration import InvalidInput
from peersim.scenario.design import grid, lhs, morris, points, sobol
from peersim.scenario.scenario import Scenario, changed

HUGE = "9" * 400


@pytest.fixture
def say(monkeypatch, tmp_path, capsys):
    """Run the command line in an empty folder, up to where a study would begin; what it says."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(cli, "run", lambda kind, scenario, options: print(options.out) or 0)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["peersim", *words])
        before, start = sorted(tmp_path.rglob("*")), time.monotonic()
        try:
            cli.main()
            code = 0
        except SystemExit as left:
            code = left.code
        said = capsys.readouterr()
        assert sorted(tmp_path.rglob("*")) == before, "something was written"
        if code:
            assert (code, said.out) == (2, "") and said.err.count("\n") == 1, said.err
            assert len(said.err) < 500 and "Traceback" not in said.err
            assert time.monotonic() - start < 20
        return said.err or said.out

    return run


GROUPS = [
    ("cafe=${seed}", "cafe is a group of settings; set one of them, for example cafe.per_week."),
    ("cafe=${group}", "cafe is a group of settings"),
    ("population=${seed}", "population is a group of settings"),
    ("organisations.independent=${weeks}", "organisations.independent is a group of settings"),
    ("design.vary=${seed}", "design.vary is 1; it must hold settings by their names"),
    ("a=${seed}", "a is 1; it must hold settings by their names"),
    ("events=${seed}", "events is 1; it must be a list"),
    ("communities=${weeks}", "communities is 52; it must be a list"),
    ("cafe=${cafe}", "Recursive interpolation"),
]


@pytest.mark.parametrize(("word", "said"), GROUPS)
def test_nothing_else_comes_in_the_place_of_a_group(say, word, said):
    assert said in say(word)


@pytest.mark.parametrize("key", [
    "seed", "weeks", "replicates", "workers", "group.size", "cafe.per_week", "out", "project", "design.points",
    "experiment=staffing staffing.wait", "experiment=compare precision", "experiment=compare week",
])  # fmt: skip
@pytest.mark.parametrize("digits", [pytest.param(300, marks=pytest.mark.slow), 400, 5000])
def test_a_number_of_many_digits_is_refused_and_not_repeated(say, key, digits):
    words = f"{key}={'9' * digits}".split()
    assert "9" * 301 not in say(*words)


@pytest.mark.parametrize("word", [
    f"events=[{{week: {HUGE}, add: digital}}]", f"communities=[{HUGE}]", f"design.vary.weeks=[{HUGE}]", "weeks=1e400",
    f"weeks=-{HUGE}", f"design.bounds={{group.size: [{HUGE},{HUGE}]}}",
])  # fmt: skip
def test_so_is_one_inside_a_list(say, word):
    say("experiment=sweep", word)


LONG = [
    ("weeks", 10**400), ("group.size", 10**5000), ("cafe.per_week", 10**400), ("cafe.per_week", -(10**400)),
    ("organisation", 10**5000), ("communities", [10**5000]), ("events", [{"week": 10**5000, "add": "group"}]),
    ("population.file", "9" * 5000), ("group.size", "9" * 5000), ("events", ["9" * 5000]),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(LONG)))
def test_from_python_as_well(number):
    path, value = LONG[number]
    with pytest.raises(InvalidInput) as refused:
        changed(Scenario(), {path: value})
    assert len(str(refused.value)) < 600


def test_a_list_that_is_too_long_for_a_command_line_is_refused_at_once(say):
    values = ",".join(str(2 + k % 50) for k in range(20_000))
    assert "design.vary.weeks is 56819 characters long" in say(f"design.vary.weeks=[{values}]")
    assert "design.vary is" in say(f"design.vary={{weeks: [{values}]}}")


JOBS = [
    (["weeks=range(1,1e9)"], "asks for 999999999 jobs"),
    (["weeks=range(1,1e9,1e-9)"], "asks for 1e+18 jobs"),
    (["weeks=range(1,1000)", "seed=range(1,1000)"], "asks for 998001 jobs"),
    (["seed=" + ",".join(map(str, range(101))), "weeks=range(2,102)"], "asks for 10100 jobs"),
    ([f"weeks=range(1,{'9' * 300})"], "asks for 1e+300 jobs"),
    (["weeks=range(10,1e9,-1)"], "asks for no job"),
    (["weeks=glob(*)"], "asks for no job"),
    (["seed=range(1,5,0)"], "must not be zero"),
    (["weeks=interval(1,2)"], "INTERVAL_SWEEP"),
]


@pytest.mark.parametrize(("words", "said"), JOBS, ids=range(len(JOBS)))
def test_jobs_are_counted_before_they_are_listed(say, words, said):
    assert said in say("-m", *words)


def test_as_many_jobs_as_anybody_wants_are_allowed():
    refuse_too_many(["seed=range(1,101)", "weeks=range(1,101)", "cafe.per_week=1"])


@pytest.mark.parametrize("make", [
    lambda: grid({"weeks": range(10**9)}), lambda: grid(dict.fromkeys(("weeks", "group.size", "cafe.per_week"), [3] * 101)),
    lambda: lhs(Scenario(), ["group"], points=10**9), lambda: sobol(Scenario(), ["group"], samples=2**40),
    lambda: morris(Scenario(), ["group"], trajectories=10**9), lambda: lhs(Scenario(), ["group"], points=2.5),
    lambda: lhs(Scenario(), ["group"], points=4, seed=-1), lambda: morris(Scenario(), ["group"], seed=1.5),
    lambda: sobol(Scenario(), ["group"], seed=None), lambda: sobol(Scenario(), ["group"], samples=None),
    lambda: lhs(Scenario(), ["group"], points=4, seed=True), lambda: points([{"weeks": 10**400}]),
])  # fmt: skip
def test_a_design_is_not_larger_than_can_be_run(make):
    with pytest.raises(InvalidInput):
        make()


OF_HYDRA = [
    "hydra.run.dir=/tmp/elsewhere", "+hydra.run.dir=x", "++hydra.run.dir=x", "hydra.output_subdir=x", "hydra={run: {dir: x}}",
    "hydra/job_logging=default", "hydra/hydra_logging=colorlog", "hydra/launcher=joblib", "hydra/sweeper=basic",
    "+hydra.callbacks.x={_target_: os.system, command: touch x}", "hydra.searchpath=[pkg://antigravity]", "hydra.sweep.dir=x",
    "hydra.job.chdir=true", "+hydra.job.env_set.PATH=x", "+experiment@hydra.run=main", "+experiment@_global_.hydra.run=main",
    "hydra.launcher._target_=os.system", "hydra.sweeper.params={seed: 1}", "hydra.job_logging.root.level=DEBUG", "hydra.foo=3",
]  # fmt: skip


@pytest.mark.parametrize("word", OF_HYDRA)
def test_settings_that_run_code_or_write_elsewhere_are_refused(say, word):
    assert "cannot be set: it would change what is run, or where files are written" in say(word)
    with pytest.raises(InvalidInput, match="cannot be set"):
        load_scenario([word])


OPTIONS = [
    "--experimental-rerun=run.pickle", "--experimental-r=run.pickle", "--config-name=project/reden", "--config-n=x", "-cn=x",
    "--config-path=own", "-cp=own",
]  # fmt: skip


@pytest.mark.parametrize("word", OPTIONS)
def test_options_that_load_something_else_are_refused(say, word):
    assert "is not for peersim" in say(word) and "is not for peersim" in say("seed=3", word)


@pytest.mark.parametrize(("subdir", "is_inside"), [
    ("../elsewhere", False), ("/tmp/elsewhere", False), ("${hydra.job.num}/../../elsewhere", False), ("run", True), ("${hydra.job.num}", True),
])  # fmt: skip
def test_jobs_stay_in_their_folder(monkeypatch, tmp_path, capsys, subdir, is_inside):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "run", lambda kind, scenario, options: print(options.out) or 0)
    monkeypatch.setattr(sys, "argv", ["peersim", "-m", "seed=1,2", f"hydra.sweep.subdir={subdir}"])
    if is_inside:
        cli.main()
        assert len(capsys.readouterr().out.splitlines()) == 6
        return
    with pytest.raises(SystemExit):
        cli.main()
    assert "which is not in results" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


OWN = {
    "callback": "hydra:\n  callbacks:\n    x:\n      _target_: os.mkdir\n      path: elsewhere\n",
    "ours": "hydra:\n  callbacks:\n    check_all_jobs:\n      _target_: os.getcwd\n",
    "sweeper": "hydra:\n  sweeper:\n    _target_: os.mkdir\n    path: elsewhere\n",
    "launcher": "hydra:\n  launcher:\n    _target_: os.mkdir\n    path: elsewhere\n",
    "variables": "hydra:\n  job:\n    env_set:\n      PEERSIM_ODD: odd\n",
    "run": "hydra:\n  run:\n    dir: elsewhere\n  output_subdir: elsewhere\n",
    "logging": "hydra:\n  job_logging:\n    root:\n      handlers: [file]\n    handlers:\n      file:\n"
    "        class: logging.FileHandler\n        filename: elsewhere\n",
    "searching": "hydra:\n  searchpath: [pkg://antigravity]\n",
    "target": "_target_: os.mkdir\n",
    "inside": "cafe:\n  _target_: os.mkdir\n",
    "event": "events:\n  - {_target_: os.mkdir, path: elsewhere}\n",
}


LAST_WORD = ("run", "ours")  # about these peersim's own configuration has it


@pytest.mark.parametrize(
    ("name", "several"),
    [(name, False) for name in OWN]
    + [("callback", True)]
    + [pytest.param(name, True, marks=pytest.mark.slow) for name in OWN if name not in LAST_WORD],
)
def test_a_file_of_ones_own_changes_nothing_of_it(say, tmp_path, name, several):
    (tmp_path / "own" / "project").mkdir(parents=True)
    file = tmp_path / "own" / "project" / f"{name}.yaml"
    file.write_text(f"# @package _global_\n{OWN[name]}")
    words = ["-m", f"project={name}", "seed=1,2"] if several else [f"project={name}"]
    if name in LAST_WORD:
        assert say("--config-dir", str(tmp_path / "own"), *words) == f"results/project-{name}\n"
        return
    before = len(logging.getLogger().handlers)
    assert say("--config-dir", str(tmp_path / "own"), *words).startswith("peersim: ")
    assert "PEERSIM_ODD" not in os.environ and "antigravity" not in sys.modules
    assert len(logging.getLogger().handlers) == before


def test_options_and_settings_stand_in_any_order(say, tmp_path):
    (tmp_path / "own" / "project").mkdir(parents=True)
    (tmp_path / "own" / "project" / "good.yaml").write_text("# @package _global_\nweeks: 30\n")
    own = str(tmp_path / "own")
    assert say("project=good", "--config-dir", own) == "results/project-good\n"
    assert say("--config-dir", own, "project=good", "seed=2") == "results/project-good__seed-2\n"


@pytest.mark.parametrize("name", ["true", "1e3", "007", "nan", "-1", "1_000", ".5", "12."])
def test_a_folder_can_be_called_like_a_number(name):
    assert quoted(f"out={name}") == f"out='{name}'"


def test_it_stays_that_folder(say):
    assert say("experiment=single", "out=1e3") == "1e3\n"
    assert "no file called true." in say("population.file=true")


@pytest.mark.parametrize(("word", "said"), [
    ("project=Morgencaféen", "Did you mean morgencafeen?"), ("project=Réden", "Did you mean reden?"), ("engine=dask²", "Did you mean dask?"),
    ("experiment=spredning af frafald", "experiment has no option"), ("weeks=måske", "weeks=måske cannot be read"),
    ('events=[{"week": 12, "add": "digital"}]', "names of keys stand without quotation marks"),
    ("events=[{'week': 12, add: digital}]", "names of keys stand without quotation marks"),
    ('design.vary={"weeks": [3]}', "names of keys stand without quotation marks"),
])  # fmt: skip
def test_the_advice_fits_what_was_written(say, word, said):
    assert said in say(word)
