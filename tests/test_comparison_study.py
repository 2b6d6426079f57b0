"""experiment=compare: a table anybody can read, a folder that holds everything, a page whose
numbers are the tables'."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import polars as pl
import pytest

import peersim
from peersim.commands.configuration import compose, plan
from peersim.kernel.declaration import InvalidInput
from peersim.results.folder import read_manifest, read_results
from peersim.scenario.scenario import changed
from peersim.studies import run_study
from peersim.studies.compare.options import Options
from peersim.studies.compare.sentences import sentences
from peersim.studies.compare.study import SHOWN, Compare
from peersim.studies.study import Found

pytestmark = pytest.mark.compiles


@pytest.fixture(scope="module")
def folder(small, tmp_path_factory):
    return run(small(), tmp_path_factory.mktemp("compare") / "out", replicates=12)


def run(base, folder, b=None, **more):
    other = changed(base, b or {"communities": ["one_to_one", "group"], "cafe.per_week": 1.5})
    run_study("compare", base, Options(seed=3, workers=2, out=str(folder), b=other, **more))
    return folder


def test_the_folder_holds_everything_and_says_what_it_is(folder):
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    manifest = read_manifest(folder)
    assert files == {*manifest["files"], "manifest.json"}
    assert {
        "report.html",
        "figures/by_week.svg",
        "figures/pair_by_pair.svg",
        "data_dictionary.md",
    } <= files
    assert manifest["identity"]["arms"] == {
        "B": {"communities": ["one_to_one", "group"], "cafe.per_week": 1.5}
    }
    described = pl.read_csv(folder / "data_dictionary.csv")
    for name, table in read_results(folder).items():
        assert set(table.columns) <= set(described.filter(table=name)["column"]), name


def test_the_tables_say_what_compare_says(folder, small):
    tables = read_results(folder)
    designs = {"A": small(), "B": changed(small(), read_manifest(folder)["identity"]["arms"]["B"])}
    found = peersim.compare(designs, replicates=12, seed=3)
    stored = tables["differences"].with_columns(
        pl.col(pl.Categorical).cast(pl.String), pl.col("week").cast(pl.Int64)
    )
    assert stored.select(found.columns).equals(found)
    last = tables["differences_by_week"].filter(week=14).sort("outcome")
    same = stored.filter(pl.col("outcome").is_in(SHOWN)).sort("outcome")
    assert np.allclose(
        last["difference"], same["difference"], atol=1e-4, equal_nan=True
    )  # kept in short
    ties = tables["pairs"].filter(pl.col("outcome") == "ties").sort("seed")
    runs = {name: tables["runs"].filter(design=name).sort("seed")["ties"] for name in "AB"}
    assert ties["A"].equals(runs["A"].alias("A")) and ties["B"].equals(runs["B"].alias("B"))
    assert set(tables["people"]["design"].unique()) == {"A", "B"}


def test_it_does_not_depend_on_workers_and_refuses_another_question(folder, small, tmp_path):
    again = run(small(), tmp_path / "out", replicates=12)
    assert (again / "differences.parquet").read_bytes() == (
        folder / "differences.parquet"
    ).read_bytes()
    with pytest.raises(InvalidInput, match="precision is not set there, 0.01 now"):
        run(small(), folder, replicates=12, precision=0.01)


def said(folder):
    """Keys of the sentences that a folder says."""
    found = Found(read_results(folder), read_manifest(folder)["facts"])
    return [each.key.removeprefix("compare.") for each in sentences(found)]


def test_a_precision_that_was_asked_for_is_said(small, tmp_path):
    b = {"group.size": 6}
    asked = {"replicates": 30, "precision": 0.05, "outcomes": ["isolated", "cost"]}
    keys = said(run(small(), tmp_path / "out", b, **asked))
    assert "precision_shares" in keys and "short.no difference" in keys


def test_one_pair_and_outcomes_that_nobody_has_can_be_shown_too(small, tmp_path, capsys):
    nobody = changed(small(), {"population.supporters": 0, "group.leaders": 0})
    keys = said(run(nobody, tmp_path / "out", b={"cafe.per_week": 1}, replicates=1))
    assert "one" in keys and not [key for key in keys if key.startswith("short.")]
    assert "nan" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ([], "experiment=compare needs two designs"),
        (["b.weeks=20"], "A lasts 52 weeks and B lasts 20 weeks; say at which week"),
        (["b.grop.size=5"], "Did you mean b.group.size?"),
        (["b.group.size=5", "outcomes=[tie]"], "Did you mean ties?"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_before_anything_runs(
    overrides, said, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidInput, match=re.escape(said)):
        kind, scenario, options = plan(compose(["experiment=compare", *overrides]))
        run_study(kind, scenario, options)
    assert list(tmp_path.iterdir()) == []


def test_one_design_may_be_what_is_configured():
    _, scenario, options = plan(
        compose(["experiment=compare", "communities=[group]", "b.group.hours=2.2"])
    )
    designs = Compare(scenario, options).designs()
    assert [each.group.hours for each in designs.values()] == [2.0, 2.2]
    assert designs["A"].communities == designs["B"].communities == ["group"]


def test_figures_name_both_designs_and_how_many_years(folder):
    for name in ("by_week", "pair_by_pair"):
        svg = (folder / "figures" / f"{name}.svg").read_text(encoding="utf-8")
        text = " ".join(ElementTree.fromstring(svg).itertext())
        assert "A: one-to-one" in text and "12 imagined years" in text and "seed" not in text
        assert "Exploratory, not predictive" in text
        assert len(svg) < 400_000
