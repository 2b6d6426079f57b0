"""What a run is: its configuration as plain data, a hash that names it, and the versions it was
made with.
"""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peersim.kernel.plain_data import apart, flat, plain
from peersim.scenario.settings import DEFAULTS

if TYPE_CHECKING:
    from peersim.scenario.settings import RunSettings

PACKAGES = (
    "peersim",
    "numpy",
    "numba",
    "mesa",
    "networkx",
    "polars",
    "hydra-core",
    "matplotlib",
    "scipy",
    "salib",
)

_QUESTION = ("outcomes", "week", "precision", "size", "person", "data", "patterns")


def identity(study: str, scenario: Any, settings: RunSettings) -> dict[str, Any]:
    """Say what decides the results: the study, its question, the scenario, the user's own people,
    and the seeds.
    """
    configuration = plain(scenario)
    known: dict[str, Any] = {
        "study": study,
        "seed": settings.seed,
        "replicates": settings.replicates,
    }
    known |= {
        key: getattr(settings, key) for key in _QUESTION if getattr(settings, key) is not None
    }
    if settings.data is not None:
        known["records"] = _fingerprint(settings.data)
    known["scenario"] = configuration
    if settings.parameters != DEFAULTS:
        known["parameters"] = settings.parameters
    if settings.trial is not None:
        known["trial"] = plain(settings.trial)
    if settings.staffing is not None:
        known["staffing"] = plain(settings.staffing)
    if settings.design is not None:
        known["design"] = plain(settings.design.identity())
        known["tables"] = settings.tables
    if settings.arms:
        known["arms"] = {
            name: apart(configuration, plain(arm)) for name, arm in settings.arms.items()
        }
    everybody = [each.people for each in (scenario, *settings.arms.values())]
    if prints := {people.file: people.fingerprint for people in everybody if people is not None}:
        known["people"] = next(iter(prints.values())) if len(prints) == 1 else prints
    return known


def _fingerprint(file: str) -> str:
    return hashlib.sha256(Path(os.path.expanduser(file)).read_bytes()).hexdigest()


def config_hash(known: Mapping[str, Any]) -> str:
    """Name a configuration by the first sixteen digits of its SHA-256.

    >>> config_hash({"seed": 1}) == config_hash({"seed": 1.0})
    False
    """
    text = json.dumps(known, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def provenance(
    known: Mapping[str, Any], settings: RunSettings, started: datetime, status: str = "completed"
) -> dict[str, Any]:
    """Collect what a manifest says of a run."""
    return {
        "status": status,
        "config_hash": config_hash(known),
        "command": settings.command,
        "overrides": list(settings.overrides),
        "tables": settings.tables,
        "workers": settings.workers,
        "engine": settings.engine.kind,
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds")
        if status != "running"
        else None,
        "versions": {"python": sys.version.split()[0], **versions()},
        "identity": dict(known),
    }


def versions() -> dict[str, str]:
    """Give the versions of this package and of those that its results may depend on."""
    found = {"peersim": "unknown"}
    for package in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found


def differences(there: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Say what differs between two configurations.

    >>> differences({"seed": 1, "scenario": {"weeks": 52}}, {"seed": 1, "scenario": {"weeks": 78}})
    ['weeks is 52 there, 78 now']
    """
    before, after = dict(flat(there)), dict(flat(now))
    paths = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    if len(paths) > 1:  # a digest says nothing to people, and something else differs
        paths = [path for path in paths if path != "design.digest"]
    return [
        f"{path.removeprefix('scenario.')} is {_brief(before.get(path))} there, {_brief(after.get(path))} now"
        for path in paths
    ]


def _brief(value: Any) -> str:
    if value is None:
        return "not set"
    text = json.dumps(value) if isinstance(value, (list, bool)) else str(value)
    return text if len(text) <= 40 else text[:37] + "..."
