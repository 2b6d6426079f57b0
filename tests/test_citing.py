"""What is to be cited is what a run used: the works behind its communities and levers, and no
others."""

import json
import re
from datetime import UTC, datetime

import pytest

import peersim
from peersim.commands.cite import cite
from peersim.commands.cited_works import used_parameters, works
from peersim.commands.configuration import load_scenario
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.results.manifest import identity, provenance
from peersim.scenario.scenario import Scenario, changed
from peersim.studies.calibration.measurements import TARGETS
from peersim.studies.single.options import Options


def folder(tmp_path, study="single", *overrides, arms=None, **more):
    """A folder with the manifest of a run that did not take place."""
    settings = Options(replicates=3, command=f"peersim experiment={study}")
    scenario = load_scenario(overrides)
    designs = {name: changed(scenario, changes) for name, changes in (arms or {}).items()}
    known = identity(study, scenario, settings, arms=designs) | more
    (tmp_path / "manifest.json").write_text(
        json.dumps(provenance(known, settings, datetime.now(UTC))), "utf-8"
    )
    return tmp_path


def rows_in(text):
    """Rows of the evidence table that a text names."""
    listed = re.findall(r"\[rows ([^;]+);", text)
    return {key for keys in listed for key in keys.split()}


def test_a_group_cites_what_stands_behind_groups_and_not_platforms(tmp_path):
    text = cite(folder(tmp_path, "single", "communities=[group]"))
    assert {"G04", "P13", "T04", "V02"} <= rows_in(text)
    assert not {"N02", "N15", "D02", "A08"} & rows_in(text)
    assert "Fukui" in text and "Marinova" not in text


@pytest.mark.parametrize(
    ("overrides", "key"),
    [
        (["communities=[digital]"], "N15"),
        (["communities=[one_to_one]"], "D02"),
        (["communities=[group]", "cafe.per_week=1"], "D04"),
        (["communities=[group]", "supervision.per_month=1"], "V09"),
        (["communities=[group]", "events=[{week:12,add:digital}]"], "N15"),
    ],
)
def test_communities_levers_and_events_bring_their_works(overrides, key, tmp_path):
    assert key in rows_in(cite(folder(tmp_path, "single", *overrides)))
    assert key not in rows_in(cite(folder(tmp_path, "single", "communities=[availability]")))


def test_arms_and_points_of_a_design_count_too(tmp_path):
    run = folder(
        tmp_path, "compare", "communities=[group]", arms={"B": {"communities": ["digital"]}}
    )
    assert "N15" in rows_in(cite(run))
    swept = folder(
        tmp_path, "sweep", "communities=[group]", design={"vary": {"cafe.per_week": [0.0, 1.0]}}
    )
    assert "D04" in rows_in(cite(swept))


def test_the_main_job_cites_every_type(tmp_path):
    assert {"N15", "D02", "G04", "A08"} <= rows_in(cite(folder(tmp_path, "main")))


def test_every_parameter_is_used_by_some_run(tmp_path):
    everything = ["communities=[one_to_one,group,availability,digital]", "cafe.per_week=1", "page.contact=0.2",
                  "supervision.per_month=1", "team.per_month=1"]  # fmt: skip
    declared = {path for path, leaf in leaves(Scenario).items() if leaf.is_declared}
    used = set()
    for organisation in ("independent", "outreach", "integrated"):
        for form in ("seminar", "webinar"):
            scenario = load_scenario(
                [*everything, f"organisation={organisation}", f"training.form={form}"]
            )
            used |= set(used_parameters(identity("single", scenario, Options())))
    other_rules = ["sign_up.way_in=referred", "change.sides=false", "change.separate_sources=false"]
    alone = {"sign_up.referral", "change.connectedness", "change.recognition"}
    scenario = load_scenario([*everything, *other_rules])
    then = set(used_parameters(identity("single", scenario, Options())))
    assert used == declared - alone and alone <= then and "change.social" not in then


def test_calibrated_sets_bring_the_works_they_were_calibrated_to(tmp_path):
    plain = rows_in(cite(folder(tmp_path, "single", "communities=[group]")))
    aimed = cite(folder(tmp_path, "single", "communities=[group]", parameters="plausible"))
    targets = {key for target in TARGETS for key in target.evidence.split()}
    assert (
        not targets <= plain and {*targets, *plain} <= rows_in(aimed) and "calibrated to: " in aimed
    )


def test_each_work_is_cited_once():
    found = works(path for path, leaf in leaves(Scenario).items() if leaf.is_declared)
    assert len({work.source for work in found}) == len(found)
    assert len({key for work in found for key in work.keys}) == sum(
        len(work.keys) for work in found
    )
    assert [work.keys[0] for work in found[:2]] == ["T", "P"]
    assert not [
        work for work in found if work.source.startswith("computed") or "same as" in work.where
    ]


def test_the_model_and_its_software_come_with_their_versions(tmp_path):
    text = cite(folder(tmp_path, "single", "communities=[group]"))
    assert f"Version {peersim.__version__}" in " ".join(text.split())
    for package in (
        "mesa",
        "numpy",
        "networkx",
        "numba",
        "polars",
        "matplotlib",
        "scipy",
        "hydra-core",
    ):
        assert re.search(rf"^  {package} \d+\.\d+", text, re.M), package
    assert "salib" not in text and "salib" in cite(
        folder(tmp_path, "sensitivity", "communities=[group]")
    )


def test_it_can_be_read_in_100_columns(tmp_path):
    for line in cite(folder(tmp_path, "main")).splitlines():
        assert len(line) <= 100 or "http" in line, line


def test_bibtex_is_whole(tmp_path):
    text = cite(folder(tmp_path, "main"), bibtex=True)
    entries = re.findall(r"^@(\w+)\{([^,]+),$", text, re.M)
    assert len({key for _, key in entries}) == len(entries) > 40
    assert ("software", "peersim") in entries and ("article", "mesa") in entries
    assert text.count("{") == text.count("}") and text.count("\n}") == len(entries)
    assert not re.search(r"[^\\][&%#]", re.sub(r"^(%.*|.*(url|doi) = .*)$", "", text, flags=re.M))


def test_several_runs_are_cited_together(tmp_path):
    for name, community in (("a", "group"), ("b", "digital")):
        (tmp_path / name).mkdir()
        folder(tmp_path / name, "single", f"communities=[{community}]")
    text = cite(tmp_path)
    assert "The runs" in text and {"G04", "N15"} <= rows_in(text)


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"identity": {"study": "x"}}'])
def test_a_folder_without_results_gets_one_sentence(content, tmp_path):
    if content is not None:
        (tmp_path / "manifest.json").write_text(content, "utf-8")
    with pytest.raises(InvalidInput, match="holds no results"):
        cite(tmp_path)


def test_a_folder_that_is_not_there_gets_one_sentence(tmp_path):
    with pytest.raises(InvalidInput, match="There is no folder"):
        cite(tmp_path / "nowhere")


@pytest.mark.parametrize("words", [[], ["a", "b"], ["--bib", "a"]])
def test_the_command_asks_for_one_folder(words, monkeypatch, capsys):
    from peersim.commands import cli

    monkeypatch.setattr("sys.argv", ["peersim", "cite", *words])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2 and "cite needs one folder" in capsys.readouterr().err
