"""Parameters of detectors: declared with unit, meaning and range, checked, and laid out for compiled code.

A detector declares a frozen dataclass whose fields are all ``param``::

    @dataclass(frozen=True, kw_only=True)
    class Params:
        ratio: float = param(4.0, "times", "bait shown / size filled", least=1)
        hold: int = param(24 * HOUR, "ns", "an actor is forgotten this long after its last act")

Uncompiled rules read an instance of it, compiled ones a record with the same fields.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import math
import typing
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

import numpy as np

from tapewarden.compiled.rows import Table
from tapewarden.domain.errors import ConfigurationError

_MARK: Final = "tapewarden.param"
Params = TypeVar("Params")
_TYPES: Final = {int: np.int64, float: np.float64, bool: np.uint8}


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter as declared. Durations have the unit ``ns``; ``least`` and ``most`` are inclusive."""

    name: str
    type: type
    default: float
    unit: str
    meaning: str
    least: float | None
    most: float | None

    @property
    def expected(self) -> str:
        """What a value must be, in words: ``a whole number of ns, at least 1``."""
        kind = {int: "a whole number", float: "a number", bool: "true or false"}[self.type]
        text = f"{kind} of {self.unit}" if self.unit and self.type is not bool else kind
        bounds = [
            f"{word} {bound:g}"
            for word, bound in (("at least", self.least), ("at most", self.most))
            if bound is not None
        ]
        return ", ".join([text, *bounds])

    def accepts(self, value: object) -> bool:
        """Whether a value has the right type, is finite, fits 64 bits and lies in range."""
        if self.type is bool or isinstance(value, bool):
            return self.type is bool and isinstance(value, bool)
        if not isinstance(value, (int, float)) or (self.type is int and not isinstance(value, int)):
            return False
        if not math.isfinite(value) or (self.type is int and not -(2**63) <= value < 2**63):
            return False
        above = self.least is None or value >= self.least
        return above and (self.most is None or value <= self.most)


def param(
    default: float, unit: str, meaning: str, *, least: float | None = None, most: float | None = None
) -> Any:
    """A field of a ``Params`` class: its default, its unit, what it means, and the range it must keep."""
    return dataclasses.field(default=default, metadata={_MARK: (unit, meaning, least, most)})


def parameters_of(params: type) -> tuple[Parameter, ...]:
    """The parameters a class declares, in order.

    Raises:
        TypeError: Naming the field, if it is not a ``param`` of type int, float or bool, if its default is
            out of its own range, or if there is no ``hold``.
    """
    if not dataclasses.is_dataclass(params) or not params.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise TypeError(f"{params.__name__}: expected a frozen dataclass")
    hints = typing.get_type_hints(params)
    parameters = tuple(_parameter(params, field, hints[field.name]) for field in dataclasses.fields(params))
    if not any(parameter.name == "hold" and parameter.unit == "ns" for parameter in parameters):
        raise TypeError(f"{params.__name__}.hold: expected how long a row is kept, in ns; there is none")
    return parameters


def _parameter(params: type, field: dataclasses.Field[Any], hint: type) -> Parameter:
    place = f"{params.__name__}.{field.name}"
    if _MARK not in field.metadata:
        raise TypeError(f"{place}: expected param(default, unit, meaning), received a plain field")
    if hint not in _TYPES:
        raise TypeError(f"{place}: expected int, float or bool, received {hint}")
    default: Any = field.default
    parameter = Parameter(field.name, hint, default, *field.metadata[_MARK])
    if not parameter.accepts(default):
        raise TypeError(f"{place}: expected {parameter.expected}, received the default {default!r}")
    return parameter


def set_parameters(detector: str, base: Params, values: Mapping[str, object]) -> Params:
    """The parameters ``base`` with some set to other values.

    Raises:
        ConfigurationError: Naming detector, parameter, what was expected and received; for a name that
            does not exist, the nearest that does.
    """
    known = {parameter.name: parameter for parameter in parameters_of(type(base))}
    for name, value in values.items():
        parameter = known.get(name)
        if parameter is None:
            raise ConfigurationError(f"{detector}.{name}: no such parameter{nearest(name, known)}")
        if not parameter.accepts(value):
            raise ConfigurationError(f"{detector}.{name}: expected {parameter.expected}, received {value!r}")
    typed = {name: known[name].type(value) for name, value in values.items()}
    changed: Params = dataclasses.replace(base, **typed)  # type: ignore[type-var]
    return changed


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of an error message: the known name most like ``name``, or all of them if none is."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; there are {', '.join(names)}" if names else ""


def parameters_type(params: type) -> np.dtype[Any]:
    """The record type compiled rules read: int as i64, float as f64, bool as u8, aligned, widest first."""
    fields = [(parameter.name, _TYPES[parameter.type]) for parameter in parameters_of(params)]
    wide_first = sorted(fields, key=lambda field: -np.dtype(field[1]).itemsize)
    return np.dtype(wide_first, align=True)


def parameters_table(profiles: Sequence[object]) -> Table:
    """One record per profile, from instances of one ``Params`` class; at least one."""
    table = np.zeros(len(profiles), parameters_type(type(profiles[0])))
    for row, profile in enumerate(profiles):
        for name in table.dtype.names or ():
            table[row][name] = getattr(profile, name)
    return table


def parameters_hash(params: object) -> str:
    """Sixteen hexadecimal digits of the names and the values: equal parameters, equal hash, everywhere."""
    table = parameters_table([params])
    digest = hashlib.blake2b(",".join(table.dtype.names or ()).encode(), digest_size=8)
    digest.update(table.astype(table.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()
