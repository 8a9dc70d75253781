"""The journal: append received bytes, be told when they are durable, read them back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tapewarden.domain.errors import JournalError
from tapewarden.journal.disk import Disk
from tapewarden.journal.frame import HEADER, Frame, Origin, check_frame, size_of
from tapewarden.journal.lock import FolderLock
from tapewarden.journal.pending import Pending
from tapewarden.journal.reading import read_frames
from tapewarden.journal.recovery import open_log
from tapewarden.journal.retention import delete_oldest
from tapewarden.journal.segment import HEAD, list_segments

SEGMENT_BYTES: Final = 64 << 20
PENDING_BYTES: Final = 16 << 20
OVERHEAD: Final = HEAD.size + HEADER.size
"""What a segment holds besides a frame of the largest size: its head, and the mark at its end."""


class Journal:
    """A journal open for writing, by one process at a time; methods may be called by any thread.

    Appended frames are written and synced in groups by a thread of its own: while one group is synced, the
    next one gathers. A failed write or sync is final: whether those bytes are on the disk can no longer be
    known, so nothing more is taken or acknowledged, and every call raises the same error. Opening the
    journal again finds what is really there.

    Opening costs reading one segment, and writing one where none is active. Memory is bounded by
    ``pending_bytes``, one group and one frame more per reader.

    Args:
        folder: Where the segments are; made if it is not there.
        segment_bytes: Size of the segments made from now on, filled with zeros ahead of their use.
        pending_bytes: How much may wait for the disk before ``append`` waits too.
        on_durable: Called on the journal's thread with a number: that frame and all before it are durable.
            It never goes back. If it raises, the journal fails.
        on_failure: Called on the journal's thread, once, when the journal fails.
        disk: The operating system.

    Raises:
        JournalCorruptionError: If bytes that were durable are damaged, with file and offset.
        JournalError: If another process writes to it, or the folder cannot be used.
        ValueError: If a segment of this size could not hold a frame.
    """

    def __init__(
        self,
        folder: Path,
        *,
        segment_bytes: int = SEGMENT_BYTES,
        pending_bytes: int = PENDING_BYTES,
        on_durable: Callable[[int], None] | None = None,
        on_failure: Callable[[JournalError], None] | None = None,
        disk: Disk | None = None,
    ) -> None:
        if segment_bytes <= OVERHEAD + HEADER.size:
            raise ValueError(
                f"segment_bytes: expected more than {OVERHEAD + HEADER.size}, received {segment_bytes}"
            )
        self.folder = folder
        self._largest = segment_bytes - OVERHEAD
        self._disk = disk or Disk()
        self._on_durable = on_durable
        self._on_failure = on_failure
        self._lock = FolderLock(folder, self._disk)
        try:
            self._log, self.recovery = open_log(folder, segment_bytes, self._disk)
        except JournalError:
            self._lock.release()
            raise
        self._pending = Pending(self.recovery.last + 1, pending_bytes)
        self._thread = threading.Thread(target=self._run, name="tapewarden-journal", daemon=True)
        self._thread.start()

    @property
    def durable(self) -> int:
        """Number of the last durable frame, 0 if there is none; all before it are durable too."""
        return self._pending.durable

    @property
    def last(self) -> int:
        """Number of the last frame, durable or not, 0 if there is none."""
        return self._pending.next - 1

    @property
    def oldest(self) -> int:
        """Number of the oldest frame that is kept; of the first one to come if there is none."""
        segments = list_segments(self.folder)
        return segments[0].first if segments else 1

    @property
    def pending_bytes(self) -> int:
        """Bytes appended and not durable yet: who must not wait in ``append`` stops receiving by this."""
        return self._pending.bytes

    def append(self, body: bytes, *, received_ns: int, kind: int = 1, origin: Origin | None = None) -> int:
        """Queue a body and give its number; it is *not* durable yet. Waits while too much is pending.

        Raises:
            JournalError: If the journal has failed or is closed, or the body is too large for a segment.
            ValueError: If kind, time or origin is out of range.
        """
        frame = Frame(0, kind, received_ns, origin, body)
        check_frame(frame)
        if size_of(frame) > self._largest:
            most = self._largest - HEADER.size
            raise JournalError(f"{self.folder}: expected at most {most} bytes a body, received {len(body)}")
        return self._pending.put(frame)

    def wait(self, number: int, timeout: float | None = None) -> bool:
        """Wait until a frame is durable, for so many seconds at most; gives whether it is.

        Raises:
            JournalError: If the journal fails before.
            ValueError: If no frame has got this number yet.
        """
        return self._pending.wait(number, timeout)

    def read(self, first: int | None = None) -> Iterator[Frame]:
        """Durable frames from a number on (the oldest kept if ``None``), up to the last durable one of now.

        Raises:
            JournalError: As ``read_frames`` does, or if the journal has failed or is closed.
        """
        self._pending.check()
        return read_frames(self.folder, first, self.durable)

    def delete_oldest(
        self, *, needed: int, most_bytes: int | None = None, since_ns: int | None = None
    ) -> list[Path]:
        """Delete sealed segments, oldest first, while a bound asks for it; gives their paths.

        Deletes while all segments together are larger than ``most_bytes``, or while every frame of the
        oldest was received before ``since_ns``, but no segment that holds ``needed`` or a later number: the
        first frame that the newest snapshot does not cover, say.

        Raises:
            JournalError: If a file cannot be read or deleted, or the journal has failed or is closed.
        """
        self._pending.check()
        return delete_oldest(self.folder, self._disk, needed=needed, most_bytes=most_bytes, since_ns=since_ns)

    def close(self) -> None:
        """Make durable what is pending, and let others write; closing again does nothing.

        Raises:
            JournalError: If the journal has failed, now or before.
        """
        self._pending.close()
        self._thread.join()
        self._lock.release()
        self._pending.check_failure()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        try:
            while group := self._pending.take():
                self._log.commit(group)
                self._pending.commit(group)
                if self._on_durable is not None:
                    self._on_durable(group[-1].number)
            self._log.close()
        except Exception as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        failure = JournalError(f"{self.folder}: the journal failed and takes nothing more: {reason}")
        failure.__cause__ = error
        self._pending.fail(failure)
        with suppress(OSError):
            self._log.abandon()
        if self._on_failure is not None:
            self._on_failure(failure)
