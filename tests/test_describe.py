"""`peersim describe` says everything, and in a terminal of 100 columns."""

import pytest

import peersim
from peersim.commands.describe import counts, describe, markdown, parameters, phases
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.model.week import WEEK
from peersim.scenario.scenario import Scenario, changed

COLUMNS = ["path", "default", "unit", "low", "high", "meaning", "source", "evidence"]


def test_the_table_of_parameters_has_one_row_for_each():
    table = parameters()
    assert table.columns[:8] == COLUMNS
    assert table["path"].to_list() == [
        leaf.path for leaf in leaves(Scenario).values() if leaf.is_declared
    ]
    assert table.null_count().select(COLUMNS).row(0) == (0,) * 8


def test_defaults_can_be_compared_with_their_bounds():
    table = parameters()
    assert ((table["low"] <= table["default"]) & (table["default"] <= table["high"])).all()


def test_options_are_named():
    row = next(row for row in parameters().iter_rows(named=True) if row["path"] == "organisation")
    assert row["options"] == "independent outreach integrated"
    assert row["default"] == 0


def test_defaults_are_what_a_scenario_is_made_of():
    """Numbers as numbers, options as their words: no enumeration, no position in a list."""
    table = parameters().filter(path="organisation").row(0, named=True)
    assert table["option"] == "independent"
    written = {row["path"]: row["option"] or row["default"] for row in parameters().to_dicts()}
    assert changed(Scenario(), written) == Scenario()
    for row in parameters().drop_nulls("options").to_dicts():
        assert row["option"] == row["options"].split()[int(row["default"])]
        for word in row["options"].split():
            changed(Scenario(), {row["path"]: word})


def test_the_top_level_name_is_the_same_table():
    assert peersim.parameters().equals(parameters())


def test_phases_are_those_of_the_week_in_order():
    assert len(phases()) == len(WEEK)
    for (name, meaning), phase in zip(phases(), WEEK, strict=True):
        assert name == phase.__name__
        assert meaning.endswith(".") and len(meaning) > 15


def test_counts_add_up():
    assert sum(counts().values()) == len(parameters())
    text = describe(["evidence"])
    for kind, number in counts().items():
        assert f"{number} {kind}" in text


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["group"],
        ["group.size"],
        ["evidence"],
        ["outcomes"],
        ["week"],
        ["people"],
        ["attendance"],
        ["organisations"],
        ["--evidence"],
    ],
    ids=lambda words: " ".join(words) or "all",
)
def test_descriptions_fit_in_100_columns(words):
    longest = max(describe(words).splitlines(), key=len)
    assert len(longest) <= 100 or "http" in longest, longest


def test_everything_is_in_the_description_without_words():
    text = describe()
    for name, _ in phases():
        assert name in text
    for leaf in leaves(Scenario).values():
        if leaf.is_declared:
            assert f"  {leaf.path.rpartition('.')[2]} " in text


def test_a_group_shows_its_parameters_alone():
    assert "companionship" in describe(["group"]) and "match_weight" not in describe(["group"])


def test_a_parameter_shows_its_sources_in_full():
    assert "interval between meetings" in describe(["one_to_one.every"])


def test_a_key_shows_what_it_stands_for():
    assert describe(["D02"]).startswith("D02: one-to-one: interval between meetings: 2 weeks")


def test_what_has_no_bounds_is_said_too():
    assert "list" in describe(["communities"])


def test_markdown_has_a_row_for_each_parameter():
    rows = [line for line in markdown().splitlines() if line.startswith("| `")]
    assert len(rows) == len(parameters())
    assert describe(["--markdown", "cafe"]).count("| `cafe.") == len(leaves(type(Scenario().cafe)))


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["grup"], "group"),
        (["group.sise"], "group.size"),
        (["--markdown", "caffe"], "cafe"),
        (["--all"], "--markdown"),
    ],
)
def test_unknown_names_are_met_with_the_nearest(words, hint):
    with pytest.raises(InvalidInput, match=hint):
        describe(words)
