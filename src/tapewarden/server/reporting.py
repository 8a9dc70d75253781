"""Errors told to callers as statuses; any other is the server's own fault, which it logs and hides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from traceback import format_exc
from typing import Final

import grpc
import structlog

from tapewarden.wire.statuses import REPORTED, status_of

_FAULT: Final = (grpc.StatusCode.INTERNAL, "the server failed; its log says why")

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def reporting(context: grpc.aio.ServicerContext) -> AsyncIterator[None]:
    """End the call with the status of the error that the block raises, if that can be told.

    Of several at once, as a group of tasks raises them, the first that can be told. Of the server's own
    faults the caller learns only that there was one: their text may hold what is not the caller's business.
    """
    try:
        yield
    except (asyncio.CancelledError, GeneratorExit, grpc.aio.AbortError):
        raise
    except BaseException as error:
        told = _told(error)
        if told is None:
            # As text: a renderer that knows the error would show variables too, secrets among them.
            _log.error("a call failed", traceback=format_exc())
    else:
        return
    await context.abort(*(_FAULT if told is None else status_of(told)))


def _told(error: BaseException) -> Exception | None:
    """The error to tell of, the first of a group; ``None`` if it is no such error."""
    while isinstance(error, BaseExceptionGroup):
        found = error.subgroup(REPORTED)
        if found is None:
            return None
        error = found.exceptions[0]
    return error if isinstance(error, REPORTED) else None
