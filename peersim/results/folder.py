"""A results folder: tidy Parquet tables, what each column means, and where it all came from.

A folder belongs to one configuration. The same configuration refreshes it; another one, or a folder
with somebody's other files, is refused. Files are written in a hidden folder below it and moved
when all are ready, the manifest last: an interrupted run leaves nothing, or what was there before.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peersim.results import columns as dictionary
from peersim.kernel.catalogue import say
from peersim.kernel.declaration import InvalidInput
from peersim.results.disk import put, writing_to
from peersim.results.manifest import config_hash, differences, fault_of
from peersim.kernel.plain_data import flat

if TYPE_CHECKING:
    import polars as pl

    from peersim.scenario.scenario import Scenario

MANIFEST = "manifest.json"
SHOWN = 3
STAGING = ".unfinished"
LARGEST = 100_000_000
"""Bytes of a manifest; a file that is larger is none of ours."""


def folder_for(study: str, known: Mapping[str, Any], out: str | None) -> Path:
    """Choose the folder: the user's, or one named after the study and its configuration."""
    return Path(out) if out else Path("results") / f"{study}-{config_hash(known)[:8]}"


def guard(folder: Path, known: Mapping[str, Any]) -> None:
    """Refuse a folder that is not ours to write to.

    Raises
    ------
    InvalidInput
        If the folder is a file, cannot be written, holds another configuration's run or unrelated
        files.
    """
    if os.path.exists(folder) and not folder.is_dir():  # a name may be too long
        raise InvalidInput("errors.folder.is_file", out=folder)
    _refuse_unwritable(folder)
    if not os.path.isdir(folder):
        return
    if (folder / MANIFEST).exists():
        _refuse_other_run(folder, known)
        return
    names = sorted(path.name for path in folder.iterdir() if not _is_ours(path))
    if names:
        shown = ", ".join(names[:SHOWN]) + (" ..." if len(names) > SHOWN else "")
        raise InvalidInput("errors.folder.other_files", out=folder, files=shown)


def _is_ours(path: Path) -> bool:
    """Whether a folder holds other runs' results, which may stand below these; hidden files do not
    count.
    """
    return path.name.startswith(".") or (path.is_dir() and any(path.rglob(MANIFEST)))


def _refuse_unwritable(folder: Path) -> None:
    nearest = next(place for place in (folder, *folder.absolute().parents) if os.path.exists(place))
    if not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
        raise InvalidInput("errors.folder.no_permission", out=folder, nearest=nearest)


def _refuse_other_run(folder: Path, known: Mapping[str, Any]) -> None:
    there = manifest_or_none(folder)
    if there is not None and there.get("config_hash") == config_hash(known):
        return
    if there is None:
        raise InvalidInput("errors.folder.damaged", out=folder, manifest=MANIFEST)
    changes = differences(there.get("identity", {}), known)
    shown = "; ".join(map(str, changes[:SHOWN]))
    if (more := len(changes) - SHOWN) > 0:
        shown = say("errors.folder.and_more", shown=shown, more=more)
    raise InvalidInput("errors.folder.other_run", out=folder, differences=shown)


def manifest_or_none(folder: Path) -> dict[str, Any] | None:
    """Read what is known of a run; None if there is nothing, or it is not what it should be."""
    found = _parsed(folder / MANIFEST)
    return found if fault_of(found) is None else None


def _parsed(file: Path) -> Any:
    """What stands in a file of JSON; None if it is none."""
    try:
        if file.is_file() and file.stat().st_size <= LARGEST:
            return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        pass
    return None


