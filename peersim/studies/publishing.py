"""From the runs of a study to its results folder: tables, figures, report, manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peersim.engine.sweeps.batch import rules
from peersim.results import folder as results
from peersim.results.manifest import identity, provenance

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario

DETAILS = ("people", "memberships", "ties", "departures")


Faces = Callable[
    [Mapping[str, "pl.DataFrame"], Mapping[str, Any], "Scenario"], tuple[list["Drawing"], str]
]


class Publication:
    """The folder of one study: refused at once if it is not ours, filled at the end."""

    def __init__(self, study: str, scenario: Scenario, settings: RunOptions):
        self.scenario, self.settings = scenario, settings
        self.started = datetime.now(UTC)
        self.known = identity(study, scenario, settings)
        self.folder = results.folder_for(study, self.known, settings.out)
        results.guard(self.folder, self.known)

    def write(self, tables: Mapping[str, pl.DataFrame], faces: Faces) -> Path:
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
            drawings, page = faces(tables, manifest, self.scenario)
            (staging / "figures").mkdir()
            for drawing in drawings:
                (staging / "figures" / f"{drawing.name}.png").write_bytes(drawing.png)
                (staging / "figures" / f"{drawing.name}.svg").write_text(
                    drawing.svg, encoding="utf-8"
                )
            (staging / "report.html").write_text(page, encoding="utf-8")
        return self.folder

    def _kept(self, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        leave_out = DETAILS if getattr(self.settings, "tables", "none") == "none" else ()
        return {name: frame for name, frame in tables.items() if name not in leave_out}
