"""A manifest that is not what it should be: a sentence, wherever a folder of results is read."""

import copy
import json
import shutil

import polars as pl
import pytest

import peersim
from peersim import InvalidInput, read_results
from peersim.commands import rerun as rerunning
from peersim.commands.cite import cite
from peersim.results import folder as results
from peersim.results.folder import guard, read_manifest
from peersim.results.manifest import config_hash
from peersim.scenario.sweep_options import DesignChoice
from peersim.studies import options_of, run_study

pytestmark = pytest.mark.compiles

VARY = {"group.size": [4, 5]}
ODD = (
    None,
    [],
    {},
    "x",
    7,
    -1.5,
    True,
    "\x00",
    "../../x",
    float("nan"),
    [[[]]],
    {"x": {"x": None}},
)
WHOLE_FILES = [
    b"", b"[]", b'"x"', b"{", b"null", b"3", b"{}", b"\xff\xfe\x00{", b"\x00" * 50, b"[" * 100_000,
    b'{"a":' + b"9" * 5000 + b"}", b'{"name": "other", "version": "1.0", "files": ["a.js"]}',
    "{\"identity\": \"Åse\"}".encode("latin-1"), b"\xef\xbb\xbf{}", b'{"status": "running"}', b"NaN",
]  # fmt: skip


@pytest.fixture(scope="module")
def swept(small, tmp_path_factory):
    """Sweep once and give scenario and folder."""
    base, folder = small(communities=["group"]), tmp_path_factory.mktemp("manifests") / "out"
    ask(base, folder)
    return base, folder


def ask(base, folder):
    return peersim.sweep(base, VARY, replicates=2, out=str(folder), progress=lambda runs: None)


@pytest.fixture
def readers(swept, tmp_path, monkeypatch):
    """Give a copy of the folder, and all that reads its manifest; nothing is run."""
    base, folder = swept
    shutil.copytree(folder, tmp_path / "out")
    monkeypatch.setattr(rerunning, "carry_out", lambda recipe, source: None)
    monkeypatch.setattr(rerunning, "compared", lambda *folders: pl.DataFrame())
    monkeypatch.setattr(rerunning, "simulate", lambda scenario, seed: None)
    monkeypatch.setattr("peersim.engine.sweeps.job.Job.run", lambda *_: pytest.fail("ran"))
    there = tmp_path / "out"
    pawn = options_of("sensitivity")(design=DesignChoice(kind="pawn", of=str(there)), out="new")
    return there, {
        "read": lambda: read_results(there),
        "read several": lambda: read_results(tmp_path),
        "manifest": lambda: read_manifest(there),
        "rerun": lambda: peersim.rerun(there, out=tmp_path / "again"),
        "rerun a run": lambda: peersim.rerun(there, point=0, seed=1),
        "sweep": lambda: ask(base, there),
        "cite": lambda: cite(there),
        "cite as BibTeX": lambda: cite(there, bibtex=True),
        "refuse": lambda: guard(there, {"study": "x"}),
        "analyse": lambda: run_study("sensitivity", base, copy.deepcopy(pawn)),
    }


def answers(readers):
    """What each reader says: a sentence, or nothing; anything else is a mistake."""
    said = {}
    for name, read in readers.items():
        try:
            read()
        except InvalidInput as complaint:
            said[name] = str(complaint)
    return said


def broken(tree, prefix=()):
    """Each field of nested dictionaries, dropped or replaced by something odd."""
    for key, value in tree.items():
        path = (*prefix, key)
        yield path, "dropped", None
        for odd in ODD:
            if odd != value:
                yield path, "replaced", odd
        if isinstance(value, dict) and key in ("identity", "options", "design", "vary", "engine"):
            yield from broken(value, path)


def put(manifest, path, how, odd):
    """The manifest with this one change."""
    found = copy.deepcopy(manifest)
    inside = found
    for key in path[:-1]:
        inside = inside[key]
    if how == "dropped":
        del inside[path[-1]]
    else:
        inside[path[-1]] = odd
    return found


def check(readers, there, content):
    (there / results.MANIFEST).write_bytes(content)
    said = answers(readers)
    assert all(each and "\n" not in each and len(each) < 1000 for each in said.values()), said
    return said


@pytest.mark.parametrize("content", WHOLE_FILES)
def test_what_is_no_manifest_is_refused_by_all(readers, content):
    there, every = readers
    said = check(every, there, content)
    assert set(said) == set(every)


@pytest.mark.filterwarnings("ignore:7 of 4 runs failed")
def test_every_field_that_is_not_what_it_should_be_gets_a_sentence(readers):
    there, every = readers
    manifest = json.loads((there / results.MANIFEST).read_text())
    changes = list(broken(manifest))
    assert len(changes) > 300
    few = {name: every[name] for name in ("manifest", "rerun a run", "sweep", "refuse")}
    for path, how, odd in changes:
        odd_one = put(manifest, path, how, odd)
        said = check(few, there, json.dumps(odd_one).encode())
        if path[0] == "identity":
            assert {"manifest", "rerun a run", "sweep", "refuse"} <= set(said), path
            assert "identity is not what it should be" in said["manifest"]


def test_settings_of_another_shape_get_a_sentence_though_their_hash_is_right(readers):
    there, every = readers
    manifest = json.loads((there / results.MANIFEST).read_text())
    few = {name: every[name] for name in ("rerun", "rerun a run", "cite", "analyse")}
    for path, how, odd in broken(manifest["identity"], ("identity",)):
        odd_one = put(manifest, path, how, odd)
        odd_one["config_hash"] = config_hash(odd_one["identity"])
        check(few, there, json.dumps(odd_one).encode())


def test_a_manifest_as_large_as_no_manifest_is_not_read(readers, monkeypatch):
    there, every = readers
    monkeypatch.setattr(results, "LARGEST", 100)
    assert set(answers(every)) == set(every)


def test_a_folder_in_its_place_is_no_manifest(readers):
    there, every = readers
    (there / results.MANIFEST).unlink()
    (there / results.MANIFEST).mkdir()
    assert set(answers(every)) == set(every)


def test_a_changed_digit_is_noticed(readers):
    there, _ = readers
    text = (there / results.MANIFEST).read_text()
    (there / results.MANIFEST).write_text(text.replace('"weeks": 14', '"weeks": 15', 1))
    with pytest.raises(InvalidInput, match="identity is not what it should be"):
        peersim.rerun(there)
