"""Tasks and their answers: what an engine is asked for, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol

from peersim.kernel.catalogue import Sentence

Task = tuple[int, tuple[Any, ...]]
"""The number of a task and the arguments of its function."""
Live = dict[Future[Any], Task]
"""The tasks under way."""
Answers = Generator[tuple[int, Any]]


SILENCE = 5.0
"""Seconds without an answer after which to see whether a worker has died."""


class Died(RuntimeError):
    """The answer to a task that has taken its worker with it, again and again; in English, as it
    will stand in a table.
    """


class EngineLost(RuntimeError):
    """What ran the tasks is not there any more."""


class Engine(Protocol):
    """What runs tasks."""

    def results(self, function: Callable[..., Any], tasks: Iterable[Task]) -> Answers:
        """Yield (number, result or `Died`) of each task, as they come; tasks are taken from their
        source as needed.
        """
        ...


def drained(
    pool: Executor,
    function: Callable[..., Any],
    source: Iterator[Task],
    live: Live,
    width: Callable[[], int],
    silent: Callable[[], None] = lambda: None,
) -> Answers:
    """Yield results while a bounded number of tasks is under way: a broken pool takes all of these
    with it.

    Parameters
    ----------
    pool : Executor
    function : callable
    source : iterator of Task
    live : Live
        Kept here so that the caller knows them when the pool breaks.
    width : callable
        How many may be under way at present.
    silent : callable
        Called whenever nothing has come for some seconds.
    """
    while True:
        _submit(pool, function, source, live, width())
        if not live:
            return
        while not (done := wait(live, SILENCE, FIRST_COMPLETED).done):
            silent()
        broken = [future for future in done if isinstance(future.exception(), BrokenProcessPool)]
        for future in done.difference(broken):
            name, _ = live.pop(future)
            yield name, _answer(future)
        if broken:
            broken[0].result()


def _submit(
    pool: Executor, function: Callable[..., Any], source: Iterator[Task], live: Live, width: int
) -> None:
    while len(live) < width and (task := next(source, None)):
        try:
            live[pool.submit(function, *task[1])] = task
        except BrokenProcessPool:
            live[Future()] = task  # taken from its source, so it must not be forgotten
            raise


def _answer(future: Future[Any]) -> Any:
    error = future.exception()
    if type(error).__name__ == "KilledWorker":  # Dask's word for a task whose workers die
        return Died(Sentence("errors.engine.died_several").english)
    return future.result()
