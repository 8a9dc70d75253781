"""`TapeHeader`: what a tape says of itself, the same JSON in both forms."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from tapewarden.domain.directory import Account, Directory, Instrument
from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import Tier
from tapewarden.domain.version import VERSION
from tapewarden.tape.schema import FORMAT


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file a tape was made from. ``size`` is in bytes, ``sha256`` in hexadecimal."""

    name: str
    size: int
    sha256: str

    @staticmethod
    def of(path: Path) -> SourceFile:
        """The name without folders, size and digest of a file; reads all of it. ``OSError`` if it cannot."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return SourceFile(name=path.name, size=path.stat().st_size, sha256=digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a tape comes from.

    ``origin`` names the importer's preset or mapping, or the program that made the events; ``parameters``
    are its settings. ``created`` is ``None`` unless asked for: the same input gives the same bytes.
    """

    origin: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    files: tuple[SourceFile, ...] = ()
    created: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many events there are, by name of their kind, and the known event times they span (ns UTC)."""

    events: int
    kinds: Mapping[str, int]
    first_ns: int | None
    last_ns: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeHeader:
    """The tables behind a tape's dense numbers, and what is known of its making.

    ``counts`` may be ``None`` in a tape written by hand; ``tier`` is ``None`` where nobody said.
    """

    tape_format: int = FORMAT
    software: str | None = None
    tier: Tier | None = None
    instruments: tuple[Instrument, ...] = ()
    accounts: tuple[Account, ...] = ()
    sources: tuple[str, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)
    counts: Counts | None = None

    @staticmethod
    def of(
        directory: Directory, tier: Tier | None, provenance: Provenance, counts: Counts | None
    ) -> TapeHeader:
        """The header of a tape this program wrote with the tables of ``directory``."""
        return TapeHeader(
            software=VERSION,
            tier=tier,
            instruments=tuple(directory.instruments),
            accounts=tuple(directory.accounts),
            sources=tuple(directory.sources),
            provenance=provenance,
            counts=counts,
        )

    def to_json(self) -> bytes:
        """One line of JSON; equal headers give equal bytes."""
        return msgspec.json.encode(self, order="deterministic")

    @staticmethod
    def from_json(data: bytes, source: str, row: int | None = None) -> TapeHeader:
        """The header in ``data``; ``InputError`` for another version or anything that is no header.

        ``source`` and ``row`` say where it stands.
        """
        try:
            version = msgspec.json.decode(data, type=_Version).tape_format
        except _UNREADABLE as error:
            raise InputError(source, "a tape header as JSON", str(error), row=row) from None
        if version != FORMAT:
            raise InputError(source, f"tape format {FORMAT}", str(version), row=row, field="tape_format")
        try:
            return msgspec.json.decode(data, type=TapeHeader)
        except _UNREADABLE as error:
            raise InputError(source, f"a header of tape format {FORMAT}", str(error), row=row) from None

    def directory(self, source: str) -> Directory:
        """A directory that numbers everything as this header does; ``InputError`` if a name comes twice."""
        _refuse_repeats(source, "instruments", [instrument.name for instrument in self.instruments])
        _refuse_repeats(source, "accounts", [account.name for account in self.accounts])
        _refuse_repeats(source, "sources", self.sources)
        directory = Directory()
        for instrument in self.instruments:
            directory.add_instrument(instrument)
        for account in self.accounts:
            directory.add_account(account.name, account.owner)
        for text in self.sources:
            directory.sources.number(text)
        return directory


_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError)


class _Version(msgspec.Struct):
    tape_format: int


def _refuse_repeats(source: str, table: str, names: Sequence[str]) -> None:
    """A repeated name would shift the numbers of all that follow."""
    if len(set(names)) < len(names):
        repeated = next(name for name, times in Counter(names).items() if times > 1)
        raise InputError(source, "each name once", f"{repeated!r} again", field=table)
