"""Entries of the audit trail, and the chain that binds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
"""What JSON can hold, in lists or tuples and dictionaries."""

Value: TypeAlias = dict[str, Json]
"""Fields of what an action concerns, by name."""


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
