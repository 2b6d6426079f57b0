"""The same sweep on a Dask scheduler: other processes, one of them killed, the same tables."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from peersim import sweep
from peersim.engine.sweeps.engine import engine_for
from peersim.kernel.declaration import InvalidInput
from peersim.scenario.design import lhs
from peersim.scenario.sweep_options import EngineChoice

pytestmark = pytest.mark.compiles

pytest.importorskip("distributed")
CODE = "from distributed.cli.dask_{0} import main; main()"
WORKER = ["--nthreads", "1", "--no-nanny", "--no-dashboard"]


def _start(what, *words):
    return subprocess.Popen(
        [sys.executable, "-c", CODE.format(what), *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def scheduler(tmp_path):
    """Start a scheduler and two workers, and give its file and the workers."""
    file = str(tmp_path / "scheduler.json")
    boss = _start(
        "scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        file,
    )
    workers = [_start("worker", "--scheduler-file", file, *WORKER) for _ in range(2)]
    until = time.monotonic() + 60
    while not os.path.exists(file):
        assert boss.poll() is None and time.monotonic() < until
        time.sleep(0.05)
    yield file, workers
    for process in (*workers, boss):
        process.kill()
        process.wait()


def test_the_same_tables_come_from_a_scheduler_of_which_one_worker_is_killed(
    scheduler, small, tmp_path
):
    file, workers = scheduler
    base = small(communities=["group"])
    design = lhs(base, ["group", "departure"], 60)
    whole, spread, done = tmp_path / "whole", tmp_path / "spread", []

    def kill_one(runs):
        done.append(runs)
        if len(done) == 2:
            os.kill(workers[0].pid, signal.SIGKILL)

    sweep(base, design, replicates=60, out=str(spread), engine=file, progress=kill_one)
    assert workers[0].wait(10) == -signal.SIGKILL and workers[1].poll() is None
    assert sum(done) == 3600
    sweep(base, design, replicates=60, out=str(whole), progress=done.append)
    for name in ("points", "runs", "summary"):
        assert (spread / f"{name}.parquet").read_bytes() == (whole / f"{name}.parquet").read_bytes()
    assert json.loads((spread / "manifest.json").read_text())["options"]["engine"]["kind"] == "dask"
    sweep(
        base, design, replicates=60, out=str(spread), progress=done.append
    )  # the engine makes it no other sweep
    assert sum(done) == 7200


@pytest.mark.parametrize(("address", "words"), [
    (None, "needs the address of a scheduler"),
    ("tcp://127.0.0.1:9", "No Dask scheduler answers"),
    ("here", "it must look like tcp://host:8786"),
    ("no.json", "is not the file of a Dask scheduler"),
])  # fmt: skip
def test_a_scheduler_that_is_not_there_is_said_in_a_sentence(address, words):
    with pytest.raises(InvalidInput, match=words):
        engine_for(EngineChoice("dask", address), 2)
