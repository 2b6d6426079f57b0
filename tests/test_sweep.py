"""Sweeps: never lost, never twice, and the same tables whatever happened on the way."""

import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from peersim import read_results, simulate, sweep
from peersim.commands import cli
from peersim.engine.sweeps.job import Stopped
from peersim.engine.sweeps.workload import Workload
from peersim.kernel.declaration import InvalidInput
from peersim.scenario.design import arms, grid, lhs
from peersim.scenario.scenario import changed

pytestmark = pytest.mark.compiles

REPLICATES = 250
VARY = {
    "group.size": [4, 5, 6, 7],
    "group.hours": [1.0, 2.0, 3.0],
    "organisation": ["independent", "integrated"],
}
SCRIPT = """
import sys, peersim
base = peersim.changed(peersim.Scenario(), {small!r})
peersim.sweep(base, {vary!r}, replicates={replicates}, seed=3, workers=int(sys.argv[2]), out=sys.argv[1], tables="first")
"""  # on purpose without `if __name__ == "__main__"`


@pytest.fixture(scope="module")
def base(small):
    return small(communities=["group"])


@pytest.fixture(scope="module")
def whole(base, tmp_path_factory):
    """Sweep once without interruption and give the folder."""
    out = tmp_path_factory.mktemp("sweep") / "whole"
    sweep(
        base,
        VARY,
        replicates=REPLICATES,
        seed=3,
        out=str(out),
        tables="first",
        progress=lambda runs: None,
    )
    return out


def _same_tables(one, other):
    names = sorted(path.name for path in one.glob("*.parquet"))
    assert names == ["points.parquet", "runs.parquet", "summary.parquet", "weekly.parquet"]
    assert sorted(path.name for path in other.glob("*")) == sorted(
        path.name for path in one.glob("*")
    )
    for name in names:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def _begin(out, workers, tmp_path):
    """Start the sweep of `whole` in another process, from a script."""
    from small_scenarios import SMALL

    small = SMALL | {"communities": ["group"]}
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(small=small, vary=VARY, replicates=REPLICATES))
    return subprocess.Popen(
        [sys.executable, str(script), str(out), str(workers)], stderr=subprocess.PIPE
    )


def _parts(out):
    return sorted((out / "parts").glob("runs-*.parquet"))


def _children(pid):
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
        except (OSError, ValueError):
            continue
    return found + [below for child in found for below in _children(child)]


# -- whatever happens on the way -----------------------------------------------------------------


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_a_killed_driver_loses_nothing(workers, base, whole, tmp_path):
    out = tmp_path / "out"
    driver = _begin(out, workers, tmp_path)
    while len(_parts(out)) < 3:
        assert driver.poll() is None, driver.stderr.read().decode()
        time.sleep(0.02)
    below = _children(driver.pid)
    driver.kill()
    driver.wait()
    kept, total = len(_parts(out)), Workload.of(base, grid(VARY), 3, REPLICATES, "first").batches
    assert (
        3 <= kept < total and json.loads((out / "manifest.json").read_text())["status"] == "running"
    )
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in below):
        assert time.monotonic() < until, "workers outlive their driver"
        time.sleep(0.05)
    new = []
    sweep(
        base,
        VARY,
        replicates=REPLICATES,
        seed=3,
        out=str(out),
        tables="first",
        workers=workers,
        progress=new.append,
    )
    assert sum(new) == (total - kept) * Workload.of(base, grid(VARY), 3, REPLICATES, "first").size
    _same_tables(whole, out)


def test_a_killed_worker_loses_nothing(base, whole, tmp_path):
    killed = []

    def kill_one(runs):
        if not killed:
            worker = multiprocessing.active_children()[0]
            os.kill(worker.pid, signal.SIGKILL)
            killed.append(worker.pid)

    sweep(
        base,
        VARY,
        replicates=REPLICATES,
        seed=3,
        out=str(tmp_path / "out"),
        tables="first",
        workers=2,
        progress=kill_one,
    )
    assert killed
    _same_tables(whole, tmp_path / "out")


