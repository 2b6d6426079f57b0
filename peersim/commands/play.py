"""``peersim play``: the classroom page of two designs, as one file."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from peersim.commands.pages import MOST_WORKERS, is_packed, number, parted, spoken, typed
from peersim.kernel.catalogue import say
from peersim.kernel.declaration import InvalidInput

if TYPE_CHECKING:
    from peersim.faces.lessons.plan import Lesson

OWN = {"seed": "", "language": "", "out": "play.html", "pack": "yes", "workers": "0", "chosen": ""}
"""Words of this command, with what they are if they are not given; all others are settings."""

PLACES = ("out", "population.file", "population.codes")


def command(words: Sequence[str]) -> None:
    """Make the page, and say where it is.

    Raises
    ------
    InvalidInput
        In one or two sentences; nothing is written.
    """
    own, settings = parted(words, OWN, "errors.lesson.words")
    language, packed = spoken(own), is_packed(own)

    from peersim.faces.lessons.lesson import steps
    from peersim.faces.lessons.player import made
    from peersim.faces.page import checked_place
    from peersim.presentation import terminal
    from peersim.scenario.run_options import cores

    place = checked_place(own["out"])
    lesson = _in_year(lesson_with(settings), own["seed"], own["chosen"])
    workers = number(own, "workers", 0, MOST_WORKERS) or cores()
    with terminal.bar(say("progress.lesson"), "year", steps(lesson)) as bar:
        written = shlex.join(["peersim", "play", *map(without_place, words)])
        page = made(lesson, language, written, packed, workers, bar.update)
    page.save(place)
    size = len(page.html.encode()) / 1000
    print(say("commands.play.written", file=place, size=size), flush=True)


def without_place(word: str) -> str:
    """A word without where on this machine something lies: the page goes to others.

    >>> without_place("out=/home/me/lesson.html"), without_place("weeks=30")
    ('out=lesson.html', 'weeks=30')
    """
    key, _, value = word.partition("=")
    return f"{key}={PurePath(value).name}" if key in PLACES else word


def lesson_with(settings: Mapping[str, str]) -> Lesson:
    """The lesson that settings ask for: one of two designs of their own, or one that is prepared.

    Raises
    ------
    InvalidInput
        If settings cannot be, or if it is not said what sets two designs apart.
    """
    from peersim.commands.configuration import designs_of
    from peersim.faces.lessons import plan

    if any(key.startswith(("a.", "b.")) for key in settings):
        scenario, arms = designs_of(typed(settings))
        return plan.own_lesson({key: arms.get(key, scenario) for key in ("a", "b")})
    name = plan.CONTAGION if settings.get("demonstration") == plan.CONTAGION else plan.STANDARD
    if "project" in settings or plan.set_by_both(name) & settings.keys():
        raise InvalidInput("errors.lesson.two_designs")
    return plan.lesson_of(name, designs_of(typed(_with_lesson(name, settings)))[0])


def _with_lesson(name: str, settings: Mapping[str, str]) -> dict[str, str]:
    """What a lesson sets, and over it what was given."""
    from peersim.faces.lessons.plan import settings_of
    from peersim.studies.find.showing import written

    usual = {path: written(value) for path, value in settings_of(name).items()}
    if "population.file" in settings:  # it says who and how many they are
        usual = {path: value for path, value in usual.items() if "population." not in path}
    return usual | dict(settings)


def _in_year(lesson: Lesson, seed: str, chosen: str) -> Lesson:
    """The lesson in the year that is asked for; one that was chosen bears its rank."""
    from peersim.faces.lessons.choosing import Chosen
    from peersim.faces.lessons.player import year_of
    from peersim.scenario.demonstration import chosen_for

    year = year_of(seed) if seed else lesson.year
    if (found := chosen_for(chosen or None)) is None:
        return replace(lesson, year=year)
    if not isinstance(year, int):
        raise InvalidInput("errors.lesson.chosen")
    what, rank, of = found
    return replace(lesson, year=year, chosen=Chosen(year, what, rank, of))
