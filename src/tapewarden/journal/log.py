"""Writing: groups of frames into the active segment, and the step from one segment to the next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tapewarden.journal.disk import Disk
from tapewarden.journal.frame import HEADER, MARK, Frame, encode, size_of
from tapewarden.journal.segment import HEAD, encode_head, segment_path
from tapewarden.journal.spare import Spare


class ActiveSegment:
    """The segment that is written to: a descriptor, and where in it the next frame belongs."""

    def __init__(self, disk: Disk, descriptor: int, first: int, tag: int, capacity: int) -> None:
        self.first = first
        self.next = first
        self.end = HEAD.size
        self.latest_ns: int | None = None
        self.marked = False
        self.capacity = capacity
        self._disk = disk
        self._descriptor = descriptor
        self._tag = tag

    def fitting(self, frames: Sequence[Frame]) -> int:
        """How many of these frames have room, with a mark behind them."""
        end = self.end + HEADER.size
        for count, frame in enumerate(frames):
            end += size_of(frame)
            if end > self.capacity:
                return count
        return len(frames)

    def write(self, frames: Sequence[Frame]) -> None:
        """Write frames that have room as one group, and wait until they are durable."""
        data = b"".join(
            piece for place, frame in enumerate(frames) for piece in encode(frame, self._tag, place)
        )
        self._disk.write(self._descriptor, data, self.end)
        self._disk.sync(self._descriptor)
        self.end += len(data)
        times = [frame.received_ns for frame in frames]
        self.latest_ns = max(times if self.latest_ns is None else [self.latest_ns, *times])
        self.marked = frames[-1].kind == MARK
        if not self.marked:
            self.next = frames[-1].number + 1

    def mark(self) -> None:
        """Let the segment end in a mark, unless it is empty: damage before it is no torn tail any more."""
        if self.latest_ns is not None and not self.marked:
            self.write([Frame(self.next, MARK, self.latest_ns, None, b"")])

    def cut(self) -> None:
        """Give back the room behind the last frame."""
        self._disk.truncate(self._descriptor, self.end)
        self._disk.sync(self._descriptor)

    def close(self) -> None:
        """Close the file."""
        self._disk.close(self._descriptor)


class Log:
    """The segments of a folder from the writer's side; used by one thread at a time.

    All methods raise ``OSError`` as the disk does; afterwards nothing may be asked of it but ``abandon``.
    """

    def __init__(self, folder: Path, size: int, disk: Disk, active: ActiveSegment | None, first: int) -> None:
        self._folder = folder
        self._disk = disk
        self._spare = Spare(folder, size, disk)
        self._size = size
        self._active = active or self._create(first)

    def commit(self, frames: Sequence[Frame]) -> None:
        """Make frames durable, in one sync if the active segment has room for all of them."""
        while frames:
            count = self._active.fitting(frames)
            if count:
                self._active.write(frames[:count])
                frames = frames[count:]
            if frames:
                self._roll()
        if self._active.end > self._active.capacity // 2:
            self._spare.prepare()

    def close(self) -> None:
        """Mark the end and close."""
        self._active.mark()
        self.abandon()

    def abandon(self) -> None:
        """Close without writing anything more."""
        self._spare.wait()
        self._active.close()

    def _roll(self) -> None:
        """Seal the active segment and begin the next one; each step is durable before the one after it."""
        sealed = self._active
        sealed.mark()
        sealed.cut()
        paths = (segment_path(self._folder, sealed.first, sealed=state) for state in (False, True))
        self._disk.rename(*paths)
        self._disk.sync_folder(self._folder)
        self._active = self._create(sealed.next)
        sealed.close()

    def _create(self, first: int) -> ActiveSegment:
        """A new active segment; it gets its name only when its head is durable."""
        descriptor = self._spare.take()
        try:
            tag = self._disk.draw_tag()
            self._disk.write(descriptor, encode_head(tag, first), 0)
            self._disk.sync(descriptor)
            self._disk.rename(self._spare.path, segment_path(self._folder, first, sealed=False))
            self._disk.sync_folder(self._folder)
        except OSError:
            self._disk.close(descriptor)
            raise
        return ActiveSegment(self._disk, descriptor, first, tag, self._size)
