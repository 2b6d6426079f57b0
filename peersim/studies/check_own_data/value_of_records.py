"""What to start writing down: which record would tell most about what a programme brings, given the
attendance list.

Over many sets of parameters the programme is run and both are looked at: what it truly brings,
and what the project would have on paper. A record is worth what it adds to predicting the one from
the other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import qmc

from peersim.model.outcomes import NAMES
from peersim.model.people import CHIME
from peersim.run.worlds import Progress, Worlds
from peersim.studies.check_own_data.attendance import statistics
from peersim.studies.check_own_data.causes import TRAITS, unknowns
from peersim.studies.check_own_data.kinds import ALREADY, KINDS, Kind
from peersim.studies.check_own_data.model_lists import ModelList, model_lists
from peersim.studies.check_own_data.programme import Programme

TARGETS = ("gain", "connectedness", "retained")
"""What one would like to know."""

WIDTHS = 0.25
"""A trait of a programme's people is not known better than this, to either side of what is
configured."""

SPLITS = 20
_RIDGES = np.logspace(-1, 4, 13)


class Known(NamedTuple):
    """What runs showed, at every set of parameters.

    Attributes
    ----------
    places : float array, sets x unknowns
        Where each unknown parameter was put.
    truth : float array, sets x targets
    base : float array, sets x numbers
        What the attendance list shows.
    records : dict of str to float array, sets x numbers
        What each further record would show.
    """

    places: np.ndarray
    truth: np.ndarray
    base: np.ndarray
    records: dict[str, np.ndarray]


class Worth(NamedTuple):
    """What one record adds.

    Attributes
    ----------
    kind : Kind
    narrowed : float
        Share of what is not known of the targets, on average, that it takes away on top of what is
        kept already.
    low, high : float
        The same in four fifths of random halves of the sets.
    each : dict of str to float
        For each target.
    parameters : float
        Share of what is not known of the parameters themselves that it takes away, on average over
        all of them.
    next : float
        What it takes away after the records chosen before it; only of those chosen.
    """

    kind: Kind
    narrowed: float
    low: float
    high: float
    each: dict[str, float]
    parameters: float = np.nan
    next: float = np.nan


class Advice(NamedTuple):
    """The answer.

    Attributes
    ----------
    known_now : dict of str to float
        For each target: share of its variance that the attendance list tells already.
    worths : list of Worth
        Every record that is not kept yet, the most telling first.
    chosen : list of Worth
        The three to begin with, each chosen beside those before it.
    sets : int
    """

    known_now: dict[str, float]
    worths: list[Worth]
    chosen: list[Worth]
    sets: int


def points_for(programme: Programme, sets: int, seed: int) -> list[dict[str, Any]]:
    """Sets of parameters to run with: plausible ones where there are any, and traits that are not
    known either.
    """
    free = unknowns(programme.scenario)
    if programme.points:
        free = [each for each in free if each.path in TRAITS]
    unit = qmc.LatinHypercube(max(1, len(free)), rng=np.random.default_rng(seed)).random(sets)
    found = []
    for k in range(sets):
        point = dict(programme.points[k % len(programme.points)]) if programme.points else {}
        for each, u in zip(free, unit[k], strict=False):
            if each.path in TRAITS:
                point[each.path] = float(
                    np.clip(each.default + WIDTHS * (2 * u - 1), each.low, each.high)
                )
            else:
                point[each.path] = float(min(each.high, max(each.low, each.value(u))))
        found.append(point)
    return found


def _truth(seen: ModelList) -> list[float]:
    people = seen.world.people[: len(seen.visits)]
    score = 12.0 * np.sum([people[name] for name in CHIME], axis=0)
    gain = float((score - seen.world.baseline[-1][: len(score)]).mean())
    return [
        gain,
        *(float(seen.outcomes[-1, 0, NAMES.index(name)]) for name in ("connectedness", "retained")),
    ]


def run_at_all(
    programme: Programme,
    sets: int,
    replicates: int,
    seed: int,
    workers: int = 1,
    progress: Progress | None = None,
) -> Known:
    """Run the programme at many sets of parameters; the first run is the project's, the others say
    what was to expect.

    Parameters
    ----------
    programme : Programme
    sets, replicates : int
    seed : int
    workers : int
    progress : callable, optional
    """
    points = points_for(programme, sets, seed)

    def read(seen: ModelList) -> tuple[list[float], list[float], dict[str, list[float]]]:
        chance = np.random.default_rng(int(seen.world.clock[0].seed))
        base = statistics(programme.list_of(seen), programme.rhythm)
        records = {kind.name: list(kind.read(seen, chance).values()) for kind in KINDS}
        return _truth(seen), list(base.values()), records

    worlds = Worlds((), points, workers, progress, first=seed)
    rounds = [
        model_lists(programme.scenario, replace(worlds, seeds=range(first, first + sets)), read)
        for first in range(seed, seed + replicates * sets, sets)
    ]
    truth = np.mean([[each[0] for each in several] for several in rounds[1:] or rounds], axis=0)
    base = np.array([each[1] for each in rounds[0]])
    records = {kind.name: np.array([each[2][kind.name] for each in rounds[0]]) for kind in KINDS}
    paths = sorted({path for point in points for path in point})
    places = np.array([[point.get(path, np.nan) for path in paths] for point in points])
    return Known(places, truth, base, records)


# -- how well one thing tells another ------------------------------------------------------------


def _ready(features: np.ndarray) -> np.ndarray:
    """Numbers on one scale; where one is missing, its mean, and that it was missing."""
    missing = ~np.isfinite(features)
    some = (missing.mean(axis=0) < 0.95) & (~missing).any(axis=0)
    features, missing = features[:, some], missing[:, some]
    filled = np.where(missing, 0.0, features)
    mean = filled.sum(axis=0) / np.maximum(1, (~missing).sum(axis=0))
    filled = np.where(missing, mean, filled)
    gaps = missing[:, (missing.mean(axis=0) > 0.05)].astype(float)
    together = np.hstack([filled, gaps])
    spread = together.std(axis=0)
    return (together - together.mean(axis=0))[:, spread > 1e-9] / spread[spread > 1e-9]


def told(features: np.ndarray, truth: np.ndarray) -> float:
    """Share of the variance of `truth` that a ridge regression on `features` predicts for sets left
    out one by one.

    >>> x = np.random.default_rng(1).normal(size=(200, 2))
    >>> round(told(x, x[:, 0]), 2), told(x, np.random.default_rng(2).normal(size=200)) < 0.05
    (1.0, True)
    """
    wanted = truth - truth.mean()
    total = float((wanted**2).sum())
    ready = _ready(features)
    if total <= 0 or not ready.shape[1]:
        return 0.0
    u, s, _ = np.linalg.svd(ready, full_matrices=False)
    along = u.T @ wanted
    best = np.inf
    for ridge in _RIDGES:
        weight = s**2 / (s**2 + ridge)
        left = wanted - u @ (weight * along)
        leverage = (u**2) @ weight + 1.0 / len(wanted)
        best = min(best, float(((left / np.maximum(1e-6, 1.0 - leverage)) ** 2).sum()))
    return max(0.0, 1.0 - best / total)


def _narrowed(base: np.ndarray, more: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """For each target, the share of what `base` leaves unknown that `more` takes away."""
    found = []
    for target in truth.T:
        before = told(base, target)
        after = max(before, told(np.hstack([base, more]), target))
        found.append((after - before) / max(1e-9, 1.0 - before))
    return np.array(found)


def _spread_of(known: Known, base: np.ndarray, more: np.ndarray, seed: int) -> tuple[float, float]:
    chance, n = np.random.default_rng(seed), len(base)
    halves = [chance.permutation(n)[: n // 2] for _ in range(SPLITS)]
    values = [float(_narrowed(base[half], more[half], known.truth[half]).mean()) for half in halves]
    low, high = np.quantile(values, (0.1, 0.9))
    return float(low), float(high)


def advise(known: Known, recorded: Collection[str], seed: int = 1, most: int = 3) -> Advice:
    """Say what to begin to write down.

    Parameters
    ----------
    known : Known
    recorded : collection of str
        What the list holds beside who came (columns such as ``reason``).
    seed : int
    most : int
        How many records to choose.
    """
    kept = {ALREADY[name] for name in recorded if name in ALREADY}
    base = np.hstack([known.base, *(known.records[name] for name in kept)])
    now = {name: told(base, target) for name, target in zip(TARGETS, known.truth.T, strict=True)}
    worths = []
    for kind in (kind for kind in KINDS if kind.name not in kept):
        each = _narrowed(base, known.records[kind.name], known.truth)
        spread = _spread_of(known, base, known.records[kind.name], seed)
        shares = dict(zip(TARGETS, map(float, each), strict=True))
        of_all = float(_narrowed(base, known.records[kind.name], known.places).mean())
        worths.append(Worth(kind, float(each.mean()), *spread, shares, of_all))
    worths.sort(key=lambda worth: -worth.narrowed)
    return Advice(now, worths, _chosen(known, base, worths, most), len(base))


def _chosen(known: Known, base: np.ndarray, worths: Sequence[Worth], most: int) -> list[Worth]:
    """Choose one after the other, each by what it adds to those before it."""
    chosen: list[Worth] = []
    left = list(worths)
    while left and len(chosen) < most:
        gains = [
            float(_narrowed(base, known.records[worth.kind.name], known.truth).mean())
            for worth in left
        ]
        best = int(np.argmax(gains))
        chosen.append(left.pop(best)._replace(next=gains[best]))
        base = np.hstack([base, known.records[chosen[-1].kind.name]])
    return chosen
