"""What the model holds, in words: the week, the parameters with their sources, the evidence."""

from __future__ import annotations

import inspect
import itertools
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import LANGUAGES, Sentence, language, say, worded
from peersim.kernel.declaration import KINDS, InvalidInput
from peersim.kernel.numbers import written
from peersim.kernel.paths import Leaf, did_you_mean, groups, leaves
from peersim.presentation.settings import meaning_of, unit_name
from peersim.scenario import evidence
from peersim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import polars

WIDTH = 100
_FIELDS = ("path", "default", "unit", "low", "high", "meaning", "source", "evidence")


def _declared() -> list[Leaf]:
    return [leaf for leaf in leaves(Scenario).values() if leaf.is_declared]


def _position(leaf: Leaf, value: Any) -> float:
    return float(leaf.options.index(value.name) if leaf.options else value)


def number_text(value: float) -> str:
    """Write a number as people read it."""
    if (speaks := language()) != LANGUAGES[0]:
        return written(value, "g6", speaks)
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:g}"


def _default(leaf: Leaf, scenario: Scenario) -> str:
    value = leaf.get(scenario)
    if leaf.options:
        return str(value.name)
    return say(f"words.{'yes' if value else 'no'}") if leaf.type is bool else number_text(value)


def rows() -> list[dict[str, Any]]:
    """One mapping a parameter, with the columns of :func:`parameters`."""
    scenario = Scenario()
    return [
        {"path": leaf.path, "default": _position(leaf, leaf.get(scenario))}
        | {name: leaf.field.metadata[name] for name in _FIELDS[2:]}
        | {"options": " ".join(leaf.options) or None}
        | {"option": leaf.get(scenario).name if leaf.options else None}
        for leaf in _declared()
    ]


def parameters() -> polars.DataFrame:
    """All parameters, one row each.

    Returns
    -------
    polars.DataFrame
        path, default, unit, low, high, meaning, source, evidence, options, option. `default`, `low`
        and `high` are numbers. Where a parameter is one of several options, `options` has their
        words (with blanks), `option` the word of the default, and `default` its position among
        them, from 0; for numbers both are null.

    Examples
    --------
    >>> parameters().filter(path="organisation").select("options", "option").row(0)
    ('independent outreach integrated', 'independent')
    """
    import polars

    numbers = ("default", "low", "high")
    types = {
        name: polars.Float64 if name in numbers else polars.String
        for name in (*_FIELDS, "options", "option")
    }
    return polars.DataFrame(rows(), schema=types)


def _first_line(thing: Any) -> str:
    """The first sentence of a docstring, even where a compiler has wrapped the function."""
    text = inspect.getdoc(getattr(thing, "py_func", thing)) or ""
    return " ".join(text.partition("\n\n")[0].split())


def phases() -> list[tuple[str, str]]:
    """Name and first sentence of each phase of the week, in order."""
    from peersim.model.week import WEEK

    names = [(getattr(phase, "__name__", str(phase)), phase) for phase in WEEK]
    return [(name, worded("phases", name, _first_line(phase))) for name, phase in names]


def counts() -> dict[str, int]:
    """How many parameters there are of each kind of evidence."""
    found = Counter(row["evidence"] for row in rows())
    return {kind: found[kind] for kind in KINDS}


def _range(leaf: Leaf) -> str:
    if leaf.options:
        return " | ".join(leaf.options)
    if leaf.type is bool:
        return f"{say('words.yes')} | {say('words.no')}"
    low, high = (number_text(leaf.field.metadata[end]) for end in ("low", "high"))
    return say("commands.describe.span", low=low, high=high)


def _parameter(leaf: Leaf, scenario: Scenario) -> str:
    declaration = leaf.field.metadata
    plain = declaration["unit"] in ("-", "0-1", "yes/no")
    unit = "" if plain else " " + unit_name(declaration["unit"])
    kind = kind_name(declaration["evidence"])
    is_named = declaration["source"] == declaration["evidence"]
    sources = "" if is_named else f": {evidence.source_name(declaration['source'])}"
    name = leaf.path.rpartition(".")[2]
    line = f"  {name:<22} {_default(leaf, scenario) + unit:<20} {_range(leaf):<20}  {kind}{sources}"
    return line + "\n" + _paragraph(meaning_of(leaf.path), "      ")


