"""The only file that knows how Numba compiles: cached on disk, never stale, quick to compile."""

import contextlib
import hashlib
import pathlib
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.core.codegen import JITCodeLibrary
from numba.core.cpu import CPUContext
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    models,
    overload,
    register_jitable,
    register_model,
)
from numba.np import arrayobj

# Each compiled symbol carries the types of its arguments. A world's type spelt out is 19,000
# characters long; in every call of the intermediate code that is two thirds of the compilation
# time. Numba's own short form for records (a number unique to the type) serves named tuples as
# well.
types.NamedTuple.mangling_args = property(
    lambda self: (self.instance_class.__name__, (self._code,))
)

# Nothing is allocated in compiled code (_nrt=False), so no array is reference-counted; a rule is
# called from compiled code only (Python runs it as the plain function it is), so it needs no
# wrappers: a third of the compilation time. Both options are undocumented; Numba is pinned and
# tests/test_compiled.py watches them.
_INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}


def rule(function: Callable) -> Callable:
    """Mark a scalar rule: it stays a plain Python function (doctests, subclasses) that compiled
    code can call.

    Its machine code is put into each caller. Left to itself LLVM calls the larger ones, and hands
    over a world of twenty arrays each time, through memory: the week then takes half as long again.
    """
    return register_jitable(**_INNER)(function)


def phase(function: Callable) -> Callable:
    """Mark a loop over people, one step of the week. Like a rule it stays plain Python until a week
    is compiled.
    """
    return register_jitable(**_INNER)(function)


def phase_apart(function: Callable) -> Callable:
    """Mark a phase that each person lives apart: it reads and writes her own rows alone, and what
    is settled of others.

    It goes over `world.everybody`, `recipients` or `supporters`. Several such phases in a row can
    be lived by one block of people after the other: see :func:`compile_run`.
    """
    made = phase(function)
    made.apart = True  # type: ignore[attr-defined]
    return made


def fetch(rows: Any, row: Any, line: Any = 0) -> None:
    """Ask for a row that will be needed soon, from its 64 bytes number `line` on; it changes
    nothing else.

    In a large world people who meet are far from each other in memory. Who is asked for in time has
    arrived by then.
    """


@intrinsic
def _prefetch(typing_context, rows, row, line):
    def codegen(context, builder, signature, arguments):
        kind, number, half = signature.args[0], ir.IntType(64), ir.IntType(32)
        array = arrayobj.make_array(kind)(context, builder, arguments[0])
        first = [number(0)] * (kind.ndim - 1)
        start = cgutils.get_item_pointer(context, builder, kind, array, [arguments[1], *first])
        place = cgutils.pointer_add(
            builder, start, builder.mul(arguments[2], number(64)), ir.IntType(8).as_pointer()
        )
        asked = ir.FunctionType(ir.VoidType(), [place.type, half, half, half])
        ask = builder.module.declare_intrinsic("llvm.prefetch", (place.type,), asked)
        builder.call(ask, [place, half(0), half(3), half(1)])
        return context.get_dummy_value()

    return types.void(rows, types.int64, types.int64), codegen


@overload(fetch, inline="always")
def _fetch_compiled(rows, row, line=0):
    return lambda rows, row, line=0: _prefetch(rows, np.int64(row), np.int64(line))


def by_reference(record: Any) -> Any:
    """A named tuple of arrays as compiled code hands it over: as a pointer to where it stands.

    Left to itself numba hands over a world as 170 numbers in each of hundreds of calls; that made
    half of the compilation time.
    """
    return record


class _Reference(types.Type):
    """A named tuple behind a pointer; nobody writes to it."""

    def __init__(self, record):
        self.record = record
        super().__init__(name=f"reference({record.name})")

    @property
    def mangling_args(self):
        return self.__class__.__name__, (self._code,)


@register_model(_Reference)
class _ReferenceModel(models.PrimitiveModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, manager[kind.record].get_value_type().as_pointer())


@infer_getattr
class _FieldOfReference(AttributeTemplate):
    key = _Reference

    def generic_resolve(self, kind, field):
        if field in kind.record.fields:
            return kind.record[kind.record.fields.index(field)]
        return None


@lower_getattr_generic(_Reference)
def _load_field(context, builder, kind, pointer, field):
    place = kind.record.fields.index(field)
    found = builder.load(cgutils.gep_inbounds(builder, pointer, 0, place))
    found.set_metadata("invariant.load", builder.module.add_metadata([]))
    return found


@intrinsic
def _refer(typing_context, record):
    def codegen(context, builder, signature, arguments):
        return cgutils.alloca_once_value(builder, arguments[0])

    return _Reference(record)(record), codegen


@overload(by_reference, inline="always")
def _by_reference_compiled(record):
    return lambda record: _refer(record)


BLOCK = 256
"""People who live phases apart before the next do: all that is known of so many fits the
processor's second cache."""

_MADE = {
    name: getattr(JITCodeLibrary, name)
    for name in ("_optimize_functions", "_optimize_final_module", "_finalize_final_module")
}
_get_executable = CPUContext.get_executable
_fix_integer_index = arrayobj.fix_integer_index
_lock = threading.RLock()


