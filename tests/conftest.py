"""What several tests share: small studies, run once with the real model and written to a folder."""

import functools

import pytest
from numba.core.dispatcher import Dispatcher
from small_scenarios import small_scenario

from peersim.kernel.catalogue import speak
from peersim.studies import options_of, run_study

EXAMPLES_RUN = (
    "agents/model.py",
    "engine/comparison.py",
    "engine/sweeping.py",
    "faces/recording.py",
    "faces/lessons/player.py",
    "run/simulation.py",
    "studies/find/search.py",
)
"""Modules whose examples run the model; a doctest can carry no mark of its own."""

NOT_QUICK = {"browser", "compiles", "composes", "slow", "patterns", "docs"}


def pytest_xdist_auto_num_workers(config):
    """Two files at a time when all tests run; tests that are named run here, one by one (-n 2: two)."""
    return 2 if config.args_source is pytest.Config.ArgsSource.TESTPATHS else 0


def pytest_collection_modifyitems(items):
    """All other tests are quick, doctests included; they come first, before a process compiles anything."""
    for item in items:
        if item.path.as_posix().endswith(EXAMPLES_RUN):
            item.add_marker("compiles")
        marks = {mark.name for mark in item.iter_markers()}
        if not marks & NOT_QUICK and "study" not in getattr(item, "fixturenames", ()):
            item.add_marker("quick")
    items.sort(key=lambda item: item.get_closest_marker("quick") is None)


def refuse(dispatcher, types):
    """Stand in for Numba, which would compile, or read what is kept of it."""
    pytest.fail(f"{dispatcher.py_func.__name__} is compiled: mark this test `compiles`")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """A quick test and its fixtures cannot compile, also not in a process that they start."""
    with pytest.MonkeyPatch.context() as patch:
        if item.get_closest_marker("quick"):
            patch.setattr(Dispatcher, "compile", refuse)
            patch.setenv("NUMBA_DISABLE_JIT", "1")
        return (yield)


@pytest.fixture(autouse=True)
def english():
    """A test begins in English, whatever the one before it spoke: a command speaks until it ends."""
    speak("en")
    yield
    speak("en")


@pytest.fixture(scope="session")
def small():
    """Make small scenarios."""
    return small_scenario


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    """Run a small study once per wording of the question and give its folder."""

    @functools.cache
    def run(name="main", replicates=4, overrides=(), tables="first"):
        folder = tmp_path_factory.mktemp(name) / "out"
        options = options_of(name)(
            seed=3,
            replicates=replicates,
            workers=2,
            out=str(folder),
            tables=tables,
            command=f"peersim {' '.join(overrides)}",
            overrides=list(overrides),
        )
        run_study(name, small_scenario(), options)
        return folder

    return run
