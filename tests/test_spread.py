"""How dropout spreads: knock-outs against worlds whose answer is known, and the counting against
other programs."""

import json

import networkx as nx
import numpy as np
import polars as pl
import pytest
from scipy import stats

from peersim.kernel.declaration import InvalidInput
from peersim.model.vocabulary import COMMUNITIES
from peersim.results import columns as dictionary
from peersim.results.folder import read_manifest
from peersim.run.first_day import draw_up
from peersim.run.graph import graph_of
from peersim.run.simulation import simulate
from peersim.run.worlds import Worlds
from peersim.scenario.scenario import Scenario, changed
from peersim.studies import run_study
from peersim.studies.dropout_spread.attribution import departures_of, followers_of, trees
from peersim.studies.dropout_spread.exhibits import FEW
from peersim.studies.dropout_spread.following import channels
from peersim.studies.dropout_spread.following.diary import weeks_of
from peersim.studies.dropout_spread.following.history import History, Leaving, ends_of
from peersim.studies.dropout_spread.following.knock_outs import (
    AS_IT_HAPPENED,
    WHAT_IF,
    Sample,
    compared,
    knock_outs,
)
from peersim.studies.dropout_spread.following.places import Network
from peersim.studies.dropout_spread.following.remedies import fates
from peersim.studies.dropout_spread.measurements import Wanted, note
from peersim.studies.dropout_spread.options import Options
from peersim.studies.dropout_spread.reproduction import difference_of, mean_of
from peersim.studies.dropout_spread.sentences import short
from peersim.studies.dropout_spread.survival import count_up, curve, share_still_there
from peersim.studies.dropout_spread.tables import EVERYBODY, spread_tables
from peersim.studies.study import Found

pytestmark = pytest.mark.compiles

SOME = {
    "population.recipients": 24,
    "population.supporters": 8,
    "sign_up.rate": 0.35,
    "training.uptake": 0.9,
}
HAZARDS = ("life_event", "misfit", "first_meeting_one_to_one", "first_meeting_group", "first_meeting_digital", "unsafe",
           "overload", "lost_tie", "social", "not_relevant", "drift", "moved_on")  # fmt: skip
CALM = {f"departure.{name}": 0.0 for name in HAZARDS}


@pytest.fixture(scope="module")
def history():
    """A lively world of a group and one-to-one."""
    return History(draw_up(changed(Scenario(), SOME | {"communities": ["group", "one_to_one"]})), 3)


@pytest.fixture(scope="module")
def found(history):
    return list(knock_outs(history, Sample(what_if_weeks=(10, 20))))


def in_short(plan, seed):
    return note(History(plan, seed), Wanted(Sample()))


# -- pairs of worlds -----------------------------------------------------------------------------


def test_a_world_with_somebody_kept_is_the_world_of_the_event(history, found):
    """What the study compares with is what anybody can run: the same scenario with the event
    `keep`."""
    one = next(each for each in found if each.kind == AS_IT_HAPPENED and len(each.changed.row))
    name, scenario = history.blueprint.labels[one.leaving.row], history.blueprint.scenario
    kept = simulate(changed(scenario, {"events": [{"week": one.leaving.week, "keep": name}]}), 3)
    left = ends_of(kept.world).left
    for row, community, without in zip(
        one.changed.row, one.changed.community, one.changed.without, strict=True
    ):
        here = left[row, community]
        assert here == without or (np.isinf(here) and without > scenario.weeks)
    assert name not in set(kept.departures.filter(pl.col("week") >= one.leaving.week)["person"])


def test_nothing_differs_before_she_leaves(found):
    for one in found:
        sooner = np.minimum(one.changed.with_it, one.changed.without)
        assert (sooner >= one.leaving.week).all() and one.leaving.row not in one.changed.row


def test_kinds_add_up_to_the_net_number(found):
    assert any(one.counts.any() for one in found)
    for one in found:
        caused, forward, prevented, put_off, _, _ = one.counts
        assert (
            one.net
            == caused + forward - prevented - put_off
            == one.net_recipients + one.net_supporters
        )


