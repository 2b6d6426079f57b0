"""Somebody's own people as they may be sent on: by new codes, in another order, their traits in
thirds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from peersim.kernel.declaration import InvalidInput
from peersim.kernel.plain_data import plain
from peersim.scenario.people_file import BOUNDS, PopulationTable
from peersim.scenario.scenario import Scenario, changed

ROUNDED = "rounded"
"""What somebody says who has been asked, and agrees."""

FEWEST = 10
"""Of fewer people no file is made: whoever knows them would know each again."""

FEWEST_ALIKE = 3
"""People who share a number, at least, where it is the mean of a third of the list."""

NAME = "own people"
LETTERS = "DP"
PERSONS = ("leave", "keep")
"""Events that name a person."""


def refuse(scenario: Scenario, agreed: str) -> None:
    """Refuse to send own people on without being asked to, or too few of them.

    Raises
    ------
    InvalidInput
        In one sentence that repeats nothing of the list.
    """
    if scenario.people is None:
        return
    if len(scenario.people.codes) < FEWEST:
        raise InvalidInput("errors.share.few_people", fewest=FEWEST)
    if agreed != ROUNDED:
        raise InvalidInput("errors.share.own_people")


def rounded(scenario: Scenario) -> Scenario:
    """The scenario with its people as they may be sent on; one without own people as it is.

    Their luck stays theirs. Events that name one of them name the new code.
    """
    people = scenario.people
    if people is None:
        return scenario
    order = _mixed(people)
    codes = _counted(people.roles[order])
    columns = {name: _in_thirds(name, values)[order] for name, values in people.columns.items()}
    made = replace(
        people,
        file=NAME,
        codes=codes,
        keys=people.keys[order],
        roles=people.roles[order],
        columns=columns,
        communities=people.communities[order],
        fingerprint="",
        notes=(),
        code_list=None,
    )
    named = {people.codes[old]: code for old, code in zip(order, codes, strict=True)}
    nobody = changed(scenario, {"events": []})
    nobody.people, nobody.population.file, nobody.population.codes = made, NAME, None
    return changed(nobody, {"events": [_renamed(each, named) for each in plain(scenario.events)]})


def _renamed(event: dict[str, object], named: dict[str, str]) -> dict[str, object]:
    return {
        key: named.get(str(value), value) if key in PERSONS else value
        for key, value in event.items()
    }


def _mixed(people: PopulationTable) -> np.ndarray:
    """Another order, within each role: by what the luck of each depends on."""
    return np.lexsort((people.keys, people.roles))


def _counted(roles: np.ndarray) -> list[str]:
    counts = dict.fromkeys(LETTERS, 0)
    codes = []
    for role in roles:
        letter = LETTERS[min(int(role), 1)]
        counts[letter] += 1
        codes.append(f"{letter}{counts[letter]}")
    return codes


def _in_thirds(name: str, values: np.ndarray) -> np.ndarray:
    """Numbers in thirds: of a scale from 0 to 1 the middle of each third; else the mean of the
    lowest, the middle and the highest third of the list.

    >>> _in_thirds("exclusion", np.array([0.05, 0.4, 0.61, 1.0, np.nan])).round(2).tolist()
    [0.17, 0.5, 0.5, 0.83, nan]
    >>> _in_thirds("outside_ties", np.array([0.0, 1.0, 1.0, 2.0, 3.0, 3.0, 4.0, 6.0, 8.0])).tolist()
    [1.0, 1.0, 1.0, 3.0, 3.0, 3.0, 6.0, 6.0, 6.0]
    """
    known = np.isfinite(values)
    if BOUNDS[name] == (0.0, 1.0):
        middles: np.ndarray = (np.floor(np.clip(values * 3, 0, 2)) + 0.5) / 3
        return middles
    if not known.any():
        return values
    ends = np.quantile(values[known], [1 / 3, 2 / 3])
    thirds = np.searchsorted(ends, values)
    if min(np.bincount(thirds[known], minlength=1).tolist()) < FEWEST_ALIKE:
        thirds = np.zeros_like(thirds)
    made = values.copy()
    for third in set(thirds[known].tolist()):
        made[known & (thirds == third)] = np.rint(values[known & (thirds == third)].mean())
    return made
