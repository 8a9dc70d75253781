"""`tapewarden user`: people, their roles, and their tokens, in the database of a server."""

from __future__ import annotations

from pathlib import Path
from time import time_ns
from typing import Annotated

import typer

from tapewarden.cli.data import DATA, Data
from tapewarden.cli.database import By, Database, administrator, opened
from tapewarden.cli.working import AsJson, print_json
from tapewarden.domain.kinds import DAY
from tapewarden.domain.staff import Person, Role, Token

app = typer.Typer(
    name="user",
    help="People, their roles and tokens, in the database of a server: for whoever may write there.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="As the audit trail is to know them.")]


@app.command("list")
def list_(data: Data = DATA, database: Database = None, as_json: AsJson = False) -> None:
    """List people with their roles, and tokens without their secrets."""
    with opened(data, database) as store:
        roster = store.staff.roster()
    now = time_ns()
    if as_json:
        people = [{"name": one.name, "roles": _roles(one)} for one in roster.people.values()]
        print_json({"people": people, "tokens": list(roster.tokens.values())})
        return
    from tapewarden.cli.screen import moment
    from tapewarden.cli.tables import print_table

    people_rows = [(one.name, ", ".join(_roles(one)) or "none") for one in roster.people.values()]
    print_table(("person", "roles"), people_rows)
    print_table(
        ("token", "person", "until, UTC", "state", "for", "note"),
        [
            (one.id, one.person, moment(one.expires_ns), _state(one, now), one.source or "anything", one.note)
            for one in roster.tokens.values()
        ],
    )


@app.command()
def put(
    name: Name,
    roles: Annotated[
        list[Role] | None,
        typer.Argument(metavar="ROLE...", help="viewer, analyst, senior, auditor, admin, producer."),
    ] = None,
    data: Data = DATA,
    database: Database = None,
    by: By = None,
) -> None:
    """Enter a person, or give one other roles; without roles they may do nothing from now on."""
    with opened(data, database) as store:
        person = store.staff.put(name, roles or (), administrator(by), time_ns())
    typer.echo(f"{person.name}: {', '.join(_roles(person)) or 'no roles'}")


@app.command()
def token(
    name: Name,
    days: Annotated[int, typer.Option("--days", min=1, max=3_650, help="How long it is valid.")] = 90,
    source: Annotated[
        str | None, typer.Option("--source", metavar="NAME", help="Only to hand in events of this source.")
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What it is for.")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it there, for you alone to read.")
    ] = None,
    data: Data = DATA,
    database: Database = None,
    by: By = None,
) -> None:
    """Make a token for a person. It is shown this once, and kept nowhere."""
    now = time_ns()
    with opened(data, database) as store:
        made, secret = store.staff.issue(
            name, administrator(by), now, now + days * DAY, source=source, note=note
        )
    if out is None:
        typer.echo(
            f"token {made.id} of {made.person}, valid for {days} days; it is shown this once:", err=True
        )
        typer.echo(secret)
        return
    from tapewarden.cli.writing import writing

    with writing(out, private=True) as file:
        file.write(f"{secret}\n".encode())
    typer.echo(f"token {made.id} of {made.person}, valid for {days} days, written to {out}")


@app.command()
def revoke(
    token_id: Annotated[str, typer.Argument(metavar="TOKEN", help="Its number, as `user list` shows it.")],
    data: Data = DATA,
    database: Database = None,
    by: By = None,
) -> None:
    """Take a token back; running servers know within a second."""
    with opened(data, database) as store:
        revoked = store.staff.revoke(token_id, administrator(by), time_ns())
    typer.echo(f"token {revoked.id} of {revoked.person} is revoked")


def _roles(person: Person) -> list[str]:
    return [role.value for role in Role if role in person.roles]


def _state(token: Token, now_ns: int) -> str:
    if token.revoked_ns is not None:
        return "revoked"
    return "valid" if token.is_valid(now_ns) else "ended"
