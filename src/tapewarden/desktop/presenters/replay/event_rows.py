"""`EventRows`: the events of a window as rows of a table, all or those of a time or of certain accounts."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.client import WindowEvents
from tapewarden.desktop.presenters.numbers import UNKNOWN, price_text, size_text, time_text
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.tone import Tone, side_tone
from tapewarden.domain.directory import Instrument
from tapewarden.domain.kinds import EventKind, Side

Column = npt.NDArray[Any]

_TONES: Final = {
    EventKind.PLACE: Tone.PLAIN,
    EventKind.AMEND: Tone.DOUBTFUL,
    EventKind.CANCEL: Tone.CRITICAL,
    EventKind.TRADE: Tone.GOOD,
}


class EventRows:
    """Rows; the key of one is the place of its event.

    Args:
        events: In order of time.
        instrument: Theirs.
        concerned: Which of them concern the accounts in question.
    """

    def __init__(self, events: WindowEvents, instrument: Instrument, concerned: Column) -> None:
        self._events = events
        self._instrument = instrument
        self._concerned = concerned
        self.concerned_only = False
        self.span: tuple[int, int] | None = None
        self._shown: Column = np.arange(len(events))

    def __len__(self) -> int:
        return len(self._shown)

    def filter(self, span: tuple[int, int] | None, *, concerned_only: bool) -> None:
        """Show those of a time, both ends included, ns UTC; ``None`` for all."""
        self.span, self.concerned_only = span, concerned_only
        fitting = self._concerned.copy() if concerned_only else np.ones(len(self._events), np.bool_)
        if span is not None:
            fitting &= (self._events.ts_event >= span[0]) & (self._events.ts_event <= span[1])
        self._shown = np.flatnonzero(fitting)

    def nearest(self, place: int) -> int | None:
        """The last shown event up to a place, or the first one; ``None`` where none is shown."""
        if not len(self):
            return None
        return int(self._shown[max(0, int(np.searchsorted(self._shown, place, side="right")) - 1)])

    def key(self, index: int) -> Hashable:
        """See ``Rows``."""
        return int(self._shown[index])

    def index(self, key: Hashable) -> int | None:
        """See ``Rows``."""
        assert isinstance(key, int)
        index = int(np.searchsorted(self._shown, key))
        return index if index < len(self._shown) and self._shown[index] == key else None

    def cells(self, index: int) -> Sequence[Cell]:
        """See ``Rows``."""
        place = int(self._shown[index])
        return event_cells(self._events, place, self._instrument, concerned=bool(self._concerned[place]))


def event_cells(
    events: WindowEvents, place: int, instrument: Instrument, *, concerned: bool
) -> tuple[Cell, ...]:
    """An event: time, kind, side, price, size, account, whether it matters, other account, order."""
    kind, side = EventKind(int(events.kind[place])), Side(int(events.side[place]))
    return (
        Cell(time_text(int(events.ts_event[place])), Tone.PLAIN if concerned else Tone.MUTED),
        Cell(kind.name.capitalize(), _TONES.get(kind, Tone.MUTED)),
        Cell(side.name if side else UNKNOWN, side_tone(side)),
        Cell(price_text(int(events.price[place]), instrument)),
        Cell(size_text(int(events.size[place]), instrument)),
        _account(events, int(events.account[place])),
        Cell("suspect" if concerned else "", Tone.SPOOFING),
        _account(events, int(events.counter_account[place])),
        Cell(events.order[place] or UNKNOWN, Tone.MUTED),
    )


def _account(events: WindowEvents, number: int) -> Cell:
    return Cell(UNKNOWN, Tone.MUTED) if number < 0 else Cell(events.accounts[number].name)
