"""The world by reference: how compiled code hands over a named tuple of arrays, and reads them.

Left to itself Numba hands over a world as 170 numbers in each of hundreds of calls, and copies all
it knows of an array before it reads one row. That was more than half of the compilation time.
"""

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing import signature
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_global
from numba.extending import (
    infer_getattr,
    lower_builtin,
    lower_cast,
    lower_getattr,
    lower_getattr_generic,
    models,
    register_model,
    type_callable,
)
from numba.np import arrayobj

from peersim.kernel.rules import Rule

_POINTER = ir.IntType(8).as_pointer()


def written_as(function: Rule, kinds: Callable[..., Any], write: Callable[..., Any]) -> None:
    """Give a Python function its own few instructions, so that nothing is compiled for it.

    Parameters
    ----------
    function : function
        What Python runs.
    kinds : callable
        The signature for the types of its arguments.
    write : callable
        ``write(context, builder, signature, arguments)`` writes the instructions.
    """
    type_callable(function)(lambda context: kinds)
    lower_builtin(function, types.VarArg(types.Any))(write)


class _Behind(types.Type):
    """What stands behind a pointer that nobody changes."""

    def __init__(self, kind):
        self.kind = kind
        # the whole name of a world's type would be 19,000 characters long
        super().__init__(name=f"{type(self).__name__} {kind._code}")

    @property
    def key(self):
        return self.kind

    @property
    def mangling_args(self):
        return type(self).__name__, (self._code,)


class Reference(_Behind):
    """A named tuple of arrays behind a pointer."""


class Rows(_Behind, types.IterableType):
    """One of these arrays."""

    @property
    def iterator_type(self):
        """What a loop over it goes along."""
        return self.kind.iterator_type


@register_model(Reference)
@register_model(Rows)
class _Pointer(models.PrimitiveModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, _POINTER)


def by_reference(record: Any) -> Any:
    """A named tuple of arrays, as rules are to be given it; anything else stays what it is."""
    return record


def _kinds_by_reference(record):
    return (Reference(record) if isinstance(record, types.NamedTuple) else record)(record)


def _refer(context, builder, signature, arguments):
    if signature.return_type == signature.args[0]:
        return arguments[0]
    return builder.bitcast(cgutils.alloca_once_value(builder, arguments[0]), _POINTER)


written_as(by_reference, _kinds_by_reference, _refer)


# -- which array ---------------------------------------------------------------------------------


@infer_getattr
class _ArrayOfReference(AttributeTemplate):
    key = Reference

    def generic_resolve(self, reference, name):
        fields = reference.kind.fields
        return Rows(reference.kind[fields.index(name)]) if name in fields else None


@lower_getattr_generic(Reference)
def _find_array(context, builder, reference, pointer, name):
    place = reference.kind.fields.index(name)
    before = (context.get_value_type(kind) for kind in reference.kind.types[:place])
    # structs of words: nothing stands between them
    return cgutils.pointer_add(builder, pointer, sum(map(context.get_abi_sizeof, before)))


# -- what is known of it -------------------------------------------------------------------------


def _known(context, builder, rows, pointer, name):
    """One field of an array's description; it may be kept in a register across stores."""
    array = builder.bitcast(pointer, context.get_value_type(rows.kind).as_pointer())
    place = context.data_model_manager[rows.kind].get_field_position(name)
    field = builder.load(cgutils.gep_inbounds(builder, array, 0, place))
    field.set_metadata("invariant.load", builder.module.add_metadata([]))
    return field


@infer_getattr
class _AttributeOfRows(AttributeTemplate):
    key = Rows

    def generic_resolve(self, rows, name):
        return self.context.resolve_getattr(rows.kind, name)


@lower_getattr(Rows, "shape")
def _find_shape(context, builder, rows, pointer):
    return _known(context, builder, rows, pointer, "shape")


@infer_global(len)
class _NumberOfRows(AbstractTemplate):
    def generic(self, args, kws):
        return signature(types.intp, *args) if isinstance(args[0], Rows) else None


