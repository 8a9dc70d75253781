from typing import NamedTuple

import pytest

from tapewarden.domain.kinds import DAY, SECOND
from tapewarden.engine.acts import BUY, PRIMARY, SELL, Act
from tapewarden.engine.chance import poisson_tail
from tapewarden.engine.self_trades import (
    STAND_IN,
    SelfTrades,
    begin,
    chance_to_meet,
    follow,
    note_given,
    note_meeting,
    note_taken,
)


def fill(ts: int = 0, side: int = BUY, **columns: float) -> Act:
    act = Act()
    values = {
        "ts": 10**18 + ts,
        "side": side,
        "size": 10,
        "size_scale": 10.0,
        "depth_opposite": 100,
        **columns,
    }
    for name, value in values.items():
        setattr(act, name, value)
    return act


def begun(**columns: int) -> SelfTrades:
    record = SelfTrades()
    begin(record, fill(**columns))
    return record


def test_before_others_traded_displayed_depth_stands_in() -> None:
    record = begun()
    act = fill(opposite=50, volume_buy=10)
    assert chance_to_meet(record.buying, act, 10) == pytest.approx((1 + STAND_IN * 0.5) / (1 + STAND_IN))


def test_an_empty_book_says_that_chance_is_certain() -> None:
    assert chance_to_meet(begun().buying, fill(depth_opposite=0), 10) == 1.0


def test_the_share_of_what_others_met_takes_over() -> None:
    record = begun(volume_buy=500)
    for number in range(300):
        note_given(record, fill(number, SELL))
    act = fill(opposite=50, volume_buy=510 + 10_000)
    assert chance_to_meet(record.buying, act, 10_510) == pytest.approx(0.3, abs=0.01)
    assert chance_to_meet(record.selling, act, 10_000) < 0.01


def test_own_taking_is_not_what_others_met() -> None:
    record = begun()
    before = chance_to_meet(record.buying, fill(), 10)
    note_taken(record, fill(volume_buy=10), DAY)
    assert chance_to_meet(record.buying, fill(), 20) == before


def test_one_instant_counts_once() -> None:
    record = begun()
    for _ in range(5):
        note_meeting(record, fill(SECOND), DAY)
    assert (record.total, record.written, record.met.value) == (1, 6, 1.0)


def test_evidence_fades_by_half_in_a_half_life() -> None:
    record = begun()
    note_meeting(record, fill(1), DAY)
    note_meeting(record, fill(1 + DAY), DAY)
    assert record.met.value == pytest.approx(1.5, abs=1e-3)


class Params(NamedTuple):
    excess: float = 3.0
    growth: float = 2.0
    chance: float = 0.01
    tested: float = 1e5
    half_life: int = DAY


def told_at(meetings: int, *, expected: float = 0.5, excess: float = 3.0) -> list[int]:
    """At which of so many meetings, after the first, an excess is told."""
    record, params = begun(), Params(excess=excess)
    told = []
    for number in range(1, meetings + 1):
        act = fill(number, marks=PRIMARY)
        record.expected.value, record.expected.ts = expected, act.ts
        if follow(record, act, True, params):
            told.append(number)
    return told


def test_an_excess_is_told_and_again_when_doubled() -> None:
    assert told_at(50, expected=0.25) == [9, 18, 36]


def test_what_is_not_materially_more_is_no_excess() -> None:
    assert poisson_tail(250, 100.0) < 1e-30
    assert told_at(250, expected=100.0, excess=2.0)
    assert not told_at(250, expected=100.0)


def test_the_first_trade_with_himself_begins_the_record() -> None:
    record = SelfTrades()
    assert not follow(record, fill(marks=PRIMARY), True, Params())
    assert (record.total, record.written, record.began) == (0, 1, 10**18)


def test_a_trade_with_others_is_a_trial_and_no_meeting() -> None:
    record = begun()
    assert not follow(record, fill(1, marks=PRIMARY, opposite=50), False, Params())
    assert record.expected.value > 0
    assert record.total == 0


def test_the_resting_side_of_a_trade_with_others_only_shows_what_is_met() -> None:
    record = begun()
    assert not follow(record, fill(1, SELL, actor=1, counter_actor=2), False, Params())
    assert not follow(record, fill(1, SELL, actor=1, counter_actor=1), True, Params())
    assert (record.buying.given, record.total, record.expected.value) == (10, 0, 0.0)
