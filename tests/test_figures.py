"""Figures: reproducible, complete, and readable without colour."""

import math
import re
import xml.etree.ElementTree as ElementTree

import pytest
from drawn import false_numbers, faults, fractional, off_the_edge, overlapping, run_together
from matplotlib.figure import Figure

from peersim.kernel.catalogue import LANGUAGES, has, speaking
from peersim.model.vocabulary import PLACES
from peersim.presentation.figures import Plot, draw_all, kit
from peersim.presentation.figures.kit import number_axis, week_axis
from peersim.presentation.figures.layout import name_points, thin_numbers
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

NAMES = ["people", "effects", "trajectories", "reach", "price", "leaving", "network"]


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
        assert re.search(r"imagined years?\b.*, week 14", text, re.DOTALL)
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


def _axes(**drawn):
    figure = Figure(figsize=(4, 3))
    axes = figure.subplots()
    axes.plot(drawn.get("x", [0, 1]), drawn.get("y", [0, 1]), "o")
    return axes


@pytest.mark.parametrize("crowd", [1, 6, 15])
def test_names_beside_points_keep_apart(crowd):
    places = [(0.5 + 0.001 * n, 0.5 - 0.0005 * n) for n in range(crowd)]
    axes = _axes(x=[0, 1, *(x for x, _ in places)], y=[0, 1, *(y for _, y in places)])
    name_points(axes, [(f"name of point {n}", place) for n, place in enumerate(places)], fontsize=8)
    assert faults(axes.figure) == {}


def test_names_that_lie_on_each_other_are_noticed():
    axes = _axes()
    axes.text(0.5, 0.5, "one name")
    axes.text(0.52, 0.51, "another")
    axes.text(0.1, 0.9, "slanting", rotation=45)
    axes.text(0.2, 0.9, "slanting", rotation=45)  # beside the other, though their boxes meet
    assert overlapping(axes.figure) == [("one name", "another")]


@pytest.mark.parametrize(("values", "shown"), [
    ([2, 4], ["2", "3", "4"]), ([37, 40], ["37", "38", "39", "40"]), ([0, 1], ["0", "1"]),
])  # fmt: skip
def test_what_is_counted_has_whole_numbers(values, shown):
    axes = _axes(x=values)
    axes.set_xlabel("weeks since beginning")
    before = fractional(axes.figure)
    number_axis(axes, "x", "0")
    assert before and fractional(axes.figure) == []
    low, high = axes.get_xlim()
    ticks = zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)
    assert [text.get_text() for at, text in ticks if low <= at <= high] == shown


@pytest.mark.parametrize("reach", [0.0, 1e-5, 0.004, 0.02, 0.3, 1.0])
def test_shares_along_an_axis_are_true_and_told_apart(reach):
    axes = _axes(y=[0, reach])
    number_axis(axes, "y", "%", least=0.02)
    low, high = axes.get_ylim()
    assert high - low >= 0.02 - 1e-12
    assert false_numbers(axes.figure) == []
    for at, text in zip(axes.get_yticks(), axes.get_yticklabels(), strict=True):
        assert float(text.get_text().replace("−", "-").rstrip("%")) == pytest.approx(100 * at)


@pytest.mark.parametrize("last", [0, 1, 4, 8, 14, 25, 26, 52, 60, 104, 520, 2000])
def test_weeks_along_an_axis_are_few_and_whole(last):
    axes = _axes()
    week_axis(axes, last)
    ticks = axes.get_xticks().tolist()
    assert ticks[0] == 0 and len(ticks) <= 6 and ticks[-1] <= last
    assert all(tick == int(tick) for tick in ticks)


def test_numbers_thin_out_until_they_have_room():
    figure = Figure(figsize=(4.5, 2))
    for axes in figure.subplots(1, 3, sharey=True):
        axes.plot([0, 0.00043], [0, 1])
    assert overlapping(figure)
    assert overlapping(Plot("some", "short", lambda: figure).figure()) == []


def test_values_that_were_asked_for_thin_out_too():
    axes = _axes(x=[4, 30])
    axes.set_xticks([4, 11, 11.2, 11.4, 30])
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    assert overlapping(axes.figure)
    assert faults(Plot("some", "short", lambda: axes.figure).figure()) == {}
    assert axes.get_xticks().tolist() == [4, 11, 30]


def test_numbers_of_axes_beside_each_other_do_not_run_together():
    figure = Figure(figsize=(6, 4))
    for axes in figure.subplots(1, 3, gridspec_kw={"wspace": 0.05}):
        axes.set_xlim(0, 1)
        axes.plot([0, 1], [0, 1])
        axes.tick_params(axis="y", labelleft=False)
        number_axis(axes, "x", "%")
    assert run_together(figure)
    thin_numbers(figure)
    assert run_together(figure) == []
    assert faults(figure) == {}


def test_a_figure_on_which_nothing_is_seen_is_none():
    figure = Figure()
    axes = figure.subplots()
    axes.plot([0, 1], [math.nan, math.nan])
    axes.axvline(0)
    axes.text(0, 0, "too few")
    assert Plot("empty", "short", lambda: figure).figure() is None
    axes.plot([0], [1], "o")
    assert Plot("point", "short", lambda: figure).figure() is figure


def test_a_long_title_fits_the_sheet():
    known = {"design": "One-to-one + group + availability + digital", "n": 100}
    words = "dropout_spread.figures.who"
    footer = {"worlds": 3, "version": "1"}
    figure = kit.open_sheet(
        3.0, words, "dropout_spread.figures.footer", known | footer, "finding.supporter"
    )
    assert off_the_edge(figure) == [] and figure.texts[0].get_fontsize() < 14
