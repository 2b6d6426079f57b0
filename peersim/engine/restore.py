"""From the manifest of a results folder to what was run: study, scenario, settings, points."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from peersim.engine.sweeps.tables import setting
from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.kernel.plain_data import flat
from peersim.scenario.demonstration import settings_of
from peersim.scenario.design import arms, chosen, points
from peersim.scenario.scenario import Scenario, changed
from peersim.scenario.sweep_options import DesignChoice

if TYPE_CHECKING:
    from peersim.scenario.design import Design


class Recipe(NamedTuple):
    """What a manifest says was run.

    Attributes
    ----------
    study : str
    scenario : Scenario
    options : RunOptions
    arms : dict of str to Scenario
        The designs, by name.
    """

    study: str
    scenario: Scenario
    options: Any
    arms: dict[str, Scenario]


def recipe_of(
    folder: Path, manifest: Mapping[str, Any], target: Path, kind: type, workers: int = 0
) -> Recipe:
    """Give study, scenario and options as they were, the options as the study has them.

    Raises
    ------
    InvalidInput
        If this version of the model cannot make anything of them.
    """
    try:
        return _recipe(folder, manifest, {"out": str(target), "workers": workers}, kind)
    except InvalidInput as complaint:
        said: Any = complaint
    except (AttributeError, KeyError, TypeError, ValueError):  # settings of some other shape
        said = Sentence("errors.folder.other_settings")
    theirs = manifest["versions"].get("peersim", "unknown")
    raise InvalidInput(
        "errors.folder.not_repeatable", folder=folder, version=theirs, complaint=said
    ) from None


def _recipe(
    folder: Path, manifest: Mapping[str, Any], chosen_now: Mapping[str, Any], kind: type
) -> Recipe:
    identity = manifest["identity"]
    prints = identity.get("people", {})
    copies = {
        file: _Copy(str(folder / name), prints if isinstance(prints, str) else prints[file])
        for file, name in manifest.get("people", {}).items()
    }
    scenario = restored(identity["scenario"], Scenario(communities=[]), copies)
    arms = {name: restored(own, scenario, copies) for name, own in identity.get("arms", {}).items()}
    given = {name: _value(hint, identity[name]) for name, hint in _asked(kind, identity)}
    besides = manifest.get("options", {"tables": manifest.get("tables", "first")})
    given |= {name: _value(hint, besides[name]) for name, hint in _asked(kind, besides)}
    own = {each.name for each in dataclasses.fields(kind)}
    given |= {name.lower(): arm for name, arm in arms.items() if name.lower() in own}
    if "design" in identity:
        given["design"] = choice_of(identity["design"]) or DesignChoice()
    command, overrides = manifest.get("command", ""), list(manifest.get("overrides", []))
    options = kind(**given | {**chosen_now, "command": command, "overrides": overrides})
    return Recipe(identity["study"], scenario, options.checked(), arms)


def _asked(kind: type, given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Options that are given, and what type each has; what a study once ignored is left out."""
    hints = typing.get_type_hints(kind)
    for each in dataclasses.fields(kind):
        if each.name in given and each.name not in ("design", "out", "workers"):
            yield each.name, hints[each.name]


def _value(hint: Any, value: Any) -> Any:
    """An option made into the group of settings that it was, if it was one."""
    groups = [kind for kind in (hint, *typing.get_args(hint)) if dataclasses.is_dataclass(kind)]
    return groups[0](**value) if groups and isinstance(value, Mapping) else value  # type: ignore[operator]


class _Copy(NamedTuple):
    """Where a folder holds people by their codes, and the fingerprint of the first file."""

    file: str
    fingerprint: str


def restored(settings: Mapping[str, Any], base: Scenario, copies: Mapping[str, _Copy]) -> Scenario:
    """Make a scenario from its settings, and its people from the copy in the folder.

    The path that the people once had stays in the scenario, and the fingerprint of that file: they
    are part of what identifies it.
    """
    changes = dict(flat(settings))
    if "demonstration" in changes:  # what it sets was written down where it was not set otherwise
        known, given = leaves(Scenario), settings_of(Scenario, changes["demonstration"])
        changes = {path: known[path].get(base) for path in given} | changes
    file = str(changes.get("population.file"))
    if file not in copies:
        return changed(base, changes)
    copy = copies[file]
    made = changed(base, changes | {"population.file": copy.file})
    if made.people is None:
        raise InvalidInput("errors.folder.other_settings")
    made.population.file = file
    made.people = dataclasses.replace(made.people, file=file, fingerprint=copy.fingerprint)
    return made


def choice_of(design: Mapping[str, Any]) -> DesignChoice | None:
    """Give the choice that leads to a design; None for points that somebody listed."""
    known = {field.name for field in dataclasses.fields(DesignChoice)}
    given = {key: value for key, value in design.items() if key in known}
    if design["kind"] in ("grid", "pawn"):
        return DesignChoice(**given)
    if design["kind"] == "points":
        return None
    vary = given.pop("vary")
    return DesignChoice(**given, over=list(vary), bounds=vary)


def design_of(recipe: Recipe, source: Path) -> Design:
    """Make the design of a sweep again."""
    choice, bases = recipe.options.design, recipe.arms
    if choice.kind != "none":
        return chosen(choice, recipe.scenario, bases)
    made = points(points_of(source)[:: max(1, len(bases))])
    return arms(made, bases) if bases else made


def points_of(source: Path) -> list[dict[str, Any]]:
    """Read the points of a sweep, each as `changed` takes it."""
    table = pl.read_parquet(source / "points.parquet")
    varied = [name for name in table.columns if name not in ("point", "arm")]
    own = table.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    return [
        {path: setting(path, row[path]) for path in varied if row[path] is not None}
        for row in own.to_dicts()
    ]
