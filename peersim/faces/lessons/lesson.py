"""A lesson: everything that the classroom page shows, worked out beforehand and put into one file.

The data of the page are one JSON object. This folder makes it, ``web/play.js`` reads it; this is
what both agree on.

**Words.** Whatever people read is a *saying*, ``{"key": ..., "values": {...}}``: a key of the
catalogue without its first word "faces." and what stands in its blanks (numbers, words, lists, or
further sayings), so that ``say(saying.key, saying.values)`` writes it in the language of the page.
Facts of stories are shorter: ``[week, key, values]``, see below.

**The lesson**::

    { "kind": "lesson", "version": 1,
      "language": "da",             the language in which the page opens; it holds both
      "lesson": "standard",         or "contagion", or "own" (designs from the command line)
      "title": saying,
      "banners": [saying, ...],     what must stand on screen, in print and on the worksheet:
                                    exaggerated; chosen, with its rank; one imagined year
      "exaggerated": false,
      "chosen": {"by": "typical", "rank": 1, "of": 200, "as_long_or_longer": 57, "size": 2} | null,
                                    by "chain" (size: departures in a row), "typical" (size: how
                                    far from the middle year), or as `chosen=` says; null: the
                                    year was simply given
      "command": "peersim play ...", makes this page again
      "asked": {                    what the class guesses
        "outcome": "isolated",          a name of `years`, or "retained"
        "world": "b", "people": 24, "better": "lower",
        "found": 6, "other": 9,     at the end of the year shown, in the world asked about and in
                                    the other, in people
        "low": 3, "high": 11,           of the world asked about in 9 years of 10, in people
        "better_world": "b", "better_years": 83, "alike_years": 9, "of": 100,
                                    in how many years this world does better, paired
        "question": saying, "years_question": saying, "gap": "guess.gap"},
                                    `gap` is a key; its values are {guess, found, low, high}
      "recordings": [recording, ...],   the first is the year shown; the others are other years of
                                    the same two designs, at most ten
      "switches": {"011": {"a": variant, "b": variant}, ...},
                                    the year shown with something that spreads switched off: bits
                                    in the order social, loss, structure; 1 is on. "111" is the
                                    recording itself and is left out, and so is a design that a
                                    setting does not change: its world is that of the recording.
                                    Of very many people not all settings fit into the page; those
                                    that do not are not there
      "switchable": ["social", "loss", "structure"],
      "knockouts": {"a": [knockout, ...], "b": [...]},
      "puzzles": [puzzle, ...],
      "teacher": {"plan": [[minutes, saying], ...],
                  "roles": [{"title": saying, "goal": saying}, ...],
                  "questions": [{"ask": saying, "answer": saying}, ...],
                  "assumptions": [saying, ...], "more": saying} }

**A recording** holds people once and any number of worlds of the same people and the same luck::

    { "format": "peersim.recording", "version": 1,
      "made": {"peersim": "0.2.0", "settings": "<digest>", "seed": 196},
      "weeks": 52,
      "people": [{"id": "R3", "role": 0, "anxiety": 70, "exclusion": 60, "stage": 30}, ...],
                                    role 0 participant, 1 peer; traits in hundredths
      "at": [[x, y], ...],          where each stands in the picture, 0 to 1000 in both directions
      "names": {"places": [...], "causes": [...], "communities": [...]},
                                    the engine's words; the numbers below are places in these
      "worlds": [world, ...],
      "years": {"a": {"isolated": {"bands": [[5 %], [25 %], [50 %], [75 %], [95 %]],
                                   "ends": [one a year]}, ...}, "b": ...},     only in the first
      "stories": {"a": {"R3": [fact, ...]}, "b": ...} }                         only in the first

``years`` hold numbers of people, where the outcome is a share, or means; `bands` has one row a
quantile, one value a week from 0 on; `ends` of "a" and "b" belong together year by year. Undefined
is null.

**A world**::

    { "key": "a", "title": saying, "short": saying,     short: "A", or "A: En til en" on a button
      "settings": {"communities": ["group"], ...},      what sets the two designs apart
      "switches": {"social": 1, "loss": 1, "structure": 1},
      "standing": "<base64>",       (weeks + 1) x people bytes, week by week: low four bits, the
                                    communities somebody takes part in; if none, the high four
                                    bits: 0 nothing, 1 in training, 2 waiting, 3 completed,
                                    4 left, 5 closed, 6 moved on
      "connected": "<base64>",      likewise, 0-100, each as the difference from the week before
                                    (modulo 256; week 0 from 0): half as long when packed
      "isolated": "<base64>",       likewise, a bit each: bit (k & 7) of byte (k >> 3), where
                                    k = week x people + person
      "ties": [[i, j, place, from, "0415"], ...],      a digit a week from the end of week `from`: 0
                                    acquainted, 1 somebody to confide in, 2 a friend; + 4 if they
                                    met in this week
      "once": [[i, j, place, from, weeks], ...],       ties of a single meeting: met in week `from`
                                    (digit 4), acquainted (0) for the rest of `weeks` weeks
      "departures": [[week, person, community, cause, caused_by | -1], ...],
      "circles": [[circle, community, from, to, [people, ...]], ...],
      "weekly": {"isolated": [...], "retained": [...], "connectedness": [...], "ties": [...]} }
                                    a value a week from 0 on: how many of those invited, or means
                                    over them. Who takes part, waits or has left this week is
                                    counted from `standing`.

**A variant** is a world that was lived by the same people in the same year as another one, and says
only what differs: it has ``"base": "a"`` and "departures", "circles" and "weekly" of its own, and

- ``standing``, ``connected`` and ``isolated`` are, byte for byte as they are written, the exclusive
  or with those of the base (so most are 0);
- in ``ties`` and ``once`` a pair ``[from, to]`` stands for those of the base from place `from` up
  to, but without, `to`; what has five members is a tie of its own.

**A knock-out** is the same year without one departure that others followed::

    { "person": 17, "week": 12, "world": variant,
      "stay": [4, 9],               left in the year shown, and now have not at its end
      "later": [[3, 30], ...],      leave all the same, in another week
      "new": [11] }                 left only now: keeping somebody takes a place or an hour

**Stories** tell one person in one world, week by week, in facts ``[week, key, values]``; the
sentence is ``say("story." + key, {...values, week})``. Values that are not numbers are names to be
put into words: ``where``: ``story.where.<where>``; ``reason``: ``reason.<reason>``; ``other``: a
person's id. The fact "left" has ``"shares": [["misfit", 60], ["lost_tie", 25]]`` besides, what
spoke for leaving in per cent (empty where no hazard decided), and so has "left_after", which also
has ``other``, whose leaving is named behind it. Keys: invited, training, waiting, waits_again,
ready, joined, matched, match_ends, confides, friends, away, back, lost, asked, gives, goes_on,
completed, moved_on, declined, left, left_after, stays, never.

**A puzzle**::

    { "key": "leaders", "kind": "choose",
      "title": saying, "story": [saying, saying],               what is, what to find
      "exaggerated": false, "at_least": 80, "out_of": 100,      years that must reach the goal
      "hints": [saying], "explain": saying,
      "goal": saying, "of": 16, "choose": 2,                    how many choices at most
      "marks": "alone",             whom the picture marks: "isolated", or "alone", those without
                                    any contact from the programme
      "chosen": saying,             why this year is shown; must stand beside it
      "choices": [{"key": "cafe", "name": saying, "peer_hours": 0.1, "staff_hours": 1.5}, ...],
                                    what each takes by itself, in hours a week
      "tried": {"11000": {"share": 88, "failed": [3, 17, ...]}, ...},
                                    a bit a choice, in their order; years that fail, 1 to 100
      "solutions": ["11000"],       for the teacher
      "recording": recording }      one usual year of every combination: worlds keyed by the bits;
                                    the first is a world, the others are variants of it. People who
                                    are not in all of them stand last, and do nothing in the others

    { "key": "likeness", "kind": "which", ... as above up to "explain" ...,
      "answer": "a", "others": 2, "share": {"a": 82, "b": 1},   in so many years two others or more
                                    stay without some one departure
      "chosen": saying,             why this year is shown; must stand beside it
      "recording": recording,       two worlds, "a" and "b"
      "knockouts": {"a": [knockout, ...], "b": [...]} }         also those after which nobody stays
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from peersim.faces.lessons import knock_outs
from peersim.faces.lessons.choosing import FIRST_SEED, LOOKED_AT, TELLING, TYPICAL, Chosen, typical
from peersim.faces.lessons.choosing import telling as most_telling
from peersim.faces.lessons.plan import Lesson
from peersim.faces.lessons.puzzles import puzzle_of
from peersim.faces.lessons.puzzles import steps as steps_of
from peersim.faces.lessons.saying import as_data
from peersim.faces.lessons.teaching import teaching
from peersim.faces.page import packed
from peersim.faces.recording import (
    SHARES,
    Detail,
    blueprints,
    number,
    recording,
    switches,
    variant_of,
)
from peersim.faces.story import stories_of
from peersim.faces.year import Year, watched
from peersim.kernel.catalogue import Sentence
from peersim.model.outcomes import OUTCOMES
from peersim.run.simulation import Ensemble, ensemble
from peersim.scenario.scenario import changed

VERSION = 1
BAND_YEARS = 100
"""Years of which bands and ends are shown: the first of those looked at."""

OTHER_YEARS = 10
"""Years that are shown besides, so that nobody takes one year for the truth: the first ones,
whatever they hold."""

MOST_KNOCK_OUTS = 6
"""Of each design."""

MEASURED = ("isolated", "retained", "never_reached", "connectedness")
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_BETTER = {each.name: each.better for each in OUTCOMES}

SWITCHED_OFF: dict[str, tuple[str, Any]] = {
    "social": ("departure.social", 0.0),
    "loss": ("departure.loss", 0.0),
    "structure": ("departure.structure", False),
}
"""Ways by which leaving spreads, in the order of the bits, and what shuts each."""

ROOM = {"recordings": 110_000, "switches": 70_000, "knockouts": 40_000}
"""Letters that parts of a page may take when packed. What does not fit is left out: the last
first."""

SHOWN_YEAR, BESIDES = Detail(step=5), Detail(5, ("isolated", "retained"))
"""How much is said of the year shown, and of all others; finer steps could not be seen."""

Progress = Callable[[int], Any]


@dataclass
class Making:
    """A lesson while it is worked out.

    Attributes
    ----------
    lesson : Lesson
    workers : int
    progress : callable, optional
        Called with 1 after each year that was looked at.
    """

    lesson: Lesson
    workers: int = 1
    progress: Progress | None = None
    many: dict[str, Ensemble] = field(init=False)
    chosen: Chosen | None = field(init=False)
    seed: int = field(init=False)
    lived: dict[str, Year] = field(init=False)

    def __post_init__(self) -> None:
        designs, seeds = self.lesson.designs, range(FIRST_SEED, FIRST_SEED + LOOKED_AT)
        self.plans = blueprints(designs)
        self.many = {
            key: ensemble(each, seeds, self.workers, self.progress) for key, each in designs.items()
        }
        self.chosen = self._chosen()
        self.seed = int(self.lesson.year) if self.chosen is None else self.chosen.seed
        self.lived = self.year(self.seed)

    def _chosen(self) -> Chosen | None:
        lesson = self.lesson
        if lesson.year == TYPICAL:
            return typical(self.many)
        if lesson.year == TELLING:
            return most_telling(lesson.designs, lesson.telling, lesson.outcome, self.workers)
        return lesson.chosen

    def year(self, seed: int) -> dict[str, Year]:
        """Live a year in both designs."""
        return {key: watched(plan, seed) for key, plan in self.plans.items()}

    @property
    def invited(self) -> int:
        """How many people are invited."""
        return int(self.lived["a"].world.clock["recipients"][0])

    def ends(self, outcome: str) -> dict[str, np.ndarray]:
        """What comes out at the end of each of the years that are shown as bands, in people."""
        return {
            key: self.in_people(each.at(int(each.weeks[-1]), outcome), outcome)[:BAND_YEARS]
            for key, each in self.many.items()
        }

    def in_people(self, values: np.ndarray, outcome: str) -> np.ndarray:
        """Shares as numbers of people; other outcomes as they are."""
        return np.rint(values * self.invited) if outcome in SHARES else values


def lesson_data(
    lesson: Lesson, language: str, command: str, workers: int = 1, progress: Progress | None = None
) -> dict[str, Any]:
    """Work out a lesson.

    Parameters
    ----------
    lesson : Lesson
    language : str
        In which the page opens.
    command : str
        That makes the page again.
    workers : int
        Threads; the page does not depend on it.
    progress : callable, optional
        Called with 1 after each step, of which there are `steps`.

    Returns
    -------
    dict
        Plain data, as the docstring of this module says.
    """
    making = Making(lesson, workers, progress)
    first = _recording(making, making.lived, making.seed, SHOWN_YEAR)
    first |= {
        "years": _years(making),
        "stories": {key: stories_of(each) for key, each in making.lived.items()},
    }
    others = _fitting(_other_years(making), ROOM["recordings"])
    return {
        "kind": "lesson",
        "version": VERSION,
        "language": language,
        "lesson": lesson.name,
        "title": as_data(lesson.title),
        "banners": [as_data(each) for each in banners(making)],
        "exaggerated": lesson.is_exaggerated,
        "chosen": making.chosen.as_data() if making.chosen else None,
        "command": command,
        "asked": _asked(making),
        "recordings": [first, *others],
        "switches": dict(_fitting(_switched(making), ROOM["switches"])),
        "switchable": _switchable(making),
        "knockouts": _knock_outs(making),
        "puzzles": [puzzle_of(name, making.workers, progress) for name in lesson.puzzles],
        "teacher": teaching(),
    }


def steps(lesson: Lesson) -> int:
    """How many steps there are of which `lesson_data` tells."""
    return len(lesson.designs) * LOOKED_AT + sum(map(steps_of, lesson.puzzles))


def banners(making: Making) -> list[Sentence]:
    """What must stand wherever the year is shown."""
    found = []
    if making.lesson.is_exaggerated:
        found += [Sentence("faces.play.exaggerated"), Sentence("faces.play.not_usual")]
    if making.chosen is not None:
        found.append(making.chosen.said)
    return [*found, Sentence("faces.play.this_year")]


def _recording(
    making: Making, lived: Mapping[str, Year], seed: int, detail: Detail
) -> dict[str, Any]:
    made = recording(making.lesson.designs, lived, seed, detail)
    for world in made["worlds"]:
        key = world["key"]
        world["title"] = as_data(making.lesson.titles[key])
        world["short"] = key.upper()
    return made


def _other_years(making: Making) -> Iterator[dict[str, Any]]:
    seeds = (seed for seed in making.many["a"].seeds.tolist() if seed != making.seed)
    for seed, _ in zip(seeds, range(OTHER_YEARS), strict=False):
        yield _recording(making, making.year(seed), seed, BESIDES)


def _fitting(parts: Iterator[Any], room: int) -> list[Any]:
    """The first parts, as many as there is room for when they are packed."""
    found: list[Any] = []
    for each in parts:
        room -= len(packed(each))
        if room < 0:
            break
        found.append(each)
    return found


# -- many years -----------------------------------------------------------------------------------
def _years(making: Making) -> dict[str, Any]:
    """Bands week by week, and how each year ends."""
    return {
        key: {outcome: _course(making, each, outcome) for outcome in MEASURED}
        for key, each in making.many.items()
    }


def _course(making: Making, many: Ensemble, outcome: str) -> dict[str, Any]:
    place = many.outcomes.index(outcome)
    values = making.in_people(many.values[:BAND_YEARS, :, 0, place], outcome)
    # of people some year that there was: half a person stands in no year
    bands = np.quantile(values, QUANTILES, axis=0, method="inverted_cdf")
    return {"bands": [_written(row) for row in bands], "ends": _written(values[:, -1])}


def _written(values: np.ndarray) -> list[float | int | None]:
    """Numbers as they are written, whole ones without a point."""
    found = [number(value) for value in values]
    return [int(each) if each is not None and each == int(each) else each for each in found]


def _asked(making: Making) -> dict[str, Any]:
    """What the class guesses, and what it then finds."""
    lesson = making.lesson
    outcome, mine, better = lesson.outcome, lesson.asked_of, lesson.better
    (yours,) = (key for key in lesson.designs if key != mine)
    ends = making.ends(outcome)
    low, high = np.quantile(ends[mine], (QUANTILES[0], QUANTILES[-1]), method="inverted_cdf")
    gain = (ends["b"] - ends["a"]) * (1 if better == "b" else -1)
    gain *= 1 if _BETTER[outcome] == "higher" else -1
    values = {"of": making.invited, "weeks": making.lived["a"].weeks, "name": mine.upper()}
    found = {key: _end(making, making.lived[key], outcome) for key in (mine, yours)}
    return {
        "outcome": outcome,
        "world": mine,
        "people": making.invited,
        "better": _BETTER[outcome],
        "found": found[mine],
        "other": found[yours],
        "low": int(low),
        "high": int(high),
        "better_world": better,
        "better_years": int((gain > 0).sum()),
        "alike_years": int((gain == 0).sum()),
        "of": len(gain),
        "question": {"key": f"guess.how_many.{outcome}", "values": values},
        "years_question": {"key": "guess.years", "values": {"name": better.upper()}},
        "gap": "guess.gap",
    }


def _end(making: Making, year: Year, outcome: str) -> int:
    place = making.many["a"].outcomes.index(outcome)
    return int(making.in_people(year.values[-1, 0, place], outcome))


# -- what if --------------------------------------------------------------------------------------
def _switchable(making: Making) -> list[str]:
    """Ways by which leaving spreads in any of the designs."""
    each = [switches(scenario) for scenario in making.lesson.designs.values()]
    return [name for name in SWITCHED_OFF if any(one[name] for one in each)]


def _switched(making: Making) -> Iterator[tuple[str, dict[str, Any]]]:
    """The year shown with some of these ways shut; those with one shut, then all, come first."""
    ways = _switchable(making)
    settings = [
        dict(zip(SWITCHED_OFF, bits, strict=True))
        for bits in product((1, 0), repeat=len(SWITCHED_OFF))
        if all(bit or way in ways for way, bit in zip(SWITCHED_OFF, bits, strict=True))
    ]
    shut = {"".join(map(str, each.values())): each for each in settings if not all(each.values())}
    order = sorted(shut, key=lambda bits: (bits.count("0") not in (1, len(ways)), bits))
    for bits in order:
        yield bits, {key: each for key in making.plans if (each := _shut(making, key, shut[bits]))}


def _shut(making: Making, key: str, bits: Mapping[str, int]) -> dict[str, Any] | None:
    """One design in the year shown with some ways shut; None if this changes nothing in it."""
    scenario = making.lesson.designs[key]
    is_open = switches(scenario)
    changes = dict(SWITCHED_OFF[way] for way in SWITCHED_OFF if is_open[way] and not bits[way])
    if not changes:
        return None
    plan = blueprints({key: changed(scenario, changes)})[key]
    return variant_of(watched(plan, making.seed), making.lived[key], key, BESIDES)


def _knock_outs(making: Making) -> dict[str, list[dict[str, Any]]]:
    room = ROOM["knockouts"] // len(making.lived)
    return {
        key: _fitting(
            (
                knock_outs.as_data(each, year, key, BESIDES)
                for each in knock_outs.knock_outs(year, making.seed, MOST_KNOCK_OUTS)
            ),
            room,
        )
        for key, year in making.lived.items()
    }
