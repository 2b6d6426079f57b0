"""Instructions for what rules say in Python and a processor does at once."""

from llvmlite import ir
from numba import types
from numba.core import cgutils

from peersim.kernel.chance import high, low, plus
from peersim.kernel.reference import Rows, place_of, written_as
from peersim.kernel.rules import fetch


def _write_fetch(context, builder, signature, arguments):
    number, half = ir.IntType(64), ir.IntType(32)
    place = place_of(context, builder, signature.args, arguments)
    line = builder.mul(arguments[2], number(64)) if len(arguments) > 2 else number(0)
    place = cgutils.pointer_add(builder, place, line, ir.IntType(8).as_pointer())
    asked = ir.FunctionType(ir.VoidType(), [place.type, half, half, half])
    ask = builder.module.declare_intrinsic("llvm.prefetch", (place.type,), asked)
    builder.call(ask, [place, half(0), half(3), half(1)])
    return context.get_dummy_value()


def _kinds_of_fetch(rows, row, line=None):
    if not isinstance(rows, Rows):
        return None
    lines = () if line is None else (types.int64,)
    return types.void(rows, types.int64, *lines)


def _write_high(context, builder, signature, arguments):
    wide = ir.IntType(128)
    x, y = (builder.zext(each, wide) for each in arguments)
    product = builder.lshr(builder.mul(x, y), ir.Constant(wide, 64))
    return builder.trunc(product, ir.IntType(64))


def _two_words(a, b):
    return types.uint64(types.uint64, types.uint64)


written_as(fetch, _kinds_of_fetch, _write_fetch)
written_as(high, _two_words, _write_high)
written_as(low, _two_words, lambda context, builder, signature, words: builder.mul(*words))
written_as(plus, _two_words, lambda context, builder, signature, words: builder.add(*words))
