"""Checking a bundle: signature, hashes, entries, and that the case is what its entries make of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - its own name says too little

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tapewarden.cases.audit import SignedHead, read_public_key
from tapewarden.cases.audit.canonical import canonical
from tapewarden.cases.audit.chain import chained
from tapewarden.cases.bundle.packing import (
    ATTACHMENTS,
    CASE,
    COMMENTS,
    ENTRIES,
    FORMAT,
    KEY,
    MANIFEST,
    PROOF,
    SIGNALS,
)
from tapewarden.domain.decoding import decode
from tapewarden.domain.errors import InputError
from tapewarden.domain.trail import Json

_CHUNK: Final = 2**20
_LONGEST_PART: Final = 2**28  # bytes; against archives that unpack without end
_NOTES: Final = {"case.comment": COMMENTS, "case.attach": ATTACHMENTS}


@dataclass(frozen=True, slots=True)
class BundleVerdict:
    """What a bundle is found to be.

    Attributes:
        entries: How many entries of the trail it holds.
        number: How long the trail was when it was exported.
        fault: The first thing that is not as it was exported, in one line; ``None`` if all is.
    """

    entries: int
    number: int
    fault: str | None


class _Faulty(Exception):  # noqa: N818 - a finding, not an error
    """What is wrong, and with which part or entry."""


class _Proven(NamedTuple):
    number: int
    before: bytes
    digest: bytes
    entry: dict[str, Any]

    @property
    def place(self) -> str:
        return f"entry {self.number}"


def verify_bundle(path: Path, key: Ed25519PublicKey | None = None) -> BundleVerdict:
    """Check a bundle against a public key, or against the one it brings, which proves less.

    Raises:
        InputError: The file is no ZIP archive.
    """
    try:
        with ZipFile(path) as archive:
            return _Bundle(archive, key).verdict()
    except (OSError, BadZipFile) as error:
        raise InputError(str(path), "a case that was exported", str(error)) from None


class _Bundle:
    def __init__(self, archive: ZipFile, key: Ed25519PublicKey | None) -> None:
        self._archive = archive
        self._key = key
        self._entries: list[_Proven] = []
        self._number = 0

    def verdict(self) -> BundleVerdict:
        fault = None
        try:
            self._check()
        except _Faulty as found:
            fault = str(found)
        return BundleVerdict(len(self._entries), self._number, fault)

    def _check(self) -> None:
        names = self._archive.namelist()
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise _Faulty(f"{twice}: it is in the bundle more than once")
        export = self._export()
        self._number = export.number
        for one in _proven(ENTRIES, self._read(ENTRIES)):
            self._follow(one, export)
        case = _one(CASE, self._read(CASE))
        self._check_story(case)
        self._check_parts(export, case, set(names))
        self._check_notes()
        self._check_signals(case["id"])

    def _export(self) -> _Proven:
        """The entry of the export, for which the signed head vouches."""
        lines = self._read(PROOF).splitlines(keepends=True)
        if len(lines) != 2:
            raise _Faulty(f"{PROOF}: it holds the entry of the export and a signed head, nothing else")
        (export,) = _proven(PROOF, lines[0])
        head = _head(lines[1])
        key = self._key or _key(self._read(KEY))
        if not head.is_signed_by(key):
            raise _Faulty(f"{PROOF}: the head is not signed by the key")
        if export.digest != chained(export.before, canonical(export.entry)):
            raise _Faulty(f"{export.place}: its digest is not that of its content and all before it")
        if (head.number, head.digest) != (export.number, export.digest.hex()):
            raise _Faulty(f"{PROOF}: the head is not that of {export.place}")
        return export

    def _follow(self, one: _Proven, export: _Proven) -> None:
        before = self._entries[-1] if self._entries else None
        if one.number >= export.number or (before is not None and one.number <= before.number):
            raise _Faulty(f"{one.place}: it is not in its place")
        if one.digest != chained(one.before, canonical(one.entry)):
            raise _Faulty(f"{one.place}: its digest is not that of its content and all before it")
        if before is not None and before.number + 1 == one.number and before.digest != one.before:
            raise _Faulty(f"{one.place}: it does not follow {before.place}")
        self._entries.append(one)

    def _check_story(self, case: dict[str, Any]) -> None:
        """Whether the case is what its entries made of it, none of them missing."""
        subject = f"case {case.get('id')}"
        story = [one for one in self._entries if one.entry["subject"] == subject]
        if not story or story[0].entry["action"] != "case.open":
            raise _Faulty(f"{ENTRIES}: the first entry of {subject} is not that it was opened")
        fields = dict(story[0].entry["new"])
        fields.pop("signals", None)
        for one in story[1:]:
            if one.entry["action"] not in _NOTES:
                old, new = one.entry["old"] or {}, one.entry["new"] or {}
                if any(fields.get(name) != value for name, value in old.items()):
                    raise _Faulty(f"{one.place}: its old values are not what came before; one is missing")
                fields |= new
        wrong = sorted(name for name in fields | case if fields.get(name) != case.get(name))
        if wrong:
            raise _Faulty(f"{CASE}: {', '.join(wrong)} is not what {story[-1].place} and all before it say")

    def _check_parts(self, export: _Proven, case: dict[str, Any], names: set[str]) -> None:
        content = self._read(MANIFEST)
        new = export.entry["new"] or {}
        if new.get("manifest") != sha256(content).hexdigest():
            raise _Faulty(f"{MANIFEST}: it is not the one that {export.place} names")
        manifest = _one(MANIFEST, content)
        if (manifest["format"], f"case {manifest['case']}") != (FORMAT, export.entry["subject"]):
            raise _Faulty(f"{MANIFEST}: it is not that of {export.entry['subject']}")
        if case["id"] != manifest["case"]:
            raise _Faulty(f"{CASE}: it is not that of {export.entry['subject']}")
        listed = {part["name"]: part for part in manifest["parts"]}
        for name in sorted(set(listed) ^ (names - {MANIFEST, PROOF})):
            raise _Faulty(f"{name}: it is {'missing' if name in listed else 'not in the manifest'}")
        for name, part in listed.items():
            if self._digest(name, part["size"]) != part["sha256"]:
                raise _Faulty(f"{name}: its bytes are not those that were exported")

    def _check_notes(self) -> None:
        for action, name in _NOTES.items():
            told = [one.entry["new"] for one in self._entries if one.entry["action"] == action]
            if told != list(_values(name, self._read(name))):
                raise _Faulty(f"{name}: it is not what the entries {action} say")

    def _check_signals(self, case_id: int) -> None:
        told = {
            one.entry["new"]["digest"]: one.entry["new"]["case_id"]
            for one in self._entries
            if one.entry["action"] == "signal.record"
        }
        found = [sha256(line).hexdigest() for line in self._read(SIGNALS).splitlines()]
        if sorted(found) != sorted(told) or set(told.values()) - {case_id}:
            raise _Faulty(f"{SIGNALS}: it is not what the entries signal.record say")

    def _read(self, name: str) -> bytes:
        return b"".join(self._chunks(name, _LONGEST_PART))

    def _digest(self, name: str, size: int) -> str:
        digest = sha256()
        for chunk in self._chunks(name, size):
            digest.update(chunk)
        return digest.hexdigest()

    def _chunks(self, name: str, most: int) -> Iterator[bytes]:
        left = most
        try:
            with self._archive.open(name) as stream:
                while chunk := stream.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise _Faulty(f"{name}: it is longer than it may be")
                    yield chunk
        except KeyError:
            raise _Faulty(f"{name}: it is missing") from None
        except (BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError) as error:
            raise _Faulty(f"{name}: it cannot be unpacked: {error}") from None


def _proven(part: str, content: bytes) -> Iterator[_Proven]:
    for place, value in enumerate(_values(part, content), start=1):
        try:
            entry = value["entry"]
            if not {"action", "subject", "old", "new"} <= entry.keys():
                raise ValueError
            before, digest = bytes.fromhex(value["before"]), bytes.fromhex(value["digest"])
            yield _Proven(decode(int, entry["number"]), before, digest, entry)
        except (KeyError, TypeError, AttributeError, ValueError):
            raise _Faulty(f"{part}, line {place}: it is not an entry with its digests") from None


def _head(line: bytes) -> SignedHead:
    value = _one(PROOF, line)
    try:
        head: SignedHead = decode(SignedHead, {**value["head"], "signature": value["signature"]})
    except (KeyError, TypeError, ValueError):
        raise _Faulty(f"{PROOF}: its second line is not a signed head") from None
    return head


def _key(pem: bytes) -> Ed25519PublicKey:
    try:
        return read_public_key(pem, KEY)
    except InputError as error:
        raise _Faulty(str(error)) from None


def _one(part: str, content: bytes) -> dict[str, Any]:
    values = list(_values(part, content))
    if len(values) != 1 or not isinstance(values[0], dict):
        raise _Faulty(f"{part}: it is not one line of JSON")
    return values[0]


def _values(part: str, content: bytes) -> Iterator[Any]:
    """The values of lines that are, to the byte, what would be written for them."""
    lines: Iterable[bytes] = content.split(b"\n")
    *complete, rest = lines
    for place, line in enumerate(complete, start=1):
        try:
            value: Json = json.loads(line)
            if canonical(value).encode() != line:
                raise ValueError
        except (ValueError, RecursionError):
            raise _Faulty(f"{part}, line {place}: it is not canonical JSON") from None
        yield value
    if rest:
        raise _Faulty(f"{part}: its last line does not end")