def test_where_people_leave_for_reasons_of_their_own_nobody_follows():
    """A constant hazard and nothing else: exactly no effect on anybody, in every single pair of
    worlds."""
    alone = (
        CALM
        | SOME
        | {"departure.life_event": 0.02, "communities": ["availability"], "sign_up.impatience": 0.0}
    )
    every = list(
        knock_outs(History(draw_up(changed(Scenario(), alone)), 1), Sample(what_if_weeks=(8, 16)))
    )
    assert len(every) > 8 and not any(len(one.changed.row) for one in every)


@pytest.fixture(autouse=True)
def names_are_labels(monkeypatch):
    """A story is easier to read with names than with the codes that people get for them."""
    monkeypatch.setattr("peersim.scenario.people_file.is_code", lambda text: True)


@pytest.fixture
def chain(tmp_path):
    """Anna and Carl are matched with Sam, who cannot bear to lose Anna; Carl then has nobody."""
    file = tmp_path / "people.csv"
    file.write_text("person,role,spare_hours,social_anxiety,readiness\nAnna,recipient,10,,\nCarl,recipient,10,,\n"
                    "Sam,supporter,10,0,1\n")  # fmt: skip
    return changed(Scenario(), CALM | {
        "population.file": str(file), "communities": ["one_to_one"], "one_to_one.capacity": 2, "one_to_one.rematch": False,
        "one_to_one.weeks": 104, "departure.lost_tie": 0.3, "departure.loss": 2.0, "departure.memory": 20,
        "ties.strong": 0.05, "sign_up.rate": 2.0, "sign_up.impatience": 0.0, "sign_up.anxiety": 0.0,
        "sign_up.exclusion": 0.0, "training.weeks": 0, "training.uptake": 1.0, "training.form": "webinar",
        "training.anxiety": 0.0, "attendance.habit": 5.0, "population.arrival_weeks": 1, "one_to_one.every": 1.0,
    })  # fmt: skip


def test_three_people_in_a_row_are_two_caused_departures(chain):
    """Known answer: Sam goes because of Anna, Carl because of Sam. Nothing begins without the loss
    channel.

    The match of Carl and Sam ends by structure, but with that channel shut he goes for the loss of
    Sam: so structure adds nothing, in no order.
    """
    history = History(draw_up(chain), 1)
    history.remember([14])
    before, leaving = history.before(15).world, Leaving(0, 15, 0, -1)
    ends = history.with_it(0, 15), history.without(0, 15)
    one = compared(history, "what if", leaving, Network(before).place_of(0), ends)
    assert one.counts.tolist() == [2, 0, 0, 0, 0, 0] and one.net == 2
    assert (one.place.distance[[1, 2]] == [2, 1]).all()
    effects = channels.effects_by_combination(history, leaving, channels.settings_of(chain))
    by = dict(zip(channels.combinations(), effects.tolist(), strict=True))
    assert {names: number for names, number in by.items() if number} == {
        names: 2.0 for names in channels.combinations() if "loss" in names}  # fmt: skip
    share = {name: float(value) for name, value in channels.shares(effects).items()}
    assert share == pytest.approx({"structure": 0.0, "loss": 2.0, "social": 0.0, "the rest": 0.0})


def test_the_departures_of_the_same_chain_are_one_tree(chain):
    history = History(draw_up(changed(chain, {"events": [{"week": 15, "leave": "Anna"}]})), 1)
    departures = departures_of(history.world)
    [tree] = trees(departures)
    assert departures.row[tree.places].tolist() == [0, 2, 1] and tree.generation.tolist() == [
        0,
        1,
        2,
    ]
    direct, every = followers_of(departures, 0, 15, 41)
    assert (direct.sum(), every.sum()) == (1, 2)


def test_channels_add_up(history, found):
    leaving = next(one.leaving for one in found if one.net)
    effects = channels.effects_by_combination(
        history, leaving, channels.settings_of(history.blueprint.scenario)
    )
    assert sum(channels.shares(effects).values()) == pytest.approx(effects[-1])


