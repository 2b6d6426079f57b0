"""One HTML file that holds all it needs: script, style, words, data; it asks for nothing."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import os
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from peersim.kernel.catalogue import LANGUAGES, catalogue
from peersim.kernel.declaration import InvalidInput
from peersim.results.disk import put, writing_to

FACES = "faces."
"""Under this key stand the words of pages."""

STYLES = {"play": "play.css"}
"""Pages that have a style of their own; all others have that of all pages."""

REFUSALS = ("error.version", "error.old_browser")
"""Words that a page must have even if it cannot unpack anything."""

SHARED = ("lists.", "outcomes.", "ends.")
"""Keys whose words pages use as well."""


def built(name: str) -> str:
    """A script or style as it was built from the sources in ``web/``."""
    return (resources.files("peersim") / "app" / "static" / name).read_text("utf-8")


def words(parts: Sequence[str] = ("",)) -> dict[str, dict[str, str]]:
    """The sentences of pages by language and key, "faces." left out.

    Parameters
    ----------
    parts : sequence of str
        First words of the keys that a page needs, such as ``"play."``; by default all.
    """
    return {language: _words_in(language, tuple(parts)) for language in LANGUAGES}


def _words_in(language: str, parts: tuple[str, ...]) -> dict[str, str]:
    known = catalogue(language)
    faces = {key.removeprefix(FACES): text for key, text in known.items() if key.startswith(FACES)}
    shared = {key: text for key, text in known.items() if key.startswith(SHARED)}
    return {key: text for key, text in faces.items() if key.startswith(parts)} | shared


def as_json(data: Any) -> str:
    """Data as JSON that every browser reads: NaN is refused rather than written."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def packed(data: Any, pack: bool = True) -> str:
    """Data for a page, gzipped and in base64; plain, for browsers from before 2023, if asked."""
    text = as_json(data)
    if not pack:
        return text.replace("</", "<\\/").replace("<!--", "<\\!--")
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii")


def _digest(text: str) -> str:
    found = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(found).decode('ascii')}'"


def single_file(
    script: str,
    title: str,
    data: Any,
    language: str = "en",
    parts: Sequence[str] = ("",),
    pack: bool = True,
) -> str:
    """Put a page together as one file.

    Parameters
    ----------
    script : str
        Name of a built script: ``play`` or ``share``.
    title : str
    data : object
        What the page shows, as plain data; the script finds it beside the words in the element
        ``data``.
    language : {"en", "da"}
        In which the page opens; it holds both.
    parts : sequence of str
        See `words`.
    pack : bool
        Whether data are packed.

    Returns
    -------
    str
        HTML with a policy under which a browser runs this script alone and asks for nothing.
    """
    code = built(f"{script}.js").replace("</script", "<\\/script")
    style = built(STYLES.get(script, "app.css"))
    policy = {
        "default-src": "'none'",
        "script-src": _digest(code),
        "style-src": _digest(style),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return _PAGE.format(
        language=language,
        policy="; ".join(f"{name} {value}" for name, value in policy.items()),
        title=html.escape(title),
        style=style,
        words=packed(words(REFUSALS), pack=False),
        data=packed({"words": words(parts), "data": data}, pack),
        code=code,
    )


_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>{title}</title><style>{style}</style></head>
<body><main id="page"></main>
<script type="application/json" id="words">{words}</script>
<script type="text/plain" id="data">{data}</script>
<script>{code}</script></body></html>
"""


# -- files ----------------------------------------------------------------------------------------
def checked_place(path: str | os.PathLike[str]) -> Path:
    """Where a page can be written.

    Raises
    ------
    InvalidInput
        If the name does not end in .html, or if something stands there that is no page of peersim.
    """
    place = Path(os.path.expanduser(path))
    if place.suffix.lower() not in (".html", ".htm"):
        raise InvalidInput("errors.lesson.no_html", out=place)
    with writing_to(place):
        if place.exists() and not (place.is_file() and _is_page(place)):
            raise InvalidInput("errors.lesson.in_the_way", out=place)
    return place


def _is_page(place: Path) -> bool:
    return b'<main id="page">' in place.read_bytes()


def save(page: str, place: Path) -> Path:
    """Write a page to a file, all of it or nothing; gives where it is."""
    with writing_to(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        put(place, page.encode())
    return place
