"""Answers: messages of the schema as JSON, errors as problem details (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import web
from google.protobuf import json_format
from google.protobuf.message import Message

from tapewarden.domain.errors import (
    InputError,
    JournalError,
    LimitError,
    RefusedError,
    SourceError,
    UnauthenticatedError,
    UnavailableError,
)
from tapewarden.wire.faults import WireError

RETRY_SECONDS: Final = 1

_STATUSES: Final[Mapping[type[Exception], HTTPStatus]] = {
    InputError: HTTPStatus.BAD_REQUEST,
    UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
    RefusedError: HTTPStatus.FORBIDDEN,
    SourceError: HTTPStatus.CONFLICT,
    LimitError: HTTPStatus.TOO_MANY_REQUESTS,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    JournalError: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""What each error is told as; any other is the server's own fault."""

_HEADERS: Final[Mapping[HTTPStatus, Mapping[str, str]]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Tapewarden-HMAC-SHA256"},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": str(RETRY_SECONDS)},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": str(RETRY_SECONDS)},
}


class HttpError(Exception):
    """A request that HTTP itself has a status for."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        self.status = status
        self.detail = detail
        super().__init__(detail)


def answer(message: Message) -> web.Response:
    """A message as the JSON mapping of protobuf has it; fields of 64 bits are texts."""
    content = json_format.MessageToDict(message)
    return web.Response(text=json.dumps(content), content_type="application/json")


def problem(error: Exception) -> web.Response:
    """What was wrong with a request; of an error that is the server's own fault nothing but that it is."""
    if isinstance(error, HttpError):
        return _problem(error.status, error.detail, {})
    status = next((_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES), None)
    if status is None:
        return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "the server failed; its log says why", {})
    return _problem(status, str(error), _place(error))


def _place(error: Exception) -> dict[str, object]:
    """Where in the batch an error lies. Offsets are those of the binary form, which the sender never saw."""
    if not isinstance(error, InputError):
        return {}
    place = {"row": error.row, "field": error.field, "expected": error.expected, "received": error.received}
    if isinstance(error, WireError):
        place["offset"] = error.offset
    return {name: value for name, value in place.items() if value is not None}


def _problem(status: HTTPStatus, detail: str, place: Mapping[str, object]) -> web.Response:
    content = {"title": status.phrase, "status": int(status), "detail": detail, **place}
    return web.Response(
        status=status,
        text=json.dumps(content),
        content_type="application/problem+json",
        headers=_HEADERS.get(status),
    )
