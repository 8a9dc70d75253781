"""`tapewarden serve`: the surveillance server."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tapewarden.domain.errors import TapewardenError

if TYPE_CHECKING:
    from tapewarden.server.serving import Server
    from tapewarden.server.settings import Settings

app = typer.Typer()


@app.command()
def serve(
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="F", help="The server, parameters and dated facts, TOML."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", metavar="DIR", help="For journal, signals, cases; ./tapewarden-data if not given."
        ),
    ] = None,
    listen: Annotated[
        str | None, typer.Option("--listen", metavar="ADDR", help="127.0.0.1:7410 if not given.")
    ] = None,
) -> None:
    """Take events in, find signals, keep cases, until a signal to stop; the exit code is 1 if that fails."""
    from tapewarden.cli.warmup import compile_all
    from tapewarden.engine.registry import find_detectors
    from tapewarden.server.logs import set_up_logs
    from tapewarden.server.running import run
    from tapewarden.server.settings import load_settings

    settings = load_settings(config, find_detectors(), data=data, listen=listen)
    set_up_logs(settings.log_format)
    typer.echo("Compiling what is not compiled yet: minutes the first time, seconds later.", err=True)
    for _ in compile_all(settings.plan.configuration.detectors):
        pass
    failure = run(_serve(settings))
    if failure is not None:
        typer.echo(f"tapewarden: {failure}", err=True)
        raise typer.Exit(1)


async def _serve(settings: Settings) -> BaseException | None:
    """Serve until told to stop, or until the pipeline fails; gives why it did."""
    from tapewarden.cases.place import signing_key
    from tapewarden.cli.progress import counting
    from tapewarden.server.metrics import exporting
    from tapewarden.server.running import spare_lasting_objects
    from tapewarden.server.serving import Server

    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    plan = replace(settings.plan, key=signing_key(settings.key))
    server: Server | None = None
    try:
        async with AsyncExitStack() as stack:
            with counting("Seeing again what was received", None) as advance:
                server = await stack.enter_async_context(Server(plan, lambda frame, last: advance(1)))
            stack.enter_context(exporting(settings.metrics, server.metrics))
            spare_lasting_objects()
            typer.echo(_greeting(settings, server), err=True)
            stop = asyncio.ensure_future(stopping.wait())
            await asyncio.wait((stop, server.failed), return_when=asyncio.FIRST_COMPLETED)
            stop.cancel()
            typer.echo("Stopping: what was received is finished first.", err=True)
    except TapewardenError:
        if server is None or not server.failed.done():
            raise
    return server.failed.result() if server.failed.done() else None


def _greeting(settings: Settings, server: Server) -> str:
    """What was found, and where the server listens."""
    plan, pipeline = server.plan, server.pipeline
    host = plan.listen.rpartition(":")[0]
    lines = [f"tapewarden listens on {host}:{server.port}, with {_protection(server)}."]
    lines += [f"{one.path.name} was passed over: {why}" for one, why in pipeline.passed_over]
    lines.append(
        f"{len(plan.configuration.detectors)} detectors; the journal in {plan.folder} is at frame"
        f" {pipeline.journal.durable:,}."
    )
    roles = zip(pipeline.chosen, ("is the champion", "judges, and its alerts are only counted"), strict=True)
    lines += [f"Model {name} {does}." for name, does in roles if name is not None]
    lines += [f"A model cannot be used: {fault}" for fault in pipeline.model_faults]
    if server.http is not None:
        lines.append(f"HTTP: port {server.http.port}.")
    if settings.metrics is not None:
        lines.append(f"Metrics: http://{settings.metrics}/metrics")
    return "\n".join(lines)


def _protection(server: Server) -> str:
    plan = server.plan
    tokens = "tokens" if plan.tokens else "no tokens: everybody on this machine may do everything"
    return f"{'TLS and ' if plan.tls else ''}{tokens}"
