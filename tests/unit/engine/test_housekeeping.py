"""What is forgotten to make room, and what is not."""

from __future__ import annotations

import numpy as np
import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import DAY, HOUR, EventKind, Side
from tapewarden.engine.engine import Engine
from tapewarden.engine.tables import FIRST_ROWS

ACTORS = FIRST_ROWS - 96


def crowd() -> Directory:
    """One instrument and twice as many accounts as there is room for at first."""
    directory = Directory()
    directory.sources.number("venue")
    directory.add_instrument(Instrument(symbol="COIN-USD", venue="SIM", price_exponent=-2, size_exponent=-3))
    for number in range(2 * ACTORS):
        directory.add_account(f"account {number}")
    return directory


def orders(kind: EventKind, first: int, ts: int) -> EventBatch:
    """The same for one order of each of ``ACTORS`` accounts."""
    numbers = np.arange(first, first + ACTORS)
    return EventBatch.of(
        ACTORS,
        kind=int(kind), instrument=0, account=numbers, order=1 + numbers,
        side=int(Side.BUY), price=1000, size=1, ts_event=ts,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("canceled", "pause", "rows"),
    [(True, DAY + HOUR, FIRST_ROWS), (True, DAY - HOUR, 2 * FIRST_ROWS), (False, 9 * DAY, 2 * FIRST_ROWS)],
)
def test_pairs_make_room_when_they_were_idle_for_a_day_without_orders(
    canceled: bool, pause: int, rows: int
) -> None:
    engine = Engine(crowd(), [])
    engine.process(orders(EventKind.PLACE, 0, HOUR))
    if canceled:
        engine.process(orders(EventKind.CANCEL, 0, HOUR))
    engine.process(orders(EventKind.PLACE, ACTORS, HOUR + pause))

    assert len(engine.tables.pairs) == rows
