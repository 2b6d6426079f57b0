"""The document about a calibration, and the sample that ships: both made from the folder of a
finished calibration.

``uv run python -m peersim.studies.calibration.document results/calibration`` writes
``docs/calibration.md`` (from the template beside this file, with the tables and sentences of the
study) and ``peersim/data/plausible.parquet``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from peersim.kernel.catalogue import say
from peersim.presentation.exhibit import SHORT, Exhibit
from peersim.results.folder import read_manifest, read_results
from peersim.studies.calibration.exhibits import exhibits
from peersim.studies.calibration.sentences import sentences
from peersim.studies.calibration.settings import SETTINGS
from peersim.studies.calibration.targets import GROUPS, NOT_USED
from peersim.studies.study import Found

HERE = Path(__file__).resolve()
ROOT = HERE.parents[3]
DOCUMENT = ROOT / "docs" / "calibration.md"
SHIPPED = ROOT / "peersim" / "data" / "plausible.parquet"
NOT_PARAMETERS = ("set", "worst")
CODE = ("target", "parameter", "other")
"""Columns that hold names as they are typed."""


def document(found: Found, manifest: Mapping[str, Any]) -> str:
    """Write the document.

    Parameters
    ----------
    found : Found
        What a finished calibration found.
    manifest : mapping
        Of its folder.
    """
    names = [
        name
        for table, column in (("targets", "target"), ("shrinkage", "parameter"))
        for name in found.tables[table][column].cast(str)
    ]
    typed = re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, names))})(?!\.?\w)")
    said = [(each, typed.sub(r"`\1`", str(each))) for each in sentences(found)]
    environment = Environment(
        loader=FileSystemLoader(HERE.parent), undefined=StrictUndefined, keep_trailing_newline=True
    )
    return environment.get_template("document.md").render(
        facts=found.facts,
        identity=manifest["identity"],
        version=manifest["versions"]["peersim"],
        groups=", ".join(GROUPS.values()),
        settings=_settings(),
        not_used={key: say(f"calibration.not_used.{key}") for key in NOT_USED},
        short=[text for each, text in said if each.section == SHORT],
        say={each.key.removeprefix("calibration."): text for each, text in said},
        table={each.name: markdown(each) for each in exhibits(found)},
    )


def markdown(exhibit: Exhibit) -> str:
    """Write an exhibit as a table of Markdown; nothing if it has no rows."""
    is_code = [column.key in CODE for column in exhibit.columns]
    rows = (
        [f"`{cell}`" if code else str(cell) for cell, code in zip(cells, is_code, strict=True)]
        for cells in exhibit.cells()
    )
    return _table(exhibit.headings(), rows) if exhibit.rows else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head, *body = (f"| {' | '.join(line)} |" for line in (heads, *rows))
    return "\n".join([head, "|" + "---|" * len(heads), *body])


def _settings() -> str:
    """The programmes in which targets are measured, as they could be typed."""
    rows = []
    for each in SETTINGS:
        typed = (f"{path}={value}".replace("'", "") for path, value in each.changes.items())
        settings = ", ".join(f"`{text.replace(' ', '')}`" for text in typed)
        rows.append([each.name, each.about, settings])
    return _table(("setting", "what it is", "settings"), rows)


def ship(folder: str) -> None:
    """Write the document and the sample that ships from the folder of a finished calibration."""
    tables, manifest = read_results(folder), read_manifest(folder)
    text = document(Found(tables, manifest["facts"]), manifest)
    DOCUMENT.write_text(text, encoding="utf-8")
    tables["plausible"].drop(NOT_PARAMETERS).write_parquet(SHIPPED, compression="zstd")


if __name__ == "__main__":
    ship(sys.argv[1])
