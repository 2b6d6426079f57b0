"""What objects say of themselves: one line in a console, a small table in a notebook, a figure."""

import copy
import pickle
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import polars as pl
import pytest
from drawn import faults
from matplotlib import rcParams
from matplotlib.figure import Figure

from peersim import (
    OUTCOMES,
    InvalidInput,
    PeerModel,
    changed,
    compare,
    ensemble,
    simulate,
    without_programme,
)
from peersim.presentation.figures.courses import USUAL
from peersim.presentation.outcomes import named

pytestmark = pytest.mark.compiles
ODD = "<b>$x^2$</b>\n& co"


@pytest.fixture(scope="module")
def scenario(small):
    return small(communities=["group", "digital"], group__size=6)


@pytest.fixture(scope="module")
def run(scenario):
    return simulate(scenario, 7)


@pytest.fixture(scope="module")
def many(scenario):
    return ensemble(scenario, range(3, 9))


@pytest.fixture(scope="module")
def comparison(scenario):
    other = changed(scenario, {"communities": ["one_to_one"]})
    return compare({ODD: scenario, "B": other}, replicates=8, seed=5)


class Table(HTMLParser):
    """The words of a table of HTML, and a complaint about a tag that is none of a table's."""

    def __init__(self, text):
        super().__init__()
        self.words, self.open = [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        assert tag in ("table", "caption", "tr", "th", "td"), tag
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


# -- one line, and a table -----------------------------------------------------------------------
def test_a_scenario_says_who_what_and_how_long(scenario):
    assert repr(changed(scenario, {"group.size": 8.0, "group.minimum": 4})) == (
        "<Scenario: group and digital, 12 recipients and 5 supporters, 14 weeks, "
        "population.arrival_weeks=2, group.weeks=6 and training.weeks=1>"
    )
    more = changed(scenario, {"cafe.per_week": 1, "organisation": "integrated", "events": [{"week": 3, "funding_ends": True}]})  # fmt: skip
    assert repr(more).endswith(
        "14 weeks, 1 event, organisation=integrated, population.arrival_weeks=2, group.size=6, group.minimum=3 and 3 more settings>"
    )
    assert repr(without_programme(scenario)).startswith("<Scenario: no programme, 12 recipients")


def test_runs_say_their_seeds(scenario, run, many, comparison):
    about = repr(scenario).removeprefix("<Scenario: ")
    assert repr(run) == f"<Run: seed 7, {about}"
    assert repr(many) == f"<Ensemble: 6 runs (seeds 3 to 8), {about}"
    assert repr(ensemble(scenario, [4])) == f"<Ensemble: 1 run (seed 4), {about}"
    assert repr(ensemble(scenario, [])) == f"<Ensemble: no run, {about}"
    model = PeerModel(scenario, rng=7)
    model.run_for(3)
    assert repr(model) == f"<PeerModel: week 3 of 14, seed 7, {about}"
    assert repr(model.run).startswith("<Run: seed 7") and "3 weeks" in repr(model.run)
    assert repr(comparison) == (
        f"<Comparison of <b>$x^2$</b> & co and B: {len(OUTCOMES)} outcomes, week 14, "
        "8 pairs of runs (seeds 5 to 12)>"
    )


def test_a_notebook_shows_a_table_in_which_all_is_text(scenario, run, many, comparison):
    for each in (scenario, run, many, PeerModel(scenario, rng=7)):
        table = Table(each._repr_html_())
        assert "12 recipients and 5 supporters" in table.words and len(each._repr_html_()) < 900
    table = Table(comparison._repr_html_())
    assert f"{ODD} minus B (95% interval)" in table.words
    assert table.words.count("14") == 12 and f"and {len(OUTCOMES) - 12} more rows" in table.words
    assert named("connectedness") in table.words


def test_a_comparison_is_the_table_that_it_was(comparison):
    assert isinstance(comparison, pl.DataFrame)
    assert str(comparison).startswith("shape: (")
    for table in (comparison.head(2), pickle.loads(pickle.dumps(comparison)), comparison.clone()):
        assert repr(table) == str(table) and table._repr_html_().startswith("<div>")
        assert table.rows() == comparison.head(table.height).rows()
    assert (
        type(comparison.filter(outcome="ties")) is pl.DataFrame
        or comparison.filter(outcome="ties").height == 1
    )
    assert copy.copy(comparison).equals(comparison)


# -- figures -------------------------------------------------------------------------------------
def test_a_run_draws_its_weeks(run):
    figure = run.plot(["isolated", "ties"])
    assert isinstance(figure, Figure) and figure._repr_png_().startswith(b"\x89PNG")
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == [named("isolated"), named("ties")]
    for axes, outcome, factor in zip(figure.axes, ("isolated", "ties"), (100, 1), strict=True):
        values = run.weekly.filter(outcome=outcome, community="all").sort("week")
        x, y = axes.lines[0].get_data()
        assert list(x) == values["week"].to_list()
        assert np.allclose(y, factor * values["value"].to_numpy(), rtol=1e-12)
        assert not axes.collections  # one run has no band
    assert len(run.plot("hope").axes) == 1 and len(run.plot().axes) == len(USUAL)


def test_an_ensemble_draws_mean_and_band(many):
    axes = many.plot(["connectedness"]).axes[0]
    values = many.values[:, :, 0, many.outcomes.index("connectedness")]
    assert np.allclose(axes.lines[0].get_ydata(), values.mean(axis=0))
    heights = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert heights.min() == pytest.approx(np.quantile(values, 0.05, axis=0).min())
    assert heights.max() == pytest.approx(np.quantile(values, 0.95, axis=0).max())


def test_what_is_not_defined_is_said_and_not_drawn_empty(scenario):
    nobody = simulate(without_programme(scenario), 7)
    axes = nobody.plot("strain").axes[0]
    assert np.isnan(nobody.values[:, 0, [o.name for o in OUTCOMES].index("strain")]).all()
    assert not axes.lines and [text.get_text() for text in axes.texts] == ["not defined here"]


def test_a_comparison_draws_its_intervals(comparison):
    wanted = ["isolated", "ties"]
    figure = comparison.plot(wanted)
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        named(each) for each in wanted
    ]
    rows = {row["outcome"]: row for row in comparison.rows(named=True)}
    for place, outcome in enumerate(wanted):
        drawn = np.array(sorted(x for line in axes.lines if set(line.get_ydata()) == {place} for x in line.get_xdata()))  # fmt: skip
        numbers = np.array([rows[outcome][name] for name in ("low", "difference", "high")])
        assert np.allclose(drawn, numbers / np.abs(numbers).max())
        assert rows[outcome]["verdict"].replace("$", r"\$") in axes.texts[place].get_text()
    assert figure._repr_png_()  # dollar signs in a name are no formula
    assert len(comparison.plot().axes[0].get_yticks()) == 12
    assert comparison.head(3).plot().axes[0].get_yticklabels()[0].get_text() == named(
        "connectedness"
    )


def test_plots_refuse_what_is_not_there(run, many, comparison, scenario):
    for each in (run, many, comparison):
        with pytest.raises(InvalidInput, match="Did you mean isolated"):
            each.plot("isolatd")
    with pytest.raises(InvalidInput) as refused:
        ensemble(scenario, []).plot()
    assert refused.value.key == "errors.plots.nothing"
    with pytest.raises(InvalidInput, match="nothing to draw"):
        comparison.head(1).plot("ties")


def test_drawing_leaves_the_settings_of_matplotlib_and_pyplot_alone(run, many, comparison):
    before = dict(rcParams)
    for each in (run, many, comparison):
        each.plot("ties")
        assert faults(each.plot()) == {}
    assert dict(rcParams) == before
    code = (
        "import sys, numpy; from peersim.model.outcomes import NAMES;"
        "from peersim.presentation.figures.courses import courses;"
        "courses(numpy.zeros((1, 3, len(NAMES))), ['ties'], {'first': 1});"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
