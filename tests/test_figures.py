"""Figures: reproducible, complete, and readable without colour."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from peersim.model.vocabulary import PLACES
from peersim.presentation.catalogue import LANGUAGES, words
from peersim.presentation.figures import draw
from peersim.presentation.figures.kit import spread_out
from peersim.studies.main.ends import GROUPS, TOGETHER
from peersim.studies.main.figures.network import PLACES as LINES
from peersim.studies.main.figures.network import ROLES, positions
from peersim.presentation.figures.style import looks
from peersim.results.folder import read_results
from peersim.scenario.typology import DESIGNS, NO_PROGRAMME, OWN
from peersim.studies.main.persons import ENDS

NAMES = ["effects", "trajectories", "leaving", "reach", "price", "network"]


@pytest.fixture(scope="module")
def drawings(study):
    return list(draw(read_results(study()), "1.2.3"))


def test_every_figure_is_drawn_twice(drawings):
    assert [drawing.name for drawing in drawings] == NAMES
    for drawing in drawings:
        assert drawing.png.startswith(b"\x89PNG")
        assert ElementTree.fromstring(drawing.svg).tag.endswith("svg")


def test_the_same_tables_give_the_same_bytes(drawings, study):
    again = list(draw(read_results(study()), "1.2.3"))
    assert [(d.png, d.svg) for d in again] == [(d.png, d.svg) for d in drawings]


def test_a_figure_asks_a_question_and_names_its_seeds(drawings):
    for drawing in drawings:
        assert drawing.title.endswith("?")
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


@pytest.mark.parametrize("wanted", [{"name": "single"}, {"replicates": 1}, {"name": "single", "replicates": 1},
                                    {"overrides": ("communities=[group,digital]",)}])  # fmt: skip
def test_they_can_be_drawn_for_every_study(study, wanted):
    names = [
        name for name in NAMES if name != "price" or "name" not in wanted
    ]  # one design has no price to compare
    assert [drawing.name for drawing in draw(read_results(study(**wanted)), "1.2.3")] == names


def test_without_people_there_is_no_network(study):
    tables = {name: table for name, table in read_results(study()).items() if name != "people"}
    assert [drawing.name for drawing in draw(tables, "1.2.3")] == NAMES[:-1]


def test_designs_differ_by_more_than_colour():
    found = looks()
    assert {design.name for design in DESIGNS} | {NO_PROGRAMME, OWN} == set(found)
    without_colour = [(look.marker, str(look.dash)) for look in found.values()]
    assert len(set(without_colour)) == len(without_colour)


def test_every_end_is_told():
    assert set(TOLD_AS) == set(ENDS)
    assert set(TOLD_AS.values()) == set(GROUPS)


def test_every_place_and_role_has_a_look_and_a_word():
    assert set(PLACES) <= set(LINES)
    assert len({marker for _, marker in ROLES.values()}) == len(ROLES)
    for language in LANGUAGES:
        catalogue = words(language)
        assert set(PLACES) <= set(catalogue["places"])
        assert set(ROLES) <= set(catalogue["roles"])
        assert set(GROUPS) == set(catalogue["ends"])


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
