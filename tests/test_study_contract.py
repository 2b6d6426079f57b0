"""What holds for every study: what it shows is in its tables, fits the terminal and the page, and
can be repeated. A new study is found by itself; where its usual size takes long, add it to
small_studies.py."""

import csv
import dataclasses
import functools
import html
import itertools
import json
import math
import re
import xml.etree.ElementTree as ElementTree

import polars as pl
import pytest
from danish import english_in, names_alone
from drawn import faults, words_of
from page import Page
from small_studies import folder_of, options, small_scenario

from peersim import __version__, rerun
from peersim.kernel.catalogue import catalogue, has, speaking
from peersim.kernel.numbers import written
from peersim.presentation import terminal
from peersim.presentation.exhibit import Exhibit, Statement
from peersim.presentation.figures import draw_all
from peersim.presentation.report import as_csv
from peersim.results.folder import read_manifest, read_results
from peersim.scenario.run_options import RunOptions
from peersim.scenario.scenario import changed
from peersim.studies import names, study_of
from peersim.studies.study import Found

pytestmark = pytest.mark.compiles

NOT_KEYS = {"table", "what", "form"}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=names())
def name(request):
    return request.param


@pytest.fixture(scope="module")
def folder(name):
    return folder_of(name)


@functools.cache
def found_in(folder):
    """What a study found, from its folder alone."""
    return Found(read_results(folder), read_manifest(folder).get("facts", {}))


@pytest.fixture
def found(folder):
    return found_in(folder)


@pytest.fixture
def study(name):
    return study_of(name)(small_scenario(), options(name))


@pytest.fixture
def page(folder):
    return Page((folder / "report.html").read_text(encoding="utf-8"))


# -- its form -------------------------------------------------------------------------------------
def test_its_options_say_what_they_are(name):
    for each in RunOptions.__subclasses__():
        assert each.__doc__
    for option in dataclasses.fields(study_of(name).Options):
        assert option.name in ("command", "overrides") or option.metadata["option"]


def test_it_has_words_for_all_that_it_shows(name, study, found):
    words = study.words or name
    assert has(f"{name}.title")
    exhibits, statements = list(study.exhibits(found)), list(study.sentences(found))
    plots = list(study.figures(found))
    assert exhibits and statements
    for each in (*exhibits, *statements, *plots):
        assert each.section in ("short", "next", *study.sections), each
    for section in study.sections:
        assert has(f"{words}.sections.{section}")
    assert all(isinstance(each, Statement) and str(each) for each in statements)
    assert all(exhibit.headings() and str(exhibit.title) for exhibit in exhibits)


def test_nothing_shown_holds_a_blank_or_a_nan(study, found):
    texts = [str(each) for each in study.sentences(found)]
    texts += [terminal.as_text(each, 200) for each in study.exhibits(found)]
    for text in texts:
        assert not re.search(r"\{\w+(:[^ }]*)?\}|\bnan\b|\bNone\b", text), text


def test_a_folder_that_the_page_names_is_there(folder, page):
    words = " ".join(page.words)
    for named in ("figures", "exhibits"):
        assert (f"in the folder {named}" in words) == (folder / named).is_dir()


# -- the terminal ---------------------------------------------------------------------------------
@pytest.mark.parametrize("width", [80, 200])
def test_its_tables_fit_the_terminal(study, found, width):
    for exhibit in study.exhibits(found):
        if "terminal" not in exhibit.outlets:
            continue
        lines = terminal.as_text(exhibit, width).splitlines()
        assert max(map(len, lines)) <= width
        for heading in exhibit.headings()[:1]:
            assert heading.split()[:1] == [] or any(heading.split()[0] in line for line in lines)


# -- the page -------------------------------------------------------------------------------------
def _matches(table, origin):
    """Rows of a table that a number says it comes from."""
    keys = {key: value for key, value in origin.items() if key in table.columns}
    for key, value in keys.items():
        table = table.filter(pl.col(key).cast(pl.String) == str(value))
    return table


