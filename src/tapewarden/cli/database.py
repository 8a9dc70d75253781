"""Options and help of commands that work in the database of a server, running or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tapewarden.domain.staff import Person, Role

if TYPE_CHECKING:
    from tapewarden.cases.store import Store

Database = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", envvar="TAPEWARDEN_DATABASE", help="Instead of --data."),
]
By = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Your name; that of your login if not given.")
]


@contextmanager
def opened(data: Path, database: str | None) -> Iterator[Store]:
    """The store in a folder, made if there is none, or at a URL."""
    from tapewarden.cases.place import database_url
    from tapewarden.cases.store import Store

    if database is None:
        data.mkdir(parents=True, exist_ok=True)
    store = Store.open(database or database_url(data))
    try:
        yield store
    finally:
        store.close()


def administrator(name: str | None) -> Person:
    """Whoever may write to the database administers it; the name is for the audit trail."""
    from getpass import getuser

    return Person(name or getuser(), frozenset({Role.ADMIN}))
