from __future__ import annotations

import numpy as np
import pytest

from tapewarden.domain.kinds import MINUTE
from tapewarden.engine.acts import BUY, SELL, Act
from tapewarden.engine.heaviest import PLACES
from tapewarden.engine.takers import (
    Takers,
    fade,
    note_given,
    note_rested,
    note_taken,
    share_of_taking,
    usual_payers,
)

WINDOW = 30 * MINUTE


def fill(actor: int, price: int, *, side: int = BUY, size: int = 1, minute: int = 0, order: int = 0) -> Act:
    act = Act(np.zeros(1, Act.dtype)[0])
    act.ts, act.actor, act.account, act.price, act.size = (1000 + minute) * MINUTE, actor, actor, price, size
    act.side, act.order, act.bid, act.ask = side, order, -1, -1
    return act


def takers(*fills: Act) -> Takers:
    seen = Takers()
    for act in fills:
        fade(seen, act.ts, WINDOW)
        note_taken(seen, act, WINDOW)
    return seen


def test_an_order_pays_a_new_price_when_it_is_beyond_the_last_of_its_side() -> None:
    seen = takers(
        fill(1, 100, minute=0),
        fill(1, 99, side=SELL, minute=1),
        fill(1, 100, minute=2),  # a bounce
        fill(1, 101, minute=3),
        fill(1, 100, side=SELL, minute=3, order=1),
        fill(1, 99, side=SELL, minute=3, order=2),
    )
    assert seen.orders == pytest.approx([3, 3])
    assert seen.payers == pytest.approx([1, 1])


def test_fills_of_one_order_are_one_order_that_pays_once() -> None:
    seen = takers(fill(1, 100), *(fill(2, price, minute=1, order=7) for price in (101, 102, 103)))
    assert seen.own_orders[1] == 1
    assert seen.own_payers[1] == 1
    assert seen.taken[1] == 3


def test_the_first_order_of_a_market_pays_no_new_price() -> None:
    assert takers(fill(1, 100)).payers[BUY] == 0


def test_sums_fade_by_half_in_half_a_window() -> None:
    seen = takers(fill(1, 100, size=8), fill(2, 100, size=1, minute=15))
    assert seen.taken[0] == pytest.approx(4, rel=1e-3)
    assert share_of_taking(seen, 0) == pytest.approx(4 / 5, rel=1e-3)


def test_the_weight_of_a_pinned_place_does_not_fade() -> None:
    seen = takers(fill(1, 100, size=8))
    seen.pinned[0] = 1
    fade(seen, (1000 + 90) * MINUTE, WINDOW)
    assert seen.weights[0] == 8
    assert seen.taken[0] == pytest.approx(8 / 64, rel=1e-3)


def test_others_orders_alone_say_what_is_usual() -> None:
    mine = [fill(1, 100 + n, order=n + 1) for n in range(6)]
    others = [fill(2, 100 + n, order=n + 50) for n in range(6)]
    seen = takers(*(act for pair in zip(mine, others, strict=True) for act in pair))
    assert usual_payers(seen, 0) == 1 / 8
    assert usual_payers(seen, 1) == 6 / 8
    assert usual_payers(takers(fill(1, 100)), 0) == 0.5


def test_a_position_is_what_was_acquired_and_not_given_back() -> None:
    seen = takers(fill(1, 100, size=6))
    note_rested(seen, 1, BUY, 2)
    assert note_given(seen, 1, BUY, 5) == 0
    assert seen.position[0] == 3
    note_given(seen, 1, BUY, 9)
    assert seen.position[0] == 0
    assert note_given(seen, 2, BUY, 1) == -1


def test_after_a_pause_of_a_window_a_position_begins_anew() -> None:
    seen = takers(fill(1, 100, size=6), fill(1, 105, size=1, minute=29), fill(1, 110, size=2, minute=60))
    assert seen.position[0] == 2
    assert (seen.since[0], seen.starts[0]) == ((1000 + 60) * MINUTE, 110)


def test_nobody_has_no_place_but_counts() -> None:
    seen = Takers()
    assert note_taken(seen, fill(0, 100, size=5), WINDOW) == -1
    assert seen.total == 5
    assert not seen.actors.any()


def test_a_newcomer_takes_the_place_of_the_lightest_and_nothing_of_his_but_the_weight() -> None:
    crowd = [fill(1 + n, 100, size=2 + n, order=n + 1) for n in range(PLACES)]
    seen = takers(*crowd, fill(99, 100, size=1, order=99))
    assert seen.actors[0] == 99
    assert (seen.weights[0], seen.taken[0], seen.position[0]) == (3, 1, 1)
