"""A time of one instrument read back from the journal: its events, and its book again and again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.book import BookState
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import NotFoundError
from tapewarden.domain.kinds import EventKind, Side
from tapewarden.engine.engine import Engine
from tapewarden.engine.stage import PATIENCE
from tapewarden.live.pipeline import Pipeline
from tapewarden.live.recovery import restore
from tapewarden.runtime.books import level_columns

_SHOWN = np.array(
    [
        EventKind.PLACE,
        EventKind.AMEND,
        EventKind.CANCEL,
        EventKind.REJECT,
        EventKind.EXPIRE,
        EventKind.TRADE,
        EventKind.CLEAR,
    ],
    np.uint8,
)


class Window(NamedTuple):
    """What to read: from a time until one, excluded, both ns UTC; how deep, and how many books."""

    instrument: str
    from_ns: int
    until_ns: int
    levels: int
    books: int


class Part(NamedTuple):
    """Events of the window that one frame brought, and the books behind them."""

    frame: int
    events: EventBatch
    books: list[BookState]


class WindowReader:
    """Reads a window. ``directory`` names what its events refer to, and grows as they come.

    Costs reading the journal from the checkpoint before the window on; other instruments' events are
    decoded but not applied. By any thread.

    Raises:
        NotFoundError: On reading, if there is no such instrument.
    """

    def __init__(self, pipeline: Pipeline, window: Window) -> None:
        self._pipeline = pipeline
        self._window = window
        self._state = restore(
            pipeline.checkpoints, pipeline.fresh, pipeline.oldest, pipeline.journal.durable, window.from_ns
        ).state
        self.directory: Directory = self._state.engine.directory
        self._step = max((window.until_ns - window.from_ns) // window.books, 1)
        self._due = window.from_ns
        self._clock = 0

    def __iter__(self) -> Iterator[Part]:
        intake, engine, first = self._state.intake, self._state.engine, self._state.frame
        end = self._window.until_ns
        for frame in self._pipeline.journal.read(first + 1):
            work = intake.again(frame)
            work.news.tell(engine.directory)
            yield from self._parts(frame.number, work.events, engine)
            if self._clock >= end + PATIENCE:
                break
        number = engine.directory.find_instrument(self._window.instrument)
        if number is None:
            raise NotFoundError(f"instrument {self._window.instrument}: there is none")
        books = list(self._books(engine, number, end))
        if books:
            yield Part(0, EventBatch.of(0), books)

    def _parts(self, frame: int, events: EventBatch, engine: Engine) -> Iterator[Part]:
        number = engine.directory.find_instrument(self._window.instrument)
        if len(events):
            self._clock = max(self._clock, int(events.ts_event.max()))
        if number is None:
            return
        own = events[np.flatnonzero((events.instrument == number) | (events.instrument < 0))]
        for piece in self._pieces(own):
            books = list(self._books(engine, number, int(piece.ts_event[0])))
            for _ in engine.passes(piece):
                pass
            shown = piece[self._is_shown(piece)]
            if books or len(shown):
                yield Part(frame, shown, books)

    def _pieces(self, events: EventBatch) -> Iterator[EventBatch]:
        """The events cut where a book is due; one whose time is unknown belongs to the one before it."""
        if not len(events):
            return
        if self._clock < self._due:
            yield events
            return
        grid = (np.maximum.accumulate(events.ts_event) - self._window.from_ns) // self._step
        cuts = [0, *(np.flatnonzero(np.diff(grid)) + 1).tolist(), len(events)]
        for start, stop in pairwise(cuts):
            yield events[start:stop]

    def _books(self, engine: Engine, number: int, now: int) -> Iterator[BookState]:
        """The book at the times of the grid up to ``now``, where events are to come; one for equal states."""
        last = min(now, self._window.until_ns - 1)
        if self._due > last:
            return
        yield book_state(engine, number, self._due, self._window.levels)
        self._due += ((last - self._due) // self._step + 1) * self._step

    def _is_shown(self, events: EventBatch) -> npt.NDArray[np.bool_]:
        window = self._window
        within = (events.ts_event >= window.from_ns) & (events.ts_event < window.until_ns)
        shown: npt.NDArray[np.bool_] = within & (events.instrument >= 0) & np.isin(events.kind, _SHOWN)
        return shown


def book_state(engine: Engine, number: int, ts_event: int, levels: int) -> BookState:
    """The book of an instrument as it stands, by the directory's number of it."""
    engine.catch_up()
    return BookState(
        ts_event,
        *level_columns(engine, number, Side.BUY, levels),
        *level_columns(engine, number, Side.SELL, levels),
    )
