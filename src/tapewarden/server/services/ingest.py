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
            async for data in requests:
                await self._reception.room()
                await receipts.put(self._submit(data, context))
            await receipts.put(None)

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

    def _submit(self, data: bytes, context: grpc.aio.ServicerContext) -> asyncio.Future[Receipt]:
        return self._reception.submit(data, self._clock(), lambda source: self._check(context, source))

    async def _acknowledge(self, receipts: _Receipts, context: grpc.aio.ServicerContext) -> None:
        """Acknowledge in the order of the messages, each source once for all that came in the meantime."""
        ended = False
        while not ended:
            due = [await receipts.get()]
            while not receipts.empty():
                due.append(receipts.get_nowait())
            acks: dict[str, ingest_pb2.Ack] = {}
            for future in due:
                if future is None:
                    ended = True
                else:
                    receipt = await future
                    await self._reception.durable(receipt.frame)
                    _add(acks, receipt)
            for ack in acks.values():
                await context.write(ack)


def _add(acks: dict[str, ingest_pb2.Ack], receipt: Receipt) -> None:
    position = receipt.position
    ack = acks.setdefault(position.source, ingest_pb2.Ack())
    ack.position.CopyFrom(ingest_pb2.Position(**position._asdict()))
    ack.rejects.extend(receipt.rejects)
