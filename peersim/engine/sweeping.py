"""Sweeps: every point of a design, so many replicates each, on one machine or many, and never
twice.

The folder says what is done. Whatever ends a sweep before its time (Ctrl-C, a full disk, `kill -9`,
a power cut), the same call goes on from there, and the tables come out the same, byte for byte, as
without the interruption.
"""

from __future__ import annotations

import contextlib
import shlex
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from peersim.engine.sweeps.batch import rules
from peersim.engine.sweeps.engine import engine_for
from peersim.engine.sweeps.job import Job, Stopped, Swept
from peersim.engine.sweeps.parts import PARTS
from peersim.engine.sweeps.workload import Workload
from peersim.kernel.catalogue import say
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.plain_data import plain
from peersim.results import folder as results
from peersim.results.disk import claimed
from peersim.results.manifest import identity, versions
from peersim.scenario.design import Design, grid, points
from peersim.scenario.run_options import SweepOptions
from peersim.scenario.scenario import Scenario, changed
from peersim.scenario.sweep_options import EngineChoice

__all__ = ["Stopped", "Swept", "as_design", "run_sweep", "sweep"]

Table = Any
"""A DataFrame of polars or of pandas, which need not be installed."""

TRIED = 1000
"""Points tried before a design is refused because none of them can be run."""


def sweep(  # noqa: PLR0913 (what to run, how often, and where)
    base: Scenario,
    design: Design | Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]] | Table,
    replicates: int = 100,
    seed: int = 1,
    workers: int = 1,
    out: str | None = None,
    tables: str = "none",
    engine: str | EngineChoice | None = None,
    progress: Callable[[int], Any] | None = None,
) -> dict[str, pl.DataFrame]:
    """Run every point of a design with the same seeds.

    Parameters
    ----------
    base : Scenario
        What all points have in common.
    design : Design, mapping of path to values, list of points, or table
        ``{"group.size": [6, 8]}`` is a grid, ``[{"group.size": 6}, ...]`` a list of points. A table
        of polars or pandas has one row a point and one column a setting, named by its path; a
        setting whose cell is empty stays as `base` has it.
    replicates, seed : int
        Replicates are consecutive seeds from `seed`.
    workers : int
        Processes; 0: all cores. Results do not depend on it.
    out : str, optional
        Folder. A sweep that was interrupted there goes on; one that is finished is read. None:
        nothing is kept.
    tables : {"none", "first", "all"}
        Of the weeks before the last: nothing, the mean of each point, or every run.
    engine : str, optional
        Address of a Dask scheduler (``tcp://host:8786``) or its scheduler file.
    progress : callable, optional
        Called with the number of runs that have been added; None: a bar on the terminal.

    Returns
    -------
    dict of str to polars.DataFrame
        ``points``, ``runs``, ``summary`` and perhaps ``weekly``, as `read_results` gives them.

    Raises
    ------
    InvalidInput
        If nothing can be run, or the folder holds something else.

    Examples
    --------
    >>> import polars
    >>> few = changed(Scenario(), {"population.recipients": 5, "weeks": 3})
    >>> design = polars.DataFrame({"one_to_one.every": [1, 2], "organisation": ["outreach", None]})
    >>> found = sweep(few, design, replicates=2, progress=lambda runs: None)
    >>> found["points"].select(design.columns).rows()
    [(1.0, 'outreach'), (2.0, 'independent')]
    """
    choice = engine if isinstance(engine, EngineChoice) else _engine(engine)
    with _folder(out) as folder:
        options = SweepOptions(
            seed=seed,
            replicates=replicates,
            workers=workers,
            out=str(folder),
            tables=tables,
            engine=choice,
        ).checked()
        swept = run_sweep(
            "sweep", base, as_design(design), options, progress, is_kept=out is not None
        )
        if swept.failed:
            said = say("errors.sweep.failed", failed=swept.failed, runs=swept.runs)
            warnings.warn(said, stacklevel=2)
        return results.read_results(swept.folder)


