"""What a disk does to results: full, read-only, damaged, cut off in the middle, shared by two."""

import contextlib
import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

import peersim
from peersim import InvalidInput, read_results
from peersim.commands import cli
from peersim.engine.sweeps import parts
from peersim.results import disk
from peersim.results.disk import claimed, is_sealed, put, put_sealed, refusal, unsealed
from peersim.results.folder import MANIFEST, STAGING, staged
from peersim.studies import options_of, run_study

pytestmark = pytest.mark.compiles

VARY = {"group.size": [4, 5, 6], "group.hours": [1.0, 2.0]}
ASKED = {"replicates": 250, "tables": "first", "progress": lambda runs: None}
NOW = "2026-01-01T00:00:00+00:00"


@pytest.fixture(scope="module")
def base(small):
    return small(communities=["group"])


@pytest.fixture(scope="module")
def whole(base, tmp_path_factory):
    """Sweep once without interruption, and keep the parts."""
    out = tmp_path_factory.mktemp("disk") / "whole"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts.Parts, "remove", lambda self: None)
        peersim.sweep(base, VARY, out=str(out), **ASKED)
    return out


@pytest.fixture
def unfinished(whole, tmp_path):
    """The same sweep, with all parts and before they were joined."""
    out = tmp_path / "out"
    shutil.copytree(whole, out)
    manifest = json.loads((out / MANIFEST).read_text())
    (out / MANIFEST).write_text(json.dumps(manifest | {"status": "running"}))
    return out


def go_on(base, out, **more):
    """Sweep in a folder, and give how many runs were new."""
    new = []
    peersim.sweep(base, VARY, out=str(out), **ASKED | {"progress": new.append} | more)
    return sum(new)


def same(whole, out):
    return all(
        (out / f"{name}.parquet").read_bytes() == (whole / f"{name}.parquet").read_bytes()
        for name in ("points", "runs", "summary", "weekly")
    )


def shown(folder):
    """All files below a folder, hidden ones too."""
    return sorted(path.name for path in folder.rglob("*"))


# -- what a disk refuses -------------------------------------------------------------------------


@pytest.mark.parametrize(("error", "said"), [
    (OSError(errno.ENOSPC, "No space left on device"), "no room left on the disk"),
    (OSError(errno.EDQUOT, "Disk quota exceeded"), "your share of the disk"),
    (OSError(errno.EROFS, "Read-only file system"), "can only be read"),
    (OSError(errno.EFBIG, "File too large"), "larger than the system allows"),
    (PermissionError(errno.EACCES, "Permission denied"), "may not write there"),
    (OSError(errno.ENAMETOOLONG, "File name too long"), "too long for the disk"),
    (FileNotFoundError(errno.ENOENT, "No such file"), "not there any more"),
    (OSError(errno.EIO, "Input/output error"), "does not answer"),
    (pl.exceptions.ComputeError("parquet: IO error: No space left on device (os error 28)"), "no room left"),
    (OSError("of a library"), None), (pl.exceptions.ComputeError("a bug"), None), (ValueError("a bug"), None),
])  # fmt: skip
def test_what_a_disk_refuses_is_told_from_mistakes(error, said):
    reason = refusal(error)
    assert said in str(reason) if said else reason is None


