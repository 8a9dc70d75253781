import numpy as np
import pytest

from tapewarden.domain.kinds import SECOND
from tapewarden.engine.acts import BUY, SELL, Act
from tapewarden.engine.passed import (
    BEYOND,
    CONFIDENCE,
    KEPT,
    MOST_TRADES,
    Passed,
    add_fill,
    buyer_of,
    chance_among,
    cost_share,
    keep,
    note_spread,
    select,
    seller_of,
)

START = 10**18
TWO = np.array([1, 2], np.uint32)


def trade(seller: int, buyer: int, at: float = 0, size: int = 10, price: int = 1000, side: int = BUY) -> Act:
    act = Act()
    taker, maker = (buyer, seller) if side == BUY else (seller, buyer)
    values = {
        "side": side,
        "actor": taker,
        "counter_actor": maker,
        "ts": START + int(at * SECOND),
        "size": size,
        "price": price,
        "bid": 995,
        "ask": 1005,
        "trade": int(at) + 1,
    }
    for name, value in values.items():
        setattr(act, name, value)
    return act


def passed_of(*trades: Act) -> Passed:
    passed = Passed()
    for act in trades:
        note_spread(passed, act)
        keep(passed, act)
    return passed


def cost_of(*trades: Act) -> float:
    passed, places = passed_of(*trades), np.zeros(MOST_TRADES, np.int64)
    return cost_share(passed, TWO, 2, places, select(passed, TWO, 2, START, places))


@pytest.mark.parametrize("side", [BUY, SELL])
def test_who_sells_and_who_buys(side: int) -> None:
    act = trade(3, 4, side=side)
    assert (seller_of(act), buyer_of(act)) == (3, 4)


def test_only_trades_within_the_group_are_selected_oldest_first() -> None:
    passed = passed_of(*(trade(1 + n % 3, 1 + (n + 1) % 3, at=n) for n in range(9)))
    places = np.zeros(MOST_TRADES, np.int64)
    assert select(passed, TWO, 2, START, places) == 3
    assert [int(passed.trades[place]) for place in places[:3]] == [1, 4, 7]
    assert select(passed, TWO, 2, START + 3 * SECOND, places) == 2


def test_the_newest_trade_replaces_the_oldest() -> None:
    passed = passed_of(*(trade(1, 2, at=n) for n in range(KEPT + 5)))
    places = np.zeros(MOST_TRADES, np.int64)
    assert select(passed, TWO, 2, START, places) == MOST_TRADES
    assert int(passed.trades[places[MOST_TRADES - 1]]) == KEPT + 5


def test_further_fills_add_to_the_trade_they_belong_to_only() -> None:
    passed = passed_of(trade(1, 2))
    add_fill(passed, trade(1, 2, size=5))
    add_fill(passed, trade(2, 1, size=7))
    add_fill(passed, trade(1, 2, at=1, size=9))
    assert passed.sizes[0] == 15


def test_the_spread_is_learned_once_a_second_and_never_from_a_crossed_book() -> None:
    passed, crossed = Passed(), trade(1, 2, at=5)
    crossed.bid = 1005
    for act in (trade(1, 2, at=1), trade(1, 2, at=1.5), crossed):
        note_spread(passed, act)
    assert (passed.spreads.count, passed.spreads.median) == (1, 10)


def test_to_and_fro_at_one_price_costs_nothing() -> None:
    assert cost_of(*(trade(1 + n % 2, 2 - n % 2, at=n) for n in range(20))) == 0.0


def test_always_taking_costs_half_the_spread_each_time_and_that_is_certain() -> None:
    trades = [trade(1 + n % 2, 2 - n % 2, at=n, price=(1005, 995)[n % 2]) for n in range(40)]
    assert cost_of(*trades) >= 0.97


def test_a_price_that_runs_between_the_legs_leaves_the_cost_open() -> None:
    random = np.random.default_rng(3)
    trades = [trade(1 + n % 2, 2 - n % 2, at=n, price=1000 + int(random.normal(0, 30))) for n in range(60)]
    assert cost_of(*trades) > 0.5


def test_a_price_that_moves_a_little_does_not() -> None:
    random = np.random.default_rng(3)
    trades = [trade(1 + n % 2, 2 - n % 2, at=n, price=1000 + int(random.normal(0, 2))) for n in range(60)]
    assert 0.0 < cost_of(*trades) < 0.5


def test_noise_counts_by_its_standard_error() -> None:
    trades = (trade(1, 2), trade(2, 1, at=1, price=1002))
    gain, taken = 10 * 2, 2 * 10 * 5
    assert cost_of(*trades) == pytest.approx((gain + CONFIDENCE * gain) / taken)


def test_without_a_spread_any_cost_is_too_much() -> None:
    passed, places = Passed(), np.zeros(MOST_TRADES, np.int64)
    keep(passed, trade(1, 2))
    keep(passed, trade(2, 1, at=1, price=1001))
    assert cost_share(passed, TWO, 2, places, select(passed, TWO, 2, START, places)) == BEYOND


def test_the_chance_of_rounds_is_asked_of_the_selected_trades() -> None:
    sizes = np.random.default_rng(1).integers(100, 1000, 15)
    to_and_fro = [trade(1 + n % 2, 2 - n % 2, at=n, size=int(sizes[n // 2])) for n in range(30)]
    passed, places = passed_of(*to_and_fro), np.zeros(MOST_TRADES, np.int64)
    count = select(passed, TWO, 2, START, places)
    assert chance_among(passed, TWO, 2, places, count, 0.01, 199, 0.01) == 1 / 200
