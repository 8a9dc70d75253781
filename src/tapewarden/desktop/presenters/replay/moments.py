"""Moments: when walls came and went, and when those who put them up traded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tapewarden.client import WindowEvents
from tapewarden.desktop.presenters.candles import Candles
from tapewarden.desktop.presenters.marks import Marker
from tapewarden.desktop.presenters.numbers import base_of, brief_size
from tapewarden.desktop.presenters.replay.walls import Wall
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.domain.directory import Instrument
from tapewarden.domain.kinds import SECOND, EventKind, Side

_MOST_WALLS: Final = 3
_MOST_FILLS: Final = 5
_LARGE: Final = 4.0  # times the usual order: what is called a wall
_TOGETHER_NS: Final = 2 * SECOND
_MOSTLY: Final = 0.5

SIDE_WORDS: Final = {Side.BUY: "bid", Side.SELL: "ask", Side.UNKNOWN: "order"}
"""What orders of a side are called in a book."""

_VERBS: Final = {Side.BUY: "buys", Side.SELL: "sells", Side.UNKNOWN: "trades"}
_TONES: Final = {Side.BUY: Tone.BUY, Side.SELL: Tone.SELL, Side.UNKNOWN: Tone.WASH}


@dataclass(slots=True)
class Fill:
    """Trades of the accounts in question on one side, soon after each other; unknown: with each other."""

    side: Side
    from_ns: int
    until_ns: int
    price: int
    size: int


def large_walls(walls: Iterable[Wall], events: WindowEvents) -> list[Wall]:
    """Those that are large beside the usual order, at most three, the largest first."""
    sizes = events.size[(events.kind == EventKind.PLACE) & (events.size > 0)]
    usual = float(np.median(sizes)) if len(sizes) else 0.0
    return [wall for wall in walls if wall.peak >= _LARGE * usual and wall.peak > 0][:_MOST_WALLS]


def fills(events: WindowEvents, accounts: Collection[int]) -> list[Fill]:
    """What the accounts traded, by time."""
    found: list[Fill] = []
    latest: dict[Side, Fill] = {}
    rows = np.flatnonzero(events.kind == EventKind.TRADE)
    known = list(accounts)
    takes, rests = np.isin(events.account[rows], known), np.isin(events.counter_account[rows], known)
    for row, taking, resting in zip(rows.tolist(), takes.tolist(), rests.tolist(), strict=True):
        if taking or resting:
            side = Side(int(events.side[row]) * (int(taking) - int(resting)))
            _add(found, latest, side, events, row)
    return found


def moments(
    walls: Sequence[Wall], fills: Iterable[Fill], instrument: Instrument, candles: Candles
) -> list[Marker]:
    """Markers for large walls and the largest fills, in this order: labels are placed as they come.

    Prices beyond those of the candles are left out, so that a marker is at its candle.
    """
    found = [mark for wall in walls for mark in _wall_marks(wall, instrument)]
    largest = sorted(fills, key=lambda fill: -fill.size)[:_MOST_FILLS]
    found += [_fill_mark(fill, instrument) for fill in largest]
    if not len(candles):
        return found
    low, high = int(candles.low.min()), int(candles.high.max())
    return [mark if low <= (mark.price or 0) <= high else replace(mark, price=None) for mark in found]


def _wall_marks(wall: Wall, instrument: Instrument) -> Iterator[Marker]:
    word, above = SIDE_WORDS[wall.side], wall.side is Side.SELL
    size = f"{brief_size(wall.peak, instrument)} {base_of(instrument)}"
    price = wall.tracks[0].legs[0].price
    text = f"{word} wall {size}"
    yield Marker(at_ns=wall.from_ns, label=text, tone=Tone.SPOOFING, price=price, above=above)
    if wall.canceled_share >= _MOSTLY:
        price = wall.tracks[-1].legs[-1].price
        text = f"{word} wall canceled"
        yield Marker(at_ns=wall.until_ns, label=text, tone=Tone.CRITICAL, price=price, above=above)


def _fill_mark(fill: Fill, instrument: Instrument) -> Marker:
    size = f"{brief_size(fill.size, instrument)} {base_of(instrument)}"
    text = f"{_VERBS[fill.side]} {size}" if fill.side else f"trades {size} with itself"
    tone, above = _TONES[fill.side], fill.side is Side.SELL
    return Marker(at_ns=fill.from_ns, label=text, tone=tone, price=fill.price, above=above)


def _add(found: list[Fill], latest: dict[Side, Fill], side: Side, events: WindowEvents, row: int) -> None:
    """Add a trade to the latest fill of its side, or begin another."""
    at_ns, price, size = int(events.ts_event[row]), int(events.price[row]), max(int(events.size[row]), 0)
    fill = latest.get(side)
    if fill is None or at_ns > fill.until_ns + _TOGETHER_NS:
        fill = latest[side] = Fill(side, at_ns, at_ns, price, 0)
        found.append(fill)
    fill.until_ns = at_ns
    fill.size += size