def test_ctrl_c_says_how_to_go_on(base, whole, tmp_path):
    def interrupt(runs):
        raise KeyboardInterrupt

    ask = {"replicates": REPLICATES, "seed": 3, "out": str(tmp_path / "out"), "tables": "first"}
    with pytest.raises(Stopped, match=r"runs are kept in .*out; the same command goes on"):
        sweep(base, VARY, workers=2, progress=interrupt, **ask)
    assert _parts(tmp_path / "out") and not (tmp_path / "out" / "runs.parquet").exists()
    sweep(base, VARY, progress=lambda runs: None, **ask)
    _same_tables(whole, tmp_path / "out")


def test_a_part_that_was_half_written_does_not_count(base, tmp_path):
    ask = {"replicates": 300, "out": str(tmp_path / "out"), "progress": lambda runs: None}
    sweep(base, {"group.size": [4, 5]}, **ask)
    before = (tmp_path / "out" / "runs.parquet").read_bytes()
    manifest = tmp_path / "out" / "manifest.json"
    manifest.write_text(
        manifest.read_text().replace('"status": "completed"', '"status": "running"')
    )
    (tmp_path / "out" / "parts").mkdir()
    (tmp_path / "out" / "parts" / "runs-000000.parquet.new").write_bytes(before[:100])
    sweep(base, {"group.size": [4, 5]}, **ask)
    assert (tmp_path / "out" / "runs.parquet").read_bytes() == before


@pytest.mark.parametrize(
    "moment", ["peersim.results.folder.write_manifest", "peersim.engine.sweeps.parts.Parts.remove"]
)
def test_an_end_in_the_last_moment_loses_nothing(moment, base, tmp_path, monkeypatch):
    """Tables are joined but the manifest does not say so yet; or it does, but parts are still
    there."""
    from peersim.results import folder as results

    def dies(*arguments):
        if moment.endswith("write_manifest") and arguments[1]["status"] == "running":
            return results_write(*arguments)
        raise SystemExit

    ask = {"replicates": 30, "tables": "first", "progress": lambda runs: None}
    results_write = results.write_manifest
    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(moment, dies)
        sweep(base, {"group.size": [4, 5]}, out=str(tmp_path / "out"), **ask)
    assert (tmp_path / "out" / "parts").exists()
    sweep(base, {"group.size": [4, 5]}, out=str(tmp_path / "out"), **ask)
    sweep(base, {"group.size": [4, 5]}, out=str(tmp_path / "whole"), **ask)
    _same_tables(tmp_path / "whole", tmp_path / "out")


def test_a_finished_sweep_is_read_and_not_run_again(base, whole):
    new, changed_at = [], (whole / "runs.parquet").stat().st_mtime_ns
    tables = sweep(
        base,
        VARY,
        replicates=REPLICATES,
        seed=3,
        out=str(whole),
        tables="first",
        progress=new.append,
    )
    assert not new and (whole / "runs.parquet").stat().st_mtime_ns == changed_at
    assert tables["runs"].equals(read_results(whole)["runs"])


@pytest.mark.parametrize(("more", "words"), [
    ({"seed": 4}, "seed is 3 there, 4 now"),
    ({"replicates": 9}, "replicates is 250 there, 9 now"),
    ({"design": {**VARY, "group.size": [4, 5]}}, "design.vary.group.size"),
    ({"tables": "all"}, "tables is first there, all now"),
])  # fmt: skip
def test_another_sweep_in_the_same_folder_is_refused(base, whole, more, words):
    ask = {
        "design": VARY,
        "replicates": REPLICATES,
        "seed": 3,
        "out": str(whole),
        "tables": "first",
    } | more
    with pytest.raises(InvalidInput, match=words):
        sweep(base, **ask)


def test_other_rules_do_not_go_on_where_these_were(base, whole, tmp_path):
    shutil.copytree(whole, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text()) | {
        "rules": "0",
        "status": "running",
    }
    (tmp_path / "out" / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InvalidInput, match="another version of the model"):
        sweep(base, VARY, replicates=REPLICATES, seed=3, out=str(tmp_path / "out"), tables="first")


def test_two_calls_do_not_share_a_folder(base, tmp_path):
    def once_more(runs):
        sweep(base, {"group.size": [4, 5]}, replicates=300, out=str(tmp_path / "out"))

    with pytest.raises(InvalidInput, match="another call at this moment"):
        sweep(
            base,
            {"group.size": [4, 5]},
            replicates=300,
            out=str(tmp_path / "out"),
            progress=once_more,
        )


