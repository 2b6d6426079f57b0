"""How far a long job has come: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from tqdm import tqdm

EVERY = 60.0  # seconds between lines in a log


class Progress:
    """Counts runs and says how long the rest will take.

    Parameters
    ----------
    total, done : int
        Number of runs, and how many of them were there already.
    label : str
    tell : callable, optional
        Called with the number of runs that have been added, instead of showing anything.
    """

    def __init__(
        self, total: int, done: int, label: str, tell: Callable[[int], Any] | None = None
    ) -> None:
        self.total, self.done, self.label, self._tell = total, done, label, tell
        self._began = self._last = time.monotonic()
        self._before, self._bar = done, None
        if tell is None and sys.stderr.isatty():
            self._bar = tqdm(
                total=total, initial=done, desc=label, unit=" run", leave=False, smoothing=0.05
            )

    def add(self, runs: int) -> None:
        """Count some more."""
        self.done += runs
        if self._tell is not None:
            self._tell(runs)
        elif self._bar is not None:
            self._bar.update(runs)
        elif time.monotonic() - self._last >= EVERY:
            self._last = time.monotonic()
            print(self.line(), file=sys.stderr, flush=True)

    def line(self) -> str:
        """Say how far it is, and how long it will take if it goes on like this."""
        pace = (self.done - self._before) / max(time.monotonic() - self._began, 1e-9)
        left = f", about {duration((self.total - self.done) / pace)} left" if pace > 0 else ""
        return f"{self.label}: {self.done:,} of {self.total:,} runs{left}"

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()


def duration(seconds: float) -> str:
    """Write a time as people say it.

    >>> duration(42), duration(150), duration(9000)
    ('42 s', '2.5 min', '2.5 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.3g} min" if seconds < 5400 else f"{seconds / 3600:.3g} h"
