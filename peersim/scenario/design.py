"""Designs: which points of parameter space a sweep visits.

Every design that samples does so in the unit cube, one dimension a factor, and only then gives each
factor a value; whole numbers and options get equal shares.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from peersim.kernel.declaration import InvalidInput, checked_seed, whole
from peersim.kernel.paths import leaves, unknown
from peersim.model.vocabulary import COMMUNITIES
from peersim.scenario.factors import (
    Bounds,
    Factor,
    bounds_around,
    differing,
    factors,
    points_at,
    value_of,
)
from peersim.scenario.scenario import Scenario, changed, epochs
from peersim.scenario.sweep_options import MOST_POINTS, DesignChoice

__all__ = [
    "Design",
    "Factor",
    "arms",
    "chosen",
    "factors",
    "grid",
    "idle",
    "lhs",
    "morris",
    "points",
    "sobol",
    "verify",
]


@dataclass(frozen=True)
class Design:
    """The points of a sweep.

    Attributes
    ----------
    kind : str
        ``grid``, ``points``, ``lhs``, ``morris`` or ``sobol``.
    factors : tuple of Factor
    points : list of dict
        One a point: path to value, as `changed` takes it.
    unit : float array, points x factors, or None
        Where each point lies in the unit cube.
    labels : dict of str to list
        More columns, with one value a point, such as ``arm``.
    settings : dict
        What the sampling was asked for: sizes and seed.
    arms : dict of str to Scenario or mapping
        What each ``arm`` changes before the point does.
    """

    kind: str
    factors: tuple[Factor, ...]
    points: list[dict[str, Any]] = field(repr=False)
    unit: np.ndarray | None = field(default=None, repr=False)
    labels: dict[str, list[Any]] = field(default_factory=dict, repr=False)
    settings: dict[str, Any] = field(default_factory=dict)
    arms: dict[str, Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.points)

    def bases(self, base: Scenario) -> dict[str, Scenario]:
        """Give the scenario that each arm starts from, by name; a design without arms has one,
        called ''.
        """
        if not self.arms:
            return {"": base}
        return {name: _arm(base, own) for name, own in self.arms.items()}

    def arm_of(self, point: int) -> str:
        """Name the arm that a point belongs to, or ''."""
        return self.labels["arm"][point] if self.arms else ""

    def identity(self) -> dict[str, Any]:
        """Say what decides the points, as plain data; their digest tells apart what the words
        cannot.
        """
        digest = hashlib.sha256(json.dumps([self.points, self.labels], default=str).encode())
        vary = {factor.path: _range(factor) for factor in self.factors}
        return {"kind": self.kind, **self.settings, "vary": vary, "digest": digest.hexdigest()[:16]}


def _arm(base: Scenario, own: Any) -> Scenario:
    return own if isinstance(own, Scenario) else changed(base, own)


def _range(factor: Factor) -> list[Any]:
    return list(factor.levels) if factor.levels is not None else [factor.low, factor.high]


def grid(vary: Mapping[str, Sequence[Any]]) -> Design:
    """Every combination of the values listed.

    Parameters
    ----------
    vary : mapping of path to sequence
        ``{"group.size": [6, 8, 10], "organisation": ["independent", "integrated"]}``; the last
        varies fastest.

    Examples
    --------
    >>> grid({"group.size": [6, 8], "weeks": [26, 52]}).points[1]
    {'group.size': 6, 'weeks': 52}
    """
    if not vary:
        raise InvalidInput("errors.design.vary_empty")
    values = {path: _listed(path, listed) for path, listed in vary.items()}
    _refuse_too_many(math.prod(map(len, values.values())))
    points = [dict(zip(values, row, strict=True)) for row in itertools.product(*values.values())]
    return Design("grid", _of_values(values), points)


def _listed(path: str, listed: Any) -> list[Any]:
    leaf = leaves(Scenario).get(path)
    if leaf is None:
        complaint = unknown(path, leaves(Scenario))
        raise InvalidInput("errors.design.of_node", node="design.vary", complaint=complaint)
    is_column = getattr(listed, "shape", ()) != ()  # of numpy, polars, pandas
    single = isinstance(listed, (str, Mapping)) or not (
        isinstance(listed, (Sequence, range)) or is_column
    )
    if not single:
        _refuse_too_many(len(listed))
    several = [listed] if single else list(listed)
    if not several:
        raise InvalidInput("errors.design.no_values", name=f"design.vary.{path}")
    return [value_of(leaf, value) for value in several]


def _refuse_too_many(number: int) -> None:
    if number > MOST_POINTS:
        raise InvalidInput("errors.design.too_many", points=number, most=MOST_POINTS)


def _of_values(values: Mapping[str, Sequence[Any]]) -> tuple[Factor, ...]:
    """Dimensions that hold the values themselves."""
    known, found = leaves(Scenario), []
    for path, listed in values.items():
        unit = known[path].field.metadata.get("unit", "-")
        found.append(Factor(path, unit, 0, len(listed) - 1, True, tuple(listed)))
    return tuple(found)


def points(listed: Sequence[Mapping[str, Any]]) -> Design:
    """Exactly these points; a setting that a point does not name stays as the scenario has it."""
    paths = dict.fromkeys(path for point in listed for path in point)
    if not listed or not paths:
        raise InvalidInput("errors.design.no_points")
    checked = [
        {path: _listed(path, [value])[0] for path, value in point.items()} for point in listed
    ]
    values = {
        path: list({json.dumps(p[path]): p[path] for p in checked if path in p}.values())
        for path in paths
    }
    return Design("points", _of_values(values), checked)


def lhs(
    base: Any, over: Sequence[str], points: int, seed: int = 1, bounds: Bounds | None = None
) -> Design:
    """Spread points evenly over the ranges of parameters: a Latin hypercube.

    Parameters
    ----------
    base, over, bounds
        As in `factors`.
    points : int
        How many.
    seed : int
        Of the sampling, not of the runs.
    """
    from scipy.stats import qmc

    dimensions = factors(over, base, bounds)
    seed = _sizes(seed, points=(points, 1))
    unit = qmc.LatinHypercube(len(dimensions), rng=seed).random(points)
    return Design(
        "lhs",
        dimensions,
        points_at(dimensions, unit),
        unit,
        settings={"points": points, "seed": seed},
    )


def morris(  # noqa: PLR0913 (the knobs of one method)
    base: Any,
    over: Sequence[str],
    trajectories: int = 20,
    levels: int = 8,
    seed: int = 1,
    bounds: Bounds | None = None,
) -> Design:
    """Change one parameter at a time along random trajectories: screening after Morris (1991).

    Parameters
    ----------
    base, over, bounds
        As in `factors`.
    trajectories : int
        How many; each has one point more than there are factors.
    levels : int
        Even number of levels of each factor.
    seed : int
        Of the sampling, not of the runs.
    """
    from SALib.sample import morris as sampler

    dimensions = factors(over, base, bounds)
    seed = _sizes(seed, trajectories=(trajectories, 2), levels=(levels, 2))
    if levels % 2:
        raise InvalidInput("errors.design.levels", levels=levels)
    unit = sampler.sample(_cube(dimensions), N=trajectories, num_levels=levels, seed=seed)
    known = {"trajectories": trajectories, "levels": levels, "seed": seed}
    return Design("morris", dimensions, points_at(dimensions, unit), unit, settings=known)


def sobol(
    base: Any, over: Sequence[str], samples: int = 1024, seed: int = 1, bounds: Bounds | None = None
) -> Design:
    """Sobol' sequences for variance-based indices, first and total order.

    Parameters
    ----------
    base, over, bounds
        As in `factors`.
    samples : int
        A power of two. With D factors there are samples x (D + 2) points.
    seed : int
        Of the scrambling, not of the runs.
    """
    from SALib.sample import sobol as sampler

    dimensions = factors(over, base, bounds)
    seed = _sizes(seed, samples=(samples, 2))
    if samples & (samples - 1):
        near = 2 ** max(1, round(np.log2(max(samples, 2))))
        raise InvalidInput("errors.design.samples", samples=samples, near=near)
    unit = sampler.sample(_cube(dimensions), samples, calc_second_order=False, seed=seed)
    known = {"samples": samples, "seed": seed}
    return Design("sobol", dimensions, points_at(dimensions, unit), unit, settings=known)


def _cube(dimensions: Sequence[Factor]) -> dict[str, Any]:
    names = [factor.path for factor in dimensions]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _sizes(seed: Any, **numbers: tuple[Any, int]) -> int:
    """Check the sizes of a design, each with its least, and give its seed."""
    for name, (number, least) in numbers.items():
        whole(name, number, least, MOST_POINTS)
    return checked_seed(seed)


def arms(design: Design, bases: Mapping[str, Any]) -> Design:
    """Visit every point once for each arm, side by side: A, B, A, B, ...

    Parameters
    ----------
    design : Design
    bases : mapping of name to Scenario or changes
        What each arm starts from.

    Raises
    ------
    InvalidInput
        If an arm sets what the design varies.
    """
    set_apart = differing(bases.values())
    for path in (factor.path for factor in design.factors):
        if path in set_apart:
            raise InvalidInput("errors.design.sets_apart", name=path, arms=list(bases))
    names = list(bases)
    unit = None if design.unit is None else np.repeat(design.unit, len(names), axis=0)
    return replace(
        design,
        points=[point for point in design.points for _ in names],
        unit=unit,
        labels={
            **{
                label: [value for value in values for _ in names]
                for label, values in design.labels.items()
            },
            "arm": names * len(design),
        },
        arms=dict(bases),
    )


def idle(design: Design, base: Scenario) -> dict[str, list[str]]:
    """Name the settings that vary in vain, by community: no point has the community that they
    belong to.
    """
    paths = [factor.path for factor in design.factors]
    if {"communities", "events"} & set(paths):
        return {}
    running = {
        name
        for own in design.bases(base).values()
        for _, stage in epochs(own)
        for name in stage.communities
    }
    found = {name: [path for path in paths if path.startswith(name + ".")] for name in COMMUNITIES}
    return {name: vain for name, vain in found.items() if vain and name not in running}


# -- as chosen -----------------------------------------------------------------------------------


def verify(
    choice: DesignChoice, base: Scenario, others: Mapping[str, Scenario], is_complete: bool
) -> None:
    """Raise `InvalidInput` if this choice cannot be made into a design; nothing is sampled yet.

    Parameters
    ----------
    choice, base, others
        As in `chosen`.
    is_complete : bool
        Whether factors must be named, because the study has none of its own.
    """
    if choice.kind == "grid":
        grid(choice.vary)
    elif choice.kind != "pawn" and (is_complete or choice.over or choice.bounds):
        factors(choice.over, list(others.values()) or base, choice.bounds)


def chosen(
    choice: DesignChoice,
    base: Scenario,
    others: Mapping[str, Scenario] | None = None,
    over: Sequence[str] = (),
) -> Design:
    """Make the design that was chosen.

    Parameters
    ----------
    choice : DesignChoice
        The keys below ``design``.
    base : Scenario
    others : mapping of name to Scenario, optional
        Arms: every point is visited once for each.
    over : sequence of str
        Factors to take where the choice names none.
    """
    if choice.kind == "grid":
        made = grid(choice.vary)
    else:
        sampler: Any = {"lhs": lhs, "morris": morris, "sobol": sobol}[choice.kind]
        sizes = {
            key: value
            for key, value in choice.given().items()
            if key not in ("over", "bounds", "around")
        }
        named = choice.over or ([] if choice.bounds else list(over))
        bases, bounds = list(others.values()) if others else [base], choice.bounds
        if choice.around is not None:
            bounds = bounds_around(named, bases, choice.around, bounds)
        made = sampler(bases, named, bounds=bounds, **sizes)
    return arms(made, others) if others else made