def kind_name(kind: str) -> str:
    """Name a kind of evidence."""
    return worded("kinds", kind, kind)


def _paragraph(text: str, indent: str = "", first: str | None = None) -> str:
    beginning = indent if first is None else first
    return textwrap.fill(text, WIDTH, initial_indent=beginning, subsequent_indent=indent)


def _by_group(wanted: Iterable[Leaf]) -> Iterator[tuple[str, str, list[Leaf]]]:
    """Path, title and parameters of each group, in the order of declaration."""
    kinds = groups(Scenario)
    for group, members in itertools.groupby(wanted, lambda leaf: leaf.path.rpartition(".")[0]):
        whole = say("commands.describe.whole")
        title = worded("groups", group, _first_line(kinds[group])) if group else whole
        yield group or "scenario", title, list(members)


def _parameters_of(wanted: Iterable[Leaf]) -> str:
    scenario = Scenario()
    return "\n\n".join(
        "\n".join(
            [_paragraph(f"{group}: {title}"), *(_parameter(leaf, scenario) for leaf in members)]
        )
        for group, title, members in _by_group(wanted)
    )


def _heading(text: str) -> str:
    return f"{text}\n{'=' * len(text)}"


def _phases_text() -> str:
    listed = [
        _paragraph(meaning, " " * 29, f"{number:>3}. {name:<23} ")
        for number, (name, meaning) in enumerate(phases(), 1)
    ]
    return "\n".join([_heading(say("commands.describe.week")), *listed])


def _counts_text() -> str:
    of_each = ", ".join(f"{number} {kind_name(kind)}" for kind, number in counts().items())
    return say("commands.describe.counts", n=sum(counts().values()), kinds=of_each)


def _legend() -> str:
    return _paragraph(say("commands.describe.legend"))


def overview() -> str:
    """Everything: the week, then all parameters."""
    return "\n\n".join(
        [
            _phases_text(),
            _heading(say("commands.describe.parameters")) + f"\n{_counts_text()}\n{_legend()}",
            _parameters_of(_declared()),
        ]
    )


def _evidence_text() -> str:
    used = Counter(key for row in rows() for key in evidence.keys(row["source"]))
    cited = sorted(
        (key for key in used if key != evidence.ASSUMPTION), key=lambda key: (len(key) > 1, key)
    )
    lines = [_paragraph(evidence.citation(key), "      ", "  ") for key in cited]
    return "\n".join(
        [
            _heading(say("commands.describe.evidence")),
            _counts_text(),
            _paragraph(say("commands.describe.seen")),
            "",
            say("commands.describe.cited"),
            *lines,
        ]
    )


def _outcomes_text() -> str:
    from peersim.model.outcomes import OUTCOMES, SMALLEST
    from peersim.presentation.outcomes import definition_of

    reasons = [
        _paragraph(
            say(
                "commands.describe.smallest_named"
                if each.named
                else "commands.describe.smallest_of",
                smallest=each.difference,
                evidence=evidence.source_name(each.evidence),
                reason=worded("smallest", unit, each.reason),
                **({"named": each.named} if each.named else {}),
            ),
            " " * 15,
            f"  {unit_name(unit):<12} ",
        )
        for unit, each in SMALLEST.items()
    ]
    lines = [
        _paragraph(
            say(
                "commands.describe.outcome",
                definition=definition_of(each.name),
                unit=unit_name(each.unit),
                better=worded("better", each.better, each.better),
                smallest=each.smallest.difference,
            ),
            " " * 27,
            f"  {each.name:<24} ",
        )
        for each in OUTCOMES
    ]
    heading = _heading(say("commands.describe.outcomes"))
    return "\n".join([heading, *lines, "", say("commands.describe.smallest"), *reasons])


def _list_text(module: ModuleType) -> str:
    """What a list can hold, and the headings that are understood."""
    from peersim.lists.words import headings_of

    lines = [
        _paragraph(", ".join(headings_of(name)), " " * 22, f"  {name:<19} ")
        for name in module.COLUMNS
    ]
    title = _heading(say("commands.describe.headings"))
    about = worded("lists", module.__name__.rpartition(".")[2], inspect.getdoc(module) or "")
    return "\n".join([about, "", title, *lines])


