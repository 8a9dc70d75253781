"""`Ingest`: batches up, acknowledgments down. Messages stay bytes until the compiled decoder reads them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

import grpc

from tapewarden.live.pipeline import Receipt
from tapewarden.live.reception import Reception
from tapewarden.server.reporting import reporting
from tapewarden.wire.v1 import ingest_pb2

NAME: Final = "tapewarden.v1.Ingest"
_UNACKNOWLEDGED: Final = 1024  # messages of a stream that may wait for their acknowledgment

_Receipts = asyncio.Queue["asyncio.Future[Receipt] | None"]


class Ingest:
    """The service over a reception.

    Args:
        reception: Takes the messages.
        clock: The time, ns UTC.
        check: Raises where the caller may not send for a source, which it is given.
    """

    def __init__(
        self,
        reception: Reception,
        clock: Callable[[], int],
        check: Callable[[grpc.aio.ServicerContext, str], None] = lambda context, source: None,
    ) -> None:
        self._reception = reception
        self._clock = clock
        self._check = check
        self._readers: set[asyncio.Task[None]] = set()

    def handler(self) -> grpc.GenericRpcHandler:
        """What a server needs; batches and registrations come as bytes."""
        return grpc.method_handlers_generic_handler(
            NAME,
            {
                "Publish": grpc.stream_stream_rpc_method_handler(
                    self.publish, response_serializer=ingest_pb2.Ack.SerializeToString
                ),
                "Resume": grpc.unary_unary_rpc_method_handler(
                    self.resume,
                    request_deserializer=ingest_pb2.ResumeRequest.FromString,
                    response_serializer=ingest_pb2.ResumeResponse.SerializeToString,
                ),
                "Register": grpc.unary_unary_rpc_method_handler(
                    self.register, response_serializer=ingest_pb2.RegisterResponse.SerializeToString
                ),
            },
        )

    async def publish(self, requests: AsyncIterator[bytes], context: grpc.aio.ServicerContext) -> None:
        """Take batches until the caller has no more, and acknowledge each once it is durable."""
        receipts: _Receipts = asyncio.Queue(_UNACKNOWLEDGED)
        async with reporting(context), asyncio.TaskGroup() as tasks:
            tasks.create_task(self._acknowledge(receipts, context))
            reader = tasks.create_task(self._read(requests, receipts, context))
            self._readers.add(reader)
            reader.add_done_callback(self._readers.discard)

    def stop_reading(self) -> None:
        """Take no more batches: streams end once what they brought is acknowledged."""
        for reader in self._readers:
            reader.cancel()

    async def resume(
        self, request: ingest_pb2.ResumeRequest, context: grpc.aio.ServicerContext
    ) -> ingest_pb2.ResumeResponse:
        """Where a source stopped, as far as it is durable."""
        response = ingest_pb2.ResumeResponse()
        async with reporting(context):
            self._check(context, request.source)
            position = await self._reception.position(request.source)
            if position is not None:
                response.position.CopyFrom(ingest_pb2.Position(**position._asdict()))
        return response

    async def register(
        self, request: bytes, context: grpc.aio.ServicerContext
    ) -> ingest_pb2.RegisterResponse:
        """Enter instruments, accounts, owners and links; answers once they are durable."""
        response = ingest_pb2.RegisterResponse()
        async with reporting(context):
            registration = await self._reception.register(request, self._clock())
            await self._reception.durable(registration.frame)
            response.rejects.extend(registration.rejects)
        return response

    async def _read(
        self, requests: AsyncIterator[bytes], receipts: _Receipts, context: grpc.aio.ServicerContext
    ) -> None:
        try:
            async for data in requests:
                await self._reception.room()
                await receipts.put(self._submit(data, context))
        finally:
            await receipts.put(None)

    def _submit(self, data: bytes, context: grpc.aio.ServicerContext) -> asyncio.Future[Receipt]:
        return self._reception.submit(data, self._clock(), lambda source: self._check(context, source))

    async def _acknowledge(self, receipts: _Receipts, context: grpc.aio.ServicerContext) -> None:
        """Acknowledge in the order of the messages, each source once for all that is durable by then."""
        acks: dict[str, ingest_pb2.Ack] = {}
        while (future := await receipts.get()) is not None:
            if not future.done():
                await _write(acks, context)
            receipt = await future
            if not self._reception.is_durable(receipt.frame):
                await _write(acks, context)
                await self._reception.durable(receipt.frame)
            _add(acks, receipt)
            if receipts.empty():
                await _write(acks, context)
        await _write(acks, context)


async def _write(acks: dict[str, ingest_pb2.Ack], context: grpc.aio.ServicerContext) -> None:
    """Send what is to be acknowledged, and forget it."""
    for ack in acks.values():
        await context.write(ack)
    acks.clear()


def _add(acks: dict[str, ingest_pb2.Ack], receipt: Receipt) -> None:
    position = receipt.position
    ack = acks.setdefault(position.source, ingest_pb2.Ack())
    ack.position.CopyFrom(ingest_pb2.Position(**position._asdict()))
    ack.rejects.extend(receipt.rejects)
