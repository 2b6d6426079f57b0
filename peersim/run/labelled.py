"""An ensemble as pandas and xarray have it: values with the names and units of the catalogue."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from peersim.kernel.declaration import InvalidInput
from peersim.model.outcomes import OUTCOMES, PERSONAL
from peersim.scenario.demonstration import banner_of

if TYPE_CHECKING:
    import numpy as np
    import pandas
    import polars as pl
    import xarray

    from peersim.scenario.scenario import Scenario


class Ensemble(Protocol):
    """What is labelled: see `peersim.run.simulation.Ensemble`."""

    seeds: np.ndarray
    weeks: np.ndarray
    communities: list[str]
    outcomes: list[str]
    values: np.ndarray
    scenario: Scenario | None

    def weekly(self) -> pl.DataFrame:
        """All values as a tidy table."""
        ...


def _marks(ensemble: Ensemble) -> dict[str, str]:
    """What must be said of the values: that they are exaggerated."""
    marks = [] if ensemble.scenario is None else banner_of(ensemble.scenario)
    return {"banner": " ".join(map(str, marks))} if marks else {}


def _package(name: str) -> Any:
    """A package that not everybody has."""
    try:
        return import_module(name)
    except ImportError:
        raise InvalidInput("errors.outcomes.no_package", name=name) from None


def pandas_of(ensemble: Ensemble) -> pandas.DataFrame:
    """See `Ensemble.to_pandas`."""
    there = _package("pandas")
    columns = {name: column.to_numpy() for name, column in zip(*_tidy(ensemble), strict=True)}
    for name, options in (("community", ensemble.communities), ("outcome", ensemble.outcomes)):
        columns[name] = there.Categorical(columns[name], categories=options)
    frame = there.DataFrame(columns)
    frame.attrs["units"] = {each.name: each.unit for each in OUTCOMES}
    frame.attrs |= _marks(ensemble)
    return frame


def _tidy(ensemble: Ensemble) -> tuple[list[str], list[Any]]:
    table = ensemble.weekly()
    return table.columns, table.get_columns()


def xarray_of(ensemble: Ensemble) -> xarray.Dataset:
    """See `Ensemble.to_xarray`."""
    there = _package("xarray")
    variables = {}
    for number, outcome in enumerate(OUTCOMES):
        about = {
            "long_name": outcome.definition,
            "units": outcome.unit,
            "better": outcome.better,
            "instrument": outcome.instrument,
        }
        values = ensemble.values[..., number]
        whole = outcome.name not in PERSONAL  # of the programme as a whole
        dims = ("seed", "week") if whole else ("seed", "week", "community")
        variables[outcome.name] = (dims, (values[:, :, 0] if whole else values).copy(), about)
    coordinates = {
        "seed": ensemble.seeds.copy(),
        "week": ("week", ensemble.weeks.copy(), {"units": "weeks", "long_name": "end of week"}),
        "community": list(ensemble.communities),
    }
    found: xarray.Dataset = there.Dataset(
        variables, coordinates, {"source": "peersim"} | _marks(ensemble)
    )
    return found
