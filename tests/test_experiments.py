"""Every experiment says what was asked, expected and found, and its command is one that the program
understands."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from peersim.commands.cli import main
from peersim.commands.configuration import compose, plan
from peersim.results.folder import read_manifest, read_results

HOME = Path(__file__).resolve().parent.parent / "experiments"
FOLDERS = sorted(
    path.name for path in HOME.iterdir() if path.is_dir() and not path.name.startswith(("_", "."))
)
SECTIONS = [
    "Question",
    "Expectation beforehand",
    "Command",
    "Figures",
    "Finding",
    "What would change our mind",
]
LARGEST = 150_000


def text_of(name: str) -> str:
    return (HOME / name / "README.md").read_text(encoding="utf-8")


def sections(name: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)\n", text_of(name), flags=re.M)
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))


def command(name: str) -> list[str]:
    """The words after ``uv run peersim`` of the one command."""
    blocks = re.findall(r"^```\n(.*?)^```", sections(name)["Command"], re.M | re.S)
    assert len(blocks) == 1, f"{name}: one command answers the question"
    words = shlex.split(blocks[0].replace("\\\n", " "))
    assert words[:3] == ["uv", "run", "peersim"]
    return words[3:]


@pytest.mark.parametrize("name", FOLDERS)
def test_every_section_is_there_and_says_something(name):
    found = sections(name)
    assert list(found) == SECTIONS
    assert [title for title, text in found.items() if len(text) < 40 or "Not yet run" in text] == []
    assert len(text_of(name).split()) < 1000


@pytest.mark.parametrize("name", FOLDERS)
def test_the_command_is_understood_and_writes_where_its_figures_are_fetched(name):
    overrides = command(name)
    kind, _, settings = plan(compose(overrides), overrides)
    assert kind and settings.out == f"results/{name}"
    assert re.search(r"\bminutes?\b|\bseconds?\b", sections(name)["Command"]), "how long it takes"


@pytest.mark.parametrize("name", FOLDERS)
def test_figures_are_there_and_small(name):
    shown = re.findall(r"!\[([^\]]+)\]\((\w+\.png)\)", sections(name)["Figures"])
    assert shown
    assert {file for _, file in shown} == {path.name for path in (HOME / name).glob("*.png")}
    for _, file in shown:
        picture = (HOME / name / file).read_bytes()
        assert picture.startswith(b"\x89PNG") and len(picture) < LARGEST


@pytest.mark.parametrize("name", FOLDERS)
def test_findings_are_numbers(name):
    assert len(re.findall(r"\d", sections(name)["Finding"])) > 10


def test_the_list_names_every_experiment_and_nothing_else():
    listed = re.findall(
        r"^\| \[[^\]]+\]\((\w+)/README\.md\) \|",
        (HOME / "README.md").read_text(encoding="utf-8"),
        re.M,
    )
    assert sorted(listed) == FOLDERS


@pytest.mark.compiles
def test_one_runs_in_a_tiny_size(tmp_path, capsys, monkeypatch):
    overrides = [
        word
        for word in command("group_or_one_to_one")
        if not word.startswith(("out=", "replicates="))
    ]
    small = ["replicates=2", "weeks=8", "workers=1", f"out={tmp_path / 'out'}"]
    monkeypatch.setattr(sys, "argv", ["peersim", *overrides, *small])
    main()
    assert read_manifest(tmp_path / "out")["status"] == "completed"
    assert read_results(tmp_path / "out")["differences"].height > 0
    assert "cannot tell" in capsys.readouterr().out
