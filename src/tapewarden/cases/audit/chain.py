"""Entries of the trail, each bound to all before it: h(i) = SHA-256(h(i−1) ‖ canonical JSON(entry i))."""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256
from typing import Final

from tapewarden.cases.audit.canonical import canonical
from tapewarden.domain.trail import Entry, Link, Value

_FIELDS: Final = tuple(field.name for field in fields(Entry))

GENESIS: Final = bytes(32)
"""h(0): what the first entry is bound to."""


def link(number: int, before: bytes, entry: Entry) -> Link:
    """The entry bound to ``before``, the digest of the entry ahead of it (``GENESIS`` for the first)."""
    return Link(number, entry, chained(before, canonical(numbered(number, entry))))


def chained(before: bytes, text: str) -> bytes:
    """h(i) from h(i−1) and the canonical JSON of entry i."""
    return sha256(before + text.encode()).digest()


def numbered(number: int, entry: Entry) -> Value:
    """Fields of an entry with its number: what is hashed and exported."""
    return {"number": number} | {name: getattr(entry, name) for name in _FIELDS}
