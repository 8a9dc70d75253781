"""Order lives: what became of an order, on small tapes."""

from typing import Any

import pytest

from tapewarden.domain.kinds import SECOND, EndReason, EventKind, Flag, Initiator, Side
from tapewarden.engine.engine import Engine
from tapewarden.runtime.life_tally import LifeTally
from tapewarden.runtime.lives import Ending, OrderLife, order_lives
from tests.reference.comparing import event, rows
from tests.strategies import small_directory

START = 1_700_000_000_000_000_000
PLACE = event(EventKind.PLACE, order=1, side=Side.BUY, price=1000, size=5, account=1)
ASK = event(EventKind.PLACE, order=2, side=Side.SELL, price=1010, size=5)
CANCEL = event(EventKind.CANCEL, order=1, reason=EndReason.USER, initiator=Initiator.MEMBER)
FILLED = event(EventKind.CANCEL, order=1, reason=EndReason.FILLED, initiator=Initiator.VENUE)
TRADE = event(EventKind.TRADE, counter_order=1, side=Side.SELL, price=1000, size=5)
REPORT = event(EventKind.TRADE, counter_order=1, side=Side.SELL, price=1000, size=5, flags=Flag.REPORT_ONLY)


def lives_of(*events: dict[str, int]) -> list[OrderLife]:
    return list(order_lives(Engine(small_directory(), []), [rows(*events, start=START)]))


def amend(**columns: int) -> dict[str, int]:
    return event(EventKind.AMEND, order=1, **columns)


def test_a_life_tells_who_ordered_what_and_when_it_ended() -> None:
    (life,) = lives_of(PLACE, CANCEL | {"ts_event": START + 3 * SECOND})
    assert life == OrderLife(
        instrument=0,
        order=1,
        account=1,
        side=Side.BUY,
        entered=START,
        price=1000,
        size=5,
        entry_distance=0,
        last_price=1000,
        remaining=0,
        canceled=5,
        ended=START + 3 * SECOND,
        ending=Ending.CANCELED_BY_MEMBER,
        end_distance=0,
    )
    assert life.duration == 3 * SECOND


ENDINGS: dict[str, tuple[list[dict[str, int]], dict[str, Any]]] = {
    "a trade fills": ([TRADE], {"ending": Ending.FILLED, "filled": 5}),
    "a change fills": ([FILLED], {"ending": Ending.FILLED, "filled": 5}),
    "a change to nothing fills": (
        [amend(size=0, reason=EndReason.FILLED)],
        {"ending": Ending.FILLED, "filled": 5, "amends": 0},
    ),
    "a report before the change counts once": ([REPORT, FILLED], {"ending": Ending.FILLED, "filled": 5}),
    "a report after the change counts once": ([FILLED, REPORT], {"ending": Ending.FILLED, "filled": 5}),
    "a report explains a change without a reason": (
        [REPORT, event(EventKind.CANCEL, order=1)],
        {"ending": Ending.FILLED, "filled": 5, "canceled": 0},
    ),
    "a report explains no more than it says": (
        [REPORT | {"size": 2}, event(EventKind.CANCEL, order=1, size=2), CANCEL],
        {"ending": Ending.CANCELED_BY_MEMBER, "filled": 2, "canceled": 3},
    ),
    "a report does not explain a member's cancel": (
        [REPORT, CANCEL],
        {"ending": Ending.CANCELED_BY_MEMBER, "filled": 0, "canceled": 5},
    ),
    "a part is filled before the rest is canceled": (
        [TRADE | {"size": 2}, CANCEL],
        {"ending": Ending.CANCELED_BY_MEMBER, "filled": 2, "canceled": 3},
    ),
    "the venue cancels": ([CANCEL | {"initiator": Initiator.VENUE}], {"ending": Ending.CANCELED_BY_VENUE}),
    "the system cancels": ([CANCEL | {"initiator": Initiator.SYSTEM}], {"ending": Ending.CANCELED_BY_SYSTEM}),
    "nobody knows who cancels": ([CANCEL | {"initiator": 0}], {"ending": Ending.CANCELED, "canceled": 5}),
    "it expires": ([event(EventKind.EXPIRE, order=1)], {"ending": Ending.EXPIRED, "canceled": 5}),
    "the book is cleared": ([event(EventKind.CLEAR)], {"ending": Ending.CLEARED, "remaining": 5}),
    "it lives on": ([], {"ending": Ending.LIVE, "remaining": 5, "ended": None, "duration": None}),
    "it grows": ([amend(size=9)], {"increased": 4, "remaining": 9, "amends": 1, "reprices": 0}),
    "it shrinks": ([amend(size=2)], {"canceled": 3, "remaining": 2, "amends": 1}),
    "it moves": ([amend(size=5, price=990)], {"last_price": 990, "price": 1000, "reprices": 1, "amends": 1}),
    "an ignored row changes nothing": ([PLACE, amend(size=-1)], {"size": 5, "amends": 0, "remaining": 5}),
    "an order that trades with itself is reduced once": ([TRADE | {"order": 1, "size": 2}], {"filled": 2}),
    "more is filled than remains": ([TRADE | {"size": 9}], {"ending": Ending.FILLED, "filled": 5}),
}


