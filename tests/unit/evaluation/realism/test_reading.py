from collections.abc import Mapping

import numpy as np
import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import SECOND, EventKind, Flag, Initiator, Side, Tier
from tapewarden.evaluation.realism.reading import read_record
from tapewarden.evaluation.realism.record import Record
from tapewarden.runtime.memory_tapes import MemoryTape
from tests.reference.comparing import event
from tests.strategies import small_directory

START = 1_700_000_000 * SECOND
CLEAR = event(EventKind.CLEAR)


def read(*events: Mapping[str, int], tier: Tier = Tier.T3, instrument: str | None = None) -> Record:
    """A record of events a second apart, if they have no times of their own."""
    rows = [{"instrument": 0, "ts_event": START + place * SECOND, **row} for place, row in enumerate(events)]
    return read_record(
        MemoryTape("made", EventBatch.of_rows(rows), small_directory(), tier=tier), "made", instrument
    )


def place(order: int, side: Side, price: int, size: int = 5, **columns: int) -> dict[str, int]:
    return event(EventKind.PLACE, order=order, side=side, price=price, size=size, **columns)


def cancel(order: int, **columns: int) -> dict[str, int]:
    return event(EventKind.CANCEL, order=order, initiator=Initiator.MEMBER, **columns)


def trade(price: int, size: int = 1, side: Side = Side.BUY, **columns: int) -> dict[str, int]:
    return event(EventKind.TRADE, price=price, size=size, side=side, flags=Flag.REPORT_ONLY, **columns)


BOOK = (CLEAR, place(1, Side.BUY, 1000), place(2, Side.SELL, 1010))


def test_touches_are_those_that_each_time_leaves_behind() -> None:
    now = {"ts_event": START + 10 * SECOND}
    found = read(
        *BOOK, place(3, Side.BUY, 1004), cancel(3, **now), place(4, Side.BUY, 1002, **now), trade(1010)
    )
    assert found.touches is not None
    assert (found.touches.ts - START).tolist() == [2 * SECOND, 3 * SECOND]
    later = read(
        *BOOK, cancel(1, **now), place(4, Side.BUY, 1002, **now), trade(1010, ts_event=START + 20 * SECOND)
    )
    assert later.touches is not None
    assert later.touches.bid.tolist() == [1000, 1002]
    assert later.touches.ask.tolist() == [1010, 1010]
    assert (later.touches.ts - START).tolist() == [2 * SECOND, 10 * SECOND]


def test_crossed_and_one_sided_books_are_no_touch() -> None:
    found = read(*BOOK, place(3, Side.BUY, 1015), cancel(3), cancel(1), place(4, Side.BUY, 990), trade(1010))
    assert found.touches is not None
    assert found.touches.bid.tolist() == [1000, 1000, 990]


def test_trades_of_one_aggressor_are_one_market_order() -> None:
    named = read(*BOOK, trade(1010, 2, order=7), trade(1011, 3, order=7), trade(1011, 4, order=8))
    assert named.market_orders().size.tolist() == [5, 4]
    now = START + 5 * SECOND
    several = (trade(1010, 2), trade(1011, 3), trade(1000, 4, Side.SELL))
    unnamed = read(*BOOK, *(one | {"ts_event": now} for one in several))
    assert unnamed.market_orders().size.tolist() == [5, 4]
    assert unnamed.market_orders().sign.tolist() == [1, -1]


def test_trades_without_a_side_are_no_market_orders_and_those_off_the_book_are_left_out() -> None:
    found = read(
        *BOOK, trade(1010, 2, Side.UNKNOWN), trade(1011, 3), trade(900, 9) | {"flags": Flag.OFF_BOOK}
    )
    assert found.trades.size.tolist() == [2, 3]
    assert found.market_orders().size.tolist() == [3]


def test_depth_is_counted_by_distance_from_the_best_price_of_its_side() -> None:
    ladder = [place(10 + k, Side.BUY, 10_000 - k, size=1 + k) for k in range(3)]
    found = read(
        CLEAR, *ladder, place(20, Side.SELL, 10_002, size=8), trade(10_002, ts_event=START + 999 * SECOND)
    )
    assert found.depth is not None
    shown = found.depth.size[[0, 9, 19]] * found.depth.moments
    # A tick is just under a basis point of the mid: the second and third price lie in bins 9 and 19.
    assert np.flatnonzero(found.depth.size).tolist() == [0, 9, 19]
    assert shown == pytest.approx(found.depth.moments * np.array([(1 + 8) / 2, 2 / 2, 3 / 2]))


def test_lives_know_who_canceled_what_and_when() -> None:
    found = read(
        *BOOK,
        place(3, Side.BUY, 990, account=1),
        cancel(3),
        place(4, Side.BUY, 990),
        event(EventKind.CANCEL, order=4, initiator=Initiator.VENUE),
        place(5, Side.BUY, 990),
        event(EventKind.TRADE, counter_order=5, side=Side.SELL, price=990, size=5),
    )
    assert found.lives is not None
    assert found.lives.duration.tolist() == [SECOND, SECOND, SECOND, -1, -1]
    assert found.lives.canceled.tolist() == [True, False, False, False, False]
    assert found.lives.filled.tolist() == [False, False, True, False, False]
    assert found.lives.account.tolist() == [1, -1, -1, -1, -1]
    assert found.lives.traded.tolist() == [0, 0, 5, 0, 0]


def test_a_record_has_what_the_tier_shows() -> None:
    def parts(tier: Tier) -> list[bool]:
        found = read(*BOOK, trade(1010), tier=tier)
        return [part is not None for part in (found.touches, found.lives, found.accounts)]

    assert [parts(tier) for tier in (Tier.T0, Tier.T1, Tier.T2, Tier.T3)] == [
        [False, False, False],
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


def test_the_instrument_with_most_trades_is_read_unless_one_is_named() -> None:
    names = [one.name for one in small_directory().instruments]
    busy = [trade(1010), trade(1010, instrument=1), trade(1010, instrument=1)]
    assert read(*busy).instrument == names[1]
    assert read(*busy, instrument=names[0]).instrument == names[0]
    with pytest.raises(InputError, match="instrument"):
        read(*busy, instrument="NO@WHERE")


def test_a_tape_without_events_is_refused() -> None:
    with pytest.raises(InputError, match="events"):
        read()


def test_a_book_that_no_snapshot_begins_is_left_out_at_first() -> None:
    rows = [*BOOK[1:], *[place(10 + k, Side.BUY, 1001 + k % 2) for k in range(40)], trade(1010)]
    warm, cold = read(CLEAR, *rows), read(*rows)
    assert warm.touches is not None
    assert cold.touches is not None
    assert warm.touches.ts[0] == START + 2 * SECOND
    assert cold.touches.ts[0] >= START + 42 * SECOND // 7


def test_simulated_tapes_are_known_by_their_flag() -> None:
    assert not read(*BOOK, trade(1010)).simulated
    assert read(*BOOK, trade(1010), place(9, Side.BUY, 1, flags=Flag.SIMULATED)).simulated
