"""How to run: what is not part of the world that is simulated. Each option is written down here
once, and a study takes those that it reads.

A study's ``Options`` is a dataclass made of the parts below. The command line, the settings in a
manifest and what is refused all follow from it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self, get_type_hints

from peersim.kernel.catalogue import LANGUAGES, Foreign, Sentence
from peersim.kernel.declaration import LARGEST_SEED, InvalidInput, checked_seed, whole
from peersim.kernel.paths import did_you_mean, no_such_option
from peersim.kernel.plain_data import plain
from peersim.model.outcomes import NAMES
from peersim.scenario.demonstration import chosen_for
from peersim.scenario.scenario import Scenario
from peersim.scenario.sweep_options import DesignChoice, EngineChoice

TABLES = ("first", "all", "none")
FIGURES = ("svg", "png", "both")
SIZES = ("quick", "full")
PARAMETERS = DEFAULTS, PLAUSIBLE = ("defaults", "plausible")


def option(
    default: Any,
    meaning: str,
    low: float | None = None,
    high: float | None = None,
    choices: Sequence[str] = (),
    decides: bool = True,
) -> Any:
    """Declare one option as a dataclass field.

    Parameters
    ----------
    default : object
        A class stands for a value of that class, made anew.
    meaning : str
        What it is, in one sentence of plain words.
    low, high : float, optional
        Bounds of a number, both allowed.
    choices : sequence of str
        What a word can be.
    decides : bool
        Whether results depend on it: if so it is part of what identifies a run.
    """
    about = {"option": meaning, "low": low, "high": high, "choices": choices, "decides": decides}
    if isinstance(default, type):
        return field(default_factory=default, metadata=about)
    return field(default=default, metadata=about)


def cores() -> int:
    """Number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(kw_only=True)
class RunOptions:
    """What every study reads: which luck, how many workers, where results go, how figures are
    saved.

    Attributes
    ----------
    command : str
        The command line, as it could be typed again.
    overrides : list of str
        What the command line changed.
    cites : ClassVar
        What stands behind a study besides its scenario: ``designs`` (those of the typology),
        ``types`` (all four), ``targets`` (of the calibration), or the name of a package.
    """

    cites: ClassVar[tuple[str, ...]] = ()
    seed: int = option(
        1, "seed of the first replicate; replicates are consecutive seeds", 0, LARGEST_SEED
    )
    workers: int = option(0, "threads or processes; 0: all cores", 0, 1024, decides=False)
    out: str = option("results", "folder of the results", decides=False)
    figures: str = option("svg", "how figures are saved", choices=FIGURES, decides=False)
    language: str = option(
        LANGUAGES[0], "language of what is printed and shown", choices=LANGUAGES, decides=False
    )
    chosen: str | None = option(
        None, "what `peersim find` chose the seed for, and its rank: chain-1-of-200", decides=False
    )
    command: str = ""
    overrides: list[str] = field(default_factory=list)

    def checked(self) -> Self:
        """Itself, if it can be used, with `workers` a number of cores.

        Raises
        ------
        InvalidInput
            In one or two sentences.
        """
        self.seed = checked_seed(self.seed)
        hints = get_type_hints(type(self))
        for each in dataclasses.fields(self):
            value = getattr(self, each.name)
            if hasattr(value, "checked"):
                value.checked()
            elif hints[each.name] is int:
                low, high = each.metadata["low"], each.metadata["high"]
                setattr(self, each.name, whole(each.name, value, low, high))
            elif value is not None and "option" in each.metadata:
                _check(each.name, value, each.metadata)
        chosen_for(self.chosen)
        self.out = os.path.expanduser(self.out)
        _check_folder(self.out)
        self.workers = self.workers or cores()
        return self

    def check_with(self, scenario: Scenario) -> None:
        """Refuse what does not go together with the scenario; a study adds its own."""

    def identity(self) -> dict[str, Any]:
        """Say what decides the results, as plain data: what was not asked for is left out."""
        return self._plain(decides=True)

    def besides(self) -> dict[str, Any]:
        """Give what does not decide the results, as plain data."""
        return self._plain(decides=False)

    def _plain(self, decides: bool) -> dict[str, Any]:
        found = {}
        for each in dataclasses.fields(self):
            value = getattr(self, each.name)
            is_asked = each.metadata.get("decides") is decides and value is not None
            if is_asked and not isinstance(value, Scenario):
                found[each.name] = plain(getattr(value, "identity", lambda value=value: value)())
        return found

    @property
    def arms(self) -> dict[str, Scenario]:
        """The designs that were given by name; none but in studies of two designs."""
        return {}


