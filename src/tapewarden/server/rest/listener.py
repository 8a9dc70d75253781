"""`Listener`: the HTTP server. Nothing of a request gets further before its signature is found genuine."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import structlog
from aiohttp import web
from aiohttp.web_protocol import RequestHandler
from google.protobuf.message import Message

from tapewarden.domain.errors import ConfigurationError, LimitError, UnauthenticatedError, UnavailableError
from tapewarden.live.reception import Reception
from tapewarden.server.rest.answers import HttpError, answer, problem
from tapewarden.server.rest.producers import Producer
from tapewarden.server.rest.resources import Resources
from tapewarden.server.rest.signing import is_genuine, read_headers
from tapewarden.wire.addresses import is_local

DEFAULT_HTTP: Final = "127.0.0.1:7411"
"""Where HTTP is served unless told otherwise."""

_METHODS: Final = {"/v1/events": "POST", "/v1/register": "POST", "/v1/resume": "GET"}
_log = structlog.get_logger(__name__)
_HTTP_LOG: Final = logging.getLogger(f"{__name__}.http")
_HTTP_LOG.setLevel(logging.CRITICAL)  # of bytes that are no request: anybody could fill the log with them


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much requests may take; memory is bounded by about ``requests`` times ``body_bytes``.

    Attributes:
        body_bytes: Of a body.
        body_seconds: Until a body must be there, and until a new connection must have sent a request's head.
        idle_seconds: Between two requests of a connection.
        connections: At a time.
        requests: At a time, of all producers.
        requests_each: At a time, of one producer.
    """

    body_bytes: int = 2**20
    body_seconds: float = 10.0
    idle_seconds: float = 60.0
    connections: int = 500
    requests: int = 64
    requests_each: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPlan:
    """Where HTTP is served, for whom, and how.

    Attributes:
        producers: Who may send, by name.
        listen: Address, with port 0 for any free one; beyond this machine only with TLS.
        tls: The server's certificate and key, ``None`` for none.
        limits: How much requests may take.
    """

    producers: Mapping[str, Producer]
    listen: str = DEFAULT_HTTP
    tls: ssl.SSLContext | None = None
    limits: Limits = field(default_factory=Limits)


class Listener:
    """Serves HTTP in the running event loop, for a reception of the same loop; ``clock`` gives ns UTC."""

    def __init__(self, plan: HttpPlan, reception: Reception, clock: Callable[[], int]) -> None:
        self._plan = plan
        self._limits = plan.limits
        self._resources = Resources(reception, clock)
        self._clock = clock
        self._busy: Counter[str] = Counter()
        self._server = _Server(self._answer, plan.limits)
        self._runner = web.ServerRunner(self._server, shutdown_timeout=5.0)
        self.port = 0
        """Where it listens."""

    async def start(self) -> None:
        """Listen; to be stopped even if it cannot.

        Raises:
            ConfigurationError: The address is none, is taken, or can be reached from elsewhere without TLS.
        """
        address, tls = self._plan.listen, self._plan.tls
        if tls is None and not is_local(address):
            raise ConfigurationError(f"{address}: events are taken from beyond this machine only over TLS")
        host, _, port = address.rpartition(":")
        await self._runner.setup()
        site = web.TCPSite(self._runner, host.strip("[]"), int(port), ssl_context=tls)
        try:
            await site.start()
        except OSError as error:
            raise ConfigurationError(f"cannot listen on {address}: {error.strerror or error}") from None
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Take no more requests, answer those that are here, and end."""
        await self._runner.cleanup()
        self._resources.close()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self._server.heard_of(request.protocol)
        try:
            with self._place("", self._limits.requests, UnavailableError("too many requests at a time")):
                return answer(await self._message(request))
        except Exception as error:
            response = problem(error)
            if response.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                _log.exception("request failed", method=request.method, path=request.path)
            if not request.content.is_eof():
                response.force_close()  # what is left of the body would be taken for the next request
            return response

    async def _message(self, request: web.BaseRequest) -> Message:
        _check_target(request)
        signed = read_headers(request.headers, self._clock())
        producer = self._plan.producers.get(signed.producer)
        body = b"" if producer is None else await self._body(request)
        if producer is None or not is_genuine(
            signed, producer.secret, request.method, request.raw_path, body
        ):
            raise UnauthenticatedError("expected the signature of a known producer, received another one")
        too_many = LimitError(f"producer {producer.name}: too many requests at a time")
        with self._place(producer.name, self._limits.requests_each, too_many):
            if request.path == "/v1/events":
                return await self._resources.events(producer, body)
            if request.path == "/v1/register":
                return await self._resources.register(body)
            return await self._resources.resume(producer, request.query.get("source"))

    @contextmanager
    def _place(self, whose: str, most: int, error: Exception) -> Iterator[None]:
        """One of so many places, while it is needed."""
        if self._busy[whose] >= most:
            raise error
        self._busy[whose] += 1
        try:
            yield
        finally:
            self._busy[whose] -= 1

    async def _body(self, request: web.BaseRequest) -> bytes:
        most = self._limits.body_bytes
        too_large = HttpError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body: expected at most {most} bytes")
        if request.content_length is not None and request.content_length > most:
            raise too_large
        body = bytearray()
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                async for chunk in request.content.iter_any():
                    body += chunk
                    if len(body) > most:
                        raise too_large
        except TimeoutError:
            late = f"the body: expected all of it in {self._limits.body_seconds:g} s"
            raise HttpError(HTTPStatus.REQUEST_TIMEOUT, late) from None
        except (ConnectionError, web.RequestPayloadError):
            raise HttpError(HTTPStatus.BAD_REQUEST, "the body: expected all of it, received a part") from None
        return bytes(body)


def _check_target(request: web.BaseRequest) -> None:
    """Refuse what is no resource, and bodies in a form that is not read."""
    method = _METHODS.get(request.path)
    if method is None:
        raise HttpError(HTTPStatus.NOT_FOUND, f"expected one of {', '.join(_METHODS)}")
    if request.method != method:
        raise HttpError(HTTPStatus.METHOD_NOT_ALLOWED, f"{request.path}: expected {method}")
    if method == "POST" and request.content_type != "application/json":
        raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "header Content-Type: expected application/json")
    if "Content-Encoding" in request.headers:
        raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "header Content-Encoding: expected none")


class _Server(web.Server):
    """Closes connections beyond a number, and those that send no request."""

    def __init__(self, handler: Callable[[web.BaseRequest], object], limits: Limits) -> None:
        super().__init__(
            handler,  # type: ignore[arg-type]
            access_log=None,
            logger=_HTTP_LOG,
            auto_decompress=False,
            keepalive_timeout=limits.idle_seconds,
            lingering_time=2.0,  # lets a sender hear that its body is too large
        )
        self._limits = limits
        self._silent: dict[RequestHandler, asyncio.TimerHandle] = {}

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        """As the base class, with limits."""
        super().connection_made(handler, transport)
        if len(self.connections) > self._limits.connections:
            transport.abort()
            return
        loop = asyncio.get_running_loop()
        self._silent[handler] = loop.call_later(self._limits.body_seconds, transport.abort)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        """As the base class."""
        self.heard_of(handler)
        super().connection_lost(handler, exc)

    def heard_of(self, handler: RequestHandler) -> None:
        """A connection has sent a request."""
        timer = self._silent.pop(handler, None)
        if timer is not None:
            timer.cancel()
