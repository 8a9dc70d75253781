"""Handlers of a service from its description and an object that has its methods."""

from __future__ import annotations

import inspect
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from tapewarden.domain.errors import InputError
from tapewarden.server.reporting import reporting

Guard = Callable[[grpc.aio.ServicerContext], AbstractAsyncContextManager[None]]
"""What goes on around a call."""

Behavior = Callable[[Any, grpc.aio.ServicerContext], Any]


def service_handler(service: ServiceDescriptor, servicer: object) -> grpc.GenericRpcHandler:
    """What a server needs of a service, whose methods the servicer has in snake case.

    Their errors become statuses, as ``reporting`` tells them.
    """
    handlers = {method.name: _handler(method, servicer) for method in service.methods}
    return grpc.method_handlers_generic_handler(service.full_name, handlers)


def guarded(handler: grpc.RpcMethodHandler, guard: Guard) -> grpc.RpcMethodHandler:
    """The same handler with each call within the guard."""
    make = _maker(handler.request_streaming, handler.response_streaming)
    behavior = next(
        one
        for one in (handler.unary_unary, handler.unary_stream, handler.stream_unary, handler.stream_stream)
        if one is not None
    )
    return make(
        _guarded(behavior, guard),
        request_deserializer=handler.request_deserializer,
        response_serializer=handler.response_serializer,
    )


def _handler(method: MethodDescriptor, servicer: object) -> grpc.RpcMethodHandler:
    """A handler that reads requests itself, so that bytes that are none are told as errors of the caller."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", method.name).lower()
    make = _maker(method.client_streaming, method.server_streaming)
    read = partial(_read_all if method.client_streaming else _read, GetMessageClass(method.input_type))
    return make(
        _guarded(getattr(servicer, name), reporting, read),
        response_serializer=GetMessageClass(method.output_type).SerializeToString,
    )


def _read(kind: type[Message], data: bytes) -> Message:
    try:
        return kind.FromString(data)
    except DecodeError:
        raise InputError("request", f"a {kind.DESCRIPTOR.full_name}", f"{len(data)} other bytes") from None


async def _read_all(kind: type[Message], requests: AsyncIterator[bytes]) -> AsyncIterator[Message]:
    async for data in requests:
        yield _read(kind, data)


def _unread(request: Any) -> Any:  # noqa: ANN401 - whatever another handler reads
    return request


def _maker(requests: bool, responses: bool) -> Callable[..., grpc.RpcMethodHandler]:
    make: Callable[..., grpc.RpcMethodHandler] = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, False): grpc.stream_unary_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }[requests, responses]
    return make


def _guarded(behavior: Behavior, guard: Guard, read: Callable[[Any], Any] = _unread) -> Behavior:
    if inspect.isasyncgenfunction(behavior):

        async def stream(request: Any, context: grpc.aio.ServicerContext) -> AsyncIterator[Any]:  # noqa: ANN401
            async with guard(context):
                async for response in behavior(read(request), context):
                    yield response

        return stream

    async def call(request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: ANN401 - any message
        response: Any = None  # the guard may end the call
        async with guard(context):
            response = await behavior(read(request), context)
        return response  # noqa: RET504

    return call
