"""Publishers and a real server: whatever breaks, the server has each event exactly once and in order."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.cases.store import SignalFilter, Store
from tapewarden.client import Batching, Connection, Delivered, Publisher, Reject, TlsFiles, ingest, resume
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.errors import PublishError, RefusedError, UnauthenticatedError, UnavailableError
from tapewarden.domain.kinds import SECOND, EventKind, Side
from tapewarden.runtime.configuration import Configuration
from tapewarden.server import serving
from tapewarden.server.access import ServerTls
from tapewarden.server.serving import Plan
from tapewarden.wire.decoding import Position
from tests.probes import PROBES
from tests.samples.cutting import cutting
from tests.strategies import START, small_directory
from tests.unit.cases.workflows import ADA
from tests.unit.live.rig import VERA, messages, replayed
from tests.unit.server.certificates import Authority
from tests.unit.server.running import Running, running, token_for

SMALL = Batching(rows=10, in_flight_bytes=3_000, linger=0.0)
"""So that there are many messages and the window is full all the time."""


def plan_of(folder: Path) -> Plan:
    return Plan(folder=folder, configuration=Configuration(detectors=PROBES), listen="127.0.0.1:0")


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return plan_of(tmp_path / "data")


@pytest.fixture
def server(plan: Plan) -> Iterator[Running]:
    with running(plan) as server:
        yield server


@pytest.fixture(autouse=True, scope="module")
def _impatient() -> Iterator[None]:
    """Servers do not wait for the streams that publishers keep open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "GRACE_S", 0.0)
        yield


def connection(server: Running) -> Connection:
    return Connection(address=server.address)


def orders(count: int) -> EventBatch:
    numbers = range(1, count + 1)
    return EventBatch.of(
        count,
        kind=EventKind.PLACE,
        source=0,
        instrument=[number % 3 for number in numbers],
        account=[number % 6 for number in numbers],
        side=Side.BUY,
        order=numbers,
        price=1000,
        size=5,
        ts_event=[START + number * SECOND for number in numbers],
    )


def signals(plan: Plan) -> list[str]:
    store = Store.open(plan.database_url)
    try:
        return sorted(one.signal.to_json() for one in store.signals(SignalFilter(limit=1000), VERA, 0))
    finally:
        store.close()


def has_exactly(server: Running, plan: Plan, batch: EventBatch) -> None:
    """The engine has seen these events and no other, none twice."""
    server.server.pipeline.settle()
    assert server.server.pipeline.detection.events == len(batch)
    expected = replayed(small_directory(), batch)
    assert expected
    assert signals(plan) == expected


def test_what_is_flushed_is_durable_and_the_source_goes_on_behind_it(server: Running, plan: Plan) -> None:
    batch, delivered = orders(250), list[Delivered]()
    with Publisher(
        connection(server), "venue", small_directory(), batching=SMALL, on_durable=delivered.append
    ) as publisher:
        assert publisher.start == Position("venue", 1, 1)
        for part in batch[:100].split(7):
            publisher.send(part)
        publisher.flush()
        assert publisher.durable == 100
        assert resume(connection(server), "venue") == Position("venue", 1, 100)
        publisher.send(batch[100:200])
    assert sum(one.events for one in delivered) == 200
    assert all(one.seconds is not None for one in delivered)
    with Publisher(connection(server), "venue", small_directory(), batching=SMALL) as another:
        assert another.start == Position("venue", 1, 201)
        another.send(batch[200:])
    has_exactly(server, plan, batch)


def test_an_event_alone_becomes_durable_without_a_flush(server: Running) -> None:
    durable = threading.Event()
    with Publisher(
        connection(server), "venue", small_directory(), on_durable=lambda message: durable.set()
    ) as publisher:
        publisher.send(orders(1))
        assert durable.wait(30)


