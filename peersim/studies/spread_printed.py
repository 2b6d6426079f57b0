"""What `experiment=dropout_spread` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from peersim.spread.knock_outs import AS_IT_HAPPENED
from peersim.spread.lives import WINDOW
from peersim.spread.tables import EVERYBODY

if TYPE_CHECKING:
    import polars as pl

    from peersim.scenario import Scenario

NAME_WIDTH = 28


def table(tables: Mapping[str, pl.DataFrame], scenario: Scenario, worlds: int) -> str:
    """Set out what one departure brings about, a line a design."""
    labels = dict(tables["designs"].select("design", "label").iter_rows())
    people = scenario.population.recipients + scenario.population.supporters
    head = (
        f"\nWhen one person drops out: how many of the others who took part then drop out within {WINDOW} weeks "
        f"because of it\n({people} people, {worlds} worlds of each kind; the same world with and without her leaving)\n"
    )
    lines = [head, _line("", "others who drop out", "", "of these: brought", "prevented"),
             _line("", "because of one", "95 % interval", "about", "")]
    rows = _measures(tables["reproduction"], AS_IT_HAPPENED, EVERYBODY)
    for design, label in labels.items():
        mine = rows[design]
        net = mine["net"]
        lines.append(_line(label, f"{net['mean']:+.2f}", f"{net['low']:+.2f} to {net['high']:+.2f}",
                           f"{mine['caused']['mean'] + mine['brought_forward']['mean']:.2f}",
                           f"{mine['prevented']['mean'] + mine['put_off']['mean']:.2f}"))  # fmt: skip
    return "\n".join(lines)


def _line(*cells: str) -> str:
    name, *others = cells
    return (name.ljust(NAME_WIDTH) + "".join(cell.rjust(20) for cell in others)).rstrip()


def _measures(reproduction: pl.DataFrame, leaving: str, who: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Give the rows by design and measure."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in reproduction.filter(leaving=leaving, who=who).iter_rows(named=True):
        found.setdefault(row["design"], {})[row["measure"]] = row
    return found