def _expected(found, manifest, origin):
    """The number once more, from tables and manifest; None if it is worked out from several."""
    about = {k.removeprefix("data-"): v for k, v in origin.items()}
    if about["table"] == "manifest":
        return functools.reduce(lambda node, step: node[step], about["path"].split("."), manifest)
    if about["table"] not in found.tables or about.get("what") not in found.tables[about["table"]]:
        return None
    keys = {key: value for key, value in about.items() if key not in NOT_KEYS | {"value"}}
    rows = _matches(found.tables[about["table"]], keys)
    if "ends" in about:
        return None  # the sum over several ends of a stay
    values = set(rows[about["what"]].drop_nulls().to_list())
    return values.pop() if len(values) == 1 else None


def test_every_number_of_its_page_is_in_its_tables(folder, found, page):
    manifest, checked = read_manifest(folder), 0
    for number in page.numbers:
        expected = _expected(found, manifest, number.origin)
        if number.origin.get("data-form"):
            value = float(number.origin["value"])
            text = written(value, number.origin["data-form"])
            assert number.text == text, number
        if expected is None or isinstance(expected, (str, list, dict)):
            continue
        checked += 1
        value = float(number.origin["value"])
        assert math.isclose(value, float(expected), rel_tol=1e-9, abs_tol=1e-12), number
    tabled = [each for each in page.numbers if each.origin["data-table"] in found.tables]
    assert checked >= 0.3 * len(tabled)


def test_its_page_needs_nothing_from_outside(folder, page):
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert not [tag for tag, _ in page.tags if tag in ("script", "link", "iframe", "img", "object")]
    for _, attributes in page.tags:
        for attribute in ("href", "src", "xlink:href", "action"):
            assert (attributes.get(attribute) or "#").startswith("#")
    assert "@import" not in text and not re.findall(r"url\((?!#)", text)


def test_ids_are_unique_and_links_lead_somewhere(page):
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        for attribute in ("href", "xlink:href"):
            if attribute in attributes:
                assert attributes[attribute][1:] in ids


def test_its_page_can_be_read_aloud(page):
    tags = [tag for tag, _ in page.tags]
    assert next(a for tag, a in page.tags if tag == "html")["lang"] == "en"
    assert tags.count("main") == tags.count("h1") == 1
    assert all(
        a.get("aria-label") and a.get("role") == "img" for tag, a in page.tags if tag == "svg"
    )
    assert all(a.get("scope") for tag, a in page.tags if tag == "th")
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    assert "Exploratory, not predictive" in " ".join(page.words)


# -- in Danish ------------------------------------------------------------------------------------
@pytest.fixture
def danish_page(study, found, folder):
    """Its page in Danish, made from the same tables."""
    with speaking("da"):
        return study._report(found, (), read_manifest(folder)).page()


@pytest.fixture
def danish(danish_page):
    return Page(danish_page)


ABSURD = (
    r"person ud af 0\b",  # counted among nobody
    r"\ber – ",  # a number that is not known, in a sentence
    r"−0(,0+)?(?![\d,])",  # less than nothing, which is nothing
    r"(?<![\d,])0(,0+)?\s?%? [▲▼]",  # nothing, which goes up or down
    r"[“”]",  # English quotation marks
    r"\[−?\d",  # a range in brackets of its own
)


def test_its_danish_page_says_nothing_absurd(danish_page):
    said = html.unescape(re.sub(r"<(style|code).*?</\1>|<[^>]+>", "", danish_page, flags=re.S))
    assert not [found[0] for each in ABSURD for found in re.finditer(f".{{0,30}}{each}", said)]


def test_its_danish_page_holds_no_english_word(name, danish):
    command = {"experiment", name, "peersim"}
    assert next(a for tag, a in danish.tags if tag == "html")["lang"] == "da"
    journals = catalogue("da").get(f"{name}.sources", "")
    said = " ".join(danish.words).replace(journals, "")
    assert not english_in(said, names_alone() | command)
    labels = [a["aria-label"] for _, a in danish.tags if "aria-label" in a]
    assert labels or len(danish.words) < 60
    assert not english_in(" ".join(labels), names_alone())


def test_its_numbers_are_written_as_danes_do(danish):
    shown = [each for each in danish.numbers if each.origin.get("data-form")]
    for each in shown:
        form = each.origin["data-form"]
        assert each.text == written(float(each.origin["value"]), form, "da"), each


