"""Where people stand in the picture of a network: those who meet often stand near each other."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import networkx as nx

Pair = tuple[int, int]

MEETINGS = 3
"""A pair that met less often pulls nobody."""

WORTH = {"1": 1, "2": 2, "4": 1, "5": 2, "6": 3}
"""What a week of a tie counts, by its digit: confidence or friendship, and whether they met."""

ALL = 3
"""How much everybody is pulled to all others together, beside 1 to the closest: none is far off."""

ROUNDS, LATER_ROUNDS = 80, 5
LUCK = 1
"""The same network stands in the same way each time."""


def worth(digits: str) -> int:
    """What the weeks of a tie count together.

    >>> worth("0415")
    4
    """
    return sum(digits.count(digit) * each for digit, each in WORTH.items())


def places(people: int, ties: Iterable[tuple[int, int, int]]) -> list[list[int]]:
    """Give everybody a place, by the ties of all worlds together.

    Parameters
    ----------
    people : int
    ties : iterable of (int, int, int)
        Two rows, and what their tie is worth.

    Returns
    -------
    list of [int, int]
        From 0 to 1000 in both directions.
    """
    sums: Counter[Pair] = Counter()
    for i, j, each in ties:
        sums[i, j] += each if each >= MEETINGS else 0
    return _spread(_settled(_network(people, sums), None, ROUNDS))


class Growing:
    """Places of people whose year is still being lived: week by week all move on a little."""

    def __init__(self, people: int) -> None:
        self.people = people
        self.week = -1
        self._sums: Counter[Pair] = Counter()
        self._at: np.ndarray | None = None

    def grown(self, week: int, ties: Iterable[tuple[int, int, int]]) -> list[list[int]]:
        """Places in a week, given each tie that lives in it with its digit."""
        if week != self.week or self._at is None:
            self.week = week
            for i, j, digit in ties:
                self._sums[i, j] += WORTH.get(str(digit), 0)
            rounds = ROUNDS if self._at is None else LATER_ROUNDS
            self._at = _settled(_network(self.people, self._sums), self._at, rounds)
        return _spread(self._at)


def _network(people: int, sums: Mapping[Pair, int]) -> nx.Graph:
    import networkx as nx

    graph, most = nx.complete_graph(people), max(sums.values(), default=0)
    nx.set_edge_attributes(graph, ALL / people, "weight")
    for (i, j), each in sums.items():
        graph.edges[i, j]["weight"] += math.sqrt(each / most) if each else 0
    return graph


def _settled(graph: nx.Graph, at: np.ndarray | None, rounds: int) -> np.ndarray:
    import networkx as nx

    begun = None if at is None else dict(enumerate(at))
    found = nx.spring_layout(graph, pos=begun, iterations=rounds, seed=LUCK)
    return np.array([found[person] for person in range(len(graph))])


def _spread(at: np.ndarray) -> list[list[int]]:
    low, wide = at.min(axis=0), np.ptp(at, axis=0)
    found: list[list[int]] = (
        np.rint(1000 * (at - low) / np.where(wide, wide, 1)).astype(int).tolist()
    )
    return found
