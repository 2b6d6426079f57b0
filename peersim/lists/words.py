"""Words of people's lists in English and Danish: headings, and what stands below them.

They stand in ``words.csv``, one meaning a row.
"""

from __future__ import annotations

import csv
import difflib
import functools
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from importlib import resources

_FEW = 10
"""So many characters of a cell may stand in a sentence: a date, but not a person's full name."""


_NOT = re.compile(r"\b(ikke|not|did not|didn't|wasn't)\b")


@functools.cache
def words(kind: str) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Words of one kind by what they mean: English and Danish ones, plainest first."""
    lines = (resources.files(__package__) / "words.csv").read_text("utf-8").splitlines()
    rows = [row for row in csv.DictReader(lines) if row["kind"] == kind]
    return {
        row["meaning"]: (tuple(row["english"].split("|")), tuple(row["danish"].split("|")))
        for row in rows
    }


@functools.cache
def _meanings(kind: str) -> Mapping[str, str]:
    return {
        word: name
        for name, (english, danish) in words(kind).items()
        for word in (*english, *danish)
        if word
    }


def clean(text: str) -> str:
    """Text as one line, without characters that nobody can see.

    >>> clean(" Mødt " + chr(10) + chr(0x200B) + "op")
    'Mødt op'
    """
    seen = (" " if c.isspace() else c for c in unicodedata.normalize("NFKC", text))
    return " ".join("".join(c for c in seen if c.isprintable()).split())


def shortened(text: str, most: int = _FEW) -> str:
    """A cell or heading as a sentence may repeat it: a few characters of it.

    >>> shortened("31-12-2024"), shortened("Anna Hansen"), shortened(" ")
    ('31-12-2024', 'Anna Hanse…', 'empty')
    """
    line = clean(text)
    return (line if len(line) <= most else line[:most] + "…") or "empty"


def plain(text: str) -> str:
    """A heading as it is looked up: small letters, one underscore for whatever parts words, and no
    explanation in brackets.

    >>> plain(" Til-stede "), plain("Årsag til stop:"), plain("2. Fremmøde (ja/nej) *")
    ('til_stede', 'årsag_til_stop', 'fremmøde')
    """
    line = re.sub(r"^\d+[.)] +(?=\D)", "", clean(text).lower())
    return re.sub(r"\W+", "_", re.sub(r"\(.*?\)|\[.*?\]", " ", line)).strip("_")


def meaning(kind: str, text: str) -> str | None:
    """What a cell says: one of the meanings of this kind of word, or None.

    >>> meaning("role", "Frivillig"), meaning("presence", "afbud (syg)"), meaning("role", "chef")
    ('supporter', 'stayed_away', None)
    >>> meaning("presence", "Kom ikke"), meaning("presence", "did not attend")
    ('stayed_away', None)
    """
    line, known = clean(text).lower().rstrip("."), _meanings(kind)
    found = known.get(line) or known.get(re.sub(r" *\(.*?\)", "", line)) or known.get(plain(line))
    if found is None and kind == "presence" and _NOT.search(line):
        said = known.get(" ".join(_NOT.sub(" ", line).split()))
        return "stayed_away" if said == "came" else None
    return found


def heading(text: str, fields: Collection[str]) -> str | None:
    """Which of these fields stands below a heading, or None.

    >>> heading("Navn", ["person", "date"]), heading("Bemærkninger", ["person", "date"])
    ('person', None)
    """
    name = _meanings("heading").get(plain(text))
    return name if name in fields else None


def rank(text: str, field: str) -> int:
    """How plain a name of the field a heading is; 0 is plainest."""
    word = plain(text)
    every = words("heading")[field]
    return min((names.index(word) for names in every if word in names), default=0)


def resembled(text: str, fields: Iterable[str]) -> str | None:
    """The heading of one of these fields that another one begins like, or is nearly spelt like.

    >>> [resembled(text, ["date", "present"]) for text in ("Dato for møde", "Fremøde", "By")]
    ['dato', 'fremmøde', None]
    """
    word = plain(text)
    known = [name for field in fields for name in headings_of(field)]
    begun = [name for name in known if word.startswith(name + "_")]
    return (
        max(begun, key=len)
        if begun
        else next(iter(difflib.get_close_matches(word, known, 1, 0.8)), None)
    )


def is_total(text: str) -> bool:
    """Whether what stands in the column of persons says that the row is a sum.

    >>> is_total("Deltagere i alt"), is_total("I alt:"), is_total("Totte Sumpf")
    (True, True, False)
    """
    line = f" {clean(text).lower().rstrip(':').strip()} "
    return any(
        line.startswith(f" {word} ") or line.endswith(f" {word} ") for word in _meanings("total")
    )


def month(text: str) -> int | None:
    """The number of a month by its name or the beginning of it.

    >>> month("aug"), month("Okt."), month("ma")
    (8, 10, None)
    """
    word = text.lower().rstrip(".")
    found = [
        int(n) for name, n in _meanings("month").items() if len(word) > 2 and name.startswith(word)
    ]
    return found[0] if found else None


def headings_of(field: str, most: int | None = None) -> list[str]:
    """Headings that a field can have, plainest first; at most so many in each language.

    >>> headings_of("date", 2)
    ['date', 'meeting_date', 'dato', 'mødedato']
    """
    each = (name for names in words("heading")[field] for name in names[:most] if name)
    return list(dict.fromkeys(each))
