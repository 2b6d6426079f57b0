"""How Numba is made to compile rules quickly; all that relies on the inside of the pinned version.

Left to itself Numba serves any Python. Rules are plain loops over records that are called from
compiled code alone and give nothing back to memory, so most of what it does for each of hundreds of
functions can be left out. No number depends on it: `tests/test_compiled.py` watches.
"""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any, ClassVar

from llvmlite import binding
from numba import types
from numba.core import (
    callconv,
    cgutils,
    cpu,
    event,
    lowering,
    targetconfig,
    typed_passes,
    typing,
    untyped_passes,
)
from numba.core.caching import FunctionCache
from numba.core.codegen import JITCodeLibrary, JITCPUCodegen
from numba.core.compiler import CompilerBase
from numba.core.transforms import canonicalize_cfg
from numba.core.types.functions import BaseFunction
from numba.extending import register_jitable
from numba.np import arrayobj

from peersim.kernel.rules import MARKED

# Each compiled symbol carries the types of its arguments. A world's type spelt out is 19,000
# characters long. Numba's own short form for records (a number unique to the type) serves named
# tuples as well.
types.NamedTuple.mangling_args = property(
    lambda self: (self.instance_class.__name__, (self._code,))
)


# -- fewer steps ---------------------------------------------------------------------------------


class _Calls(callconv.CPUCallConv):
    """A call that hands an error on in two instructions; rules catch none."""

    def call_function(self, builder, callee, resty, argtys, args, attrs=None):
        if isinstance(resty, types.Optional):  # it may return None, which is not an error
            return super().call_function(builder, callee, resty, argtys, args, attrs)
        found = cgutils.alloca_once(builder, self.get_return_type(resty).pointee)
        packed = self._get_arg_packer(argtys).as_arguments(builder, args)
        error = self._get_excinfo_argument(builder.function)
        code = builder.call(callee, [found, error, *packed])
        failed = builder.icmp_signed("!=", code, callconv.RETCODE_OK)
        status = callconv.Status(code, None, None, failed, None, None, None, None)
        return status, self.context.get_returned_value(builder, resty, builder.load(found))

    def return_status_propagate(self, builder, status):
        if status.excinfoptr is not None:
            builder.store(status.excinfoptr, self._get_excinfo_argument(builder.function))
        self._return_errcode_raw(builder, status.code)


class _Context(cpu.CPUContext):
    call_conv = property(_Calls)


class _Lower(lowering.Lower):
    def lower_normal_function(self, fndesc):
        usual, self.context.__class__ = self.context.__class__, _Context
        super().lower_normal_function(fndesc)
        self.context.__class__ = usual  # Python calls the outermost in its own way


class _Lowering(typed_passes.NativeLowering):
    lowering_class = _Lower


class _Order(untyped_passes.IRProcessing):
    def run_pass(self, state):
        state.func_ir.blocks = canonicalize_cfg(state.func_ir.blocks)
        state.func_ir.generator_info = None
        return True


class RuleCompiler(CompilerBase):
    """Nine steps in place of some thirty: rules have no closures, no comprehensions, no array
    expressions and nothing whose end of life matters.
    """

    steps = (
        untyped_passes.TranslateByteCode,
        untyped_passes.FixupArgs,
        _Order,
        untyped_passes.GenericRewrites,
        untyped_passes.ReconstructSSA,
        typed_passes.NopythonTypeInference,
        typed_passes.PreLowerStripPhis,
        _Lowering,
        typed_passes.NoPythonBackend,
    )

    # what is compiled is told apart by its callers' options, so all callers have the same
    callers: ClassVar[list[Any]] = []

    def _compile_core(self):
        if not RuleCompiler.callers:
            RuleCompiler.callers.append(self.state.flags.copy())
        with targetconfig.ConfigStack().enter(RuleCompiler.callers[0]):
            for step in self.steps:
                step().run_pass(self.state)
        return self.state.cr


# Nothing is allocated in compiled code (_nrt=False), so no array is reference-counted; a rule is
# called from compiled code only (Python runs it as the plain function it is), so it needs no
# wrappers: a third of the compilation time. Both options are undocumented; Numba is pinned and
# tests/test_compiled.py watches them.
_INNER = {
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "_nrt": False,
    "pipeline_class": RuleCompiler,
}


def take_in() -> None:
    """Tell Numba of all rules and phases that have been marked since."""
    for function, options in MARKED:
        register_jitable(**_INNER, **options)(function)
    MARKED.clear()


# -- one library ---------------------------------------------------------------------------------


