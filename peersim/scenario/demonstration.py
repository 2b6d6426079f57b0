"""Demonstrations: settings that are openly exaggerated, to show what a mechanism does; and the
banner that everything made with them bears.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from typing import Any

from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import assign, leaves


class Demonstration(enum.Enum):
    """What is exaggerated: nothing, or how leaving spreads."""

    none = "none"
    contagion = "contagion"


HIGHEST = object()
"""The upper bound of a setting, as it is declared."""

SETTINGS: Mapping[Demonstration, Mapping[str, Any]] = {
    Demonstration.none: {},
    Demonstration.contagion: {
        # every channel by which leaving spreads is open, and as strong as its bounds allow
        "departure.structure": True,
        "departure.loss": HIGHEST,
        "departure.lost_tie": HIGHEST,
        "departure.social": HIGHEST,
        "departure.memory": HIGHEST,
        # a circle is small, so that one who leaves is missed, and closes as soon as it is too small
        "group.size": 5,
        "availability.class_size": 5,
        "departure.thin_weeks": 1,
        # and people have hardly anybody besides
        "population.outside_ties": 1.0,
    },
}
"""What each demonstration sets; whatever is set besides it in the same place is used instead."""


def settings_of(kind: type, name: Any) -> dict[str, Any]:
    """What a demonstration sets, by path.

    Parameters
    ----------
    kind : type
        The scenario, as a class.
    name : Demonstration or str

    >>> from peersim.scenario.parameters import Scenario
    >>> settings_of(Scenario, "contagion")["departure.loss"], settings_of(Scenario, "none")
    (2.0, {})
    """
    known, about = leaves(kind), leaves(kind)["demonstration"]
    if isinstance(name, str):
        if name not in about.options:
            raise about.complaint(name)
        name = Demonstration[name]
    return {
        path: known[path].type(known[path].field.metadata["high"]) if value is HIGHEST else value
        for path, value in SETTINGS[name].items()
    }


def begin(scenario: Any, name: Any) -> None:
    """Set in a scenario what a demonstration sets; one that is exaggerated cannot cease to be."""
    given = settings_of(type(scenario), name)
    before = scenario.demonstration
    assign(scenario, "demonstration", name)
    if before not in (Demonstration.none, scenario.demonstration):
        raise InvalidInput("errors.setting.exaggerated", name=before.name)
    for path, value in given.items():
        assign(scenario, path, value)


# -- the banner -----------------------------------------------------------------------------------
_CHOSEN = re.compile(r"(chain|difference|person)-([1-9]\d{0,6})-of-([1-9]\d{0,6})")


def chosen_for(found: str | None) -> tuple[str, int, int] | None:
    """Read what a seed was chosen for, its rank, and among how many; None if it was not chosen.

    >>> chosen_for("chain-1-of-200")
    ('chain', 1, 200)
    """
    if found is None:
        return None
    read = _CHOSEN.fullmatch(found)
    if read is None or int(read[2]) > int(read[3]):
        raise InvalidInput("errors.setting.chosen", value=found)
    return read[1], int(read[2]), int(read[3])


def banners(known: Mapping[str, Any], chosen: str | None = None) -> Iterator[Sentence]:
    """What must be said of results wherever they are shown: that they are exaggerated, or were
    chosen.

    Parameters
    ----------
    known : mapping
        What identifies a run, as `peersim.results.manifest.identity` gives it.
    chosen : str, optional
        What the seed was chosen for, and its rank.
    """
    arms = known.get("arms", {})
    names = [known["scenario"].get("demonstration")]
    names += [arm.get("demonstration") for arm in arms.values()]
    for name in dict.fromkeys(names):
        if name not in (None, Demonstration.none.name):
            yield Sentence(f"demonstration.{name}")
    if (found := chosen_for(chosen)) is not None:
        yield Sentence(f"demonstration.chosen.{found[0]}", {"rank": found[1], "n": found[2]})


def banner_of(scenario: Any) -> list[Sentence]:
    """What must be said of a scenario and of everything made with it."""
    return list(banners({"scenario": {"demonstration": scenario.demonstration.name}}))
