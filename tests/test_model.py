"""PeerModel: a mesa.Model whose step is a week and whose agents are people who may decide for
themselves."""

import functools
import importlib.util
import multiprocessing
import subprocess
import sys
from pathlib import Path

import mesa
import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure

from peersim import OUTCOMES, InvalidInput, changed, simulate
from peersim.agents.model import PeerModel, Recipient, Supporter

pytestmark = pytest.mark.compiles

ALL = ["one_to_one", "group", "availability", "digital"]


@pytest.fixture(scope="module")
def scenario(small):
    return small(communities=ALL, cafe__per_week=1.0, sign_up__rate=1.0)


@pytest.fixture
def model(scenario):
    return PeerModel(scenario, rng=7)


# -- a Mesa model --------------------------------------------------------------------------------


def test_a_step_is_a_week(model):
    model.step()
    assert (model.time, model.week) == (1.0, 1)
    model.run_for(10)
    assert (model.time, model.week, model.running) == (11.0, 11, True)
    model.run_until(13)
    assert model.weekly["week"].max() == model.week == 13


def test_after_the_last_week_the_model_rests(model):
    model.run_model()
    assert (model.week, model.running) == (14, False)
    for _ in range(2):
        with pytest.raises(InvalidInput) as refused:
            model.step()
        assert (refused.value.key, refused.value.values) == ("errors.agents.over", {"weeks": 14})
        assert (model.week, model.time, model.steps) == (14, 14.0, 14)


def test_running_on_beyond_the_last_week_keeps_what_was_lived(model, scenario):
    with pytest.raises(ValueError, match="14 weeks"):
        model.run_for(20)
    assert model.people.equals(simulate(scenario, 7).people)


def test_agents_are_people(model):
    model.run_for(8)
    assert [agent.label for agent in model.agents] == model.labels
    assert len(model.agents_by_type[Recipient]) == 12 and len(model.agents_by_type[Supporter]) == 5
    mean = model.agents.select(lambda agent: agent.role == "recipient").agg("hope", np.mean)
    assert mean == pytest.approx(model.people.filter(role="recipient")["hope"].mean())
    by_role = model.agents.groupby("role")
    assert sum(len(group) for _, group in by_role) == 17


def test_a_view_shows_what_the_tables_show(model):
    model.run_for(9)
    told = ("role", "stage", "hope", "strain", "ties", "given", "joined", "left", "spare_hours")
    for row in model.people.iter_rows(named=True):
        agent = model.person(row["person"])
        assert [getattr(agent, name) for name in told] == [row[name] for name in told]
        assert agent.recovery == pytest.approx(row["recovery"], rel=1e-12)
        assert {other.label for other in agent.neighbours} == set(model.graph[row["person"]])
    told = (
        "status",
        "waiting",
        "joined",
        "left",
        "cause",
        "sessions_offered",
        "attended",
        "hours",
        "safety",
        "fit",
    )
    for row in model.memberships.iter_rows(named=True):
        view = model.person(row["person"]).memberships[row["community"]]
        assert [getattr(view, name) for name in told] == [row[name] for name in told]
        assert view.contributor == row["contributor"]
        assert (view.caused_by and view.caused_by.label) == row["caused_by"]


def test_a_view_is_live_and_cannot_be_written(model):
    agent = model.person("R1")
    before = agent.hope
    model.run_for(5)
    assert agent.hope != before
    with pytest.raises(AttributeError):
        agent.hope = 1.0
    with pytest.raises(AttributeError):
        agent.memberships["group"].safety = 1.0


def test_partners_find_each_other(small):
    model = PeerModel(small(communities=["one_to_one"], sign_up__rate=2.0), rng=1)
    model.run_for(6)
    matched = [a.memberships["one_to_one"].partner for a in model.agents_by_type[Recipient]]
    assert {partner.role for partner in matched if partner} == {"supporter"}


def test_every_attribute_says_what_it_is():
    for kind in (Recipient, Supporter):
        for name in dir(kind):
            value = getattr(kind, name)
            if isinstance(value, property) and name not in dir(mesa.Agent):
                assert value.__doc__, name


def test_the_data_collector_works(model):
    collector = mesa.DataCollector(
        model_reporters={"ties": lambda m: m.graph.number_of_edges()},
        agent_reporters={"hope": "hope"},
    )
    for _ in range(3):
        model.step()
        collector.collect(model)
    assert collector.get_model_vars_dataframe()["ties"].iloc[-1] == model.graph.number_of_edges()
    assert len(collector.get_agent_vars_dataframe()) == 3 * 17


