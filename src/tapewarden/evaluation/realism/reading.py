"""Reading a tape into a `Record`: one pass of the engine, without detectors, over one instrument."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from tapewarden.compiled.rows import Table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import MINUTE, EventKind, Flag, Side, Tier
from tapewarden.engine.acts import PRIMARY
from tapewarden.engine.engine import Engine
from tapewarden.evaluation.realism.record import (
    DEPTH_BIN,
    NO_TRADES,
    Depth,
    Floats,
    Integers,
    Lives,
    Record,
    Touches,
    Trades,
)
from tapewarden.runtime.books import level_columns
from tapewarden.runtime.lives import CANCELED, Ending, OrderLife, OrderLives
from tapewarden.tape.reader import TapeReader

MOMENTS: Final = 240
"""How many books are looked at for the depth profile, evenly spread over the tape."""

DEPTH_BINS: Final = 10_000

LONGEST_WARM_UP: Final = 30 * MINUTE
WARM_UP_SHARE: Final = 7
"""A book that no snapshot begins is left out for this fraction of the tape, at most ``LONGEST_WARM_UP``."""

_BY_OTHERS: Final = frozenset({Ending.CANCELED_BY_VENUE, Ending.CANCELED_BY_SYSTEM})


class _Survey(NamedTuple):
    """Which instrument is looked at, when it was seen, and whether the tape begins with its book."""

    number: int
    first: int
    last: int
    snapshot: bool
    simulated: bool


def read_record(tape: TapeReader, name: str | None = None, instrument: str | None = None) -> Record:
    """What the facts are measured on, of one instrument of a tape: the one with most trades if not named.

    Reads the tape twice. Memory grows with trades, quotes and orders, some 100 bytes each.

    Raises:
        InputError: If the tape has no such instrument, or no event of it.
    """
    survey = _survey(tape, instrument)
    tier = Tier.T4 if tape.header.tier is None else tape.header.tier
    pass_ = _Pass(tape, survey, books=tier >= Tier.T1)
    for batch in tape.batches():
        pass_.take(batch[batch.instrument == survey.number])
    lives = pass_.lives()
    return Record(
        name=name or tape.source,
        instrument=tape.directory.instruments[survey.number].name,
        tier=tier,
        simulated=survey.simulated,
        first=survey.first,
        last=survey.last,
        trades=pass_.trades(),
        touches=pass_.touches() if tier >= Tier.T1 else None,
        depth=pass_.depth() if tier >= Tier.T1 else None,
        lives=lives if tier >= Tier.T2 else None,
        accounts={number: account.name for number, account in enumerate(tape.directory.accounts)}
        if tier >= Tier.T3
        else None,
    )


def _survey(tape: TapeReader, instrument: str | None) -> _Survey:
    """One look at all rows."""
    count = len(tape.directory.instruments)
    trades, rows = np.zeros(count, np.int64), np.zeros(count, np.int64)
    first, last = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
    snapshot, simulated = np.zeros(count, np.bool_), False
    for batch in tape.batches():
        known = batch[(batch.instrument >= 0) & (batch.ts_event >= 0)]
        simulated = simulated or bool((batch.flags & Flag.SIMULATED).any())
        trades += np.bincount(known.instrument[known.kind == EventKind.TRADE], minlength=count)
        rows += np.bincount(known.instrument, minlength=count)
        for number in np.flatnonzero(np.bincount(known.instrument, minlength=count)).tolist():
            mine = known[known.instrument == number]
            if first[number] < 0:
                first[number] = mine.ts_event[0]
                snapshot[number] = mine.kind[0] == EventKind.CLEAR or bool(mine.flags[0] & Flag.SNAPSHOT)
            last[number] = max(last[number], int(mine.ts_event.max()))
    number = _choose(tape, instrument, trades, rows)
    if first[number] < 0:
        raise InputError(tape.source, "events with a time and an instrument", "none")
    return _Survey(number, int(first[number]), int(last[number]), bool(snapshot[number]), simulated)


def _choose(tape: TapeReader, instrument: str | None, trades: Integers, rows: Integers) -> int:
    if instrument is not None:
        found = tape.directory.find_instrument(instrument)
        if found is None:
            known = ", ".join(one.name for one in tape.directory.instruments)
            raise InputError(tape.source, f"one of {known}", repr(instrument), field="instrument")
        return found
    if not len(rows):
        raise InputError(tape.source, "an instrument", "none")
    return max(range(len(rows)), key=lambda number: (trades[number], rows[number], -number))


class _Pass:
    """Collects the columns of a record as the engine goes over the rows of one instrument."""

    def __init__(self, tape: TapeReader, survey: _Survey, *, books: bool) -> None:
        self._survey = survey
        self._books = books
        self._engine = Engine(tape.directory, [])
        self._orders = OrderLives()
        self._lives: list[OrderLife] = []
        self._trades: list[EventBatch] = []
        self._touches: list[Integers] = []
        self._ts = survey.first
        span = survey.last - survey.first
        self._start = survey.first
        if not survey.snapshot:
            self._start += min(span // WARM_UP_SHARE, LONGEST_WARM_UP)
        self._step = max((survey.last - self._start) // MOMENTS, 1)
        self._due = self._start + self._step
        self._depth = np.zeros(DEPTH_BINS)
        self._moments = 0

    def take(self, batch: EventBatch) -> None:
        """The next rows of the instrument."""
        if not len(batch):
            return
        self._trades.append(batch[batch.kind == EventKind.TRADE])
        if not self._books:
            return
        for part in self._between_moments(batch):
            for rows, acts, _ in self._engine.passes(part):
                self._quote(acts)
                self._lives.extend(self._orders.take(rows, acts))

    def _between_moments(self, batch: EventBatch) -> Iterator[EventBatch]:
        """The rows, cut before each moment at which the book is looked at."""
        clock = np.maximum(np.maximum.accumulate(batch.ts_event), self._ts)
        start = 0
        while self._due <= clock[-1]:
            end = int(np.searchsorted(clock, self._due))
            if end > start:
                yield batch[start:end]
            start = end
            self._look()
            self._due += self._step
        if start < len(batch):
            yield batch[start:]

    def _look(self) -> None:
        """Add the book as it is to the depth profile, if it has two sides that do not cross."""
        number = self._survey.number
        bids, asks = (level_columns(self._engine, number, side) for side in (Side.BUY, Side.SELL))
        if not len(bids[0]) or not len(asks[0]) or bids[0][0] >= asks[0][0]:
            return
        mid = (bids[0][0] + asks[0][0]) / 2
        self._moments += 1
        for prices, sizes in (bids, asks):
            places = np.floor(np.abs(prices - prices[0]) / mid * 1e4 / DEPTH_BIN + 1e-9).astype(np.int64)
            near = places < DEPTH_BINS
            self._depth += np.bincount(places[near], sizes[near], DEPTH_BINS) / 2

    def _quote(self, acts: Table) -> None:
        """Note the touch that each time leaves behind: an act shows it as it was just before its event."""
        primary = acts[(acts["marks"] & PRIMARY) != 0]
        if not len(primary):
            return
        until = primary["ts"].astype(np.int64)
        since = np.concatenate([[self._ts], until[:-1]])
        self._ts = int(until[-1])
        settled = (until > since) & (since >= self._start)
        self._touches.append(np.stack([since, primary["bid"], primary["ask"]])[:, settled])

    def touches(self) -> Touches:
        """The touches, each once for as long as it stays the same; crossed and one-sided ones left out."""
        ts, bid, ask = np.concatenate([np.zeros((3, 0), np.int64), *self._touches], axis=1)
        changed = (np.diff(bid, prepend=-2) != 0) | (np.diff(ask, prepend=-2) != 0)
        kept = changed & (bid > 0) & (ask > bid)
        return Touches(ts[kept], bid[kept], ask[kept])

    def depth(self) -> Depth:
        """The mean of the books looked at."""
        size: Floats = self._depth / max(self._moments, 1)
        return Depth(size, self._moments)

    def trades(self) -> Trades:
        """The trades that were made in the book."""
        if not self._trades:
            return NO_TRADES
        rows = EventBatch.concatenate(self._trades)
        rows = rows[(rows.price > 0) & (rows.size > 0) & (rows.flags & (Flag.OFF_BOOK | Flag.SNAPSHOT) == 0)]
        ts, sign = np.maximum.accumulate(rows.ts_event), rows.side.astype(np.int64)
        named = rows.order != 0
        same_order = named[1:] & (rows.order[1:] == rows.order[:-1])
        same_time = ~named[1:] & ~named[:-1] & (ts[1:] == ts[:-1]) & (sign[1:] == sign[:-1])
        order = np.cumsum(np.concatenate([[False], ~(same_order | same_time)])[: len(rows)])
        return Trades(ts, rows.price, rows.size, sign, order)

    def lives(self) -> Lives:
        """The order lives, those that were not seen from the beginning left out."""
        lives = [life for life in [*self._lives, *self._orders.finish()] if life.entered is not None]
        endings = [life.ending for life in lives]
        return Lives(
            duration=np.array([-1 if life.duration is None else life.duration for life in lives], np.int64),
            canceled=np.array([one in CANCELED - _BY_OTHERS for one in endings], np.bool_),
            filled=np.array([one is Ending.FILLED for one in endings], np.bool_),
            account=np.array([-1 if life.account is None else life.account for life in lives], np.int64),
            ordered=np.array([life.size + life.increased for life in lives], np.int64),
            traded=np.array([life.filled for life in lives], np.int64),
        )
