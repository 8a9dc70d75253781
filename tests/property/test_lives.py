"""Order lives on any tape: nothing is lost, and what lives on is what stands in the book."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.batch import EventBatch
from tapewarden.engine.engine import Engine
from tapewarden.runtime.lives import Ending, OrderLife, order_lives
from tests.strategies import hostile_tapes, market_tapes, small_directory, splits

tapes = st.one_of(market_tapes(), hostile_tapes())


def lives_of(batches: Iterable[EventBatch]) -> tuple[list[OrderLife], Engine]:
    engine = Engine(small_directory(), [])
    return list(order_lives(engine, batches)), engine


@given(tapes)
def test_what_was_ordered_is_filled_canceled_or_remains(tape: EventBatch) -> None:
    for life in lives_of([tape])[0]:
        assert life.size + life.increased == life.filled + life.canceled + life.remaining
        assert min(life.size, life.increased, life.filled, life.canceled, life.remaining) >= 0
        assert (life.ended is None) == (life.ending is Ending.LIVE)
        assert (life.remaining > 0) == (life.ending in (Ending.LIVE, Ending.CLEARED))
        assert life.entered is None or life.ended is None or life.entered <= life.ended


@given(tapes)
def test_lives_that_go_on_are_the_orders_of_the_book(tape: EventBatch) -> None:
    lives, engine = lives_of([tape])
    ours = {(life.instrument + 1, life.order): life.remaining for life in lives if life.ending is Ending.LIVE}
    orders = engine.tables.orders[engine.tables.orders["instrument"] > 0]
    columns = (orders[name].tolist() for name in ("instrument", "number", "size"))
    assert ours == {(instrument, number): size for instrument, number, size in zip(*columns, strict=True)}


@given(st.data())
def test_cutting_a_tape_changes_no_life(data: st.DataObject) -> None:
    tape = data.draw(tapes)
    assert lives_of(data.draw(splits(tape)))[0] == lives_of([tape])[0]
