"""Neighbours of the small files that once went wrong: lists of the same kinds, written otherwise."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peersim.commands.configuration import load_scenario
from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.lists.files import decoded
from peersim.run.first_day import draw_up
from peersim.scenario.people_file import key_of, read_population
from peersim.studies.check_own_data.reading import read_attendance

CAME = [[int(week == 0 or (week + person) % 2 == 0) for week in range(6)] for person in range(6)]
"""Six people over six weeks: everybody in the first, then every second week by turns."""

DAYS = ["20-08-2024", "27-08-2024", "03-09-2024", "10-09-2024", "17-09-2024", "24-09-2024"]
NAMES = ["Asta Å", "Bo Ø", "Cæcilie", "Dina", "Erik", "Fie"]


def long(row, heads="Navn;Dato;Fremmøde", sep=";", names=NAMES, everything=True):
    """One row a person and day, by week; `row` gives the cells, or None."""
    rows = [heads]
    for week in range(6):
        for person in range(6):
            if everything or CAME[person][week]:
                rows.append(sep.join(row(names[person], DAYS[week], CAME[person][week])))
    return "\n".join(rows) + "\n"


def usual(name, day, came):
    return name, day, "ja" if came else "afbud"


def wide(heads, mark="x", foot="", names=NAMES):
    rows = [
        f"{name};" + ";".join(mark * came for came in weeks)
        for name, weeks in zip(names, CAME, strict=True)
    ]
    return "\n".join([heads, *rows]) + "\n" + foot


WEEKS = "Navn;uge 34;uge 35;uge 36;uge 37;uge 38;uge 39"
LONG = long(usual)


def read(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "liste.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return read_attendance(str(file))


def not_used(columns):
    return (Sentence("notes.not_used", {"columns": columns}),)


def complaint(tmp_path, text, encoding="utf-8"):
    with pytest.raises(InvalidInput) as refused:
        read(tmp_path, text, encoding)
    said = str(refused.value)
    assert (
        said.startswith(str(tmp_path)) and "\n" not in said and said.replace("\t", "").isprintable()
    )
    return said.replace(str(tmp_path / "liste.csv"), "")


# -- encodings and separators --------------------------------------------------------------------


@pytest.mark.parametrize("encoding", [
    "utf-8", "utf-8-sig", "cp1252", "mac_roman", "cp850", "cp865", "utf-16", "utf-16-le", "utf-16-be", "utf-32",
])  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_usual_encoding_and_end_of_line(tmp_path, encoding, end):
    own = read(tmp_path, LONG.replace("\n", end), encoding)
    assert own.attendance.count.tolist() == CAME


@pytest.mark.parametrize("text", ["Søren Ærø, Åse", "Æble", "blåbærgrød – og René", "Müller"])
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_letters_stay_what_they_were(text, encoding):
    assert decoded(text.encode(encoding)) == text


def test_letters_saved_twice_are_mended(tmp_path):
    twice = LONG.encode().decode("cp1252", errors="ignore").encode()
    assert read(tmp_path, twice).attendance.count.tolist() == CAME


def test_an_end_mark_of_dos_is_no_row(tmp_path):
    assert read(tmp_path, LONG + "\x1a", "cp850").attendance.count.tolist() == CAME


@pytest.mark.parametrize("sep", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    "first", ["", "sep={}\n", '"sep={}"\n', "\n\n", "Hold A, uge 34, Aalborg\n\n"]
)
def test_any_separator_below_any_first_line(tmp_path, sep, first):
    own = read(tmp_path, first.format(sep) + LONG.replace(";", sep))
    assert own.attendance.count.tolist() == CAME


@pytest.mark.parametrize(("text", "said"), [
    (b"%PDF-1.7\n", "is a PDF"), (b"\x1f\x8b\x08\x00", "is a packed file"), (b"<html><table>", "is a web page"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a spreadsheet"), (b"PK\x03\x04 mimetype", "is a spreadsheet"),
    (bytes(range(256)) * 4, "is not a CSV"), (b"", "is empty"), (b"\n;;\n \n", "is empty"),
])  # fmt: skip
def test_what_is_no_table_is_named(tmp_path, text, said):
    assert said in complaint(tmp_path, text)


@pytest.mark.parametrize(("spoilt", "row"), [
    (LONG.replace("Dina;27", '"Dina;27'), 11), (LONG.replace("Dina;27", '"Dina;27').replace("Erik;27", 'Erik";27'), 11),
    (LONG.replace("Dina;27", '"Di"na;27'), 11),
])  # fmt: skip
def test_a_stray_quotation_mark_is_found_where_it_stands(tmp_path, spoilt, row):
    assert f'row {row}: a quotation mark (")' in complaint(tmp_path, spoilt)


def test_a_line_break_within_quotation_marks_is_none_of_the_list(tmp_path):
    text = LONG.replace("Navn;Dato;Fremmøde", '"Navn\n(fornavn)";Dato;Fremmøde;Note').replace(
        "Cæcilie;27-08-2024;afbud", 'Cæcilie;27-08-2024;afbud;"syg,\nkommer igen"'
    )
    own = read(tmp_path, text)
    assert own.attendance.count.tolist() == CAME and own.notes == not_used("Note")


# -- headings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", [
    "Fremmøde [x]", "fremmøde:", "FREMMØDE *", "3. Fremmøde", "Fremmødt", "Til  stede", "\u200bFremmøde\xa0", "Fremmøde\t",
])  # fmt: skip
def test_a_heading_with_decoration_is_read(tmp_path, head):
    assert read(tmp_path, LONG.replace("Fremmøde", head, 1)).attendance.count.tolist() == CAME


@pytest.mark.parametrize(("head", "said"), [
    ("Fremmøde den dag", "Did you mean fremmøde?"), ("Fremøde", "Did you mean fremmøde?"),
    ("Fremm�de", "Did you mean fremmøde?"), ("Registreret", "only words for came or absent"),
    ("Afbud", "only words for came or absent"), ("x", "only words for came or absent"), ("uge 7", "looks like a day or week"), ("20. aug", "looks like a day or week"),
])  # fmt: skip
def test_an_unused_column_that_looks_as_if_it_mattered_stops(tmp_path, head, said):
    assert said in complaint(tmp_path, LONG.replace("Fremmøde", head, 1))


def test_a_column_of_yes_and_no_beside_that_of_attendance_is_only_noted(tmp_path):
    text = long(lambda *row: (*usual(*row), "ja"), "Navn;Dato;Fremmøde;Samtykke")
    assert read(tmp_path, text).notes == not_used("Samtykke")


def test_the_same_heading_twice_stops(tmp_path):
    text = long(lambda name, day, came: (name, day, day, "ja"), "Navn;Dato;Dato;Fremmøde")
    assert "has the column dato twice" in complaint(tmp_path, text)


def test_a_column_without_a_heading_stops_unless_it_counts_or_is_empty(tmp_path):
    text = long(lambda *row: (*usual(*row), "Asta"), "Navn;Dato;Fremmøde;")
    assert "row 2: there is something in column 4" in complaint(tmp_path, text)
    counted = "\n".join(f"{number or ''};{line}" for number, line in enumerate(LONG.splitlines()))
    assert read(tmp_path, counted).attendance.count.tolist() == CAME


def test_a_weekday_beside_the_date_is_not_taken_for_it(tmp_path):
    text = long(
        lambda name, day, came: (name, "tirsdag", day, "ja" if came else "nej"),
        "Navn;Dag;Dato;Fremmøde",
    )
    assert read(tmp_path, text).attendance.count.tolist() == CAME


def test_names_in_columns_are_refused_without_repeating_them(tmp_path):
    text = "Dato;" + ";".join(NAMES) + "\n" + "".join(f"{day};x;x;x;x;x;x\n" for day in DAYS)
    said = complaint(tmp_path, text)
    assert "no column called person" in said and not any(name in said for name in NAMES)


def test_a_missing_heading_near_a_known_one_is_offered(tmp_path):
    assert "Did you mean deltager?" in complaint(tmp_path, LONG.replace("Navn", "Deltagr", 1))


# -- one column a week or day --------------------------------------------------------------------


@pytest.mark.parametrize("heads", [
    WEEKS, WEEKS.replace("uge ", ""), WEEKS.replace("uge ", "U"), WEEKS.replace("uge 36", "uge 36 (Skagen)"),
    WEEKS.replace("uge ", "2024-W"), WEEKS.replace("Navn", ""), "Navn;" + ";".join(DAYS),
    "Navn;ti 20/8-24;ti 27/8-24;ti 3/9-24;ti 10/9-24;ti 17/9-24;ti 24/9-24",
    "Navn;" + ";".join(str(45524 + 7 * k) for k in range(6)),
    "Navn;20. aug 2024;27. aug. 2024;3. sep. 2024;10 sept 2024;17-sep-24;Tirsdag d. 24. september 2024",
])  # fmt: skip
@pytest.mark.parametrize(
    "foot", ["", "I alt;6;3;3;3;3;3\n", "Mødte op;6;3;3;3;3;3\n", "x = mødt\n"]
)
def test_a_column_a_week_with_or_without_sums(tmp_path, heads, foot):
    own = read(tmp_path, wide(heads, foot=foot))
    assert own.attendance.count.tolist() == CAME and own.never_came == 0


def test_a_column_of_sums_is_left_out_without_a_word(tmp_path):
    for head in ("I alt", "Gange"):
        lines = [f"{line};{line.count('x') or head}" for line in wide(WEEKS).splitlines()]
        own = read(tmp_path, "\n".join(lines))
        assert own.attendance.count.tolist() == CAME and own.notes == ()


@pytest.mark.parametrize(("text", "said"), [
    (wide(WEEKS.replace("uge 38", "uge 38 tur")), "uge 38 tur that looks like a day or week"),
    (wide(WEEKS.replace("uge 38", "Sommerfest")), "holds only words for came or absent"),
    (wide(WEEKS.replace("uge 38", "24. aug.")), "a heading 24. aug. without its year"),
    (wide("Navn;20;27;3;10;17;24"), "that could be days or weeks"),
    ("August 2024\n" + wide("Navn;20;21;22;23;24;25"), "that could be days or weeks"),
    (wide(WEEKS, foot="Mødte op;7;4;3;3;3;3\n"), "row 8: its numbers look like sums"),
    (wide(WEEKS, foot="Navn;uge 40;uge 41;uge 42;uge 43;uge 44;uge 45\n"), "row 8: this looks like a second row of headings"),
    (wide(WEEKS, names=[*NAMES[:5], NAMES[0]]), "row 7: the person is already in row 2"),
    (wide(WEEKS, mark="måske"), "row 2: uge 34 is måske; it can be 1, x or ja"),
    (wide(WEEKS, names=[*NAMES[:5], ""]), "row 7: Navn is empty"),
])  # fmt: skip
def test_a_column_a_week_that_is_not_certain(tmp_path, text, said):
    assert said in complaint(tmp_path, text)


def test_other_columns_beside_the_weeks(tmp_path):
    lines = [
        f"{line};{'Status;År' if k == 0 else 'aktiv;2024'}"
        for k, line in enumerate(wide(WEEKS).splitlines())
    ]
    own = read(tmp_path, "\n".join(lines))
    assert own.attendance.count.tolist() == CAME and own.notes == not_used("Status")
    assert "rows of several years" in complaint(
        tmp_path, "\n".join([*lines[:-1], lines[-1].replace("2024", "2025")])
    )
    assert "column Status that holds only" in complaint(
        tmp_path, "\n".join(lines).replace("aktiv", "ja")
    )


def test_weeks_in_the_order_of_columns_are_counted_on_over_new_year_and_back(tmp_path):
    heads = [*range(36, 53), *range(1, 41)]
    for weeks in (heads, heads[::-1]):
        lines = ["Navn;" + ";".join(f"uge {week}" for week in weeks)]
        lines += [name + ";x" * len(weeks) for name in NAMES]
        own = read(tmp_path, "\n".join(lines))
        assert (own.attendance.weeks, own.attendance.count.sum()) == (57, 342)


# -- days, weeks and years -----------------------------------------------------------------------


@pytest.mark.parametrize("form", [
    lambda d, m: f"{d}/{m} 2024", lambda d, m: f"{d}.{m}.24", lambda d, m: f"2024{m:02}{d:02}",
    lambda d, m: f"2024-{m:02}-{d:02} 18:00:00", lambda d, m: f"2024-{m:02}-{d:02}T23:30:00.000Z",
    lambda d, m: f"2024/{m:02}/{d:02} 6:00:00 PM GMT+2", lambda d, m: f"{d:02}-{m:02}-2024 kl. 18.30-20.00",
    lambda d, m: f"Tirsdag den {d}. {['august', 'september'][m - 8]} 2024", lambda d, m: f"{['Aug', 'Sept'][m - 8]} {d}, 2024",
    lambda d, m: f"tue {d}-{['aug', 'sep'][m - 8]}-24",
])  # fmt: skip
def test_a_day_is_read_as_it_is_written(tmp_path, form):
    def row(name, day, came):
        return name, form(*map(int, day.split("-")[:2])), "1" if came else "0"

    assert read(tmp_path, long(row)).attendance.count.tolist() == CAME


@pytest.mark.parametrize(("old", "new", "said"), [
    ("17-09-2024", "17-09-2023", "lies 49 weeks from all others"), ("20-08-2024", "20-08-2025", "Is the year right?"),
    ("17-09-2024", "17/9", "row 26: Dato is 17/9; it has no year"), ("17-09-2024", "09/17/2024", "row 26: Dato is 09/17/2024"),
    ("17-09-2024", "", "row 26: Dato is empty"), ("17-09-2024", "17-09-1924", "Is the year right?"),
])  # fmt: skip
def test_a_day_that_cannot_be_right_stops(tmp_path, old, new, said):
    assert said in complaint(tmp_path, LONG.replace(old, new))


def test_a_summer_break_is_no_other_year(tmp_path):
    own = read(tmp_path, LONG + "Dina;03-12-2024;ja\nErik;03-12-2024;ja\n")
    assert own.attendance.count.sum() == 23 and own.attendance.weeks == 16


def seasons(*weeks, by_person=False):
    rows = [(name, week) for week in weeks for name in NAMES]
    rows = sorted(rows, key=lambda row: row[0]) if by_person else rows
    return "Navn;Uge\n" + "".join(f"{name};{week}\n" for name, week in rows)


@pytest.mark.parametrize("by_person", [False, True])
def test_weeks_of_more_than_one_year_without_years(tmp_path, by_person):
    spring = range(5, 21)
    for weeks in (
        [*spring, *spring],
        [*spring[::-1], *spring[::-1]],
        [*range(36, 53), *range(1, 25), *range(36, 40)],
    ):
        assert "weeks of more than one year" in complaint(
            tmp_path, seasons(*weeks, by_person=by_person)
        )
    own = read(tmp_path, seasons(*range(40, 53), *range(1, 21), by_person=by_person))
    assert own.attendance.weeks == 33 and (own.attendance.count == 1).all()


def test_two_groups_one_below_the_other_are_one_season(tmp_path):
    text = "Navn;Uge;Hold\n" + "".join(
        f"{name};{week};{hold}\n" for hold in "AB" for week in range(1, 21) for name in NAMES
    )
    assert read(tmp_path, text).attendance.weeks == 20


# -- people --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other"), [
    ("1", "1.0"), ("7", "007"), ("D1", "D01"), ("Zoë", "Zoe\u0308"), ("Ida  B", "ida b"), ("Åse", "A\u030ase"),
])  # fmt: skip
def test_one_person_written_in_two_ways_is_one_person(tmp_path, one, other):
    names = [one, *NAMES[1:5], "G"]
    own = read(tmp_path, long(usual, names=names).replace(f"\n{one};27", f"\n{other};27"))
    assert own.attendance.count.tolist() == CAME
    assert any(note.key == "notes.codes" for note in own.notes) or one == "Ida  B"


def test_two_codes_alike_at_one_meeting_are_two_people(tmp_path):
    said = complaint(tmp_path, long(usual, names=["1", "01", *NAMES[2:]]))
    assert "row 3: this person was at the same meeting" in said


def test_first_name_and_surname_tell_people_apart_together(tmp_path):
    text = long(
        lambda name, day, came: ("Anne", name, day, "ja" if came else "nej"),
        "Fornavn;Efternavn;Dato;Fremmøde",
    )
    assert read(tmp_path, text).attendance.count.tolist() == CAME
    table = people(tmp_path, "Fornavn;Efternavn;Rolle\nAnne;B;deltager\nAnne;C;deltager\n")
    assert table.codes == ["R1", "R2"]


def test_a_code_that_a_spreadsheet_has_rounded_stops(tmp_path):
    names = [f"1,2345{k}E+09" for k in range(6)]
    said = complaint(tmp_path, long(usual, names=names))
    assert "row 2: Navn; a spreadsheet has rounded it" in said and "E+09" not in said


def test_rows_that_are_counted_are_no_people(tmp_path):
    numbered = "\n".join(
        f"{k or 'Nr'};{line.partition(';')[2]}" for k, line in enumerate(LONG.splitlines())
    )
    assert "Nr seems to count rows" in complaint(tmp_path, numbered)


def test_codes_tell_apart_people_of_one_name(tmp_path):
    text = "Id;Navn;Dato\n" + "".join(
        f"{person};{'Anne' if person < 2 else NAMES[person]};{DAYS[week]}\n"
        for week in range(6) for person in range(6) if CAME[person][week]
    )  # fmt: skip
    assert read(tmp_path, text).attendance.count.tolist() == CAME


@pytest.mark.parametrize(
    "foot",
    ["I alt;;21\n", "Deltagere i alt;;\n", "Gennemsnit;;3,5\n", "Noter: syg tæller som afbud\n"],
)
def test_sums_and_remarks_below_a_list_are_no_people(tmp_path, foot):
    own = read(tmp_path, LONG + foot)
    assert own.attendance.count.tolist() == CAME and own.never_came == 0


PIECES = ['"', ";", ",", "\n", "\0", "x", "ja", "2024", "uge 7", "Navn", "æ", "1,23E+09", "(", "%", "9" * 400, "0-0-0", "sep=,\n",
          "I alt", "=", "99/99 9999", "²", "٣", "1e999", "\r", "\ufeff", "#"]  # fmt: skip


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from([LONG, wide(WEEKS), "person;role;hope\nA;recipient;0,5\nB;supporter;\n"]),
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 20), st.sampled_from(PIECES)), max_size=4
    ),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_whatever_is_spoilt_is_read_or_refused_in_a_line(tmp_path, text, changes, encoding):
    for place, length, piece in changes:
        text = text[:place] + piece + text[place + length :]
    file = tmp_path / "spoilt.csv"
    file.write_bytes(text.encode(encoding, errors="replace"))
    for reader in (read_attendance, read_population):
        try:
            reader(str(file))
        except InvalidInput as refused:
            assert str(refused).isprintable() and len(str(refused)) < 500


def test_no_sentence_repeats_more_than_a_little_of_a_cell(tmp_path):
    secret = "Karen\x07 Marie\x00 Hemmelighed af Nibe"
    for text in (
        LONG.replace("afbud", secret, 1), LONG.replace(DAYS[1], secret, 1), LONG.replace("Dina;", f"{secret};;;", 1),
        LONG.replace("Fremmøde", f"{secret};Fremmøde", 1), secret + ";" + secret, f"{secret};Dato\n{secret};x\n",
        LONG.replace("Fremmøde", "Rolle").replace("ja", secret),
    ):  # fmt: skip
        assert "Hemmelig" not in complaint(tmp_path, text)


# -- words, rows and codes that look as if they mattered ------------------------------------------


@pytest.mark.parametrize(("head", "came", "not_"), [
    ("Registrering", "Kom", "Kom ikke"), ("Registrering", "Mødt", "Ikke mødt"), ("Afbud", "", "x"), ("Fravær", "", "1"), ("Udeblevet", "0", "1"),
    ("Timer", "2", "0"), ("Antal", "1", "0"), ("Antal gange", "1", "0"), ("Timer i alt", "2,5", "0"), ("Bemærkning", "god tur", "Syg"),
    ("Note", "", "Udeblevet"), ("Status på dagen", "Til stede", "Syg"),
])  # fmt: skip
def test_an_unused_column_that_seems_to_say_who_did_not_come_stops(tmp_path, head, came, not_):
    text = long(lambda name, day, was: (name, day, came if was else not_), f"Navn;Dato;{head}")
    said = complaint(tmp_path, text)
    assert "not read" in said or "not understood" in said


@pytest.mark.parametrize(("came", "not_"), [
    ("Kom", "Kom ikke"), ("Deltog", "Deltog ikke"), ("☑", "☐"), ("✅", "❌"), ("SAND", "FALSK"), (" J", "N "), ("Attended", "Not attended"),
    ("Mødte", "Ikke mødt (syg)"),
])  # fmt: skip
def test_came_and_did_not_come_in_other_words(tmp_path, came, not_):
    text = long(lambda name, day, was: (name, day, came if was else not_))
    assert read(tmp_path, text).attendance.count.tolist() == CAME


@pytest.mark.parametrize(
    "column", ["Alder;34", "Telefon;12345678", "By;Aalborg", "Børn;2", "Note;"]
)
def test_other_unused_columns_are_left_alone(tmp_path, column):
    head, cell = column.split(";")
    text = long(lambda name, day, came: (name, day, cell), f"Navn;Dato;{head}", everything=False)
    assert read(tmp_path, text).attendance.count.tolist() == CAME


@pytest.mark.parametrize("row", [
    "Frivillige;;;;;;", "Ansat;x;x;x;x;x;x", "Hold B;;;;;;", "Gruppe 2;;;;;;", "Brugere:;;;;;;", "Volunteers;;;;;;",
])  # fmt: skip
def test_a_title_between_the_rows_is_no_person(tmp_path, row):
    lines = wide(WEEKS).splitlines()
    said = complaint(tmp_path, "\n".join([*lines[:4], row, *lines[4:]]))
    assert "row 5: this is no name or code of a person" in said


@pytest.mark.parametrize("foot", [
    "Udskrevet;24-09-2024;\n", "Udskrevet 24-09-2024 af Pia\n", "Printed 24/09/2024;;\n", "Sum;;21\n", "Antal i alt;24-09-2024;3\n",
])  # fmt: skip
def test_what_a_program_prints_below_is_no_person(tmp_path, foot):
    own = read(tmp_path, LONG + foot)
    assert own.attendance.count.tolist() == CAME and own.never_came == 0


@pytest.mark.parametrize("heads", [
    f"Navn;{DAYS[0]};{DAYS[0]};" + ";".join(DAYS[2:]), WEEKS.replace("uge 35", "uge 34"), WEEKS.replace("uge 35", "Uge  34"),
    f"Navn;{DAYS[0]};20/8 2024;" + ";".join(DAYS[2:]),
])  # fmt: skip
def test_two_columns_of_one_day_or_week_stop(tmp_path, heads):
    assert "twice; give each its own day or week" in complaint(tmp_path, wide(heads))


def test_two_meetings_in_a_week_can_be_told_apart(tmp_path):
    own = read(
        tmp_path, wide(WEEKS.replace("uge 34", "uge 35 (ti)").replace("uge 35;", "uge 35 (to);"))
    )
    assert own.attendance.count.sum() == 21 and own.attendance.count[0, 0] == 1


def test_days_with_the_month_first_stop(tmp_path):
    tuesdays = ["1/2/2024", "1/9/2024", "2/6/2024", "3/5/2024", "4/2/2024", "5/7/2024"]

    def text(days):
        return "Name;Date;Present\n" + "".join(
            f"{name};{day};{'yes' if CAME[person][week] else 'no'}\n"
            for week, day in enumerate(days) for person, name in enumerate(NAMES)
        )  # fmt: skip

    assert "month before the day" in complaint(tmp_path, text(tuesdays))
    assert "month before the day" in complaint(tmp_path, wide("Name;" + ";".join(tuesdays)))
    turned = ["/".join([(parts := day.split("/"))[1], parts[0], parts[2]]) for day in tuesdays]
    assert read(tmp_path, text(turned)).attendance.count.sum() == 21


@pytest.mark.parametrize(
    "form", ["tir. {0}.{1}.24", "tir {0}/{1}-24", "Tirs. d. {0}.{1}.2024 kl. 18.30"]
)
def test_a_short_weekday_before_a_day(tmp_path, form):
    def row(name, day, came):
        return name, form.format(*day.split("-")), "ja" if came else "nej"

    assert read(tmp_path, long(row)).attendance.count.tolist() == CAME


def test_a_year_of_53_weeks_is_counted_on(tmp_path):
    own = read(tmp_path, seasons(*range(45, 54), *range(1, 10)))
    assert own.attendance.weeks == 18 and (own.attendance.count == 1).all()


def test_several_rows_a_week_are_noted(tmp_path):
    own = read(tmp_path, seasons(*sorted([*range(1, 53), *range(1, 53)])))
    assert own.attendance.count.sum() == 624
    assert [note.key for note in own.notes] == ["notes.several_a_week"]


@pytest.mark.parametrize(("one", "other"), [
    ("'007", "7"), ("٧", "7"), ("７", "7"), ("Bo Ø", "Bo Ø."), ("Bo Ø", "Ø, Bo"), ("Bo Ø", "Bo\u00ad Ø"), ("Bo Ø", "Bo\xa0Ø"),
    ("010190-1234", "0101901234"), ("010190-1234", "101901234"), ("Bo Ø", "*Bo Ø"), ("D07", "d7"), ("7,0", "7"),
])  # fmt: skip
def test_one_person_written_in_other_ways_is_one_person(tmp_path, one, other):
    names = [one, *NAMES[2:], "G"]
    own = read(tmp_path, long(usual, names=names).replace(f"\n{one};27", f"\n{other};27"))
    assert own.attendance.count.tolist() == CAME and own.never_came == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("Bo A", "Bo B"), ("12", "21"), ("A1", "A11"), ("Ana", "Anna"), ("1-2", "12")],
)
def test_two_people_stay_two(tmp_path, one, other):
    own = read(tmp_path, long(usual, names=[one, other, *NAMES[2:]]))
    assert own.attendance.count.tolist() == CAME and own.notes == ()


# -- people files --------------------------------------------------------------------------------


def people(tmp_path, text, encoding="utf-8", **more):
    file = tmp_path / "people.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return read_population(str(file), **more)


@pytest.mark.parametrize("names", [["R1", "17", "d-04"], ["A", "B", "C"], ["10001", "9", "S-2"]])
def test_short_codes_are_kept(tmp_path, names):
    table = people(tmp_path, "person;role\n" + "".join(f"{name};recipient\n" for name in names))
    assert table.codes == names and table.notes == () and "chance_key" not in table.coded()


@pytest.mark.parametrize(
    "name", ["Anna", "Bo", "AnnaB", "010190-1234", "12345678", "bo@example.org", "R1 Bo"]
)
def test_everything_else_becomes_codes_and_luck_stays_with_the_name(tmp_path, name):
    table = people(
        tmp_path, f"navn;rolle;stadie\n{name};frivillig;\nD2;deltager;50 %\n;deltager;0,5\n"
    )
    assert table.codes == ["R1", "R2", "S1"]
    assert table.keys.tolist() == [key_of("D2"), key_of("R2"), key_of(name)]
    assert name not in table.coded() and name not in repr(table)
    again = people(tmp_path, table.coded())
    assert (again.codes, again.keys.tolist()) == (table.codes, table.keys.tolist())
    assert again.columns["stage"].tolist()[:2] == [0.5, 0.5] and again.coded() == table.coded()


def test_the_list_of_codes_is_written_where_the_user_says_and_over_nothing_else(tmp_path):
    text, where = "person;role\nÅse Ø;supporter\nBo;recipient\n", tmp_path / "codes.csv"
    people(tmp_path, text)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["people.csv"]
    people(tmp_path, text, code_list=str(where))
    people(tmp_path, text, code_list=str(where))
    assert where.read_text("utf-8-sig") == "code,person\nR1,Bo\nS1,Åse Ø\n"
    for taken in (where, tmp_path / "people.csv"):
        with pytest.raises(InvalidInput, match="exists and is something else"):
            people(tmp_path, text.replace("Bo", "Bodil"), code_list=str(taken))
    with pytest.raises(InvalidInput, match="cannot be written"):
        people(tmp_path, text, code_list=str(tmp_path / "none" / "codes.csv"))


def test_an_event_names_a_person_by_the_code(tmp_path):
    people(tmp_path, "person;role\nAnna;recipient\nBo;supporter\nCarl;supporter\n")
    file = f"population.file={tmp_path / 'people.csv'}"
    with pytest.raises(InvalidInput, match="write S1 for this person"):
        load_scenario([file, "events=[{week: 3, leave: Bo}]"])
    assert load_scenario([file, "events=[{week: 3, leave: S1}]"]).people.recipients == 1


def test_where_codes_are_written_is_no_part_of_what_a_run_is(tmp_path):
    from peersim.results.manifest import identity
    from peersim.scenario.run_options import RunOptions

    people(tmp_path, "person;role\nAnna;recipient\nBo;supporter\nCarl;supporter\n")
    words = [
        f"population.file={tmp_path / 'people.csv'}",
        f"population.codes={tmp_path / 'codes.csv'}",
    ]
    plainly, listed = load_scenario(words[:1]), load_scenario(words)
    assert identity("single", plainly, RunOptions()) == identity("single", listed, RunOptions())
    assert (tmp_path / "codes.csv").is_file()
    with pytest.raises(InvalidInput, match=r"needs people of your own"):
        load_scenario(words[1:])


def test_luck_does_not_depend_on_the_other_rows(tmp_path):
    rows = ["Anna;recipient\n", "Bo;recipient\n", "Carl;supporter\n", "Dina;supporter\n"]
    few = draw_up(load_scenario([f"population.file={write(tmp_path, 'few.csv', rows[1:])}"]))
    all_ = draw_up(load_scenario([f"population.file={write(tmp_path, 'all.csv', rows)}"]))
    assert set(few.ids) < set(all_.ids) and few.labels == ["R1", "S1", "S2"]


def write(folder, name, rows):
    (folder / name).write_text("person;role\n" + "".join(rows))
    return folder / name


@pytest.mark.parametrize(("text", "said"), [
    ("person;role;Stge\nA;recipient;1\n", "a column Stge that is not understood. Did you mean stage?"),
    ("person;role;hope at start\nA;recipient;1\n", "Did you mean hope?"),
    ("person;rolle;arrival_week\nA;deltager;1.000\n", "whole number of weeks"),
    ("person;role;hope\nA;recipient;1_0\n", "hope is 1_0; it must be a number from 0 to 1"),
    ("person;role\nA;ansat\n", "it must be recipient, supporter or asked; staff are set by the programme"),
    ("person;role\n1;recipient\n001;recipient\n", "row 3: the person is already in row 2"),
    ("person;role\nAnna Hansen;recipient\nanna  hansen;recipient\n", "row 3: the person is already in row 2"),
    ("person;role\n1,23E+09;recipient\n", "row 2: person; a spreadsheet has rounded it"),
    ("person;role;communities;\nA;recipient;group;digital\n", "row 2: there is something in column 4"),
    ("person,role,communities\nA,recipient,group,digital\n", "a cell that holds a , itself needs quotation marks"),
    ("person;role;communities\nA;recipient;Hansen Hemmelig\n", "communities is Hansen Hem…; each must be"),
    ("person;role;chance_key\nA;recipient;x\n", "the number that peersim wrote there"),
    ('person;role\n"A;recipient\nB;supporter\n', "row 2: a quotation mark"),
    ("stage;hope\n1;1\n", "no column called role"), ("", "is empty"),
])  # fmt: skip
def test_people_that_are_not_certain(tmp_path, text, said):
    with pytest.raises(InvalidInput) as refused:
        people(tmp_path, text)
    assert said in str(refused.value) and "Anna" not in str(refused.value)


@pytest.mark.parametrize(("cell", "bits"), [
    ("gruppe og digital", 10), ("group+digital", 10), ('"group;digital"', 10), ("group digital", 10), ("en-til-en", 1), ("", 15),
    ("åbent hus", 4), ("Gruppe/Online", 10),
])  # fmt: skip
def test_communities_in_either_language(tmp_path, cell, bits):
    table = people(tmp_path, f"navn;rolle;fællesskaber\nA;deltager;{cell}\n".replace(" og ", " & "))
    assert table.communities.tolist() == [bits]


# -- spreadsheets --------------------------------------------------------------------------------


def workbook(*sheets):
    """A small .xlsx with these sheets, each a list of rows of text and numbers."""
    names = range(1, len(sheets) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{k}.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>' for k in names
    )  # fmt: skip
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/'
        f'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        + "".join(f'<sheet name="Ark{k}" sheetId="{k}" r:id="r{k}"/>' for k in names) + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">' + "".join(
            f'<Relationship Id="r{k}" Type="{office}/worksheet" Target="worksheets/sheet{k}.xml"/>' for k in names)
        + "</Relationships>",
    }  # fmt: skip
    for k, rows in zip(names, sheets, strict=True):
        cells = "".join("<row>" + "".join(
            f"<c><v>{cell}</v></c>" if isinstance(cell, (int, float))
            else f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>" for row in rows)  # fmt: skip
        parts[f"xl/worksheets/sheet{k}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
        )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, text in parts.items():
            file.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return content.getvalue()


def rows_of(text):
    return [line.split(";") for line in text.splitlines()]


def test_a_spreadsheet_is_read_where_the_extra_is_there(tmp_path):
    pytest.importorskip("python_calamine")
    list_ = [["Fremmøde, Hold A"], [], *rows_of(LONG)]
    for row in list_[3:]:
        row[1] = 45524 + 7 * DAYS.index(row[1]) + 0.75
    assert read(tmp_path, workbook(list_, [["Noter"], ["intet"]])).attendance.count.tolist() == CAME
    table = people(
        tmp_path, workbook([["id", "rolle", "håb"], [1, "deltager", 0.5], [2, "frivillig", ""]])
    )
    assert table.codes == ["1", "2"]
    np.testing.assert_array_equal(table.columns["hope"], [0.5, np.nan])
    assert "2 sheets with such a list" in complaint(
        tmp_path, workbook(rows_of(LONG), rows_of(LONG))
    )


def test_a_spreadsheet_is_refused_by_name_where_it_is_not(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "python_calamine", None)
    said = complaint(tmp_path, workbook(rows_of(LONG)))
    assert "is a spreadsheet, not a CSV; save it" in said and "install peersim[excel]" in said
