"""Danish throughout: the same keys, blanks and forms as in English, short sentences, no English word, and
the language that was asked for, wherever something is said."""

import contextlib
import json
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from danish import HOMOGRAPHS, STOP_WORDS, TYPED_ALONE, danish, english_in, lix, names, words
from small_studies import folder_of

from peersim import rerun
from peersim.commands.describe import counts, describe, groups, phases
from peersim.commands.rerun import difference, manifest_of
from peersim.engine.sweeps.batch import Work, run_batch
from peersim.engine.sweeps.engine import engine_for
from peersim.kernel.catalogue import (
    LANGUAGES,
    Declared,
    Foreign,
    catalogue,
    declared_words,
    language,
    say,
    speak,
    speaking,
    worded,
)
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.model.communities import REGISTRY
from peersim.model.outcomes import OUTCOMES, SMALLEST
from peersim.presentation.settings import plain_meaning
from peersim.presentation.settings import words as typed_words
from peersim.run.worlds import in_threads
from peersim.scenario import evidence
from peersim.scenario.scenario import Scenario, changed
from peersim.scenario.sweep_options import EngineChoice
from peersim.scenario.typology import COMBINATIONS, REFERENCE, TYPES
from peersim.studies import names as studies
from peersim.studies import options_of
from peersim.studies.calibration.measurements import TARGETS

BLANK = re.compile(r"\{(\w+)(?::([+%\w]+))?\}")

QUOTES = {
    "sensitivity.sources": "names English journals",
    "errors.comparison.designs": "names a Python argument",
    "quantities:G09": "names a course",
}
"""Sentences in which English stands for good reasons."""


# -- the catalogue ---------------------------------------------------------------------------------
def test_both_languages_have_the_same_keys_and_forms():
    assert set(catalogue("da")) == set(catalogue("en"))


def test_both_languages_have_the_same_blanks_in_the_same_formats():
    both = catalogue("en"), catalogue("da")
    unlike = [key for key in both[0] if len({frozenset(BLANK.findall(of[key])) for of in both}) > 1]
    assert not unlike


@pytest.mark.parametrize("path", [(), ("faces",)])
def test_a_sentence_is_written_or_in_parts_in_both_languages(path):
    """Several lines stay several: help and heads of tables are laid out by line."""
    files = [
        json.loads((Path("peersim/locales") / f"{each}.json").read_text(encoding="utf-8"))
        for each in LANGUAGES
    ]
    for step in path:
        files = [each[step] for each in files]
    assert [type(files[0][key]) for key in files[0]] == [type(files[1][key]) for key in files[0]]


def test_no_danish_sentence_holds_a_common_english_word():
    """Complaints and help name what is typed; "errors in runs" and "to add" are names there."""
    found = {}
    for key, text in danish().items():
        is_about_names = key.startswith(("errors", "commands", "lists:"))
        allowed = names() | {"add", "runs"} if is_about_names else TYPED_ALONE
        if key not in QUOTES and (own := words(text) & STOP_WORDS - HOMOGRAPHS - allowed):
            found[key] = sorted(own)
    assert not found


def test_danish_sentences_are_short():
    parts = {}
    for key, text in danish().items():
        parts.setdefault(re.split(r"[.:]", key)[0], []).append(text)
    for part, texts in parts.items():
        index, length = lix(texts)
        assert index <= 35 or length < 100, (part, index)
    assert lix(catalogue("da").values())[0] <= 25


@pytest.mark.parametrize(
    "word",
    [r"replikat", r"simuler|simulation", r"konfidens", r"\bnode", r"\bhun\b|\bhan\b|\bhendes\b"],
)
def test_words_that_nobody_need_learn_are_not_there(word):
    texts = {key: BLANK.sub("", text) for key, text in danish().items() if key not in QUOTES}
    assert not {key: text for key, text in texts.items() if re.search(word, text, re.I)}


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_what_is_typed_is_set_apart_from_words(spoken):
    """In backticks; messages of the command line say it as they are read there."""
    there = ("commands", "errors", "settings", "lists", "notes", "plots", "cards", "faces")
    typed = re.compile(r"\breplicates?\b|\w_\w|\b[\w.]+=|\b[a-z]+\.(parquet|csv|md)\b")
    wrong = {
        key: text
        for key, text in catalogue(spoken).items()
        if not key.startswith(there) and not re.search(r"\.(errors|help|in_vain)\b", key)
        if typed.search(re.sub(r"`[^`]*`|\{[^}]*\}", "", text))
    }
    assert not wrong


def test_pages_name_no_seed():
    """Who types one reads of it: in the terminal, in help, and in what Python shows."""
    of_python = (
        "cards",
        "commands",
        "errors",
        "find.errors",
        "find.help",
        "notes",
        "plots",
        "progress",
        "options:",
        "report",
    )
    texts = {key: text for key, text in danish().items() if not key.startswith(of_python)}
    assert not {key: text for key, text in texts.items() if "seed" in words(text)}


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_what_a_setting_is_is_said_without_formulas_and_without_names_that_are_typed(spoken):
    unlike = re.compile(r"`|\w_\w|\^|=| x |log-odds|exp\(|\b[A-Z]: ")
    with speaking(spoken):
        said = {path: plain_meaning(path) for path in leaves(Scenario)}
    assert not {path: text for path, text in said.items() if unlike.search(text)}


