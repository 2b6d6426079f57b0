"""Every answer of a file to send on, worked out beforehand: for each place of its sliders what the
server would answer to the same question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from peersim.faces.answers.left_out import by_traits
from peersim.faces.answers.outcomes import about_outcome
from peersim.faces.answers.price import prices
from peersim.faces.answers.rests_on import kinds_of_evidence, what_turns_it
from peersim.faces.answers.strain import strain_of
from peersim.faces.answers.years import Years
from peersim.faces.sharing.courses import digits, of_dots, steps
from peersim.faces.sharing.sliders import Place
from peersim.kernel.plain_data import plain
from peersim.scenario.scenario import Scenario

OUTCOMES = (
    *("isolated", "retained", "never_reached", "harmed", "connectedness", "strain"),
    *("hope", "identity", "meaning", "empowerment", "recovery", "strong_ties", "ties"),
    *("waiting", "cost"),
)
"""What is answered."""

SPLIT = 300
"""Years over which it is looked for what an answer rests on: one for each set of assumptions."""

Imagined = Callable[[Scenario, int], Years]
"""Gives so many years of a design."""


@dataclass
class Courses:
    """The courses of all designs, each once: places that differ in B alone share that of A."""

    known: list[dict[str, Any]] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, scenario: Scenario, found: Mapping[str, Any], side: str) -> int:
        """Note the courses of a design, and say where they stand."""
        key = repr(plain(scenario))
        if key not in self.numbers:
            self.numbers[key] = len(self.known)
            self.known.append({name: each[side] for name, each in found.items()})
        return self.numbers[key]

    def as_data(self, counted: Mapping[str, bool]) -> dict[str, Any]:
        """Themselves for a page: ``digits`` of each outcome, and ``courses``, its `steps`."""
        kept = digits(self.known, counted)
        return {
            "digits": kept,
            "courses": [
                {name: [steps(row, kept[name]) for row in rows] for name, rows in course.items()}
                for course in self.known
            ],
        }


def answers(places: Sequence[Place], years: int, imagined: Imagined) -> dict[str, Any]:
    """Answer for every place of the sliders.

    Parameters
    ----------
    places : sequence of Place
    years : int
        Of each design.
    imagined : callable
        See `Imagined`.

    Returns
    -------
    dict
        ``digits`` and ``courses``, as `Courses` gives them; ``answers`` by the key of a place: in
        ``a`` and ``b`` which of the courses are those of the two designs, and besides what the
        server says in the line after so many years: ``weeks``, ``invited``, ``outcomes`` (their
        ``dots`` as steps), ``cost``; ``traits`` is who is left out, ``strain`` how hard it is on
        the peers.
    """
    courses, counted = Courses(), dict[str, bool]()
    found: dict[str, Any] = {}
    for place in places:
        a, b = imagined(place.a, years), imagined(place.b, years)
        invited = place.b.population.recipients
        line = {name: about_outcome(a, b, name, invited) for name in OUTCOMES}
        counted = {name: each["in_people"]["of"] > 0 for name, each in line.items()}
        found[place.key] = {
            "a": courses.number(place.a, line, "a"),
            "b": courses.number(place.b, line, "b"),
            "weeks": place.b.weeks,
            "invited": invited,
            "outcomes": {name: _without_courses(each) for name, each in line.items()},
            "cost": prices(a, b, invited),
            "traits": list(by_traits(a, b)),
            "strain": {"a": strain_of(a), "b": strain_of(b)},
        }
    data = courses.as_data(counted)
    for answer in found.values():
        for name, each in answer["outcomes"].items():
            each["dots"] = steps(each["dots"], of_dots(data["digits"][name]))
    return {**data, "answers": found}


def _without_courses(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name not in ("a", "b")}


def rests_on(
    a: Scenario, b: Scenario, sets: Sequence[Mapping[str, Any]], first_seed: int, imagined: Imagined
) -> dict[str, Any]:
    """Say what the answer rests on, outcome by outcome, as the sliders stand at first.

    Parameters
    ----------
    a, b : Scenario
    sets : sequence of mappings
        Of assumptions: seed s goes with set s modulo their number.
    first_seed : int
    imagined : callable

    Returns
    -------
    dict
        ``kinds``, and ``outcomes``: of each what the server says, but of ``tried`` the number, and
        no ``others``, which would be most of the file.
    """
    number = SPLIT if len(sets) > 1 else 2
    years = [imagined(each, number) for each in (a, b)]
    of_years = [sets[seed % len(sets)] for seed in range(first_seed, first_seed + number)]
    invited = b.population.recipients
    found = {name: what_turns_it(years[0], years[1], name, of_years, invited) for name in OUTCOMES}
    outcomes = {
        name: each | {"tried": len(each["tried"]), "others": []} for name, each in found.items()
    }
    return {"kinds": kinds_of_evidence([a, b]), "outcomes": outcomes}
