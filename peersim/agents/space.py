"""The ties as a network space of Mesa, which Mesa's own drawing shows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import networkx as nx
from mesa.discrete_space import Network

from peersim.model.world import World
from peersim.run.graph import living_ties


def network_of(people: Sequence[Any], chance: random.Random) -> Network:
    """A space with one cell a person, in which nobody knows anybody yet.

    Parameters
    ----------
    people : sequence of agents
        In the order of their rows: Mesa's drawing asks that cells be numbered from 0.
    chance : random.Random
        For the random choices that a space of Mesa offers.
    """
    graph = nx.Graph()
    for person in people:
        graph.add_node(person.row, label=person.label, role=person.role)
    # without a layout of its own: it would draw from NumPy's common stream of chance
    space = Network(graph, capacity=1, random=chance, layout=None)
    for person in people:
        space[person.row].add_agent(person)
    return space


def connect(space: Network, world: World) -> None:
    """Connect the cells of those who have a living tie, and nobody else's."""
    wanted = {(i, j) for i, j, _ in living_ties(world)}
    there = {(min(edge), max(edge)) for edge in space.G.edges}
    for i, j in sorted(there - wanted):
        space.remove_connection(space[i], space[j])
    for i, j in sorted(wanted - there):
        space.add_connection(space[i], space[j])
