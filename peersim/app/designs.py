"""Designs as a file that the command line runs, and back: what both have in common, then what sets
each apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from omegaconf import OmegaConf

from peersim.app.questions import FILES
from peersim.app.refusals import Refused
from peersim.kernel.catalogue import Sentence, say
from peersim.kernel.paths import groups, leaves
from peersim.kernel.plain_data import apart, flat, plain
from peersim.lists.files import decoded
from peersim.scenario.presets import preset
from peersim.scenario.scenario import Scenario

OPTIONS = {"parameters": "parameters", "replicates": "pairs", "seed": "first_seed"}
"""Options of the command line, and what a page calls them."""

NAMES = ("a", "b")
_SHARED_ALREADY = re.compile(r"(?m)^[^#'\"]*[\s:\[,{-][&*]\w")
"""Where YAML gives something a name to repeat it by, which can grow a short file without end."""

_CODE = re.compile(r"[DP](\d+)")


def settings_of(scenario: Scenario) -> dict[str, Any]:
    """What a scenario sets otherwise than by default, by path; own people are left behind, and
    events that name one of them name the drawn one with the same number.
    """
    found = apart(plain(Scenario()), plain(scenario))
    if scenario.people is not None and "events" in found:
        found["events"] = [_renamed(event) for event in found["events"]]
    return {path: value for path, value in found.items() if path not in FILES}


def _renamed(event: Mapping[str, Any]) -> dict[str, Any]:
    letters = {"D": "R", "P": "S"}
    return {
        name: f"{letters[value[0]]}{value[1:]}"
        if name in ("leave", "keep") and _CODE.fullmatch(value)
        else value
        for name, value in event.items()
    }


def written(designs: Mapping[str, Scenario], options: Mapping[str, Any]) -> str:
    """Write two designs as a file for ``--config-dir``.

    Parameters
    ----------
    designs : mapping
        ``a`` and ``b``.
    options : mapping
        What else decides the answer, as the command line calls it.

    Returns
    -------
    str
        YAML. With it as FOLDER/project/my_design.yaml, ``peersim --config-dir FOLDER
        project=my_design experiment=compare`` gives the table that the page shows.
    """
    a, b = (settings_of(designs[name]) for name in NAMES)
    common = {path: value for path, value in a.items() if path in b and b[path] == value}
    tree = {**_nested(common), **options}
    for name, settings in zip(NAMES, (a, b), strict=True):
        own = {path: value for path, value in settings.items() if path not in common}
        tree[name] = _nested(own)
    head = ["# @package _global_", *(f"# {line}" for line in say("faces.file.head").splitlines())]
    return "\n".join([*head, OmegaConf.to_yaml(OmegaConf.create(tree))])


def _nested(settings: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, value in settings.items():
        *way, name = path.split(".")
        place = tree
        for step in way:
            place = place.setdefault(step, {})
        place[name] = value
    return tree


def read(content: bytes) -> dict[str, Any]:
    """Read designs from a file: one that `written` wrote, or any that sets a scenario.

    Returns
    -------
    dict
        ``a`` and ``b``: settings by path; ``pairs``, ``parameters`` and ``first_seed`` where the
        file has them; ``left_out``: what it says besides.

    Raises
    ------
    Refused
        If it cannot be read.
    """
    tree = _tree(decoded(content))
    own = {name: _settings(tree.pop(name, None)) for name in NAMES}
    options = {OPTIONS[name]: tree.pop(name) for name in list(tree) if name in OPTIONS}
    common = _settings(tree)
    left_out = [*common.pop("", ()), *(name for each in own.values() for name in each.pop("", ()))]
    designs = {name: {**common, **own[name]} for name in NAMES}
    return {**designs, **options, "left_out": list(dict.fromkeys(left_out))}


def _tree(text: str) -> dict[str, Any]:
    unreadable = Refused("bad_file", Sentence("faces.refused.no_designs"))
    if _SHARED_ALREADY.search(text):
        raise unreadable
    try:
        tree: Any = OmegaConf.to_container(OmegaConf.create(text), resolve=False)
    except Exception:  # whatever YAML and OmegaConf make of what somebody sent
        raise unreadable from None
    if not isinstance(tree, dict) or not all(isinstance(name, str) for name in tree):
        raise unreadable
    return tree


def _settings(tree: Any) -> dict[str, Any]:
    """Settings by path; under the empty path, what is none."""
    if not isinstance(tree, Mapping):
        return {}
    tree = dict(tree)
    project = tree.pop("project", None)
    known, found, others = leaves(Scenario), dict(_preset(project)), []
    for path, value in _leaves(tree):
        if path in known and path not in FILES:
            found[path] = value
        else:
            others.append(path)
    return {**found, "": others}


def _preset(project: Any) -> Mapping[str, Any]:
    if not isinstance(project, str) or not re.fullmatch(r"\w+", project):
        return {}
    try:
        return preset(project)
    except OSError:
        raise Refused("bad_file", Sentence("faces.refused.no_designs")) from None


def _leaves(tree: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Leaves by path, down to those that are settings."""
    inner = groups(Scenario)
    for path, value in flat({str(name): each for name, each in tree.items()}):
        head = path.partition(".")[0]
        yield (path, value) if head in inner or "." not in path else (head, value)
