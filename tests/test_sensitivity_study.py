"""experiment=sensitivity from end to end: what is written, drawn and said, and the command that it
offers."""

import dataclasses
import io
import shlex

import matplotlib
import numpy as np
import polars as pl
import pytest
from drawn import faults

from peersim import read_results, sweep
from peersim.commands.configuration import compose, plan
from peersim.kernel.declaration import InvalidInput
from peersim.presentation.figures import style
from peersim.results.columns import declared_columns, outcome_columns
from peersim.results.folder import read_manifest
from peersim.scenario.design import grid, lhs
from peersim.scenario.scenario import Scenario, changed
from peersim.scenario.sweep_options import DesignChoice
from peersim.studies.sensitivity import study as sensitivity
from peersim.studies.sensitivity.next_step import next_command
from peersim.studies.sensitivity.options import Options
from peersim.studies.study import Found
from peersim.studies.sweep import figures as sweep_figures
from peersim.studies.sweep.tables import varied_in

pytestmark = pytest.mark.compiles

OVER = ["attendance.habit", "training.uptake", "group.size"]


def settings(folder, design, **more):
    return Options(
        seed=3, replicates=3, workers=1, out=str(folder), tables="none", design=design, **more
    ).checked()


def run(base, asked):
    return sensitivity.Sensitivity(base, asked).carry_out()


@pytest.fixture(scope="module")
def two(small, tmp_path_factory):
    """Screen two designs and give the folder and what was printed."""
    base = small(communities=["group"])
    folder = tmp_path_factory.mktemp("two") / "out"
    asked = settings(
        folder, DesignChoice("morris", over=OVER, around=0.5, trajectories=6, levels=8, seed=1),
        b=changed(base, {"group.hours": 4.0}),
        overrides=["experiment=sensitivity", "communities=[group]", "b.group.hours=4", "replicates=3", "seed=3",
                   f"out={folder}"],
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        out = io.StringIO()
        patch.setattr("sys.stdout", out)
        assert run(base, asked) == 0
    return folder, out.getvalue()


def test_tables_figures_and_page_stand_beside_the_runs(two):
    folder, _ = two
    tables = read_results(folder)
    assert {"points", "runs", "factors", "sensitivity", "chance", "ranking", "verdicts"} <= set(
        tables
    )
    assert set(tables["sensitivity"]["design"]) == {"A", "B"}
    assert tables["ranking"]["moves"].to_list() == [6] * len(tables["ranking"])
    assert (
        tables["verdicts"].group_by("outcome").agg(pl.col("points").sum())["points"].to_list()
        == [24] * 5
    )
    names = {path.name for path in (folder / "figures").iterdir()}
    assert {"what_matters.svg", "interactions.svg", "ranking_connectedness.svg"} <= names
    assert not list(folder.rglob("*.new"))


def test_asking_again_runs_nothing_and_gives_the_same(two, small, capsys):
    folder, _ = two
    before = {path.name: path.read_bytes() for path in folder.glob("*.parquet")}
    base = small(communities=["group"])
    design = DesignChoice("morris", over=OVER, around=0.5, trajectories=6, levels=8, seed=1)
    run(base, settings(folder, design, b=changed(base, {"group.hours": 4.0})))
    assert "nothing was left to run" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in folder.glob("*.parquet")} == before


def test_the_next_command_can_be_typed(two):
    folder, printed = two
    command = next(line for line in printed.splitlines() if "design=sobol" in line)
    words_ = shlex.split(command)
    given = words_[words_.index("peersim") + 1 :]
    kind, scenario, asked = plan(compose(given), given)
    assert (
        kind == "sensitivity"
        and asked.design.kind == "sobol"
        and set(asked.design.over) <= set(OVER)
    )
    assert asked.design.around == 0.5 and asked.seed == 3 and asked.replicates == 20
    assert scenario.communities == ["group"] and asked.arms["B"].group.hours == 4
    assert asked.out == f"{folder}-sobol"


def test_what_was_narrowed_stays_narrow_in_the_next_command(two):
    folder, _ = two
    asked = settings(folder, DesignChoice("morris", bounds={"group.size": [4, 6]}),
                     overrides=["design.bounds.group.size=[4,6]", "design.bounds.weeks=[10,20]", "out=here"])  # fmt: skip
    command = next_command(asked, asked.design, ["group.size"])
    assert (
        "'design.bounds.group.size=[4,6]'" in command
        and "weeks" not in command
        and "around" not in command
    )


def test_it_says_what_sets_two_designs_apart(two):
    folder, _ = two
    assert read_manifest(folder)["facts"]["about"] == "A: group.hours=2.  B: group.hours=4."


