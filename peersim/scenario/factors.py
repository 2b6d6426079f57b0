"""Factors: the dimensions of a design, made from the declared parameters and their bounds.

Where one setting cannot be above another (a group's minimum and its size), the lower one is sampled
between its own lowest value and what the upper one leaves it: all points are valid, and the
dimensions of the unit cube stay independent, as Morris and Sobol' need them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from peersim.kernel.declaration import InvalidInput, brief
from peersim.kernel.paths import (
    ALL_NAMES,
    Leaf,
    assign,
    did_you_mean,
    duplicate,
    groups,
    leaves,
    unknown,
)
from peersim.kernel.plain_data import plain
from peersim.scenario.scenario import AT_MOST, Scenario, check_communities, epochs

Bounds = Mapping[str, Sequence[Any]]
"""By parameter: the lowest and the highest value, or the options themselves."""

IN_ORDER = (*AT_MOST, ("group.leaders", "population.supporters"))
ASK_FOR_BOUNDS = ("weeks", "population.recipients", "population.supporters", "population.asked")
"""How big the world is: the declared bounds say what can be run, not what is to be expected."""


class Factor(NamedTuple):
    """One dimension of a design.

    Attributes
    ----------
    path : str
        The parameter.
    unit : str
        Its unit.
    low, high : float
        Bounds, both included; positions of the first and last level where there are `levels`.
    whole : bool
        Whether only whole numbers are taken.
    levels : tuple, optional
        The values themselves, where they are no numbers in a range: options, yes/no, lists of
        communities.
    below : str, optional
        Path of another factor that this one cannot exceed.
    """

    path: str
    unit: str
    low: float
    high: float
    whole: bool
    levels: tuple[Any, ...] | None = None
    below: str | None = None

    def value(self, u: float, most: float | None = None) -> Any:
        """Give the value at a place between 0 and 1.

        Parameters
        ----------
        u : float
            0 to 1.
        most : float, optional
            What the value cannot exceed, if that is less than `high`.

        Examples
        --------
        >>> size = Factor("group.size", "people", 6, 9, True)
        >>> [size.value(u) for u in (0.0, 0.3, 0.6, 0.99, 1.0)]
        [6, 7, 8, 9, 9]
        """
        high = self.high if most is None else min(self.high, most)
        if self.levels is None and not self.whole:
            return min(float(self.low + u * (high - self.low)), high)
        place = int(min(self.low + np.floor(u * (high - self.low + 1)), high))
        return place if self.levels is None else self.levels[place]


def factors(
    over: Sequence[str], base: Scenario | Sequence[Scenario], bounds: Bounds | None = None
) -> tuple[Factor, ...]:
    """Make the dimensions of a design from the declared parameters.

    Parameters
    ----------
    over : sequence of str
        Paths of parameters, or whole groups: ``["group", "departure.drift"]``. A group means its
        parameters except how many people there are, and except what sets several bases apart.
    base : Scenario, or several
        What the other settings are; where it has an opinion on order (a group's minimum cannot be
        above its size), ranges are narrowed to what is possible. Several: what is possible in all
        of them.
    bounds : mapping of path to sequence, optional
        Narrower ranges ``{"group.size": [6, 12]}``, or the options to choose from
        ``{"organisation": ["independent", "integrated"]}``. Parameters with bounds need not be
        named in `over`.

    Raises
    ------
    InvalidInput
        In one or two sentences.

    Examples
    --------
    >>> [factor.path for factor in factors(["cafe"], Scenario())][:2]
    ['cafe.per_week', 'cafe.hours']
    """
    bounds = bounds or {}
    bases = [base] if isinstance(base, Scenario) else list(base)
    paths = _paths(over, bases, bounds)
    if not paths:
        raise InvalidInput("errors.design.over_empty")
    made = {path: _factor(path, bounds.get(path), bases) for path in paths}
    for lower, upper in IN_ORDER:
        _put_in_order(made, lower, upper, bases)
    return tuple(made.values())


def differing(bases: Iterable[Scenario | Mapping[str, Any]]) -> set[str]:
    """Name the settings that set scenarios (or changes to one) apart: they cannot vary at the same
    time.
    """
    several = list(bases)
    named = {path for own in several if not isinstance(own, Scenario) for path in own}
    whole = [own for own in several if isinstance(own, Scenario)]
    return named | {
        path
        for path, leaf in leaves(Scenario).items()
        if any(leaf.get(own) != leaf.get(whole[0]) for own in whole[1:])
    }


def _paths(over: Sequence[str], bases: Sequence[Scenario], bounds: Bounds) -> list[str]:
    fixed = {path for path in ASK_FOR_BOUNDS if path not in bounds} | differing(bases)
    return list(
        dict.fromkeys([path for word in over for path in _expanded(word, fixed)] + list(bounds))
    )


def bounds_around(
    over: Sequence[str], bases: Sequence[Scenario], share: float, bounds: Bounds
) -> dict[str, Sequence[Any]]:
    """Give every number that is to vary bounds around its present value, within the declared ones.

    Parameters
    ----------
    over, bases, bounds
        As in `factors`; what has bounds already keeps them. The first of `bases` has the present
        values.
    share : float
        How far to go to each side, as a share of the present value; of a setting that is zero: of
        its highest value.

    Examples
    --------
    >>> bounds_around(["departure.drift"], [Scenario()], 0.5, {})
    {'departure.drift': [0.001, 0.003]}
    """
    found = dict(bounds)
    for path in _paths(over, bases, bounds):
        leaf = leaves(Scenario)[path] if path not in bounds else None
        if leaf and leaf.is_declared and leaf.type in (int, float):
            found[path] = _around(leaf, leaf.get(bases[0]), share)
    return found


def _around(leaf: Leaf, value: float, share: float) -> list[float]:
    lowest, highest = leaf.field.metadata["low"], leaf.field.metadata["high"]
    reach = share * (abs(value) or highest)
    low, high = max(value - reach, lowest), min(value + reach, highest)
    return [int(np.floor(low)), int(np.ceil(high))] if leaf.type is int else [low, high]


def _expanded(word: str, fixed: Collection[str]) -> list[str]:
    known, whole_groups = leaves(Scenario), groups(Scenario)
    if word in known:
        return [word]
    if word in whole_groups:
        inside = [
            path for path, leaf in known.items() if path.startswith(word + ".") and leaf.is_declared
        ]
        return [path for path in inside if path not in fixed]
    hint = did_you_mean(str(word), [*known, *whole_groups], ALL_NAMES)
    raise InvalidInput("errors.design.over_unknown", hint, name=brief(word))


def _factor(path: str, given: Any, bases: Sequence[Scenario]) -> Factor:
    leaf = leaves(Scenario).get(path)
    if leaf is None:
        complaint = unknown(path, leaves(Scenario))
        raise InvalidInput("errors.design.of_node", node="design.bounds", complaint=complaint)
    if (
        path.startswith("population.")
        and any(base.people for base in bases)
        and path in ASK_FOR_BOUNDS
    ):
        raise InvalidInput("errors.design.people_fixed", name=path)
    if given is None and path in ASK_FOR_BOUNDS:
        raise InvalidInput("errors.design.bounds_needed", name=path)
    if given is not None and (
        isinstance(given, (str, Mapping)) or not isinstance(given, Sequence) or not given
    ):
        said = {"name": path, "value": brief(given), "example": _example(leaf)}
        raise InvalidInput("errors.design.bounds_no_list", **said)
    if not leaf.is_declared and given is None:
        raise InvalidInput("errors.design.no_bounds", name=path, example=_example(leaf))
    if leaf.options or leaf.type not in (int, float):
        return _of_levels(leaf, given)
    return _of_numbers(leaf, given)


def _example(leaf: Leaf) -> str:
    if leaf.options:
        return ",".join(leaf.options[:2])
    if leaf.is_declared:
        return f"{leaf.field.metadata['low']:g},{leaf.field.metadata['high']:g}"
    return "[group],[group,digital]" if leaf.path == "communities" else "..."


def _of_levels(leaf: Leaf, given: Any) -> Factor:
    options: Sequence[Any] = given if given is not None else leaf.options or (False, True)
    levels = tuple(value_of(leaf, option) for option in options)
    return Factor(leaf.path, "-", 0, len(levels) - 1, True, levels)


def _of_numbers(leaf: Leaf, given: Any) -> Factor:
    lowest, highest = leaf.field.metadata["low"], leaf.field.metadata["high"]
    whole, unit = leaf.type is int, leaf.field.metadata["unit"]
    if given is None:
        return Factor(leaf.path, unit, lowest, highest, whole)
    if len(given) != 2:
        raise InvalidInput("errors.design.bounds_not_two", name=leaf.path, count=len(given))
    low, high = (value_of(leaf, bound) for bound in given)
    if low >= high:
        bounds = {"low": f"{low:g}", "high": f"{high:g}"}
        raise InvalidInput("errors.design.bounds_order", name=leaf.path, **bounds)
    return Factor(leaf.path, unit, low, high, whole)


def value_of(leaf: Leaf, value: Any) -> Any:
    """One value of a setting, checked as far as it can be alone, as plain data."""
    single = duplicate(Scenario())
    assign(single, leaf.path, value)
    check_communities(single.communities, allow_empty=True)
    return plain(leaf.get(single))


def _put_in_order(
    made: dict[str, Factor], lower: str, upper: str, bases: Sequence[Scenario]
) -> None:
    """Narrow ranges so that the first setting is never above the second."""
    known = leaves(Scenario)
    stages = [stage for base in bases for _, stage in epochs(base)]
    if lower == "group.leaders":  # it only matters where there are groups
        stages = [stage for stage in stages if "group" in stage.communities]
    if not stages or not {lower, upper} & set(made):
        return
    if lower in made and upper in made:
        made[upper] = _narrowed(made[upper], made[lower].low, made[upper].high, lower)
        made[lower] = made[lower]._replace(below=upper)
    elif lower in made:
        most = min(known[upper].get(stage) for stage in stages)
        made[lower] = _narrowed(made[lower], made[lower].low, most, upper)
    else:
        least = max(known[lower].get(stage) for stage in stages)
        made[upper] = _narrowed(made[upper], least, made[upper].high, lower)


def _narrowed(factor: Factor, least: float, most: float, other: str) -> Factor:
    low, high = max(factor.low, least), min(factor.high, most)
    if low > high:
        said = "at_least" if least > factor.low else "at_most"
        raise InvalidInput(
            f"errors.design.{said}",
            name=factor.path,
            other=other,
            low=f"{factor.low:g}",
            high=f"{factor.high:g}",
            limit=f"{least if least > factor.low else most:g}",
        )
    return factor._replace(low=low, high=high)


def points_at(dimensions: Sequence[Factor], unit: np.ndarray) -> list[dict[str, Any]]:
    """The values of all factors at each row of the unit cube."""
    order = sorted(
        dimensions, key=lambda factor: factor.below is not None
    )  # upper limits before what is below them
    places = {factor.path: column for column, factor in enumerate(dimensions)}
    found = []
    for row in unit:
        point: dict[str, Any] = {}
        for factor in order:
            most = point[factor.below] if factor.below else None
            point[factor.path] = factor.value(float(row[places[factor.path]]), most)
        found.append({factor.path: point[factor.path] for factor in dimensions})
    return found
