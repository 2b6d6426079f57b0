"""What stands on what: how far each parameter is known, which evidence it rests on, and what
evidence nothing uses.
"""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from peersim.commands.describe import kind_name, number_text
from peersim.kernel.catalogue import say, worded
from peersim.kernel.declaration import KINDS, declared
from peersim.kernel.paths import Leaf, leaves
from peersim.model.communities import REGISTRY
from peersim.presentation.settings import unit_name
from peersim.scenario import evidence
from peersim.scenario.scenario import Scenario
from peersim.studies.calibration.measurements import TARGETS
from peersim.studies.calibration.targets import NOT_USED
from peersim.studies.trial.options import Protocol

WIDTH = 100

REASONS = {
    "population": 1,
    "programme": 2,
    "organisations": 2,
    "sign_up": 3,
    "training": 4,
    "recruitment": 4,
    **{each.name: each.submodel for each in REGISTRY},
    "attendance": 6,
    "cafe": 7,
    "page": 7,
    "ties": 8,
    "safety": 9,
    "outside": 10,
    "change": 11,
    "strain": 12,
    "supervision": 12,
    "team": 12,
    "departure": 13,
    "cost": 15,
    "measurement": 16,
    "everyday": 17,
}
"""The submodel (section III.iv of docs/ODD.md) that gives the reasoning behind each group of
parameters."""


WHY_NOT = (*NOT_USED, "P12", "O13", "O25", "G11", "A07", "N17", "C05", "C08", "T09", "X04", "M16")
"""Rows that could be calibrated to, and are not, or only in part."""


def why_not(key: str) -> str:
    """Say why a row is not calibrated to; nothing if there is no need."""
    if key in NOT_USED:
        return say(f"calibration.not_used.{key}")
    return say(f"commands.evidence.why_not.{key}") if key in WHY_NOT else ""


class Use(NamedTuple):
    """What one row of the evidence table is used for.

    Attributes
    ----------
    key : str
    parameters : tuple of str
        Paths of parameters, and settings of the simulated trial, that name it as a source.
    targets : tuple of str
        Names of calibration targets that come from it.
    """

    key: str
    parameters: tuple[str, ...]
    targets: tuple[str, ...]


def _declared() -> list[Leaf]:
    return [leaf for leaf in leaves(Scenario).values() if leaf.is_declared]


def _group(leaf: Leaf) -> str:
    return leaf.path.partition(".")[0] if "." in leaf.path else "scenario"


