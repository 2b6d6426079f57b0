"""What is exaggerated or chosen says so wherever it is shown, and cannot be made to look usual."""

import csv

import polars as pl
import pytest
from small_scenarios import small_scenario

import peersim
from peersim import changed, load_scenario
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.results.folder import read_manifest
from peersim.scenario.demonstration import SETTINGS, Demonstration, chosen_for, settings_of
from peersim.scenario.plausible_sets import set_by_hand
from peersim.scenario.scenario import Scenario, without_programme
from peersim.studies import options_of, run_study

BANNER = "Exaggerated for demonstration"
CHOSEN = "Chosen: of 200 imagined years, rank 3"


@pytest.fixture(scope="module")
def exaggerated():
    return small_scenario(communities=["group"], demonstration="contagion")


@pytest.mark.parametrize("channel", ["loss", "lost_tie", "social", "memory"])
def test_every_channel_is_at_its_upper_bound(exaggerated, channel):
    leaf = leaves(Scenario)[f"departure.{channel}"]
    assert leaf.get(exaggerated) == leaf.field.metadata["high"] > leaf.get(Scenario())


def test_what_it_sets_is_within_bounds_and_differs():
    usual = Scenario()
    for name in Demonstration:
        made = changed(usual, {"demonstration": name})
        given = settings_of(Scenario, name)
        assert set(given) == set(SETTINGS[name])
        for path, value in given.items():
            assert leaves(Scenario)[path].get(made) == value
    assert made.group.size < usual.group.size
    assert made.population.outside_ties < usual.population.outside_ties


def test_what_is_set_besides_is_used_instead():
    own = {"departure.social": 0.001, "demonstration": "contagion"}
    assert changed(Scenario(), own).departure.social == 0.001
    written = load_scenario("departure.social=0.001 demonstration=contagion")
    assert written == changed(Scenario(), own)
    assert "departure.lost_tie" in set_by_hand([written])  # plausible sets leave it alone


def test_the_mark_cannot_be_taken_off(exaggerated):
    with pytest.raises(InvalidInput, match="stays exaggerated"):
        changed(exaggerated, {"demonstration": "none"})
    assert changed(exaggerated, {"weeks": 9}).demonstration is Demonstration.contagion
    assert without_programme(exaggerated).demonstration is Demonstration.contagion


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("demonstration=contagoin", "Did you mean contagion"),
        ("project=reden demonstration=contagion", "without exaggeration only"),
    ],
)
def test_what_cannot_be_demonstrated_is_refused(given, said):
    with pytest.raises(InvalidInput, match=said):
        load_scenario(given)


@pytest.mark.parametrize("written", ["", "chain", "chain-0-of-9", "chain-3-of-2", "best-1-of-2"])
def test_a_rank_is_as_find_writes_it(written):
    with pytest.raises(InvalidInput, match="peersim find"):
        chosen_for(written)


def test_cards_bear_the_banner(exaggerated):
    assert BANNER in repr(exaggerated)
    assert BANNER in exaggerated._repr_html_()
    assert BANNER not in repr(small_scenario())


@pytest.mark.compiles
def test_everything_in_python_bears_the_banner(exaggerated, tmp_path):
    pytest.importorskip("xarray")
    run, runs = peersim.simulate(exaggerated, 1), peersim.ensemble(exaggerated, range(3))
    both = {"A": small_scenario(communities=["group"]), "B": exaggerated}
    found = peersim.compare(both, ["ties", "retained"], replicates=3)
    for each in (run, runs, found, peersim.PeerModel(exaggerated, rng=1)):
        assert BANNER in repr(each)
        assert BANNER in each._repr_html_()
    for figure in (run.plot("ties"), runs.plot("ties"), found.plot()):
        assert any(BANNER in text.get_text() for text in figure.texts)
    assert BANNER in runs.to_pandas().attrs["banner"]
    assert BANNER in runs.to_xarray().attrs["banner"]
    run.write_gexf(tmp_path / "life.gexf")
    assert BANNER in (tmp_path / "life.gexf").read_text()
    usual = peersim.simulate(both["A"], 1)
    assert BANNER not in repr(usual)
    assert len(usual.plot("ties").texts) == len(run.plot("ties").texts) - 1


def outlets(folder, printed):
    """Text of every outlet of a folder of results, by name."""
    files = [*folder.glob("figures/*.svg"), folder / "report.html", folder / "data_dictionary.md"]
    found = {file.name: file.read_text(encoding="utf-8") for file in files}
    found["manifest"] = " ".join(read_manifest(folder).get("banners", ()))
    for table in folder.glob("*.parquet"):
        found[table.name] = pl.read_parquet_metadata(table).get("banner", "")
    for file in folder.glob("exhibits/*.csv"):
        for row in list(csv.reader(file.read_text("utf-8-sig").splitlines()))[1:]:
            found[f"{file.name} {row[0]}"] = row[-1]
    found["terminal"] = " ".join(printed.split())
    return found


@pytest.mark.compiles
@pytest.mark.parametrize("study", ["single", "compare", "sweep"])
def test_every_outlet_bears_the_banner(study, exaggerated, tmp_path, capsys):
    arms = {"b": exaggerated} if study == "compare" else {}
    scenario = small_scenario(communities=["group"]) if arms else exaggerated
    asked = {"replicates": 3, "out": str(tmp_path / "out"), "chosen": "chain-3-of-200"}
    if study == "sweep":
        from peersim.scenario.sweep_options import DesignChoice

        asked["design"] = DesignChoice(kind="grid", vary={"group.size": [4, 5, 6]})
    run_study(study, scenario, options_of(study)(**asked, **arms).checked())
    found = outlets(tmp_path / "out", capsys.readouterr().out)
    assert len(found) > 8
    assert [name for name, text in found.items() if BANNER not in text] == []
    assert [name for name, text in found.items() if CHOSEN not in text] == []
    assert found["terminal"].count(BANNER) == 2


@pytest.mark.compiles
def test_a_usual_run_bears_none(tmp_path, capsys):
    options = options_of("single")(replicates=3, out=str(tmp_path / "out")).checked()
    run_study("single", small_scenario(), options)
    found = outlets(tmp_path / "out", capsys.readouterr().out)
    assert not any(BANNER in text or "Chosen:" in text for text in found.values())


@pytest.mark.compiles
def test_it_is_repeated_as_it_was(exaggerated, tmp_path):
    own = changed(exaggerated, {"departure.social": 0.003})
    options = options_of("compare")(
        replicates=3, b=own, out=str(tmp_path / "out"), chosen="person-1-of-9"
    )
    run_study("compare", small_scenario(communities=["group"]), options.checked())
    assert peersim.rerun(tmp_path / "out")["equal"].all()
    again = read_manifest(tmp_path / "out-again")
    assert again["banners"] == read_manifest(tmp_path / "out")["banners"]


@pytest.mark.compiles
def test_chains_are_there_to_be_shown():
    """In a group as it is by default, a chain of three or more in at least a quarter of the seeds;
    without exaggeration in far fewer.
    """
    shares = []
    for more in ({}, {"demonstration": "contagion"}):
        scenario = changed(Scenario(), {"communities": ["group"], **more})
        sizes = peersim.find(scenario, seeds=60, top=60, workers=0)["size"]
        shares.append(float((sizes >= 3).sum()) / 60)
    assert shares[1] >= 0.25 > 2 * shares[0]
