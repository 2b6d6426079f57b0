"""What a user chooses of a sweep: which points it visits, and what runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from peersim.kernel.declaration import InvalidInput, checked_seed, whole
from peersim.kernel.paths import no_such_option

_KEYS: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "grid": ("vary",),
    "lhs": ("over", "bounds", "around", "points", "seed"),
    "morris": ("over", "bounds", "around", "trajectories", "levels", "seed"),
    "sobol": ("over", "bounds", "around", "samples", "seed"),
    "pawn": ("of",),
}
"""Kinds of design, and the keys that mean something to each."""

MOST_POINTS = 1_000_000
"""So many points, trajectories or samples can be asked for."""

ENGINES = ("local", "dask")


@dataclass
class DesignChoice:
    """The keys below ``design``, as in configs/design/*.yaml.

    Attributes
    ----------
    kind : str
        ``grid``, ``lhs``, ``morris``, ``sobol``, ``pawn`` or ``none``.
    vary : dict
        Of a grid: the values of each setting.
    over : list of str
        Of the others: settings or groups of them.
    bounds : dict
        Narrower bounds than declared.
    around : float
        Of the settings without such bounds: how far from their present values to go, as a share of
        these (0.5: from half to one and a half times); empty: over the declared bounds.
    points, trajectories, levels, samples, seed : int
        Size and seed of the sampling.
    of : str
        Folder of an existing sweep.
    """

    kind: str = "none"
    vary: dict[str, Any] = field(default_factory=dict)
    over: list[str] = field(default_factory=list)
    bounds: dict[str, Any] = field(default_factory=dict)
    around: float | None = None
    points: int | None = None
    trajectories: int | None = None
    levels: int | None = None
    samples: int | None = None
    seed: int | None = None
    of: str | None = None

    def given(self) -> dict[str, Any]:
        """Give what has been set, by key."""
        values = {
            each.name: getattr(self, each.name) for each in fields(self) if each.name != "kind"
        }
        return {name: value for name, value in values.items() if value not in (None, [], {})}

    def checked(self) -> None:
        """Raise `InvalidInput` about keys that do not go together, and settle a kind that was left
        open.
        """
        if self.kind == "none" and self.vary:
            self.kind = "grid"
        if self.kind not in _KEYS:
            raise no_such_option("design.kind", self.kind, _KEYS)
        if self.kind == "pawn" and not self.of:
            raise InvalidInput("errors.design.pawn_of")
        for key in self.given():
            if key not in _KEYS[self.kind]:
                meant = [f"design={kind}" for kind, keys in _KEYS.items() if key in keys]
                said = "alone" if self.kind == "none" else "misplaced"
                raise InvalidInput(
                    f"errors.design.{said}", name=f"design.{key}", kind=self.kind, meant=meant
                )
        self._check_sizes()
        if self.around is not None and not 0 < self.around <= 1:
            raise InvalidInput("errors.design.around", around=f"{self.around:g}")

    def _check_sizes(self) -> None:
        for key in ("points", "trajectories", "levels", "samples"):
            if (size := getattr(self, key)) is not None:
                whole(f"design.{key}", size, 1, MOST_POINTS)
        if self.seed is not None:
            checked_seed(self.seed, "design.seed")

    def identity(self) -> dict[str, Any]:
        """Say what decides the points, as plain data."""
        return {"kind": self.kind, **self.given()}


@dataclass
class EngineChoice:
    """The keys below ``engine``, as in configs/engine/*.yaml.

    Attributes
    ----------
    kind : str
        ``local``: processes on this machine; ``dask``: a Dask scheduler.
    address : str
        Of the scheduler (``tcp://host:8786``) or its scheduler file (``*.json``); empty: a small
        one of our own.
    """

    kind: str = "local"
    address: str | None = None

    def checked(self) -> None:
        """Raise `InvalidInput` if there is no such engine."""
        if self.kind not in ENGINES:
            raise no_such_option("engine.kind", self.kind, ENGINES)
        if self.address and self.kind != "dask":
            raise InvalidInput("errors.engine.address_of_local")
