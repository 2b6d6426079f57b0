"""The files of a sweep: one part a batch while it runs, joined in order when it is complete.

A part exists if and only if its batch is complete: it is written under another name and moved into
place. Its name ends with a hash of what is in it, so one that is damaged is noticed, and its batch
is run again. There is no other record of what is done that could disagree. Joined tables are
streamed, so memory does not grow with them.
"""

from __future__ import annotations

import io
import itertools
import os
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import BadZipFile

import numpy as np
import polars as pl

from peersim.engine.sweeps.batch import BatchResult
from peersim.engine.sweeps.tables import FAILED, Tables
from peersim.model.outcomes import NAMES
from peersim.results.disk import UNFINISHED, is_sealed, put, put_sealed, unsealed
from peersim.results.folder import as_parquet

if TYPE_CHECKING:
    from peersim.engine.sweeps.workload import Piece

PARTS = "parts"
JOINED = ".joined"
PROBE = 1_000_000
"""Bytes that are written to see whether there is room."""
WEEKS = {"all": "weekly", "first": "sums"}
"""The parts that hold weeks, by what is wanted of them."""
ROWS = 20_000  # of a row group: fixed, so that equal tables are equal files
POINTS_AT_A_TIME, FRAMES_IN_A_FILE = 500, 200


class Parts:
    """Part files below a results folder.

    Parameters
    ----------
    folder : Path
        The results folder.
    tables : Tables
    """

    def __init__(self, folder: Path, tables: Tables) -> None:
        self.folder, self.tables, self.load = folder, tables, tables.load
        self._kinds = ["runs"] + [each for each in [WEEKS.get(self.load.tables)] if each]
        self._there: dict[str, Path] = {}

    def done(self, damaged: Callable[[Path], Any]) -> set[int]:
        """Give the numbers of the batches that are complete, and clear away what was never
        finished, and what is `damaged`.
        """
        (self.folder / PARTS).mkdir(exist_ok=True)
        self._there = {}
        for path in sorted((self.folder / PARTS).iterdir()):
            if _is_unfinished(path):
                path.unlink()
            elif self._is_whole(path):
                self._there[unsealed(path)] = path
            else:
                damaged(path)
                path.unlink()
        return {batch for batch in range(self.load.batches) if self._is_done(batch)}

    def _is_done(self, batch: int) -> bool:
        return all(_name(kind, batch) in self._there for kind in self._kinds)

    def _is_whole(self, path: Path) -> bool:
        """Whether a part is as it was written; of one without a seal, whether it can be read."""
        if (told := is_sealed(path)) is not None:
            return told
        try:
            if path.suffix == ".npz":
                with path.open("rb") as file, np.load(file) as arrays:
                    return all(arrays[name] is not None for name in arrays)
            kind, _, batch = path.stem.partition("-")
            rows = pl.read_parquet(path).height
            return kind != "runs" or rows == len(self.load.runs_of(int(batch)))
        except (ValueError, EOFError, BadZipFile, zlib.error, pl.exceptions.PolarsError):
            return False

    def keep(self, batch: int, result: BatchResult) -> None:
        """Write the part of a batch; the table of runs comes last, because it says that the batch
        is complete.
        """
        if self.load.tables == "all":
            self._keep("weekly", batch, self.tables.weeks_of_runs(batch, result).write_parquet)
        elif self.load.tables == "first":
            self._keep("sums", batch, lambda file: np.savez_compressed(file, *result.weekly))
        self._keep("runs", batch, self.tables.runs(batch, result).write_parquet)

    def _keep(self, kind: str, batch: int, write: Callable[[BinaryIO], Any]) -> None:
        name = _name(kind, batch)
        path = self.folder / PARTS / f"{name}.{'npz' if kind == 'sums' else 'parquet'}"
        self._there[name] = put_sealed(path, _content(write))

    def write_points(self, footer: Mapping[str, str]) -> None:
        """Write the table of points, which is known beforehand."""
        put(self.folder / "points.parquet", as_parquet(self.tables.points(), footer))

    def join(self, footer: Mapping[str, str]) -> int:
        """Join all parts into tables and put these where the user finds them; gives the number of
        failed runs.
        """
        try:
            self._join_all(footer)
        except pl.exceptions.PolarsError:  # which does not always say that there is no room
            put(self.folder / PARTS / f"room{JOINED}", bytes(PROBE))
            raise
        finally:
            for path in (self.folder / PARTS).iterdir():
                if _is_unfinished(path):
                    path.unlink()
        status = pl.scan_parquet(self.folder / "runs.parquet").select(pl.col("status") == FAILED)
        return int(status.sum().collect().item())

    def _join_all(self, footer: Mapping[str, str]) -> None:
        self._join("runs", self._parts("runs"), footer)
        self._join("summary", self._in_files("summary", self._summaries()), footer)
        if self.load.tables == "all":
            self._join("weekly", self._parts("weekly"), footer)
        elif self.load.tables == "first":
            self._join("weekly", self._in_files("weekly", self._mean_weeks()), footer)
        for path in (self.folder / PARTS).glob(f"*{JOINED}"):
            os.replace(path, self.folder / f"{path.stem}.parquet")

    def remove(self) -> None:
        """Remove all parts: the tables hold everything."""
        shutil.rmtree(self.folder / PARTS, ignore_errors=True)

    def _parts(self, kind: str) -> list[Path]:
        return [self._there[_name(kind, batch)] for batch in range(self.load.batches)]

    def _in_files(self, table: str, frames: Iterator[pl.DataFrame]) -> list[Path]:
        """Write frames as they come, many to a file."""
        paths = []
        for number, several in enumerate(itertools.batched(frames, FRAMES_IN_A_FILE)):
            paths.append(self.folder / PARTS / f"{table}-{number:06d}{UNFINISHED}")
            pl.concat(several).write_parquet(paths[-1])
        return paths

    def _join(self, table: str, paths: list[Path], footer: Mapping[str, str]) -> None:
        frames = (
            pl.scan_parquet(paths) if paths else pl.LazyFrame(schema=self.tables.schemas[table])
        )
        frames.sink_parquet(
            self.folder / PARTS / (table + JOINED),
            compression="zstd",
            compression_level=1,
            row_group_size=ROWS,
            metadata=dict(footer),
        )

    def _summaries(self) -> Iterator[pl.DataFrame]:
        replicates = self.load.replicates
        runs = pl.scan_parquet(self.folder / PARTS / ("runs" + JOINED)).select(NAMES)
        for first in range(0, len(self.load.design), POINTS_AT_A_TIME):
            rows = (
                runs.slice(first * replicates, POINTS_AT_A_TIME * replicates).collect().to_numpy()
            )
            yield self.tables.summary(first, rows.reshape(-1, replicates, len(NAMES)))

    def _mean_weeks(self) -> Iterator[pl.DataFrame]:
        """Means over the runs of each point; the pieces of a point that was divided stand next to
        each other.
        """
        point, sums = -1, np.zeros(0)
        for piece, found in self._sums():
            if piece.point != point:
                if sums.size:
                    yield self.tables.mean_weeks(point, sums)
                point, sums = piece.point, found
            elif found.size:
                sums = sums + found if sums.size else found
        if sums.size:
            yield self.tables.mean_weeks(point, sums)

    def _sums(self) -> Iterator[tuple[Piece, np.ndarray]]:
        for batch, path in enumerate(self._parts("sums")):
            with np.load(path) as arrays:
                for number, piece in enumerate(self.load.pieces(batch)):
                    yield piece, arrays[f"arr_{number}"]


def _name(kind: str, batch: int) -> str:
    return f"{kind}-{batch:06d}"


def _is_unfinished(path: Path) -> bool:
    return path.suffix in (UNFINISHED, JOINED)


def _content(write: Callable[[BinaryIO], Any]) -> bytes:
    content = io.BytesIO()
    write(content)
    return content.getvalue()
