"""`tapewarden publish`: stream a tape to a server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tapewarden.cli.connecting import Authority, Certificate, Key, Server, Tls, TokenFile, connection_of
from tapewarden.domain.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from tapewarden.client import Connection, Delivered, Reject
    from tapewarden.domain.batch import EventBatch
    from tapewarden.tape import TapeReader

app = typer.Typer()

PATIENCE: Final = 60.0
"""Seconds that a server may be away in the middle."""

LISTED: Final = 5
"""Rejects that are shown; all are counted."""


@app.command()
def publish(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    tape: Annotated[Path, typer.Argument(metavar="TAPE", help="A tape, Parquet or JSON Lines.")],
    server: Server = None,
    speed: Annotated[
        str, typer.Option("--speed", metavar="X|max", help="So many times as fast as it happened.")
    ] = "max",
    source: Annotated[
        str | None,
        typer.Option(
            "--source", metavar="NAME", help="Name of the series; file name and digest if not given."
        ),
    ] = None,
    token_file: TokenFile = None,
    tls: Tls = False,
    authority: Authority = None,
    certificate: Certificate = None,
    key: Key = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Stream a tape to a server, going on where it stopped; the exit code is 1 if events were rejected."""
    from tapewarden.tape import SourceFile, read_tape

    factor = _factor(speed)
    reader = read_tape(tape)
    if source is None:
        source = f"{tape.stem}-{SourceFile.of(tape).sha256[:8]}"
    connection = connection_of(
        server, token_file, tls=tls, authority=authority, certificate=certificate, key=key
    )
    result = _publish(reader, connection, source, factor)
    if as_json:
        _print_json(result, reader)
    else:
        _show(result, reader)
    if result.rejects:
        raise typer.Exit(1)


@dataclass(slots=True)
class Result:
    """What came of it. ``before`` is how many events were durable at the start; waits are in seconds."""

    source: str
    before: int = 0
    sent: int = 0
    durable: int = 0
    rejects: int = 0
    first_rejects: list[Reject] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def reject(self, one: Reject) -> None:
        """Count a reject."""
        self.rejects += 1
        if len(self.first_rejects) < LISTED:
            self.first_rejects.append(one)

    def deliver(self, message: Delivered) -> None:
        """Count what became durable."""
        self.durable += message.events
        if message.seconds is not None:
            self.waits.append(message.seconds)

    def wait_ms(self, share: float) -> float | None:
        """The share of messages that were durable after at most so many milliseconds."""
        import numpy as np

        return round(1000 * float(np.quantile(self.waits, share)), 2) if self.waits else None


def _factor(speed: str) -> float | None:
    """How many times as fast as it happened; ``None`` for as fast as possible."""
    if speed == "max":
        return None
    try:
        factor = float(speed)
    except ValueError:
        factor = 0.0
    if not 0 < factor < float("inf"):
        raise ConfigurationError(f"--speed: expected a positive number or max, received {speed!r}")
    return factor


def _publish(tape: TapeReader, connection: Connection, source: str, factor: float | None) -> Result:
    from tapewarden.cli.progress import counting
    from tapewarden.client import Publisher
    from tapewarden.client.pacing import paced

    counts = tape.header.counts
    result = Result(source)
    with counting("Publishing", None if counts is None else counts.events) as advance:

        def deliver(message: Delivered) -> None:
            result.deliver(message)
            advance(message.events)

        publisher = Publisher(
            *(connection, source, tape.directory),
            on_reject=result.reject,
            on_durable=deliver,
            patience=PATIENCE,
        )
        with publisher:
            result.before = publisher.start.sequence - 1
            _check_length(tape, result)
            advance(result.before)
            start = perf_counter()
            rest = _without(tape.batches(), result.before)
            for batch in rest if factor is None else paced(rest, factor):
                publisher.send(batch)
                result.sent += len(batch)
            publisher.flush()
            result.seconds = perf_counter() - start
    return result


def _check_length(tape: TapeReader, result: Result) -> None:
    """Refuse to go on with a series that is longer than the tape: it is another one."""
    events = tape.counts().events if result.before else 0
    if result.before > events:
        expected = f"at most {events:,} events of source {result.source}, or another --source"
        raise InputError(tape.source, expected, f"{result.before:,} published before")


def _without(batches: Iterator[EventBatch], count: int) -> Iterator[EventBatch]:
    """The events behind the first ones, all of which are read: they name orders."""
    for batch in batches:
        if count < len(batch):
            yield batch[count:]
        count = max(count - len(batch), 0)


def _print_json(result: Result, tape: TapeReader) -> None:
    import msgspec

    facts = {
        "source": result.source,
        "before": result.before,
        "sent": result.sent,
        "durable": result.durable,
        "rejects": result.rejects,
        "first_rejects": [_row(one, tape) for one in result.first_rejects],
        "seconds": round(result.seconds, 3),
        "events_per_second": round(result.sent / result.seconds) if result.seconds else None,
        "ack_p50_ms": result.wait_ms(0.5),
        "ack_p99_ms": result.wait_ms(0.99),
    }
    typer.echo(msgspec.json.format(msgspec.json.encode(facts)))


def _show(result: Result, tape: TapeReader) -> None:
    from tapewarden.cli.tables import print_table

    if result.before:
        typer.echo(f"{result.before:,} events were published before")
    typer.echo(
        f"{result.sent:,} events sent as {result.source!r}, {result.durable:,} durable, "
        f"{result.rejects:,} rejected"
    )
    if result.sent:
        rate = result.sent / max(result.seconds, 1e-9)
        typer.echo(f"{result.seconds:.2f} s, {rate:,.0f} events/s")
    if result.waits:
        typer.echo(f"acknowledged after {result.wait_ms(0.5)} ms (p50), {result.wait_ms(0.99)} ms (p99)")
    if result.first_rejects:
        rows = [list(_row(one, tape).values()) for one in result.first_rejects]
        print_table(("row", "field", "expected", "received"), rows)


def _row(reject: Reject, tape: TapeReader) -> dict[str, object]:
    """A reject by the row of the tape."""
    return {
        "row": tape.first_row + reject.sequence - 1,
        "field": reject.field,
        "expected": reject.expected,
        "received": reject.received,
    }
