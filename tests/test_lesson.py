"""A lesson says of its year what is true: why it was chosen, how it goes in other years, what would
have been otherwise; and every word of it can be said in both languages.
"""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from small_scenarios import small_scenario
from test_recording import Reader

import peersim
from peersim import InvalidInput, changed, simulate
from peersim.faces.lessons import lesson as making
from peersim.faces.lessons import puzzles
from peersim.faces.lessons.choosing import BY, LOOKED_AT, distances, telling, typical
from peersim.faces.lessons.lesson import SWITCHED_OFF, lesson_data, steps
from peersim.faces.lessons.plan import lesson_of, own_lesson
from peersim.faces.lessons.player import PARTS
from peersim.faces.lessons.reading import names
from peersim.faces.page import words
from peersim.kernel.catalogue import Sentence, fill, plain, speaking
from peersim.run.simulation import ensemble
from peersim.scenario.presets import config_folder
from peersim.studies.dropout_spread.attribution import departures_of, parents, trees

pytestmark = pytest.mark.compiles


@pytest.fixture(scope="module")
def contagion():
    return peersim.play("contagion")


@pytest.fixture(scope="module")
def standard():
    return peersim.play("standard", language="da")


@pytest.fixture(params=["standard", "contagion"])
def lesson(request):
    return request.getfixturevalue(request.param)


# -- the lessons ----------------------------------------------------------------------------------
def test_a_quarter_of_the_years_of_the_contagion_lesson_have_a_chain():
    scenario = lesson_of("contagion").designs["a"]
    long = 0
    for seed in range(1, 201):
        departures = departures_of(simulate(scenario, seed).world)
        if (parents(departures) >= 0).any():
            long += max(tree.generation.max() for tree in trees(departures)) >= 2
    assert long >= 50


def test_no_seed_is_written_down():
    for group in ("lessons", "puzzles"):
        for file in Path(config_folder(), group).glob("*.yaml"):
            text = re.sub("#.*", "", file.read_text("utf-8"))
            assert not re.search(r"\bseed", text), file


def test_lessons_are_exaggerated_openly_or_not_at_all(standard, contagion):
    assert standard.data["exaggerated"] is False and contagion.data["exaggerated"] is True
    keys = [each["key"] for each in contagion.data["banners"]]
    assert keys == ["play.exaggerated", "play.not_usual", "play.rare", "play.this_year"]
    assert [each["key"] for each in standard.data["banners"]] == ["play.typical", "play.this_year"]


# -- which year -----------------------------------------------------------------------------------
def test_the_longest_chain_bears_its_rank(contagion):
    first = peersim.find(lesson_of("contagion").designs["a"], seeds=200, top=1).row(0, named=True)
    assert contagion.seed == first["seed"]
    assert contagion.data["chosen"] == {
        "by": "chain",
        "rank": 1,
        "of": 200,
        "as_long_or_longer": first["as_large"],
        "size": first["size"],
    }


def test_a_typical_year_is_the_nearest_to_the_middle_one(standard):
    designs = lesson_of("standard").designs
    many = {key: ensemble(each, range(1, LOOKED_AT + 1)) for key, each in designs.items()}
    away = np.zeros(LOOKED_AT)
    for each in many.values():
        for outcome in BY:
            ends = each.at(52, outcome)
            away += ((ends - np.median(ends)) / ends.std()) ** 2
    assert standard.seed == 1 + int(away.argmin())
    near = int((away / 6 <= 1).sum())
    assert standard.data["chosen"]["as_long_or_longer"] == near
    assert standard.data["banners"][0]["values"] == {"n": near, "of": 200}
    assert 50 <= near <= 190


def test_where_nothing_differs_every_year_is_typical():
    nobody = small_scenario(communities=["digital"], sign_up__rate=0.02, weeks=1)
    many = {"a": ensemble(nobody, range(4))}
    many["a"].values[:] = many["a"].values[:1]
    assert distances(many).tolist() == [0, 0, 0, 0]
    assert typical(many).alike == 4


def test_the_largest_difference_bears_its_rank():
    one = small_scenario(communities=["group"])
    designs = {"a": one, "b": changed(one, {"cafe.per_week": 2})}
    found = telling(designs, "difference", "ties", 1)
    first = peersim.find(designs, "difference", seeds=200, top=1, outcome="ties").row(0, named=True)
    assert (found.seed, found.alike) == (first["seed"], first["as_large"])
    assert found.said.key == "faces.play.rare_difference"


def test_a_seed_that_is_given_is_shown_as_it_is():
    one = small_scenario(communities=["group"])
    page = peersim.play({"A": one, "B": changed(one, {"cafe.per_week": 1})}, seed=4)
    assert page.seed == 4 and page.data["chosen"] is None
    assert [each["key"] for each in page.data["banners"]] == ["play.this_year"]


