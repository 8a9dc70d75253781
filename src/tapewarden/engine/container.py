"""Named byte strings in one, with a header that tells damage and foreign versions from a snapshot."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from typing import Final

from tapewarden.domain.errors import SnapshotError

MAGIC: Final = b"tapeward"
SCHEMA: Final = 1
_HEADER: Final = struct.Struct("<8sHHI16s16sQ")  # magic, schema, spare, index length, kind, checksum, length


def pack(kind: bytes, parts: Mapping[str, bytes]) -> bytes:
    """One byte string of all parts, in order of their names. ``kind`` (16 bytes) says what may read it."""
    names = sorted(parts)
    index = json.dumps([[name, len(parts[name])] for name in names], separators=(",", ":")).encode()
    body = b"".join([index, *(parts[name] for name in names)])
    return _HEADER.pack(MAGIC, SCHEMA, 0, len(index), kind, _checksum(body), len(body)) + body


def unpack(kind: bytes, data: bytes, noun: str = "snapshot") -> dict[str, bytes]:
    """The parts that ``pack`` joined; messages call the whole a ``noun``.

    Raises:
        SnapshotError: If the bytes are none, are damaged, or were written by another version.
    """
    if len(data) < _HEADER.size or not data.startswith(MAGIC):
        raise SnapshotError(f"expected a {noun}, received {len(data)} bytes of something else")
    _, schema, spare, index_length, written_by, checksum, length = _HEADER.unpack_from(data)
    if schema != SCHEMA:
        raise SnapshotError(f"expected {noun} schema {SCHEMA}, received {schema}")
    body = data[_HEADER.size :]
    if spare or len(body) != length or _checksum(body) != checksum:
        raise SnapshotError(
            f"expected {length} undamaged bytes, received {len(body)} that fail their checksum"
        )
    if written_by != kind:
        raise SnapshotError(f"expected a {noun} of {_told(kind)}, received one of {_told(written_by)}")
    parts, at = {}, index_length
    for name, size in _index(body[:index_length]):
        parts[name] = body[at : at + size]
        at += size
    if at != len(body):
        raise SnapshotError(f"expected parts of {len(body)} bytes, received an index of {at}")
    return parts


def _index(text: bytes) -> list[tuple[str, int]]:
    """Names and sizes of parts. The checksum does not cover the header, which says where they end."""
    try:
        index: list[tuple[str, int]] = json.loads(text)
    except ValueError:
        raise SnapshotError(f"expected an index of parts, received {len(text)} other bytes") from None
    return index


def _told(kind: bytes) -> str:
    """A kind in words: as it is where it is text, otherwise as the hash it is."""
    return repr(kind.decode()) if kind.isascii() and kind.decode().isprintable() else f"state {kind.hex()}"


def _checksum(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()
