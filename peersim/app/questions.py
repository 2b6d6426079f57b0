"""What a page asks: designs made of settings, how many years, which outcomes; checked as anybody's
input is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from peersim.app.people import with_people
from peersim.app.plain_words import in_words
from peersim.app.refusals import Refused, complaint_as_refusal
from peersim.app.runs import Asked
from peersim.faces.answers.afterwards import MOST_WEEKS
from peersim.faces.answers.years import SHOWN
from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput, brief, whole
from peersim.kernel.paths import no_such_option
from peersim.scenario.people_file import PopulationTable
from peersim.scenario.plausible_sets import sets_for
from peersim.scenario.run_options import PARAMETERS, PLAUSIBLE
from peersim.scenario.scenario import OF_THE_FILE, Scenario, changed

LONGEST_TITLE = 80
USUAL_PAIRS, MOST_PAIRS, MOST_PEOPLE, MOST_EVENTS = 100, 400, 2000, 40
STEPS = (20, 50, 100, 200, 400)
"""After so many pairs a growing answer says what it knows."""

FILES = {"population.file", "population.codes"}
"""Settings that no page may choose: they name files on this machine."""

OUTCOMES = ("isolated", "retained", "connectedness", "harmed", "never_reached", "strain")
"""What is answered unless others are asked for."""


@dataclass
class Question:
    """What a page sends, understood as far as every question has it.

    Attributes
    ----------
    body : mapping
        As it came.
    language : str
        Of the page.
    page : str
        Which page asks: a newer question of a page takes the place of an older one.
    content : bytes
        A file that came instead of a body.
    """

    body: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en"
    page: str = ""
    content: bytes = b""

    def choice(self, name: str, otherwise: str, options: Sequence[str]) -> str:
        """A word of several."""
        value = self.body.get(name, otherwise)
        if value not in options:
            raise complaint_as_refusal(no_such_option(name, value, options))
        return str(value)

    def number(self, name: str, otherwise: int, low: int, high: int) -> int:
        """A whole number."""
        return whole(name, self.body.get(name, otherwise), low, high)

    def words(self, name: str) -> list[str]:
        """A few words; none if they are not sent."""
        value = self.body.get(name) or []
        return [str(each) for each in (value if isinstance(value, list) else [value])]

    def text(self, name: str, most: int) -> str:
        """Free words of whoever asks, so long at most."""
        value = self.body.get(name, "")
        return value[:most] if isinstance(value, str) else ""

    @property
    def outcomes(self) -> Sequence[str]:
        """Outcomes to answer about."""
        asked = self.body.get("outcomes") or OUTCOMES
        names = list(asked) if isinstance(asked, (list, tuple)) else [asked]
        for name in names:
            if name not in SHOWN:
                raise InvalidInput("errors.outcomes.unknown", name=brief(name))
        return tuple(dict.fromkeys(names))

    def design(self, name: str, own: PopulationTable | None = None) -> Scenario:
        """One of the designs: what its settings make of the usual ones, with the user's own people
        if there are any.
        """
        settings = self.body.get(name, {})
        try:
            if not isinstance(settings, Mapping):
                raise InvalidInput("errors.setting.no_scenario", given=brief(settings))
            for path in FILES & settings.keys():
                raise InvalidInput("errors.setting.unknown", name=path)
            scenario = _with(own, settings)
        except InvalidInput as complaint:
            raise complaint_as_refusal(complaint, name, in_words(complaint, name)) from None
        _refuse_large(scenario, name)
        return scenario

    def pair(self, own: PopulationTable | None = None) -> tuple[Asked, Asked]:
        """Both designs, as they are to be run."""
        a, b = self.design("a", own), self.design("b", own)
        if a.weeks != b.weeks:
            raise Refused("not_together", path="b.weeks")
        if a.population.recipients != b.population.recipients:
            raise Refused("not_together", path="b.population.recipients")
        sets = sets_for(self.choice("parameters", PLAUSIBLE, PARAMETERS), (a, b))
        seed = self.number("first_seed", 1, 0, 2**31)
        people = "" if own is None else str(self.body.get("people"))
        return Asked(a, sets, seed, people), Asked(b, sets, seed, people)

    @property
    def steps(self) -> list[int]:
        """After how many pairs an answer is given, the last with all of them."""
        pairs = self.number("pairs", USUAL_PAIRS, 2, MOST_PAIRS)
        return [*(step for step in STEPS if step < pairs), pairs]


def _with(own: PopulationTable | None, settings: Mapping[str, Any]) -> Scenario:
    """A scenario with these settings; of own people the list says how many there are."""
    if own is None:
        return changed(Scenario(), settings)
    counts = {f"population.{name}" for name in OF_THE_FILE}
    others = {path: value for path, value in settings.items() if path not in counts}
    return changed(with_people(Scenario(), own), others)


def _refuse_large(scenario: Scenario, name: str) -> None:
    """Refuse what would take too long, or too much room."""
    people = scenario.population.recipients + scenario.population.all_supporters
    sizes = {
        "population": (people, MOST_PEOPLE, "too_many_people"),
        "weeks": (scenario.weeks, MOST_WEEKS, "out_of_bounds"),
        "events": (len(scenario.events), MOST_EVENTS, "bad_event"),
    }
    for path, (size, most, code) in sizes.items():
        if size > most:
            said = Sentence(f"faces.refused.most.{path}", {"most": most})
            raise Refused(code, said, path=f"{name}.{path}", value=size, high=most)