@contextlib.contextmanager
def staged(folder: Path, manifest: dict[str, Any]) -> Iterator[Path]:
    """Give an empty folder to write to; if all goes well, its files move into `folder`, the
    manifest last.
    """
    staging = folder / STAGING
    with writing_to(folder):
        shutil.rmtree(staging, ignore_errors=True)  # of a run that was killed
        try:
            staging.mkdir(parents=True)
            yield staging
            _move(staging, folder, manifest)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def _move(staging: Path, folder: Path, manifest: dict[str, Any]) -> None:
    before = (manifest_or_none(folder) or {}).get("files", [])
    names = sorted(
        path.relative_to(staging).as_posix() for path in staging.rglob("*") if path.is_file()
    )
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(staging / name, folder / name)
    for name in set(before) - set(names):  # of an earlier run, and not written by this one
        if ".." not in Path(name).parts and not Path(name).is_absolute():
            (folder / name).unlink(missing_ok=True)
    manifest["files"] = names
    write_manifest(folder, manifest)


def write_tables(
    folder: Path, tables: Mapping[str, pl.DataFrame], manifest: Mapping[str, Any], scenario: Any
) -> None:
    """Write each table as Parquet, and the data dictionary as CSV and Markdown."""
    parameters = dictionary.parameter_columns(scenario)
    footer = footer_of(manifest)
    for name, frame in tables.items():
        typed = dictionary.cast(name, frame, parameters)
        (folder / f"{name}.parquet").write_bytes(as_parquet(typed, footer))
    write_dictionary(folder, tables, parameters, manifest.get("banners", ()))


def footer_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """What each table says of itself: what made it, and what must be said of it."""
    footer = {
        "peersim": manifest["versions"].get("peersim", ""),
        "config_hash": manifest["config_hash"],
    }
    marks = manifest.get("banners", ())
    return footer | ({"banner": " ".join(marks)} if marks else {})


def as_parquet(frame: pl.DataFrame, footer: Mapping[str, str]) -> bytes:
    """Give a table as the content of a file."""
    content = io.BytesIO()
    frame.write_parquet(
        content, compression="zstd", compression_level=1, metadata=dict(footer)
    )
    return content.getvalue()


def write_dictionary(
    folder: Path,
    tables: Mapping[str, pl.DataFrame],
    parameters: Mapping[str, dictionary.Column],
    banners: Iterable[str] = (),
) -> None:
    """Write what each column of these tables means, as CSV and Markdown, below the banners."""
    columns = dictionary.dictionary_of(tables, parameters)
    put(folder / "data_dictionary.csv", dictionary.as_csv(columns).encode())
    marks = "".join(f"**{mark}**\n\n" for mark in banners)
    put(folder / "data_dictionary.md", (marks + dictionary.as_markdown(columns)).encode())


