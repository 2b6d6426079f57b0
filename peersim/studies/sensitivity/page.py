"""The page of a sensitivity analysis; every number in it says from which table it comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from peersim.presentation.catalogue import words
from peersim.presentation.numbers import DASH, marked, quoted, tagged
from peersim.presentation.page import Grid, Page, Part, Text, say, setting, written
from peersim.presentation.wording import label
from peersim.studies.sensitivity.effects import CHANCE, DUMMY, MATTERS, SIZE, SMALL
from peersim.studies.sensitivity.words import ENDS, direction, number, unit_of

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing

MOST_NAMED, MOST_ROWS = 5, 15


def page(
    tables: Mapping[str, pl.DataFrame],
    method: str,
    drawings: Sequence[Drawing],
    manifest: Mapping[str, Any],
    asked: Mapping[str, str],
) -> str:
    """Write the page.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
        As from `sensitivity_tables`.
    method : {"morris", "sobol", "pawn"}
    drawings : sequence of Drawing
    manifest : mapping
        Of the folder.
    asked : mapping
        ``ranges``: how far the settings went; ``about``: what sets two designs apart.
    """
    t = words()["sensitivity"]["page"]
    has_two = "ranking" in tables
    rankings = [drawing for drawing in drawings if drawing.name.startswith("ranking")]
    others = [drawing for drawing in drawings if drawing not in rankings]
    parts = [
        Part(
            "ranking",
            t["ranking"],
            [t["ranking_text"]],
            rankings,
            list(_rankings(tables, method, t)),
        )
    ]
    parts = (parts if has_two else []) + [
        Part(
            "matters",
            t["matters"],
            [t[f"{method}_text"], t["chance_text"]],
            others,
            list(_sizes(tables, method, t)),
        ),
        Part("varied", t["varied"], [t["varied_text"]], grids=[_factors(tables, t)]),
    ]
    short = list(_order_in_short(tables, t) if has_two else _sizes_in_short(tables, method, t))
    title = t["title_two"] if has_two else words()["sensitivity"]["what_matters_title"]
    return written(
        Page(
            title,
            short,
            _facts(tables, manifest, asked, t),
            parts,
            [t["salib"], t[f"{method}_source"]],
        ),
        manifest,
    )


def _facts(
    tables: Mapping[str, Any], manifest: Mapping[str, Any], asked: Mapping[str, str], t: Any
) -> list[tuple[Text, Text]]:
    first = tables["chance"].to_dicts()[0]
    origin = {"table": "chance", "design": first["design"], "outcome": first["outcome"]}
    found: list[tuple[Text, Text]] = [
        (t["settings"], tagged(len(tables["factors"]), "whole", table="factors", what="count")),
        (
            t["points"],
            say(
                t["points_runs"],
                points=tagged(first["points"], "whole", **origin, what="points"),
                runs=tagged(first["replicates"], "whole", **origin, what="replicates"),
            ),
        ),
        (t["ranges"], quoted(asked["ranges"], table="manifest")),
        (t["communities"], _communities(manifest)),
        (t["people"], setting(manifest, "identity.scenario.population.recipients")),
        (t["weeks"], setting(manifest, "identity.scenario.weeks")),
    ]
    if asked["about"]:
        found = [
            (t["designs"], quoted(asked["about"], table="manifest")),
            *(row for row in found if row[0] != t["communities"]),
        ]
    return found


def _communities(manifest: Mapping[str, Any]) -> Markup:
    path = "identity.scenario.communities"
    return quoted(
        " + ".join(manifest["identity"]["scenario"]["communities"]), table="manifest", path=path
    )


def _rows(tables: Mapping[str, pl.DataFrame]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Sizes by design and outcome, without chance and dummies."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in tables["sensitivity"].to_dicts():
        if row["parameter"] not in (CHANCE, DUMMY):
            found.setdefault((row["design"], row["outcome"]), []).append(row)
    return found


def _meanings(tables: Mapping[str, pl.DataFrame]) -> dict[str, Markup]:
    rows = tables["factors"].to_dicts()
    return {
        row["parameter"]: quoted(row["meaning"], table="factors", parameter=row["parameter"])
        for row in rows
    }


def _named(paths: Sequence[str]) -> Markup:
    return Markup(", ").join(Markup("<code>{}</code>").format(path) for path in paths)


def _sizes_in_short(tables: Mapping[str, pl.DataFrame], method: str, t: Any) -> Iterator[Markup]:
    chance = {(row["design"], row["outcome"]): row for row in tables["chance"].to_dicts()}
    for (design, outcome), rows in _rows(tables).items():
        origin = {"table": "sensitivity", "design": design, "outcome": outcome}
        matter = [row["parameter"] for row in rows if row["verdict"] == MATTERS]
        fixed = sum(row["verdict"] in SMALL for row in rows)
        luck = chance[design, outcome]["share"]
        yield say(
            t["in_short"] if matter else t["nothing"],
            outcome=label(outcome),
            matter=tagged(len(matter), "whole", **origin, what="matters"),
            first=_named(matter[:MOST_NAMED]),
            fixed=tagged(fixed, "whole", **origin, what="fixed"),
            rest=t["rest"][method],
            all=tagged(len(rows), "whole", **origin, what="count"),
            chance=tagged(
                luck, "percent", table="chance", design=design, outcome=outcome, what="share"
            ),
        )


def _order_in_short(tables: Mapping[str, pl.DataFrame], t: Any) -> Iterator[Markup]:
    flips: dict[str, list[str]] = {}
    for row in tables["ranking"].to_dicts():
        flips.setdefault(row["outcome"], [])
        if row["flips"]:
            flips[row["outcome"]].append(row["parameter"])
    for outcome, paths in flips.items():
        found = [row for row in tables["verdicts"].to_dicts() if row["outcome"] == outcome]
        origin = {"table": "verdicts", "outcome": outcome, "what": "share"}
        shares = Markup(", ").join(
            Markup("{} {}").format(
                row["verdict"], tagged(row["share"], "percent", **origin, verdict=row["verdict"])
            )
            for row in found
            if row["points"]
        )
        order = say(t["flipped"], paths=_named(paths[:MOST_NAMED])) if paths else t["never_flipped"]
        yield say(t["order"], outcome=label(outcome), shares=shares, order=order)


def _sizes(tables: Mapping[str, pl.DataFrame], method: str, t: Any) -> Iterator[Grid]:
    meanings, alone = _meanings(tables), method == "sobol"
    heads = [
        t["columns"]["setting"],
        t["columns"][method],
        t["columns"]["interval"],
        *([t["columns"]["alone"]] if alone else []),
        t["columns"]["chance"],
        t["columns"]["verdict"],
        t["columns"]["meaning"],
    ]
    for (design, outcome), rows in _rows(tables).items():
        unit = unit_of(method, outcome)
        shown = [row for row in rows if row["verdict"] not in SMALL][:MOST_ROWS]
        cells = []
        for row in shown:
            numbers = {
                what: _number(row, what, unit) for what in (SIZE[method], *ENDS[method], "chance")
            }
            low, high = (numbers[end] for end in ENDS[method])
            size = numbers[SIZE[method]] + (f" {direction(row)}" if method == "morris" else "")
            ends = Markup('<span class="whole">{}</span>').format(say(t["to"], low=low, high=high))
            cells.append(
                [
                    Markup("<code>{}</code>").format(row["parameter"]),
                    size,
                    ends,
                    *([_number(row, "first", unit)] if alone else []),
                    numbers["chance"],
                    words()["sensitivity"]["verdicts"][row["verdict"]],
                    meanings[row["parameter"]],
                ]
            )
        origin = {"table": "sensitivity", "design": design, "outcome": outcome}
        counts = {
            "shown": len(shown),
            "all": len(rows),
            "fixed": sum(row["verdict"] in SMALL for row in rows),
        }
        numbers = {what: tagged(n, "whole", **origin, what=what) for what, n in counts.items()}
        note = say(t["fixed"], rest=t["rest"][method], **numbers)
        where = (
            f"{label(outcome)}, {words()['sensitivity']['design']} {design}"
            if design in ("A", "B")
            else label(outcome)
        )
        yield Grid(where, heads, cells, note)


def _number(row: Mapping[str, Any], what: str, unit: str, table: str = "sensitivity") -> Markup:
    origin = {"outcome": row["outcome"], "parameter": row["parameter"], "what": what}
    origin |= {"design": row["design"]} if "design" in row else {}
    return marked(row[what], number(row[what], unit), table=table, **origin)


def _rankings(tables: Mapping[str, pl.DataFrame], method: str, t: Any) -> Iterator[Grid]:
    if "ranking" not in tables:
        return
    meanings, rows = _meanings(tables), tables["ranking"].to_dicts()
    heads = [
        t["columns"][name]
        for name in ("setting", "flips", "gap", "low_third", "high_third", "meaning")
    ]
    for outcome in dict.fromkeys(row["outcome"] for row in rows):
        unit, cells = unit_of(method, outcome), []
        for row in (
            row
            for row in rows
            if row["outcome"] == outcome and (row["flips"] or row["gap_verdict"] not in SMALL)
        ):
            flips = say(
                t["of"],
                flips=_number(row, "flips", "people", "ranking"),
                told=_number(row, "told", "people", "ranking"),
            )
            cells.append(
                [
                    Markup("<code>{}</code>").format(row["parameter"]),
                    flips if row["moves"] else DASH,
                    _number(row, "gap_size", unit, "ranking"),
                    _number(row, "first_wins_low", "share", "ranking"),
                    _number(row, "first_wins_high", "share", "ranking"),
                    meanings[row["parameter"]],
                ]
            )
        yield Grid(label(outcome), heads, cells, t["ranking_note"])


def _factors(tables: Mapping[str, pl.DataFrame], t: Any) -> Grid:
    heads = [
        t["columns"][name] for name in ("setting", "lowest", "highest", "configured", "meaning")
    ]
    meanings, cells = _meanings(tables), []
    for row in tables["factors"].to_dicts():
        origin = {"table": "factors", "parameter": row["parameter"]}
        ends = (
            [quoted(row["options"], **origin, column="options"), ""]
            if row["options"] is not None
            else [
                quoted(f"{row[name]:.4g}", **origin, column=name) for name in ("lowest", "highest")
            ]
        )
        now = quoted(row["configured"], **origin, column="configured")
        cells.append(
            [
                Markup("<code>{}</code>").format(row["parameter"]),
                *ends,
                now,
                meanings[row["parameter"]],
            ]
        )
    return Grid(t["varied"], heads, cells)
