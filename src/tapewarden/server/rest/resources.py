"""The resources: events, registrations, and where a source stopped. Their requests are genuine already."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from google.protobuf.message import Message

from tapewarden.domain.errors import InputError, RefusedError, UnavailableError
from tapewarden.live.reception import Reception
from tapewarden.server.rest.producers import Producer
from tapewarden.server.rest.reading import read_message
from tapewarden.wire.v1 import ingest_pb2

Read = TypeVar("Read")

PATIENCE_SECONDS: Final = 15.0
"""How long a request waits for room, for the events before its own, and for the disk."""

_READERS: Final = 2  # bodies that are parsed at once; each takes some ten times its size meanwhile


class Resources:
    """What requests ask of a reception, in the event loop it belongs to; bodies are parsed on threads.

    All raise ``TapewardenError``: ``RefusedError`` where a producer may not, ``UnavailableError`` when the
    server is too busy, after which the same request may be sent again, and otherwise as ``Reception`` does.
    """

    def __init__(self, reception: Reception, clock: Callable[[], int]) -> None:
        self._reception = reception
        self._clock = clock
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="tapewarden-rest")

    def close(self) -> None:
        """End the threads."""
        self._readers.shutdown(wait=True, cancel_futures=True)

    async def events(self, producer: Producer, body: bytes) -> Message:
        """Take a batch; answers once it is durable."""
        received_ns = self._clock()
        source, data = await self._read(_batch, body)
        _check(producer, source)
        async with _patient():
            receipt = await self._reception.publish(data, received_ns)
            await self._reception.durable(receipt.frame)
        position = ingest_pb2.Position(**receipt.position._asdict())
        return ingest_pb2.Ack(position=position, rejects=receipt.rejects)

    async def register(self, body: bytes) -> Message:
        """Enter instruments, accounts, owners and links; answers once they are durable."""
        received_ns = self._clock()
        data = await self._read(_registration, body)
        async with _patient():
            registration = await self._reception.register(data, received_ns)
            await self._reception.durable(registration.frame)
        return ingest_pb2.RegisterResponse(rejects=registration.rejects)

    async def resume(self, producer: Producer, source: str | None) -> Message:
        """Where a source stopped, as far as it is durable."""
        if not source:
            raise InputError("the query", "?source=NAME", "another query", field="source")
        _check(producer, source)
        async with _patient():
            position = await self._reception.position(source)
        if position is None:
            return ingest_pb2.ResumeResponse()
        return ingest_pb2.ResumeResponse(position=ingest_pb2.Position(**position._asdict()))

    async def _read(self, read: Callable[[bytes], Read], body: bytes) -> Read:
        return await asyncio.get_running_loop().run_in_executor(self._readers, read, body)


def _batch(body: bytes) -> tuple[str, bytes]:
    """The source of a batch, and the batch as it would have come by gRPC."""
    message = read_message(body, ingest_pb2.EventBatch)
    return message.position.source, bytes(message.SerializeToString())


def _registration(body: bytes) -> bytes:
    return bytes(read_message(body, ingest_pb2.RegisterRequest).SerializeToString())


def _check(producer: Producer, source: str) -> None:
    if source not in producer.sources:
        raise RefusedError(f"producer {producer.name}: may not send for source {source!r}")


@asynccontextmanager
async def _patient() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield
    except TimeoutError:
        raise UnavailableError("the server is too busy; send the same again") from None
