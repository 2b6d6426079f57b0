"""From the runs of a study to its results folder: tables, figures, report, manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peersim.engine.sweeps.batch import rules
from peersim.results import folder as results
from peersim.results.manifest import config_hash, identity, provenance, versions
from peersim.scenario.plausible_sets import sets_for, with_its_set
from peersim.scenario.typology import CONFIGURED
from peersim.studies.main.arms import Arm

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario

DETAILS = ("people", "memberships", "ties", "departures")


Faces = Callable[
    [Mapping[str, "pl.DataFrame"], Mapping[str, Any], "Scenario"], tuple[list["Drawing"], str]
]


def main_faces(
    tables: Mapping[str, pl.DataFrame], manifest: Mapping[str, Any], scenario: Scenario
) -> tuple[list[Drawing], str]:
    """Give the figures and the page of the main job."""
    from peersim.presentation.figures import draw
    from peersim.studies.main.page import report

    drawings = list(draw(tables, manifest["versions"]["peersim"]))
    return drawings, report(tables, drawings, manifest, scenario)


class Publication:
    """The folder of one study: refused at once if it is not ours, filled at the end."""

    def __init__(self, study: str, scenario: Scenario, settings: RunOptions):
        self.scenario, self.settings = scenario, settings
        self.started = datetime.now(UTC)
        self.known = identity(study, scenario, settings)
        self.folder = results.folder_for(study, self.known, settings.out)
        results.guard(self.folder, self.known)

    def write(self, tables: Mapping[str, pl.DataFrame], faces: Faces | None = None) -> Path:
        """Write everything and give the folder.

        Parameters
        ----------
        tables : mapping of name to polars.DataFrame
        faces : callable, optional
            Gives figures and page for tables, manifest and scenario; by default those of the main
            job.
        """
        manifest = provenance(self.known, self.settings, self.started) | {"rules": rules()}
        with results.staged(self.folder, manifest) as staging:
            results.write_tables(staging, self._kept(tables), manifest, self.scenario)
            if kept := results.keep_people(staging, (self.scenario, *self.settings.arms.values())):
                manifest["people"] = kept
            drawings, page = (faces or main_faces)(tables, manifest, self.scenario)
            (staging / "figures").mkdir()
            for drawing in drawings:
                (staging / "figures" / f"{drawing.name}.png").write_bytes(drawing.png)
                (staging / "figures" / f"{drawing.name}.svg").write_text(
                    drawing.svg, encoding="utf-8"
                )
            (staging / "report.html").write_text(page, encoding="utf-8")
        return self.folder

    def _kept(self, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        leave_out = DETAILS if self.settings.tables == "none" else ()
        return {name: frame for name, frame in tables.items() if name not in leave_out}


def all_tables(
    arms: Sequence[Arm], settings: RunOptions, known: Mapping[str, Any]
) -> dict[str, pl.DataFrame]:
    """Make all tables of a study, those of single runs included."""
    from peersim.studies.main.tables import aggregate_tables

    origin = {"version": versions()["peersim"], "config_hash": config_hash(known)}
    return aggregate_tables(arms, settings, origin) | details(arms, settings)


def details(arms: Sequence[Arm], settings: RunOptions) -> dict[str, pl.DataFrame]:
    """Repeat single runs for people, memberships, ties and departures: the first of each design, or
    all.
    """
    import polars as pl

    from peersim.run.simulation import simulate

    sets = sets_for(settings.parameters, [arm.scenario for arm in arms])
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in DETAILS}
    for arm in arms:
        if arm.basis != CONFIGURED and settings.tables == "none":
            continue
        seeds = arm.ensemble.seeds if settings.tables == "all" else arm.ensemble.seeds[:1]
        for seed in map(int, seeds):
            run = simulate(with_its_set(arm.scenario, sets, seed), seed)
            labels = _labels(arm, seed)
            for name, frames in parts.items():
                frames.append(getattr(run, name).select(*labels, pl.all()))
    return {name: pl.concat(frames, how="vertical_relaxed") for name, frames in parts.items()}


def _labels(arm: Arm, seed: int) -> list[Any]:
    import polars as pl

    return [
        pl.lit(arm.design.name).alias("design"),
        pl.lit(arm.basis).alias("basis"),
        pl.lit(seed).alias("seed"),
    ]
