"""The options of commands that call a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tapewarden.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from tapewarden.client import Connection

Server = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="ADDR",
        envvar="TAPEWARDEN_SERVER",
        help="Where it listens; 127.0.0.1:7410 if not given.",
    ),
]
Person = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="NAME", envvar="TAPEWARDEN_PERSON", help="Your name, where no token says it."
    ),
]
TokenFile = Annotated[
    Path | None,
    typer.Option("--token-file", metavar="F", envvar="TAPEWARDEN_TOKEN_FILE", help="File with your token."),
]
Tls = Annotated[bool, typer.Option("--tls", help="Connect with TLS; so does a file of the next three.")]
Authority = Annotated[
    Path | None,
    typer.Option(
        "--authority", metavar="PEM", help="Who signed the server's certificate, if not a public one."
    ),
]
Certificate = Annotated[
    Path | None, typer.Option("--certificate", metavar="PEM", help="Yours, where the server asks for it.")
]
Key = Annotated[Path | None, typer.Option("--key", metavar="PEM", help="The key of your certificate.")]


def connection_of(
    server: str | None,
    token_file: Path | None = None,
    *,
    person: str | None = None,
    tls: bool = False,
    authority: Path | None = None,
    certificate: Path | None = None,
    key: Path | None = None,
) -> Connection:
    """The connection that the options describe; ``ConfigurationError`` for a file that cannot be used."""
    from tapewarden.client import DEFAULT_ADDRESS, Connection, TlsFiles

    files = TlsFiles(authority=authority, certificate=certificate, key=key)
    return Connection(
        address=server or DEFAULT_ADDRESS,
        token=None if token_file is None else _token(token_file),
        person=person,
        tls=files if tls or authority or certificate or key else None,
    )


def _token(path: Path) -> str:
    try:
        token = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: expected a token, received {error}") from None
    if not token or not token.isascii() or not token.isprintable():
        raise ConfigurationError(f"{path}: expected a token, received {'other text' if token else 'nothing'}")
    return token
