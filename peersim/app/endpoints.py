"""What the server answers, one method a question; it knows nothing of HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from peersim.app.answers import about_outcome, costs
from peersim.app.questions import USUAL_PAIRS, Question
from peersim.app.runs import Runs
from peersim.app.turns import Stop, Turns
from peersim.faces import levers
from peersim.scenario.presets import preset

PROJECTS = (
    "reden",
    "weshelter",
    "weshelter_women",
    "morgencafeen",
    "ung_til_ung",
    "paths_to_everyday_life",
)
"""Known projects, in the order in which a page offers them."""


class Desk:
    """Where questions are answered: holds the runs that are kept, and nothing a page could not send
    again.
    """

    def __init__(self) -> None:
        self.runs, self.turns = Runs(), Turns()

    def levers(self, asked: Question, stop: Stop) -> Mapping[str, Any]:
        """Every control, made of the declared settings."""
        return {"levers": levers.levers(), "assumptions": levers.assumptions()}

    def projects(self, asked: Question, stop: Stop) -> list[Mapping[str, Any]]:
        """Known projects to start from."""
        return [
            {"name": name, "title": f"presets.names.{name}", "settings": preset(name)}
            for name in PROJECTS
        ]

    def check(self, asked: Question, stop: Stop) -> Mapping[str, Any]:
        """Whether both designs can be run, and how long a year of each takes."""
        both = asked.pair()
        with self.turns.turn(stop, asked.page):
            taken = [1000 * self.runs.years(each, 2, stop).seconds for each in both]
        return {"ok": True, "milliseconds_a_year": [round(each, 2) for each in taken]}

    def compare(self, asked: Question, stop: Stop) -> Iterator[Mapping[str, Any]]:
        """Compare two designs; the answer grows, a line at a time."""
        a, b = asked.pair()
        outcomes, steps = asked.outcomes, asked.steps
        invited = a.scenario.population.recipients
        with self.turns.turn(stop, asked.page):
            for pairs in steps:
                began = time.process_time()
                first, second = (self.runs.years(each, pairs, stop) for each in (a, b))
                ran = time.process_time()
                found = {name: about_outcome(first, second, name, invited) for name in outcomes}
                prices = {"a": costs(first), "b": costs(second)}
                taken = [ran - began, time.process_time() - ran]
                yield {
                    "pairs": pairs,
                    "of": steps[-1],
                    "preliminary": pairs < min(steps[-1], USUAL_PAIRS),
                    "weeks": a.scenario.weeks,
                    "invited": invited,
                    "outcomes": found,
                    "cost": prices,
                    "cpu_ms": [round(1000 * seconds, 1) for seconds in taken],
                }
