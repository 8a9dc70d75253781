"""Signatures of requests: who sent this, when, and that nobody changed it on the way.

A producer signs the lines of time, method and target, then the body, with HMAC-SHA256 and its secret.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final, NamedTuple

from tapewarden.domain.errors import UnauthenticatedError
from tapewarden.domain.kinds import SECOND

PRODUCER: Final = "Tapewarden-Producer"
TIMESTAMP: Final = "Tapewarden-Timestamp"
SIGNATURE: Final = "Tapewarden-Signature"
_HEADERS: Final = (PRODUCER, TIMESTAMP, SIGNATURE)
WINDOW_SECONDS: Final = 300
"""How far a request's time may be from the server's, either way."""


class Signed(NamedTuple):
    """What a request's headers say about its sender."""

    producer: str
    timestamp: str
    signature: str


def signature(secret: bytes, timestamp: str, method: str, target: str, body: bytes) -> str:
    """The signature of a request, in hexadecimal; ``target`` is path and query as they are sent."""
    start = f"{timestamp}\n{method}\n{target}\n".encode()
    return hmac.new(secret, start + body, hashlib.sha256).hexdigest()


def read_headers(headers: Mapping[str, str], now_ns: int) -> Signed:
    """What the headers say; ``UnauthenticatedError`` if one is missing or the time is not about now."""
    values = [headers.get(name, "") for name in _HEADERS]
    for name, value in zip(_HEADERS, values, strict=True):
        if not value:
            raise UnauthenticatedError(f"header {name}: expected one, received none")
    signed = Signed(*values)
    time = signed.timestamp
    if not (time.isascii() and time.isdigit() and len(time) < 16):
        raise UnauthenticatedError(f"header {TIMESTAMP}: expected seconds since 1970, received {time!r}")
    off = int(time) - now_ns // SECOND
    if abs(off) > WINDOW_SECONDS:
        raise UnauthenticatedError(
            f"header {TIMESTAMP}: expected the present to within {WINDOW_SECONDS} s, "
            f"received a time {abs(off)} s in the {'future' if off > 0 else 'past'}"
        )
    return signed


def is_genuine(signed: Signed, secret: bytes, method: str, target: str, body: bytes) -> bool:
    """Whether the signature is that of the request; takes as long whether it is or not."""
    expected = signature(secret, signed.timestamp, method, target, body)
    return hmac.compare_digest(expected.encode(), signed.signature.encode("utf-8", "replace"))
