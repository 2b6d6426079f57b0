"""A file to send on: two designs, some levers of the second, and every answer around them worked out
beforehand, for those who may not install anything.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from peersim.app.answers import answer
from peersim.app.questions import OUTCOMES, Asked
from peersim.app.runs import Runs
from peersim.faces import levers as controls
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import no_such_option
from peersim.scenario.plausible_sets import sets_for
from peersim.scenario.run_options import PLAUSIBLE
from peersim.scenario.scenario import Scenario, changed

VERSION = 1
MOST_LEVERS = 4
"""With three values each that is 81 designs: as much as anybody can wait for."""

REACH = 1 / 4
"""How far from its value a lever goes to either side, as a share of its range."""

Progress = Callable[[int], Any] | None


class Slider(NamedTuple):
    """A lever and the values of it that are run.

    Attributes
    ----------
    control : mapping
        As `peersim.faces.levers.levers` gives it.
    values : list
        In order.
    start : int
        Place of the value that the design has.
    """

    control: Mapping[str, Any]
    values: list[Any]
    start: int


def sliders(design: Scenario, paths: Sequence[str]) -> list[Slider]:
    """Choose values of each lever: what the design has, and one to either side.

    Raises
    ------
    InvalidInput
        If a lever does not exist, is named twice, cannot be moved, or too many are named.
    """
    known = {each["path"]: each for each in controls.levers()}
    if not 1 <= len(paths) <= MOST_LEVERS:
        raise InvalidInput("errors.share.levers", n=len(paths), most=MOST_LEVERS)
    for path in paths:
        if path not in known:
            raise no_such_option("levers", path, list(known))
    if len(set(paths)) < len(paths):
        raise InvalidInput("errors.share.twice", levers=list(paths))
    return [_slider(known[path], _value(design, path)) for path in paths]


def _value(design: Scenario, path: str) -> Any:
    value: Any = design
    for name in path.split("."):
        value = getattr(value, name)
    return getattr(value, "name", value)


def _slider(control: Mapping[str, Any], value: Any) -> Slider:
    if control["kind"] == "yes_no":
        return Slider(control, [False, True], int(value))
    if control["kind"] == "choice":
        values = [each["value"] for each in control["options"]]
        return Slider(control, values, values.index(value))
    values = sorted({value, *_around(control, value)})
    return Slider(control, values, values.index(value))


def _around(control: Mapping[str, Any], value: float) -> Iterator[float]:
    """One value to either side; where there is no room on one, two on the other."""
    low, high, step = control["low"], control["high"], control["step"]
    far = max(step, round((high - low) * REACH / step) * step)
    sides = {min(max(value + places * far, low), high) for places in (-1, 1)}
    if len(sides - {value}) < 2:
        sides |= {min(max(value + places * far, low), high) for places in (-2, 2)}
    for side in sides:
        yield round(side) if control["kind"] == "whole" else round(side, 6)


def shared(
    a: Scenario,
    b: Scenario,
    levers: Sequence[Slider],
    years: int,
    parameters: str = PLAUSIBLE,
    progress: Progress = None,
) -> dict[str, Any]:
    """Work out every answer of a file to send on.

    Parameters
    ----------
    a, b : Scenario
    levers : sequence of Slider
        Those for both designs change A as well, the others B alone.
    years : int
        Imagined years of each design.
    parameters : {"plausible", "defaults"}
    progress : callable, optional
        Called with 1 after each answer.

    Returns
    -------
    dict
        ``levers``: what can be moved, with its values; ``answers``: by the places of the values,
        joined by commas, what the server would answer last to a page that asks the same.
    """
    runs, found = Runs(), {}
    sets = sets_for(parameters, (a, b))
    for places in itertools.product(*(range(len(each.values)) for each in levers)):
        chosen = [
            (each.control, each.values[place]) for each, place in zip(levers, places, strict=True)
        ]
        both = {control["path"]: value for control, value in chosen if control["both"]}
        own = {control["path"]: value for control, value in chosen}
        pair = Asked(changed(a, both), sets), Asked(changed(b, own), sets)
        kept = [runs.years(each, years, lambda: None) for each in pair]
        found[",".join(map(str, places))] = answer(*kept, OUTCOMES, pair[0].scenario)
        if progress is not None:
            progress(1)
    return {
        "kind": "share",
        "version": VERSION,
        "years": years,
        "parameters": parameters,
        "levers": [
            {"control": each.control, "values": each.values, "start": each.start} for each in levers
        ],
        "answers": found,
    }
