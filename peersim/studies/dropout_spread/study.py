"""How dropout spreads: the same world with and without one person's leaving, for each type of
community and mix; or the story of one person.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from peersim.kernel.catalogue import say
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import did_you_mean
from peersim.presentation import terminal
from peersim.run.first_day import Blueprint, draw_up
from peersim.run.worlds import Worlds
from peersim.scenario.plausible_sets import sets_for
from peersim.scenario.scenario import changed
from peersim.scenario.typology import DESIGNS, OWN, TYPES, Design, own_design, set_back
from peersim.studies.dropout_spread import exhibits, figures, sentences
from peersim.studies.dropout_spread.following.channels import settings_of
from peersim.studies.dropout_spread.following.history import WINDOW, History
from peersim.studies.dropout_spread.following.knock_outs import WHAT_IF_WEEKS, Sample
from peersim.studies.dropout_spread.following.levers import usual_levers
from peersim.studies.dropout_spread.measurements import Noted, Wanted, note
from peersim.studies.dropout_spread.options import Options
from peersim.studies.dropout_spread.story import shown, story
from peersim.studies.dropout_spread.tables import spread_tables
from peersim.studies.dropout_spread.tables_of_levers import levers
from peersim.studies.main.study import own_label
from peersim.studies.study import Found, Study

if TYPE_CHECKING:
    from peersim.presentation.exhibit import Exhibit, Statement
    from peersim.presentation.figures import Plot
    from peersim.scenario.scenario import Scenario

FULL = 25
"""How many times as many worlds there are with size=full."""
CHANNELS_IN_ONE_OF = 2
"""Channels are looked into in one of so many worlds: it takes eight times as long."""


class DropoutSpread(Study):
    """Knocks out leaving by leaving and follows what changes; or tells one person's story."""

    name, Options = "dropout_spread", Options
    sections = ("follow", "whose", "what", "near", "long", "helps", "books", "story", "changes")

    def check(self) -> None:
        """Refuse what leaves no time to see what follows, and people who are not there."""
        weeks, person = self.scenario.weeks, self.options.person
        if weeks < 2 * WINDOW:
            raise InvalidInput(
                "dropout_spread.errors.weeks", weeks=weeks, window=WINDOW, least=2 * WINDOW
            )
        if person is not None and person not in (known := draw_up(self.scenario).labels):
            hint = did_you_mean(person, known)
            raise InvalidInput("dropout_spread.errors.person", hint, person=person)

    def run(self) -> Found:
        """Run all worlds and make the tables."""
        facts = {
            "window": WINDOW,
            "person": self.options.person,
            "recipients": self.scenario.population.recipients,
            "people": self.scenario.population.everybody,
            "worlds": self.worlds,
            "seed": self.options.seed,
        }
        if self.options.person is not None:
            tables, told = story.story_of(self.scenario, self.options)
            return Found(tables, facts | told)
        tables = self.tables()
        if "reproduction" not in tables:
            raise InvalidInput(
                "dropout_spread.errors.nobody_left", worlds=self.worlds, window=WINDOW
            )
        return Found(tables, facts | {"set_back": set_back(self.scenario, self.designs())})

    def next_step(self, found: Found) -> str:
        """Who has read one story may read another."""
        is_story = found.facts["person"] is not None
        return "dropout_spread.story.next" if is_story else super().next_step(found)

    # -- the worlds -------------------------------------------------------------------------------
    @property
    def worlds(self) -> int:
        """Number of worlds of each design."""
        return int(self.options.replicates) * (FULL if self.options.size == "full" else 1)

    @property
    def seeds(self) -> range:
        """Seeds of the worlds: the same for every design."""
        return range(self.options.seed, self.options.seed + self.worlds)

    def designs(self) -> dict[str, tuple[Design, Scenario]]:
        """Give the designs to look into: what was configured, if anything was, or the types and
        their combinations.
        """
        if label := own_label(self.options.overrides):
            return {OWN: (own_design(self.scenario, label), self.scenario)}
        return {design.name: (design, design.of(self.scenario)) for design in DESIGNS}

    def with_levers(self) -> dict[str, Scenario]:
        """Add each lever to each pure type (or to the user's own design), where it changes
        anything.
        """
        designs = self.designs()
        pure = [name for name in (OWN, *(design.name for design in TYPES)) if name in designs]
        return {
            f"{name}/{lever.name}": changed(designs[name][1], lever.changes)
            for name in pure
            for lever in usual_levers(designs[name][1])
        }

    def tables(self) -> dict[str, pl.DataFrame]:
        """Run all worlds and make the tables; nothing is written."""
        designs, pulled = self.designs(), self.with_levers()
        scenarios = {name: scenario for name, (_, scenario) in designs.items()}
        sets = sets_for(self.options.parameters, [*scenarios.values(), *pulled.values()])
        total = (len(designs) + len(pulled)) * self.worlds
        with terminal.bar(say("progress.departures"), "world", total) as bar:
            worlds = Worlds(self.seeds, sets, self.options.workers, bar.update)
            found = {name: self.in_detail(each, worlds) for name, each in scenarios.items()}
            levered = {name: self.in_short(each, worlds) for name, each in pulled.items()}
        listed = [
            {"design": name, "label": one.label, "text": one.text}
            for name, (one, _) in designs.items()
        ]
        return {
            "designs": pl.DataFrame(listed),
            "spread_levers": levers(levered, found),
        } | spread_tables(found)

    def in_detail(self, scenario: Scenario, worlds: Worlds) -> list[Noted]:
        """Look into every leaving of every world: as it happened and what if, and in one world of
        so many the channels.
        """
        sample = Sample(what_if_weeks=WHAT_IF_WEEKS)

        def look(plan: Blueprint, seed: int) -> Noted:
            in_turn = (seed - self.options.seed) % CHANNELS_IN_ONE_OF == 0
            open_or_shut = settings_of(plan.scenario) if in_turn else ()
            return note(History(plan, seed), Wanted(sample, open_or_shut, cascades=True))

        return worlds.watch(scenario, look)

    def in_short(self, scenario: Scenario, worlds: Worlds) -> list[Noted]:
        """Look into the leavings as they happened, no more."""
        return worlds.watch(
            scenario, lambda plan, seed: note(History(plan, seed), Wanted(Sample()))
        )

    # -- what is shown ----------------------------------------------------------------------------
    def exhibits(self, found: Found) -> Iterable[Exhibit]:
        """Give the tables: those of the study, or of one person's story."""
        return shown.exhibits(found) if found.facts["person"] else exhibits.exhibits(found)

    def sentences(self, found: Found) -> Iterable[Statement]:
        """Give the sentences: those of the study, or of one person's story."""
        return shown.sentences(found) if found.facts["person"] else sentences.sentences(found)

    def figures(self, found: Found) -> Iterable[Plot]:
        """Give the figures; a story has none."""
        return () if found.facts["person"] else figures.figures(found)

    def asked(self, found: Found) -> Iterable[tuple[str, str]]:
        """Say what was asked."""
        one = (("person", "facts.person"), ("seed", "identity.seed"))
        is_of_one = found.facts["person"] or OWN in found.tables["designs"]["design"]
        return (
            *(one if found.facts["person"] else (("worlds", "facts.worlds"),)),
            *((("communities", "identity.scenario.communities"),) if is_of_one else ()),
            ("weeks", "identity.scenario.weeks"),
            ("recipients", "identity.scenario.population.recipients"),
            *self.supporters(),
        )


STUDY = DropoutSpread