def _check(name: str, value: Any, about: Mapping[str, Any]) -> None:
    if about["low"] is not None and not about["low"] <= value <= about["high"]:
        bounds = {"low": about["low"], "high": about["high"]}
        raise InvalidInput("errors.setting.bounds", name=name, value=value, **bounds)
    if about["choices"] and value not in about["choices"]:
        raise no_such_option(name, value, about["choices"])


def _check_folder(out: str) -> None:
    if not out.strip():
        raise InvalidInput("errors.folder.no_name")
    for part in (Path(out), *Path(out).parents):
        try:
            there = part.stat()
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue
        except (OSError, ValueError) as error:  # too long, or with a character that no name has
            reason = Foreign(getattr(error, "strerror", None) or str(error))
            raise InvalidInput("errors.folder.unwritable", out=out, reason=reason) from None
        if not stat.S_ISDIR(there.st_mode):
            raise InvalidInput("errors.folder.in_file", out=out, file=part)


# -- parts that studies put together --------------------------------------------------------------
@dataclass(kw_only=True)
class Replicated:
    """For studies that repeat a run with other seeds."""

    replicates: int = option(100, "how often each run is repeated", 1, 1_000_000)


@dataclass(kw_only=True)
class Detailed:
    """For studies that can keep people, memberships, ties and departures of single runs."""

    tables: str = option(
        "first", "replicates of which these tables are kept", choices=TABLES, decides=False
    )


@dataclass(kw_only=True)
class Sized:
    """For large studies."""

    size: str | None = option(
        None, "how much is run: in minutes (quick), or overnight (full)", choices=SIZES
    )


@dataclass(kw_only=True)
class OverSets:
    """For studies that can run over the sets of parameters that the calibration left standing."""

    parameters: str = option(DEFAULTS, "which values of the parameters", choices=PARAMETERS)


@dataclass(kw_only=True)
class Asking:
    """For studies that can be asked about some outcomes, in some week."""

    outcomes: list[str] | None = option(None, "outcomes that are asked for")
    week: int | None = option(None, "week that is asked for; none: the last")

    def check_question(self, scenario: Scenario) -> None:
        """Refuse outcomes that do not exist and weeks that are not simulated."""
        for outcome in self.outcomes or ():
            if outcome not in NAMES:
                hint = did_you_mean(outcome, NAMES, Sentence("errors.outcomes.described"))
                raise InvalidInput("errors.outcomes.unknown", hint, name=outcome)
        if self.week is not None and not 0 <= self.week <= scenario.weeks:
            raise InvalidInput("errors.outcomes.week", week=self.week, weeks=scenario.weeks)


@dataclass(kw_only=True)
class TwoDesigns:
    """For studies of two designs: each a scenario, made of what is configured and what differs."""

    a: Scenario | None = option(None, "the first design: settings below a")
    b: Scenario | None = option(None, "the second design: settings below b")

    @property
    def arms(self) -> dict[str, Scenario]:
        """The designs that were given, as A and B."""
        return {name: each for name, each in (("A", self.a), ("B", self.b)) if each is not None}


@dataclass(kw_only=True)
class Distributed:
    """For studies whose runs can go to other processes, or to other machines."""

    engine: EngineChoice = option(EngineChoice, "what runs them", decides=False)


@dataclass(kw_only=True)
class Sweeping(Replicated, Distributed):
    """For studies of many points."""

    tables: str = option("first", "weeks before the last that are kept", choices=TABLES)
    design: DesignChoice = option(DesignChoice, "which points are visited")

    def check_points(self, scenario: Scenario, is_complete: bool) -> None:
        """Refuse points that cannot be made of the scenario, or of the designs that were given."""
        from peersim.scenario.design import verify

        verify(self.design, scenario, getattr(self, "arms", {}), is_complete=is_complete)


@dataclass(kw_only=True)
class SweepOptions(Sweeping, RunOptions):
    """What a sweep reads."""


def fingerprint(file: str) -> str:
    """Name the content of a file by its SHA-256."""
    return hashlib.sha256(Path(os.path.expanduser(file)).read_bytes()).hexdigest()
