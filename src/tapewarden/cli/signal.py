"""`tapewarden signal`: look at the signals of a server, and compute them again."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tapewarden.cli.working import AsJson, print_json, watching
from tapewarden.domain.casework import SignalFilter
from tapewarden.domain.signal import Outcome
from tapewarden.domain.typology import Severity

if TYPE_CHECKING:
    from tapewarden.client import SurveillanceClient

app = typer.Typer(
    name="signal", help="Look at the signals of a server, and compute them again.", no_args_is_help=True
)

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the signal.")]


@app.command("list")
@watching
async def list_(  # noqa: PLR0913, PLR0917 - filters of a list are its options
    surveillance: SurveillanceClient,
    detector: Annotated[str | None, typer.Option("--detector", metavar="ID", help="Only its.")] = None,
    severity: Annotated[Severity | None, typer.Option("--severity", help="Only these.")] = None,
    instrument: Annotated[str | None, typer.Option("--instrument", help="Only there.")] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="Only about them.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="Only with this in ids, names or words.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000, help="How many.")] = 20,
    offset: Annotated[int, typer.Option("--offset", min=0, help="From which on.")] = 0,
    as_json: AsJson = False,
) -> None:
    """List signals, the latest first."""
    from tapewarden.cli.screen import new_console, signal_table

    found = await surveillance.signals(
        SignalFilter(
            detector=detector,
            severity=severity,
            instrument=instrument,
            actor=actor,
            text=text,
            limit=limit,
            offset=offset,
        )
    )
    if as_json:
        print_json(found)
        return
    new_console().print(signal_table(one.signal for one in found))
    typer.echo(f"{len(found):,} signals")


@app.command()
@watching
async def show(surveillance: SurveillanceClient, signal_id: Id, as_json: AsJson = False) -> None:
    """Show a signal: why it was given in five lines, its evidence, what became of it."""
    from tapewarden.cli.screen import five_lines, new_console, why

    found, grounds = await surveillance.signal(signal_id), await surveillance.grounds(signal_id)
    if as_json:
        print_json({**asdict(found), "grounds": grounds})
        return
    console = new_console()
    console.print(five_lines(grounds))
    console.print(why(found.stored.signal))
    place = "suppressed" if found.stored.suppression_id is not None else f"in case {found.stored.case_id}"
    origin = "of a tape" if found.frame is None else f"brought by frame {found.frame:,} of the journal"
    typer.echo(f"{signal_id}: {place}, {origin}")


@app.command()
@watching
async def verify(surveillance: SurveillanceClient, signal_id: Id, as_json: AsJson = False) -> None:
    """Compute a signal again from the journal; the exit code is 1 unless it is the same to the byte."""
    found = await surveillance.derive_again(signal_id)
    if as_json:
        print_json(found)
    elif found.outcome is Outcome.SAME and found.from_features:
        typer.echo(f"{signal_id}: the same to the byte, judged again from its features: {found.reason}")
    elif found.outcome is Outcome.SAME:
        typer.echo(
            f"{signal_id}: the same to the byte, from frames {found.from_frame:,} to {found.frame:,} of the"
            " journal"
        )
    else:
        typer.echo(f"{signal_id}: {found.outcome}{': ' if found.reason else ''}{found.reason}")
        if found.outcome is Outcome.DIFFERENT:
            typer.echo(f"stored:  {found.stored}\nderived: {found.derived}")
    if found.outcome is not Outcome.SAME:
        raise typer.Exit(1)
