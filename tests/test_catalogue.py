"""Words: every key that the source names stands in the catalogue, every sentence is used, and
Python and the pages' script write the same."""

import ast
import functools
import json
import pickle
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import peersim
from peersim.kernel import catalogue as words
from peersim.kernel.catalogue import Sentence, catalogue, fill, plain, speaking
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.numbers import written
from peersim.kernel.statistics import (
    BETTER,
    HIGHER,
    NO_ANSWER,
    ONE_RUN,
    SAME,
    SMALL,
    TOO_CLOSE,
    WORSE,
)
from peersim.model.outcomes import OUTCOMES, named_of
from peersim.scenario import evidence
from peersim.scenario.scenario import Scenario, changed

PACKAGE = Path(peersim.__file__).parent
PAGES = Path(__file__).parents[1] / "web"
VECTORS = Path(__file__).parent / "vectors" / "catalogue.json"
SAID = json.loads(VECTORS.read_text(encoding="utf-8"))
NAMING = ("InvalidInput", "Sentence", "Statement", "say", "has")
"""Calls whose first argument is a key."""


# -- keys ----------------------------------------------------------------------------------------
@functools.cache
def sources():
    paths = sorted(PACKAGE.rglob("*.py"))
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def key_in(node):
    """A key as a literal, or as a pattern in which a group stands for what is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = (
            re.escape(each.value) if isinstance(each, ast.Constant) else "(.+)"
            for each in node.values
        )
        return "".join(parts)
    return None


def named():
    """Where each key is named, literally or as a pattern."""
    for path, tree in sources():
        if path.name == "page.py":
            continue  # fills sentences of its own
        for node in ast.walk(tree):
            key = key_in(node)
            if key and not key.endswith(".") and re.match(r"(errors|notes|progress)\\\.\w", key):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", key
            if isinstance(node, ast.Call) and node.args:
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if called in NAMING and (key := key_in(node.args[0])):
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}", key


@functools.cache
def scripts():
    """The sources of the pages' scripts."""
    return {
        path.relative_to(PAGES).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(PAGES.rglob("*.js"))
        if "node_modules" not in path.parts
    }


def named_by_pages():
    """Keys that the scripts name, as patterns in which a group stands for what is put in; "faces."
    is left out there.
    """
    literal = re.compile(r'"([a-z_]+(?:\.\w+)+)"')
    pattern = re.compile(r"`([a-z_]+\.[\w.]*\$\{[^`]*)`")
    for name, text in scripts().items():
        for key in literal.findall(text):
            yield name, re.escape(key)
        for key in pattern.findall(text):
            yield name, "(.+)".join(map(re.escape, re.split(r"\$\{[^}]*\}", key)))


def keys():
    """All keys; the two forms of a sentence are one."""
    every = set(catalogue("en"))
    both = {key[:-4] for key in every if key.endswith(".one") and f"{key[:-4]}.other" in every}
    return (every | both) - {f"{key}.{form}" for key in both for form in ("one", "other")}


def test_every_key_that_is_named_exists():
    known = keys()
    every = "\n".join(known)
    missing = {
        where: key
        for where, key in named()
        if re.sub(r"\\(.)", r"\1", key) not in known and not re.search(f"(?m)^{key}$", every)
    }
    assert not missing


def test_every_key_that_a_page_says_exists():
    every = "\n".join(keys())
    said = re.compile(r'\bsay\(\s*(?:"([^"]+)"|`([^`]+)`)')
    missing = [
        (name, key)
        for name, text in scripts().items()
        for literal, pattern in said.findall(text)
        for key in [
            re.escape(literal) or "(.+)".join(map(re.escape, re.split(r"\$\{[^}]*\}", pattern)))
        ]
        if not re.search(f"(?m)^(faces\\.)?{key}$", every)
    ]
    assert not missing


