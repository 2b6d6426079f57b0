"""Imagined years of one design: what is kept of each, so that answers need no further run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from peersim.model.outcomes import NAMES, PERSONAL
from peersim.model.vocabulary import OVERLOAD
from peersim.run.simulation import Ensemble, ensemble
from peersim.run.stays import ENDS_OF_STAYS
from peersim.scenario.scenario import Scenario

SHOWN = tuple(
    name for name in NAMES if name in PERSONAL or name.removesuffix("_reached") not in PERSONAL
)
"""Outcomes that are kept, and that a page can ask for: none over those reached alone."""

_PLACES = [NAMES.index(name) for name in SHOWN]
_DROPPED_OUT = ENDS_OF_STAYS.index("dropped_out")

TRAITS = {"social_anxiety": -1, "exclusion": -1, "stage": 1}
"""By which people are told apart, and the sign of the end at which they are hardest to reach: the
shyest, those most shut out before, those at the earliest stage of recovery come first.
"""

STOOD = np.dtype(
    [("hard", "?", (len(TRAITS),))]
    + [(name, "?") for name in ("reached", "left", "completed", "isolated")]
)
"""One participant in one year: whether they are in the third of the participants that is hardest to
reach, by each trait; have ever taken part; have dropped out of something; have not dropped out of
all that they began; are isolated in the end."""


GAVE = np.dtype([(name, "?") for name in ("gave", "left", "too_much")] + [("strain", "f4")])
"""One peer in one year: whether they have ever been active; have dropped out; of these, because it
was too much; and their strain in the end (0 to 1)."""


@dataclass(frozen=True)
class Years:
    """What is kept of imagined years.

    Attributes
    ----------
    weekly : float32 array, year x week x outcome
        Of `SHOWN`; NaN where an outcome is not defined.
    ends : float64 array, year x outcome
        The same in the last week, to the last digit.
    people : array of `STOOD`, year x participant
    peers : array of `GAVE`, year x peer
    """

    weekly: np.ndarray
    ends: np.ndarray
    people: np.ndarray
    peers: np.ndarray

    def __len__(self) -> int:
        return len(self.ends)

    def first(self, years: int) -> Years:
        """The first so many of them."""
        return Years(*(array[:years] for array in vars(self).values()))

    def and_then(self, more: Years) -> Years:
        """These, and more of the same design."""
        both = zip(vars(self).values(), vars(more).values(), strict=True)
        return Years(*(np.concatenate(pair) for pair in both))

    def end(self, outcome: str) -> np.ndarray:
        """An outcome in the last week, one value a year."""
        values: np.ndarray = self.ends[:, SHOWN.index(outcome)]
        return values

    def weeks(self, outcome: str) -> np.ndarray:
        """An outcome week by week, year x week."""
        values: np.ndarray = self.weekly[:, :, SHOWN.index(outcome)]
        return values

    @property
    def bytes(self) -> int:
        """Room that they take."""
        return sum(int(array.nbytes) for array in vars(self).values())


def imagine(
    scenario: Scenario,
    seeds: Sequence[int],
    sets: Sequence[Mapping[str, Any]],
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Years:
    """Run the years of a design.

    Parameters
    ----------
    scenario, seeds, workers, progress
        As in `peersim.run.simulation.ensemble`.
    sets : sequence of mappings
        Sets of parameters: seed s goes with set s modulo their number.
    """
    found = ensemble(scenario, seeds, workers, progress, persons=True, parameters=sets)
    values = found.values[:, :, 0][..., _PLACES]
    people = _stood(found, scenario.population.recipients)
    peers = _gave(found, scenario.population.recipients)
    return Years(values.astype(np.float32), values[:, -1].copy(), people, peers)


def _stood(found: Ensemble, participants: int) -> np.ndarray:
    persons: Any = found.persons
    stays: Any = found.stays
    persons, stays = persons[:, :participants], stays[:, :participants]
    made = np.zeros(persons.shape, STOOD)
    for place, (trait, sign) in enumerate(TRAITS.items()):
        order = (sign * persons[trait]).argsort(axis=1, kind="stable")
        made["hard"][..., place] = order.argsort(axis=1, kind="stable") < participants // 3
    began, dropped = stays["began"], stays["end"] == _DROPPED_OUT
    made["reached"] = persons["joined"] >= 0
    made["left"] = (began & dropped).any(axis=2)
    made["completed"] = (began & ~dropped).any(axis=2)
    made["isolated"] = persons["isolated"] > 0
    return made


def _gave(found: Ensemble, participants: int) -> np.ndarray:
    persons: Any = found.persons
    stays: Any = found.stays
    persons, stays = persons[:, participants:], stays[:, participants:]
    made = np.zeros(persons.shape, GAVE)
    dropped = stays["began"] & stays["event"]
    made["gave"] = persons["joined"] >= 0
    made["left"] = dropped.any(axis=2)
    made["too_much"] = (dropped & (stays["cause"] == OVERLOAD)).any(axis=2)
    made["strain"] = persons["strain"]
    return made
