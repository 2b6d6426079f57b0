"""peersim: an agent-based simulation of peer support communities.

Everything public is a name of this package, read in when first used (Mesa alone takes seconds to
import).
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.2.0"

_HOME = {
    "load_scenario": "commands.configuration",
    "changed": "scenario.scenario",
    "without_programme": "scenario.scenario",
    "Scenario": "scenario.scenario",
    "InvalidInput": "kernel.declaration",
    "simulate": "run.simulation",
    "ensemble": "run.simulation",
    "compare": "engine.comparison",
    "find": "studies.find.search",
    "record": "faces.recording",
    "play": "faces.lessons.player",
    "Player": "faces.lessons.player",
    "PlayerWidget": "faces.widget",
    "sweep": "engine.sweeping",
    "rerun": "commands.rerun",
    "cite": "commands.cite",
    "Run": "run.simulation",
    "Ensemble": "run.simulation",
    "Comparison": "engine.comparison",
    "OUTCOMES": "model.outcomes",
    "parameters": "commands.describe",
    "PeerModel": "agents.model",
    "Recipient": "agents.model",
    "Supporter": "agents.model",
    "read_results": "results.folder",
}

__all__ = ["__version__", *_HOME]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"peersim has no {name!r}; it has {', '.join(_HOME)}")
    value = getattr(importlib.import_module(f"peersim.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
