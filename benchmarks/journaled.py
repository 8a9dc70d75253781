"""What a journal holds, read from its files."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import EventKind
from tapewarden.journal import read_frames
from tapewarden.live.intake import FrameKind
from tapewarden.wire.decoding import decode
from tapewarden.wire.numbering import Numbering


def trades_in(journal: Path, last: int, without: Iterable[range]) -> int:
    """Trades in frames up to number ``last``, without those of some frames."""
    left_out = frozenset(chain.from_iterable(without))
    found = 0
    numberings: dict[int, Numbering] = {}
    for frame in read_frames(journal, last=last):
        if frame.kind == FrameKind.EVENTS:
            batch = decode(frame.body)
            source, epoch, _ = batch.position
            events = numberings.setdefault(epoch, Numbering(Directory(), source)).take(batch).events
            found += 0 if frame.number in left_out else int((events.kind == EventKind.TRADE).sum())
    return found
