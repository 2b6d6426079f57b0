"""A lesson as one file: to be saved and opened by double click, or shown in a notebook."""

from __future__ import annotations

import html
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from peersim.faces.lessons.choosing import WORDS
from peersim.faces.lessons.lesson import Progress, lesson_data
from peersim.faces.lessons.plan import STANDARD, Lesson, lesson_of, named_lesson
from peersim.faces.page import checked_place, save, single_file
from peersim.kernel.card import Card, Facts
from peersim.kernel.catalogue import LANGUAGES, Sentence, say, speaking
from peersim.kernel.catalogue import language as spoken
from peersim.kernel.declaration import InvalidInput, checked_seed, whole
from peersim.kernel.paths import no_such_option
from peersim.scenario.run_options import cores
from peersim.scenario.scenario import Scenario

PARTS = (
    *(
        "app.",
        "step.",
        "play.",
        "stage.",
        "person.",
        "guess.",
        "see.",
        "course.",
        "explain.",
        "try.",
    ),
    *("story.", "reason.", "puzzle.", "sheet.", "teacher.", "role.", "kind.", "mix.", "world."),
    *("lesson.", "chart.week", "chart.month"),
)
"""First words of the keys that the page needs."""

HEIGHT = 900
"""Of the frame in a notebook, in pixels."""

SANDBOX = "allow-scripts allow-modals allow-downloads"
"""What the page may do in that frame: run, print, and give away its table."""


class Player(Card):
    """A lesson that shows itself.

    Parameters
    ----------
    data : dict
        The lesson, see `peersim.faces.lessons.lesson`.
    pack : bool
        Whether its data are packed; if not, browsers from before 2023 can read them.

    Attributes
    ----------
    data : dict
    """

    def __init__(self, data: dict[str, Any], pack: bool = True) -> None:
        self.data, self.pack = data, pack

    @property
    def recording(self) -> dict[str, Any]:
        """The year that is shown, see `peersim.record`."""
        recording: dict[str, Any] = self.data["recordings"][0]
        return recording

    @property
    def seed(self) -> int:
        """The seed of that year."""
        return int(self.recording["made"]["seed"])

    @cached_property
    def html(self) -> str:
        """The whole page as one text, which asks for nothing."""
        with speaking(self.data["language"]):
            title = say(f"faces.{self.data['title']['key']}")
        return single_file("play", title, self.data, self.data["language"], PARTS, self.pack)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file, all of it or nothing.

        Parameters
        ----------
        path : str or path
            Of a file that ends in .html. One that is there is replaced if it is such a page.

        Returns
        -------
        Path

        Raises
        ------
        InvalidInput
            If it cannot be written, or would replace something else.
        """
        return save(self.html, checked_place(path))

    def _facts(self) -> tuple[Sentence, Facts]:
        facts = [
            *(Sentence(f"faces.{each['key']}", each["values"]) for each in self.data["banners"]),
            Sentence("cards.seed", {"seed": self.seed}),
            Sentence("cards.recipients", {"n": self.data["asked"]["people"]}),
        ]
        return Sentence("cards.lesson"), [(Sentence("cards.about.lesson"), each) for each in facts]

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" sandbox="{SANDBOX}" width="100%" '
            f'height="{HEIGHT}" style="border:0"></iframe>'
        )


def play(  # noqa: PLR0913
    designs: Mapping[str, Scenario] | str = STANDARD,
    seed: int | str | None = None,
    language: str | None = None,
    pack: bool = True,
    workers: int = 1,
) -> Player:
    """Make the classroom page of two designs: it shows itself in a notebook, and can be saved.

    Parameters
    ----------
    designs : mapping of name to Scenario, or str
        Two designs of the same people, as ``{"A": a, "B": b}``; or the name of a lesson,
        ``"standard"`` or ``"contagion"``.
    seed : int or str, optional
        Which year is shown: a seed; ``"typical"``, a quite ordinary one of the first 200 years; or
        ``"telling"``, the one of these with the largest difference, or with the longest chain of
        departures where leaving is exaggerated. By default what the lesson says, or a typical one.
        A year that was chosen bears its rank.
    language : {"en", "da"}, optional
        In which the page opens; it holds both. By default the language that is spoken.
    pack : bool
        Whether data are packed; if not, browsers from before 2023 can read the page, which is some
        three times as long.
    workers : int
        Threads; 0 stands for all cores. The page does not depend on it.

    Returns
    -------
    Player
        With the methods `save` and, for notebooks, `_repr_html_`.

    Raises
    ------
    InvalidInput
        If anything asked for cannot be done.

    Examples
    --------
    >>> import peersim
    >>> few = {"population.recipients": 8, "population.supporters": 4, "weeks": 16}
    >>> alone = peersim.changed(peersim.Scenario(), few)
    >>> both = {"alone": alone, "café": peersim.changed(alone, {"cafe.per_week": 1})}
    >>> page = peersim.play(both, seed=3)
    >>> page.seed, page.data["chosen"], len(page.recording["people"])
    (3, None, 12)
    """
    chosen = spoken() if language is None else language
    if chosen not in LANGUAGES:
        raise no_such_option("language", chosen, LANGUAGES)
    lesson = lesson_of(designs) if isinstance(designs, str) else named_lesson(designs)
    if seed is not None:
        lesson = replace(lesson, year=year_of(seed))
    threads = int(whole("workers", workers, 0, 1024)) or cores()
    return made(lesson, chosen, pack=pack, workers=threads)


def year_of(seed: Any) -> int | str:
    """Which year is asked for: a seed, or a word.

    Raises
    ------
    InvalidInput
        For anything else.
    """
    if isinstance(seed, str):
        if seed in WORDS:
            return seed
        if not seed.isdecimal():
            raise InvalidInput("errors.lesson.year", value=seed)
        seed = int(seed)
    return checked_seed(seed)


def made(
    lesson: Lesson,
    language: str,
    command: str = "",
    pack: bool = True,
    workers: int = 1,
    progress: Progress | None = None,
) -> Player:
    """Work out a lesson and put it into a page."""
    return Player(lesson_data(lesson, language, command, workers, progress), pack)
