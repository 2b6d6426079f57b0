"""Controls of the designer's page: all of them made of declared settings, and of a small table that
says where each stands.

What is not a lever is an assumption: it holds for both designs alike.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from peersim.kernel.catalogue import Sentence, say
from peersim.kernel.paths import Leaf, leaves
from peersim.kernel.plain_data import plain
from peersim.model.vocabulary import COMMUNITIES
from peersim.presentation.settings import meaning_of, unit_name
from peersim.scenario.evidence import ASSUMPTION, in_plain_words, keys
from peersim.scenario.scenario import AT_MOST, Scenario
from peersim.scenario.uncertain_parameters import KEY, KEY_OF_EACH, ONLY_WITH

FOR_BOTH = ("who", "price")
"""Groups of levers that hold for both designs alike."""

NO_CONTROLS = ("communities", "events", "demonstration", "population.file", "population.codes")
"""Settings that a page asks for in another way, or never."""

_PARTS = (*COMMUNITIES, "cafe", "page", "supervision", "team")
"""Groups that say nothing where a design does not have what they are about."""

SHORTEST = 100
"""Steps of a slider where the table names no step."""


PLAIN = "assumptions"
"""Under this name the table has plainer labels of assumptions."""

UNITS = {"0-1": "share", "-": "", "log-odds": "", "logits": "", "SD": ""}
"""Units that say something to statisticians alone, and the word of a page for them, if any."""


@functools.cache
def _file() -> Mapping[str, Any]:
    from omegaconf import OmegaConf

    text = (resources.files(__package__) / "levers.yaml").read_text("utf-8")
    tree: Any = OmegaConf.to_container(OmegaConf.create(text))
    return dict(tree)


@functools.cache
def table() -> tuple[Mapping[str, Any], ...]:
    """Read the table: a row a lever, with its group."""
    grouped = ((group, rows) for group, rows in _file().items() if group != PLAIN)
    return tuple({"group": group, **row} for group, rows in grouped for row in rows)


def levers() -> list[dict[str, Any]]:
    """Every lever, in the language of the moment and the order of the page.

    Returns
    -------
    list of dict
        ``path``; ``group``; ``both``: whether it holds for both designs; ``level``; ``kind``:
        number, whole, choice or yes_no; ``unit``, ``low``, ``high``, ``step`` and ``default``, of a
        choice ``options``; ``not_above`` or ``not_below``: the path of another that bounds it;
        ``label`` and ``help``; ``source``: keys, with ``evidence``, the kind of them.
    """
    return [_control(row) for row in table()]


def assumptions() -> list[dict[str, Any]]:
    """Every declared setting that is no lever, as `levers` gives them: its meaning is its label,
    its group that of the declaration.

    Returns
    -------
    list of dict
        With ``matters`` besides: whether it is one of those on which most hangs; and ``needs``:
        what a design must have for it to say anything, such as a community, or null.
    """
    taken = {row["path"] for row in table()}
    rows = (
        {"path": path, "group": path.rpartition(".")[0], "level": "assumption"}
        for path, leaf in leaves(Scenario).items()
        if leaf.is_declared and path not in taken
    )
    found = [{**_control(row), **_about_assumption(row["path"])} for row in rows]
    labels = Counter(each["label"] for each in found)
    return [_told_apart(each) if labels[each["label"]] > 1 else each for each in found]


def _told_apart(control: Mapping[str, Any]) -> dict[str, Any]:
    """An assumption with the subject in its label, where another has the same words."""
    label = say("faces.assume.of", label=control["label"], group=_title(control["group"]))
    return {**control, "label": label}


def _about_assumption(path: str) -> dict[str, Any]:
    group, _, name = path.rpartition(".")
    matters = path in KEY or (group in COMMUNITIES and name in KEY_OF_EACH)
    return {"matters": matters, "needs": ONLY_WITH.get(path, group if group in _PARTS else None)}


def group_titles() -> dict[str, str]:
    """What each group of assumptions is about, in few words."""
    return {name: _title(name) for name in dict.fromkeys(row["group"] for row in assumptions())}


def _title(group: str) -> str:
    return say(f"faces.assume.groups.{group}")


def sources() -> dict[str, str]:
    """What each key of a source stands for."""
    every = " ".join(leaf.field.metadata.get("source", "") for leaf in leaves(Scenario).values())
    return {key: in_plain_words(key) for key in dict.fromkeys(keys(every)) if key != ASSUMPTION}


def label_of(path: str) -> Sentence | None:
    """What a page calls a lever; None for what is none."""
    return next(
        (Sentence(f"faces.lever.{row['label']}") for row in table() if row["path"] == path), None
    )


def _control(row: Mapping[str, Any]) -> dict[str, Any]:
    leaf = leaves(Scenario)[row["path"]]
    declared = leaf.field.metadata
    meaning = meaning_of(leaf.path)
    return {
        "path": leaf.path,
        "group": row["group"],
        "both": row["group"] in FOR_BOTH or "label" not in row,
        "level": row["level"],
        **dict(_range(leaf, row)),
        "unit": _unit(declared["unit"]),
        "default": plain(leaf.get(Scenario())),
        "label": _label(row, meaning),
        "help": meaning,
        "source": declared["source"],
        "evidence": declared["evidence"],
    }


def _label(row: Mapping[str, Any], meaning: str) -> str:
    if "label" in row:
        return say(f"faces.lever.{row['label']}")
    plainer = _file()[PLAIN].get(row["path"])
    return say(f"faces.assume.{plainer}") if plainer else meaning


def _unit(unit: str) -> str:
    if unit not in UNITS:
        return unit_name(unit)
    word = UNITS[unit]
    return say(f"faces.assume.units.{word}") if word else ""


def _range(leaf: Leaf, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What can be chosen."""
    if leaf.type is bool:
        yield "kind", "yes_no"
        return
    if leaf.options:
        yield "kind", "choice"
        yield (
            "options",
            [{"value": each, "label": say(f"faces.lever.options.{each}")} for each in leaf.options],
        )
        return
    low, high = leaf.field.metadata["low"], leaf.field.metadata["high"]
    low, high = row.get("low", low), row.get("high", high)
    whole = leaf.type is int
    yield "kind", "whole" if whole else "number"
    yield "low", low
    yield "high", high
    yield "step", row.get("step", 1 if whole else (high - low) / SHORTEST)
    for lower, upper in AT_MOST:
        if leaf.path in (lower, upper):
            yield ("not_above", upper) if leaf.path == lower else ("not_below", lower)