# -- what stands in the tables -------------------------------------------------------------------


def test_tables_hold_what_single_runs_say(base):
    tables = sweep(base, VARY, replicates=2, seed=3, tables="all", progress=lambda runs: None)
    runs = tables["runs"]
    assert runs.height == 48 and runs.sort("point", "seed").equals(runs)
    row = runs.row(17, named=True)
    point = {path: row[path] for path in VARY}
    one = simulate(changed(base, point), row["seed"]).weekly.filter(pl.col("community") == "all")
    last = one.filter(pl.col("week") == base.weeks)
    for outcome, value in last.select("outcome", "value").iter_rows():
        assert row[outcome] == value, outcome
    weekly = tables["weekly"].filter(
        (pl.col("point") == row["point"]) & (pl.col("seed") == row["seed"])
    )
    story = one.filter(pl.col("outcome") == "connectedness").sort("week")["value"]
    assert weekly["connectedness"].to_list() == story.to_list()
    of_point = runs.filter(point=row["point"])["connectedness"].to_numpy()
    found = tables["summary"].filter(
        (pl.col("point") == row["point"]) & (pl.col("outcome") == "connectedness")
    )
    assert found["mean"].item() == pytest.approx(of_point.mean(), rel=1e-14)
    assert found["sd"].item() == pytest.approx(of_point.std(ddof=1), rel=1e-12)


def test_a_point_too_large_for_one_batch_has_the_same_tables(base, tmp_path, monkeypatch):
    def all_tables(which):
        return sweep(
            base, {"group.size": [4, 6, 8]}, replicates=7, tables=which, progress=lambda runs: None
        )

    whole, several = all_tables("first"), all_tables("all")
    monkeypatch.setattr("peersim.engine.sweeps.workload.MOST_RUNS", 3)
    divided = all_tables("first")
    assert divided["runs"].equals(whole["runs"]) and divided["summary"].equals(whole["summary"])
    means = (
        several["weekly"]
        .group_by("point", "week")
        .agg(pl.col("hope", "strain").mean())
        .sort("point", "week")
    )
    for weekly in (whole["weekly"], divided["weekly"]):
        for outcome in ("hope", "strain"):
            assert np.allclose(
                weekly[outcome].to_numpy(), means[outcome].to_numpy(), rtol=1e-12, equal_nan=True
            )


def test_weeks_may_vary_and_arms_stand_side_by_side(base):
    both = {"A": {"communities": ["group"]}, "B": {"communities": ["one_to_one"]}}
    tables = sweep(
        base,
        arms(grid({"weeks": [5, 9]}), both),
        replicates=2,
        tables="first",
        progress=lambda runs: None,
    )
    assert tables["points"].rows() == [(0, "A", 5), (1, "B", 5), (2, "A", 9), (3, "B", 9)]
    assert tables["weekly"].group_by("point").len().sort("point")["len"].to_list() == [6, 6, 10, 10]


def test_every_column_is_described(whole):
    described = pl.read_csv(whole / "data_dictionary.csv")
    for name, frame in read_results(whole).items():
        assert set(frame.columns) <= set(
            described.filter(pl.col("table").is_in([name, "outcomes"]))["column"]
        ) | set(described.filter(pl.col("column").is_in(frame.columns))["column"])


# -- runs that fail ------------------------------------------------------------------------------


def test_a_run_that_fails_is_a_row_and_the_rest_go_on(base, tmp_path):
    with pytest.warns(UserWarning, match="2 of 6 runs failed"):
        tables = sweep(
            base,
            {"group.size": [5, 3, 6], "group.minimum": [4]},
            replicates=2,
            out=str(tmp_path / "o"),
        )
    failed = tables["runs"].filter(status="failed")
    assert failed["point"].to_list() == [1, 1] and failed["connectedness"].null_count() == 2
    assert set(failed["error"]) == {
        "group.minimum is 4, but group.size is 3; it cannot be more than that."
    }
    assert failed["reproduce"][1] == f"peersim rerun {tmp_path / 'o'} point=1 seed=2"
    assert tables["runs"].filter(status="completed").height == 4
    assert (
        json.loads((tmp_path / "o" / "manifest.json").read_text())["status"]
        == "completed with failures"
    )


