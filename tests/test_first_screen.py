"""The first screen of the main job: what each design does, in people first."""

import numpy as np
import polars as pl
import pytest

from peersim.kernel.statistics import paired
from peersim.presentation.terminal import as_text
from peersim.results.folder import read_results
from peersim.scenario.typology import CONFIGURED, NO_PROGRAMME
from peersim.studies.main.compared import Compared
from peersim.studies.main.exhibits import people
from peersim.studies.main.gains import EVERYBODY, REACHED, gains, in_whole_people
from peersim.studies.main.persons import median_wait
from peersim.studies.main.sentences import short
from peersim.studies.study import Found

ALL = [
    "better",
    "worse",
    "no difference anyone would notice",
    "too close to call",
    "no difference",
    "one run only",
]


def people_of(runs=8, invited=50):
    """A made-up comparison: in `helps` 20 are reached and 5 of them no longer isolated, in `hurts` 20
    are reached and 3 more isolated, in `idle` everybody is reached and nothing changes."""
    rows = []
    for seed in range(runs):
        for person in range(invited):
            for design in (NO_PROGRAMME, "helps", "hurts", "idle"):
                lonely = person < 12
                if design == "helps" and person < 5 + seed % 2:
                    lonely = False
                if design == "hurts" and 12 <= person < 15:
                    lonely = True
                reached = design == "idle" or (design != NO_PROGRAMME and person < 20)
                gain = 0.1 if design == "helps" and person < 20 else 0.0
                rows.append((design, CONFIGURED, seed, person, 0, lonely, reached, 0.5 + gain))
    columns = ["design", "basis", "seed", "person", "role", "isolated", "reached", "connectedness"]
    return pl.DataFrame(rows, columns, orient="row")


@pytest.fixture(scope="module")
def table():
    return gains(people_of(), NO_PROGRAMME)


def row(table, design, whom=EVERYBODY, outcome="isolated"):
    return table.row(by_predicate=(pl.col("design") == design) & (pl.col("whom") == whom) & (pl.col("outcome") == outcome), named=True)  # fmt: skip


def test_those_reached_are_compared_with_themselves(table):
    reached = row(table, "helps", REACHED)
    assert (reached["people"], reached["without"], reached["with_it"]) == (20, 12, 6.5)
    assert row(table, "helps")["difference"] == reached["difference"] == -5.5
    of_index = [
        row(table, "helps", whom, "connectedness")["difference"] for whom in (REACHED, EVERYBODY)
    ]
    assert of_index == pytest.approx([0.1, 0.04])


def test_verdicts_in_people(table):
    assert [row(table, name)["verdict"] for name in ("helps", "hurts", "idle")] == [
        "better", "worse", "no difference"]  # fmt: skip


def test_less_than_the_smallest_difference_is_not_noticed():
    """One person in a hundred: of fifty, half a person."""
    people = people_of(40).with_columns(
        isolated=(pl.col("person") < 12) & ~((pl.col("design") == "helps") & (pl.col("person") == 0) & (pl.col("seed") % 5 == 0))
    )  # fmt: skip
    assert (
        row(gains(people, NO_PROGRAMME), "helps")["verdict"] == "no difference anyone would notice"
    )


@pytest.mark.parametrize(
    "gap, fewest, most",
    [((-6.9, -6.1), 6, 7), ((-6.4, -5.6), 5, 7), ((-2.6, -0.2), 0, 3), ((-1.0, 7.0), -7, 1), ((1.2, 2.9), -3, -1),
     ((-5.0, -5.0), 5, 5)],
)  # fmt: skip
def test_ends_are_rounded_outwards_to_whole_people(gap, fewest, most):
    low, high = gap
    found = in_whole_people(
        paired([0.0], [0.0])._replace(difference=(low + high) / 2, low=low, high=high)
    )
    assert found == {"fewest": fewest, "most": most}


def test_of_one_run_the_difference_itself_is_said():
    assert in_whole_people(paired([3.0], [7.0], "lower")) == {"fewest": 4, "most": 4}


def test_the_median_wait_is_of_those_who_have_met_somebody():
    kind = [("role", "i8"), ("first_meeting", "i8"), ("invited_week", "i8")]
    persons = np.array([(0, 5, 1), (0, 3, 3), (0, 9, 1), (0, -1, 2), (1, 1, 1)], kind)
    assert median_wait(persons) == 4.0
    assert median_wait(persons[3:4]) is None


# -- what is said --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found(study):
    folder = study()
    facts = {"people": 12, "weeks": 14, "runs": 4, "supporters": 5}
    return Found(read_results(folder), facts)


def said(found, **changes):
    """The first sentence, with the best design's row changed."""
    tables = dict(found.tables)
    tables["gains"] = tables["gains"].with_columns(
        **{
            name: pl.when((pl.col("whom") == EVERYBODY) & (pl.col("outcome") == "isolated"))
            .then(pl.lit(value))
            .otherwise(pl.col(name))
            .alias(name)
            for name, value in changes.items()
        }
    )
    return str(next(iter(short(Compared(Found(tables, found.facts))))))


def test_the_first_sentence_speaks_of_people(found):
    helped = said(found, verdict="better", fewest=6, most=7)
    assert "fewer of the 12 people invited are isolated at the end" in helped
    assert "in 9 imagined years of 10. On average 6 to 7 fewer." in helped
    assert "On average up to 3 fewer." in said(found, verdict="better", fewest=0, most=3)
    none = said(found, verdict="no difference anyone would notice", fewest=0, most=0)
    assert none.startswith("No design clearly leaves fewer")


@pytest.mark.parametrize("verdict", ALL)
def test_every_verdict_can_be_shown_in_the_table(found, verdict):
    tables = dict(found.tables)
    tables["gains"] = tables["gains"].with_columns(verdict=pl.lit(verdict))
    table = people(Compared(Found(tables, found.facts)), CONFIGURED)
    text = as_text(table, 200)
    expected = {"no difference anyone would notice": "nobody would notice", "too close to call": "we cannot tell",
                "no difference": "as many"}  # fmt: skip
    assert expected.get(verdict, "instead of") in text
    assert "are isolated" in text and max(map(len, as_text(table, 100).splitlines())) <= 100


def test_the_table_on_the_screen_is_that_of_the_page(found, study):
    page = (study() / "report.html").read_text(encoding="utf-8")
    head = page.index('id="short"')
    assert (
        head
        < page.index("What each design does for the 12 people invited")
        < page.index('id="asked"')
    )


@pytest.mark.parametrize(
    "with_it, words", [(9.7, "less than one fewer than 10"), (8.2, "8 instead of 10")]
)
def test_less_than_one_person_is_not_ten_instead_of_ten(found, with_it, words):
    tables = dict(found.tables)
    tables["gains"] = tables["gains"].with_columns(
        verdict=pl.lit("better"), with_it=pl.lit(with_it), without=pl.lit(10.2)
    )
    text = as_text(people(Compared(Found(tables, found.facts)), CONFIGURED), 200)
    assert words in text and "10 instead of 10" not in text
