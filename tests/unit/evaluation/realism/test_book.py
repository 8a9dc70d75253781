from dataclasses import replace

import numpy as np
import pytest

from tapewarden.evaluation.realism.fact import Verdict
from tests.unit.evaluation.realism.making import (
    chance,
    lives,
    measured,
    record,
    trades,
    value,
    with_book,
)

FLAT = np.ones(30)
HUMPED = np.exp(-((np.arange(30) - 6.0) ** 2) / 20)
FALLING = np.exp(-np.arange(30) / 4)


def test_a_hump_is_more_depth_behind_the_best_price_than_at_it() -> None:
    assert measured("hump of the book", with_book(HUMPED)).verdict is Verdict.MET
    assert measured("hump of the book", with_book(FALLING)).verdict is Verdict.MISSED
    assert value("hump of the book", with_book(FLAT)) == pytest.approx(1)


def test_a_depth_profile_is_held_against_the_most_alike_recorded_one() -> None:
    humped, falling = (
        replace(with_book(shape), name=name) for shape, name in ((HUMPED, "h"), (FALLING, "f"))
    )
    assert value("depth profile", with_book(HUMPED), falling, humped) == 0
    result = measured("depth profile", with_book(HUMPED), falling)
    assert result.verdict is Verdict.MISSED
    assert result.measured is not None
    assert result.measured.note == "to f"
    assert "no other recorded market" in measured("depth profile", humped).why


def test_the_distance_of_spreads_is_the_largest_gap_of_their_distributions() -> None:
    one = with_book(FLAT)
    assert one.touches is not None
    wider = np.where(np.arange(200) < 60, 300, 100)
    other = replace(one, touches=replace(one.touches, ask=one.touches.bid + wider))
    assert value("spread", one, other) == pytest.approx(60 / 199, abs=0.005)
    assert value("spread", one, one) == 0


def test_books_need_levels_and_enough_of_them() -> None:
    bare = record(trades(), tier=0)
    assert "needs a book" in measured("hump of the book", bare).why
    assert "needs a book" in measured("spread", bare).why
    assert "59 of 60 books" in measured("hump of the book", with_book(FLAT, moments=59)).why
    assert "empty book" in measured("hump of the book", with_book(np.zeros(30))).why


def test_cancels_are_counted_among_the_orders_that_ended() -> None:
    market = record(trades(), tier=2, lives=lives(np.ones(1_000), canceled=0.95))
    assert value("cancels", market) == 0.95
    assert measured("cancels", market).verdict is Verdict.MET
    half = record(trades(), tier=2, lives=lives(np.ones(1_000), canceled=0.5))
    assert measured("cancels", half).verdict is Verdict.MISSED
    assert "needs orders" in measured("cancels", record(trades())).why


def test_lives_are_held_against_recorded_ones() -> None:
    rng = chance()
    quick, slow = (record(trades(), tier=2, lives=lives(rng.exponential(mean, 4_000))) for mean in (1.0, 3.0))
    # The largest gap of two exponential distributions, at t = ln 3 / (1 - 1/3).
    assert value("order life", quick, slow) == pytest.approx(3**-0.5 - 3**-1.5, abs=0.03)
    assert value("order life", quick, quick) == 0


def test_makers_order_more_per_trade_than_executors_and_those_more_than_retail() -> None:
    names = {0: "fast-maker-0", 1: "twap-1", 2: "retail-2", 3: "account-3"}
    account, traded = np.repeat([0, 1, 2, 3], 250), np.repeat([2, 20, 80, 100], 250)
    market = record(
        trades(), tier=3, lives=lives(np.ones(1_000), account=account, traded=traded), accounts=names
    )
    result = measured("order-to-trade by class", market)
    assert result.measured is not None
    assert result.measured.note == "maker 50, executor 5, retail 1.25"
    assert result.measured.value == 4
    assert result.verdict is Verdict.MET
    strangers = replace(market, accounts={0: "a", 1: "b", 2: "c", 3: "d"})
    assert "known classes" in measured("order-to-trade by class", strangers).why
    assert "needs accounts" in measured("order-to-trade by class", replace(market, accounts=None)).why
