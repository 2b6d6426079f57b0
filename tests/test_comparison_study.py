"""experiment=compare: a table anybody can read, a folder that holds everything, a page whose
numbers are the tables'."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import polars as pl
import pytest
from test_report import Page

import peersim
from peersim.commands.configuration import compose, plan
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.statistics import runs_needed
from peersim.presentation.wording import written
from peersim.results.folder import read_manifest, read_results
from peersim.scenario.run_options import RunOptions
from peersim.scenario.scenario import changed
from peersim.studies import run_study
from peersim.studies.compare.figures import draw
from peersim.studies.compare.study import SHOWN, designs_of


@pytest.fixture(scope="module")
def folder(small, tmp_path_factory):
    return run(small(), tmp_path_factory.mktemp("compare") / "out", replicates=12)


def run(base, folder, b=None, **settings):
    arms = {"B": changed(base, b or {"communities": ["one_to_one", "group"], "cafe.per_week": 1.5})}
    run_study(
        "comparison", base, RunOptions(seed=3, workers=2, out=str(folder), arms=arms, **settings)
    )
    return folder


def test_the_folder_holds_everything_and_says_what_it_is(folder):
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    manifest = read_manifest(folder)
    assert files == {*manifest["files"], "manifest.json"}
    assert {
        "report.html",
        "figures/by_week.png",
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


def test_what_is_printed_can_be_read(small, tmp_path, capsys):
    run(
        small(),
        tmp_path / "out",
        b={"group.size": 6},
        replicates=30,
        precision=0.05,
        outcomes=["isolated", "cost"],
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:3] == ["A: group.size=5", "B: group.size=6"]
    assert any(line.startswith("isolated (%)") and "no difference" in line for line in lines)
    assert max(map(len, lines)) <= 125
    assert not any("nan" in line for line in lines)


def test_one_pair_and_outcomes_that_nobody_has_are_told_too(small, tmp_path, capsys):
    nobody = changed(small(), {"population.supporters": 0, "group.leaders": 0})
    run(nobody, tmp_path / "out", b={"cafe.per_week": 1}, replicates=1)
    printed = capsys.readouterr().out
    assert "nothing can be said of how sure this is" in printed
    assert "not applicable" in printed and "nan" not in printed


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
        kind, scenario, settings = plan(compose(["experiment=compare", *overrides]))
        run_study("comparison", scenario, settings)
    assert list(tmp_path.iterdir()) == []


def test_one_design_may_be_what_is_configured():
    _, scenario, settings = plan(
        compose(["experiment=compare", "communities=[group]", "b.group.hours=2.2"])
    )
    designs = designs_of(scenario, settings)
    assert [each.group.hours for each in designs.values()] == [2.0, 2.2]
    assert designs["A"].communities == designs["B"].communities == ["group"]


def test_figures_ask_a_question_and_name_both_designs(folder):
    drawings = list(draw(read_results(folder), SHOWN, "1.2.3"))
    assert [(d.png, d.svg) for d in draw(read_results(folder), SHOWN, "1.2.3")] == [
        (d.png, d.svg) for d in drawings
    ]
    for drawing in drawings:
        text = " ".join(ElementTree.fromstring(drawing.svg).itertext())
        assert drawing.title.endswith("?") and drawing.title.split()[0] in text
        assert "A: communities=[one_to_one]" in text and "seeds 3 to 14" in text
        assert "Exploratory, not predictive" in text
        assert len(drawing.svg) < 400_000


def test_every_number_of_the_page_is_in_the_tables(folder):
    page = Page((folder / "report.html").read_text(encoding="utf-8"))
    rows = {
        row["outcome"]: row for row in read_results(folder)["differences"].iter_rows(named=True)
    }
    checked = 0
    for number in page.numbers:
        about = {name.removeprefix("data-"): value for name, value in number.origin.items()}
        if about["table"] != "differences":
            continue
        row, what, value = rows[about["outcome"]], about["what"], float(about["value"])
        half = (row["high"] - row["low"]) / 2
        expected = {
            "would_tell": lambda row: runs_needed(row["sd_paired"], abs(row["difference"])),
            "times": lambda row: (row["sd_unpaired"] / row["sd_paired"]) ** 2,
        }.get(what, lambda row, what=what: row[what])(row)
        assert value == pytest.approx(expected, rel=1e-12), about
        if what in ("A", "B", "difference", "low", "high"):
            assert number.text == written(row[what], row["outcome"], half, signed=what not in "AB")
        checked += 1
    assert checked > 50


def test_no_number_of_the_page_stands_outside_a_tag_and_nothing_comes_from_outside(folder):
    text = (folder / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert [word for word in page.words if re.search(r"\d", word)] == []
    assert not re.search(r"(src|href)=[\"']https?:", text)
    assert "Exploratory, not predictive" in text
