"""Every number of the model says where it comes from, and the place exists."""

import pytest

from peersim import evidence
from peersim.declaration import KINDS
from peersim.paths import leaves
from peersim.scenario import Scenario

PARAMETERS = [leaf for leaf in leaves(Scenario).values() if leaf.is_declared]


def metadata(name):
    return [
        pytest.param(leaf, id=leaf.path) for leaf in PARAMETERS if leaf.field.metadata["evidence"] == name
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
        if leaf.field.metadata["evidence"] == kind and leaf.field.metadata["source"] == evidence.ASSUMPTION
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
