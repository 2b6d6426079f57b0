"""The built scripts are those of the sources, and say whose code they hold."""

import hashlib
from importlib import resources
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = resources.files("peersim") / "app" / "static"
BUILT = ("play.js", "serve.js", "share.js", "year.js", "app.css")


def digest():
    """As web/build.mjs works it out."""
    web, found = ROOT / "web", hashlib.sha256()
    names = {
        file.relative_to(web).as_posix(): file
        for folder in (web, *(each for each in web.iterdir() if each.is_dir()))
        for file in folder.iterdir()
        if folder.name != "node_modules" and file.suffix in (".js", ".mjs", ".css", ".json")
    }
    for name in sorted(names.keys() - {"package-lock.json"}):
        found.update(name.encode() + names[name].read_bytes())
    found.update((ROOT / "peersim/locales/catalogue.js").read_bytes())
    return found.hexdigest()[:16]


@pytest.mark.parametrize("name", BUILT)
def test_what_is_built_is_built_from_these_sources(name):
    first = (STATIC / name).read_text("utf-8").splitlines()[0]
    assert first == f"/* built from {digest()} */", "run `npm install && npm run build` in web/"


@pytest.mark.parametrize("library", ["lit-html", "d3-force", "d3-array"])
def test_licences_are_there(library):
    assert f"{library} " in (STATIC / "LICENCES.txt").read_text("utf-8")


@pytest.mark.parametrize("name", BUILT)
def test_nothing_is_asked_from_elsewhere(name):
    text = (STATIC / name).read_text("utf-8")
    assert "https://" not in text
    assert not [part for part in text.split("http://")[1:] if not part.startswith("www.w3.org/")]