def standing() -> dict[str, Counter[str]]:
    """Count the kinds of evidence in each group of parameters; ``pointed`` counts assumptions that
    a source bears on.

    >>> kinds = standing()["training"]
    >>> sum(kinds[kind] for kind in KINDS) == len(leaves(type(Scenario().training)))
    True
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for leaf in _declared():
        about = leaf.field.metadata
        found[_group(leaf)][about["evidence"]] += 1
        found[_group(leaf)]["pointed"] += _is_pointed(about)
    return dict(found)


def _is_pointed(about: Mapping[str, str]) -> bool:
    return about["evidence"] == "assumption" and about["source"] != evidence.ASSUMPTION


def uses() -> list[Use]:
    """Say for each founding document and each row of the evidence table what it is used for."""
    parameters, targets = defaultdict(list), defaultdict(list)
    for leaf in _declared():
        for key in evidence.keys(leaf.field.metadata["source"]):
            parameters[key].append(leaf.path)
    for path, _, field in declared(Protocol(), "trial."):
        for key in evidence.keys(field.metadata["source"]):
            parameters[key].append(path)
    for target in TARGETS:
        for key in evidence.keys(target.evidence):
            targets[key].append(target.name)
    keys = (*evidence.DOCUMENTS, *evidence.table())
    return [Use(key, tuple(parameters[key]), tuple(targets[key])) for key in keys]


def _paragraph(text: str, first: str = "", indent: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=False
    )


def _heading(text: str, line: str = "=") -> str:
    return f"{text}\n{line * len(text)}"


def _kinds_text() -> str:
    return "\n".join(
        _paragraph(_meaning(kind), f"  {kind_name(kind):<12}", " " * 14) for kind in KINDS
    )


def _meaning(kind: str) -> str:
    return say(f"commands.evidence.kinds.{kind}")


def _counts(of: Mapping[str, int]) -> list[int]:
    return [sum(of[kind] for kind in KINDS), *(of[kind] for kind in KINDS), of["pointed"]]


def _section(group: str) -> str:
    return f"III.iv.{REASONS[group]}" if group in REASONS else "I.ii"


def _table() -> list[list[str]]:
    """Rows of the table of groups, the total last."""
    groups = standing()
    total: Counter[str] = sum(groups.values(), Counter())
    rows = [[group, *map(str, _counts(of)), _section(group)] for group, of in groups.items()]
    return [*rows, [say("commands.evidence.all"), *map(str, _counts(total)), ""]]


def _table_text() -> str:
    lines = say("commands.evidence.heads").splitlines()
    for name, *numbers, section in _table():
        all_, measured, theory, calibrated, assumed, pointed = (
            number if number != "0" else "." for number in numbers
        )
        first = f"{name:<16}{all_:>8}{measured:>8}{theory:>9}{calibrated:>8}{assumed:>9}"
        lines.append(f"{first}  {pointed:>8}     {section}".rstrip())
    lines.insert(-1, "-" * 84)
    return "\n".join(map(str.rstrip, lines))


def what_a_key_says(key: str) -> str:
    """Say in a few words what a key stands for.

    >>> what_a_key_says("D02")
    'one-to-one: interval between meetings: 2 weeks'
    """
    if key in evidence.DOCUMENTS:
        return evidence.document(key)
    row = evidence.table()[key]
    return f"{evidence.quantity(row)}: {evidence.figure(row)}"


def _use_text(use: Use) -> str:
    lines = [_paragraph(what_a_key_says(use.key), f"{use.key:<5}", " " * 5)]
    if use.parameters:
        first = f"     {say('commands.evidence.parameters')}"
        lines.append(_paragraph(", ".join(briefly(use.parameters)), f"{first:<17}", " " * 17))
    if use.targets:
        first = f"     {say('commands.evidence.targets')}"
        lines.append(_paragraph(", ".join(use.targets), f"{first:<17}", " " * 17))
    return "\n".join(lines)


def briefly(paths: Sequence[str]) -> list[str]:
    """Paths with a group named once: ``group.size, .hours``.

    >>> briefly(["group.size", "group.hours", "weeks"])
    ['group.size', '.hours', 'weeks']
    """
    found, before = [], ""
    for path in paths:
        group = path.rpartition(".")[0]
        found.append(path[len(group) :] if group and group == before else path)
        before = group
    return found


def _purpose(row: Mapping[str, str]) -> str:
    """What a row may be used for: the first word of its ``use``."""
    return row["use"].replace(",", " ").replace(":", " ").split()[0]


def unused() -> dict[str, list[str]]:
    """Give the keys of evidence that feeds no parameter and no target, by what it could be used
    for.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for use in uses():
        if not use.parameters and not use.targets:
            found[_purpose(evidence.table()[use.key])].append(use.key)
    return dict(found)


_PURPOSES = ("calibrate", "bound", "validate", "set")


def _unused_text() -> str:
    groups = unused()
    ordered = [
        *(name for name in _PURPOSES if name in groups),
        *(name for name in groups if name not in _PURPOSES),
    ]
    lines = []
    for name in ordered:
        purpose = f" ({say(f'commands.evidence.purposes.{name}')})" if name in _PURPOSES else ""
        lines.append(f"{worded('purposes', name, name)}{purpose}:")
        for key in groups[name]:
            why = why_not(key) and say("commands.evidence.left_out", why=why_not(key))
            lines.append(_paragraph(f"{what_a_key_says(key)} {why}", f"  {key:<5}", " " * 7))
    return "\n".join(lines)


