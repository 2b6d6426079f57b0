"""The user's own list: understood as Danish spreadsheets write it, and nowhere to be found afterwards."""

import json

import numpy as np
import pytest

from peersim.app.people import OwnPeople, read
from peersim.app.refusals import Refused
from peersim.run.first_day import draw_up
from peersim.scenario.people_file import read_population

NAMES = ["Anna Hansen", "Bo Østergård", "Cai <script>alert(1)</script>", "Dea Lund", "Eva Holm", "Finn Bak", "Gry Dahl"]  # fmt: skip
LIST = """Liste over vores folk;;;;;;
navn;rolle;social angst;venner;timer om ugen;gruppe;skostørrelse
Anna Hansen;deltager;0,7;2;4;Hold 1;38
Bo Østergård;Borger;0,2;;6;Hold 1;44
Cai <script>alert(1)</script>;deltager;50 %;1;;Hold 1;44
Dea Lund;bruger;0,5;1;3,5;Hold 1;41
Eva Holm;deltager;0,9;0;2;Hold 1;40
Finn Bak;deltager;0,1;6;5;Hold 2;40
Gry Dahl;frivillig;;;;;39
"""
B = {"communities": ["group"], "group.minimum": 3, "group.leaders": 1, "weeks": 9}
A = {"weeks": 9}


def send(served, text, encoding="cp1252"):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return served.client.post(
        "/api/1/people", content=content, headers={"content-type": "text/csv"}
    )


@pytest.fixture
def handle(served):
    return send(served, LIST).json()["handle"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_a_danish_list_is_understood(served, encoding):
    found = send(served, LIST, encoding).json()
    assert [row["code"] for row in found["people"]] == ["D1", "D2", "D3", "D4", "D5", "D6", "P1"]
    assert [row["role"] for row in found["people"]].count("supporter") == 1
    assert found["people"][0]["traits"] == {
        "social_anxiety": 0.7,
        "outside_ties": 2,
        "spare_hours": 4,
    }
    assert found["people"][1]["traits"] == {"social_anxiety": 0.2, "spare_hours": 6}
    assert found["people"][2]["group"] == "Hold 1"
    assert found["left_out"] == ["skostørrelse"]
    assert found["key"] == [
        [name, row["code"]] for name, row in zip(NAMES, found["people"], strict=True)
    ]
    assert found["counts"] == {"recipients": 6, "supporters": 1, "asked": 0}


def test_it_is_the_reader_of_the_command_line(served, tmp_path):
    """The same people, the same luck: codes alone are counted in another way."""
    file = tmp_path / "folk.csv"
    file.write_text(LIST.replace("gruppe", "farve"), "cp1252")
    there, here = read_population(str(file)), read(LIST.encode("cp1252")).people
    assert there.keys.tolist() == here.keys.tolist() and there.roles.tolist() == here.roles.tolist()
    for name, values in there.columns.items():
        assert np.array_equal(values, here.columns[name], equal_nan=True)
    assert there.codes == ["R1", "R2", "R3", "R4", "R5", "R6", "S1"]


def test_codes_of_a_list_are_replaced_as_well():
    found = read(b"kode;rolle\n17;deltager\n4;deltager\nX1;frivillig\n")
    assert found.people.codes == ["D1", "D2", "P1"] and found.names == ["17", "4", "X1"]


PERSONAL = ["010190-1234", "0101901234", "101901234", "010190 1234", "CPR: 311299-0123", "anna@kommune.dk", "Anna <a.b@c.dk>"]  # fmt: skip
HARMLESS = [
    "31-12-2024",
    "12345678",
    "0.1003456789",
    "1,0101901234",
    "20240101",
    "99999999999",
    "12 34 56 78",
    "uge 7",
]


@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("text", PERSONAL)
def test_personal_numbers_and_addresses_are_refused_wherever_they_stand(served, text, mark):
    for cells in (f"{text};deltager;ok", f"Anna;deltager;{text}", f"Anna;deltager;;{text}"):
        rows = f"navn;rolle;note;mere\nBo;deltager;\n{cells}\n".replace(";", mark)
        said = send(served, rows).json()["error"]
        assert (said["code"], said["row"]) == ("personal_number", 3)
        assert text not in json.dumps(said) and "Anna" not in said["message"]
    above = f"{text}\nnavn;rolle\nBo;deltager\n".replace(";", mark)
    assert send(served, above).json()["error"]["code"] == "personal_number"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_numbers_are_not_taken_for_them(served, text):
    answer = send(served, f"navn;rolle;note\nAnna;deltager;{text}\n")
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("navn;rolle\nAnna Hansen;Anna Hansen er her\n", 2, "rolle"),
        ("navn;rolle;håb\nBo;deltager;0,5\nAnna Hansen;deltager;Anna er glad\n", 3, "håb"),
        ("navn;rolle;håb\nAnna Hansen;deltager;7\n", 2, "håb"),
        ("navn;rolle;fællesskaber\nAnna Hansen;deltager;Annas\n", 2, "fællesskaber"),
        ("navn;rolle\nAnna Hansen;deltager\nanna hansen;deltager\n", 3, None),
        ("navn;rolle\nAnna Hansen;frivillig\n", None, None),
        ("navn;alder\nAnna Hansen;50\n", None, None),
        ('navn;rolle\n"Anna Hansen;deltager\n', 2, None),
        ("navn;rolle\nAnna Hansen;deltager;Annas mor\n", 2, None),
        ("", None, None),
    ],
)
@pytest.mark.parametrize("language", ["en", "da"])
def test_a_fault_has_its_row_and_column_and_nothing_of_what_stands_there(
    served, text, row, column, language
):
    answer = served.client.post(f"/api/1/people?language={language}", content=text.encode(), headers={"content-type": "text/csv"})  # fmt: skip
    said = answer.json()["error"]
    assert answer.status_code == 422 and said["code"] == "bad_file"
    assert (said.get("row"), said.get("column")) == (row, column)
    assert "Anna" not in answer.text and "anna" not in answer.text
    assert "own people" not in said["message"]