@lower_builtin(len, Rows)
def _count(context, builder, kinds, arguments):
    return builder.extract_value(_known(context, builder, kinds.args[0], arguments[0], "shape"), 0)


# -- the whole array, for what is rarely asked ---------------------------------------------------


@lower_cast(Rows, types.Array)
def _array(context, builder, rows, array, pointer):
    return builder.load(builder.bitcast(pointer, context.get_value_type(array).as_pointer()))


@lower_getattr_generic(Rows)
def _find_attribute(context, builder, rows, pointer, name):
    array = context.cast(builder, pointer, rows, rows.kind)
    return context.get_getattr(rows.kind, name)(context, builder, rows.kind, array, name)


@lower_builtin("getiter", Rows)
def _iterate(context, builder, kinds, arguments):
    rows = kinds.args[0]
    over = signature(kinds.return_type, rows.kind)
    array = context.cast(builder, arguments[0], rows, rows.kind)
    return context.get_function("getiter", over)(builder, (array,))


# -- items ---------------------------------------------------------------------------------------


def _indices(index):
    return tuple(index) if isinstance(index, types.BaseTuple) else (index,)


def _is_item(rows, index):
    kinds = _indices(index)
    return len(kinds) == rows.kind.ndim and all(isinstance(kind, types.Integer) for kind in kinds)


@infer_global(operator.getitem)
class _ItemOfRows(AbstractTemplate):
    def generic(self, args, kws):
        rows, index = args
        if not isinstance(rows, Rows):
            return None
        if _is_item(rows, index):
            return signature(rows.kind.dtype, rows, index)
        return self.context.resolve_function_type(operator.getitem, (rows.kind, index), {})


@infer_global(operator.setitem)
class _ItemIntoRows(AbstractTemplate):
    def generic(self, args, kws):
        rows, index, value = args
        if not isinstance(rows, Rows):
            return None
        if _is_item(rows, index):
            return signature(types.none, rows, index, rows.kind.dtype)
        several = self.context.resolve_function_type(
            operator.setitem, (rows.kind, index, value), {}
        )
        return signature(types.none, rows, *several.args[1:])


def place_of(context: Any, builder: Any, kinds: Any, arguments: Any) -> Any:
    """A pointer to the row, or the first row, that an index names; counted from the front."""
    (rows, index), (pointer, value) = kinds[:2], arguments[:2]
    values = [value]
    if isinstance(index, types.BaseTuple):
        values = cgutils.unpack_tuple(builder, value, len(index))
    places = [
        context.cast(builder, each, kind, types.intp if kind.signed else types.uintp)
        for each, kind in zip(values, _indices(index), strict=True)
    ]
    places += [places[0].type(0)] * (rows.kind.ndim - len(places))
    shape = _known(context, builder, rows, pointer, "shape")
    return cgutils.get_item_pointer2(
        context,
        builder,
        _known(context, builder, rows, pointer, "data"),
        cgutils.unpack_tuple(builder, shape, rows.kind.ndim),
        (),
        "C",
        places,
        boundscheck=context.enable_boundscheck,
    )


@lower_builtin(operator.getitem, Rows, types.Any)
def _read(context, builder, kinds, arguments):
    place = place_of(context, builder, kinds.args, arguments)
    return arrayobj.load_item(context, builder, kinds.args[0].kind, place)


@lower_builtin(operator.setitem, Rows, types.Any, types.Any)
def _write(context, builder, kinds, arguments):
    rows, *others = kinds.args
    if not _is_item(rows, others[0]):
        array = context.cast(builder, arguments[0], rows, rows.kind)
        several = signature(types.none, rows.kind, *others)
        write = context.get_function(operator.setitem, several)
        return write(builder, (array, *arguments[1:]))
    place = place_of(context, builder, kinds.args, arguments)
    arrayobj.store_item(context, builder, rows.kind, arguments[2], place)
    return context.get_dummy_value()
