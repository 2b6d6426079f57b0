"""The life of the network as a dynamic GEXF file, which Gephi plays on its timeline."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import networkx as nx

from peersim.kernel.catalogue import Foreign
from peersim.kernel.declaration import InvalidInput

if TYPE_CHECKING:
    import polars as pl

    from peersim.model.world import World


def write(
    path: str | os.PathLike[str],
    world: World,
    at_the_end: nx.Graph,
    ties: pl.DataFrame,
    banners: Iterable[Any] = (),
) -> None:
    """See `Run.write_gexf`; banners become the name of the graph, which Gephi shows."""
    life = _life(world, at_the_end, ties)
    if name := " ".join(map(str, banners)):
        life.graph["name"] = name
    try:
        nx.write_gexf(life, os.fspath(path))
    except OSError as error:
        said = {"path": os.fspath(path), "why": Foreign(error.strerror or str(error))}
        raise InvalidInput("errors.outcomes.no_file", **said) from None


def _life(world: World, at_the_end: nx.Graph, ties: pl.DataFrame) -> nx.MultiGraph:
    """Everybody invited and every tie that lived at the end of some week, each with the first and
    the last week that it was there.
    """
    last = int(world.clock["week"].item())
    life = nx.MultiGraph(mode="dynamic")
    begun = world.people["invited_week"].tolist()
    for (label, facts), week in zip(at_the_end.nodes(data=True), begun, strict=True):
        life.add_node(label, **facts, start=min(week, last), end=last)
    for row in ties.iter_rows(named=True):
        first, gone = row["formed_week"], row["ended_week"]
        end = last if gone is None else gone - 1
        if first <= end:
            facts = {name: row[name] for name in ("met_in", "hours", "confidence", "across")}
            facts |= {"end_reason": row["end_reason"]} if row["end_reason"] else {}
            life.add_edge(
                row["person_a"],
                row["person_b"],
                **facts,
                weight=row["strength"],
                start=first,
                end=end,
            )
    return life