@pytest.mark.parametrize("content", [b"PK\x03\x04 no book", b"%PDF-1.7", b"\xd0\xcf\x11\xe0", b"<html>", b"\x00" * 50, "nøgle".encode("utf-16")])  # fmt: skip
def test_what_is_no_list_is_refused(served, content):
    answer = send(served, content)
    assert answer.status_code == 422 and answer.json()["error"]["code"] == "bad_file"


def test_columns_that_look_as_if_they_mattered_stop_the_reading(served):
    said = send(served, "navn;rolle;social angs\nAnna;deltager;0,4\n").json()["error"]
    assert said["code"] == "bad_file" and "social angs" in said["message"]


def test_too_many_groups_are_refused(served):
    rows = "".join(f"x{k};deltager;gruppe {k}\n" for k in range(13))
    assert send(served, "navn;rolle;gruppe\n" + rows).json()["error"]["high"] == 12


# -- what is done with them -----------------------------------------------------------------------
@pytest.mark.compiles
def test_own_people_are_run_and_told_apart_by_their_groups(served, handle):
    both = {"a": A, "b": B, "people": handle, "pairs": 20}
    line = served.lines(both)[-1]
    assert line["invited"] == 6
    found = served.post("groups", both).json()
    assert [row["group"] for row in found["own"]] == ["Hold 1"] and found["own"][0]["of"] == 5
    assert found["too_small"] == ["Hold 2"]
    other = served.lines(
        {**both, "people": send(served, LIST.replace("0,7", "0,1")).json()["handle"]}
    )[-1]
    assert other["outcomes"] != line["outcomes"], "other people, other years"
    made = served.post("recording", both).json()
    assert [each["id"] for each in made["people"]] == ["D1", "D2", "D3", "D4", "D5", "D6", "P1"]
    assert made["people"][0]["anxiety"] == 70
    told = served.post("story", {**both, "person": "D2"}).json()
    assert told["person"] == "D2"


