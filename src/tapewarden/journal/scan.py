"""Reading one segment frame by frame, and judging what stands behind the last good one."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tapewarden.domain.errors import JournalCorruptionError
from tapewarden.journal.disk import told_of
from tapewarden.journal.frame import ALIGNMENT, HEADER, MARK, Found, Frame, read_frame
from tapewarden.journal.segment import HEAD, Segment, open_segment, read_head


class Tail(NamedTuple):
    """What a crash left behind the last good frame: bytes that are not zero, and good frames among them.

    None of it was acknowledged.
    """

    size: int
    frames: int


class Scan:
    """One pass over a segment; iterating gives its frames, marks left out, up to the first that is not good.

    Afterwards ``end`` is the offset behind the last good frame, ``group`` where that one's group begins,
    ``next`` the number that would follow, ``latest_ns`` the latest time received and ``marked`` whether a
    mark came last.

    Raises:
        JournalCorruptionError: If the segment's head is damaged.
        JournalError: If the file cannot be read.
    """

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.next = segment.first
        self.end = self.group = HEAD.size
        self.latest_ns: int | None = None
        self.marked = False
        self.tag = 0
        self.size = 0

    def __iter__(self) -> Iterator[Frame]:
        with told_of(self.segment.path), open_segment(self.segment) as file:
            self.size = os.fstat(file.fileno()).st_size
            self.tag = read_head(file, self.segment)
            while found := read_frame(file, self.tag, self.size - self.end):
                if found.frame.number != self.next:
                    return
                self._pass(found)
                if not self.marked:
                    yield found.frame

    def judge_tail(self) -> Tail:
        """What stands behind the last good frame.

        Where it was never written there are zeros. Anything else is a *torn tail*, unless something proves
        that it was durable once: the segment is sealed, or a later good frame belongs to a later group,
        which was written only after all before it was synced.

        Raises:
            JournalCorruptionError: If it was.
        """
        with told_of(self.segment.path), open_segment(self.segment) as file:
            file.seek(self.end)
            rest = file.read()
        if self.segment.sealed and (rest or not self.marked):
            raise self._corruption("a sealed segment ending in a mark")
        later = list(_frames_within(rest, self.tag))
        if any(found.place == 0 or found.group > self.next for found in later):
            raise self._corruption(f"frame {self.next}, which was durable")
        kept = [found for found in later if found.frame.kind != MARK]
        return Tail(len(rest.rstrip(b"\0")), len(kept))

    def _pass(self, found: Found) -> None:
        if found.place == 0:
            self.group = self.end
        self.end += found.size
        self.marked = found.frame.kind == MARK
        self.next += not self.marked
        received_ns = found.frame.received_ns
        self.latest_ns = received_ns if self.latest_ns is None else max(received_ns, self.latest_ns)

    def _corruption(self, expected: str) -> JournalCorruptionError:
        return JournalCorruptionError(str(self.segment.path), self.end, expected, "damaged bytes")


def read_through(segment: Segment) -> Scan:
    """A scan that has passed all good frames of a segment."""
    scan = Scan(segment)
    for _ in scan:
        pass
    return scan


def read_last_mark(segment: Segment) -> Frame:
    """The mark a sealed segment ends in: the number that follows, and the latest time received.

    Raises:
        JournalCorruptionError: If the segment does not end so.
    """
    with told_of(segment.path), open_segment(segment) as file:
        tag = read_head(file, segment)
        offset = max(os.fstat(file.fileno()).st_size - HEADER.size, HEAD.size)
        file.seek(offset)
        found = read_frame(file, tag, HEADER.size)
    if found is None or found.frame.kind != MARK:
        raise JournalCorruptionError(str(segment.path), offset, "the mark of a sealed segment", "other bytes")
    return found.frame


def _frames_within(data: bytes, tag: int) -> Iterator[Found]:
    """Good frames anywhere in bytes that begin where a frame may."""
    whole = len(data) - len(data) % ALIGNMENT
    words = np.frombuffer(data[:whole], "<u4")[::2]
    file = io.BytesIO(data)
    for place in np.flatnonzero(words == tag):
        offset = ALIGNMENT * int(place)
        file.seek(offset)
        if found := read_frame(file, tag, len(data) - offset):
            yield found
