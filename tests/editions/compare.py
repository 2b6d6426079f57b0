"""Does every study give the tables that the second edition gave, bit for bit?

    uv run python tests/editions/compare.py                     all studies: a line each, same or what differs
    uv run python tests/editions/compare.py hybrids staffing    some of them
    uv run python tests/editions/compare.py --keep /tmp/now     keep their folders and what they print

Every kind of experiment (`studies.yaml`) runs at a small size through the command line; all take
two to three minutes. Of each Parquet table that is left, names and types of columns, number of
rows and values (floats by their bits) are compared with `second_edition.json`, which holds digests
alone. That file was written when version 0.2.0 was calibrated, with this script:

    uv run python tests/editions/compare.py --write tests/editions/second_edition.json

Tables and files that are new are no difference, nor are names of figures. What is meant to differ
stands in `MEANT` below. If numbers are meant to change everywhere, what is kept is no longer the
second edition's: say so in CHANGELOG.md, and write the file anew from the edition to be kept. That
the rules of the first edition are still there is held by `tests/test_golden.py`.
"""

import argparse
import contextlib
import fnmatch
import hashlib
import importlib
import json
import pkgutil
import shlex
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Collection
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import polars.selectors as cs
import yaml

import peersim

KEPT = Path(__file__).with_name("second_edition.json")
CHECKOUT = Path(peersim.__file__).parents[1]
EXAMPLES = ("attendance.csv", "people.csv")

SMALL = (
    "population.recipients=20 population.supporters=0 population.asked=8 "
    "population.arrival_weeks=3 training.weeks=1"
)


def studies_in(file: Path) -> dict[str, list[str]]:
    """Command lines of each study."""
    text = file.read_text(encoding="utf-8").replace("SMALL", SMALL)
    return {
        name: [commands] if isinstance(commands, str) else commands
        for name, commands in yaml.safe_load(text).items()
    }


STUDIES = studies_in(Path(__file__).with_name("studies.yaml"))
"""What each study runs, in a folder of its own: no table knows where that was."""

SMALL_PLAN = {"first": 24, "later": 16, "waves": 1, "candidates": 20, "known": 2}
SMALL_PLAN |= {"plausible": 8, "walkers": 40, "steps": 100, "defaults": 4}
"""A calibration has no size smaller than minutes."""

EACH, USUAL = 3, "Float64"  # digits kept of each column's digest; the type that need not be named
LEFT_OUT = {"reproduce", "version", "config_hash"}
"""Columns of which only name and type count: a command, a version, and a digest of all settings,
among them those that a study does not read."""

LEFT_TO_CHANCE = {"spread_by_distance"}
"""Tables whose order of rows, and so the last digit of a mean, the second edition left to chance."""

MEANT: dict[str, str] = {
    "check_own_data*/checks/verdict": "a remark in words: what is typed stands between backticks",
    "patterns*/patterns/note": "a remark in words: numbers are written as elsewhere on the page",
}
"""Columns that hold other values than in the second edition, and are to: study, table and column,
and why (`rows` in place of a column: the table has others). A line here goes with one under
*Changed* in CHANGELOG.md."""

Found = dict[str, Any]
"""What a study left behind: `files`, and for each of its `tables` how many `rows`, the `columns`
(name to type), some digits of a digest for `each` of them, and 16 for `all` together."""


# -- running ---------------------------------------------------------------------------------------


def run_study(name: str, folder: Path) -> Found:
    """Run a study in a folder, and tell what it left there."""
    folder.mkdir(parents=True)
    for example in EXAMPLES:
        shutil.copy(CHECKOUT / "configs" / "examples" / example, folder)
    with contextlib.chdir(folder), small_calibration():
        for command in STUDIES[name]:
            peersim_command(command)
    return found_in(folder)


