"""A durable record of received bytes: what is acknowledged here survives the loss of power.

The journal stores frames in segment files and knows nothing of what their bodies mean. The format is
described in ``docs/reference/journal-format.md``.
"""

from tapewarden.journal.disk import Disk
from tapewarden.journal.frame import Frame, Origin
from tapewarden.journal.journal import Journal
from tapewarden.journal.reading import read_frames
from tapewarden.journal.recovery import Recovery
from tapewarden.journal.segment import Segment, list_segments

__all__ = [
    "Disk",
    "Frame",
    "Journal",
    "Origin",
    "Recovery",
    "Segment",
    "list_segments",
    "read_frames",
]
