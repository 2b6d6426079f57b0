"""What stands on what: how far each parameter is known, which evidence it rests on, and what
evidence nothing uses.
"""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from peersim.kernel import evidence
from peersim.kernel.declaration import KINDS, declared
from peersim.kernel.paths import Leaf, leaves
from peersim.model.communities import REGISTRY
from peersim.scenario.scenario import Scenario
from peersim.studies.calibration.measurements import TARGETS
from peersim.studies.calibration.targets import NOT_USED
from peersim.studies.trial.options import Protocol

WIDTH = 100

KIND_MEANS = {
    "measured": "the number is a published figure, or read in a founding document (about other people than yours)",
    "theory": "a source names what happens and in which direction; how much is assumed",
    "calibrated": "the number is what the calibration targets left standing",
    "assumption": "nobody has published the number; where keys stand beside it, they bear on it without giving it",
}

REASONS = {
    "population": 1,
    "programme": 2,
    "organisations": 2,
    "sign_up": 3,
    "training": 4,
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
}
"""The submodel (section III.iv of docs/ODD.md) that gives the reasoning behind each group of
parameters."""


WHY_NOT = NOT_USED | {
    "P12": "how many supporters there are is a setting of each run",
    "O13": "its interval holds zero; printed beside the effect of a simulated trial instead",
    "O25": "how often people meet is a choice of a programme",
    "G11": "open groups after treatment, without an end; groups here are courses",
    "A07": "how many are invited to a place is a setting of each run",
    "N17": "support of feelings and information are not told apart in the model",
    "C05": "workplaces: how far leaving spreads among peers is left open on purpose",
    "C08": "kin and friends of a town: how far loneliness spreads among peers is left open on purpose",
    "T09": "a coefficient of a latent-factor model, which has no counterpart",
    "X04": "the model has no general population to compare with",
    "M16": "interventions of many kinds, few of them by peers",
}
"""Why rows that could be calibrated to, or only in part are, are not."""


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

    >>> sum(standing()["training"][kind] for kind in KINDS) == len(leaves(type(Scenario().training)))
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
    parts = [_paragraph(text, f"  {kind:<12}", " " * 14) for kind, text in KIND_MEANS.items()]
    return "\n".join(parts)


def _counts(of: Mapping[str, int]) -> list[int]:
    return [sum(of[kind] for kind in KINDS), *(of[kind] for kind in KINDS), of["pointed"]]


def _section(group: str) -> str:
    return f"III.iv.{REASONS[group]}" if group in REASONS else "I.ii"


def _table() -> list[list[str]]:
    """Rows of the table of groups, the total last."""
    groups = standing()
    total: Counter[str] = sum(groups.values(), Counter())
    rows = [[group, *map(str, _counts(of)), _section(group)] for group, of in groups.items()]
    return [*rows, ["all together", *map(str, _counts(total)), ""]]


_COLUMNS = ("group", "parameters", *KINDS, "source bears on it", "reasoning in")


def _table_text() -> str:
    heads = (
        ("", "param-", "meas-", "", "cali-", "assump-", "of these, a", "reasoning in"),
        ("", "eters", "ured", "theory", "brated", "tion", "source bears", "docs/ODD.md"),
        ("", "", "", "", "", "", "on it", ""),
    )
    lines = ["{:<16}{:>8}{:>8}{:>9}{:>8}{:>9}  {:<13}{}".format(*head) for head in heads]
    for name, *numbers, section in _table():
        all_, measured, theory, calibrated, assumed, pointed = (
            number if number != "0" else "." for number in numbers
        )
        line = f"{name:<16}{all_:>8}{measured:>8}{theory:>9}{calibrated:>8}{assumed:>9}  {pointed:>8}     {section}"
        lines.append(line.rstrip())
    lines.insert(-1, "-" * 84)
    return "\n".join(map(str.rstrip, lines))


def what_a_key_says(key: str) -> str:
    """Say in a few words what a key stands for.

    >>> what_a_key_says("D02")
    'one-to-one: interval between meetings: 2 weeks'
    """
    if key in evidence.DOCUMENTS:
        return evidence.DOCUMENTS[key]
    row = evidence.table()[key]
    return f"{row['quantity']}: {evidence.figure(row)}"


def _use_text(use: Use) -> str:
    lines = [_paragraph(what_a_key_says(use.key), f"{use.key:<5}", " " * 5)]
    if use.parameters:
        lines.append(_paragraph(", ".join(briefly(use.parameters)), "     parameters: ", " " * 17))
    if use.targets:
        lines.append(_paragraph(", ".join(use.targets), "     targets:    ", " " * 17))
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


