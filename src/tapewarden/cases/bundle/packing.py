"""Packing a case into a ZIP file: the same contents give the same bytes.

The audit trail's entry of the export holds the SHA-256 of the manifest, the manifest that of every part, and
a signed head vouches for the entry. So the signature covers everything, and the trail of the store vouches
for the bundle as long as it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tapewarden.cases.audit import SignedHead
from tapewarden.cases.audit.canonical import canonical
from tapewarden.cases.audit.chain import numbered
from tapewarden.cases.audit.export import head_line
from tapewarden.domain.case import Case
from tapewarden.domain.casework import Attachment, Comment
from tapewarden.domain.trail import Json, Link

FORMAT: Final = "tapewarden case 1"
MANIFEST: Final = "manifest.json"
PROOF: Final = "proof.jsonl"
README: Final = "README.txt"
KEY: Final = "key.pem"
CASE: Final = "case.json"
SIGNALS: Final = "signals.jsonl"
COMMENTS: Final = "comments.jsonl"
ATTACHMENTS: Final = "attachments.jsonl"
ENTRIES: Final = "entries.jsonl"

_README: Final = """\
This is a case of a market surveillance system, exported so that it proves itself.

case.json           the case as it stood
signals.jsonl       its signals, one per line, in the bytes in which they were filed
comments.jsonl      what people said of it
attachments.jsonl   files that people added, by number, name, size and SHA-256
attachments/N       the file with number N
entries.jsonl       the entries of the audit trail that tell of it, each with the digest before it and its own
manifest.json       the SHA-256 and size of each file above, and of this one and key.pem
proof.jsonl         the trail's entry of this export, and the signed head of the trail right behind it
key.pem             the public key of the head

To check it:

    tapewarden audit verify FILE --key PUBLIC.pem

with the public key as you got it from those who exported the case, not the one in here.

To check it without tapewarden, with tools for SHA-256 and Ed25519:

1. The digest of an entry is SHA-256(digest before it, 32 bytes, then the entry's JSON as it stands in its
   line: keys sorted, no spaces, UTF-8). It must hold for every line of entries.jsonl and for the first line
   of proof.jsonl.
2. The head in proof.jsonl has the number and digest of that first line. Its signature is over the line
   "tapewarden audit head 1", a line feed, and the JSON {"at_ns":...,"digest":"...","number":...}.
3. The entry of the export holds, as new.manifest, the SHA-256 of manifest.json; that holds those of the rest.
4. Beginning with the entry case.open, each entry's old values are those that the case has by then, and its
   new values those that it has from then on. The last ones are those in case.json.
5. Every signal has an entry signal.record with the SHA-256 of its line, every comment one case.comment and
   every attachment one case.attach.

The head's number and digest also stand in every later export of the whole trail: who holds one can compare.
"""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a bundle holds, but for the bytes of attachments. ``entries`` come with the digest before each."""

    case: Case
    signal_lines: tuple[str, ...]
    comments: tuple[Comment, ...]
    attachments: tuple[Attachment, ...]
    entries: tuple[tuple[bytes, Link], ...]

    def parts(self, key: Ed25519PublicKey) -> dict[str, bytes]:
        """The files of the bundle that stand in its manifest, attachments apart."""
        return {
            README: _README.encode(),
            KEY: key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            CASE: canonical(asdict(self.case)).encode() + b"\n",
            SIGNALS: "".join(f"{line}\n" for line in self.signal_lines).encode(),
            COMMENTS: _lines(asdict(one) for one in self.comments),
            ATTACHMENTS: _lines(asdict(one) for one in self.attachments),
            ENTRIES: "".join(proven_line(before, link) for before, link in self.entries).encode(),
        }


class Manifest:
    """The list of a bundle's parts, with size and hash of each."""

    def __init__(self, contents: Contents, key: Ed25519PublicKey) -> None:
        self.parts = contents.parts(key)
        listed: list[Json] = [
            {"name": name, "sha256": sha256(content).hexdigest(), "size": len(content)}
            for name, content in self.parts.items()
        ]
        listed += [
            {"name": attachment_name(one.id), "sha256": one.digest, "size": one.size}
            for one in contents.attachments
        ]
        manifest: Json = {"case": contents.case.id, "format": FORMAT, "parts": listed}
        self.content = canonical(manifest).encode() + b"\n"
        self.digest = sha256(self.content).hexdigest()


def pack(
    out: BinaryIO,
    manifest: Manifest,
    attachments: Iterable[tuple[int, bytes]],
    export: tuple[bytes, Link],
    head: SignedHead,
) -> None:
    """Write a bundle: ``attachments`` with their numbers, the entry of the export with the digest before it.

    Holds one attachment in memory at a time.
    """
    proof = proven_line(*export) + head_line(head)
    first: Mapping[str, bytes] = {**manifest.parts, MANIFEST: manifest.content, PROOF: proof.encode()}
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in first.items():
            _write(archive, name, content)
        for number, content in attachments:
            _write(archive, attachment_name(number), content)


def attachment_name(number: int) -> str:
    """Where the bytes of an attachment stand; its own name is not trusted to name a file."""
    return f"attachments/{number}"


def proven_line(before: bytes, link: Link) -> str:
    """An entry with the digest before it and its own: all that is needed to check it."""
    entry = numbered(link.number, link.entry)
    return canonical({"before": before.hex(), "digest": link.digest.hex(), "entry": entry}) + "\n"


def _write(archive: ZipFile, name: str, content: bytes) -> None:
    information = ZipInfo(name)  # dated 1980, whenever it is written
    information.compress_type = ZIP_DEFLATED
    information.external_attr = 0o644 << 16
    archive.writestr(information, content)


def _lines(values: Iterable[Json]) -> bytes:
    return "".join(f"{canonical(value)}\n" for value in values).encode()
