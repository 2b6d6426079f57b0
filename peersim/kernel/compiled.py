"""Rules and the compiled week: kept on disk, never stale."""

import contextlib
import hashlib
import pathlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import numba
import numpy as np

from peersim.kernel import instructions  # noqa: F401 (registers them)
from peersim.kernel.compiler import Cache, RuleCompiler, only
from peersim.kernel.reference import by_reference
from peersim.kernel.rules import Rule

BLOCK = 256
"""People who live phases apart before the next do: all that is known of so many fits the
processor's second cache."""


def call(compiled: Any, *arguments: Any) -> Any:
    """Call a compiled function; the first call compiles it, or reads it from disk."""
    if not getattr(
        compiled, "overloads", "interpreted"
    ):  # with NUMBA_DISABLE_JIT=1 it is a plain function
        with only(compiled.py_func.__name__):
            compiled.compile(tuple(numba.typeof(argument) for argument in arguments))
    return compiled(*arguments)


def digest() -> str:
    """Twelve hexadecimal digits that change with Numba and with any source file that compiled code
    can come from.
    """
    sources = hashlib.sha256(numba.__version__.encode())
    package = pathlib.Path(__file__).parents[1]
    for file in sorted(package.rglob("*.py")):
        text = file.read_bytes()
        is_model = file.parts[len(package.parts)] in ("kernel", "model")
        if is_model or b"@rule" in text or b"@phase" in text:
            sources.update(text)
    return sources.hexdigest()[:12]


def _cached(name: str, source: str, scope: dict[str, Any]) -> Any:
    """Compile a source text under a name that carries all it is made of: the disk cache is never
    stale.

    The cache needs a real file name and module name, hence `exec` with this file's.
    """
    called = [
        f"{key}={function.__module__}.{function.__qualname__}" for key, function in scope.items()
    ]
    order = hashlib.sha256("\n".join([source, *called]).encode()).hexdigest()[
        :6
    ]  # which functions, in which order
    name = f"{name}_{order}_{digest()}"
    scope = {"__name__": __name__, "by_reference": by_reference, **scope}
    exec(compile(source.replace("NAME", name, 1), __file__, "exec"), scope)
    made = numba.njit(nogil=True, _nrt=False, pipeline_class=RuleCompiler)(scope[name])
    # interpreted it is a plain function; without any folder to write to it is compiled in memory
    if made is not scope[name]:
        with contextlib.suppress(RuntimeError):
            made._cache = Cache(made.py_func)
    return made


EVERYTHING = np.int64(-1)
"""All phases of a week, and the records before and after."""


def these(places: Iterable[int]) -> Any:
    """Some phases of a week by their places in it, as a compiled run takes them; the record stands
    behind the last.
    """
    return np.int64(sum(1 << (place + 1) for place in places))


def _written_out(week: Sequence[Rule], calls: Sequence[str], block: int) -> Iterator[str]:
    """The lines of a week: phases one after the other; those lived apart, as far as they stand in a
    row, by blocks.
    """
    numbered = enumerate(zip(week, calls, strict=True))
    for apart, stretch in groupby(numbered, lambda each: getattr(each[1][0], "apart", False)):
        asked = [(these([place]), call) for place, (_, call) in stretch]
        lines = [f"if acting & {bit}: {call}\n" for bit, call in asked]
        if apart:
            yield f"if acting & {sum(bit for bit, _ in asked)}:\n"
            yield f"    for start in range(0, len(world.people), {block}):\n"
            yield "        clock.first = start\n"
            yield f"        clock.last = min(start + {block}, len(world.people))\n"
            yield from ("        " + line for line in lines)
            yield "    clock.first, clock.last = 0, len(world.people)\n"
        else:
            yield from lines


def compile_run(week: Sequence[Rule], record: Rule, block: int = BLOCK) -> Any:
    """Write a tuple of phases out as one flat compiled function ``run(world, first, last, out,
    acting)``.

    In a large world each phase finds everybody's rows in memory, far from the processor. Phases
    that people live apart are therefore lived by one block of people after the other; it changes no
    number. Which phases are `acting` is asked when it runs, so that parts of a week, between which
    people decide for themselves, are the same compiled code.

    Parameters
    ----------
    week : tuple of phases
        Each takes the world; called in this order every week.
    record : phase
        ``record(world, row)``, called at the end of each week with ``out[week]``, and at the start
        with ``out[0]``.
    block : int
        People in a block.
    """
    calls = [*(f"phase_{i}(world)" for i in range(len(week))), "record(world, out[week + 1])"]
    source = (
        "def NAME(values, first, last, out, acting):\n"
        "    world = by_reference(values)\n    clock = world.clock[0]\n"
        "    if first == 0 and acting & 1:\n        record(world, out[0])\n"
        "    for week in range(first, last):\n        clock.week = week + 1\n"
        + "".join("        " + line for line in _written_out((*week, record), calls, block))
    )
    return _cached(
        "run", source, {"record": record} | {f"phase_{i}": p for i, p in enumerate(week)}
    )


def compile_alone(phase: Rule, arguments: str) -> Any:
    """A single phase as a compiled function of its own, kept on disk; `arguments` are their
    names.
    """
    given = ", ".join(f"by_reference({each})" for each in arguments.split(", "))
    return _cached(
        phase.__name__, f"def NAME({arguments}):\n    phase({given})\n", {"phase": phase}
    )
