"""What can be set: the scenario, and the options of all studies. Hydra is not needed to know it."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence
from dataclasses import Field, field, fields, make_dataclass
from pathlib import Path
from typing import Any, get_type_hints

from peersim import studies
from peersim.kernel.paths import groups, leaves, unknown
from peersim.scenario.presets import config_folder
from peersim.scenario.scenario import Scenario


@functools.cache
def options() -> dict[str, Field[Any]]:
    """Every option of a run, by name, as the studies declare it."""
    found: dict[str, Field[Any]] = {}
    for study in studies.names():
        for each in fields(studies.options_of(study)):
            if "option" in each.metadata:
                found.setdefault(each.name, each)
    return found


@functools.cache
def config_type() -> type:
    """Everything that can be configured: the scenario, the kind of experiment, and all options."""
    hints: dict[str, Any] = {}
    for study in studies.names():
        hints |= get_type_hints(studies.options_of(study))
    members: list[Any] = [("kind", str, field(default="main"))]
    for name, each in options().items():
        if hints[name] == Scenario | None:
            members.append((name, dict[str, Any], field(default_factory=dict)))
        else:
            start = {key: getattr(each, key) for key in ("default", "default_factory")}
            members.append((name, hints[name], field(**start)))
    return make_dataclass("Config", members, bases=(Scenario,), kw_only=True)


def designs() -> list[str]:
    """Options that are a design: settings that differ from the scenario."""
    hints = get_type_hints(config_type())
    return [name for name in options() if hints[name] == dict[str, Any]]


def free() -> list[str]:
    """Nodes below which any setting of a scenario may be named."""
    return [*designs(), "design.vary", "design.bounds"]


def refuse_unknown(arguments: Sequence[str], own: Collection[str] = ()) -> None:
    """Refuse a misspelt setting at once. Hydra finds it as well, but takes its time.

    Parameters
    ----------
    arguments : sequence of str
    own : collection of str
        Words of a command itself, one of which may be meant.

    Raises
    ------
    InvalidInput
        About the first setting that does not exist. What is left to Hydra passes: its own settings,
        its syntax, and whatever folders of one's own may hold.
    """
    if any(each.startswith("-") and each not in ("-m", "--multirun") for each in arguments):
        return
    known = leaves(config_type())
    places = (*groups(config_type()), *known, *free(), "hydra")
    for argument in arguments:
        if not (found := re.match(r"([A-Za-z_]+(?:\.\w+)*)=", argument)) or found[1] in places:
            continue
        parents = found[1].split(".")
        heads = {".".join(parents[:place]) for place in range(1, len(parents))}
        if not heads & {*known, *free(), "hydra"} and not options_of(found[1]):
            raise unknown(found[1], [*own, *known])


def options_of(group: str) -> list[str]:
    """Name the configuration files of a group, if there is one of this name."""
    if not re.fullmatch(r"\w+", group):
        return []
    return sorted(file.stem for file in (Path(config_folder()) / group).glob("*.yaml"))
