"""Pictures of a market: well formed, without anything from outside, whatever the market did."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.kinds import SECOND, EventKind, Side
from tapewarden.reports.drawing.book_map import book_map
from tapewarden.reports.drawing.candles import MOST, candles_of
from tapewarden.reports.drawing.chart import price_chart
from tapewarden.reports.drawing.depth import COLUMNS, depth_of
from tapewarden.reports.drawing.png import png
from tapewarden.reports.drawing.resting import Rest, rests
from tapewarden.reports.drawing.svg import element, text
from tapewarden.reports.market import OrderEvent, Span, Trades
from tests.unit.reports.cases import START, book, instrument, signal, window

SPAN = Span(START, START + 60 * SECOND)
PIL = pytest.importorskip("PIL.Image")


def trades_of(rows: list[tuple[int, int, int]]) -> Trades:
    columns = np.array(sorted(rows), np.int64).reshape(-1, 3).T
    return Trades(columns[0] + START, columns[1], columns[2])


trades = st.lists(
    st.tuples(st.integers(0, 60 * SECOND - 1), st.integers(0, 2**53), st.integers(0, 2**40)), max_size=30
).map(trades_of)


def parts(picture: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(picture).iter())


def tagged(picture: str, name: str) -> list[ElementTree.Element]:
    return [one for one in parts(picture) if one.tag.endswith(f"}}{name}")]


@given(trades)
def test_candles_hold_every_trade_once(found: Trades) -> None:
    candles = candles_of(found, SPAN)
    assert len(candles.start) <= MOST + 1
    assert candles.volume.sum() == found.size.sum()
    assert (candles.low <= candles.open).all()
    assert (candles.high >= candles.close).all()
    if len(found.price):
        assert (candles.high.max(), candles.low.min()) == (found.price.max(), found.price.min())
        assert (candles.open[0], candles.close[-1]) == (found.price[0], found.price[-1])


@given(trades, st.integers(-18, 9), st.sampled_from([None, 1, 5, 1000]))
def test_a_chart_is_well_formed_and_draws_within_its_bounds(
    found: Trades, exponent: int, tick: int | None
) -> None:
    drawn = replace(
        window(), instrument=instrument(price_exponent=exponent, tick=tick), trades=found, events=()
    )
    picture = price_chart(drawn, [signal()])
    for one in tagged(picture, "rect"):
        assert 0 <= float(one.get("x", "0")) <= 760
        assert float(one.get("height", "0")) >= 0


def test_a_chart_shades_signals_and_marks_the_trades_of_suspects() -> None:
    picture = price_chart(window(), [signal(), signal("far", start_ns=0, end_ns=1)])
    assert len([one for one in tagged(picture, "rect") if one.get("fill-opacity")]) == 1
    assert len(tagged(picture, "circle")) == 1


def test_a_map_of_the_book_shows_orders_trades_and_the_touch() -> None:
    picture = book_map(window())
    (image,) = tagged(picture, "image")
    address = next(value for name, value in image.attrib.items() if name.endswith("href"))
    assert address.startswith("data:image/png;base64,")
    assert len(tagged(picture, "path")) == 2
    assert len([one for one in tagged(picture, "line") if one.get("stroke") == "#d6249f"]) == 1 + 2


def test_times_without_trades_and_books_say_so() -> None:
    empty = replace(window(), trades=trades_of([]), books=(), events=())
    assert "No trade is known" in price_chart(empty, [])
    assert "No book is known" in book_map(empty)
    hollow = replace(window(), books=(book(0, 10_000, levels=0),), events=())
    assert "No book is known" in book_map(hollow)


def test_depth_is_darkest_where_most_rests_and_of_the_book_of_its_time() -> None:
    depth = depth_of([book(0, 10_000), book(30, 10_100)], SPAN, 5)
    assert depth is not None
    assert depth.darkness.shape[1] == COLUMNS
    assert (depth.bids[0], depth.asks[0]) == (9_995, 10_005)
    assert (depth.bids[-1], depth.asks[-1]) == (10_095, 10_105)
    assert depth.darkness.max() == 1
    assert depth.low <= 9_975 < depth.high


def test_a_png_is_read_back_as_it_was_written(tmp_path: Any) -> None:
    colors = np.random.default_rng(1).integers(0, 255, (7, 11, 3), np.uint8)
    path = tmp_path / "a.png"
    path.write_bytes(png(colors))
    with PIL.open(path) as image:
        assert (np.asarray(image) == colors).all()


def event(second: int, kind: EventKind, size: int = 10, price: int = 100, **given: Any) -> OrderEvent:
    told: dict[str, Any] = {"account": "m", "order": "1", "counter_account": "", "counter_order": "", **given}
    return OrderEvent(at_ns=START + second * SECOND, kind=kind, side=Side.BUY, price=price, size=size, **told)


def test_an_order_rests_until_it_is_gone() -> None:
    resting: dict[str, Any] = {"account": "b", "order": "9", "counter_account": "m", "counter_order": "1"}
    events = [
        event(1, EventKind.PLACE),
        event(2, EventKind.TRADE, 4, **resting),
        event(3, EventKind.AMEND, 8, 90),
        event(5, EventKind.CANCEL, 3),
        event(6, EventKind.CANCEL, 5),
        event(7, EventKind.CANCEL, 5),
        event(8, EventKind.AMEND, 5, order="before"),
        event(9, EventKind.PLACE, order="short"),
        event(9, EventKind.EXPIRE, order="short"),
    ]
    found = [(one.from_ns - START, one.until_ns - START, one.price) for one in rests(events, SPAN)]
    assert found == [
        (1 * SECOND, 3 * SECOND, 100),
        (3 * SECOND, 6 * SECOND, 90),
        (8 * SECOND, 60 * SECOND, 100),
    ]
    assert next(rests([event(1, EventKind.PLACE)], SPAN)) == Rest(
        START + SECOND, SPAN.until_ns, 100, Side.BUY
    )


def test_words_in_a_picture_are_words() -> None:
    assert text("<script>&\x00", 1, 2.55) == '<text x="1" y="2.5">&lt;script&gt;&amp;[U+0000]</text>'
    assert element("g", font_size=1, fill='"') == """<g font-size="1" fill='"'/>"""
