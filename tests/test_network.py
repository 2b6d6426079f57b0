"""The graph of ties and the ledger tell the same story in every week."""

import networkx as nx
import polars as pl
import pytest

from peersim import simulate
from peersim.agents.model import PeerModel
from peersim.kernel.declaration import InvalidInput
from peersim.model.people import CHIME, TRAITS

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
        assert set(node) == {"role", "cause", "communities", *TRAITS, *CHIME}
        assert all(node[name] == row[name] for name in ("role", "social_anxiety", "exclusion"))


@pytest.mark.parametrize("week", [-1, 15])
def test_a_week_that_the_run_does_not_have_is_refused(mix, week):
    with pytest.raises(ValueError, match="week is -?[0-9]+; it can be a whole number from 0 to 14"):
        simulate(mix, 1).graph(week)


def test_states_in_the_graph_are_those_of_the_table_of_people(mix):
    run = simulate(mix, 1)
    graph = run.graph()
    for row in run.people.iter_rows(named=True):
        node = graph.nodes[row["person"]]
        for name in (*CHIME, "communities", "joined", "left", "cause"):
            assert node.get(name) == row[name], name
    nobody_yet = run.graph(0)
    assert {state["cause"] for _, state in nobody_yet.nodes(data=True)} == {"never_started"}
    assert not nx.get_node_attributes(nobody_yet, "joined")


def test_every_algorithm_of_networkx_takes_strength_for_weight(mix):
    graph = simulate(mix, 1).graph()
    for a, b, tie in graph.edges(data=True):
        assert tie["weight"] == tie["strength"] > 0, (a, b)
    degrees = dict(graph.degree(weight="weight"))
    assert degrees["R1"] == pytest.approx(sum(t["strength"] for t in graph["R1"].values()))


def test_graphs_can_be_written_in_every_usual_format(mix, tmp_path):
    run = simulate(mix, 1)
    for number, graph in enumerate((run.graph(), run.graph(0), run.digraph())):
        for name in ("graphml", "gexf"):
            path = tmp_path / f"{number}.{name}"
            getattr(nx, f"write_{name}")(graph, path)
            again = getattr(nx, f"read_{name}")(path)
            assert set(again.nodes) == set(graph.nodes)
            assert len(again.edges) == len(graph.edges)


# -- who gives to whom ---------------------------------------------------------------------------


def test_hours_given_add_up_to_what_people_gave_while_no_tie_has_ended(small):
    lasting = small(**MIX | {"ties__forgotten_after": 52, "ties__floor_hours": 0.02})
    run = simulate(lasting, 3)
    assert run.ties["ended_week"].count() == 0 and len(run.ties) > 20
    graph = run.digraph()
    given, received = (
        dict(degree(weight="weight")) for degree in (graph.out_degree, graph.in_degree)
    )
    for row in run.people.iter_rows(named=True):
        assert given[row["person"]] == pytest.approx(row["given"], abs=1e-9)
        assert received[row["person"]] == pytest.approx(row["received"], abs=1e-9)


def test_the_direction_of_support_is_that_of_the_graph_of_ties(mix):
    run = simulate(mix, 2)
    for week in (6, None):
        graph, directed = run.graph(week), run.digraph(week)
        assert {frozenset(edge) for edge in directed.edges} <= edges(graph)
        assert dict(directed.nodes(data=True)) == dict(graph.nodes(data=True))
        one_sided = 0
        for a, b, tie in graph.edges(data=True):
            forth, back = (
                directed.edges[edge]["weight"] if edge in directed.edges else 0.0
                for edge in ((a, b), (b, a))
            )
            if tie["support"] == f"{a} to {b}":
                assert forth > back
            elif tie["support"] == f"{b} to {a}":
                assert back > forth
            one_sided += tie["support"] != "mutual"
        assert one_sided > 0


# -- the whole life, for Gephi -------------------------------------------------------------------


def test_a_week_on_gephis_timeline_shows_the_graph_of_that_week(mix, tmp_path):
    run, path = simulate(mix, 1), tmp_path / "life.gexf"
    run.write_gexf(path)
    life = nx.read_gexf(path)
    assert life.graph["mode"] == "dynamic"
    assert set(life.nodes) == set(run.people["person"])
    ended = 0
    for week in range(mix.weeks + 1):
        there = [
            frozenset((a, b))
            for a, b, tie in life.edges(data=True)
            if int(tie["start"]) <= week <= int(tie["end"])
        ]
        assert len(there) == len(set(there)) and set(there) == edges(run.graph(week))
    for a, b, tie in life.edges(data=True):
        ended += int(tie["end"]) < mix.weeks
        assert int(life.nodes[a]["start"]) <= int(tie["start"]), (a, b)
        assert int(life.nodes[b]["start"]) <= int(tie["start"]), (a, b)
    assert ended > 5
    invited = dict(run.people.select("person", "invited_week").iter_rows())
    assert {name: int(life.nodes[name]["start"]) for name in life} == invited


def test_a_file_that_cannot_be_written_is_refused_in_a_sentence(mix, tmp_path):
    with pytest.raises(InvalidInput, match="cannot be written: No such file or directory"):
        simulate(mix, 1).write_gexf(tmp_path / "nowhere" / "life.gexf")
