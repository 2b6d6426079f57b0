"""Every study gives the tables that the first edition gave; what they hold is compared by digest."""

import runpy
from pathlib import Path

import pytest

editions = runpy.run_path(str(Path(__file__).parent / "editions" / "compare.py"))
STUDIES, GOLDEN = editions["read"]()


@pytest.mark.slow
@pytest.mark.parametrize("name", editions["STUDIES"])
def test_tables_are_those_of_the_first_edition(name, tmp_path):
    said = editions["differences"](editions["run_study"](name, tmp_path / name), STUDIES[name])
    assert not said, f"{name} differs from the first edition:\n" + "\n".join(said)


def test_every_study_that_is_kept_is_compared():
    assert list(STUDIES) == list(editions["STUDIES"])


def test_golden_runs_are_those_of_the_first_edition():
    assert editions["golden_runs"]() == GOLDEN
