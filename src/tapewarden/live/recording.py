"""What a server received, as a tape: the events of its journal, without the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import JournalError
from tapewarden.journal import list_segments, read_frames
from tapewarden.live.checkpoints import Checkpoints
from tapewarden.live.intake import Intake
from tapewarden.live.recovery import begin
from tapewarden.runtime.configuration import Configuration


class Recording:
    """The events of a server's folder, in the order of its journal; no server may be writing there.

    ``directory`` names what they refer to, and grows as they are read. Dated facts of a configuration are
    not among them: whoever replays them says which. Memory: one frame, and the directory.

    Where the oldest segments were deleted, the first checkpoint that stands behind kept frames says what
    their numbers mean, and frames before it are left out.

    Raises:
        JournalError: If there is no journal, or no such checkpoint that is sound.
    """

    def __init__(self, folder: Path) -> None:
        self._journal = folder / "journal"
        self.directory = Directory()
        self._intake = Intake(Configuration(detectors=()))
        segments = list_segments(self._journal)
        if not segments:
            raise JournalError(f"{self._journal}: expected the segments of a journal, received none")
        checkpoints = Checkpoints(folder / "checkpoints")
        self._first = begin(checkpoints, segments[0].first, self._intake, self.directory) + 1

    def batches(self) -> Iterator[EventBatch]:
        """The events, one batch per frame that brought some; once."""
        for frame in read_frames(self._journal, self._first):
            work = self._intake.again(frame)
            work.news.tell(self.directory)
            if len(work.events):
                yield work.events
