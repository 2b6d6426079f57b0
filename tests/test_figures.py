"""Figures: reproducible, complete, and readable without colour."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from peersim.kernel.catalogue import LANGUAGES, has, speaking
from peersim.model.vocabulary import PLACES
from peersim.presentation.figures import draw_all
from peersim.presentation.figures.kit import spread_out
from peersim.presentation.figures.style import looks
from peersim.presentation.outcomes import place_name
from peersim.results.folder import read_manifest, read_results
from peersim.scenario.typology import DESIGNS, NO_PROGRAMME, OWN
from peersim.studies.main.ends import GROUPS, group_of, members
from peersim.studies.main.figures import figures
from peersim.studies.main.figures.leaving import LOOKS
from peersim.studies.main.figures.network import PLACES as LINES
from peersim.studies.main.figures.network import ROLES, positions
from peersim.studies.main.persons import ENDS
from peersim.studies.study import Found

pytestmark = pytest.mark.compiles

NAMES = ["effects", "trajectories", "reach", "price", "leaving", "network"]


def found_in(folder):
    return Found(read_results(folder), read_manifest(folder)["facts"])


@pytest.fixture(scope="module")
def drawings(study):
    return draw_all(figures(found_in(study())), "both")


def test_every_figure_is_drawn_twice(drawings):
    assert [drawing.name for drawing in drawings] == NAMES
    for drawing in drawings:
        assert drawing.png.startswith(b"\x89PNG")
        assert ElementTree.fromstring(drawing.svg).tag.endswith("svg")


def test_the_same_tables_give_the_same_bytes(drawings, study):
    again = draw_all(figures(found_in(study())), "both")
    assert [(d.png, d.svg) for d in again] == [(d.png, d.svg) for d in drawings]


def test_a_figure_says_what_it_rests_on(drawings):
    for drawing in drawings:
        text = " ".join(ElementTree.fromstring(drawing.svg).itertext())
        assert drawing.title.split()[0] in text
        assert re.search(r"seeds? 3", text)
        assert "Exploratory, not predictive" in text


def test_figures_can_stand_on_one_page(drawings):
    ids = [ident for drawing in drawings for ident in re.findall(r' id="([^"]+)"', drawing.svg)]
    assert len(ids) == len(set(ids))


def test_words_in_figures_are_text_and_small(drawings):
    for drawing in drawings:
        assert "<text" in drawing.svg
        assert len(drawing.svg) < 400_000
        assert "<metadata" not in drawing.svg


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "single"},
        {"replicates": 1},
        {"name": "single", "replicates": 1},
        {"overrides": ("communities=[group,digital]",)},
    ],
)
def test_they_can_be_drawn_for_every_study(study, wanted):
    folder = study(**wanted)
    drawn = {file.stem for file in (folder / "figures").glob("*.svg")}
    # one design has no price to compare
    assert drawn == {name for name in NAMES if name != "price" or "name" not in wanted}


def test_without_people_there_is_no_network(study):
    found = found_in(study())
    tables = {name: table for name, table in found.tables.items() if name != "people"}
    drawings = draw_all(figures(Found(tables, found.facts)), "svg")
    names = [drawing.name for drawing in drawings if drawing.png is None]
    assert names == NAMES[:-1]


def test_designs_differ_by_more_than_colour():
    found = looks()
    assert {design.name for design in DESIGNS} | {NO_PROGRAMME, OWN} == set(found)
    without_colour = [(look.marker, str(look.dash)) for look in found.values()]
    assert len(set(without_colour)) == len(without_colour)


def test_every_end_is_shown():
    assert {group_of(end) for end in ENDS} == set(GROUPS) == set(LOOKS)
    assert sorted(end for group in GROUPS for end in members(group)) == sorted(ENDS)


def test_every_place_and_role_has_a_look_and_a_word():
    assert set(PLACES) <= set(LINES)
    assert len({marker for _, marker in ROLES.values()}) == len(ROLES)
    for language in LANGUAGES:
        with speaking(language):
            assert all(place_name(place) for place in PLACES)
            assert all(has(f"roles.{role}") for role in ROLES)
            assert all(has(f"ends.{group}") for group in GROUPS)


def test_everybody_has_a_place_and_the_same_one_again():
    people, ties = ["R1", "R2", "R3", "S1"], [("R1", "S1"), ("R2", "S1")]
    spots = positions(people, ties, 5)
    assert set(spots) == set(people)
    assert spots == positions(people, ties, 5)
    assert sum(x * x for x in spots["R3"]) > 1  # on the ring


def test_names_keep_their_distance():
    moved = spread_out([0.0, 0.01, 0.02, 5.0, 5.0], 0.1)
    assert all(abs(a - b) >= 0.0999 for n, a in enumerate(moved) for b in moved[:n])
    assert moved == sorted(moved)