def _from_the_front(context: Any, builder: Any, kind: Any, index: Any, length: Any) -> Any:
    """A place in an array, counted from the front.

    Left to itself numba asks at each access whether the index is below zero and then counts from
    the end, as Python does; no rule makes use of that.
    """
    return context.cast(builder, index, kind, types.intp if kind.signed else types.uintp)


def _leave_unfinished(library: Any) -> None:
    library._finalize_dynamic_globals()
    library._finalized = True


@contextlib.contextmanager
def _only(name: str) -> Iterator[None]:
    """While this holds, machine code is made for the function `name` alone.

    Numba optimises each inner function and makes machine code for it, then links it into its caller
    and does so again; only the outermost is ever called. Skipping the inner ones halves the
    compilation time.
    """

    def optimize_functions(library, module):
        if library.name.startswith(name):
            _MADE["_optimize_functions"](library, module)

    def optimize(library):
        return _MADE["_optimize_final_module"](library) if library.name.startswith(name) else None

    def finalize(library):
        return (
            _MADE["_finalize_final_module"] if library.name.startswith(name) else _leave_unfinished
        )(library)

    def get_executable(context, library, *others):
        # numba tells inner functions apart by this object, which must be a builtin; it never calls
        # it
        return (
            _get_executable(context, library, *others)
            if library.name.startswith(name)
            else [].append
        )

    with _lock:
        JITCodeLibrary._optimize_functions = optimize_functions
        JITCodeLibrary._optimize_final_module, JITCodeLibrary._finalize_final_module = (
            optimize,
            finalize,
        )
        CPUContext.get_executable = get_executable
        arrayobj.fix_integer_index = _from_the_front
        try:
            yield
        finally:
            CPUContext.get_executable = _get_executable
            arrayobj.fix_integer_index = _fix_integer_index
            for method, original in _MADE.items():
                setattr(JITCodeLibrary, method, original)


def call(compiled: Any, *arguments: Any) -> Any:
    """Call a compiled function; the first call compiles it, or reads it from disk."""
    if not getattr(
        compiled, "overloads", "interpreted"
    ):  # with NUMBA_DISABLE_JIT=1 it is a plain function
        with _only(compiled.py_func.__name__):
            compiled.compile(tuple(numba.typeof(argument) for argument in arguments))
    return compiled(*arguments)


def digest() -> str:
    """Twelve hexadecimal digits that change with Numba and with any source file that compiled code
    can come from.
    """
    sources = hashlib.sha256(numba.__version__.encode())
    for file in sorted(pathlib.Path(__file__).parents[1].rglob("*.py")):
        text = file.read_bytes()
        if b"@rule" in text or b"@phase" in text or b"np.int64" in text:
            sources.update(text)
    return sources.hexdigest()[:12]


def _cached(name: str, source: str, scope: dict) -> Any:
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
    return njit(cache=True, nogil=True, _nrt=False)(scope[name])


def _written_out(week: Sequence[Callable], names: Sequence[str], block: int) -> Iterator[str]:
    """The lines of a week: phases one after the other; those lived apart, as far as they stand in a
    row, by blocks.
    """
    for apart, stretch in groupby(
        zip(week, names, strict=True), lambda each: getattr(each[0], "apart", False)
    ):
        calls = [f"{name}\n" for _, name in stretch]
        if apart:
            yield f"for start in range(0, len(world.people), {block}):\n"
            yield f"    clock.first, clock.last = start, min(start + {block}, len(world.people))\n"
            yield from ("    " + call for call in calls)
            yield "clock.first, clock.last = 0, len(world.people)\n"
        else:
            yield from calls


def compile_run(week: Sequence[Callable], record: Callable, block: int = BLOCK) -> Any:
    """Write a tuple of phases out as one flat compiled function ``run(world, first, last, out)``.

    In a large world each phase finds everybody's rows in memory, far from the processor. Phases
    that people live apart are therefore lived by one block of people after the other; it changes no
    number.

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
    names = [*(f"phase_{i}(world)" for i in range(len(week))), "record(world, out[week + 1])"]
    source = (
        "def NAME(values, first, last, out):\n    world = by_reference(values)\n    clock = world.clock[0]\n"
        "    if first == 0:\n        record(world, out[0])\n"
        "    for week in range(first, last):\n        clock.week = week + 1\n"
        + "".join("        " + line for line in _written_out((*week, record), names, block))
    )
    return _cached(
        "run", source, {"record": record} | {f"phase_{i}": p for i, p in enumerate(week)}
    )


def compile_part(phases: Sequence[Callable]) -> Any:
    """Some phases in a row as one flat compiled function ``part(world)``, for faces that act
    between phases.
    """
    source = "def NAME(values):\n    world = by_reference(values)\n" + "".join(f"    phase_{i}(world)\n" for i in range(len(phases)))
    return _cached("part", source, {f"phase_{i}": p for i, p in enumerate(phases)})


def compile_alone(phase: Callable, arguments: str) -> Any:
    """A single phase as a compiled function of its own, kept on disk; `arguments` are their
    names.
    """
    return _cached(
        phase.__name__, f"def NAME({arguments}):\n    phase({arguments})\n", {"phase": phase}
    )
