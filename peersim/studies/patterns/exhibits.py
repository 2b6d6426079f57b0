"""The tables that the scoreboard shows: effects, marks by model, what each pattern needs, and the
models.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import Sentence, language, say, worded
from peersim.kernel.numbers import respelled
from peersim.presentation.exhibit import PAGE, Column, Exhibit, Row
from peersim.studies.patterns.ablations import MODELS, NULLS, WHOLE
from peersim.studies.patterns.finding import together
from peersim.studies.patterns.judgement import ABSENT, REVERSED, SILENT, UNDECIDED
from peersim.studies.patterns.pattern import FAILS, HOLDS
from peersim.studies.patterns.tables import statement

if TYPE_CHECKING:
    from peersim.studies.study import Found

MARKS = {HOLDS: "+", UNDECIDED: "?", FAILS: "o", REVERSED: "−", ABSENT: "·", SILENT: "×"}

MECHANISM = {model.key: model.without[0] for model in NULLS}
"""What each null model lacks."""


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give every table."""
    yield board(found)
    yield matrix(found)
    yield needs(found)
    yield remarks(found)
    yield models(found)


def in_whole(found: Found) -> list[dict[str, Any]]:
    """What the tables say of each pattern in the full model; None where there is no number."""
    full = found.tables["scoreboard"].filter(model=WHOLE.key).drop("verdict", "unit")
    rows = full.join(found.tables["patterns"], on="pattern", maintain_order="left")
    return [
        {name: None if value != value else value for name, value in row.items()}
        for row in rows.iter_rows(named=True)
    ]


def claim(pattern: str) -> str:
    """What should be seen."""
    return say(f"patterns.{pattern}.claim")


def three_digits(row: Row) -> str:
    """Format of an effect: three digits or so.

    >>> [three_digits({"effect": effect}) for effect in (0.01234, -1.3, 13.21)]
    ['+3', '+2', '+1']
    """
    size = abs(row["effect"] or 0.0)
    return "+1" if size >= 10 else "+2" if size >= 1 else "+3"


KEY = Column("pattern", said=lambda row: claim(row["pattern"]))
CLAIM = Column("claim", value=lambda row: claim(row["pattern"]), is_in_page=False)
KIND = Column("kind", value=lambda row: say(f"patterns.kinds.{row['kind']}"), rank=3)


def board(found: Found) -> Exhibit:
    """Every effect in the full model."""
    has_sets = found.facts["sets"] > 1
    columns = [
        KEY,
        KIND,
        Column("verdict", value=lambda row: say(f"patterns.verdicts.{row['verdict']}")),
        Column("effect", three_digits, span=("low", "high")),
        Column("unit", value=lambda row: say(f"patterns.units.{row['unit']}"), rank=1),
        Column("share", "%", span=("share_low", "share_high"), rank=2),
        Column("spread", "3", rank=4),
    ]
    return Exhibit(
        "patterns.board" if has_sets else "patterns.board_configured",
        columns=columns if has_sets else columns[:5],
        rows=in_whole(found),
        table="scoreboard",
        by=("pattern", "model"),
        section="effects",
    )


def matrix(found: Found) -> Exhibit:
    """In which model each pattern holds: a mark each."""
    verdicts = {
        (row["pattern"], row["model"]): row["verdict"]
        for row in found.tables["scoreboard"].iter_rows(named=True)
    }

    def mark(model: str) -> Any:
        return lambda row: MARKS[verdicts[row["pattern"], model]]

    numbered = dict(enumerate(MODELS, 1))
    names = "; ".join(f"{number} {model.label}" for number, model in numbered.items())
    marks = ", ".join(f"{mark} {say(f'patterns.verdicts.{key}')}" for key, mark in MARKS.items())
    return Exhibit(
        "patterns.matrix",
        columns=[
            KEY,
            *(
                Column(model.key, heading=str(number), value=mark(model.key))
                for number, model in numbered.items()
            ),
        ],
        rows=found.tables["patterns"].to_dicts(),
        table="scoreboard",
        section="matrix",
        values={"models": names, "marks": marks},
    )


def needs(found: Found) -> Exhibit:
    """What each pattern says, from which rung it holds, and which mechanism it needs."""
    roles = roles_of(found)
    rungs = dict(found.tables["models"].select("label", "model").iter_rows())

    def rung(row: Row) -> str:
        return say(f"patterns.models.{rungs[row['rung']]}") if row["rung"] else ""

    return Exhibit(
        "patterns.needs",
        columns=[
            KEY,
            CLAIM,
            Column("rung", value=rung, rank=2),
            Column("needs", value=lambda row: statement(row["verdict"], roles[row["pattern"]])),
        ],
        rows=found.tables["patterns"].to_dicts(),
        table="patterns",
        section="needs",
    )


def roles_of(found: Found) -> dict[str, list[tuple[str, str]]]:
    """Roles that mechanisms play for each pattern: role and mechanism's name."""
    roles: dict[str, list[tuple[str, str]]] = {
        pattern: [] for pattern in found.tables["patterns"]["pattern"]
    }
    for row in found.tables["needs"].iter_rows(named=True):
        roles[row["pattern"]].append((row["role"], MECHANISM[row["model"]].word("name")))
    return roles


def _remark(data: Sequence[Any]) -> Sentence:
    """A remark from plain data, in which numbers, and the name of a type, are English."""
    key, values = data
    spoken = {name: respelled(str(value), language()) for name, value in values.items()}
    if "best" in values:
        kind = values["best"]
        spoken["best"] = worded("places", kind.replace("-", "_"), kind)
    return Sentence(key, spoken)


def remarks(found: Found) -> Exhibit:
    """Why each pattern is of its kind, and what else was measured."""

    def said(row: Row) -> str:
        return together(map(_remark, found.facts["remarks"][row["pattern"]]))

    return Exhibit(
        "patterns.also",
        columns=[
            KEY,
            CLAIM,
            KIND,
            Column("why", value=lambda row: say(f"patterns.{row['pattern']}.why")),
            Column("remarks", value=said),
        ],
        rows=found.tables["patterns"].to_dicts(),
        table="patterns",
        section="effects",
        outlets=(PAGE,),
    )


def models(found: Found) -> Exhibit:
    """What is switched off in each model, how, and what remains."""
    settings = dict(found.tables["models"].select("model", "settings").iter_rows())

    def words(what: str) -> Any:
        return lambda row: ". ".join(
            said for mechanism in row["without"] if (said := mechanism.word(what))
        )

    return Exhibit(
        "patterns.model",
        columns=[
            Column("label"),
            Column("name", value=words("name")),
            Column("off", value=words("off")),
            Column("cannot", value=words("cannot")),
            Column("settings", value=lambda row: settings[row["key"]]),
        ],
        rows=[{"key": each.key, "label": each.label, "without": each.without} for each in MODELS],
        table="models",
        section="models",
        outlets=(PAGE,),
    )