def test_events_that_are_none_are_told_by_their_number_and_the_rest_is_taken(server: Running) -> None:
    batch = orders(30)
    batch.size[17] = -5
    rejects: list[Reject] = []
    with Publisher(
        connection(server), "venue", small_directory(), batching=SMALL, on_reject=rejects.append
    ) as publisher:
        publisher.send(batch)
        publisher.flush()
    assert [(one.sequence, one.field, one.received) for one in rejects] == [(18, "size", "-5")]
    server.server.pipeline.settle()
    assert server.server.pipeline.detection.events == 29


def test_a_producer_that_numbers_otherwise_is_refused_with_the_words_of_the_server(server: Running) -> None:
    with Publisher(connection(server), "venue", small_directory()) as publisher:
        publisher.send(orders(3))
    other = Directory()
    other.sources.number("feed")
    other.add_instrument(Instrument(symbol="DOGE-USD", venue="SIM", price_exponent=-2, size_exponent=-3))
    publisher = Publisher(connection(server), "venue", other)
    publisher.send(orders(1))
    with pytest.raises(PublishError, match=r"instruments\[0\]: number.*what number 1 stood for before"):
        publisher.close()
    with pytest.raises(PublishError):
        publisher.send(orders(1))
    assert resume(connection(server), "venue") == Position("venue", 1, 3)


def test_another_epoch_counts_and_numbers_anew(server: Running) -> None:
    with Publisher(connection(server), "venue", small_directory()) as publisher:
        publisher.send(orders(3))
    other = Directory()
    other.sources.number("another feed")
    with Publisher(connection(server), "venue", other, epoch=2) as publisher:
        assert publisher.start == Position("venue", 2, 1)
        publisher.send(EventBatch.of(2, kind=EventKind.CLOCK, ts_event=START))
    assert resume(connection(server), "venue") == Position("venue", 2, 2)
    with pytest.raises(PublishError, match="expected epoch 2 or a later one, received epoch 1"):
        Publisher(connection(server), "venue", small_directory(), epoch=1)


def test_an_epoch_that_somebody_else_ends_is_over_for_all(server: Running) -> None:
    publisher = Publisher(connection(server), "venue", small_directory(), epoch=1)
    publisher.send(orders(3))
    publisher.flush()
    with Publisher(connection(server), "venue", small_directory(), epoch=2) as another:
        another.send(orders(1))
    publisher.send(orders(1))
    with pytest.raises(PublishError, match="expected epoch 2 or a later one, received epoch 1"):
        publisher.close()


def test_who_may_not_send_is_told_at_once_and_not_tried_again(plan: Plan) -> None:
    secret = token_for(plan, source="venue")
    with running(replace(plan, tokens=True)) as server:
        with pytest.raises(UnauthenticatedError):
            Publisher(connection(server), "venue", small_directory())
        allowed = Connection(address=server.address, token=secret)
        with pytest.raises(RefusedError, match="may hand in events of venue only, not of another venue"):
            Publisher(allowed, "another venue", small_directory())
        publisher = Publisher(allowed, "venue", small_directory())
        publisher.send(orders(3))
        publisher.flush()
        server.server.store.staff.put("producer", [], ADA, START)
        with pytest.raises((RefusedError, UnauthenticatedError)):
            send_until_refused(publisher)
        publisher.abandon()


def test_events_and_tokens_go_over_tls(plan: Plan, tmp_path: Path) -> None:
    authority = Authority(tmp_path, "authority")
    certificate, key = authority.issue("server")
    secret = token_for(plan)
    with running(replace(plan, tokens=True, tls=ServerTls(certificate=certificate, key=key))) as server:
        trusting = Connection(address=server.address, token=secret, tls=TlsFiles(authority=authority.file))
        with Publisher(trusting, "venue", small_directory()) as publisher:
            publisher.send(orders(3))
        assert resume(trusting, "venue") == Position("venue", 1, 3)
        with pytest.raises(UnavailableError):
            resume(replace(trusting, tls=TlsFiles()), "venue")


