"""Presets by their own facts: the study reads them by the rules that were written down, and hides
none that fails."""

import re
import runpy
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from small_studies import folder_of

import peersim
from peersim.commands.configuration import compose, plan
from peersim.kernel.catalogue import has
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.statistics import Share, share_of
from peersim.results.folder import read_manifest, read_results
from peersim.run.first_day import draw_up
from peersim.run.simulation import simulate
from peersim.scenario.presets import preset as set_by
from peersim.scenario.scenario import Scenario, changed
from peersim.studies import options_of, study_of
from peersim.studies.presets.fact import (
    ABSENT,
    BUILT_IN,
    DOES_NOT_ARISE,
    EMERGENT,
    FAILS,
    HOLDS,
    UNDECIDED,
    USUAL,
    Fact,
    verdict,
)
from peersim.studies.presets.facts import PRESETS
from peersim.studies.presets.seen import follow
from peersim.studies.presets.study import NO_PROGRAMME, row_of

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "presets.md"
EVERY = [(preset, fact) for preset in PRESETS.values() for fact in preset.facts]


# -- what is declared -----------------------------------------------------------------------------
def test_every_project_of_the_sources_has_facts():
    assert list(PRESETS) == [
        "reden", "weshelter", "weshelter_women", "morgencafeen", "ung_til_ung", "paths_to_everyday_life"
    ]  # fmt: skip
    assert all(len(preset.facts) >= 6 for preset in PRESETS.values())


@pytest.mark.parametrize(("preset", "fact"), EVERY, ids=lambda each: getattr(each, "key", None))
def test_a_fact_says_what_its_source_says_and_how_it_is_read(preset, fact):
    for what in ("says", "rule"):
        assert has(preset.word(fact.key, what).key)
    assert fact.source == ("P" if preset.name == "paths_to_everyday_life" else "T")
    assert fact.kind in (BUILT_IN, EMERGENT) and 0.5 <= fact.least < 1
    assert fact.against in ("", *preset.variants)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_variants_are_read_and_change_something(preset):
    assert len({fact.key for fact in preset.facts}) == len(preset.facts)
    assert {fact.against for fact in preset.facts} - {""} == set(preset.variants)
    design = changed(Scenario(), set_by(preset.name))
    for name, settings in preset.variants.items():
        assert name == NO_PROGRAMME or changed(design, settings) != design


# -- verdicts -------------------------------------------------------------------------------------
def fact_of(least=USUAL, needs=()):
    return Fact("any", "T", EMERGENT, least, lambda seen: True, needs=needs)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (Share(0.9, 0.8, 0.97), HOLDS),
        (Share(0.9, 0.79, 0.97), UNDECIDED),
        (Share(0.7, 0.6, 0.8), UNDECIDED),
        (Share(0.7, 0.6, 0.79), FAILS),
        (None, DOES_NOT_ARISE),
    ],
)
def test_a_verdict_is_the_place_of_the_interval(share, expected):
    assert verdict(fact_of(), share) == expected
    assert verdict(fact_of(needs=("relapse",)), share) == ABSENT


def test_runs_in_which_a_fact_cannot_arise_are_not_counted():
    fact = fact_of()
    readings = [{"any": None}] * 7 + [{"any": True}] * 2 + [{"any": False}]
    row = row_of(PRESETS["reden"], fact, readings)
    assert (row["runs"], row["share"]) == (3, pytest.approx(2 / 3))
    nothing = row_of(PRESETS["reden"], fact, [{"any": None}] * 7)
    assert nothing["verdict"] == DOES_NOT_ARISE and nothing["share"] is None


# -- what is seen ---------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def seen_and_run(small):
    scenario = small(communities=["one_to_one", "group", "digital"], cafe__per_week=1)
    return follow(draw_up(scenario), 4), simulate(scenario, 4)


@pytest.mark.compiles
def test_the_run_that_is_followed_is_the_run_that_is_simulated(seen_and_run):
    seen, run = seen_and_run
    assert np.array_equal(seen.outcomes, run.values[:], equal_nan=True) or np.array_equal(
        np.delete(seen.outcomes, _harmed(), axis=2),
        np.delete(run.values, _harmed(), axis=2),
        equal_nan=True,
    )
    assert np.array_equal(seen.status[-1], run.world.status)


def _harmed():
    """What needs the same people without programme, which are not run beside it."""
    names = [each.name for each in peersim.OUTCOMES]
    return [k for k, name in enumerate(names) if name.startswith("harmed")]


