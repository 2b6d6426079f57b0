"""Every control of the designer's page is made of a declaration, does something, and holds at its ends."""

import re

import pytest

from peersim.faces import levers
from peersim.faces.answers.years import imagine
from peersim.kernel.catalogue import catalogue, speaking
from peersim.kernel.paths import leaves
from peersim.scenario.evidence import unresolved
from peersim.scenario.scenario import Scenario, changed

EVERYTHING = {
    "communities": ["one_to_one", "group", "availability", "digital"], "cafe.per_week": 1, "page.contact": 0.3,
    "supervision.per_month": 2, "team.per_month": 1, "population.recipients": 24, "population.supporters": 8,
    "population.asked": 4, "weeks": 40, "recruitment.members": 0.05, "recruitment.from_recovery": 0.2,
    "group.minimum": 4, "group.weeks": 8, "one_to_one.weeks": 12, "supervision.legitimate_withdrawal": 0.3,
    "strain.per_hour": 0.05, "strain.per_match": 0.05,
}  # fmt: skip
"""A programme that has everything, so that each control has something to act on."""

WITH = {
    "availability.class_size": {"availability.variant": "instructor"},
    "availability.class_weeks": {"availability.variant": "instructor"},
    "group.most": {"group.size": 4},
    "group.fewest_leaders": {
        "communities": ["group"],
        "group.leaders": 4,
        "population.supporters": 5,
        "population.asked": 0,
    },
    "population.asked_weeks": {"population.supporters": 0},
    "one_to_one.rematch": {"departure.drift": 0.2},
}
"""What some need besides."""


def rows():
    return levers.levers()


def paths(rows):
    return [row["path"] for row in rows]


def test_every_control_is_made_of_a_declared_setting():
    known = leaves(Scenario)
    for row in rows():
        declared = known[row["path"]].field.metadata
        assert row["help"] == declared["meaning"]
        plainer = levers.UNITS.get(declared["unit"], "as it is")
        assert (row["unit"] == declared["unit"]) == (plainer == "as it is"), row["path"]
        assert row["evidence"] == declared["evidence"] and not unresolved(row["source"])
        if row["kind"] in ("whole", "number"):
            assert declared["low"] <= row["low"] < row["high"] <= declared["high"], row["path"]
            assert row["low"] <= row["default"] <= row["high"] and row["step"] > 0
            assert (row["kind"] == "whole") == (known[row["path"]].type is int)
            steps = (row["default"] - row["low"]) / row["step"]
            assert abs(steps - round(steps)) < 1e-6, (
                f"the slider of {row['path']} skips its default"
            )
        elif row["kind"] == "choice":
            assert row["default"] in [each["value"] for each in row["options"]]


def test_levers_and_assumptions_are_all_there_is_and_nothing_twice():
    every = paths(rows()) + paths(levers.assumptions())
    assert len(every) == len(set(every))
    declared = {path for path, leaf in leaves(Scenario).items() if leaf.is_declared}
    assert set(every) == declared
    assert all(row["both"] and row["level"] == "assumption" for row in levers.assumptions())


def test_assumptions_are_in_the_language_of_the_page_with_their_sources():
    english = {row["path"]: row for row in levers.assumptions()}
    with speaking("da"):
        danish, titles, sources = levers.assumptions(), levers.group_titles(), levers.sources()
    assert all(row["label"] != english[row["path"]]["label"] for row in danish)
    jargon = re.compile(r"log-?odds|logit|standard deviation|standardafv|logarit|[ck]orrelation|exp\(|hazard|`|parameter|seed|rate x|raten x", re.I)  # fmt: skip
    for row in (*english.values(), *danish, *rows()):
        assert not jargon.search(row["label"] + row["unit"]), row["path"]
    assert {row["group"] for row in danish} == set(titles)
    for row in danish:
        assert all(key in sources for key in row["source"].split() if key != "assumption")
    assert not [text for text in (*titles.values(), *sources.values()) if "seed" in text.lower()]
    assert len(set(titles.values())) == len(titles) and max(map(len, titles.values())) <= 40
    for found in (danish, english.values()):
        labels = [row["label"] for row in found]
        assert len(set(labels)) == len(labels), "none can be taken for another"
    assert 15 < sum(row["matters"] for row in danish) < 40
    needs = {row["path"]: row["needs"] for row in danish}
    assert needs["digital.effort"] == "digital" and needs["departure.drift"] is None
    assert needs["population.aversion" if "population.aversion" in needs else "sign_up.digital"]


def test_first_choices_are_few_and_come_before_the_others():
    for group in dict.fromkeys(row["group"] for row in rows()):
        levels = [row["level"] for row in rows() if row["group"] == group]
        assert levels == sorted(levels) and 1 <= levels.count("first") <= 6, group
    for kind in ("one_to_one", "group", "availability", "digital"):
        assert sum(row["group"] == kind and row["level"] == "first" for row in rows()) <= 3
    both = {row["group"] for row in rows() if row["both"]}
    assert both == {"who", "price"}


def test_labels_are_plain_words_in_both_languages():
    for language in ("en", "da"):
        with speaking(language):
            for row in rows():
                assert (
                    4 <= len(row["label"]) <= 80
                    and "_" not in row["label"]
                    and "{" not in row["label"]
                )
                for each in row.get("options", ()):
                    assert "_" not in each["label"]
    for key, text in catalogue("da").items():
        if key.startswith("faces.lever."):
            assert not any(
                word in text.lower() for word in ("parameter", "node", "simulation", "rate")
            )


def test_two_that_bound_each_other_say_so():
    by_path = {row["path"]: row for row in rows()}
    assert by_path["group.minimum"]["not_above"] == "group.size"
    assert by_path["group.size"]["not_below"] == "group.minimum"


def test_a_lever_is_called_by_its_label():
    assert str(levers.label_of("group.size")) == "Places in the group"
    assert levers.label_of("departure.drift") is None


@pytest.mark.parametrize("path", paths(levers.levers()))
def test_at_its_bounds_there_is_no_error(path):
    row = next(row for row in rows() if row["path"] == path)
    kind = path.partition(".")[0]
    community = (
        {"communities": [kind]}
        if kind in ("one_to_one", "group", "availability", "digital")
        else {}
    )
    for value in ends(row):
        changed(Scenario(), {**community, path: value})


def ends(row):
    if row["kind"] == "yes_no":
        return [False, True]
    if row["kind"] == "choice":
        return [each["value"] for each in row["options"]]
    return [row["low"], row["high"]]


@pytest.mark.compiles
@pytest.mark.parametrize("path", paths(levers.levers()))
def test_each_lever_moves_something(path):
    row = next(row for row in rows() if row["path"] == path)
    moderate = [row["default"], *ends(row)] if row["kind"] in ("whole", "number") else ends(row)
    if path == "weeks":
        moderate = [20, 40]
    seen = set()
    for value in moderate:
        scenario = changed(Scenario(), {**EVERYTHING, **WITH.get(path, {}), path: value})
        years = imagine(scenario, range(1, 5), [{}])
        seen.add((years.ends.tobytes(), years.weekly.shape))
        if len(seen) > 1:
            return
    pytest.fail(f"{path} moves nothing")
