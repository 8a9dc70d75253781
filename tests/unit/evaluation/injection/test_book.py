"""The recorded book beside the engine's own."""

import numpy as np
from hypothesis import given

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import EventKind, Flag
from tapewarden.engine.engine import Engine
from tapewarden.evaluation.injection.book import Filled, RecordedBook, Rested, rows_of
from tests.strategies import market_tapes, small_directory
from tests.unit.evaluation.injection.market import batch

FOLLOWED = [EventKind.PLACE, EventKind.AMEND, EventKind.CANCEL, EventKind.EXPIRE, EventKind.TRADE]


def engine_levels(tape: EventBatch) -> list[dict[int, int]]:
    """Size by rank of both sides of the first instrument, as the engine has them."""
    engine = Engine(small_directory(), [])
    engine.process(tape)
    tables = engine.tables
    sides = [tables.sides[number] for number in (2, 3)]
    return [
        {
            int(tables.ranks[at]): int(tables.levels[at]["size"])
            for at in range(int(side["start"]), int(side["start"]) + int(side["count"]))
        }
        for side in sides
    ]


@given(market_tapes())
def test_the_levels_are_those_of_the_engine(tape: EventBatch) -> None:
    plain = (
        (tape.instrument == 0) & np.isin(tape.kind, FOLLOWED) & (tape.flags & ~np.uint16(Flag.POST_ONLY) == 0)
    )
    tape = tape[plain]
    tape = EventBatch(**{**dict(tape.columns()), "trade": np.zeros(len(tape), np.uint64)})  # none twice
    book = RecordedBook()
    for row in rows_of(tape):
        for _ in book.tell(row):
            pass
    found = [
        {rank: ladder.size_at(rank) for rank in ladder.levels} for _, ladder in sorted(book.sides.items())
    ]
    assert found[::-1] == engine_levels(tape)
    for ladder in book.sides.values():
        assert ladder.ranks == sorted(ladder.levels)


def told(lines: str) -> list[tuple[str, int, int]]:
    book = RecordedBook()
    return [shown(event) for row in rows_of(batch(lines)) for event in book.tell(row)]


def shown(event: Filled | Rested) -> tuple[str, int, int]:
    size = event.size if isinstance(event, Filled) else event.order.size
    return type(event).__name__.lower(), event.order.price, size


def test_fills_and_orders_that_come_to_rest_are_told() -> None:
    assert told("place 1 sell 5 @ 101\nfill 1 2\nfill 1 9\nfill 1 1") == [
        ("rested", 101, 5),
        ("filled", 101, 2),
        ("filled", 101, 3),
    ]


def test_a_taker_that_is_announced_before_it_matches_does_not_rest() -> None:
    assert told("place 1 sell 5 @ 101\nplace 2 buy 3 @ 101\namend 2 3 @ 100") == [
        ("rested", 101, 5),
        ("rested", 100, 3),
    ]


def test_a_canceled_order_is_not_filled() -> None:
    assert told("place 1 sell 5 @ 101\ncancel 1") == [("rested", 101, 5)]
