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
