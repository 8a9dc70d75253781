"""Tapes for property tests: markets whose orders meet all the time, and tapes that obey no rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from tapewarden.domain.batch import COLUMN_TYPES, EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import (
    DAY,
    HOUR,
    SECOND,
    ClientStage,
    EndReason,
    EventKind,
    Flag,
    Initiator,
    LinkKind,
    QualityKind,
    ReferenceKind,
    Side,
    WindowKind,
)

Event = Mapping[str, int]

START = 1_700_000_000 * SECOND
TICKS = (None, 2, 1)
MIDDLES = (1000, 40_000, 60)
"""Prices around these: bands of 2, of 100 and, through its tick, of 10 units."""

ACCOUNTS = 6
ORDERS = 6

PAUSES = (
    0,
    1,
    SECOND // 1000,
    SECOND // 3,
    SECOND,
    SECOND + 1,
    5 * SECOND,
    11 * SECOND,
    25 * SECOND,
    HOUR,
    DAY + HOUR,
    40 * DAY,
)


def small_directory(owner: str | None = "Ada") -> Directory:
    """Three instruments, six accounts of which two share an owner if there is one, two sources."""
    directory = Directory()
    for number, tick in enumerate(TICKS):
        directory.add_instrument(
            Instrument(
                symbol=f"COIN{number}-USD", venue="SIM", price_exponent=-2, size_exponent=-3, tick=tick
            )
        )
    for account in range(ACCOUNTS):
        directory.add_account(f"account {account}", owner=owner if account in (1, 4) else None)
    directory.sources.number("feed")
    directory.sources.number("drop copy")
    return directory


# --- markets --------------------------------------------------------------------------------------------

_orders = st.integers(1, ORDERS)
_traded_orders = st.one_of(st.just(0), _orders)
_sides = st.sampled_from((Side.BUY, Side.SELL))
_accounts = st.integers(-1, ACCOUNTS - 1)
_sizes = st.integers(1, 12)
_order_flags = st.sampled_from(
    (Flag.NONE,) * 6
    + (Flag.IMMEDIATE, Flag.MARKET, Flag.HIDDEN, Flag.SNAPSHOT, Flag.POST_ONLY | Flag.SIMULATED)
)
_trade_flags = st.sampled_from((Flag.NONE,) * 4 + (Flag.REPORT_ONLY, Flag.OFF_BOOK, Flag.LIQUIDATION))


@cache
def _prices(instrument: int) -> st.SearchStrategy[int]:
    """Mostly within a few units, so that orders queue and cross; now and then far outside the band."""
    middle = MIDDLES[instrument]
    return st.one_of(
        st.integers(middle - 3, middle + 3),
        st.integers(middle - middle // 50 - 20, middle + middle // 50 + 20),
    )


@st.composite
def _market_events(draw: st.DrawFn, pauses: Sequence[int]) -> Event:
    """One event of a market; its time is the pause since the event before."""
    kind = draw(st.sampled_from(_KIND_MIX))
    instrument = draw(st.sampled_from((0, 0, 0, 0, 1, 1, 2)))
    event: dict[str, int] = {
        "kind": kind,
        "instrument": instrument,
        "ts_event": draw(st.sampled_from(pauses)),
        "source": draw(st.integers(0, 1)),
    }
    columns = {name: draw(values) for name, values in _columns(kind, instrument).items()}
    return event | columns


_KIND_MIX = (
    (EventKind.PLACE,) * 16
    + (EventKind.CANCEL,) * 5
    + (EventKind.AMEND,) * 6
    + (EventKind.TRADE,) * 5
    + (EventKind.LEVEL,) * 3
    + tuple(set(EventKind) - {EventKind.SWAP, EventKind.TRANSFER})
)


def _codes(
    codes: type[ClientStage | LinkKind | WindowKind | QualityKind | ReferenceKind],
) -> st.SearchStrategy[int]:
    return st.sampled_from(tuple(codes))


@cache
def _columns(kind: EventKind, instrument: int) -> dict[str, st.SearchStrategy[int]]:
    """The columns that an event of this kind carries, and their values."""
    prices, initiators = _prices(instrument), st.sampled_from(tuple(Initiator))
    match kind:
        case EventKind.PLACE:
            return {
                "order": _orders, "side": _sides, "price": prices, "size": _sizes, "account": _accounts,
                "flags": _order_flags, "initiator": initiators,
            }  # fmt: skip
        case EventKind.AMEND | EventKind.CANCEL | EventKind.EXPIRE | EventKind.REJECT:
            reasons = st.sampled_from((EndReason.USER, EndReason.USER, EndReason.FILLED, EndReason.VENUE))
            return {
                "order": _orders, "price": st.one_of(st.just(-1), prices), "size": st.integers(-1, 8),
                "account": _accounts, "reason": reasons, "initiator": initiators,
            }  # fmt: skip
        case EventKind.TRADE:
            return {
                "order": _traded_orders, "counter_order": _traded_orders, "price": prices,
                "side": st.integers(-1, 1), "size": st.integers(1, 6), "account": _accounts,
                "counter_account": _accounts, "trade": st.integers(0, 40), "flags": _trade_flags,
            }  # fmt: skip
        case EventKind.LEVEL:
            flags = st.sampled_from((Flag.NONE, Flag.NONE, Flag.SNAPSHOT))
            return {"side": _sides, "price": prices, "size": st.integers(0, 20), "flags": flags}
        case EventKind.CLIENT_ORDER:
            return {
                "account": _accounts, "order": _orders, "side": _sides, "price": prices, "size": _sizes,
                "reason": _codes(ClientStage),
            }  # fmt: skip
        case EventKind.REFERENCE:
            return {"reason": _codes(ReferenceKind), "price": prices, "size": _sizes}
        case _:
            return _note_columns(kind, instrument)


def _note_columns(kind: EventKind, instrument: int) -> dict[str, st.SearchStrategy[int]]:
    """The same for the rows that may name no instrument."""
    named_or_all = st.sampled_from((instrument, instrument, -1))
    match kind:
        case EventKind.LINK:
            confidences = st.sampled_from((799_999, 800_000, 1_000_000))
            return {
                "account": _accounts, "counter_account": _accounts, "size": confidences,
                "reason": _codes(LinkKind), "instrument": st.just(-1),
            }  # fmt: skip
        case EventKind.WINDOW:
            lengths = st.sampled_from((0, 1, 5 * SECOND, HOUR))
            return {
                "account": _accounts, "size": lengths, "reason": _codes(WindowKind),
                "instrument": named_or_all,
            }  # fmt: skip
        case EventKind.QUALITY:
            return {"reason": _codes(QualityKind), "instrument": named_or_all}
        case EventKind.CLOCK:
            return {"instrument": st.just(-1)}
        case _:
            return {}


def _market_rows(max_events: int, pauses: Sequence[int]) -> st.SearchStrategy[list[dict[str, int]]]:
    events = _market_events(pauses)
    # Left to themselves lists are short, and orders meet on long tapes; short ones are easier to read.
    long = st.lists(events, min_size=max_events // 2, max_size=max_events)
    return st.one_of(st.lists(events, max_size=max_events), long, long).map(_on_a_clock)


def _on_a_clock(events: list[Event]) -> list[dict[str, int]]:
    """Events with times for pauses; every seventh comes out of order, every thirteenth without a time."""
    rows, now = [], START
    for number, event in enumerate(events):
        now += event["ts_event"]
        shown = now - 2 * SECOND if number % 7 == 6 else now
        rows.append({**event, "ts_event": -1 if number % 13 == 12 else shown, "sequence": number + 1})
    return rows


def market_tapes(max_events: int = 80, pauses: Sequence[int] = PAUSES) -> st.SearchStrategy[EventBatch]:
    """Tapes of a crowded small market for the instruments and accounts of `small_directory`."""
    return _market_rows(max_events, pauses).map(EventBatch.of_rows)


# --- hostile tapes --------------------------------------------------------------------------------------


@cache
def _hostile_values(column: str) -> st.SearchStrategy[int]:
    """Any value of a column: wrong but likely ones, the ends of its type, and everything between."""
    bounds = np.iinfo(COLUMN_TYPES[column])
    smallest, largest = int(bounds.min), int(bounds.max)
    likely = {
        "instrument": st.integers(-2, len(TICKS)),
        "account": st.integers(-2, ACCOUNTS),
        "counter_account": st.integers(-2, ACCOUNTS),
        "source": st.integers(-1, 2),
        "side": st.integers(-2, 2),
        "price": st.sampled_from((-2, -1, 0, 1, 2**53 - 1, 2**53)),
        "size": st.sampled_from((-2, -1, 0, 1, 2**53 - 1, 2**53)),
        "ts_event": st.integers(START - 20 * SECOND, START + 20 * SECOND),
        "flags": st.sampled_from(tuple(Flag)),
    }.get(column, st.integers(0, 20))
    ends = st.sampled_from(sorted({smallest, max(smallest, -1), largest - 1, largest}))
    return st.one_of(likely, likely, ends, st.integers(smallest, largest))


@st.composite
def hostile_tapes(draw: st.DrawFn, max_events: int = 60) -> EventBatch:
    """Tapes of a small market in which any column may have been replaced by any value of its type."""
    rows = draw(_market_rows(max_events, PAUSES))
    columns = st.lists(st.sampled_from(tuple(COLUMN_TYPES)), max_size=3)
    for row in rows:
        row.update({column: draw(_hostile_values(column)) for column in draw(columns)})
    return EventBatch.of_rows(rows)


# --- splits ---------------------------------------------------------------------------------------------


@st.composite
def splits(draw: st.DrawFn, batch: EventBatch) -> list[EventBatch]:
    """The batch cut into consecutive pieces, some of them empty."""
    cuts = sorted(draw(st.lists(st.integers(0, len(batch)), max_size=6)))
    return list(_pieces(batch, [0, *cuts, len(batch)]))


def _pieces(batch: EventBatch, cuts: list[int]) -> Iterator[EventBatch]:
    for start, end in pairwise(cuts):
        yield batch[start:end]
