"""`peersim share`: every answer in a file to send on is that of the server to the same question, and what
is somebody's own is not in it.
"""

import base64
import gzip
import itertools
import json
import re
import shlex
import sys

import numpy as np
import polars as pl
import pytest

from peersim import compare
from peersim.app.endpoints import Desk
from peersim.app.people import read, with_people
from peersim.app.questions import Question
from peersim.app.turns import Stop
from peersim.commands import cli
from peersim.faces.recording import NOT_TOLD
from peersim.faces.sharing.courses import of_dots
from peersim.faces.sharing.file import Sharing, planned, shared, written
from peersim.faces.sharing.grid import OUTCOMES
from peersim.faces.sharing.own_people import rounded
from peersim.faces.sharing.sliders import sliders, usual
from peersim.kernel.catalogue import speaking
from peersim.kernel.declaration import InvalidInput
from peersim.run.first_day import draw_up
from peersim.scenario.scenario import Scenario, changed

SETTINGS = {"population.recipients": 12, "population.supporters": 4, "weeks": 12}
A = {**SETTINGS, "communities": ["one_to_one"]}
B = {**SETTINGS, "communities": ["one_to_one", "group"], "cafe.per_week": 1.0}
LEVERS = ["cafe.per_week", "population.supporters"]
YEARS = 50


def sharing(a=A, b=B, levers=LEVERS, **more):
    designs = [changed(Scenario(), each) for each in (a, b)]
    return Sharing(*designs, levers, **{"years": YEARS, "workers": 1, **more})


def unpacked(page):
    text = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1]
    return json.loads(gzip.decompress(base64.b64decode(text)))["data"]


@pytest.fixture(scope="module")
def data():
    ran, plan = [], planned(sharing())
    found = shared(plan, "en", ran.append)
    assert sum(ran) == plan.runs
    return found


@pytest.fixture(scope="module")
def one():
    """A file with one slider, and a year that somebody has chosen."""
    return shared(planned(sharing(levers=LEVERS[:1], year=7)), "en")


def added(steps, decimals):
    """The numbers that steps stand for, as the page adds them up."""
    found, at = [], 0
    for step in steps:
        at += step or 0
        found.append(None if step is None else at / 10.0**decimals)
    return found


def answered(a, b, **more):
    body = {"a": a, "b": b, "pairs": YEARS, "outcomes": list(OUTCOMES), **more}
    return Desk(), Question(body)


# -- answers --------------------------------------------------------------------------------------
@pytest.mark.compiles
@pytest.mark.parametrize("places", list(itertools.product(range(3), range(3))))
def test_each_place_of_the_sliders_holds_the_answer_of_the_server(data, places):
    values = [lever["values"][place] for lever, place in zip(data["levers"], places, strict=True)]
    moved = dict(zip(LEVERS, values, strict=True))
    desk, asked = answered(A | {LEVERS[1]: moved[LEVERS[1]]}, B | moved)
    *_, line = desk.compare(asked, Stop())
    found = data["answers"][",".join(map(str, places))]
    assert found["cost"] == line["cost"]
    assert [found[name] for name in ("weeks", "invited")] == [12, 12]
    assert found["traits"] == desk.groups(asked, Stop())["traits"]
    assert found["strain"] == {name: desk.strain(asked, Stop())[name] for name in "ab"}
    assert set(found["outcomes"]) == set(OUTCOMES)
    for name, each in found["outcomes"].items():
        theirs = line["outcomes"][name]
        assert {key: value for key, value in each.items() if key != "dots"} == {
            key: value for key, value in theirs.items() if key not in ("a", "b", "dots")
        }
        decimals = of_dots(data["digits"][name])
        far = 0.5 * 10.0**-decimals + 1e-9
        assert np.allclose(added(each["dots"], decimals), theirs["dots"], atol=far)
        assert not theirs["in_people"]["of"] or decimals == 4  # in people they come out whole
        for side in "ab":
            rows = data["courses"][found[side]][name]
            kept = np.array([added(row, data["digits"][name]) for row in rows], float)
            far = 0.5 * 10.0 ** -data["digits"][name] + 1e-9
            assert np.allclose(kept, np.array(theirs[side], float), atol=far, equal_nan=True)