def as_design(given: Any) -> Design:
    """Make a design of a mapping (a grid), a list of points, or a table with a row a point."""
    if isinstance(given, Design):
        return given
    if isinstance(given, Mapping):
        return grid(given)
    rows = _rows(given)
    if not isinstance(rows, Sequence) or not all(isinstance(row, Mapping) for row in rows):
        raise InvalidInput("errors.design.no_design", given=type(given).__name__)
    return points(rows)


def _rows(given: Any) -> Any:
    """The rows of a table of polars or pandas, without what is empty; anything else as it is."""
    if isinstance(given, pl.DataFrame):
        listed = given.to_dicts()
    elif hasattr(given, "to_dict") and hasattr(given, "columns"):
        listed = given.astype(object).where(given.notna(), None).to_dict("records")
    else:
        return given
    return [{path: cell for path, cell in row.items() if cell is not None} for row in listed]


def _engine(address: str | None) -> EngineChoice:
    return EngineChoice("dask", address) if address and address != "local" else EngineChoice()


@contextlib.contextmanager
def _folder(out: str | None) -> Iterator[str]:
    if out is not None:
        yield out
        return
    with tempfile.TemporaryDirectory(prefix="peersim-") as folder:
        yield folder


def run_sweep(
    study: str,
    base: Scenario,
    design: Design,
    options: SweepOptions,
    progress: Callable[[int], Any] | None = None,
    is_kept: bool = True,
) -> Swept:
    """Run what is missing of a sweep in the folder `settings.out`, and join its tables if that
    completes it.

    Parameters
    ----------
    study : str
        On whose behalf; part of what the folder belongs to.
    base : Scenario
    design : Design
    options : SweepOptions
        Seeds, workers, engine, folder, tables.
    progress : callable, optional
        As in `sweep`.
    is_kept : bool
        Whether the folder will still be there when somebody wants to repeat a run.

    Raises
    ------
    InvalidInput
        If nothing can be run, the folder holds something else, or the engine is not there.
    Stopped
        After Ctrl-C.
    """
    load = Workload.of(base, design, options.seed, options.replicates, options.tables)
    _refuse_hopeless(load)
    arms = load.bases if design.arms else {}
    known = identity(study, base, options, design=plain(design.identity()), arms=arms)
    folder = Path(options.out)
    results.guard(folder, known)
    if found := _finished(folder, load):
        return found
    # before anything is written: there may be none
    engine = engine_for(options.engine, options.workers)
    with claimed(folder):
        job = Job(load, options, known, _reproducer(load, options.out if is_kept else None))
        return _finished(folder, load) or job.run(engine, progress)


def _refuse_hopeless(load: Workload) -> None:
    """Refuse a design of which no point can be run; a few that cannot are rows that say so."""
    complaint = None
    for number, point in enumerate(load.design.points[:TRIED]):
        try:
            changed(load.bases[load.design.arm_of(number)], point)
            return
        except InvalidInput as error:
            complaint = complaint or error
    if complaint is not None:
        raise complaint


def _finished(folder: Path, load: Workload) -> Swept | None:
    """Give what a folder holds if it is complete; refuse to go on with what another version of the
    model has begun.
    """
    there = results.manifest_or_none(folder)
    if not there:
        return None
    if there.get("rules") != rules():
        theirs, ours = there.get("versions", {}).get("peersim", "unknown"), versions()["peersim"]
        raise InvalidInput("errors.sweep.other_version", out=folder, theirs=theirs, ours=ours)
    if not {"runs", "failed"} <= there.keys():
        raise InvalidInput("errors.folder.damaged", out=folder, manifest=results.MANIFEST)
    tables = [folder / name for name in there["files"] if name.endswith(".parquet")]
    if not (there["status"].startswith("completed") and all(path.exists() for path in tables)):
        return None
    shutil.rmtree(
        folder / PARTS, ignore_errors=True
    )  # in case that the last call ended just before doing so
    return Swept(folder, load.design, load.runs, there["failed"], 0)


def _reproducer(load: Workload, out: str | None) -> Callable[[int, int], str]:
    if out is not None:
        return lambda point, seed: f"peersim rerun {shlex.quote(out)} point={point} seed={seed}"
    return lambda point, seed: (
        f"peersim.simulate(peersim.changed(base, {load.design.points[point]}), seed={seed})"
    )