def test_more_workers_change_nothing():
    scenario = changed(Scenario(), SOME | {"communities": ["group"]})

    def rows(workers):
        noted = Worlds(range(1, 5), workers=workers).watch(scenario, in_short)
        return [(each.knock_outs, each.followers, each.named) for each in noted]

    assert rows(1) == rows(2)


# -- places in the network -----------------------------------------------------------------------


def test_distance_and_betweenness_are_those_of_networkx(history):
    labels = history.blueprint.labels
    for week in (9, 19):
        world = history.before(week + 1).world
        graph, mine = graph_of(world, labels), Network(world)
        assert graph.number_of_edges() > 10
        theirs = nx.betweenness_centrality(graph, normalized=False)
        assert mine.between == pytest.approx([theirs[label] for label in labels])
        steps = dict(nx.all_pairs_shortest_path_length(graph))
        for row, label in enumerate(labels):
            assert mine.steps[row].tolist() == [steps[label].get(other, np.inf) for other in labels]


# -- means over persons in worlds ----------------------------------------------------------------


def test_the_interval_covers_the_truth_where_persons_of_a_world_are_alike():
    """Persons share luck with their world, and larger worlds have more followers: close to 95 % of
    intervals hold.

    Few, very uneven worlds make any such interval a little too narrow; one that takes persons as
    independent is wrong.
    """
    chance, held, naive, trials = np.random.default_rng(7), 0, 0, 400
    size = chance.poisson(4, size=1_000_000) + 1
    truth = float((size * 0.1 * size).sum() / size.sum())
    for _ in range(trials):
        size = chance.poisson(4, size=60) + 1
        worlds = np.repeat(np.arange(60), size)
        values = chance.poisson(np.repeat(0.1 * size * chance.gamma(2.0, 0.5, size=60), size))
        found = mean_of(values, worlds)
        held += found.low <= truth <= found.high
        half = 1.96 * values.std(ddof=1) / len(values) ** 0.5
        naive += abs(values.mean() - truth) <= half
    assert 0.91 <= held / trials <= 0.98
    assert naive / trials < held / trials - 0.05


def test_the_difference_of_equal_worlds_is_none():
    values, worlds = np.array([1.0, 0.0, 2.0, 1.0]), np.array([1, 1, 2, 3])
    gap = difference_of((values, worlds), (values, worlds))
    assert (gap.mean, gap.error) == (0.0, 0.0)
    assert np.isnan(mean_of([], []).mean)


# -- survival ------------------------------------------------------------------------------------

PAUSED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
"""Weeks in remission under 6-MP (Freireich et al. 1963), the textbook example of Kaplan and Meier's
estimate."""


def greenwood(counts):
    """Greenwood's (1926) standard error of the share, for people who are independent of each other."""
    room = counts.at_risk * (counts.at_risk - counts.left)
    step = np.divide(counts.left, room, out=np.zeros_like(room), where=room > 0)
    return share_still_there(counts) * np.sqrt(np.cumsum(step))


def test_survival_is_that_of_the_textbook():
    counts = count_up(PAUSED, np.array(RELAPSED, bool), 35)
    share, error = share_still_there(counts), greenwood(counts)
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {week: round(float(share[week]), 3) for week in published} == published
    assert round(float(error[6]), 4) == 0.0764 and round(float(error[23]), 4) == 0.1346


def test_survival_is_that_of_scipy():
    chance = np.random.default_rng(1)
    weeks, left = chance.integers(0, 40, 300), chance.random(300) < 0.6
    theirs = stats.ecdf(stats.CensoredData(uncensored=weeks[left], right=weeks[~left])).sf
    mine = share_still_there(count_up(weeks, left, 40))
    assert mine[theirs.quantiles.astype(int)] == pytest.approx(theirs.probabilities)


