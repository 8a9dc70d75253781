"""Entries of the trail, each bound to all before it: h(i) = SHA-256(h(i−1) ‖ canonical JSON(entry i))."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Final, TypeAlias

from tapewarden.cases.audit.canonical import Json, canonical

Value: TypeAlias = dict[str, Json]
"""Fields of what an action concerns, by name."""

GENESIS: Final = bytes(32)
"""h(0): what the first entry is bound to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Who did what to what, when and why; never changed once written.

    ``at_ns`` is nanoseconds UTC, as told by the caller. ``actor`` is the person or the program that acted.
    ``old`` and ``new`` hold the fields that changed, before and after; ``None`` where there was nothing.
    """

    at_ns: int
    actor: str
    action: str
    subject: str
    old: Value | None = None
    new: Value | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry in its place: ``number`` counts from 1, ``digest`` is h(number), 32 bytes."""

    number: int
    entry: Entry
    digest: bytes


def link(number: int, before: bytes, entry: Entry) -> Link:
    """The entry bound to ``before``, the digest of the entry ahead of it (``GENESIS`` for the first)."""
    return Link(number, entry, chained(before, canonical(numbered(number, entry))))


def chained(before: bytes, text: str) -> bytes:
    """h(i) from h(i−1) and the canonical JSON of entry i."""
    return sha256(before + text.encode()).digest()


def numbered(number: int, entry: Entry) -> Value:
    """Fields of an entry with its number: what is hashed and exported."""
    return {"number": number, **asdict(entry)}
