"""TLS from files, checked before anybody connects, and what may be listened on without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import grpc
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509 import Certificate, load_pem_x509_certificates

from tapewarden.domain.errors import ConfigurationError
from tapewarden.wire.addresses import is_local


def check_listening(address: str, *, tls: bool, tokens: bool) -> None:
    """Refuse to listen where other machines reach the server, unless it has both TLS and tokens.

    Raises:
        ConfigurationError: Naming the address and what is missing.
    """
    missing = [what for what, there in (("TLS", tls), ("tokens", tokens)) if not there]
    if missing and not is_local(address):
        raise ConfigurationError(
            f"{address} can be reached from other machines: listening there needs {' and '.join(missing)};"
            " without, listen on 127.0.0.1 or [::1]"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerTls:
    """PEM files for TLS: the server's certificate, with its chain, and key.

    With ``client_authority`` clients must show a certificate that it signed (mutual TLS).
    """

    certificate: Path
    key: Path
    client_authority: Path | None = None

    def credentials(self, now: datetime | None = None) -> grpc.ServerCredentials:
        """What gRPC needs to listen. Files are read once: new ones count after a restart.

        Raises:
            ConfigurationError: Naming the file that is missing, none, or past its time, or a key that is not
                the certificate's.
        """
        certificate, key = _read(self.certificate), _read(self.key)
        first = _certificates(self.certificate, certificate, now or datetime.now(UTC))[0]
        if _raw(_public_key(self.key, key)) != _raw(first.public_key()):
            raise ConfigurationError(f"{self.key}: it is not the key of {self.certificate}")
        authority = None
        if self.client_authority is not None:
            authority = _read(self.client_authority)
            _certificates(self.client_authority, authority, now or datetime.now(UTC))
        return grpc.ssl_server_credentials(
            [(key, certificate)], root_certificates=authority, require_client_auth=authority is not None
        )


def _certificates(path: Path, content: bytes, now: datetime) -> list[Certificate]:
    try:
        found = load_pem_x509_certificates(content)
    except ValueError:
        raise ConfigurationError(f"{path}: expected certificates in PEM, received something else") from None
    for one in found:
        if now >= one.not_valid_after_utc:
            raise ConfigurationError(
                f"{path}: a certificate expired at {one.not_valid_after_utc:%Y-%m-%d %H:%M} UTC"
            )
        if now < one.not_valid_before_utc:
            raise ConfigurationError(
                f"{path}: a certificate is valid only from {one.not_valid_before_utc:%Y-%m-%d %H:%M} UTC on"
            )
    return found


def _public_key(path: Path, content: bytes) -> PublicKeyTypes:
    try:
        return load_pem_private_key(content, password=None).public_key()
    except (ValueError, TypeError):
        raise ConfigurationError(
            f"{path}: expected a private key in PEM without a password, received something else"
        ) from None


def _raw(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror or error}") from None
