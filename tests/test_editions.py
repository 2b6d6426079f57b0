"""Every study gives the tables that the first edition gave; what they hold is compared by digest."""

import runpy
from pathlib import Path

import polars as pl
import pytest

editions = runpy.run_path(str(Path(__file__).parent / "editions" / "compare.py"))
STUDIES, GOLDEN = editions["read"]()


@pytest.mark.slow
@pytest.mark.parametrize("name", editions["STUDIES"])
def test_tables_are_those_of_the_first_edition(name, tmp_path):
    found = editions["run_study"](name, tmp_path / name)
    said = editions["differences"](name, found, STUDIES[name])
    assert not said, f"{name} differs from the first edition:\n" + "\n".join(said)


def test_every_study_that_is_kept_is_compared():
    assert list(STUDIES) == list(editions["STUDIES"])


def test_golden_runs_of_the_first_edition_are_never_renewed():
    assert editions["golden_runs"]() == GOLDEN


def test_a_difference_is_named():
    def held(**columns):
        return {"files": [], "tables": {"people": editions["held_by"](pl.DataFrame(columns))}}

    def said(now, study="main"):
        return editions["differences"](study, held(**now), then)

    then = held(person=["Anna", "Carl"], hope=[0.1, 0.2])
    table = {"person": ["Anna", "Carl"], "hope": [0.1, 0.2]}
    assert said(table) == []
    assert said(table | {"hope": [0.1, 0.2 + 1e-16]}) == [
        "table people: column hope has other values"
    ]
    assert said(table | {"hope": [1, 2]}) == [
        "table people: column hope is Int64, Float64 in the first edition"
    ]
    assert said({"person": table["person"]}) == ["table people: column hope is missing"]
    assert said(table | {"person": ["R1", "R2"]}, "single_people") == []
    assert said(table | {"person": ["R1", "R2"]}) == [
        "table people: column person has other values"
    ]
    assert editions["differences"]("main", {"files": [], "tables": {}}, then) == [
        "table people is missing"
    ]