_PURPOSES = {
    "calibrate": "could be calibrated to, and is not",
    "bound": "limits of what is plausible only",
    "validate": "to compare results with",
    "set": "a choice of a programme that no setting stands for",
}


def _unused_text() -> str:
    groups = unused()
    ordered = [
        *(name for name in _PURPOSES if name in groups),
        *(name for name in groups if name not in _PURPOSES),
    ]
    lines = []
    for name in ordered:
        lines.append(f"{name} ({_PURPOSES[name]}):" if name in _PURPOSES else f"{name}:")
        for key in groups[name]:
            why = f" [left out: {WHY_NOT[key]}]" if key in WHY_NOT else ""
            lines.append(_paragraph(what_a_key_says(key) + why, f"  {key:<5}", " " * 7))
    return "\n".join(lines)


def _used() -> list[Use]:
    return [use for use in uses() if use.parameters or use.targets]


def summary() -> str:
    """Say in one paragraph how many parameters stand on what, and how much of the evidence is
    used.
    """
    *counts, pointed = _counts(sum(standing().values(), Counter()))
    kinds = ", ".join(f"{number} {kind}" for kind, number in zip(KINDS, counts[1:], strict=True))
    rows, idle = len(evidence.table()), sum(map(len, unused().values()))
    return (
        f"{counts[0]} parameters: {kinds}. Of the assumptions, a source bears on {pointed}; {counts[-1] - pointed} "
        f"rest on reasoning alone. Of {rows} rows of evidence, {rows - idle} feed a parameter or one of "
        f"{len(TARGETS)} calibration targets, and {idle} nothing."
    )


def _known() -> list[tuple[str, str, str, str]]:
    """Path, default with unit, kind and source of each parameter that is not an assumption."""
    scenario, found = Scenario(), []
    for leaf in _declared():
        about, value = leaf.field.metadata, leaf.get(scenario)
        shown = value.name if leaf.options else f"{value:g}"
        unit = "" if about["unit"] in ("-", "0-1", "yes/no") else f" {about['unit']}"
        if about["evidence"] != "assumption":
            found.append((leaf.path, shown + unit, about["evidence"], about["source"]))
    return found


def _known_text() -> str:
    return "\n".join(
        f"{path:<30}{value:<18}{kind:<12}{source}" for path, value, kind, source in _known()
    )


def text() -> str:
    """What `peersim describe --evidence` prints."""
    read = Counter(row["seen"].partition(" +")[0] for row in evidence.table().values())
    seen = ", ".join(f"{number} {how}" for how, number in read.most_common())
    parts = [
        _heading("What stands on what"),
        _paragraph(summary()),
        _kinds_text(),
        _table_text(),
        _paragraph(
            "An assumption has wide bounds: it is what a sweep or a sensitivity analysis varies. Its meaning, bounds "
            "and keys: `peersim describe GROUP`; the reasoning behind the rule it belongs to: the section named."
        ),
        _heading("Parameters that are more than assumptions"),
        _known_text(),
        _heading("Evidence that is used"),
        _paragraph(
            f"How the rows of the table were read: {seen}. `peersim describe KEY` gives a row with its source."
        ),
        "\n".join(map(_use_text, _used())),
        _heading("Evidence that nothing uses"),
        _unused_text(),
    ]
    return "\n\n".join(parts)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def markdown() -> str:
    """The same as Markdown tables."""
    kinds = [f"- *{kind}*: {text}" for kind, text in KIND_MEANS.items()]
    groups = [_row(_COLUMNS), "|---" * len(_COLUMNS) + "|", *map(_row, _table())]
    used = [_row(("key", "what it says", "parameters", "targets")), "|---" * 4 + "|"]
    for use in _used():
        paths = ", ".join(f"`{path}`" for path in use.parameters)
        used.append(_row((f"`{use.key}`", what_a_key_says(use.key), paths, ", ".join(use.targets))))
    idle = [_row(("key", "what it says", "could be used to", "left out because")), "|---" * 4 + "|"]
    for purpose, keys in unused().items():
        idle += [
            _row((f"`{key}`", what_a_key_says(key), purpose, WHY_NOT.get(key, ""))) for key in keys
        ]
    known = [_row(("parameter", "default", "kind", "source")), "|---" * 4 + "|"]
    known += [_row((f"`{path}`", *cells)) for path, *cells in _known()]
    sections = {
        "What stands on what": [summary(), "", *kinds, "", *groups],
        "Parameters that are more than assumptions": known,
        "Evidence that is used": used,
        "Evidence that nothing uses": idle,
    }
    return "\n\n".join(f"## {title}\n\n" + "\n".join(lines) for title, lines in sections.items())
