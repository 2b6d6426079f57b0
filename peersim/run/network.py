"""The shape of a network of ties, in numbers: whether it clusters, whether cohorts keep to
themselves, where it would break.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from typing import NamedTuple

import networkx as nx

GRAPHS = 4
"""Graphs of the same degrees with which a network is compared."""

SWAPS = 5
"""How many times each tie is exchanged with another, on average, to make one of them."""

TRIES = 20
"""Tries for each exchange: in a small dense network few are possible."""


class Shape(NamedTuple):
    """What can be said of a network of ties.

    Attributes
    ----------
    connected, ties : int
        People with at least one tie, and how many ties there are.
    parts : int
        Components of at least two people.
    largest : float
        Share of the people with ties who are in the largest of them.
    bridges : int
        Ties without which a part would fall in two.
    clustering : float
        Transitivity: of all pairs who both know a third, the share who know each other.
    by_chance : float
        The same, on average, where everybody has as many ties, but with people at random.
    excess : float
        Clustering less that.
    cohorts : float
        Assortativity by week of entry: -1 to 1, 0 where ties fall as by chance.
    """

    connected: int
    ties: int
    parts: int
    largest: float
    bridges: int
    clustering: float
    by_chance: float
    excess: float
    cohorts: float


def _exchanged(graph: nx.Graph, seed: int) -> nx.Graph:
    """A graph in which everybody has as many ties, ends exchanged at random."""
    other = nx.Graph(graph.edges)
    wanted = SWAPS * len(other.edges)
    # where no more exchanges are possible, those that were done stand
    with contextlib.suppress(nx.NetworkXError, nx.NetworkXAlgorithmError):
        nx.double_edge_swap(other, wanted, TRIES * wanted, seed)
    return other


def shape_of(graph: nx.Graph, entered: Mapping[str, int]) -> Shape:
    """Describe a network.

    Parameters
    ----------
    graph : networkx.Graph
        Who knows whom.
    entered : mapping of node to int
        The week in which each began to take part; who never did is not counted among the cohorts.

    Returns
    -------
    Shape
        NaN for what cannot be said, as of a network without ties.

    Examples
    --------
    >>> shape = shape_of(nx.barbell_graph(3, 0), {})
    >>> shape.parts, shape.bridges, round(shape.clustering, 2)
    (1, 1, 0.6)
    """
    known = nx.Graph(graph.edges)
    parts = sorted(map(len, nx.connected_components(known)))
    clustering = nx.transitivity(known) if parts and parts[-1] > 2 else math.nan
    luck = [nx.transitivity(_exchanged(known, k)) for k in range(GRAPHS if parts else 0)]
    by_chance = math.fsum(luck) / GRAPHS if clustering == clustering else math.nan
    return Shape(
        connected=len(known),
        ties=len(known.edges),
        parts=len(parts),
        largest=parts[-1] / len(known) if parts else math.nan,
        bridges=sum(1 for _ in nx.bridges(known)),
        clustering=clustering,
        by_chance=by_chance,
        excess=clustering - by_chance,
        cohorts=_likeness(known.subgraph(entered), entered),
    )


def _likeness(graph: nx.Graph, entered: Mapping[str, int]) -> float:
    """Assortativity by week of entry; NaN where all entered in one, or nobody knows anybody."""
    weeks = {entered[person] for edge in graph.edges for person in edge}
    if len(weeks) < 2:
        return math.nan
    nx.set_node_attributes(graph, dict(entered), "entered")
    return float(nx.numeric_assortativity_coefficient(graph, "entered"))