class Full:
    """A disk on which so many files find room."""

    def __init__(self, patch, room):
        self.room, usual = room, Path.write_bytes

        def write_bytes(path, content):
            self.room -= 1
            if self.room < 0:
                usual(path, content[: len(content) // 2])
                raise OSError(errno.ENOSPC, "No space left on device")
            return usual(path, content)

        patch.setattr(Path, "write_bytes", write_bytes)


@pytest.mark.parametrize("room", [0, 1, 2, 3, 4, 7, 8, 10])
def test_a_sweep_on_a_full_disk_says_so_and_goes_on(base, whole, tmp_path, room):
    out = tmp_path / "out"
    with pytest.MonkeyPatch.context() as patch:
        Full(patch, room)
        with pytest.raises(InvalidInput, match="out=.*out cannot be written: there is no room"):
            go_on(base, out)
    kept = len(list((out / "parts").glob("runs-*"))) if out.exists() else 0
    assert not any(name.endswith(".new") or name == ".lock" for name in shown(tmp_path))
    batches = len(list((whole / "parts").glob("runs-*")))
    assert kept == min(max((room - 2) // 2, 0), batches)
    assert go_on(base, out) == 1500 - kept * (1500 // batches)
    assert same(whole, out)


@pytest.mark.parametrize("said", ["No space left on device (os error 28)", "transport error"])
def test_a_disk_that_fills_while_tables_are_joined(base, whole, unfinished, said, monkeypatch):
    usual = pl.LazyFrame.sink_parquet

    def sink(frame, path, **more):
        if not isinstance(path, Path):
            return usual(frame, path, **more)
        Path(path).write_text("half")
        raise pl.exceptions.ComputeError(f"parquet: {said}")

    with monkeypatch.context() as patch:
        patch.setattr(pl.LazyFrame, "sink_parquet", sink)
        Full(patch, 2)
        with pytest.raises(InvalidInput, match="no room left.* 1,500 of 1,500 runs are kept"):
            go_on(base, unfinished)
    assert not list((unfinished / "parts").glob("*.joined"))
    assert go_on(base, unfinished) == 0
    assert same(whole, unfinished)


def test_a_study_on_a_full_disk_leaves_what_was_there(small, tmp_path):
    options = {"seed": 3, "replicates": 2, "workers": 1}
    for before in ([], ["again"]):
        out = tmp_path / "out"
        there = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        with pytest.MonkeyPatch.context() as patch:
            Full(patch, 5)
            with pytest.raises(InvalidInput, match="no room left on the disk"):
                run_study("single", small(), options_of("single")(**options, out=str(out)))
        assert out.exists() == bool(before)
        assert there == {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        run_study("single", small(), options_of("single")(**options, out=str(out)))
        assert set(read_results(out)) > {"runs", "summary"}


def test_a_page_for_which_there_is_no_room_costs_no_runs(base, whole, unfinished, monkeypatch):
    from peersim.scenario.sweep_options import DesignChoice

    def ask():
        return options_of("sweep")(
            replicates=2, workers=1, out=str(unfinished.with_name("new")), command="peersim it",
            design=DesignChoice(kind="grid", vary={"group.size": [4, 5]}),
        )  # fmt: skip

    with monkeypatch.context() as patch:
        Full(patch, 9)
        with pytest.raises(InvalidInput, match="All runs are kept.*from there: peersim it"):
            run_study("sweep", base, ask())
    monkeypatch.setattr("peersim.engine.sweeps.job.Job.run", lambda *_: pytest.fail("ran"))
    assert run_study("sweep", base, ask()) == 0


@pytest.mark.parametrize(
    "out", ["/proc/nowhere/x", "/dev/null/x", "x" * 300, "a/" + "y" * 300 + "/b", "/sys/peersim"]
)
@pytest.mark.parametrize("kind", ["single", "sweep"])
def test_what_cannot_be_written_is_refused_before_anything_runs(
    kind, out, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("peersim.run.simulation.run_weeks", lambda *_: pytest.fail("ran"))
    monkeypatch.setattr("peersim.run.replicate.run_weeks", lambda *_: pytest.fail("ran"))
    design = ["design=grid", "design.vary.group.size=[6,8]"] if kind == "sweep" else []
    words = [f"experiment={kind}", "communities=[group]", "replicates=2", *design, f"out={out}"]
    monkeypatch.setattr(sys, "argv", ["peersim", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    said = capsys.readouterr().err
    assert end.value.code == 2 and said.startswith("peersim: out") and said.count("\n") == 1
    assert not shown(tmp_path)


def test_a_full_disk_is_noticed_before_anything_runs(tmp_path):
    usual = Path.open

    def full(path, *more):
        file = usual(path, *more)
        file.write = lambda text: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left"))
        return file

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", full)
        with pytest.raises(InvalidInput, match="no room"), claimed(tmp_path / "a" / "b"):
            pytest.fail("ran")
    assert not shown(tmp_path)


def test_what_is_printed_may_find_no_room_either(tmp_path):
    with open("/dev/full", "w") as full:
        words = [sys.executable, "-m", "peersim.commands.cli", "describe", "group"]
        told = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True)
    assert told.returncode == 2
    assert told.stderr == (
        "peersim: What is to be printed cannot be written: there is no room left on the disk.\n"
    )


# -- damaged parts -------------------------------------------------------------------------------


def cut(content):
    return content[: len(content) // 2]


def flipped(content):
    place = len(content) // 3
    return content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]


@pytest.mark.parametrize("kind", ["runs", "sums"])
@pytest.mark.parametrize("damage", [cut, flipped, lambda _: b"garbage", lambda _: b"", None])
def test_a_damaged_part_is_named_and_its_batch_run_again(
    base, whole, unfinished, kind, damage, capsys
):
    part = sorted((unfinished / "parts").glob(f"{kind}-000001*"))[0]
    if damage:
        part.write_bytes(damage(part.read_bytes()))
    else:
        part.unlink()
    batches = len(list((whole / "parts").glob("runs-*")))
    assert go_on(base, unfinished) == 1500 // batches
    assert (f"{part} is damaged; what was in it is run again" in capsys.readouterr().err) == bool(
        damage
    )
    assert same(whole, unfinished)


@pytest.mark.parametrize("damage", [None, cut, lambda _: b"garbage", lambda _: b""])
@pytest.mark.parametrize("kind", ["runs", "sums"])
def test_parts_of_the_first_edition_are_read(base, whole, unfinished, kind, damage):
    for part in list((unfinished / "parts").iterdir()):
        part.rename(part.with_stem(unsealed(part)))
    if damage:
        part = next((unfinished / "parts").glob(f"{kind}-000001.*"))
        part.write_bytes(damage(part.read_bytes()))
    batches = len(list((whole / "parts").glob("runs-*")))
    assert go_on(base, unfinished) == (1500 // batches if damage else 0)
    assert same(whole, unfinished)


def test_every_flipped_byte_of_a_sealed_file_is_noticed(tmp_path):
    path = put_sealed(tmp_path / "some.parquet", bytes(range(100)))
    assert is_sealed(path) and unsealed(path) == "some"
    for place in range(100):
        content = bytearray(range(100))
        content[place] ^= 1
        path.write_bytes(content)
        assert is_sealed(path) is False
    assert is_sealed(path.rename(tmp_path / "some.parquet")) is None


def test_a_damaged_wave_of_a_calibration_is_run_again(tmp_path):
    import numpy as np

    from peersim.studies.calibration.runs import once

    done = []

    def work_out():
        done.append(1)
        return np.arange(40.0)

    file = tmp_path / "wave-1.npy"
    once(tmp_path / "wave-1-points.npy", lambda: np.zeros(2))
    for damage in (None, cut, flipped, lambda _: b""):
        before = len(done)
        if damage:
            part = next(path for path in tmp_path.iterdir() if unsealed(path) == "wave-1")
            part.write_bytes(damage(part.read_bytes()))
        assert once(file, work_out).tolist() == once(file, work_out).tolist() == list(range(40))
        assert len(done) == before + 1
    part.rename(file)  # as the first edition named it
    assert once(file, work_out).size == 40 and len(done) == 4


# -- ended from outside --------------------------------------------------------------------------


def begin(tmp_path, *words):
    """Start a command line that takes a while, and wait until it has a folder to fill."""
    out = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "peersim.commands.cli", *words, f"out={out}"],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=tmp_path,
    )  # fmt: skip
    until = time.monotonic() + 120
    while not (out / ".lock").exists():
        assert process.poll() is None and time.monotonic() < until, process.stderr.read()
        time.sleep(0.02)
    return process, out


LONG = ("experiment=single", "communities=[group]", "replicates=20000", "workers=1")
LONG_SWEEP = (
    "experiment=sweep", "communities=[group]", "replicates=500", "workers=1",
    "design=grid", "design.vary.group.size=[5,6,7,8,9,10]",
)  # fmt: skip


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.slow)]
)
def test_a_study_that_is_ended_leaves_nothing(number, tmp_path):
    process, _ = begin(tmp_path, *LONG)
    process.send_signal(number)
    assert process.wait(60) == 128 + number
    assert process.stderr.read().startswith("peersim: ") and not shown(tmp_path)


@pytest.mark.slow
def test_a_sweep_that_is_ended_says_how_to_go_on(tmp_path):
    process, out = begin(tmp_path, *LONG_SWEEP)
    while not list(out.glob("parts/runs-*")):
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 128 + signal.SIGTERM
    assert re.search(r"runs are kept in .*; the same command goes on", process.stderr.read())
    assert not [name for name in shown(tmp_path) if name.startswith(".")]


def test_a_killed_study_leaves_nothing_that_the_next_run_does_not_clear(small, tmp_path):
    process, out = begin(tmp_path, *LONG)
    process.kill()
    process.wait()
    assert shown(tmp_path) == [".lock", "out"]
    (out / STAGING / "figures").mkdir(parents=True)  # as if it had been killed while writing
    (out / STAGING / "runs.parquet").write_text("half")
    ask = options_of("single")(seed=3, replicates=2, workers=1, out=str(out))
    run_study("single", small(), ask)
    assert not [name for name in shown(tmp_path) if name.startswith(".")]


def test_signals_that_were_ignored_stay_so():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        cli._end_in_order()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


# -- two at a time -------------------------------------------------------------------------------


def test_the_second_command_with_the_same_new_folder_is_refused(small, tmp_path, monkeypatch):
    out, asked = tmp_path / "out", []

    from peersim.studies.single.study import STUDY

    usual = STUDY.run

    def run(self):
        if not asked:
            asked.append(1)
            with pytest.raises(InvalidInput, match="is being filled by another call"):
                run_study("single", small(), options)
        return usual(self)

    monkeypatch.setattr(STUDY, "run", run)
    options = options_of("single")(seed=3, replicates=2, workers=1, out=str(out))
    assert run_study("single", small(), options) == 0
    assert asked and ".lock" not in shown(out)


def test_a_claim_ends_with_what_it_was_for(tmp_path):
    out = tmp_path / "a" / "out"
    with claimed(out):
        with pytest.raises(InvalidInput, match="another call at this moment"), claimed(out):
            pass
        assert (out / ".lock").read_text() == f"{os.getpid()}\n"
    assert not shown(tmp_path)
    with contextlib.suppress(ZeroDivisionError), claimed(out):
        put(out / "x", b"y")
        raise ZeroDivisionError
    assert shown(tmp_path) == ["a", "out", "x"]


def test_a_lock_that_was_just_removed_is_no_lock(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "_is_at", lambda file, path: False)
    with pytest.raises(InvalidInput, match="another call"), claimed(tmp_path):
        pass


def test_staging_is_inside_so_that_a_folder_of_its_own_disk_will_do(tmp_path):
    manifest = {"started": NOW}
    with claimed(tmp_path / "out"), staged(tmp_path / "out", manifest) as staging:
        assert staging.parent == tmp_path / "out"
        (staging / "x").write_text("y")
    assert shown(tmp_path) == ["manifest.json", "out", "x"]
