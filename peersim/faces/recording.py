"""A recording: the same people with the same luck in several designs, week by week, as plain data
that a page can show without the model. Its format is written down in `peersim.faces.lesson`.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from peersim import __version__
from peersim.faces import year as years
from peersim.faces.layout import places, worth
from peersim.faces.year import Span, Year, watched
from peersim.kernel.declaration import InvalidInput, checked_seed
from peersim.kernel.plain_data import flat, plain
from peersim.model.outcomes import NAMES, OUTCOMES
from peersim.model.vocabulary import CAUSES, COMMUNITIES, PLACES, SUPPORTER
from peersim.model.world import World
from peersim.results.manifest import config_hash
from peersim.run.first_day import Blueprint, draw_up
from peersim.scenario.scenario import Scenario

FORMAT, VERSION = "peersim.recording", 1

SHOWN = ("isolated", "retained", "connectedness", "ties")
"""Outcomes of which a world says the course."""


class Detail(NamedTuple):
    """How much a world says.

    Attributes
    ----------
    step : int
        Connectedness is told in steps of so many hundredths.
    outcomes : tuple of str
        Those of which it says the course.
    """

    step: int = 1
    outcomes: tuple[str, ...] = SHOWN


FULL = Detail()

SHARES = frozenset(each.name for each in OUTCOMES if each.unit == "share")
_TRAITS = {"anxiety": "social_anxiety", "exclusion": "exclusion", "stage": "stage"}
NOT_TOLD = ("population.file", "population.codes")
"""Settings that say where on a machine something lies."""


def record(designs: Mapping[str, Scenario], seed: int, stories: bool = False) -> dict[str, Any]:
    """Record one imagined year in several designs, for the same people with the same luck.

    Parameters
    ----------
    designs : mapping of name to Scenario
        All of the same people and as many weeks.
    seed : int
        0 to 2**62.
    stories : bool
        Whether everybody's story is told besides, in facts.

    Returns
    -------
    dict
        Plain data that can be written as JSON: people once, then a world for each design, in which
        everybody's standing, connectedness and isolation, all ties, departures and circles stand
        week by week. Nothing in it is NaN: what is undefined is None.

    Raises
    ------
    InvalidInput
        If there is no design, or designs have other people or other weeks.

    Examples
    --------
    >>> from peersim.scenario.scenario import changed
    >>> alone = changed(Scenario(), {"population.recipients": 8, "weeks": 6})
    >>> made = record({"A": alone, "B": changed(alone, {"cafe.per_week": 1})}, seed=1)
    >>> made["weeks"], len(made["people"]), [world["key"] for world in made["worlds"]]
    (6, 18, ['A', 'B'])
    """
    seed, plans = checked_seed(seed), blueprints(designs)
    lived = {name: watched(plan, seed) for name, plan in plans.items()}
    made = recording(designs, lived, seed)
    if stories:
        from peersim.faces.story import stories_of

        made["stories"] = {name: stories_of(year) for name, year in lived.items()}
    return made


def blueprints(designs: Mapping[str, Scenario]) -> dict[str, Blueprint]:
    """Draw up designs that can be shown beside each other.

    Raises
    ------
    InvalidInput
        If there are none, or they are of other people or other weeks.
    """
    if not isinstance(designs, Mapping) or not designs:
        raise InvalidInput("errors.lesson.designs")
    for name, scenario in designs.items():
        if not isinstance(name, str) or not isinstance(scenario, Scenario):
            raise InvalidInput("errors.comparison.no_scenario", name=name)
    plans = {name: draw_up(scenario) for name, scenario in designs.items()}
    first = next(iter(plans.values()))
    for plan in plans.values():
        if plan.labels != first.labels or plan.roles.tolist() != first.roles.tolist():
            raise InvalidInput("errors.lesson.other_people")
        if plan.weeks != first.weeks:
            raise InvalidInput("errors.lesson.other_weeks", weeks=[first.weeks, plan.weeks])
    return plans


def recording(
    designs: Mapping[str, Scenario], lived: Mapping[str, Year], seed: int, detail: Detail = FULL
) -> dict[str, Any]:
    """Put years that have been watched together."""
    first = next(iter(lived.values()))
    settings = apart(designs)
    return {
        "format": FORMAT,
        "version": VERSION,
        "made": {"peersim": __version__, "settings": digest(designs), "seed": seed},
        "weeks": first.weeks,
        "people": people_of(first.world, first.blueprint.labels, first.blueprint.roles),
        "at": places(len(first.blueprint.labels), ties_of(lived.values())),
        "names": {"places": list(PLACES), "causes": list(CAUSES), "communities": list(COMMUNITIES)},
        "worlds": [
            {"key": name, "settings": settings[name], "switches": switches(designs[name])}
            | world_of(year, detail)
            for name, year in lived.items()
        ],
    }


def ties_of(lived: Iterable[Year]) -> Iterator[tuple[int, int, int]]:
    """Ties of several years: two rows, and what all their weeks are worth."""
    return ((each.i, each.j, worth(each.digits)) for year in lived for each in year.spans)


def digest(designs: Mapping[str, Scenario]) -> str:
    """Name the settings of some designs in a few characters."""
    return config_hash({name: plain(scenario) for name, scenario in designs.items()})


def apart(designs: Mapping[str, Scenario]) -> dict[str, dict[str, Any]]:
    """What sets designs apart: of each the settings that are not the same in all."""
    each = {name: dict(flat(plain(scenario))) for name, scenario in designs.items()}
    paths = dict.fromkeys(path for settings in each.values() for path in settings)
    differ = [
        path
        for path in paths
        if path not in NOT_TOLD
        and any(
            mine.get(path) != yours.get(path) for mine in each.values() for yours in each.values()
        )
    ]
    return {
        name: {path: settings[path] for path in differ if path in settings}
        for name, settings in each.items()
    }


def switches(scenario: Scenario) -> dict[str, int]:
    """Which of the ways by which leaving spreads are open."""
    x = scenario.departure
    return {"social": int(x.social > 0), "loss": int(x.loss > 0), "structure": int(x.structure)}


def people_of(world: World, labels: Sequence[str], roles: np.ndarray) -> list[dict[str, Any]]:
    """Everybody: what they are called, whether they came as a peer, three traits in hundredths."""
    people = world.people
    traits = {
        name: np.rint(100 * people[path]).astype(int).tolist() for name, path in _TRAITS.items()
    }
    return [
        {"id": label, "role": int(role == SUPPORTER)} | {name: traits[name][k] for name in traits}
        for k, (label, role) in enumerate(zip(labels, roles, strict=True))
    ]


def coded(array: np.ndarray) -> str:
    """Bytes as text."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


