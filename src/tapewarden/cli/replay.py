"""`tapewarden replay`: run the detectors over tapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from tapewarden.cli.tables import LISTED
from tapewarden.cli.writing import keep_tapes

if TYPE_CHECKING:
    from tapewarden.domain.signal import Signal
    from tapewarden.runtime.replay import Replay

app = typer.Typer()


@app.command()
def replay(
    tapes: Annotated[
        list[Path], typer.Argument(metavar="TAPE...", help="Tapes, Parquet or JSON Lines; merged by time.")
    ],
    signals: Annotated[
        Path | None,
        typer.Option("--signals", metavar="OUT.jsonl", help="Where to write the signals, one per line."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="F", help="Parameters and dated facts, TOML.")
    ] = None,
    detectors: Annotated[
        str | None, typer.Option("--detectors", metavar="ID,...", help="Run only these.")
    ] = None,
    batch_size: Annotated[
        int, typer.Option("--batch-size", min=1, metavar="N", help="Rows at a time; changes no signal.")
    ] = 65_536,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Run the detectors over tapes: signals, data health, and which detectors could not see."""
    from tapewarden.cli.progress import follow
    from tapewarden.engine.registry import find_detectors
    from tapewarden.runtime.replay import Replay
    from tapewarden.runtime.selection import configured
    from tapewarden.tape import merge_tapes, read_tape

    keep_tapes(tapes, signals)
    tape = merge_tapes([read_tape(path) for path in tapes])
    known = find_detectors()
    configuration = configured(known, config, detectors.split(",") if detectors is not None else None)
    counts = tape.header.counts
    watch = partial(follow, task="Replaying", events=None if counts is None else counts.events)
    run = Replay(tape, configuration, known=known, batch_size=batch_size, watch=watch)
    start = perf_counter()
    with _writing(signals, run) as found:
        listed = _first(found)
    seconds = perf_counter() - start
    if as_json:
        _print_json(run, seconds)
    else:
        _show(run, listed, seconds, signals)


@contextmanager
def _writing(path: Path | None, signals: Iterator[Signal]) -> Iterator[Iterator[Signal]]:
    """The signals, written to a file on the way if there is one to write."""
    from tapewarden.runtime.signal_files import write_signals

    if path is None:
        yield signals
        return
    with write_signals(path) as file:
        yield file.passing(signals)


def _first(signals: Iterable[Signal]) -> list[Signal]:
    """The first ``LISTED`` signals; all of them are looked at."""
    kept: list[Signal] = []
    for signal in signals:
        if len(kept) < LISTED:
            kept.append(signal)
    return kept


def _print_json(run: Replay, seconds: float) -> None:
    import msgspec

    summary = run.summary()
    rate = round(summary.events / seconds) if seconds else None
    facts = {**msgspec.to_builtins(summary), "seconds": round(seconds, 3), "events_per_second": rate}
    typer.echo(msgspec.json.format(msgspec.json.encode(facts)))


def _show(run: Replay, listed: list[Signal], seconds: float, file: Path | None) -> None:
    from tapewarden.cli.screen import detector_table, headline, instrument_table, list_signals, new_console

    summary, console = run.summary(), new_console()
    for warning in summary.warnings:
        typer.echo(f"tapewarden: {warning}", err=True)
    console.print(headline(summary))
    console.print(f"replayed in {seconds:.2f} s, {summary.events / max(seconds, 1e-9):,.0f} events/s")
    console.print(instrument_table(summary))
    console.print(detector_table(summary.detectors))
    if not listed:
        console.print("No signals.")
        return
    list_signals(console, listed, summary.signals)
    if file is not None:
        console.print(f"{summary.signals:,} signals written to {file}")
