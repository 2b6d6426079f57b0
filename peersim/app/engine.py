"""The engine behind the page: it is read in, or compiled, while the page is already there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

LOADING, READY, FAILED = "loading", "ready", "failed"


def warm_up() -> None:
    """Read in all that an answer takes, and answer a small question."""
    import_module("peersim.app.endpoints").warm_up()


class Engine:
    """Whether there is an engine to ask.

    Parameters
    ----------
    load : callable
        What makes it ready; it takes seconds, and the first time about a minute.
    """

    def __init__(self, load: Callable[[], Any] = warm_up) -> None:
        self._load, self._began, self.state, self._took = load, time.monotonic(), LOADING, 0.0

    def start(self) -> None:
        """Begin to load, in a thread that ends with the program."""
        self._began = time.monotonic()
        threading.Thread(target=self._work, daemon=True, name="engine").start()

    def _work(self) -> None:
        try:
            self._load()
            self.state = READY
        except BaseException:
            self.state = FAILED
            raise
        finally:
            self._took = time.monotonic() - self._began

    @property
    def seconds(self) -> float:
        """How long it has been loading, or how long it took."""
        return self._took or time.monotonic() - self._began
