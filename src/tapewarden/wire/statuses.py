"""Errors as gRPC statuses and back: the one table that servers and clients share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import grpc

from tapewarden.domain.errors import (
    ConfigurationError,
    ConflictError,
    FieldError,
    InputError,
    JournalError,
    LimitError,
    NotFoundError,
    RefusedError,
    ServerError,
    TapewardenError,
    UnauthenticatedError,
    UnavailableError,
    UncertainError,
)

LONGEST_DETAILS: Final = 1_000
"""Letters of a status's text: it travels in a header, whose size is bounded."""

_ERRORS: Final[Mapping[grpc.StatusCode, type[TapewardenError]]] = {
    grpc.StatusCode.NOT_FOUND: NotFoundError,
    grpc.StatusCode.PERMISSION_DENIED: RefusedError,
    grpc.StatusCode.ABORTED: ConflictError,
    grpc.StatusCode.UNAUTHENTICATED: UnauthenticatedError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: LimitError,
    grpc.StatusCode.UNAVAILABLE: UnavailableError,
    grpc.StatusCode.DEADLINE_EXCEEDED: UncertainError,
    grpc.StatusCode.UNKNOWN: UncertainError,
}
_STATUSES: Final[Mapping[type[Exception], grpc.StatusCode]] = {
    **{error: code for code, error in _ERRORS.items()},
    InputError: grpc.StatusCode.INVALID_ARGUMENT,
    ConfigurationError: grpc.StatusCode.INVALID_ARGUMENT,
    FieldError: grpc.StatusCode.INVALID_ARGUMENT,
    JournalError: grpc.StatusCode.UNAVAILABLE,  # until the server starts anew
    TapewardenError: grpc.StatusCode.FAILED_PRECONDITION,
}

_SAID_IN_FULL: Final = (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION)
"""Statuses whose text is a sentence of the server about what was asked for."""

REPORTED: Final = (TapewardenError, FieldError)
"""Errors that a server tells its caller of; any other is its own fault."""


def status_of(error: Exception) -> tuple[grpc.StatusCode, str]:
    """The status that stands for one of ``REPORTED``, and its text."""
    code = next(_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)
    text = str(error)
    return code, text if len(text) <= LONGEST_DETAILS else text[: LONGEST_DETAILS - 1] + "…"


def error_of(code: grpc.StatusCode, details: str) -> TapewardenError:
    """The error that a status stands for, as the caller of a server meets it."""
    if code in _SAID_IN_FULL:
        return ServerError(details)
    kind = _ERRORS.get(code)
    return ServerError(f"the server answered {code.name}: {details}") if kind is None else kind(details)