class Library(JITCodeLibrary):
    """Intermediate code that is only read and put together, until machine code is wanted of it.

    Numba optimises each inner function and makes machine code for it, then links it into its caller
    and does so again; only the outermost is ever called.
    """

    outermost = ""

    def add_llvm_module(self, module):
        """Put intermediate code to what is there, as it is."""
        self._final_module.link_in(module)

    def add_ir_module(self, module):
        """Read intermediate code; it is checked once, with all the rest."""
        self.add_llvm_module(binding.parse_assembly(cgutils.normalize_ir_text(str(module))))

    def finalize(self):
        """Leave it there, or make machine code of the outermost function and all it calls."""
        self._raise_if_finalized()
        if not self.name.startswith(Library.outermost):
            self._finalize_dynamic_globals()
            self._finalized = True
            return
        self._link_all()
        self._say_what_to_inline()
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)
        self._final_module.verify()
        self._finalize_final_module()

    def _link_all(self):
        """Link whatever is called from here, directly or through others, once."""
        todo, done = [self], {self}
        while todo:
            for library in todo.pop()._linking_libraries:
                if library not in done:
                    done.add(library)
                    todo.append(library)
                    alone = JITCodeLibrary._get_module_for_linking(library)
                    self._final_module.link_in(alone, preserve=True)

    def _say_what_to_inline(self):
        """A rule that is called in one place goes into its caller, a phase does not: LLVM takes
        twice as long over a whole week in one function.
        """
        called = self._linking_libraries
        phases = {each.name for library in called for each in library.get_defined_functions()}
        for function in self.get_defined_functions():
            if function.linkage == binding.Linkage.linkonce_odr:
                function.linkage = binding.Linkage.internal
            if function.name in phases:
                function.add_function_attribute("noinline")

    def _get_module_for_linking(self):
        """For a function that is compiled in Numba's usual way later on: with all that it calls."""
        if not self._linking_libraries or self.name.startswith(Library.outermost):
            return super()._get_module_for_linking()
        whole = Library(self._codegen, self.name)
        whole._linking_libraries = [self]
        whole._link_all()
        whole._finalized = True
        return JITCodeLibrary._get_module_for_linking(whole)


# -- less to work out ----------------------------------------------------------------------------


class Cache(FunctionCache):
    """Compiled code on disk, which is read without making Numba ready to compile.

    It only saves time: what cannot be read is compiled again, what cannot be written is not kept.
    """

    def load_overload(self, sig, target_context):
        """What is kept for these types of arguments, or None."""
        try:
            return self._load_overload(sig, target_context)
        except Exception:  # whatever comes of reading a damaged file
            with contextlib.suppress(OSError):
                self.flush()
            return None

    def save_overload(self, sig, data):
        """Keep what was compiled, if there is room for it."""
        with contextlib.suppress(OSError):
            super().save_overload(sig, data)


def _from_the_front(context: Any, builder: Any, kind: Any, index: Any, length: Any) -> Any:
    """A place in an array, counted from the front.

    Left to itself Numba asks at each access whether the index is below zero and then counts from
    the end, as Python does; no rule makes use of that.
    """
    return context.cast(builder, index, kind, types.intp if kind.signed else types.uintp)


def _once(load: Any) -> Any:
    """Whether Numba knows its own types and functions is asked for each function anew."""
    done = set()

    def load_once(context):
        if context not in done:
            done.add(context)
            load(context)

    return load_once


def _remembered(resolve: Any) -> Any:
    """What a function returns is worked out once for the same types of arguments."""
    known: dict[tuple[Any, ...], tuple[Any, Any]] = {}

    def get_call_type(function, context, args, kws):
        key = function, args, targetconfig.ConfigStack.top_or_none()
        if kws or key not in known:
            kind = resolve(function, context, args, kws)
            if kws or kind is None:
                return kind
            known[key] = kind, function._impl_keys[kind.args]
        kind, function._impl_keys[kind.args] = known[key]
        return kind

    return get_call_type


def _replacements(name: str) -> list[tuple[Any, str, Any]]:
    """What is another in Numba while the function `name` is compiled: owner, attribute, value."""
    usual = cpu.CPUContext.get_executable

    def get_executable(context, library, *others):
        # Numba tells inner functions apart by this object, which must be a builtin; it never calls
        # it
        outermost = library.name.startswith(name)
        return usual(context, library, *others) if outermost else [].append

    options, typing_context = targetconfig.TargetConfig, typing.context.Context
    return [
        (Library, "outermost", name),
        (JITCPUCodegen, "_library_class", Library),
        (cpu.CPUContext, "get_executable", get_executable),
        (arrayobj, "fix_integer_index", _from_the_front),
        (BaseFunction, "get_call_type", _remembered(BaseFunction.get_call_type)),
        *(
            (owner, "load_additional_registries", _once(owner.load_additional_registries))
            for owner in (cpu.CPUContext, typing_context)
        ),
        # compiler options are compared a hundred thousand times: values set, and not defaults too
        (options, "__eq__", lambda self, other: self._values == other._values),
        (options, "__hash__", lambda self: len(self._values)),
        (event, "install_timer", lambda kind, callback: contextlib.nullcontext()),
    ]


_lock = threading.RLock()


@contextlib.contextmanager
def only(name: str) -> Iterator[None]:
    """While this holds, functions are compiled as rules, and machine code is made for the function
    `name` alone.
    """
    with _lock, contextlib.ExitStack() as afterwards:
        take_in()
        for owner, attribute, value in _replacements(name):
            afterwards.callback(setattr, owner, attribute, getattr(owner, attribute))
            setattr(owner, attribute, value)
        yield
