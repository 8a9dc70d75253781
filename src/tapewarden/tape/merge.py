"""Several tapes as one: merged by time, under one directory, without ever loading a tape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

import numpy as np

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import Tier
from tapewarden.tape.header import Counts, Provenance, TapeHeader
from tapewarden.tape.lane import Lane, places
from tapewarden.tape.reader import TapeReader
from tapewarden.tape.schema import GROUP_ROWS

_LEAST_ROWS: Final = 1024
"""Rows to hold of each tape even if there are very many."""


def merge_tapes(tapes: Sequence[TapeReader], rows: int | None = None) -> TapeReader:
    """One tape with the events of all, sorted by event time, venue, source, epoch, sequence and row.

    Rows of one tape are never reordered: one that lies behind an earlier row of its tape follows it at
    once. Rows that are equal in all of this keep the order of ``tapes``. ``InputError`` where tapes
    disagree about an instrument or an account's owner. Holds ``rows`` of each tape in memory; how many
    changes nothing but the speed, about 2.5 million events per second for a few tapes.
    """
    if len(tapes) == 1:
        return tapes[0]
    return _MergedTape(tapes, rows or max(_LEAST_ROWS, GROUP_ROWS // max(1, len(tapes))))


class _MergedTape(TapeReader):
    def __init__(self, tapes: Sequence[TapeReader], rows: int) -> None:
        joined = Directory()
        for tape in tapes:
            _join(joined, tape)
        super().__init__(" + ".join(tape.source for tape in tapes), _header(tapes, joined))
        self._tapes = tapes
        self._rows = rows
        for tape in tapes:
            tape.directory.order_names = self.directory.order_names  # what one learns, all know

    def stored_batches(self) -> Iterator[EventBatch]:
        lanes = [Lane(tape, self.directory, self._rows) for tape in self._tapes]
        while lanes := [lane for lane in lanes if lane.fill()]:
            yield _next_rows(lanes)


def _next_rows(lanes: Sequence[Lane]) -> EventBatch:
    """The rows that nothing still to come can precede: those up to the lowest of the lanes' last rows.

    At least one lane is used up. Rows later than that lowest time need not be sorted to see this.
    """
    horizon = min(lane.keys[0][-1] for lane in lanes)
    ahead = [int(np.searchsorted(lane.keys[0], horizon, side="right")) for lane in lanes]
    ranks = places([[key[:count] for key in lane.keys] for lane, count in zip(lanes, ahead, strict=True)])
    bound = min(rank[-1] for lane, rank in zip(lanes, ranks, strict=True) if lane.keys[0][-1] == horizon)
    final = [rank[: np.searchsorted(rank, bound, side="right")] for rank in ranks]
    rows = EventBatch.concatenate([lane.take(len(rank)) for lane, rank in zip(lanes, final, strict=True)])
    return rows[np.argsort(np.concatenate(final))]


def _join(joined: Directory, tape: TapeReader) -> None:
    try:
        for instrument in tape.directory.instruments:
            joined.add_instrument(instrument)
        for account in tape.directory.accounts:
            joined.add_account(account.name, account.owner)
    except ValueError as error:
        raise InputError(tape.source, "what the tapes before it say", str(error)) from None
    for text in tape.directory.sources:
        joined.sources.number(text)


def _header(tapes: Sequence[TapeReader], joined: Directory) -> TapeHeader:
    headers = [tape.header for tape in tapes]
    origins = [header.provenance.origin for header in headers if header.provenance.origin is not None]
    files = dict.fromkeys(chain.from_iterable(header.provenance.files for header in headers))
    return TapeHeader.of(
        joined,
        _least_tier([header.tier for header in headers]),
        Provenance(origin=" + ".join(dict.fromkeys(origins)) or None, files=tuple(files)),
        _sum([header.counts for header in headers]),
    )


def _least_tier(tiers: Sequence[Tier | None]) -> Tier | None:
    """What all of the tapes show."""
    known = [tier for tier in tiers if tier is not None]
    return min(known) if known and len(known) == len(tiers) else None


def _sum(counts: Sequence[Counts | None]) -> Counts | None:
    known = [one for one in counts if one is not None]
    if len(known) < len(counts):
        return None
    kinds: Counter[str] = Counter()
    for one in known:
        kinds.update(one.kinds)
    return Counts(
        events=sum(one.events for one in known),
        kinds=dict(kinds),
        first_ns=min((one.first_ns for one in known if one.first_ns is not None), default=None),
        last_ns=max((one.last_ns for one in known if one.last_ns is not None), default=None),
    )