@pytest.mark.compiles
def test_the_answer_is_that_of_compare(data):
    designs = {"A": changed(Scenario(), A), "B": changed(Scenario(), B | {"cafe.per_week": 2.0})}
    table = compare(designs, replicates=YEARS, parameters="plausible")
    for name in ("isolated", "connectedness", "cost"):
        row = table.row(by_predicate=pl.col("outcome") == name, named=True)
        found = data["answers"]["2,1"]["outcomes"][name]["difference"]
        assert np.allclose(found, [-row["difference"], -row["high"], -row["low"]], atol=1e-4)


@pytest.mark.compiles
def test_what_it_rests_on_is_that_of_the_server(data):
    desk, asked = answered(A, B)
    for name in ("isolated", "hope"):
        asked.body["outcomes"] = [name]
        theirs = desk.rests_on(asked, Stop())
        found = data["rests_on"]["outcomes"][name]
        without = {"tried": len(theirs["tried"]), "others": []}
        assert found == {key: theirs[key] for key in found} | without
    assert data["rests_on"]["kinds"] == theirs["kinds"]
    theirs = desk.after(asked, Stop())
    assert data["after"] == {key: theirs[key] for key in data["after"]}


@pytest.mark.compiles
def test_the_year_is_that_of_the_server(data):
    desk, asked = answered(A, B, find="typical")
    theirs = desk.recording(asked, Stop())
    assert data["recording"]["worlds"] == theirs["worlds"]
    assert data["recording"]["chosen"]["of"] == YEARS


@pytest.mark.compiles
def test_a_year_can_be_chosen_or_left_out(one):
    assert one["recording"]["made"]["seed"] == 7 and one["recording"]["chosen"] is None
    none = sharing(levers=LEVERS[:1], year="none", parameters="defaults")
    assert shared(planned(none), "en")["recording"] is None


# -- sliders --------------------------------------------------------------------------------------
def test_a_slider_has_the_value_of_the_design_and_others_beside_it():
    found = sliders(
        *(changed(Scenario(), each) for each in (A, B)),
        ["cafe.per_week", "group.size", "organisation"],
    )
    assert [each.values for each in found] == [
        (0, 1, 2),
        (4, 8, 12),
        ("independent", "outreach", "integrated"),
    ]
    assert [each.values[each.start] for each in found] == [1, 8, "independent"]
    assert [each.both for each in found] == [False, False, False]


def test_a_slider_leaves_out_what_does_not_go_with_the_rest():
    """A group has two leaders, so that a single peer would not do."""
    a, b = (changed(Scenario(), each | {"population.supporters": 2}) for each in (A, B))
    assert sliders(a, b, ["population.supporters"])[0].values == (2, 3)


def test_what_designs_have_apart_is_moved_in_b_alone():
    a = changed(Scenario(), A | {"population.supporters": 6})
    (found,) = sliders(a, changed(Scenario(), B), ["population.supporters"])
    assert not found.both and found.values == (2, 4, 6)


def test_sliders_that_nobody_named_move_something():
    a, b = (changed(Scenario(), each) for each in (A, B))
    names = usual(b)
    assert names == ["one_to_one.every", "group.size", "cafe.per_week"]
    assert all(len(each.values) == 3 for each in sliders(a, b, names))


@pytest.mark.parametrize(
    ("levers", "said"),
    [
        (["digital.moderation"], "changes nothing in B, which never has digital"),
        (["cafe.per_week", "cafe.per_week"], "twice"),
        (
            ["cafe.per_week", "group.size", "group.weeks", "organisation"],
            "names 4; a file has at least one slider and at most 3",
        ),
        (["cafe.per_weak"], "Did you mean cafe.per_week?"),
        (["departure.drift"], "levers is departure.drift"),
    ],
)
def test_sliders_that_cannot_be_are_refused(levers, said):
    with pytest.raises(InvalidInput, match=re.escape(said)):
        planned(sharing(levers=levers))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"years": 75}, "each of 50 dots stands for as many years"),
        ({"a": A | {"weeks": 20}}, "do not last equally long: 20 and 12 weeks"),
        ({"a": A | {"population.recipients": 20}}, "not of the same people"),
    ],
)
def test_what_cannot_be_compared_is_refused(more, said):
    with pytest.raises(InvalidInput, match=re.escape(said)):
        planned(sharing(**more))


