"""peersim: an agent-based simulation of peer support communities.

Everything public is a name of this package, read in when first used (Mesa alone takes seconds to
import).
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "load_scenario": "configuration",
    "changed": "scenario",
    "without_programme": "scenario",
    "Scenario": "scenario",
    "InvalidInput": "declaration",
    "simulate": "simulation",
    "ensemble": "simulation",
    "compare": "comparison",
    "sweep": "sweeping",
    "rerun": "rerunning",
    "cite": "citing",
    "Run": "simulation",
    "Ensemble": "simulation",
    "OUTCOMES": "outcomes",
    "parameters": "describe",
    "PeerModel": "model",
    "Recipient": "model",
    "Supporter": "model",
    "read_results": "results",
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
