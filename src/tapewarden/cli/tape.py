"""`tapewarden tape`: look into tapes, check them, convert them, derive order lives."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tapewarden.cli.lives import lives
from tapewarden.cli.tables import print_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tapewarden.tape import TapeReader

app = typer.Typer(
    name="tape", help="Look into tapes, check them, convert them, derive order lives.", no_args_is_help=True
)

Tape = Annotated[Path, typer.Argument(metavar="TAPE", help="A tape, Parquet or JSON Lines.")]

_HEAD_COLUMNS = (
    *("ts_event", "kind", "reason", "instrument", "side", "price", "size"),
    *("account", "order", "counter_account", "counter_order", "trade"),
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def info(tape: Tape, as_json: AsJson = False) -> None:
    """Show what a tape holds and where it comes from."""
    from dataclasses import replace

    from tapewarden.tape import read_tape

    reader = read_tape(tape)
    if as_json:
        typer.echo(replace(reader.header, counts=reader.counts()).to_json())
        return
    kinds = reader.counts().kinds.items()
    print_table(("tape", tape.name), _facts(reader))
    print_table(("instrument", "price unit", "size unit", "tick", "lot", "version"), _instruments(reader))
    print_table(("kind", "events"), [(kind, f"{events:,}") for kind, events in kinds])


@app.command()
def head(
    tape: Tape,
    count: Annotated[int, typer.Option("-n", min=1, help="How many events to show.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Show the first events of a tape: what happened to whom; all of each event with --json."""
    import msgspec

    from tapewarden.tape import read_tape, row_texts

    reader = read_tape(tape)
    first = next(reader.batches(count), None)
    rows = [] if first is None else list(row_texts(first, reader.directory))
    if as_json:
        for row in rows:
            typer.echo(msgspec.json.encode(row))
        return
    columns = [name for name in _HEAD_COLUMNS if any(name in row for row in rows)]
    print_table(columns, [[row.get(name, "") for name in columns] for row in rows])


@app.command()
def check(tape: Tape, as_json: AsJson = False) -> None:
    """Check a whole tape; the exit code is 1 if something is wrong with it."""
    import msgspec

    from tapewarden.cli.progress import follow
    from tapewarden.tape import check_tape, read_tape

    reader = read_tape(tape)
    findings = check_tape(reader, partial(follow, task="Checking", events=_events(reader)))
    if as_json:
        typer.echo(msgspec.json.encode(findings))
    elif findings:
        print_table(
            ("field", "times", "first row", "expected", "received"),
            [(one.field, one.times, one.row or "", one.expected, one.received) for one in findings],
        )
    else:
        typer.echo(f"{tape}: nothing is wrong")
    if findings:
        raise typer.Exit(1)


@app.command()
def convert(
    source: Annotated[
        Path,
        typer.Argument(metavar="IN", help="A tape, Parquet or JSON Lines; or the data folder of a server."),
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="A new tape, .parquet or .jsonl.")],
) -> None:
    """Write a tape in the other form, without loss; or make one of what a server received."""
    from tapewarden.cli.progress import follow
    from tapewarden.tape import read_tape, write_tape

    if (source / "journal").is_dir():
        _record(source, target)
        return
    reader = read_tape(source)
    header = reader.header
    with write_tape(target, reader.directory, tier=header.tier, provenance=header.provenance) as writer:
        for batch in follow(reader.batches(), "Converting", _events(reader)):
            writer.write(batch)


def _record(folder: Path, target: Path) -> None:
    """Write what a server received as a tape; it must not be running."""
    from tapewarden.cli.progress import follow
    from tapewarden.live.recording import Recording
    from tapewarden.tape import Provenance, write_tape

    recording = Recording(folder)
    provenance = Provenance(origin="journal of a server")
    with write_tape(target, recording.directory, provenance=provenance) as writer:
        for batch in follow(recording.batches(), "Reading the journal", None):
            writer.write(batch)


app.command()(lives)


def _events(tape: TapeReader) -> int | None:
    counts = tape.header.counts
    return None if counts is None else counts.events


def _facts(tape: TapeReader) -> Iterator[tuple[str, object]]:
    from tapewarden.tape import time_text

    header, counts = tape.header, tape.counts()
    owners = {account.owner for account in header.accounts if account.owner is not None}
    yield "events", f"{counts.events:,}"
    if counts.first_ns is not None and counts.last_ns is not None:
        yield "first", time_text(counts.first_ns)
        yield "last", time_text(counts.last_ns)
    yield "tier", "unknown" if header.tier is None else header.tier.name
    yield "accounts", f"{len(header.accounts):,}"
    yield "owners", f"{len(owners):,}"
    yield "sources", ", ".join(header.sources)
    yield (
        "written by",
        f"tapewarden {header.software or 'of unknown version'}, tape format {header.tape_format}",
    )
    provenance = header.provenance
    yield "origin", provenance.origin or "unknown"
    yield from provenance.parameters.items()
    for file in provenance.files:
        yield "made from", f"{file.name}, {file.size:,} bytes, SHA-256 {file.sha256}"
    if provenance.created is not None:
        yield "created", provenance.created


def _instruments(tape: TapeReader) -> Iterator[tuple[object, ...]]:
    from tapewarden.domain.numbers import from_units

    for one in tape.header.instruments:
        yield (
            one.name,
            from_units(1, one.price_exponent),
            from_units(1, one.size_exponent),
            "unknown" if one.tick is None else from_units(one.tick, one.price_exponent),
            "unknown" if one.lot is None else from_units(one.lot, one.size_exponent),
            one.version,
        )
