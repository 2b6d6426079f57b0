"""A results folder can be repeated from what it holds, also elsewhere, and it is said whether the
tables are equal."""

import json
import shutil

import polars as pl
import pytest

import peersim
from peersim.commands.cli import COMMANDS
from peersim.commands.rerun import asked, command, compared, manifest_of
from peersim.kernel.declaration import InvalidInput
from peersim.results.folder import read_manifest, read_results
from peersim.results.manifest import config_hash
from peersim.scenario import design
from peersim.scenario.scenario import changed
from peersim.studies import options_of, run_study
from peersim.studies.single.options import Options

pytestmark = pytest.mark.compiles

GRID = {"group.size": [5, 6], "organisation": ["independent", "integrated"]}


@pytest.fixture(scope="module")
def swept(small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep") / "size"
    peersim.sweep(
        small(communities=["group"]), GRID, replicates=2, seed=4, out=str(folder), tables="first"
    )
    return folder


def all_equal(folder, **more):
    found = peersim.rerun(folder, workers=1, **more)
    assert found.columns == ["table", "rows", "equal", "differs"]
    return found["equal"].all() and found.height == len(read_results(folder))


@pytest.mark.parametrize("name", [pytest.param("main", marks=pytest.mark.slow), "single"])
def test_a_study_repeated_gives_equal_tables(name, study, tmp_path):
    folder = study(name=name, tables="all" if name == "single" else "first")
    assert all_equal(folder, out=tmp_path / "again")
    assert read_manifest(tmp_path / "again")["config_hash"] == read_manifest(folder)["config_hash"]


@pytest.mark.slow
def test_the_design_of_ones_own_is_there_again(study, tmp_path):
    """What the command line chose is one design more: it is kept beside the configuration."""
    assert all_equal(
        study(overrides=("communities=[group,digital]",), tables="none"), out=tmp_path / "again"
    )
    assert "your_design" in read_results(tmp_path / "again")["designs"]["design"]


def test_a_comparison_repeated_gives_equal_tables_and_as_many_pairs(small, tmp_path):
    events = [{"week": 5, "set": {"group.size": 4}}]
    b = changed(small(), {"communities": ["group"], "events": events})
    settings = options_of("compare")(
        replicates=5, precision=0.05, outcomes=["ties", "isolated"], week=9, b=b, workers=2
    )
    settings.out = str(tmp_path / "one")
    run_study("compare", small(), settings)
    assert all_equal(tmp_path / "one")
    assert (tmp_path / "one-again" / "report.html").is_file()


@pytest.mark.parametrize(
    "make",
    [
        lambda base: GRID,
        lambda base: [{"group.size": 5}, {"group.hours": 1.5, "communities": ["group", "digital"]}],
        lambda base: design.lhs(
            base, ["group.size", "group.hours", "availability.variant"], 4, seed=3
        ),
        lambda base: design.arms(
            design.grid({"group.size": [5, 6]}), {"one": {}, "two": {"cafe.per_week": 1.0}}
        ),
        lambda base: design.arms(
            design.points([{"group.size": 5}]), {"one": {}, "two": {"cafe.per_week": 1.0}}
        ),
    ],
    ids=["grid", "points", "latin hypercube", "arms", "points with arms"],
)
def test_a_sweep_repeated_gives_equal_tables(make, small, tmp_path):
    base = small(communities=["group"])
    peersim.sweep(base, make(base), replicates=2, seed=4, out=str(tmp_path / "one"))
    assert all_equal(tmp_path / "one")


def test_your_own_people_travel_with_the_results(small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [
        "person,role,stage",
        *(f"Ann {k},recipient,0.{k}" for k in range(8)),
        "Bo,supporter,",
        "Di,supporter,0.9",
    ]
    (tmp_path / "people.csv").write_text("\n".join(rows) + "\n")
    base = changed(small(), {"population.file": "people.csv"})
    run_study("single", base, Options(replicates=2, out="here/one", workers=1))
    peersim.sweep(base, {"one_to_one.hours": [1.0, 2.0]}, replicates=2, out="here/two")
    (tmp_path / "people.csv").unlink()
    shutil.move(tmp_path / "here", tmp_path / "elsewhere")
    assert all_equal("elsewhere/one") and all_equal("elsewhere/two")
    for kept in ("one", "two"):
        before, after = (read_manifest(f"elsewhere/{kept}{again}") for again in ("", "-again"))
        assert before["config_hash"] == after["config_hash"]
    for file in (tmp_path / "elsewhere").rglob("*"):
        assert file.is_dir() or b"Ann " not in file.read_bytes(), file
    assert "R3" in peersim.rerun("elsewhere/two", point=1, seed=2).people["person"]


def test_one_run_of_a_sweep_is_lived_here_and_held_against_the_table(swept, capsys):
    run = peersim.rerun(swept, point=3, seed=5)
    row = read_results(swept)["runs"].filter(point=3, seed=5).row(0, named=True)
    assert (
        run.weekly.filter(pl.col("week") == 14, community="all", outcome="ties")["value"].item()
        == row["ties"]
    )
    assert run.scenario.group.size == 6 and run.scenario.organisation.name == "integrated"
    assert command([str(swept), "point=3", "seed=5"]) == 0
    assert "holds the same." in capsys.readouterr().out


def test_a_run_that_fails_shows_everything_there_is_to_see(swept, monkeypatch):
    def broken(scenario, seed):
        raise ZeroDivisionError("in the middle of a week")

    monkeypatch.setattr("peersim.commands.rerun.simulate", broken)
    with pytest.raises(ZeroDivisionError, match="in the middle of a week"):
        command([str(swept), "point=0", "seed=4"])


def test_tables_that_differ_are_named_with_what_differs(swept, tmp_path, capsys):
    other = tmp_path / "other"
    shutil.copytree(swept, other)
    runs = pl.read_parquet(other / "runs.parquet")
    runs.with_columns(pl.col("ties") + 0.25).write_parquet(other / "runs.parquet")
    (other / "weekly.parquet").unlink()
    found = compared(swept, other)
    assert dict(found.filter(~pl.col("equal")).select("table", "differs").rows()) == {
        "runs": "ties (by up to 0.25)",
        "weekly": "is missing now",
    }
    manifest = read_manifest(other) | {
        "versions": {"peersim": "0.0.9", "numpy": "1.0"},
        "rules": "others",
    }
    (other / "manifest.json").write_text(json.dumps(manifest))
    assert command([str(other), f"out={tmp_path / 'third'}"]) == 1
    printed = capsys.readouterr().out
    assert "2 of 4 tables differ" in printed
    assert "numpy 1.0 (here" in printed and "The rules of the model have changed since." in printed


def test_what_cannot_be_repeated_is_refused(swept, study, tmp_path):
    several = tmp_path / "several"
    for name in ("a", "b"):
        shutil.copytree(study(), several / name)
    unfinished = tmp_path / "unfinished"
    shutil.copytree(swept, unfinished)
    manifest = read_manifest(unfinished) | {"status": "running"}
    (unfinished / "manifest.json").write_text(json.dumps(manifest))
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "manifest.json").write_text("{}")
    other = tmp_path / "other"
    shutil.copytree(swept, other)
    manifest["identity"]["scenario"]["group"]["colour"] = 3
    manifest["config_hash"] = config_hash(manifest["identity"])
    (other / "manifest.json").write_text(json.dumps(manifest | {"status": "completed"}))
    for folder, more, said in (
        (tmp_path / "nowhere", {}, "holds no results of peersim"),
        (several, {}, "holds 2 runs; name one of them"),
        (unfinished, {}, "a sweep that is not finished; the same command goes on"),
        (strange, {}, "that is not one of peersim"),
        (other, {}, "cannot be repeated here .* There is no setting called group.colour"),
        (swept, {"out": swept}, "choose another one"),
        (swept, {"point": 3}, "point and seed go together"),
        (swept, {"point": 9, "seed": 4}, "has points 0 to 3"),
        (study(), {"point": 0, "seed": 4}, r"holds results of another kind \(main\)"),
    ):
        with pytest.raises(InvalidInput, match=said):
            peersim.rerun(folder, **more)


def test_words_of_the_command_are_checked():
    assert "rerun" in COMMANDS
    assert asked(["out=x y", "results/mine", "workers=2"]) == (
        "results/mine",
        {"out": "x y", "workers": 2},
    )
    for words, said in (
        ([], "Name one folder"), (["a", "b"], "Name one folder"), (["--help"], "Name one folder"),
        (["a", "sed=3"], "Did you mean seed"), (["a", "seed=x"], "seed is x"), (["a", "point="], "point is empty"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match=said):
            asked(words)


def test_unfinished_and_damaged_results_are_not_read_as_if_they_were_whole(swept, tmp_path):
    for name in ("a", "b"):
        shutil.copytree(swept, tmp_path / name)
    (tmp_path / "b" / "manifest.json").write_text(
        json.dumps(read_manifest(swept) | {"status": "running"})
    )
    with pytest.raises(InvalidInput, match="not finished; the same command goes on"):
        read_results(tmp_path / "b")
    with pytest.warns(UserWarning, match="b holds a sweep that is not finished; it is left out"):
        assert read_results(tmp_path)["runs"]["job"].unique().to_list() == ["a"]
    (tmp_path / "a" / "runs.parquet").write_text("no table")
    with pytest.raises(InvalidInput, match="runs.parquet cannot be read"):
        read_results(tmp_path / "a")


def test_several_sweeps_keep_their_own_values_of_what_they_vary(small, tmp_path):
    for organisation in ("independent", "integrated"):
        for size in (5, 6):
            base = small(communities=["group"], organisation=organisation, group__size=size)
            folder = tmp_path / f"{organisation}-{size}"
            peersim.sweep(base, {"group.size": [4, 7]}, replicates=2, out=str(folder))
    runs = read_results(tmp_path)["runs"]
    assert runs.select("job", "point", "seed").n_unique() == runs.height == 4 * 2 * 2
    assert set(runs["organisation"]) == {"independent", "integrated"}
    assert sorted(set(runs["group.size"])) == [4, 7]
    with pytest.raises(InvalidInput, match="holds 4 runs"):
        manifest_of(tmp_path)
