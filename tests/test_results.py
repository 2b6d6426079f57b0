"""A results folder: complete, described, whole or not there, and never somebody else's."""

import json
from importlib import resources

import polars as pl
import pytest

from peersim.kernel.declaration import InvalidInput
from peersim.model.vocabulary import CAUSES, N_HAZARDS
from peersim.results import columns as dictionary
from peersim.results.disk import claimed
from peersim.results.folder import guard, read_manifest, read_results, staged, write_tables
from peersim.results.manifest import config_hash, identity, provenance
from peersim.scenario.scenario import changed
from peersim.studies import run_study
from peersim.studies.single.options import Options

TYPES = {
    "string": pl.String, "bool": pl.Boolean, "int32": pl.Int32, "int64": pl.Int64,
    "float32": pl.Float32, "float64": pl.Float64, "category": (pl.Categorical, pl.Enum),
}  # fmt: skip


@pytest.mark.compiles
def test_the_main_job_writes_everything(study):
    folder = study()
    tables = {path.stem for path in folder.glob("*.parquet")}
    assert tables == {"designs", "runs", "weekly", "summary", "comparison", "causes", "reach", "gains",
                      "people", "memberships", "ties", "departures"}  # fmt: skip
    assert {path.suffix for path in (folder / "figures").iterdir()} == {".svg"}
    assert (folder / "report.html").is_file()
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == set(read_manifest(folder)["files"]) | {"manifest.json"}


@pytest.mark.compiles
@pytest.mark.parametrize(("asked", "saved"), [("png", {".png"}), ("both", {".png", ".svg"})])
def test_figures_are_saved_as_asked_and_the_page_shows_them_in_any_case(
    asked, saved, small, tmp_path
):
    options = Options(replicates=1, out=str(tmp_path / "out"), figures=asked)
    run_study("single", small(), options)
    figures = list((tmp_path / "out" / "figures").iterdir())
    assert {path.suffix for path in figures} == saved
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    # each is on the page twice, as it is saved and as it is laid out for a narrow screen
    assert page.count("<svg") == 2 * len({path.stem for path in figures}) > 0


@pytest.mark.compiles
def test_the_manifest_tells_where_it_came_from(study, small):
    manifest = read_manifest(study())
    assert manifest["status"] == "completed"
    assert manifest["identity"]["seed"] == 3
    assert manifest["identity"]["replicates"] == 4
    assert manifest["identity"]["scenario"]["weeks"] == small().weeks
    assert manifest["identity"]["scenario"]["population"]["recipients"] == 12
    assert {"python", "peersim", "numpy", "numba", "mesa", "polars"} <= set(manifest["versions"])
    assert manifest["config_hash"] == config_hash(manifest["identity"])
    assert manifest["started"] <= manifest["finished"]


@pytest.mark.compiles
def test_every_column_is_described_with_its_type(study):
    folder = study()
    described = pl.read_csv(folder / "data_dictionary.csv")
    known = {(row["table"], row["column"]): row for row in described.to_dicts()}
    for name, table in read_results(folder).items():
        for column, kind in table.schema.items():
            assert isinstance(kind, TYPES[known[name, column]["type"]]), (name, column, kind)
            assert known[name, column]["description"]
            assert known[name, column]["unit"]
    assert not [row for row in known if row[0] == "*"]
    assert "## weekly.parquet" in (folder / "data_dictionary.md").read_text(encoding="utf-8")


@pytest.mark.compiles
def test_every_outcome_is_described(study):
    described = pl.read_csv(study() / "data_dictionary.csv").filter(pl.col("table") == "outcomes")
    assert set(read_results(study())["summary"]["outcome"].unique()) <= set(described["column"])


def test_shares_of_departures_are_described_for_every_hazard():
    for cause in CAUSES[:N_HAZARDS]:
        assert ("departures", f"share_{cause}") in dictionary.declared_columns()


def test_a_column_that_nobody_described_is_a_mistake(tmp_path, small):
    frame = pl.DataFrame({"design": ["group"], "novelty": [1]})
    manifest = {"versions": {"peersim": "0"}, "config_hash": "0"}
    with pytest.raises(KeyError, match="novelty"):
        write_tables(tmp_path, {"runs": frame}, manifest, small())


