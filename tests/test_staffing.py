"""Staffing: numbers found where the answer is known, people followed through small worlds, a study
from end to end."""

import numpy as np
import polars as pl
import pytest

from peersim.commands.configuration import compose, plan
from peersim.kernel.declaration import InvalidInput
from peersim.results.folder import read_results
from peersim.run.first_day import draw_up
from peersim.run.replicate import Replicate
from peersim.run.simulation import simulate
from peersim.scenario import plausible_sets as plausible
from peersim.scenario.scenario import Scenario, changed
from peersim.studies import run_study
from peersim.studies.staffing import study as staffing
from peersim.studies.staffing.levers import variants
from peersim.studies.staffing.losses import (
    EVERYONE,
    MEASUREMENTS,
    after_loss,
    loss_in,
    merge_circles,
)
from peersim.studies.staffing.needed import smallest
from peersim.studies.staffing.options import Options, Promise
from peersim.studies.staffing.remedies import GO_ON, NOBODY_LEFT, remedies
from peersim.studies.staffing.study import Staffing
from peersim.studies.staffing.waits import ENDS, NEVER, Waits, judged, waits_in

pytestmark = pytest.mark.compiles

SMALL = {"population.recipients": 16, "population.supporters": 8, "weeks": 20, "training.weeks": 2}
READY = {
    "training.form": "webinar",
    "training.uptake": 1.0,
    "training.dropout": 0.0,
    "sign_up.rate": 0.5,
}
PAIRS = changed(Scenario(), {"communities": ["one_to_one"], **SMALL, **READY})


def test_a_world_is_judged_by_those_who_could_be_followed():
    week = np.array
    waits = Waits(
        signed=week([2, 2, 2, 2, 2, 19, NEVER]), placed=week([3, 3, 9, NEVER, NEVER, 19, NEVER]),
        met=week([4, NEVER, 10, NEVER, NEVER, 19, NEVER]), gave_up=week([0, 0, 0, 1, 0, 0, 0]).astype(bool), active=3,
    )  # fmt: skip
    found = judged(waits, wait=4, weeks=20)
    assert found.signed == 6 and found.active == 3, (
        "one never signed up; one signed up too late to be followed"
    )
    assert found.shares.tolist() == pytest.approx([2 / 5, 1 / 5])
    assert dict(zip(ENDS, found.ends, strict=True)) == pytest.approx(dict.fromkeys(ENDS, 1 / 5))
    assert found.lengths[2] == 1 and found.lengths[8] == 1 and found.lengths[-1] == 3


@pytest.mark.parametrize("needed", [2, 3, 7, 20])
def test_the_smallest_number_is_found_between_those_on_the_grid(needed):
    tried = []

    def is_enough(number):
        tried.append(number)
        return number >= needed

    assert smallest([2, 5, 10, 20], is_enough) == needed
    assert len(tried) <= 8


def test_waits_are_those_of_the_same_run():
    run = simulate(PAIRS, 4)
    waits = waits_in(draw_up(PAIRS), 4)
    met = run.memberships.filter((pl.col("role") == "recipient") & (pl.col("attended") > 0))
    assert (waits.met > 0).sum() == met.height > 0
    joined = run.people.filter(pl.col("role") == "recipient")["joined"].fill_null(NEVER).to_numpy()
    assert (waits.placed == joined).all()
    assert (waits.signed[joined >= 0] <= joined[joined >= 0]).all()


def test_training_first_delays_invitations_and_nothing_else():
    now, later = waits_in(draw_up(PAIRS), 4), waits_in(draw_up(PAIRS), 4, delay=2)
    assert later.active == now.active
    assert later.signed[later.signed > 0].min() > 2


def test_without_supporters_nobody_begins_and_with_many_more_do():
    few, many = (changed(PAIRS, {"population.supporters": number}) for number in (0, 40))
    assert (waits_in(draw_up(few), 1).placed == NEVER).all()
    assert (waits_in(draw_up(many), 1).placed > 0).sum() > 5


def test_levers_change_the_programme_and_only_one_thing():
    found = variants(PAIRS)
    assert len({each.name for each in found}) == len(found) > 5
    assert found[0].scenario is PAIRS
    assert all(each.delay or each.scenario != PAIRS for each in found[1:])


def test_a_cafe_that_is_on_is_tried_at_other_numbers_of_evenings():
    names = [each.name for each in variants(changed(PAIRS, {"cafe.per_week": 1.0}))]
    assert [name for name in names if name.startswith("cafe")] == ["cafe_0", "cafe_0.5", "cafe_2"]


# -- a loss --------------------------------------------------------------------------------------
AT, LOST = 8, 2


def _run_to(scenario, seed, week):
    return Replicate(draw_up(scenario), seed).run_to(week)


def test_those_foreseen_to_leave_are_those_whom_the_event_takes():
    scenario = changed(PAIRS, {"events": [{"week": AT, "lose_supporters": LOST}]})
    for seed in range(6):
        foreseen = loss_in(_run_to(scenario, seed, AT - 1), seed, LOST)
        run = simulate(scenario, seed)
        gone = run.memberships.filter((pl.col("cause") == "withdrawn") & (pl.col("left") == AT))
        labels = np.array(run.people["person"].to_list())
        assert set(gone["person"]) == set(labels[foreseen.leave])


def test_answers_are_those_of_the_programme_that_is_running_by_then():
    switched = changed(
        PAIRS, {"events": [{"week": 4, "switch": "one_to_one", "to": "availability"}]}
    )
    names = {each.name for each in remedies(switched, Promise(at=AT, lost=LOST), recruits=5)}
    assert "rematch" not in names and "switch_availability" in names
    later = changed(PAIRS, {"events": [{"week": 12, "switch": "one_to_one", "to": "availability"}]})
    names = {each.name for each in remedies(later, Promise(at=AT, lost=LOST), recruits=5)}
    assert "rematch" in names and "switch_one_to_one" not in names, "it is switched later"
    assert "with_availability" not in {each.name for each in variants(changed(later, {"events": [
        {"week": 3, "add": "group"}]}))}  # fmt: skip


