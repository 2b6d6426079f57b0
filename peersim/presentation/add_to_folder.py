"""What is added to the folder of a finished sweep: tables of an analysis, figures, and a page.

The runs stay as they are. Everything added can be made again from them, so it is not among the
files that the manifest promises; asking again makes it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from peersim.results import columns as dictionary
from peersim.results.disk import put
from peersim.results.folder import as_parquet, footer_of, write_dictionary, write_manifest

if TYPE_CHECKING:
    from peersim.scenario.scenario import Scenario


def add_to_folder(
    folder: Path,
    scenario: Scenario,
    manifest: Mapping[str, Any],
    tables: Mapping[str, pl.DataFrame],
    files: Iterable[tuple[str, bytes]],
) -> None:
    """Put tables and files into a results folder, and the tables into its data dictionary.

    Parameters
    ----------
    folder : Path
        Of a finished sweep.
    scenario : Scenario
        Whose parameters the tables may name.
    manifest : mapping
        Of the folder, as it is to be.
    tables : mapping of name to polars.DataFrame
    files : iterable of (str, bytes)
        Path below the folder, and content.
    """
    parameters = dictionary.parameter_columns(scenario)
    footer = footer_of(manifest)
    for name, frame in tables.items():
        typed = dictionary.cast(name, frame, parameters)
        put(folder / f"{name}.parquet", as_parquet(typed, footer))
    there = {
        path.stem: pl.DataFrame(schema=pl.read_parquet_schema(path))
        for path in sorted(folder.glob("*.parquet"))
    }
    write_dictionary(folder, there, parameters, manifest.get("banners", ()))
    for file, content in files:
        (folder / file).parent.mkdir(exist_ok=True)
        put(folder / file, content)
    write_manifest(folder, manifest)