@pytest.mark.compiles
def test_what_a_design_says_of_their_number_gives_way_to_the_list(served, handle):
    both = {"a": {**A, "population.recipients": 40}, "b": {**A, "population.supporters": 3}, "people": handle, "pairs": 2}  # fmt: skip
    assert served.lines(both)[-1]["invited"] == 6


@pytest.mark.compiles
def test_an_event_names_a_person_by_code(served, handle):
    events = [{"week": 2, "leave": "D2"}, {"week": 3, "keep": "P1"}]
    both = {"a": A, "b": {**A, "events": events}, "people": handle, "pairs": 2}
    assert served.post("compare", both).status_code == 200
    named = {"a": A, "b": {**A, "events": [{"week": 2, "leave": "Anna Hansen"}]}, "people": handle}
    assert served.post("compare", named).json()["error"]["code"] == "bad_event"


@pytest.mark.compiles
def test_names_are_nowhere(served, capfd, tmp_path, monkeypatch):
    """Not in an answer but the one that read them, nor in the server's memory, a file or its terminal."""
    monkeypatch.chdir(tmp_path)
    handle = send(served, LIST).json()["handle"]
    both = {"a": A, "b": B, "people": handle, "pairs": 20}
    asked = ("compare", "groups", "after", "rests_on", "recording", "soem", "design.yaml", "check")
    answers = [served.post(name, both).text for name in asked]
    answers += [served.post("story", {**both, "person": "D1"}).text]
    kept = served.desk.people.of(handle)
    said = "\n".join(
        [*answers, *capfd.readouterr(), repr(vars(kept)), repr(list(served.desk.runs._kept))]
    )
    for name in NAMES:
        for part in name.split():
            assert part not in said, part
    assert list(tmp_path.iterdir()) == []
    plan = draw_up(served.desk.pair(_question(both))[0].scenario)
    assert plan.labels[0] == "D1"


def _question(body):
    from peersim.app.questions import Question

    return Question(body)


def test_a_saved_design_leaves_own_people_behind(served, handle):
    events = [{"week": 2, "leave": "D2"}, {"week": 3, "keep": "P1"}, {"week": 4, "add": "digital"}]
    text = served.post("design.yaml", {"a": A, "b": {**B, "events": events}, "people": handle}).text
    assert "own people" not in text and "file" not in text.split("\na:")[1]
    assert "leave: R2" in text and "keep: S1" in text
    assert "recipients: 6" in text and "supporters: 1" in text


def test_a_list_is_forgotten_when_asked_and_when_others_come(served):
    handle = send(served, LIST).json()["handle"]
    assert served.post("forget", {"people": handle}).json() == {"forgotten": True}
    assert served.post("forget", {"people": handle}).json() == {"forgotten": False}
    refused = served.post("check", {"a": A, "b": A, "people": handle})
    assert refused.json()["error"]["code"] == "people_gone" and refused.status_code == 422
    few = OwnPeople(room=2)
    handles = [few.keep(read(LIST.encode())) for _ in range(3)]
    with pytest.raises(Refused):
        few.of(handles[0])
    assert few.of(handles[2]).names == []


def test_too_many_people_are_refused_before_anything_is_asked_of_them(served):
    rows = "".join(f"{k};deltager\n" for k in range(1, 2002))
    said = send(served, "nr;rolle\n" + rows).json()["error"]
    assert said["code"] == "too_many_people" and said["high"] == 2000
    many = {"population.recipients": 1990, "population.supporters": 11}
    said = served.post("check", {"a": many, "b": many}).json()["error"]
    assert said["code"] == "too_many_people" and said["high"] == 2000
