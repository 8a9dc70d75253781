"""A thousand hostile inputs: each gets a clear status, the server lives, others notice nothing."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Final

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from tapewarden.cases.audit import verify
from tapewarden.cases.place import signing_key
from tapewarden.domain.staff import Person, Role
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.access import Limits
from tapewarden.server.serving import Plan
from tapewarden.wire.calling import calling
from tapewarden.wire.signals import signal_of
from tapewarden.wire.v1 import ingest_pb2, signals_pb2, surveillance_pb2, surveillance_pb2_grpc
from tests.end_to_end.hostility import TEXTS, frames, many_instruments, methods, request
from tests.probes import PROBES
from tests.strategies import small_directory
from tests.unit.live.rig import messages, replayed
from tests.unit.server.running import Running, running
from tests.unit.server.test_surveillance import market

CLEAR: Final = {
    grpc.StatusCode.OK,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.UNAUTHENTICATED,
}
"""Statuses that say what was wrong; UNKNOWN and INTERNAL would be faults of the server."""

AUDREY: Final = Person("audrey", frozenset({Role.AUDITOR}))
MALLORY: Final = calling(None, "mallory")
ALICE: Final = calling(None, "alice")


class Client:
    """Somebody whose events and signals must not suffer: sends a little after every attack."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._publish = channel.stream_stream(
            "/tapewarden.v1.Ingest/Publish", response_deserializer=ingest_pb2.Ack.FromString
        )
        self._surveillance = surveillance_pb2_grpc.SurveillanceStub(channel)
        self._messages = iter(messages(small_directory(), list(market().split(1))))
        self.acknowledged = 0

    def go_on(self) -> None:
        """Send the next event and see it acknowledged."""
        message = next(self._messages, None)
        if message is not None:
            *_, ack = self._publish(iter([message]), metadata=ALICE, timeout=30)
            self.acknowledged = ack.position.sequence

    def signals(self) -> list[str]:
        """The lines of the signals about the accounts of the market."""
        wanted = surveillance_pb2.ListSignalsRequest(filter=signals_pb2.SignalFilter(limit=1000))
        found = self._surveillance.ListSignals(wanted, metadata=ALICE).signals
        return sorted(
            signal_of(one.signal).to_json() for one in found if one.signal.evidence.source == "feed"
        )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    plan = Plan(
        folder=tmp_path / "data",
        configuration=Configuration(detectors=PROBES),
        listen="127.0.0.1:0",
        simulation=True,
        key=signing_key(tmp_path / "key.pem"),
        limits=Limits(calls_per_second=100_000, burst=100_000),
    )
    with running(plan) as server:
        yield server


def test_a_thousand_hostile_inputs_get_clear_answers_and_harm_nobody(server: Running, tmp_path: Path) -> None:
    statuses: Counter[grpc.StatusCode] = Counter()
    server.server.reception.patience_s = 0.05
    with server.channel() as attacker, server.channel() as channel:
        client = Client(channel)
        for number, frame in enumerate(frames(seed=1, count=600)):
            statuses[_published(attacker, [frame])] += 1
            if number % 50 == 0:
                client.go_on()
        for seed in range(12):
            for method in methods():
                statuses[_called(attacker, method, seed)] += 1
            client.go_on()
        for frame in (b"\0" * (5 << 20), many_instruments(20_000), many_instruments(1_000_000)):
            assert _published(attacker, [frame]) in {
                grpc.StatusCode.RESOURCE_EXHAUSTED,
                grpc.StatusCode.INVALID_ARGUMENT,
            }
        for text in TEXTS:
            statuses[_named(attacker, text)] += 1
        while client.acknowledged < len(market()):
            client.go_on()
        server.server.pipeline.settle()
        assert client.signals() == replayed(small_directory(), market())
    assert statuses.total() >= 1000
    assert set(statuses) <= CLEAR
    assert not server.server.failed.done()
    assert not list(tmp_path.rglob("hacked"))
    key = signing_key(tmp_path / "key.pem")
    assert verify(server.server.store.export(key, AUDREY, 0), key.public_key()).fault is None


def test_streams_and_connections_that_say_nothing_keep_nobody_waiting(server: Running) -> None:
    sockets = [socket.create_connection(("127.0.0.1", server.server.port)) for _ in range(200)]
    for number, one in enumerate(sockets):
        one.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[: number % 25])
    with server.channel() as attacker, server.channel() as channel:
        publish = attacker.stream_stream("/tapewarden.v1.Ingest/Publish")
        silent = [publish(_nothing(), metadata=MALLORY) for _ in range(60)]
        client = Client(channel)
        while client.acknowledged < len(market()):
            client.go_on()
        for stream in silent:
            stream.cancel()
    for one in sockets:
        one.close()


def test_streams_beyond_the_limit_of_one_caller_are_refused_and_others_get_theirs(tmp_path: Path) -> None:
    plan = Plan(
        folder=tmp_path / "data",
        configuration=Configuration(detectors=PROBES),
        listen="127.0.0.1:0",
        limits=Limits(open_calls=5),
    )
    with running(plan) as server, server.channel() as attacker, server.channel() as channel:
        stream = surveillance_pb2_grpc.SurveillanceStub(attacker).StreamSignals
        streams = [stream(surveillance_pb2.StreamSignalsRequest(), metadata=MALLORY) for _ in range(5)]
        for one in streams:
            next(one)
        with pytest.raises(grpc.RpcError, match="mallory may have 5 calls and streams at once"):
            next(stream(surveillance_pb2.StreamSignalsRequest(), metadata=MALLORY))
        Client(channel).go_on()
        for one in streams:
            one.cancel()


def _nothing() -> Iterator[bytes]:
    """A stream that is open and never says anything, until it is canceled."""
    Event().wait(30)
    yield b""


def _published(channel: grpc.Channel, sent: list[bytes]) -> grpc.StatusCode:
    call = channel.stream_stream("/tapewarden.v1.Ingest/Publish")(iter(sent), metadata=MALLORY, timeout=60)
    try:
        for _ in call:
            pass
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


def _called(channel: grpc.Channel, method: MethodDescriptor, seed: int) -> grpc.StatusCode:
    message = request(method, seed)
    ways = ["stream" if one else "unary" for one in (method.client_streaming, method.server_streaming)]
    call = getattr(channel, "_".join(ways))(
        f"/{method.containing_service.full_name}/{method.name}",
        request_serializer=GetMessageClass(method.input_type).SerializeToString,
    )
    sent = iter([message]) if method.client_streaming else message
    try:
        answer = call(sent, metadata=MALLORY, timeout=60)
        if method.server_streaming:
            next(answer, None)
            answer.cancel()
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


def _named(channel: grpc.Channel, text: str) -> grpc.StatusCode:
    """A call under a hostile name."""
    stub = surveillance_pb2_grpc.SurveillanceStub(channel)
    try:
        stub.ListSignals(surveillance_pb2.ListSignalsRequest(), metadata=calling(None, text))
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK
