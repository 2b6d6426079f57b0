"""Small files that once went wrong: each is read rightly, or refused in a sentence that says where.

Nothing here runs the model.
"""

from pathlib import Path

import pytest

from peersim.kernel.declaration import InvalidInput
from peersim.scenario.people_file import read_population
from peersim.studies.check_own_data.reading import read_attendance

CASES = Path(__file__).parent / "cases"

READ = {
    "list_heading_with_explanation": "",
    "list_heading_deltagelse": "",
    "list_total_row": "Row 8: sums, left out.",
    "list_week_heading_with_word": "",
    "list_id_numbers_rows": "Not used: Id.",
    "list_codes_with_and_without_zeros": "6 names or codes are written in more than one way",
    "list_commas_in_cells": "",
    "list_remarks_with_commas": "Not used: Bemærkning.",
    "list_timestamps": "",
    "list_month_names": "",
    "list_numbers_with_time": "",
    "list_windows_dash": "",
    "list_utf16_no_mark": "",
}
"""Six people, 21 visits, six weeks; and what is noted."""

REFUSED = {
    "list_two_seasons_no_year": "weeks of more than one year; write the year",
    "list_some_headings_without_year": "a heading 17/9 without its year",
    "list_all_headings_without_year": "a heading 20/8 without its year",
    "list_filled_down_names": "row 3: Navn is empty; it must be a name, number or code in each row: fill the names down",
    "list_stray_quote": 'row 2: a quotation mark (")',
}

PEOPLE = {
    "people_sep_line": "",
    "people_blank_first_line": "",
    "people_index_column": "",
    "people_danish": "",
    "people_own_column": "Not used: note.",
    "people_utf16_no_mark": "",
}

REFUSED_PEOPLE = {
    "people_communities_unquoted": "row 2: there are more cells than columns (3); a cell that holds a ; itself needs "
    "quotation marks, or write group+digital",
    "people_spreadsheet": "is a spreadsheet",
}


def test_every_case_is_here():
    tried = READ.keys() | REFUSED.keys() | PEOPLE.keys() | REFUSED_PEOPLE.keys()
    assert {path.stem for path in CASES.glob("*.csv")} == tried


@pytest.mark.parametrize("case", READ)
def test_a_list_that_can_be_read(case):
    own = read_attendance(str(CASES / f"{case}.csv"))
    every_second = [
        [int(week == 0 or (week + person) % 2 == 0) for week in range(6)] for person in range(6)
    ]
    assert own.attendance.count.tolist() == every_second
    assert (own.attendance.count.sum(), own.never_came) == (21, 0)
    assert READ[case] in " ".join(map(str, own.notes)) and len(own.notes) == bool(READ[case])


@pytest.mark.parametrize("case", REFUSED)
def test_a_list_that_cannot_be_read_with_certainty(case):
    with pytest.raises(InvalidInput) as complaint:
        read_attendance(str(CASES / f"{case}.csv"))
    assert REFUSED[case] in str(complaint.value)


@pytest.mark.parametrize("case", PEOPLE)
def test_people_that_can_be_read(case):
    table = read_population(str(CASES / f"{case}.csv"))
    assert (table.recipients, table.supporters) == (2, 2)
    assert table.codes == ["A", "B", "C", "D"] and " ".join(map(str, table.notes)) == PEOPLE[case]
    if "exclusion" in table.columns:
        assert table.columns["exclusion"].tolist() == [0.5, 0.4, 0.1, 0.1]


@pytest.mark.parametrize("case", REFUSED_PEOPLE)
def test_people_that_cannot(case):
    with pytest.raises(InvalidInput) as complaint:
        read_population(str(CASES / f"{case}.csv"))
    assert REFUSED_PEOPLE[case] in str(complaint.value)
