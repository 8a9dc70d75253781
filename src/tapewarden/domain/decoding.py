"""Plain JSON values made into dataclasses, by the types of their fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from math import isfinite
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from tapewarden.domain.errors import FieldError

_NAMES: Final = {str: "a text", int: "a whole number", bool: "true or false"}


def decode_line(kind: Any, line: str) -> Any:  # noqa: ANN401 - as wide as JSON
    """The JSON in a line as a dataclass ``kind``, like ``decode``; ``FieldError`` where it is no JSON."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise FieldError(None, "JSON", f"text that is none ({error})") from None
    return decode(kind, value)


def decode(kind: Any, value: object, field: str | None = None) -> Any:  # noqa: ANN401 - as wide as JSON
    """The value as a ``kind``: nothing is converted, left out or ignored.

    ``kind`` may be a text, a finite number, a truth value, an enumeration of texts, a dataclass, a tuple of
    any of these, a mapping from texts, or a union with null. ``field`` is where the value stood.

    Raises:
        FieldError: Naming the field as in ``accounts[0].role``.
    """
    if is_dataclass(kind):
        return _dataclass(kind, value, field)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return None if value is None else decode(arguments[0], value, field)
    if origin is tuple:
        return _tuple(arguments, value, field)
    if origin is Mapping:
        items = _of(dict, "an object", value, field).items()
        return {name: decode(arguments[1], item, _below(field, name)) for name, item in items}
    if issubclass(kind, StrEnum):
        return _member(kind, value, field)
    if kind is float:
        return _number(value, field)
    return _of(kind, _NAMES[kind], value, field)


def _dataclass(kind: Any, value: object, field: str | None) -> Any:  # noqa: ANN401
    given = _of(dict, "an object", value, field)
    hints = _hints(kind)
    for name in given:
        if name not in hints:
            raise FieldError(_below(field, name), f"one of {', '.join(hints)}", "another field")
    for one in fields(kind):
        if one.name not in given and one.default is MISSING and one.default_factory is MISSING:
            raise FieldError(_below(field, one.name), "a value", "none")
    return kind(**{name: decode(hints[name], item, _below(field, name)) for name, item in given.items()})


def _tuple(kinds: tuple[Any, ...], value: object, field: str | None) -> tuple[Any, ...]:
    items = _of(list, "a list", value, field)
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(items)
    if len(items) != len(kinds):
        raise FieldError(field, f"a list of {len(kinds)}", f"one of {len(items)}")
    return tuple(
        decode(kind, item, f"{field or ''}[{place}]")
        for place, (kind, item) in enumerate(zip(kinds, items, strict=True))
    )


def _member(kind: type[StrEnum], value: object, field: str | None) -> StrEnum:
    text = _of(str, "a text", value, field)
    try:
        return kind(text)
    except ValueError:
        raise FieldError(field, f"one of {', '.join(kind)}", repr(text)) from None


def _number(value: object, field: str | None) -> float:
    try:
        if type(value) in (int, float) and isfinite(value):  # type: ignore[arg-type]
            return value  # type: ignore[return-value]
    except OverflowError:  # an integer beyond every float
        pass
    raise FieldError(field, "a number", repr(value)[:40])


def _of(kind: Any, expected: str, value: object, field: str | None) -> Any:  # noqa: ANN401
    if type(value) is not kind:
        raise FieldError(field, expected, repr(value))
    return value


def _below(field: str | None, name: str) -> str:
    return name if field is None else f"{field}.{name}"


@cache
def _hints(kind: Any) -> dict[str, Any]:  # noqa: ANN401
    return get_type_hints(kind)
