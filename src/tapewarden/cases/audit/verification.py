"""Verification of an exported trail: needs the file and the public key, no server and no store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tapewarden.cases.audit.canonical import canonical
from tapewarden.cases.audit.chain import GENESIS, chained
from tapewarden.cases.audit.heads import SignedHead
from tapewarden.domain.decoding import decode


class FaultKind(StrEnum):
    """What was done to a trail."""

    UNREADABLE = "unreadable"
    TAMPERED = "tampered"
    REMOVED = "removed"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry that is not as it was written; ``text`` says why in one line.

    For ``REWRITTEN`` and ``FORGED`` it is the first that no head vouches for: which one was changed first
    cannot be known.
    """

    number: int
    kind: FaultKind
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many entries are sound, from the first on; ``fault`` is ``None`` where all are."""

    sound: int
    fault: Fault | None


def heads_in(lines: Iterable[str]) -> Iterator[SignedHead]:
    """The signed heads in an export that was kept, for ``verify`` to hold a later one against."""
    return (record for record in map(_read, lines) if isinstance(record, SignedHead))


@dataclass(frozen=True, slots=True)
class _EntryLine:
    number: int
    text: str
    digest: str


def verify(
    lines: Iterable[str],
    key: Ed25519PublicKey,
    held: Iterable[SignedHead] = (),
    end: tuple[int, bytes] | None = None,
) -> Verdict:
    """Recompute the chain of an exported trail and hold it against the signed heads.

    ``held`` are heads kept elsewhere: they show that a trail was cut together with its own heads. A trail
    that still grows is closed by no head; ``end`` is the number and digest of what is said to be its last
    entry. Reads the lines once and keeps none; what follows the first fault is only searched for the entry
    that is missing.
    """
    walk = _Walk(key, held, end)
    fault = walk.first_fault(iter(lines))
    return Verdict(walk.number if fault is None else fault.number - 1, fault)


class _Walk:
    """Where verification stands: behind entry ``number``; a head vouches for those up to ``signed``."""

    def __init__(
        self, key: Ed25519PublicKey, held: Iterable[SignedHead], end: tuple[int, bytes] | None
    ) -> None:
        self._key = key
        self._end = end
        self._held: dict[int, list[SignedHead]] = {}
        for head in held:
            self._held.setdefault(head.number, []).append(head)
        self.number = 0
        self._digest = GENESIS
        self._signed = 0
        self._closed = False

    def first_fault(self, lines: Iterator[str]) -> Fault | None:
        for head in chain.from_iterable(self._held.values()):
            if not head.is_signed_by(self._key):
                return self._forged(head)
        for line in lines:
            fault = self._fault_of(_read(line), lines)
            if fault is not None:
                return fault
        return self._fault_at_end()

    def _fault_of(self, record: _EntryLine | SignedHead | None, rest: Iterator[str]) -> Fault | None:
        if record is None:
            return self._fault(FaultKind.UNREADABLE, "its line is not one that a trail holds")
        if isinstance(record, SignedHead):
            self._closed = True
            return self._fault_of_head(record, rest)
        self._closed = False
        return self._fault_of_entry(record, rest)

    def _fault_of_entry(self, record: _EntryLine, rest: Iterator[str]) -> Fault | None:
        expected = self.number + 1
        if record.number != expected:
            return self._misplaced(record.number, rest)
        digest = chained(self._digest, record.text)
        if digest.hex() != record.digest:
            return self._fault(FaultKind.TAMPERED, "its digest is not that of its content and all before it")
        self.number, self._digest = expected, digest
        for head in self._held.pop(expected, ()):
            fault = self._fault_of_head(head, rest)
            if fault is not None:
                return fault
        return None

    def _misplaced(self, number: int, rest: Iterator[str]) -> Fault:
        expected = self.number + 1
        if number < expected:
            return self._fault(FaultKind.REORDERED, f"entry {number} stands in its place, a second time")
        if any(_number(line) == expected for line in rest):
            return self._fault(FaultKind.REORDERED, f"it stands behind entry {number}")
        return self._fault(FaultKind.REMOVED, f"entry {number} stands in its place")

    def _fault_of_head(self, head: SignedHead, rest: Iterator[str]) -> Fault | None:
        if not head.is_signed_by(self._key):
            return self._forged(head)
        if head.number > self.number:
            return self._missing(head, rest)
        if head.number < self.number:
            return self._fault(FaultKind.REORDERED, f"the head of entry {head.number} stands in its place")
        if head.digest != self._digest.hex():
            return self._unsigned(FaultKind.REWRITTEN, "the chain is not the one that was signed")
        self._signed = head.number
        return None

    def _missing(self, head: SignedHead, rest: Iterator[str]) -> Fault:
        number = next((found for found in map(_number, rest) if found is not None), None)
        if number is not None:
            return self._misplaced(number, rest) if number != self.number + 1 else self._behind(head)
        return self._fault(FaultKind.TRUNCATED, f"a signed head says that there were {head.number} entries")

    def _behind(self, head: SignedHead) -> Fault:
        return self._fault(FaultKind.REORDERED, f"it stands behind the head of entry {head.number}")

    def _fault_at_end(self) -> Fault | None:
        longest = max(self._held, default=0)
        if longest > self.number:
            return self._fault(FaultKind.TRUNCATED, f"a signed head says that there were {longest} entries")
        if self._end is not None:
            return self._fault_at_open_end(*self._end)
        if not self._closed:
            return self._fault(FaultKind.TRUNCATED, "no signed head closes the trail")
        return None

    def _fault_at_open_end(self, number: int, digest: bytes) -> Fault | None:
        if number > self.number:
            return self._fault(FaultKind.TRUNCATED, f"it is said that there are {number} entries")
        if (number, digest) != (self.number, self._digest):
            return self._unsigned(FaultKind.REWRITTEN, "the chain does not end as it is said to")
        return None

    def _fault(self, kind: FaultKind, why: str) -> Fault:
        number = self.number + 1
        return Fault(number, kind, f"entry {number}, {kind}: {why}")

    def _forged(self, head: SignedHead) -> Fault:
        return self._unsigned(FaultKind.FORGED, f"the head of entry {head.number} is not signed by the key")

    def _unsigned(self, kind: FaultKind, why: str) -> Fault:
        first = self._signed + 1
        return Fault(first, kind, f"entries {first} and following, {kind}: {why}")


def _read(line: str) -> _EntryLine | SignedHead | None:
    """The record in a line; ``None`` unless the line is, to the byte, what would be written for it."""
    try:
        value: Any = json.loads(line)
        if canonical(value) != line.removesuffix("\n"):
            return None
        if value.keys() == {"head", "signature"}:
            return _head({**value["head"], "signature": value["signature"]})
        if value.keys() == {"digest", "entry"}:
            return _entry(value["entry"], value["digest"])
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError):
        pass
    return None


def _head(value: Any) -> SignedHead:  # noqa: ANN401 - as wide as JSON
    head: SignedHead = decode(SignedHead, value)
    return head


def _entry(value: Any, digest: object) -> _EntryLine:  # noqa: ANN401 - as wide as JSON
    found: _EntryLine = decode(
        _EntryLine, {"number": value["number"], "text": canonical(value), "digest": digest}
    )
    return found


def _number(line: str) -> int | None:
    record = _read(line)
    return record.number if isinstance(record, _EntryLine) else None
