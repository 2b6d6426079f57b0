"""A study added by the recipe of CONTRIBUTING, word for word, in a copy of the project."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import polars as pl
import pytest

pytestmark = pytest.mark.compiles

ROOT = Path(__file__).resolve().parent.parent
RECIPE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Add a study")[2]
OPTIONS, STUDY, WORDS, COLUMNS, CONFIGURATION = (
    textwrap.dedent(" " * 3 + text.strip()) + "\n"
    for text in re.findall(r"```\n(.*?)```", RECIPE.partition("\n## ")[0], re.S)
)


@pytest.fixture(scope="module")
def with_luck(tmp_path_factory):
    """A copy of the project to which the study was added by the recipe."""
    copied = tmp_path_factory.mktemp("with_luck")
    for part in ("peersim", "configs"):
        unwanted = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, copied / part, ignore=unwanted)
    folder = copied / "peersim/studies/luck"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""How much chance alone does."""\n', encoding="utf-8")
    (folder / "options.py").write_text(OPTIONS, encoding="utf-8")
    (folder / "study.py").write_text(STUDY, encoding="utf-8")
    words = copied / "peersim/locales/en.json"
    catalogue = json.loads(words.read_text(encoding="utf-8")) | json.loads(f"{{{WORDS}}}")
    words.write_text(json.dumps(catalogue), encoding="utf-8")
    with (copied / "peersim/data/columns.csv").open("a", encoding="utf-8") as columns:
        columns.write(COLUMNS)
    (copied / "configs/experiment/luck.yaml").write_text(CONFIGURATION, encoding="utf-8")
    return copied


def peersim(project, *words):
    """Run the program of a copy, interpreted: compiling would take longer than the runs."""
    environment = os.environ | {"PYTHONPATH": str(project), "NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-m", "peersim.commands.cli", *words]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=project, env=environment, check=False
    )


def test_it_runs_shows_and_repeats_what_it_found(with_luck):
    small = ["communities=[group]", "population.recipients=8", "population.supporters=3", "weeks=6"]
    done = peersim(with_luck, "experiment=luck", "replicates=3", "out=out", *small)
    assert done.returncode == 0, done.stderr
    apart = pl.read_parquet(with_luck / "out/apart.parquet")
    assert apart["outcome"].to_list() == ["connectedness", "retained", "isolated"]
    assert (apart["low"] <= apart["mean"]).all() and (apart["mean"] <= apart["high"]).all()
    assert "How far apart 3 runs lie" in done.stdout and "In nine of ten runs" in done.stdout
    page = (with_luck / "out/report.html").read_text(encoding="utf-8")
    assert "By chance alone" in page and "How far apart 3" in page
    assert (with_luck / "out/exhibits/apart.csv").exists()
    again = peersim(with_luck, "rerun", "out")
    assert again.returncode == 0, again.stdout + again.stderr


def test_an_option_that_it_does_not_read_is_refused(with_luck):
    done = peersim(with_luck, "experiment=luck", "size=full", "out=other")
    assert done.returncode == 2 and "size" in done.stderr and "Traceback" not in done.stderr
    assert not (with_luck / "other").exists()
