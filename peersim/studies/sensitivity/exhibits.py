"""The tables that a sensitivity analysis shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import Sentence, Value, language, say
from peersim.kernel.numbers import respelled
from peersim.presentation.exhibit import BOTH, PAGE, Cell, Column, Exhibit, Row
from peersim.presentation.outcomes import leading
from peersim.presentation.settings import meaning_in, plain_meaning, value_name
from peersim.studies.sensitivity.effects import CHANCE, DUMMY, SIZE, SMALL
from peersim.studies.sensitivity.sizes import ENDS, direction, form_of_size, unit_of
from peersim.studies.sensitivity.tables import ARMS

if TYPE_CHECKING:
    from peersim.studies.study import Found

MOST_ROWS, FEWEST_ROWS = 15, 3


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give every table."""
    if "ranking" in found.tables:
        for outcome in found.tables["ranking"]["outcome"].cast(str).unique(maintain_order=True):
            yield ranking(found, outcome)
    for design, outcome in panels(found):
        yield sizes(found, design, outcome)
    yield factors(found)


def panels(found: Found) -> list[tuple[str, str]]:
    """Give each design and outcome that was analysed."""
    pairs = found.tables["sensitivity"].select("design", "outcome").unique(maintain_order=True)
    return [(str(design), str(outcome)) for design, outcome in pairs.iter_rows()]


def rows_of(found: Found, design: str, outcome: str) -> list[dict[str, Any]]:
    """Give the rows of one design and outcome, without those of chance and dummies."""
    table = found.tables["sensitivity"].cast({"design": str, "outcome": str, "parameter": str})
    rows = table.filter(design=design, outcome=outcome).to_dicts()
    return [row for row in rows if row["parameter"] not in (CHANCE, DUMMY)]


def meanings(found: Found) -> dict[str, str]:
    """Say what each parameter is."""
    return {path: plain_meaning(path) for path in found.tables["factors"]["parameter"].cast(str)}


meaning = meaning_in("parameter")


def title_of(design: str, outcome: str) -> Sentence:
    """Name an outcome, and the design if there are two."""
    key = "of_design" if design in ARMS else "of_one_design"
    return Sentence(f"sensitivity.{key}", {"outcome": leading(outcome), "design": design})


def _outlets(found: Found, outcome: str, with_two: bool) -> tuple[str, ...]:
    """What is printed: the first outcomes; of two designs what decides between them."""
    is_printed = outcome in found.facts["printed"]
    return BOTH if is_printed and with_two == ("ranking" in found.tables) else (PAGE,)


def sizes(found: Found, design: str, outcome: str) -> Exhibit:
    """How large the effect of each setting is, as far as it cannot be fixed."""
    method = found.facts["method"]
    unit, what = unit_of(method, outcome), SIZE[method]
    every = rows_of(found, design, outcome)
    shown = [row for row in every if row["verdict"] not in SMALL][:MOST_ROWS]
    shown = shown or every[:FEWEST_ROWS]
    small = sum(row["verdict"] in SMALL for row in every)

    def number(name: str) -> Callable[[Row], Cell]:
        return lambda row: Value(row[name], form_of_size(row[name], unit), {"what": name})

    def size(row: Row) -> Cell:
        own = number(what)(row)
        if method != "morris":
            return own
        is_seen = any(digit in str(own) for digit in "123456789")
        way = direction(row) if is_seen else ""
        return Sentence("sensitivity.directed", {"size": own, "way": way})

    def interval(row: Row) -> Cell:
        low, high = (number(end)(row) for end in ENDS[method])
        return Sentence("numbers.span", {"low": low, "high": high})

    return Exhibit(
        f"sensitivity.sizes.{method}",
        [
            Column("setting", value=lambda row: row["parameter"], said=meaning),
            Column("size", "3", value=size),
            Column("interval", "3", value=interval),
            *([Column("alone", "3", value=number("first"))] if method == "sobol" else []),
            Column("chance", "3", value=number("chance"), rank=2),
            Column("verdict", value=lambda row: say(f"sensitivity.verdicts.{row['verdict']}")),
            Column("meaning", value=meaning, rank=3, is_in_page=False),
        ],
        shown,
        table="sensitivity",
        by=("design", "outcome", "parameter"),
        section="matters",
        values={
            "of": title_of(design, outcome),
            "shown": len(shown),
            "all": len(every),
            "fixed": small,
        },
        outlets=_outlets(found, outcome, with_two=False),
        part="_".join(["sizes", *([design] if design in ARMS else []), outcome]),
    )


def ranking(found: Found, outcome: str) -> Exhibit:
    """What flips the better of two designs, and what moves the difference most."""
    unit = unit_of(found.facts["method"], outcome)
    table = found.tables["ranking"].cast({"outcome": str, "parameter": str})
    every = table.filter(outcome=outcome).to_dicts()
    shown = [row for row in every if row["flips"] or row["gap_verdict"] not in SMALL]
    shown = (shown or sorted(every, key=lambda row: -row["gap_size"]))[:MOST_ROWS]

    def flips(row: Row) -> Cell:
        if not row["moves"]:
            return Value(None, "0")
        return Sentence("sensitivity.flips_of", {name: row[name] for name in ("flips", "told")})

    def gap(row: Row) -> Cell:
        return Value(row["gap_size"], form_of_size(row["gap_size"], unit), {"what": "gap_size"})

    return Exhibit(
        "sensitivity.ranking",
        [
            Column("setting", value=lambda row: row["parameter"], said=meaning),
            Column("flips", "0", value=flips),
            Column("gap", "3", value=gap),
            Column("low_third", "%", "first_wins_low", rank=1),
            Column("high_third", "%", "first_wins_high", rank=1),
            Column("meaning", value=meaning, rank=3, is_in_page=False),
        ],
        shown,
        table="ranking",
        by=("outcome", "parameter"),
        section="ranking",
        values={"outcome": leading(outcome)},
        outlets=_outlets(found, outcome, with_two=True),
        part=outcome,
    )


def _configured(value: str | None) -> str:
    return value_name(respelled(value or "", language()))


def factors(found: Found) -> Exhibit:
    """What was varied, and from where to where."""

    def end(name: str) -> Callable[[Row], Cell]:
        def give(row: Row) -> Cell:
            if row["options"] is not None:
                words = map(value_name, str(row["options"]).split(", "))
                return ", ".join(words) if name == "lowest" else ""
            return Value(row[name], "g", {"what": name})

        return give

    return Exhibit(
        "sensitivity.factors",
        [
            Column("setting", value=lambda row: str(row["parameter"]), said=meaning),
            Column("lowest", "g", value=end("lowest")),
            Column("highest", "g", value=end("highest")),
            Column("configured", value=lambda row: _configured(row["configured"])),
            Column("meaning", value=meaning, is_in_page=False),
        ],
        found.tables["factors"].to_dicts(),
        table="factors",
        by=("parameter",),
        section="varied",
        outlets=(PAGE,),
    )
