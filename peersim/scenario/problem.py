"""A problem for SALib: which parameters vary, between which bounds, and what a row of a sample
means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from peersim.kernel.declaration import InvalidInput, brief
from peersim.kernel.paths import groups, leaves
from peersim.scenario.factors import ASK_FOR_BOUNDS, Bounds, Factor, factors, points_at
from peersim.scenario.scenario import Scenario


class Problem(dict[str, Any]):
    """What SALib calls a problem, and the way back from its samples.

    It is a dictionary with the keys ``num_vars``, ``names``, ``bounds`` and, where whole groups
    were named, ``groups``.

    Attributes
    ----------
    factors : tuple of Factor
        The same with unit, whole numbers and options.
    """

    def __init__(self, dimensions: Sequence[Factor], grouped: Sequence[str] | None) -> None:
        bounds = [[float(each.low), float(each.high)] for each in dimensions]
        names = [each.path for each in dimensions]
        super().__init__(num_vars=len(names), names=names, bounds=bounds)
        if grouped:
            self["groups"] = list(grouped)
        self.factors = tuple(dimensions)

    def points(self, sample: ArrayLike) -> list[dict[str, Any]]:
        """Say what the rows of a sample mean.

        Parameters
        ----------
        sample : float array, rows x `num_vars`
            As SALib's samplers give it, within the bounds.

        Returns
        -------
        list of dict
            Path to value, one a row; `peersim.sweep` takes the whole list as its design.

        Raises
        ------
        InvalidInput
            If the sample has another number of columns, or a value out of bounds.

        Examples
        --------
        >>> problem = Scenario().problem(["group.size", "organisation"])
        >>> problem.points([[12.0, 0.0], [6.7, 1.9]])
        [{'group.size': 12, 'organisation': 'independent'},
         {'group.size': 6, 'organisation': 'integrated'}]
        """
        rows = np.atleast_2d(np.asarray(sample, float))
        if rows.ndim != 2 or rows.shape[1] != len(self.factors):
            raise InvalidInput("errors.problem.columns", number=len(self.factors), shape=rows.shape)
        low = np.array([each.low for each in self.factors], float)
        high = np.array([each.high for each in self.factors], float)
        outside = ~((rows >= low) & (rows <= high))
        if outside.any():
            row, column = np.argwhere(outside)[0]
            bounds = {"low": f"{low[column]:g}", "high": f"{high[column]:g}"}
            said = {"name": self.factors[column].path, "value": f"{rows[row, column]:g}", **bounds}
            raise InvalidInput("errors.setting.bounds", **said)
        found = points_at(self.factors, (rows - low) / (high - low))
        for factor, column in zip(self.factors, rows.T, strict=True):
            if not factor.whole and factor.below is None:  # to the last digit
                for point, value in zip(found, column.tolist(), strict=True):
                    point[factor.path] = value
        return found

    def changes(self, row: ArrayLike) -> dict[str, Any]:
        """Say what one row of a sample means, as `peersim.changed` takes it.

        Parameters
        ----------
        row : float array, `num_vars`
            A value for each of `names`. Whole numbers and options have equal shares of their range;
            of a setting that cannot be above another (a group's minimum and its size), the range up
            to what the other leaves is shared out likewise.

        Returns
        -------
        dict
            Path to value.

        Raises
        ------
        InvalidInput
            As in `points`.

        Examples
        --------
        >>> import peersim
        >>> scenario = peersim.load_scenario("communities=[group]")
        >>> problem = scenario.problem(["group.size"], {"group.size": [6, 12]})
        >>> peersim.changed(scenario, problem.changes([9.0])).group.size
        9
        """
        return self.points(np.ravel(np.asarray(row, float))[None])[0]


def problem(
    scenario: Scenario, over: Iterable[str] | str, bounds: Bounds | None, grouped: bool
) -> Problem:
    """Make the problem of some parameters of a scenario: see `Scenario.problem`."""
    words = [over] if isinstance(over, str) else list(over)
    _refuse_fixed(scenario, words, bounds or {})
    dimensions = factors(words, scenario, bounds)
    if alone := [each.path for each in dimensions if not each.low < each.high]:
        raise InvalidInput("errors.problem.one_value", names=alone)
    whole = [word for word in words if word in groups(Scenario)]
    if not (grouped and whole):
        return Problem(dimensions, None)
    return Problem(dimensions, [_group_of(each.path, words) for each in dimensions])


def _group_of(path: str, words: Sequence[str]) -> str:
    """The first word that means a parameter: itself or a group that it is in."""
    return next((word for word in words if path == word or path.startswith(f"{word}.")), path)


def _refuse_fixed(scenario: Scenario, words: Iterable[Any], bounds: Bounds) -> None:
    """Refuse, all in one sentence, what has no range to vary in."""
    known = leaves(Scenario)
    fixed = [
        brief(word)
        for word in dict.fromkeys(words)
        if word in known
        and word not in bounds
        and (word in ASK_FOR_BOUNDS or not known[word].is_declared)
    ]
    if fixed:
        raise InvalidInput("errors.problem.fixed", names=fixed, name=fixed[0])
