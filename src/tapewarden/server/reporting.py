"""Errors told to callers as statuses; any other is the server's own fault, which gRPC logs and hides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc

from tapewarden.wire.statuses import REPORTED, status_of


@asynccontextmanager
async def reporting(context: grpc.aio.ServicerContext) -> AsyncIterator[None]:
    """End the call with the status of the error that the block raises, if that can be told.

    Of several at once, as a group of tasks raises them, the first that can be told.
    """
    try:
        yield
    except REPORTED as error:
        told: Exception = error
    except BaseExceptionGroup as group:
        told = _first_told(group)
    else:
        return
    await context.abort(*status_of(told))


def _first_told(group: BaseExceptionGroup[BaseException]) -> Exception:
    """The first error of a group that can be told; raises the group if there is none."""
    found = group.subgroup(REPORTED)
    if found is None:
        raise group
    error: BaseException = found
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, Exception)
    return error
