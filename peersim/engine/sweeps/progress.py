"""How far a long job has come: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from tqdm import tqdm

from peersim.kernel.catalogue import Sentence, say

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
                total=total,
                initial=done,
                desc=label,
                unit=f" {say('progress.of.run')}",
                leave=False,
                smoothing=0.05,
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
        known = {"label": self.label, "done": self.done, "total": self.total}
        if pace <= 0:
            return say("progress.line", **known)
        return say("progress.line_left", left=duration((self.total - self.done) / pace), **known)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()


def duration(seconds: float) -> Sentence:
    """Give a time as people say it.

    >>> [str(duration(seconds)) for seconds in (42, 150, 9000)]
    ['42 s', '2.5 min', '2.5 h']
    """
    if seconds < 90:
        return Sentence("progress.seconds", {"time": seconds})
    if seconds < 5400:
        return Sentence("progress.minutes", {"time": seconds / 60})
    return Sentence("progress.hours", {"time": seconds / 3600})
