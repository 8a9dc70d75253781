"""Commands that call a server: their common options, and how they run."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec

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

if TYPE_CHECKING:
    from tapewarden.client import CasesClient, SurveillanceClient

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(metavar="CASE", min=1, help="Number of the case.")]
Numbers = Annotated[list[int], typer.Argument(metavar="CASE...", min=1, help="Numbers of cases.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the audit trail.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write.")]

Given = ParamSpec("Given")


def working(command: Callable[Concatenate[CasesClient, Given], Awaitable[None]]) -> Callable[..., None]:
    """A command of the terminal from a coroutine function that takes a client of cases first.

    The options that say where the server is and who calls are added to its own.
    """
    return calling(command, "CasesClient", _opening("CasesClient"))


def watching(
    command: Callable[Concatenate[SurveillanceClient, Given], Awaitable[None]],
) -> Callable[..., None]:
    """As ``working``, for what takes a client of surveillance."""
    return calling(command, "SurveillanceClient", _opening("SurveillanceClient"))


def calling(
    command: Callable[..., Awaitable[None]],
    first: str,
    opening: Callable[..., AbstractAsyncContextManager[Any]],
) -> Callable[..., None]:
    """A command from a coroutine function that takes first what ``opening`` opens, whose options are added.

    ``first`` names its type, whose module is not imported for ``--help``.
    """
    own = inspect.signature(command, eval_str=True, locals={first: object})
    added = inspect.signature(opening, eval_str=True)

    def run(**given: Any) -> None:  # noqa: ANN401 - as the command's options are
        import asyncio

        opened = opening(**{name: given.pop(name) for name in added.parameters})

        async def calling() -> None:
            async with opened as called:
                await command(called, **given)

        asyncio.run(calling())

    parameters = [
        one.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for one in (*list(own.parameters.values())[1:], *added.parameters.values())
    ]
    run.__doc__, run.__name__ = command.__doc__, command.__name__
    run.__signature__ = own.replace(parameters=parameters, return_annotation=None)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run


def _opening(client: str) -> Callable[..., AbstractAsyncContextManager[Any]]:
    def opening(
        server: Server = None,
        person: Person = None,
        token_file: TokenFile = None,
        tls: Tls = False,
        authority: Authority = None,
        certificate: Certificate = None,
        key: Key = None,
    ) -> AbstractAsyncContextManager[Any]:
        import tapewarden.client

        connection = connection_of(
            server, token_file, person=person, tls=tls, authority=authority, certificate=certificate, key=key
        )
        opened: AbstractAsyncContextManager[Any] = getattr(tapewarden.client, client)(connection)
        return opened

    return opening


def print_json(value: object) -> None:
    """Print a value of the domain as JSON."""
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(value)))
