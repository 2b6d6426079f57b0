"""Every number of the model says where it comes from, and the place exists."""

import re
from pathlib import Path

import pytest

from peersim.commands import evidence_coverage as foundations
from peersim.commands.describe import describe
from peersim.kernel.declaration import KINDS, InvalidInput
from peersim.kernel.paths import leaves
from peersim.scenario import evidence
from peersim.scenario.scenario import Scenario

PARAMETERS = [leaf for leaf in leaves(Scenario).values() if leaf.is_declared]


def metadata(name):
    return [
        pytest.param(leaf, id=leaf.path)
        for leaf in PARAMETERS
        if leaf.field.metadata["evidence"] == name
    ]


def test_every_source_resolves():
    lost = {leaf.path: evidence.unresolved(leaf.field.metadata["source"]) for leaf in PARAMETERS}
    assert {path: keys for path, keys in lost.items() if keys} == {}


def test_every_kind_of_evidence_is_known():
    assert {leaf.field.metadata["evidence"] for leaf in PARAMETERS} <= set(KINDS)


@pytest.mark.parametrize("leaf", metadata("measured"))
def test_what_is_called_measured_points_to_a_figure_or_a_founding_document(leaf):
    keys = evidence.keys(leaf.field.metadata["source"])
    figures = [key for key in keys if key in evidence.table()]
    options = leaf.options and set(keys) & set(
        evidence.DOCUMENTS
    )  # which options there are is read, not measured
    assert figures or options


@pytest.mark.parametrize("kind", ["theory", "calibrated"])
def test_theory_and_calibration_name_a_source(kind):
    unnamed = [
        leaf.path
        for leaf in PARAMETERS
        if leaf.field.metadata["evidence"] == kind
        and leaf.field.metadata["source"] == evidence.ASSUMPTION
    ]
    assert unnamed == []


@pytest.mark.parametrize("leaf", [pytest.param(leaf, id=leaf.path) for leaf in PARAMETERS])
def test_every_default_lies_within_its_bounds(leaf):
    value = leaf.get(Scenario())
    if not leaf.options:
        assert leaf.field.metadata["low"] <= value <= leaf.field.metadata["high"]


def test_every_row_has_a_citation():
    for key in (*evidence.table(), *evidence.DOCUMENTS):
        assert evidence.citation(key).startswith(key + ":")


def test_an_unknown_key_has_none():
    with pytest.raises(KeyError):
        evidence.citation("D99")


def test_several_keys_are_cited_in_turn():
    assert [text.partition(":")[0] for text in evidence.citations("T D02 assumption")] == [
        "T",
        "D02",
        "assumption",
    ]


# -- what stands on what -------------------------------------------------------------------------


def test_parameters_are_counted_once_each_by_group_and_in_total():
    total = sum(
        number
        for counted in foundations.standing().values()
        for kind, number in counted.items()
        if kind in KINDS
    )
    assert total == len(PARAMETERS)
    text = describe(["--evidence"])
    assert f"{total} parameters: " in text
    for group, counted in foundations.standing().items():
        own = [leaf for leaf in PARAMETERS if leaf.path.startswith(f"{group}.")]
        assert group == "scenario" or sum(counted[kind] for kind in KINDS) == len(own)


def test_every_row_of_evidence_is_used_or_said_to_be_used_by_nothing():
    used = {use.key for use in foundations.uses() if use.parameters or use.targets}
    idle = {key for keys in foundations.unused().values() for key in keys}
    assert used | idle == {*evidence.table(), *evidence.DOCUMENTS} and not used & idle
    text = describe(["--evidence"])
    for key in idle:
        assert f"\n  {key} " in text


def test_a_row_names_its_parameters_and_targets():
    uses = {use.key: use for use in foundations.uses()}
    assert "one_to_one.every" in uses["D02"].parameters
    assert uses["G03"].targets and "attendance.habit" in uses["G03"].parameters


def test_what_stands_on_what_fits_in_100_columns_and_in_markdown():
    for line in describe(["--evidence"]).splitlines():
        assert len(line) <= 100 or "http" in line, line
    rows = [
        line
        for line in describe(["--evidence", "--markdown"]).splitlines()
        if line.startswith("| `")
    ]
    assert len(rows) >= len(evidence.table())


def test_the_reasoning_stands_where_it_is_said_to():
    text = (Path(__file__).resolve().parents[1] / "docs" / "ODD.md").read_text("utf-8")
    for group, section in foundations.REASONS.items():
        found = re.search(rf"^### {section}\. .*?(?=^### |\Z)", text, re.M | re.S)
        assert found and group in found[0], group
    assert {*foundations.REASONS, "scenario"} >= set(foundations.standing())


def test_evidence_is_about_everything():
    with pytest.raises(InvalidInput, match="peersim describe group"):
        describe(["--evidence", "group"])