# -- own people -----------------------------------------------------------------------------------
NAMES = [f"Navn {letter}sen" for letter in "ABCDEFGHIJKL"]
ANXIETY = [0.07, 0.92, 0.31, 0.44, 0.58, 0.63, 0.11, 0.86, 0.29, 0.73, 0.05, 0.97]
ROWS = [f"{name};deltager;{str(x).replace('.', ',')};{k % 7};{1.5 + k};Hold hemmelig" for k, (name, x) in enumerate(zip(NAMES, ANXIETY, strict=True))]  # fmt: skip
LIST = "\n".join(["navn;rolle;social angst;venner;timer om ugen;gruppe", *ROWS, "Peer Persson;frivillig;;;;", "Petra Persson;frivillig;;;;"])  # fmt: skip


def own(rows=LIST):
    return read(rows.encode()).people


def with_own(settings, people):
    others = {path: value for path, value in settings.items() if "population." not in path}
    return changed(with_people(Scenario(), people), others)


def own_sharing(people, **more):
    a, b = (with_own(each, people) for each in (A, B | {"group.leaders": 1}))
    return Sharing(a, b, ["cafe.per_week"], years=YEARS, workers=1, **more)


def test_own_people_are_sent_on_only_if_that_is_asked_for():
    with pytest.raises(InvalidInput, match=r"With own_people=rounded they go into the file"):
        planned(own_sharing(own()))


def test_few_people_are_never_sent_on():
    few = own("\n".join([LIST.splitlines()[0], *ROWS[:8], "Peer Persson;frivillig;;;;"]))
    with pytest.raises(InvalidInput, match="fewer than 10 people"):
        planned(own_sharing(few, own_people="rounded"))


@pytest.mark.compiles
def test_a_file_of_own_people_knows_them_by_new_codes_and_in_thirds():
    people = own()
    found = shared(planned(own_sharing(people, own_people="rounded")), "da")
    text = json.dumps(found, ensure_ascii=False) + written(found, pack=False)
    for secret in (*NAMES, "Persson", "hemmelig", "own people", "own_people_file"):
        assert secret not in text
    assert not any(str(key) in text for key in people.keys)
    assert found["own_people"] and not set(NOT_TOLD) & found["designs"]["b"].keys()
    everybody = found["recording"]["people"]
    assert [each["id"] for each in everybody] == [*(f"D{k}" for k in range(1, 13)), "P1", "P2"]
    thirds = [each["anxiety"] for each in everybody[:12]]
    assert set(thirds) <= {17, 50, 83}
    assert sorted(thirds) == sorted(17 if x < 1 / 3 else 50 if x < 2 / 3 else 83 for x in ANXIETY)
    assert thirds != [17 if x < 1 / 3 else 50 if x < 2 / 3 else 83 for x in ANXIETY]  # other order


def test_people_who_are_named_in_an_event_are_named_by_their_new_code():
    people = own()
    scenario = changed(with_own(B, people), {"events": [{"week": 3, "leave": "D5"}], "group.leaders": 1})  # fmt: skip
    later = rounded(scenario)
    (event,) = later.events
    place = later.people.codes.index(event["leave"])
    assert later.people.keys[place] == people.keys[4]
    assert draw_up(later).labels[place] == event["leave"]


def test_numbers_that_are_no_shares_are_those_of_thirds_of_the_list():
    later = rounded(with_own(A, own())).people
    hours = later.columns["spare_hours"]
    assert len(set(hours[np.isfinite(hours)])) == 3
    assert all(np.sum(hours == value) >= 3 for value in set(hours[np.isfinite(hours)]))
    for name in ("social_anxiety", "outside_ties", "spare_hours"):
        before, after = own().columns[name], later.columns[name]
        assert np.nanmean(after) == pytest.approx(np.nanmean(before), abs=0.35 * np.nanstd(before))