def test_the_data_collector_of_the_model_holds_what_the_tables_hold(scenario):
    model = PeerModel(scenario, rng=7, collect=True)
    early = PeerModel(scenario, rng=7)
    assert len(early.datacollector.get_model_vars_dataframe()) == 1  # the first day
    model.run_model()
    early.run_model()
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame.equals(early.datacollector.get_model_vars_dataframe())
    assert list(frame) == ["seed", *(outcome.name for outcome in OUTCOMES)] and len(frame) == 15
    assert set(frame.pop("seed")) == {7}
    run = simulate(scenario, 7)
    assert np.array_equal(frame.to_numpy(), run.values[:, 0], equal_nan=True)
    people = model.datacollector.get_agent_vars_dataframe()
    assert len(people) == 15 * 17
    last = people.loc[14.0].reset_index(drop=True)
    for name in ("person", "role", "hope", "strain", "ties"):
        assert last[name].tolist() == run.people[name].to_list(), name
    with pytest.raises(UserWarning, match="No agent reporters"):
        early.datacollector.get_agent_vars_dataframe()


def test_a_subclass_may_have_a_data_collector_of_its_own(scenario):
    class Counting(PeerModel):
        def __init__(self, scenario, rng=1):
            super().__init__(scenario, rng)
            self.datacollector = mesa.DataCollector({"ties": lambda m: m.graph.number_of_edges()})

        def step(self):
            super().step()
            self.datacollector.collect(self)

    model = Counting(scenario, rng=7)
    model.run_for(3)
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame) == ["ties"] and len(frame) == 3


def edges_of(space):
    return {tuple(sorted(edge)) for edge in space.G.edges}


def test_the_space_holds_everybody_and_connects_those_who_have_a_tie(model):
    model.run_for(3)
    space = model.grid
    assert [cell.agents for cell in space] == [[person] for person in model.persons]
    before = edges_of(space)
    for _ in range(6):
        model.step()
        number = {label: row for row, label in enumerate(model.labels)}
        ties = {tuple(sorted((number[a], number[b]))) for a, b in model.graph.edges}
        assert edges_of(space) == ties
        for person in model.persons:
            near = {cell.agents[0] for cell in person.cell.neighborhood}
            assert near == set(person.neighbours)
    assert before - ties and ties - before  # some have come and some have gone
    assert space is model.grid and space.G.nodes[0]["label"] == model.labels[0]


def test_looking_at_the_space_changes_no_number(scenario, model):
    np.random.seed(5)
    model.grid  # noqa: B018
    drawn = np.random.random()
    np.random.seed(5)
    assert drawn == np.random.random()
    model.run_model()
    assert model.people.equals(simulate(scenario, 7).people)


@pytest.fixture
def drawing(monkeypatch):
    """Mesa's own drawing of spaces, without the server that its package asks for."""
    home = Path(mesa.__file__).parent / "visualization"
    found = {}
    for name, file in (
        ("mesa.visualization.components", home / "components" / "portrayal_components.py"),
        ("mesa.visualization.mpl_space_drawing", home / "mpl_space_drawing.py"),
    ):
        spec = importlib.util.spec_from_file_location(name, file)
        found[name] = module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
    return found


def test_mesas_drawing_shows_the_space(model, drawing):
    style, draw = (
        drawing["mesa.visualization.components"].AgentPortrayalStyle,
        drawing["mesa.visualization.mpl_space_drawing"].draw_space,
    )
    model.run_for(9)
    axes = Figure().subplots()
    draw(model.grid, lambda person: style(color="red" if person.ties else "grey"), ax=axes)
    dots = sum(
        len(each.get_offsets()) for each in axes.collections if isinstance(each, PathCollection)
    )
    lines = sum(
        len(each.get_segments()) for each in axes.collections if isinstance(each, LineCollection)
    )
    assert (dots, lines) == (17, model.graph.number_of_edges()) and lines > 0


@pytest.fixture
def batch_run():
    """Mesa's `batch_run`, which changes how processes start for everybody."""
    before = multiprocessing.get_start_method(allow_none=True)
    yield functools.partial(mesa.batch_run, display_progress=False)
    multiprocessing.set_start_method(before, force=True)


def test_batch_run_gives_the_numbers_of_simulate(scenario, batch_run):
    other = changed(scenario, {"communities": ["digital"]})
    rows = batch_run(PeerModel, {"scenario": [scenario, other]}, rng=[3, 4])
    assert [(row["scenario"], row["rng"], row["Step"]) for row in rows] == [
        (scenario, 3, 14.0), (other, 3, 14.0), (scenario, 4, 14.0), (other, 4, 14.0)
    ]  # fmt: skip
    for row in rows:
        values = simulate(row["scenario"], row["rng"]).values[-1, 0]
        assert [row[outcome.name] for outcome in OUTCOMES] == pytest.approx(values, nan_ok=True)