def test_supporters_who_stand_by_change_nothing():
    options = {each.name: each for each in remedies(PAIRS, Promise(at=AT, lost=LOST), recruits=5)}
    alone = changed(PAIRS, {"events": []})
    seen = simulate(alone, 3).people.filter(role="recipient")["connectedness"].to_numpy()
    reference = options[NOBODY_LEFT]
    with_others = after_loss(draw_up(reference.scenario), 3, reference, (AT, LOST), [PAIRS.weeks])
    place = [(outcome, whose) for outcome, whose, *_ in MEASUREMENTS].index(
        ("connectedness", EVERYONE)
    )
    assert with_others.values[0, place] == pytest.approx(seen.mean(), abs=0)


def test_going_on_leaves_alone_those_whom_rematching_serves():
    options = {each.name: each for each in remedies(PAIRS, Promise(at=AT, lost=LOST), recruits=5)}
    again, gone = (
        next(k for k, each in enumerate(MEASUREMENTS) if each[0] == name)
        for name in ("met_again", "gone")
    )
    behind, rematched = 0, []
    for seed in range(12):
        lived = {
            name: after_loss(draw_up(each.scenario), seed, each, (AT, LOST), [20])
            for name, each in options.items()
        }
        assert len({one.behind for one in lived.values()}) == 1, "the same loss whatever the answer"
        if lived[GO_ON].behind:
            behind += 1
            assert lived[GO_ON].values[0, again] == 0 and lived[GO_ON].values[0, gone] == 1
            rematched.append(lived["rematch"].values[0, gone])
    assert behind > 2 and np.mean(rematched) < 0.9


def test_merged_circles_keep_their_members_and_have_leaders():
    scenario = changed(Scenario(), {
        "communities": ["group"], "population.recipients": 60, "population.supporters": 6, "group.leaders": 1,
        "group.size": 5, **READY, "weeks": 20, "events": [{"week": 12, "lose_supporters": 2}]})  # fmt: skip
    merged = 0
    for seed in range(8):
        world = _run_to(scenario, seed, 12)
        before = world.memberships["circle"][:, 1].copy()
        merge_circles(world)
        after = world.memberships["circle"][:, 1]
        assert ((before >= 0) == (after >= 0)).all() and (
            world.circles["open"][after[after >= 0]] == 1
        ).all()
        merged += int((before != after).sum())
    assert merged > 0


# -- the study -----------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def found(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            plausible, "_shipped", lambda: ({"departure.drift": 0.01}, {"departure.drift": 0.05})
        )
        patch.setitem(staffing.SIZES, "quick", (2, 3))
        out = tmp_path_factory.mktemp("staffing") / "r"
        promise = Promise(share=0.5, most=20, at=8)
        run_study("staffing", PAIRS, Options(out=str(out), workers=1, staffing=promise))
    return out


def test_a_small_study_from_end_to_end(found, capsys):
    tables = read_results(found)
    waits, needed, after = tables["waits"], tables["needed"], tables["after_loss"]
    own = waits.filter((pl.col("lever") == "as_configured") & (pl.col("measure") == "place")).sort(
        "supporters"
    )
    assert own["share"][-1] > own["share"][0] and own["active"].is_sorted()
    assert (waits["share_low"] <= waits["share_high"]).all()
    ends = tables["waiting_ends"].group_by("lever", "supporters").agg(pl.col("share").sum())
    assert ends["share"].to_numpy() == pytest.approx(np.ones(ends.height))
    row = needed.row(by_predicate=(pl.col("lever") == "as_configured") & (pl.col("measure") == "place")
                     & (pl.col("criterion") == "on average"), named=True)  # fmt: skip
    enough = dict(own.select("supporters", "share").iter_rows())
    assert row["supporters"] is None or enough[row["supporters"]] >= 0.5 > enough.get(
        row["supporters"] - 1, 0
    )
    assert set(after["verdict"].cast(pl.String)) <= {
        "better",
        "worse",
        "no difference anyone would notice",
        "too close to call",
        "no difference",
    }
    shares = after.filter(pl.col("answer") != NOBODY_LEFT).group_by("week", "outcome", "whose").agg(
        pl.col("best_share").sum())  # fmt: skip
    assert shares["best_share"].to_numpy() == pytest.approx(np.ones(shares.height))
    assert (found / "report.html").stat().st_size > 20_000
    assert len(list((found / "figures").glob("*.svg"))) == 4


@pytest.mark.parametrize(
    ("changes", "promise", "says"),
    [
        ({"weeks": 8}, Promise(at=4), "at least 12"),
        ({}, Promise(at=20), "before the last week"),
        ({}, Promise(lost=9), "no more can leave than there are"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(changes, promise, says):
    with pytest.raises(InvalidInput, match=says):
        Staffing(changed(PAIRS, changes), Options(staffing=promise)).check()


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        (["experiment=staffing", "staffing.wait=0"], "staffing.wait is 0 weeks; it can be 1 to 52"),
        (
            ["staffing.wait=4"],
            "staffing has no meaning in experiment=main; it belongs to experiment=staffing",
        ),
        (["experiment=staffing", "staffing.wiat=4"], "Did you mean staffing.wait"),
    ],
)
def test_mistakes_on_the_command_line_are_answered(overrides, says):
    with pytest.raises(InvalidInput, match=says):
        plan(compose(overrides))