def test_shares_of_the_variance_at_an_earlier_week(small, tmp_path):
    base = small(communities=["group"])
    asked = settings(
        tmp_path / "out", DesignChoice("sobol", over=OVER, around=0.5, samples=4, seed=1), week=8
    )
    assert run(base, dataclasses.replace(asked, outcomes=["ties"])) == 0
    tables = read_results(tmp_path / "out")
    assert len(tables["points"]) == 4 * 5 and set(tables["sensitivity"]["outcome"]) == {"ties"}
    assert read_manifest(tmp_path / "out")["identity"]["scenario"]["weeks"] == 8
    assert (tmp_path / "out" / "figures" / "what_matters.svg").exists()


def test_a_world_cut_short_is_the_same_world(small):
    from peersim import ensemble

    base = small(
        communities=["group"], events=[{"week": 4, "add": "digital"}, {"week": 12, "end": "group"}]
    )
    short = sensitivity.until(base, 8)
    assert short.weeks == 8 and len(short.events) == 1
    assert np.array_equal(
        ensemble(short, range(3)).values, ensemble(base, range(3)).values[:, :9], equal_nan=True
    )


def test_an_existing_sweep_is_read_and_not_run(small, tmp_path, capsys):
    base, folder = small(communities=["group"]), tmp_path / "explore"
    bounds = {"organisation": ["independent", "integrated"], "group.size": [4, 8]}
    sweep(
        base,
        lhs(base, [], 60, bounds=bounds),
        replicates=2,
        out=str(folder),
        progress=lambda runs: None,
    )
    asked = settings(tmp_path / "out", DesignChoice("pawn", of=str(folder)))
    assert run(Scenario(), asked) == 0
    tables = read_results(tmp_path / "out")
    assert set(tables) == {"factors", "sensitivity", "chance"}
    assert tables["factors"].sort("parameter")["options"].to_list() == [
        None,
        "independent, integrated",
    ]
    assert (tables["chance"]["replicates"] == 2).all() and (tables["chance"]["points"] == 60).all()
    assert read_manifest(tmp_path / "out")["facts"]["method"] == "pawn"


def test_what_cannot_be_analysed_is_refused(small, tmp_path):
    base, folder = small(communities=["group"]), tmp_path / "few"
    sweep(base, {"group.size": [4, 6]}, replicates=1, out=str(folder), progress=lambda runs: None)
    for design, words_ in ((DesignChoice("pawn", of=str(folder)), "has 2 points"),
                           (DesignChoice("pawn", of=str(tmp_path / "none")), "holds no results"),
                           (DesignChoice("grid", vary={"weeks": [8, 9]}), "cannot use design=grid")):  # fmt: skip
        with pytest.raises(InvalidInput, match=words_):
            run(base, settings(tmp_path / "out", design))
    assert not (tmp_path / "out").exists()


# -- figures -------------------------------------------------------------------------------------
@pytest.mark.parametrize("vary", [
    {"group.size": [4, 6, 8]}, {"organisation": ["independent", "outreach", "integrated"]},
    {"group.size": [4, 6, 8], "organisation": ["independent", "integrated"]},
    {"group.size": list(range(4, 12)), "group.weeks": list(range(4, 12))},
    {"group.size": [4, 6, 8], "group.weeks": [4, 6], "organisation": ["independent", "integrated"]},
    {"group.hours": [1 + 0.05 * k for k in range(40)]},
])  # fmt: skip
def test_every_kind_of_sweep_has_a_figure_without_cut_words(vary):
    design = grid(vary)
    points = (
        pl.DataFrame(design.points)
        .with_row_index("point")
        .with_columns(pl.col(pl.Int64).cast(float))
    )
    outcomes = ["connectedness", "retained", "isolated", "strain"]
    numbers = np.random.default_rng(1).random(len(points) * len(outcomes))
    summary = pl.DataFrame({"point": np.repeat(np.arange(len(points)), 4), "outcome": outcomes * len(points),
                            "mean": numbers, "mean_low": numbers - 0.1, "mean_high": numbers + 0.1},
                           schema_overrides={"point": pl.UInt32})  # fmt: skip
    facts = {"points": len(points), "runs": 2, "seed": 1, "week": 14, "varied": varied_in(points)}
    swept = Found({"points": points, "summary": summary}, facts)
    with matplotlib.rc_context(style.settings()):
        (plot,) = sweep_figures.figures(swept)
        figure = plot.figure()
        assert faults(figure) == {}
    assert len(figure.axes) >= 2


def test_every_table_of_an_analysis_is_declared():
    declared = {table for table, _ in declared_columns()}
    assert {"factors", "sensitivity", "chance", "ranking", "verdicts"} <= declared
    assert set(sensitivity.OUTCOMES) <= set(outcome_columns())