# -- the server -----------------------------------------------------------------------------------
@pytest.mark.compiles
def test_the_server_makes_the_same_file(one):
    body = {"a": A, "b": B, "pairs": YEARS, "levers": LEVERS[:1], "year": 7, "title": "x" * 200}
    found = unpacked(Desk().share(Question(body, "da"), Stop()))
    assert found["title"] == "x" * 80 and found["language"] == "da"
    for name in ("levers", "digits", "courses", "answers", "recording", "designs", "controls"):
        assert found[name] == json.loads(json.dumps(one[name]))


def test_the_server_asks_before_own_people_are_sent_on():
    desk = Desk()
    handle = desk.people.keep(read(LIST.encode()))
    body = {"a": {"weeks": 12}, "b": {"weeks": 12, "cafe.per_week": 1}, "people": handle}
    with pytest.raises(InvalidInput) as refused:
        desk.share(Question({**body, "levers": ["cafe.per_week"]}), Stop())
    assert refused.value.key == "errors.share.own_people"


# -- the command ----------------------------------------------------------------------------------
@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Run the command line in an empty folder; its exit code, and what it says."""
    monkeypatch.chdir(tmp_path)

    def of(line):
        monkeypatch.setattr(sys, "argv", ["peersim", *shlex.split(line)])
        code = 0
        with speaking("en"):
            try:
                cli.main()
            except SystemExit as left:
                code = left.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return of


@pytest.mark.composes
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("share", "Say what sets them apart"),
        ("share project=reden", "Say what sets them apart"),
        ("share b.cafe.per_week=1 years=10", "There is no setting called years."),
        ("share b.cafe.per_week=1 lever=[cafe.per_week]", "Did you mean levers?"),
        ("share b.cafe.per_week=1 levers=[group.size]", "changes nothing in B"),
        ("share b.cafe.per_week=1 replicates=30", "replicates is 30"),
        ("share b.cafe.per_week=1 year=telling", "year is telling"),
        ("share b.cafe.per_week=1 own_people=yes", "own_people is yes"),
        ("share b.cafe.per_week=1 parameters=all", "parameters is all"),
        ("share b.cafe.per_week=1 out=share.txt", "must end in .html"),
        ("share b.cafe.per_week=1 language=sv", "language is sv"),
        ("share b.cafe.per_week=1 experiment=compare", "experiment belongs to experiments"),
        ("share cafe", "cafe is no setting"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_nothing_is_written(run, tmp_path, line, said):
    code, out, error = run(line)
    assert code == 2 and said in error and "Traceback" not in error and not out
    assert not list(tmp_path.iterdir())


@pytest.mark.compiles
@pytest.mark.composes
def test_the_command_writes_the_file(run, tmp_path, one):
    small = "population.recipients=12 population.supporters=4 weeks=12"
    designs = "a.communities=[one_to_one] b.communities=[one_to_one,group] b.cafe.per_week=1"
    code, out, _ = run(
        f"share {small} {designs} levers=[{LEVERS[0]}] year=7 replicates={YEARS} language=da out=her.html"
    )
    assert code == 0 and "her.html er skrevet" in out
    found = unpacked((tmp_path / "her.html").read_text("utf-8"))
    assert found["language"] == "da"
    for name in ("levers", "courses", "answers", "recording"):
        assert found[name] == json.loads(json.dumps(one[name]))


@pytest.mark.compiles
@pytest.mark.composes
def test_the_command_asks_before_own_people_are_sent_on(run, tmp_path):
    (tmp_path / "hemmelig_liste.csv").write_text(LIST, "utf-8")
    line = f"share population.file={tmp_path}/hemmelig_liste.csv weeks=12 b.cafe.per_week=1 levers=[cafe.per_week] replicates={YEARS} parameters=defaults"
    code, _, error = run(line)
    assert code == 2 and "own_people=rounded" in error and not (tmp_path / "share.html").exists()
    code, _, error = run(f"{line} own_people=rounded")
    assert code == 0
    page = (tmp_path / "share.html").read_text("utf-8")
    text = json.dumps(unpacked(page), ensure_ascii=False)
    for secret in (*NAMES, "Persson", "hemmelig", str(tmp_path), "population.file"):
        assert secret not in text and secret not in page
