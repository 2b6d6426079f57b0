"""Where the model reads a project wrongly: which parameter, moved alone, would bring it to what the
list shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from peersim.kernel.paths import leaves
from peersim.model.vocabulary import COMMUNITIES
from peersim.run.worlds import Progress, Worlds
from peersim.scenario.plausible_sets import set_by_hand
from peersim.scenario.scenario import Scenario
from peersim.scenario.uncertain_parameters import ONLY_WITH
from peersim.studies.calibration.parameters import EVEN, Parameter, parameters
from peersim.studies.check_own_data.attendance import statistics
from peersim.studies.check_own_data.checks import Fit
from peersim.studies.check_own_data.model_lists import ModelList, model_lists
from peersim.studies.check_own_data.programme import Programme

TRAITS = (
    "population.social_anxiety",
    "population.exclusion",
    "population.stage",
    "population.digital_confidence",
)
"""Who a programme's people are is not calibrated, and differs from project to project."""

MARGIN = 0.1
"""What fits is taken to be spoilt if it would lie outside the range by more than this share of its
width."""


class Moved(NamedTuple):
    """One parameter moved alone, everything else as configured.

    Attributes
    ----------
    parameter : Parameter
    places : float array
        Where it was put within its bounds, 0 to 1, as `Parameter.place` counts.
    means : float array, places x checks
        What the model's lists show there, on average.
    """

    parameter: Parameter
    places: np.ndarray
    means: np.ndarray


class Cause(NamedTuple):
    """One parameter that would make the model show what the list shows.

    Attributes
    ----------
    check : str
        Name of the check.
    path, unit : str
    default, needed, low, high : float
        Its value as configured, the one that would do, and its bounds.
    distance : float
        How far it would have to go, as a share of its whole range.
    spoils : tuple of str
        Labels of checks that fit now and would not any more.
    plausible : (float, float) or None
        Nine in ten of the plausible sets have it between these.
    """

    check: str
    path: str
    unit: str
    default: float
    needed: float
    low: float
    high: float
    distance: float
    spoils: tuple[str, ...]
    plausible: tuple[float, float] | None = None


def unknowns(scenario: Scenario) -> list[Parameter]:
    """What is not known of people and process in a programme, and was not set by hand."""
    chosen, known, used = set_by_hand([scenario]), leaves(Scenario), scenario.communities
    found = [each for each in parameters() if _applies(each.path, used) and each.path not in chosen]
    for path in TRAITS:
        if _applies(path, used) and path not in chosen:
            about = known[path].field.metadata
            low, high = float(about["low"]), float(about["high"])
            found.append(
                Parameter(
                    path, about["unit"], low, high, float(known[path].get(scenario)), EVEN, False
                )
            )
    return found


def _applies(path: str, used: Sequence[str]) -> bool:
    group = path.partition(".")[0]
    if path == "departure.first_meeting_group":
        return bool(set(used) & {"group", "availability"})
    needed = group if group in COMMUNITIES else ONLY_WITH.get(path)
    return needed is None or needed in used or needed not in COMMUNITIES


def move_each(
    programme: Programme, seeds: range, workers: int = 1, progress: Progress | None = None
) -> list[Moved]:
    """Move each unknown alone: to either end of its bounds and halfway there, with the same people
    and draws.

    Parameters
    ----------
    programme : Programme
    seeds : range
        Runs at each place.
    workers : int
    progress : callable, optional
        Called with 1 after each run.
    """
    several = unknowns(programme.scenario)
    means_at = partial(_means, programme, Worlds(seeds, workers=workers, progress=progress))
    usual = means_at({})
    found = []
    for each in several:
        at = float(each.place(each.default))
        places = [place for place in (0.0, at / 2, (1 + at) / 2, 1.0) if abs(place - at) > 1e-9]
        rows = {
            place: means_at({each.path: _fitting(each, place)}) for place in dict.fromkeys(places)
        }
        rows[at] = usual
        ordered = sorted(rows)
        found.append(Moved(each, np.array(ordered), np.array([rows[place] for place in ordered])))
    return found


def _fitting(each: Parameter, place: float) -> float:
    return float(min(each.high, max(each.low, each.value(place))))


def _means(programme: Programme, worlds: Worlds, point: Mapping[str, Any]) -> np.ndarray:
    def read(seen: ModelList) -> list[float]:
        return list(statistics(programme.list_of(seen), programme.rhythm).values())

    values = np.array(model_lists(programme.scenario, replace(worlds, sets=[point]), read))
    known = np.isfinite(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(known, values, 0.0).sum(axis=0) / known.sum(axis=0))


def _crossing(moved: Moved, column: int, wanted: float) -> float | None:
    """The place nearest to the present one at which the mean is what is wanted, between neighbours
    on a line.
    """
    at, values = moved.places, moved.means[:, column]
    here = float(moved.parameter.place(moved.parameter.default))
    found = []
    for k in range(len(at) - 1):
        first, second = values[k] - wanted, values[k + 1] - wanted
        if np.isfinite([first, second]).all() and first * second <= 0 and first != second:
            found.append(at[k] + (at[k + 1] - at[k]) * first / (first - second))
    return min(found, key=lambda place: abs(place - here)) if found else None


def causes_of(fit: Fit, fits: Sequence[Fit], moved: Sequence[Moved]) -> list[Cause]:
    """Say which parameters would do, those that need to move least first.

    Parameters
    ----------
    fit : Fit
        A check that is missed.
    fits : sequence of Fit
        All checks, in order.
    moved : sequence of Moved
    """
    column = [each.check.name for each in fits].index(fit.check.name)
    found = []
    for each in moved:
        place = _crossing(each, column, fit.observed)
        if place is not None:
            about = each.parameter
            here = float(about.place(about.default))
            found.append(
                Cause(
                    fit.check.name,
                    about.path,
                    about.unit,
                    about.default,
                    _fitting(about, place),
                    about.low,
                    about.high,
                    abs(float(place) - here),
                    _spoilt(each, place, here, fits),
                )
            )
    return sorted(found, key=lambda cause: cause.distance)


def _spoilt(moved: Moved, place: float, here: float, fits: Sequence[Fit]) -> tuple[str, ...]:
    """Checks that fit now, and would not if the model's lists moved as their mean does."""
    found = []
    for column, fit in enumerate(fits):
        if fit.is_miss or np.isnan(fit.median):
            continue
        then, now = (
            np.interp(where, moved.places, moved.means[:, column]) for where in (place, here)
        )
        room = MARGIN * (fit.high - fit.low)
        if not fit.low - room + then - now <= fit.observed <= fit.high + room + then - now:
            found.append(fit.check.label.english)
    return tuple(found)


def with_plausible(causes: Sequence[Cause], points: Sequence[Mapping[str, Any]]) -> list[Cause]:
    """Say of each parameter between which values nine in ten of the plausible sets have it."""
    found = []
    for cause in causes:
        values = [point[cause.path] for point in points if cause.path in point]
        low, high = np.quantile(values, (0.05, 0.95)) if values else (np.nan, np.nan)
        found.append(cause._replace(plausible=(float(low), float(high)) if values else None))
    return found
