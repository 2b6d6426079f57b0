"""What a user waits for at the start: heavy packages come in only where they are needed."""

import subprocess
import sys

import pytest

HEAVY = {
    "dask",
    "hydra",
    "matplotlib",
    "mesa",
    "networkx",
    "numba",
    "numpy",
    "polars",
    "SALib",
    "scipy",
}
MODEL = "import peersim; scenario = peersim.load_scenario([])"
COMMAND = "import sys; sys.argv[1:] = {!r}; from peersim.commands import cli; cli.main()"


def imported(program):
    """Heavy packages that are there when a program ends, however it ends."""
    listing = "import atexit, sys; atexit.register(lambda: print('\\n', *sys.modules))\n"
    command = [sys.executable, "-c", listing + program]
    done = subprocess.run(command, capture_output=True, text=True)
    return HEAVY & set(done.stdout.split()[-10_000:])


@pytest.mark.parametrize(
    ("program", "needed"),
    [
        (COMMAND.format(["--help"]), set()),
        (COMMAND.format(["describe"]), {"numpy"}),
        (COMMAND.format(["describe", "attendance"]), {"numpy"}),
        (COMMAND.format(["weks=3"]), {"numpy"}),
        (COMMAND.format(["group.size=99"]), {"numpy", "hydra"}),
        ("import peersim", set()),
        (MODEL, {"numpy", "hydra"}),
        pytest.param(
            MODEL + "; peersim.simulate(scenario, seed=1)",
            {"numpy", "hydra", "numba", "scipy"},
            marks=pytest.mark.compiles,
        ),
    ],
)
def test_only_what_is_needed_is_imported(program, needed):
    assert imported(program) == needed
