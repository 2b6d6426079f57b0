"""A project's own list: however it is written it is read alike, and what the model makes of it is
what was planted."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from peersim.commands.configuration import load_scenario
from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.run.first_day import draw_up
from peersim.scenario.scenario import changed
from peersim.studies.check_own_data import study as own_data
from peersim.studies.check_own_data import value_of_records as worth
from peersim.studies.check_own_data.attendance import (
    Attendance,
    by_week,
    listed,
    rhythm_of,
    since_start,
    statistics,
    still_coming,
)
from peersim.studies.check_own_data.checks import CHECKS, fit_of, fits, in_words, together
from peersim.studies.check_own_data.figures import side_of
from peersim.studies.check_own_data.kinds import KINDS
from peersim.studies.check_own_data.model_lists import model_list
from peersim.studies.check_own_data.options import Options
from peersim.studies.check_own_data.reading import read_attendance
from peersim.studies.check_own_data.sentences import in_a_word, runs_made

EXAMPLE = str(Path(__file__).resolve().parents[1] / "configs" / "examples" / "attendance.csv")
PEOPLE = ["Asta", "Bo", "Çağla", "Dina", "Erik", "Fie"]
WEEKS = [
    [1, 1, 0, 1, 1],
    [1, 0, 0, 0, 1],
    [0, 1, 1, 1, 0],
    [1, 1, 1, 1, 1],
    [0, 0, 1, 0, 1],
    [1, 0, 0, 0, 0],
]
DAYS = ["17-12-2024", "24-12-2024", "31-12-2024", "07-01-2025", "14-01-2025"]


def write(folder, text, encoding="utf-8"):
    file = folder / "liste.csv"
    file.write_bytes(text.encode(encoding))
    return str(file)


def rows(style, sep=";"):
    """The same six people and five weeks, one row a visit or an absence."""
    return "".join(sep.join(style(p, w)) + "\n" for p in range(6) for w in range(5) if style(p, w))


def presences(p, w):
    return (PEOPLE[p], DAYS[w]) if WEEKS[p][w] else None


FORMS = {
    "presences": ("Navn;Dato\n" + rows(presences), "utf-8"),
    "as a Danish spreadsheet saves it": ("NAVN;dato;Fremmøde;Bemærkning\n" + rows(lambda p, w: (
        PEOPLE[p].replace("Ç", "C").replace("ğ", "g"), DAYS[w].replace("-", "/"), ["afbud", "Ja"][WEEKS[p][w]], "ø")), "latin-1"),
    "decimal commas": ("deltager;mødedato;mødt\n" + rows(lambda p, w: (PEOPLE[p], DAYS[w], f"{WEEKS[p][w]},0")), "utf-8-sig"),
    "dates of the ISO": ("person,date,present\n" + rows(lambda p, w: (
        PEOPLE[p], "-".join(reversed(DAYS[w].split("-"))), ["no", "x"][WEEKS[p][w]]), ","), "utf-8"),
    "weeks with years": ("borger\tuge\tår\n" + rows(lambda p, w: (
        PEOPLE[p], str([51, 52, 1, 2, 3][w]), ["2024", "2025"][w > 1]) if WEEKS[p][w] else None, "\t"), "utf-8"),
    "weeks over New Year": ("borger;uge\n" + rows(lambda p, w: (
        PEOPLE[p], f"uge {[51, 52, 1, 2, 3][w]}") if WEEKS[p][w] else None), "utf-8"),
    "a column a week": ("Liste for vinteren;;;;;;\nDeltager;51;52;1;2;3;I alt\n" + "".join(
        f"{PEOPLE[p]};{';'.join('x' if w else '' for w in WEEKS[p])};{sum(WEEKS[p])}\n" for p in range(6))
        + "I alt;4;3;3;3;4;17\n", "utf-16"),
    "a column a day": ("Navn;" + ";".join(DAYS) + "\n" + "".join(
        f"{PEOPLE[p]};{';'.join(map(str, WEEKS[p]))}\n" for p in range(6)), "utf-8"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_however_a_list_is_written_it_is_read_alike(form, tmp_path):
    own = read_attendance(write(tmp_path, *FORMS[form]))
    assert own.attendance.count.tolist() == WEEKS
    assert sorted(own.attendance.sizes) == [3, 3, 3, 4, 4]


def test_who_never_came_who_supports_and_what_else_is_kept_are_told_apart(tmp_path):
    text = "navn;dato;rolle;fremmøde;årsag\n" + rows(
        lambda p, w: (PEOPLE[p], DAYS[w], "", "01"[WEEKS[p][w]], "")
    )
    text += f"Gro;{DAYS[0]};;nej;flyttet\nHans;{DAYS[1]};frivillig;ja;\nIda;;;;flyttet\nAsta;{DAYS[0]};;ja;\n"
    own = read_attendance(write(tmp_path, text))
    assert own.attendance.count.tolist() == WEEKS and (own.never_came, own.supporters) == (1, 1)
    assert own.recorded == {"absences", "role", "reason"}
    assert Sentence("notes.twice", {"n": 1}) in own.notes


GOOD = FORMS["decimal commas"][0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "Bo;07-01-2025;måske\n", "row 32: mødt is måske; it can be 1, x or ja"),
        (GOOD + "Bo;07-01-2025;23\n", "row 32: mødt is 23"),
        (GOOD + "Bo;31-02-2025;1\n", "row 32: mødedato is 31-02-2025; write it as day-month-year"),
        (GOOD + "Bo;;1\n", "row 32: mødedato is empty"),
        (GOOD + ";07-01-2025;1\n", "row 32: deltager is empty"),
        (GOOD + "Bo;07-01-1925;1\n", "Is the year right?"),
        (
            "navn;dato;rolle\nBo;07-01-2025;direktør\n",
            "row 2: rolle is direktør; it can be deltager",
        ),
        ("dato;mødt\n07-01-2025;ja\n", "no column called person"),
        ("navn;mødt\nBo;ja\n", "who but not when"),
        ("navn;uge\nBo;51\nBo;2025-W01\n", "has no year"),
        ("navn;uge\nBo;maj\n", "row 2: uge is maj; write it as a number"),
        (
            "navn;dato\n" + rows(lambda p, w: (PEOPLE[p], DAYS[w]) if p < 3 else None),
            "needs at least 5",
        ),
        ("navn;dato\n" + rows(lambda p, w: (PEOPLE[p], DAYS[0])), "spans 1 weeks"),
        ("navn;dato\n", "no rows"),
        ("", "is empty"),
        ("PK\x03\x04\x00", "is a spreadsheet"),
    ],
)
def test_a_bad_list_gets_one_sentence_that_says_where(text, said, tmp_path):
    with pytest.raises(InvalidInput) as complaint:
        read_attendance(write(tmp_path, text))
    assert said in str(complaint.value) and "liste.csv" in str(complaint.value)


def test_a_missing_file_is_met_with_the_nearest(tmp_path):
    write(tmp_path, GOOD)
    with pytest.raises(InvalidInput, match=r"liste\.csv"):
        read_attendance(str(tmp_path / "lister.csv"))


def test_numbers_are_those_that_one_counts_by_hand():
    weeks = 12
    count = np.zeros((6, weeks), np.int64)
    count[0, 0] = 1  # once, and never again
    count[1, 0:8] = 1  # eight weeks on end
    count[2, [0, 4, 11]] = 1  # twice back after a break
    count[3, 2:12] = 1
    count[4, [0, 1]] = 1, 2
    count[5, 0:2] = 1
    attendance, rhythm = Attendance(count, np.array([5, 3, 3, 2, 6])), rhythm_of(1.0, weeks)
    found = statistics(attendance, rhythm)
    assert found["came_back"] == pytest.approx(5 / 6)
    assert found["early"] == pytest.approx((0 + 4 + 1 + 4 + 1 + 1) / 24)
    assert found["still_4"] == pytest.approx(3 / 6)  # of those followed for eight weeks: all six
    assert np.isnan(found["still_12"])
    assert found["returned"] == pytest.approx(1 / 6)
    assert found["visits"] == pytest.approx((1 + 8 + 3 + 10 + 3 + 2) / 6)
    assert (found["size"], found["thin"]) == (pytest.approx(3.8), pytest.approx(3 / 5))
    assert still_coming(since_start(attendance, rhythm), rhythm)[0] == 1.0
    assert by_week(attendance).sizes.tolist()[:3] == [5, 3, 2]


def test_the_window_begins_when_the_first_person_comes():
    count = np.zeros((3, 10), np.int64)
    count[0, 3], count[1, 6], count[2, 9] = 1, 2, 1
    seen = listed(count, np.array([[3, 1], [6, 1], [9, 1]]), 5)
    assert seen.count.tolist() == [[1, 0, 0, 0, 0], [0, 0, 0, 2, 0]] and seen.sizes.tolist() == [
        1,
        1,
    ]


@pytest.mark.compiles
@pytest.mark.parametrize("community", ["one_to_one", "group", "availability", "digital"])
def test_the_list_of_a_world_is_what_its_members_attended(community):
    scenario = load_scenario([f"communities=[{community}]", "population.recipients=20", "weeks=20"])
    seen = model_list(draw_up(scenario), 3)
    attended = seen.world.memberships["attended"][: len(seen.visits)].sum(axis=1)
    assert seen.visits.sum() > 0
    assert seen.visits.sum(axis=1).tolist() == attended.tolist()
    if community == "group":
        assert seen.sizes[:, 1].sum() == seen.visits.sum()


def test_a_verdict_needs_enough_lists_and_says_the_side():
    lists = np.linspace(0.6, 0.9, 200)
    assert fit_of(CHECKS[0], 0.75, lists).verdict == "as_expected"
    assert fit_of(CHECKS[0], 0.95, lists).verdict == "higher"
    assert (
        not fit_of(CHECKS[0], np.nan, lists).is_miss
        and not fit_of(CHECKS[0], 0.1, lists * np.nan).is_miss
    )


@pytest.mark.parametrize(
    ("observed", "lists", "why"),
    [
        (np.nan, np.linspace(0.6, 0.9, 200), "cannot_tell"),
        (0.7, np.linspace(0.6, 0.9, 12), "few_runs"),
        (0.7, np.r_[np.linspace(0.6, 0.9, 15), [np.nan] * 5], "few_runs"),
        (0.7, np.r_[np.linspace(0.6, 0.9, 30), [np.nan] * 170], "seldom"),
    ],
)
def test_why_there_is_no_verdict(observed, lists, why):
    """What we ran too little of is not put down to the list."""
    found = fit_of(CHECKS[0], observed, lists)
    assert found.verdict == why and not found.is_miss
    facts = {"answered": 0, "unanswered": {"came_back": why}, "lists": len(lists)}
    said = str(in_a_word(facts))
    assert ("list is too short" in said) == (why == "cannot_tell")
    assert ("replicates" in said) == (why == "few_runs")
    answered = {**facts, "answered": 5, "missed": 0, "usual": 0.5}
    assert ("replicates" in " ".join(map(str, runs_made(answered)))) == (len(lists) < 100)


def test_of_lists_that_the_model_makes_one_in_ten_numbers_is_missed():
    chance = np.random.default_rng(5)
    lists = [{check.name: float(value) for check, value in zip(CHECKS, chance.normal(size=len(CHECKS)), strict=True)}
             for _ in range(1000)]  # fmt: skip
    found = together(fits(lists[0], lists), lists)
    assert found.usual == pytest.approx(0.1 * len(CHECKS), rel=0.05)
    far = dict.fromkeys(lists[0], 10.0)
    assert together(fits(far, lists), lists).as_many < 0.01


def known_sets(n=150):
    """Sets in which the reasons tell one target, the list another, and nothing the third."""
    chance = np.random.default_rng(2)
    hidden, plain = chance.normal(size=n), chance.normal(size=n)
    records = {kind.name: chance.normal(size=(n, 3)) for kind in KINDS}
    records["reasons"][:, 0] = hidden + 0.3 * chance.normal(size=n)
    truth = np.column_stack([hidden, plain, chance.normal(size=n)])
    base = np.column_stack([plain + 0.1 * chance.normal(size=n), chance.normal(size=n)])
    return worth.Known(np.column_stack([hidden, plain]), truth, base, records)


def test_the_record_that_tells_what_the_list_does_not_comes_first():
    advice = worth.advise(known_sets(), [])
    assert advice.chosen[0].kind.name == "reasons" and advice.chosen[0].each["gain"] > 0.8
    assert advice.known_now["connectedness"] > 0.9 and advice.known_now["gain"] < 0.1
    assert all(other.narrowed < 0.05 for other in advice.worths[1:])
    assert advice.chosen[0].parameters > 0.3


def test_what_is_kept_already_is_not_advised():
    advice = worth.advise(known_sets(), ["reason"])
    assert (
        "reasons" not in [each.kind.name for each in advice.worths]
        and advice.known_now["gain"] > 0.8
    )


def run(scenario, options):
    return own_data.CheckOwnData(scenario, options.checked()).carry_out()


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """A list by the model itself with first meetings that put people off, compared with the usual
    model."""
    folder = tmp_path_factory.mktemp("own")
    usual = load_scenario(["communities=[group]"])
    planted = changed(usual, {"departure.first_meeting_group": 2.5, "population.recipients": 60, "weeks": 26,
                              "population.supporters": 16})  # fmt: skip
    seen = model_list(draw_up(planted), 7)
    lines = [
        f"Hemmelig{i};{week + 1}"
        for i, row in enumerate(seen.visits)
        for week in np.flatnonzero(row)
    ]
    data = write(folder, "navn;uge\n" + "\n".join(lines) + "\n")
    own = ["communities=[group]"]
    options = Options(replicates=40, data=data, overrides=own, out=str(folder / "out"), workers=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(own_data.SIZES, "quick", own_data.Effort(2, 24, 2))
        run(usual, options)
    return folder / "out"


@pytest.mark.compiles
def test_what_was_planted_is_found(answered):
    checks = pl.read_parquet(answered / "checks.parquet")
    missed = checks.filter(pl.col("check") == "came_back")["verdict"].item()
    assert missed == in_words("came_back", "lower").english
    causes = pl.read_parquet(answered / "check_causes.parquet")
    assert (
        "departure.first_meeting_group"
        in causes.filter(pl.col("check") == "came_back")["parameter"]
    )
    needed = causes.filter(
        pl.col("parameter") == "departure.first_meeting_group", pl.col("check") == "came_back"
    )["needed"]
    assert 0.5 < needed.item() <= 3.0


@pytest.mark.compiles
def test_nothing_in_the_results_names_a_person(answered):
    for file in answered.rglob("*"):
        if file.is_file():
            assert b"Hemmelig" not in file.read_bytes(), file


@pytest.mark.compiles
def test_the_folder_holds_figures_a_page_and_what_identifies_the_list(answered):
    assert {path.name for path in (answered / "figures").glob("*.svg")} >= {
        "fit.svg",
        "coming.svg",
        "still.svg",
        "visits.svg",
    }
    page = (answered / "report.html").read_text("utf-8")
    assert "The model beside your list" in page
    known = json.loads((answered / "manifest.json").read_text("utf-8"))["identity"]
    assert len(known["records"]) == 64 and known["data"].endswith("liste.csv")
    assert pl.read_parquet(answered / "records.parquet")[
        "chosen"
    ].drop_nulls().sort().to_list() == [1, 2, 3]


def test_without_a_list_it_says_how_to_name_one(tmp_path):
    with pytest.raises(InvalidInput, match=r"data=attendance\.csv"):
        run(load_scenario(["communities=[group]"]), Options(out=str(tmp_path / "x")))
    assert not (tmp_path / "x").exists()


def test_a_bad_list_leaves_nothing_behind(tmp_path):
    settings = Options(data=write(tmp_path, "navn\nBo\n"), out=str(tmp_path / "out")).checked()
    with pytest.raises(InvalidInput):
        run(load_scenario(["communities=[group]"]), settings)
    assert not (tmp_path / "out").exists()


def test_the_example_is_a_list_that_can_be_read():
    own = read_attendance(EXAMPLE)
    assert own.attendance.people > 20 and own.has_groups and "absences" in own.recorded


@pytest.mark.compiles
def test_as_many_are_invited_as_it_takes_unless_the_user_says_how_many():
    from peersim.studies.check_own_data.programme import NO_KIND, programme_for

    own = read_attendance(EXAMPLE)
    free = programme_for(own, load_scenario(["communities=[group]"]), 1, 2)
    assert (
        free.scenario.population.recipients > own.attendance.people
        and free.weeks == own.attendance.weeks
    )
    scenario = load_scenario(["population.recipients=33"])
    fixed = programme_for(own, scenario, 1, 2, chosen=["population.recipients"])
    assert fixed.scenario.population.recipients == 33
    assert fixed.notes[0] == NO_KIND and NO_KIND not in free.notes
    assert programme_for(own, scenario, 1, 2, is_plausible=False).points == []


def test_what_was_not_read_of_a_list_is_said_on_the_page():
    from peersim.presentation.exhibit import PAGE
    from peersim.studies.check_own_data.sentences import about

    notes = [["notes.not_used", {"columns": "Id"}], ["notes.sums", {"n": 1, "rows": "8"}]]
    facts = {
        "file": "liste.csv",
        "people": 6,
        "visits": 21,
        "weeks": 6,
        "never_came": 0,
        "supporters": 0,
    }
    said = [
        each
        for each in about({**facts, "communities": ["group"], "notes": notes})
        if PAGE in each.outlets
    ]
    assert [str(each) for each in said][-2:] == ["Not used: Id.", "Row 8: sums, left out."]
    assert {each.section for each in said} == {"fit"}


# -- titles of figures ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "observed, side",
    [
        ([1.0, 0.5, 0.5, 0.4, *[0.0] * 20], "lower"),  # all that could lie below does
        ([1.0, 0.8, 0.8, 0.7, *[0.0] * 20], "within"),
        ([1.0, 1.0, 0.95, 0.95, *[0.6] * 20], "higher"),
    ],
)
def test_a_title_says_on_which_side_of_the_band_a_curve_lies(observed, side):
    low, high = [1.0, 0.7, 0.7, 0.6, *[0.0] * 20], [1.0, 0.9, 0.9, 0.9, *[0.4] * 20]
    assert side_of(pl.DataFrame({"observed": observed, "low": low, "high": high})) == side
