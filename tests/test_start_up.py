"""What a user waits for at the start: heavy packages come in only where they are needed."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import peersim

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


@pytest.mark.parametrize(("flag", "code", "said"), [("-O", 0, ""), ("-OO", 2, "peersim: Python was started with -OO")])  # fmt: skip
def test_python_that_leaves_things_out_works_or_is_refused(flag, code, said):
    command = [sys.executable, flag, "-m", "peersim.commands.cli", "describe", "group"]
    told = subprocess.run(command, capture_output=True, text=True)
    assert told.returncode == code and told.stderr.startswith(said)


def test_no_assertion_of_the_package_is_about_what_a_user_gives():
    """With ``python -O`` they are gone: they may only tell type checkers what is known anyway."""
    package = Path(peersim.__file__).parent
    for file in package.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assert):
                said = ast.unparse(node.test)
                assert said.endswith("is not None") or file.name == "shown.py", f"{file}: {said}"