def test_the_band_of_worlds_that_are_independent_people_is_greenwoods():
    chance = np.random.default_rng(2)
    weeks, left = chance.integers(1, 30, 600), chance.random(600) < 0.7
    worlds = [count_up(weeks[k::150], left[k::150], 30) for k in range(150)]
    line, error = curve(worlds), greenwood(count_up(weeks, left, 30))
    assert (line.high - line.low)[15] / 2 / 1.976 == pytest.approx(error[15], rel=0.1)


# -- the study -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The study of a small design of one's own."""
    out = tmp_path_factory.mktemp("spread") / "out"
    scenario = changed(Scenario(), SOME | {"communities": ["group", "one_to_one"]})
    own = ["communities=[group,one_to_one]"]
    asked = Options(seed=3, replicates=4, workers=2, out=str(out), overrides=own)
    run_study("dropout_spread", scenario, asked)
    return out


def test_the_study_writes_what_the_dictionary_promises(folder):
    files = json.loads((folder / "manifest.json").read_text())["files"]
    drawn = {
        name.removeprefix("figures/").removesuffix(".svg")
        for name in files
        if name.endswith(".svg")
    }
    assert {"reproduction", "who", "near_and_soon", "survival", "levers"} <= drawn
    leavings = pl.read_parquet(folder / "spread_channels.parquet")["persons"].max()
    assert ("channels" in drawn) == (leavings >= FEW)  # of fewer nothing would be seen
    knocked = pl.read_parquet(folder / "knock_outs.parquet")
    follow = pl.read_parquet(folder / "followers.parquet").filter("was_there")
    signs = {
        "caused": 1,
        "brought forward": 1,
        "prevented": -1,
        "put off": -1,
        "sooner": 0,
        "later": 0,
    }
    net = follow["change"].cast(pl.String).replace_strict(signs, return_dtype=pl.Int64).sum()
    assert knocked["net"].sum() == net
    rows = pl.read_parquet(folder / "reproduction.parquet").filter(measure="net", who="everybody")
    happened = knocked.filter(leaving=AS_IT_HAPPENED)
    assert rows.filter(leaving=AS_IT_HAPPENED)["mean"][0] == pytest.approx(happened["net"].mean())
    assert "<data" in (folder / "report.html").read_text(encoding="utf-8")


def shown(rows):
    """A study of two designs in which these numbers of followers were found."""
    rows = [
        {"measure": "net", "mean": (low + high) / 2, "low": low, "high": high, "persons": 50,
         "design": design, "leaving": leaving, "who": who}
        for design, leaving, who, low, high in rows
    ]  # fmt: skip
    return Found(
        {
            "reproduction": pl.DataFrame(rows),
            "designs": pl.DataFrame({"design": ["a", "b"], "label": ["Alpha", "Beta"]}),
            "spread_levers": pl.DataFrame(),
        }
    )


@pytest.mark.parametrize(
    ("leaving", "who"),
    [(AS_IT_HAPPENED, "supporter"), (AS_IT_HAPPENED, "recipient"), (WHAT_IF, "supporter"),
     (WHAT_IF, "bridge"), (WHAT_IF, "popular"), (WHAT_IF, "other recipient")],
)  # fmt: skip
def test_the_summary_holds_whatever_is_clear_of_zero(leaving, who):
    """Also where nothing can be said of just anybody, which is what the figures show first."""
    unclear = [(each, AS_IT_HAPPENED, EVERYBODY, -0.1, 0.1) for each in "ab"]
    found = shown([*unclear, ("a", leaving, who, 0.1, 0.3), ("b", leaving, who, -0.1, 0.3)])
    said = [str(each) for each in short(found)]
    assert said[0].startswith("We cannot tell") and len(said) == 2
    assert "Alpha" in said[1] and "Beta:" not in said[1] and "10 and 30" in said[1]


def test_distances_add_up_to_the_reproduction_number(folder):
    parts = (
        pl.read_parquet(folder / "spread_by_distance.parquet")
        .group_by("leaving")
        .agg(pl.col("mean").sum())
    )
    whole = pl.read_parquet(folder / "reproduction.parquet").filter(measure="net", who="everybody")
    for leaving, mean in parts.iter_rows():
        assert mean == pytest.approx(whole.filter(leaving=leaving)["mean"][0])


