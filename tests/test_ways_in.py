"""Ways in, need against withdrawal, and what earlier exclusion makes people expect."""

import dataclasses

import numpy as np
import pytest

from peersim.model.encounters import expected_fit
from peersim.model.gatherings import wish_for_cafe
from peersim.model.people import draw_of_need, lowness
from peersim.model.processes.attendance import Attendance, log_odds_of_coming
from peersim.model.processes.sign_up import (
    CONSENTED,
    INVITED,
    REFERRED,
    SignUp,
    WayIn,
    chance_of_sign_up,
    sign_up_rate,
)
from peersim.model.programme import Cafe
from peersim.model.vocabulary import AVAILABILITY, COMMUNITIES, GROUP, LEFT, MISFIT, NONE, RECIPIENT
from peersim.run.first_day import draw_up
from peersim.run.replicate import Replicate
from peersim.scenario.scenario import Scenario, changed


class Some:
    """A record with these values; of everything else, nothing."""

    def __init__(self, **values):
        vars(self).update(values)

    def __getattr__(self, name):
        return 0.0


def person(low=0.0, **traits):
    """Somebody so far below the middle in connectedness and hope."""
    return Some(connectedness=0.5 - low, hope=0.5 - low, role=RECIPIENT, **traits)


def sign_up(way=INVITED, **values):
    return Some(**(vars(SignUp()) | {"way_in": way} | values))


def attendance(**values):
    return dataclasses.replace(Attendance(), **values)


SETTINGS = [Some(exposure=exposure, effort=1.0) for exposure in (0.0, 0.3, 0.7, 1.0)]
SHY = {"social_anxiety": 0.9, "exclusion": 0.8}


# -- ways in -------------------------------------------------------------------------------------


def test_ways_in_are_numbered_as_they_are_packed():
    assert [way.name for way in WayIn] == ["invited", "referred", "consented"]
    assert (INVITED, REFERRED, CONSENTED) == (0, 1, 2)


@pytest.mark.parametrize("kind", SETTINGS)
def test_who_has_consented_signs_up_at_once_however_anxious(kind):
    for far in (0.0, 0.4, 2.0):
        assert chance_of_sign_up(person(**SHY), kind, far, sign_up(CONSENTED)) == 1.0


def test_who_is_referred_has_a_share_of_the_threshold_taken_from_them():
    kind, shy, bold = SETTINGS[2], person(**SHY), person(social_anxiety=0.0)
    invited = sign_up_rate(shy, kind, sign_up())
    rates = [sign_up_rate(shy, kind, sign_up(REFERRED, referral=share)) for share in (0, 0.5, 1)]
    assert rates[0] == invited < rates[1] < rates[2] == pytest.approx(SignUp().rate)
    assert rates[1] ** 2 == pytest.approx(rates[0] * rates[2])
    assert sign_up_rate(bold, kind, sign_up(REFERRED)) == sign_up_rate(bold, kind, sign_up())


# -- need ----------------------------------------------------------------------------------------


def test_the_low_are_drawn_where_the_threshold_is_low_and_kept_away_where_it_is_high():
    x = attendance(need=1.5, exposed_withdrawal=1.0)
    draw = [draw_of_need(person(0.3), kind.exposure, x) for kind in SETTINGS]
    assert draw == sorted(draw, reverse=True)
    assert draw[0] == pytest.approx(1.5 * 0.3) and draw[-1] == pytest.approx(-x.withdrawal * 0.3)
    assert [draw_of_need(person(-0.3), kind.exposure, x) for kind in SETTINGS] == [-d for d in draw]


@pytest.mark.parametrize("kind", SETTINGS)
def test_without_need_lowness_keeps_away_alike_everywhere(kind):
    """To the last bit as in the first edition."""
    x, m = attendance(need=0.0, exposed_withdrawal=0.0), Some(safety=0.5)
    p = Some(connectedness=0.31, hope=0.77, role=RECIPIENT)
    low = 1.0 - 0.5 * (p.connectedness + p.hope)
    assert log_odds_of_coming(p, m, kind.exposure, 0.0, x) == x.habit - x.withdrawal * (low - 0.5)
    calm, safe = person(0.0), wish_for_cafe(person(0.4), 0.5, Cafe(), x)
    assert wish_for_cafe(calm, 0.5, Cafe(), x) == safe


def test_withdrawal_is_shared_out_between_everywhere_and_where_one_is_exposed():
    m = Some(safety=0.5)
    for share in (0.0, 0.4, 1.0):
        x = attendance(exposed_withdrawal=share)
        odds = [log_odds_of_coming(person(0.2), m, exposed, 0.0, x) for exposed in (0.0, 1.0)]
        assert odds[1] == pytest.approx(x.habit - x.withdrawal * 0.2)
        assert odds[0] == pytest.approx(x.habit - (1 - share) * x.withdrawal * 0.2)


def test_need_draws_to_the_cafe():
    wish = [
        wish_for_cafe(person(0.3), 0.5, Cafe(), attendance(need=need)) for need in (0.0, 1.5, 4.0)
    ]
    assert wish[0] < wish[1] < wish[2]


