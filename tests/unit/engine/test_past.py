from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.kinds import SECOND
from tapewarden.engine.acts import Act
from tapewarden.engine.past import SAMPLES, Past, market_price, move_z, moved, sample, traded, volume_z

WINDOW = 80 * SECOND


def trade(second: float, price: int = 1000, volume: int = 0, *, bid: int = -1, ask: int = -1) -> Act:
    act = Act(np.zeros(1, Act.dtype)[0])
    act.ts, act.price, act.volume_buy, act.bid, act.ask = int(second * SECOND), price, volume, bid, ask
    return act


def past_of(*acts: Act) -> Past:
    past = Past()
    for act in acts:
        sample(past, act, WINDOW)
    return past


def test_the_market_price_is_the_middle_of_a_two_sided_book() -> None:
    assert market_price(trade(0, 990, bid=1000, ask=1003)) == 1001.5
    assert market_price(trade(0, 990, bid=1000)) == 990


def test_an_eighth_of_a_window_lies_between_samples() -> None:
    past = past_of(*(trade(second) for second in range(100)))
    assert past.taken == 10
    assert sorted(past.times // SECOND) == [20, 30, 40, 50, 60, 70, 80, 90]


def test_move_and_volume_are_those_since_the_oldest_sample_of_the_window() -> None:
    past = past_of(*(trade(10 * n, 1000 + n, 5 * n) for n in range(12)))
    now = trade(115, 2000, 100)
    assert (moved(past, now, WINDOW), traded(past, now, WINDOW)) == (2000 - 1004, 100 - 20)


def test_after_a_pause_the_last_sample_is_the_reference() -> None:
    past = past_of(trade(0, 1000, 0), trade(10, 1010, 7))
    now = trade(900, 1013, 9)
    assert (moved(past, now, WINDOW), traded(past, now, WINDOW)) == (3, 2)


def test_nothing_is_learned_before_a_window_after_the_first_one_is_over() -> None:
    assert past_of(*(trade(10 * n) for n in range(2 * SAMPLES))).moves.count == 0
    assert past_of(*(trade(10 * n) for n in range(2 * SAMPLES + 3))).moves.count == 3


def test_a_move_is_not_usual_until_a_window_later() -> None:
    def usual_after(samples: int) -> float:
        return past_of(*(trade(10 * n, 1000 + 50 * max(n - 40, 0)) for n in range(samples))).moves.median

    assert usual_after(41 + SAMPLES) == 0
    assert usual_after(60) > 0


def test_nothing_finer_than_the_spread_or_half_a_usual_volume_is_remarkable() -> None:
    past = past_of(*(trade(10 * n, 1000, 10 * n) for n in range(60)))
    now = trade(600, bid=998, ask=1002)
    assert move_z(past, now, 12.0) == 3.0
    assert volume_z(past, now, 160.0) == pytest.approx(2.0)


@given(st.lists(st.tuples(st.floats(0.1, 60), st.integers(-20, 20)), min_size=20, max_size=60))
def test_falling_is_rising_in_a_mirror(steps: list[tuple[float, int]]) -> None:
    up, down = Past(), Past()
    second, price = 0.0, 0
    for pause, step in steps:
        second, price = second + pause, price + step
        sample(up, trade(second, 10_000 + price), WINDOW)
        sample(down, trade(second, 10_000 - price), WINDOW)
    now = trade(second)
    assert move_z(up, now, 7.0) == -move_z(down, now, -7.0)
