"""How to run: what is not part of the world that is simulated."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import did_you_mean, either
from peersim.model.outcomes import NAMES
from peersim.scenario.sweep_options import DesignChoice, EngineChoice
from peersim.studies.staffing.options import Promise, promise_of
from peersim.studies.trial.options import Protocol, protocol_of

TABLES = ("first", "all", "none")
"""For which replicates of each design people, memberships, ties and departures are stored."""

SIZES = ("quick", "full")
"""How much a large study runs: in minutes, or overnight."""

PARAMETERS = DEFAULTS, PLAUSIBLE = ("defaults", "plausible")
"""What parameters an experiment can run with: the defaults, or the sets that the calibration left
standing."""

_FOR: Mapping[str, tuple[str, ...]] = {
    "design": ("sweep", "sensitivity"),
    "engine": ("sweep", "sensitivity"),
    "a": ("compare", "sensitivity"),
    "b": ("compare", "sensitivity"),
    "outcomes": ("compare", "sensitivity"),
    "week": ("compare", "sensitivity"),
    "precision": ("compare",),
    "size": (
        "calibration",
        "dropout_spread",
        "trial",
        "check_own_data",
        "hybrids",
        "patterns",
        "staffing",
    ),
    "patterns": ("patterns",),
    "trial": ("trial",),
    "staffing": ("staffing",),
    "data": ("check_own_data",),
    "person": ("dropout_spread",),
    "parameters": (
        "main",
        "single",
        "compare",
        "trial",
        "dropout_spread",
        "check_own_data",
        "patterns",
    ),
}
"""Keys that mean nothing in other kinds of experiment than these."""


def refuse_misplaced(kind: str, given: Mapping[str, bool]) -> None:
    """Refuse keys that a kind of experiment would ignore: whoever wrote them meant another kind."""
    for key, is_given in given.items():
        if is_given and kind not in _FOR[key]:
            meant = either(f"experiment={name}" for name in _FOR[key])
            raise InvalidInput(f"{key} has no meaning in experiment={kind}; it belongs to {meant}.")


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
    design : DesignChoice or Design, optional
        Which points a sweep visits.
    engine : EngineChoice
        What runs a sweep.
    arms : dict of str to Scenario
        The designs to compare, ``A`` and ``B``, as far as they were given.
    precision : float, optional
        Half-width of the paired interval to be reached.
    outcomes : list of str, optional
        The outcomes asked for.
    week : int, optional
        The week asked for; None: the last.
    parameters : str
        One of `PARAMETERS`: the defaults, or the sets that the calibration left standing, one a
        seed.
    size : str, optional
        One of `SIZES`, for studies that have them.
    trial : Protocol, optional
        Of a simulated trial.
    staffing : Promise, optional
        To those who sign up.
    person : str, optional
        The person whose story is asked for.
    data : str, optional
        File of a project's own attendance list.
    patterns : list of str, optional
        The patterns asked for, by their keys; None: all.
    """

    seed: int = 1
    replicates: int = 100
    workers: int = 0
    out: str = "results"
    tables: str = "first"
    command: str = ""
    overrides: list[str] = field(default_factory=list)
    design: Any = None
    engine: EngineChoice = field(default_factory=EngineChoice)
    arms: dict[str, Any] = field(default_factory=dict)
    precision: float | None = None
    outcomes: list[str] | None = None
    week: int | None = None
    parameters: str = DEFAULTS
    size: str | None = None
    trial: Protocol | None = None
    staffing: Promise | None = None
    person: str | None = None
    data: str | None = None
    patterns: list[str] | None = None

    def checked(self) -> RunSettings:
        """Itself, if it can be used, with `workers` a number of cores.

        Raises
        ------
        InvalidInput
            In one or two sentences.
        """
        for name, low, high in (
            ("seed", 0, 2**62),
            ("replicates", 1, 1_000_000),
            ("workers", 0, 1024),
        ):
            if not low <= getattr(self, name) <= high:
                raise InvalidInput(f"{name} is {getattr(self, name)}; it can be {low} to {high}.")
        if self.tables not in TABLES:
            hint = did_you_mean(self.tables, TABLES)
            raise InvalidInput(f"tables is {self.tables}; it can be {either(TABLES)}.{hint}")
        if self.parameters not in PARAMETERS:
            hint = did_you_mean(self.parameters, PARAMETERS)
            raise InvalidInput(
                f"parameters is {self.parameters}; it can be {either(PARAMETERS)}.{hint}"
            )
        if self.size is not None and self.size not in SIZES:
            raise InvalidInput(
                f"size is {self.size}; it can be {either(SIZES)}.{did_you_mean(self.size, SIZES)}"
            )
        if isinstance(self.design, DesignChoice):
            self.design.check()
        self.engine.check()
        self._check_groups()
        self._check_question()
        self.out = os.path.expanduser(self.out)
        self._check_out()
        self.workers = self.workers or cores()
        return self

    def _check_groups(self) -> None:
        if self.trial is not None:
            self.trial = protocol_of(self.trial)
        if self.staffing is not None:
            self.staffing = promise_of(self.staffing)

    def _check_question(self) -> None:
        for outcome in self.outcomes or ():
            if outcome not in NAMES:
                hint = did_you_mean(outcome, NAMES, " `peersim describe outcomes` lists them.")
                raise InvalidInput(
                    f"outcomes holds {outcome}; there is no outcome of that name.{hint}"
                )
        if self.precision is not None and not self.precision > 0:
            raise InvalidInput(
                f"precision is {self.precision:g}; it must be more than 0, for example 0.01."
            )

    def _check_out(self) -> None:
        if not self.out.strip():
            raise InvalidInput(
                "out is empty; it must be the name of a folder, for example out=results/mine."
            )
        for part in (Path(self.out), *Path(self.out).parents):
            if part.exists() and not part.is_dir():
                raise InvalidInput(f"out is {self.out}, but {part} is a file; name a folder.")
