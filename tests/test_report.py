"""Every number in the report is in the tables beside it, and the page needs nothing from
outside."""

import dataclasses
import functools
import html.parser
import itertools
import math
import re

import numpy as np
import polars as pl
import pytest
from scipy import stats

from peersim.kernel.declaration import declared
from peersim.kernel.statistics import interval
from peersim.results.folder import read_manifest, read_results
from peersim.scenario.scenario import Scenario

VOID = {"meta", "br", "path", "use", "link", "img", "hr"}
UNSPOKEN = {"svg", "style", "script"}


@dataclasses.dataclass
class Number:
    """One tagged number: what the page says, and where it says it comes from."""

    origin: dict
    text: str = ""


class Page(html.parser.HTMLParser):
    """The words of a page: tagged numbers, and all other text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.numbers, self.words, self.tags = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in VOID:
            return
        self.open.append(tag)
        if tag == "data":
            self.numbers.append(Number(dict(attrs)))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        while self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if set(self.open) & UNSPOKEN:
            return
        if "data" in self.open:
            self.numbers[-1].text += data
        else:
            self.words.append(data)


# -- the same numbers once more, from the tables -------------------------------------------------
class Again:
    """Works each number out from the Parquet tables, without any code of the report."""

    def __init__(self, folder):
        self.tables, self.manifest = read_results(folder), read_manifest(folder)
        scenario = self.manifest["identity"]["scenario"]
        self.people, self.weeks = scenario["population"]["recipients"], scenario["weeks"]

    def of(self, about, column=None, design=None):
        runs = self.tables["runs"].filter(
            pl.col("design") == (design or about["design"]), pl.col("basis") == about["basis"]
        )
        return runs.sort("seed")[column or about["outcome"]].to_numpy()

    def runs(self, about):
        what = about["what"]
        if what == "price":
            fewer = (self.of(about, "isolated", "no_programme") - self.of(about, "isolated")).mean()
            return self.of(about, "cost").mean() / (fewer * self.people)
        if what == "best":
            return self.first(about)
        values = self.of(about)
        gap = values - self.of(about, design=about.get("against", "no_programme"))
        number = {
            "mean": lambda: np.nanmean(values),
            "margin": lambda: half_width(values),
            "difference": lambda: gap.mean(),
            "difference_margin": lambda: np.diff(interval(gap)).item() / 2,
            "fewer": lambda: -gap.mean(),
            "better": lambda: np.mean(gap > 0) + np.mean(gap == 0) / 2,
            "runs_needed": lambda: enough(gap),
        }[what]()
        return {"person": number / self.people, "people": number * self.people, None: number}[
            about.get("per")
        ]

    def first(self, about):
        runs = self.tables["runs"].filter(
            pl.col("basis") == about["basis"], pl.col("design") != "no_programme"
        )
        wins = []
        for run in runs.partition_by("seed"):
            top = run.filter(pl.col("connectedness") == run["connectedness"].max())[
                "design"
            ].to_list()
            wins.append((about["design"] in top) / len(top))
        return sum(wins) / len(wins)

    def weekly(self, about):
        if about["what"] == "half_way":
            return self.weeks // 2
        weekly = self.tables["weekly"].filter(
            pl.col("basis") == about["basis"], pl.col("outcome") == about["outcome"],
            pl.col("community") == "all", pl.col("week") == int(about["week"]),
        )  # fmt: skip

        def mean(design):
            return weekly.filter(pl.col("design") == design)["value"].cast(pl.Float64).mean()

        return mean(about["design"]) - (
            mean("no_programme") if about["what"] == "difference" else 0
        )

    def reach(self, about):
        keys = ("basis", "design", "outcome", "trait", "third")
        rows = self.tables["reach"].filter(*(pl.col(key) == about[key] for key in keys))
        return rows["mean"].item()

    def causes(self, about):
        keys = ("basis", "design", "role")
        rows = self.tables["causes"].filter(*(pl.col(key) == about[key] for key in keys))
        return rows.filter(pl.col("end").cast(pl.String).is_in(about["ends"].split(",")))[
            "share"
        ].sum()

    def designs(self, about):
        hours = self.tables["runs"].filter(
            pl.col("basis") == "as configured", pl.col("design") != "no_programme"
        )
        hours = (
            hours.filter(pl.col("design") != "your_design")
            .group_by("design")
            .agg(pl.col("supporter_hours").mean())
        )
        return hours["supporter_hours"].median()

    def parameters(self, about):
        fields = {
            path: (plain(value), field.metadata) for path, value, field in declared(Scenario())
        }
        if about.get("what") == "count":
            kinds = [metadata["evidence"] for _, metadata in fields.values()]
            return len(kinds) if about["evidence"] == "all" else kinds.count(about["evidence"])
        value, metadata = fields[about["path"]]
        return str(value if about["column"] == "default" else metadata[about["column"]])

    def entry(self, about):
        entry = self.manifest
        for step in about["path"].split("."):
            entry = entry[step]
        return str(entry)


METHODS = {"manifest": "entry"}


@functools.cache
def again_of(folder):
    return Again(folder)


def plain(value):
    return getattr(value, "name", value)


def half_width(values):
    known = values[np.isfinite(values)]
    return stats.t.ppf(0.975, len(known) - 1) * stats.sem(known)


def enough(gap):
    for runs in itertools.count(2):
        if stats.t.ppf(0.975, runs - 1) * gap.std(ddof=1) / math.sqrt(runs) <= abs(gap.mean()):
            return runs


@functools.cache
def derive(again, origin):
    about = {name.removeprefix("data-"): value for name, value in origin if name != "value"}
    return getattr(again, METHODS.get(about["table"], about["table"]))(about)


def faults(folder, page=None):
    """List the numbers in a page that the tables do not bear out."""
    again, found = again_of(folder), []
    for number in Page(page or (folder / "report.html").read_text(encoding="utf-8")).numbers:
        expected = derive(again, tuple((k, v) for k, v in number.origin.items() if k != "value"))
        if isinstance(expected, str):
            right = number.text == number.origin["value"] == expected
        else:
            right = math.isclose(
                float(number.origin["value"]), expected, rel_tol=1e-4, abs_tol=1e-6
            )
            right = right and is_rounding(number, expected)
        if not right:
            found.append((number, expected))
    return found


def is_rounding(number, value):
    digits = re.sub(r"[\s%]", "", number.text).replace("\N{MINUS SIGN}", "-")
    scale = 100 if number.origin["data-style"].startswith("percent") else 1
    last = 10.0 ** -len(digits.partition(".")[2])
    return abs(float(digits) - scale * value) <= last / 2 * 1.001 + 1e-9


ASKED = {
    "main": {},
    "own design": {"overrides": ("communities=[group,digital]",)},
    "two runs": {"replicates": 2},
    "one run": {"replicates": 1},
    "single": {"name": "single", "replicates": 3},
    "single, once": {"name": "single", "replicates": 1},
}


@pytest.fixture(params=ASKED)
def folder(request, study):
    return study(**ASKED[request.param])


@pytest.fixture
def page(folder):
    return (folder / "report.html").read_text(encoding="utf-8")


def test_every_number_is_in_the_tables(folder):
    assert faults(folder) == []


def test_there_are_many_numbers(study):
    numbers = Page((study() / "report.html").read_text(encoding="utf-8")).numbers
    assert len(numbers) > 300
    whats = {number.origin.get("data-what") for number in numbers}
    assert {"mean", "margin", "difference", "difference_margin", "better", "best", "share"} <= whats


def test_no_number_stands_outside_a_tag(page):
    loose = [text for text in Page(page).words if re.search(r"\d", text)]
    assert loose == []


@pytest.mark.parametrize("attribute", ["value", "text"])
def test_a_changed_number_is_found(study, attribute):
    folder = study()
    page = (folder / "report.html").read_text(encoding="utf-8")
    tags = re.findall(r'<data class="n" value="[^"]*" data-style=[^>]*>[^<]*</data>', page)
    assert len(tags) > 300
    for tag in tags[:: len(tags) // 25]:
        value, text = re.search(r'value="([^"]*)"', tag)[1], re.search(r">([^<]*)</data>", tag)[1]
        if attribute == "value":
            changed = tag.replace(f'value="{value}"', f'value="{float(value) * 1.01 + 0.001}"')
        else:
            digit = re.search(r"[0-9](?=[^0-9]*$)", text)
            other = str((int(digit[0]) + 3) % 10)
            changed = tag.replace(
                f">{text}<", f">{text[: digit.start()]}{other}{text[digit.end() :]}<"
            )
        assert faults(folder, page.replace(tag, changed, 1)), changed


def test_the_page_needs_nothing_from_outside(page):
    tags = Page(page).tags
    assert not [tag for tag, _ in tags if tag in ("script", "link", "iframe", "img", "object")]
    for _, attributes in tags:
        for name in ("href", "src", "xlink:href", "action"):
            assert (attributes.get(name) or "#").startswith("#")
    assert "@import" not in page
    assert not re.findall(r"url\((?!#)", page)
    policy = next(a["content"] for _, a in tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")


def test_ids_are_unique_and_links_lead_somewhere(page):
    tags = Page(page).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in tags:
        for name in ("href", "xlink:href"):
            if name in attributes:
                assert attributes[name][1:] in ids
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_the_page_can_be_read_aloud(page):
    tags = Page(page).tags
    assert next(a for tag, a in tags if tag == "html")["lang"] == "en"
    names = [tag for tag, _ in tags]
    assert names.count("main") == names.count("h1") == 1
    assert all(a.get("aria-label") and a.get("role") == "img" for tag, a in tags if tag == "svg")
    assert all(a.get("scope") for tag, a in tags if tag == "th")
    levels = [int(tag[1]) for tag in names if re.fullmatch("h[1-6]", tag)]
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_it_says_that_it_does_not_predict(page):
    words = " ".join(Page(page).words)
    assert "Exploratory, not predictive" in words
    assert "set so that figures published of other programmes come out; most could not be" in words


def test_too_close_to_call_is_said_where_it_is(study):
    folder = study(replicates=2)
    runs = read_results(folder)["runs"]
    page = (folder / "report.html").read_text(encoding="utf-8")
    table = page[page.index('id="outcome"') : page.index('id="sure"')].split("</table>")[0]
    open_answers = 0
    for row in re.findall(r"<tr[^>]*><th scope=\"row\">.*?</tr>", table, re.S):
        design = re.search(r'data-design="([^"]+)"', row)[1]
        if design == "no_programme":
            continue
        values, none = (
            runs.filter(pl.col("design") == name, pl.col("basis") == "as configured")[
                "connectedness"
            ].to_numpy()
            for name in (design, "no_programme")
        )
        gap = values - none
        spans_zero = abs(gap.mean()) <= half_width(gap) and gap.any()
        assert ("too close to call" in row) == spans_zero
        open_answers += spans_zero
    assert open_answers


def test_one_run_is_not_called_sure(study):
    words = " ".join(Page((study(replicates=1) / "report.html").read_text(encoding="utf-8")).words)
    assert "There was one run only" in words


def test_the_users_own_design_is_one_row_more(study):
    page = (study(overrides=("communities=[group,digital]",)) / "report.html").read_text(
        encoding="utf-8"
    )
    assert "Your design" in " ".join(Page(page).words)
    assert 'data-design="your_design"' in page
    assert 'data-design="your_design"' not in (study() / "report.html").read_text(encoding="utf-8")


def test_no_sentence_waits_for_its_number(page):
    assert "{" not in " ".join(Page(page).words)
