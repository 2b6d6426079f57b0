"""A file to send on: two designs, sliders that work, and one typical year, for those who may not
install anything.

What stands in its data, as JSON:

``kind``, ``version``
    ``"share"``, and the version of all this.
``language``, ``title``
    In which it opens, and what whoever made it calls it.
``made``
    ``peersim``: the version, ``date``, ``years`` of each design, ``parameters``, ``first_seed``.
``exaggerated``, ``own_people``
    Whether leaving is exaggerated, and whether the people are somebody's own.
``designs``
    ``a`` and ``b``: settings by path, where they are not the usual ones. Never a file.
``controls``
    By language: what the page calls those settings, the levers and the assumptions it names.
``levers``
    What can be moved: ``path``, ``both``, ``values``, ``start``.
``digits``, ``courses``, ``answers``
    See `peersim.faces.sharing.grid.answers`.
``rests_on``
    See `peersim.faces.sharing.grid.rests_on`; as the levers stand at first.
``after``
    What is left when the programme is over, see `peersim.faces.answers.afterwards`; likewise.
``recording``
    One year of both designs, as the levers stand at first, see `peersim.faces.recording`, with
    ``chosen``; or null.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peersim import __version__
from peersim.faces import levers as controls
from peersim.faces.answers.afterwards import Afterwards, afterwards, what_is_left
from peersim.faces.answers.years import Years, imagine
from peersim.faces.lessons.choosing import BY, TYPICAL, apart_from_the_middle, most_ordinary
from peersim.faces.page import single_file
from peersim.faces.recording import NOT_TOLD, record
from peersim.faces.sharing import grid
from peersim.faces.sharing.own_people import refuse, rounded
from peersim.faces.sharing.sliders import Place, Slider, places, sliders, usual
from peersim.kernel.catalogue import LANGUAGES, say, speaking
from peersim.kernel.declaration import InvalidInput, brief, checked_seed
from peersim.kernel.plain_data import apart, plain
from peersim.presentation.in_people import DOTS
from peersim.scenario.demonstration import Demonstration
from peersim.scenario.plausible_sets import sets_for, with_its_set
from peersim.scenario.run_options import PLAUSIBLE, cores
from peersim.scenario.scenario import Scenario

VERSION = 1
YEARS, MOST_YEARS = 100, 400
NONE = "none"
"""No year is shown."""

MOST_SHOWN = 400
"""People in a year that is shown: of more nothing could be seen."""

PARTS = (
    *("app.", "share.", "verdict.", "chart.", "out.", "outcomes.", "count.", "left_out.", "price."),
    *("strain.", "rests_on.", "mix.", "form.", "event.", "kind.", "lever.", "board.", "file."),
    *("play.", "stage.", "person.", "state.", "world.", "year.", "link.", "error.", "after."),
)
"""First words of the keys that the page needs."""

Progress = Callable[[int], Any]


@dataclass(frozen=True)
class Sharing:
    """What is to be sent on.

    Attributes
    ----------
    a, b : Scenario
    levers : sequence of str
        Paths of what can be moved; empty: see `peersim.faces.sharing.sliders.usual`.
    title : str
    years : int
        Of each design.
    parameters : {"plausible", "defaults"}
    first_seed : int
    year : int or str
        Which one is shown: a seed, ``"typical"`` or ``"none"``.
    own_people : str
        ``"rounded"``: somebody's own people may be sent on, their traits in thirds.
    workers : int
        0 stands for all cores.
    """

    a: Scenario
    b: Scenario
    levers: Sequence[str] = ()
    title: str = ""
    years: int = YEARS
    parameters: str = PLAUSIBLE
    first_seed: int = 1
    year: int | str = TYPICAL
    own_people: str = ""
    workers: int = 0


@dataclass(frozen=True)
class Plan:
    """What a file takes: found before anything is run.

    Attributes
    ----------
    asked : Sharing
    levers : list of Slider
    places : list of Place
    sets : list of dict
        Sets of assumptions: those that leave out whatever any of the designs sets.
    """

    asked: Sharing
    levers: list[Slider]
    places: list[Place]
    sets: list[dict[str, Any]]

    @property
    def start(self) -> Place:
        """As the sliders stand at first."""
        stand = tuple(each.start for each in self.levers)
        return next(each for each in self.places if each.places == stand)

    @property
    def longer(self) -> Afterwards:
        """The designs of the start with time after their end."""
        return afterwards(self.start.a, self.start.b)

    @property
    def runs(self) -> int:
        """How many years are run in all."""
        number = self.asked.years
        started = max(number, grid.SPLIT) if len(self.sets) > 1 else number
        every = [each for place in self.places for each in place[1:]]
        different = {repr(plain(each)) for each in (*every, *self.longer.designs)}
        return 2 * started + (len(different) - 2) * number


def checked_year(asked: Any) -> int | str:
    """Which year is to be shown: a seed, ``"typical"`` or ``"none"``.

    Raises
    ------
    InvalidInput
        For anything else.
    """
    if asked in (TYPICAL, NONE):
        return str(asked)
    if isinstance(asked, str) and asked.isdecimal():
        asked = int(asked)
    if isinstance(asked, str):
        raise InvalidInput("errors.share.year", value=brief(asked))
    return checked_seed(asked)


def checked_years(years: int) -> int:
    """How many years are run of each design: of as many each dot stands for as of any other.

    Raises
    ------
    InvalidInput
        For any other number.
    """
    if years % DOTS or not DOTS <= years <= MOST_YEARS:
        raise InvalidInput("errors.share.years", value=years, step=DOTS, most=MOST_YEARS)
    return years


def planned(asked: Sharing) -> Plan:
    """Plan a file.

    Raises
    ------
    InvalidInput
        If it cannot be made.
    """
    checked_years(asked.years)
    for each in (asked.a, asked.b):
        refuse(each, asked.own_people)
    if asked.a.weeks != asked.b.weeks:
        raise InvalidInput("errors.lesson.other_weeks", weeks=[asked.a.weeks, asked.b.weeks])
    if asked.a.population.recipients != asked.b.population.recipients:
        raise InvalidInput("errors.lesson.other_people")
    chosen = sliders(asked.a, asked.b, asked.levers or usual(asked.b))
    every = places(asked.a, asked.b, chosen)
    designs = [each for place in every for each in (place.a, place.b)]
    return Plan(asked, chosen, every, sets_for(asked.parameters, designs))


class _Imagining:
    """Years of designs; those that several places have in common are run once."""

    def __init__(self, plan: Plan, progress: Progress | None) -> None:
        self._plan, self._progress = plan, progress
        every = [plan.start.b, *(each.a for each in plan.places), *plan.longer.designs]
        self._in_common = {repr(plain(each)) for each in every}
        self._kept: dict[str, Years] = {}

    def __call__(self, scenario: Scenario, number: int) -> Years:
        key = repr(plain(scenario))
        known = self._kept.get(key)
        if known is None or len(known) < number:
            known = self._run(scenario, number)
            if key in self._in_common:
                self._kept[key] = known
        return known.first(number)

    def _run(self, scenario: Scenario, number: int) -> Years:
        asked = self._plan.asked
        seeds = range(asked.first_seed, asked.first_seed + number)
        return imagine(scenario, seeds, self._plan.sets, asked.workers or cores(), self._progress)


def shared(plan: Plan, language: str, progress: Progress | None = None) -> dict[str, Any]:
    """Work out what stands in a file to send on.

    Parameters
    ----------
    plan : Plan
    language : {"en", "da"}
    progress : callable, optional
        Called with how many years were run since.

    Returns
    -------
    dict
        Plain data, as described above.
    """
    asked, start, imagined = plan.asked, plan.start, _Imagining(plan, progress)
    rests = grid.rests_on(start.a, start.b, plan.sets, asked.first_seed, imagined)
    found = grid.answers(plan.places, asked.years, imagined)
    seen = {"a": rounded(start.a), "b": rounded(start.b)}
    designs = {name: _settings(each) for name, each in seen.items()}
    return {
        "kind": "share",
        "version": VERSION,
        "language": language,
        "title": asked.title,
        "made": {
            "peersim": __version__,
            "date": datetime.date.today().isoformat(),
            "years": asked.years,
            "parameters": asked.parameters,
            "first_seed": asked.first_seed,
        },
        "exaggerated": any(each.demonstration != Demonstration.none for each in seen.values()),
        "own_people": start.a.people is not None,
        "designs": designs,
        "controls": _controls(_named(plan, designs, rests)),
        "levers": [each.as_data() for each in plan.levers],
        **found,
        "rests_on": rests,
        "after": what_is_left(
            plan.longer, [imagined(each, asked.years) for each in plan.longer.designs]
        ),
        "recording": _recording(plan, seen, imagined),
    }


def _settings(scenario: Scenario) -> dict[str, Any]:
    found = apart(plain(Scenario()), plain(scenario))
    return {path: value for path, value in found.items() if path not in NOT_TOLD}


def _named(
    plan: Plan, designs: Mapping[str, Mapping[str, Any]], rests: Mapping[str, Any]
) -> set[str]:
    """Paths of all that the page names."""
    turning = (
        each["path"]
        for outcome in rests["outcomes"].values()
        for each in (*outcome["turns"], *outcome["fades"], *outcome["most"])
    )
    events = (
        path
        for settings in designs.values()
        for event in settings.get("events", ())
        for path in event.get("set", ())
    )
    own = (path for settings in designs.values() for path in settings)
    return {*turning, *events, *own, *(each.path for each in plan.levers), *ALWAYS}


ALWAYS = (
    *("cafe.per_week", "page.contact", "supervision.per_month", "team.per_month", "weeks"),
    *("population.supporters", "population.asked", "population.recipients"),
)
"""Settings by which the page says what a design is made of."""

_WORDS = ("path", "label", "group", "both", "level", "kind", "unit", "default", "options")


def _controls(paths: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """What settings are called, in both languages."""
    wanted = set(paths)
    found = {}
    for language in LANGUAGES:
        with speaking(language):
            every = [*controls.levers(), *controls.assumptions()]
        found[language] = [
            {name: each[name] for name in _WORDS if name in each}
            for each in every
            if each["path"] in wanted
        ]
    return found


def _recording(
    plan: Plan, designs: Mapping[str, Scenario], imagined: grid.Imagined
) -> dict[str, Any] | None:
    """The year that is shown: one of those that were run, with the assumptions it had."""
    asked, start = plan.asked, plan.start
    people = [(each.population.recipients, each.population.all_supporters) for each in start[1:]]
    if asked.year == NONE or people[0] != people[1] or sum(people[0]) > MOST_SHOWN:
        return None
    chosen = None
    if asked.year == TYPICAL:
        years = [imagined(each, asked.years) for each in start[1:]]
        distances = apart_from_the_middle([each.end(name) for each in years for name in BY])
        last = asked.first_seed + asked.years
        chosen = most_ordinary(distances, range(asked.first_seed, last))
    seed = int(asked.year) if chosen is None else chosen.seed
    year = {name: with_its_set(each, plan.sets, seed) for name, each in designs.items()}
    return record(year, seed) | {"chosen": None if chosen is None else chosen.as_data()}


def written(data: Mapping[str, Any], pack: bool = True) -> str:
    """Put what was worked out into one HTML file."""
    language = str(data["language"])
    with speaking(language):
        usual_title = say("faces.share.title")
    title = data["title"] or usual_title
    return single_file("share", f"peersim · {title}", data, language, PARTS, pack)
