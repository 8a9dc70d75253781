"""`tapewarden detectors`: list them, show one, play its scenarios, hold them to the conformance checks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tapewarden.cli.tables import print_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tapewarden.engine.contract import Detector

app = typer.Typer(
    name="detectors", help="List detectors, show one, play its scenarios, test them.", no_args_is_help=True
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List all detectors, built-in ones and those of third parties."""
    from tapewarden.engine.registry import find_detectors
    from tapewarden.runtime.catalog import outline

    rows = [outline(detector) for detector in find_detectors()]
    if as_json:
        _print_json(rows)
    elif rows:
        print_table(list(rows[0]), [list(row.values()) for row in rows])


@app.command()
def show(
    detector: Annotated[str, typer.Argument(metavar="ID", help="Such as SPF-01.")], as_json: AsJson = False
) -> None:
    """Show what a detector looks for, its parameters, its limits and its proof."""
    from tapewarden.runtime.catalog import describe

    (chosen,) = _chosen(detector)
    data = describe(chosen)
    if as_json:
        _print_json(data)
        return
    print_table((data["id"], data["title"]), _facts(data))
    for name in ("parameters", "legal_basis", "scenarios"):
        rows = data[name]
        if rows:
            print_table([_spaced(column) for column in rows[0]], [list(row.values()) for row in rows])


@app.command()
def play(
    detector: Annotated[str, typer.Argument(metavar="ID", help="Such as SPF-01.")],
    out: Annotated[Path, typer.Option("--out", help="The tape to write, .parquet or .jsonl.")],
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario", metavar="NAME", help="As `show` lists it; the first that fires if not given."
        ),
    ] = None,
) -> None:
    """Write the synthetic tape of a scenario, on which the detector fires or, of a near-miss, must not."""
    from tapewarden.runtime.memory_tapes import choose_scenario, scenario_tape
    from tapewarden.tape import write_tape

    (chosen,) = _chosen(detector)
    tape = scenario_tape(chosen, choose_scenario(chosen, scenario))
    header = tape.header
    with write_tape(out, tape.directory, tier=header.tier, provenance=header.provenance) as writer:
        for batch in tape.stored_batches():
            writer.write(batch)
    typer.echo(f"{tape.source}: {tape.counts().events:,} events written to {out}")


@app.command("test")
def run_checks(
    detector: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Such as SPF-01; all of them if not given.")
    ] = None,
) -> None:
    """Hold detectors to the conformance checks; the exit code is 1 if one fails."""
    from rich.console import Console
    from rich.progress import track

    from tapewarden.runtime.conformance import CHECKS

    console = Console(stderr=True)
    work = [(one, check) for one in _chosen(detector) for check in CHECKS]
    results = [
        (one.id, check.name, check.failures(one))
        for one, check in track(
            work, "Testing", console=console, transient=True, disable=not console.is_terminal
        )
    ]
    print_table(
        ("detector", "check", "result"),
        [(name, check, "failed" if found else "passed") for name, check, found in results],
    )
    for name, check, found in results:
        for line in found:
            typer.echo(f"{name}: {check}: {line}")
    if any(found for _, _, found in results):
        raise typer.Exit(1)


def _chosen(name: str | None) -> tuple[Detector, ...]:
    from tapewarden.engine.registry import find_detectors, select

    detectors = find_detectors()
    return detectors if name is None else select(detectors, [name])


def _facts(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Everything that is not a table of its own, one row per line of a list."""
    for name, value in data.items():
        if isinstance(value, dict):
            for key, lines in value.items():
                yield from _lines(key, lines)
        elif not (isinstance(value, list) and value and isinstance(value[0], dict)):
            yield from _lines(name, value)


def _lines(name: str, value: object) -> Iterator[tuple[str, str]]:
    lines = value if isinstance(value, list) else [value]
    for position, line in enumerate(lines):
        yield "" if position else _spaced(name), str(line)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _print_json(data: object) -> None:
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(data)))