def test_iterations_of_batch_run_have_a_seed_each_that_repeats_them(scenario, batch_run):
    with pytest.warns(DeprecationWarning, match="iterations"):
        rows = batch_run(PeerModel, {"scenario": scenario, "group.size": [4, 6]}, iterations=3)
    assert [(row["iteration"], row["group.size"]) for row in rows] == [
        (k, size) for k in range(3) for size in (4, 6)
    ]
    assert len({row["seed"] for row in rows}) == 6
    again = simulate(changed(scenario, {"group.size": rows[-1]["group.size"]}), rows[-1]["seed"])
    assert again.values[-1, 0, 0] == rows[-1][OUTCOMES[0].name]


def test_batch_run_takes_seed_sequences_and_people(scenario, batch_run):
    seeds = np.random.SeedSequence(1).spawn(2)
    rows = batch_run(PeerModel, {"scenario": scenario, "collect": True}, rng=seeds)
    assert len(rows) == 2 * 17 and {row["person"] for row in rows} == set(
        simulate(scenario, 1).people["person"]
    )
    assert PeerModel(scenario, rng=seeds[1]).seed == rows[-1]["seed"] != rows[0]["seed"]


def test_a_change_that_cannot_be_is_refused_as_anywhere(scenario):
    with pytest.raises(InvalidInput, match="group.sise"):
        PeerModel(scenario, **{"group.sise": 4})
    assert PeerModel(scenario, **{"weeks": 3}).peer_scenario.weeks == 3 and scenario.weeks == 14


def test_a_run_stays_as_it_was_when_the_model_goes_on(model, scenario):
    model.run_for(6)
    early = model.run
    model.run_for(5)
    assert early.weekly["week"].max() == 6
    assert early.people.equals(simulate(scenario, 7).people) is False
    again = PeerModel(scenario, rng=7)
    again.run_for(6)
    assert early.people.equals(again.people) and early.ties.equals(again.ties)


def test_the_ledger_grows_with_the_story(model, scenario):
    room = len(model.world.ledger)
    model.run_for(14)
    assert model.ties.height > room
    assert model.ties.equals(simulate(scenario, 7).ties)


def test_mesa_is_not_loaded_until_it_is_asked_for():
    code = "import sys, peersim; assert 'mesa' not in sys.modules; peersim.PeerModel; assert 'mesa' in sys.modules"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_a_model_gives_no_warnings(scenario, recwarn):
    model = PeerModel(scenario, rng=np.int64(3), agent_types={"recipient": Shy})
    model.run_for(2)
    model.step()
    assert not [str(warning.message) for warning in recwarn]


# -- people who decide for themselves ------------------------------------------------------------


class Shy(Recipient):
    """Stays away from groups, from week 9 on."""

    def attend(self, community, propensity):
        return 0.0 if community == "group" and self.model.week >= 9 else propensity


class Homebody(Recipient):
    """Never signs up for anything but the platform."""

    def sign_up(self, community, propensity):
        return propensity if community == "digital" else 0.0


class Loyal(Recipient):
    """Nothing makes her leave."""

    def leave(self, community, hazards):
        return dict.fromkeys(hazards, 0.0)


class Exhausted(Supporter):
    """Leaves for one reason only, and soon."""

    def leave(self, community, hazards):
        return dict.fromkeys(hazards, 0.0) | {"overload": 1.0}


def lived(scenario, weeks=14, **agent_types):
    model = PeerModel(scenario, rng=7, agent_types=agent_types)
    model.run_for(weeks)
    return model


def test_an_overridden_attendance_takes_effect_and_changes_nothing_before(scenario):
    scenario = changed(scenario, {"group.weeks": 12})  # so that groups still meet after week 9
    shy, plain = lived(scenario, 8, recipient=Shy), lived(scenario, 8)
    for name in ("weekly", "people", "memberships", "ties", "departures"):
        assert getattr(shy, name).equals(getattr(plain, name)), name
    before = {
        a.label: a.memberships["group"].attended for a in shy.persons if a.role == "recipient"
    }
    offered = {a.label: a.memberships["group"].sessions_offered for a in shy.persons}
    shy.run_for(6)
    plain.run_for(6)
    assert all(shy.person(label).memberships["group"].attended == n for label, n in before.items())
    assert any(plain.person(label).memberships["group"].attended > n for label, n in before.items())
    assert any(
        shy.person(label).memberships["group"].sessions_offered > offered[label] for label in before
    )
    assert not shy.people.equals(plain.people)


