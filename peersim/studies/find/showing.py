"""Commands that show what was found, written so that the rank goes with it."""

from __future__ import annotations

import enum
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from peersim.kernel.paths import leaves
from peersim.scenario.demonstration import Demonstration, settings_of
from peersim.scenario.scenario import OF_THE_FILE, Scenario, changed
from peersim.studies.dropout_spread.following.history import WINDOW
from peersim.studies.find.options import CHAIN, DIFFERENCE

if TYPE_CHECKING:
    from peersim.studies.find.search import Search


def written(value: Any) -> str:
    """Write a value as it is typed behind ``key=``.

    >>> written([{"week": 12, "add": "group"}]), written(True), written("på café.csv")
    ('[{week:12,add:group}]', 'true', "'på café.csv'")
    """
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, bool) or value is None:
        return "null" if value is None else str(value).lower()
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key}:{written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(written, value)) + "]"
    if isinstance(value, str) and not re.fullmatch(r"[A-Za-z][\w/.+-]*", value, re.ASCII):
        return "'" + value.replace("'", "\\'") + "'"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def settings(scenario: Scenario) -> dict[str, str]:
    """What sets a scenario apart from the defaults, by path, as it is typed."""
    name = scenario.demonstration
    usual = changed(Scenario(), {"demonstration": name})
    given = {"demonstration": name.name} if name is not Demonstration.none else {}
    both = {path: (leaf.get(scenario), leaf.get(usual)) for path, leaf in leaves(Scenario).items()}
    by_file = [f"population.{name}" for name in OF_THE_FILE] if scenario.people else ()
    return given | {
        path: written(value)
        for path, (value, default) in both.items()
        if value != default and path not in by_file
    }


def arms(designs: Sequence[Scenario]) -> list[str]:
    """Settings of two designs: what they have in common, then what is of one alone."""
    first, second = map(settings, designs)
    one, other = (scenario.demonstration for scenario in designs)
    apart = set() if one is other else {*settings_of(Scenario, one), *settings_of(Scenario, other)}
    both = {path for path in first if first[path] == second.get(path) and path not in apart}
    named = [f"{path}={first[path]}" for path in first if path in both]
    for node, mine in (("a", first), ("b", second)):
        named += [f"{node}.{path}={value}" for path, value in mine.items() if path not in both]
    return named


def commands(search: Search, row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The command that shows one of those found, and for a person in two designs the second."""
    designs = list(search.designs.values())
    chosen = f"chosen={search.what}-{row['rank']}-of-{row['of']}"
    if search.what == DIFFERENCE:
        week = [] if search.week is None else [f"week={search.week}"]
        asked = [f"outcomes=[{search.outcome}]", *week, "replicates=1", *arms(designs)]
        return _line("compare", row["seed"], chosen, asked), None
    tells = [_of_a_person(scenario, row, chosen) for scenario in designs]
    return tells[0], None if search.what == CHAIN else tells[1]


def _of_a_person(scenario: Scenario, row: Mapping[str, Any], chosen: str) -> str:
    """The story of one person, where there are weeks enough for it; else the run they are in."""
    own = [f"{path}={value}" for path, value in settings(scenario).items()]
    if scenario.weeks < 2 * WINDOW:
        return _line("single", row["seed"], chosen, ["replicates=1", *own])
    return _line("dropout_spread", row["seed"], chosen, [f"person={row['person']}", *own])


def _line(study: str, seed: int, chosen: str, asked: Sequence[str]) -> str:
    return shlex.join(["peersim", f"experiment={study}", f"seed={seed}", *asked, chosen])