@pytest.mark.parametrize("kind", SETTINGS)
def test_need_hastens_sign_up_of_the_low_and_slows_that_of_the_well(kind):
    rate = [sign_up_rate(person(low), kind, sign_up(need=2.0)) for low in (-0.3, 0.0, 0.3)]
    without = [sign_up_rate(person(low), kind, sign_up()) for low in (-0.3, 0.0, 0.3)]
    assert without[0] == without[1] == without[2] == rate[1]
    if kind.exposure < 1.0:
        assert rate[0] < rate[1] < rate[2]
    else:
        assert rate == without  # where everything is exposed need brings nobody


def test_lowness_is_that_of_connectedness_and_hope_alike():
    assert lowness(person(0.25)) == pytest.approx(0.25)
    lonely, hopeless = Some(connectedness=0.1, hope=0.5), Some(connectedness=0.5, hope=0.1)
    assert lowness(lonely) == pytest.approx(lowness(hopeless)) == pytest.approx(0.2)


# -- exclusion -----------------------------------------------------------------------------------


def test_who_has_been_excluded_expects_to_fit_in_less():
    x = Some(fit_exclusion=0.6)
    fits = [expected_fit(Some(exclusion=e), 0.5, x) for e in (0.0, 0.5, 1.0)]
    assert fits == pytest.approx([0.5, 0.35, 0.2])
    assert expected_fit(Some(exclusion=0.9), 0.4321, Some(fit_exclusion=0.0)) == 0.4321


# -- whole worlds --------------------------------------------------------------------------------

TOWN = {"population.recipients": 120, "population.supporters": 40, "population.arrival_weeks": 6,
        "weeks": 16, "training.weeks": 0, "training.uptake": 1.0}  # fmt: skip


def world(seed=4, **more):
    settings = TOWN | {path.replace("__", "."): value for path, value in more.items()}
    return Replicate(draw_up(changed(Scenario(), settings)), seed).run()


def weeks_to_sign_up(found, c):
    who = found.people["role"] == RECIPIENT
    signed = found.memberships["waiting"][who, c].astype(int)
    return np.where(signed < 0, 99, signed) - found.people["invited_week"][who]


@pytest.mark.compiles
def test_a_town_that_has_consented_is_in_the_week_it_arrives():
    settings = {"communities": list(COMMUNITIES), "sign_up.way_in": "consented"}
    town = Replicate(draw_up(changed(Scenario(), TOWN | settings | {"sign_up.rate": 0.02})), 4)
    for week in range(1, 8):
        found = town.run_to(week)
        who = found.people["role"] == RECIPIENT
        here = found.people["invited_week"][who] <= week
        assert (found.status[who] != NONE).all(axis=1).tolist() == here.tolist()
    assert here.all()


@pytest.mark.compiles
def test_nobody_comes_later_for_being_referred_and_the_shy_gain_most():
    by_way = [world(communities=["group"], sign_up__way_in=w) for w in ("invited", "referred")]
    invited, referred = (weeks_to_sign_up(each, GROUP) for each in by_way)
    assert (referred <= invited).all() and (referred < invited).any()
    anxiety = by_way[0].people["social_anxiety"][: len(invited)]
    brought = (invited > 16) & (referred <= 16)
    assert anxiety[brought].mean() > anxiety[invited <= 16].mean()


@pytest.mark.compiles
def test_need_brings_the_low_to_a_drop_in_place_sooner_and_the_well_later():
    rooms = {"communities": ["availability"]}
    without, with_need = world(**rooms), world(**rooms, sign_up__need=4.0)
    start = without.people[: TOWN["population.recipients"]]
    low = 1 - 0.5 * (start["own_connectedness"] + start["own_hope"]) - 0.5
    weeks = [weeks_to_sign_up(each, AVAILABILITY) for each in (without, with_need)]
    lowest, well = low > 0.15, low < -0.15
    assert min(lowest.sum(), well.sum()) > 10
    assert (weeks[1][lowest] <= weeks[0][lowest]).all() and (weeks[1] < weeks[0])[lowest].any()
    assert (weeks[1][well] >= weeks[0][well]).all() and (weeks[1] > weeks[0])[well].any()


@pytest.mark.compiles
@pytest.mark.parametrize("name", ["group", "one_to_one"])
def test_the_excluded_leave_sooner_for_want_of_fit_where_they_expect_not_to_fit(name):
    place = {"communities": [name], "sign_up__way_in": "consented", "departure__misfit": 0.05,
             "population__arrival_weeks": 1, "safety__impression": 0.05}  # fmt: skip
    left = []
    for share in (0.0, 1.0):
        worlds = [world(seed, **place, safety__fit_exclusion=share) for seed in range(1, 5)]
        who = np.concatenate([each.people["exclusion"] > 0.6 for each in worlds])
        c = COMMUNITIES.index(name)
        gone = [
            (each.status[:, c] == LEFT) & (each.memberships["cause"][:, c] == MISFIT)
            for each in worlds
        ]
        left.append(np.concatenate(gone)[who].mean())
    assert left[1] > left[0] + 0.03
