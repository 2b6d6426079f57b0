"""Widgets of notebooks, without a browser: what their traits take, and what they send of a model."""

import base64
import json
import subprocess
import sys

import numpy as np
import pytest
from traitlets import HasTraits

import peersim
from peersim import InvalidInput, PlayerWidget
from peersim.faces.moment import moment, people_now
from peersim.faces.widget import PARTS, NetworkWidget
from peersim.kernel.catalogue import speaking

pytestmark = pytest.mark.compiles

FEW = {"population.recipients": 14, "population.supporters": 6, "training.weeks": 1, "weeks": 16}


@pytest.fixture(scope="module")
def designs():
    a = peersim.changed(peersim.Scenario(), FEW | {"communities": ["group"]})
    return {"A": a, "B": peersim.changed(a, {"cafe.per_week": 1.0, "departure.life_event": 0.02})}


@pytest.fixture(scope="module")
def recording(designs):
    return peersim.record(designs, seed=7, stories=True)


# -- the player ----------------------------------------------------------------------------------
def test_what_either_side_sets_is_observed(recording):
    widget, seen = PlayerWidget(recording, week=3), []
    assert isinstance(widget, HasTraits) and widget.week == 3
    widget.observe(
        lambda change: seen.append((change["name"], change["new"])), ["week", "person", "world"]
    )
    widget.week = 5
    widget.set_state({"week": 9, "person": "R3", "world": "B"})  # as the page sends it
    assert (widget.week, widget.person, widget.world) == (9, "R3", "B")
    assert seen == [("week", 5), ("week", 9), ("person", "R3"), ("world", "B")]
    widget.person = widget.world = None
    assert widget.get_state()["person"] is None


@pytest.mark.parametrize(
    ("trait", "value", "key"),
    [
        ("week", 17, "errors.setting.whole"),
        ("week", -1, "errors.setting.whole"),
        ("person", "R99", "errors.agents.nobody"),
        ("world", "C", None),
        ("language", "fr", None),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(recording, trait, value, key):
    with pytest.raises(InvalidInput) as refused:
        PlayerWidget(recording, **{trait: value})
    widget = PlayerWidget(recording)
    before = getattr(widget, trait)
    with pytest.raises(InvalidInput):
        setattr(widget, trait, value)
    assert getattr(widget, trait) == before
    assert key is None or refused.value.key == key
    assert str(value) in str(refused.value)


@pytest.mark.parametrize("given", [None, {}, "A", {"format": "peersim.recording", "version": 99}])
def test_what_is_no_recording_is_refused(given):
    with pytest.raises(InvalidInput) as refused:
        PlayerWidget(given)
    assert refused.value.key == "errors.widget.no_recording"


def test_it_speaks_the_language_that_is_spoken(recording):
    with speaking("da"):
        assert PlayerWidget(recording).language == "da"
    assert PlayerWidget(recording).language == "en"
    words = PlayerWidget(recording)._words
    english, danish = (
        {key for key in words[each] if key.startswith(PARTS)} for each in ("en", "da")
    )
    assert english == danish and "play.week" in english


def test_without_anywidget_only_its_use_is_refused_in_one_sentence():
    program = """
import sys
sys.modules["anywidget"] = None
from peersim import *
import peersim
try:
    PlayerWidget({"format": "peersim.recording", "version": 1})
except InvalidInput as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.strip() == (
        "This needs anywidget, which is not installed: `pip install 'peersim[notebook]'`."
    )


# -- the network of a model that is being lived --------------------------------------------------
def bytes_in(text):
    return np.frombuffer(base64.b64decode(text), np.uint8)


def test_a_model_that_is_lived_shows_what_a_recording_shows(designs, recording):
    """Week by week: how people stand, who is isolated, which ties live, and who has left."""
    for world in recording["worlds"]:
        model = peersim.PeerModel(designs[world["key"]], rng=7)
        assert people_now(model.world, model.labels) == recording["people"]
        n, weeks = len(model.labels), recording["weeks"]
        standing = bytes_in(world["standing"]).reshape(weeks + 1, n)
        connected = np.cumsum(
            bytes_in(world["connected"]).reshape(weeks + 1, n), axis=0, dtype=np.uint8
        )
        isolated = np.unpackbits(bytes_in(world["isolated"]), bitorder="little")
        for week in range(weeks + 1):
            now = moment(model.world)
            assert now["week"] == week
            assert bytes_in(now["standing"]).tolist() == standing[week].tolist()
            assert bytes_in(now["connected"]).tolist() == connected[week].tolist()
            assert (
                bytes_in(now["isolated"]).tolist() == isolated[week * n : (week + 1) * n].tolist()
            )
            assert sorted(map(tuple, now["ties"])) == ties_in(world, week)
            assert now["departures"] == [each for each in world["departures"] if each[0] <= week]
            if week < weeks:
                model.step()
        assert world["departures"] and any(digit >= 4 for _, _, digit in ties_in(world, weeks))


def ties_in(world, week):
    """The ties that a recording has in a week: two rows and the digit."""
    many = [(i, j, since, digits) for i, j, _, since, digits in world["ties"]]
    once = [(i, j, since, "4" + "0" * (weeks - 1)) for i, j, _, since, weeks in world["once"]]
    return sorted(
        (i, j, int(digits[week - since]))
        for i, j, since, digits in many + once
        if since <= week < since + len(digits)
    )


def test_a_widget_follows_its_model(designs):
    model = peersim.PeerModel(designs["B"], rng=7)
    widget = NetworkWidget(model)
    sent = widget.get_state()
    json.dumps({name: sent[name] for name in ("_people", "_now", "_names")}, allow_nan=False)
    model.run_for(4)
    assert widget._now["week"] == 0
    widget.follow(model)
    assert widget._now["week"] == 4 and widget._weeks == 16
