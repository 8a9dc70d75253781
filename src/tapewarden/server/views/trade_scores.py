"""`ScoredTrades`: how unusual the worst window is that covers a trade, as far as windows have ended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.domain.batch import EventBatch
from tapewarden.live.covering import Cover, Numbers
from tapewarden.wire.v1 import surveillance_pb2 as messages

MOST: Final = 50_000
"""Trades of a stream that can still be scored; older ones keep the score they have."""

_COLUMNS: Final[dict[str, type[np.generic]]] = {
    "ts": np.int64,
    "latest": np.int64,  # time of this trade or of one before it
    "instrument": np.int64,
    "actor": np.int64,  # the aggressor's
    "counter_actor": np.int64,
    "p_value": np.float64,
    "start": np.int64,  # of the worst window
    "end": np.int64,
    "subject": np.int8,
}
_INSTRUMENT, _AGGRESSOR, _COUNTERPARTY = (
    messages.WINDOW_SUBJECT_INSTRUMENT,
    messages.WINDOW_SUBJECT_AGGRESSOR,
    messages.WINDOW_SUBJECT_COUNTERPARTY,
)


class ScoredTrades:
    """The latest trades of one stream, numbered from 1 in the order in which it carried them."""

    def __init__(self) -> None:
        self._columns = {name: np.zeros(2 * MOST, kind) for name, kind in _COLUMNS.items()}
        self._first = 1
        self._count = 0

    def add(self, trades: EventBatch, actors: Numbers) -> int:
        """Number trades, at most ``MOST``, each with the actors of both sides; gives the first number."""
        if self._count + len(trades) > 2 * MOST:
            self._forget()
        begin, before = self._count, int(self._columns["latest"][self._count - 1]) if self._count else 0
        self._count += len(trades)
        rows = self._rows(begin)
        rows["ts"][:] = trades.ts_event
        rows["latest"][:] = np.maximum.accumulate(np.maximum(trades.ts_event, before))
        rows["instrument"][:] = trades.instrument + 1
        rows["actor"][:], rows["counter_actor"][:] = actors.T
        rows["p_value"][:] = np.inf
        return self._first + begin

    def judge(self, covers: Iterable[Cover]) -> messages.TradeScores:
        """Let windows say what they do of the trades they cover; tells which are worse than before."""
        worse = np.zeros(self._count, np.bool_)
        for cover in covers:
            for place in range(len(cover)):
                worse[self._covered(cover, place)] = True
        rows = {name: column[worse].tolist() for name, column in self._rows().items()}
        return messages.TradeScores(
            trade=(self._first + np.flatnonzero(worse)).tolist(),
            p_value=rows["p_value"],
            from_ns=rows["start"],
            until_ns=rows["end"],
            subject=rows["subject"],
        )

    def _rows(self, begin: int = 0) -> dict[str, npt.NDArray[Any]]:
        return {name: column[begin : self._count] for name, column in self._columns.items()}

    def _covered(self, cover: Cover, place: int) -> Numbers:
        """Places of the trades that a window covers and makes worse, which are marked so."""
        start, end, actor = cover.start[place], cover.end[place], cover.actor[place]
        # What comes before is over by then.
        begin = int(np.searchsorted(self._columns["latest"][: self._count], start))
        rows = self._rows(begin)
        within = (rows["ts"] >= start) & (rows["ts"] < end) & (rows["p_value"] > cover.p_value[place])
        within &= rows["instrument"] == cover.instrument[place]
        if actor:
            within &= (rows["actor"] == actor) | (rows["counter_actor"] == actor)
        places = np.flatnonzero(within)
        rows["p_value"][places] = cover.p_value[place]
        rows["start"][places], rows["end"][places] = start, end
        own = np.where(rows["actor"][places] == actor, _AGGRESSOR, _COUNTERPARTY)
        rows["subject"][places] = own if actor else _INSTRUMENT
        return begin + places

    def _forget(self) -> None:
        """Forget the oldest, so that there is room for as many as may come."""
        gone = self._count - MOST
        for column in self._columns.values():
            column[:MOST] = column[gone : self._count].copy()
        self._first, self._count = self._first + gone, MOST
