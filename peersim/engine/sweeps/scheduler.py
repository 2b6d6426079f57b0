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
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

from peersim.engine.sweeps.engine import Answers, EngineLost, Task, drained
from peersim.kernel.declaration import InvalidInput

_START = "Start one with `dask scheduler`, and workers with `dask worker ADDRESS`."
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
            raise InvalidInput(
                f"engine=dask needs the address of a scheduler: engine.address=tcp://host:8786. {_START}"
            )
        self.address = _from_file(address) if address.endswith(".json") else address
        _refuse_unreachable(self.address)

    def results(self, function: Callable, tasks: Iterable[Task]) -> Answers:
        """Yield (number, result or `Died`) of each task, as they come."""
        client = self._client()
        executor = client.get_executor(pure=False)
        live: dict[Future, Task] = {}
        try:
            if not client.nthreads():
                print(
                    f"peersim: no worker has joined {self.address} yet; runs begin when one does.",
                    file=sys.stderr,
                )
            yield from drained(executor, function, iter(tasks), live, lambda: _width(client))
        except CancelledError:
            raise EngineLost(f"the Dask scheduler at {self.address} has gone") from None
        finally:
            executor.shutdown(wait=False)
            client.close(timeout=2)

    def _client(self) -> Any:
        try:
            from distributed import Client
        except ImportError:
            raise InvalidInput(
                "engine=dask needs an extra that is not installed: pip install 'peersim[cluster]'."
            ) from None
        logging.getLogger("distributed.client").setLevel(
            logging.CRITICAL
        )  # what it has to say, we say in a sentence
        try:
            return Client(self.address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InvalidInput(
                f"No Dask scheduler answers at {self.address} ({error}). {_START}"
            ) from None


def _from_file(name: str) -> str:
    try:
        return str(json.loads(Path(name).read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError, KeyError):
        raise InvalidInput(
            f"engine.address={name} is not the file of a Dask scheduler. {_START}"
        ) from None


def _refuse_unreachable(address: str) -> None:
    """Knock at the door before anything is written or begun; Dask itself is patient and noisy about
    it.
    """
    found = re.fullmatch(r"(?:\w+://)?\[?([^\]/]+?)\]?:(\d+)", address)
    if found is None:
        raise InvalidInput(
            f"engine.address is {address}; it must look like tcp://host:8786, or name a *.json file."
        )
    try:
        socket.create_connection((found[1], int(found[2])), KNOCK).close()
    except (OSError, OverflowError):
        raise InvalidInput(f"No Dask scheduler answers at {address}. {_START}") from None


def _width(client: Any) -> int:
    """Twice as many tasks as threads there are at present: nobody waits, and no more than that is
    lost.
    """
    return 2 * max(2, sum(client.nthreads().values()))