def peersim_command(command: str) -> None:
    """Run a command line in this process; what it prints goes to ``stdout.txt`` and ``stderr.txt``."""
    (program,) = entry_points(group="console_scripts", name="peersim")
    words = shlex.split(command)
    more = ["workers=1", *([] if "out=" in command else ["out=results"])]
    arguments, sys.argv = sys.argv, ["peersim", *words, *more]
    try:
        with (
            open("stdout.txt", "a", encoding="utf-8") as out,
            open("stderr.txt", "a", encoding="utf-8") as err,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("default")
            program.load()()
    except SystemExit as end:
        if end.code:
            said = Path("stderr.txt").read_text(encoding="utf-8").strip().splitlines()
            raise RuntimeError(f"`peersim {command}` ended with {end.code}: {said[-1:]}") from None
    finally:
        sys.argv = arguments


@contextlib.contextmanager
def small_calibration():
    """While this holds, ``size=quick`` of a calibration is smaller than it is."""
    plans = plans_of_calibration()
    quick = plans["quick"]
    plans["quick"] = quick._replace(**SMALL_PLAN)
    try:
        yield
    finally:
        plans["quick"] = quick


def plans_of_calibration() -> dict:
    """Find the plans of a calibration, in whichever module they are."""
    for module in pkgutil.walk_packages(peersim.__path__, "peersim."):
        if "calibration" in module.name.split("."):
            plans = getattr(importlib.import_module(module.name), "PLANS", None)
            if isinstance(plans, dict):
                return plans
    raise LookupError(
        "No module of the calibration has PLANS any more: say in compare.py how it runs small."
    )


# -- what is there ---------------------------------------------------------------------------------


def found_in(folder: Path) -> Found:
    """What each table below a folder holds, and the names of all files in folders of results."""
    files, tables = set(), {}
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.is_dir() or len(place.parts) < 2 or any(part[0] == "." for part in place.parts):
            continue
        name = place.as_posix().removeprefix("results/")
        if path.suffix == ".parquet":
            table = pl.read_parquet(path)
            if path.stem in LEFT_TO_CHANCE:
                table = table.sort(pl.all()).with_columns(cs.float().round_sig_figs(10))
            tables[name.removesuffix(".parquet")] = held_by(table)
        elif path.parent.name == "figures":
            files.add(name.removesuffix(path.suffix))  # in whichever formats it was drawn
        else:
            files.add(name)
    return {"files": sorted(files), "tables": tables}


def held_by(table: pl.DataFrame) -> Found:
    """Rows of a table, and name, type and digest of each column."""
    digests = [digest_of(column) for column in table]
    columns = {column.name: str(column.dtype.base_type()) for column in table}
    together = hashlib.sha256(json.dumps([list(columns.items()), digests]).encode())
    return {
        "rows": table.height,
        "columns": columns,
        "each": [digest[:EACH] for digest in digests],
        "all": together.hexdigest()[:16],
    }


def digest_of(column: pl.Series) -> str:
    """Hexadecimal digits that change with the type of a column and with any value."""
    kind = list(column.dtype.categories) if isinstance(column.dtype, pl.Enum) else str(column.dtype)
    digest = hashlib.sha256(json.dumps(kind).encode())
    if column.name in LEFT_OUT:
        pass
    elif column.dtype.is_float():
        digest.update(column.is_null().to_numpy().tobytes())
        values = column.fill_null(0.0).to_numpy().copy()
        values[np.isnan(values)] = np.nan  # one of the many that there are
        digest.update(values.tobytes())
    else:
        digest.update(json.dumps(column.to_list(), default=str).encode())
    return digest.hexdigest()


def golden_runs() -> dict[str, str]:
    """Digests of the golden runs of the first edition, which are never renewed."""
    files = sorted((CHECKOUT / "tests" / "golden" / "first_edition").glob("*.csv"))
    return {file.name: hashlib.sha256(file.read_text().encode()).hexdigest()[:16] for file in files}


# -- comparing -------------------------------------------------------------------------------------


def differences(study: str, now: Found, then: Found) -> list[str]:
    """Say what differs from the second edition, a sentence each; there may be more than there was."""
    said = lacking("file", now["files"], files_but_figures(then))
    said += lacking("table", now["tables"], then["tables"])
    for name, table in then["tables"].items():
        if name in now["tables"]:
            if is_meant(f"{study}/{name}/rows"):
                continue
            meant = {column for column in table["columns"] if is_meant(f"{study}/{name}/{column}")}
            found = table_differs(now["tables"][name], table, meant)
            said += [f"table {name}: {each}" for each in found]
    return said


def is_meant(place: str) -> bool:
    return any(fnmatch.fnmatch(place, pattern) for pattern in MEANT)


def lacking(what: str, now: Collection[str], then: Collection[str]) -> list[str]:
    """Say what is missing."""
    return [f"{what} {name} is missing" for name in then if name not in now]


def files_but_figures(found: Found) -> list[str]:
    return [name for name in found["files"] if "figures" not in Path(name).parts]


def table_differs(now: Found, then: Found, meant: Collection[str]) -> list[str]:
    """Say what differs in a table, but for columns that are meant to."""
    if now["all"] == then["all"] and now["rows"] == then["rows"]:
        return []
    said = lacking("column", now["columns"], then["columns"])
    said += [f"column {name} is new" for name in now["columns"] if name not in then["columns"]]
    if not said and list(now["columns"]) != list(then["columns"]):
        said = ["the columns stand in another order"]
    if now["rows"] != then["rows"]:
        return [*said, f"{now['rows']} rows, {then['rows']} in the second edition"]
    before = dict(zip(then["columns"], then["each"], strict=True))
    for (name, kind), digest in zip(now["columns"].items(), now["each"], strict=True):
        was = then["columns"].get(name)
        if was is not None and kind != was:
            said.append(f"column {name} is {kind}, {was} in the second edition")
        elif was is not None and digest != before[name] and name not in meant:
            said.append(f"column {name} has other values")
    return said if said or meant else ["some column has other values"]


# -- keeping ---------------------------------------------------------------------------------------


def write(studies: dict[str, Found], file: Path) -> None:
    """Write what was found; columns that many tables share are named once."""
    shared: dict[str, str] = {}
    kept = {}
    for study, found in studies.items():
        tables = {}
        for name, table in found["tables"].items():
            text = " ".join(
                name if kind == USUAL else f"{name}:{kind}"
                for name, kind in table["columns"].items()
            )
            number = shared.setdefault(text, str(len(shared)))
            tables[name] = f"{table['rows']} {number} {table['all']} {''.join(table['each'])}"
        kept[study] = {"files": " ".join(found["files"]), "tables": tables}
    whole = {
        "golden": golden_runs(),
        "columns": {k: text for text, k in shared.items()},
        "studies": kept,
    }
    file.write_text(json.dumps(whole, indent=0) + "\n", encoding="utf-8")


def read(file: Path = KEPT) -> tuple[dict[str, Found], dict[str, str]]:
    """Read what `write` has written: what each study left behind, and the golden runs."""
    whole = json.loads(file.read_text(encoding="utf-8"))
    columns = {
        number: {
            name: kind or USUAL for name, _, kind in (each.partition(":") for each in text.split())
        }
        for number, text in whole["columns"].items()
    }

    def table(line: str) -> Found:
        rows, number, together, each = line.split()
        digests = [each[k : k + EACH] for k in range(0, len(each), EACH)]
        return {"rows": int(rows), "columns": columns[number], "all": together, "each": digests}

    studies = {
        study: {
            "files": found["files"].split(),
            "tables": {name: table(line) for name, line in found["tables"].items()},
        }
        for study, found in whole["studies"].items()
    }
    return studies, whole["golden"]


def main() -> int:
    """Run the studies that are named, or all, and print a line each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("studies", nargs="*", metavar="STUDY", help=", ".join(STUDIES))
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep folders of results and what is printed"
    )
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="write digests instead of comparing them"
    )
    asked = parser.parse_args()
    if unknown := set(asked.studies) - set(STUDIES):
        parser.error(f"there is no study called {', '.join(unknown)}")
    then = {} if asked.write else read()[0]
    found, failed = {}, 0
    with tempfile.TemporaryDirectory() as elsewhere:
        for name in asked.studies or STUDIES:
            folder = (asked.keep or Path(elsewhere)).resolve() / name
            shutil.rmtree(folder, ignore_errors=True)
            begin = time.process_time()
            try:
                found[name] = run_study(name, folder)
                said = [] if asked.write else differences(name, found[name], then[name])
            except Exception as error:
                traceback.print_exc()
                said = [f"it fails: {error}"]
            failed += bool(said)
            verdict = (
                "\n  ".join(["differs", *said]) if said else "written" if asked.write else "same"
            )
            print(f"{name} ({time.process_time() - begin:.0f} s): {verdict}", flush=True)
    if asked.write and not failed:
        write(found, asked.write)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
