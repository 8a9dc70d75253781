"""Requests held to their bounds, and filters as the store takes them."""

from __future__ import annotations

from tapewarden.domain.casework import SignalFilter, SignalOrder
from tapewarden.domain.errors import FieldError
from tapewarden.domain.typology import Severity
from tapewarden.wire.casework import given, word
from tapewarden.wire.v1 import signals_pb2

MOST_LISTED = 1_000

_PLAIN = (
    *("detector", "family", "actor", "instrument", "text"),
    *("case_id", "suppressed", "minimum_score", "since_ns", "until_ns"),
)


def bounded(field: str, value: int, least: int, most: int, usual: int) -> int:
    """The value of a field, ``usual`` for 0; ``FieldError`` if it is out of bounds."""
    if value == 0:
        return usual
    if not least <= value <= most:
        raise FieldError(field, f"{least} to {most}", str(value))
    return value


def signal_filter(message: signals_pb2.SignalFilter) -> SignalFilter:
    """The filter in a message; ``FieldError`` for a severity that is none, or too many."""
    severity = given(message, "severity")
    return SignalFilter(
        **{name: given(message, name) for name in _PLAIN},
        severity=None if severity is None else word(Severity, "severity", severity),
        order=word(SignalOrder, "order", message.order or SignalOrder.LATEST),
        limit=bounded("limit", message.limit, 1, MOST_LISTED, 100),
        offset=message.offset,
    )
