"""What a lesson shows: two designs, what the class guesses, and which year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from peersim.engine.comparison import check_designs
from peersim.faces.lessons.choosing import TYPICAL, Chosen
from peersim.faces.lessons.reading import names, read
from peersim.kernel.catalogue import Sentence
from peersim.kernel.paths import no_such_option
from peersim.model.vocabulary import COMMUNITIES
from peersim.scenario.demonstration import Demonstration
from peersim.scenario.scenario import Scenario, changed
from peersim.studies.find.options import CHAIN, DIFFERENCE
from peersim.studies.find.showing import settings as typed

OWN, STANDARD, CONTAGION = "own", "standard", "contagion"

BESIDES = {
    "cafe": "cafe.per_week",
    "page": "page.contact",
    "supervision": "supervision.per_month",
    "team": "team.per_month",
}
"""What can stand beside the communities, and the setting that says how much of it there is."""


@dataclass(frozen=True)
class Lesson:
    """What a lesson shows.

    Attributes
    ----------
    name : str
        Of its file in ``configs/lessons``, or ``"own"``.
    designs : mapping of str to Scenario
        Two, "a" and "b".
    titles : mapping of str to Sentence
    outcome : str
        What the class guesses: how many are isolated, or how many are retained.
    asked_of : str
        In which design.
    better : str
        Of which design it is asked in how many years it does better.
    year : str or int
        ``"typical"``, ``"telling"``, or a seed.
    telling : str
        What is worth telling: ``"chain"`` or ``"difference"``.
    chosen : Chosen or None
        Why a seed that is given was chosen, if it was.
    puzzles : tuple of str
    """

    name: str
    designs: Mapping[str, Scenario]
    titles: Mapping[str, Sentence]
    outcome: str = "isolated"
    asked_of: str = "b"
    better: str = "b"
    year: str | int = TYPICAL
    telling: str = DIFFERENCE
    chosen: Chosen | None = None
    puzzles: tuple[str, ...] = ()
    title: Sentence = field(default_factory=lambda: Sentence("faces.app.title"))

    @property
    def is_exaggerated(self) -> bool:
        """Whether anything in it is."""
        return any(each.demonstration != Demonstration.none for each in self.designs.values())


def settings_of(name: str) -> dict[str, Any]:
    """What a lesson sets for both designs."""
    return dict(read("lessons", name)["settings"])


def set_by_both(name: str) -> set[str]:
    """Settings that both designs of a lesson have of their own."""
    first, second = read("lessons", name)["designs"].values()
    return set(first) & set(second)


def lesson_of(name: str, base: Scenario | None = None) -> Lesson:
    """Read a lesson.

    Parameters
    ----------
    name : str
    base : Scenario, optional
        What both designs are made of; by default what the lesson sets.

    Raises
    ------
    InvalidInput
        If there is no such lesson.
    """
    if name not in names("lessons"):
        raise no_such_option("lesson", name, names("lessons"))
    told = read("lessons", name)
    scenario = changed(Scenario(), told["settings"]) if base is None else base
    designs = {key: changed(scenario, settings) for key, settings in told["designs"].items()}
    titles = {key: _title(told["names"], key, designs) for key in designs}
    return Lesson(
        name,
        designs,
        titles,
        told["ask"]["outcome"],
        told["ask"]["design"],
        told["ask"]["better"],
        told["year"],
        told["telling"],
        puzzles=tuple(told["puzzles"]),
    )


def own_lesson(designs: Mapping[str, Scenario]) -> Lesson:
    """A lesson of two designs: the class guesses who is isolated in the second."""
    first, second = designs.values()
    both = {"a": first, "b": second}
    exaggerated = any(each.demonstration != Demonstration.none for each in both.values())
    return Lesson(
        OWN,
        both,
        {key: _title("mix", key, both) for key in both},
        telling=CHAIN if exaggerated else DIFFERENCE,
        puzzles=tuple(read("lessons", STANDARD)["puzzles"]),
    )


def named_lesson(designs: Mapping[str, Scenario]) -> Lesson:
    """A lesson of two designs that bear the names that were given.

    Raises
    ------
    InvalidInput
        If they are not two scenarios by name.
    """
    check_designs(designs)
    made = own_lesson(designs)
    titles = {
        key: Sentence("faces.world.named", {"letter": key.upper(), "name": name})
        for key, name in zip(made.designs, designs, strict=True)
    }
    return replace(made, titles=titles)


def _title(kind: str, key: str, designs: Mapping[str, Scenario]) -> Sentence:
    """What a design is called: its letter, and what it is."""
    letter = key.upper()
    if kind != "mix":
        return Sentence(f"faces.lesson.{kind}.{key}", {"letter": letter})
    mixes = {name: _mix(scenario) for name, scenario in designs.items()}
    values: dict[str, Any] = {"letter": letter, "what": mixes[key]}
    if len({tuple(each.key for each in mix) for mix in mixes.values()}) == len(mixes):
        return Sentence("faces.world.mix", values)
    each = {name: typed(scenario) for name, scenario in designs.items()}
    (other,) = (settings for name, settings in each.items() if name != key)
    own = [f"{path}={value}" for path, value in each[key].items() if other.get(path) != value]
    return (
        Sentence("faces.world.setting", values | {"settings": own})
        if own
        else (Sentence("faces.world.mix", values))
    )


def _mix(scenario: Scenario) -> list[Sentence]:
    """Communities of a design and what stands beside them."""
    found = [Sentence(f"faces.mix.{name}") for name in COMMUNITIES if name in scenario.communities]
    for name, path in BESIDES.items():
        group, member = path.split(".")
        if getattr(getattr(scenario, group), member) > 0:
            found.append(Sentence(f"faces.mix.{name}"))
    return found
