"""Runs of designs, kept: of a design that has not changed only what is missing is run."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peersim.app.turns import Stop
from peersim.faces.answers.years import Years, imagine
from peersim.kernel.plain_data import apart, plain
from peersim.scenario.run_options import cores
from peersim.scenario.scenario import Scenario

MOST_DESIGNS, MOST_BYTES = 16, 24_000_000
_USUAL = plain(Scenario())


@dataclass(frozen=True)
class Asked:
    """One design as it is to be run.

    Attributes
    ----------
    scenario : Scenario
    sets : sequence of mappings
        The sets of parameters that go with the seeds in turn.
    first_seed : int
    people : str
        The handle of the people it is run with, if they are somebody's own.
    """

    scenario: Scenario
    sets: Sequence[Mapping[str, Any]]
    first_seed: int = 1
    people: str = ""

    @property
    def key(self) -> str:
        """Tell designs apart: what is set, whose people, and what the sets leave to vary."""
        varied = sorted(self.sets[0]) if self.sets else []
        settings = apart(_USUAL, plain(self.scenario))
        return json.dumps([settings, self.people, varied, len(self.sets), self.first_seed])


class Runs:
    """Imagined years by design, those last asked for."""

    def __init__(self, designs: int = MOST_DESIGNS, room: int = MOST_BYTES) -> None:
        self._designs, self._room, self._lock = designs, room, threading.Lock()
        self._kept: OrderedDict[str, Years] = OrderedDict()
        self.run = 0
        """How many years have been run in all."""

    def years(self, asked: Asked, number: int, stop: Stop) -> Years:
        """Give the first `number` years of a design; only those that are missing are run.

        Raises
        ------
        Stopped
            Before the next run, once nobody waits any more.
        """
        key = asked.key
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
        if known is None or len(known) < number:
            more = self._more(asked, 0 if known is None else len(known), number, stop)
            known = more if known is None else known.and_then(more)
            self._keep(key, known)
        return known.first(number)

    def _more(self, asked: Asked, done: int, number: int, stop: Stop) -> Years:
        def ran(runs: int) -> None:
            self.run += runs
            stop.check()

        stop.check()
        seeds = range(asked.first_seed + done, asked.first_seed + number)
        return imagine(asked.scenario, seeds, asked.sets, cores(), ran)

    def _keep(self, key: str, years: Years) -> None:
        with self._lock:
            self._kept[key] = years
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and self._is_full():
                self._kept.popitem(last=False)

    def _is_full(self) -> bool:
        room = sum(years.bytes for years in self._kept.values())
        return len(self._kept) > self._designs or room > self._room