def test_every_sentence_is_used():
    """A key is used if the source holds it, or a pattern that gives it from words of the source."""
    literals, patterns, names = set(), set(), set()
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                literals.add(node.value)
            if isinstance(node, ast.JoinedStr):
                patterns.add(key_in(node))
            names |= {getattr(node, each, None) for each in ("id", "attr", "arg", "name")}
    others = " ".join(
        path.read_text(encoding="utf-8")
        for kind in ("*.html", "*.md", "*.csv", "*.yaml")
        for path in PACKAGE.rglob(kind)
    )
    for _, key in named_by_pages():
        patterns.add(f"faces\\.{key}")
        literals.add(f"faces.{re.sub(r'\\(.)', r'\1', key)}")
    known = names | set(re.findall(r"\w+", " ".join([others, *literals, *scripts().values()])))
    telling = [
        re.compile(each) for each in patterns if re.search("[a-z]", each.replace("(.+)", ""))
    ]

    def is_known(word):
        halves = ({word[:k], word[k:]} for k in range(1, len(word)))
        return word in known or any(map(known.issuperset, halves))

    def is_used(key):
        return key in literals or any(
            all(map(is_known, re.findall(r"\w+", " ".join(found.groups()))))
            for each in telling
            if (found := each.fullmatch(key))
        )

    unused = sorted(key for key in keys() if not is_used(key) and key not in others)
    assert not unused


def test_an_unknown_key_is_refused():
    with pytest.raises(KeyError, match=r"no sentence 'errors\.nowhere'"):
        InvalidInput("errors.nowhere")
    with pytest.raises(KeyError):
        InvalidInput("A plain sentence.")


# -- errors as data ------------------------------------------------------------------------------
def test_an_error_is_a_key_and_its_values():
    with pytest.raises(InvalidInput) as refused:
        changed(Scenario(), {"organisation": "integratd"})
    error = refused.value
    options = ["independent", "outreach", "integrated"]
    assert error.key == "errors.setting.option"
    assert error.values == {"name": "organisation", "value": "integratd", "options": options}
    assert error.hint == Sentence("errors.did_you_mean", {"meant": "integrated"})
    said = "organisation is integratd; it can be independent, outreach or integrated."
    assert fill(error.key, error.values, plain) == said
    assert str(error) == f"{said} Did you mean integrated?"


def test_an_error_within_an_error_is_said_in_the_language_of_the_moment(monkeypatch):
    with pytest.raises(InvalidInput) as refused:
        changed(Scenario(), {"events": [{"week": 3, "set": {"group.size": 99}}]})
    inside = refused.value.values["complaint"]
    assert (refused.value.key, inside.key) == (
        "errors.events.setting",
        "errors.setting.bounds_in_unit",
    )
    assert str(refused.value).endswith("group.size is 99 people; it can be 3 to 30.")
    danish = catalogue("en") | {
        "errors.events.setting": "Hændelse {event}: {complaint}",
        "errors.setting.bounds_in_unit": "{name} er {value}; den kan være {low} til {high}.",
    }
    monkeypatch.setattr(words, "catalogue", lambda language: danish)
    with speaking("da"):
        assert str(refused.value).endswith("group.size er 99; den kan være 3 til 30.")


def test_an_error_crosses_processes_whole():
    error = InvalidInput("errors.setting.unknown", Sentence("errors.all_names"), name="sise")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.values, again.hint) == (str(error), error.values, error.hint)


# -- the same in Python and on pages -------------------------------------------------------------
@pytest.mark.parametrize(("value", "form", "english", "danish"), SAID["numbers"])
def test_a_number_in_two_languages(value, form, english, danish):
    assert (written(value, form, "en"), written(value, form, "da")) == (english, danish)


@pytest.mark.parametrize(("key", "values", "language", "text"), SAID["filled"])
def test_a_sentence_and_its_blanks(monkeypatch, key, values, language, text):
    known = dict(words._flat(SAID["sentences"]))
    monkeypatch.setattr(words, "catalogue", lambda language: known)
    given = {
        name: Sentence(**value) if isinstance(value, dict) else value
        for name, value in values.items()
    }
    with speaking(language):
        assert fill(key, given, plain) == text


def test_pages_write_the_same():
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not here to run the catalogue of pages.")
    ran = subprocess.run(
        [node, VECTORS.with_suffix(".mjs")], capture_output=True, text=True, timeout=60
    )
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr


# -- verdicts ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "place", ["main.verdicts", "main.against", "main.no_price", "main.short.own"]
)
def test_every_verdict_has_its_words(place):
    """A verdict that is new in `statistics` is said wherever verdicts are."""
    said = {BETTER, WORSE, SMALL, TOO_CLOSE, SAME, ONE_RUN, NO_ANSWER}
    never = {"main.no_price": {BETTER}, "main.short.own": {NO_ANSWER}}
    for verdict in said - never.get(place, set()):
        assert words.has(f"{place}.{verdict}"), verdict


def test_every_verdict_on_two_designs_has_its_words():
    for verdict in [f"{each} is {how}" for each in "AB" for how in (BETTER, HIGHER)] + [
        SMALL,
        TOO_CLOSE,
        SAME,
    ]:
        for place in ("compare.verdict", "compare.short", "sensitivity.share_of"):
            assert words.has(f"{place}.{verdict}"), (place, verdict)


def test_each_outcome_says_from_which_difference_on_it_is_of_interest():
    for outcome in OUTCOMES:
        smallest = outcome.smallest
        assert smallest.difference > 0 and smallest.reason
        assert smallest.evidence == "assumption" or smallest.evidence[0].isupper()
        assert smallest.named == 0 or smallest.named > smallest.difference


def test_no_effect_that_trials_have_found_goes_unnamed():
    """Two points of recovery are less than the 0.18 standard deviations that groups were found to do."""
    effect, spread = (float(evidence.table()[key]["value"]) for key in ("M04", "P05"))
    assert named_of("recovery") <= effect * spread
    assert named_of("recovery") / 60 <= named_of("connectedness") + 0.005


# -- one word for each thing ---------------------------------------------------------------------
FORBIDDEN = {
    r"\d %|\} %|per cent\b": "12%, or a blank with a format",
    r"(?<!:)\bkr\b\.?|kroner(?! \()(?<!Danish kroner)": "DKK",
    r"[Pp]lausible sets?\b": "versions of the model that fit what is known",
    r"\b[Ii]ntervals?\b|[Tt]oo close to call": "between … and …, or we cannot tell",
    r"\b[Rr]egret\b": "what a wrong choice costs",
    r"\b(?<!\{)[Tt]ies?\b": "contact",
    r"(?<!\.)\b[Rr]ecipients?\b": "participant, or people",
    r"equal (supporter )?hours": "with the same volunteer hours",
    r"\b[Rr]etained\b(?!\])": "stayed or moved on",
    r"still there, have completed|take part, have completed": "stayed or moved on",
    r"[Ss]tatistically|[Ss]ignifican(t|ce)\b": "clearly, or no difference anyone would notice",
    r"±": "low to high",
}
"""Other words for a thing that has one, and that one."""

KEEPS = {
    "errors.lists.role": "names Danish words with their meaning",
    "calibration.why": "says what a source says of its own people",
    "main.costs_intro": "says what DKK stands for",
}
IN_TABLES = (
    "patterns.mechanisms",
    "patterns.models",
    "patterns.remarks",
    "patterns.A",
    "calibration.targets",
    "dropout_spread.lever",
    "check_own_data.how",
)
"""Words that stand in tables of results as well, and stay as they are there."""
TYPED = ("errors.", "commands.", "cards.", "notes.", "progress.", "evidence.")
"""What a researcher reads in the terminal, where settings have the names that are typed."""


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_one_thing_has_one_word(pattern):
    found = {
        key: text
        for key, text in catalogue("en").items()
        if not key.startswith((*KEEPS, *IN_TABLES, *TYPED)) or "%" in pattern
        if re.search(pattern, re.sub(r"\{\w+", "{", text))
    }
    assert not found, f"write {FORBIDDEN[pattern]}"


def test_an_outcome_has_the_same_name_everywhere():
    """A column, or a term, that is called as an outcome begins with its name."""
    known = catalogue("en")
    names = {key.partition(".")[2]: text for key, text in known.items() if key[:9] == "outcomes."}
    for key, text in known.items():
        place, _, last = key.rpartition(".")
        if last in names and place.endswith((".columns", "terms.names")) and text != "everyone":
            of = names[last].removeprefix("supporters' ")
            assert of in text.lower(), key