def _people_text() -> str:
    from peersim.scenario import people_file

    return _list_text(people_file)


def _attendance_text() -> str:
    from peersim.studies.check_own_data import reading

    return _list_text(reading)


_TOPICS: dict[str, Callable[[], str]] = {
    "week": _phases_text,
    "parameters": lambda: f"{_counts_text()}\n{_legend()}\n\n{_parameters_of(_declared())}",
    "evidence": _evidence_text,
    "outcomes": _outcomes_text,
    "people": _people_text,
    "attendance": _attendance_text,
}


def _one(leaf: Leaf) -> str:
    cited = [
        _paragraph(text, "      ", "    ")
        for text in evidence.citations(leaf.field.metadata["source"])
    ]
    return "\n".join([_parameters_of([leaf]), "", f"  {say('commands.describe.sources')}", *cited])


def _plain(leaf: Leaf) -> str:
    return say("commands.describe.undeclared", name=leaf.path, allowed=leaf.allowed)


def _named(word: str) -> str:
    known = leaves(Scenario)
    if word in _TOPICS:
        return _TOPICS[word]()
    if word in known:
        return _one(known[word]) if known[word].is_declared else _plain(known[word])
    if word in groups(Scenario):
        return _parameters_of(leaf for leaf in _declared() if leaf.path.startswith(word + "."))
    if not evidence.unresolved(word):
        return _paragraph(evidence.citation(word), "    ", "")
    names = [*_TOPICS, *groups(Scenario), *known, *evidence.table(), *evidence.DOCUMENTS]
    hint = did_you_mean(word, names, Sentence("errors.commands.everything"))
    raise InvalidInput("errors.commands.nothing_called", hint, name=word)


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|")


def _markdown_row(leaf: Leaf, scenario: Scenario) -> str:
    meta = leaf.field.metadata
    cells = [
        f"`{leaf.path}`",
        _default(leaf, scenario),
        unit_name(meta["unit"]),
        _range(leaf),
        meaning_of(leaf.path),
        evidence.source_name(meta["source"]),
        kind_name(meta["evidence"]),
    ]
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _markdown_tables(wanted: Iterable[Leaf]) -> str:
    scenario = Scenario()
    head = say("commands.describe.columns") + "\n" + "|---" * 7 + "|"
    return "\n\n".join(
        "\n".join(
            [
                f"### `{group}`\n",
                f"{title}\n",
                head,
                *(_markdown_row(leaf, scenario) for leaf in members),
            ]
        )
        for group, title, members in _by_group(wanted)
    )


def markdown(words: Sequence[str] = ()) -> str:
    """The week and the parameter tables as Markdown, or the tables of some groups only."""
    wanted = [
        leaf
        for leaf in _declared()
        if not words or any(leaf.path.startswith(f"{word}.") for word in words)
    ]
    if words:
        for word in words:
            if word not in groups(Scenario):
                hint = did_you_mean(word, groups(Scenario))
                raise InvalidInput("errors.commands.no_group", hint, name=word)
        return _markdown_tables(wanted)
    week = [f"{number}. `{name}`: {meaning}" for number, (name, meaning) in enumerate(phases(), 1)]
    return "\n".join(
        ["## The week\n", *week, "\n## Parameters\n", _counts_text(), "", _markdown_tables(wanted)]
    )


def _foundations(names: Sequence[str], as_markdown: bool) -> str:
    from peersim.commands import evidence_coverage as foundations

    if names:
        raise InvalidInput("errors.commands.evidence", name=names[0])
    return foundations.markdown() if as_markdown else foundations.text()


def describe(words: Sequence[str] = ()) -> str:
    """The answer to ``peersim describe WORDS``.

    Raises
    ------
    InvalidInput
        If a word names nothing.
    """
    names = [word for word in words if word not in ("--markdown", "--evidence")]
    for word in names:
        if word.startswith("-"):
            raise InvalidInput("errors.commands.describe", name=word)
    if "--evidence" in words:
        return _foundations(names, "--markdown" in words)
    if "--markdown" in words:
        return markdown(names)
    return "\n\n".join(map(_named, names)) if names else overview()
