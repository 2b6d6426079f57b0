"""The notebook of docs/: its cells run in turn, without Jupyter, and show what is stored."""

import json
import re
import runpy
from pathlib import Path

import pytest

pytestmark = pytest.mark.compiles
DOCS = Path(__file__).parents[1] / "docs"
RUNNING = runpy.run_path(str(DOCS / "run_notebook.py"))
TEXT = (DOCS / "first_steps.ipynb").read_text(encoding="utf-8")
NOTEBOOK = json.loads(TEXT)


def words(outputs):
    """What outputs say, pictures apart: of these, that there is one."""
    return [
        {form: form == "image/png" or value for form, value in each["data"].items()}
        if "data" in each
        else each
        for each in outputs
    ]


@pytest.fixture(scope="module")
def found():
    """What the cells show today."""
    names = {}
    cells = enumerate(RUNNING["cells"](NOTEBOOK), 1)
    return [RUNNING["outputs"]("".join(cell["source"]), names, number) for number, cell in cells]


def test_the_notebook_shows_what_its_cells_show(found):
    stored = [cell["outputs"] for cell in RUNNING["cells"](NOTEBOOK)]
    assert all(stored), "uv run python docs/run_notebook.py"
    assert list(map(words, found)) == list(map(words, stored)), "uv run python docs/run_notebook.py"


def test_the_notebook_is_small_whole_and_holds_nothing_of_a_machine():
    assert len(TEXT) < 400_000 and (NOTEBOOK["nbformat"], NOTEBOOK["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in NOTEBOOK["cells"]]
    assert len(set(ids)) == len(ids)
    numbers = [cell["execution_count"] for cell in RUNNING["cells"](NOTEBOOK)]
    assert numbers == list(range(1, len(numbers) + 1))
    plain = re.sub(r'"image/png": "[^"]+"', "", TEXT)
    assert not re.search(
        r"0x[0-9a-f]{6}|/(home|root|tmp|Users|work|usr)/|[A-Z]:\\\\|Traceback", plain
    )
    for link in re.findall(r"\]\((\w+\.md)\)", plain):
        assert (DOCS / link).exists()
