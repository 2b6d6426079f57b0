"""What is refused on a command line before Hydra reads it, and what Hydra must never be told.

Hydra can load pickles, instantiate any class, and write anywhere. A command line of peersim needs
none of it: what runs is peersim, and what is written stands in the folder `out`.
"""

from __future__ import annotations

import importlib
import math
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from peersim.kernel.declaration import InvalidInput

MOST_JOBS = 10_000
"""So many jobs can be asked for with ``-m``; each has a folder of its own."""

_COUNTED = 1e15
_MOST_CHARACTERS = 20_000
"""A longer override takes Hydra many seconds to read."""

_ALLOWED = ("hydra.verbose", "hydra.mode", "hydra.sweep.subdir")
_FIXED = (
    "run",
    "sweep.dir",
    "output_subdir",
    "searchpath",
    "callbacks",
    "launcher",
    "sweeper",
    "job_logging",
    "hydra_logging",
    "job.chdir",
    "job.env_set",
    "job.env_copy",
)
"""Settings of Hydra's that run code, or say where it writes."""

_OPTIONS = ("experimental_rerun", "config_path", "config_name")


def refuse_options(understood: Any) -> None:
    """Refuse options of Hydra's that load a pickle or another configuration in place of peersim's.

    Raises
    ------
    InvalidInput
    """
    for name in _OPTIONS:
        if getattr(understood, name, None) is not None:
            option = "--" + name.replace("_", "-")
            raise InvalidInput("errors.configuration.option_of_hydra", option=option)


def refuse_overrides(overrides: Iterable[str]) -> None:
    """Refuse at once what takes a setting away, is a setting of Hydra's, or is far too long.

    Raises
    ------
    InvalidInput
    """
    for override in overrides:
        key, _, value = override.partition("=")
        name = key.strip().lstrip("+~").strip()
        if override.startswith("~"):
            raise InvalidInput("errors.configuration.removes", override=override, name=name)
        if re.search(r"(^|[@:.])hydra\b", name) and name not in _ALLOWED:
            raise InvalidInput("errors.configuration.of_hydra", name=name)
        if len(override) > _MOST_CHARACTERS:
            said = {"name": name, "length": len(override), "most": _MOST_CHARACTERS}
            raise InvalidInput("errors.configuration.too_long", **said)
        if digits := re.search(rf"\d{{{sys.float_info.max_10_exp + 1},}}", value):
            said = {"name": name, "digits": len(digits[0])}
            raise InvalidInput("errors.configuration.many_digits", **said)


def refuse_too_many(overrides: Sequence[str]) -> None:
    """Refuse more jobs than anybody can want, without making a list of them.

    Raises
    ------
    InvalidInput
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser

    try:
        parsed = OverridesParser.create().parse_overrides(list(overrides))
    except Exception:  # Hydra will find it as well, and has more to say
        return
    jobs = 1.0
    for each in parsed:
        if each.is_sweep_override():
            jobs *= _values(each.value())
    if not jobs <= MOST_JOBS:
        number = math.floor(jobs) if jobs < _COUNTED else f"{jobs:.0e}"
        raise InvalidInput("errors.configuration.many_jobs", jobs=number, most=MOST_JOBS)


def _values(swept: Any) -> float:
    """How many values an override with several has."""
    start, stop, step = (getattr(swept, name, None) for name in ("start", "stop", "step"))
    if start is not None and stop is not None:
        return max((float(stop) - float(start)) / float(step or 1), 1.0)
    return float(len(getattr(swept, "list", ())) or 1)


def refuse_outside(folder: str, within: str) -> None:
    """Refuse a job's folder that is not below `out`.

    Raises
    ------
    InvalidInput
    """
    if not Path(folder).resolve().is_relative_to(Path(within).resolve()):
        raise InvalidInput("errors.configuration.outside", folder=folder, out=within)


# -- configuration files of the user's own --------------------------------------------------------
@contextmanager
def watched(usual: DictConfig) -> Iterator[None]:
    """Refuse every configuration in which a file of the user's has changed what Hydra runs, or
    where it writes; `usual` is peersim's own.
    """
    inside: Any = importlib.import_module("hydra._internal.hydra")
    own: Any = inside.ConfigLoaderImpl

    class Watched(own):  # type: ignore[misc]
        def load_configuration(self, *args: Any, **kwargs: Any) -> DictConfig:
            made: DictConfig = super().load_configuration(*args, **kwargs)
            for name in _FIXED:
                if _written(made, name) != _written(usual, name):
                    raise InvalidInput("errors.configuration.of_hydra", name=f"hydra.{name}")
            return made

    inside.ConfigLoaderImpl = Watched
    try:
        yield
    finally:
        inside.ConfigLoaderImpl = own


def _written(config: DictConfig, name: str) -> Any:
    """A setting of Hydra's as it is written, with nothing in it resolved."""
    *way, last = name.split(".")
    node: Any = config._get_node("hydra")
    for step in way:
        node = node._get_node(step)
    found = node._get_node(last)
    return (
        OmegaConf.to_container(found, resolve=False)
        if OmegaConf.is_config(found)
        else (found._value())
    )