@pytest.mark.compiles
def test_tables_fit_together(study):
    tables = read_results(study())
    runs, weekly = tables["runs"], tables["weekly"]
    assert runs.height == runs.select("design", "basis", "seed").n_unique() == 9 * 2 * 4
    assert sorted(runs["seed"].unique()) == [3, 4, 5, 6]
    last = weekly.filter(
        pl.col("week") == 14, pl.col("outcome") == "connectedness", pl.col("community") == "all"
    ).with_columns(pl.col("design", "basis").cast(pl.String))
    both = runs.select(pl.col("design", "basis").cast(pl.String), "seed", "connectedness").join(
        last, on=["design", "basis", "seed"]
    )
    assert both.height == runs.height
    assert (both["connectedness"] - both["value"]).abs().max() < 1e-6
    summary = tables["summary"].filter(
        pl.col("week") == 14, pl.col("outcome") == "connectedness", pl.col("community") == "all"
    )
    means = runs.group_by("design", "basis").agg(pl.col("connectedness").mean())
    joined = summary.select(pl.col("design", "basis").cast(pl.String), "mean").join(
        means.with_columns(pl.col("design", "basis").cast(pl.String)), on=["design", "basis"]
    )
    assert joined.height == 18
    assert (joined["mean"] - joined["connectedness"]).abs().max() < 1e-12


@pytest.mark.compiles
def test_ends_add_up_to_everyone_invited(study):
    causes = (
        read_results(study())["causes"]
        .group_by("design", "basis", "role")
        .agg(pl.col("share").sum())
    )
    assert causes.height == 8 * 2 * 2
    assert (causes["share"] - 1).abs().max() < 1e-9


@pytest.mark.compiles
def test_the_first_run_of_each_design_stands_person_by_person(study):
    people = read_results(study())["people"]
    assert people["seed"].unique().to_list() == [3]
    assert people.height == 9 * 2 * 17


@pytest.mark.compiles
@pytest.mark.parametrize(("tables", "seeds"), [("none", None), ("all", [3, 4])])
def test_the_user_chooses_how_much_detail(study, tables, seeds):
    folder = study("single", 2, (), tables)
    found = read_results(folder)
    assert ("people" in found) == (seeds is not None)
    if seeds:
        assert sorted(found["people"]["seed"].unique()) == seeds
        assert found["weekly"]["community"].n_unique() > 1
        assert found["weekly"]["outcome"].cast(pl.String).str.ends_with("_reached").any()


# -- whose folder is it? -------------------------------------------------------------------------
def known(small, **more):
    return identity("single", small(**more), Options(seed=1, replicates=2))


def test_a_new_or_empty_folder_is_fine(tmp_path, small):
    guard(tmp_path / "new" / "folder", known(small))
    guard(tmp_path, known(small))
    (tmp_path / ".hidden").touch()
    guard(tmp_path, known(small))


def test_other_files_are_left_alone(tmp_path, small):
    (tmp_path / "thesis.docx").touch()
    with pytest.raises(InvalidInput, match="thesis.docx.*Choose another out="):
        guard(tmp_path, known(small))


def test_a_file_is_no_folder(tmp_path, small):
    (tmp_path / "results").touch()
    with pytest.raises(InvalidInput, match="is a file"):
        guard(tmp_path / "results", known(small))
    with pytest.raises(InvalidInput, match="cannot be written"):
        guard(tmp_path / "results" / "mine", known(small))


def test_another_run_is_refused_with_what_differs(tmp_path, small):
    write(tmp_path, known(small))
    with pytest.raises(
        InvalidInput, match=r"another run \(population.stage is 0.4 there, 0.2 now\)"
    ):
        guard(tmp_path, known(small, population__stage=0.2))
    other_seeds = identity("single", small(), Options(seed=1, replicates=50))
    with pytest.raises(InvalidInput, match="replicates is 2 there, 50 now"):
        guard(tmp_path, other_seeds)


def test_a_broken_manifest_is_refused(tmp_path, small):
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(InvalidInput, match="cannot be read"):
        guard(tmp_path, known(small))


def test_results_may_stand_below_results(tmp_path, small):
    write(tmp_path / "project=reden", known(small, weeks=20))
    guard(tmp_path, known(small))


