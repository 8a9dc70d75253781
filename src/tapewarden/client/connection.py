"""`Connection`: where a server is, who calls it, and how the way there is protected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import grpc
import grpc.aio

from tapewarden.domain.errors import ConfigurationError, TapewardenError, UnavailableError
from tapewarden.wire.addresses import is_local
from tapewarden.wire.calling import Metadata, calling
from tapewarden.wire.statuses import error_of

DEFAULT_ADDRESS: Final = "127.0.0.1:7410"
"""Where `tapewarden serve` listens unless told otherwise."""

_MESSAGE_BYTES: Final = 16 * 2**20
_OPTIONS: Final = (
    ("grpc.max_receive_message_length", _MESSAGE_BYTES),
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 5_000),
    ("grpc.use_local_subchannel_pool", 1),  # a new channel tries for itself, whatever others met with
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """PEM files for TLS; without ``authority`` the server's certificate must be signed by a public one.

    ``certificate`` and ``key`` are the client's own, where the server asks for them.
    """

    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A server and its caller. ``person`` is a name for servers without tokens; others know it by the token.

    Attributes:
        address: As in ``127.0.0.1:7410``.
        token: The caller's; never shown.
        person: Under which name to work.
        tls: How to protect the way; ``None`` for none.
    """

    address: str = DEFAULT_ADDRESS
    token: str | None = field(default=None, repr=False)
    person: str | None = None
    tls: TlsFiles | None = None

    @property
    def metadata(self) -> Metadata:
        """What every call must carry."""
        return calling(self.token, self.person)

    def channel(self) -> grpc.aio.Channel:
        """A channel of the running event loop; it connects with the first call, and again after a loss.

        Raises:
            ConfigurationError: The address is none, a file of TLS cannot be used, or a token would travel
                in clear text beyond this machine.
        """
        credentials = self._credentials()
        if credentials is None:
            return grpc.aio.insecure_channel(self.address, options=_OPTIONS)
        return grpc.aio.secure_channel(self.address, credentials, options=_OPTIONS)

    def blocking_channel(self) -> grpc.Channel:
        """The same for threads without an event loop; raises as ``channel`` does."""
        credentials = self._credentials()
        if credentials is None:
            return grpc.insecure_channel(self.address, options=_OPTIONS)
        return grpc.secure_channel(self.address, credentials, options=_OPTIONS)

    def _credentials(self) -> grpc.ChannelCredentials | None:
        local = is_local(self.address)
        if self.tls is not None:
            return _credentials(self.tls)
        if self.token is not None and not local:
            raise ConfigurationError(f"{self.address}: a token is sent beyond this machine only over TLS")
        return None


@contextmanager
def answering(address: str) -> Iterator[None]:
    """Turn the statuses of calls made within into errors of the domain, such as ``NotFoundError``."""
    try:
        yield
    except grpc.RpcError as error:
        raise failed(address, error) from None


def failed(address: str, failure: grpc.RpcError) -> TapewardenError:
    """The error of the domain that a failed call stands for."""
    error = error_of(failure.code(), failure.details() or "")
    return UnavailableError(f"{address}: {error}") if isinstance(error, UnavailableError) else error


def _credentials(files: TlsFiles) -> grpc.ChannelCredentials:
    if (files.certificate is None) != (files.key is None):
        raise ConfigurationError("a certificate and its key go together: give both files, or neither")
    return grpc.ssl_channel_credentials(_read(files.authority), _read(files.key), _read(files.certificate))


def _read(path: Path | None) -> bytes | None:
    try:
        return None if path is None else path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror or error}") from None
