"""What stands in a cell: numbers, whether somebody came, roles, and who a person is."""

from __future__ import annotations

import re
import unicodedata

from peersim.lists.words import clean, meaning

MISSING = ("", "-", "na", "n/a", "nan", "#n/a", "#i/t")
MOST_TIMES = 14
"""Nobody comes more often in one cell: a larger number is a sum, or something else."""

_NUMBER = re.compile(r"([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?) *(%?)", re.ASCII | re.I)
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.I)
_NUMBERED = re.compile(r"(\D*?)0*(\d+?)(?:[.,]0+)?")
_CODE = re.compile(r"[^\W\d_]{0,2}[-_ ]?\d{1,5}|[^\W\d_]")


def number(text: str) -> float | None:
    """A number with a decimal point or comma, or a percentage; None if it is none.

    >>> number("0,75"), number("75 %"), number(".5"), number("1_0"), number("inf")
    (0.75, 0.75, 0.5, None, None)
    """
    found = _NUMBER.fullmatch(clean(text))
    if found is None:
        return None
    value = float(found[1].replace(",", "."))
    return value / 100.0 if found[2] else value


def whole(text: str) -> int | None:
    """A whole number, perhaps with zeros behind the comma; ``1.000`` could be two numbers.

    >>> whole("7"), whole("7,0"), whole("1.000"), whole("1.5")
    (7, 7, None, None)
    """
    found = re.fullmatch(r"(\d+)(?:[.,]0{1,2})?", clean(text), re.ASCII)
    return int(found[1]) if found else None


def times_came(text: str) -> int | None:
    """How often somebody came, by what stands in a cell; None if that cannot be told.

    >>> [times_came(text) for text in ("ja", "afbud", "2", "1,0", "måske")]
    [1, 0, 2, 1, None]
    """
    said = meaning("presence", text) if clean(text) else "stayed_away"
    if said is not None:
        return int(said == "came")
    times = whole(text)
    return times if times is not None and times <= MOST_TIMES else None


def role(text: str) -> str | None:
    """``recipient``, ``supporter``, ``asked`` (to become one) or ``staff``; None if a cell says
    something else.

    >>> role("Frivillig"), role(""), role("direktør")
    ('supporter', 'recipient', None)
    """
    return meaning("role", text) if clean(text) else "recipient"


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet has shortened a long number, so that it names several people.

    >>> is_rounded("1,23E+09"), is_rounded("E09")
    (True, False)
    """
    return bool(_ROUNDED.fullmatch(clean(text)))


def same_person(text: str) -> str:
    """A name or code as two are held against each other: ``1``, ``001`` and ``1.0`` are one person.

    >>> [same_person(text) for text in ("001", "1,0", "1", "D01", "'007", "Sumpf, Totte")]
    ['1', '1', '1', 'd1', '7', 'totte sumpf']
    """
    line = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in clean(text))
    line = re.sub(r"(?<=\d{6})[- ](?=\d{4}$)", "", line.casefold().strip(" .,;:'\"´`*"))
    if reversed_ := re.fullmatch(r"([^,\d]+), *([^,\d]+)", line):
        line = f"{reversed_[2]} {reversed_[1]}"
    found = _NUMBERED.fullmatch(line)
    return "".join(found.groups()) if found else line


def is_code(text: str) -> bool:
    """Whether what tells a person apart is a short code that names nobody.

    >>> [is_code(text) for text in ("R1", "17", "d-04", "A", "Bo", "Anna 3", "010190-1234")]
    [True, True, True, True, False, False, False]
    """
    return bool(_CODE.fullmatch(clean(text)))
