"""Every study at a small size: what to ask of it, so that a run takes seconds."""

import functools
import importlib
import tempfile
from pathlib import Path

import pytest
from small_scenarios import SMALL, small_scenario

from peersim.kernel.paths import leaves
from peersim.scenario import plausible_sets
from peersim.scenario.scenario import Scenario, changed
from peersim.scenario.sweep_options import DesignChoice
from peersim.studies import options_of, run_study
from peersim.studies.trial.options import Protocol

EXAMPLE = Path(__file__).resolve().parents[1] / "configs" / "examples" / "attendance.csv"

SETS = ({"departure.drift": 0.01}, {"departure.drift": 0.05})
"""Stand in for the plausible sets."""


def _two():
    return {"b": small_scenario(communities=["one_to_one", "group"], cafe__per_week=1.5)}


ASKED = {
    "compare": lambda: {"replicates": 6, **_two()},
    "check_own_data": lambda: {"replicates": 40, "data": str(EXAMPLE)},
    "dropout_spread": lambda: {"replicates": 2, "overrides": ["communities=[group]"]},
    "find": lambda: {"seeds": 12, "top": 4, "difference": "largest", **_two()},
    "presets": lambda: {"presets": ["reden", "morgencafeen"]},
    "patterns": lambda: {"replicates": 2, "patterns": ["A6", "A14a", "A17a"]},
    "sweep": lambda: {"design": DesignChoice(kind="grid", vary={"group.size": [4, 5, 6]})},
    "sensitivity": lambda: {
        **_two(),
        "design": DesignChoice(
            kind="morris", over=["group.size", "group.hours"], trajectories=4, levels=4, seed=1
        ),
    },
    "trial": lambda: {
        "trial": Protocol(intervention=16, usual=16, weeks=8, follow_up=4),
        "replicates": 6,
        "parameters": "plausible",
    },
}
"""Options of a study at a small size, where its usual ones would take long."""

SIZES = {
    "patterns": (3, 1),
    "staffing": (2, 3),
    "check_own_data": {"moved": 2, "sets": 24, "each": 2},
    "calibration": {
        **{"first": 12, "later": 8, "waves": 1, "candidates": 8, "plausible": 4},
        **{"walkers": 8, "steps": 20, "defaults": 3, "known": 2},
    },
}
"""What ``size=quick`` means for a study in tests."""

SCENARIOS = {
    "patterns": {"weeks": 52},
    "staffing": {"communities": ["one_to_one"], "weeks": 20, "training.weeks": 2},
    "trial": {"communities": ["group"]},
    "dropout_spread": {"weeks": 54, "communities": ["group"]},
    # presets are read as they are
    "presets": {path: leaves(Scenario)[path].get(Scenario()) for path in SMALL},
}


def options(name, **more):
    """Options of a study at a small size."""
    usual = {"replicates": 3} if hasattr(options_of(name), "replicates") else {}
    asked = ASKED[name]() if name in ASKED else {}
    return options_of(name)(**{"seed": 3, "workers": 2, **usual, **asked, **more})


@functools.cache
def folder_of(name):
    """Run a study at a small size, once a session, and give its folder."""
    folder = Path(tempfile.mkdtemp(prefix=f"peersim-{name}-")) / "out"
    run_small(name, out=str(folder))
    return folder


def at_small_size(name, patch):
    """Let a study be small for as long as a patch holds."""
    patch.setattr(plausible_sets, "_shipped", lambda: SETS)
    if name in SIZES:
        holder = "scores" if name == "patterns" else "study"
        module = importlib.import_module(f"peersim.studies.{name}.{holder}")
        sizes, quick = getattr(module, "SIZES", None) or module.PLANS, SIZES[name]
        small = sizes["quick"]._replace(**quick) if isinstance(quick, dict) else quick
        patch.setitem(sizes, "quick", small)


def run_small(name, **more):
    """Run a study at a small size."""
    with pytest.MonkeyPatch.context() as patch:
        at_small_size(name, patch)
        scenario = changed(small_scenario(), SCENARIOS.get(name, {}))
        return run_study(name, scenario, options(name, **more).checked())
