"""Frames: bodies with a header in front that says what, when, from whom, and how they are checked."""

from __future__ import annotations

import struct
from typing import IO, Final, NamedTuple
from zlib import crc32

ALIGNMENT: Final = 8
"""Frames begin at multiples of so many bytes, so that a search for them is one comparison of columns."""

MARK: Final = 0
"""Kind of a frame without a body that says: all before it is durable. Its number is the next frame's."""

CHECK: Final = struct.Struct("<II")
HEADER: Final = struct.Struct("<IIIHHQqIIQ")
NO_SOURCE: Final = 2**32 - 1
MAX_PLACE: Final = 2**16 - 1


class Origin(NamedTuple):
    """Where a body came from: the caller's number of the source, and the producer's epoch and sequence."""

    source: int
    epoch: int
    sequence: int


NOWHERE: Final = Origin(NO_SOURCE, 0, 0)


class Frame(NamedTuple):
    """One stored body, unchanged.

    ``number`` counts from 1 without gaps over the life of the journal. ``kind`` (1 to 65,535) is the
    caller's word for what the body is, ``received_ns`` the caller's time (ns UTC), ``origin`` ``None``
    where no producer numbers it.
    """

    number: int
    kind: int
    received_ns: int
    origin: Origin | None
    body: bytes


class Found(NamedTuple):
    """A frame as it stands in a segment, of ``size`` bytes, with ``place`` frames of its group before it."""

    frame: Frame
    place: int
    size: int

    @property
    def group(self) -> int:
        """Number of its group's first frame: all before that one were durable when it was written."""
        return self.frame.number - self.place


def size_of(frame: Frame) -> int:
    """Bytes a frame takes in a segment: header, body and padding."""
    return HEADER.size + _padded(len(frame.body))


def check_frame(frame: Frame) -> None:
    """Refuse what a header cannot hold.

    Raises:
        ValueError: If kind, time or origin is out of range.
    """
    if frame.kind == MARK or (frame.origin is not None and frame.origin.source == NO_SOURCE):
        raise ValueError(f"expected kind above {MARK} and source below {NO_SOURCE}, received {frame[:4]}")
    try:
        _header(frame, 0, 0)
    except struct.error as error:
        raise ValueError(f"a frame's header cannot hold {frame[:4]}: {error}") from None


def encode(frame: Frame, tag: int, place: int) -> tuple[bytes, bytes, bytes, bytes]:
    """The bytes of a frame in pieces; joining them is left to whoever joins many."""
    header = _header(frame, tag, place)[CHECK.size :]
    padding = bytes(-len(frame.body) % ALIGNMENT)
    checksum = crc32(padding, crc32(frame.body, crc32(header)))
    return CHECK.pack(tag, checksum), header, frame.body, padding


def read_frame(file: IO[bytes], tag: int, remaining: int) -> Found | None:
    """The frame that begins here, of at most ``remaining`` bytes; ``None`` if there is no good one."""
    header = file.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    own, checksum, length, kind, place, number, received_ns, *origin = HEADER.unpack(header)
    size = HEADER.size + _padded(length)
    if own != tag or size > remaining:
        return None
    rest = file.read(size - HEADER.size)
    if crc32(rest, crc32(header[CHECK.size :])) != checksum:
        return None
    known = None if origin[0] == NO_SOURCE else Origin(*origin)
    return Found(Frame(number, kind, received_ns, known, rest[:length]), place, size)


def _header(frame: Frame, tag: int, place: int) -> bytes:
    origin = frame.origin or NOWHERE
    return HEADER.pack(
        tag, 0, len(frame.body), frame.kind, place, frame.number, frame.received_ns, *origin
    )  # fmt: skip


def _padded(length: int) -> int:
    return length + -length % ALIGNMENT
