"""`tapewarden evaluate`: hold signals against labels."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tapewarden.engine.contract import Detector
    from tapewarden.evaluation.coverage import Coverage
    from tapewarden.evaluation.report import Report

app = typer.Typer()


@app.command()
def evaluate(
    signals: Annotated[
        Path, typer.Option("--signals", metavar="S.jsonl", help="Signals, as `replay --signals` writes them.")
    ],
    labels: Annotated[
        Path, typer.Option("--labels", metavar="L.jsonl", help="What happened, one episode per line.")
    ],
    tape: Annotated[
        Path | None,
        typer.Option(
            "--tape",
            metavar="T",
            help="The tape they are about: tells owners, rates, and which detectors could not see.",
        ),
    ] = None,
    grace: Annotated[
        str, typer.Option("--grace", help="How long after its end an episode may still be caught.")
    ] = "1m",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the bootstrap intervals.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Hold signals against labelled episodes: recall, precision, false alarms, time to detect."""
    from tapewarden.cli.options import duration
    from tapewarden.engine.registry import find_detectors
    from tapewarden.evaluation.matching import judge
    from tapewarden.evaluation.report import report
    from tapewarden.runtime.label_files import read_labels
    from tapewarden.runtime.signal_files import read_signals

    allowed = duration("--grace", grace)
    detectors = find_detectors()
    episodes = read_labels(labels)
    told = tuple(read_signals(signals))
    coverage = None if tape is None else _survey(tape, detectors)
    found = report([judge(told, episodes, detectors, coverage, allowed)], detectors, seed)
    if as_json:
        _print_json(found)
    else:
        _show(found)


def _survey(path: Path, detectors: Sequence[Detector]) -> Coverage:
    from tapewarden.cli.progress import follow
    from tapewarden.evaluation.judging import survey
    from tapewarden.tape import read_tape

    tape = read_tape(path)
    counts = tape.header.counts
    watch = partial(follow, task="Reading", events=None if counts is None else counts.events)
    return survey(tape, detectors, watch)


def _print_json(found: Report) -> None:
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(found)))


def _show(found: Report) -> None:
    from tapewarden.cli.tables import print_table
    from tapewarden.evaluation.tables import headline, tables

    typer.echo(headline(found))
    for table in tables(found):
        typer.echo(f"\n{table.title}")
        print_table(table.columns, table.rows)
    for one in (*found.detectors, *found.market_quality):
        if one.not_evaluated is not None:
            typer.echo(f"{one.detector} was not evaluated: {one.not_evaluated}")