# -- how it goes in other years -------------------------------------------------------------------
def test_what_is_asked_is_what_many_years_give(lesson):
    asked, designs = lesson.data["asked"], lesson_of(lesson.data["lesson"]).designs
    ends = {
        key: np.rint(24 * ensemble(each, range(1, 101)).at(52, asked["outcome"]))
        for key, each in designs.items()
    }
    shown = lesson.recording["years"]
    for key, each in ends.items():
        assert shown[key][asked["outcome"]]["ends"] == each.tolist()
    mine, better = ends[asked["world"]], asked["better_world"]
    inside = (mine >= asked["low"]) & (mine <= asked["high"])
    assert 90 <= inside.sum() and asked["low"] in mine and asked["high"] in mine
    worse = "a" if better == "b" else "b"
    sign = 1 if asked["better"] == "higher" else -1
    gain = sign * (ends[better] - ends[worse])
    assert (asked["better_years"], asked["alike_years"]) == ((gain > 0).sum(), (gain == 0).sum())
    runs = {key: simulate(each, lesson.seed).values[-1, 0] for key, each in designs.items()}
    place = [each.name for each in peersim.OUTCOMES].index(asked["outcome"])
    assert asked["found"] == round(24 * runs[asked["world"]][place])


def test_bands_are_quantiles_of_whole_people(standard):
    designs = lesson_of("standard").designs
    values = np.rint(24 * ensemble(designs["b"], range(1, 101)).values[:, :, 0, 7])
    bands = np.array(standard.recording["years"]["b"]["isolated"]["bands"])
    for row, share in zip(bands, (0.05, 0.25, 0.5, 0.75, 0.95), strict=True):
        assert ((values <= row).mean(axis=0) >= share - 1e-9).all()
        assert ((values < row).mean(axis=0) <= share + 1e-9).all()
    assert (bands == bands.astype(int)).all()


def test_other_years_are_the_first_ones_whatever_they_hold(lesson):
    seeds = [each["made"]["seed"] for each in lesson.data["recordings"]]
    others = [seed for seed in range(1, 12) if seed != lesson.seed][:10]
    assert seeds == [lesson.seed, *others]


# -- what if --------------------------------------------------------------------------------------
def test_a_switch_shows_the_world_with_that_setting(contagion):
    scenario = lesson_of("contagion").designs["a"]
    base = contagion.recording["worlds"][0]
    assert set(contagion.data["switches"]) == {f"{k:03b}" for k in range(7)} and contagion.data[
        "switchable"
    ] == ["social", "loss", "structure"]
    for bits, worlds in contagion.data["switches"].items():
        assert set(worlds) == {"a"}  # nothing spreads in B anyway
        shut = dict(
            SWITCHED_OFF[way] for way, bit in zip(SWITCHED_OFF, bits, strict=True) if bit == "0"
        )
        run = simulate(changed(scenario, shut), contagion.seed)
        assert worlds["a"]["departures"] == departures_in(run)
        read = Reader(worlds["a"], len(contagion.recording["people"]), base)
        takes_part = np.isin(run.world.status, (3, 4)).any(axis=1)
        assert ((read.standing[-1] & 15 > 0) == takes_part).all()


def departures_in(run):
    departures = run.world.departures[: int(run.world.clock["n_departures"][0])]
    names = ("week", "person", "community", "cause", "caused_by")
    return [[int(each[name]) for name in names] for each in departures]


def test_a_knock_out_is_a_year_in_which_somebody_is_kept(lesson):
    designs = lesson_of(lesson.data["lesson"]).designs
    labels = [each["id"] for each in lesson.recording["people"]]
    found = 0
    for key, scenario in designs.items():
        before = gone(simulate(scenario, lesson.seed).world)
        for each in lesson.data["knockouts"][key]:
            kept = {"week": each["week"], "keep": labels[each["person"]]}
            run = simulate(changed(scenario, {"events": [kept]}), lesson.seed)
            after = gone(run.world)
            others = [row for row in range(len(labels)) if row != each["person"]]
            assert each["stay"] == [row for row in others if before[row] and not after[row]]
            assert each["new"] == [row for row in others if after[row] and not before[row]]
            assert all(before[row] and after[row] for row, _ in each["later"])
            assert each["stay"] and each["world"]["departures"] == departures_in(run)
            found += 1
    assert found >= 3


def gone(world):
    """Who has left or lost their place, and takes part in nothing."""
    found = []
    for status, stays in zip(world.status.tolist(), world.memberships, strict=True):
        ends = [
            (int(stay["left"]), each in (5,) or (each == 6 and stay["cause"] == 8))
            for each, stay in zip(status, stays, strict=True)
            if each in (5, 6, 7)
        ]
        is_over = not {1, 2, 3, 4} & set(status)
        found.append(bool(is_over and ends and not max(ends)[1]))
    return found


