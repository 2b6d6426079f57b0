"""The built scripts are those of the sources, and say whose code they hold."""

import gzip
import hashlib
from importlib import resources
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = resources.files("peersim") / "app" / "static"
BUILT = ("play.js", "serve.js", "share.js", "year.js", "widget.js", "app.css", "play.css")
SIZES = {
    "play.js": (60, 22.2),
    "serve.js": (68, 24.4),
    "share.js": (60, 23.1),
    "year.js": (60, 22),
    "widget.js": (60, 22),
}
"""Kilobytes that a script may have, as it is and gzipped. The aim is 60 and 22; where more stands
here, that is what was reached, and what it may not grow beyond."""
BESIDE = ("node_modules/", "package-lock.json")


def digest():
    """As web/build.mjs works it out."""
    web, found = ROOT / "web", hashlib.sha256()
    names = [each.relative_to(web).as_posix() for each in web.rglob("*")]
    for name in sorted(names):
        if name.endswith((".js", ".mjs", ".css", ".json")) and not name.startswith(BESIDE):
            found.update(name.encode() + (web / name).read_bytes())
    found.update((ROOT / "peersim/locales/catalogue.js").read_bytes())
    return found.hexdigest()[:16]


@pytest.mark.parametrize("name", BUILT)
def test_what_is_built_is_built_from_these_sources(name):
    first = (STATIC / name).read_text("utf-8").splitlines()[0]
    assert first == f"/* built from {digest()} */", "run `npm install && npm run build` in web/"


def test_the_licence_of_the_library_is_there():
    assert (STATIC / "LICENCES.txt").read_text("utf-8").startswith("lit-html 3.")


@pytest.mark.parametrize("name", BUILT)
def test_nothing_is_asked_from_elsewhere(name):
    text = (STATIC / name).read_text("utf-8")
    assert "https://" not in text
    assert not [part for part in text.split("http://")[1:] if not part.startswith("www.w3.org/")]


@pytest.mark.parametrize("name", SIZES)
def test_scripts_stay_small(name):
    text, (most, most_packed) = (STATIC / name).read_bytes(), SIZES[name]
    assert len(text) / 1000 <= most
    assert len(gzip.compress(text, 9)) / 1000 <= most_packed
