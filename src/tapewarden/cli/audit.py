"""`tapewarden audit`: look at the audit trail, export it, and verify it without a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tapewarden.cli.data import DATA, Data
from tapewarden.cli.database import Database
from tapewarden.cli.working import AsJson, Out, print_json, working
from tapewarden.domain.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from tapewarden.cases.audit import SignedHead
    from tapewarden.client import CasesClient

app = typer.Typer(name="audit", help="Look at the audit trail, export and verify it.", no_args_is_help=True)


@app.command("list")
@working
async def list_(
    cases: CasesClient,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="TEXT", help="Only entries about it, as in 'case 7'.")
    ] = None,
    after: Annotated[int, typer.Option("--after", metavar="N", min=0, help="Only behind this entry.")] = 0,
    as_json: AsJson = False,
) -> None:
    """List up to 1,000 entries of a server's audit trail."""
    from dataclasses import asdict

    links = await cases.entries(subject=subject, after=after)
    if as_json:
        rows = [{"number": one.number, **asdict(one.entry), "digest": one.digest.hex()} for one in links]
        print_json(rows)
        return
    from tapewarden.cli.case_screen import history_table
    from tapewarden.cli.screen import new_console

    new_console().print(history_table(links))


@app.command()
@working
async def export(cases: CasesClient, out: Out) -> None:
    """Write the whole audit trail of a server, closed by a signed head."""
    from tapewarden.cli.writing import writing

    with writing(out) as file:
        await cases.export_trail(file)
    typer.echo(f"audit trail written to {out}")


@app.command()
def verify(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="An exported trail or case; the trail of --data if not given."),
    ] = None,
    data: Data = DATA,
    database: Database = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="PEM", help="The public key, from where nobody could change it."),
    ] = None,
    held: Annotated[
        list[Path] | None,
        typer.Option(
            "--held", metavar="FILE", help="An earlier export, to find whether the trail was set back."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify an audit trail or an exported case, without a server; the exit code is 1 for the first fault."""
    if file is not None and _is_bundle(file):
        facts = _verify_bundle(file, key)
    elif file is not None:
        facts = _verify_trail(file, key, held or [])
    else:
        facts = _verify_data(data, database, key, held or [])
    if as_json:
        print_json(facts)
    else:
        for name, value in facts.items():
            if value is not None:
                typer.echo(f"{name.replace('_', ' ')}: {value}")
    if facts["fault"] is not None:
        raise typer.Exit(1)


def _verify_bundle(file: Path, key: Path | None) -> dict[str, Any]:
    from tapewarden.cases.bundle import verify_bundle

    verdict = verify_bundle(file, _key(key))
    return {
        "fault": verdict.fault,
        "entries": verdict.entries,
        "trail_at_export": verdict.number,
        "note": None
        if key is not None
        else "checked against the key in the bundle, which anybody can replace",
    }


def _verify_trail(file: Path, key: Path | None, held: list[Path]) -> dict[str, Any]:
    from tapewarden.cases.audit import verify as verify_lines

    public = _key(key)
    if public is None:
        raise ConfigurationError("--key: an exported trail is verified against the public key; give its file")
    try:
        with file.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
            verdict = verify_lines(lines, public, _held(held))
    except OSError as error:
        raise InputError(str(file), "an exported trail", error.strerror or str(error)) from None
    fault = verdict.fault
    return {"fault": None if fault is None else fault.text, "sound_entries": verdict.sound, "note": None}


def _verify_data(data: Path, database: str | None, key: Path | None, held: list[Path]) -> dict[str, Any]:
    from tapewarden.cases import place
    from tapewarden.cases.store import verify_database, verify_database_at

    public, heads = _key(key) or place.public_key(data / place.PUBLIC_KEY), _held(held)
    if database is None:
        found = verify_database(data / place.DATABASE, public, heads)
    else:
        found = verify_database_at(database, public, heads)
    fault = found.verdict.fault
    return {
        "fault": None if fault is None else fault.text,
        "sound_entries": found.verdict.sound,
        "entries_under_a_signed_head": found.signed,
        "note": None if key is not None else f"checked against {data / place.PUBLIC_KEY}, beside the data",
    }


def _is_bundle(file: Path) -> bool:
    from zipfile import is_zipfile

    return is_zipfile(file)


def _key(path: Path | None) -> Ed25519PublicKey | None:
    from tapewarden.cases.place import public_key

    return None if path is None else public_key(path)


def _held(files: list[Path]) -> list[SignedHead]:
    from tapewarden.cases.audit import heads_in

    found: list[SignedHead] = []
    for file in files:
        try:
            with file.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
                before = len(found)
                found += heads_in(lines)
        except OSError as error:
            raise InputError(str(file), "an exported trail", error.strerror or str(error)) from None
        if len(found) == before:
            raise InputError(str(file), "an exported trail", "no signed head")
    return found
