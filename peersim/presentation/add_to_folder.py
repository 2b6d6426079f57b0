"""What is added to the folder of a finished sweep: tables of an analysis, figures, and a page.

The runs stay as they are. Everything added can be made again from them, so it is not among the
files that the manifest promises; asking again makes it anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from peersim.results import columns as dictionary
from peersim.results.folder import write_manifest

if TYPE_CHECKING:
    from peersim.scenario.scenario import Scenario

UNFINISHED = ".new"


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
    footer = {
        "peersim": manifest["versions"].get("peersim", ""),
        "config_hash": manifest["config_hash"],
    }
    for name, frame in tables.items():
        new = folder / f"{name}.parquet{UNFINISHED}"
        typed = dictionary.cast(name, frame, parameters)
        typed.write_parquet(new, compression="zstd", compression_level=1, metadata=footer)
        os.replace(new, folder / f"{name}.parquet")
    _write_dictionary(folder, parameters)
    for file, content in files:
        (folder / file).parent.mkdir(exist_ok=True)
        _put(folder / file, content)
    write_manifest(folder, manifest)


def _write_dictionary(folder: Path, parameters: Mapping[str, dictionary.Column]) -> None:
    there = {
        path.stem: pl.DataFrame(schema=pl.read_parquet_schema(path))
        for path in sorted(folder.glob("*.parquet"))
    }
    columns = dictionary.dictionary_of(there, parameters)
    _put(folder / "data_dictionary.csv", dictionary.as_csv(columns).encode())
    _put(folder / "data_dictionary.md", dictionary.as_markdown(columns).encode())


def _put(path: Path, content: bytes) -> None:
    new = path.with_name(path.name + UNFINISHED)
    new.write_bytes(content)
    os.replace(new, path)
