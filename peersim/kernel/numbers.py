r"""Numbers as people write them, in each language.

A format is a short word that stands in a sentence of the catalogue (``{share:percent}``) or in the
declaration of a column:

========== ============================== ==================== =====================
format     what it is for                 English              Danish
========== ============================== ==================== =====================
``0``..    so many decimals               1,234.5              1.234,5
``+2``     with its sign                  +0.05, −0.05         +0,05, −0,05
``%``      a share, in per cent           43%, 0.4%, 99.99%    43 %, 0,4 %, 99,99 %
``%1``     with so many decimals          43.3%                43,3 %
``+%``     a difference of shares         +4%                  +4 %
``points`` the same, without the sign     +4                   +4
``about``  a count in round figures       8,000                8.000
``kr``     Danish kroner                  DKK 1,113,296        1.113.296 kr.
``g``      as many digits as it needs     0.25, 12             0,25, 12
``g3``     with so many that count        0.0305, 1,230        0,0305, 1.230
========== ============================== ==================== =====================
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
NONE = "\N{EN DASH}"
"""Stands where there is no number."""

MOST_OF_SHARE = 3
"""Decimals of a share at most; what would take more is nothing, or all."""

_MARKS = {"en": (",", "."), "da": (".", ",")}
"""What parts thousands, and decimals."""

_FORM = re.compile(r"(\+?)(\d+|%\d*|points\d*|about|kr|g\d*)")


def written(value: float | None, form: str = "g", language: str = "en") -> str:
    r"""Write a number.

    Parameters
    ----------
    value : float or None
        None and NaN are written as a dash.
    form : str
        One of the formats of this module.
    language : str

    >>> written(1234.5, "1"), written(-0.0456, "+2"), written(0.4333, "%"), written(0.004, "%")
    ('1,234.5', '−0.05', '43%', '0.4%')
    >>> [written(share, "%") for share in (1.0, 0.9999, 0.996, 0.0004, 1e-9)]
    ['100%', '99.99%', '99.6%', '0.04%', '0%']
    >>> written(1113296, "kr", "da"), written(6.5, "1", "da"), written(8044, "about"), written(None)
    ('1.113.296\xa0kr.', '6,5', '8,000', '–')
    >>> written(0.1 + 0.2), written(0.030461, "g3"), written(4.48e-8, "g3"), written(1230.4, "g3")
    ('0.3', '0.0305', '0.0000000448', '1,230')
    """
    found = _FORM.fullmatch(form)
    if found is None:
        raise ValueError(f"there is no format {form!r} for numbers")
    if value is None or not math.isfinite(value):
        return NONE
    sign, kind = found[1], found[2]
    if kind.startswith(("%", "points")):
        text = _decimals(100 * value, _digits_of_share(value, kind), sign, language)
        percent = "%" if language == "en" else f"{SPACE}%"
        return text + percent if kind.startswith("%") else text
    if kind == "about":
        size = 10 ** max(0, len(str(abs(round(value)))) - 2)
        return _decimals(round(value / size) * size, 0, sign, language)
    if kind == "kr":
        text = _decimals(value, 0, sign, language)
        return f"DKK{SPACE}{text}" if language == "en" else f"{text}{SPACE}kr."
    if kind.startswith("g"):
        value = float(f"{value:.{kind[1:]}g}") if kind[1:] else round(value, 6)
        return _decimals(value, _needed(value), sign, language)
    return _decimals(value, int(kind), sign, language)


def respelled(text: str, language: str) -> str:
    r"""Write the numbers of an English text as another language does.

    >>> respelled("0.25 of 12.5%", "en"), respelled("-0.25 of 12.5%", "da")
    ('0.25 of 12.5%', '−0,25 of 12,5\xa0%')
    """
    text = re.sub(r"(?<![\w.,])-(?=\d)", MINUS, text)
    if language == "en":
        return text
    thousands, point = _MARKS[language]
    marks = str.maketrans(",.", f"{thousands}{point}")
    found = re.sub(r"\d[\d,]*(?:\.\d+)?(?<!,)", lambda each: each[0].translate(marks), text)
    return re.sub(r"(?<=\d)%", f"{SPACE}%", found)


def _digits_of_share(value: float, kind: str) -> int:
    """Whole per cents, or the decimals asked for; more of them, up to `MOST_OF_SHARE`, rather than
    write nothing for something, or all for nearly all.
    """
    asked, size = kind.lstrip("%points"), abs(value)
    usual = int(asked or 0)
    if not 0 < size < 1 or (asked and kind.startswith("points")):
        return usual
    least = usual if asked or 0.01 <= size <= 0.99 else 1
    for digits in range(least, MOST_OF_SHARE + 1):
        if float(f"{100 * size:.{digits}f}") not in (0, 100):
            return digits
    return usual


def _needed(value: float) -> int:
    """Decimals that are there."""
    return max(0, -int(Decimal(repr(float(value))).normalize().as_tuple().exponent))


def _decimals(value: float, digits: int, sign: str, language: str) -> str:
    thousands, point = _MARKS[language]
    text = f"{value:{sign},.{digits}f}"
    if not any(digit in text for digit in "123456789"):
        text = text.lstrip("+-")  # zero has no sign
    return text.translate(str.maketrans(",.-", f"{thousands}{point}{MINUS}"))