@pytest.mark.slow
def test_a_run_that_kills_its_workers_is_a_row_too(base, monkeypatch):
    monkeypatch.setattr("peersim.engine.sweeps.job.run_batch", _poisoned)
    with pytest.warns(UserWarning, match="1 of 8 runs failed"):
        tables = sweep(
            base,
            {"group.size": [5, 6]},
            replicates=4,
            workers=2,
            tables="first",
            progress=lambda runs: None,
        )
    (row,) = tables["runs"].filter(status="failed").rows(named=True)
    assert (row["point"], row["seed"]) == (1, 2) and "died" in row["error"]
    assert tables["runs"].filter(status="completed").height == 7


def _poisoned(bases, works, tables):
    from peersim.engine.sweeps.batch import run_batch

    if any(work.changes == {"group.size": 6} and 2 in work.seeds for work in works):
        os.kill(os.getpid(), signal.SIGKILL)
    return run_batch(bases, works, tables)


def test_a_design_of_which_nothing_can_run_is_refused_before_anything_is_written(base, tmp_path):
    with pytest.raises(InvalidInput, match=r"group\.minimum is 4"):
        sweep(
            base, {"group.size": [3], "group.minimum": [4]}, replicates=2, out=str(tmp_path / "o")
        )
    assert not (tmp_path / "o").exists()


# -- memory --------------------------------------------------------------------------------------


def _resident(pid):
    (line,) = [
        line
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    ]
    return int(line.split()[1]) / 1024


def test_memory_of_driver_and_workers_stays_flat(base, tmp_path):
    seen = []

    def look(runs):
        pids = [os.getpid(), *(child.pid for child in multiprocessing.active_children())]
        seen.append([_resident(pid) for pid in pids])

    sweep(
        base,
        lhs(base, ["group", "departure"], 150),
        replicates=50,
        workers=2,
        out=str(tmp_path / "out"),
        progress=look,
    )
    assert len(seen) == 15
    for before, after in zip(seen[4], seen[-1], strict=True):
        assert after - before < 15, f"{before:.0f} MB grew to {after:.0f} MB"


def test_a_log_says_how_far_it_is_and_how_long_it_will_take(base, monkeypatch, capsys):
    monkeypatch.setattr("peersim.engine.sweeps.progress.EVERY", 0.0)
    sweep(base, {"group.size": [4, 5, 6]}, replicates=500)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3 and re.fullmatch(
        r"3 points: 500 of 1,500 runs, about [\d.]+ (s|min) left", lines[0]
    )


# -- the command line ----------------------------------------------------------------------------


@pytest.fixture
def command_line(monkeypatch, tmp_path):
    from small_scenarios import SMALL

    def run(*words):
        small = [f"{path}={value}" for path, value in SMALL.items()]
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(
            sys, "argv", ["peersim", "experiment=sweep", "communities=[group]", *small, *words]
        )
        try:
            cli.main()
        except SystemExit as left:
            return left.code
        return 0

    return run


def test_a_sweep_from_the_command_line(command_line, tmp_path, capsys):
    words = ["design=grid", "design.vary.group.size=[4,5]", "replicates=3", "workers=1", "out=r"]
    assert command_line(*words) == 0
    shown = capsys.readouterr().out
    assert "group.size" in shown and "r/report.html" in shown
    assert command_line(*words) == 0 and "nothing was left to run" in capsys.readouterr().out
    assert read_results(tmp_path / "r")["runs"].height == 6


def test_failed_runs_end_in_exit_code_1(command_line, capsys):
    assert (
        command_line(
            "design.vary.group.size=[3,5]", "group.minimum=4", "replicates=2", "workers=1", "out=r"
        )
        == 1
    )
    assert "peersim: 2 of 4 runs failed" in capsys.readouterr().err


def test_several_sweeps_in_a_row_are_read_as_one(command_line, tmp_path):
    words = [
        "-m",
        "organisation=independent,integrated",
        "design=lhs",
        "design.over=[group.hours]",
        "design.points=2",
    ]
    assert command_line(*words, "replicates=2", "workers=1", "out=several") == 0
    runs = read_results(tmp_path / "several")["runs"]
    assert runs.height == 8 and set(runs["organisation"]) == {"independent", "integrated"}
    assert runs.group_by("organisation").agg(pl.col("point").n_unique())["point"].to_list() == [
        2,
        2,
    ]
