"""A Dask scheduler as an engine: the same tasks on other machines. The only file that knows
Dask.
"""

from __future__ import annotations

import json
import logging
import re
import socket
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

from peersim.engine.sweeps.tasks import Answers, EngineLost, Live, Task, drained
from peersim.kernel.catalogue import Foreign, Sentence, say
from peersim.kernel.declaration import InvalidInput

_START = Sentence("errors.engine.start_one")
PATIENCE, KNOCK = "60s", 5.0


class Scheduler:
    """A Dask scheduler that runs already; workers may come, go and die while tasks run.

    Parameters
    ----------
    address : str
        ``tcp://host:8786``, or the path of a scheduler file (``*.json``).
    """

    def __init__(self, address: str | None) -> None:
        if not address:
            raise InvalidInput("errors.engine.no_address", _START)
        self.address = _from_file(address) if address.endswith(".json") else address
        _refuse_unreachable(self.address)

    def results(self, function: Callable[..., Any], tasks: Iterable[Task]) -> Answers:
        """Yield (number, result or `Died`) of each task, as they come."""
        client = self._client()
        executor = client.get_executor(pure=False)
        live: Live = {}
        try:
            if not client.nthreads():
                print(say("commands.no_worker_yet", address=self.address), file=sys.stderr)
            yield from drained(executor, function, iter(tasks), live, lambda: _width(client))
        except CancelledError:
            raise EngineLost(say("errors.engine.gone", address=self.address)) from None
        finally:
            executor.shutdown(wait=False)
            client.close(timeout=2)

    def _client(self) -> Any:
        try:
            from distributed import Client
        except ImportError:
            raise InvalidInput("errors.engine.not_installed") from None
        logging.getLogger("distributed.client").setLevel(
            logging.CRITICAL
        )  # what it has to say, we say in a sentence
        try:
            return Client(self.address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            said = {"address": self.address, "error": Foreign(str(error))}
            raise InvalidInput("errors.engine.no_answer_but", _START, **said) from None


def _from_file(name: str) -> str:
    try:
        return str(json.loads(Path(name).read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError, KeyError):
        raise InvalidInput("errors.engine.no_scheduler_file", _START, file=name) from None


def _refuse_unreachable(address: str) -> None:
    """Knock at the door before anything is written or begun; Dask itself is patient and noisy about
    it.
    """
    found = re.fullmatch(r"(?:\w+://)?\[?([^\]/]+?)\]?:(\d+)", address)
    if found is None:
        raise InvalidInput("errors.engine.address", address=address)
    try:
        socket.create_connection((found[1], int(found[2])), KNOCK).close()
    except (OSError, OverflowError):
        raise InvalidInput("errors.engine.no_answer", _START, address=address) from None


def _width(client: Any) -> int:
    """Twice as many tasks as threads there are at present: nobody waits, and no more than that is
    lost.
    """
    return 2 * max(2, int(sum(client.nthreads().values())))
