"""What a call says of its caller: a token, or on an open server a name. Metadata of gRPC."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, unquote

_TOKEN: Final = "authorization"
_SCHEME: Final = "Bearer "
_PERSON: Final = "tapewarden-person"

Metadata = tuple[tuple[str, str], ...]


def calling(token: str | None, person: str | None) -> Metadata:
    """The metadata of a caller; names are percent-encoded, for metadata is ASCII."""
    given: list[tuple[str, str]] = []
    if token is not None:
        given.append((_TOKEN, _SCHEME + token))
    if person is not None:
        given.append((_PERSON, quote(person, safe=" ")))
    return tuple(given)


def token_of(metadata: Iterable[tuple[str, str | bytes]]) -> str | None:
    """The token in metadata; ``None`` if there is none."""
    value = _value(metadata, _TOKEN)
    return None if value is None or not value.startswith(_SCHEME) else value.removeprefix(_SCHEME)


def person_of(metadata: Iterable[tuple[str, str | bytes]]) -> str | None:
    """The name in metadata; ``None`` if there is none."""
    value = _value(metadata, _PERSON)
    return None if value is None else unquote(value)


def _value(metadata: Iterable[tuple[str, str | bytes]], key: str) -> str | None:
    return next((value for name, value in metadata if name == key and isinstance(value, str)), None)
