"""How functions over rows become machine code, and stay callable as Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np
from numba.extending import intrinsic, overload, register_jitable

Function = TypeVar("Function", bound=Callable[..., Any])


def rule(function: Function) -> Function:
    """Let compiled loops call this function; called from Python it stays Python.

    Inside: numbers, rows and other rules only. No strings, dicts, ``try`` or exceptions. Rows are passed
    by reference at no cost; guard every divisor, because Python raises where machine code gives infinity.
    """
    return register_jitable(function)  # type: ignore[no-any-return]


def inline_rule(function: Function) -> Function:
    """A ``rule`` that is merged into its caller: for the small steps of hot loops over tables."""
    return register_jitable(forceinline=True)(function)  # type: ignore[no-any-return]


def kernel(function: Function) -> Function:
    """Compile a loop over tables, cached on disk; it releases the interpreter lock."""
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)  # type: ignore[no-any-return]


def borrow(table: Any) -> Any:
    """The same array without reference counting, for use inside one kernel call.

    Handing a counted array to an inner function costs two atomic operations per call, which is most of
    the cost of a small step. The caller of the kernel holds the array meanwhile.
    """
    return table


@intrinsic
def _uncounted(_context: Any, array: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, arguments[0])
        view.meminfo = view.meminfo.type(None)
        view.parent = view.parent.type(None)
        return view._getvalue()

    return array(array), generate


@overload(borrow)
def _borrow(table: Any) -> Any:
    def implementation(table: Any) -> Any:
        return _uncounted(table)

    return implementation


UNSIGNED_ONE = np.uint32(1)
