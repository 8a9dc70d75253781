"""Opening a journal: find its last good frame, forget what a crash left behind it, refuse damage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tapewarden.journal.disk import Disk, told_of
from tapewarden.journal.log import ActiveSegment, Log
from tapewarden.journal.scan import Scan, Tail, read_last_mark, read_through
from tapewarden.journal.segment import Segment, check_follows, list_segments
from tapewarden.journal.spare import fill_zeros


class Recovery(NamedTuple):
    """What was found at opening: number of the last frame (0 if none), and the torn tail that was removed."""

    last: int
    torn: Tail


def open_log(folder: Path, size: int, disk: Disk) -> tuple[Log, Recovery]:
    """The log of a folder, ready to be written behind its last good frame.

    All that is good is durable afterwards. Costs reading the active segment once; of sealed ones only the
    last mark is read.

    Raises:
        JournalCorruptionError: If bytes that were durable are damaged or missing.
        JournalError: If the folder cannot be read or written.
    """
    segments = list_segments(folder)
    last = _check_chain(segments)
    torn = Tail(0, 0)
    active: ActiveSegment | None = None
    with told_of(folder):
        if segments and not segments[-1].sealed:
            active, torn = _reopened(segments[-1], size, disk)
            last = active.next - 1
        return Log(folder, size, disk, active, last + 1), Recovery(last, torn)


def _check_chain(segments: Sequence[Segment]) -> int:
    """Number of the last frame of the sealed segments, if each begins where the one before it ends."""
    end = segments[0].first if segments else 1
    for segment in segments:
        check_follows(segment, end)
        if segment.sealed:
            end = read_last_mark(segment).number
    return end - 1


def _reopened(segment: Segment, size: int, disk: Disk) -> tuple[ActiveSegment, Tail]:
    scan = read_through(segment)
    torn = scan.judge_tail()
    capacity = max(size, scan.size)
    descriptor = disk.open(segment.path)
    try:
        _mend(scan, torn, capacity, descriptor, disk)
    except OSError:
        disk.close(descriptor)
        raise
    active = ActiveSegment(disk, descriptor, segment.first, scan.tag, capacity)
    active.next, active.end = scan.next, scan.end
    active.latest_ns, active.marked = scan.latest_ns, scan.marked
    return active, torn


def _mend(scan: Scan, torn: Tail, capacity: int, descriptor: int, disk: Disk) -> None:
    """Make the good frames durable, and what is behind them zeros.

    The last group may never have been synced. It is written again, for after a failed sync the system may
    hold pages for clean that never reached the disk.
    """
    with scan.segment.path.open("rb") as file:
        file.seek(scan.group)
        disk.write(descriptor, file.read(scan.end - scan.group), scan.group)
    fill_zeros(disk, descriptor, scan.end, scan.end + torn.size)
    fill_zeros(disk, descriptor, scan.size, capacity)
    disk.sync(descriptor)
