"""Events are gathered, held back and given again as told; the server is a list of messages here."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tapewarden.client.outbox import MOST_ROWS, Batching, Outbox
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import PublishError
from tapewarden.domain.identifiers import order_id
from tapewarden.domain.kinds import EventKind
from tapewarden.wire.decoding import Position, decode
from tapewarden.wire.encoding import MOST_DEFINITIONS, Encoder
from tapewarden.wire.layout import MAX_NAME
from tapewarden.wire.numbering import Numbering
from tests.strategies import small_directory

START = Position("here", 1, 1)
LONG = 1.0  # seconds that no test waits for


def outbox_of(directory: Directory, **batching: Any) -> Outbox:
    return Outbox(Encoder(directory, START), Batching(**{"linger": LONG} | batching))


def events(count: int) -> EventBatch:
    return EventBatch.of(count, kind=EventKind.PLACE, order=range(1, count + 1))


def taken(outbox: Outbox, stream: int, count: int) -> list[tuple[int, int]]:
    """First event and number of events of the next messages."""
    found = []
    for _ in range(count):
        message = outbox.take(stream)
        assert message is not None
        batch = decode(message)
        found.append((batch.position.sequence, len(batch)))
    return found


def test_small_batches_share_a_message_and_large_ones_are_cut() -> None:
    outbox = outbox_of(Directory(), rows=10)
    stream, _ = outbox.start_stream(0)
    for count in (3, 4, 4, 25):
        outbox.put(events(count))
    outbox.close()
    assert taken(outbox, stream, 5) == [(1, 7), (8, 4), (12, 10), (22, 10), (32, 5)]
    assert outbox.take(stream) is None


def test_an_event_alone_goes_out_after_the_linger() -> None:
    outbox = outbox_of(Directory(), linger=0.001)
    stream, _ = outbox.start_stream(0)
    outbox.put(events(1))
    assert taken(outbox, stream, 1) == [(1, 1)]


def test_who_puts_waits_for_room() -> None:
    outbox = outbox_of(Directory(), rows=1, in_flight_bytes=1)
    stream, _ = outbox.start_stream(0)
    order = []

    def produce() -> None:
        for number in (1, 2, 3):
            outbox.put(events(1))
            order.append(f"put {number}")

    thread = threading.Thread(target=produce)
    thread.start()
    for number in (1, 2, 3):
        assert taken(outbox, stream, 1) == [(number, 1)]
        if number < 3:
            order.append(f"acknowledge {number}")
            outbox.acknowledge(number)
    thread.join()
    assert order == ["put 1", "acknowledge 1", "put 2", "acknowledge 2", "put 3"]


def test_a_batch_is_not_torn_apart_by_another_thread() -> None:
    outbox = outbox_of(Directory(), rows=3, in_flight_bytes=1)
    stream, _ = outbox.start_stream(0)
    threads = [
        threading.Thread(target=outbox.put, args=(EventBatch.of(9, kind=EventKind.PLACE, account=[n] * 9),))
        for n in range(2)
    ]
    for thread in threads:
        thread.start()
    accounts = []
    for number in range(6):
        message = outbox.take(stream)
        assert message is not None
        accounts.append(int(decode(message).values[8][0]))
        outbox.acknowledge(3 * number + 3)
    for thread in threads:
        thread.join()
    assert accounts in ([1, 1, 1, 2, 2, 2], [2, 2, 2, 1, 1, 1])


def test_a_new_stream_says_all_definitions_and_then_what_is_not_durable() -> None:
    directory = small_directory()
    outbox = outbox_of(directory, rows=5)
    first, _ = outbox.start_stream(0)
    outbox.put(events(15))
    directory.add_account("a newcomer")
    outbox.put(events(5))
    assert taken(outbox, first, 5) == [(1, 0), (1, 5), (6, 5), (11, 5), (16, 5)]
    second, delivered = outbox.start_stream(7)
    assert [(one.last, one.events) for one in delivered] == [(5, 5)]
    assert outbox.take(first) is None, "the old stream is over"
    message = outbox.take(second)
    assert message is not None
    greeting = decode(message)
    assert greeting.position == Position("here", 1, 6)
    assert [one.account.name for one in greeting.definitions.accounts][-1] == "a newcomer"
    assert len(greeting.definitions.instruments) == len(directory.instruments)
    assert taken(outbox, second, 3) == [(6, 5), (11, 5), (16, 5)]


def test_definitions_beyond_the_limits_of_a_message_come_in_several() -> None:
    directory = Directory()
    directory.sources.number("feed")
    outbox = outbox_of(directory)
    stream, _ = outbox.start_stream(0)
    for number in range(2 * MOST_DEFINITIONS + 1):
        directory.add_account(f"{number:0>{MAX_NAME}}", owner="o" * MAX_NAME)
    outbox.put(EventBatch.of(1, kind=EventKind.PLACE, account=2 * MOST_DEFINITIONS))
    outbox.close()
    there = Directory()
    numbering = Numbering(there, "here")
    messages = list(iter(lambda: outbox.take(stream), None))
    taken = [numbering.take(decode(message)) for message in messages]
    assert [len(one.events) for one in taken] == [0, 0, 0, 0, 1]
    assert there.account_name(int(taken[-1].events.account[0])) == f"{2 * MOST_DEFINITIONS:0>{MAX_NAME}}"


def test_the_largest_messages_are_taken() -> None:
    directory = Directory()
    names = [f"{number:ä>150}"[-100:] for number in range(MOST_ROWS)]
    outbox = outbox_of(directory, rows=MOST_ROWS)
    stream, _ = outbox.start_stream(0)
    for number in range(MOST_DEFINITIONS):
        directory.add_account(f"{number:0>{MAX_NAME}}", owner="o" * MAX_NAME)
    for name in names:
        for column in "oct":
            directory.order_names.learn(order_id(column + name[1:]), column + name[1:])
    columns = {
        column: [order_id(column[0] + name[1:]) for name in names]
        for column in ("order", "counter_order", "trade")
    }
    outbox.put(
        EventBatch.of(MOST_ROWS, kind=EventKind.TRADE, price=1, size=1, ts_event=1, ts_receive=1, **columns)
    )
    message = outbox.take(stream)
    assert message is not None
    batch = decode(message)
    assert (len(batch), len(batch.definitions.accounts)) == (MOST_ROWS, MOST_DEFINITIONS)


def test_a_failure_is_raised_to_everybody() -> None:
    outbox = outbox_of(Directory(), rows=1, in_flight_bytes=1)
    outbox.put(events(1))
    raised: list[Exception] = []

    def expect_failure(call: object, *arguments: object) -> None:
        with pytest.raises(PublishError, match="no more") as caught:
            call(*arguments)  # type: ignore[operator]
        raised.append(caught.value)

    threads = [
        threading.Thread(target=expect_failure, args=arguments)
        for arguments in ((outbox.put, events(1)), (outbox.flush, None))
    ]
    for thread in threads:
        thread.start()
    outbox.fail(PublishError("no more"))
    for thread in threads:
        thread.join()
    assert len(raised) == 2
    assert outbox.settled


@pytest.mark.parametrize(
    "wrong", [{"linger": -0.1}, {"linger": 2}, {"rows": 0}, {"rows": 5001}, {"in_flight_bytes": 0}]
)
def test_what_batching_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(wrong))}: expected"):
        Batching(**wrong)
