"""The only file that knows how Numba compiles: cached on disk, never stale, quick to compile."""

import contextlib
import hashlib
import pathlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numba
from numba import njit, types
from numba.core.codegen import JITCodeLibrary
from numba.core.cpu import CPUContext
from numba.extending import register_jitable

# Each compiled symbol carries the types of its arguments. A world's type spelt out is 19,000 characters long; in
# every call of the intermediate code that is two thirds of the compilation time. Numba's own short form for
# records (a number unique to the type) serves named tuples as well.
types.NamedTuple.mangling_args = property(lambda self: (self.instance_class.__name__, (self._code,)))

# Nothing is allocated in compiled code (_nrt=False), so no array is reference-counted; a rule is called from
# compiled code only (Python runs it as the plain function it is), so it needs no wrappers: a third of the
# compilation time. Both options are undocumented; Numba is pinned and tests/test_compiled.py watches them.
_INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}


def rule(function: Callable) -> Callable:
    """Mark a scalar rule: it stays a plain Python function (doctests, subclasses) that compiled code can call.

    Its machine code is put into each caller. Left to itself LLVM calls the larger ones, and hands over a world of
    twenty arrays each time, through memory: the week then takes half as long again.
    """
    return register_jitable(**_INNER, forceinline=True)(function)


def phase(function: Callable) -> Callable:
    """Mark a loop over people, one step of the week. Like a rule it stays plain Python until a week is compiled."""
    return register_jitable(**_INNER)(function)


_MADE = {name: getattr(JITCodeLibrary, name) for name in ("_optimize_final_module", "_finalize_final_module")}
_get_executable = CPUContext.get_executable
_lock = threading.RLock()


def _leave_unfinished(library: Any) -> None:
    library._finalize_dynamic_globals()
    library._finalized = True


@contextlib.contextmanager
def _only(name: str) -> Iterator[None]:
    """While this holds, machine code is made for the function `name` alone.

    Numba optimises each inner function and makes machine code for it, then links it into its caller and does so
    again; only the outermost is ever called. Skipping the inner ones halves the compilation time.
    """

    def optimize(library):
        return _MADE["_optimize_final_module"](library) if library.name.startswith(name) else None

    def finalize(library):
        return (_MADE["_finalize_final_module"] if library.name.startswith(name) else _leave_unfinished)(library)

    def get_executable(context, library, *others):
        # numba tells inner functions apart by this object, which must be a builtin; it never calls it
        return _get_executable(context, library, *others) if library.name.startswith(name) else [].append

    with _lock:
        JITCodeLibrary._optimize_final_module, JITCodeLibrary._finalize_final_module = optimize, finalize
        CPUContext.get_executable = get_executable
        try:
            yield
        finally:
            CPUContext.get_executable = _get_executable
            for method, original in _MADE.items():
                setattr(JITCodeLibrary, method, original)


def call(compiled: Any, *arguments: Any) -> Any:
    """Call a compiled function; the first call compiles it, or reads it from disk."""
    if not getattr(compiled, "overloads", "interpreted"):  # with NUMBA_DISABLE_JIT=1 it is a plain function
        with _only(compiled.py_func.__name__):
            compiled.compile(tuple(numba.typeof(argument) for argument in arguments))
    return compiled(*arguments)


def digest() -> str:
    """Twelve hexadecimal digits that change with Numba and with any source file that compiled code can come from."""
    sources = hashlib.sha256(numba.__version__.encode())
    for file in sorted(pathlib.Path(__file__).parent.rglob("*.py")):
        text = file.read_bytes()
        if b"@rule" in text or b"@phase" in text or b"np.int64" in text:
            sources.update(text)
    return sources.hexdigest()[:12]


def _cached(name: str, source: str, scope: dict) -> Any:
    """Compile a source text under a name that carries all it is made of: the disk cache is never stale.

    The cache needs a real file name and module name, hence `exec` with this file's.
    """
    called = [f"{key}={function.__module__}.{function.__qualname__}" for key, function in scope.items()]
    order = hashlib.sha256("\n".join([source, *called]).encode()).hexdigest()[:6]  # which functions, in which order
    name = f"{name}_{order}_{digest()}"
    scope = {"__name__": __name__, **scope}
    exec(compile(source.replace("NAME", name, 1), __file__, "exec"), scope)
    return njit(cache=True, nogil=True, _nrt=False)(scope[name])


def compile_run(week: Sequence[Callable], record: Callable) -> Any:
    """Write a tuple of phases out as one flat compiled function ``run(world, first, last, out)``.

    Parameters
    ----------
    week : tuple of phases
        Each takes the world; called in this order every week.
    record : phase
        ``record(world, row)``, called at the end of each week with ``out[week]``, and at the start with ``out[0]``.
    """
    source = (
        "def NAME(world, first, last, out):\n    if first == 0:\n        record(world, out[0])\n"
        "    for week in range(first, last):\n        world.clock[0].week = week + 1\n"
        + "".join(f"        phase_{i}(world)\n" for i in range(len(week)))
        + "        record(world, out[week + 1])\n"
    )
    return _cached("run", source, {"record": record} | {f"phase_{i}": p for i, p in enumerate(week)})


def compile_part(phases: Sequence[Callable]) -> Any:
    """Some phases in a row as one flat compiled function ``part(world)``, for faces that act between phases."""
    source = "def NAME(world):\n" + "".join(f"    phase_{i}(world)\n" for i in range(len(phases)))
    return _cached("part", source, {f"phase_{i}": p for i, p in enumerate(phases)})


def compile_alone(phase: Callable, arguments: str) -> Any:
    """A single phase as a compiled function of its own, kept on disk; `arguments` are their names."""
    return _cached(phase.__name__, f"def NAME({arguments}):\n    phase({arguments})\n", {"phase": phase})