def hundredths(shares: np.ndarray, step: int = 1) -> np.ndarray:
    """Shares as whole hundredths, a byte each, in steps of so many."""
    found: np.ndarray = (step * np.rint(100 / step * shares.clip(0, 1))).astype(np.uint8)
    return found


def bytes_of(year: Year, step: int) -> dict[str, np.ndarray]:
    """What a world says of everybody in every week: standing, connectedness, who is isolated."""
    connected = hundredths(year.connected, step)
    return {
        "standing": years.standing(year).ravel(),
        # week by week most change by nothing or by 1, so that differences pack to half the length
        "connected": np.diff(connected, axis=0, prepend=np.uint8(0)).ravel(),
        "isolated": np.packbits(year.isolated.ravel(), bitorder="little"),
    }


def world_of(year: Year, detail: Detail = FULL) -> dict[str, Any]:
    """One world as plain data."""
    ties, once = _ties(year.spans)
    return {
        **{name: coded(array) for name, array in bytes_of(year, detail.step).items()},
        "ties": ties,
        "once": once,
        **_told_in_full(year, detail),
    }


def _told_in_full(year: Year, detail: Detail) -> dict[str, Any]:
    return {
        "departures": listed(year.departures),
        "circles": years.circles(year),
        "weekly": {name: course(year, name) for name in detail.outcomes},
    }


def listed(departures: np.ndarray) -> list[list[int]]:
    """Departures as rows of numbers: week, person, community, cause, and by whom, or -1."""
    columns = ("week", "person", "community", "cause", "caused_by")
    rows: list[list[int]] = np.array([departures[name] for name in columns]).T.tolist()
    return rows


def course(year: Year, name: str) -> list[float | int | None]:
    """An outcome week by week: of shares the number of people."""
    values = year.values[:, 0, NAMES.index(name)]
    invited = int(year.world.clock["recipients"][0])
    if name in SHARES:
        return [None if math.isnan(value) else round(value * invited) for value in values]
    return [number(value) for value in values]


def number(value: float) -> float | None:
    """A number as it is written: three decimals, None where it is undefined."""
    return None if math.isnan(value) else round(float(value), 3)


def _ties(spans: Sequence[Span]) -> tuple[list[Any], list[Any]]:
    """Ties with a digit a week, and those of a single meeting, of which what follows is known."""
    ties, once = [], []
    for span in spans:
        if span.digits[0] == "4" and not span.digits[1:].strip("0"):
            once.append([*span[:4], len(span.digits)])
        else:
            ties.append(list(span))
    return ties, once


# -- worlds of the same people in the same year, in which something was changed -------------------
def variant_of(year: Year, base: Year, key: str, detail: Detail = FULL) -> dict[str, Any]:
    """A world by what sets it apart from another one of the same people in the same year.

    Parameters
    ----------
    year : Year
    base : Year
    key : str
        By which the other world goes.
    detail : Detail
        The other world must be told in as large steps.
    """
    own, others = bytes_of(year, detail.step), bytes_of(base, detail.step)
    ties, once = _ties(year.spans)
    base_ties, base_once = _ties(base.spans)
    return {
        "base": key,
        **{name: coded(own[name] ^ others[name]) for name in own},
        "ties": _by_reference(ties, base_ties),
        "once": _by_reference(once, base_once),
        **_told_in_full(year, detail),
    }


def _by_reference(items: Sequence[Any], known: Sequence[Any]) -> list[Any]:
    """Items in order; for those that are known as well, from which place to which they stand there.

    >>> _by_reference(["a", "c", "d"], ["a", "b", "c", "d"])
    [[0, 1], [2, 4]]
    """
    places = {tuple(each): place for place, each in enumerate(known)}
    found: list[Any] = []
    runs = False
    for each in items:
        place = places.get(tuple(each))
        if place is None:
            found.append(each)
        elif runs and found[-1][1] == place:
            found[-1][1] = place + 1
        else:
            found.append([place, place + 1])
        runs = place is not None
    return found
