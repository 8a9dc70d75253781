"""`tapewarden desktop`: the analysts' console."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from tapewarden.cli.connecting import (
    Authority,
    Certificate,
    Key,
    Person,
    Server,
    Tls,
    TokenFile,
    connection_of,
)
from tapewarden.domain.errors import ConfigurationError

app = typer.Typer()


@app.command()
def desktop(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    server: Server = None,
    token_file: TokenFile = None,
    person: Person = None,
    tls: Tls = False,
    authority: Authority = None,
    certificate: Certificate = None,
    key: Key = None,
    scale: Annotated[
        float | None,
        typer.Option(
            "--scale",
            min=0.5,
            max=4,
            metavar="X",
            help="Size of everything; as the screen wants if not given.",
        ),
    ] = None,
    lessons: Annotated[
        bool, typer.Option("--lessons", help="Offer lessons: how to read a market, and who cheats in it.")
    ] = False,
) -> None:
    """Watch trades, signals and cases of a server in a window."""
    connection = connection_of(
        server, token_file, person=person, tls=tls, authority=authority, certificate=certificate, key=key
    )
    connection.blocking_channel().close()  # what cannot be used is told before a window opens
    try:
        import tkinter

        from tapewarden.desktop.console import Console
    except ImportError as error:
        raise ConfigurationError(f"the desktop cannot start: {error}") from None
    try:
        console = Console(connection, scale)
    except tkinter.TclError as error:
        raise ConfigurationError(f"no window can be opened: {error}") from None
    if lessons:
        console.classroom.welcome()
    signal.signal(signal.SIGINT, lambda number, frame: console.root.after_idle(console.quit))
    console.run()
    if console.classroom.points:
        typer.echo(f"Lessons: {console.classroom.points} of {console.classroom.possible} points.")
    if not console.exit_clean:
        raise typer.Exit(1)
