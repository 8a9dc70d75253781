"""Deleting what need not be kept any longer."""

from __future__ import annotations

from pathlib import Path

from tapewarden.journal.disk import Disk, told_of
from tapewarden.journal.scan import read_last_mark
from tapewarden.journal.segment import Segment, list_segments, segment_size


def delete_oldest(
    folder: Path, disk: Disk, *, needed: int, most_bytes: int | None, since_ns: int | None
) -> list[Path]:
    """Delete sealed segments, oldest first, while a bound asks for it; gives their paths.

    Args:
        folder: The journal's folder.
        disk: Where it is.
        needed: No segment is deleted that holds this number or a later one.
        most_bytes: Delete while all segments together are larger than this.
        since_ns: Delete while all frames of the oldest segment were received before (ns UTC).

    Raises:
        JournalError: If a file cannot be read or deleted.
    """
    segments = list_segments(folder)
    with told_of(folder):
        sizes = [segment_size(segment) for segment in segments]
    total = sum(sizes)
    deleted: list[Path] = []
    for segment, size in zip(segments, sizes, strict=True):
        too_large = most_bytes is not None and total > most_bytes
        if not segment.sealed or not _may_go(segment, needed, since_ns, too_large=too_large):
            break
        total -= size
        with told_of(segment.path):
            disk.remove(segment.path)
        deleted.append(segment.path)
    if deleted:
        with told_of(folder):
            disk.sync_folder(folder)
    return deleted


def _may_go(segment: Segment, needed: int, since_ns: int | None, *, too_large: bool) -> bool:
    mark = read_last_mark(segment)
    too_old = since_ns is not None and mark.received_ns < since_ns
    return mark.number <= needed and (too_large or too_old)