def send_until_refused(publisher: Publisher) -> None:
    """The server looks at rights again each second."""
    while True:
        publisher.send(orders(1))
        publisher.flush()


def test_who_leaves_with_an_error_waits_for_nothing(server: Running) -> None:
    with pytest.raises(ZeroDivisionError):  # noqa: PT012, SIM117
        with Publisher(connection(server), "venue", small_directory()) as publisher:
            publisher.send(orders(3))
            raise ZeroDivisionError
    with Publisher(connection(server), "venue", small_directory()) as publisher:
        assert publisher.start.sequence in (1, 4)


def test_who_waits_while_another_thread_ends_the_publisher_is_told(server: Running) -> None:
    waiting, raised = threading.Barrier(3), []
    publisher = Publisher(connection(server), "venue", small_directory(), batching=SMALL)
    with server.server.pipeline._lock:  # nothing is taken, so nothing becomes durable
        publisher.send(orders(1))

        def expect_the_end(call: Callable[[], None]) -> None:
            waiting.wait()
            with pytest.raises(PublishError, match="closed") as caught:
                call()
            raised.append(caught.value)

        calls = (lambda: publisher.send(orders(1_000)), publisher.flush)
        threads = [threading.Thread(target=expect_the_end, args=(call,)) for call in calls]
        for thread in threads:
            thread.start()
        waiting.wait()
        publisher.abandon()
        for thread in threads:
            thread.join()
    assert len(raised) == 2


def test_a_callback_that_fails_ends_the_publisher_with_its_error(server: Running) -> None:
    def fail(message: Delivered) -> None:
        raise KeyError("no such message")

    publisher = Publisher(connection(server), "venue", small_directory(), on_durable=fail)
    with pytest.raises(PublishError, match="KeyError: 'no such message'"):  # noqa: PT012
        publisher.send(orders(3))
        publisher.flush()
    publisher.abandon()


def test_a_server_that_is_not_there_is_told_at_once(plan: Plan) -> None:
    with running(plan) as server:
        address = server.address
    with pytest.raises(UnavailableError, match=address):
        Publisher(Connection(address=address), "venue", small_directory())


def test_a_server_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "ANSWER_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(UnavailableError, match=f"{address}: no answer within 0.1 s"):
            Publisher(Connection(address=address), "venue", small_directory())


def test_a_server_that_goes_away_is_waited_for_as_long_as_asked(plan: Plan) -> None:
    with running(plan) as server:
        publisher = Publisher(connection(server), "venue", small_directory(), patience=0.0)
        publisher.send(orders(3))
        publisher.flush()
    with pytest.raises(PublishError, match="no progress for 0 s: "):  # noqa: PT012
        publisher.send(orders(3))
        publisher.flush()
    publisher.abandon()


def test_a_flush_that_takes_too_long_says_so_and_the_events_come_nevertheless(plan: Plan) -> None:
    batch = orders(40)
    with running(plan) as server:
        publisher = Publisher(connection(server), "venue", small_directory(), batching=SMALL)
        publisher.send(batch[:20])
        publisher.flush()
    publisher.send(batch[20:])
    with pytest.raises(TimeoutError, match="not durable after 0"):
        publisher.flush(0.01)
    with running(replace(plan, listen=server.address)) as again:
        publisher.close()
        again.server.pipeline.settle()
        assert again.server.pipeline.detection.events == 20
        assert signals(plan) == replayed(small_directory(), batch)


def test_events_go_on_over_restarts_of_the_server(plan: Plan) -> None:
    batch = orders(90)
    with running(plan) as server:
        address = server.address
        publisher = Publisher(connection(server), "venue", small_directory(), batching=SMALL)
        publisher.send(batch[:25])
    publisher.send(batch[25:30])
    with running(replace(plan, listen=address)):
        publisher.send(batch[30:70])
    with running(replace(plan, listen=address)) as server:
        publisher.send(batch[70:])
        publisher.close()
        server.server.pipeline.settle()
        assert resume(connection(server), "venue") == Position("venue", 1, 90)
        assert signals(plan) == replayed(small_directory(), batch)


