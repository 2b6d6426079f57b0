"""The parameters that are calibrated, and those that are carried along because nothing observed
tells them.

Before anything is compared, each parameter is spread over the whole of its declared bounds. How it
is spread is part of what is assumed: a rate whose lowest value is nil is known to an order of
magnitude at best, so its cube root is taken as even; a scale that cannot be nil is even in its
logarithm; everything else is even.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from peersim.kernel.paths import leaves
from peersim.scenario.scenario import Scenario

EVEN, CUBE_ROOT, LOGARITHM = "even", "even in the cube root", "even in the logarithm"
WHOLE = "even over whole numbers"


class Parameter(NamedTuple):
    """One dimension.

    Attributes
    ----------
    path, unit : str
    low, high, default : float
        As declared.
    spread : str
        How values are spread over the bounds before calibration.
    is_learned : bool
        Whether some target ought to tell something about it; otherwise it is carried along at its
        full range.
    """

    path: str
    unit: str
    low: float
    high: float
    default: float
    spread: str
    is_learned: bool

    def value(self, u: Any) -> Any:
        """From a place between 0 and 1 to a value.

        >>> Parameter("departure.drift", "per week", 0.0, 0.3, 0.03, CUBE_ROOT, True).value(0.5)
        0.0375
        """
        if self.spread == WHOLE:
            return np.minimum(np.floor(self.low + (self.high - self.low + 1.0) * u), self.high)
        if self.spread == LOGARITHM:
            return self.low * (self.high / self.low) ** u
        return self.low + (self.high - self.low) * (u**3 if self.spread == CUBE_ROOT else u)

    def place(self, value: Any) -> Any:
        """From a value to its place between 0 and 1: how much of the spread lies below it."""
        if self.spread == WHOLE:
            return (value - self.low + 0.5) / (self.high - self.low + 1.0)
        if self.spread == LOGARITHM:
            return np.log(value / self.low) / np.log(self.high / self.low)
        share = (value - self.low) / (self.high - self.low)
        return np.cbrt(share) if self.spread == CUBE_ROOT else share


_LEARNED = {
    "population.chime_mean": EVEN,
    "population.chime_spread": EVEN,
    "population.outside_ties": EVEN,
    "sign_up.rate": LOGARITHM,
    "sign_up.anxiety": EVEN,
    "sign_up.impatience": CUBE_ROOT,
    "training.uptake": EVEN,
    "training.dropout": CUBE_ROOT,
    "attendance.habit": EVEN,
    "attendance.anxiety": EVEN,
    "attendance.absence": EVEN,
    "attendance.reliability": EVEN,
    "departure.life_event": CUBE_ROOT,
    "departure.misfit": CUBE_ROOT,
    "departure.unsafe": CUBE_ROOT,
    "departure.overload": CUBE_ROOT,
    "departure.drift": CUBE_ROOT,
    "departure.drift_after": WHOLE,
    "departure.first_meeting_one_to_one": CUBE_ROOT,
    "departure.first_meeting_group": CUBE_ROOT,
    "departure.first_meeting_digital": CUBE_ROOT,
    "digital.effort": EVEN,
    "digital.contributor_stage": EVEN,
    "digital.voice_spread": EVEN,
    "digital.reply": EVEN,
    "change.speed": LOGARITHM,
    "change.back": LOGARITHM,
    "change.emotional": EVEN,
    "change.social": EVEN,
    "change.hope": EVEN,
    "change.identity": EVEN,
    "change.meaning": EVEN,
    "change.empowerment": EVEN,
    "ties.familiarity_hours": LOGARITHM,
    "ties.weak_half_life": LOGARITHM,
    "ties.stability": EVEN,
    "departure.lost_tie": CUBE_ROOT,
    "departure.social": CUBE_ROOT,
    "digital.use_spread": EVEN,
}
_CARRIED = {
    "sign_up.exclusion": EVEN,
    "safety.start": EVEN,
    "safety.gain": CUBE_ROOT,
    "safety.misfit": CUBE_ROOT,
    "safety.first_fit": EVEN,
    "ties.circle_sharing": EVEN,
    "ties.confidence_gain": EVEN,
    "ties.confidence_value": EVEN,
    "change.outside_worth": EVEN,
    "change.stage_slope": EVEN,
    "strain.per_hour": CUBE_ROOT,
    "strain.per_match": CUBE_ROOT,
    "sign_up.need": EVEN,
    "attendance.need": EVEN,
    "safety.threshold": EVEN,
    "change.not_alone": EVEN,
    "change.heard": EVEN,
    "one_to_one.promise": EVEN,
    "ties.acquaintance": EVEN,
    "strain.closeness": CUBE_ROOT,
    "digital.meets_company": EVEN,
}


@cache
def parameters() -> tuple[Parameter, ...]:
    """Every dimension, those that are to be learned first."""
    known, base, found = leaves(Scenario), Scenario(), []
    for path, spread in {**_LEARNED, **_CARRIED}.items():
        about = known[path].field.metadata
        low, high, default = float(about["low"]), float(about["high"]), float(known[path].get(base))
        found.append(Parameter(path, about["unit"], low, high, default, spread, path in _LEARNED))
    return tuple(found)


def columns_at(unit: np.ndarray) -> dict[str, np.ndarray]:
    """Values at rows of the unit cube, a column a parameter."""
    found = {each.path: each.value(unit[:, k]) for k, each in enumerate(parameters())}
    whole = {each.path for each in parameters() if each.spread == WHOLE}
    return {
        path: values.astype(np.int64) if path in whole else values for path, values in found.items()
    }


def points_at(unit: np.ndarray) -> list[dict[str, float]]:
    """Sets of parameters at rows of the unit cube."""
    columns = columns_at(unit)
    return [
        dict(zip(columns, row, strict=True))
        for row in zip(*map(np.ndarray.tolist, columns.values()), strict=True)
    ]


def unit_of_defaults() -> np.ndarray:
    """Where the defaults lie in the unit cube."""
    return np.array([float(each.place(each.default)) for each in parameters()])