def test_an_overridden_sign_up_takes_effect(scenario):
    homebodies = lived(scenario, recipient=Homebody).memberships.filter(role="recipient")
    assert set(homebodies["community"]) == {"digital"}


def test_overridden_hazards_take_effect(scenario):
    ends = set(lived(scenario, recipient=Loyal).departures.filter(role="recipient")["cause"])
    assert ends <= {"gave_up_waiting", "community_closed", "course_completed", "withdrawn"}
    departures = lived(scenario, supporter=Exhausted).departures.filter(
        role="supporter", cause="overload"
    )
    assert departures.height > 0 and set(departures["share_overload"]) == {1.0}


def test_only_the_role_that_is_overridden_decides_otherwise(scenario):
    model = lived(scenario, 1, recipient=Shy)
    assert {type(agent) for agent in model.agents} == {Shy, Supporter}


def test_an_earlier_week_is_not_lived_again_without_its_decisions(scenario):
    shy = lived(scenario, 10, recipient=Shy)
    assert shy.run.graph().number_of_edges() == shy.graph.number_of_edges()
    with pytest.raises(InvalidInput) as refused:
        shy.run.graph(5)
    assert (refused.value.key, refused.value.values) == ("errors.agents.decided", {"week": 5})


# -- what is refused -----------------------------------------------------------------------------


def deciding(method, said):
    return type("Odd", (Recipient,), {method: lambda self, community, given: said(given)})


@pytest.mark.parametrize("method", ["sign_up", "attend"])
@pytest.mark.parametrize("said", [None, -0.1, 1.1, float("nan"), float("inf"), "often", 1j])
def test_a_chance_that_is_none_is_refused(scenario, method, said):
    with pytest.raises(
        InvalidInput,
        match=f"Odd.{method} returned .* in week .*; it must return a chance from 0 to 1",
    ):
        lived(scenario, recipient=deciding(method, lambda given: said))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (lambda given: None, "it must return one number for each of life_event, misfit"),
        (lambda given: {"misfit": 0.1}, "one number for each of"),
        (lambda given: given | {"boredom": 0.1}, "one number for each of"),
        (lambda given: given | {"misfit": -0.1}, "misfit must be a number of 0 or more"),
        (lambda given: given | {"drift": float("nan")}, "drift must be a number of 0 or more"),
        (lambda given: given | {"drift": float("inf")}, "drift must be a number of 0 or more"),
    ],
)
def test_hazards_that_are_none_are_refused(scenario, said, sentence):
    with pytest.raises(InvalidInput, match=rf"Odd.leave returned .* for R\d+ and .*{sentence}"):
        lived(scenario, recipient=deciding("leave", said))


def test_a_step_that_fails_leaves_the_model_as_it_was(scenario):
    moods = []

    class Moody(Recipient):
        def attend(self, community, propensity):
            if self.model.week == 6 and not moods:
                moods.append(self.label)
                raise RuntimeError("not today")
            return propensity

    model = PeerModel(scenario, rng=7, agent_types={"recipient": Moody})
    with pytest.raises(RuntimeError, match="not today"):
        model.run_for(10)
    assert (model.week, model.time, model.weekly["week"].max()) == (5, 5.0, 5)
    model.run_for(9)
    assert (model.week, model.time) == (14, 14.0)
    assert model.people.equals(simulate(scenario, 7).people)


@pytest.mark.parametrize("rng", [-1, 1.5, "7", True, [1, 2], np.random.default_rng(1), 2**63])
def test_a_seed_that_is_none_is_refused(scenario, rng):
    with pytest.raises(InvalidInput, match="rng is .*whole number"):
        PeerModel(scenario, rng=rng)


@pytest.mark.parametrize(
    ("agent_types", "sentence"),
    [
        ({"recipients": Shy}, "agent_types holds 'recipients'; it can hold recipient or supporter"),
        ({"supporter": Shy}, "needs a subclass of peersim.Supporter"),
        ({"recipient": mesa.Agent}, "needs a subclass of peersim.Recipient"),
        ({"recipient": "Shy"}, "needs a subclass of peersim.Recipient"),
        (
            {"supporter": type("Eager", (Supporter,), {"sign_up": lambda self, c, p: p})},
            "Eager has sign_up",
        ),
    ],
)
def test_agent_types_that_do_not_fit_are_refused(scenario, agent_types, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        PeerModel(scenario, agent_types=agent_types)


def test_a_scenario_that_is_none_and_a_name_of_nobody_are_refused(model):
    with pytest.raises(InvalidInput, match="it needs a scenario"):
        PeerModel({"weeks": 3})
    with pytest.raises(InvalidInput, match="nobody is called R99"):
        model.person("R99")
