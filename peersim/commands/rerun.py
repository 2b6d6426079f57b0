"""Repeating what a results folder says was run: from its manifest alone, table by table the same or
not.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim.engine.restore import Recipe, points_of, recipe_of
from peersim.engine.sweeps.batch import rules
from peersim.kernel.catalogue import language, say, speaking
from peersim.kernel.declaration import InvalidInput, checked_seed
from peersim.kernel.paths import did_you_mean
from peersim.model.outcomes import NAMES
from peersim.results import folder as results
from peersim.results.manifest import versions
from peersim.run.simulation import simulate
from peersim.scenario.scenario import changed
from peersim.studies import options_of, study_of

if TYPE_CHECKING:
    from peersim.run.simulation import Run

NOT_COMPARED = "reproduce"
"""Column that names the folder itself."""

_WORDS = ("out", "point", "seed", "workers", "language")
_OTHERS = ("out", "language")
"""Words among them that are no whole numbers."""


def rerun(
    folder: str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    point: int | None = None,
    seed: int | None = None,
    workers: int = 0,
    language: str | None = None,
) -> pl.DataFrame | Run:
    """Repeat what a results folder holds, into a new one; or one run of a sweep, in this process.

    Parameters
    ----------
    folder : path
        Results of any kind of experiment. What was run is read from its manifest, your own people
        from the copy in the folder: it may come from another machine.
    out : path, optional
        Folder for the new results; by default beside the old one, with ``-again`` added to its
        name.
    point, seed : int, optional
        Which run of a sweep; both or neither.
    workers : int
        0: all cores. Results do not depend on it.
    language : str, optional
        Of what is printed and shown; by default that of the first time.

    Returns
    -------
    polars.DataFrame
        One row a table: ``table``, ``rows``, ``equal``, and ``differs``: in what, if it is not
        equal.
    peersim.Run
        If a point and a seed are given.

    Raises
    ------
    InvalidInput
        If the folder holds nothing that can be repeated.
    """
    if (point is None) != (seed is None):
        raise InvalidInput("errors.rerun.together")
    if seed is not None:
        seed = checked_seed(seed)
    source = Path(folder)
    manifest = manifest_of(source)
    if point is not None and seed is not None:
        return run_again(source, manifest, point, seed)
    if manifest["status"] == "running":
        raise results.unfinished(source, manifest)
    target = Path(out) if out is not None else source.with_name(f"{source.name}-again")
    if target.resolve() == source.resolve():
        raise InvalidInput("errors.rerun.same_folder", out=target)
    recipe = recipe_of(source, manifest, target, options_in(manifest), workers)
    if language is not None:
        recipe.options.language = language
        recipe.options.checked()
    carry_out(recipe, source)
    return compared(source, target, getattr(study_of(recipe.study), "added", ()))


def manifest_of(folder: Path) -> dict[str, Any]:
    """Read the manifest of one run; refuse what is none, or several."""
    if (folder / results.MANIFEST).is_file():
        return results.read_manifest(folder)
    jobs = results.jobs_below(folder) if folder.is_dir() else []
    if not jobs:
        raise InvalidInput("errors.folder.no_results", folder=folder, manifest=results.MANIFEST)
    said = {"folder": folder, "runs": len(jobs), "first": jobs[0]}
    raise InvalidInput("errors.rerun.several", **said)


def options_in(manifest: Mapping[str, Any]) -> type:
    """Give the options of the study that a manifest names."""
    return options_of(manifest["identity"]["study"])


# -- what was run, once more ---------------------------------------------------------------------
def carry_out(recipe: Recipe, source: Path) -> None:
    """Run it, with what it prints and draws."""
    with speaking(recipe.options.language):
        study_of(recipe.study).again(recipe, source).carry_out()


# -- one run of a sweep --------------------------------------------------------------------------
def run_again(source: Path, manifest: Mapping[str, Any], point: int, seed: int) -> Run:
    """Live one run of a sweep here; if it fails, it fails as any program does, with everything
    there is to see.
    """
    if not (source / "points.parquet").is_file():
        study = manifest["identity"]["study"]
        raise InvalidInput("errors.rerun.no_sweep", folder=source, study=study)
    recipe, every = recipe_of(source, manifest, source, options_in(manifest)), points_of(source)
    if not 0 <= point < len(every):
        said = {"point": point, "folder": source, "last": len(every) - 1}
        raise InvalidInput("errors.rerun.point", **said)
    base, bases = recipe.scenario, recipe.arms
    if bases:
        base = bases[pl.read_parquet(source / "points.parquet", columns=["arm"])["arm"][point]]
    return simulate(changed(base, every[point]), seed)


# -- the same or not -----------------------------------------------------------------------------
def compared(before: Path, after: Path, added: Sequence[str] = ()) -> pl.DataFrame:
    """Compare two results folders table by table: ``table``, ``rows``, ``equal``, ``differs``.

    Tables that a study has `added` to the runs may be missing in one of them.
    """
    there, now = results.read_results(before), results.read_results(after)
    rows: list[tuple[str, int | None, bool, str]] = []
    for name in sorted({*there, *now}):
        if name not in now or name not in there:
            if name in added:
                continue
            missing = "now" if name in there else "there"
            rows.append((name, None, False, say(f"commands.rerun.missing_{missing}")))
            continue
        gap = difference(there[name], now[name])
        rows.append((name, there[name].height, not gap, gap))
    columns = {"table": pl.String, "rows": pl.Int64, "equal": pl.Boolean, "differs": pl.String}
    return pl.DataFrame(rows, schema=columns, orient="row")


def difference(there: pl.DataFrame, now: pl.DataFrame) -> str:
    """Say in what two tables differ; nothing if they are equal."""
    if set(there.columns) != set(now.columns):
        unlike = sorted(set(there.columns) ^ set(now.columns))
        return say("commands.rerun.columns", columns=", ".join(unlike))
    if there.height != now.height:
        return say("commands.rerun.rows", there=there.height, now=now.height)
    names = [name for name in there.columns if name != NOT_COMPARED]
    unlike = [name for name in names if not there[name].equals(now[name], null_equal=True)]
    return ", ".join(_how_far(there[name], now[name]) for name in unlike)


def _how_far(there: pl.Series, now: pl.Series) -> str:
    if not (there.dtype.is_numeric() and now.dtype.is_numeric()):
        return there.name
    gap: Any = (there.cast(float) - now.cast(float)).abs().max()
    return say("commands.rerun.up_to", column=there.name, gap=gap) if gap else there.name


def verdict(tables: pl.DataFrame, manifest: Mapping[str, Any]) -> str:
    """Sum up whether everything is the same, and what may explain it if not."""
    unlike = tables.filter(~tables["equal"])
    if unlike.is_empty():
        return say("commands.rerun.equal", n=tables.height)
    lines = [say("commands.rerun.differ", n=tables.height, unlike=unlike.height)]
    lines += [f"  {row['table']}: {row['differs']}" for row in unlike.iter_rows(named=True)]
    return "\n".join([*lines, *_what_has_changed(manifest)])


def _what_has_changed(manifest: Mapping[str, Any]) -> list[str]:
    theirs, ours = manifest.get("versions", {}), versions()
    both = [name for name in ours if name in theirs and theirs[name] != ours[name]]
    other = [
        say("commands.rerun.version", name=name, theirs=theirs[name], ours=ours[name])
        for name in both
    ]
    said = [say("commands.rerun.made_with", versions=", ".join(other))] if other else []
    if manifest.get("rules", rules()) != rules():
        said.append(say("commands.rerun.rules"))
    return said


def outcomes(run: Run, folder: Path, point: int) -> tuple[str, bool]:
    """Write what one run came to, and whether that is what the folder holds."""
    values = dict(zip(NAMES, run.values[-1, 0], strict=True))
    lines = [say("commands.rerun.one", point=point, seed=run.seed, week=run.blueprint.weeks)]
    lines += [
        f"  {name:26}{'-' if np.isnan(value) else f'{value:.6g}':>12}"
        for name, value in values.items()
    ]
    if not (folder / "runs.parquet").is_file():
        return "\n".join(lines), True
    stored = pl.scan_parquet(folder / "runs.parquet").filter(
        pl.col("point") == point, pl.col("seed") == run.seed
    )
    rows = stored.collect().to_dicts()
    if not rows or rows[0]["status"] != "completed":
        return "\n".join([*lines, say("commands.rerun.no_outcome", folder=folder)]), True
    unlike = [
        name
        for name in NAMES
        if rows[0][name] != (None if np.isnan(values[name]) else values[name])
    ]
    which = "others" if unlike else "same"
    said = say(f"commands.rerun.{which}", folder=folder, outcomes=", ".join(unlike))
    return "\n".join([*lines, said]), not unlike


def command(words: Sequence[str]) -> int:
    """Carry out ``peersim rerun FOLDER [out=...]`` or ``peersim rerun FOLDER point=12 seed=3``, in
    the language that is asked for, or that of the first time.

    Returns
    -------
    int
        0 if everything came out the same, else 1.
    """
    folder, given = asked(words)
    manifest = manifest_of(Path(folder))
    with speaking(given.get("language") or manifest.get("options", {}).get("language", language())):
        found: Any = rerun(folder, **given)
        if "point" in given:
            text, is_same = outcomes(found, Path(folder), given["point"])
        else:
            text = f"\n{verdict(found, manifest)}"
            is_same = bool(found["equal"].all())
        print(text)
    return 0 if is_same else 1


def asked(words: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Read the words behind ``peersim rerun``.

    >>> asked(["results/size", "point=12", "seed=3"])
    ('results/size', {'point': 12, 'seed': 3})
    """
    folders, given = (
        [word for word in words if "=" not in word],
        [word for word in words if "=" in word],
    )
    if len(folders) != 1 or folders[0].startswith("-"):
        raise InvalidInput("errors.rerun.folder")
    found: dict[str, Any] = {}
    for key, _, value in (word.partition("=") for word in given):
        if key not in _WORDS:
            hint = did_you_mean(key, _WORDS)
            raise InvalidInput("errors.rerun.word", hint, name=key, options=_WORDS)
        if key not in _OTHERS and not value.isdecimal():
            empty = "" if value else "_empty"
            raise InvalidInput(f"errors.rerun.whole{empty}", name=key, value=value)
        found[key] = value if key in _OTHERS else int(value)
    return folders[0], found
