"""Ladders and the agenda, called as plain Python on the memory that compiled code uses."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.simulator.building import new_world
from tapewarden.simulator.exchange.agenda import LOOK, compose, discard, send, take_next
from tapewarden.simulator.exchange.ladder import (
    BOOK,
    STOPS_TO_SELL,
    highest_bit,
    join_queue,
    leave_queue,
    level_of,
    lowest_bit,
    next_above,
    next_below,
)
from tapewarden.simulator.plan import LADDER, MarketPlan, listings
from tapewarden.simulator.population import Population
from tests.samples.markets import uncompiled

PLAN = MarketPlan(seed=1, instruments=2)
PLACES = (1, 2, 63, 64, 65, 127, 128, 5000, LADDER - 1)


def empty() -> Any:
    return uncompiled(new_world(PLAN, listings(2), Population((), ())))


@given(st.integers(1, (1 << 64) - 1))
def test_bits_are_found_at_either_end_of_a_word(word: int) -> None:
    assert highest_bit(word) == word.bit_length() - 1
    assert lowest_bit(word) == (word & -word).bit_length() - 1


moves = st.lists(st.tuples(st.sampled_from(PLACES), st.integers(1, 9), st.booleans()), max_size=40)


@settings(max_examples=40)
@given(moves)
def test_queues_are_in_order_of_arrival_and_prices_in_use_are_found(
    moves: list[tuple[int, int, bool]],
) -> None:
    world = empty()
    queues: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    for row, (place, size, leaves) in enumerate(moves, 1):
        queue = queues.setdefault(place, [])
        if leaves and queue:
            leave_queue(world, queue.pop(len(queue) // 2), BOOK, place)
        else:
            world.orders[row].shown, world.orders[row].instrument = size, 1
            sizes[row] = size
            join_queue(world, row, BOOK, place)
            queue.append(row)
    used = sorted(place for place, queue in queues.items() if queue)
    for place, queue in queues.items():
        level = level_of(world, 1, BOOK, place)
        assert level.size == sum(sizes[row] for row in queue)
        assert walked(world, level.front) == queue
    for start in (0, *PLACES):
        assert next_above(world, 1, BOOK, start) == min((one for one in used if one >= start), default=LADDER)
        assert next_below(world, 1, BOOK, start) == max((one for one in used if one <= start), default=-1)
        assert next_above(world, 0, BOOK, start) == LADDER
        assert next_below(world, 1, STOPS_TO_SELL, start) == -1


def walked(world: Any, row: int) -> list[int]:
    rows = []
    while row:
        rows.append(row)
        row = world.orders[row].after
    return rows


@given(st.lists(st.integers(0, 20), max_size=60))
def test_messages_come_in_order_of_time_and_of_sending(times: list[int]) -> None:
    world = empty()
    for number, time in enumerate(times):
        message = compose(world, LOOK, 0)
        world.messages[message].number = number
        send(world, message, time)
    taken = []
    for _ in times:
        message = take_next(world)
        taken.append((world.counters[0].now, world.messages[message].number))
        discard(world, message)
    assert taken == sorted((time, number) for number, time in enumerate(times))
    assert world.counters[0].messages == len(world.messages) - 1