@pytest.mark.parametrize("case", ENDINGS)
def test_a_life_is_right_where(case: str) -> None:
    events, expected = ENDINGS[case]
    life = next(life for life in lives_of(PLACE, *events) if life.order == 1)
    assert {name: getattr(life, name) for name in expected} == expected
    assert life.size + life.increased == life.filled + life.canceled + life.remaining


def test_both_sides_of_a_trade_are_filled() -> None:
    taker, maker = lives_of(ASK, PLACE, TRADE | {"order": 2})
    assert [(life.order, life.filled, life.ending) for life in (taker, maker)] == [
        (2, 5, Ending.FILLED),
        (1, 5, Ending.FILLED),
    ]


def test_distances_are_from_the_best_price_of_the_side() -> None:
    behind = PLACE | {"order": 3, "price": 993}
    better = PLACE | {"order": 4, "price": 1002}
    lives = {life.order: life for life in lives_of(PLACE, behind, better, CANCEL | {"order": 3})}
    assert (lives[3].entry_distance, lives[3].end_distance) == (7, 9)
    assert lives[4].entry_distance == -2


def test_the_entry_of_an_order_of_a_snapshot_was_not_seen() -> None:
    (life,) = lives_of(PLACE | {"flags": Flag.SNAPSHOT}, CANCEL)
    assert (life.entered, life.entry_distance, life.duration, life.flashed) == (None, None, None, False)


def test_an_order_at_market_has_no_price() -> None:
    (life,) = lives_of(PLACE | {"price": -1, "flags": Flag.MARKET}, CANCEL)
    assert (life.price, life.last_price, life.entry_distance, life.end_distance) == (None,) * 4


@pytest.mark.parametrize(
    ("pause", "before", "flashed"),
    [(SECOND, [], True), (SECOND + 1, [], False), (1, [TRADE | {"size": 1}], False)],
)
def test_an_order_is_flashed_if_it_goes_soon_and_unfilled(
    pause: int, before: list[dict[str, int]], flashed: bool
) -> None:
    (life,) = lives_of(PLACE, *before, CANCEL | {"ts_event": START + pause})
    assert life.flashed is flashed


def test_an_id_may_live_twice() -> None:
    assert [life.canceled for life in lives_of(PLACE, CANCEL, PLACE, CANCEL)] == [5, 5]


def test_lives_come_when_they_end() -> None:
    found = lives_of(PLACE, ASK, PLACE | {"order": 3}, CANCEL | {"order": 3}, CANCEL)
    assert [life.order for life in found] == [3, 1, 2]


def test_tally_counts_endings_durations_and_fills() -> None:
    tally = LifeTally()
    pauses = (1, 5, 1234, 5000)
    for number, pause in enumerate(pauses):
        start = START + number * SECOND
        for life in lives_of(PLACE | {"ts_event": start}, CANCEL | {"ts_event": start + pause}):
            tally.add(life)
    for life in lives_of(PLACE, TRADE):
        tally.add(life)
    (_, filled), (_, canceled) = tally.rows()
    assert (filled.lives, filled.with_fills, canceled.lives, canceled.flashed) == (1, 1, 4, 4)
    assert canceled.median == 5
    assert sorted(canceled.durations) == [1, 5, 1230, 5000]
    assert tally.fill_ratio(0) == 0.2
    assert tally.fill_ratio(1) is None
