"""Ties as a NetworkX graph: made anew from a world, or kept in step with it week by week."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from peersim.model.people import CHIME, TRAITS
from peersim.model.vocabulary import CAUSES, PLACES, ROLES
from peersim.model.world import World
from peersim.run.standing import causes_of, communities_of, living


def living_ties(world: World) -> list[tuple[int, int, dict[str, Any]]]:
    """Each living tie once, as (row, row, attributes), lower row first."""
    rows = np.arange(len(world.people))
    first, slot = np.nonzero(living(world) & (world.partners["other"] > rows[:, None]))
    partner = world.partners[first, slot]
    tie = world.ties[partner["tie"]]
    names = (
        "strength",
        "confidence",
        "hours",
        "met_in",
        "formed",
        "across",
        "given_low",
        "given_high",
    )
    columns = [partner["other"].tolist(), *(tie[name].tolist() for name in names)]
    return [
        (
            i,
            j,
            {
                "weight": s,
                "strength": s,
                "confidence": c,
                "hours": h,
                "met_in": PLACES[p],
                "formed_week": f,
                "across": bool(a),
                "given_by": (g, b),
            },
        )
        for i, j, s, c, h, p, f, a, g, b in zip(first.tolist(), *columns, strict=True)
    ]


def _direction(i: str, j: str, given: tuple[float, float]) -> str:
    mine, yours = given
    if mine + yours == 0.0 or 0.35 <= mine / (mine + yours) <= 0.65:
        return "mutual"
    return f"{i} to {j}" if mine > yours else f"{j} to {i}"


def _people[G: nx.Graph](graph: G, world: World, labels: list[str]) -> G:
    graph.add_nodes_from(labels, role="")
    _describe(graph, world, labels)
    return graph


def everybody(world: World, labels: list[str]) -> nx.Graph:
    """A graph of all people without ties."""
    return _people(nx.Graph(), world, labels)


def _describe(graph: nx.Graph, world: World, labels: list[str]) -> None:
    """Give everybody today's role, traits (training adds to readiness, the others last) and
    states; weeks and cause of what has not happened are left out, as no format for graphs has a
    word for it.
    """
    p, names = world.people, (*TRAITS, *CHIME)
    columns = [p[name].tolist() for name in names]
    since = p["supporter_since"].tolist()
    ends = [since, p["joined"].tolist(), p["left"].tolist(), causes_of(world).tolist()]
    for label, role, states, communities, (since, joined, left, cause) in zip(
        labels,
        p["role"].tolist(),
        zip(*columns, strict=True),
        communities_of(world),
        zip(*ends, strict=True),
        strict=True,
    ):
        node = graph.nodes[label]
        node.update(zip(names, states, strict=True), communities=communities, role=ROLES[role])
        known = {"supporter_since": since, "joined": joined, "left": left, "cause": CAUSES[cause]}
        for name, number in zip(known, (since, joined, left, cause), strict=True):
            node.pop(name, None)
            if number >= 0:
                node[name] = known[name]


def follow(graph: nx.Graph, world: World, labels: list[str]) -> None:
    """Bring a graph up to date: new ties appear, ended ties go, people and other ties have today's
    attributes.
    """
    _describe(graph, world, labels)
    there = set()
    for i, j, facts in living_ties(world):
        a, b = labels[i], labels[j]
        facts["support"] = _direction(a, b, facts.pop("given_by"))
        graph.add_edge(a, b, **facts)
        there.add((a, b))
        there.add((b, a))
    graph.remove_edges_from([edge for edge in graph.edges if edge not in there])


def graph_of(world: World, labels: list[str]) -> nx.Graph:
    """The ties of a world today as a graph of everybody invited."""
    graph = everybody(world, labels)
    follow(graph, world, labels)
    return graph


def digraph_of(world: World, labels: list[str]) -> nx.DiGraph:
    """Who gave support to whom in the ties of a world, today: hours since each tie formed."""
    graph = _people(nx.DiGraph(), world, labels)
    for i, j, facts in living_ties(world):
        for giver, receiver, hours in zip((i, j), (j, i), facts.pop("given_by"), strict=True):
            if hours > 0.0:
                graph.add_edge(labels[giver], labels[receiver], **facts | {"weight": hours})
    return graph
