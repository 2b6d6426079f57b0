"""Puzzles: a goal, some choices, and what comes of every combination of them in a hundred years."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import product
from typing import Any

import numpy as np

from peersim.faces.layout import places
from peersim.faces.lessons import knock_outs
from peersim.faces.lessons.choosing import FIRST_SEED, Chosen, typical
from peersim.faces.lessons.knock_outs import stay_without
from peersim.faces.lessons.reading import read
from peersim.faces.lessons.saying import as_data
from peersim.faces.recording import Detail, blueprints, people_of, recording, ties_of, variant_of
from peersim.faces.year import watched, with_room
from peersim.kernel.catalogue import Sentence
from peersim.run.first_day import Blueprint, draw_up
from peersim.run.simulation import Ensemble, ensemble
from peersim.run.worlds import in_threads
from peersim.scenario.demonstration import Demonstration
from peersim.scenario.scenario import Scenario, changed

YEARS = 100
SOLVED, UNSOLVED = 80, 50
"""A combination solves a puzzle if so many years reach the goal; all others reach it in no more
than the second number of years."""

MOST_KNOCK_OUTS = 8
"""Departures of each world that the class can take away."""

DETAIL = Detail(5, ("isolated", "retained"))
"""How much is said of each year."""

MARKS = ("alone", "isolated")
"""Outcomes by which people can be marked in the picture."""

Progress = Callable[[int], Any] | None
SEEDS = range(FIRST_SEED, FIRST_SEED + YEARS)


_known: dict[str, dict[str, Any]] = {}
"""Puzzles that have been worked out: they are the same in every lesson."""


def puzzle_of(name: str, workers: int = 1, progress: Progress = None) -> dict[str, Any]:
    """A puzzle as the page reads it, see `peersim.faces.lessons.lesson`."""
    if name not in _known:
        _known[name] = _worked_out(name, workers, progress)
    elif progress is not None:
        progress(steps(name))
    return _known[name]


def _worked_out(name: str, workers: int, progress: Progress) -> dict[str, Any]:
    told = read("puzzles", name)
    base = changed(Scenario(), told["settings"])
    kind = partial(Choosing, name) if told["kind"] == "choose" else Telling
    made = kind(told, base, workers, progress).as_data()
    who = {"of": base.population.recipients, "peers": base.population.supporters}
    story = [Sentence(f"faces.puzzle.{name}.{part}", who) for part in ("story", "task")]
    return {
        "key": name,
        "kind": told["kind"],
        "title": as_data(Sentence(f"faces.puzzle.{name}.title")),
        "story": [as_data(each) for each in story],
        "exaggerated": base.demonstration != Demonstration.none,
        "hints": [as_data(Sentence(f"faces.puzzle.{name}.hint"))],
        "explain": as_data(Sentence(f"faces.puzzle.{name}.explain")),
        "out_of": YEARS,
        "at_least": SOLVED,
    } | made


def steps(name: str) -> int:
    """How many years are looked at."""
    told = read("puzzles", name)
    if told["kind"] != "choose":
        return len(told["designs"]) * YEARS
    return len(list(combinations(len(told["choices"]), told["choose"]))) * YEARS


def combinations(choices: int, most: int) -> Iterator[str]:
    """Every way to choose at most so many, a bit a choice; nothing comes first.

    >>> list(combinations(2, 1))
    ['00', '01', '10']
    """
    for bits in product("01", repeat=choices):
        if bits.count("1") <= most:
            yield "".join(bits)


# -- choose ---------------------------------------------------------------------------------------
@dataclass
class Choosing:
    """A puzzle in which some of several choices are made.

    Attributes
    ----------
    name : str
    told : mapping
        Its file.
    base : Scenario
        Where nothing is chosen.
    workers : int
    progress : callable, optional
    """

    name: str
    told: Mapping[str, Any]
    base: Scenario
    workers: int = 1
    progress: Progress = None
    goal: Mapping[str, Mapping[str, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.goal, self.choices = self.told["goal"], list(self.told["choices"])

    @property
    def people(self) -> int:
        """How many are invited."""
        return self.base.population.recipients

    @property
    def solutions(self) -> list[str]:
        """The combinations that solve it, by the file."""
        return [
            "".join("01"[name in each] for name in self.choices) for each in self.told["solutions"]
        ]

    def scenario(self, bits: str) -> Scenario:
        """The design that a combination makes."""
        changes: dict[str, Any] = {}
        for name, bit in zip(self.choices, bits, strict=True):
            if bit == "1":
                changes |= self.told["choices"][name]
        return changed(self.base, changes)

    @cached_property
    def tried(self) -> dict[str, Ensemble]:
        """A hundred years of every combination."""
        return {
            bits: ensemble(self.scenario(bits), SEEDS, self.workers, self.progress)
            for bits in combinations(len(self.choices), self.told["choose"])
        }

    @cached_property
    def shown(self) -> Chosen:
        """The year that is shown: a usual one of those in which nothing is chosen."""
        return typical({"nothing": next(iter(self.tried.values()))})

    def reached(self, bits: str) -> np.ndarray:
        """Which years reach the goal."""
        many = self.tried[bits]
        found = np.ones(YEARS, bool)
        for outcome, bounds in self.goal.items():
            people = np.rint(self.people * many.at(int(many.weeks[-1]), outcome))
            found &= people <= bounds["at_most"]
        return found

    def as_data(self) -> dict[str, Any]:
        """What is particular to such a puzzle."""
        goal = {outcome: bounds["at_most"] for outcome, bounds in self.goal.items()}
        values = {"of": self.people}
        for outcome, most in goal.items():
            values |= {outcome: most, f"not_{outcome}": self.people - most}
        return {
            "goal": as_data(Sentence(f"faces.puzzle.{self.name}.goal", values)),
            "of": self.people,
            "choose": self.told["choose"],
            "marks": next(each for each in MARKS if each in self.goal),
            "chosen": as_data(self.shown.said),
            "choices": [self._choice(name) for name in self.choices],
            "tried": {bits: self._tried(bits) for bits in self.tried},
            "solutions": self.solutions,
            "recording": self._recording(),
        }

    def _choice(self, name: str) -> dict[str, Any]:
        alone = "".join("01"[each == name] for each in self.choices)
        hours = {
            by: self._hours(alone, by) - self._hours("0" * len(self.choices), by)
            for by in ("supporter_hours", "staff_hours")
        }
        return {
            "key": name,
            "name": as_data(Sentence(f"faces.puzzle.{self.name}.choices.{name}")),
            "peer_hours": round(hours["supporter_hours"], 1),
            "staff_hours": round(hours["staff_hours"], 1),
        }

    def _hours(self, bits: str, outcome: str) -> float:
        """Hours a week."""
        many = self.tried[bits]
        weeks = int(many.weeks[-1])
        return float(many.at(weeks, outcome).mean()) / weeks

    def _tried(self, bits: str) -> dict[str, Any]:
        reached = self.reached(bits)
        failed = (np.flatnonzero(~reached) + 1).tolist()
        return {"share": int(reached.sum()), "failed": failed}

    def _recording(self) -> dict[str, Any]:
        """The year shown, of every combination."""
        nothing, seed = next(iter(self.tried)), self.shown.seed
        lived = {bits: watched(draw_up(self.scenario(bits)), seed) for bits in self.tried}
        largest = max(lived.values(), key=lambda year: len(year.blueprint.ids))
        room = len(largest.blueprint.ids)
        at = places(room, ties_of(lived.values()))
        base = with_room(lived.pop(nothing), room)
        made = recording({nothing: self.base}, {nothing: base}, seed, DETAIL) | {
            "people": people_of(largest.world, largest.blueprint.labels, largest.blueprint.roles),
            "at": at,
        }
        made["worlds"] += [
            {"key": bits} | variant_of(with_room(year, room), base, nothing, DETAIL)
            for bits, year in lived.items()
        ]
        return made


# -- which ----------------------------------------------------------------------------------------
@dataclass
class Telling:
    """A puzzle of two worlds that look alike; in one of them people draw each other along.

    Attributes
    ----------
    told : mapping
        Its file.
    base : Scenario
    workers : int
    progress : callable, optional
    """

    told: Mapping[str, Any]
    base: Scenario
    workers: int = 1
    progress: Progress = None

    @cached_property
    def plans(self) -> dict[str, Blueprint]:
        """Both designs, drawn up."""
        return blueprints(
            {key: changed(self.base, each) for key, each in self.told["designs"].items()}
        )

    @cached_property
    def looked_into(self) -> dict[str, np.ndarray]:
        """Of a hundred years of each design, a row a year: how many have left by the end, and how
        many others stay at most without one departure.
        """
        return {
            key: np.array(
                in_threads(partial(stay_without, plan), SEEDS, self.workers, self.progress)
            )
            for key, plan in self.plans.items()
        }

    @property
    def tells(self) -> dict[str, np.ndarray]:
        """In which years taking one departure away lets others stay, as many as the file says."""
        return {key: each[:, 1] >= self.told["others"] for key, each in self.looked_into.items()}

    @property
    def alike(self) -> np.ndarray:
        """The years that can be shown: as many have left in both, give or take one, and in the one
        in which leaving spreads, and in no other, it can be told.
        """
        gone = [each[:, 0] for each in self.looked_into.values()]
        answer = self.told["answer"]
        others = [each for key, each in self.tells.items() if key != answer]
        close = np.abs(gone[0] - gone[1]) <= 1
        found: np.ndarray = close & self.tells[answer] & ~np.any(others, axis=0)
        return found

    def as_data(self) -> dict[str, Any]:
        """What is particular to such a puzzle."""
        found = np.flatnonzero(self.alike)
        gone = self.looked_into[self.told["answer"]][found, 0]
        in_order = found[np.argsort(gone, kind="stable")]
        seed = SEEDS[int(in_order[len(in_order) // 2])]  # as many leave as usually in such years
        years = {key: watched(plan, seed) for key, plan in self.plans.items()}
        made = recording(
            {key: plan.scenario for key, plan in self.plans.items()}, years, seed, DETAIL
        )
        for world in made["worlds"]:
            world["short"] = world["key"].upper()
        chosen = Sentence("faces.play.chosen.alike", {"n": len(found), "of": YEARS})
        return {
            "answer": self.told["answer"],
            "others": self.told["others"],
            "share": {key: int(each.sum()) for key, each in self.tells.items()},
            "chosen": as_data(chosen),
            "recording": made,
            "knockouts": {
                key: [
                    knock_outs.as_data(each, year, key, DETAIL)
                    for each in knock_outs.knock_outs(year, seed, MOST_KNOCK_OUTS, with_nobody=True)
                ]
                for key, year in years.items()
            },
        }
