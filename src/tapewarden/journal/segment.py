"""Segment files: their names, and the head each begins with."""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final, NamedTuple
from zlib import crc32

from tapewarden.domain.errors import JournalCorruptionError, JournalError
from tapewarden.journal.disk import told_of

FORMAT: Final = 1
MAGIC: Final = b"TWJOURNL"
BUFFER: Final = 1 << 20
HEAD: Final = struct.Struct("<8sIIQII")
_NAME: Final = re.compile(r"(\d{20})\.(active|sealed)")


class Segment(NamedTuple):
    """A segment file by its name: the number of its first frame, and whether it is finished."""

    path: Path
    first: int
    sealed: bool


def segment_path(folder: Path, first: int, *, sealed: bool) -> Path:
    """Path of the segment whose first frame has this number."""
    return folder / f"{first:020d}.{'sealed' if sealed else 'active'}"


def list_segments(folder: Path) -> list[Segment]:
    """All segments of a journal, oldest first.

    Raises:
        JournalError: If the folder cannot be read, or another segment follows one that is not sealed.
    """
    with told_of(folder):
        matches = [match for path in sorted(folder.iterdir()) if (match := _NAME.fullmatch(path.name))]
    found = {int(name[1]): name for name in matches}  # one that is being sealed may show both its names
    segments = [Segment(folder / name[0], first, name[2] == "sealed") for first, name in found.items()]
    for segment in segments[:-1]:
        if not segment.sealed:
            raise JournalError(f"{segment.path}: expected no segment behind the active one, received others")
    return segments


def open_segment(segment: Segment) -> IO[bytes]:
    """The segment's file, also if it was sealed since it was listed.

    Raises:
        OSError: If it cannot be opened.
    """
    try:
        return segment.path.open("rb", buffering=BUFFER)
    except FileNotFoundError:
        sealed = segment_path(segment.path.parent, segment.first, sealed=True)
        return sealed.open("rb", buffering=BUFFER)


def segment_size(segment: Segment) -> int:
    """Bytes of the segment's file, also if it was sealed since it was listed.

    Raises:
        OSError: If it cannot be opened.
    """
    with open_segment(segment) as file:
        return os.fstat(file.fileno()).st_size


def holding(segments: Sequence[Segment], number: int) -> Segment | None:
    """The segment in which a frame of this number stands, if it is not older than all of them."""
    return next((segment for segment in reversed(segments) if segment.first <= number), None)


def check_follows(segment: Segment, end: int) -> None:
    """Refuse a hole between segments.

    Raises:
        JournalCorruptionError: If the segment does not begin at the number the one before it ends at.
    """
    if segment.first != end:
        raise JournalCorruptionError(
            str(segment.path), 0, f"a segment from frame {end} on", f"one from frame {segment.first} on"
        )


def encode_head(tag: int, first: int) -> bytes:
    """The first bytes of a segment whose frames bear this tag."""
    head = HEAD.pack(MAGIC, FORMAT, tag, first, 0, 0)
    return HEAD.pack(MAGIC, FORMAT, tag, first, crc32(head), 0)


def read_head(file: IO[bytes], segment: Segment) -> int:
    """The tag of a segment's frames.

    Raises:
        JournalError: If it is of another format.
        JournalCorruptionError: If the head is not one, or not that of this segment.
    """
    head = file.read(HEAD.size)
    if len(head) == HEAD.size and head.startswith(MAGIC):
        _, version, tag, first, _, _ = HEAD.unpack(head)
        if version != FORMAT:
            raise JournalError(f"{segment.path}: expected format {FORMAT}, received {version}")
        if head == encode_head(tag, first) and first == segment.first:
            return int(tag)
    raise JournalCorruptionError(str(segment.path), 0, f"the head of segment {segment.first}", "other bytes")
