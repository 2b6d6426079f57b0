"""Looks through seeds for those worth telling, and says how rare they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from peersim.kernel.catalogue import Sentence, Value, say
from peersim.presentation import terminal
from peersim.presentation.exhibit import NEXT, PAGE, TERMINAL, Column, Exhibit, Statement
from peersim.presentation.in_people import among
from peersim.presentation.outcomes import form_of, label
from peersim.studies.find.options import CHAIN, DIFFERENCE, Options
from peersim.studies.find.search import USUAL, Search, found
from peersim.studies.study import Found, Study

SHOWN = 3
"""Of so many of those found the command is printed."""


def form_of_size(what: str, outcome: str) -> str:
    """Give the format of what was looked for: departures, a difference in an outcome, or points."""
    if what == DIFFERENCE:
        return form_of(outcome, signed=True).replace("points1", "%")
    return "0" if what == CHAIN else "1"


def _in_people(size: float, of: int) -> Sentence:
    """Say how many more, or fewer."""
    kind = "more_by" if size > 0 else "fewer_by"
    origin = {"table": "found", "what": "in_people"}
    return Sentence(
        f"in_people.span.{kind}", {"high": Value(abs(round(size * of, 9)), "0", origin)}
    )


class Find(Study):
    """Ranks seeds, or people in them."""

    name, Options = "find", Options
    sections = ("found",)

    @property
    def search(self) -> Search:
        """What is looked for, and where."""
        asked, arms = self.options, self.options.arms
        seeds = range(asked.seed, asked.seed + asked.seeds)
        names = ("A", "B") if arms else ("A",)
        designs = {name: arms.get(name, self.scenario) for name in names}
        return Search(asked.what, designs, seeds, (asked.outcomes or [USUAL])[0], asked.week)

    def run(self) -> Found:
        """Look through all seeds."""
        search, asked = self.search, self.options
        with terminal.bar(say("progress.seeds")) as bar:
            bar.total = len(search.seeds) * len(search.designs)
            table = found(search, asked.top, asked.workers, bar.update)
        facts: dict[str, Any] = {"what": search.what, "seeds": asked.seeds, "seed": asked.seed}
        facts |= {"outcome": search.outcome, "people": self.scenario.population.recipients}
        return Found({"found": table}, facts)

    def asked(self, found: Found) -> Iterable[tuple[str, str]]:
        """Say what was asked."""
        return [("what", "facts.what"), ("seeds", "facts.seeds"), ("seed", "facts.seed")]

    def exhibits(self, found: Found) -> Iterator[Exhibit]:
        """Give the table of what was found."""
        what, rows = found.facts["what"], found.tables["found"].rows(named=True)
        values = {"n": rows[0]["of"], "outcome": label(found.facts["outcome"])}
        person = () if what == DIFFERENCE else (Column("person"),)
        columns = (
            *(Column("rank", "0"), Column("seed", "0", value=lambda row: str(row["seed"]))),
            *person,
            *(
                Column("week", "0"),
                Column("size", form_of_size(what, found.facts["outcome"])),
                Column("as_large", "0"),
            ),
        )
        yield Exhibit(f"find.{what}", columns, rows, "found", ("rank", "seed"), "found", values)

    def sentences(self, found: Found) -> Iterator[Statement]:
        """Say what was found, how rare it is, and how to look at it."""
        what, rows = found.facts["what"], found.tables["found"].rows(named=True)
        first = rows[0] | {"outcome": label(found.facts["outcome"])}
        size = form_of_size(what, found.facts["outcome"])
        origin = {"table": "found", "what": "least", "rank": 1}
        first["least"] = Value(abs(rows[0]["size"]), form_of(found.facts["outcome"]), origin)
        first["size"] = Value(first["size"], size, {"table": "found", "what": "size", "rank": 1})
        way = "lower" if rows[0]["size"] < 0 else "higher"
        key = f"find.answer.{what}_{way}" if what == DIFFERENCE else f"find.answer.{what}"
        if what == DIFFERENCE and (of := among(found.facts["outcome"], found.facts["people"])):
            first |= {"span": _in_people(rows[0]["size"], of), "people": of}
            key = "find.answer.difference_people"
        yield Statement(key, first, table="found")
        yield Statement("find.rare", table="found")
        for row in rows[:SHOWN]:
            for command in filter(None, (row["show"], row["show_b"])):
                shown: dict[str, Any] = {"values": {"command": command}, "section": NEXT}
                yield Statement("find.show", **shown, outlets=(TERMINAL,))
                yield Statement("find.show_typed", **shown, outlets=(PAGE,))


STUDY = Find
