"""`tapewarden case`: work on the cases of a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tapewarden.cli.working import AsJson, Number, Numbers, Out, Reason, print_json, working
from tapewarden.domain.case import CaseState, Disposition
from tapewarden.domain.casework import CaseFilter, CaseOrder, ExportFormat, Muting
from tapewarden.domain.commands import (
    Approve,
    Assign,
    Close,
    Command,
    Decline,
    Escalate,
    FormSuspicion,
    Investigate,
    Reopen,
    Undo,
)
from tapewarden.domain.errors import ConfigurationError, TapewardenError
from tapewarden.domain.typology import Severity

if TYPE_CHECKING:
    from tapewarden.client import CasesClient

app = typer.Typer(name="case", help="Work on the cases of a server.", no_args_is_help=True)

_Seen = Annotated[
    int | None,
    typer.Option("--seen", metavar="VERSION", min=1, help="The version you saw; as it is now if not given."),
]


@app.command("list")
@working
async def list_(  # noqa: PLR0913, PLR0917 - filters of a list are its options
    cases: CasesClient,
    state: Annotated[CaseState | None, typer.Option("--state", help="Only these.")] = None,
    severity: Annotated[Severity | None, typer.Option("--severity", help="Only these.")] = None,
    disposition: Annotated[Disposition | None, typer.Option("--disposition", help="Only these.")] = None,
    assignee: Annotated[str | None, typer.Option("--assignee", metavar="NAME", help="Only theirs.")] = None,
    unassigned: Annotated[bool, typer.Option("--unassigned", help="Only nobody's.")] = False,
    instrument: Annotated[str | None, typer.Option("--instrument", help="Only there.")] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="Only about them.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="Only with this in names or comments.")] = None,
    order: Annotated[CaseOrder, typer.Option("--order", help="What comes first.")] = CaseOrder.PRIORITY,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000, help="How many.")] = 50,
    offset: Annotated[int, typer.Option("--offset", min=0, help="From which on.")] = 0,
    as_json: AsJson = False,
) -> None:
    """List cases, the most urgent first."""
    wanted = CaseFilter(
        state=state,
        severity=severity,
        disposition=disposition,
        assignee="" if unassigned else assignee,
        instrument=instrument,
        actor=actor,
        text=text,
        order=order,
        limit=limit,
        offset=offset,
    )
    queue = await cases.queue(wanted)
    if as_json:
        print_json(queue)
        return
    from time import time_ns

    from tapewarden.cli.case_screen import queue_table
    from tapewarden.cli.screen import new_console

    new_console().print(queue_table(queue.cases, time_ns()))
    typer.echo(f"{len(queue.cases):,} of {queue.total:,} cases")


@app.command()
@working
async def show(cases: CasesClient, case: Number, as_json: AsJson = False) -> None:
    """Show a case with its signals, comments, attachments and history, and what you may do with it."""
    file = await cases.case(case)
    if as_json:
        print_json(file)
        return
    from tapewarden.cli.case_screen import print_file

    print_file(file)


@app.command()
@working
async def watch(cases: CasesClient, as_json: AsJson = False) -> None:
    """Print a line for each case that changes, until interrupted."""
    from tapewarden.cli.case_screen import outline

    watching = cases.watch()
    await anext(watching)
    typer.echo("watching", err=True)
    async for changed in watching:
        for queued in changed.cases:
            if as_json:
                print_json(queued)
            else:
                typer.echo(outline(queued.case))


@app.command()
@working
async def assign(
    cases: CasesClient,
    case: Numbers,
    to: Annotated[
        str | None, typer.Option("--to", metavar="NAME", help="To whom; to nobody without.")
    ] = None,
    seen: _Seen = None,
    as_json: AsJson = False,
) -> None:
    """Give cases to somebody."""
    await _decide(cases, case, Assign(to), seen, as_json=as_json)


@app.command()
@working
async def investigate(cases: CasesClient, case: Numbers, seen: _Seen = None, as_json: AsJson = False) -> None:
    """Begin to look into open cases."""
    await _decide(cases, case, Investigate(), seen, as_json=as_json)


@app.command()
@working
async def escalate(
    cases: CasesClient, case: Numbers, reason: Reason, seen: _Seen = None, as_json: AsJson = False
) -> None:
    """Hand cases on: a senior decides on them from then on."""
    await _decide(cases, case, Escalate(reason), seen, as_json=as_json)


@app.command()
@working
async def suspect(
    cases: CasesClient,
    case: Number,
    reason: Reason,
    since: Annotated[
        str, typer.Option("--since", metavar="TIME", help="Such as 2026-01-31T09:30:00Z; not changed later.")
    ],
    seen: _Seen = None,
    as_json: AsJson = False,
) -> None:
    """Say since when suspicion is reasonable: reporting must follow without delay."""
    from tapewarden.cli.options import instant

    command = FormSuspicion(instant("--since", since), reason)
    await _decide(cases, [case], command, seen, as_json=as_json)


@app.command()
@working
async def close(
    cases: CasesClient,
    case: Numbers,
    disposition: Annotated[Disposition, typer.Option("--disposition", help="Why it is closed.")],
    reason: Reason,
    duplicate_of: Annotated[
        int | None, typer.Option("--duplicate-of", metavar="CASE", min=1, help="Which case it repeats.")
    ] = None,
    seen: _Seen = None,
    as_json: AsJson = False,
) -> None:
    """Close cases; of grave ones, propose so to a second person."""
    await _decide(cases, case, Close(disposition, reason, duplicate_of), seen, as_json=as_json)


@app.command()
@working
async def approve(
    cases: CasesClient,
    case: Numbers,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="If there is more to say.")] = "",
    seen: _Seen = None,
    as_json: AsJson = False,
) -> None:
    """Close cases as another person proposed."""
    await _decide(cases, case, Approve(reason), seen, as_json=as_json)


@app.command()
@working
async def decline(
    cases: CasesClient, case: Numbers, reason: Reason, seen: _Seen = None, as_json: AsJson = False
) -> None:
    """Turn proposed closings down, or withdraw your own."""
    await _decide(cases, case, Decline(reason), seen, as_json=as_json)


@app.command()
@working
async def reopen(
    cases: CasesClient, case: Numbers, reason: Reason, seen: _Seen = None, as_json: AsJson = False
) -> None:
    """Take up closed cases again."""
    await _decide(cases, case, Reopen(reason), seen, as_json=as_json)


@app.command()
@working
async def undo(
    cases: CasesClient,
    case: Numbers,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="If there is more to say.")] = "",
    seen: _Seen = None,
    as_json: AsJson = False,
) -> None:
    """Take back your own last change, within ten minutes; the history keeps both."""
    await _decide(cases, case, Undo(reason), seen, as_json=as_json)


@app.command()
@working
async def comment(
    cases: CasesClient,
    case: Number,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What you have to say.")],
    as_json: AsJson = False,
) -> None:
    """Add a comment."""
    made = await cases.comment(case, text)
    if as_json:
        print_json(made)
    else:
        typer.echo(f"comment {made.id} of case {made.case_id}")


@app.command()
@working
async def attach(
    cases: CasesClient,
    case: Number,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of at most 16 MiB.")],
    as_json: AsJson = False,
) -> None:
    """Add a file."""
    from mimetypes import guess_type

    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror or error}") from None
    media_type = guess_type(file.name)[0] or "application/octet-stream"
    made = await cases.attach(case, file.name, media_type, content)
    if as_json:
        print_json(made)
    else:
        typer.echo(f"attachment {made.id} of case {made.case_id}: {made.size:,} bytes, SHA-256 {made.digest}")


@app.command()
@working
async def attachment(
    cases: CasesClient,
    number: Annotated[int, typer.Argument(metavar="ATTACHMENT", min=1, help="As `case show` lists it.")],
    out: Out,
) -> None:
    """Write a file that was added."""
    from tapewarden.cli.writing import writing

    found, content = await cases.attachment(number)
    with writing(out) as file:
        file.write(content)
    typer.echo(f"{found.size:,} bytes written to {out}")


@app.command()
@working
async def export(cases: CasesClient, case: Number, out: Out) -> None:
    """Write a case as a ZIP file that proves itself; `tapewarden audit verify` checks it without a server."""
    from tapewarden.cli.writing import writing

    with writing(out) as file:
        await cases.export(case, file)
    typer.echo(f"case {case} written to {out}")


@app.command()
@working
async def report(
    cases: CasesClient,
    case: Number,
    out: Annotated[Path, typer.Option("--output", "--out", metavar="FILE", help="The file to write.")],
    wanted: Annotated[
        ExportFormat | None,
        typer.Option("--format", help="As the file is named if not given."),
    ] = None,
) -> None:
    """Write a case as a report for people and authorities; the server makes it."""
    from tapewarden.cli.writing import writing

    ending = out.suffix.removeprefix(".").lower()
    chosen = wanted or (ExportFormat(ending) if ending in set(ExportFormat) else None)
    if chosen is None or chosen is ExportFormat.ZIP:
        received = chosen or ending or "nothing"
        raise ConfigurationError(f"--format: expected html, pdf or xml, received {received}")
    with writing(out) as file:
        await cases.export(case, file, chosen)
    typer.echo(f"report of case {case} written to {out}")


@app.command()
@working
async def suppress(
    cases: CasesClient,
    reason: Reason,
    until: Annotated[
        str, typer.Option("--until", metavar="TIME", help="Of the tape, such as 2026-01-31T09:30:00Z.")
    ],
    detector: Annotated[str | None, typer.Option("--detector", help="Signals of this detector.")] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="Signals about this actor.")] = None,
    instrument: Annotated[str | None, typer.Option("--instrument", help="Signals there.")] = None,
    family: Annotated[str | None, typer.Option("--family", help="Signals of these detectors.")] = None,
    as_json: AsJson = False,
) -> None:
    """Keep further signals out of cases until a time: those with all that is named."""
    from tapewarden.cli.options import instant

    what = Muting(detector=detector, actor=actor, instrument=instrument, family=family)
    made = await cases.suppress(what, instant("--until", until), reason)
    if as_json:
        print_json(made)
    else:
        typer.echo(f"suppression {made.id}")


@app.command()
@working
async def lift(
    cases: CasesClient,
    number: Annotated[int, typer.Argument(metavar="SUPPRESSION", min=1, help="Its number.")],
    reason: Reason,
) -> None:
    """End a suppression before its time."""
    lifted = await cases.lift(number, reason)
    typer.echo(f"suppression {lifted.id} lifted")


@app.command()
@working
async def suppressions(cases: CasesClient, as_json: AsJson = False) -> None:
    """List all suppressions there ever were."""
    found = await cases.suppressions()
    if as_json:
        print_json(found)
        return
    from tapewarden.cli.case_screen import suppression_table
    from tapewarden.cli.screen import new_console

    new_console().print(suppression_table(found))


async def _decide(
    cases: CasesClient, numbers: list[int], command: Command | Undo, seen: int | None, *, as_json: bool
) -> None:
    """Give a command for one or many cases; the exit code is 1 if some of many were refused."""
    from tapewarden.cli.case_screen import outline

    if seen is not None and len(numbers) > 1:
        raise ConfigurationError("--seen: expected one case, received several")
    versions = [(number, seen or (await cases.case(number)).case.version) for number in numbers]
    if len(versions) == 1:
        case = await cases.decide(*versions[0], command)
        if as_json:
            print_json(case)
        else:
            typer.echo(outline(case))
        return
    results = await cases.decide_many(versions, command)
    failed = [one for one in results if isinstance(one, TapewardenError)]
    if as_json:
        print_json([str(one) if isinstance(one, TapewardenError) else one for one in results])
    else:
        for one in results:
            typer.echo(str(one) if isinstance(one, TapewardenError) else outline(one))
    if failed:
        raise typer.Exit(1)
