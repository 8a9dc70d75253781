import pytest

from tapewarden.domain.kinds import DAY, SECOND
from tapewarden.engine.acts import BUY, SELL, Act
from tapewarden.engine.chance import poisson_tail
from tapewarden.engine.measures import add
from tapewarden.engine.self_trades import (
    STAND_IN,
    SelfTrades,
    begin,
    chance_to_meet,
    is_excess,
    note_given,
    note_meeting,
    note_taken,
    note_told,
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


def excess_at(meetings: int, expected: float, *, told: int = 0, limit: float = 1e-7) -> bool:
    record = begun()
    for number in range(1, meetings + 1):
        note_meeting(record, fill(number), DAY)
        if number == told:
            note_told(record, 10**18 + number)
    add(record.expected, expected, 10**18, DAY)
    return is_excess(record, 10**18 + meetings, DAY, 3.0, 2.0, limit)


def test_looks_at_the_evidence_share_the_limit() -> None:
    tail = poisson_tail(8, 0.5)
    assert excess_at(8, 0.5, limit=tail * 72 * 1.001)
    assert not excess_at(8, 0.5, limit=tail * 72 * 0.999)


def test_what_is_unlikely_but_not_materially_more_is_no_excess() -> None:
    assert poisson_tail(280, 100.0) < 1e-30
    assert not excess_at(280, 100.0)
    assert excess_at(301, 100.0)


def test_it_is_told_again_only_when_doubled() -> None:
    assert not excess_at(39, 0.5, told=20)
    assert excess_at(40, 0.5, told=20)
