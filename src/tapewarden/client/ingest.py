"""`IngestCalls`: the calls of the Ingest service for threads without an event loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import grpc

from tapewarden.client.connection import Connection, failed
from tapewarden.domain.errors import TapewardenError, UnavailableError
from tapewarden.wire.decoding import Position
from tapewarden.wire.v1 import ingest_pb2

SERVICE: Final = f"/{ingest_pb2.DESCRIPTOR.services_by_name['Ingest'].full_name}"

ANSWER_SECONDS: Final = 10.0
"""How long a server may take to say where a source stopped."""


class IngestCalls:
    """Calls to a server, as a connection's caller. Streams fail with ``grpc.RpcError``."""

    def __init__(self, connection: Connection) -> None:
        self._address = connection.address
        self._metadata = connection.metadata
        self._channel = connection.blocking_channel()
        self._resume = self._channel.unary_unary(
            f"{SERVICE}/Resume",
            request_serializer=ingest_pb2.ResumeRequest.SerializeToString,
            response_deserializer=ingest_pb2.ResumeResponse.FromString,
        )
        self._publish = self._channel.stream_stream(
            f"{SERVICE}/Publish", response_deserializer=ingest_pb2.Ack.FromString
        )

    def resume(self, source: str) -> grpc.Future:
        """A call whose ``result`` is a `ResumeResponse`."""
        request = ingest_pb2.ResumeRequest(source=source)
        return self._resume.future(request, timeout=ANSWER_SECONDS, metadata=self._metadata)

    def publish(self, messages: Iterator[bytes]) -> grpc.Call:
        """A call that sends these messages as they are, and iterates over `Ack`."""
        return self._publish(messages, metadata=self._metadata)

    def failed(self, error: grpc.RpcError) -> TapewardenError:
        """The error of the domain for a failed call."""
        if error.code() == grpc.StatusCode.DEADLINE_EXCEEDED:
            return UnavailableError(f"{self._address}: no answer within {ANSWER_SECONDS:g} s")
        return failed(self._address, error)

    def close(self) -> None:
        """End all calls."""
        self._channel.close()


def position_of(response: ingest_pb2.ResumeResponse) -> Position | None:
    """The position in an answer, ``None`` for a new source."""
    if not response.HasField("position"):
        return None
    position = response.position
    return Position(position.source, position.epoch, position.sequence)


def resume(connection: Connection, source: str) -> Position | None:
    """Where a source stopped: its last durable event, ``None`` for a new source.

    Raises:
        TapewardenError: As the server says; ``UnavailableError`` if it cannot be reached.
    """
    calls = IngestCalls(connection)
    try:
        return position_of(calls.resume(source).result())
    except grpc.RpcError as error:
        raise calls.failed(error) from None
    finally:
        calls.close()