# -- what declarations say -------------------------------------------------------------------------
def declared():
    """What is declared in English, by kind and name."""
    scenario = leaves(Scenario)
    table = evidence.table()
    units = {leaf.field.metadata["unit"] for leaf in scenario.values() if leaf.is_declared}
    return {
        "parameters": [path for path, leaf in scenario.items() if leaf.is_declared],
        "units": [*units, *(outcome.unit for outcome in OUTCOMES)],
        "outcomes": [outcome.name for outcome in OUTCOMES],
        "smallest": [*SMALLEST],
        "better": [outcome.better for outcome in OUTCOMES],
        "options": [
            name
            for study in studies()
            for name, field in options_of(study).__dataclass_fields__.items()
            if "option" in field.metadata
        ],
        "values": [*typed_words()],
        "groups": [*groups(Scenario)],
        "phases": [name for name, _ in phases()],
        "kinds": [*counts()],
        "designs": [design.name for design in (*TYPES, *COMBINATIONS, REFERENCE)],
        "design_texts": [design.name for design in (*TYPES, *COMBINATIONS, REFERENCE)],
        "places": [each.name for each in REGISTRY],
        "documents": [*evidence.DOCUMENTS],
        "quantities": [*table],
        "uses": [*table],
        "seen": [row["seen"] for row in table.values()],
        "figure_units": [row["unit"] for row in table.values()],
        "definitions": [target.name for target in TARGETS],
        "worlds": [target.setting for target in TARGETS],
    }


@pytest.mark.parametrize("kind", declared())
def test_every_declaration_has_its_danish_words(kind):
    assert set(declared()[kind]) <= set(declared_words("da")[kind])


def test_no_danish_words_are_kept_of_what_is_not_declared_any_more():
    beside = {"outcome_names", "purposes", "signs", "lists", "foreign"}
    sources = {row["source"] for row in evidence.table().values()}
    assert set(declared_words("da")["sources"]) <= sources
    own = {"seen": {"the document itself"} | {how.partition(" +")[0] for how in declared()["seen"]}}
    for kind, known in declared_words("da").items():
        if kind not in {*beside, "sources"}:
            assert set(known) - set(declared()[kind]) <= own.get(kind, set()), kind


ENGLISH = r"\b(computed|authors|not shown|as quoted|report|protocol|table|page|from memory|seed)\b"


def test_sources_are_told_in_plain_danish():
    """Titles stay as they are; what is said about them does not, and no mark of a file is left."""
    quoted = re.compile(r"'[^']*'")
    with speaking("da"):
        told = [evidence.in_plain_words(key) for key in (*evidence.table(), *evidence.DOCUMENTS)]
    assert not [text for text in told if re.search(ENGLISH, quoted.sub("", text))]
    assert not [
        row for row in evidence.table().values() if "seed 0" in str(row) or ".txt" in str(row)
    ]


def test_what_has_no_words_is_refused():
    with speaking("da"), pytest.raises(KeyError):
        worded("parameters", "no.such", "nothing")
    assert worded("parameters", "no.such", "nothing") == "nothing"


def test_what_the_system_says_is_worded_or_quoted():
    assert str(Foreign("Permission denied")) == "Permission denied"
    with speaking("da"):
        assert str(Foreign("Permission denied")) == "I har ikke adgang"
        assert str(Foreign("found undefined alias 'x'")) == "der henvises til 'x', som ikke findes"
        assert str(Foreign("it broke")) == "systemet siger: »it broke«"


@pytest.mark.parametrize("asked", [[], ["outcomes"], ["people"], ["attendance"], ["group"]])
def test_what_is_described_holds_no_english_word(asked):
    headings = {
        "code",
        "name",
        "member",
        "activity",
        "attended",
        "came",
        "circle",
        "class",
        "day",
        "left",
        "meeting",
    }
    headings |= {
        "place",
        "programme",
        "started",
        "stopped",
        "week",
    }  # that are understood in a list
    with speaking("da"):
        text = describe(asked)
    assert not english_in(
        text, names() | (headings if asked in (["people"], ["attendance"]) else set())
    )


@pytest.mark.parametrize("key", ["commands.help", "find.help"])
def test_help_holds_no_english_word(key):
    with speaking("da"):
        assert not english_in(say(key, projects="", experiments=""), names() | {"add"})


# -- who speaks ------------------------------------------------------------------------------------
def test_threads_speak_as_their_caller():
    with speaking("da"):
        assert in_threads(lambda _: language(), range(3), workers=2) == ["da"] * 3
    assert in_threads(lambda _: language(), range(3), workers=2) == ["en"] * 3


