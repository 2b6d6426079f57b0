"""From a file to rows of cells: encodings, separators, quotation marks, spreadsheets."""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import os
import re
from pathlib import Path
from string import whitespace
from typing import Any, NamedTuple

from peersim.kernel.catalogue import Foreign
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import did_you_mean

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_EIGHT_BITS = ("cp1252", "mac_roman", "cp850", "latin-1")
"""Encodings of Danish Windows, Macs and DOS; the last one reads anything."""

_LETTERS = frozenset("æøåÆØÅéüöä")
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OTHERS = {b"%PDF": "pdf", b"\x1f\x8b": "packed", b"{\\rtf": "text_document", b"<": "web_page"}
_SEPARATORS = ";,\t|"


class Grid(NamedTuple):
    """One reading of a file: with one separator, or one sheet; and what stands against it."""

    separator: str
    rows: list[list[str]]
    stray_quote: int = 0  # a row with a quotation mark that is not closed


def content_of(file: str) -> bytes:
    """Read a file, or say that there is none of this name and which is nearest."""
    path = Path(os.path.expanduser(file))
    try:
        return path.read_bytes()
    except FileNotFoundError:
        names = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, names)
        raise InvalidInput("errors.lists.no_file", hint, file=file) from None
    except OSError as error:
        reason = Foreign(str(error.strerror))
        raise InvalidInput("errors.lists.unreadable", file=file, reason=reason) from None


def grids(file: str, content: bytes) -> list[Grid]:
    """Give every reading of a file: a CSV with each separator, or the sheets of a spreadsheet."""
    if content.startswith(_SPREADSHEETS):
        return _sheets(file, content)
    for start, what in _OTHERS.items():
        if content.lstrip().startswith(start):
            raise InvalidInput(f"errors.lists.no_csv_but.{what}", file=file)
    text = decoded(content).rstrip("\x1a")
    if sum(c < " " and not c.isspace() for c in text[:1000]) > 5:
        raise InvalidInput("errors.lists.no_csv", file=file)
    first = re.match(
        r'"?sep=([^\w"\r\n ])"?[^\S\n]*\r?\n', text
    )  # a line for Excel alone, which hides it
    text = text[first.end() :] if first else text
    if not text.strip(_SEPARATORS + whitespace):
        return []
    return [_grid(text, separator) for separator in (first[1] if first else _SEPARATORS)]


def decoded(content: bytes) -> str:
    """Text in whatever encoding it was saved; that of 8 bits which makes most letters Danish.

    >>> [decoded("Søren mødte".encode(name)) for name in ("mac_roman", "cp850", "utf-16-le")]
    ['Søren mødte', 'Søren mødte', 'Søren mødte']
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    even, odd = content[::2].count(0), content[1::2].count(0)
    if max(even, odd) > len(content) / 4 > 4 * min(even, odd):
        return content.decode("utf-16-le" if odd > even else "utf-16-be", errors="replace")
    try:
        return _mended(content.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    readings = []
    for encoding in _EIGHT_BITS:
        try:
            readings.append(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return max(readings, key=lambda text: sum(c in _LETTERS for c in text))


def _mended(text: str) -> str:
    """Text that was saved as UTF-8, read as if from Windows, and saved again: ``Ã¸`` was ø."""
    try:
        return text.encode("cp1252").decode("utf-8") if "Ã" in text else text
    except UnicodeError:
        return text


def _grid(text: str, separator: str) -> Grid:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append(row)
    except csv.Error:
        return Grid(separator, rows, len(rows) + 1)
    widest = max(map(len, rows), default=0)
    for number, row in enumerate(rows, 1):
        for line in (line for cell in row if "\n" in cell for line in cell.splitlines()):
            if widest > 1 and line.count(separator) >= widest - 1:
                return Grid(separator, rows, number)
    return Grid(separator, rows)


def _sheets(file: str, content: bytes) -> list[Grid]:
    try:
        from python_calamine import load_workbook
    except ImportError:
        raise InvalidInput("errors.lists.spreadsheet", file=file) from None
    try:
        book = load_workbook(io.BytesIO(content))
        sheets = [
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        ]
    except Exception:  # of many kinds, from a library in another language
        raise InvalidInput("errors.lists.spreadsheet_unreadable", file=file) from None
    return [Grid("", [[_written(cell) for cell in row] for row in rows]) for rows in sheets]


def _written(cell: Any) -> str:
    if isinstance(cell, (datetime.date, datetime.datetime)):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() or isinstance(cell, bool):
        return str(int(cell))
    return str(cell)