def keep_people(folder: Path, scenarios: Iterable[Scenario]) -> dict[str, str]:
    """Write the user's own people into a folder, by their codes, so that it can be repeated
    elsewhere.

    Returns
    -------
    dict of str to str
        Name of the copy, by the path that the file had.
    """
    kept: dict[str, str] = {}
    for people in (scenario.people for scenario in scenarios):
        if people is not None and people.file not in kept:
            kept[people.file] = f"people_{len(kept) + 1}.csv" if kept else "people.csv"
            (folder / kept[people.file]).write_text(people.coded(), encoding="utf-8")
    return kept


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write what is known of a run, all of it or nothing."""
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    put(folder / MANIFEST, f"{text}\n".encode())


def read_manifest(folder: str | os.PathLike[str]) -> dict[str, Any]:
    """Read what is known of a run.

    Raises
    ------
    InvalidInput
        If there are no results, or it is not what it should be.
    """
    found = _parsed(Path(folder) / MANIFEST)
    if found is None:
        raise InvalidInput("errors.folder.no_manifest", folder=folder, manifest=MANIFEST)
    if (field := fault_of(found)) is not None:
        key = "errors.folder.other_field" if field else "errors.folder.other_manifest"
        raise InvalidInput(key, folder=folder, manifest=MANIFEST, field=field)
    whole: dict[str, Any] = found
    return whole


def read_results(folder: str | os.PathLike[str]) -> dict[str, pl.DataFrame]:
    """Read all tables of a run, or of all runs below a folder.

    Of several runs (``peersim -m ...``) the tables are put under each other, preceded by the column
    ``job`` (name of the subfolder) and one column for each parameter in which the jobs differ.
    Where a table has such a column of its own, as that of a sweep over this parameter, the table
    knows better.

    Raises
    ------
    InvalidInput
        If there are no results, or they cannot be read, or are those of a sweep that is not
        finished.

    Warns
    -----
    UserWarning
        If some of several runs are not finished; they are left out.
    """
    root = Path(folder)
    if (root / MANIFEST).is_file():
        _refuse_unfinished(root)
        return _tables(root)
    jobs = jobs_below(root)
    if not jobs:
        raise InvalidInput("errors.folder.no_results", folder=folder, manifest=MANIFEST)
    finished = [job for job in jobs if not _is_unfinished(job)]
    for job in set(jobs) - set(finished):
        warnings.warn(say("errors.folder.left_out", folder=job), stacklevel=2)
    if not finished:
        _refuse_unfinished(jobs[0])
    return _concatenated(root, finished)


def _is_unfinished(folder: Path) -> bool:
    return read_manifest(folder).get("status") == "running"


def _refuse_unfinished(folder: Path) -> None:
    if _is_unfinished(folder):
        raise unfinished(folder, read_manifest(folder))


def unfinished(folder: Path, manifest: Mapping[str, Any]) -> InvalidInput:
    """The complaint about a sweep that is not finished, with the command that goes on with it."""
    if command := manifest.get("command"):
        return InvalidInput("errors.folder.unfinished_command", folder=folder, command=command)
    return InvalidInput("errors.folder.unfinished", folder=folder)


def _tables(folder: Path) -> dict[str, pl.DataFrame]:
    import polars as pl

    found = {}
    for path in sorted(folder.glob("*.parquet")):
        try:
            found[path.stem] = pl.read_parquet(path)
        except (OSError, pl.exceptions.PolarsError):
            raise InvalidInput("errors.folder.table", file=path) from None
    return found


def jobs_below(root: Path) -> list[Path]:
    """Give the folders below this one that hold a run, those of several runs in order."""
    found = (path.parent for path in root.rglob(MANIFEST))
    seen = (
        path
        for path in found
        if not any(part.startswith(".") for part in path.relative_to(root).parts)
    )
    return sorted(seen, key=_natural)


def _natural(path: Path) -> tuple[Any, ...]:
    return tuple(
        (not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in path.parts
    )


def _concatenated(root: Path, jobs: list[Path]) -> dict[str, pl.DataFrame]:
    import polars as pl

    parts: dict[str, list[pl.DataFrame]] = {}
    for job, setting in zip(jobs, _what_differs(jobs), strict=True):
        known = {"job": job.relative_to(root).as_posix(), **setting}
        for name, frame in _tables(job).items():
            own = frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
            labels = [
                pl.lit(value).alias(label)
                for label, value in known.items()
                if label not in own.columns
            ]
            parts.setdefault(name, []).append(own.select(*labels, pl.all()))
    return {name: pl.concat(frames, how="diagonal_relaxed") for name, frames in parts.items()}


def _what_differs(jobs: list[Path]) -> list[dict[str, Any]]:
    settings = [dict(flat(read_manifest(job)["identity"])) for job in jobs]
    paths = dict.fromkeys(path for setting in settings for path in setting if path != "study")
    differ = [path for path in paths if len({json.dumps(each.get(path)) for each in settings}) > 1]
    differ = [
        path for path in differ if path not in ("seed", "design.digest")
    ]  # tables have a column seed
    return [
        {path.removeprefix("scenario."): _cell(each.get(path)) for path in differ}
        for each in settings
    ]


def _cell(value: Any) -> Any:
    return "+".join(map(str, value)) if isinstance(value, list) else value
