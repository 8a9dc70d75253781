"""A producer that speaks HTTP: signed requests, and what comes back."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from typing import Any, NamedTuple

from tapewarden.server.rest.producers import Producer
from tapewarden.server.rest.signing import PRODUCER, SIGNATURE, TIMESTAMP, signature

SECRET = "0123456789abcdef0123456789abcdef"
ACME = Producer(name="acme", secret=SECRET.encode(), sources=frozenset({"venue", "other venue"}))


class Answer(NamedTuple):
    """Status, headers, and the body as JSON."""

    status: int
    headers: Mapping[str, str]
    content: Any


@dataclass
class Caller:
    """A producer at a port; what is set beside it is what a forger would change."""

    port: int
    producer: str = "acme"
    secret: bytes = SECRET.encode()
    lag: int = 0
    trust: ssl.SSLContext | None = None

    def post(self, target: str, content: object, **headers: str) -> Answer:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self.call("POST", target, body, {"Content-Type": "application/json", **headers})

    def get(self, target: str) -> Answer:
        return self.call("GET", target, b"", {})

    def signed(self, method: str, target: str, body: bytes) -> dict[str, str]:
        timestamp = str(int(time.time()) - self.lag)
        return {
            PRODUCER: self.producer,
            TIMESTAMP: timestamp,
            SIGNATURE: signature(self.secret, timestamp, method, target, body),
        }

    def call(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """One request; headers given beat those of the signature, and an empty one is left out."""
        merged = self.signed(method, target, body) | dict(headers)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        if self.trust is not None:
            connection = HTTPSConnection("127.0.0.1", self.port, timeout=60, context=self.trust)
        try:
            connection.request(method, target, body or None, {k: v for k, v in merged.items() if v})
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), json.loads(response.read() or "null"))
        finally:
            connection.close()
