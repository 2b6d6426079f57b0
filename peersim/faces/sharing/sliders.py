"""Sliders of a file to send on: levers of the second design, each with the values that are run."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from peersim.faces import levers
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves, no_such_option
from peersim.kernel.plain_data import plain
from peersim.scenario.scenario import Scenario, changed, epochs

MOST = 3
"""With three values each that is 27 designs: as much as anybody waits for."""

BESIDE = "beside"
"""The group of what stands beside the communities of a design, and can be left out altogether."""


class Slider(NamedTuple):
    """A lever and the values of it that are run.

    Attributes
    ----------
    path : str
    both : bool
        Whether it moves the first design as well.
    values : tuple
        In order.
    start : int
        Place of the value that the design has.
    """

    path: str
    both: bool
    values: tuple[Any, ...]
    start: int

    def as_data(self) -> dict[str, Any]:
        """Itself for a page."""
        return {**self._asdict(), "values": list(self.values)}


class Place(NamedTuple):
    """Where all sliders stand.

    Attributes
    ----------
    places : tuple of int
        Of the values, a slider each.
    a, b : Scenario
        The designs that this makes.
    """

    places: tuple[int, ...]
    a: Scenario
    b: Scenario

    @property
    def key(self) -> str:
        """By which its answer goes."""
        return ",".join(map(str, self.places))


def sliders(a: Scenario, b: Scenario, paths: Sequence[str]) -> list[Slider]:
    """Choose values of each lever: that of the second design, and others to either side.

    Parameters
    ----------
    a, b : Scenario
        A lever moves `b`; `a` as well if it holds for both designs, and both have the same value.
    paths : sequence of str

    Raises
    ------
    InvalidInput
        If a lever does not exist, is named twice or makes no difference to the design, or if none
        or too many are named.
    """
    known = {each["path"]: each for each in levers.levers()}
    if not 1 <= len(paths) <= MOST:
        raise InvalidInput("errors.share.levers", n=len(paths), most=MOST)
    for path in paths:
        if path not in known:
            raise no_such_option("levers", path, list(known))
    if len(set(paths)) < len(paths):
        raise InvalidInput("errors.share.twice", levers=list(paths))
    for path in paths:
        _refuse_idle(b, known[path])
    return [_slider(a, b, known[path]) for path in paths]


def usual(b: Scenario) -> list[str]:
    """Levers for a design of which nobody named any: of each of its communities the first, then of
    what stands beside them.
    """
    first = [
        each
        for each in levers.levers()
        if each["level"] == "first" and each["kind"] in ("whole", "number")
    ]
    parts = (*b.communities, BESIDE)
    found = [next((each["path"] for each in first if each["group"] == part), "") for part in parts]
    return [path for path in found if path][-MOST:]


def _refuse_idle(b: Scenario, control: Mapping[str, Any]) -> None:
    """Refuse a lever of a community that the design never has."""
    ever = {name for _, stage in epochs(b) for name in stage.communities}
    if not control["both"] and control["group"] not in {*ever, BESIDE}:
        raise InvalidInput("errors.share.idle", name=control["path"], community=control["group"])


def _slider(a: Scenario, b: Scenario, control: Mapping[str, Any]) -> Slider:
    path = control["path"]
    first, value = (plain(leaves(Scenario)[path].get(each)) for each in (a, b))
    values: list[Any]
    if control["kind"] == "yes_no":
        values = [False, True]
    elif control["kind"] == "choice":
        values = [each["value"] for each in control["options"]]
    else:
        values = sorted({value, *_around(control, value)})
    both = control["both"] and first == value
    moved = (a, b) if both else (b,)
    can = [each for each in values if each == value or _goes(moved, path, each)]
    if len(can) < 2:
        raise InvalidInput("errors.share.fixed", name=path)
    return Slider(path, both, tuple(can), can.index(value))


def _around(control: Mapping[str, Any], value: float) -> Iterator[float]:
    """One value to either side; where there is no room on one, two on the other.

    Half as much and half as much again; of what can be left out, nothing and twice as much.
    """
    low, high, step = control["low"], control["high"], control["step"]
    apart = value if control["group"] == BESIDE else value / 2
    far = max(step, round((apart or (high - low) / 4) / step) * step)
    sides = {min(max(value + places * far, low), high) for places in (-1, 1)}
    if len(sides - {value}) < 2:
        sides |= {min(max(value + places * far, low), high) for places in (-2, 2)}
    for side in sides:
        yield round(side) if control["kind"] == "whole" else round(side, 6)


def _goes(designs: Sequence[Scenario], path: str, value: Any) -> bool:
    """Whether a value goes with all else that designs set: a group needs its leaders."""
    try:
        for each in designs:
            changed(each, {path: value})
    except InvalidInput:
        return False
    return True


def places(a: Scenario, b: Scenario, chosen: Sequence[Slider]) -> list[Place]:
    """All places in which sliders can stand, with the designs that they make.

    Raises
    ------
    InvalidInput
        If values of several sliders do not go together.
    """
    found = []
    for stand in itertools.product(*(range(len(each.values)) for each in chosen)):
        pairs = list(zip(chosen, stand, strict=True))
        both = {each.path: each.values[place] for each, place in pairs if each.both}
        own = {each.path: each.values[place] for each, place in pairs}
        found.append(Place(stand, changed(a, both), changed(b, own)))
    return found
