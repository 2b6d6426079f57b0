"""What a run is: its configuration as plain data, a hash that names it, and the versions it was
made with.
"""

from __future__ import annotations

import contextlib
import functools
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

from peersim.kernel.catalogue import Sentence
from peersim.kernel.plain_data import apart, flat, plain
from peersim.scenario.demonstration import banners

if TYPE_CHECKING:
    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario

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


def identity(study: str, scenario: Scenario, options: RunOptions, **more: Any) -> dict[str, Any]:
    """Say what decides the results: the study, what was asked of it, the scenario, the designs, and
    the user's own people.

    Parameters
    ----------
    study : str
    scenario : Scenario
    options : RunOptions
    more
        ``design`` and ``arms``, where they are others than the options say.
    """
    arms = more.pop("arms", options.arms)
    known: dict[str, Any] = {"study": study} | options.identity() | more
    known["scenario"] = configuration = plain(scenario)
    if arms:
        known["arms"] = {name: apart(configuration, plain(arm)) for name, arm in arms.items()}
    everybody = [each.people for each in (scenario, *arms.values())]
    if prints := {people.file: people.fingerprint for people in everybody if people is not None}:
        known["people"] = next(iter(prints.values())) if len(prints) == 1 else prints
    return known


def config_hash(known: Mapping[str, Any]) -> str:
    """Name a configuration by the first sixteen digits of its SHA-256.

    >>> config_hash({"seed": 1}) == config_hash({"seed": 1.0})
    False
    """
    text = json.dumps(known, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


STATUSES = ("running", "completed", "completed with failures")
_TEXT, _NUMBER, _TABLE = (str,), (int,), (dict,)
_FIELDS: dict[str, tuple[type, ...]] = {
    "status": _TEXT,
    "config_hash": _TEXT,
    "started": _TEXT,
    "files": (list,),
    "versions": _TABLE,
    "identity": _TABLE,
}
_OTHERS: dict[str, tuple[type, ...]] = {
    "command": _TEXT,
    "overrides": (list,),
    "options": _TABLE,
    "finished": (str, type(None)),
    "rules": _TEXT,
    "runs": _NUMBER,
    "failed": _NUMBER,
    "people": _TABLE,
    "facts": _TABLE,
    "banners": (list,),
}
"""What stands in some manifests only: those of sweeps, or of one's own people."""


def fault_of(manifest: Any) -> str | None:
    """Name the first field of a manifest that is not what it should be; None if all of them are.

    The hash tells whether what decides the results is as it was written.

    >>> fault_of({"status": "completed", "config_hash": 3}), fault_of([])
    ('config_hash', '')
    """
    if not isinstance(manifest, dict):
        return ""
    there = {name: kinds for name, kinds in _OTHERS.items() if name in manifest}
    for name, kinds in (_FIELDS | there).items():
        if type(manifest.get(name)) not in kinds:
            return name
    for name in ("files", "overrides", "versions", "people", "banners"):
        found = manifest.get(name, [])
        if not all(isinstance(each, str) for each in getattr(found, "values", lambda: found)()):
            return name
    if manifest["status"] not in STATUSES:
        return "status"
    if not _is_time(manifest["started"]):
        return "started"
    known = manifest["identity"]
    is_one = isinstance(known.get("study"), str) and isinstance(known.get("scenario"), dict)
    return None if is_one and config_hash(known) == manifest["config_hash"] else "identity"


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def provenance(
    known: Mapping[str, Any], options: RunOptions, started: datetime, status: str = "completed"
) -> dict[str, Any]:
    """Collect what a manifest says of a run."""
    return {
        "status": status,
        "config_hash": config_hash(known),
        "command": options.command,
        "overrides": list(options.overrides),
        "options": {name: value for name, value in options.besides().items() if name != "out"},
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds")
        if status != "running"
        else None,
        "versions": {"python": sys.version.split()[0], **versions()},
        "identity": dict(known),
        "files": [],
        **({"banners": marks} if (marks := marks_of(known, options)) else {}),
    }


def marks_of(known: Mapping[str, Any], options: RunOptions) -> list[str]:
    """Say what must stand on everything that is made of these results."""
    return list(map(str, banners(known, options.chosen)))


@functools.cache
def versions() -> dict[str, str]:
    """Give the versions of this package and of those that its results may depend on."""
    found = {"peersim": "unknown"}
    for package in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found


def differences(there: Mapping[str, Any], now: Mapping[str, Any]) -> list[Sentence]:
    """Say what differs between two configurations.

    >>> there = {"seed": 1, "scenario": {"weeks": 52}}
    >>> [str(each) for each in differences(there, {"seed": 1, "scenario": {"weeks": 78}})]
    ['weeks is 52 there, 78 now']
    """
    before, after = dict(flat(there)), dict(flat(now))
    paths = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    if len(paths) > 1:  # a digest says nothing to people, and something else differs
        paths = [path for path in paths if path != "design.digest"]
    return [
        Sentence(
            "errors.folder.difference",
            {
                "name": path.removeprefix("scenario."),
                "there": _brief(before.get(path)),
                "now": _brief(after.get(path)),
            },
        )
        for path in paths
    ]


def _brief(value: Any) -> Any:
    if value is None:
        return Sentence("errors.folder.not_set")
    text = json.dumps(value) if isinstance(value, (list, bool)) else str(value)
    return text if len(text) <= 40 else text[:37] + "..."