def _used() -> list[Use]:
    return [use for use in uses() if use.parameters or use.targets]


def summary() -> str:
    """Say in one paragraph how many parameters stand on what, and how much of the evidence is
    used.
    """
    *counts, pointed = _counts(sum(standing().values(), Counter()))
    numbered = zip(KINDS, counts[1:], strict=True)
    kinds = ", ".join(f"{number} {kind_name(kind)}" for kind, number in numbered)
    rows, idle = len(evidence.table()), sum(map(len, unused().values()))
    return say(
        "commands.evidence.summary",
        parameters=counts[0],
        kinds=kinds,
        pointed=pointed,
        alone=counts[-1] - pointed,
        rows=rows,
        used=rows - idle,
        targets=len(TARGETS),
        idle=idle,
    )


def _known() -> list[tuple[str, str, str, str]]:
    """Path, default with unit, kind and source of each parameter that is not an assumption."""
    scenario, found = Scenario(), []
    for leaf in _declared():
        about, value = leaf.field.metadata, leaf.get(scenario)
        shown = value.name if leaf.options else number_text(value)
        plain = about["unit"] in ("-", "0-1", "yes/no")
        unit = "" if plain else f" {unit_name(about['unit'])}"
        if about["evidence"] != "assumption":
            kind = kind_name(about["evidence"])
            found.append((leaf.path, shown + unit, kind, about["source"]))
    return found


def _known_text() -> str:
    return "\n".join(
        f"{path:<30}{value:<18}{kind:<12}{source}" for path, value, kind, source in _known()
    )


def text() -> str:
    """What `peersim describe --evidence` prints."""
    read = Counter(row["seen"].partition(" +")[0] for row in evidence.table().values())
    seen = ", ".join(f"{number} {evidence.seen(how)}" for how, number in read.most_common())
    parts = [
        _heading(say("commands.evidence.title")),
        _paragraph(summary()),
        _kinds_text(),
        _table_text(),
        _paragraph(say("commands.evidence.assumptions")),
        _heading(say("commands.evidence.known")),
        _known_text(),
        _heading(say("commands.evidence.used")),
        _paragraph(say("commands.evidence.read", seen=seen)),
        "\n".join(map(_use_text, _used())),
        _heading(say("commands.evidence.unused")),
        _unused_text(),
    ]
    return "\n\n".join(parts)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def markdown() -> str:
    """The same as Markdown tables."""
    kinds = [f"- *{kind_name(kind)}*: {_meaning(kind)}" for kind in KINDS]
    groups = [*_columns("groups"), *map(_row, _table())]
    used = _columns("used")
    for use in _used():
        paths = ", ".join(f"`{path}`" for path in use.parameters)
        used.append(_row((f"`{use.key}`", what_a_key_says(use.key), paths, ", ".join(use.targets))))
    idle = _columns("unused")
    for purpose, keys in unused().items():
        name = worded("purposes", purpose, purpose)
        idle += [_row((f"`{key}`", what_a_key_says(key), name, why_not(key))) for key in keys]
    known = [*_columns("known"), *(_row((f"`{path}`", *cells)) for path, *cells in _known())]
    sections = {
        "title": [summary(), "", *kinds, "", *groups],
        "known": known,
        "used": used,
        "unused": idle,
    }
    return "\n\n".join(
        f"## {say(f'commands.evidence.{title}')}\n\n" + "\n".join(lines)
        for title, lines in sections.items()
    )


def _columns(table: str) -> list[str]:
    """The head of a table of Markdown."""
    cells = say(f"commands.evidence.columns.{table}").split(" | ")
    return [_row(cells), "|---" * len(cells) + "|"]
