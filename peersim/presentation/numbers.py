"""Numbers that carry their origin: each stands in a page as ``<data>`` and says from which table it
comes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup, escape

DASH = Markup('<span class="none" title="not applicable">–</span>')
SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def shown(value: float, style: str) -> str:
    r"""Write a number the way people read it.

    >>> shown(0.4333, "percent"), shown(12345.6, "whole"), shown(-0.0456, "signed")
    ('43\xa0%', '12\xa0346', '−0.046')
    """
    if style == "percent":
        digits = 1 if 0 < value < 0.01 else 0
        return f"{100 * value:.{digits}f}{SPACE}%"
    if style == "margin":
        return f"{value:.3f}" if value >= 0.0005 or value == 0 else f"{value:.1g}"
    if style == "percent_margin":
        return f"{100 * value:.0f}" if value >= 0.01 else f"{100 * value:.1f}"
    if style == "signed":
        return f"{value:+.3f}".replace("-", MINUS)
    digits = {"whole": 0, "one": 1, "two": 2, "three": 3}[style]
    return f"{value:,.{digits}f}".replace(",", SPACE).replace("-", MINUS)


def tagged(value: float | None, style: str, **origin: Any) -> Markup:
    """Write a number as ``<data>``: rounded for the eye, in full as `value`, with its origin as
    attributes.

    >>> print(tagged(0.4333, "two", table="runs", design="group"))
    <data class="n" value="0.4333" data-style="two" data-table="runs"
    data-design="group">0.43</data>
    """
    if value is None or not np.isfinite(value):
        return DASH
    attributes = {
        "style": style,
        **{name: item for name, item in origin.items() if item is not None},
    }
    return _data(repr(float(value)), shown(float(value), style), attributes)


def marked(value: float | None, text: str, **origin: Any) -> Markup:
    """Write a number that has been put into words already.

    >>> print(marked(0.4333, "43 %", table="runs"))
    <data class="n" value="0.4333" data-table="runs">43 %</data>
    """
    if value is None or not np.isfinite(value):
        return DASH
    return _data(repr(float(value)), text, origin)


def quoted(text: Any, **origin: Any) -> Markup:
    """Write words as they stand elsewhere: a setting, a version, the meaning of a parameter."""
    return _data(str(text), str(text), origin)


def _data(value: str, text: str, attributes: dict[str, Any]) -> Markup:
    listed = "".join(f' data-{name}="{escape(str(item))}"' for name, item in attributes.items())
    return Markup(f'<data class="n" value="{escape(value)}"{listed}>{escape(text)}</data>')
