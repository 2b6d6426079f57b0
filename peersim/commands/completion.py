"""Completion in the shell: subcommands, keys and values, by what is declared. Hydra is not asked,
so that an answer takes no longer than Python takes to start.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path

from peersim.commands.settings import config_type, free, options
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import Leaf, groups, leaves
from peersim.model.outcomes import NAMES
from peersim.model.vocabulary import COMMUNITIES
from peersim.scenario.presets import config_folder
from peersim.scenario.scenario import Scenario

SHELLS = ("bash",)
FLAGS = ("--help", "--version", "-m", "--cfg", "--config-dir", "--hydra-help")
TOPICS = ("week", "parameters", "evidence", "outcomes", "people", "attendance")
WORDS = {
    "cite": ("--bibtex",),
    "completion": SHELLS,
    "describe": (*TOPICS, "--evidence", "--markdown"),
    "find": ("chain=longest", "difference=largest", "person=most_different", "--help"),
    "play": ("seed=telling", "seed=typical", "language=da", "out=", "pack=no", "--help"),
    "rerun": ("point=", "seed="),
    "serve": ("language=da", "port=0", "open=no", "--help"),
    "share": ("levers=", "title=", "year=none", "language=da", "out=", "pack=no", "--help"),
}
"""What may follow a command, beside what else `describe` can be asked about."""

NO_SETTINGS = ("examples", "lessons", "puzzles")
"""Folders of files that no setting names."""

OF_SETTINGS = ("find", "play", "share")
"""Commands that settings follow."""

OF_A_FOLDER = ("cite", "rerun")
"""Commands whose first word is a folder, which the shell knows better."""

BASH = r"""_peersim() {
    local word
    COMPREPLY=()
    while IFS= read -r word; do
        COMPREPLY+=("$word")
    done < <(
        export COMP_WORDBREAKS
        "$1" completion --line "${COMP_LINE:0:COMP_POINT}" 2>/dev/null
    )
    case "${COMPREPLY[0]}" in
        *= | *. | *\[*) compopt -o nospace 2>/dev/null ;;
    esac
}
complete -o default -F _peersim peersim
"""
"""What a user evaluates. Where nothing is proposed, bash completes names of files."""


def answer(words: Sequence[str], commands: Collection[str]) -> str:
    """The answer to ``peersim completion WORDS``: the script for a shell, or what it asks for.

    Raises
    ------
    InvalidInput
        If there is no script for such a shell.
    """
    if len(words) == 2 and words[0] == "--line":
        return "".join(f"{each}\n" for each in proposed(words[1], commands))
    if list(words) not in ([], *([shell] for shell in SHELLS)):
        raise InvalidInput("errors.commands.completion")
    return BASH


def proposed(line: str, commands: Collection[str]) -> list[str]:
    """What may stand at the end of an unfinished command line, as the shell puts it there.

    Parameters
    ----------
    line : str
        From the name of the program to the cursor.
    commands : collection of str

    >>> proposed("peersim organisation=in", ["cite"])
    ['organisation=independent', 'organisation=integrated']
    >>> proposed("peersim ci", ["cite"]), proposed("peersim group.si", ["cite"])
    (['cite'], ['group.size='])
    """
    (_, *before, word), quoted = _words(line)
    found = [each for each in _choices(before, word, commands) if each.startswith(word)]
    breaks = "=" in os.environ.get("COMP_WORDBREAKS", "")
    cut = quoted if quoted is not None else word.rfind("=") + 1 if breaks else 0
    if len(found) == 1 and "[" in found[0]:  # the list can end here, or go on
        found = [f"{found[0]}{mark}" for mark in ",]"]
    return [each[cut:] for each in dict.fromkeys(found)]


def _words(line: str) -> tuple[list[str], int | None]:
    """Words of an unfinished line, and where in the last one an open quotation begins."""
    words, opened, at = [""], "", 0
    for letter in line:
        if letter == opened:
            opened = ""
        elif letter in "'\"" and not opened:
            opened, at = letter, len(words[-1])
        elif letter.isspace() and not opened:
            words.append("")
        else:
            words[-1] += letter
    kept = [word for word in words[:-1] if word]
    return [*kept, words[-1]], at if opened else None


def _choices(before: Sequence[str], word: str, commands: Collection[str]) -> list[str]:
    command = before[0] if before else ""
    if command in commands and command not in OF_SETTINGS:
        return _arguments(command, len(before), word)
    if command in OF_SETTINGS and len(before) == 1:
        return [*WORDS[command], *_choices([command, ""], word, ())]
    if "=" in word:
        key, _, value = word.partition("=")
        return [f"{key}={each}" for each in _values(key, value)]
    return [*([] if before else commands), *(FLAGS if word.startswith("-") else ()), *_keys(word)]


def _arguments(command: str, place: int, word: str) -> list[str]:
    """What may follow a command."""
    if command in OF_A_FOLDER and place == 1 and not word.startswith("-"):
        return []
    about = [*groups(Scenario), *leaves(Scenario)] if command == "describe" else []
    return [*WORDS.get(command, ()), *about]


def _files(group: str) -> list[str]:
    """Configurations that can be chosen for a group."""
    return sorted(file.stem for file in (Path(config_folder()) / group).glob("*.yaml"))


def _keys(word: str) -> list[str]:
    """Keys below the point that has been reached, each to the next point or to its end."""
    paths = [path for path in leaves(config_type()) if path not in free()]
    paths += [f"{node}.{path}" for node in free() for path in leaves(Scenario)]
    stem = word[: word.rfind(".") + 1]
    parted = [path[len(stem) :].partition(".") for path in paths if path.startswith(stem)]
    below = [f"{stem}{head}{point or '='}" for head, point, _ in parted]
    folders = sorted(path.name for path in Path(config_folder()).iterdir() if path.is_dir())
    folders = [name for name in folders if name not in NO_SETTINGS]
    chosen = [] if stem else [f"{name}=" for name in folders if _files(name)]
    return list(dict.fromkeys([*chosen, *below]))


def _values(key: str, value: str) -> list[str]:
    """What a setting can be, behind whatever of a list has been written."""
    node = next((node for node in free() if key.startswith(f"{node}.")), None)
    own = key.removeprefix(f"{node}.")
    leaf = leaves(Scenario if node else config_type()).get(own)
    names = _files(key) or ([] if leaf is None else _options(leaf))
    head = value[: max(value.rfind(mark) for mark in ",[") + 1]
    if not head and leaf is not None and leaf.type in (list[str], list[str] | None):
        head = "["
    return [f"{head}{name}" for name in names if name not in head.strip("[").split(",")]


def _options(leaf: Leaf) -> Sequence[str]:
    """Words that a setting can be; of a number its value by default, to begin with."""
    about = options().get(leaf.path)
    of_lists = {"communities": COMMUNITIES, "outcomes": NAMES}
    if words := leaf.options or of_lists.get(leaf.path) or (about and about.metadata["choices"]):
        return list(words)
    if leaf.type is bool:
        return ["true", "false"]
    if leaf.type not in (int, float):
        return []
    return [f"{leaf.get(config_type()()):g}"]