def test_a_server_that_lost_what_was_durable_is_told(plan: Plan, tmp_path: Path) -> None:
    with running(plan) as server:
        publisher = Publisher(connection(server), "venue", small_directory(), batching=SMALL)
        publisher.send(orders(20))
        publisher.flush()
    with running(replace(plan, folder=tmp_path / "other", listen=server.address)):
        with pytest.raises(PublishError, match="expected 20 of them, received 0"):  # noqa: PT012
            publisher.send(orders(1))
            publisher.flush()
        publisher.abandon()


@settings(max_examples=5)
@given(st.lists(st.integers(500, 8_000), max_size=4), st.integers(1, 60))
def test_connections_cut_anywhere_lose_and_double_nothing(budgets: Sequence[int], size: int) -> None:
    batch = orders(120)
    with TemporaryDirectory() as folder:
        plan = plan_of(Path(folder))
        with running(plan) as server, cutting(server.server.port, [None, *budgets]) as address:
            with Publisher(
                Connection(address=address), "venue", small_directory(), batching=SMALL
            ) as publisher:
                for part in batch.split(size):
                    publisher.send(part)
            has_exactly(server, plan, batch)


@settings(max_examples=5)
@given(st.lists(st.integers(1, 60), max_size=5))
def test_a_producer_that_is_stopped_anywhere_goes_on_behind_what_is_durable(sizes: Sequence[int]) -> None:
    batch = orders(120)
    with TemporaryDirectory() as folder:
        plan = plan_of(Path(folder))
        with running(plan) as server:
            for size in sizes:
                publisher = Publisher(connection(server), "venue", small_directory(), batching=SMALL)
                publisher.send(batch[publisher.start.sequence - 1 :][:size])
                publisher.abandon()
            with Publisher(connection(server), "venue", small_directory(), batching=SMALL) as publisher:
                publisher.send(batch[publisher.start.sequence - 1 :])
            has_exactly(server, plan, batch)


@settings(max_examples=5)
@given(st.lists(st.lists(st.integers(500, 8_000), max_size=2), min_size=2, max_size=2), st.integers(1, 60))
def test_two_clients_that_send_the_same_hour_are_as_one(budgets: Sequence[Sequence[int]], size: int) -> None:
    batch = orders(120)
    with TemporaryDirectory() as folder:
        plan = plan_of(Path(folder))
        with running(plan) as server:
            with ExitStack() as stack:
                ways = [stack.enter_context(cutting(server.server.port, [None, *cuts])) for cuts in budgets]
                publishers = [
                    Publisher(Connection(address=way), "venue", small_directory(), batching=SMALL)
                    for way in ways
                ]
                threads = [
                    threading.Thread(target=send_all, args=(publisher, list(batch.split(size + number))))
                    for number, publisher in enumerate(publishers)
                ]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
            has_exactly(server, plan, batch)


def send_all(publisher: Publisher, parts: Sequence[EventBatch]) -> None:
    with publisher:
        for part in parts:
            publisher.send(part)


@settings(max_examples=5)
@given(st.data())
def test_batches_in_any_order_and_any_number_of_times_are_as_one_clean_run(data: st.DataObject) -> None:
    batch = orders(60)
    sent = messages(small_directory(), list(batch.split(5)))
    order = data.draw(st.permutations([*sent, *data.draw(st.lists(st.sampled_from(sent), max_size=10))]))
    with TemporaryDirectory() as folder:
        plan = plan_of(Path(folder))
        with running(plan) as server:
            with server.channel() as channel:
                call = channel.stream_stream("/tapewarden.v1.Ingest/Publish")
                assert list(call(iter(order)))
            has_exactly(server, plan, batch)
