"""How functions over rows become machine code, and stay callable as Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import numba
import numpy as np
from numba.extending import register_jitable

Function = TypeVar("Function", bound=Callable[..., Any])

NO_WRAPPER: Final[Any] = {"no_cfunc_wrapper": True}
"""Nobody calls inner functions as C functions, and to compile wrappers for that takes a tenth of the time."""


def rule(function: Function) -> Function:
    """Let compiled loops call this function; called from Python it stays Python.

    Inside: numbers, rows and other rules only. No strings, dicts, ``try`` or exceptions. Rows are passed
    by reference at no cost; guard every divisor, because Python raises where machine code gives infinity.
    """
    return register_jitable(**NO_WRAPPER)(function)


def inline_rule(function: Function) -> Function:
    """A ``rule`` that is merged into its caller: for the small steps of hot loops over tables."""
    return register_jitable(forceinline=True, **NO_WRAPPER)(function)


def kernel(function: Function) -> Function:
    """Compile a loop over tables, cached on disk; it releases the interpreter lock."""
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)  # type: ignore[return-value]


def direct(function: Callable[..., Any], *arguments: Any) -> Callable[..., Any]:
    """The machine code of a kernel for arguments of these types, without the test of their types.

    That test costs several microseconds per call, which is much for a small batch. The caller must pass
    arrays of the very same element types, contiguous and writable: nothing checks them any more. Returns
    the function itself where it is not compiled.
    """
    if not hasattr(function, "overloads"):
        return function
    kinds = tuple(numba.typeof(argument) for argument in arguments)  # type: ignore[no-untyped-call]
    function.compile(kinds)  # type: ignore[attr-defined]
    entry: Callable[..., Any] = function.overloads[kinds].entry_point
    return entry


integer: Final[Callable[[Any], int]] = np.int64  # type: ignore[assignment]
unsigned: Final[Callable[[Any], int]] = np.uint64  # type: ignore[assignment]
real: Final[Callable[[Any], float]] = np.float64
"""Conversions for rules: numbers, indices and differences are signed 64 bits, ids and hashes unsigned.

What is reckoned with is a ``real``: a field of 32 bits would be reckoned with in 32 bits, but not uncompiled.
"""


@inline_rule
def exponent_of(number: float) -> int:
    """The power of two at or below a number that is at least one; below one, something negative."""
    return int(np.float64(number).view(np.int64) >> 52) - 1023