# -- the page -------------------------------------------------------------------------------------
def sayings(data):
    """Every sentence in the data, however deep."""
    if isinstance(data, dict):
        if set(data) == {"key", "values"}:
            yield data
        for each in data.values():
            yield from sayings(each)
    elif isinstance(data, list):
        for each in data:
            yield from sayings(each)


@pytest.mark.parametrize("language", ["en", "da"])
def test_everything_is_said_in_both_languages(lesson, language):
    known = words(PARTS)[language]
    every = list(sayings(lesson.data))
    assert len(every) > 60
    with speaking(language):
        for each in every:
            assert each["key"] in known or f"{each['key']}.other" in known, each
            said = fill(f"faces.{each['key']}", sentences(each["values"]), plain)
            assert said.strip() and "{" not in said


def sentences(value):
    if isinstance(value, dict) and set(value) == {"key", "values"}:
        return Sentence(f"faces.{value['key']}", sentences(value["values"]))
    if isinstance(value, dict):
        return {name: sentences(each) for name, each in value.items()}
    return [sentences(each) for each in value] if isinstance(value, list) else value


def test_a_page_is_short_and_holds_both_languages(lesson):
    assert len(lesson.html.encode()) <= 250_000
    json.dumps(lesson.data, allow_nan=False)


def test_what_does_not_fit_is_left_out_the_last_first(monkeypatch):
    lesson = own_lesson(two_small())
    lesson_names = dict.fromkeys(making.ROOM, 9_000)
    monkeypatch.setattr(making, "ROOM", lesson_names)
    monkeypatch.setattr(puzzles, "_known", {name: {} for name in names("puzzles")})
    data = lesson_data(lesson, "en", "")
    assert 1 < len(data["recordings"]) < 11 and data["recordings"][1]["made"]["seed"] <= 2
    assert list(data["switches"])[:1] == ["000"]


def two_small():
    one = small_scenario(communities=["group"])
    return {"A": one, "B": changed(one, {"cafe.per_week": 1})}


def test_progress_comes_to_its_end(monkeypatch):
    done = []
    lesson = own_lesson(two_small())
    lesson_data(lesson, "en", "", 2, done.append)
    assert sum(done) == steps(lesson)


def test_a_page_shows_itself_in_a_notebook_and_nothing_gets_out(standard):
    shown = standard._repr_html_()
    assert shown.startswith('<iframe srcdoc="') and 'sandbox="allow-scripts' in shown
    assert "allow-same-origin" not in shown
    assert '"' not in shown.removeprefix('<iframe srcdoc="').split('" sandbox=')[0]
    assert "ordinary year" in repr(standard) and "24" in repr(standard)


def test_a_page_is_saved_whole_and_replaces_nothing_else(standard, tmp_path):
    place = standard.save(tmp_path / "new" / "lesson.html")
    assert place.read_text("utf-8") == standard.html == standard.save(place).read_text("utf-8")
    other = tmp_path / "notes.html"
    other.write_text("<p>mine</p>")
    for path, key in (
        (other, "errors.lesson.in_the_way"),
        (tmp_path / "lesson", "errors.lesson.no_html"),
    ):
        with pytest.raises(InvalidInput) as refused:
            standard.save(path)
        assert refused.value.key == key
    assert other.read_text() == "<p>mine</p>" and len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"designs": "standrad"}, "errors.setting.option"),
        ({"designs": {}}, "errors.comparison.designs"),
        ({"seed": "tellin"}, "errors.lesson.year"),
        ({"seed": -1}, None),
        ({"language": "sv"}, "errors.setting.option"),
        ({"workers": -1}, "errors.setting.whole"),
    ],
)
def test_what_cannot_be_is_refused(given, key):
    with pytest.raises(InvalidInput) as refused:
        peersim.play(**given)
    assert key is None or refused.value.key == key


def test_names_that_were_given_stand_on_the_page():
    page = peersim.play({"without": two_small()["A"], "<b>": two_small()["B"]}, seed=1)
    titles = [world["title"] for world in page.recording["worlds"]]
    assert [each["values"]["name"] for each in titles] == ["without", "<b>"]
    assert "<b>" not in page.html.split("<script")[0]


def test_words_of_the_page_do_not_name_what_pages_never_name():
    banned = r"\b(simulation|replicat|seed|parameter|node\b|konfidens|simulering|replikat)"
    for language, known in words(PARTS).items():
        for key, text in known.items():
            assert not re.search(banned, text, re.I), (language, key)
