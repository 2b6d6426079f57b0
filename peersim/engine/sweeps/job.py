"""One call's work on the folder of a sweep: see what is missing, run it, join everything."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import polars as pl

from peersim.engine.sweeps.batch import BatchResult, rules, run_batch, together
from peersim.engine.sweeps.parts import Parts
from peersim.engine.sweeps.progress import Progress
from peersim.engine.sweeps.tables import Tables
from peersim.engine.sweeps.tasks import Died, Engine, EngineLost
from peersim.engine.sweeps.workload import Workload
from peersim.kernel.catalogue import Sentence, say
from peersim.kernel.declaration import InvalidInput
from peersim.results import folder as results
from peersim.results.columns import parameter_columns
from peersim.results.disk import refusal, writing_to
from peersim.results.manifest import marks_of, provenance
from peersim.scenario.design import Design
from peersim.scenario.run_options import SweepOptions


class Stopped(KeyboardInterrupt):
    """Ctrl-C, with a sentence on how to go on."""


class Swept(NamedTuple):
    """What became of a sweep.

    Attributes
    ----------
    folder : Path
    design : Design
    runs, failed, new : int
        How many runs there are, how many of them failed, and how many were run by this call.
    """

    folder: Path
    design: Design
    runs: int
    failed: int
    new: int


class Job:
    """What one call does in a folder.

    Parameters
    ----------
    load : Workload
    options : SweepOptions
        Folder, workers and engine.
    known : mapping
        The identity of the sweep.
    reproduce : callable
        Gives the line that repeats a run, from its point and seed.
    """

    def __init__(
        self,
        load: Workload,
        options: SweepOptions,
        known: Mapping[str, Any],
        reproduce: Callable[[int, int], str],
    ) -> None:
        self.folder, self.load, self.options, self.known = (Path(options.out), load, options, known)
        self.parts = Parts(self.folder, Tables(load, reproduce))

    def run(self, engine: Engine, progress: Callable[[int], Any] | None) -> Swept:
        """Run what is missing and join everything."""
        there = results.manifest_or_none(self.folder)
        self.started = datetime.fromisoformat(there["started"]) if there else datetime.now(UTC)
        with writing_to(self.folder):
            self._write_manifest("running")
            done = self.parts.done(self._say_damaged)
            self.parts.write_points(results.footer_of(self._about("running")))
        missing = [batch for batch in range(self.load.batches) if batch not in done]
        before = sum(len(self.load.runs_of(batch)) for batch in done)
        label = say("progress.points", n=len(self.load.design))
        counter = Progress(self.load.runs, before, label, progress)
        try:
            self._run_missing(engine, missing, counter)
            failed = self._join()
        except KeyboardInterrupt:
            said = say("errors.sweep.stopped", rest=self._how_to_go_on(counter))
            raise Stopped(said) from None
        except (EngineLost, OSError, pl.exceptions.PolarsError, BadZipFile) as error:
            raise self._broken(error, self._how_to_go_on(counter)) from None
        finally:
            counter.close()
        return Swept(self.folder, self.load.design, self.load.runs, failed, counter.done - before)

    def _say_damaged(self, part: Path) -> None:
        said = say("errors.sweep.damaged_part", file=part)
        print(say("commands.refused", complaint=said), file=sys.stderr)

    def _broken(self, error: Exception, rest: Sentence) -> InvalidInput:
        if reason := refusal(error):
            return InvalidInput("errors.folder.unwritable", rest, out=self.folder, reason=reason)
        first = str(error).partition("\n")[0].rstrip(".")
        said = f"{first[:1].upper()}{first[1:]}."
        return InvalidInput("errors.sweep.broken", complaint=said, rest=rest)

    def _how_to_go_on(self, counter: Progress) -> Sentence:
        kept = {"done": counter.done, "total": counter.total, "folder": self.folder}
        if not self.options.command:
            return Sentence("errors.sweep.goes_on", kept)
        return Sentence("errors.sweep.goes_on_with", kept | {"command": self.options.command})

    def _run_missing(self, engine: Engine, missing: Sequence[int], counter: Progress) -> None:
        tasks = ((batch, self.load.task(batch)) for batch in missing)
        with contextlib.closing(engine.results(run_batch, tasks)) as answers:
            for batch, result in answers:
                if isinstance(result, Died):
                    result = _one_by_one(engine, self.load, batch)
                _refuse_other_worker(result)
                self.parts.keep(batch, result)
                counter.add(len(self.load.runs_of(batch)))

    def _join(self) -> int:
        failed = self.parts.join(results.footer_of(self._about("completed")))
        self._write_dictionary()
        self._write_manifest("completed with failures" if failed else "completed", failed)
        self.parts.remove()
        return failed

    def _write_dictionary(self) -> None:
        tables = {
            name: pl.DataFrame(schema=schema) for name, schema in self.parts.tables.schemas.items()
        }
        base = next(iter(self.load.bases.values()))
        banners = marks_of(self.known, self.options)
        results.write_dictionary(self.folder, tables, parameter_columns(base), banners)

    def _about(self, status: str) -> dict[str, Any]:
        return provenance(self.known, self.options, self.started, status)

    def _write_manifest(self, status: str, failed: int = 0) -> None:
        manifest = self._about(status)
        manifest |= {"rules": rules(), "runs": self.load.runs, "failed": failed}
        files = [f"{name}.parquet" for name in self.parts.tables.schemas]
        if kept := results.keep_people(self.folder, self.load.bases.values()):
            manifest["people"] = kept
        manifest["files"] = sorted(
            [*files, "data_dictionary.csv", "data_dictionary.md", *kept.values()]
        )
        results.write_manifest(self.folder, manifest)


def _one_by_one(engine: Engine, load: Workload, batch: int) -> BatchResult:
    """Run a batch that kills its workers run by run: those that do not are kept."""
    bases, works, tables = load.task(batch)
    singles = [
        (number, work._replace(seeds=range(seed, seed + 1)))
        for number, work in enumerate(works)
        for seed in work.seeds
    ]
    tasks = ((row, (bases, [work], tables)) for row, (_, work) in enumerate(singles))
    answers = dict(engine.results(run_batch, tasks))
    return together(
        [(number, answers[row]) for row, (number, _) in enumerate(singles)], len(works), tables
    )


def _refuse_other_worker(result: BatchResult) -> None:
    if result.rules != rules():
        raise InvalidInput("errors.sweep.other_worker")