def test_one_speaks_until_one_speaks_otherwise():
    before = language()
    try:
        speak("da")
        assert language() == "da"
    finally:
        speak(before)


def test_an_error_is_said_in_the_language_of_the_moment():
    with pytest.raises(InvalidInput) as refused:
        changed(Scenario(), {"group.size": 99})
    assert refused.value.values["unit"] == Declared("units", "people", "people")
    assert str(refused.value) == "group.size is 99 people; it can be 3 to 30."
    with speaking("da"):
        assert str(refused.value) == "group.size er 99 personer; den kan være fra 3 til 30."


@pytest.mark.compiles
@pytest.mark.parametrize("workers", [1, 2])
def test_what_stands_in_tables_is_english_whoever_speaks(workers):
    works = [Work("", {"group.size": 99}, range(2))]
    with speaking("da"):
        engine = engine_for(EngineChoice(), workers)
        with contextlib.closing(
            engine.results(run_batch, [(0, ({"": Scenario()}, works, "none"))])
        ) as answers:
            (_, batch), *_ = answers
    assert set(batch.errors.values()) == {"group.size is 99 people; it can be 3 to 30."}


@pytest.mark.compiles
def test_a_study_speaks_as_its_options_say_and_rerun_as_the_first_time(tmp_path, capsys):
    first = folder_of("compare")
    assert manifest_of(first)["options"]["language"] == "en"
    for asked, heading in (("da", "To tilbud sammenlignet"), (None, "Two designs compared")):
        out = tmp_path / str(asked)
        tables = rerun(first, out=out, workers=1, language=asked)
        assert tables["equal"].all()
        assert heading in (out / "report.html").read_text(encoding="utf-8")
        assert ("A minus B" in capsys.readouterr().out) and language() == "en"
    again = tmp_path / "again"
    rerun(tmp_path / "da", out=again, workers=1)
    assert "To tilbud sammenlignet" in (again / "report.html").read_text(encoding="utf-8")
    with pytest.raises(InvalidInput, match="language is fr; it can be en or da"):
        rerun(first, out=tmp_path / "fr", language="fr")


def test_what_differs_is_said_in_the_language_of_the_moment():
    there, now = pl.DataFrame({"a": [1.0, 2.0]}), pl.DataFrame({"a": [1.0, 2.5]})
    assert difference(there, now) == "a (by up to 0.5)"
    with speaking("da"):
        assert difference(there, now) == "a (op til 0,5)"
        assert difference(there, now.head(1)) == "2 rækker der, 1 nu"


# -- the command line ------------------------------------------------------------------------------
def peersim(*arguments, cwd=None):
    """What a command line prints, and its exit code."""
    code = "import sys; from peersim.commands.cli import main; sys.argv[0] = 'peersim'; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=120,
    )
    return ran.stdout, ran.stderr, ran.returncode


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["group.sise=8"], "Der er ingen indstilling, der hedder group.sise. Mente I group.size?"),
        (["describe", "grup"], "Der er ikke noget, der hedder grup, at beskrive. Mente I group?"),
        (["fnd"], "Der er ingen kommando, der hedder fnd. Mente I find?"),
        (
            ["--nonsense"],
            "Der er ikke noget, der hedder --nonsense. `peersim --help` viser, hvad man kan skrive.",
        ),
        (
            ["rerun", "nowhere"],
            "nowhere rummer ingen resultater fra peersim (der er ingen manifest.json i den eller under den).",
        ),
        (["completion", "zsh"], "completion findes til bash: `peersim completion bash`."),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_complaint_is_danish_wherever_the_language_stands(arguments, said, is_first):
    typed = ["language=da", *arguments] if is_first else [*arguments, "language=da"]
    assert peersim(*typed) == ("", f"peersim: {said}\n", 2)


def test_a_language_that_is_not_known_is_refused_everywhere():
    said = "peersim: language is fr; it can be en or da.\n"
    for arguments in (["describe"], [], ["cite", "x"]):
        assert peersim(*arguments, "language=fr") == ("", said, 2)


def test_a_saved_configuration_says_the_language(tmp_path):
    (tmp_path / "project").mkdir()
    file = tmp_path / "project" / "ours.yaml"
    for wrong, said in (
        ("weeks: 0", "weeks er 0 uger; den kan være fra 1 til 1040."),
        ("weeks: no", "skal være et helt tal"),
    ):
        file.write_text(f"# @package _global_\nlanguage: da\n{wrong}\n", encoding="utf-8")
        out, complaint, code = peersim("--config-dir", tmp_path, "project=ours")
        assert (out, code) == ("", 2) and said in complaint
    assert "weeks is" in peersim("--config-dir", tmp_path, "project=ours", "language=en")[1]


def test_english_reads_no_danish():
    code = (
        "import sys; from peersim.commands.cli import main; from peersim.kernel import catalogue as c;"
        "sys.argv = ['peersim', '--help']; main(); assert c.catalogue.cache_info().currsize == 1, c.catalogue.cache_info();"
        "assert c.declared_words.cache_info().currsize == 0"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
