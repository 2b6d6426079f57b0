"""Engines: whoever dies meanwhile, every task is answered."""

import contextlib
import gc
import os
import signal
import sys
from multiprocessing.queues import SimpleQueue
from pathlib import Path

import pytest

from peersim.engine.sweeps.engine import _METHOD, Processes, engine_for
from peersim.engine.sweeps.tasks import Died, EngineLost
from peersim.scenario.sweep_options import EngineChoice

pytestmark = pytest.mark.compiles


def _square(number):
    return number * number


def _die_once(number, marks):
    """Take the worker along the first time, if the number is 3."""
    if number == 3:
        with contextlib.suppress(FileExistsError):
            Path(marks, "died").touch(exist_ok=False)
            os.kill(os.getpid(), signal.SIGKILL)
    return number


def _poison(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def _die_while_answering(number, marks):
    """Take the worker along the first time, half an answer sent and the lock for answers held."""
    with contextlib.suppress(FileExistsError):
        Path(marks, "died").touch(exist_ok=False)
        (answers,) = (each for each in gc.get_objects() if isinstance(each, SimpleQueue))
        answers._wlock.acquire()
        os.write(answers._writer.fileno(), (1000).to_bytes(4) + b"half of it")
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def _raise(number):
    raise ArithmeticError(f"no {number}")


def _processes(function, tasks, workers=2):
    with contextlib.closing(Processes(workers).results(function, tasks)) as answers:
        return dict(answers)


@pytest.mark.parametrize("workers", [1, 2])
def test_every_task_is_answered_once(workers):
    answers = list(
        engine_for(EngineChoice(), workers).results(_square, ((k, (k,)) for k in range(20)))
    )
    assert sorted(answers) == [(k, k * k) for k in range(20)]


def _is_ready(number):
    return "peersim.engine.sweeps.warm" in sys.modules


@pytest.mark.skipif(_METHOD != "forkserver", reason="processes are started from nothing here")
def test_workers_are_forked_from_a_process_that_has_the_week():
    assert _processes(_is_ready, [(0, (0,))]) == {0: True}


def test_a_killed_worker_loses_nothing(tmp_path):
    assert _processes(_die_once, ((k, (k, str(tmp_path))) for k in range(12))) == {
        k: k for k in range(12)
    }


def test_a_worker_killed_in_the_middle_of_an_answer_loses_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("peersim.engine.sweeps.tasks.SILENCE", 0.2)
    answers = _processes(_die_while_answering, [(k, (k, str(tmp_path))) for k in range(6)])
    assert answers == {k: k for k in range(6)}


def test_a_task_that_kills_its_worker_each_time_is_given_up_and_the_others_are_not():
    answers = _processes(_poison, ((k, (k,)) for k in range(12)))
    assert isinstance(answers.pop(3), Died)
    assert answers == {k: k for k in range(12) if k != 3}


def test_workers_that_cannot_begin_are_no_fault_of_the_tasks(monkeypatch):
    monkeypatch.setattr("peersim.engine.sweeps.engine._begin", os.abort)
    with pytest.raises(EngineLost, match="no worker process can be started"):
        next(Processes(2).results(abs, iter([(1, (-1,))])))


def test_an_error_of_our_own_is_not_swallowed():
    with pytest.raises(ArithmeticError, match="no 0"):
        _processes(_raise, [(0, (0,))])


def test_workers_end_with_whoever_wanted_them():
    import multiprocessing

    others = set(multiprocessing.active_children())
    answers = Processes(2).results(_square, ((k, (k,)) for k in range(50)))
    next(answers)
    workers = set(multiprocessing.active_children()) - others
    answers.close()
    assert workers and not any(worker.is_alive() for worker in workers)
