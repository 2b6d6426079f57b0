"""PeerModel: a mesa.Model whose step is a week and whose agents are people who may decide for
themselves."""

import subprocess
import sys

import mesa
import numpy as np
import pytest

from peersim import InvalidInput, simulate
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
        assert (model.week, model.time) == (14, 14.0)


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


@pytest.mark.parametrize("rng", [None, -1, 1.5, "7", True, np.random.default_rng(1), 2**63])
def test_a_seed_that_is_none_is_refused(scenario, rng):
    with pytest.raises(InvalidInput, match="rng is .* needs a whole number"):
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
