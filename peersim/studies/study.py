"""What every study is: a name, options, a run that gives tables, and what there is to show of them.

Everything else is inherited: composing and checking, printing, drawing, the page, the folder of
results, and running it again from there.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import polars as pl

from peersim.engine.sweeps.batch import rules
from peersim.kernel.catalogue import Sentence
from peersim.presentation import terminal
from peersim.presentation.designs import design_label
from peersim.presentation.exhibit import Exhibit, Statement
from peersim.presentation.figures import Drawing, Plot, draw_all
from peersim.presentation.report import Report
from peersim.results import folder as results
from peersim.results.disk import claimed
from peersim.results.manifest import identity, marks_of, provenance

if TYPE_CHECKING:
    from peersim.engine.restore import Recipe
    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Found:
    """What a study found.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
        As they stand in the folder of results.
    facts : mapping
        Plain data besides, kept in the manifest: what must be known to read the tables.
    exit_code : int
        1 if some of the runs failed.
    """

    tables: Mapping[str, pl.DataFrame]
    facts: Mapping[str, Any] = field(default_factory=dict)
    exit_code: int = 0


class Study(ABC):
    """A kind of experiment.

    A subclass stands in ``peersim/studies/<name>/study.py``, its words in the catalogue under
    ``<name>``. What it shows follows from tables and facts alone, so that it can be shown again, in
    another language or another outlet, without running anything.

    Attributes
    ----------
    name : str
        As in ``experiment=<name>``.
    words : str
        Where its words stand in the catalogue, if not under its name.
    Options : type
        Its options: a dataclass of the parts in `peersim.scenario.run_options`.
    sections : tuple of str
        Sections of its report, in order.
    """

    name: ClassVar[str]
    words: ClassVar[str] = ""
    Options: ClassVar[type[RunOptions]]
    sections: ClassVar[tuple[str, ...]] = ()

    def __init__(self, scenario: Scenario, options: Any) -> None:
        self.scenario, self.options = scenario, options

    @classmethod
    def again(cls, recipe: Recipe, source: Path) -> Self:
        """Make the study once more from a folder of its results."""
        return cls(recipe.scenario, recipe.options)

    def check(self) -> None:  # noqa: B027 (most studies can do whatever can be configured)
        """Refuse what this study cannot do, before anything is run.

        Raises
        ------
        InvalidInput
        """

    @abstractmethod
    def run(self) -> Found:
        """Run everything and make the tables; nothing is written."""

    def exhibits(self, found: Found) -> Iterable[Exhibit]:
        """Give the tables that are shown."""
        return ()

    def sentences(self, found: Found) -> Iterable[Statement]:
        """Say what came out."""
        return ()

    def figures(self, found: Found) -> Iterable[Plot]:
        """Give the figures."""
        return ()

    def headings(self, found: Found) -> Mapping[str, Sentence]:
        """Say above a section what was found, where no figure of it does."""
        return {}

    def asked(self, found: Found) -> Iterable[tuple[str, Any]]:
        """Say what was asked: a term of the catalogue, and a path in the manifest or a value."""
        return ()

    # -- inherited --------------------------------------------------------------------------------
    def supporters(self) -> Iterator[tuple[str, str]]:
        """Say how many supporters were asked for, trained and, if any, to be trained."""
        yield "supporters", "identity.scenario.population.supporters"
        if self.scenario.population.asked:
            yield "to_train", "identity.scenario.population.asked"

    @property
    def identity(self) -> dict[str, Any]:
        """What decides the results."""
        return identity(self.name, self.scenario, self.options)

    @property
    def banners(self) -> list[str]:
        """What must be said of everything that is shown."""
        return marks_of(self.identity, self.options)

    def carry_out(self) -> int:
        """Run it, print what came out, and fill the folder of results; gives the exit code."""
        self.check()
        self.started = datetime.now(UTC)
        folder = Path(self.options.out)
        results.guard(folder, self.identity)
        with claimed(folder):
            found = self.run()
            terminal.show(self._report(found, (), {}).printed())
            self.publish(found, folder)
        terminal.show_folder(folder)
        return found.exit_code

    def publish(self, found: Found, folder: Path) -> None:
        """Write tables, figures, exhibits and page."""
        about = provenance(self.identity, self.options, self.started)
        about |= {"rules": rules(), "facts": dict(found.facts)}
        with results.staged(folder, about) as staging:
            results.write_tables(staging, found.tables, about, self.scenario)
            everybody = (self.scenario, *self.options.arms.values())
            if kept := results.keep_people(staging, everybody):
                about["people"] = kept
            self.present(found, staging, about)

    def present(self, found: Found, folder: Path, manifest: Mapping[str, Any]) -> None:
        """Write what is made of the tables: figures, exhibits and the page."""
        drawings = draw_all(self.figures(found), self.options.figures, self.banners)
        report = self._report(found, drawings, manifest)
        for file, content in report.files():
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_bytes(content)

    def _report(
        self, found: Found, drawings: Iterable[Drawing], manifest: Mapping[str, Any]
    ) -> Report:
        return Report(
            study=self.name,
            words=self.words or self.name,
            sections=self.sections,
            statements=[*self.sentences(found), *_set_back(found)],
            exhibits=list(self.exhibits(found)),
            drawings=list(drawings),
            asked=list(self.asked(found)),
            headings=self.headings(found),
            manifest=manifest,
            figures=self.options.figures,
            banners=self.banners,
            next=self.next_step(found),
        )

    def next_step(self, found: Found) -> str:
        """Give the key of what can always be done next."""
        return f"{self.name}.next"


def _set_back(found: Found) -> Iterable[Statement]:
    """Say what was set and does not hold in every design, where a study has found that (fact
    ``set_back``).
    """
    for key, values in found.facts.get("set_back", ()):
        labels = list(map(design_label, values["names"], values["designs"]))
        yield Statement(f"study.set_back.{key}", {**values, "designs": labels})
