"""Completion in the shell: asked as bash asks, with its own word breaks and quotation marks."""

import functools
import itertools
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from peersim import InvalidInput
from peersim.commands.cli import COMMANDS
from peersim.commands.completion import BASH, TOPICS, WORDS, answer, proposed
from peersim.commands.describe import describe
from peersim.commands.settings import config_type, free
from peersim.kernel.paths import leaves
from peersim.model.communities import REGISTRY

pytestmark = pytest.mark.composes

TYPES = [each.name for each in REGISTRY]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("peersim desc", ["describe"]),
        ("peersim re", ["rerun", "recruitment.", "replicates="]),
        ("peersim proj", ["project="]),
        ("peersim project=re", ["project=reden"]),
        ("peersim weeks=20 desc", []),  # a command stands first
        ("peersim des weeks", ["weeks="]),
        ("peersim group.si", ["group.size="]),
        ("peersim population.file=", []),  # the shell knows files better
        ("peersim population.file=peo", []),
        ("peersim cite ", []),
        ("peersim rerun res", []),
        ("peersim cite --", ["--bibtex"]),
        ("peersim rerun results/size po", ["point="]),
        ("peersim completion ", ["bash"]),
        ("peersim help ", []),
        ("peersim describe group.si", ["group.size"]),
        ("peersim describe week", ["week", "weeks"]),
        ("peersim figures=", ["figures=svg", "figures=png", "figures=both"]),
        ("peersim organisation=in", ["organisation=independent", "organisation=integrated"]),
        ("peersim -m organisation=integrated,in", ["organisation=integrated,independent"]),
        ("peersim communities=", [f"communities=[{name}" for name in TYPES]),
        ("peersim communities=[group,o", ["communities=[group,one_to_one,", "communities=[group,one_to_one]"]),
        ("peersim 'communities=[group,o", ["communities=[group,one_to_one,", "communities=[group,one_to_one]"]),
        ("peersim experiment=compare b.group.si", ["b.group.size="]),
        ("peersim design.vary.organisation=[ou", ["design.vary.organisation=[outreach,", "design.vary.organisation=[outreach]"]),
        ("peersim experiment=compare outcomes=[isol", ["outcomes=[isolated", "outcomes=[isolated_reached"]),
        ("peersim group.self_run=tr", []),
        ("peersim weeks=", ["weeks=52"]),
        ("peersim nothing_like_it", []),
        ("peersim --ver", ["--version"]),
    ],
)  # fmt: skip
def test_what_is_proposed(line, found):
    assert proposed(line, COMMANDS) == found


def test_every_command_and_every_key_can_be_reached():
    ask = functools.cache(lambda word: proposed(f"peersim {word}", COMMANDS))
    assert set(ask("")) >= set(COMMANDS)
    for path in leaves(config_type()).keys() - set(free()):
        heads = ["", *(f"{path[:k]}." for k, letter in enumerate(path) if letter == ".")]
        for head, next_one in itertools.pairwise([*heads, f"{path}="]):
            assert next_one in ask(head)


def test_whatever_is_proposed_for_describe_is_described():
    for word in (*TOPICS, "group", "group.size"):
        assert describe([word])
    assert set(TOPICS) < set(WORDS["describe"]) and "organisation" in proposed(
        "peersim describe ", COMMANDS
    )


def test_a_shell_that_is_not_known_is_refused():
    assert answer([], COMMANDS) == answer(["bash"], COMMANDS) == BASH
    for words in (["fish"], ["bash", "zsh"], ["--line"]):
        with pytest.raises(InvalidInput) as refused:
            answer(words, COMMANDS)
        assert refused.value.key == "errors.commands.completion"


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("peersim descr", ["describe"]),
        ("peersim organisation=in", ["independent", "integrated"]),  # bash has parted at the =
        (
            "peersim 'communities=[group,o",
            ["communities=[group,one_to_one,", "communities=[group,one_to_one]"],
        ),
        ("peersim communities='[group,o", ["[group,one_to_one,", "[group,one_to_one]"]),
    ],
)
def test_bash_gets_what_it_puts_in_place(line, found, tmp_path):
    program = Path(sys.executable).with_name("peersim")
    asking = "\n".join(
        [
            'eval "$("$1" completion bash)"',
            "COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:'",
            'COMP_LINE="$2" COMP_POINT=${#2}',
            '_peersim "$1"',
            'printf "%s\\n" "${COMPREPLY[@]}"',
            "complete -p peersim",
        ]
    )
    (tmp_path / "i").touch()  # no pattern may be taken for a file
    done = subprocess.run(
        ["bash", "-c", asking, "bash", program, line], capture_output=True, text=True, cwd=tmp_path
    )
    *proposals, rule = done.stdout.splitlines()
    assert proposals == found, done.stderr
    assert rule == "complete -o default -F _peersim peersim"
