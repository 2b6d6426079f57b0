"""A real browser for the pages: every name but 127.0.0.1 resolves to nothing, and what a page must
never do (an error, a question to another host, an answer of 400 or more) fails the test that saw it.
"""

import os
import shutil
from pathlib import Path

import pytest
from browser import ARGUMENTS, NAMES, WIDE, Served, watch


def pytest_collection_modifyitems(items):
    for item in items:
        if "page" in getattr(item, "fixturenames", ()) or "open_page" in getattr(
            item, "fixturenames", ()
        ):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        said = "no Chromium on this machine: the pages are not tried out (apt install chromium)"
        pytest.fail(said) if os.environ.get("CI") else pytest.skip(said)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as there:
        browser = there.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Open an address, or a file, in a page of its own: `open_page(address, width=NARROW, ...)`."""
    contexts = []

    def opened(address, viewport=WIDE, **kinds):
        context = chromium.new_context(viewport=viewport, **kinds)
        contexts.append(context)
        page = watch(context.new_page())
        page.goto(address.as_uri() if isinstance(address, Path) else str(address))
        return page

    yield opened
    faults = [
        fault
        for context in contexts
        for page in context.pages
        for fault in getattr(page, "faults", ())
    ]
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture(scope="session")
def served():
    """A server whose engine is ready."""
    from peersim.app.engine import READY, Engine

    engine = Engine(lambda: None)
    engine.state = READY
    there = Served(engine)
    yield there
    there.end()
