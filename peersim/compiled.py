"""The only file that knows how Numba compiles: cached on disk, never stale, quick to compile."""

import hashlib
import pathlib

import numba
from numba import njit
from numba.extending import register_jitable

# Nothing is allocated in compiled code (_nrt=False), so no array is reference-counted; a rule is called from
# compiled code only (Python runs it as the plain function it is), so it needs no wrappers: a third of the
# compilation time. Both options are undocumented; Numba is pinned and tests/test_compiled.py watches them.
_INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}


def rule(function):
    """Mark a scalar rule: it stays a plain Python function (doctests, subclasses) that compiled code can call."""
    return register_jitable(**_INNER)(function)


def phase(function):
    """Mark a loop over people: compiled, releasing the interpreter lock, and callable by itself."""
    return njit(_nrt=False, nogil=True)(function)


def digest() -> str:
    """Twelve hexadecimal digits that change when any source file of the package or Numba changes."""
    sources = hashlib.sha256(numba.__version__.encode())
    for file in sorted(pathlib.Path(__file__).parent.rglob("*.py")):
        sources.update(file.read_bytes())
    return sources.hexdigest()[:12]


def compile_run(week, record):
    """Write a tuple of phases out as one flat compiled function ``run(world, first, last, out)``.

    Parameters
    ----------
    week : tuple of phases
        Each takes the world; called in this order every week.
    record : phase
        ``record(world, row)``, called at the end of each week with ``out[week]``.

    Notes
    -----
    Its name carries the digest of all sources, so Numba's disk cache cannot return an older version; the cache
    needs a real file name and module name, hence `exec` with this file's.
    """
    name = f"run_{digest()}"
    scope = {"__name__": __name__, "record": record} | {f"phase_{i}": p for i, p in enumerate(week)}
    source = (
        f"def {name}(world, first, last, out):\n    for week in range(first, last):\n"
        "        world.clock[0].week = week + 1\n"
        + "".join(f"        phase_{i}(world)\n" for i in range(len(week)))
        + "        record(world, out[week + 1])\n"
    )
    exec(compile(source, __file__, "exec"), scope)
    return njit(cache=True, nogil=True, _nrt=False)(scope[name])
