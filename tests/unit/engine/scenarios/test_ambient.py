from collections.abc import Iterator

import numpy as np
import pytest

from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.kinds import SECOND, EventKind, Flag, Side
from tapewarden.engine.scenarios import Market, play, quiet
from tapewarden.engine.scenarios.draft import START, Book, Order

TEXT = "0s place wall sell 30 @ ask\n1s take buy 8\n4s take sell 8\n20s cancel wall"


def ambient(market: Market, text: str = TEXT, warm: int = 120) -> EventBatch:
    return play(quiet("x", text, market=market, warm=warm))[0]


def follow(batch: EventBatch) -> Iterator[Book]:
    """The book after each row; on the way, each trade must be with the first in line."""
    book = Book()
    for i in range(len(batch)):
        number, price, size = int(batch.order[i]), int(batch.price[i]), int(batch.size[i])
        match batch.kind[i]:
            case EventKind.PLACE:
                side, flags = Side(batch.side[i]), int(batch.flags[i])
                book.add(Order(number, int(batch.account[i]), side, price, size, flags))
            case EventKind.AMEND:
                order = book.orders[number]
                if price != order.price or size > order.size:
                    book.remove(order)
                    order.price, order.size = price, size
                    book.add(order)
                order.size = size
            case EventKind.CANCEL:
                book.reduce(book.orders[number], size)
            case EventKind.TRADE:
                resting = book.orders[int(batch.counter_order[i])]
                assert resting is book.first(Side(-batch.side[i]))
                assert price == resting.price
                book.reduce(resting, size)
                book.reduce(book.orders[number], size)
        yield book


@pytest.mark.parametrize("market", ["calm", "busy"])
def test_the_book_is_never_crossed(market: Market) -> None:
    for book in follow(ambient(market)):
        bid, ask = book.best(Side.BUY), book.best(Side.SELL)
        assert bid is None or ask is None or bid < ask


@pytest.mark.parametrize(("market", "rate"), [("calm", 9), ("busy", 45), ("prints", 0.5)])
def test_markets_are_as_lively_as_they_say(market: Market, rate: float) -> None:
    batch = ambient(market, text="0s clock", warm=600)
    steady = batch.ts_event > START + 60 * SECOND
    assert steady.sum() / 550 == pytest.approx(rate, rel=0.15)


@pytest.mark.parametrize("market", ["calm", "busy"])
def test_markets_are_deep_on_both_sides_and_stay_near_100(market: Market) -> None:
    batch = ambient(market, text="0s clock", warm=600)
    trades = batch[batch.kind == EventKind.TRADE]
    assert np.abs(trades.price - 10_000).max() <= 40
    assert 0.4 < (trades.side == Side.BUY).mean() < 0.6
    assert 4_000 < np.median(trades.size) < 8_000
    *_, book = follow(batch)
    for side in (Side.BUY, Side.SELL):
        assert 35 <= sum(order.side == side for order in book.orders.values()) <= 80


def test_ambient_takers_leave_the_orders_of_the_text_alone() -> None:
    batch = ambient("busy", "0s place wall sell 30 @ ask-1\n60s cancel wall")
    wall = batch.order[(batch.kind == EventKind.PLACE) & (batch.size == 300_000)][0]
    assert not (batch.counter_order == wall).any()
    assert batch.size[(batch.kind == EventKind.CANCEL) & (batch.order == wall)] == [300_000]


def test_public_trades_name_nobody() -> None:
    batch = ambient("prints", "0s clock")
    trades = batch[batch.kind == EventKind.TRADE]
    assert set(trades.account) == {UNKNOWN}
    assert set(trades.order) == {0}
    assert len(set(trades.trade)) == len(trades)


def test_takers_never_rest_and_makers_never_take() -> None:
    batch = ambient("calm", "0s clock")
    places = batch[batch.kind == EventKind.PLACE]
    takers = set(places.account[places.flags == Flag.IMMEDIATE])
    assert takers.isdisjoint(places.account[places.flags == 0])


def test_instruments_of_the_text_have_markets_of_their_own() -> None:
    batch = ambient("calm", "0s place a buy 1 @ bid-1\n0s place b buy 1 @ bid-1 on ETH-USD", warm=30)
    first, second = (batch[batch.instrument == number] for number in (0, 1))
    assert min(len(first), len(second)) > 200
    assert not np.array_equal(first.price[:100], second.price[:100])
    assert (np.diff(batch.ts_event) >= 0).all()
