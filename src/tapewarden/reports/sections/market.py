"""Section 2: what was traded, where and when, with pictures of the market and every act of the suspects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from tapewarden.domain.counting import counted
from tapewarden.domain.kinds import EventKind, Side
from tapewarden.reports.content import Report
from tapewarden.reports.document import Block, Column, Fields, Figure, Heading, Look, Paragraph, Table, Weight
from tapewarden.reports.drawing.book_map import book_map
from tapewarden.reports.drawing.chart import price_chart
from tapewarden.reports.market import MarketWindow, OrderEvent
from tapewarden.reports.sections.entity import NOT_STATED
from tapewarden.reports.words import UNKNOWN, moment, price_text, size_text, time_of_day

LISTED: Final = 2_000
"""Order events that people are shown: 50 pages, for which typst takes 0.4 GB of memory and 2 s."""

_COLUMNS: Final = (
    Column("Time UTC", 1.7, Look.CODE),
    Column("Event", 0.85),
    Column("Side", 0.6),
    Column("Price", 1.2, Look.NUMBER),
    Column("Size", 1.2, Look.NUMBER),
    Column("Account", 1.6, Look.CODE),
    Column("Order", 1.6, Look.CODE),
    Column("Against", 1.9, Look.CODE),
)

_SIDES: Final = {Side.BUY: "buy", Side.SELL: "sell", Side.UNKNOWN: UNKNOWN}


def blocks(report: Report) -> Iterator[Block]:
    """The instrument, then each window."""
    yield _instrument(report)
    for sentence in report.missing:
        yield Paragraph(sentence, Weight.NOTICE)
    for window in report.windows:
        yield from _window(window, report)


def _instrument(report: Report) -> Fields:
    symbol, _, venue = report.case.instrument.rpartition("@")
    rows = [
        ("Instrument", symbol),
        ("Market", venue + (" – simulated, SIM" if report.simulated else "")),
        ("Location of the market", report.entity.country or NOT_STATED),
    ]
    if report.windows:
        instrument = report.windows[0].instrument
        tick = UNKNOWN if instrument.tick is None else price_text(instrument.tick, instrument)
        lot = UNKNOWN if instrument.lot is None else size_text(instrument.lot, instrument)
        rows += [("Price tick", tick), ("Size lot", lot)]
    period = f"{moment(report.case.start_ns)} to {moment(report.case.end_ns)} UTC"
    return Fields((*rows, ("Date and time of what is suspected", period)))


def _window(window: MarketWindow, report: Report) -> Iterator[Block]:
    begin, end = window.span
    yield Heading(f"{moment(begin)} to {time_of_day(end)} UTC")
    signals = [one.signal for one in report.signals]
    yield Figure(
        price_chart(window, signals),
        "Prices and volume; the time of signals is shaded, trades of the suspects are circled.",
        f"Chart of {counted(len(window.trades.ts_event), 'trade')} of {window.instrument.name}.",
    )
    yield Figure(
        book_map(window),
        "Order book: the darker, the more rests at a price. Pink lines are orders of the suspects.",
        f"Map of the order book of {window.instrument.name} over time.",
    )
    yield Paragraph(_summary(window))
    listed = window.events[-(LISTED // len(report.windows)) :]
    if len(listed) < len(window.events):
        told = f"The last {len(listed):,} of them are listed here, the XML has all {len(window.events):,}."
        yield Paragraph(told, Weight.NOTICE)
    if window.left_out:
        left_out = f"{counted(window.left_out, 'earlier event')} of the suspects in this window are left out."
        yield Paragraph(left_out, Weight.NOTICE)
    if listed:
        rows = tuple(_row(one, window) for one in listed)
        yield Table("Order events of the suspects", _COLUMNS, rows)


def _summary(window: MarketWindow) -> str:
    if not window.events:
        return "No order event of an account in question is known in this time."
    kinds = Counter(one.kind for one in window.events)
    told = [f"{kinds[kind]:,} {_event(kind)}" for kind in EventKind if kinds[kind]]
    return f"{counted(len(window.events), 'event')} of the suspects: {', '.join(told)}."


def _row(one: OrderEvent, window: MarketWindow) -> tuple[str, ...]:
    against = " ".join(part for part in (one.counter_account, one.counter_order) if part)
    return (
        time_of_day(one.at_ns),
        _event(one.kind),
        _SIDES[one.side],
        price_text(one.price, window.instrument),
        size_text(one.size, window.instrument),
        one.account or UNKNOWN,
        one.order or UNKNOWN,
        against or UNKNOWN,
    )


def _event(kind: EventKind) -> str:
    return kind.name.lower()
