"""Reading back from any number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tapewarden.domain.errors import JournalError
from tapewarden.journal.frame import Frame
from tapewarden.journal.scan import Scan
from tapewarden.journal.segment import Segment, check_follows, holding, list_segments


def read_frames(folder: Path, first: int | None = None, last: int | None = None) -> Iterator[Frame]:
    """Frames in order, from the oldest kept or number ``first`` on, up to ``last`` or the last good one.

    Nothing is changed on disk, and a torn tail is passed over. To begin within a segment costs reading it
    from its start; memory holds one frame. With ``last``, what stands behind it is not looked at, so frames
    known to be durable can be read while others are written; without it, nobody may be writing.

    Raises:
        JournalCorruptionError: At the first frame that is damaged though it was durable.
        JournalError: If ``first`` is older than what is kept, or beyond what would follow the last frame.
    """
    segments = list_segments(folder)
    end = segments[0].first if segments else 1
    start = end if first is None else first
    if start < end:
        raise JournalError(f"{folder}: expected a number from {end} on, received {start}")
    if last is not None and start > last + 1:
        raise JournalError(f"{folder}: expected a number up to {last + 1}, received {start}")
    segment = holding(segments, start)
    while segment is not None:
        scan = Scan(segment)
        for frame in scan:
            if last is not None and frame.number > last:
                return
            if frame.number >= start:
                yield frame
        if last is not None and scan.next > last:
            return
        scan.judge_tail()
        end = scan.next
        segment = _following(folder, segment, end)
    wanted = start if last is None else last + 1
    if wanted > end:
        raise JournalError(f"{folder}: expected a number up to {end}, received {wanted}")


def _following(folder: Path, segment: Segment, end: int) -> Segment | None:
    """The segment behind this one, if there is one by now."""
    later = [other for other in list_segments(folder) if other.first > segment.first]
    if not later:
        return None
    check_follows(later[0], end)
    return later[0]
