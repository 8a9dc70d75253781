"""Ingest over real gRPC: what is acknowledged, refused, rejected, resumed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

import grpc
import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import SECOND, EventKind, Side
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.serving import Plan
from tapewarden.wire.decoding import Position
from tapewarden.wire.encoding import Encoder
from tapewarden.wire.v1 import ingest_pb2, ingest_pb2_grpc, market_pb2
from tests.probes import PROBES
from tests.strategies import START, small_directory
from tests.unit.live.rig import messages
from tests.unit.server.running import Running, running


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(folder=tmp_path / "data", configuration=Configuration(detectors=PROBES), listen="127.0.0.1:0")


@pytest.fixture
def server(plan: Plan) -> Iterator[Running]:
    with running(plan) as server:
        yield server


@pytest.fixture
def channel(server: Running) -> Iterator[grpc.Channel]:
    with server.channel() as channel:
        yield channel


def orders(count: int, *, size: int = 5) -> EventBatch:
    return EventBatch.of(
        count,
        kind=EventKind.PLACE,
        source=0,
        instrument=0,
        account=0,
        side=Side.BUY,
        order=range(1, count + 1),
        price=1000,
        size=size,
        ts_event=[START + number * SECOND for number in range(count)],
    )


def publish(channel: grpc.Channel, sent: Sequence[bytes]) -> list[ingest_pb2.Ack]:
    call = channel.stream_stream(
        "/tapewarden.v1.Ingest/Publish", response_deserializer=ingest_pb2.Ack.FromString
    )
    return list(call(iter(sent)))


def resumed(channel: grpc.Channel, source: str = "venue") -> ingest_pb2.ResumeResponse:
    answer = ingest_pb2_grpc.IngestStub(channel).Resume(ingest_pb2.ResumeRequest(source=source))
    assert isinstance(answer, ingest_pb2.ResumeResponse)
    return answer


def test_every_event_is_acknowledged_and_a_source_goes_on_where_it_stopped(channel: grpc.Channel) -> None:
    assert not resumed(channel).HasField("position")
    acks = publish(channel, messages(small_directory(), list(orders(10).split(3))))
    assert acks[-1].position == ingest_pb2.Position(source="venue", epoch=1, sequence=10)
    assert resumed(channel).position == acks[-1].position


def test_what_was_acknowledged_is_there_after_a_restart(plan: Plan) -> None:
    sent = messages(small_directory(), list(orders(10).split(3)))
    with running(plan) as server, server.channel() as channel:
        publish(channel, sent[:2])
    with running(plan) as server, server.channel() as channel:
        assert resumed(channel).position.sequence == 6
        assert publish(channel, sent)[-1].position.sequence == 10
        server.server.pipeline.settle()
        assert server.server.pipeline.detection.events == 4


def test_batches_that_come_in_another_order_wait_for_those_before_them(
    server: Running, channel: grpc.Channel
) -> None:
    first, second, third, fourth = messages(small_directory(), list(orders(8).split(2)))
    acks = publish(channel, [first, fourth, third, second, third])
    assert acks[-1].position.sequence == 8
    server.server.pipeline.settle()
    assert server.server.pipeline.detection.events == 8


def test_a_row_that_is_none_is_rejected_with_its_field_and_the_others_are_taken(
    channel: grpc.Channel,
) -> None:
    mixed = EventBatch.concatenate([orders(2), orders(1, size=-7), orders(2)])
    acks = publish(channel, messages(small_directory(), list(mixed.split(5))))
    rejects = [one for ack in acks for one in ack.rejects]
    assert [(one.sequence, one.field, one.received) for one in rejects] == [(3, "size", "-7")]
    assert acks[-1].position.sequence == 5


@pytest.mark.parametrize(
    ("message", "code", "text"),
    [
        (b"\xff\xff\xff", grpc.StatusCode.INVALID_ARGUMENT, "byte 0 of the batch"),
        (b"", grpc.StatusCode.INVALID_ARGUMENT, "position.source"),
        (b"x" * (5 << 20), grpc.StatusCode.RESOURCE_EXHAUSTED, "larger than max"),
    ],
)
def test_what_is_no_batch_is_refused_and_the_server_goes_on(
    channel: grpc.Channel, message: bytes, code: grpc.StatusCode, text: str
) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        publish(channel, [message])
    assert raised.value.code() is code
    assert text in raised.value.details()
    assert publish(channel, messages(small_directory(), [orders(1)]))[-1].position.sequence == 1


def test_a_contradiction_is_refused_and_what_came_before_it_is_kept(channel: grpc.Channel) -> None:
    good = messages(small_directory(), [orders(3)])
    bad = ingest_pb2.EventBatch(
        position=ingest_pb2.Position(source="venue", epoch=1, sequence=4),
        accounts=[ingest_pb2.AccountDefinition(number=1, account=market_pb2.Account(name="somebody else"))],
    )
    with pytest.raises(grpc.RpcError) as raised:
        publish(channel, [*good, bad.SerializeToString()])
    assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "accounts[0]: number" in raised.value.details()
    assert resumed(channel).position.sequence == 3


def test_an_epoch_that_is_over_is_refused_and_a_new_one_counts_from_one(channel: grpc.Channel) -> None:
    for epoch in (1, 2):
        acks = publish(channel, messages(small_directory(), [orders(3)], epoch=epoch))
        assert (acks[-1].position.epoch, acks[-1].position.sequence) == (epoch, 3)
    with pytest.raises(grpc.RpcError, match="expected epoch 2 or a later one, received epoch 1"):
        publish(channel, messages(small_directory(), [orders(3)], epoch=1))


def test_registered_links_are_events_and_contradictions_are_rejected_alone(
    server: Running, channel: grpc.Channel
) -> None:
    request = ingest_pb2.RegisterRequest(
        owners=[
            market_pb2.Owner(name="Ada", accounts=["one", "two"]),
            market_pb2.Owner(name="Bob", accounts=["two"]),
        ],
        links=[market_pb2.Link(kind=market_pb2.LINK_KIND_DEVICE, account="one", counter_account="two")],
    )
    answer = ingest_pb2_grpc.IngestStub(channel).Register(request)
    assert [(one.item, one.received) for one in answer.rejects] == [("owners[1]", "Bob")]
    server.server.pipeline.settle()
    assert server.server.pipeline.detection.events == 1


def test_events_that_never_come_end_the_stream_with_where_to_go_on(plan: Plan) -> None:
    encoder = Encoder(small_directory(), Position("venue", 1, 5))
    with running(plan) as server, server.channel() as channel:
        server.server.reception.patience_s = 0.0
        with pytest.raises(grpc.RpcError, match="expected event 1 of epoch 1, received events from 5 on"):
            publish(channel, [encoder.columns(orders(1))])


def test_a_stream_ends_with_all_it_brought_acknowledged_when_the_server_stops(plan: Plan) -> None:
    sent = messages(small_directory(), list(orders(10).split(2)))
    going_on = Event()

    def open_stream() -> Iterator[bytes]:
        yield from sent
        going_on.wait(60)

    with running(plan) as server, server.channel() as channel:
        call = channel.stream_stream(
            "/tapewarden.v1.Ingest/Publish", response_deserializer=ingest_pb2.Ack.FromString
        )(open_stream())
        while next(call).position.sequence < 10:
            pass
        server.loop.call_soon_threadsafe(server.server.ingest.stop_reading)
        assert list(call) == []
        assert call.code() is grpc.StatusCode.OK
        going_on.set()