def test_what_it_prints_in_danish_fits_and_holds_no_english_word(study, found):
    with speaking("da"):
        for part in study._report(found, (), {}).printed():
            text = part if isinstance(part, str) else terminal.as_text(part, 80)
            assert not english_in(text, names_alone())
            assert isinstance(part, str) or max(map(len, text.splitlines())) <= 80


def test_words_of_danish_figures_keep_apart(study, found):
    import matplotlib

    from peersim.presentation.figures.style import settings

    with matplotlib.rc_context(settings()), speaking("da"):
        for plot in study.figures(found):
            if (figure := plot.figure()) is None:
                continue
            assert faults(figure) == {}, plot.name
            said = " ".join(text.get_text() for text in words_of(figure))
            assert not english_in(said, names_alone()), plot.name
            version = re.escape(__version__)
            assert not re.findall(r"(?<![\w.=])\d+\.\d{1,2}(?![\d.])", re.sub(version, "", said)), (
                plot.name
            )


# -- the files ------------------------------------------------------------------------------------
def test_words_of_figures_are_those_that_were_drawn_and_keep_apart(study, found):
    import matplotlib

    from peersim.presentation.figures.style import as_svg, settings

    with matplotlib.rc_context(settings()):
        for plot in study.figures(found):
            figure = plot.figure()
            if figure is None:
                continue
            assert faults(figure) == {}, plot.name
            assert faults(plot.narrow()) == {}, f"{plot.name}, narrow"
            texts = ElementTree.fromstring(as_svg(figure, plot.name)).iter(f"{SVG}text")
            said = " ".join(" ".join(text.itertext()) for text in texts)
            drawn = [t.get_text() for t in figure.findobj(matplotlib.text.Text) if t.get_visible()]
            decimals = re.compile(r"\d+\.\d+")
            assert set(decimals.findall(said)) <= set(decimals.findall(" ".join(drawn))), plot.name


def test_an_exhibit_is_a_file_too(folder, study, found):
    for exhibit in study.exhibits(found):
        file = folder / "exhibits" / f"{exhibit.name}.csv"
        with file.open(encoding="utf-8-sig", newline="") as lines:
            head, *rows = csv.reader(lines)
        assert head == exhibit.headings() and len(rows) == len(exhibit.rows)


def test_every_column_of_its_tables_is_described(folder):
    described = pl.read_csv(folder / "data_dictionary.csv")
    for table, frame in read_results(folder).items():
        assert set(frame.columns) <= set(described.filter(table=table)["column"]), table


def test_facts_are_plain_data(folder):
    manifest = read_manifest(folder)
    assert json.loads(json.dumps(manifest, allow_nan=False)) == manifest


# -- once more ------------------------------------------------------------------------------------
def test_it_can_be_repeated_from_its_folder(name, folder, tmp_path, monkeypatch):
    import small_studies

    with pytest.MonkeyPatch.context() as patch:
        small_studies.at_small_size(name, patch)
        again = rerun(folder, out=tmp_path / "again", workers=1)
    assert isinstance(again, pl.DataFrame)
    assert again.filter(~pl.col("equal")).rows() == []


def test_an_exhibit_names_its_table(study, found):
    for exhibit in study.exhibits(found):
        assert isinstance(exhibit, Exhibit)
        assert exhibit.table in ("", "parameters", *found.tables)


def test_what_is_exaggerated_says_so_in_every_study(study, found):
    usual = [part for part in study._report(found, (), {}).printed() if isinstance(part, str)]
    study.scenario = changed(study.scenario, {"demonstration": "contagion"})
    banner = study.banners[0]
    assert banner not in usual
    report = study._report(found, draw_all(study.figures(found), "svg", study.banners), {})
    printed = [part for part in report.printed() if isinstance(part, str)]
    assert (printed[0], printed[-1]) == (banner, banner)
    assert all(drawing.svg.count(banner) == 1 for drawing in report.drawings)
    for exhibit in report.exhibits:
        rows = list(csv.reader(as_csv(exhibit, report.banners).splitlines()))
        assert all(row[-1] == banner for row in rows[1:])
