"""Golden runs: has any number changed since they were last renewed?"""

import runpy
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

pytestmark = pytest.mark.compiles

golden = runpy.run_path(str(Path(__file__).parent / "golden" / "renew.py"))


@pytest.mark.parametrize("name", golden["RUNS"])
def test_numbers_are_those_of_the_golden_run(name):
    kept = pl.read_csv(
        golden["file"](name),
        schema_overrides={f"week {week}": pl.Float64 for week in golden["WEEKS"]},
    )
    try:
        assert_frame_equal(golden["lived"](name), kept, rel_tol=1e-9, abs_tol=1e-12)
    except AssertionError as difference:
        pytest.fail(f"{difference}\n\nIf this change is meant: uv run python tests/golden/renew.py")


@pytest.mark.parametrize("name", golden["RUNS"])
def test_with_every_step_taken_back_it_is_the_first_edition(name):
    """Bit for bit: each rule of the second edition can be switched off, and does nothing then."""
    kept = pl.read_csv(
        golden["file"](name, "first_edition"),
        schema_overrides={f"week {week}": pl.Float64 for week in golden["WEEKS"]},
    )
    found = golden["lived"](name, golden["FIRST"]).filter(pl.col("outcome").is_in(kept["outcome"]))
    assert_frame_equal(found, kept, rel_tol=1e-9, abs_tol=1e-12)
