"""How to run: what is not part of the world that is simulated."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from peersim.declaration import InvalidInput
from peersim.paths import did_you_mean, either

TABLES = ("first", "all", "none")
"""For which replicates of each design people, memberships, ties and departures are stored."""


def cores() -> int:
    """Number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass
class RunSettings:
    """The keys of a run: which seeds, how many workers, where results go.

    Attributes
    ----------
    seed : int
        Seed of the first replicate; replicates are consecutive seeds.
    replicates : int
        Number of replicates.
    workers : int
        Number of threads or processes; 0 stands for all cores and is replaced by their number.
    out : str
        Folder of the results.
    tables : str
        One of `TABLES`.
    command : str
        The command line, as it could be typed again.
    overrides : list of str
        What the command line changed.
    """

    seed: int = 1
    replicates: int = 100
    workers: int = 0
    out: str = "results"
    tables: str = "first"
    command: str = ""
    overrides: list[str] = field(default_factory=list)

    def checked(self) -> RunSettings:
        """Itself, if it can be used, with `workers` a number of cores.

        Raises
        ------
        InvalidInput
            In one or two sentences.
        """
        for name, low, high in (("seed", 0, 2**62), ("replicates", 1, 1_000_000), ("workers", 0, 1024)):
            if not low <= getattr(self, name) <= high:
                raise InvalidInput(f"{name} is {getattr(self, name)}; it can be {low} to {high}.")
        if self.tables not in TABLES:
            hint = did_you_mean(self.tables, TABLES)
            raise InvalidInput(f"tables is {self.tables}; it can be {either(TABLES)}.{hint}")
        self.out = os.path.expanduser(self.out)
        self._check_out()
        self.workers = self.workers or cores()
        return self

    def _check_out(self) -> None:
        if not self.out.strip():
            raise InvalidInput("out is empty; it must be the name of a folder, for example out=results/mine.")
        for part in (Path(self.out), *Path(self.out).parents):
            if part.exists() and not part.is_dir():
                raise InvalidInput(f"out is {self.out}, but {part} is a file; name a folder.")
