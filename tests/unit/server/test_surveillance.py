"""Surveillance over real gRPC: streams, lists, windows, derivations, health."""

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import SECOND, EventKind, Side
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.serving import Plan
from tapewarden.wire.signals import signal_of
from tapewarden.wire.v1 import signals_pb2, surveillance_pb2_grpc
from tapewarden.wire.v1 import surveillance_pb2 as messages
from tests.probes import PROBES
from tests.strategies import START, small_directory
from tests.unit.live.rig import messages as encoded
from tests.unit.live.rig import replayed
from tests.unit.server.running import Running, running
from tests.unit.server.test_ingest import publish

COIN = "COIN0-USD@SIM"
COUNT = 40


def market() -> EventBatch:
    """Orders at rising prices, every fourth of them bought at once."""
    number = range(1, COUNT + 1)
    return EventBatch.of(
        COUNT,
        kind=[EventKind.TRADE if one % 4 == 0 else EventKind.PLACE for one in number],
        source=0,
        instrument=0,
        account=[one % 3 for one in number],
        counter_account=[5 if one % 4 == 0 else -1 for one in number],
        side=[Side.BUY if one % 4 == 0 else Side.SELL for one in number],
        order=[0 if one % 4 == 0 else one for one in number],
        counter_order=[one - 1 if one % 4 == 0 else 0 for one in number],
        price=[1000 + one - (one % 4 == 0) for one in number],
        size=5,
        ts_event=[START + one * SECOND for one in number],
        sequence=number,
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("server")
    plan = Plan(folder=folder, configuration=Configuration(detectors=PROBES), listen="127.0.0.1:0")
    with running(plan) as server:
        with server.channel() as channel:
            publish(channel, encoded(small_directory(), list(market().split(7))))
        server.server.pipeline.settle()
        yield server


@pytest.fixture
def stub(server: Running) -> Iterator[surveillance_pb2_grpc.SurveillanceStub]:
    with server.channel() as channel:
        yield surveillance_pb2_grpc.SurveillanceStub(channel)


def lines(signals: list[signals_pb2.Signal]) -> list[str]:
    return sorted(signal_of(one).to_json() for one in signals)


def test_the_signals_are_those_of_a_replay_to_the_byte(stub: surveillance_pb2_grpc.SurveillanceStub) -> None:
    found = stub.ListSignals(messages.ListSignalsRequest(filter=signals_pb2.SignalFilter(limit=1000)))
    assert lines([one.signal for one in found.signals]) == replayed(small_directory(), market())
    assert len(found.signals) > 5


def test_a_stream_begins_with_the_latest_signals_and_goes_on_with_those_that_come(
    server: Running, stub: surveillance_pb2_grpc.SurveillanceStub
) -> None:
    stream = stub.StreamSignals(messages.StreamSignalsRequest(backlog=3))
    first = [next(stream).signal for _ in range(3)]
    assert [one.end_ns for one in first] == sorted(one.end_ns for one in first)
    later = market()
    with server.channel() as channel:
        publish(channel, encoded(small_directory(), [later], source="another"))
    update = next(one for one in stream if one.HasField("signal"))
    assert update.HasField("frame")
    got = stub.GetSignal(messages.GetSignalRequest(id=update.signal.id))
    assert (got.signal.signal, got.frame) == (update.signal, update.frame)
    stream.cancel()


def test_a_signal_that_is_not_there_is_not_found(stub: surveillance_pb2_grpc.SurveillanceStub) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        stub.GetSignal(messages.GetSignalRequest(id="'; DROP TABLE signals; --"))
    assert raised.value.code() is grpc.StatusCode.NOT_FOUND


def test_a_signal_is_derived_again_to_the_byte(stub: surveillance_pb2_grpc.SurveillanceStub) -> None:
    found = stub.ListSignals(messages.ListSignalsRequest(filter=signals_pb2.SignalFilter(limit=1)))
    answer = stub.ReDerive(messages.ReDeriveRequest(id=found.signals[0].signal.id))
    assert answer.outcome == messages.ReDeriveResponse.OUTCOME_SAME
    assert answer.stored == answer.derived == signal_of(found.signals[0].signal).to_json()


def test_a_window_shows_events_and_books(stub: surveillance_pb2_grpc.SurveillanceStub) -> None:
    parts = list(
        stub.ReplayWindow(
            messages.ReplayWindowRequest(
                instrument=COIN, from_ns=START + 3 * SECOND, until_ns=START + 9 * SECOND, books=6
            )
        )
    )
    assert parts[0].instrument.symbol == "COIN0-USD"
    kinds = [kind for part in parts for kind in part.events.kind]
    assert kinds == [EventKind.PLACE, EventKind.TRADE, *[EventKind.PLACE] * 3, EventKind.TRADE]
    books = [book for part in parts for book in part.books]
    assert [list(book.ask_prices) for book in books][:3] == [[1001, 1002], [1001, 1002, 1003], [1001, 1002]]


def test_the_tape_carries_trades_with_their_instruments_and_accounts(
    server: Running, stub: surveillance_pb2_grpc.SurveillanceStub
) -> None:
    stream = stub.StreamTape(messages.StreamTapeRequest(interval_ms=20))
    begin = next(stream)
    assert (begin.update, begin.frame, begin.trades) == (
        1,
        server.server.pipeline.detection.frame,
        messages.Trades(),
    )
    with server.channel() as channel:
        publish(channel, encoded(small_directory(), [market()], source="a third"))
    update = next(one for one in stream if one.trades.price)
    assert update.instruments[0].instrument.symbol == "COIN0-USD"
    names = {one.number: one.account.name for one in update.accounts}
    assert {names[number] for number in update.trades.counter_account} == {"account 5"}
    assert list(update.trades.price)[:2] == [1003, 1007]
    stream.cancel()


def test_the_book_is_that_of_the_engine(stub: surveillance_pb2_grpc.SurveillanceStub) -> None:
    stream = stub.StreamBook(messages.StreamBookRequest(instrument=COIN, levels=2))
    book = next(stream).book
    assert (list(book.bid_prices), list(book.ask_prices)) == ([], [1001, 1002])
    stream.cancel()


def test_health_says_what_was_seen_and_where_each_source_is(
    stub: surveillance_pb2_grpc.SurveillanceStub,
) -> None:
    health = stub.Health(messages.HealthRequest())
    assert health.events >= COUNT
    assert health.waiting == 0
    assert health.durable_frame == health.last_frame
    assert health.sources[0].sequence == COUNT
    assert {one.instrument for one in health.instruments} >= {COIN}
    assert sum(one.signals for one in health.detectors) > 5


def test_what_is_asked_too_much_is_refused_with_its_bounds(
    stub: surveillance_pb2_grpc.SurveillanceStub,
) -> None:
    with pytest.raises(grpc.RpcError, match="limit: expected 1 to 1000, received 100000"):
        stub.ListSignals(messages.ListSignalsRequest(filter=signals_pb2.SignalFilter(limit=100_000)))
    with pytest.raises(grpc.RpcError, match="at most an hour after from_ns"):
        stub.ReplayWindow(messages.ReplayWindowRequest(instrument=COIN, from_ns=0, until_ns=START)).next()


def test_a_client_without_our_code_finds_the_services_and_their_schema(server: Running) -> None:
    with server.channel() as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        services = set(database.get_services())
        assert {"tapewarden.v1.Ingest", "tapewarden.v1.Surveillance", "tapewarden.v1.Cases"} <= services
        pool = DescriptorPool(database)
        service = pool.FindServiceByName("tapewarden.v1.Surveillance")
        assert "StreamSignals" in [method.name for method in service.methods]
