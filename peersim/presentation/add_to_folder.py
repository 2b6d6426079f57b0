"""What is added to the folder of a finished sweep: tables of an analysis, figures, and a page.

The runs stay as they are. Everything added can be made again from them, so it is not among the
files that the manifest promises; asking again makes it anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from peersim.results import columns as dictionary
from peersim.results.folder import read_manifest

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.scenario.scenario import Scenario

PAGE = "report.html"
UNFINISHED = ".new"


def supplement(
    folder: Path,
    scenario: Scenario,
    tables: Mapping[str, pl.DataFrame],
    drawings: Iterable[Drawing],
    page: str,
) -> None:
    """Put tables, figures and a page into a results folder, and the tables into its data
    dictionary.

    Parameters
    ----------
    folder : Path
        Of a finished sweep.
    scenario : Scenario
        Whose parameters the tables may name.
    tables : mapping of name to polars.DataFrame
    drawings : iterable of Drawing
    page : str
        HTML; empty for none.
    """
    parameters = dictionary.parameter_columns(scenario)
    manifest = read_manifest(folder)
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
    (folder / "figures").mkdir(exist_ok=True)
    for drawing in drawings:
        _put(folder / "figures" / f"{drawing.name}.png", drawing.png)
        _put(folder / "figures" / f"{drawing.name}.svg", drawing.svg.encode())
    if page:
        _put(folder / PAGE, page.encode())


def _write_dictionary(folder: Path, parameters: Mapping[str, dictionary.Column]) -> None:
    import polars as pl

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