def test_worlds_without_any_leaving_have_nothing_to_follow():
    calm = changed(
        Scenario(), CALM | SOME | {"communities": ["availability"], "sign_up.impatience": 0.0}
    )
    noted = Worlds([1, 2, 3]).watch(calm, in_short)
    assert noted[0].departures == 0 and set(spread_tables({"availability": noted})) == {"survival"}


def test_cascades_are_trees_whose_columns_are_described():
    """Many leave here because others did, so there are trees of more than one."""
    pulling = {
        "communities": ["group"],
        "departure.social": 0.02,
        "departure.lost_tie": 0.3,
        "departure.drift": 0.1,
    }
    plan = draw_up(changed(Scenario(), pulling))
    noted = [note(History(plan, seed), Wanted(Sample(), cascades=True)) for seed in (1, 2)]
    cascades = spread_tables({"group": noted})["cascades"]
    assert dictionary.dictionary_of({"cascades": cascades}, {})
    assert cascades["departures"].min() > 1
    roots = cascades.filter(pl.col("generation") == 0)
    assert roots.height == cascades.select("seed", "tree").n_unique()


# -- one person ----------------------------------------------------------------------------------


def test_the_story_of_one_person(tmp_path, capsys):
    scenario = changed(Scenario(), {"communities": ["one_to_one"]})
    left = (
        simulate(scenario, 3).departures.filter(role="recipient", cause="misfit").row(0, named=True)
    )
    asked = Options(
        seed=3,
        replicates=1,
        workers=2,
        out=str(tmp_path / "out"),
        person=left["person"],
        command="peersim",
    )
    run_study("dropout_spread", scenario, asked)
    story = read_manifest(tmp_path / "out")["facts"]["story"]
    said = [
        (key, values["place"])
        for week, key, values in story
        if week == left["week"] and "place" in values
    ]
    assert said == [("leaves", "one_to_one")]
    printed = capsys.readouterr().out
    changes = pl.read_parquet(tmp_path / "out" / "story_changes.parquet")
    assert changes.row(0, named=True)["left"] == left["week"] and changes.height > 8
    for keeping in changes.filter("has_place")["change"]:
        assert keeping in " ".join(printed.split())


def test_her_fate_under_a_change_is_that_of_the_changed_scenario():
    scenario = changed(Scenario(), SOME | {"communities": ["group"]})
    row = next(one.row for one in History(draw_up(scenario), 2).leavings())
    name = draw_up(scenario).labels[row]
    fate, each = fates(scenario, 2, row)
    gone = simulate(scenario, 2).memberships.filter(person=name, community="group")
    assert fate.left == gone["left"][0] and COMMUNITIES[1] == fate.community
    for one in each[:3]:
        same = simulate(changed(scenario, one.lever.changes), 2).memberships.filter(
            person=name, community="group"
        )
        over = (
            same["left"][0]
            if same.height and same["cause"][0] not in ("course_completed", "moved_on")
            else None
        )
        assert one.fate.left == over


def test_chances_of_leaving_are_those_of_the_week(history):
    """Kept from the first day she has a chance of leaving in the same weeks, and the same one up to
    her leaving."""
    leaving = history.leavings()[0]
    as_it_was, kept = (
        weeks_of(history.blueprint, 3, leaving.row, stays=stays) for stays in (False, True)
    )
    until = leaving.week
    assert [week.chance for week in as_it_was[:until]] == [week.chance for week in kept[:until]]
    assert as_it_was[until - 1].chance > 0


@pytest.mark.parametrize(
    ("more", "person", "said"),
    [({}, "R99", "nobody of that name"), ({"weeks": 40}, None, "at least 52")],
)
def test_what_cannot_be_asked_is_refused(tmp_path, more, person, said):
    scenario = changed(Scenario(), SOME | more)
    with pytest.raises(InvalidInput, match=said):
        run_study("dropout_spread", scenario, Options(out=str(tmp_path / "out"), person=person))
    assert not (tmp_path / "out").exists()
