"""Take the pictures of pages that the documents show: ``uv run python docs/take_pictures.py``.

The commands are given as a user gives them, and their pages opened in Chromium in both languages.
Pictures are kept in docs/images, with as few colours as they have.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parent / "images"
LANGUAGES = {"en": "", "da": "_da"}
SIZE = {"width": 1280, "height": 860}
COLOURS = 128
ANSWERED = "Boolean(window.designer?.line && designer.line.pairs === designer.line.of)"
PEERSIM = [str(Path(sys.executable).with_name("peersim"))]


def keep(page: Page, name: str) -> None:
    """What is seen without scrolling, as one small picture."""
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    few = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(IMAGES / f"{name}.png", optimize=True)
    print(f"{name}.png: {(IMAGES / f'{name}.png').stat().st_size // 1000} kB")


def lesson(browser: Browser, folder: Path) -> None:
    """The bet, beside two worlds in the twentieth week."""
    subprocess.run([*PEERSIM, "play", f"out={folder / 'play.html'}"], check=True)
    for language, ending in LANGUAGES.items():
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{(folder / 'play.html').as_uri()}#lang={language}&step=guess&w=20")
        page.wait_for_function("() => window.player")
        page.wait_for_timeout(500)
        keep(page, f"lesson{ending}")


def designer(browser: Browser) -> None:
    """The first answer, all its imagined years done."""
    with subprocess.Popen(
        [*PEERSIM, "serve", "port=0", "open=no"], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address = re.search(r"http\S+(?=&lang)|http\S+", server.stdout.readline())
        assert address is not None
        for language, ending in LANGUAGES.items():
            page = browser.new_page(viewport=SIZE)
            page.goto(f"{address[0]}&lang={language}")
            while not page.evaluate(ANSWERED):  # the page's policy forbids wait_for_function
                page.wait_for_timeout(200)
            page.wait_for_timeout(1000)
            keep(page, f"designer{ending}")
        server.terminate()


if __name__ == "__main__":
    found = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as there, tempfile.TemporaryDirectory() as folder:
        browser = there.chromium.launch(executable_path=found, args=["--no-sandbox"])
        lesson(browser, Path(folder))
        designer(browser)
