"""Whose turn it is to compute: one question a page, two in all; others wait, and too many are sent
away.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from peersim.app.refusals import Refused

AT_ONCE, MOST_WAITING, PATIENCE = 2, 8, 30.0
_LOOK = 0.02
"""Seconds after which one who waits looks again whether they are still asked."""


class Stopped(Exception):
    """Nobody waits for the answer any more."""


class Stop:
    """Whether somebody still waits for an answer; the engine looks between two runs."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Nobody does."""
        self._event.set()

    def is_set(self) -> bool:
        """Whether it is over."""
        return self._event.is_set()

    def check(self, runs: int = 0) -> None:
        """Raise `Stopped` if it is over; called between two runs."""
        if self._event.is_set():
            raise Stopped


class Turns:
    """Turns to compute."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self._slots, self._lock = threading.Semaphore(at_once), threading.Lock()
        self._waiting, self._patience = 0, patience
        self._of_page: dict[str, Stop] = {}
        self._all: set[Stop] = set()

    @contextmanager
    def turn(self, stop: Stop, page: str = "") -> Iterator[None]:
        """Wait for a turn and have it; an older question of the same page is over.

        Raises
        ------
        Refused
            If too many wait, or it takes too long.
        Stopped
        """
        with self._lock:
            self._all.add(stop)
            before = self._of_page.get(page) if page else None
            if page:
                self._of_page[page] = stop
        if before is not None:
            before.set()
        try:
            self._wait(stop)
            try:
                stop.check()
                yield
            finally:
                self._slots.release()
        finally:
            with self._lock:
                self._all.discard(stop)
                if self._of_page.get(page) is stop:
                    del self._of_page[page]

    def _wait(self, stop: Stop) -> None:
        if self._slots.acquire(blocking=False):
            return
        with self._lock:
            if self._waiting >= MOST_WAITING:
                raise Refused("busy")
            self._waiting += 1
        until = time.monotonic() + self._patience
        try:
            while not self._slots.acquire(timeout=_LOOK):
                stop.check()
                if time.monotonic() > until:
                    raise Refused("busy")
        finally:
            with self._lock:
                self._waiting -= 1

    def end(self) -> None:
        """Stop whatever is computed: the server ends."""
        with self._lock:
            for stop in self._all:
                stop.set()