def test_the_same_configuration_refreshes(tmp_path, small):
    write(tmp_path, known(small), "first", "second")
    (tmp_path / "notes.txt").write_text("mine")
    guard(tmp_path, known(small))
    write(tmp_path, known(small), "first")
    assert {path.name for path in tmp_path.iterdir()} == {"first", "manifest.json", "notes.txt"}


def test_workers_and_detail_do_not_make_another_run(small):
    hashes = {
        config_hash(
            identity(
                "single", small(), Options(seed=1, replicates=2, workers=workers, tables=tables)
            )
        )
        for workers, tables in ((1, "first"), (2, "none"))
    }
    assert len(hashes) == 1


def test_other_people_in_the_same_file_make_another_run(tmp_path, small):
    hashes = []
    for text in ("role,stage\nrecipient,0.2\n", "role,stage\nrecipient,0.3\n"):
        (tmp_path / "people.csv").write_text(text)
        scenario = changed(small(), {"population.file": str(tmp_path / "people.csv")})
        hashes.append(config_hash(identity("single", scenario, Options())))
    assert hashes[0] != hashes[1]


def write(folder, identified, *names):
    from datetime import UTC, datetime

    with staged(folder, provenance(identified, Options(), datetime.now(UTC))) as staging:
        for name in names:
            (staging / name).write_text(name)


def test_an_interrupted_run_leaves_nothing(tmp_path, small):
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt), claimed(out), staged(out, {}) as staging:
        (staging / "half.parquet").write_text("half")
        raise KeyboardInterrupt
    assert not list(tmp_path.rglob("*"))


def test_an_interrupted_refresh_leaves_what_was_there(tmp_path, small):
    write(tmp_path, known(small), "first")
    before = (tmp_path / "manifest.json").read_text()
    with pytest.raises(RuntimeError), staged(tmp_path, {}) as staging:
        (staging / "first").write_text("half")
        raise RuntimeError
    assert (tmp_path / "first").read_text() == "first"
    assert (tmp_path / "manifest.json").read_text() == before


def test_nothing_runs_before_the_folder_is_accepted(tmp_path, small, monkeypatch):
    (tmp_path / "thesis.docx").touch()
    monkeypatch.setattr("peersim.studies.main.arms.ensemble", lambda *_, **__: pytest.fail("ran"))
    for name in ("main", "single"):
        with pytest.raises(InvalidInput):
            run_study(name, small(), Options(seed=1, replicates=2, workers=1, out=str(tmp_path)))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


@pytest.mark.compiles
# -- reading -------------------------------------------------------------------------------------
def test_several_runs_are_read_with_what_sets_them_apart(tmp_path, small):
    for job, stage in (("10", 0.7), ("2", 0.2)):
        settings = Options(seed=1, replicates=2, workers=1, out=str(tmp_path / job))
        run_study("single", small(population__stage=stage), settings)
    tables = read_results(tmp_path)
    assert tables["runs"]["job"].unique(maintain_order=True).to_list() == ["2", "10"]
    assert tables["runs"]["population.stage"].unique(maintain_order=True).to_list() == [0.2, 0.7]
    assert tables["runs"].height == 2 * 2 * 2
    assert "population.stage" in tables["weekly"].columns


def test_there_may_be_nothing_to_read(tmp_path):
    with pytest.raises(InvalidInput, match="no results of peersim"):
        read_results(tmp_path)
    with pytest.raises(InvalidInput, match="no results of peersim"):
        read_manifest(tmp_path)


@pytest.mark.compiles
def test_parquet_says_where_it_came_from(study):
    footer = pl.read_parquet_metadata(study() / "runs.parquet")
    assert footer["config_hash"] == read_manifest(study())["config_hash"]


@pytest.mark.compiles
def test_the_manifest_is_plain_json(study):
    assert (
        json.loads((study() / "manifest.json").read_text(encoding="utf-8"))["identity"]["study"]
        == "main"
    )


def test_no_column_is_described_twice():
    text = (resources.files("peersim") / "data" / "columns.csv").read_text(encoding="utf-8")
    names = [tuple(row.split(",")[:2]) for row in text.splitlines()]
    assert len(set(names)) == len(names)
