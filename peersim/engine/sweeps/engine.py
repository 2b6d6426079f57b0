"""Engines: many independent tasks on this machine's processes or on a Dask scheduler, whoever dies
meanwhile.

A task is a function of the package with plain arguments, and may be repeated. Its results come back
as they are ready, in any order; the caller puts them in order.
"""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from peersim.engine.sweeps.batch import warm_up
from peersim.engine.sweeps.tasks import Answers, Died, Engine, EngineLost, Live, Task, drained
from peersim.kernel.catalogue import Sentence, say
from peersim.scenario.sweep_options import EngineChoice

MOST_DEATHS = 3
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def engine_for(choice: EngineChoice, workers: int) -> Engine:
    """Give the engine that was chosen; one worker needs no other process."""
    choice.checked()
    if choice.kind == "dask":
        from peersim.engine.sweeps.scheduler import Scheduler

        return Scheduler(choice.address)
    return Processes(workers) if workers > 1 else Here()


class Here:
    """No other process: one task after the other."""

    def results(self, function: Callable[..., Any], tasks: Iterable[Task]) -> Answers:
        """Yield (number, result) of each task."""
        for name, arguments in tasks:
            yield name, function(*arguments)


# -- processes of this machine -------------------------------------------------------------------


@contextlib.contextmanager
def _unseen_main() -> Iterator[None]:
    """Hide the user's script from the processes that are started meanwhile.

    They would run it a second time to find functions in it, and fail unless it says ``if __name__
    == "__main__"``; our tasks need nothing of it.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


@contextlib.contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


_METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
_Process: Any = vars(type(multiprocessing.get_context(_METHOD)))["Process"]


class Worker(_Process):
    """A process that does not know the user's script."""

    @staticmethod
    def _Popen(process: Any) -> Any:  # noqa: N802 (the name is multiprocessing's)
        with _unseen_main(), _environment(_ONE_THREAD):
            return _Process._Popen(process)


def _context() -> Any:
    """How processes are started: forked from one that is ready, or where that cannot be, from
    nothing.
    """
    context: Any = type(multiprocessing.get_context(_METHOD))()
    context.Process = Worker
    if _METHOD == "forkserver":
        context.set_forkserver_preload(["peersim.engine.sweeps.warm"])
    else:
        warm_up()  # once, before all workers find that there is nothing to read from disk
    return context


def _begin() -> None:
    """Begin a worker: Ctrl-C is for the parent to answer, and when it dies, so does this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def die_with(sentinel: int) -> None:
            multiprocessing.connection.wait([sentinel])
            os._exit(1)

        threading.Thread(target=die_with, args=(parent.sentinel,), daemon=True).start()


class Processes:
    """Worker processes on this machine. When one is killed, the tasks under way are repeated, one
    at a time.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def results(self, function: Callable[..., Any], tasks: Iterable[Task]) -> Answers:
        """Yield (number, result or `Died`) of each task, as they come."""
        source, suspects = iter(tasks), dict[int, tuple[tuple[Any, ...], int]]()
        while True:
            live: Live = {}
            pool = self._open()
            try:
                alone = iter([(name, arguments) for name, (arguments, _) in suspects.items()])
                silent = functools.partial(_end_if_stuck, pool)
                for name, result in drained(pool, function, alone, live, lambda: 1, silent):
                    del suspects[name]
                    yield name, result
                yield from drained(pool, function, source, live, lambda: 2 * self.workers, silent)
                return
            except BrokenProcessPool:
                for name, arguments in live.values():
                    deaths = suspects.pop(name, (arguments, 0))[1] + 1
                    if deaths < MOST_DEATHS:
                        suspects[name] = arguments, deaths
                    else:
                        yield name, Died(Sentence("errors.engine.died", {"deaths": deaths}).english)
            finally:
                _close(pool)

    def _open(self) -> ProcessPoolExecutor:
        """Open a pool that answers: workers that cannot even begin are no fault of a task."""
        for _ in range(MOST_DEATHS):
            pool = ProcessPoolExecutor(self.workers, mp_context=_context(), initializer=_begin)
            try:
                pool.submit(int).result()
                return pool
            except BrokenProcessPool:
                _close(pool)
        raise EngineLost(say("errors.engine.no_process"))


def _end_if_stuck(pool: ProcessPoolExecutor) -> None:
    """End a pool that waits for the rest of an answer whose worker was killed while sending it.

    Python's pool reads until the last writer of its pipe is gone, and the others wait for the lock
    that the dead one held.
    """
    if any(worker.exitcode is not None for worker in (pool._processes or {}).values()):
        _kill(*_parts(pool))


def _close(pool: ProcessPoolExecutor) -> None:
    """End the workers at once: what they still do is not wanted any more."""
    parts = _parts(pool)
    pool.shutdown(wait=False, cancel_futures=True)
    _kill(*parts)


def _parts(pool: ProcessPoolExecutor) -> tuple[list[Any], Any]:
    """The workers of a pool, and the queue of their answers."""
    return list((pool._processes or {}).values()), pool._result_queue


def _kill(workers: list[Any], answers: Any) -> None:
    for worker in workers:
        worker.kill()
    for worker in workers:
        worker.join()
    answers._writer.close()  # the last one: what is half said ends here
