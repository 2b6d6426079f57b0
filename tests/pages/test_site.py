"""The site is built without a warning, links lead somewhere, and no page loads from elsewhere."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOADS = re.compile(
    r"<(?:script|img|iframe|link|source|video|audio)\b[^>]*?\b(?:src|href)=\"([^\"]+)\"[^>]*>"
)


pytestmark = pytest.mark.compiles  # a file to send on is worked out while the site is built


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if find_spec("mkdocs") is None:
        said = "the site is built with packages of a group of its own: uv run --group site pytest"
        pytest.fail(said) if os.environ.get("CI") else pytest.skip(said)
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


def test_no_page_loads_from_elsewhere(site):
    for page in site.rglob("*.html"):
        loaded = [
            where
            for where in LOADS.findall(page.read_text("utf-8"))
            if re.match(r"(https?:)?//", where)
        ]
        assert not loaded, page.name


def test_the_reference_has_every_public_name(site):
    import peersim

    text = (site / "api.html").read_text("utf-8")
    for name in peersim.__all__[1:]:
        assert f'id="{name.lower()}"' in text or f"peersim.{peersim._HOME[name]}.{name}" in text, (
            name
        )


def test_the_gallery_shows_every_experiment(site):
    text = (site / "gallery.html").read_text("utf-8")
    for picture in (ROOT / "experiments").glob("*/*.png"):
        assert f"experiments/{picture.parent.name}/{picture.name}" in text


def test_a_file_to_send_on_can_be_tried_out(site):
    pages = {"gallery": "sent", "for_designers": "sent", "da": "sent_da"}
    for name, sent in pages.items():
        text = (site / f"{sent}.html").read_text("utf-8")
        assert "Content-Security-Policy" in text and len(text) < 300_000
        assert f'<iframe class="sent" src="{sent}.html"' in (site / f"{name}.html").read_text(
            "utf-8"
        )
