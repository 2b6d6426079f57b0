"""Who somebody is in the network of ties: how far the others are from them, how many ties they
have, whom they bridge.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from peersim.model.world import World
from peersim.run.standing import living

FAR = np.inf
TOP = 0.25
"""Share of those with a tie who count as popular, and as bridges."""


class Place(NamedTuple):
    """One person's place in the network of ties.

    Attributes
    ----------
    ties : int
        People they have a tie with.
    betweenness : float
        Pairs of others whose shortest path leads through them; of several shortest paths each
        counts its share.
    is_popular, is_bridge : bool
        Whether they are in the top quarter of those of their role who have a tie, by ties or by
        betweenness.
    distance : float array
        Steps along ties from them to everybody; infinite where there is no path.
    """

    ties: int
    betweenness: float
    is_popular: bool
    is_bridge: bool
    distance: np.ndarray


class Network:
    """The ties of a world today, as numbers of steps between all people."""

    def __init__(self, world: World):
        n, alive = len(world.people), living(world)
        self.role = world.people["role"].copy()
        self.tied = np.zeros((n, n), bool)
        self.tied[np.nonzero(alive)[0], world.partners["other"][alive]] = True
        self.degree = self.tied.sum(axis=1)
        self.steps, self.paths = steps_and_paths(self.tied)
        self.between = betweenness(self.steps, self.paths)

    def place_of(self, row: int) -> Place:
        """Describe one person's place."""
        like = (self.role == self.role[row]) & (self.degree > 0)
        popular, bridge = (_in_top(values, row, like) for values in (self.degree, self.between))
        between = float(self.between[row])
        return Place(
            int(self.degree[row]), between, popular, bridge and between > 0, self.steps[row]
        )


def _in_top(values: np.ndarray, row: int, like: np.ndarray) -> bool:
    return bool(like[row] and values[row] >= np.quantile(values[like], 1 - TOP))


def steps_and_paths(tied: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Count the steps between any two people, and the shortest paths.

    >>> chain = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]], bool)
    >>> steps_and_paths(chain)[0][0]
    array([ 0.,  1.,  2., inf])
    """
    n, link = len(tied), tied.astype(float)
    steps, paths = np.full((n, n), FAR), np.eye(n)
    np.fill_diagonal(steps, 0.0)
    front = np.eye(n)
    for distance in range(1, n):
        front = front @ link
        front[np.isfinite(steps)] = 0.0
        new = front > 0
        if not new.any():
            break
        steps[new] = distance
        paths += front
    return steps, paths


def betweenness(steps: np.ndarray, paths: np.ndarray) -> np.ndarray:
    """Count for each person the pairs of others whose shortest paths lead through them (Freeman
    1977), each pair once.

    >>> chain = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], bool)
    >>> betweenness(*steps_and_paths(chain))
    array([0., 1., 0.])
    """
    n = len(steps)
    found = np.zeros(n)
    reached = np.isfinite(steps)
    many = np.where(reached, np.maximum(paths, 1.0), 1.0)
    for v in range(n):
        on_path = reached & (steps[:, v, None] + steps[None, v, :] == steps)
        on_path[v, :] = on_path[:, v] = False
        share = np.where(on_path, np.outer(paths[:, v], paths[v, :]) / many, 0.0)
        np.fill_diagonal(share, 0.0)
        found[v] = share.sum() / 2
    return found
