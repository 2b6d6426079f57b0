"""The graph of ties and the ledger tell the same story in every week."""

import networkx as nx
import polars as pl
import pytest

from peersim import simulate
from peersim.agents.model import PeerModel
from peersim.model.people import TRAITS

pytestmark = pytest.mark.compiles

MIX = {"communities": ["one_to_one", "group", "availability", "digital"], "cafe__per_week": 1.0,
       "departure__life_event": 0.03, "ties__weak_half_life": 4.0, "ties__floor_hours": 1.0}  # fmt: skip


@pytest.fixture(scope="module")
def mix(small):
    """A mix in which many ties form and many fade."""
    return small(**MIX)


def alive(ties, week):
    """The rows of the ledger that live at the end of a week."""
    return ties.filter(
        (pl.col("formed_week") <= week)
        & (pl.col("ended_week").is_null() | (pl.col("ended_week") > week))
    )


def edges(graph):
    return {frozenset(edge) for edge in graph.edges}


@pytest.mark.parametrize("seed", range(4))
def test_the_live_graph_is_the_ledger_in_every_week(mix, seed):
    ledger = simulate(mix, seed).ties
    model = PeerModel(mix, rng=seed)
    graph = model.graph
    assert ledger["ended_week"].count() > 5, "no tie ended: the test would show nothing"
    for week in range(mix.weeks + 1):
        rows = alive(ledger, week)
        assert edges(graph) == {
            frozenset(pair) for pair in rows.select("person_a", "person_b").iter_rows()
        }
        for row in rows.iter_rows(named=True):
            tie = graph.edges[row["person_a"], row["person_b"]]
            assert [tie[name] for name in ("met_in", "formed_week", "across")] == [
                row[name] for name in ("met_in", "formed_week", "across")
            ]
        if week < mix.weeks:
            model.step()
    assert model.graph is graph


def test_hours_and_strength_of_the_graph_are_those_of_the_ledger(mix):
    run = simulate(mix, 1)
    graph = run.graph()
    for row in run.ties.filter(pl.col("ended_week").is_null()).iter_rows(named=True):
        tie = graph.edges[row["person_a"], row["person_b"]]
        a, b, told = row["person_a"], row["person_b"], ("hours", "strength", "confidence")
        assert [tie[name] for name in told] == [row[name] for name in told]
        assert tie["support"] in ("mutual", f"{a} to {b}", f"{b} to {a}")


def test_the_graph_of_an_earlier_week_is_the_live_graph_of_that_week(mix):
    run, model = simulate(mix, 2), PeerModel(mix, rng=2)
    for week in (1, 5, 9, mix.weeks):
        model.run_until(week)
        assert nx.utils.graphs_equal(run.graph(week), model.graph)
        assert nx.utils.graphs_equal(model.run.graph(), model.graph)
    assert nx.utils.graphs_equal(run.graph(), model.graph)
    assert nx.utils.graphs_equal(model.run.graph(5), run.graph(5))


def test_everybody_invited_is_in_the_graph(mix):
    run = simulate(mix, 1)
    graph = run.graph(0)
    assert list(graph.nodes) == run.people["person"].to_list()
    assert graph.number_of_edges() == 0
    for row in run.people.select("person", "role", "social_anxiety", "exclusion").iter_rows(
        named=True
    ):
        node = graph.nodes[row["person"]]
        assert set(node) == {"role", *TRAITS}
        assert all(node[name] == row[name] for name in ("role", "social_anxiety", "exclusion"))


@pytest.mark.parametrize("week", [-1, 15])
def test_a_week_that_the_run_does_not_have_is_refused(mix, week):
    with pytest.raises(ValueError, match="this run has weeks 0 to 14"):
        simulate(mix, 1).graph(week)
