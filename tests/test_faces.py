"""One model, several faces: whichever way a world is run, the numbers are the same bit for bit."""

import hashlib
import os
import subprocess
import sys

import pytest

from peersim import ensemble, simulate
from peersim.agents.model import PeerModel, Recipient, Supporter
from peersim.scenario.scenario import Scenario, changed

pytestmark = pytest.mark.compiles

TABLES = ("weekly", "people", "memberships", "ties", "departures")

BUSY = {
    "communities": ["one_to_one", "group", "availability", "digital"],
    "cafe.per_week": 1.0,
    "page.contact": 0.2,
    "supervision.per_month": 2.0,
    "team.per_month": 1.0,
    "weeks": 30,
    "events": [
        {"week": 12, "lose_supporters": 1},
        {"week": 16, "set": {"cafe.per_week": 2.0}},
        {"week": 20, "switch": "one_to_one", "to": "availability"},
        {"week": 26, "end": "digital"},
    ],
}
"""Everything at once: four communities, what stands beside them, and a redesign."""


class RecipientAsEver(Recipient):
    """Overrides every decision and changes none."""

    def sign_up(self, community, propensity):
        return propensity

    def attend(self, community, propensity):
        return propensity

    def leave(self, community, hazards):
        return dict(reversed(hazards.items()))


class SupporterAsEver(Supporter):
    """Likewise."""

    def attend(self, community, propensity):
        return propensity

    def leave(self, community, hazards):
        return hazards


AS_EVER = {"recipient": RecipientAsEver, "supporter": SupporterAsEver}


@pytest.fixture(scope="module")
def busy():
    return changed(Scenario(), BUSY | {"population.recipients": 40, "population.supporters": 8})


def assert_same(run, model):
    for name in TABLES:
        assert getattr(model, name).equals(getattr(run, name)), name


@pytest.mark.parametrize("seed", [0, 7])
def test_mesa_gives_the_numbers_of_simulate(busy, seed):
    run, model = simulate(busy, seed), PeerModel(busy, rng=seed)
    model.run_for(30)
    assert run.departures.height > 10 and run.ties.height > 100
    assert_same(run, model)


@pytest.mark.parametrize("roles", [("recipient",), ("supporter",), ("recipient", "supporter")])
def test_deciding_as_ever_changes_nothing(busy, roles):
    model = PeerModel(busy, rng=7, agent_types={role: AS_EVER[role] for role in roles})
    model.run_for(30)
    assert_same(simulate(busy, 7), model)


def test_a_model_part_way_is_a_shorter_scenario(busy):
    shorter = changed(busy, {"weeks": 12, "events": BUSY["events"][:1]})
    model = PeerModel(busy, rng=3)
    model.run_for(12)
    assert_same(simulate(shorter, 3), model)


def test_an_ensemble_gives_the_numbers_of_simulate(busy):
    many = ensemble(busy, [3, 4, 7])
    for row, seed in enumerate(many.seeds):
        assert many.values[row].tobytes() == simulate(busy, int(seed)).values.tobytes()


def test_results_do_not_depend_on_the_number_of_workers(busy):
    alone, both = ensemble(busy, range(6), workers=1), ensemble(busy, range(6), workers=2)
    assert alone.values.tobytes() == both.values.tobytes()
    assert alone.weekly().equals(both.weekly())


# -- without compilation (phase by phase: test_compiled.py) --------------------------------------

FEW = {"population.recipients": 8, "population.supporters": 3, "population.arrival_weeks": 1, "weeks": 8,
       "sign_up.rate": 2.0, "training.weeks": 0, "group.size": 4, "group.minimum": 3, "group.weeks": 4,
       "departure.life_event": 0.03, "events": [{"week": 6, "lose_supporters": 1}]}  # fmt: skip


def fingerprint():
    """A hash of all that a tiny run leaves behind, and whether a model with deciding people lives
    the same."""
    scenario = changed(Scenario(), BUSY | FEW)
    run, model = simulate(scenario, seed=3), PeerModel(scenario, rng=3, agent_types=AS_EVER)
    model.run_for(8)
    assert_same(run, model)
    whole = hashlib.sha256(run.values.tobytes())
    for array in run.world:
        whole.update(array.tobytes())
    return f"{whole.hexdigest()} {run.ties.height} ties"


def test_every_face_gives_the_same_without_compilation():
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    plain = subprocess.run(
        [sys.executable, __file__], env=environment, capture_output=True, text=True
    )
    assert plain.stdout.strip() == fingerprint(), plain.stderr[-2000:]


if __name__ == "__main__":
    print(fingerprint())