@pytest.mark.compiles
def test_what_is_seen_agrees_with_the_tables_of_the_run(seen_and_run):
    seen, run = seen_and_run
    matched = run.memberships.filter(
        (pl.col("community") == "one_to_one")
        & (pl.col("role") == "recipient")
        & pl.col("joined").is_not_null()
    )
    first = {}
    for (recipient, _), week in seen.matches().items():
        first[recipient] = min(week, first.get(recipient, week))
    labels = run.blueprint.labels
    assert {labels[row]: week for row, week in first.items()} == dict(
        matched.select("person", "joined").iter_rows()
    )
    ties = run.ties
    assert len(ties) == len(seen.bond)
    lives = ties["ended_week"].is_null().to_numpy()
    assert (seen.strength + 1e-12 >= ties["strength"].to_numpy())[lives].all() and lives.any()
    drops = run.departures.filter(
        (pl.col("role") == "supporter") & (pl.col("cause") == "training_dropout")
    )
    assert seen.left(seen.supporters, "training_dropout") == drops.height
    attended = run.memberships.filter(
        (pl.col("community") == "digital") & (pl.col("role") == "recipient")
    )["attended"].sum()
    assert seen.visits(3, seen.recipients) == attended
    completed = run.memberships.filter(
        (pl.col("community") == "group")
        & pl.col("status").is_in(["completed", "self-run"])
        & (pl.col("role") == "recipient")
    )
    assert {labels[row] for row in np.flatnonzero(seen.completers)} == set(completed["person"])


# -- the study ------------------------------------------------------------------------------------
def agrees_with_the_rules(table, runs):
    """Whether each fact stands in the table once, with the verdict that its rule gives."""
    rows = {(row["preset"], row["fact"]): row for row in table.to_dicts()}
    assert len(rows) == table.height
    presets = table["preset"].unique().to_list()
    assert set(rows) == {(p.name, fact.key) for p, fact in EVERY if p.name in presets}
    for preset, fact in EVERY:
        if preset.name not in presets:
            continue
        row = rows[preset.name, fact.key]
        share = None
        if row["runs"]:
            assert row["runs"] <= runs
            share = share_of(round(row["share"] * row["runs"]), row["runs"])
            assert (row["low"], row["high"]) == pytest.approx(share[1:])
        assert row["verdict"] == verdict(fact, share)
        assert row["least"] == fact.least


@pytest.mark.compiles
def test_the_table_is_complete_and_its_verdicts_are_those_of_the_rules():
    folder = folder_of("presets")
    table = read_results(folder)["facts"]
    agrees_with_the_rules(table, runs=3)
    assert set(table["preset"]) == {"reden", "morgencafeen"}
    assert set(read_manifest(folder)["identity"]["arms"]) == {"reden", "morgencafeen"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"group.weeks": 12}, "group.weeks is set by the preset"),
        (set_by("reden"), "is set by the preset reden"),
    ],
)
def test_what_a_preset_sets_is_refused(settings, said):
    study = study_of("presets")(changed(Scenario(), settings), options_of("presets")())
    with pytest.raises(InvalidInput, match=said):
        study.check()


@pytest.mark.parametrize(
    ("presets", "said"), [(["redn"], "Did you mean reden"), ([], "name some"), (["none"], "Reden")]
)
def test_presets_without_facts_are_refused(presets, said):
    study = study_of("presets")(Scenario(), options_of("presets")(presets=presets))
    with pytest.raises(InvalidInput, match=re.compile(said, re.I)):
        study.check()


@pytest.mark.composes
def test_the_command_is_understood():
    words = ["experiment=presets", "presets=[reden]", "departure.social=0"]
    kind, scenario, settings = plan(compose(words), words)
    assert (kind, settings.replicates, settings.presets) == ("presets", 200, ["reden"])
    study_of(kind)(scenario, settings).check()


@pytest.mark.slow
def test_the_document_says_what_two_hundred_runs_say(tmp_path):
    """Facts that fail are reported as failing: the table in docs/presets.md is that of the study."""
    options = options_of("presets")(replicates=200, out=str(tmp_path / "presets")).checked()
    study = study_of("presets")(Scenario(), options)
    table = study.run().tables["facts"]
    agrees_with_the_rules(table, runs=200)
    text = DOCUMENT.read_text(encoding="utf-8")
    said = dict(re.findall(r"^\| `(\w+\.\w+)` \|.*\| ([^|]+) \|$", text, re.M))
    in_words = runpy.run_path(DOCUMENT.with_name("renew.py"))["in_words"]
    now = {f"{row['preset']}.{row['fact']}": in_words(row) for row in table.to_dicts()}
    assert said == now, "uv run python docs/renew.py FOLDER of experiment=presets"
