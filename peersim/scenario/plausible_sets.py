"""Plausible parameters: sets of values that the calibration left standing, to carry its doubt into
a conclusion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.scenario.run_options import PLAUSIBLE
from peersim.scenario.scenario import Scenario, changed

FILE = "plausible.parquet"


@cache
def _shipped() -> tuple[Mapping[str, Any], ...]:
    import polars as pl

    file = resources.files("peersim") / "data" / FILE
    if not file.is_file():
        raise InvalidInput("errors.setting.no_plausible", file=FILE)
    with file.open("rb") as stream:
        table = pl.read_parquet(stream)
    return tuple(
        table.select(path for path in table.columns if path in leaves(Scenario)).iter_rows(
            named=True
        )
    )


def set_by_hand(scenarios: Sequence[Scenario]) -> set[str]:
    """Paths at which any of these scenarios differs from the defaults: what somebody chose is not
    drawn anew.

    >>> from peersim.scenario.scenario import changed
    >>> set_by_hand([Scenario(), changed(Scenario(), {"departure.drift": 0.02})])
    {'departure.drift'}
    """
    fresh = Scenario()
    known = leaves(Scenario).items()
    return {
        path
        for path, leaf in known
        for scenario in scenarios
        if leaf.get(scenario) != leaf.get(fresh)
    }


def plausible_sets(*scenarios: Scenario, most: int | None = None) -> list[dict[str, Any]]:
    """The sets of parameter values that the calibration left standing, each a mapping of path to
    value.

    Parameters
    ----------
    *scenarios : Scenario
        What is to be run with them: values these scenarios set themselves are left out of every
        set.
    most : int, optional
        How many sets, from the first on (they are in no particular order).

    Raises
    ------
    InvalidInput
        If there are none.
    """
    kept = set_by_hand(scenarios)
    return [
        {path: value for path, value in one.items() if path not in kept}
        for one in _shipped()[:most]
    ]


def sets_for(parameters: str, scenarios: Iterable[Scenario]) -> list[dict[str, Any]]:
    """The sets to run scenarios with, for ``parameters=defaults`` one that changes nothing."""
    return plausible_sets(*scenarios) if parameters == PLAUSIBLE else [{}]


def with_its_set(scenario: Scenario, sets: Sequence[Mapping[str, Any]], seed: int) -> Scenario:
    """A scenario with the set of parameters that goes with a seed."""
    return changed(scenario, sets[seed % len(sets)])
